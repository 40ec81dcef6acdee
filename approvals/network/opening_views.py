"""What the pages about blocked sites and about the Wi-Fi share: where to ask, lists, and the steps after a yes."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.views.generic import FormView, TemplateView

from approvals.models import ApprovalRequest, Stage, TimedOpening
from approvals.network.forms import BecauseForm, OpenedForm, OpeningFilter
from approvals.network.receivers import is_carrier
from approvals.network.timed import may_carry_out, opening_end, opening_opened, opening_shut, url_of
from core.access import Rules
from core.paging import rows_in_order
from core.tables import Column, Link, Status, Table, ordering
from core.views import AccessMixin, KeptInputMixin, ObjectMixin, redirect
from people.forms.roles import Nothing
from people.views.own_school import OwnSchoolMixin

PAGE = 25


class AskView(OwnSchoolMixin, KeptInputMixin, AccessMixin, FormView):
    """Ask at one's own school."""

    action = "ask"

    def get_initial(self) -> dict[str, Any]:
        """One page makes one request."""
        return {"once": uuid.uuid4()}

    def get_context_data(self, **kwargs: Any) -> dict:
        """Why nothing can be asked at the chosen school, if so."""
        context = super().get_context_data(**kwargs)
        if self.place is not None:
            context.update(school=self.school, profile=self.profile, closed=self.why_closed())
        return context

    def why_closed(self) -> str:
        """Why nobody can ask at this school, in words; "" where they can."""
        return ""


def stage_of(row: TimedOpening, approval_status: str) -> str:
    """The status to show: while nobody has said yes to everything, where the decision stands."""
    if row.stage == Stage.ASKED:
        return approval_status
    if row.stage == Stage.CLOSED:
        lapsed = approval_status == ApprovalRequest.Status.APPROVED
        return "ended" if lapsed else approval_status
    return row.stage


class OpeningList(AccessMixin, TemplateView):
    """The requests that the person may see, newest first."""

    columns: tuple[Column, ...]
    words: tuple[str, ...]

    def get_context_data(self, **kwargs: Any) -> dict:
        """One page of the list."""
        form = OpeningFilter(self.request.GET or None)
        columns = list(self.columns)
        rows = self.found(form.chosen).order_by(*ordering(self.request, columns, "-created_at"))
        page = Paginator(rows.values_list("pk", flat=True), PAGE).get_page(self.request.GET.get("page"))
        table = Table(
            columns,
            [
                self.cells(row)
                for row in rows_in_order(self.with_details(self.get_queryset()), page.object_list)
            ],
            self.caption,
            self.request,
            "-created_at",
            caption_hidden=True,
        )
        return super().get_context_data(
            form=form,
            page_obj=page,
            table=table,
            may_ask=self.rules.can_ever(self.request.user, "ask"),
            **kwargs,
        )

    caption = "Requests"

    def with_details(self, rows: QuerySet) -> QuerySet:
        """With what a row of the table shows."""
        return rows.select_related("school", "requested_by")

    def found(self, chosen: dict[str, Any]) -> QuerySet:
        """Narrowed by the filters."""
        rows = self.get_queryset()
        if chosen.get("stage"):
            rows = rows.filter(stage=chosen["stage"])
        if chosen.get("whose"):
            rows = rows.filter(requested_by=self.request.user)
        for word in chosen.get("q", "").split():
            hit = Q(requested_by__full_name__icontains=word)
            for field in self.words:
                hit |= Q(**{f"{field}__icontains": word})
            rows = rows.filter(hit)
        return rows

    def cells(self, row: Any) -> dict[str, Any]:
        """One row of the table."""
        return {
            "what": Link(str(row), url_of(row)),
            "school": row.school.name,
            "requested_by": row.requested_by.full_name,
            "for_whom": row.for_whom_in_words,
            "created_at": timezone.localtime(row.created_at).date(),
            "until": row.until or "No last day",
        }

    @staticmethod
    def status(value: str) -> Status:
        """A status cell."""
        return Status(value)


