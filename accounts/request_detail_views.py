"""The page of one request: a task list, or where it stands; with advice and support on it."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import FormView, TemplateView

from accounts.access import account_rules, request_rules
from accounts.directory import Directory
from accounts.request_forms import AdviceForm
from accounts.request_selectors import (
    Reading,
    advice_of,
)
from accounts.services.requests import (
    SILENT,
    consult,
    topics_for,
)
from approvals.access import approval_rules
from approvals.models import ApprovalRequest, ApprovalStep, Decision
from approvals.selectors import snapshot_sections, steps_of
from approvals.signers import signers_of
from core.views import KeptInputMixin, ObjectMixin, redirect
from people.selectors import profile_of


class OneRequest(ObjectMixin):
    """A page about one request."""

    rules = request_rules
    select_related = ("school", "platform", "requested_by", "approval")

    @property
    def detail_url(self) -> str:
        """The request's own page."""
        return reverse("accounts:request-detail", args=[self.object.uuid])


class AdviceContext:
    """What the panel of advice and support needs, on the request's page and on its own."""

    def advice_context(self, reading_profile: Any, directory: Directory) -> dict[str, Any]:
        """The exchange so far, who may be asked, and the form if the person may write."""
        row, user = self.object, self.request.user
        author = row.requested_by_id == user.pk
        advice = advice_of(reading_profile, directory, row.requested_by)
        return {
            "advice": advice,
            "exchange": [
                {"title": one.get_topic_display(), "when": one.at, "by": one.author.full_name, "text": one.text}
                for one in row.messages.select_related("author")
            ],
            "may_write": row.status not in SILENT and bool(topics_for(user, row)),
            "heard_by": {one.topic.value: _heard_by(one) for one in advice} if author else {},
            "is_author": author,
        }


def _heard_by(advice: Any) -> str:
    return f"Goes to: {advice.titles}" + (f" ({advice.people})" if advice.people else ". Nobody has this role now.")


class RequestDetail(OneRequest, AdviceContext, TemplateView):
    """A draft as a task list, or a submitted request and where it stands."""

    def get_template_names(self) -> list[str]:
        """The author's own draft is worked on; everything else is read."""
        return [f"accounts/request_{'tasks' if self.editable else 'detail'}.html"]

    @cached_property
    def editable(self) -> bool:
        """Whether this person may change it now."""
        return self.object.is_editable and request_rules.allows(self.request.user, "edit", self.object)

    def get_context_data(self, **kwargs: Any) -> dict:
        """The sections or the road, and the advice."""
        row = self.object
        context = super().get_context_data(**kwargs)
        if self.editable or not row.approval_id:
            reading = Reading(row, timezone.localdate())
            profile, directory = reading.profile, reading.directory
            context.update(self._work(reading))
        else:
            profile, directory = profile_of(row.school), Directory(row.school)
        if row.approval_id:
            context.update(self._road(row.approval))
        mine = row.requested_by_id == self.request.user.pk
        context["may_copy"] = mine and row.status in SILENT
        context.update(self.advice_context(profile, directory))
        form = AdviceForm(
            topics=topics_for(self.request.user, row),
            heard_by=context["heard_by"],
            initial={"once": uuid.uuid4()},
        )
        return {**context, "advice_form": form}

    def _work(self, reading: Reading) -> dict[str, Any]:
        """The sections with how far they are, and the answers so far."""
        states = reading.states
        return {
            "states": states,
            "tasks": [state.task for state in states],
            "done": sum(not state.problems for state in states),
            "started": any(state.status != "not_started" for state in states),
            "next": next((state for state in states if state.problems), None),
            "ready": not reading.problems,
            "sections": snapshot_sections(reading.snapshot()),
        }

    def _road(self, approval: ApprovalRequest) -> dict[str, Any]:
        """Where it stands: steps with decisions, who can sign now, what was sent, what came of it."""
        rounds = list(approval.rounds.order_by("number"))
        steps = steps_of(approval)
        current = next((step for step in steps if step.status == ApprovalStep.Status.CURRENT), None)
        decisions = [one for step in steps for one in step.decisions.all()]
        road: dict[str, Any] = {
            "steps": [_step(step, approval.round) for step in steps],
            "latest": rounds[-1],
            "earlier": [one for one in decisions if one.round < approval.round],
            "may_withdraw": approval.is_open and request_rules.allows(self.request.user, "withdraw", self.object),
            "may_sign": approval_rules.allows(self.request.user, "decide", approval),
            "question": _question(decisions) if approval.status == ApprovalRequest.Status.RETURNED else None,
        }
        if current is not None:
            capacities = dict.fromkeys(signer.capacity for signer in signers_of(current))
            road["can_sign"] = " or ".join(capacities)
        if approval.status == ApprovalRequest.Status.APPROVED:
            rows = account_rules.visible_to(self.request.user, "view")
            road["account"] = rows.filter(request=self.object).first()
        if not self.editable:
            road["sections"] = snapshot_sections(rounds[-1].snapshot)
        return road


def _step(step: ApprovalStep, number: int) -> dict[str, Any]:
    return {
        "title": step.title,
        "status": step.status,
        "decisions": [one for one in step.decisions.all() if one.round == number],
    }


def _question(decisions: list[Decision]) -> Decision | None:
    """The decision that sent it back last."""
    returned = [one for one in decisions if one.outcome == Decision.Outcome.RETURNED]
    return max(returned, key=lambda one: one.at, default=None)


class RequestAdvice(KeptInputMixin, OneRequest, AdviceContext, FormView):
    """Ask for advice, or give it. The page stands alone so that a message with a fault is not lost."""

    template_name = "accounts/request_advice.html"
    form_class = AdviceForm
    action = "consult"

    @cached_property
    def panel(self) -> dict[str, Any]:
        """The exchange so far."""
        return self.advice_context(profile_of(self.object.school), Directory(self.object.school))

    def get_form_kwargs(self) -> dict:
        """The topics on which this person may write."""
        topics = topics_for(self.request.user, self.object)
        return {**super().get_form_kwargs(), "topics": topics, "heard_by": self.panel["heard_by"]}

    def get_initial(self) -> dict[str, Any]:
        """One page, one message."""
        return {"once": uuid.uuid4()}

    def get_context_data(self, **kwargs: Any) -> dict:
        """The exchange, and the form with its faults."""
        context = super().get_context_data(**{**self.panel, **kwargs})
        return {**context, "advice_form": context["form"], "back": self.detail_url}

    def perform(self, form: AdviceForm) -> HttpResponse:
        """Add the message."""
        consult(actor=self.request.user, request=self.object, **form.cleaned_data)
        messages.success(self.request, "Your message was sent.")
        return redirect(f"{self.detail_url}#advice")


