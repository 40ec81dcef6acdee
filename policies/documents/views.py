"""The library: the list of documents, one document, its export, and what is changed about it."""

import uuid
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views import View
from django.views.generic import FormView, TemplateView

from core import csvfiles
from core.access import standing_of
from core.errors import Refused
from core.paging import rows_in_order
from core.tables import ordering
from core.views import AccessMixin, KeptInputMixin, ObjectMixin, PostOnly, redirect, refused
from people.models import School
from people.selectors import Place, places_of, profile_of
from people.views.own_school import OwnSchoolMixin
from policies.documents import library, pages
from policies.documents.access import document_rules, notice_rules, trust_documents, version_rules
from policies.documents.forms import (
    AddForm,
    DatesForm,
    DocumentFilter,
    EditForm,
    LinkForm,
    RetireForm,
    review_shown,
)
from policies.documents.selectors import SOON, citations_of, with_body, with_older, with_state
from policies.documents.services import document_dates_set
from policies.models import Document, DocumentKind, DocumentLink, Version

PAGE = 25


class ListMixin(AccessMixin):
    """The documents that a person may see, narrowed by the filters."""

    rules = document_rules

    @cached_property
    def places(self) -> list[Place]:
        """The schools of this person."""
        return places_of(standing_of(self.request.user).all_schools())

    @cached_property
    def form(self) -> DocumentFilter:
        """The filters in force."""
        return DocumentFilter(self.request.GET or None, places=self.places)

    def found(self) -> QuerySet[Document]:
        """The documents that the filters leave; what is no longer used only where it is asked for."""
        chosen, rows, today = self.form.chosen, self.get_queryset(), timezone.localdate()
        for word in chosen.get("q", "").split():
            rows = rows.filter(Q(title__icontains=word) | Q(code__icontains=word))
        if chosen.get("kind"):
            rows = rows.filter(kind=chosen["kind"])
        if chosen.get("school"):
            rows = rows.filter(school__uuid=chosen["school"])
        state = chosen.get("state", "")
        rows = rows.filter(retired_at__isnull=state != "retired")
        now = Exists(Version.objects.filter(document=OuterRef("pk"), state=Version.State.IN_FORCE))
        if state == "in_force":
            rows = rows.filter(now)
        elif state == "draft":
            rows = rows.filter(~now)
        elif state == "older":
            rows = with_older(rows).filter(older=True)
        review = {
            "overdue": Q(review_on__lt=today),
            "soon": Q(review_on__gte=today, review_on__lte=today + SOON),
            "later": Q(review_on__gt=today + SOON),
            "none": Q(review_on=None),
        }.get(chosen.get("review", ""))
        return rows.filter(review) if review is not None else rows


