"""Input of the pages about blocked sites and the Wi-Fi."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from approvals.models import ForWhom, Stage, UnblockRequest
from core.formfields import AddressesField
from core.forms import DateInputsField, FilterForm, LongTextField, PortalForm

LONGEST = 4000
FURTHEST = timedelta(days=366)
TEACHING = "For example: Year 9 history, two lessons on the First World War"


def _today() -> date:
    return timezone.localdate()


def _latest() -> date:
    return _today() + FURTHEST


def _for_whom(choices: list[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(label="For whom?", widget=forms.RadioSelect, choices=choices)


def _who_in_words() -> forms.CharField:
    return forms.CharField(
        label="Which ones?",
        help_text="For example 9B, or Year 6. Please name no pupils.",
        max_length=200,
        required=False,
    )


class UnblockForm(PortalForm):
    """The request for access to blocked content (STM-13.01 to 13.06); name and date come from the sign-in."""

    once = forms.UUIDField(widget=forms.HiddenInput)
    addresses = AddressesField(
        label="Full addresses",
        help_text="One on each line, copied from the browser. The portal never opens them.",
    )
    category = forms.ChoiceField(
        label="What kind of site is it?", choices=[("", "Choose one"), *UnblockRequest.Category.choices]
    )
    site_content = LongTextField(
        label="What does the site contain?",
        help_text="What you would find there, the good and the bad",
        max_length=LONGEST,
    )
    why = forms.ChoiceField(
        label="Why should it be opened?", widget=forms.RadioSelect, choices=UnblockRequest.Why.choices
    )
    reasons = LongTextField(label="What do you need it for?", help_text=TEACHING, max_length=LONGEST)
    risks = LongTextField(
        label="What risks do you see, and how will you keep them small?",
        help_text="For example: adverts beside the videos; I open the page myself and pupils watch on the board",
        max_length=LONGEST,
    )
    for_whom = _for_whom(ForWhom.choices)
    who_in_words = _who_in_words()
    until = DateInputsField(
        label="Last day",
        help_text="At most a year away. Special permission needs one. Leave it empty if the site should never have been blocked.",
        required=False,
        earliest=_today,
        latest=_latest,
    )

    missing = {
        "addresses": "Enter the full address of each site",
        "category": "Choose what kind of site it is",
        "site_content": "Say what the site contains",
        "why": "Choose why it should be opened",
        "reasons": "Give your reasons for access",
        "risks": "Say what risks you see and how you will keep them small",
        "for_whom": "Choose for whom it should be opened",
    }
    counts = {"addresses": 0}
    option_hints = {
        "why": {
            UnblockRequest.Why.MISTAKE: "Nothing on it is unsuitable; the filter is wrong.",
            UnblockRequest.Why.PERMISSION: "It is blocked on purpose, and I need it for a time.",
        }
    }


class WifiForm(PortalForm):
    """Pupils on social media over the school's Wi-Fi (CIT-6.02, STM-6.02)."""

    once = forms.UUIDField(widget=forms.HiddenInput)
    for_whom = _for_whom([(one.value, one.label) for one in (ForWhom.CLASS, ForWhom.YEAR, ForWhom.PUPILS)])
    who_in_words = _who_in_words()
    platforms = forms.CharField(
        label="Which social media?", help_text="For example Instagram and YouTube", max_length=300
    )
    reasons = LongTextField(label="What for?", help_text=TEACHING, max_length=LONGEST)
    supervision = LongTextField(
        label="How are pupils supervised?",
        help_text="Who is with them, and what they see of the screens",
        max_length=LONGEST,
    )
    until = DateInputsField(
        label="Last day", help_text="At most a year away", earliest=_today, latest=_latest
    )

    missing = {
        "for_whom": "Choose for which pupils",
        "platforms": "Say which social media",
        "reasons": "Say what it is for",
        "supervision": "Say how pupils are supervised",
        "until": "Enter the last day",
    }


class OpeningFilter(FilterForm):
    """Search and filters above a list of requests about the network."""

    q = forms.CharField(label="Search", max_length=100)
    stage = forms.ChoiceField(label="Status", choices=[("", "Any"), *Stage.choices])
    whose = forms.ChoiceField(label="Whose", choices=[("", "All that I may see"), ("mine", "Mine")])


class NoteForm(PortalForm):
    """A technical view for whoever decides."""

    once = forms.UUIDField(widget=forms.HiddenInput)
    text = LongTextField(
        label="Your technical view",
        help_text="What the filter says about the site, and what opening it would mean. Whoever decides reads it.",
        max_length=LONGEST,
    )
    missing = {"text": "Write what whoever decides should know"}


class OpenedForm(PortalForm):
    """It is open now."""

    note = LongTextField(
        label="What did you do?",
        help_text="For example: allowed for the pupils of 9B only",
        max_length=LONGEST,
        required=False,
    )


class BecauseForm(PortalForm):
    """Why access ends now."""

    because = forms.CharField(label="Why does it end now?", max_length=300)
    missing = {"because": "Say why it ends now"}


class OutsideForm(PortalForm):
    """The IT provider's answer, without an account: who answers, and what."""

    once = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(
        label="Your name", max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    text = LongTextField(label="Your answer", max_length=LONGEST)
    missing = {"name": "Enter your name", "text": "Write your answer"}

    def __init__(self, *args: Any, label: str, hint: str, required: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        text = self.fields["text"]
        text.label, text.help_text, text.required = label, hint, required
