"""Logging a comment on a phone, and many from a file."""

import uuid
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView

from accounts.access import account_rules
from accounts.models import SocialAccount
from core import csvfiles
from core.clock import LONDON
from core.views import AccessMixin, InputMixin, KeptInputMixin, redirect
from incidents.comments.access import comment_rules
from incidents.comments.forms import NO, NOW, CommentFileForm, CommentForm
from incidents.comments.pages import problem_table
from incidents.comments.services.importing import CommentFileRefused, comments_import
from incidents.comments.services.logging import comment_log
from incidents.comments.services.writing import url_of
from incidents.comments.terms import has_clock
from incidents.models import Comment
from people.selectors import Place
from people.views.own_school import OwnSchoolMixin

COLUMN_WORDS = {
    "account": "The name of the account as the register has it; where several have it, the handle",
    "author": "Who wrote it, as shown there",
    "text": "What was written",
    "received": "When it reached the account, like 27/03/2026 14:30, on the clock in London; "
    "2026-03-27T14:30+00:00 is understood too",
    "kind": "Comment, Question, Complaint, Complaint about the social media policy, or A journalist",
}
END_WORDS = {
    "answered": "When it was acknowledged, answered or hidden there",
    "left": "When somebody decided to leave it without an answer",
    "resolved": "When all was done about it",
}
"""Columns that may be left out, or empty."""


class CommentLog(OwnSchoolMixin, KeptInputMixin, AccessMixin, FormView):
    """The form. An account in the address chooses its school too."""

    rules = comment_rules
    action = "log"
    template_name = "incidents/comments/log.html"
    form_class = CommentForm

    @cached_property
    def account(self) -> SocialAccount | None:
        """The account in the address, if the person may see it."""
        try:
            wanted = uuid.UUID(self.request.GET.get("account", ""))
        except ValueError:
            return None
        return account_rules.visible_to(self.request.user, "view").filter(uuid=wanted).first()

    @cached_property
    def place(self) -> Place | None:
        """The chosen school, that of the account, or the only one."""
        asked = self.request.POST.get("school") or self.request.GET.get("school")
        if not asked and self.account is not None:
            return next((one for one in self.places if one.pk == self.account.school_id), None)
        return OwnSchoolMixin.place.func(self)

    def get_initial(self) -> dict[str, Any]:
        """One page makes one comment, which came in just now and is not offensive."""
        account = str(self.account.uuid) if self.account else None
        return {
            "once": uuid.uuid4(),
            "account": account,
            "when": NOW,
            "received": timezone.localdate(),
            "kind": Comment.Kind.COMMENT,
            "offensive": NO,
        }

    def get_form_kwargs(self) -> dict[str, Any]:
        """Accounts of the school may be chosen."""
        return {**super().get_form_kwargs(), "school": self.school, "actor": self.request.user}

    def get_form(self, form_class: type[CommentForm] | None = None) -> CommentForm | None:
        """No form before the school is known; the only account of a school is chosen already."""
        if self.place is None:
            return None
        form = super().get_form(form_class)
        accounts = list(form.fields["account"].queryset[:2])
        if len(accounts) == 1 and not form.initial.get("account"):
            form.initial["account"] = str(accounts[0].uuid)
        self.no_account = not accounts
        return form

    def get_context_data(self, **kwargs: Any) -> dict:
        """Whether there is an account, and a clock."""
        context = super().get_context_data(**kwargs)
        clock = self.place is not None and has_clock(self.profile)
        return {**context, "has_clock": clock, "no_account": getattr(self, "no_account", False)}

    def perform(self, form: CommentForm) -> HttpResponse:
        """Log it."""
        row = comment_log(
            actor=self.request.user,
            school=self.school,
            once=form.cleaned_data["once"],
            arrived=form.arrived,
            offence=form.offence,
        )
        messages.success(self.request, _logged(row))
        return redirect(url_of(row))


def _logged(row: Comment) -> str:
    if row.kind == Comment.Kind.PRESS:
        return "It is logged, and whoever answers the press has been told. Do not answer."
    return "It is logged."


class CommentImport(OwnSchoolMixin, InputMixin, AccessMixin, FormView):
    """Many comments from a file: all of them or none."""

    rules = comment_rules
    action = "log"
    template_name = "incidents/comments/import.html"
    form_class = CommentFileForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, or the example file."""
        if "example" in request.GET:
            return csvfiles.response("example-comments.csv", COLUMN_WORDS, [_example()])
        return super().get(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        """One page reads one file."""
        return {"once": uuid.uuid4()}

    def get_form_kwargs(self) -> dict[str, Any]:
        """For one school."""
        return {**super().get_form_kwargs(), "school": self.school, "actor": self.request.user}

    def get_form(self, form_class: type[CommentFileForm] | None = None) -> CommentFileForm | None:
        """No form before the school is known."""
        return super().get_form(form_class) if self.place else None

    def get_context_data(self, **kwargs: Any) -> dict:
        """What each column holds, and those that tell what has happened since."""
        return super().get_context_data(columns=COLUMN_WORDS.items(), end_columns=END_WORDS.items(), **kwargs)

    def perform(self, form: CommentFileForm) -> HttpResponse:
        """Read and log, or say what is wrong with which cell."""
        upload = form.cleaned_data["file"]
        try:
            result = comments_import(
                actor=self.request.user,
                school=self.school,
                once=form.cleaned_data["once"],
                data=upload.read(csvfiles.MAX_BYTES + 1),
            )
        except CommentFileRefused as refusal:
            self.extra_context = {"problems": problem_table(refusal.problems) if refusal.problems else None}
            raise
        there = f" {result.there} stood there already." if result.there else ""
        plural = "comment is" if result.logged == 1 else "comments are"
        messages.success(self.request, f"{result.logged} {plural} logged.{there}")
        return redirect(f"{reverse('incidents:comment-list')}?school={self.place.uuid}")


def _example() -> list[str]:
    """One made-up comment."""
    now = timezone.now().astimezone(LONDON)
    words = "When does the summer fair begin?"
    return ["Year 6 at our school", "parent_of_two", words, f"{now:%d/%m/%Y %H:%M}", "Question"]
