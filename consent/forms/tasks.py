"""Forms of what waits for somebody."""

from django import forms

from consent.models import PostSearch
from core.forms import LongTextField, PortalForm


class SettleForm(PortalForm):
    """Whether somebody holds parental responsibility."""

    holds = forms.ChoiceField(
        label="Does this person hold parental responsibility for the pupil?",
        widget=forms.RadioSelect,
        choices=[("yes", "Yes: their answer counts"), ("no", "No: set their answer aside")],
    )
    words = LongTextField(
        label="How do you know?",
        help_text="For example: seen on the admission form. It is kept with the record.",
        required=False,
        max_length=500,
    )
    missing = {"holds": "Choose whether this person holds parental responsibility"}


class SearchForm(PortalForm):
    """What came of looking for earlier posts."""

    outcome = forms.ChoiceField(
        label="What did you find?", widget=forms.RadioSelect, choices=PostSearch.Outcome.choices
    )
    words = LongTextField(
        label="What was done, and why something was kept",
        help_text="Which posts, on which accounts, and what happened to each",
        required=False,
        max_length=2000,
    )
    missing = {"outcome": "Choose what you found"}

    def clean(self) -> dict:
        """What stays online needs a reason (CIT-7.13: wherever reasonably practicable)."""
        data = super().clean()
        kept = (PostSearch.Outcome.PARTLY, PostSearch.Outcome.KEPT)
        if data.get("outcome") in kept and not data.get("words"):
            self.add_error(
                "words", "Say which posts stay and why removing them is not reasonably practicable"
            )
        return data
