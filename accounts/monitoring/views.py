"""Pages of monitoring reports."""

import uuid
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views import View
from django.views.generic import FormView, TemplateView

from accounts.models import MonitoringAction, MonitoringReport
from accounts.monitoring import pages
from accounts.monitoring.access import action_rules, hearer_specs, monitoring_rules
from accounts.monitoring.facts import last_report, noted_about, with_last_look
from accounts.monitoring.forms import (
    ActionDoneForm,
    MonitoringFilter,
    MonitoringForm,
    initial_of,
)
from accounts.monitoring.selectors import searched, unread_by, with_numbers, with_state
from accounts.monitoring.services import (
    accounts_to_monitor,
    action_done,
    hearers_of,
    report_discard,
    report_read,
    report_save,
    report_send,
    report_start,
    reports_exported,
    url_of,
    what_is_missing,
)
from core import csvfiles
from core.errors import Refused
from core.paging import rows_in_order
from core.tables import ordering
from core.views import AccessMixin, KeptInputMixin, ObjectMixin, PostOnly, redirect, refused
from people.models import School
from people.selectors import Place, employees_at, governed_by, places_of, profile_of
from people.views.base import Question
from people.views.own_school import OwnSchoolMixin

PAGE = 25
A_MONTH = timedelta(days=30)
PARTS = ("all-in-all", "to-do")
"""Parts of the form beside the groups of accounts, to go on from."""


class ReportsMixin(AccessMixin):
    """The reports that the person may read, narrowed by the filters."""

    rules = monitoring_rules

    @cached_property
    def places(self) -> list[Place]:
        """The schools of these reports, to choose from."""
        rows = self.get_queryset().order_by().values("school")
        return places_of(rows)

    @cached_property
    def form(self) -> MonitoringFilter:
        """The filters in force."""
        return MonitoringFilter(self.request.GET or None, places=self.places)

    def found(self) -> QuerySet[MonitoringReport]:
        """The reports that the filters leave."""
        chosen = self.form.chosen
        rows = with_state(searched(self.get_queryset(), chosen.get("q", "")), self.request.user)
        if chosen.get("state"):
            rows = rows.filter(state=chosen["state"])
        if chosen.get("school"):
            rows = rows.filter(school__uuid=chosen["school"])
        return rows


