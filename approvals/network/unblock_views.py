"""The pages of requests for blocked sites."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.views.generic import FormView, TemplateView

from approvals.models import ApprovalRequest, OutsideLink, Stage, UnblockRequest
from approvals.network.forms import NoteForm, UnblockForm
from approvals.network.opening_views import (
    AskView,
    End,
    Opened,
    OpeningList,
    OpeningStep,
    Shut,
    Withdraw,
    life_of,
    stage_of,
    steps_for,
)
from approvals.network.outside import link_send_again
from approvals.network.receivers import NOBODY_DECIDES, is_receiver, provider_of
from approvals.network.timed import url_of
from approvals.network.unblock import FIELDS, note_add, unblock_ask, unblock_change, unblock_withdraw
from approvals.network.unblock_access import unblock_rules
from approvals.selectors import snapshot_sections, steps_of, timeline_of
from core.tables import Column
from core.views import KeptInputMixin, ObjectMixin, redirect
from people.forms.roles import Nothing
from people.selectors import profile_of


class UnblockList(OpeningList):
    """Requests for blocked sites: one's own, and those that one's role reads."""

    rules = unblock_rules
    template_name = "approvals/unblock_list.html"
    caption = "Requests for blocked sites"
    words = ("addresses", "reasons", "site_content")
    columns = (
        Column("what", "Site"),
        Column("school", "School", sortable=True, order_by="school__name"),
        Column("requested_by", "Asked by", sortable=True, order_by="requested_by__full_name"),
        Column("for_whom", "For whom"),
        Column("created_at", "Asked on", sortable=True),
        Column("until", "Last day", sortable=True),
        Column("status", "Status"),
    )

    def with_details(self, rows: Any) -> Any:
        """With the decision too."""
        return super().with_details(rows).select_related("approval")

    def cells(self, row: UnblockRequest) -> dict[str, Any]:
        """One row."""
        return {**super().cells(row), "status": self.status(stage_of(row, row.approval.status))}


class UnblockAsk(AskView):
    """Ask for a blocked site (STM-9.06, STM-13)."""

    rules = unblock_rules
    template_name = "approvals/unblock_ask.html"
    form_class = UnblockForm

    def why_closed(self) -> str:
        """The school has not chosen who decides."""
        return "" if self.profile.unblock_approver else NOBODY_DECIDES

    def get_initial(self) -> dict[str, Any]:
        """The answers of an own request that came to nothing or is over, to ask again."""
        initial = super().get_initial()
        copy = self.request.GET.get("copy", "")
        if copy and self.place is not None:
            try:
                key = uuid.UUID(copy)
            except ValueError:
                return initial
            rows = unblock_rules.visible_to(self.request.user, "change").filter(school_id=self.place.pk)
            old = rows.filter(uuid=key).values(*FIELDS).first() or {}
            initial.update({name: value for name, value in old.items() if name != "until"})
        return initial

    def perform(self, form: UnblockForm) -> HttpResponse:
        """Send it."""
        values = dict(form.cleaned_data)
        row = unblock_ask(actor=self.request.user, school=self.school, once=values.pop("once"), values=values)
        messages.success(self.request, "Your request was sent. You are told when it is decided.")
        return redirect(url_of(row))


class OneUnblock(ObjectMixin):
    """A page about one request for a blocked site."""

    rules = unblock_rules
    select_related = ("school", "requested_by", "approval")


class UnblockDetail(OneUnblock, TemplateView):
    """What was asked, what was said, who decided and why, and what happened since."""

    template_name = "approvals/unblock_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """The whole page."""
        row, user = self.object, self.request.user
        approval = row.approval
        steps = steps_of(approval)
        rounds = list(approval.rounds.select_related("submitted_by").order_by("number"))
        profile = profile_of(row.school)
        own = row.requested_by_id == user.pk
        receiver = is_receiver(user, row.school, profile)
        returned = approval.status == ApprovalRequest.Status.RETURNED
        return super().get_context_data(
            status=stage_of(row, approval.status),
            sections=snapshot_sections(rounds[-1].snapshot),
            steps=[step for step in steps if step.status == "current" and approval.status == "pending"],
            events=sorted([*timeline_of(steps, rounds), *life_of(row)], key=lambda event: event["when"]),
            notes=[
                {"title": "Technical view", "when": one.at, "by": one.author_name, "text": one.text}
                for one in row.notes.all()
            ],
            may_change=own and returned,
            may_withdraw=own and approval.is_open,
            may_copy=own and row.stage in (Stage.SHUT, Stage.CLOSED, Stage.OPEN, Stage.TO_SHUT),
            may_note=receiver and not own and approval.is_open,
            link=self._link(row) if receiver and row.stage not in (Stage.SHUT, Stage.CLOSED) else None,
            may_link=receiver and row.stage not in (Stage.SHUT, Stage.CLOSED) and bool(provider_of(profile)),
            **steps_for(user, row, unblock_rules),
            **kwargs,
        )

    @staticmethod
    def _link(row: UnblockRequest) -> OutsideLink | None:
        return OutsideLink.objects.filter(request=row, revoked_at=None).first()


class UnblockChange(OneUnblock, KeptInputMixin, FormView):
    """Answer the question with which it came back, and send it again."""

    action = "change"
    template_name = "approvals/unblock_change.html"
    form_class = UnblockForm

    def get_initial(self) -> dict[str, Any]:
        """What was asked."""
        return {"once": uuid.uuid4(), **{name: getattr(self.object, name) for name in FIELDS}}

    def get_context_data(self, **kwargs: Any) -> dict:
        """The question."""
        approval = self.object.approval
        asked = [
            one for step in steps_of(approval) for one in step.decisions.all() if one.outcome == "returned"
        ]
        return super().get_context_data(
            question=max(asked, key=lambda one: one.at, default=None),
            changeable=approval.status == ApprovalRequest.Status.RETURNED,
            **kwargs,
        )

    def perform(self, form: UnblockForm) -> HttpResponse:
        """Send it again."""
        values = dict(form.cleaned_data)
        values.pop("once")
        unblock_change(actor=self.request.user, request=self.object, values=values)
        messages.success(self.request, "Your request was sent again.")
        return redirect(url_of(self.object))


class UnblockStep(OpeningStep):
    """A step on one request."""

    rules = unblock_rules
    select_related = ("school", "requested_by", "approval")


class UnblockWithdraw(Withdraw, UnblockStep):
    """Take it back."""

    def do(self, form: Any) -> None:
        """Withdraw it."""
        unblock_withdraw(actor=self.request.user, request=self.object)


class UnblockNoteAdd(UnblockStep):
    """Give a technical view."""

    action = "carry_out"
    form_class = NoteForm
    title, button, done = "Your technical view", "Add to the request", "Added. Whoever decides will read it."

    def get_initial(self) -> dict[str, Any]:
        """One page, one note."""
        return {"once": uuid.uuid4()}

    def do(self, form: NoteForm) -> None:
        """Add it."""
        note_add(actor=self.request.user, request=self.object, **form.cleaned_data)


class UnblockLink(UnblockStep):
    """Send the IT provider a new link."""

    action = "carry_out"
    form_class = Nothing
    title, button = "Send the IT provider a new link", "Send a new link"
    done = "A new link is on its way. The old one no longer works."
    points = ("It goes to the address in the settings, opens this one request and nothing else.",)

    def do(self, form: Any) -> None:
        """Send it."""
        link_send_again(actor=self.request.user, request=self.object)


class UnblockOpened(Opened, UnblockStep):
    """It is open."""


class UnblockEnd(End, UnblockStep):
    """End access now."""


class UnblockShut(Shut, UnblockStep):
    """It is blocked again."""
