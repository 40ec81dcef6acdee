"""Input of the pages about security measures."""

from datetime import date, timedelta

from django import forms
from django.utils import timezone

from approvals.models import SecurityMeasure
from approvals.network.evidence_pages import SchoolFilter
from approvals.network.measures import FURTHEST_REVIEW
from core.forms import DateInputsField, LongTextField, PortalForm

LONGEST = 4000


def _tomorrow() -> date:
    return timezone.localdate() + timedelta(days=1)


def _latest_review() -> date:
    return timezone.localdate() + FURTHEST_REVIEW


def _review_day(label: str) -> DateInputsField:
    return DateInputsField(
        label=label,
        help_text="After today, at most two years away. IT is reminded two weeks before.",
        earliest=_tomorrow,
        latest=_latest_review,
    )


class MeasureFilter(SchoolFilter):
    """Search and filters above the register of measures."""

    q = forms.CharField(label="Search", max_length=100)
    status = forms.ChoiceField(
        label="Status",
        choices=[("", "In use"), *SecurityMeasure.Status.choices, ("all", "All")],
    )
    kind = forms.ChoiceField(label="Kind", choices=[("", "Any"), *SecurityMeasure.Kind.choices])
    review = forms.ChoiceField(
        label="Review",
        choices=[("", "Any"), ("due", "Due in two weeks, or overdue"), ("overdue", "Overdue")],
    )
    field_order = ("q", "school", "status", "kind", "review")


class DirectForm(PortalForm):
    """Directing a measure."""

    once = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label="What is it about?", choices=[("", "Choose one"), *SecurityMeasure.Kind.choices]
    )
    title = forms.CharField(label="The measure in a few words", max_length=150)
    details = LongTextField(
        label="What shall be done?",
        help_text="So that a technician can do it and somebody else can check it later. Please write no passwords here.",
        max_length=LONGEST,
    )
    review_on = _review_day("First review")
    missing = {
        "kind": "Choose what it is about",
        "title": "Enter the measure in a few words",
        "details": "Say what shall be done",
        "review_on": "Enter the day of the first review",
    }


class CarryOutForm(PortalForm):
    """It is in place."""

    done_on = DateInputsField(
        label="Since when is it in place?",
        help_text="This may be earlier than the day on which it was directed, if you had it already.",
        latest=timezone.localdate,
    )
    note = LongTextField(
        label="What was done?",
        help_text="What somebody who checks it should know. Please write no passwords here.",
        max_length=LONGEST,
    )
    missing = {"done_on": "Enter the day on which it was done", "note": "Say what was done"}


class ReviewForm(PortalForm):
    """One look at a measure."""

    once = forms.UUIDField(widget=forms.HiddenInput)
    found = LongTextField(
        label="What did you find, and what was updated?",
        help_text="Whether it still does what it is for; versions, lists and rules that were brought up to date.",
        max_length=LONGEST,
    )
    next_review_on = _review_day("Next review")
    missing = {
        "found": "Say what you found and what was updated",
        "next_review_on": "Enter the day of the next review",
    }


class WithdrawForm(PortalForm):
    """A measure is no longer used."""

    because = forms.CharField(label="Why is it no longer used?", max_length=300)
    missing = {"because": "Say why it is no longer used"}
