"""Input of the steps on a case."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from core.clock import LONDON
from core.forms import DateInputsField, FilterForm, LongTextField, PortalForm
from incidents.models import Action, Category, Concern, Right, Urgency, Waiting
from people.models import User
from people.selectors import Place

MOST_WORDS = 6000
SOMETHING_ELSE = "other"
BY_REFERENCE = "reference"


def _today() -> date:
    return timezone.localdate()


def _in_a_year() -> date:
    return _today() + timedelta(days=365)


def _long_ago() -> date:
    return _today() - timedelta(days=20 * 366)


class BoardFilter(FilterForm):
    """Search and filters above the board. What was written in a case is not searched."""

    show = forms.CharField(widget=forms.HiddenInput)
    q = forms.CharField(label="Reference or name", max_length=80)
    category = forms.ChoiceField(label="Category", choices=[("", "Any"), *Category.choices])
    waiting = forms.ChoiceField(
        label="Waiting for", choices=[("", "Anybody or nobody"), *(one for one in Waiting.choices if one[0])]
    )
    school = forms.ChoiceField(label="School")

    def __init__(self, *args: Any, places: list[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(places) > 1:
            self.fields["school"].choices = [("", "All"), *((str(one.uuid), one.name) for one in places)]
        else:
            del self.fields["school"]

    @property
    def chosen(self) -> dict[str, Any]:
        """The filters in force; which tab is shown is none of them."""
        return {name: value for name, value in super().chosen.items() if name != "show"}


class NoteForm(PortalForm):
    """A note, with the time of what it tells if that was earlier."""

    text = LongTextField(
        label="What is there to note?",
        help_text="Facts, in plain words. A note is never edited: a mistake is corrected by a further note.",
        max_length=MOST_WORDS,
        rows=8,
    )
    happened_on = DateInputsField(
        label="Day on which it happened",
        help_text="Only if it was not just now",
        earliest=_long_ago,
        latest=_today,
        required=False,
    )
    happened_time = forms.TimeField(
        label="Time",
        help_text="For example 14:30",
        input_formats=["%H:%M", "%H.%M", "%H %M", "%H%M"],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"invalid": "Enter a time with hours and minutes, like 14:30"},
        required=False,
    )
    missing = {"text": "Write the note"}
    widths = {"happened_time": 5}

    def clean(self) -> dict:
        """A time needs its day."""
        cleaned = super().clean()
        if (
            cleaned.get("happened_time")
            and not cleaned.get("happened_on")
            and "happened_on" not in self.errors
        ):
            self.add_error("happened_on", "Enter the day as well as the time")
        return cleaned

    @property
    def happened_at(self) -> datetime | None:
        """The moment in London; midday where only the day is known."""
        day: date | None = self.cleaned_data["happened_on"]
        if day is None:
            return None
        at: time = self.cleaned_data["happened_time"] or time(0)
        return datetime.combine(day, at, LONDON)


class CorrectionForm(NoteForm):
    """The correction of an earlier line."""

    missing = {"text": "Write what is right"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = "What is right?"
        self.fields["text"].help_text = "The earlier line stays as it is. Yours stands beside it."


class OfReaders(PortalForm):
    """A form that offers people by name. `people` are those who can be chosen, and nobody else."""

    person_field = "user"

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[self.person_field].queryset = people


class AssignForm(OfReaders):
    """Who handles the case."""

    user = forms.ModelChoiceField(
        label="Who handles the case?",
        help_text="Only people who may read it can be chosen. Share it first with somebody else.",
        queryset=User.objects.none(),
        to_field_name="uuid",
    )
    missing = {"user": "Choose who handles the case"}


class ShareForm(OfReaders):
    """One colleague, what they may do, why, and until when."""

    user = forms.ModelChoiceField(label="With whom?", queryset=User.objects.none(), to_field_name="uuid")
    right = forms.ChoiceField(
        label="What may they do?", widget=forms.RadioSelect, choices=Right.choices, initial=Right.READ
    )
    reason = forms.CharField(label="Why do they need to know?", max_length=300)
    until = DateInputsField(
        label="Until which day?",
        help_text="The last day on which they may read it, within a year",
        earliest=_today,
        latest=_in_a_year,
    )
    missing = {
        "user": "Choose with whom you share it",
        "right": "Choose what they may do",
        "reason": "Say why they need to know",
        "until": "Enter the last day",
    }
    option_hints = {"right": {Right.HANDLE: "Triage, actions, referrals, decisions, and closing it"}}


class ReasonForm(PortalForm):
    """One reason, in a few words. `label` and `missing_words` say which."""

    reason = forms.CharField(label="Why?", max_length=300)
    missing = {"reason": "Say why"}


class RecuseForm(ReasonForm):
    """Why a recipient stands back."""

    missing = {"reason": "Say why you stand back"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = "Why do you stand back?"
        self.fields["reason"].help_text = "For example: you are related to somebody whom it concerns"


class ImageMarkForm(ReasonForm):
    """Why an indecent image may be involved; there is no place for a description."""

    missing = {"reason": "Say in a few words why, without describing the picture"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = "Why do you think so?"
        self.fields["reason"].help_text = "Do not describe the picture, and do not write where it is."


class ClassifyForm(PortalForm):
    """What it is about, and how urgent it is."""

    category = forms.ChoiceField(label="Category", choices=Category.choices)
    urgency = forms.ChoiceField(label="How urgent is it?", widget=forms.RadioSelect, choices=Urgency.choices)
    reason = forms.CharField(label="Why do you change it?", max_length=300)
    missing = {"reason": "Say why you change it"}
    inline = ("urgency",)


class WaitForm(PortalForm):
    """For whose answer the case waits."""

    waiting_for = forms.ChoiceField(
        label="For whom does the case wait?",
        widget=forms.RadioSelect,
        choices=[(key or "nobody", words) for key, words in Waiting.choices],
    )
    missing = {"waiting_for": "Choose for whom the case waits"}
    heading = "waiting_for"

    @property
    def waiting(self) -> str:
        """As the service takes it."""
        value = self.cleaned_data["waiting_for"]
        return "" if value == "nobody" else value


class PolicyForm(PortalForm):
    """Under which policy the case is handled, and which clauses were breached."""

    policy = forms.ChoiceField(label="Which policy governs the case?", widget=forms.RadioSelect)
    other = forms.CharField(label="Name of the policy", max_length=200)
    clauses = forms.CharField(
        label="Clauses of the social media policy that were breached",
        help_text="Their references, such as STM-8.06, with a comma or a blank between them",
        max_length=600,
        required=False,
    )
    missing = {"policy": "Choose the policy", "other": "Enter the name of the policy"}
    reveals = {"policy": {SOMETHING_ELSE: ["other"]}}

    def __init__(self, *args: Any, policies: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["policy"].choices = [
            *((name, name) for name in policies),
            (SOMETHING_ELSE, "Another policy"),
        ]

    @property
    def given(self) -> dict[str, Any]:
        """As the service takes it."""
        data = self.cleaned_data
        return {
            "governed_by": data["other"] if data["policy"] == SOMETHING_ELSE else data["policy"],
            "clauses": data["clauses"].replace(",", " ").replace(";", " ").split(),
        }


class ReferenceForm(PortalForm):
    """The reference in the school's child protection system."""

    reference = forms.CharField(label="Reference", max_length=80)
    missing = {"reference": "Enter the reference"}
    widths = {"reference": 20}


