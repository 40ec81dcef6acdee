"""The lists of a review: new, changed, wrong, missing and doubtful pupils."""

from datetime import date
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.generic import FormView, TemplateView, View

from consent.forms.imports import DecideForm, KeepForm
from consent.importing.columns import contacts_alone
from consent.models import ImportRow, Pupil, PupilImport
from consent.services.imports import KEEP, import_decide, import_keep
from consent.views.imports import PAGE, STATUS, OneImport, address
from core import csvfiles
from core.tables import Column, Table, date_text, query_with
from core.views import InputMixin, redirect

OUTCOMES = ImportRow.Outcome
LISTS = {
    "new": "New",
    "changed": "Changed",
    "missing": "Not in the file",
    "doubtful": "Doubtful",
    "wrong": "With mistakes",
}
TITLES = {
    "new": "New pupils",
    "changed": "Changed pupils",
    "missing": "Pupils who are not in the file",
    "doubtful": "Doubtful pupils",
    "wrong": "Rows with mistakes",
}


def tabs(load: PupilImport, here: str) -> list[dict[str, Any]]:
    """A link to each list that is not empty."""
    pages = {"missing": "consent:import-missing", "doubtful": "consent:import-doubtful"}
    return [
        {
            "url": reverse(pages.get(name, "consent:import-rows"), args=[load.uuid])
            + ("" if name in pages else f"?show={name}"),
            "text": words,
            "count": load.counts.get(name, 0),
            "here": name == here,
        }
        for name, words in LISTS.items()
        if load.counts.get(name) or name == here
    ]


def named(row: ImportRow) -> str:
    """The pupil of a row, as the file or the register has them."""
    values = row.values
    name = f"{values.get('first_name', '')} {values.get('last_name', '')}".strip()
    return name or (row.pupil.name if row.pupil else f"Row {row.number}")


def told(change: list[str]) -> str:
    """One change in words."""
    what, before, after = change
    if not before:
        return f"{what}: {after}"
    return f"{what}: {before} → {after or 'none'}"


def facts(values: dict[str, Any]) -> str:
    """Class, birthday and numbers of a row in a few words."""
    born = values.get("born")
    parts = [
        values.get("class_name", ""),
        f"born {_day(born)}" if born else "",
        f"UPN {values['upn']}" if values.get("upn") else "",
        f"number {values['local_id']}" if values.get("local_id") else "",
    ]
    return ", ".join(part for part in parts if part)


def known_words(pupil: Pupil) -> str:
    """A pupil of the register, told from their twin."""
    own = {
        "class_name": pupil.class_name,
        "born": pupil.born.isoformat() if pupil.born else "",
        "upn": pupil.upn,
        "local_id": pupil.local_id,
    }
    more = facts(own)
    return f"{pupil.first_name} {pupil.last_name}" + (f" ({more})" if more else "")


def _day(text: str) -> str:
    return date_text(date.fromisoformat(text))


class ListPage(OneImport):
    """One page of one list of a review."""

    action = "import"
    outcome: str

    @cached_property
    def page(self) -> Page:
        """The rows of this page."""
        rows: QuerySet[ImportRow] = self.object.rows.filter(outcome=self.outcome).select_related("pupil")
        return Paginator(rows.order_by("number", "pk"), PAGE).get_page(self.request.GET.get("page"))

    def get_context_data(self, **kwargs: Any) -> dict:
        """The other lists."""
        return super().get_context_data(
            tabs=tabs(self.object, self.outcome),
            title=TITLES[self.outcome],
            page_obj=self.page,
            open=self.object.status == STATUS.REVIEW,
            cleared=self.object.cleared_at is not None,
            outcome=self.outcome,
            **kwargs,
        )

    def here(self) -> str:
        """This page of the list again."""
        return self.request.path + query_with(self.request)


