"""Input of the steps about referrals, advice, the police, and how conduct is judged."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from core.clock import LONDON
from core.forms import DateInputsField, LongTextField, PortalForm
from incidents.concerns.selectors import excluded_from
from incidents.models import Body, Referral
from people.models import User
from people.selectors import people_at

MOST_WORDS = 6000
ME, COLLEAGUE, ELSE = "me", "colleague", "else"
YES_NO = [("yes", "Yes"), ("no", "No")]


def today() -> date:
    """Today in London."""
    return timezone.localdate()


def long_ago() -> date:
    """As far back as anything in a case may lie."""
    return today() - timedelta(days=20 * 366)


def time_field(label: str = "At what time?") -> forms.TimeField:
    """A time of the day in one box."""
    return forms.TimeField(
        label=label,
        help_text="For example 14:30",
        input_formats=["%H:%M", "%H.%M", "%H %M", "%H%M"],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"invalid": "Enter a time with hours and minutes, like 14:30"},
    )


def moment_of(cleaned: dict[str, Any], on: str, at: str) -> datetime | None:
    """A day and a time as they are in London."""
    day, hour = cleaned.get(on), cleaned.get(at)
    if day is None:
        return None
    return datetime.combine(day, hour or time(0), LONDON)


class ContactForm(PortalForm):
    """Who contacted a body, and when."""

    who = forms.ChoiceField(
        label="Who contacted them?",
        widget=forms.RadioSelect,
        choices=[(ME, "I did"), (COLLEAGUE, "A colleague"), (ELSE, "Somebody else")],
    )
    person = forms.ModelChoiceField(
        label="Which colleague?", queryset=User.objects.none(), to_field_name="uuid"
    )
    made_by = forms.CharField(label="Name", max_length=150)
    made_on = DateInputsField(label="On which day?", earliest=long_ago, latest=today)
    made_time = time_field()
    reference = forms.CharField(
        label="Their reference", help_text="If they gave one", max_length=80, required=False
    )
    emergency = forms.BooleanField(
        label="Police: it was an emergency, and somebody called 999", required=False
    )
    holds = forms.BooleanField(
        label="Nothing is decided against anybody before their answer has come",
        help_text="The case then waits for them.",
        required=False,
    )
    override = LongTextField(
        label="Why do you depart from the school’s rule?",
        help_text="Only where this page says that your school’s rule is another one",
        max_length=MOST_WORDS,
        rows=3,
        required=False,
    )
    missing = {
        "who": "Choose who contacted them",
        "person": "Choose the colleague",
        "made_by": "Enter the name of whoever contacted them",
        "made_on": "Enter the day on which they were contacted",
        "made_time": "Enter the time at which they were contacted",
    }
    reveals = {"who": {COLLEAGUE: ["person"], ELSE: ["made_by"]}}
    widths = {"made_time": 5, "reference": 20}

    def __init__(self, *args: Any, concern: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.fields["person"].queryset = people_at(concern.school).exclude(
            pk__in=[actor.pk, *excluded_from(concern)]
        )

    @property
    def contact(self) -> dict[str, Any]:
        """The answers as the services take them."""
        data = self.cleaned_data
        caller = {ME: self.actor, COLLEAGUE: data.get("person")}.get(data.get("who", ""))
        return {
            "made_at": moment_of(data, "made_on", "made_time"),
            "made_by": data.get("made_by") or "",
            "caller": caller,
            "reference": data.get("reference") or "",
            "holds": bool(data.get("holds")),
            "emergency": bool(data.get("emergency")),
            "override": data.get("override") or "",
        }


class ReferralForm(ContactForm):
    """To whom it is referred, and whether they were contacted."""

    body = forms.ChoiceField(label="To whom?", widget=forms.RadioSelect, choices=Body.choices)
    body_name = forms.CharField(label="Name of the body", max_length=150)
    contacted = forms.ChoiceField(
        label="Have they been contacted?",
        widget=forms.RadioSelect,
        choices=[("yes", "Yes"), ("no", "Not contacted")],
    )
    not_made_because = LongTextField(
        label="Why have they not been contacted?",
        help_text="For example: not yet, and when it will be done; or why it is not needed",
        max_length=300,
        rows=3,
    )
    field_order = ("body", "body_name", "contacted", "who")
    missing = {
        **ContactForm.missing,
        "body": "Choose to whom it is referred",
        "body_name": "Enter the name of the body",
        "contacted": "Choose whether they have been contacted",
        "not_made_because": "Say why they have not been contacted",
    }
    reveals = {
        **ContactForm.reveals,
        "body": {Body.OTHER: ["body_name"]},
        "contacted": {
            "yes": ["who", "made_on", "made_time", "reference", "emergency", "holds"],
            "no": ["not_made_because"],
        },
    }


class AdviceForm(PortalForm):
    """What a body advised."""

    advice = LongTextField(label="What did they advise?", max_length=MOST_WORDS, rows=8)
    suspend = forms.ChoiceField(
        label="Did they advise to suspend somebody?",
        help_text="The portal suspends nobody.",
        widget=forms.RadioSelect,
        choices=[("", "They did not say"), *YES_NO],
        required=False,
    )
    advised_on = DateInputsField(label="On which day did it come?", earliest=long_ago, latest=today)
    advised_time = time_field()
    reference = forms.CharField(
        label="Their reference", help_text="If it is new", max_length=80, required=False
    )
    missing = {
        "advice": "Write down what they advised",
        "advised_on": "Enter the day on which the advice came",
        "advised_time": "Enter the time at which the advice came",
    }
    widths = {"advised_time": 5, "reference": 20}

    def __init__(self, *args: Any, referral: Referral, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if referral.body not in (Body.LADO, Body.HR, Body.POLICE):
            del self.fields["suspend"]

    @property
    def advised_at(self) -> datetime | None:
        """The moment, as it is in London."""
        return moment_of(self.cleaned_data, "advised_on", "advised_time")

    @property
    def suspends(self) -> bool | None:
        """None: nothing was said about it."""
        return {"yes": True, "no": False}.get(self.cleaned_data.get("suspend", ""))


class OverrideForm(PortalForm):
    """Why somebody goes ahead before the advice has come."""

    reason = LongTextField(label="Why do you go ahead before their advice has come?", max_length=MOST_WORDS)
    missing = {"reason": "Say why you go ahead before the advice has come"}


class WishForm(PortalForm):
    """What an adult who is harmed wishes."""

    wants = forms.ChoiceField(
        label="Do they wish the police to be told?",
        widget=forms.RadioSelect,
        choices=[*YES_NO, ("open", "They have not decided yet")],
    )
    words = LongTextField(
        label="In their own words", help_text="If they said more", max_length=MOST_WORDS, required=False
    )
    missing = {"wants": "Choose what they wish"}

    @property
    def wants_police(self) -> bool | None:
        """None: not decided."""
        return {"yes": True, "no": False}.get(self.cleaned_data["wants"])


class ReasonsForm(PortalForm):
    """Reasons for a decision."""

    reasons = LongTextField(label="Reasons", max_length=MOST_WORDS)
    missing = {"reasons": "Give the reasons"}


class SpareForm(ReasonsForm):
    """Why a pupil is not reported as a criminal."""

    missing = {"reasons": "Say why this response is right for the pupil"}


class ConductForm(ReasonsForm):
    """Whether conduct may be illegal, or is unacceptable."""

    illegal = forms.ChoiceField(
        label="What is it?",
        widget=forms.RadioSelect,
        choices=[
            ("yes", "It may be illegal"),
            ("no", "It is unacceptable, but not illegal"),
        ],
    )
    field_order = ("illegal", "reasons")
    missing = {"illegal": "Choose whether it may be illegal", "reasons": "Say why"}
    option_hints = {
        "illegal": {
            "yes": "It goes to the police and to other bodies that it concerns.",
            "no": "The school deals with it inside.",
        }
    }
