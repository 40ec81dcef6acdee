"""The page of one request: a task list, or where it stands; with advice and support on it."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import FormView, TemplateView

from accounts.access import account_rules, may_change, request_rules
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
from accounts.services.runners import TITLE, conditions_of
from approvals.conditions import has_decided, shown_to
from approvals.models import ApprovalRequest, ApprovalStep, Decision
from approvals.selectors import snapshot_sections, steps_of
from approvals.signers import signers_of
from core.views import KeptInputMixin, ObjectMixin, redirect
from people.governance.profile import Profile
from people.selectors import profile_of

NOBODY = ". Nobody has this role now."


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

    def advice_context(self, heard_by: dict[str, str]) -> dict[str, Any]:
        """The exchange so far, and the form if the person may write. `heard_by`: who is asked, by topic."""
        row, user = self.object, self.request.user
        said = list(row.messages.select_related("author"))
        asked = [one.topic for one in said if one.author_id == row.requested_by_id]
        author = row.requested_by_id == user.pk
        topics = topics_for(user, row)
        return {
            "exchange": [
                {
                    "title": one.get_topic_display(),
                    "when": one.at,
                    "by": one.author.full_name,
                    "text": one.text,
                }
                for one in said
            ],
            "fresh": {"once": uuid.uuid4(), "topic": asked[-1] if asked and not author else ""},
            "topics": topics,
            "heard_by": heard_by if author else {},
            "may_write": row.status not in SILENT and bool(topics),
            "is_author": author,
        }

    def heard_by(self, profile: Profile, directory: Directory) -> dict[str, str]:
        """Who hears a message of the author's, by topic, in the school's own titles."""
        return {
            one.topic.value: f"Goes to: {one.titles}" + (f" ({one.people})" if one.people else NOBODY)
            for one in advice_of(profile, directory, self.object.requested_by)
        }


class RequestDetail(OneRequest, AdviceContext, TemplateView):
    """A draft as a task list, or a submitted request and where it stands."""

    def get_template_names(self) -> list[str]:
        """The author's own draft is worked on; everything else is read."""
        return [f"accounts/request_{'tasks' if self.editable else 'detail'}.html"]

    @property
    def is_own(self) -> bool:
        """Whether it is this person's own, who still has a role there: they may edit and withdraw it."""
        return may_change(self.request.user, self.object)

    @property
    def editable(self) -> bool:
        """Whether this person may change it now."""
        return self.object.is_editable and self.is_own

    def get_context_data(self, **kwargs: Any) -> dict:
        """The sections or the road, and the advice."""
        row, heard_by, profile = self.object, {}, None
        context = super().get_context_data(**kwargs)
        if self.editable or not row.approval_id:
            reading = Reading(row, timezone.localdate())
            profile = reading.profile
            context.update(self._work(reading))
            heard_by = self.heard_by(reading.profile, reading.directory) if self.editable else {}
        if row.approval_id:
            context.update(self._road(row.approval))
        context["may_copy"] = self.is_own and row.status in SILENT
        if row.status in ("draft", *ApprovalRequest.OPEN):
            context.update(self._conditions(profile, signs=context.get("signs", False)))
        context.update(self.advice_context(heard_by))
        form = AdviceForm(topics=context["topics"], heard_by=context["heard_by"], initial=context["fresh"])
        return {**context, "advice_form": form}

    def _conditions(self, profile: Profile | None, *, signs: bool) -> dict[str, Any]:
        """Who may run it, as far as it is this person's business."""
        row = self.object
        shown = shown_to(
            self.request.user,
            conditions_of(row, profile),
            school=row.school_id,
            approval=row.approval,
            signs=signs,
        )
        return {
            "conditions": shown.conditions,
            "conditions_others": shown.others,
            "conditions_title": TITLE,
        }

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
            "sections": [] if self.editable else snapshot_sections(reading.snapshot()),
        }

    def _road(self, approval: ApprovalRequest) -> dict[str, Any]:
        """Where it stands: steps with decisions, who can sign now, what was sent, what came of it."""
        approval.school = self.object.school
        steps = steps_of(approval)
        current = next((step for step in steps if step.status == ApprovalStep.Status.CURRENT), None)
        decisions = [one for step in steps for one in step.decisions.all()]
        road: dict[str, Any] = {
            "steps": [_step(step, approval) for step in steps],
            "earlier": [one for one in decisions if one.round < approval.round],
            "may_withdraw": approval.is_open and self.is_own,
            "question": _question(decisions) if approval.status == ApprovalRequest.Status.RETURNED else None,
        }
        if current is not None:
            current.request = approval
            signers = signers_of(current)
            road["can_sign"] = " or ".join(dict.fromkeys(signer.capacity for signer in signers))
            road["may_sign"] = any(signer.user.pk == self.request.user.pk for signer in signers)
        road["signs"] = road.get("may_sign", False) or has_decided(self.request.user, steps)
        if approval.status == ApprovalRequest.Status.APPROVED:
            rows = account_rules.visible_to(self.request.user, "view")
            road["account"] = rows.filter(request=self.object).first()
        if not self.editable:
            road["latest"] = approval.rounds.get(number=approval.round)
            road["sections"] = snapshot_sections(road["latest"].snapshot)
        return road


def _step(step: ApprovalStep, approval: ApprovalRequest) -> dict[str, Any]:
    """A step for the page: one whose turn will never come is not needed any more."""
    words = {ApprovalStep.Status.CURRENT: "pending"}
    if approval.closed_at:
        words[ApprovalStep.Status.WAITING] = "skipped"
    return {
        "title": step.title,
        "status": words.get(step.status, step.status),
        "is_current": step.status == ApprovalStep.Status.CURRENT,
        "decisions": [one for one in step.decisions.all() if one.round == approval.round],
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
        school = self.object.school
        author = self.object.requested_by_id == self.request.user.pk
        return self.advice_context(self.heard_by(profile_of(school), Directory(school)) if author else {})

    def get_form_kwargs(self) -> dict:
        """The topics on which this person may write."""
        return {
            **super().get_form_kwargs(),
            "topics": self.panel["topics"],
            "heard_by": self.panel["heard_by"],
        }

    def get_initial(self) -> dict[str, Any]:
        """One page, one message; whoever answers finds the topic of the last question chosen."""
        return self.panel["fresh"]

    def get_context_data(self, **kwargs: Any) -> dict:
        """The exchange, and the form with its faults."""
        context = super().get_context_data(**{**self.panel, **kwargs})
        return {**context, "advice_form": context["form"], "back": self.detail_url, "alone": True}

    def perform(self, form: AdviceForm) -> HttpResponse:
        """Add the message."""
        consult(actor=self.request.user, request=self.object, **form.cleaned_data)
        messages.success(self.request, "Your message was sent.")
        return redirect(f"{self.detail_url}#advice")
