"""Input about evidence, and the choices for a chronology pack."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone

from core.clock import LONDON
from core.forms import DateInputsField, LongTextField, PortalForm
from core.uploads import OriginalsField
from incidents.concerns.redaction import FOR_WHOM, OWN
from incidents.concerns.services.evidence import (
    MOST_ADDRESS,
    MOST_NAME,
    MOST_PLACE,
    MOST_TEXT,
    MOST_TITLE,
)
from incidents.forms import FirstForm
from incidents.models import EvidenceKind, Part

MOST_FILES = 5


def _today() -> date:
    return timezone.localdate()


class CouldForm(PortalForm):
    """The question before anything is added (CBC-10.01, CBC-10.03; subtle 80, 82)."""

    could = forms.ChoiceField(
        label="Could it show an indecent image of a child?",
        help_text="A child is anybody under 18. A photo, a video, a drawing and a made-up image all count. "
        "So does an address that leads to one.",
        widget=forms.RadioSelect,
        choices=FirstForm.base_fields["could"].choices,
    )
    missing = FirstForm.missing
    heading = "could"


class EvidenceForm(PortalForm):
    """What it is, and the three facts that it needs: the time, the date and the place (CBC-11.04)."""

    could = forms.CharField(widget=forms.HiddenInput, initial="no")
    kind = forms.ChoiceField(
        label="What do you add?",
        widget=forms.RadioSelect,
        choices=[
            (EvidenceKind.FILE.value, "Screenshots, photographs or a PDF"),
            (EvidenceKind.TEXT.value, "Words, copied as they stand"),
            (EvidenceKind.LINK.value, "An address"),
        ],
    )
    files = OriginalsField(
        label="Files",
        most=MOST_FILES,
        help_text=f"JPEG, PNG, WebP, GIF, TIFF or PDF, 10 MB each, {MOST_FILES} at most. They are kept as they are.",
    )
    text = LongTextField(label="The words", max_length=MOST_TEXT, strip=False)
    address = forms.CharField(
        label="The address",
        help_text="Copied from the browser. It is kept as text: the portal never opens it.",
        max_length=MOST_ADDRESS,
    )
    title = forms.CharField(label="What does it show?", help_text="In a few words", max_length=MOST_TITLE)
    place = forms.CharField(
        label="Where was it seen?",
        help_text="The site, app, group or page. This is the place on the internet, not where you sat.",
        max_length=MOST_PLACE,
    )
    captured_on = DateInputsField(label="On which day was it captured?", latest=_today)
    captured_time = forms.TimeField(
        label="At what time?",
        help_text="For example 14:30. The time of the screenshot, not of today’s upload.",
        input_formats=["%H:%M", "%H.%M", "%H %M", "%H%M"],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"invalid": "Enter a time with hours and minutes, like 14:30"},
    )
    captured_by = forms.CharField(label="Who captured it?", help_text="Their name", max_length=MOST_NAME)

    missing = {
        "kind": "Choose what you add",
        "files": "Choose the files",
        "text": "Copy the words, as they stood there",
        "address": "Enter the address",
        "title": "Say in a few words what it shows",
        "place": "Enter the site, app or place where it was seen",
        "captured_on": "Enter the day on which it was captured",
        "captured_time": "Enter the time at which it was captured",
        "captured_by": "Enter the name of whoever captured it",
    }
    reveals = {
        "kind": {
            EvidenceKind.FILE: ["files"],
            EvidenceKind.TEXT: ["text"],
            EvidenceKind.LINK: ["address"],
        }
    }
    widths = {"captured_time": 5}

    @property
    def facts(self) -> dict[str, Any]:
        """Place, moment, person and title, as the services take them."""
        data = self.cleaned_data
        day: date = data["captured_on"]
        hour: time = data["captured_time"]
        return {
            "title": data["title"],
            "place": data["place"],
            "captured_by": data["captured_by"],
            "captured_at": datetime.combine(day, hour, LONDON),
        }


class PackForm(PortalForm):
    """For whom a pack is made, and what is left out of it. Nothing of it ever stands in an address."""

    whom = forms.ChoiceField(label="For whom is it?", widget=forms.RadioSelect, choices=FOR_WHOM)
    name = forms.CharField(
        label="Name of the person or body",
        required=False,
        max_length=150,
        help_text="As it stands on the cover",
    )
    reporter = forms.BooleanField(label="Leave out who reported it", required=False)
    people = forms.MultipleChoiceField(
        label="Whose names are left out?",
        help_text="Each is called “Person 1” and so on, everywhere, with their part in the case.",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    single_names = forms.BooleanField(
        label="Also replace first names and surnames that stand alone", required=False, initial=True
    )
    entries = forms.MultipleChoiceField(
        label="Which lines of the chronology are left out?",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    pictures = forms.BooleanField(
        label="Leave out the pictures of the evidence",
        help_text="They are not searched for names or faces. The list of evidence stays.",
        required=False,
    )
    missing = {"whom": "Choose for whom it is"}

    def __init__(
        self, *args: Any, parts: list[tuple[str, str]], lines: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("people", parts), ("entries", lines)):
            if choices:
                self.fields[name].choices = choices
            else:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """A body outside is named on the cover."""
        data = super().clean()
        if data.get("whom") not in ("", None, OWN) and not data.get("name", "").strip():
            self.add_error("name", "Enter the name of the person or body that it is for")
        return data


def label_of(part: Part) -> str:
    """A person of the case, as a box to tick."""
    return f"{part.shown} ({part.get_part_display().lower()})"
