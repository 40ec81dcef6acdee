"""What all services about comments share: the lock, a step with its words, and telling people."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from core.errors import Refused
from core.notices import notify
from incidents.comments.access import comment_rules
from incidents.comments.hearers import panel, press
from incidents.models import Comment, CommentNote, CommentStep
from incidents.selectors import without
from people.governance.profile import Profile
from people.models import School, User

FURTHEST_BACK = timedelta(days=5 * 366)
AHEAD = timedelta(minutes=2)
"""The clock of a phone may be a little ahead."""
MOST_WORDS = 4000
MOST_NOTE = 4000
Did = CommentStep.Did


def url_of(comment: Comment) -> str:
    """The page of a comment."""
    return reverse("incidents:comment-detail", args=[comment.uuid])


def list_of(school: School) -> str:
    """The list of a school's comments."""
    return f"{reverse('incidents:comment-list')}?school={school.uuid}"


def past(moment: datetime, field: str) -> datetime:
    """A moment in whole seconds that is not in the future, but for a clock a little ahead. Raises Refused."""
    now, moment = timezone.now(), moment.replace(microsecond=0)
    if moment > now + AHEAD:
        raise Refused("The time cannot be in the future. Check day and time.", field=field)
    return min(moment, now)


def received_in(moment: datetime) -> datetime:
    """When something reached an account: of the last five years, in whole seconds. Raises Refused."""
    if moment < timezone.now() - FURTHEST_BACK:
        raise Refused("That is more than five years ago. Check the day.", field="received")
    return past(moment, "received")


def done_there(moment: datetime, received: datetime, field: str) -> datetime:
    """When something was done there: not before it came in, of which the minute is enough. Raises Refused."""
    moment = past(moment, field)
    if moment < received.replace(second=0, microsecond=0):
        raise Refused("That is before it reached the account. Check day and time.", field=field)
    return max(moment, received)


def locked(comment: Comment) -> Comment:
    """The row, locked until the transaction ends."""
    rows: QuerySet[Comment] = Comment.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("school__trust", "account__school", "owner").get(pk=comment.pk)


def locked_together(keys: Iterable[int]) -> list[Comment]:
    """The rows with these keys, locked in the order of their keys until the transaction ends.

    PostgreSQL leaves out what another holds now, so that a sweep waits for nobody: a later one meets it.
    """
    rows: QuerySet[Comment] = Comment.objects.select_for_update(
        of=("self",), no_key=True, skip_locked=True
    ).filter(pk__in=list(keys))
    return list(rows.order_by("pk").prefetch_related("school", "owner"))


def step_of(comment: Comment, did: str, by: User | None) -> CommentStep:
    """A step that is not written yet."""
    return CommentStep(comment=comment, did=did, by=by, single=did if did in CommentStep.ONCE else None)


def step_write(comment: Comment, did: str, by: User | None, words: str = "") -> CommentStep:
    """Add a step, and its words in a row of their own."""
    step = step_of(comment, did, by)
    step.save(force_insert=True)
    if words:
        CommentNote.objects.create(step=step, text=words)
    return step


def words_of(text: str, *, needed: str = "", field: str = "words", most: int = MOST_NOTE) -> str:
    """The text without blanks around it, with line ends of one kind. Raises Refused where it is missing or too long."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if needed and not text:
        raise Refused(f"{needed}.", field=field)
    if len(text) > most:
        raise Refused(f"Shorten this to {most} characters.", field=field)
    return text


def sent_twice(comment: Comment, did: str, by: User, words: str) -> CommentStep | None:
    """The newest step, if the same person sent the same a moment ago."""
    last = comment.steps.select_related("note").order_by("-pk").first()
    if last is None or (last.did, last.by_id) != (did, by.pk):
        return None
    said = last.note.text if hasattr(last, "note") else ""
    return last if said == words and timezone.now() - last.at < timedelta(minutes=1) else None


def tell(
    comment: Comment, kind: str, people: Iterable[User], *, key: str, but: User | None = None, link: str = ""
) -> None:
    """Tell them, each once for this kind and key. The notice says nothing of what was written."""
    notify(
        kind,
        recipients=without(people, but),
        about=comment,
        key=key,
        link=link or url_of(comment),
    )


def hearers_by_kind(comment: Comment, profile: Profile) -> list[User]:
    """Who is told of a comment because of its kind."""
    if comment.kind == Comment.Kind.PRESS:
        return press(comment, profile)
    return panel(comment, profile) if comment.kind == Comment.Kind.POLICY else []


def tell_moved(comment: Comment, people: Iterable[User], step: CommentStep, actor: User) -> None:
    """Tell those who had been told because of its old kind; who no longer sees it is led to the list."""
    for person in people:
        sees = comment_rules.visible_to(person, "view").filter(pk=comment.pk).exists()
        link = url_of(comment) if sees else list_of(comment.school)
        tell(comment, "incidents.comment_moved", [person], key=f"{step.pk}", but=actor, link=link)


def lead_on(comment: Comment, actor: User, profile: Profile, *, batch: str = "", link: str = "") -> bool:
    """Tell whom its kind concerns, once: of a journalist, of a complaint about the policy (RAV-5.07, CIT-2.19).

    Returns whether somebody is to hear because of the kind.
    """
    key = batch or str(comment.pk)
    if comment.kind == Comment.Kind.PRESS:
        tell(
            comment,
            "incidents.comment_press",
            press(comment, profile),
            key=f"{key}:press",
            but=actor,
            link=link,
        )
    elif comment.kind == Comment.Kind.POLICY:
        tell(
            comment,
            "incidents.comment_policy",
            panel(comment, profile),
            key=f"{key}:policy",
            but=actor,
            link=link,
        )
    else:
        return False
    return True