class DecisionForm(PortalForm):
    """A decision, and why."""

    decision = LongTextField(label="What was decided?", max_length=2000, rows=3)
    reasons = LongTextField(label="For what reasons?", max_length=3900)
    missing = {"decision": "Say what was decided", "reasons": "Give the reasons"}


class ActionForm(OfReaders):
    """Something to do, by whom and until when."""

    person_field = "owner"
    text = forms.CharField(label="What is to be done?", max_length=500)
    owner = forms.ModelChoiceField(
        label="Who does it?",
        help_text="Only people who may read the case can be chosen.",
        queryset=User.objects.none(),
        to_field_name="uuid",
    )
    due_on = DateInputsField(label="Until which day?", earliest=_today, latest=_in_a_year)
    missing = {
        "text": "Say what is to be done",
        "owner": "Choose who does it",
        "due_on": "Enter the day until which it is to be done",
    }


class ActionChangeForm(ActionForm):
    """Another owner or another day."""

    def __init__(self, *args: Any, action: Action, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["text"]
        # A day that has gone by may stay as it is; a new one may not lie there (the service asks).
        self.fields["due_on"].earliest = min(_today(), timezone.localdate(action.due_at))


class DoneForm(PortalForm):
    """What came of an action."""

    note = LongTextField(label="What came of it?", max_length=2000, rows=3, required=False)


class LinkForm(PortalForm):
    """Which other case, and why."""

    which = forms.ChoiceField(label="Which case?", widget=forms.RadioSelect)
    reference = forms.CharField(
        label="Reference of the other case", help_text="For example C-7KX2M9P", max_length=12
    )
    because = forms.CharField(label="Why do they belong together?", max_length=300)
    missing = {
        "which": "Choose the case, or enter its reference",
        "reference": "Enter the reference of the other case",
        "because": "Say why they belong together",
    }
    widths = {"reference": 10}

    def __init__(self, *args: Any, near: Iterable[Concern], **kwargs: Any) -> None:
        self.near = {str(one.uuid): one for one in near}
        if self.near:
            self.reveals = {"which": {BY_REFERENCE: ["reference"]}}
        super().__init__(*args, **kwargs)
        if self.near:
            self.fields["which"].choices = [
                *((key, f"{one}, {one.get_category_display()}") for key, one in self.near.items()),
                (BY_REFERENCE, "Another case, by its reference"),
            ]
        else:
            del self.fields["which"]
