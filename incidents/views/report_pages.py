"""Reports that came in: the list, one report, and what is done about it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.views.generic import FormView, TemplateView

from core.tables import ordering
from core.views import AccessMixin, InputMixin, redirect
from incidents import pages
from incidents.access import matter_rules
from incidents.forms import IMAGE, CloseForm, ReportFilter, TechnicianForm
from incidents.models import DealtWith, Handover, Matter, MatterKind, TechnicianPart
from incidents.selectors import with_state
from incidents.services.acting import (
    DECLARATION,
    addresses_hand_over,
    matter_close,
    may_close,
    may_hand_over,
    technician_done,
)
from incidents.services.reports import matter_read
from incidents.views.base import OneMatterMixin, several_schools
from incidents.views.report_new import last_resort
from people.forms.roles import Nothing

PAGE = 25
REPORTS = (MatterKind.CONTENT, MatterKind.IMAGE)
TABS = {"read": "To me", "block": "Sites to block", "own": "Sent by me"}


class ReportList(AccessMixin, TemplateView):
    """Reports to the person's roles, sites for them to block, and what they sent themselves."""

    rules = matter_rules
    sensitive = True
    template_name = "incidents/report_list.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """One page of one list."""
        user = self.request.user
        tabs = self._tabs()
        asked = self.request.GET.get("show", "")
        show = asked if asked in tabs else next(iter(tabs))
        form = ReportFilter(self.request.GET or None)
        columns = pages.report_columns(show, several_schools(user))
        rows = self._found(show, form.chosen).order_by(*ordering(self.request, columns, "-what"))
        page = Paginator(rows, PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            form=form if show == "read" else None,
            page_obj=page,
            show=show,
            tabs=[{"key": key, "title": TABS[key]} for key in tabs] if len(tabs) > 1 else [],
            table=pages.report_table(self.request, show, columns, page),
            filtered=bool(form.chosen) and show == "read",
            may_report=matter_rules.can_ever(user, "report"),
            **kwargs,
        )

    def _tabs(self) -> list[str]:
        """The lists in which something stands for this person; their own is always there."""
        found = [
            key
            for key in ("read", "block")
            if matter_rules.visible_to(self.request.user, key).filter(kind__in=REPORTS).exists()
        ]
        return [*found, "own"]

    def _found(self, show: str, chosen: dict[str, Any]) -> QuerySet[Matter]:
        rows = matter_rules.visible_to(self.request.user, show).filter(kind__in=REPORTS)
        rows = with_state(rows).select_related("school", "content")
        if show == "block":
            done = TechnicianPart.objects.filter(matter=OuterRef("pk"))
            return rows.annotate(blocked_already=Exists(done))
        if show == "read" and chosen.get("state"):
            rows = rows.filter(closed=chosen["state"] == "closed")
        if show == "read" and chosen.get("kind"):
            wanted = (
                {"kind": MatterKind.IMAGE} if chosen["kind"] == IMAGE else {"content__nature": chosen["kind"]}
            )
            rows = rows.filter(**wanted)
        return rows


class ReportDetail(OneMatterMixin, TemplateView):
    """Everything, for the road; their own words and that it was received, for the reporter (subtle 90)."""

    kinds = REPORTS
    template_name = "incidents/report_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """Reading what is about a person is recorded."""
        matter = self.object
        if not self.may("read"):
            facts = pages.facts_of(matter, with_reporter=False)
            return super().get_context_data(facts=facts, reads=False, **last_resort(matter), **kwargs)
        matter_read(actor=self.request.user, matter=matter)
        part = TechnicianPart.objects.filter(matter=matter).select_related("by", "signature").first()
        handover = Handover.objects.filter(matter=matter).select_related("by").first()
        dealt = DealtWith.objects.filter(matter=matter).select_related("by").first()
        blocks = self.may("block")
        return super().get_context_data(
            reads=True,
            facts=pages.facts_of(matter),
            part=pages.part_rows(part) if part else [],
            events=pages.events_of(matter, handover, part, dealt),
            status=pages.state_of(matter, part, dealt),
            may_fill_in=blocks and part is None,
            may_hand_over=may_hand_over(matter),
            may_close=may_close(matter),
            waits=part is None and any(step.blocks for step in matter.road.all()),
            **kwargs,
        )


class OneReportForm(OneMatterMixin, InputMixin, FormView):
    """A step on one report."""

    kinds = REPORTS
    template_name = "core/step.html"
    title = button = ""
    points: tuple[str, ...] = ()

    def get_context_data(self, **kwargs: Any) -> dict:
        """What the page says."""
        return super().get_context_data(
            title=self.title, button=self.button, points=self.points, back=self.back(), **kwargs
        )

    def back(self) -> str:
        """Where the page leads back to."""
        return reverse("incidents:report-detail", args=[self.object.uuid])

    def done(self, message: str) -> HttpResponse:
        """Back, with what was done."""
        messages.success(self.request, message)
        return redirect(self.back())


class ReportHandOver(OneReportForm):
    """A recipient lets the technician have the addresses, and nothing else."""

    action = "hand_over"
    kinds = (MatterKind.CONTENT,)
    form_class = Nothing
    title, button = "Ask the technician to block the site", "Hand the addresses over"
    points = (
        "The technician sees the addresses, the nature of the content and the date.",
        "They do not see whom the report is about, what was written, or who sent it.",
    )

    def perform(self, form: Nothing) -> HttpResponse:
        """Hand them over."""
        addresses_hand_over(actor=self.request.user, matter=self.object)
        return self.done("The technician has the addresses, and has been told.")


class ReportClose(OneReportForm):
    """A recipient says how it was dealt with."""

    action = "deal"
    form_class = CloseForm
    title, button = "Close the report", "Close the report"
    points = (
        "What you write here stays with the report and cannot be changed. Only its recipients read it.",
    )

    def get_context_data(self, **kwargs: Any) -> dict:
        """A picture that nobody may describe is not described here either."""
        image = self.object.kind == MatterKind.IMAGE
        warning = "Do not describe the picture, and do not write where it is." if image else ""
        return super().get_context_data(warning=warning, **kwargs)

    def perform(self, form: CloseForm) -> HttpResponse:
        """Close it."""
        matter_close(actor=self.request.user, matter=self.object, **form.cleaned_data)
        return self.done("The report is closed.")


class ReportTechnician(OneReportForm):
    """The technician's part: addresses, nature and date, and the form (STM-14.06 to 14.09)."""

    sees = action = "block"
    kinds = (MatterKind.CONTENT,)
    template_name = "incidents/report_technician.html"
    form_class = TechnicianForm

    def get_context_data(self, **kwargs: Any) -> dict:
        """What is needed to block the site, and nothing else; the part itself once it is filled in."""
        part = TechnicianPart.objects.filter(matter=self.object).select_related("by", "signature").first()
        return super().get_context_data(
            facts=pages.addresses_of(self.object),
            part=pages.part_rows(part) if part else [],
            declaration=DECLARATION,
            reads=self.may("read"),
            **kwargs,
        )

    def back(self) -> str:
        """To the report for whoever reads it, else to the list of sites to block."""
        if self.may("read"):
            return super().back()
        return f"{reverse('incidents:report-list')}?show=block"

    def perform(self, form: TechnicianForm) -> HttpResponse:
        """Sign it."""
        data = form.cleaned_data
        technician_done(
            actor=self.request.user,
            matter=self.object,
            action_taken=data["action_taken"],
            blocked=data["blocked"] == "yes",
            typed_name=data["typed_name"],
        )
        return self.done("Your part is signed.")
