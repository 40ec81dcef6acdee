"""The pages about pupils on social media over the school's Wi-Fi."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.views.generic import TemplateView

from approvals.models import PupilWifi, Stage, WifiGate
from approvals.network.forms import WifiForm
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
from approvals.network.timed import url_of, why_barred
from approvals.network.unblock_access import wifi_rules
from approvals.network.wifi import wifi_ask, wifi_withdraw
from approvals.selectors import snapshot_sections, steps_of, timeline_of
from approvals.signers import signers_of
from core.tables import Column
from core.views import ObjectMixin, redirect


def status_of(row: PupilWifi, gates: list[WifiGate]) -> str:
    """Where it stands: a gate that said no decides while others still wait."""
    statuses = [gate.approval.status for gate in gates]
    for closing in ("refused", "withdrawn", "pending"):
        if closing in statuses:
            return stage_of(row, closing)
    return stage_of(row, "approved")


class WifiList(OpeningList):
    """Requests for pupils on the Wi-Fi."""

    rules = wifi_rules
    template_name = "approvals/wifi_list.html"
    caption = "Requests for pupils on social media over the Wi-Fi"
    words = ("platforms", "reasons", "who_in_words")
    columns = (
        Column("for_whom", "For whom"),
        Column("platforms", "Social media"),
        Column("school", "School", sortable=True, order_by="school__name"),
        Column("requested_by", "Asked by", sortable=True, order_by="requested_by__full_name"),
        Column("created_at", "Asked on", sortable=True),
        Column("until", "Last day", sortable=True),
        Column("status", "Status"),
    )

    def with_details(self, rows: Any) -> Any:
        """With the gates too."""
        return super().with_details(rows).prefetch_related("gates__approval")

    def cells(self, row: PupilWifi) -> dict[str, Any]:
        """One row; its first cell leads to it."""
        shown = super().cells(row)
        return {
            **shown,
            "for_whom": shown["what"]._replace(text=row.for_whom_in_words),
            "platforms": row.platforms,
            "status": self.status(status_of(row, list(row.gates.all()))),
        }


class WifiAsk(AskView):
    """Ask that pupils may use social media over the Wi-Fi (CIT-6.02, STM-6.02)."""

    rules = wifi_rules
    template_name = "approvals/wifi_ask.html"
    form_class = WifiForm

    def why_closed(self) -> str:
        """The policy bars it."""
        return why_barred(self.profile)

    def get_context_data(self, **kwargs: Any) -> dict:
        """Who must agree."""
        context = super().get_context_data(**kwargs)
        if self.place is not None and not context["closed"]:
            gates = self.profile.pupil_wifi_gates
            context["gates"] = [self.profile.title_of(step.role, step.post) for step in gates]
        return context

    def perform(self, form: WifiForm) -> HttpResponse:
        """Send it to every gate at once."""
        values = dict(form.cleaned_data)
        row = wifi_ask(actor=self.request.user, school=self.school, once=values.pop("once"), values=values)
        messages.success(self.request, "Your request was sent. You are told when it is decided.")
        return redirect(url_of(row))


class WifiDetail(ObjectMixin, TemplateView):
    """What was asked, each gate with its decision, and what happened since."""

    rules = wifi_rules
    template_name = "approvals/wifi_detail.html"
    select_related = ("school", "requested_by")

    def get_context_data(self, **kwargs: Any) -> dict:
        """The whole page."""
        row, user = self.object, self.request.user
        gates = list(row.gates.select_related("approval__school").order_by("order"))
        shown, events = [], life_of(row)
        for gate in gates:
            gate.approval.school = row.school
            steps = steps_of(gate.approval)
            events += [event for event in timeline_of(steps, []) if event]
            shown.append(self._gate(gate, steps))
        asked = {"title": "Asked", "when": row.created_at, "by": row.requested_by.full_name}
        own = row.requested_by_id == user.pk
        return super().get_context_data(
            status=status_of(row, gates),
            gates=shown,
            sections=snapshot_sections(gates[0].approval.rounds.latest("number").snapshot),
            events=sorted([asked, *events], key=lambda event: event["when"]),
            may_withdraw=own and row.stage == Stage.ASKED,
            **steps_for(user, row, wifi_rules),
            **kwargs,
        )

    def _gate(self, gate: WifiGate, steps: list) -> dict[str, Any]:
        """One gate: its title, where it stands, and whether this person may decide at it now."""
        step = steps[0]
        step.request = gate.approval
        current = gate.approval.status == "pending" and step.status == "current"
        mine = current and any(signer.user.pk == self.request.user.pk for signer in signers_of(step))
        return {
            "title": step.title,
            "status": gate.approval.status,
            "approval": gate.approval,
            "may_sign": mine,
        }


class WifiStep(OpeningStep):
    """A step on one permission."""

    rules = wifi_rules


class WifiWithdraw(Withdraw, WifiStep):
    """Take it back."""

    def do(self, form: Any) -> None:
        """Withdraw it."""
        wifi_withdraw(actor=self.request.user, permission=self.object)


class WifiOpened(Opened, WifiStep):
    """It is open."""


class WifiEnd(End, WifiStep):
    """End access now."""


class WifiShut(Shut, WifiStep):
    """It is closed again."""
