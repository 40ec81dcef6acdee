"""A person's details, and deputies."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone

from core.forms import DateInputsField, PortalForm
from people.models import User


class FullName(PortalForm):
    """A corrected name."""

    full_name = forms.CharField(
        label="Full name", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    missing = {"full_name": "Enter the person’s full name"}


class SignInAddress(PortalForm):
    """A changed address."""

    email = forms.EmailField(
        label="New e-mail address", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    missing = {"email": "Enter the new e-mail address"}


class AppointDeputy(PortalForm):
    """Who signs for whom, and when. `people` are those for whom the actor may appoint."""

    person = forms.ChoiceField(label="For whom?")
    deputy = forms.ChoiceField(label="Who signs in their place?")
    starts = DateInputsField(label="First day", help_text="For example, 1 9 2026")
    ends = DateInputsField(label="Last day", earliest=timezone.localdate, help_text="A year later at most")
    reason = forms.CharField(
        label="Reason",
        max_length=200,
        required=False,
        help_text="Needed when you appoint a deputy for a colleague. Do not write details of an illness.",
    )
    missing = {"deputy": "Choose a deputy", "ends": "Enter the last day"}

    def __init__(
        self, *args: Any, actor: User, people: Iterable[User], deputies: Iterable[User], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.people = {str(row.uuid): row for row in people}
        self.deputies = {str(row.uuid): row for row in deputies}
        names = [(key, row.full_name) for key, row in self.deputies.items()]
        self.fields["deputy"].choices = [("", "Choose one"), *names]
        self.fields["starts"].initial = timezone.localdate()
        if set(self.people) == {str(actor.uuid)}:
            del self.fields["person"], self.fields["reason"]
            self.fields["deputy"].label = "Who signs in your place?"
            return
        words = [(key, self._named(row)) for key, row in self.people.items()]
        self.fields["person"].choices = words
        self.fields["person"].initial = str(actor.uuid)

    def _named(self, row: User) -> str:
        return f"Myself ({row.full_name})" if row.pk == self.actor.pk else row.full_name

    @property
    def appointment(self) -> dict[str, Any]:
        """What the service takes."""
        data = self.cleaned_data
        return {
            "person": self.people[data["person"]] if "person" in self.fields else self.actor,
            "deputy": self.deputies[data["deputy"]],
            "starts": data["starts"],
            "ends": data["ends"],
            "reason": data.get("reason", ""),
        }
