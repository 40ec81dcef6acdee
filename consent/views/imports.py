"""Pages of an import: send a file, name its columns, watch it, review it, accept it or put it aside."""

import uuid
from itertools import islice
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.generic import FormView, TemplateView

from consent.access import import_rules
from consent.forms.imports import AcceptForm, ColumnsForm, ImportForm
from consent.importing.columns import FIELDS, lacking, recognise
from consent.models import ImportRow, PupilImport
from consent.services.imports import (
    IN_HAND,
    KEEP,
    MOST_BYTES,
    import_accept,
    import_cancel,
    import_columns,
    import_send,
    leavers_to_type,
    remembered_at,
)
from consent.services.imports_clear import DAYS
from consent.views.base import ConsentSchoolMixin, several_schools
from core import csvfiles
from core.paging import rows_in_order
from core.tables import Column, Link, Status, Table
from core.views import AccessMixin, InputMixin, ObjectMixin, redirect
from people.forms.roles import Nothing
from people.selectors import profile_of

PAGE = 25
AGAIN_AFTER = 4
"""Seconds after which the page of a working import looks again."""
STATUS = PupilImport.Status
WORKING = (STATUS.COMPARING, STATUS.ACCEPTING)
OUTCOMES = ImportRow.Outcome
SHOWN_AS = {
    STATUS.MAPPING: "import_mapping",
    STATUS.COMPARING: "import_comparing",
    STATUS.REVIEW: "import_review",
    STATUS.ACCEPTING: "import_accepting",
    STATUS.ACCEPTED: "import_accepted",
    STATUS.REFUSED: "import_refused",
    STATUS.CANCELLED: "import_cancelled",
}
"""The value of core.statuses of each status."""


def address(load: PupilImport) -> str:
    """The page of an import."""
    return reverse("consent:import-detail", args=[load.uuid])


def counted(load: PupilImport) -> str:
    """The counts of an import in a few words."""
    names = {
        OUTCOMES.WRONG: "with mistakes",
        OUTCOMES.NEW: "new",
        OUTCOMES.CHANGED: "changed",
        OUTCOMES.UNCHANGED: "unchanged",
        OUTCOMES.MISSING: "not in the file",
        OUTCOMES.DOUBTFUL: "doubtful",
    }
    found = [(load.counts.get(outcome), words) for outcome, words in names.items()]
    return ", ".join(f"{count:,} {words}" for count, words in found if count)


class ImportList(AccessMixin, TemplateView):
    """Who brought which file in, when, and what came of it."""

    rules = import_rules
    template_name = "consent/import_list.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """One page of the list, newest first."""
        user = self.request.user
        several = several_schools(user)
        rows = self.get_queryset().order_by("-at", "-pk")
        page = Paginator(rows.values_list("pk", flat=True), PAGE).get_page(self.request.GET.get("page"))
        columns = [
            Column("file", "File"),
            *([Column("school", "School")] if several else []),
            Column("by", "Sent by"),
            Column("at", "Sent on"),
            Column("counts", "Pupils"),
            Column("status", "Status"),
        ]
        cells = [
            {
                "file": Link(row, address(row)),
                "school": row.school,
                "by": row.by.full_name,
                "at": row.at,
                "counts": counted(row),
                "status": Status(SHOWN_AS[STATUS(row.status)]),
            }
            for row in rows_in_order(self.get_queryset().select_related("school", "by"), page.object_list)
        ]
        return super().get_context_data(
            table=Table(columns, cells, "Files of pupils", caption_hidden=True), page_obj=page, **kwargs
        )


class ImportAdd(ConsentSchoolMixin, InputMixin, AccessMixin, FormView):
    """Send a file of pupils for one of the person's schools."""

    rules = import_rules
    action = "import"
    form_class = ImportForm
    template_name = "consent/import_add.html"

    def get_initial(self) -> dict:
        """One page sends one file."""
        return {"once": uuid.uuid4(), "school": self.place.uuid if self.place else None}

    def get_context_data(self, **kwargs: Any) -> dict:
        """Another import that is not finished yet stands in the way."""
        context = super().get_context_data(**kwargs)
        if self.place is not None:
            unfinished = PupilImport.objects.filter(
                school_id=self.place.pk, status__in=(*IN_HAND, STATUS.ACCEPTING)
            ).first()
            context.update(
                school=self.place,
                unfinished=unfinished,
                days=self.profile.value("retention_raw_imports") or DAYS,
            )
        return context

    def perform(self, form: ImportForm) -> HttpResponse:
        """Take it in."""
        load = import_send(
            actor=self.request.user,
            school=self.school,
            once=form.cleaned_data["once"],
            upload=form.cleaned_data["file"],
            whole_school=form.cleaned_data["whole"] == "whole",
        )
        if load.status == STATUS.MAPPING:
            return redirect(reverse("consent:import-columns", args=[load.uuid]))
        return redirect(address(load))


class OneImport(ObjectMixin):
    """A page about one import."""

    rules = import_rules
    action = "import"
    select_related = ("school", "by", "settled_by")
    object: PupilImport


