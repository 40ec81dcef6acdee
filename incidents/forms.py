"""Input of the pages about incidents. Nothing else that a browser sends has a place here."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from core.clock import LONDON
from core.formfields import AddressesField
from core.forms import DateInputsField, FilterForm, LongTextField, PortalForm
from incidents.models import About, Nature
from incidents.services.sending import MOST_WORDS, Whom
from people.models import School, User
from people.selectors import people_at

IMAGE = "image"
"""The nature that is none: it leads to the stop page, and what was typed is not taken over."""


def _today() -> date:
    return timezone.localdate()


def _a_year_ago() -> date:
    return _today() - timedelta(days=366)


class FirstForm(PortalForm):
    """The one question that comes before everything else (subtle 80)."""

    could = forms.ChoiceField(
        label="Could it be an indecent image of a child?",
        help_text="A child is anybody under 18. A photo, a video, a drawing and a made-up image all count.",
        widget=forms.RadioSelect,
        choices=[("yes", "Yes"), ("no", "No"), ("unsure", "I am not sure")],
    )
    missing = {"could": "Choose whether it could be an indecent image of a child"}
    heading = "could"


class WhomForm(PortalForm):
    """Whose doing it was, if known (STM-14.02). A colleague is chosen, never typed."""

    once = forms.UUIDField(widget=forms.HiddenInput)
    about = forms.ChoiceField(label="Who was it?", widget=forms.RadioSelect, choices=About.choices)
    pupil = forms.CharField(
        label="Name or class of the pupil", help_text="As much as you know", max_length=150
    )
    person = forms.ModelChoiceField(
        label="Which member of staff?", queryset=User.objects.none(), to_field_name="uuid"
    )
    other = forms.CharField(label="Who?", max_length=150)

    missing = {
        "about": "Choose who it was, or that you do not know",
        "pupil": "Enter the name or class of the pupil",
        "person": "Choose the member of staff",
        "other": "Say who it was",
    }
    reveals = {"about": {About.PUPIL: ["pupil"], About.STAFF: ["person"], About.OTHER: ["other"]}}
    option_hints = {
        "about": {
            About.HEAD: "The headteacher does not hear of this report.",
            About.STAFF: "The person whom you choose does not hear of this report.",
        }
    }

    def __init__(self, *args: Any, school: School, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people_at(school).exclude(pk=actor.pk)

    @property
    def whom(self) -> Whom:
        """The answers as the services take them."""
        data = self.cleaned_data
        words = data["pupil"] if data["about"] == About.PUPIL else data.get("other", "")
        return Whom(data["about"], words, data["person"])


class ReportForm(WhomForm):
    """The report of inappropriate content (STM-14.02 to 14.05); name and date come from the sign-in.

    The first question is part of it: whoever comes without an answer finds it at the top.
    """

    could = forms.ChoiceField(
        label=FirstForm.base_fields["could"].label,
        help_text=FirstForm.base_fields["could"].help_text,
        widget=forms.RadioSelect,
        choices=FirstForm.base_fields["could"].choices,
    )
    seen_on = DateInputsField(label="When was it seen?", earliest=_a_year_ago, latest=_today)
    addresses = AddressesField(
        label="Full addresses",
        help_text="One on each line, copied from the browser. Do not open the page again for it. "
        "The portal never opens them.",
    )
    nature = forms.ChoiceField(
        label="Nature of the content",
        choices=[("", "Choose one"), *Nature.choices, (IMAGE, "Indecent image of a child")],
    )
    words = LongTextField(
        label="What was seen, and how?",
        help_text="For example: which lesson or room, and what was on the screen",
        max_length=MOST_WORDS,
    )

    field_order = ("could",)
    missing = {
        **FirstForm.missing,
        **WhomForm.missing,
        "seen_on": "Enter the day on which it was seen",
        "addresses": "Enter the full address of each page",
        "nature": "Choose the nature of the content",
        "words": "Say what was seen",
    }
    counts = {"addresses": 0}

    def __init__(self, *args: Any, answered: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if answered:
            self.fields["could"].widget = forms.HiddenInput()
            self.initial["could"] = "no"


class ImageForm(WhomForm):
    """Who called the police, and when. There is no field for an address, a description or a file."""

    called = forms.ChoiceField(
        label="Have the police been called?",
        widget=forms.RadioSelect,
        choices=[("yes", "Yes"), ("no", "Not yet")],
    )
    called_by = forms.CharField(label="Who called them?", help_text="The person’s name", max_length=150)
    called_on = DateInputsField(label="On which day?", earliest=_a_year_ago, latest=_today)
    called_time = forms.TimeField(
        label="At what time?",
        help_text="For example 14:30",
        input_formats=["%H:%M", "%H.%M", "%H %M", "%H%M"],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"invalid": "Enter a time with hours and minutes, like 14:30"},
    )
    police_reference = forms.CharField(
        label="Reference that the police gave",
        help_text="Only the reference, if you have it",
        max_length=60,
        required=False,
    )
    not_called_because = forms.CharField(
        label="Why have the police not been called yet?",
        help_text="Do not describe the picture, and do not write where it is.",
        max_length=300,
    )

    field_order = (
        "once",
        "called",
        "called_by",
        "called_on",
        "called_time",
        "police_reference",
        "not_called_because",
        "about",
    )
    missing = {
        **WhomForm.missing,
        "called": "Choose whether the police have been called",
        "called_by": "Enter the name of whoever called the police",
        "called_on": "Enter the day of the call",
        "called_time": "Enter the time of the call",
        "not_called_because": "Say why the police have not been called yet",
    }
    reveals = {
        **WhomForm.reveals,
        "called": {
            "yes": ["called_by", "called_on", "called_time", "police_reference"],
            "no": ["not_called_because"],
        },
    }
    widths = {"called_time": 5, "police_reference": 20}

    @property
    def called_at(self) -> datetime | None:
        """The moment of the call, as it is in London."""
        day: date | None = self.cleaned_data["called_on"]
        hour: time | None = self.cleaned_data["called_time"]
        return datetime.combine(day, hour, LONDON) if day and hour else None


class BypassForm(WhomForm):
    """An attempt to get round the firewall: who, what and when (STM-9.04, BEC-4.27)."""

    happened_on = DateInputsField(label="When was it?", earliest=_a_year_ago, latest=_today)
    what = LongTextField(
        label="What happened?",
        help_text="What was tried, on which computer, and how it came to light",
        max_length=MOST_WORDS,
    )
    missing = {
        **WhomForm.missing,
        "about": "Choose whether it was a pupil or a member of staff",
        "happened_on": "Enter the day on which it happened",
        "what": "Say what happened",
    }
    reveals = {"about": {About.PUPIL: ["pupil"], About.STAFF: ["person"]}}
    option_hints = {"about": {About.STAFF: "The person whom you choose does not hear of this record."}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["other"]
        self.fields["about"].choices = [(one.value, one.label) for one in (About.PUPIL, About.STAFF)]


class TechnicianForm(PortalForm):
    """The technician's part (STM-14.06 to 14.09); name and date come from the sign-in."""

    action_taken = LongTextField(
        label="Action taken", help_text="What you did, and on which system", max_length=MOST_WORDS
    )
    blocked = forms.ChoiceField(
        label="Is the site blocked now?",
        help_text="Block it on the filter first. The portal cannot do that for you.",
        widget=forms.RadioSelect,
        choices=[("yes", "Yes"), ("no", "No")],
    )
    typed_name = forms.CharField(
        label="Sign with your full name",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    missing = {
        "action_taken": "Say what you did",
        "blocked": "Choose whether the site is blocked now",
        "typed_name": "Type your full name",
    }
    inline = ("blocked",)


class CloseForm(PortalForm):
    """How a report was dealt with."""

    note = LongTextField(label="How was it dealt with?", max_length=MOST_WORDS)
    missing = {"note": "Say how it was dealt with"}


class BanForm(PortalForm):
    """A ban from school computers, but for close supervision."""

    starts = DateInputsField(label="First day", earliest=_today)
    ends = DateInputsField(label="Last day", help_text="At most a year after the first", earliest=_today)
    supervision = LongTextField(
        label="Close supervision: by whom, and how?",
        help_text="The exception from the ban. For example: only in the library, beside Ms Kerr",
        max_length=MOST_WORDS,
    )
    missing = {
        "starts": "Enter the first day",
        "ends": "Enter the last day",
        "supervision": "Say by whom and how the person is supervised closely",
    }


class BanEndForm(PortalForm):
    """Why a ban ends early."""

    because = forms.CharField(label="Why does it end early?", max_length=300)
    missing = {"because": "Say why it ends early"}


class ReportFilter(FilterForm):
    """Filters above a list of reports. What they say is not searched."""

    kind = forms.ChoiceField(label="Nature")
    state = forms.ChoiceField(label="Status", choices=[("", "Any"), ("open", "Open"), ("closed", "Closed")])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [
            ("", "Any"),
            *Nature.choices,
            (IMAGE, "Possible indecent image of a child"),
        ]


class BypassFilter(FilterForm):
    """Filters above the list of attempts to get round the firewall."""

    about = forms.ChoiceField(
        label="Who",
        choices=[("", "Anybody"), (About.PUPIL.value, "Pupils"), (About.STAFF.value, "Staff")],
    )
    ban = forms.ChoiceField(
        label="Ban", choices=[("", "Any"), ("now", "In force"), ("none", "None set"), ("over", "Over")]
    )
