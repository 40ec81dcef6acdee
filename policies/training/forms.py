"""Input of the pages about training."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from core.forms import DateInputsField, FilterForm, LongTextField, PortalForm
from core.models import Platform
from core.uploads import FilesField
from people.models import User
from people.selectors import Place
from policies.education.law import PARENTS, PUPILS
from policies.models import Training
from policies.training.services import REFRESHABLE, What

MOST_SHOWN = 60
"""People who are not ticked yet, on one page of a tick list: a search finds the others."""
SEARCH = "search"


def _today() -> date:
    return timezone.localdate()


def school_choices(places: Iterable[Place]) -> list[tuple[str, str]]:
    """Schools for a filter."""
    return [("", "All"), *((str(one.uuid), one.name) for one in places)]


class WhatForm(PortalForm):
    """What was done: the same questions for one person and for a session."""

    once = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label="What kind of training was it?", choices=Training.choices, widget=forms.RadioSelect
    )
    platform = forms.ChoiceField(
        label="Which platform?", help_text="Leave it empty if it was about all of them", required=False
    )
    title = forms.CharField(
        label="What was it called?", help_text="For example: Safeguarding day, September", max_length=200
    )
    on = DateInputsField(label="On which day?", latest=_today)
    trainer = forms.CharField(
        label="Who gave it?", help_text="A name, or a body such as the council", max_length=150
    )
    until = DateInputsField(
        label="Last day on which it counts",
        help_text="Only if the certificate names one that is earlier than your school’s own rule",
        required=False,
    )
    missing = {
        "kind": "Choose what kind of training it was",
        "title": "Say what it was called",
        "on": "Enter the day on which it was held",
        "trainer": "Say who gave it",
    }
    reveals = {"kind": {Training.PLATFORM.value: ["platform"]}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.platforms = {one.slug: one for one in Platform.objects.order_by("name")}
        self.fields["platform"].choices = [
            ("", "All of them"),
            *((slug, one.name) for slug, one in self.platforms.items()),
        ]

    @property
    def what(self) -> What:
        """The answers as the services take them."""
        data = self.cleaned_data
        return What(
            data["kind"],
            data["title"],
            data["on"],
            data["trainer"],
            self.platforms.get(data["platform"]),
            data["until"],
            data.get("notes") or "",
        )


class RecordForm(WhatForm):
    """One person's training, at one of the schools where the asker may record it."""

    school = forms.ChoiceField(label="At which school?")
    files = FilesField(
        label="Evidence",
        help_text="A certificate, if there is one: a PDF or a picture of up to 10 MB. Nothing about a pupil.",
        most=1,
        required=False,
    )
    missing = {**WhatForm.missing, "school": "Choose the school"}

    def __init__(self, *args: Any, places: list[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school"].choices = [(str(one.uuid), one.name) for one in places]
        if len(places) == 1:
            self.fields["school"].initial = str(places[0].uuid)
            self.fields["school"].widget = forms.HiddenInput()


class PeopleForm(PortalForm):
    """People ticked in a list that a search narrows; who is ticked stays ticked and stays in sight."""

    q = forms.CharField(label="Find people by name", max_length=100, required=False)
    people = forms.MultipleChoiceField(
        label="Who was there?", widget=forms.CheckboxSelectMultiple, choices=[]
    )
    missing = {"people": "Tick at least one person who was there"}

    def _people(self, everybody: list[User]) -> None:
        """Show those who are ticked and those whom the search finds, up to `MOST_SHOWN`."""
        self.everybody = {str(one.uuid): one for one in everybody}
        ticked = set(self.ticked())
        words = str(self.data.get("q") or self.initial.get("q") or "").lower().split()
        found = [
            (key, one.full_name)
            for key, one in self.everybody.items()
            if key not in ticked and all(word in one.full_name.lower() for word in words)
        ]
        self.hidden_people = max(0, len(found) - MOST_SHOWN)
        shown = [(key, self.everybody[key].full_name) for key in self.everybody if key in ticked]
        self.fields["people"].choices = shown + found[:MOST_SHOWN]
        if self.hidden_people:
            self.fields["people"].help_text = f"{self.hidden_people} more: search for them by name."

    def ticked(self) -> list[str]:
        """The keys that were sent, or that stand at the beginning."""
        return list(
            self.data.getlist("people")
            if self.is_bound and hasattr(self.data, "getlist")
            else self.initial.get("people") or ()
        )

    @property
    def chosen_people(self) -> list[User]:
        """Those who were ticked."""
        return [self.everybody[key] for key in self.cleaned_data["people"]]


class SessionForm(WhatForm, PeopleForm):
    """A session and the people who were there."""

    notes = LongTextField(label="What it covered", max_length=2000, required=False, rows=3)
    missing = {**WhatForm.missing, **PeopleForm.missing}
    field_order = ["once", "kind", "platform", "title", "on", "trainer", "until", "notes", "q", "people"]

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._people(people)


class JoinForm(PeopleForm):
    """People who were at a session after all."""

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._people(people)


def searching(post: Any) -> dict[str, Any]:
    """What was typed so far, as the beginning of a form that is shown again for a search."""
    names = {key.rsplit("_", 1)[0] for key in post if key.endswith("_year")}
    days = {
        name: "-".join(post.get(f"{name}_{part}", "") for part in ("year", "month", "day")) for name in names
    }
    plain = {key: post.get(key) for key in post if key not in ("people", "csrfmiddlewaretoken")}
    return {
        **plain,
        **{name: day for name, day in days.items() if day != "--"},
        "people": post.getlist("people"),
    }


class TrainingWithdrawForm(PortalForm):
    """Why a record was a mistake."""

    reason = forms.CharField(
        label="What was wrong with it?", help_text="For example: the wrong person was ticked", max_length=300
    )
    missing = {"reason": "Say what was wrong with it"}


KIND_WORDS = {
    PUPILS: "What pupils are taught (one event in the calendar)",
    PARENTS: "What parents are told (one event in the calendar)",
}


class RefreshForm(PortalForm):
    """Which training is refreshed, why in general words, and by when."""

    once = forms.UUIDField(widget=forms.HiddenInput)
    kinds = forms.MultipleChoiceField(
        label="What is to be refreshed?",
        choices=[(str(kind.value), KIND_WORDS.get(kind, kind.label)) for kind in REFRESHABLE],
        widget=forms.CheckboxSelectMultiple,
    )
    reason = forms.CharField(
        label="Why, in general words?",
        help_text="Many people read this. Write nothing that could tell of a concern, a case or a person: “After "
        "a significant incident” is enough.",
        max_length=300,
    )
    due_on = DateInputsField(label="Last day", earliest=_today)
    missing = {
        "kinds": "Choose what is to be refreshed",
        "reason": "Say in general words why",
        "due_on": "Enter the last day",
    }


class CallOffForm(PortalForm):
    """Why a refresher is called off."""

    because = forms.CharField(label="Why is it called off?", max_length=300)
    missing = {"because": "Say why it is called off"}


class TrainingFileForm(PortalForm):
    """A CSV file."""

    once = forms.UUIDField(widget=forms.HiddenInput)
    file = forms.FileField(label="File", widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}))
    missing = {"file": "Choose a CSV file"}

    def clean_file(self) -> bytes:
        """Its bytes, and no more than may be read."""
        return self.cleaned_data["file"].read(5 * 1024 * 1024 + 1)


class DutyFilter(FilterForm):
    """Search and filters above the list of who owes what."""

    q = forms.CharField(label="Name", max_length=100)
    kind = forms.ChoiceField(label="Training", choices=[("", "Any"), *Training.choices])
    state = forms.ChoiceField(
        label="Status",
        choices=[("", "Any"), ("overdue", "Overdue"), ("due", "Due"), ("met", "Up to date")],
    )
    school = forms.ChoiceField(label="School")

    def __init__(self, *args: Any, places: list[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = places
        if len(places) > 1:
            self.fields["school"].choices = school_choices(places)
        else:
            del self.fields["school"]


class SessionFilter(FilterForm):
    """Search and filters above the list of sessions."""

    q = forms.CharField(label="Name or trainer", max_length=100)
    kind = forms.ChoiceField(label="Training", choices=[("", "Any"), *Training.choices])
    school = forms.ChoiceField(label="School")

    def __init__(self, *args: Any, places: list[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(places) > 1:
            self.fields["school"].choices = school_choices(places)
        else:
            del self.fields["school"]
