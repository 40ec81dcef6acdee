"""The pages of reviews."""

import uuid
from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views import View
from django.views.generic import FormView, TemplateView

from approvals.access import approval_rules
from core import csvfiles
from core.paging import rows_in_order
from core.tables import ordering
from core.views import AccessMixin, KeptInputMixin, ObjectMixin, redirect
from people.selectors import Place, places_of
from policies.documents.access import document_rules, version_rules
from policies.documents.pages import file_stem
from policies.downloads import download
from policies.models import Document, Review, ReviewSignature, Version
from policies.reviews import pages
from policies.reviews.access import review_rules, reviewer_specs
from policies.reviews.content import lines_of, to_sign
from policies.reviews.forms import ReviewFilter, StartForm
from policies.reviews.selectors import governing, overdue
from policies.reviews.services import review_start, reviews_exported, url_of

PAGE = 25
MOST_OVERDUE = 10


class ReviewsMixin(AccessMixin):
    """The reviews that the person may see, narrowed by the filters."""

    rules = review_rules

    @cached_property
    def places(self) -> list[Place]:
        """The schools of this list."""
        return places_of(self.rules.schools(self.request.user, self.action))

    @cached_property
    def form(self) -> ReviewFilter:
        """The filters in force."""
        return ReviewFilter(self.request.GET or None, places=self.places)

    def found(self) -> QuerySet[Review]:
        """The reviews that the filters leave."""
        chosen, rows = self.form.chosen, self.get_queryset()
        for word in chosen.get("q", "").split():
            rows = rows.filter(document__title__icontains=word)
        if chosen.get("state"):
            rows = rows.filter(state=chosen["state"])
        if chosen.get("school"):
            rows = rows.filter(document__school__uuid=chosen["school"])
        return rows


class ReviewList(ReviewsMixin, TemplateView):
    """Every review, the newest first; what is overdue and not begun stands on top."""

    template_name = "policies/reviews/list.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """One page of it."""
        user = self.request.user
        heads = pages.columns(len(self.places) > 1)
        keys = self.found().order_by(*ordering(self.request, heads, "-started")).values_list("pk", flat=True)
        page = Paginator(keys, PAGE).get_page(self.request.GET.get("page"))
        rows = rows_in_order(
            Review.objects.select_related("document__school", "started_by"), page.object_list
        )
        late = list(overdue(user).select_related("school")[: MOST_OVERDUE + 1])
        return super().get_context_data(
            form=self.form,
            page_obj=page,
            table=pages.table(self.request, heads, rows),
            late=late[:MOST_OVERDUE],
            more_late=len(late) > MOST_OVERDUE,
            several=len(self.places) > 1,
            may_export=bool(self.rules.schools(user, "export")),
            export_query=self.request.GET.urlencode(),
            **kwargs,
        )


class ReviewExport(ReviewsMixin, View):
    """What the filters leave, as a file. Recorded."""

    action = "export"
    http_method_names = ("get",)

    def get(self, request: HttpRequest) -> HttpResponse:
        """The file."""
        signed = Prefetch("signatures", ReviewSignature.objects.select_related("user"))
        rows = self.found().select_related("document__school", "started_by", "proposed")
        lines = [pages.exported(row) for row in rows.prefetch_related(signed)]
        reviews_exported(actor=request.user, count=len(lines))
        return csvfiles.response(f"reviews-{timezone.localdate():%Y-%m-%d}.csv", pages.EXPORTED, lines)


class ReviewStart(ObjectMixin, KeptInputMixin, FormView):
    """Begin the review of a document: who signs, who ratifies, and what is open already."""

    rules = document_rules
    action = "review"
    select_related = ("school",)
    template_name = "core/step.html"
    form_class = StartForm
    object: Document

    def get_initial(self) -> dict[str, Any]:
        """One page begins one review."""
        return {"once": uuid.uuid4()}

    def get_context_data(self, **kwargs: Any) -> dict:
        """What will happen, in sentences."""
        profile = governing(self.request.user, self.object.school)
        points = [f"It is reviewed and signed by: {pages.who_reviews(profile)}.", pages.what_follows(profile)]
        if self.object.review_on is None:
            points.insert(0, "No date is set for its review.")
        return super().get_context_data(
            title="Begin the review",
            points=points,
            button="Begin the review",
            back=self.object.get_absolute_url(),
            **kwargs,
        )

    def perform(self, form: StartForm) -> HttpResponse:
        """Begin, and go on to write."""
        review = review_start(actor=self.request.user, document=self.object, once=form.cleaned_data["once"])
        return redirect(url_of(review))


class OneReviewMixin(ObjectMixin):
    """A page about one review."""

    rules = review_rules
    select_related = ("document__school", "started_by", "proposed", "approval")
    object: Review

    @cached_property
    def profile(self) -> Any:
        """How the school of the document governs."""
        return governing(self.request.user, self.object.document.school)

    @cached_property
    def signatures(self) -> list[ReviewSignature]:
        """Every signature, those that do not count any more too."""
        return list(self.object.signatures.select_related("user", "signature"))

    @cached_property
    def lines(self) -> list[Any]:
        """Who has signed and who is still to sign."""
        return lines_of(self.object, self.profile, self.signatures)

    def proposal(self) -> dict[str, Any]:
        """The proposed version, whether its own page is open to the person, and with what to compare it."""
        version = self.object.proposed
        if version is None:
            return {"proposed": None}
        either = Q(pk=version.pk) | Q(document=self.object.document_id, state=Version.State.IN_FORCE)
        seen = list(version_rules.visible_to(self.request.user).filter(either).only("uuid", "state"))
        return {
            "proposed": version,
            "sees_version": version in seen,
            "compare_with": next((one for one in seen if one != version), None),
        }


class ReadMixin(OneReviewMixin):
    """A page that is also open to whoever must ratify in place of somebody else."""

    def find(self, request: HttpRequest, uuid: Any) -> Review:
        """The review among those that the person may read, or 404."""
        rows = self.rules.visible_to(request.user, "read").select_related(*self.select_related)
        row = rows.filter(uuid=uuid).first()
        if row is None:
            raise Http404("No such page")
        return row


class ReviewDetail(ReadMixin, TemplateView):
    """What the review says, who has signed, who is still to sign, and what follows."""

    template_name = "policies/reviews/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """Facts, signatures, history, and what the person may do."""
        user, review = self.request.user, self.object
        may_write = review.document.school_id in self.rules.schools(user, "write")
        is_open = review.state == Review.State.OPEN
        approval = review.approval
        return super().get_context_data(
            facts=pages.facts_of(review),
            status=pages.state_of(review),
            lines=self.lines,
            events=pages.events_of(review, self.signatures, self.profile),
            follows=pages.what_follows(self.profile) if is_open else "",
            others=is_open and review.reviewers != reviewer_specs(self.profile),
            may_write=may_write and is_open,
            may_take=may_write and is_open and review.started_by_id != user.pk,
            may_drop=may_write and review.state in (Review.State.OPEN, Review.State.RATIFYING),
            may_sign=bool(to_sign(user, review, self.lines)),
            approval=approval
            if approval and approval_rules.visible_to(user).filter(pk=approval.pk).exists()
            else None,
            **self.proposal(),
            **kwargs,
        )


class ReviewFile(ReadMixin, View):
    """The file of the proposed version, for whoever may read the review; always as a download."""

    http_method_names = ("get",)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The file."""
        version = self.object.proposed
        if version is None or not version.file:
            raise Http404("No such file")
        return download(version.file, version.media_type, file_stem(version))
