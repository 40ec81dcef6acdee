"""Forms of bringing pupils in."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from consent.importing.cells import MOST_AHEAD, BadCell, upn_of, year_of
from consent.importing.columns import GROUPS, PART_LABELS, PUPIL_LABELS, contact_field
from consent.models import Responsibility
from consent.services.imports import KEEP, LEAVE_OUT, LEAVER, MOST_BYTES, NEW
from core.forms import DateInputsField, PortalForm

LEAVE = "Leave out"
OFF = forms.TextInput(attrs={"autocomplete": "off"})


class ImportForm(PortalForm):
    """A file of pupils."""

    once = forms.UUIDField(widget=forms.HiddenInput)
    school = forms.UUIDField(widget=forms.HiddenInput, required=False)
    file = forms.FileField(
        label="CSV file",
        help_text="Saved from your school’s information system as CSV. Up to 100,000 rows and 40 MB.",
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )
    whole = forms.ChoiceField(
        label="Who is in the file?",
        widget=forms.RadioSelect,
        choices=[
            ("whole", "Every pupil of the school: whoever is not in it is shown to me as a possible leaver"),
            ("some", "Some pupils, or contacts alone: nobody else is touched"),
        ],
    )
    missing = {"file": "Choose the file", "whole": "Choose who is in the file"}

    def clean_file(self) -> Any:
        """The upload, if it is not too large to read."""
        upload = self.cleaned_data["file"]
        if upload.size > MOST_BYTES:
            raise ValidationError("The file is larger than 40 MB. Split it into smaller files")
        return upload


def field_choices() -> list[tuple[str, Any]]:
    """Every field, in groups, after "Leave out"."""
    groups: list[tuple[str, Any]] = [("", LEAVE), ("The pupil", list(PUPIL_LABELS.items()))]
    for group in GROUPS:
        title = f"Contact {group}" if group else "A contact: one in a row"
        groups.append(
            (
                title,
                [
                    (contact_field(group, part), f"{f'Contact {group}' if group else 'Contact'}: {words}")
                    for part, words in PART_LABELS.items()
                ],
            )
        )
    return groups


class ColumnsForm(PortalForm):
    """What each heading of a file is. The field of the n-th heading is `column_n`."""

    mark_optional = False

    def __init__(
        self,
        *args: Any,
        headings: Sequence[str],
        mapping: Mapping[str, str],
        samples: Mapping[str, Sequence[str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.headings = list(headings)
        choices = field_choices()
        for place, heading in enumerate(self.headings):
            seen = [text if len(text) <= 40 else f"{text[:39]}…" for text in samples.get(heading, ()) if text]
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=heading,
                help_text=f"For example: {'; '.join(seen)}" if seen else "Empty in the first rows",
                required=False,
                choices=choices,
                initial=mapping.get(heading, ""),
            )

    @property
    def mapping(self) -> dict[str, str]:
        """The field of each heading, "" where it is left out."""
        return {
            heading: self.cleaned_data.get(f"column_{place}", "")
            for place, heading in enumerate(self.headings)
        }


class AcceptForm(PortalForm):
    """Accept what a review shows."""

    missing_pupils = forms.ChoiceField(
        label="What about the pupils who are not in the file?",
        widget=forms.RadioSelect,
        choices=[
            (LEAVER, "They have left, but for those whom I have kept"),
            (KEEP, "Keep them all at the school"),
        ],
    )
    leavers_typed = forms.IntegerField(
        help_text="This is a large part of the school. Check that the file is the right one.",
        widget=forms.NumberInput(attrs={"autocomplete": "off"}),
    )
    reveals = {"missing_pupils": {LEAVER: ["leavers_typed"]}}
    widths = {"leavers_typed": 5}

    def __init__(self, *args: Any, ask: bool, leavers: int, **kwargs: Any) -> None:
        """`ask`: whether pupils are missing; `leavers`: the number to type, 0 where none is asked for."""
        if not (ask and leavers):
            self.reveals = {}
        self.missing = {
            "missing_pupils": "Choose what is to be recorded of the pupils who are not in the file",
            "leavers_typed": f"Type {leavers}, the number of pupils who would leave",
        }
        super().__init__(*args, **kwargs)
        if self.reveals:
            field = self.fields["leavers_typed"]
            field.label = f"{leavers} pupils would leave. Type {leavers} to confirm"
            field.error_messages["invalid"] = self.missing["leavers_typed"]
        else:
            del self.fields["leavers_typed"]
        if not ask:
            del self.fields["missing_pupils"]


class DecideForm(PortalForm):
    """Doubtful rows, each decided by itself; what is not chosen stays open."""

    mark_optional = False

    def __init__(self, *args: Any, rows: Sequence[Any], alone: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for row in rows:
            choices = [(str(pk), f"It is {words}") for pk, words in row.known.items()]
            if not alone:
                choices.append((NEW, "It is a new pupil"))
            choices.append((LEAVE_OUT, "Leave this row out"))
            self.fields[f"row_{row.pk}"] = forms.ChoiceField(
                label=row.title,
                help_text=row.why,
                required=False,
                widget=forms.RadioSelect,
                choices=choices,
                initial=row.decision,
            )

    @property
    def decisions(self) -> dict[int, str]:
        """What was decided, by id of the row."""
        return {
            int(name.removeprefix("row_")): value
            for name, value in self.cleaned_data.items()
            if name.startswith("row_") and value
        }


class KeepForm(PortalForm):
    """Which of the missing pupils of a page stay at the school."""

    keep = forms.MultipleChoiceField(
        label="Keep at the school",
        help_text="Tick whoever has not left.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    mark_optional = False

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["keep"].choices = choices


def _ahead() -> date:
    return date(timezone.localdate().year + MOST_AHEAD, 12, 31)


class PupilForm(PortalForm):
    """A pupil by hand."""

    once = forms.UUIDField(widget=forms.HiddenInput)
    school = forms.UUIDField(widget=forms.HiddenInput, required=False)
    first_name = forms.CharField(label="First name", max_length=100, widget=OFF)
    last_name = forms.CharField(label="Last name", max_length=100, widget=OFF)
    preferred_name = forms.CharField(
        label="Preferred first name",
        help_text="If the pupil is called by another first name",
        max_length=100,
        required=False,
        widget=OFF,
    )
    born = DateInputsField(
        label="Date of birth", help_text="For example, 5 5 2015", latest=timezone.localdate
    )
    year_group = forms.CharField(label="Year", max_length=20, required=False, widget=OFF)
    class_name = forms.CharField(label="Class", max_length=40, required=False, widget=OFF)
    upn = forms.CharField(
        label="UPN", help_text="A letter and 12 numbers", max_length=20, required=False, widget=OFF
    )
    local_id = forms.CharField(
        label="Admission number, or number in your system", max_length=40, required=False, widget=OFF
    )
    email = forms.EmailField(
        label="The pupil’s own e-mail address",
        help_text="Needed once the pupil is 18 and answers for themselves",
        max_length=254,
        required=False,
        widget=OFF,
    )
    joined_on = DateInputsField(label="Day of joining", required=False, latest=_ahead)
    leaves_on = DateInputsField(label="Last day at the school", required=False, latest=_ahead)
    missing = {
        "first_name": "Enter the first name",
        "last_name": "Enter the last name",
        "born": "Enter the date of birth",
    }

    def clean_upn(self) -> str:
        """A UPN in the right form."""
        try:
            return upn_of(self.cleaned_data["upn"])
        except BadCell as problem:
            raise ValidationError(str(problem).replace("%", "%%")) from problem

    def clean_email(self) -> str:
        """In small letters, as an import writes it."""
        return self.cleaned_data["email"].lower()

    def clean_year_group(self) -> str:
        """As an import writes it: "Year 5" is 5."""
        return year_of(self.cleaned_data["year_group"], 20)


class ContactForm(PortalForm):
    """A contact of a pupil by hand."""

    name = forms.CharField(label="Whole name", max_length=200, widget=OFF)
    relationship = forms.CharField(
        label="Relationship to the pupil",
        help_text="For example: mother, foster carer",
        max_length=60,
        required=False,
        widget=OFF,
    )
    email = forms.EmailField(
        label="E-mail address",
        help_text="The link for answering goes there. If it changes, links sent to the old address stop working.",
        max_length=254,
        required=False,
        widget=OFF,
    )
    responsibility = forms.ChoiceField(
        label="Do they hold parental responsibility?",
        help_text="A yes counts only from somebody who does.",
        widget=forms.RadioSelect,
        choices=Responsibility.choices,
        initial=Responsibility.UNKNOWN,
    )
    missing = {"name": "Enter the name", "responsibility": "Choose whether they hold parental responsibility"}


class ContactChangeForm(ContactForm):
    """The same for a contact who is there already."""

    active = forms.ChoiceField(
        label="Are they still a contact of this pupil?",
        widget=forms.RadioSelect,
        choices=[("yes", "Yes"), ("no", "No: their yes stops counting, and they are not asked any more")],
    )
    missing = {**ContactForm.missing, "active": "Choose whether they are still a contact of this pupil"}