class MonitoringList(ReportsMixin, TemplateView):
    """Reports, the newest first."""

    template_name = "accounts/monitoring/list.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """One page of them."""
        user = self.request.user
        columns = pages.report_columns(len(self.places) > 1)
        keys = self.found().order_by(*ordering(self.request, columns, "-period")).values_list("pk", flat=True)
        page = Paginator(keys, PAGE).get_page(self.request.GET.get("page"))
        details = with_numbers(with_state(MonitoringReport.objects.select_related("school", "by"), user))
        return super().get_context_data(
            form=self.form,
            page_obj=page,
            table=pages.report_table(self.request, columns, rows_in_order(details, page.object_list)),
            may_write=self.rules.can_ever(user, "write"),
            may_export=self.rules.can_ever(user, "export"),
            export_query=self.request.GET.urlencode(),
            **kwargs,
        )


class MonitoringExport(ReportsMixin, View):
    """The reports that were sent and that the filters leave, as a file. Recorded."""

    action = "export"
    http_method_names = ("get",)

    def get(self, request: HttpRequest) -> HttpResponse:
        """The file."""
        acts = Prefetch("actions", MonitoringAction.objects.select_related("owner"))
        rows = with_numbers(self.found().exclude(sent_at=None)).select_related("school", "by")
        lines = [pages.exported(row) for row in rows.prefetch_related(acts)]
        school = School.objects.get(pk=self.places[0].pk) if len(self.places) == 1 else None
        reports_exported(actor=request.user, school=school, count=len(lines))
        name = f"monitoring-{timezone.localdate():%Y-%m-%d}.csv"
        return csvfiles.response(name, pages.EXPORTED, lines)


class MonitoringFormMixin(KeptInputMixin):
    """The form of a report, with what the portal knows of each account beside it."""

    template_name = "accounts/monitoring/write.html"
    form_class = MonitoringForm
    report: MonitoringReport | None = None

    def asked(self, school: School) -> dict[str, Any]:
        """What the form offers at a school."""
        user = self.request.user
        rows = accounts_to_monitor(user, school).select_related("platform", "school")
        accounts = list(with_last_look(rows))
        return {
            "accounts": accounts,
            "noted": noted_about(user, accounts),
            "people": employees_at(school),
            "rows": self.report.actions.count() if self.report else 0,
        }

    def saved(self, report: MonitoringReport, form: MonitoringForm) -> HttpResponse:
        """On to the check of the draft, or back to where the person was writing."""
        then = self.request.POST.get("then", "")
        if then in {*PARTS, *(group.anchor for group in form.groups)}:
            # Said at that place: a banner would take the focus, and the page with it, to its top.
            return redirect(
                f"{reverse('accounts:monitoring-change', args=[report.uuid])}?saved={then}#{then}"
            )
        messages.success(self.request, "The draft is saved. Only you see it until you send it.")
        return redirect(url_of(report))


class MonitoringWrite(OwnSchoolMixin, MonitoringFormMixin, AccessMixin, FormView):
    """Begin a report."""

    rules = monitoring_rules
    action = "write"

    @cached_property
    def last(self) -> MonitoringReport | None:
        """The newest report of the school that was sent."""
        return last_report(self.place)

    def get_initial(self) -> dict[str, Any]:
        """From the day after the last report until today."""
        today = timezone.localdate()
        starts = min(self.last.ends_on + timedelta(days=1), today) if self.last else today - A_MONTH
        return {"once": uuid.uuid4(), "starts_on": starts, "ends_on": today}

    def get_form_kwargs(self) -> dict[str, Any]:
        """The accounts and colleagues of the school."""
        return {**super().get_form_kwargs(), **self.asked(self.school)}

    def get_context_data(self, **kwargs: Any) -> dict:
        """The form, once it is known for which school."""
        if self.place is None:
            return super().get_context_data(**{**kwargs, "form": None})
        hearers = pages.titles_of(self.profile, hearer_specs(self.profile))
        return super().get_context_data(last=self.last, hearers=hearers, **kwargs)

    def perform(self, form: MonitoringForm) -> HttpResponse:
        """Keep it as a draft."""
        report = report_start(
            actor=self.request.user,
            school=self.school,
            once=form.cleaned_data["once"],
            written=form.written,
        )
        return self.saved(report, form)


class OneReportMixin(ObjectMixin):
    """A page about one report."""

    rules = monitoring_rules
    select_related = ("school", "by")
    object: MonitoringReport


class MonitoringChange(OneReportMixin, MonitoringFormMixin, FormView):
    """Write a draft anew."""

    action = "edit"

    def find(self, request: HttpRequest, uuid: Any) -> MonitoringReport:
        """The draft, also for the form."""
        self.report = super().find(request, uuid)
        return self.report

    def get_initial(self) -> dict[str, Any]:
        """What it says now."""
        return initial_of(self.object)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The accounts and colleagues of the school."""
        return {**super().get_form_kwargs(), **self.asked(self.object.school)}

    def get_context_data(self, **kwargs: Any) -> dict:
        """The same page as for a new one."""
        profile = profile_of(self.object.school)
        return super().get_context_data(
            place=self.object.school,
            last=last_report(self.object.school),
            hearers=pages.titles_of(profile, hearer_specs(profile)),
            back=url_of(self.object),
            saved=self.request.GET.get("saved", ""),
            **kwargs,
        )

    def perform(self, form: MonitoringForm) -> HttpResponse:
        """Save it."""
        written, seen = form.written, form.cleaned_data["seen"]
        report = report_save(actor=self.request.user, report=self.object, written=written, seen=seen)
        return self.saved(report, form)


