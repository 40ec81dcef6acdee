"""A second opinion on an answer: asking for it, and giving it."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.generic import FormView

from core.views import KeptInputMixin, ObjectMixin, redirect
from incidents.comments.access import opinion_rules
from incidents.comments.forms import AskForm, OpinionForm
from incidents.comments.hearers import may_give_opinion
from incidents.comments.selectors import shown, with_withheld
from incidents.comments.services.opinions import opinion_ask, opinion_give
from incidents.comments.services.writing import url_of
from incidents.comments.views.detail import OneCommentMixin
from incidents.models import Comment, SecondOpinion


class OpinionAsk(OneCommentMixin, KeptInputMixin, FormView):
    """Show a draft to a colleague before it is given."""

    action = "handle"
    template_name = "incidents/comments/step.html"
    form_class = AskForm

    def get_initial(self) -> dict[str, Any]:
        """One page asks once."""
        return {"once": uuid.uuid4()}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Colleagues who may be asked."""
        colleagues = may_give_opinion(self.object).exclude(pk=self.request.user.pk)
        return {**super().get_form_kwargs(), "colleagues": colleagues}

    def get_context_data(self, **kwargs: Any) -> dict:
        """What the page says."""
        return super().get_context_data(
            title="Ask for a second opinion",
            button="Ask",
            points=["Your colleague is told at once. The time to answer runs on."],
            back=self.back,
            **kwargs,
        )

    def perform(self, form: AskForm) -> HttpResponse:
        """Ask."""
        data = form.cleaned_data
        opinion_ask(
            actor=self.request.user,
            comment=self.object,
            once=data["once"],
            draft=data["draft"],
            of=data["of"],
        )
        messages.success(self.request, f"{data['of'].full_name} has been asked.")
        return redirect(self.back)


class OpinionGive(ObjectMixin, KeptInputMixin, FormView):
    """Say what one thinks of a draft."""

    rules = opinion_rules
    action = "give"
    select_related = ("comment__school__trust", "comment__account", "asked_by")
    template_name = "incidents/comments/opinion.html"
    form_class = OpinionForm
    object: SecondOpinion

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form; what was answered already leads to the comment."""
        if self.object.given_at:
            return redirect(url_of(self.object.comment))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict:
        """The comment and the draft."""
        rows = Comment.objects.select_related("school__trust", "account").filter(pk=self.object.comment_id)
        comment = with_withheld(rows, self.request.user).get()
        return super().get_context_data(
            comment=comment,
            said=shown(comment, comment.words),
            draft=shown(comment, self.object.draft),
            back=url_of(comment),
            **kwargs,
        )

    def perform(self, form: OpinionForm) -> HttpResponse:
        """Give it."""
        opinion_give(actor=self.request.user, opinion=self.object, **form.cleaned_data)
        messages.success(self.request, "Your colleague has your opinion.")
        return redirect(url_of(self.object.comment))
