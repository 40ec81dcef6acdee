"""Input of the pages about documents and their versions."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone

from core.forms import DateInputsField, FilterForm, LongTextField, PortalForm
from core.uploads import ACCEPT, BadUpload, FilesField, clean_file
from core.uploads import UNKNOWN as NO_SCAN
from people.governance.date_values import CalendarDate
from people.profile_dates import MonthOrDateField
from people.selectors import Place
from policies.documents.library import MOST_MONTHS, OLDEST, Facts, First
from policies.documents.services import MOST_CHANGES, MOST_REASON, MOST_TEXT, NamedFile
from policies.documents.word_files import looks_like, word_file
from policies.models import Document, DocumentKind, Policy, Readers

TEXT, FILE, LATER = "text", "file", "later"
TEXT_HELP = (
    "Paste it as plain text. An empty line begins a new paragraph; a line that begins with “# ” is a heading."
)
FILE_HELP = (
    "A Word document (.docx), a PDF or a scan, of 10 MB at most. Word documents can be compared with one another. "
    "Remove comments and tracked changes first: whoever reads the file sees them."
)
UNKNOWN = "The file must be a Word document (.docx), a PDF or a scan. Save it as one of these"


def _today() -> date:
    return timezone.localdate()


class NamedFileField(FilesField):
    """One file with its name; the cleaned value is a NamedFile, or None."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(most=1, **kwargs)
        self.widget.allow_multiple_selected = False
        self.widget.attrs["accept"] = f".docx,{ACCEPT}"

    @staticmethod
    def take(data: bytes, upload: Any) -> NamedFile:
        """The harmless file, and what it was called. Raises BadUpload."""
        try:
            clean = word_file(data) if looks_like(data) else clean_file(data)
        except BadUpload as problem:
            raise BadUpload(UNKNOWN if str(problem) == NO_SCAN else str(problem)) from problem
        return NamedFile(clean, upload.name or "")

    def clean(self, data: Any, initial: Any = None) -> NamedFile | None:
        """The file. Raises ValidationError."""
        return next(iter(super().clean(data, initial)), None)


def last_day_for_review(typed: str | None) -> tuple[date | None, bool]:
    """What a month-or-date box says: a day, or the first of a month and that it is a month. Raises ValidationError."""
    if not typed:
        return None, False
    by_month = len(typed) == 7
    try:
        return date.fromisoformat(f"{typed}-01" if by_month else typed), by_month
    except ValueError:
        raise ValidationError("Enter a real date, or a month and a year") from None


def review_shown(review_on: date | None, by_month: bool) -> CalendarDate | None:
    """The next review as the boxes show it."""
    if review_on is None:
        return None
    return CalendarDate(review_on.year, review_on.month, None if by_month else review_on.day)


