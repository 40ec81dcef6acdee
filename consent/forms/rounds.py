"""Input of the pages about rounds."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from consent.services.rounds import INTERVALS
from core.forms import DateInputsField, PortalForm

EVERY = {0: "Never by itself", 3: "Every 3 days", 7: "Every week", 14: "Every 2 weeks", 21: "Every 3 weeks"}
EVERY[28] = "Every 4 weeks"
FURTHEST = timedelta(days=366)
THIS, NEXT = "this", "next"


def _today() -> date:
    return timezone.localdate()


def _latest() -> date:
    return _today() + FURTHEST


class RoundForm(PortalForm):
    """Opening a round. `periods` are the academic years to choose from, in words; none: no year."""

    once = forms.UUIDField(widget=forms.HiddenInput)
    year = forms.ChoiceField(label="For which academic year do you ask?", widget=forms.RadioSelect)
    title = forms.CharField(
        label="Name of the round",
        help_text="For you and your colleagues. Parents do not see it.",
        max_length=80,
    )
    answer_by = DateInputsField(
        label="Until when should people answer?",
        help_text="An answer that comes later counts as well. Reminders stop two weeks after this day.",
        earliest=_today,
        latest=_latest,
    )
    remind_every = forms.TypedChoiceField(
        label="How often does the portal remind those who have not answered?",
        help_text="At most 5 times. You can also remind them yourself at any time.",
        widget=forms.RadioSelect,
        coerce=int,
        choices=[(days, EVERY[days]) for days in INTERVALS],
    )
    missing = {
        "year": "Choose the academic year",
        "title": "Enter a name for the round",
        "answer_by": "Enter the day until which people should answer",
        "remind_every": "Choose how often the portal reminds",
    }

    def __init__(self, *args: Any, periods: dict[str, str], hints: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.option_hints = {"year": hints}
        if periods:
            self.fields["year"].choices = list(periods.items())
        else:
            del self.fields["year"]
