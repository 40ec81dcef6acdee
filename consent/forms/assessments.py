"""Input of the pages about the eighteenth birthday."""

from django import forms
from django.utils import timezone

from core.forms import DateInputsField, FilterForm, LongTextField, PortalForm

LONGEST = 4000
UNDERSTANDS, NOT = "yes", "no"


class AssessmentForm(PortalForm):
    """Whether a pupil understands what they consent to."""

    competent = forms.ChoiceField(
        label="Does the pupil understand what they consent to?",
        widget=forms.RadioSelect,
        choices=[
            (UNDERSTANDS, "Yes: from the eighteenth birthday on the pupil answers"),
            (NOT, "No: whoever holds parental responsibility goes on answering"),
        ],
    )
    assessed_on = DateInputsField(
        label="When was this assessed?",
        help_text="At the earliest 90 days before the eighteenth birthday.",
        latest=timezone.localdate,
    )
    words = LongTextField(
        label="On what does it rest?",
        help_text="Who spoke with the pupil, and what was found. Only those who assess pupils read this.",
        max_length=LONGEST,
    )
    missing = {
        "competent": "Choose whether the pupil understands",
        "assessed_on": "Enter the day of the assessment",
        "words": "Say on what the assessment rests",
    }


class AssessmentFilter(FilterForm):
    """Search and filters above the list of pupils who turn 18."""

    q = forms.CharField(label="Name", max_length=100)
    state = forms.ChoiceField(
        label="Assessment",
        choices=[("", "Any"), ("missing", "To be assessed"), ("done", "Assessed")],
    )