class FactsFields(PortalForm):
    """What is said about a document."""

    title = forms.CharField(label="Title", max_length=200)
    kind = forms.ChoiceField(label="What is it?", choices=DocumentKind.choices, widget=forms.RadioSelect)
    code = forms.CharField(
        label="Reference",
        help_text="As the document shows it, for example IT4b",
        max_length=40,
        required=False,
    )
    readers = forms.MultipleChoiceField(
        label="Who must say that they have read and understood it?",
        choices=Readers.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    follows = forms.ModelChoiceField(
        label="Which of the five policies does it follow?",
        queryset=Policy.objects.all(),
        to_field_name="code",
        required=False,
        empty_label="None of them",
    )
    supplements = forms.ModelChoiceField(
        label="Is it your school’s supplement to a document of the trust?",
        queryset=Document.objects.none(),
        to_field_name="uuid",
        required=False,
        empty_label="No",
    )
    interval_months = forms.IntegerField(
        label="Months from one review to the next",
        help_text="Any number, for example 12 or 22. Leave it empty for no fixed interval.",
        min_value=1,
        max_value=MOST_MONTHS,
        required=False,
    )
    missing = {"title": "Enter the title of the document", "kind": "Choose what kind of document it is"}
    widths = {"code": 10, "interval_months": 3}

    def __init__(self, *args: Any, trust_documents: QuerySet[Document], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["supplements"].queryset = trust_documents
        if not trust_documents.exists():
            del self.fields["supplements"]

    @property
    def facts(self) -> Facts:
        """The answers as the service takes them."""
        data = self.cleaned_data
        return Facts(
            kind=data["kind"],
            title=data["title"],
            code=data["code"],
            readers=tuple(data["readers"]),
            follows=data["follows"],
            interval_months=data["interval_months"],
            supplements=data.get("supplements"),
        )


class EditForm(FactsFields):
    """Say something else about a document."""


class AddForm(FactsFields):
    """A new document, with its first version if it is at hand."""

    once = forms.UUIDField(widget=forms.HiddenInput)
    scope = forms.ChoiceField(
        label="For whom does it hold?",
        choices=[("trust", "Every school of the trust"), ("own", "The central team alone")],
        widget=forms.RadioSelect,
    )
    review = MonthOrDateField(
        label="Next review",
        help_text="For example, 23 9 2027. Leave out the day where only the month is known, and all three for none.",
        required=False,
    )
    how = forms.ChoiceField(
        label="The document itself",
        choices=[(TEXT, "Paste its words"), (FILE, "Add it as a file"), (LATER, "Later")],
        widget=forms.RadioSelect,
    )
    text = LongTextField(label="Its words", help_text=TEXT_HELP, max_length=MOST_TEXT, rows=12)
    file = NamedFileField(label="The file", help_text=FILE_HELP)
    status = forms.ChoiceField(
        label="Is it in force already?",
        choices=[("since", "Yes, it was adopted before it was entered here"), ("draft", "No, it is a draft")],
        widget=forms.RadioSelect,
    )
    in_force_from = DateInputsField(label="In force since", earliest=OLDEST, latest=_today)
    edition = forms.CharField(
        label="Edition, and when and by whom it was adopted",
        help_text="For example: adopted by the management committee on 29 November 2022",
        max_length=80,
        required=False,
    )
    missing = {
        **FactsFields.missing,
        "scope": "Choose for whom it holds",
        "how": "Choose how you add the document itself",
        "text": "Enter the words of the document",
        "file": "Choose the file",
        "status": "Choose whether it is in force already",
        "in_force_from": "Enter the day since when it is in force",
    }
    reveals = {"how": {TEXT: ["text"], FILE: ["file"]}, "status": {"since": ["in_force_from"]}}
    option_hints = {
        "status": {
            "since": "Only for what is in force already. Later versions come into force through a review.",
            "draft": "It comes into force when a review of it is ratified.",
        }
    }

    def __init__(self, *args: Any, central: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["status"].required = self.data.get("how") != LATER
        if not central:
            del self.fields["scope"]

    def clean(self) -> dict[str, Any]:
        """What is in force must be there; a draft has no day."""
        data = super().clean()
        try:
            data["due"] = last_day_for_review(data.get("review"))
        except ValidationError as problem:
            self.add_error("review", problem)
        if data.get("how") == LATER and data.get("status") == "since":
            self.add_error(
                "how", "Add the words or the file of what is in force, or choose that it is a draft"
            )
        return data

    @property
    def first(self) -> First | None:
        """The first version, if it is at hand."""
        data = self.cleaned_data
        if data["how"] == LATER:
            return None
        since = data["in_force_from"] if data["status"] == "since" else None
        return First(data["text"] or "", data["file"], data["edition"], in_force_from=since)

    @property
    def for_trust(self) -> bool:
        """Whether it holds for every school of the trust."""
        return self.cleaned_data.get("scope") == "trust"

    @property
    def page(self) -> UUID:
        """Which page this is."""
        return self.cleaned_data["once"]


class DraftForm(PortalForm):
    """The one draft: its words or a file, and what changes."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    how = forms.ChoiceField(
        label="The new version",
        choices=[(TEXT, "Write or paste its words"), (FILE, "Add it as a file")],
        widget=forms.RadioSelect,
    )
    text = LongTextField(label="Its words", help_text=TEXT_HELP, max_length=MOST_TEXT, rows=16)
    file = NamedFileField(label="The file", help_text=FILE_HELP)
    edition = forms.CharField(
        label="Edition", help_text="As the document calls it, for example 2026", max_length=80, required=False
    )
    changes = LongTextField(
        label="What changes, in a few words",
        help_text="Reviewers read it, and so do those who are told of the change.",
        max_length=MOST_CHANGES,
        rows=4,
        required=False,
    )
    missing = {
        "how": "Choose how you add the new version",
        "text": "Enter the words of the document",
        "file": "Choose the file",
    }
    reveals = {"how": {TEXT: ["text"], FILE: ["file"]}}


class DatesForm(PortalForm):
    """Move the next review by hand."""

    review = MonthOrDateField(
        label="Next review",
        help_text="For example, 23 9 2027. Leave out the day where only the month is known, and all three for none.",
        required=False,
    )
    reason = forms.CharField(
        label="Why does it move?", help_text="It is kept with the document", max_length=MOST_REASON
    )
    missing = {"reason": "Say why the date moves"}

    def clean(self) -> dict[str, Any]:
        """The day, or the month."""
        data = super().clean()
        try:
            data["due"] = last_day_for_review(data.get("review"))
        except ValidationError as problem:
            self.add_error("review", problem)
        return data


class RetireForm(PortalForm):
    """End the use of a document."""

    reason = forms.CharField(label="Why is it not used any more?", max_length=MOST_REASON)
    missing = {"reason": "Say why it is not used any more"}


class LinkForm(PortalForm):
    """Another policy that it works together with."""

    which = forms.ChoiceField(
        label="Where is the other policy?",
        choices=[("here", "It is kept here"), ("elsewhere", "It is not kept here")],
        widget=forms.RadioSelect,
    )
    other = forms.ModelChoiceField(
        label="Which document?", queryset=Document.objects.none(), to_field_name="uuid"
    )
    title = forms.CharField(label="Its title", max_length=200)
    missing = {
        "which": "Choose where the other policy is",
        "other": "Choose the document",
        "title": "Enter the title of the other policy",
    }
    reveals = {"which": {"here": ["other"], "elsewhere": ["title"]}}

    def __init__(self, *args: Any, documents: QuerySet[Document], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].queryset = documents


class DocumentFilter(FilterForm):
    """Search and filters above the list of documents."""

    q = forms.CharField(label="Title or reference")
    kind = forms.ChoiceField(label="Kind", choices=[("", "Any"), *DocumentKind.choices])
    state = forms.ChoiceField(
        label="Status",
        choices=[
            ("", "All in use"),
            ("in_force", "In force"),
            ("draft", "Draft only"),
            ("older", "Newer edition known"),
            ("retired", "No longer used"),
        ],
    )
    review = forms.ChoiceField(
        label="Next review",
        choices=[
            ("", "Any"),
            ("overdue", "Overdue"),
            ("soon", "Due within 60 days"),
            ("later", "Later"),
            ("none", "No date"),
        ],
    )
    school = forms.ChoiceField(label="School")

    def __init__(self, *args: Any, places: list[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(places) > 1:
            self.fields["school"].choices = [("", "All"), *((str(one.uuid), one.name) for one in places)]
        else:
            del self.fields["school"]
