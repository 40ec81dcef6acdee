"""The pages on which a review is written, signed, taken over, and given up."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.generic import FormView

from core.errors import Refused
from core.views import KeptInputMixin, PostOnly, redirect, refused
from policies.models import Review, Version
from policies.reviews import pages
from policies.reviews.content import draft_of, seen_hash, to_sign
from policies.reviews.forms import DAY, NO, NONE, YES, DropForm, SignForm, WriteForm
from policies.reviews.services import (
    Found,
    review_drop,
    review_sign,
    review_take_over,
    review_write,
    suggested,
    url_of,
)
from policies.reviews.views import OneReviewMixin


class ReviewWrite(OneReviewMixin, KeptInputMixin, FormView):
    """Write down what was found, what changes, and the next date."""

    action = "write"
    template_name = "policies/reviews/write.html"
    form_class = WriteForm

    @cached_property
    def draft(self) -> Version | None:
        """The draft that may be proposed."""
        return draft_of(self.object.document)

    def get_initial(self) -> dict[str, Any]:
        """What stands there; at first, what the interval suggests."""
        review, document = self.object, self.object.document
        day, by_month = review.next_review_on, review.next_by_month
        if not review.findings:
            day, by_month = suggested(document, self.profile)
            changes = YES if self.draft else ""
        else:
            changes = YES if review.proposed_id else NO
        return {
            "seen": seen_hash(review),
            "findings": review.findings,
            "changes": changes,
            "next": DAY if day else (NONE if review.findings else ""),
            "next_on": day,
            "by_month": by_month,
        }

    def get_form_kwargs(self) -> dict[str, Any]:
        """What may be chosen."""
        now = self.object.document.versions.filter(state=Version.State.IN_FORCE).first()
        words = {"draft": pages.version_words(self.draft), "in_force": pages.version_words(now)}
        return {**super().get_form_kwargs(), **words}

    def get_context_data(self, **kwargs: Any) -> dict:
        """That signatures will not count, where there are any."""
        return super().get_context_data(
            back=url_of(self.object),
            signed=any(line.signature for line in self.lines),
            draft=self.draft,
            **kwargs,
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Only while it is open."""
        if self.object.state != Review.State.OPEN:
            return redirect(url_of(self.object))
        return super().get(request, *args, **kwargs)

    def perform(self, form: WriteForm) -> HttpResponse:
        """Keep it."""
        data = form.cleaned_data
        planned = data["next"] == DAY
        found = Found(
            findings=data["findings"],
            changes=data["changes"] == YES,
            next_on=data["next_on"] if planned else None,
            by_month=planned and data["by_month"],
        )
        review_write(actor=self.request.user, review=self.object, found=found, seen=data["seen"])
        messages.success(self.request, "It is written down. The reviewers are asked to sign.")
        return redirect(url_of(self.object))


class ReviewSign(OneReviewMixin, KeptInputMixin, FormView):
    """A reviewer's signature, with the equality statement; the page says what it leads to."""

    action = "sign"
    template_name = "policies/reviews/sign.html"
    form_class = SignForm

    @cached_property
    def mine(self) -> list[Any]:
        """The lines that this person may sign; where there is none, those that are theirs by their roles."""
        return to_sign(self.request.user, self.object, self.lines)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Where there is nothing to sign, back to the review."""
        return super().get(request, *args, **kwargs) if self.mine else redirect(url_of(self.object))

    def get_form_kwargs(self) -> dict[str, Any]:
        """The roles to choose from: for what is sent, every role of the review, so that the service answers."""
        lines = self.mine if self.request.method == "GET" else (self.mine or self.lines)
        return {**super().get_form_kwargs(), "lines": lines, "user": self.request.user}

    def get_context_data(self, **kwargs: Any) -> dict:
        """What is signed, and what follows."""
        waiting = [line for line in self.lines if line.signature is None]
        return super().get_context_data(
            back=url_of(self.object),
            facts=pages.facts_of(self.object),
            as_title=self.mine[0].title if self.mine else "",
            seen=seen_hash(self.object),
            last=len(waiting) == 1,
            follows=pages.what_follows(self.profile),
            **self.proposal(),
            **kwargs,
        )

    def perform(self, form: SignForm) -> HttpResponse:
        """Sign."""
        data = form.cleaned_data
        review_sign(
            actor=self.request.user,
            review=self.object,
            spec=data["spec"],
            seen=self.request.POST.get("seen", "")[:64],
            declared=data["declared"],
            typed_name=data["typed_name"],
        )
        messages.success(self.request, "You have signed.")
        return redirect(url_of(self.object))


class ReviewTakeOver(OneReviewMixin, PostOnly):
    """A button: answer for this review from now on."""

    action = "write"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take it over."""
        try:
            review_take_over(actor=request.user, review=self.object)
        except Refused as refusal:
            return refused(request, refusal, url_of(self.object))
        messages.success(request, "The review is yours now.")
        return redirect(url_of(self.object))


class ReviewDrop(OneReviewMixin, KeptInputMixin, FormView):
    """Give a review up."""

    action = "write"
    template_name = "policies/reviews/drop.html"
    form_class = DropForm

    def get_context_data(self, **kwargs: Any) -> dict:
        """What stays."""
        return super().get_context_data(back=url_of(self.object), **kwargs)

    def perform(self, form: DropForm) -> HttpResponse:
        """It ends."""
        review_drop(actor=self.request.user, review=self.object, because=form.cleaned_data["because"])
        messages.success(self.request, "The review is given up.")
        return redirect(url_of(self.object))
