"""The pages of parents and adult pupils, who have no account: public, and the link is the proof.

Looking at a page changes nothing: mail scanners open links.
"""

import uuid
from datetime import timedelta
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.functional import cached_property
from django.views.generic import FormView, TemplateView

from consent.access import contact_rules, pupil_rules
from consent.ages import is_adult
from consent.forms.answering import AnswerForm, LinkAskForm, WithdrawForm
from consent.models import AnswerLink, Contact, Pupil, Standing, Weight
from consent.services.links import link_ask, link_by_token, link_revoke, link_send, open_links, reached_by
from consent.services.outside import (
    LinkOver,
    Question,
    answer_send,
    answer_withdraw,
    holds_until,
    last_lines,
    line_of,
    questions_of,
    reply_of,
)
from consent.terms import terms_of
from core.errors import Refused
from core.throttle import within
from core.views import InputMixin, ObjectMixin, PostOnly, redirect, refused
from people.selectors import profile_of

HOUR = 60 * 60
FROM_ONE_PLACE, FOR_ONE_ADDRESS = 60, 3
"""How many links may be asked for in an hour from one network address, and for one e-mail address."""
SOON = timedelta(days=3 * 365)
"""How long before a birthday a parent reads that pupils of 18 answer for themselves."""


def first_name(pupil: Pupil) -> str:
    """The name by which a child is called; a link shows no more of the name."""
    return pupil.preferred_name or pupil.first_name


def unseen(response: HttpResponse, *, has_form: bool) -> HttpResponse:
    """Keep a page with a secret address out of stores, search engines and the pages that one goes to next.

    A page with a form tells the portal itself where it was sent from, because browsers otherwise say
    "Origin: null", which the protection against forged forms refuses; other sites are told nothing.
    """
    add_never_cache_headers(response)
    response["Cache-Control"] = "no-store, private"
    response["Referrer-Policy"] = "same-origin" if has_form else "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def gone(request: HttpRequest) -> HttpResponse:
    """One page for every link that does not open what it names, whatever the reason."""
    return unseen(render(request, "consent/answer_gone.html", status=404), has_form=False)


