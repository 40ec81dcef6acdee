"""Laws and guidance: what the portal knows of, who cites it, and the recording of a newer edition."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.generic import FormView, TemplateView

from core.errors import Refused
from core.tables import Column, Link, Status, Table, ordering
from core.views import AccessMixin, KeptInputMixin, PostOnly, redirect, refused
from people.views.own_school import OwnSchoolMixin
from policies.documents.access import guidance_rules
from policies.documents.guidance import (
    citation_add,
    citation_remove,
    edition_record,
    editions_for,
    suggestions,
)
from policies.documents.guidance_forms import CitationForm, EditionForm, GuidanceFilter, key
from policies.documents.selectors import usage
from policies.documents.views import PAGE, OfDocumentMixin, StepMixin
from policies.models import Citation

COLUMNS = [
    Column("name", "Law or guidance", sortable=True, order_by="low_name"),
    Column("kind", "Kind", sortable=True),
    Column("newest", "Newest edition"),
    Column("newest_from", "In force from", sortable=True),
    Column("school", "Recorded by", sortable=True, order_by="school__name"),
    Column("cited", "Documents that cite it", sortable=True, numeric=True),
    Column("older", "An older edition", sortable=True),
]


class GuidanceList(AccessMixin, TemplateView):
    """What is recorded, with how many documents cite it; nothing is called newest that nobody recorded."""

    rules = guidance_rules
    template_name = "policies/documents/guidance.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """One page of it."""
        form = GuidanceFilter(self.request.GET or None)
        chosen, rows = form.chosen, usage(self.get_queryset())
        for word in chosen.get("q", "").split():
            rows = rows.filter(name__icontains=word)
        if chosen.get("kind"):
            rows = rows.filter(kind=chosen["kind"])
        narrowed = {"older": {"older__gt": 0}, "yes": {"cited__gt": 0}, "no": {"cited": 0}}
        rows = rows.filter(**narrowed.get(chosen.get("cited", ""), {}))
        rows = rows.select_related("school").order_by(*ordering(self.request, COLUMNS, "name"))
        page = Paginator(rows, PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            form=form,
            page_obj=page,
            table=self._table(page.object_list),
            may_keep=bool(self.rules.schools(self.request.user, "keep")),
            **kwargs,
        )

    def _table(self, rows: Any) -> Table:
        add = reverse("policies:guidance-edition-add")
        return Table(
            COLUMNS,
            [
                {
                    "name": Link(row.name, f"{add}?of={row.uuid}", ": record a newer edition"),
                    "kind": row.get_kind_display(),
                    "newest": row.newest,
                    "newest_from": row.newest_from,
                    "school": row.school.name,
                    "cited": row.cited,
                    "older": Status("newer_edition") if row.older else "",
                }
                for row in rows
            ],
            "Laws and guidance",
            self.request,
            "name",
            caption_hidden=True,
        )


class GuidanceEditionAdd(OwnSchoolMixin, KeptInputMixin, AccessMixin, FormView):
    """Record an edition; a trust's central team does it for all its schools."""

    rules = guidance_rules
    action = "keep"
    template_name = "policies/documents/edition.html"
    form_class = EditionForm

    def get_initial(self) -> dict[str, Any]:
        """Of the law or guidance from whose line the person comes, with the file's newest as a suggestion."""
        wanted = self.request.GET.get("of", "")
        rows = self.rules.visible_to(self.request.user, "view").prefetch_related("editions")
        of = next((row for row in rows if str(row.uuid) == wanted), None) if wanted else None
        if of is None:
            return {}
        known = {one.edition.casefold() for one in of.editions.all()}
        newest = max((one.from_day for one in of.editions.all()), default=None)
        first = {"name": of.name, "kind": of.kind}
        for one in suggestions():
            same = one.name.casefold() == of.name.casefold() and one.edition.casefold() not in known
            if same and (newest is None or one.from_day > newest):
                return {**first, "edition": one.edition, "from_day": one.from_day}
        return first

    def get_form(self, form_class: type[EditionForm] | None = None) -> EditionForm | None:
        """No form before the school is known."""
        return super().get_form(form_class) if self.place else None

    def get_context_data(self, **kwargs: Any) -> dict:
        """What is carried through the choice of the school."""
        return super().get_context_data(carried=self.request.GET.get("of", ""), **kwargs)

    def perform(self, form: EditionForm) -> HttpResponse:
        """Record it."""
        edition_record(actor=self.request.user, school=self.school, edition=form.typed)
        messages.success(
            self.request, "It is recorded. Every document that cites an older edition is flagged."
        )
        return redirect(reverse("policies:guidance-list"))


class CitationAdd(StepMixin, FormView):
    """Say which edition a document cites; `instead` in the address is a citation that it takes the place of."""

    form_class = CitationForm
    title, button = "A law or guidance that it cites", "Add it"

    def _instead(self) -> Citation | None:
        wanted = self.request.GET.get("instead", "")
        rows = self.object.citations.select_related("edition__guidance")
        return next((one for one in rows if str(one.uuid) == wanted), None) if wanted else None

    def get_form_kwargs(self) -> dict[str, Any]:
        """The editions to choose from."""
        return {**super().get_form_kwargs(), "known": editions_for(self.object.school)}

    def get_initial(self) -> dict[str, Any]:
        """The newest known edition of what it takes the place of."""
        old = self._instead()
        if old is None:
            return {}
        name = old.edition.guidance.name
        same = [
            one for one in editions_for(self.object.school) if one.guidance.name.casefold() == name.casefold()
        ]
        newest = max(same, key=lambda one: one.from_day, default=None)
        return {"which": key(newest.guidance.name, newest.edition)} if newest else {}

    def get_context_data(self, **kwargs: Any) -> dict:
        """What it takes the place of."""
        old = self._instead()
        points = (f"It takes the place of “{old.edition}”.",) if old else ()
        return super().get_context_data(points=points, **kwargs)

    def perform(self, form: CitationForm) -> HttpResponse:
        """Add it."""
        citation_add(
            actor=self.request.user, document=self.object, edition=form.typed, instead=self._instead()
        )
        return self.done("It is kept with the document.")


class CitationRemove(OfDocumentMixin, PostOnly):
    """The document does not cite it any more."""

    model = Citation

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take it away."""
        back = self.object.document.get_absolute_url()
        try:
            citation_remove(actor=request.user, citation=self.object)
        except Refused as refusal:
            return refused(request, refusal, back)
        messages.success(request, "It is taken away.")
        return redirect(back)