class MonitoringDetail(OneReportMixin, TemplateView):
    """A report: to be checked while it is a draft; to be read, and followed up, once it is sent."""

    template_name = "accounts/monitoring/detail.html"

    def find(self, request: HttpRequest, uuid: Any) -> MonitoringReport:
        """The visible report, with whether the person has still to read it, or 404."""
        unread = unread_by(request.user).filter(pk=OuterRef("pk"))
        rows = self.rules.visible_to(request.user, "view").annotate(to_read=Exists(unread))
        return get_object_or_404(rows.select_related(*self.select_related), uuid=uuid)

    def get_context_data(self, **kwargs: Any) -> dict:
        """What it says, who has read it, and what the person may do."""
        user, report = self.request.user, self.object
        draft = report.sent_at is None
        mine = action_rules.visible_to(user, "do").filter(pk=OuterRef("pk"))
        rows = report.actions.select_related("owner", "done_by").annotate(doable=Exists(mine))
        actions = list(rows)
        reads = list(report.reads.select_related("by"))
        governed = {place.pk: profile for place, profile in governed_by(user).items()}
        looked = list(report.accounts.select_related("account__platform"))
        if draft:
            specs, people = hearers_of(report.school, report.by)
        else:
            specs, people = [str(one) for one in report.hearers.all()], []
        return super().get_context_data(
            facts=pages.facts_of(report),
            draft=draft,
            may_edit=draft and self.rules.allows(user, "edit", report),
            missing=what_is_missing(report, looked) if draft else "",
            looked=pages.looked_table(looked),
            has_actions=bool(actions),
            actions=pages.action_table(actions),
            reads=reads,
            to_read=report.to_read,
            hearers=pages.titles_of(governed[report.school_id], specs),
            people=people,
            **kwargs,
        )


class MonitoringSend(OneReportMixin, PostOnly):
    """Send it."""

    action = "send"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """To whom the profile names."""
        try:
            report_send(actor=request.user, report=self.object)
        except Refused as refusal:
            return refused(request, refusal, url_of(self.object))
        messages.success(request, "The report is sent. It cannot be changed any more.")
        return redirect(url_of(self.object))


class MonitoringDiscard(OneReportMixin, Question):
    """Throw a draft away."""

    action = "edit"

    def asks(self) -> dict[str, Any]:
        """Once more, as it cannot be had back."""
        return {
            "title": "Throw this draft away?",
            "points": ("Nobody but you has seen it. It cannot be had back.",),
            "button": "Throw it away",
            "back": url_of(self.object),
        }

    def perform(self, form: Any) -> HttpResponse:
        """Do it."""
        report_discard(actor=self.request.user, report=self.object)
        return self.finish(self.request, reverse("accounts:monitoring-list"), "The draft is gone.")


class MonitoringMarkRead(OneReportMixin, PostOnly):
    """I have read it."""

    action = "read"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Keep it."""
        report_read(actor=request.user, report=self.object)
        messages.success(request, "It is noted that you have read this report.")
        return redirect(url_of(self.object))


class MonitoringActionDone(ObjectMixin, KeptInputMixin, FormView):
    """What was done about an action."""

    rules = action_rules
    action = "do"
    select_related = ("report__school", "owner")
    template_name = "accounts/monitoring/action_done.html"
    form_class = ActionDoneForm

    def get_context_data(self, **kwargs: Any) -> dict:
        """The way back."""
        return super().get_context_data(back=url_of(self.object.report), **kwargs)

    def perform(self, form: ActionDoneForm) -> HttpResponse:
        """Mark it."""
        action_done(actor=self.request.user, action=self.object, note=form.cleaned_data["note"])
        messages.success(self.request, "It is marked as done.")
        return redirect(url_of(self.object.report))