class DocumentList(ListMixin, TemplateView):
    """The documents; a school that has none yet is told how to begin."""

    template_name = "policies/documents/list.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """One page of them."""
        user = self.request.user
        columns = pages.document_columns(len(self.places) > 1 or any(one.trust_id for one in self.places))
        order = ordering(self.request, columns, "title")
        keys = with_state(self.found()).order_by(*order).values_list("pk", flat=True)
        page = Paginator(keys, PAGE).get_page(self.request.GET.get("page"))
        rows = rows_in_order(with_state(Document.objects.select_related("school")), page.object_list)
        return super().get_context_data(
            form=self.form,
            page_obj=page,
            table=pages.document_table(self.request, columns, rows),
            may_keep=bool(self.rules.schools(user, "keep")),
            may_export=bool(self.rules.schools(user, "export")),
            may_notices=notice_rules.can_ever(user, "view"),
            export_query=self.request.GET.urlencode(),
            **kwargs,
        )


class DocumentExport(ListMixin, View):
    """What the filters leave, as a file. Recorded."""

    action = "export"
    http_method_names = ("get",)

    def get(self, request: HttpRequest) -> HttpResponse:
        """The file."""
        rows = with_state(self.found()).select_related("school").order_by("title", "pk")
        lines = [pages.exported(row) for row in rows]
        school = School.objects.get(pk=self.places[0].pk) if len(self.places) == 1 else None
        library.export_recorded(actor=request.user, school=school, count=len(lines))
        return csvfiles.response(f"documents-{timezone.localdate():%Y-%m-%d}.csv", pages.EXPORTED, lines)


class OneDocumentMixin(ObjectMixin):
    """A page about one document."""

    rules = document_rules
    select_related = ("school__trust", "supplements__school", "follows", "created_by")
    object: Document


class DocumentDetail(OneDocumentMixin, TemplateView):
    """The document as it is in force, with what stands around it; keepers and reviewers see its draft."""

    template_name = "policies/documents/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """Words, facts, versions, links and laws, and what the person may do."""
        user, row = self.request.user, self.object
        versions = with_body(version_rules.visible_to(user, "view").filter(document=row))
        now = next((one for one in versions if one.state == Version.State.IN_FORCE), None)
        keeps = self.rules.allows_at(user, "keep", row.school)
        above, used = self._above(row), row.retired_at is None
        visible = self.rules.visible_to(user, "view")
        links = row.links.filter(Q(other=None) | Q(other__in=visible.values("pk")))
        return super().get_context_data(
            facts=pages.facts_of(row, now),
            now=now,
            parts=pages.parts_of(now.body) if now else [],
            above=above,
            above_parts=pages.parts_of(above.text) if above else [],
            supplements=self._below(visible),
            versions=pages.version_table(row, versions),
            draft=next((one for one in versions if one.state == Version.State.DRAFT), None),
            has_versions=bool(versions),
            links=links.select_related("other"),
            cited=pages.cited(citations_of(row)),
            events=pages.date_events(row.date_changes.select_related("by")) if keeps else [],
            keeps=keeps and used,
            writes=used and self.rules.allows_at(user, "write", row.school),
            tells=bool(used and now and notice_rules.allows_at(user, "make", row.school)),
            **kwargs,
        )

    def _above(self, row: Document) -> Version | None:
        """What the trust says, above its supplement: both are read on one page."""
        if row.supplements_id is None:
            return None
        seen = version_rules.visible_to(self.request.user, "view").filter(document=row.supplements_id)
        return seen.filter(state=Version.State.IN_FORCE).select_related("document").first()

    def _below(self, visible: QuerySet[Document]) -> list[Document]:
        """The supplements of the reader's schools."""
        if not self.object.for_trust:
            return []
        rows = visible.filter(supplements=self.object, retired_at=None)
        return list(rows.select_related("school").order_by("school__name", "pk")[:200])


class DocumentAdd(OwnSchoolMixin, KeptInputMixin, AccessMixin, FormView):
    """Add a document, with what is in force already or a draft."""

    rules = document_rules
    action = "keep"
    template_name = "policies/documents/add.html"
    form_class = AddForm

    def get_initial(self) -> dict[str, Any]:
        """One page makes one document; the policy's next review is suggested until the policy itself is there."""
        first = {"once": uuid.uuid4(), "status": "since"}
        if self.place is None:
            return first
        known = Document.objects.filter(school=self.school, kind=DocumentKind.SOCIAL_MEDIA).exists()
        return {
            **first,
            "review": None if known else self.profile.next_review,
            "interval_months": self.profile.review_interval_months,
            "readers": ["staff"],
            "scope": "trust" if self.school.is_central else "own",
        }

    def get_form_kwargs(self) -> dict[str, Any]:
        """Of which trust documents it may be a supplement."""
        above = trust_documents(self.school)
        central = self.school.is_central
        return {
            **super().get_form_kwargs(),
            "trust_documents": above.none() if central else above,
            "central": central,
        }

    def get_form(self, form_class: type[AddForm] | None = None) -> AddForm | None:
        """No form before the school is known."""
        return super().get_form(form_class) if self.place else None

    def perform(self, form: AddForm) -> HttpResponse:
        """Add it."""
        due, by_month = form.cleaned_data["due"]
        row = library.document_add(
            actor=self.request.user,
            school=self.school,
            once=form.page,
            facts=form.facts,
            first=form.first,
            for_trust=form.for_trust,
            review_on=due,
            by_month=by_month,
        )
        messages.success(self.request, "The document is in the library.")
        return redirect(row.get_absolute_url())


class StepMixin(OneDocumentMixin, KeptInputMixin):
    """A step on one document, with its own title, button and words."""

    action = "keep"
    template_name = "policies/documents/step.html"
    title = button = ""
    points: tuple[str, ...] = ()

    def get_context_data(self, **kwargs: Any) -> dict:
        """What the page says."""
        kwargs = {"title": self.title, "button": self.button, "points": self.points, **kwargs}
        return super().get_context_data(back=self.object.get_absolute_url(), **kwargs)

    def done(self, said: str) -> HttpResponse:
        """Back to the document."""
        messages.success(self.request, said)
        return redirect(self.object.get_absolute_url())


