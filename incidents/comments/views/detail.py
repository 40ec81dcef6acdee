"""One comment: what was written, what happened, and each thing that may be done with it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView, TemplateView

from core.errors import Refused
from core.views import InputMixin, KeptInputMixin, ObjectMixin, PostOnly, redirect, refused
from incidents.abuse.access import abuse_rules
from incidents.comments import pages, selectors
from incidents.comments.access import comment_rules, settles
from incidents.comments.complaints import who_settles
from incidents.comments.forms import NOW, KindForm, OffensiveForm, StepForm, TimeForm
from incidents.comments.moves import MOVES, ends_clock, is_reserved, open_moves, standing
from incidents.comments.services.correcting import comment_correct
from incidents.comments.services.offensive import comment_offensive
from incidents.comments.services.steps import (
    DO_NOT_ANSWER,
    WHOSE,
    comment_reclass,
    comment_step,
    comment_take,
)
from incidents.comments.services.writing import Did, url_of
from incidents.comments.terms import ended_at, state_of
from incidents.concerns.access import concern_rules
from incidents.models import Comment, SecondOpinion
from people.selectors import profile_of

FIRST, WHEN_ANSWERED = ("answer", "acknowledge"), ("resolve",)
"""What has a button, before and after somebody has answered; the rest are links."""


class OneCommentMixin(ObjectMixin):
    """A page about one comment."""

    rules = comment_rules
    select_related = ("school__trust", "account__platform", "owner", "logged_by", "offensive")
    object: Comment

    def find(self, request: HttpRequest, uuid: Any) -> Comment:
        """The visible comment, with whether its addresses are withheld, or 404; 403 where the action is closed."""
        rows = selectors.with_withheld(self.rules.visible_to(request.user, "view"), request.user)
        row = get_object_or_404(rows.select_related(*self.select_related), uuid=uuid)
        if self.action != "view" and not self.rules.allows(request.user, self.action, row):
            raise PermissionDenied
        return row

    def get_context_data(self, **kwargs: Any) -> dict:
        """What was written, as it may be shown."""
        return super().get_context_data(said=selectors.shown(self.object, self.object.words), **kwargs)

    @property
    def back(self) -> str:
        """The page of the comment."""
        return url_of(self.object)


class CommentDetail(OneCommentMixin, TemplateView):
    """What was written, how its time stands, and what may be done."""

    template_name = "incidents/comments/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """Facts, steps, opinions, and the moves that are open."""
        user, comment, now = self.request.user, self.object, timezone.now()
        steps = selectors.steps_of(comment)
        opinions = selectors.with_opinions(comment)
        did = {step.did for step in steps}
        handles = comment_rules.allows(user, "handle", comment)
        reads = handles or comment_rules.allows(user, "read", comment)
        is_press = comment.kind == Comment.Kind.PRESS
        settled = settles(user, comment)
        first = WHEN_ANSWERED if Did.ANSWERED in did else FIRST
        moves = [
            {"title": MOVES[name].title, "url": reverse(f"incidents:comment-{name}", args=[comment.uuid])}
            | {"first": name in first}
            for name in open_moves(comment, standing(comment.kind, [step.did for step in steps]))
            if handles and (settled or not is_reserved(MOVES[name], comment.kind))
        ]
        entry, is_open = comment.offensive, comment.resolved_at is None
        complaint = comment.kind == Comment.Kind.POLICY
        may_report = complaint and concern_rules.allows_at(user, "report", comment.school)
        return super().get_context_data(
            facts=pages.facts_of(comment, now),
            time=pages.time_words(comment, now),
            events=pages.events_of(comment, steps) if reads else [],
            status=state_of(comment, now),
            moves=[one for one in moves if one["first"]],
            more_moves=[one for one in moves if not one["first"]],
            handles=handles,
            may_take=handles and comment.owner_id != user.pk and not comment.resolved_at,
            may_correct=ended_at(comment) is None and comment_rules.allows(user, "correct", comment),
            may_offend=handles and Did.ABUSE not in did,
            is_open=is_open,
            opinions=pages.opinions_of(
                comment, (one for one in opinions if reads or one.asked_of_id == user.pk)
            ),
            may_reclass=settled,
            mine_to_give=[one for one in opinions if one.asked_of_id == user.pk and not one.given_at],
            do_not_answer=DO_NOT_ANSWER if is_press and not settled and is_open else "",
            press_may=is_press and settled,
            may_report=may_report,
            who_settles=who_settles(comment) if complaint and is_open else "",
            entry=entry if entry and abuse_rules.allows(user, "view", entry) else None,
            **kwargs,
        )


class CommentTake(OneCommentMixin, PostOnly):
    """Take it on."""

    action = "handle"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Mark it as one's own."""
        try:
            comment_take(actor=request.user, comment=self.object)
        except Refused as refusal:
            return refused(request, refusal, self.back)
        messages.success(request, "You have taken it on.")
        return redirect(self.back)


