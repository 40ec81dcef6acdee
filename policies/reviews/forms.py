"""Input of the pages about reviews."""

from typing import Any

from django import forms

from core.forms import DateInputsField, FilterForm, LongTextField, PortalForm
from people.selectors import Place
from policies.models import Review
from policies.reviews.content import EQUALITY, SignLine
from policies.reviews.services import MOST_BECAUSE, MOST_FINDINGS

DAY, NONE = "day", "none"
YES, NO = "yes", "no"


class StartForm(PortalForm):
    """Begin a review."""

    once = forms.UUIDField(widget=forms.HiddenInput)


class WriteForm(PortalForm):
    """What was found, what changes, and the next date."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    findings = LongTextField(
        label="What was looked at, and what was found",
        help_text="For example new platforms, new law or guidance, what went wrong since the last review.",
        max_length=MOST_FINDINGS,
        rows=8,
    )
    changes = forms.ChoiceField(label="Does the document change?", widget=forms.RadioSelect, choices=())
    next = forms.ChoiceField(
        label="When is the next review?",
        widget=forms.RadioSelect,
        choices=[(DAY, "By a day or a month"), (NONE, "No date is planned")],
    )
    next_on = DateInputsField(label="Next review", help_text="For example 23 9 2027")
    by_month = forms.BooleanField(
        label="The month counts, not the day",
        help_text="It is then due by the last day of that month.",
        required=False,
    )

    missing = {
        "findings": "Say what you looked at and what you found",
        "changes": "Choose whether the document changes",
        "next": "Choose when the next review is",
        "next_on": "Enter the day of the next review",
    }
    reveals = {"next": {DAY: ["next_on", "by_month"]}}
    counts = {"findings": MOST_FINDINGS}

    def __init__(self, *args: Any, draft: str, in_force: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["changes"]
        field.choices = [
            (
                YES,
                f"Yes: {draft} shall come into force"
                if draft
                else "Yes: a new version shall come into force",
            ),
            (NO, f"No: {in_force} stays" if in_force else "No"),
        ]
        if not draft:
            field.help_text = "To change it, first write the draft on the page of the document."


class SignForm(PortalForm):
    """A reviewer's signature. What was seen travels with it, hidden."""

    spec = forms.ChoiceField(label="You sign as", widget=forms.RadioSelect)
    declared = forms.BooleanField(label=EQUALITY, required=False)
    typed_name = forms.CharField(
        label="Sign with your full name",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    missing = {"spec": "Choose the role for which you sign", "typed_name": "Type your full name to sign"}

    def __init__(self, *args: Any, lines: list[SignLine], user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["spec"].choices = [(line.spec, line.title) for line in lines]
        if len(lines) == 1:
            self.fields["spec"].widget = forms.HiddenInput()
            self.initial["spec"] = lines[0].spec
        self.fields["typed_name"].help_text = f"Your name on your account: {user.full_name}"


class DropForm(PortalForm):
    """Why a review is given up."""

    because = forms.CharField(label="Why is it given up?", max_length=MOST_BECAUSE)
    missing = {"because": "Say why the review is given up"}


class ReviewFilter(FilterForm):
    """Search and filters above the list of reviews."""

    q = forms.CharField(label="Words of the title", max_length=100)
    state = forms.ChoiceField(label="Status", choices=[("", "Any"), *Review.State.choices])
    school = forms.ChoiceField(label="School")

    def __init__(self, *args: Any, places: list[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(places) > 1:
            self.fields["school"].choices = [("", "All"), *((str(one.uuid), one.name) for one in places)]
        else:
            del self.fields["school"]
