"""Input of the pages about laws and guidance."""

from typing import Any

from django import forms

from core.forms import DateInputsField, FilterForm, PortalForm
from policies.documents.guidance import FIRST_LAW, Edition, suggestions
from policies.models import Guidance, GuidanceEdition

NEW = "new"
MARK = "\u241f"


class EditionForm(PortalForm):
    """An edition, typed in full."""

    name = forms.CharField(label="Law or guidance", help_text="Its name without the edition", max_length=200)
    kind = forms.ChoiceField(label="What is it?", choices=Guidance.Kind.choices, widget=forms.RadioSelect)
    edition = forms.CharField(label="Edition", help_text="As it is printed, for example 2025", max_length=80)
    from_day = DateInputsField(label="In force from", earliest=FIRST_LAW)
    missing = {
        "name": "Enter the name of the law or guidance",
        "kind": "Choose whether it is a law, statutory guidance or other guidance",
        "edition": "Enter the edition, for example 2025",
        "from_day": "Enter the day from which it is in force",
    }
    widths = {"edition": 20}

    @property
    def typed(self) -> Edition:
        """As the service takes it."""
        data = self.cleaned_data
        return Edition(data["name"], data["kind"], data["edition"], data["from_day"])


class CitationForm(EditionForm):
    """An edition that a document cites: one that is known, one of the suggestions, or another."""

    which = forms.ChoiceField(
        label="What does the document cite?",
        help_text="The suggestions are a help to begin with. They may not be the newest edition.",
    )
    field_order = ("which", "name", "kind", "edition", "from_day")
    missing = {**EditionForm.missing, "which": "Choose what the document cites"}
    reveals = {"which": {NEW: ["name", "kind", "edition", "from_day"]}}

    def __init__(self, *args: Any, known: list[GuidanceEdition], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = {
            key(one.guidance.name, one.edition): Edition(
                one.guidance.name, one.guidance.kind, one.edition, one.from_day
            )
            for one in known
        }
        more = {
            key(one.name, one.edition): one for one in suggestions() if key(one.name, one.edition) not in here
        }
        self.offered = {**here, **more}
        groups = [("Recorded at your school or trust", here), ("Suggestions", more)]
        self.fields["which"].choices = [
            ("", "Choose one"),
            (NEW, "Something else"),
            *(
                (title, [(value, one.words) for value, one in found.items()])
                for title, found in groups
                if found
            ),
        ]

    @property
    def typed(self) -> Edition:
        """The chosen one, or what was typed."""
        return self.offered.get(self.cleaned_data["which"]) or super().typed


def key(name: str, edition: str) -> str:
    """The value of an edition in the list of choices."""
    return f"{name.casefold()}{MARK}{edition.casefold()}"


class GuidanceFilter(FilterForm):
    """Search and filters above the laws and guidance."""

    q = forms.CharField(label="Name")
    kind = forms.ChoiceField(label="Kind", choices=[("", "Any"), *Guidance.Kind.choices])
    cited = forms.ChoiceField(
        label="Cited",
        choices=[("", "Any"), ("older", "An older edition is cited"), ("yes", "Cited"), ("no", "Not cited")],
    )
