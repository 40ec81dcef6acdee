"""Forms of the list of others who do not want to be shown."""

from django import forms
from django.utils import timezone

from consent.models import OtherPerson, Route
from core.forms import DateInputsField, FilterForm, PortalForm

ROUTES = [(route.value, route.label) for route in Route if route != Route.LINK]
NOW, BEFORE = "now", "before"


class OtherForm(PortalForm):
    """Somebody who is no pupil and does not want to be shown (RAV-9.03)."""

    who = forms.ChoiceField(label="Who is it?", widget=forms.RadioSelect, choices=OtherPerson.Who.choices)
    name = forms.CharField(label="Name", required=False, max_length=150)
    description = forms.CharField(
        label="How do colleagues recognise the person?",
        help_text="For example: runs the bookshop stall. Needed when you do not know the name.",
        required=False,
        max_length=300,
    )
    asked_on = DateInputsField(
        label="When did they ask?", help_text="For example, 1 9 2026", latest=timezone.localdate
    )
    route = forms.ChoiceField(label="How did they ask?", widget=forms.RadioSelect, choices=ROUTES)
    once = forms.UUIDField(widget=forms.HiddenInput)
    missing = {
        "who": "Choose who it is",
        "route": "Choose how they asked",
        "once": "This page is out of date. Open it again, then add the person",
    }

    def clean(self) -> dict:
        """A name, or words by which the person is recognised."""
        data = super().clean()
        if not (data.get("name") or data.get("description")) and "name" not in self.errors:
            self.add_error("name", "Enter a name, or how colleagues recognise the person")
        return data


class SelfForm(PortalForm):
    """One button: put me on the list."""

    once = forms.UUIDField(widget=forms.HiddenInput)
    missing = {"once": "This page is out of date. Open it again"}


class OtherFilter(FilterForm):
    """The search and filters above the list."""

    q = forms.CharField(label="Name or description", max_length=150)
    who = forms.ChoiceField(label="Who", choices=[("", "Everybody"), *OtherPerson.Who.choices])
    when = forms.ChoiceField(label="Which", choices=[("", "On the list now"), (BEFORE, "Taken off the list")])
