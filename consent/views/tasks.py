"""What waits for somebody: answers to check, and earlier posts to look for."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.views.generic import FormView, TemplateView

from consent.access import pupil_rules, reply_rules, search_rules
from consent.forms.tasks import SearchForm, SettleForm
from consent.models import PostSearch, Reply
from consent.services.searches import search_done
from consent.services.settling import reply_settle, waiting_replies
from core.views import AccessMixin, InputMixin, ObjectMixin, redirect


class ReplySettle(ObjectMixin, InputMixin, FormView):
    """Check whether whoever answered holds parental responsibility (STM-7.06, CIT-7.07)."""

    rules = reply_rules
    action = "settle"
    select_related = ("pupil", "contact", "school")
    form_class = SettleForm
    template_name = "consent/reply_settle.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """What they answered, and whether it was checked meanwhile."""
        reply: Reply = self.object
        return super().get_context_data(
            answers=reply.answers.select_related("purpose__platform"),
            tie=reply.pupil.ties.filter(contact=reply.contact).first(),
            waiting=Reply.objects.filter(waiting_replies(), pk=reply.pk, weight="to_check").exists(),
            pupil=reply.pupil,
            **kwargs,
        )

    def perform(self, form: SettleForm) -> HttpResponse:
        """Settle it."""
        holds = form.cleaned_data["holds"] == "yes"
        reply_settle(
            actor=self.request.user, reply=self.object, holds=holds, words=form.cleaned_data["words"]
        )
        messages.success(
            self.request,
            "The answer counts now." if holds else "The answer was set aside and does not count.",
        )
        return redirect(reverse("consent:pupil-detail", args=[self.object.pupil.uuid]))


class SearchList(AccessMixin, TemplateView):
    """Earlier posts to look for: what is open first."""

    rules = search_rules
    template_name = "consent/search_list.html"


class SearchDo(ObjectMixin, InputMixin, FormView):
    """Look for earlier posts that show a pupil, and say what came of it (CIT-7.13, STM-7.13)."""

    rules = search_rules
    action = "do"
    select_related = ("pupil", "school", "done_by")
    form_class = SearchForm
    template_name = "consent/search_do.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """Whether a link to the pupil is of use to this person."""
        search: PostSearch = self.object
        sees = pupil_rules.visible_to(self.request.user).filter(pk=search.pupil_id).exists()
        return super().get_context_data(pupil=search.pupil, sees_pupil=sees, **kwargs)

    def perform(self, form: SearchForm) -> HttpResponse:
        """Record it."""
        search_done(actor=self.request.user, search=self.object, **form.cleaned_data)
        messages.success(self.request, "It is recorded what you found.")
        return redirect(reverse("consent:search-list"))