class DocumentEdit(StepMixin, FormView):
    """Say something else about it. Its words change through a version alone."""

    form_class = EditForm
    title, button = "Change what is said about it", "Save"

    def get_initial(self) -> dict[str, Any]:
        """As it is now."""
        row = self.object
        names = ("title", "kind", "code", "readers", "interval_months")
        return {
            **{name: getattr(row, name) for name in names},
            "follows": row.follows,
            "supplements": row.supplements,
        }

    def get_form_kwargs(self) -> dict[str, Any]:
        """Of which trust documents it may be a supplement."""
        row = self.object
        above = trust_documents(row.school) if not row.school.is_central else Document.objects.none()
        if row.supplements_id:
            above = above | Document.objects.filter(pk=row.supplements_id)
        return {**super().get_form_kwargs(), "trust_documents": above}

    def perform(self, form: EditForm) -> HttpResponse:
        """Save it."""
        library.document_change(actor=self.request.user, document=self.object, facts=form.facts)
        return self.done("Saved.")


class DocumentDates(StepMixin, FormView):
    """Move the next review by hand, with a reason (subtle 92)."""

    form_class = DatesForm
    title, button = "Move the next review", "Move it"
    points = ("The date moves when a review is finished, or here with a reason. It never moves by itself.",)

    def get_initial(self) -> dict[str, Any]:
        """As it is now, or what the school's profile says."""
        row = self.object
        now = review_shown(row.review_on, row.review_by_month)
        return {"review": now or profile_of(row.school).next_review}

    def perform(self, form: DatesForm) -> HttpResponse:
        """Move it."""
        due, by_month = form.cleaned_data["due"]
        document_dates_set(
            actor=self.request.user,
            document=self.object,
            review_on=due,
            by_month=by_month,
            reason=form.cleaned_data["reason"],
        )
        return self.done("The next review was moved, and the reason is kept.")


class DocumentRetire(StepMixin, FormView):
    """End its use."""

    form_class = RetireForm
    title, button = "End the use of this document", "It is not used any more"
    points = (
        "Nobody is asked to read or review it any more. Its versions stay here to be read.",
        "A draft of it is put aside. This cannot be undone.",
    )

    def perform(self, form: RetireForm) -> HttpResponse:
        """End it."""
        library.document_retire(
            actor=self.request.user, document=self.object, reason=form.cleaned_data["reason"]
        )
        return self.done("The document is not used any more. It stays here to be read.")


class LinkAdd(StepMixin, FormView):
    """Link another policy."""

    form_class = LinkForm
    title, button = "Link another policy", "Link it"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The documents to choose from."""
        return {
            **super().get_form_kwargs(),
            "documents": library.linkable(self.request.user, self.object).order_by("title", "pk"),
        }

    def perform(self, form: LinkForm) -> HttpResponse:
        """Link it."""
        data = form.cleaned_data
        other = data["other"] if data["which"] == "here" else None
        library.link_add(
            actor=self.request.user, document=self.object, other=other, title=data["title"] or ""
        )
        return self.done("Linked.")


class OfDocumentMixin(ObjectMixin):
    """A button on a row that stands on a document's page: who may not see the document does not find it."""

    rules = document_rules
    action = "keep"
    model: Any = None

    def find(self, request: HttpRequest, uuid: Any) -> Any:
        """The row of a document that the person sees, else 404; PermissionDenied where they do not keep it."""
        seen = self.rules.visible_to(request.user, "view").values("pk")
        rows = self.model.objects.filter(document__in=seen).select_related("document__school")
        row = rows.filter(uuid=uuid).first()
        if row is None:
            raise Http404("No such page")
        if not self.rules.allows(request.user, self.action, row.document):
            raise PermissionDenied
        return row


class LinkRemove(OfDocumentMixin, PostOnly):
    """Take a linked policy away."""

    model = DocumentLink

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take it away."""
        back = self.object.document.get_absolute_url()
        try:
            library.link_remove(actor=request.user, link=self.object)
        except Refused as refusal:
            return refused(request, refusal, back)
        messages.success(request, "The link is gone.")
        return redirect(back)
