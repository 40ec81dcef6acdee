"""Input of the pages about assurance."""

from typing import Any

from django import forms
from django.utils import timezone

from core.forms import DateInputsField, FilterForm, LongTextField, PortalForm
from policies.assurance.services import MOST_WORDS
from policies.assurance.spans import words_of
from policies.terms import Span


class RemitForm(PortalForm):
    """The signature, and what stood on the page when it was opened."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    typed_name = forms.CharField(
        label="Your full name",
        help_text="Typed as it is on your account. This is your signature.",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    missing = {"typed_name": "Type your full name to sign"}


class RemitFilter(FilterForm):
    """Search and filters above the list of remits."""

    q = forms.CharField(label="School")
    state = forms.ChoiceField(
        label="Status",
        choices=[
            ("", "Any"),
            ("to_confirm", "To be confirmed, or due soon"),
            ("confirmed", "Confirmed"),
            ("remit_no_dsl", "Nobody is safeguarding lead"),
        ],
    )


class StatementForm(PortalForm):
    """What one role says in a term's report. `seen`: the statement that stood there."""

    seen = forms.UUIDField(widget=forms.HiddenInput, required=False)
    text = LongTextField(label="Your statement", max_length=MOST_WORDS, rows=12)
    missing = {"text": "Write the statement"}


class PresentedForm(PortalForm):
    """On which day the report was presented to the board."""

    seen = forms.UUIDField(widget=forms.HiddenInput, required=False)
    on = DateInputsField(label="When was it presented to the board?", latest=timezone.localdate)
    note = LongTextField(
        label="What the board said or asked for, or where the minutes are",
        max_length=2000,
        rows=4,
        required=False,
    )
    missing = {"on": "Enter the day on which it was presented"}


class TermFilter(FilterForm):
    """Which term."""

    term = forms.ChoiceField(label="Term")
    school = forms.ChoiceField(label="School")

    def __init__(self, *args: Any, terms: list[Span], places: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["term"].choices = [(f"{one.first:%Y-%m-%d}", words_of(one)) for one in terms]
        if len(places) > 1:
            self.fields["school"].choices = [(str(one.uuid), one.name) for one in places]
        else:
            del self.fields["school"]