class OpeningStep(KeptInputMixin, ObjectMixin, FormView):
    """A step on one opening, asked on a page of its own; it leads back to the row's page."""

    template_name = "core/step.html"
    select_related = ("school", "requested_by")
    rules: Rules
    title = button = done = ""
    points: tuple[str, ...] = ()
    warning = ""

    def find(self, request: Any, uuid: Any) -> TimedOpening:
        """The row; what a receiver does, only who receives at its school may open."""
        row = super().find(request, uuid)
        if self.action == "carry_out" and not is_carrier(request.user, row):
            raise PermissionDenied
        return row

    def get_context_data(self, **kwargs: Any) -> dict:
        """What the page says."""
        return super().get_context_data(
            title=self.title,
            button=self.button,
            points=self.points,
            warning=self.warning,
            back=url_of(self.object),
            **kwargs,
        )

    def perform(self, form: Any) -> HttpResponse:
        """Do it and go back."""
        self.do(form)
        messages.success(self.request, self.done)
        return redirect(url_of(self.object))

    def do(self, form: Any) -> None:
        """Call the service. Raises Refused."""
        raise TypeError(f"{type(self).__name__} does nothing")


class Withdraw(OpeningStep):
    """The asker takes it back."""

    action = "change"
    form_class = Nothing
    title, button, done = "Withdraw this request?", "Withdraw", "Your request was withdrawn."
    points = ("Nobody will decide on it any more. It stays in the history.",)


class Opened(OpeningStep):
    """The technician says that it is open."""

    action = "carry_out"
    form_class = OpenedForm
    title, button, done = "It is open now", "Record that it is open", "Recorded. Whoever asked has been told."
    points = ("Open it on the filter or network first. The portal cannot do that for you.",)

    def do(self, form: OpenedForm) -> None:
        """Record it."""
        opening_opened(actor=self.request.user, row=self.object, note=form.cleaned_data["note"])


class End(OpeningStep):
    """End access before its last day."""

    action = "end"
    form_class = BecauseForm
    title, button = "End access now", "End access"
    done = "Access has ended. Whoever opens and blocks sites has been told."
    warning = "Access is over from this moment on. Whoever opens and blocks sites is told."

    def do(self, form: BecauseForm) -> None:
        """End it."""
        opening_end(actor=self.request.user, row=self.object, because=form.cleaned_data["because"])


class Shut(OpeningStep):
    """The technician says that it is blocked again."""

    action = "carry_out"
    form_class = Nothing
    title, button, done = "It is blocked again", "Record that it is blocked again", "Recorded."
    points = ("Block it on the filter or network first. The portal cannot do that for you.",)

    def do(self, form: Any) -> None:
        """Record it."""
        opening_shut(actor=self.request.user, row=self.object)


def steps_for(user: Any, row: TimedOpening, rules: Rules) -> dict[str, bool]:
    """What this person may do with it now."""
    waits = row.stage in (Stage.TO_OPEN, Stage.TO_SHUT)
    carries = waits and may_carry_out(user, row)
    ends = row.stage in (Stage.TO_OPEN, Stage.OPEN) and rules.allows(user, "end", row)
    return {
        "may_open": carries and row.stage == Stage.TO_OPEN,
        "may_shut": carries and row.stage == Stage.TO_SHUT,
        "may_end": ends,
    }


def life_of(row: TimedOpening) -> list[dict[str, Any]]:
    """Opened, over, blocked again: for the timeline."""
    events = []
    if row.opened_at:
        events.append(
            {"title": "Opened", "when": row.opened_at, "by": row.opened_by_name, "text": row.opened_note}
        )
    if row.over_at:
        events.append({"title": "Access ended", "when": row.over_at, "by": "", "text": row.over_because})
    if row.shut_at:
        events.append({"title": "Blocked again", "when": row.shut_at, "by": row.shut_by_name})
    return events
