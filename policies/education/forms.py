"""Input of the pages about education."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from core.forms import DateInputsField, FilterForm, LongTextField, PortalForm
from core.uploads import FilesField
from people.selectors import Place
from policies.education.services import FURTHEST, MOST_PEOPLE, Plan
from policies.models import EducationEvent


def _today() -> date:
    return timezone.localdate()


def _earliest() -> date:
    return _today() - FURTHEST


def _latest() -> date:
    return _today() + FURTHEST


class PlanForm(PortalForm):
    """An event for pupils, parents or everybody."""

    once = forms.UUIDField(widget=forms.HiddenInput)
    audience = forms.ChoiceField(
        label="For whom is it?", choices=EducationEvent.Audience.choices, widget=forms.RadioSelect
    )
    medium = forms.ChoiceField(
        label="In which way?", choices=EducationEvent.Medium.choices, widget=forms.RadioSelect
    )
    title = forms.CharField(
        label="What is it about?",
        help_text="For example: What to do when somebody is unkind online",
        max_length=200,
    )
    for_whom = forms.CharField(label="Which year groups or classes?", max_length=200, required=False)
    led_by = forms.CharField(label="Who leads it?", max_length=150, required=False)
    on = DateInputsField(
        label="On which day?",
        help_text="A day in the past, if it was held already",
        earliest=_earliest,
        latest=_latest,
    )
    tell_staff = forms.BooleanField(label="Tell the staff now, so that they can take part", required=False)
    missing = {
        "audience": "Choose for whom it is",
        "medium": "Choose in which way",
        "title": "Say what it is about",
        "on": "Enter the day",
    }

    @property
    def plan(self) -> Plan:
        """The answers as the service takes them."""
        data = self.cleaned_data
        return Plan(
            data["audience"], data["medium"], data["title"], data["on"], data["for_whom"], data["led_by"]
        )


class HoldForm(PortalForm):
    """It was held: when, and with how many."""

    on = DateInputsField(label="On which day was it held?", earliest=_earliest, latest=_today)
    invited = forms.IntegerField(
        label="How many were invited?", min_value=0, max_value=MOST_PEOPLE, required=False
    )
    attended = forms.IntegerField(label="How many came?", min_value=0, max_value=MOST_PEOPLE, required=False)
    notes = LongTextField(
        label="What it covered, and what came of it",
        help_text="Name no pupil or parent.",
        max_length=2000,
        required=False,
    )
    missing = {"on": "Enter the day on which it was held"}
    widths = {"invited": 5, "attended": 5}


class OffForm(PortalForm):
    """Why it is called off."""

    because = forms.CharField(label="Why is it called off?", max_length=300)
    missing = {"because": "Say why it is called off"}


class ReopenForm(PortalForm):
    """Why it is opened again."""

    because = forms.CharField(
        label="Why is it opened again?",
        help_text="For example: It was recorded for the wrong day",
        max_length=300,
    )
    missing = {"because": "Say why it is opened again"}


class ResourceForm(PortalForm):
    """Material: what it is called, and the file where there is one."""

    title = forms.CharField(
        label="What is it called?",
        help_text="For example: Social Media Code of Conduct for Parents",
        max_length=200,
    )
    files = FilesField(
        label="The file",
        help_text="If you have it: a PDF or a picture of up to 10 MB, without a pupil in it",
        most=1,
        required=False,
    )
    missing = {"title": "Say what it is called"}


class EventFilter(FilterForm):
    """Which school and year, and what of it."""

    school = forms.ChoiceField(label="School")
    year = forms.ChoiceField(label="School year")
    term = forms.ChoiceField(label="Term")
    audience = forms.ChoiceField(
        label="For whom", choices=[("", "Anybody"), *EducationEvent.Audience.choices]
    )
    state = forms.ChoiceField(label="Status", choices=[("", "Any"), *EducationEvent.State.choices])
    q = forms.CharField(label="Words", max_length=100)

    def __init__(
        self,
        *args: Any,
        places: list[Place],
        years: list[tuple[str, str]],
        terms: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = years
        self.fields["term"].choices = [("", "The whole year"), *terms]
        if len(places) > 1:
            self.fields["school"].choices = [(str(one.uuid), one.name) for one in places]
        else:
            del self.fields["school"]
