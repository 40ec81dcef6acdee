"""Input of emergency access, duty cover and figures."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from core.forms import DateInputsField, LongTextField, PortalForm
from incidents.concerns.services.duty import may_be_on_duty
from incidents.concerns.services.glass import MOST_REASON
from people.models import School, User


def _today() -> date:
    return timezone.localdate()


class GlassForm(PortalForm):
    """Why emergency access is needed."""

    reason = LongTextField(
        label="Why do you need to read concerns now?",
        help_text="Colleagues who keep watch over this read it. Name nobody, and do not say what a case is about.",
        max_length=MOST_REASON,
    )
    missing = {"reason": "Say why you need to read concerns now"}


class DutyForm(PortalForm):
    """Who is on duty, from which day to which."""

    user = forms.ModelChoiceField(label="Who is on duty?", queryset=User.objects.none(), to_field_name="uuid")
    starts = DateInputsField(label="First day", earliest=_today)
    ends = DateInputsField(label="Last day", earliest=_today)
    missing = {
        "user": "Choose who is on duty",
        "starts": "Enter the first day",
        "ends": "Enter the last day",
    }

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = may_be_on_duty(school)
