"""Pages of requests for accounts: list, start, sections, check, withdraw, put aside."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import FormView, TemplateView

from accounts.access import request_rules
from accounts.answers import Problem
from accounts.choices import Form
from accounts.directory import Directory
from accounts.models import AccountRequest
from accounts.questions import FORMS
from accounts.request_detail_views import OneRequest
from accounts.request_forms import RequestFilterForm, SectionForm, StartForm
from accounts.request_selectors import (
    Reading,
    anchor_of,
    check_sections,
    matching,
    requests_of,
    road_of,
    schools_for,
    with_status,
)
from accounts.services.requests import (
    answers_save,
    may_apply,
    request_discard,
    request_send,
    request_start,
    request_take_back,
    why_closed,
)
from approvals.models import ApprovalStep
from core.access import standing_of
from core.errors import Refused
from core.tables import Column, Link, Status, Table, ordering
from core.views import AccessMixin, KeptInputMixin, ObjectMixin, redirect, refused
from people.models import School
from people.selectors import places_of, profile_of

PAGE = 25
COLUMNS = [
    Column("name", "Account", sortable=True),
    Column("platform", "Platform", sortable=True, order_by="platform__name"),
    Column("status", "Status"),
    Column("lies_with", "Waits for"),
    Column("changed_at", "Last change", sortable=True),
]
BY = Column("requested_by", "Asked by", sortable=True, order_by="requested_by__full_name")
AT = Column("school", "School", sortable=True, order_by="school__name")


class RequestList(AccessMixin, TemplateView):
    """My requests, and those of others that I may see."""

    template_name = "accounts/request_list.html"
    rules = request_rules

    def get_context_data(self, **kwargs: Any) -> dict:
        """One page of the list, searched, filtered and sorted."""
        others = self.request.GET.get("show") == "others"
        schools = places_of(standing_of(self.request.user).all_schools())
        form = RequestFilterForm(self.request.GET or None, schools=schools)
        rows = self._rows(form, others)
        columns = [*COLUMNS[:1], *([BY] if others else []), *([AT] if len(schools) > 1 else []), *COLUMNS[1:]]
        order = ordering(self.request, columns, "-changed_at")
        page = Paginator(rows.order_by(*order), PAGE).get_page(self.request.GET.get("page"))
        caption = "Requests of colleagues" if others else "My requests"
        cells = [self._cells(row) for row in page]
        return super().get_context_data(
            others=others,
            form=form,
            page_obj=page,
            table=Table(columns, cells, caption, self.request, "-changed_at", caption_hidden=True),
            may_start=request_rules.can_ever(self.request.user, "start"),
            **kwargs,
        )

    def _rows(self, form: RequestFilterForm, others: bool) -> QuerySet[AccountRequest]:
        chosen = form.chosen
        rows = matching(requests_of(self.request.user, others=others), chosen.get("q", ""))
        rows = with_status(rows, chosen.get("status", ""))
        return rows.filter(school__uuid=chosen["school"]) if "school" in chosen else rows

    def _cells(self, row: AccountRequest) -> dict[str, Any]:
        url = reverse("accounts:request-detail", args=[row.uuid])
        return {
            "name": Link(str(row), url),
            "requested_by": row.requested_by.full_name,
            "school": row.school.name,
            "platform": row.platform.name if row.platform_id else None,
            "status": Status(row.status),
            "lies_with": row.lies_with,
            "changed_at": row.changed_at,
        }


class RequestStart(KeptInputMixin, AccessMixin, FormView):
    """Choose the school, read what follows and who decides, and start a draft."""

    template_name = "accounts/request_start.html"
    form_class = StartForm
    rules = request_rules
    action = "start"

    @cached_property
    def schools(self) -> list[School]:
        """Where the person may start."""
        return schools_for(self.request.user)

    @cached_property
    def school(self) -> School | None:
        """The chosen school; the only one where there is only one. A school of others is not found."""
        asked = self.request.POST.get("school") or self.request.GET.get("school")
        if not asked:
            return self.schools[0] if len(self.schools) == 1 else None
        found = next((one for one in self.schools if str(one.uuid) == asked), None)
        if found is None:
            raise Http404("No such school")
        return found

    def get_initial(self) -> dict[str, Any]:
        """A fresh page starts a fresh draft, once."""
        copy = self.request.GET.get("copy", "")
        return {"school": self.school and self.school.uuid, "once": uuid.uuid4(), "copy": copy}

    def get_context_data(self, **kwargs: Any) -> dict:
        """What follows at this school, or why nothing can."""
        context = super().get_context_data(schools=self.schools, school=self.school, **kwargs)
        if self.school is None:
            return context
        profile = profile_of(self.school)
        closed = why_closed(profile)
        context["closed"] = closed
        context["allowed"] = may_apply(self.request.user, self.school, profile)
        context["applicants"] = profile.describe("applicants")
        if not closed:
            directory = Directory(self.school)
            context["form_title"] = Form(profile.account_form).label
            context["sections"] = [section.title for section in FORMS[profile.account_form]]
            context["road"] = road_of(profile, directory, self.request.user)
            context["domains"] = profile.allowed_email_domains
            context["administrators"] = profile.min_admins or 1
        return context

    def perform(self, form: StartForm) -> HttpResponse:
        """Start the draft, with the answers of an earlier request if asked."""
        copy_of = None
        if form.cleaned_data["copy"]:
            mine = request_rules.visible_to(self.request.user, "edit")
            copy_of = mine.filter(uuid=form.cleaned_data["copy"], school=self.school).first()
            if copy_of is None:
                raise Http404("No such request")
        row = request_start(
            actor=self.request.user, school=self.school, once=form.cleaned_data["once"], copy_of=copy_of
        )
        return redirect(reverse("accounts:request-detail", args=[row.uuid]))


class RequestSection(KeptInputMixin, OneRequest, FormView):
    """One section of a draft on one page. What can be read is saved, whatever else is wrong."""

    template_name = "accounts/request_section.html"
    form_class = SectionForm
    action = "edit"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Find the request, then its section: one that is not asked leads back to the task list."""
        self.object = self.find(request, kwargs["uuid"])
        if kwargs["section"] not in {section.slug for section in FORMS[self.object.form]}:
            raise Http404("No such section")
        self.reading = Reading(self.object, timezone.localdate())
        self.section = next((one for one in self.reading.sections if one.slug == kwargs["section"]), None)
        if self.section is None or (request.method != "POST" and not self.object.is_editable):
            return redirect(self.detail_url)
        return super(ObjectMixin, self).dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict:
        """The section and what was answered so far."""
        return {**super().get_form_kwargs(), "reading": self.reading, "section": self.section}

    def get_form(self, form_class: Any = None) -> SectionForm:
        """With ?problems=1 the page opens with what is wrong beside its fields."""
        form = super().get_form(form_class)
        if self.request.method == "GET" and "problems" in self.request.GET and not form.is_bound:
            form.add_problems(self._own_problems())
        return form

    def get_context_data(self, **kwargs: Any) -> dict:
        """The section's place among the others."""
        slugs = [one.slug for one in self.reading.sections]
        number = slugs.index(self.section.slug) + 1 if self.section.slug in slugs else 1
        return super().get_context_data(
            section=self.section, number=number, count=len(slugs), back=self.detail_url, **kwargs
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save what can be read; then go on, stop here, or show what is wrong with all that was typed."""
        form = self.get_form()
        form.is_valid()
        try:
            saved = answers_save(
                actor=request.user, request=self.object, values=form.values(), people=form.people()
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
            return self.form_invalid(form)
        action = request.POST.get("action", "")
        if action.startswith("add-"):
            return (
                self.form_invalid(form)
                if form.errors
                else self.render_to_response(self.get_context_data(form=form))
            )
        saved.school = self.object.school
        self.reading.refresh(saved)
        if action != "later":
            form.add_problems(self._own_problems())
        if form.errors:
            return self.form_invalid(form)
        if action == "later":
            messages.success(request, f"Saved: {self.section.title}.")
            return redirect(self.detail_url)
        return redirect(self.reading.after(self.section))

    def _own_problems(self) -> list[Problem]:
        return [problem for problem in self.reading.problems if problem.key in self.section.keys]


class RequestCheck(OneRequest, TemplateView):
    """Every answer on one page, what is missing, who will sign; and the button that sends it."""

    template_name = "accounts/request_check.html"
    action = "edit"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A request that was sent already is read on its own page, also after a double click."""
        self.object = self.find(request, kwargs["uuid"])
        if not self.object.is_editable:
            return redirect(self.detail_url)
        return super(ObjectMixin, self).dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict:
        """The answers with their Change links, what is wrong, and the road."""
        reading = Reading(self.object, timezone.localdate())
        frozen = reading.snapshot()
        return super().get_context_data(
            sections=check_sections(reading, frozen),
            problems=[
                {
                    "text": problem.message,
                    "url": f"{state.url}?problems=1#{anchor_of(problem.key, problem.detail)}",
                }
                for state in reading.states
                for problem in state.problems
            ],
            road=road_of(reading.profile, reading.directory, self.object.requested_by),
            again=self.object.approval_id is not None,
            back=self.detail_url,
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send it. A second click finds it sent and shows where it stands."""
        try:
            approval = request_send(actor=request.user, request=self.object)
        except Refused as refusal:
            self.object.refresh_from_db()
            if not self.object.is_editable:
                return redirect(self.detail_url)
            return self.render_to_response(self.get_context_data(refusal=refusal.message), status=422)
        first = approval.steps.filter(status=ApprovalStep.Status.CURRENT).first()
        messages.success(request, f"Your request was sent. It now waits for: {first.title}.")
        return redirect(self.detail_url)


class RequestWithdraw(OneRequest, TemplateView):
    """Take a submitted request back, after a second thought."""

    template_name = "accounts/request_withdraw.html"
    action = "withdraw"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take it back."""
        try:
            request_take_back(actor=request.user, request=self.object)
        except Refused as refusal:
            return refused(request, refusal, self.detail_url)
        messages.success(request, "Your request was withdrawn.")
        return redirect(self.detail_url)


class RequestDiscard(OneRequest, TemplateView):
    """Put a draft aside, after a second thought."""

    template_name = "accounts/request_discard.html"
    action = "edit"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Put it aside."""
        try:
            request_discard(actor=request.user, request=self.object)
        except Refused as refusal:
            return refused(request, refusal, self.detail_url)
        messages.success(request, f"“{self.object}” was put aside.")
        return redirect(reverse("accounts:request-list"))
