"""A second opinion on an answer before it is given (RAV-10.06)."""

from uuid import UUID

from django.db import IntegrityError
from django.utils import timezone

from core.audit import audited, record
from core.errors import Refused
from incidents.comments.access import comment_rules, opinion_rules
from incidents.comments.hearers import may_give_opinion
from incidents.comments.services.writing import Did, locked, step_write, tell, words_of
from incidents.models import Comment, SecondOpinion
from people.models import User

Verdict = SecondOpinion.Verdict


def opinion_ask(*, actor: User, comment: Comment, once: UUID, draft: str, of: User) -> SecondOpinion:
    """Show a draft to a colleague who may handle the comment, or leads the school. Not oneself.

    The same page sent twice is one question. Raises PermissionDenied, or Refused.
    """
    comment_rules.require(actor, "handle", comment)
    draft = words_of(draft, needed="Enter the answer as you would give it", field="draft")
    if of.pk == actor.pk:
        raise Refused("Ask somebody else than yourself.", field="of")
    if not may_give_opinion(comment).filter(pk=of.pk).exists():
        raise Refused("Choose a colleague of the school who looks after the account, or leads.", field="of")
    try:
        with audited():
            row = locked(comment)
            if known := SecondOpinion.objects.filter(once=once, comment=row, asked_by=actor).first():
                return known
            if row.resolved_at:
                raise Refused("It is resolved. Open it again first.")
            if row.opinions.filter(asked_of=of, given_at=None).exists():
                raise Refused("This colleague has been asked, and has not answered yet.", field="of")
            opinion = SecondOpinion.objects.create(
                once=once, comment=row, draft=draft, asked_by=actor, asked_of=of
            )
            step_write(row, Did.ASKED, actor)
            record(
                "incidents.opinion_asked",
                actor=actor,
                school=row.school,
                subject=row,
                data={"opinion": opinion.pk, "of": str(of.uuid)},
            )
            tell(row, "incidents.opinion_asked", [of], key=f"{opinion.pk}")
    except IntegrityError as error:
        raise Refused("This page cannot be sent. Open it afresh and send it again.") from error
    return opinion


def opinion_give(*, actor: User, opinion: SecondOpinion, verdict: str, advice: str = "") -> SecondOpinion:
    """Say what one thinks of the draft; advice is needed unless it is good. Raises PermissionDenied, or Refused."""
    opinion_rules.require(actor, "give", opinion)
    if verdict not in Verdict.values:
        raise Refused("Choose what you think of it.", field="verdict")
    needed = "" if verdict == Verdict.GOOD else "Say why, or what should be changed"
    advice = words_of(advice, needed=needed, field="advice")
    with audited():
        row = locked(opinion.comment)
        kept = SecondOpinion.objects.select_for_update(of=("self",), no_key=True).get(pk=opinion.pk)
        if kept.given_at:
            if (kept.verdict, kept.advice) == (verdict, advice):
                return kept
            raise Refused("You have answered this already.")
        kept.verdict, kept.advice, kept.given_at = verdict, advice, timezone.now()
        kept.save(update_fields=["verdict", "advice", "given_at"])
        step_write(row, Did.OPINION, actor)
        record(
            "incidents.opinion_given",
            actor=actor,
            school=row.school,
            subject=row,
            data={"opinion": kept.pk, "verdict": verdict},
        )
        tell(row, "incidents.opinion_given", [kept.asked_by], key=f"{kept.pk}", but=actor)
    return kept
