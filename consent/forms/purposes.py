"""Input of the pages about what consent is asked for."""

from typing import Any

from django import forms

from consent.models import SOCIAL, Basis, Channel, Medium
from consent.services.purposes import Asked
from consent.terms import OPT_OUT, Terms
from core.forms import LongTextField, PortalForm
from core.models import Platform

LONGEST = 2000


class PurposeForm(PortalForm):
    """One more thing to ask about. What the school's profile closes is not offered."""

    medium = forms.ChoiceField(label="What is shown?", widget=forms.RadioSelect, choices=Medium.choices)
    channel = forms.ChoiceField(label="Where is it shown?", widget=forms.RadioSelect)
    platform = forms.ModelChoiceField(label="Which platform?", queryset=Platform.objects.order_by("name"))
    conditions = forms.MultipleChoiceField(
        label="Under which conditions?",
        help_text="Leave both empty if there are none.",
        widget=forms.CheckboxSelectMultiple,
        choices=[
            ("group_only", "Only in a group with other pupils"),
            ("no_first_name", "Without the first name beside it"),
        ],
        required=False,
    )
    basis = forms.ChoiceField(
        label="On what ground may pupils be shown?", widget=forms.RadioSelect, choices=Basis.choices
    )
    text = LongTextField(
        label="The words that people read",
        help_text="Leave this empty to use the portal's own words. You can change them later.",
        max_length=LONGEST,
        required=False,
    )
    missing = {
        "medium": "Choose what is shown",
        "channel": "Choose where it is shown",
        "platform": "Choose the platform",
        "basis": "Choose on what ground pupils may be shown",
    }
    reveals = {"channel": {Channel.PLATFORM: ["platform"]}}

    def __init__(self, *args: Any, terms: Terms, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channel"].choices = [
            (value, label) for value, label in Channel.choices if terms.publishes(value)
        ]
        if terms.model != OPT_OUT and all(one[0] in SOCIAL for one in self.fields["channel"].choices):
            self.fields["basis"].choices = [(Basis.CONSENT.value, Basis.CONSENT.label)]

    @property
    def asked(self) -> Asked:
        """What was chosen."""
        data = self.cleaned_data
        return Asked(
            medium=data["medium"],
            channel=data["channel"],
            platform=data["platform"],
            group_only="group_only" in data["conditions"],
            no_first_name="no_first_name" in data["conditions"],
            basis=data["basis"],
        )


class RewordForm(PortalForm):
    """New words for a purpose; `number` is the version that the person saw."""

    number = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=32000)
    text = LongTextField(label="The words that people read", max_length=LONGEST, rows=8)
    missing = {"text": "Enter the words that people read"}
