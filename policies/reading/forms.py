"""Input of the pages about reading."""

from collections.abc import Iterable
from typing import Any

from django import forms

from core.forms import FilterForm, PortalForm
from people.selectors import Place
from policies.models import DocumentKind, Version
from policies.reading.selectors import OTHERS


class ReadForm(PortalForm):
    """The tick. `seen` is the hash of what stands on the page."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    understood = forms.BooleanField()

    missing = {"understood": "Tick the box when you have read and understood it"}

    def __init__(self, *args: Any, statement: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["understood"].label = statement


class MineFilter(FilterForm):
    """Search and filters above one's own list."""

    q = forms.CharField(label="Title", max_length=100)
    state = forms.ChoiceField(
        label="Status",
        choices=[
            ("", "In force now"),
            ("not", "Still to read"),
            ("read", "Read and understood"),
            ("earlier", "Earlier versions that you read"),
        ],
    )


class OverviewFilter(FilterForm):
    """Search and filters above the list of documents and their readers."""

    q = forms.CharField(label="Title", max_length=100)
    kind = forms.ChoiceField(label="What it is", choices=[("", "Anything"), *DocumentKind.choices])
    school = forms.ChoiceField(label="School")

    def __init__(self, *args: Any, places: list[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "school", places)


class PeopleFilter(FilterForm):
    """Search and filters above the people who are asked to read a document."""

    q = forms.CharField(label="Name", max_length=100)
    state = forms.ChoiceField(
        label="Status",
        choices=[
            ("", "Everybody who is asked"),
            ("not", "Has not read it"),
            ("read", "Has read it"),
            (OTHERS, "Others who have read it, leavers among them"),
        ],
    )
    school = forms.ChoiceField(label="School")
    version = forms.ChoiceField(label="Version")

    def __init__(self, *args: Any, places: list[Place], versions: Iterable[Version], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "school", places)
        newest, *earlier = [(str(one.number), str(one.number)) for one in versions] or [("", "")]
        if earlier:
            self.fields["version"].choices = [("", f"{newest[1]} (the newest)"), *earlier]
        else:
            del self.fields["version"]


def _offer(form: FilterForm, name: str, places: list[Place]) -> None:
    """The schools to choose from, where there are several."""
    if len(places) > 1:
        form.fields[name].choices = [("", "All"), *((str(one.uuid), one.name) for one in places)]
    else:
        del form.fields[name]
