"""The queue of what waits for a signature, and the page on which one request is decided."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView, TemplateView

from approvals.access import approval_rules
from approvals.conditions import has_decided, shown_to
from approvals.forms import DecisionForm
from approvals.kinds import kind_of
from approvals.models import ApprovalRequest, ApprovalStep, Decision
from approvals.selectors import (
    barred_in,
    changes_since_return,
    signed_by,
    snapshot_sections,
    steps_of,
    timeline_of,
    to_sign,
)
from approvals.services import step_decide
from approvals.signers import Signer, signers_at
from core.views import KeptInputMixin, ObjectMixin, SignedInMixin, redirect

PAGE = 25
_DONE = {
    Decision.Outcome.APPROVED: "You approved “{}”.",
    Decision.Outcome.RETURNED: "You sent “{}” back with your question.",
    Decision.Outcome.REFUSED: "You refused “{}”.",
}


class Queue(SignedInMixin, TemplateView):
    """What waits for my signature, and what I signed."""

    template_name = "approvals/request_list.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """The queue, or with ?show=signed what this person decided."""
        signed = self.request.GET.get("show") == "signed"
        rows = signed_by(self.request.user) if signed else to_sign(self.request.user)
        page = Paginator(rows, PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            signed=signed, page_obj=page, total=page.paginator.count, now=timezone.now(), **kwargs
        )


class Decide(KeptInputMixin, ObjectMixin, FormView):
    """Everything needed for one decision on one page; one signature, one request."""

    template_name = "approvals/request_detail.html"
    form_class = DecisionForm
    rules = approval_rules
    select_related = ("school", "requested_by", "about")

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Find the request, its chain and what was submitted, once."""
        self.object = self.find(request, kwargs["uuid"])
        self.kind = kind_of(self.object)
        self.subject = self.kind.find(self.object)
        self.steps = steps_of(self.object)
        self.current = next((s for s in self.steps if s.status == ApprovalStep.Status.CURRENT), None)
        self.rounds = list(self.object.rounds.select_related("submitted_by").order_by("number"))
        self.barred = barred_in(self.object, self.steps)
        self.signers = self._signers()
        self.signing_as = next((s for s in self.signers if s.user.pk == request.user.pk), None)
        self.may_decide = self.signing_as is not None
        return super(ObjectMixin, self).dispatch(request, *args, **kwargs)

    def _signers(self) -> list[Signer]:
        """Who may sign now; the service asks again under the lock."""
        if self.current is None or self.object.status != ApprovalRequest.Status.PENDING:
            return []
        return signers_at(
            self.object.school, self.current.spec, self.current.title, self.barred, self.object.about_id
        )

    def get_form_kwargs(self) -> dict:
        """What may be decided comes from the kind."""
        return {
            **super().get_form_kwargs(),
            "returnable": self.kind.returnable,
            "reasons_for_yes": self.kind.reasons_for_yes,
        }

    def get_context_data(self, **kwargs: Any) -> dict:
        """The submission, what changed, who signed, who can sign now."""
        latest = self.rounds[-1]
        return super().get_context_data(
            kind=self.kind,
            subject_url=self.kind.url(self.subject),
            sections=snapshot_sections(latest.snapshot),
            latest=latest,
            changes=changes_since_return(self.rounds),
            steps=self.steps,
            current=self.current,
            events=timeline_of(self.steps, self.rounds),
            discussion=self.kind.discussion(self.subject),
            **self._conditions(),
            conditions_title=self.kind.conditions_title,
            may_decide=self.may_decide,
            signing_as=self.signing_as,
            nobody=self.current is not None and not self.signers,
            barred=self.current is not None and self.request.user.pk in self.barred,
            declaration=self.kind.declaration(self.subject, self.current) if self.current else "",
            **kwargs,
        )

    def _conditions(self) -> dict[str, Any]:
        """What must be so before the last yes, as far as it is this person's business."""
        if not self.object.is_open:
            return {"conditions": []}
        user = self.request.user
        shown = shown_to(
            user,
            self.kind.conditions(self.subject),
            school=self.object.school_id,
            approval=self.object,
            signs=self.may_decide or has_decided(user, self.steps),
        )
        return {"conditions": shown.conditions, "conditions_others": shown.others}

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Whoever sees it but may not sign it is refused before the form is read, the requester in words."""
        if not self.may_decide and not self._explained():
            raise PermissionDenied
        return super().post(request, *args, **kwargs)

    def _explained(self) -> bool:
        """Whether the service can say in words why: it was decided meanwhile, or the person is barred."""
        seen = _number(self.request.POST.get("step"))
        moved_on = self.current is None or seen in {step.pk for step in self.steps if step != self.current}
        return moved_on or self.request.user.pk in self.barred

    def perform(self, form: DecisionForm) -> HttpResponse:
        """Sign, then lead to the next request in the queue."""
        data = form.cleaned_data
        decision = step_decide(
            request=self.object,
            expected_step=_number(self.request.POST.get("step")),
            expected_hash=self.request.POST.get("seen", ""),
            actor=self.request.user,
            outcome=data["outcome"],
            reasons=data["reasons"],
            typed_name=data["typed_name"],
        )
        following = to_sign(self.request.user).first()
        done = _DONE[Decision.Outcome(decision.outcome)].format(self.object.title)
        if following is None:
            messages.success(self.request, f"{done} Nothing else waits for your signature.")
            return redirect(reverse("approvals:request-list"))
        messages.success(self.request, f"{done} This is the next one that waits for you.")
        return redirect(reverse("approvals:request-detail", args=[following.uuid]))


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else 0
