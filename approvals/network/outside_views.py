"""The one page of the IT provider, who has no account: public, and the signed link is the proof."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import cached_property
from django.views.generic import FormView

from approvals.models import OutsideLink, Stage
from approvals.network.forms import OutsideForm
from approvals.network.outside import GONE, by_token, outside_opened, outside_shut
from approvals.network.unblock import outside_note
from approvals.selectors import snapshot_sections
from core.errors import Refused
from core.views import KeptInputMixin, redirect

VIEW, OPEN, SHUT = "view", "open", "shut"
ASKED = {
    VIEW: (
        "Your technical view",
        "What the filter says about the site, and what opening it would mean. Whoever decides reads it.",
        "Send your view",
    ),
    OPEN: ("What did you do?", "For example: allowed for the staff group only", "Record that it is open"),
    SHUT: ("What did you do? (if there is something to say)", "", "Record that it is blocked again"),
}


class OutsideAnswer(KeptInputMixin, FormView):
    """The request as it was sent, and the one thing that is asked of the provider now."""

    template_name = "approvals/outside_answer.html"
    form_class = OutsideForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A link that is wrong, replaced, late or done with opens nothing."""
        self.link: OutsideLink | None = by_token(kwargs["token"])
        if self.link is None:
            return render(request, "approvals/outside_gone.html", {"message": GONE}, status=404)
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store, private"
        return response

    @cached_property
    def asks(self) -> str:
        """What is asked now: a view while it waits for a decision, then to open it, then to block it again."""
        return {Stage.TO_OPEN: OPEN, Stage.TO_SHUT: SHUT}.get(self.link.request.stage, VIEW)

    @property
    def waits(self) -> bool:
        """Whether anything is asked now: not while it is open, and not while a question is with the asker."""
        row = self.link.request
        return row.stage in (Stage.TO_OPEN, Stage.TO_SHUT) or row.approval.is_open

    def get_form_kwargs(self) -> dict:
        """The question of this stage."""
        label, hint, _ = ASKED[self.asks]
        return {**super().get_form_kwargs(), "label": label, "hint": hint, "required": self.asks == VIEW}

    def get_initial(self) -> dict[str, Any]:
        """One page, one answer."""
        return {"once": uuid.uuid4()}

    def get_context_data(self, **kwargs: Any) -> dict:
        """The request, and what came of it."""
        row = self.link.request
        latest = row.approval.rounds.latest("number")
        return super().get_context_data(
            row=row,
            sections=snapshot_sections(latest.snapshot),
            asks=self.asks,
            waits=self.waits,
            button=ASKED[self.asks][2],
            sent=self.request.GET.get("sent") == "1",
            notes=[
                {"title": "Technical view", "when": one.at, "by": one.author_name, "text": one.text}
                for one in row.notes.all()
            ],
            **kwargs,
        )

    def perform(self, form: OutsideForm) -> HttpResponse:
        """Do what the page that was sent asked for; a page of an earlier stage is refused."""
        data = form.cleaned_data
        if self.request.POST.get("asks") != self.asks or not self.waits:
            raise Refused("This has moved on since you opened the page. Look at it again, then answer.")
        if self.asks == VIEW:
            outside_note(link=self.link, once=data["once"], name=data["name"], text=data["text"])
        elif self.asks == OPEN:
            outside_opened(link=self.link, name=data["name"], note=data["text"])
        else:
            outside_shut(link=self.link, name=data["name"])
            return render(
                self.request, "approvals/outside_gone.html", {"message": "", "row": self.link.request}
            )
        return redirect(f"{self.request.path}?sent=1")