class CommentStepAdd(OneCommentMixin, KeptInputMixin, FormView):
    """One move: its words, and what they do to the clock."""

    action = "handle"
    template_name = "incidents/comments/step.html"
    form_class = StepForm
    move = ""

    def get_initial(self) -> dict[str, Any]:
        """It was done just now."""
        return {"when": NOW, "answered": timezone.localdate()}

    def get_form_kwargs(self) -> dict[str, Any]:
        """What is asked depends on the move."""
        return {**super().get_form_kwargs(), "move": MOVES[self.move]}

    def get_context_data(self, **kwargs: Any) -> dict:
        """The comment above the form; warnings while a second opinion is awaited, or where it said no."""
        move = MOVES[self.move]
        comment = self.object
        barred = is_reserved(move, comment.kind) and not settles(self.request.user, comment)
        points = list(move.points)
        if move.did == Did.ACKNOWLEDGED:
            points.append(_about_clock(ends_clock(move, profile_of(comment.school))))
        return super().get_context_data(
            title=move.title,
            button=move.button,
            points=points,
            warnings=[WHOSE[comment.kind]] if barred else self._warnings() if move.there else [],
            asks=move.did == Did.ANSWERED,
            back=self.back,
            **kwargs,
        )

    def _warnings(self) -> list[str]:
        """What a colleague was asked, or has said of a draft (RAV-10.06)."""
        words = []
        for one in selectors.with_opinions(self.object):
            if one.given_at is None:
                words.append(
                    f"{one.asked_of.full_name} was asked for a second opinion and has not answered yet."
                )
            elif one.verdict == SecondOpinion.Verdict.DO_NOT:
                words.append(f"{one.asked_of.full_name} advised not to answer.")
        return words

    def perform(self, form: StepForm) -> HttpResponse:
        """Make the move."""
        comment_step(
            actor=self.request.user,
            comment=self.object,
            move=self.move,
            words=form.cleaned_data["words"],
            when=form.when_done,
        )
        messages.success(self.request, MOVES[self.move].done)
        return redirect(self.back)


def _about_clock(ends: bool) -> str:
    if ends:
        return "This ends the time limit. The comment stays open until it is resolved."
    return (
        "At your school an acknowledgement does not end the time limit: it runs on until there is an answer."
    )


class CommentKind(OneCommentMixin, InputMixin, FormView):
    """Put it under another kind."""

    action = "handle"
    template_name = "incidents/comments/step.html"
    form_class = KindForm

    def get_initial(self) -> dict[str, Any]:
        """As it stands."""
        return {"kind": self.object.kind}

    def get_context_data(self, **kwargs: Any) -> dict:
        """What the page says."""
        return super().get_context_data(
            title="Put it under another kind", button="Change the kind", back=self.back, **kwargs
        )

    def perform(self, form: KindForm) -> HttpResponse:
        """Change it."""
        comment_reclass(actor=self.request.user, comment=self.object, kind=form.cleaned_data["kind"])
        messages.success(self.request, "It stands under another kind now.")
        return redirect(self.back)


class CommentTime(OneCommentMixin, InputMixin, FormView):
    """Correct when it came in, as long as nobody has answered."""

    action = "correct"
    template_name = "incidents/comments/step.html"
    form_class = TimeForm

    def get_initial(self) -> dict[str, Any]:
        """As it stands, on the clock in London."""
        received = timezone.localtime(self.object.received_at)
        return {"received": received.date(), "received_time": f"{received:%H:%M}"}

    def get_context_data(self, **kwargs: Any) -> dict:
        """What follows from it."""
        points = [
            "The time by which it is to be answered is worked out anew. What has happened stays on record."
        ]
        return super().get_context_data(
            title="Correct the time", button="Correct the time", points=points, back=self.back, **kwargs
        )

    def perform(self, form: TimeForm) -> HttpResponse:
        """Correct it."""
        comment_correct(actor=self.request.user, comment=self.object, received_at=form.received_at)
        messages.success(self.request, "The time is corrected.")
        return redirect(self.back)


class CommentOffensive(OneCommentMixin, InputMixin, FormView):
    """Report it as offensive."""

    action = "handle"
    template_name = "incidents/comments/step.html"
    form_class = OffensiveForm

    def get_context_data(self, **kwargs: Any) -> dict:
        """Where it goes, in words."""
        kept_log = bool(profile_of(self.object.school).abuse_log)
        where = (
            "It goes into the log of abuse too, with the words as they stand here."
            if kept_log
            else "The moderators are told. The school keeps no log of abuse."
        )
        return super().get_context_data(
            title="Report it as offensive", button="Report it", points=[where], back=self.back, **kwargs
        )

    def perform(self, form: OffensiveForm) -> HttpResponse:
        """Report it."""
        comment_offensive(actor=self.request.user, comment=self.object, offence=form.offence)
        messages.success(self.request, "It is reported as offensive.")
        return redirect(self.back)
