"""Forms of keeping the register: the flag, the review, erasing, and pupils whom a record names."""

from typing import Any

from django import forms
from django.utils import timezone

from consent.models import Pupil
from core.forms import FilterForm, LongTextField, PortalForm
from core.tables import date_text
from people.selectors import Place

EVERY = ("", "All")


class FlagForm(PortalForm):
    """Why a pupil must never be shown."""

    reason = LongTextField(
        label="Why must this pupil never be shown?",
        help_text="The DSL alone reads it. Staff see “Not to be used”, as for any other pupil; the office, the DPO and the headteacher can tell that consent is overridden, not why.",
        max_length=2000,
    )
    missing = {"reason": "Say why this pupil must never be shown"}


class LiftForm(PortalForm):
    """Why a pupil may be shown again."""

    reason = LongTextField(
        label="Why may this pupil be shown again?", help_text="The DSL alone reads it.", max_length=2000
    )
    missing = {"reason": "Say why the pupil may be shown again"}


class SchoolFilterMixin:
    """A filter by school, for people of several."""

    def add_schools(self, places: list[Place]) -> None:
        """Offer the schools where there is more than one."""
        if len(places) < 2:
            del self.fields["school"]
            return
        self.fields["school"].choices = [EVERY, *((str(one.uuid), one.name) for one in places)]


class FlagFilter(SchoolFilterMixin, FilterForm):
    """Above the list of flags."""

    q = forms.CharField(label="Name or class", max_length=100)
    show = forms.ChoiceField(label="Show", choices=[("", "In force"), ("lifted", "Lifted"), ("all", "All")])
    school = forms.ChoiceField(label="School")

    def __init__(self, *args: Any, places: list[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_schools(places)


class SignForm(PortalForm):
    """The keeper's signature under the figures that the page shows."""

    figures_hash = forms.CharField(widget=forms.HiddenInput, max_length=64)
    typed_name = forms.CharField(
        label="Your full name",
        help_text="Type it as it is on your account. It is your signature.",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    missing = {"typed_name": "Type your full name to sign"}
    widths = {"typed_name": 30}


class EraseForm(PortalForm):
    """Sure."""

    sure = forms.BooleanField(label="I have read what goes. It cannot be brought back.")
    missing = {"sure": "Tick that you have read what goes"}


class MentionForm(PortalForm):
    """A pupil by name; by class too where several have it."""

    name = forms.CharField(
        label="Full name of the pupil",
        help_text="First name and last name, as in the register",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    missing = {"name": "Enter the full name of the pupil"}
    widths = {"name": 30}

    def say_former(self) -> None:
        """Former pupils are found too."""
        name = self.fields["name"]
        name.help_text = f"{name.help_text}. Former pupils who are under 18 are found too."

    def offer(self, pupils: list[Pupil]) -> None:
        """Several pupils have the name: ask which one is meant."""
        today = timezone.localdate()
        self.fields["pupil"] = forms.ChoiceField(
            label="Which of them is meant?",
            widget=forms.RadioSelect,
            choices=[
                (
                    str(one.uuid),
                    f"{one.name}, {one.class_name or one.year_group or 'no class'}"
                    + (f", left on {date_text(one.leaves_on)}" if one.has_left(today) else ""),
                )
                for one in pupils
            ],
            error_messages={"required": "More than one pupil has this name. Choose which one is meant."},
        )


class SearchFilter(SchoolFilterMixin, FilterForm):
    """Above the list of earlier posts to look for."""

    q = forms.CharField(label="Name or class", max_length=100)
    show = forms.ChoiceField(label="Show", choices=[("", "All"), ("open", "To do"), ("done", "Done")])
    school = forms.ChoiceField(label="School")

    def __init__(self, *args: Any, places: list[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_schools(places)


class ReplyFilter(SchoolFilterMixin, FilterForm):
    """Above the answers that wait."""

    q = forms.CharField(label="Name or class", max_length=100)
    show = forms.ChoiceField(
        label="Show", choices=[("", "To be checked"), ("noted", "Noted, waiting for writing")]
    )
    school = forms.ChoiceField(label="School")

    def __init__(self, *args: Any, places: list[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_schools(places)