class ImportDetail(OneImport, TemplateView):
    """Where an import stands: it looks again by itself while somebody works on it, then it is the review."""

    action = "view"
    template_name = "consent/import_detail.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Look again after some seconds, without a script."""
        response = super().get(request, *args, **kwargs)
        if self.object.status in WORKING:
            response["Refresh"] = str(AGAIN_AFTER)
        return response

    def get_context_data(self, **kwargs: Any) -> dict:
        """The figures, and what is left to decide."""
        load = self.object
        counts = {name: load.counts.get(name, 0) for name in OUTCOMES.values}
        left = kept = 0
        if load.status == STATUS.REVIEW:
            left = load.rows.filter(outcome=OUTCOMES.DOUBTFUL, decision="").count()
            kept = load.rows.filter(outcome=OUTCOMES.MISSING, decision=KEEP).count()
        there = counts["changed"] + counts["unchanged"]
        return super().get_context_data(
            status=SHOWN_AS[STATUS(load.status)],
            working=load.status in WORKING,
            in_hand=load.status in IN_HAND,
            counts=counts,
            total=load.counts.get("rows", 0),
            moved=load.counts.get("moved", False),
            many_gone=counts["missing"] > max(there, 1),
            nothing=load.status == STATUS.REVIEW
            and not any(counts[name] for name in ("new", "changed", "missing", "doubtful", "wrong")),
            left=left,
            kept=kept,
            percent=100 * load.rows_done // load.rows_total if load.rows_total else 0,
            read_as=[(h, FIELDS[f]) for h, f in load.mapping.items() if f],
            left_out=[h for h, f in load.mapping.items() if not f],
            days=profile_of(load.school).value("retention_raw_imports") or DAYS,
            **kwargs,
        )


class ImportColumns(OneImport, InputMixin, FormView):
    """Name the columns that the portal did not recognise; the school's words are remembered."""

    form_class = ColumnsForm
    template_name = "consent/import_columns.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The columns; an import that has moved on shows where it stands."""
        if self.object.status not in (STATUS.MAPPING, STATUS.REVIEW):
            return redirect(address(self.object))
        return super().get(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict:
        """The headings, and what stands below them in the first rows."""
        load = self.object
        return {
            **super().get_form_kwargs(),
            "headings": load.headings,
            "mapping": load.mapping,
            "samples": _samples(load),
        }

    def get_context_data(self, **kwargs: Any) -> dict:
        """Which headings are new, and what is lacking."""
        load = self.object
        found = recognise(load.headings, remembered_at(load.school))
        return super().get_context_data(
            unknown=found.unknown, lacking=lacking(one for one in load.mapping.values() if one), **kwargs
        )

    def perform(self, form: ColumnsForm) -> HttpResponse:
        """Remember, and compare."""
        import_columns(actor=self.request.user, load=self.object, mapping=form.mapping)
        return redirect(address(self.object))


def _samples(load: PupilImport, rows: int = 3) -> dict[str, list[str]]:
    """What stands in each column in the first rows; nothing where the file cannot be read."""
    try:
        with load.file.open("rb") as stored:
            lines = list(islice(csvfiles.lines_of(stored.read(), max_bytes=MOST_BYTES), rows + 1))
    except (OSError, ValueError, csvfiles.CsvProblem):
        return {}
    return {
        heading: [cells[place] for _, cells in lines[1:] if place < len(cells)]
        for place, heading in enumerate(load.headings)
    }


class ImportAccept(OneImport, InputMixin, FormView):
    """Accept what the review shows: only now the register changes."""

    form_class = AcceptForm
    template_name = "consent/import_accept.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Only an import under review can be accepted."""
        if self.object.status != STATUS.REVIEW:
            return redirect(address(self.object))
        return super().get(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict:
        """Whether anybody is missing, and whether so many that their number is typed."""
        return {
            **super().get_form_kwargs(),
            "ask": bool(self.object.counts.get(OUTCOMES.MISSING)),
            "leavers": leavers_to_type(self.object),
        }

    def get_context_data(self, **kwargs: Any) -> dict:
        """What will be done."""
        counts = self.object.counts
        undecided = self.object.rows.filter(outcome=OUTCOMES.DOUBTFUL, decision="").count()
        kept = self.object.rows.filter(outcome=OUTCOMES.MISSING, decision=KEEP).count()
        return super().get_context_data(
            counts=counts, undecided=undecided, kept=kept, wrong=counts.get(OUTCOMES.WRONG, 0), **kwargs
        )

    def perform(self, form: AcceptForm) -> HttpResponse:
        """Accept it."""
        import_accept(
            actor=self.request.user,
            load=self.object,
            missing=form.cleaned_data.get("missing_pupils", ""),
            leavers_typed=form.cleaned_data.get("leavers_typed"),
        )
        return redirect(address(self.object))


class ImportCancel(OneImport, InputMixin, FormView):
    """Put an import aside: nothing of it is taken over."""

    form_class = Nothing
    template_name = "core/step.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """What happens."""
        return super().get_context_data(
            title="Put this file aside",
            points=[
                "Nothing of it is taken over, and the register stays as it is.",
                "You can send another file at once.",
            ],
            button="Put it aside",
            back=address(self.object),
            **kwargs,
        )

    def perform(self, form: Nothing) -> HttpResponse:
        """Do it."""
        import_cancel(actor=self.request.user, load=self.object)
        messages.success(self.request, "The file was put aside. Nothing was changed.")
        return redirect(reverse("consent:import-list"))