class ImportRows(ListPage, TemplateView):
    """New and changed pupils, or the rows with mistakes; the list is chosen by `show`."""

    template_name = "consent/import_rows.html"

    @property
    def outcome(self) -> str:
        """The list asked for."""
        asked = self.request.GET.get("show", "")
        return asked if asked in (OUTCOMES.CHANGED, OUTCOMES.WRONG) else OUTCOMES.NEW

    def get_context_data(self, **kwargs: Any) -> dict:
        """The table."""
        columns, cell = {
            OUTCOMES.NEW: ([("pupil", "Pupil"), ("facts", "Facts"), ("contacts", "Contacts")], _new_cells),
            OUTCOMES.CHANGED: ([("pupil", "Pupil"), ("changes", "What changes")], _changed_cells),
            OUTCOMES.WRONG: ([("row", "Row"), ("problems", "What to mend")], _wrong_cells),
        }[OUTCOMES(self.outcome)]
        table = Table(
            [Column(*one) for one in columns],
            [cell(row) for row in self.page.object_list],
            TITLES[self.outcome],
            caption_hidden=True,
        )
        return super().get_context_data(table=table, **kwargs)


def _new_cells(row: ImportRow) -> dict[str, Any]:
    contacts = [
        f"{name}{f' ({relation})' if relation else ''}"
        for name, _, relation, *_ in row.values.get("contacts", ())
    ]
    return {"pupil": named(row), "facts": facts(row.values), "contacts": contacts}


def _changed_cells(row: ImportRow) -> dict[str, Any]:
    return {
        "pupil": row.pupil.name if row.pupil else named(row),
        "changes": [told(one) for one in row.changes],
    }


def _wrong_cells(row: ImportRow) -> dict[str, Any]:
    return {
        "row": f"Row {row.number}",
        "problems": [f"{column}: {words}" if column else words for column, words in row.problems],
    }


class ImportMistakes(OneImport, View):
    """Every mistake of a file, as a file."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Row, column, and what to mend."""
        rows = self.object.rows.filter(outcome=OUTCOMES.WRONG).order_by("number", "pk")
        lines = (
            (number, column, words)
            for number, problems in rows.values_list("number", "problems").iterator(2000)
            for column, words in problems
        )
        return csvfiles.response("mistakes.csv", ["Row", "Column", "What to mend"], lines)


class ImportDoubtful(ListPage, InputMixin, FormView):
    """Decide doubtful rows one by one."""

    outcome = OUTCOMES.DOUBTFUL
    form_class = DecideForm
    template_name = "consent/import_doubtful.html"

    def get_form_kwargs(self) -> dict:
        """The rows of this page with the pupils that they may be."""
        rows = list(self.page.object_list)
        keys = {pk for row in rows for pk in row.candidates}
        pupils = Pupil.objects.filter(school=self.object.school_id).in_bulk(keys)
        for row in rows:
            row.title = f"Row {row.number}: {named(row)}"
            row.why = " ".join([facts(row.values) + ".", *(words for _, words in row.problems)])
            row.known = {pk: known_words(pupils[pk]) for pk in row.candidates if pk in pupils}
        alone = contacts_alone(one for one in self.object.mapping.values() if one)
        return {**super().get_form_kwargs(), "rows": rows, "alone": alone}

    def perform(self, form: DecideForm) -> HttpResponse:
        """Keep what was decided."""
        count = import_decide(actor=self.request.user, load=self.object, decisions=form.decisions)
        if not self.object.rows.filter(outcome=OUTCOMES.DOUBTFUL, decision="").exists():
            messages.success(self.request, "Every doubtful row is decided.")
            return redirect(address(self.object))
        messages.success(self.request, f"{count} decided. Others are still open.")
        return redirect(self.here())


class ImportMissing(ListPage, InputMixin, FormView):
    """Pupils of the register who are not in the file: proposed leavers, each of whom may be kept."""

    outcome = OUTCOMES.MISSING
    form_class = KeepForm
    template_name = "consent/import_missing.html"

    def get_form_kwargs(self) -> dict:
        """The pupils of this page."""
        rows = list(self.page.object_list)
        choices = [(str(row.pk), known_words(row.pupil)) for row in rows]
        kwargs = super().get_form_kwargs()
        kwargs["initial"] = {"keep": [str(row.pk) for row in rows if row.decision == KEEP]}
        return {**kwargs, "choices": choices}

    def perform(self, form: KeepForm) -> HttpResponse:
        """Keep some."""
        shown = {row.pk for row in self.page.object_list}
        kept = {int(key) for key in form.cleaned_data["keep"]}
        import_keep(actor=self.request.user, load=self.object, shown=shown, kept=kept)
        messages.success(
            self.request, f"{len(kept)} of {len(shown)} pupils on this page are kept at the school."
        )
        return redirect(self.here())
