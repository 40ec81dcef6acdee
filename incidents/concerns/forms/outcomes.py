"""Input of the steps that end a case, and of cases of a kind of their own."""

from datetime import date, timedelta
from typing import Any

from django import forms

from core.forms import DateInputsField, LongTextField, PortalForm
from incidents.concerns.forms.referrals import MOST_WORDS, YES_NO, long_ago, moment_of, time_field, today
from incidents.concerns.sanctions import Sanction
from incidents.concerns.services.outcomes import MOST_YEARS, How
from incidents.models import Concern, Hearing, Outcome, Part
from people.models import User


def _far_off() -> date:
    return today() + timedelta(days=20 * 366)


class SanctionForm(PortalForm):
    """A measure that somebody decided."""

    what = forms.ChoiceField(label="What was decided?", choices=[("", "Choose one"), *Sanction.choices])
    part = forms.ChoiceField(label="For whom?", required=False)
    words = LongTextField(label="What exactly, and why?", max_length=MOST_WORDS)
    decided_by = forms.ModelChoiceField(
        label="Who decided it?", queryset=User.objects.none(), to_field_name="uuid"
    )
    starts = DateInputsField(
        label="First day",
        help_text="If it begins on a day",
        earliest=long_ago,
        latest=_far_off,
        required=False,
    )
    ends = DateInputsField(
        label="Last day", help_text="If it ends on a day", earliest=long_ago, latest=_far_off, required=False
    )
    missing = {
        "what": "Choose what was decided",
        "words": "Say what was decided, and why",
        "decided_by": "Choose who decided it",
    }

    def __init__(self, *args: Any, parts: list[Part], people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts = {str(part.uuid): part for part in parts}
        whom = [(key, part.shown) for key, part in self.parts.items()]
        self.fields["part"].choices = [("", "Nobody in particular"), *whom]
        self.fields["decided_by"].queryset = people

    @property
    def whom(self) -> Part | None:
        """The chosen person of the case."""
        return self.parts.get(self.cleaned_data["part"])


class ParentsForm(PortalForm):
    """How and when parents were told."""

    how = forms.ChoiceField(label="How were the parents told?", widget=forms.RadioSelect, choices=How.choices)
    told_on = DateInputsField(
        label="On which day?",
        help_text="Leave the day and time empty if they are not told",
        earliest=long_ago,
        latest=today,
        required=False,
    )
    told_time = time_field()
    words = LongTextField(
        label="What was said", help_text="Or why they are not told", max_length=MOST_WORDS, required=False
    )
    missing = {
        "how": "Choose how the parents were told",
        "told_on": "Enter the day on which they were told",
        "told_time": "Enter the time at which they were told",
    }
    option_hints = {"how": {How.NOT_TOLD.value: "For example because it would put the child at risk"}}
    widths = {"told_time": 5}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["told_time"].required = False

    def clean(self) -> dict:
        """A day and a time are needed unless they are not told."""
        cleaned = super().clean()
        if cleaned.get("how") not in (None, "", How.NOT_TOLD.value):
            for name in ("told_on", "told_time"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, self.missing[name])
        return cleaned

    @property
    def when(self) -> Any:
        """The moment, as it is in London."""
        return moment_of(self.cleaned_data, "told_on", "told_time")


class CloseForm(PortalForm):
    """How a case ended."""

    outcome = forms.ChoiceField(label="How did it end?", widget=forms.RadioSelect, choices=Outcome.choices)
    reasons = LongTextField(label="Reasons", max_length=MOST_WORDS)
    refresh = forms.ChoiceField(
        label="Must training of pupils, staff or parents be refreshed because of it?",
        widget=forms.RadioSelect,
        choices=YES_NO,
    )
    missing = {
        "outcome": "Choose how the case ended",
        "reasons": "Give the reasons",
        "refresh": "Choose whether training must be refreshed",
    }
    inline = ("refresh",)
    option_hints = {
        "outcome": {
            Outcome.UNFOUNDED: "It is not held against anybody.",
            Outcome.MALICIOUS: "It is not held against anybody. Making it up may be a concern of its own.",
            Outcome.PASSED_ON: "The referral must be recorded.",
        }
    }


class KeepForm(PortalForm):
    """How much longer a record is kept."""

    years = forms.IntegerField(label="For how many years more is it kept?", min_value=1, max_value=MOST_YEARS)
    reason = LongTextField(label="Why?", max_length=MOST_WORDS)
    missing = {"years": "Enter the number of years", "reason": "Say why it is kept longer"}
    widths = {"years": 3}


class AwareForm(PortalForm):
    """Since when the school is aware of a breach."""

    aware_on = DateInputsField(
        label="On which day did the school become aware?", earliest=long_ago, latest=today
    )
    aware_time = time_field()
    missing = {"aware_on": "Enter the day", "aware_time": "Enter the time"}
    widths = {"aware_time": 5}


class BreachForm(PortalForm):
    """Whether a breach is reported."""

    report_it = forms.ChoiceField(
        label="Is it reported to the ICO?",
        help_text="It is, unless it is unlikely to put anybody’s rights and freedoms at risk.",
        widget=forms.RadioSelect,
        choices=YES_NO,
    )
    reasons = LongTextField(label="Reasons", max_length=MOST_WORDS)
    people_told = forms.ChoiceField(
        label="Are the people whose data it is told?",
        help_text="They are told where the risk to them is high.",
        widget=forms.RadioSelect,
        choices=[*YES_NO, ("open", "Not decided yet")],
    )
    missing = {
        "report_it": "Choose whether it is reported to the ICO",
        "reasons": "Give the reasons for the decision",
        "people_told": "Choose whether the people are told",
    }


class ReportedForm(PortalForm):
    """When a breach was reported."""

    reported_on = DateInputsField(label="On which day was it reported?", earliest=long_ago, latest=today)
    reported_time = time_field()
    ico_reference = forms.CharField(
        label="Reference of the ICO", help_text="If they gave one", max_length=80, required=False
    )
    missing = {"reported_on": "Enter the day", "reported_time": "Enter the time"}
    widths = {"reported_time": 5, "ico_reference": 20}


class HearingForm(PortalForm):
    """What one of the two parties says to a complaint."""

    party = forms.ChoiceField(
        label="For whom did you hear it?", widget=forms.RadioSelect, choices=Hearing.Party.choices
    )
    words = LongTextField(label="What was heard, and what do you think of it?", max_length=MOST_WORDS)
    missing = {
        "party": "Choose for whom you heard the complaint",
        "words": "Say what was heard and what you think of it",
    }


class AcknowledgeForm(PortalForm):
    """When a complaint was acknowledged."""

    acknowledged_on = DateInputsField(
        label="On which day was it acknowledged?", earliest=long_ago, latest=today
    )
    acknowledged_time = time_field()
    words = LongTextField(
        label="How, and what was said", help_text="If you wish", max_length=MOST_WORDS, required=False
    )
    missing = {"acknowledged_on": "Enter the day", "acknowledged_time": "Enter the time"}
    widths = {"acknowledged_time": 5}


def parts_for(concern: Concern) -> list[Part]:
    """Whose doing it is said to be: for whom a measure may be."""
    return list(
        concern.parts.filter(part="subject", mistaken_at=None).select_related("user", "pupil").order_by("pk")
    )