class LinkMixin:
    """A page behind a link. One that is wrong, stopped, late, or about another's child opens nothing."""

    sensitive = True  # nothing that is sent to it is kept aside
    has_form = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Find the link, its children, and the child that the page is about."""
        link = link_by_token(kwargs["token"])
        if link is None:
            return gone(request)
        self.link: AnswerLink = link
        self.children = reached_by(link)
        self.child: Pupil | None = self.find_child(kwargs.get("uuid"))
        if self.child is None and "uuid" in kwargs:
            return gone(request)
        try:
            response = super().dispatch(request, *args, **kwargs)
        except LinkOver:
            return gone(request)
        return unseen(response, has_form=self.has_form)

    def find_child(self, public_id: Any) -> Pupil | None:
        """The child with this public id, if the link opens it."""
        return next((one for one in self.children if one.uuid == public_id), None)

    @cached_property
    def school(self) -> Any:
        """The school that asks."""
        return self.children[0].school

    @cached_property
    def terms(self) -> Any:
        """What its policy says about consent."""
        return terms_of(profile_of(self.school))

    @cached_property
    def questions(self) -> list[Question]:
        """What it asks now."""
        return questions_of(self.school, self.terms)

    def url(self, name: str, *more: Any) -> str:
        """The address of another page behind the same link."""
        return reverse(f"consent:{name}", args=[self.kwargs["token"], *more])

    def get_context_data(self, **kwargs: Any) -> dict:
        """Who asks, and who answers."""
        return super().get_context_data(
            school=self.school,
            contact=self.link.contact,
            grown=self.link.contact_id is None,
            terms=self.terms,
            child=self.child,
            name=first_name(self.child) if self.child else "",
            overview=self.url("answer-overview"),
            **kwargs,
        )


class AnswerOverview(LinkMixin, TemplateView):
    """The children of one contact, and what the contact has said about each."""

    template_name = "consent/answer_overview.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """A part for each child."""
        lines = last_lines(self.link, self.children, self.questions)
        parts = [
            {
                "name": first_name(one),
                "class": one.class_name,
                "rows": [{"key": line.title, "value": line.text} for line in lines[one.pk]],
                "answered": any(line.said for line in lines[one.pk]),
                "whole": all(line.said for line in lines[one.pk]),
                "url": self.url("answer-child", one.uuid),
            }
            for one in self.children
        ]
        later = timezone.localdate() + SOON
        soon = self.terms.at_18 and any(is_adult(one.born, later) for one in self.children)
        return super().get_context_data(
            parts=parts,
            asks=bool(self.questions),
            soon_18=soon and self.link.contact_id is not None,
            paper=self.url("answer-paper"),
            **kwargs,
        )


class AnswerChild(LinkMixin, InputMixin, FormView):
    """The questions about one child."""

    template_name = "consent/answer_child.html"
    form_class = AnswerForm
    has_form = True

    @cached_property
    def lines(self) -> list:
        """What the person said before."""
        return last_lines(self.link, [self.child], self.questions)[self.child.pk]

    def get_form_kwargs(self) -> dict:
        """The questions as they are now."""
        return {
            **super().get_form_kwargs(),
            "questions": self.questions,
            "lines": self.lines,
            "grown": self.link.contact_id is None,
        }

    def get_form(self, form_class: Any = None) -> AnswerForm:
        """Nothing is ticked beforehand; the page carries a number of its own and the versions shown."""
        form = super().get_form(form_class)
        form.initial = {"once": uuid.uuid4(), "seen": form.shown}
        return form

    def form_invalid(self, form: AnswerForm) -> HttpResponse:
        """The page again, with the newest words and what was chosen."""
        form.refresh(uuid.uuid4())
        return super().form_invalid(form)

    def get_context_data(self, **kwargs: Any) -> dict:
        """How long an answer holds, and the way to say no to everything."""
        return super().get_context_data(
            until=holds_until(self.school, self.terms),
            asks=bool(self.questions),
            several=len(self.questions) > 1,
            objects=any(one.objects for one in self.questions),
            given=any(line.said and line.allows for line in self.lines),
            withdraw=self.url("answer-withdraw", self.child.uuid),
            **kwargs,
        )

    def perform(self, form: AnswerForm) -> HttpResponse:
        """Record it."""
        reply = answer_send(
            link=self.link,
            pupil=self.child,
            once=form.cleaned_data["once"],
            answers=form.answers(),
            wordings=form.wordings(),
            words=form.cleaned_data["words"],
        )
        return redirect(self.url("answer-recorded", reply.uuid))


class AnswerWithdraw(LinkMixin, InputMixin, FormView):
    """No to everything, in two steps (CIT-7.09, STM-7.09)."""

    template_name = "consent/answer_withdraw.html"
    form_class = WithdrawForm
    has_form = True

    def get_initial(self) -> dict:
        """One page, one answer."""
        return {"once": uuid.uuid4()}

    def get_context_data(self, **kwargs: Any) -> dict:
        """What it covers."""
        return super().get_context_data(
            questions=self.questions, back=self.url("answer-child", self.child.uuid), **kwargs
        )

    def form_invalid(self, form: WithdrawForm) -> HttpResponse:
        """The page again, with a number that was not used."""
        form.data = form.data.copy()
        form.data["once"] = str(uuid.uuid4())
        return super().form_invalid(form)

    def perform(self, form: WithdrawForm) -> HttpResponse:
        """Record it."""
        reply = answer_withdraw(link=self.link, pupil=self.child, once=form.cleaned_data["once"])
        return redirect(self.url("answer-recorded", reply.uuid))


class AnswerRecorded(LinkMixin, TemplateView):
    """Thank you: what was recorded, and the other children."""

    template_name = "consent/answer_recorded.html"

    def find_child(self, public_id: Any) -> Pupil | None:
        """The child whom the reply is about."""
        self.reply = reply_of(self.link, public_id, self.children)
        if self.reply is None:
            return None
        return next(one for one in self.children if one.pk == self.reply.pupil_id)

    def get_context_data(self, **kwargs: Any) -> dict:
        """What was said, in the words of the page."""
        given = {one.purpose_id: one for one in self.reply.answers.all()}
        today = timezone.localdate()
        lines = [
            line_of(one, given[one.purpose.pk], today) for one in self.questions if one.purpose.pk in given
        ]
        others = [
            {"name": first_name(one), "class": one.class_name, "url": self.url("answer-child", one.uuid)}
            for one in self.children
            if one.pk != self.child.pk
        ]
        return super().get_context_data(
            reply=self.reply,
            rows=[{"key": line.title, "value": line.text} for line in lines],
            checks=self.reply.weight == Weight.TO_CHECK and self.reply.standing == Standing.UNPROVEN,
            refuses=any(not line.allows for line in lines),
            others=others,
            again=self.url("answer-child", self.child.uuid),
            **kwargs,
        )


class LinkAsk(InputMixin, FormView):
    """Ask for a new link. Whether the address is known shows neither in the answer nor in its time."""

    template_name = "consent/answer_link.html"
    form_class = LinkAskForm

    def get_context_data(self, **kwargs: Any) -> dict:
        """Whether it was sent."""
        return super().get_context_data(sent=self.request.GET.get("sent") == "1", **kwargs)

    def perform(self, form: LinkAskForm) -> HttpResponse:
        """Write it down; the answer is the same for every address, and for one that asked too often.

        Many tries from one place have to wait.
        """
        place = get_adapter(self.request).get_client_ip(self.request) or ""
        if not within("link from", place, FROM_ONE_PLACE, HOUR):
            return render(self.request, "429.html", status=429)
        email = form.cleaned_data["email"]
        if within("link for", email.strip().lower(), FOR_ONE_ADDRESS, HOUR):
            link_ask(email=email)
        return redirect(f"{reverse('consent:link-ask')}?sent=1")


# The office


class _OfPerson(ObjectMixin):
    """About one contact."""

    rules = contact_rules
    action = "record"
    select_related = ("school",)

    @property
    def person(self) -> dict[str, Contact | Pupil]:
        """For the services, who take either a contact or a pupil."""
        return {"contact" if isinstance(self.object, Contact) else "pupil": self.object}

    @property
    def back(self) -> str:
        """The page of a pupil of theirs, else the room's first page."""
        pupil = self.object
        if isinstance(pupil, Contact):
            seen = pupil_rules.visible_to(self.request.user)
            pupil = seen.filter(ties__contact=self.object, ties__active=True).order_by("pk").first()
        return reverse("consent:pupil-detail", args=[pupil.uuid]) if pupil else reverse("consent:home")


class LinkSend(_OfPerson, PostOnly):
    """Send the link by hand."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Send it."""
        try:
            link_send(actor=request.user, **self.person)
        except Refused as refusal:
            return refused(request, refusal, self.back)
        messages.success(request, "The link is on its way by e-mail.")
        return redirect(self.back)


class LinkRevoke(_OfPerson, TemplateView):
    """Stop the link of one person."""

    template_name = "consent/answer_stop.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """Whether there is one."""
        return super().get_context_data(works=open_links(**self.person).exists(), back=self.back, **kwargs)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Stop it."""
        try:
            link_revoke(actor=request.user, **self.person)
        except Refused as refusal:
            return refused(request, refusal, self.back)
        messages.success(request, "The link does not work any more.")
        return redirect(self.back)


class PupilLinkSend(LinkSend):
    """Send an adult pupil their link."""

    rules = pupil_rules


class PupilLinkRevoke(LinkRevoke):
    """Stop an adult pupil's link."""

    rules = pupil_rules
