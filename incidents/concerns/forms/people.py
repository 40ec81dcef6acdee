"""Whom a report concerns: rows of people with their part in it, as many as are asked for."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.forms.utils import ErrorDict

from core.forms import PortalForm
from incidents.concerns.told import MOST_PEOPLE, Somebody
from incidents.models import PartIn, Sort
from people.models import School, User
from people.selectors import people_at

NOT_LISTED = "other"
NOT_NAMED = "Unknown"
"""How a member of staff stands in a case whose name is neither chosen nor typed."""
FEWEST_ROWS = 2
FIRST_PARTS = (PartIn.VICTIM, PartIn.SUBJECT)
QUESTIONS = ("Who was harmed, or is at risk?", "Whose doing is it said to be?")


class Colleagues:
    """The people of a school, read once for all the lists of a page."""

    def __init__(self, school: School, actor: User) -> None:
        self.by_id = {str(user.uuid): user for user in people_at(school)}
        self.choices = [
            ("", "Choose one"),
            *(
                (key, f"{user.full_name} (you)" if user.pk == actor.pk else user.full_name)
                for key, user in self.by_id.items()
            ),
            (NOT_LISTED, "Not on this list, or I do not know who"),
        ]


class SomebodyForm(PortalForm):
    """One person. What is asked for depends on what they are to the school; a name is never demanded."""

    part = forms.ChoiceField(
        label="What was their part in it?", choices=[("", "Choose one"), *PartIn.choices], required=False
    )
    sort = forms.ChoiceField(
        label="Who is it?", widget=forms.RadioSelect, choices=Sort.choices, required=False
    )
    pupil = forms.CharField(
        label="Name or class", help_text="As much as you know", max_length=150, required=False
    )
    person = forms.ChoiceField(label="Which member of staff?")
    staff = forms.CharField(
        label="Their name, if they are not on the list",
        help_text="For example a supply teacher",
        max_length=150,
        required=False,
    )
    parent = forms.CharField(label="Name, or whose parent", max_length=150, required=False)
    other = forms.CharField(label="Who?", help_text="As much as you know", max_length=150, required=False)
    unknown = forms.CharField(label="Anything that points to them", max_length=150, required=False)

    missing: ClassVar[Mapping[str, str]] = {
        "person": "Choose the member of staff, or that they are not on the list"
    }
    reveals: ClassVar[Mapping[str, Any]] = {
        "sort": {
            Sort.PUPIL: ["pupil"],
            Sort.STAFF: ["person", "staff"],
            Sort.PARENT: ["parent"],
            Sort.OTHER: ["other"],
            Sort.UNKNOWN: ["unknown"],
        }
    }

    def __init__(self, *args: Any, place: int, colleagues: Colleagues, **kwargs: Any) -> None:
        super().__init__(*args, prefix=f"p{place + 1}", **kwargs)
        self.place, self.colleagues = place, colleagues
        self.fields["person"].choices = colleagues.choices
        if place < FEWEST_ROWS:
            del self.fields["part"]
            self.fields["sort"].label = QUESTIONS[place]
        else:
            self.fields["part"].label = f"Person {place + 1}: what was their part in it?"
            self.fields["sort"].label = f"Person {place + 1}: who is it?"

    def clean(self) -> dict[str, Any]:
        """A further person has a part."""
        data = super().clean()
        if "part" in self.fields and data.get("sort") and not data.get("part"):
            self.add_error("part", "Choose what their part in it was")
        return data

    @property
    def somebody(self) -> Somebody | None:
        """The person as the services take them; None for a row that was left empty."""
        data = self.cleaned_data
        part = FIRST_PARTS[self.place] if self.place < FEWEST_ROWS else data.get("part")
        sort = data.get("sort") or (Sort.UNKNOWN if data.get("part") else "")
        if not sort:
            return None
        user = self.colleagues.by_id.get(data["person"]) if sort == Sort.STAFF else None
        field = {Sort.STAFF: "staff", Sort.HEAD: ""}.get(sort, sort)
        words = data[field] if field and user is None else ""
        if sort == Sort.STAFF and user is None:
            words = words or NOT_NAMED
        return Somebody(PartIn(part), Sort(sort), words, user)


class WithPeople(PortalForm):
    """A form with rows of people. A button adds a row without anything being judged or lost."""

    def __init__(
        self,
        *args: Any,
        school: School,
        actor: User,
        somebody: Mapping[int, Mapping[str, Any]] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.colleagues = Colleagues(school, actor)
        self.adding = self.is_bound and "add" in self.data
        wanted = self.data.get("rows", "") if self.is_bound else ""
        count = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 3 else FEWEST_ROWS
        typed = min(max(count, FEWEST_ROWS), MOST_PEOPLE)
        count = min(typed + self.adding, MOST_PEOPLE)
        self.rows = [
            SomebodyForm(
                self.data if self.is_bound and place < typed else None,
                place=place,
                colleagues=self.colleagues,
                initial=(somebody or {}).get(place),
            )
            for place in range(count)
        ]
        if self.adding:
            for form in (self, *self.rows):
                form._errors = ErrorDict()

    def is_valid(self) -> bool:
        """Whether the form and each row is right; each is asked, so that all errors show at once."""
        return all([super().is_valid(), *(row.is_valid() for row in self.rows)])

    @property
    def may_add(self) -> bool:
        """Whether there is room for one more."""
        return len(self.rows) < MOST_PEOPLE

    @property
    def people(self) -> tuple[Somebody, ...]:
        """Everybody who was named."""
        return tuple(somebody for row in self.rows if (somebody := row.somebody) is not None)
