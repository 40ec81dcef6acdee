"""Notices: in-app exactly once, by e-mail from a sweep (design, section 7).

A notice carries a link and no detail of a pupil or a concern (subtle 110). Whether its recipient
may still see the row is asked when it is shown and again when it is sent.
"""

import logging
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, Q, QuerySet, Value
from django.utils import timezone

from core.access import RULES, Rules
from core.audit import subject_key
from core.models import Notice
from core.sweeps import note_failed

logger = logging.getLogger(__name__)
LEASE = timedelta(minutes=10)
SLOWEST = timedelta(minutes=4)
"""More than one mail can take, each step of which may wait EMAIL_TIMEOUT: what is leased for less is not begun,
or another sweep might send it too."""
MAX_ATTEMPTS = 20
"""After two days and a half a mail is given up, and waits for somebody of IT to try again (core.mails)."""
MAX_QUIET_ATTEMPTS = 200
"""Nobody of IT sees a mail of a quiet kind, so nobody could try it again: it goes on for a month."""
SIGN_IN = "This mail carries no details on purpose. Sign in to see them."
OPEN_LINK = "This mail carries no details on purpose. The link is for you alone: please do not pass it on."


@dataclass(frozen=True)
class NoticeKind:
    """What a kind of notice says. `title` is the subject of the mail, `text` one plain sentence.

    `names_row` lets the portal (never a mail) say which row it is about: not for concerns or pupils.
    `own_link` computes the address at sending time, for links that hold a secret; `may_receive`
    replaces the access rules where the recipient has no standing yet (an invitation). `quiet` keeps its
    mails out of every list and number that IT sees: for all that is about somebody's wrongdoing or private
    matters, since IT may be whom it concerns (quality A4).
    """

    title: str
    text: str
    names_row: bool = False
    quiet: bool = False
    own_link: Callable[[Notice], str] | None = None
    may_receive: Callable[[Any, str], bool] | None = None


KINDS: dict[str, NoticeKind] = {}


def register_kind(name: str, kind: NoticeKind) -> None:
    """Register a kind of notice under a dotted name."""
    KINDS[name] = kind


def quiet_kinds() -> list[str]:
    """The kinds of which nothing is listed or counted."""
    return sorted(name for name, kind in KINDS.items() if kind.quiet)


def open_kinds() -> list[str]:
    """The kinds whose mails IT may see when they cannot be delivered."""
    return sorted(name for name, kind in KINDS.items() if not kind.quiet)


@dataclass(frozen=True)
class Telling:
    """What some people are told of one event: once for this kind and key, with a link to the row it is about."""

    kind: str
    recipients: Iterable[Any]
    about: Any
    key: str
    link: str


def notify(kind: str, *, recipients: Iterable[Any], about: Any, key: str, link: str) -> int:
    """Write one notice for each active recipient, once for this kind and key.

    Call it in the transaction of the event. Returns how many people were addressed. Raises
    KeyError for an unregistered kind.
    """
    return notify_each([Telling(kind, recipients, about, key, link)])


def notify_each(tellings: Iterable[Telling]) -> int:
    """The same for many events of one transaction, all at once. Returns how many notices that makes, old ones too.

    They are written in the order of kind, key and person: of two transactions that write the same notices one
    waits for the other, and never both for each other.
    """
    rows: dict[tuple[str, str, int], Notice] = {}
    for one in tellings:
        if one.kind not in KINDS:
            raise KeyError(f"notice kind {one.kind!r} is not registered")
        for person in one.recipients:
            once = (one.kind, one.key, person.pk)
            if person.is_active and once not in rows:
                rows[once] = _notice(
                    recipient=person, kind=one.kind, key=one.key, about=one.about, link=one.link
                )
    Notice.objects.bulk_create([rows[once] for once in sorted(rows)], ignore_conflicts=True, batch_size=500)
    return len(rows)


def notify_outside(kind: str, *, address: str, about: Any, key: str) -> None:
    """Write to somebody without an account, once for this kind, key and address.

    The kind's `own_link` makes the link when the mail is sent, and its `may_receive` (called without
    a person) says whether the link still holds; a kind without both cannot be sent outside.
    """
    notify_all_outside(kind, [(address, about, key)])


def notify_all_outside(kind: str, mails: Iterable[tuple[str, Any, str]]) -> None:
    """Write to many people without an account, each once: their address, the row it is about, the key."""
    if KINDS[kind].own_link is None or KINDS[kind].may_receive is None:
        raise KeyError(f"notice kind {kind!r} has no link for people without an account")
    Notice.objects.bulk_create(
        [_notice(address=address, kind=kind, key=key, about=about, link="") for address, about, key in mails],
        ignore_conflicts=True,
        batch_size=500,
    )


def _notice(*, about: Any, **row: Any) -> Notice:
    host = settings.SITE_URL.split("://")[-1].split(":")[0].split("/")[0]
    return Notice(
        subject=subject_key(about),
        created_at=timezone.now(),
        message_id=f"<{uuid.uuid4()}@{host}>",
        **row,
    )


def shown_to(user: Any, notices: Iterable[Notice]) -> list[Notice]:
    """Those of the user's notices whose row they may still see: one query a model.

    Each gets `about`, the words of its row where its kind allows it, else an empty text.
    """
    rows = [notice for notice in notices if notice.kind in KINDS]
    wanted = defaultdict(set)
    for notice in rows:
        if KINDS[notice.kind].may_receive is None:
            label, _, key = notice.subject.partition(":")
            wanted[label].add(key)
    visible = {label: _visible_rows(user, label, keys) for label, keys in wanted.items()}
    shown = []
    for notice in rows:
        kind = KINDS[notice.kind]
        label, _, key = notice.subject.partition(":")
        if kind.may_receive(user, key) if kind.may_receive else key in visible[label]:
            row = visible.get(label, {}).get(key)
            notice.about = str(row) if kind.names_row and row is not None else ""
            shown.append(notice)
    return shown


def count_shown(user: Any, notices: Iterable[Notice]) -> int:
    """How many of the notices `shown_to` would show, in one query: for the badge on every page."""
    always, wanted = 0, defaultdict(list)
    for notice in notices:
        kind = KINDS.get(notice.kind)
        label, _, key = notice.subject.partition(":")
        if kind is not None and kind.may_receive:
            always += kind.may_receive(user, key)
        elif kind is not None:
            wanted[label].append(key)
    visible = [
        _rules_of(label)
        .visible_to(user, "view")
        .filter(pk__in=keys)
        .order_by()
        .values_list(Value(label), "pk")
        for label, keys in wanted.items()
        if _rules_of(label)
    ]
    if not visible:
        return always
    seen = {(label, str(pk)) for label, pk in visible[0].union(*visible[1:], all=True)}
    return always + sum((label, key) in seen for label, keys in wanted.items() for key in keys)


def _rules_of(label: str) -> Rules | None:
    return next((rules for name, rules in RULES.items() if name.lower() == label), None)


def _visible_rows(user: Any, label: str, keys: set[str]) -> dict[str, Any]:
    rules = _rules_of(label)
    if rules is None:
        return {}
    return {str(row.pk): row for row in rules.visible_to(user, "view").filter(pk__in=keys)}


def send_due(limit: int = 200) -> int:
    """Mail unsent notices: lease, count the attempt, ask again, send with a fixed Message-ID, mark.

    A hard kill between sending and marking can repeat one mail, with the same Message-ID; none is
    lost. It counts for the mail that was begun alone, so that one which kills every worker is given up
    in the end, and no other with it. Returns how many were mailed.
    """
    sent = 0
    leased = _lease(limit)
    for place, notice in enumerate(leased):
        if notice.leased_until - timezone.now() < SLOWEST:
            # The mail server is slow: the rest is for a later sweep.
            _give_back(leased[place:])
            break
        _begin(notice)
        try:
            if not _may_have(notice):
                Notice.objects.filter(pk=notice.pk).update(dropped_at=timezone.now(), leased_until=None)
                continue
            _message(notice).send()
        except Exception as error:  # a mail server may fail in any way; the row is tried again
            _put_off(notice, error)
            continue
        Notice.objects.filter(pk=notice.pk).update(sent_at=timezone.now(), leased_until=None, last_error="")
        sent += 1
    return sent


def _begin(notice: Notice) -> None:
    """Count the attempt before anything is done with this mail, whatever becomes of the worker."""
    notice.attempts += 1
    Notice.objects.filter(pk=notice.pk).update(attempts=F("attempts") + 1)


def _may_have(notice: Notice) -> bool:
    """Whether the recipient may still see the row that it is about."""
    gone = notice.recipient is not None and not notice.recipient.is_active
    return not gone and bool(shown_to(notice.recipient, [notice]))


def _put_off(notice: Notice, error: Exception) -> None:
    """It could not be mailed: later again. The log says that one was given up, and nothing of it."""
    quiet = KINDS[notice.kind].quiet
    if not quiet:
        note_failed()
    if notice.attempts >= (MAX_QUIET_ATTEMPTS if quiet else MAX_ATTEMPTS):
        logger.error("a mail was given up: %s", type(error).__name__)
    Notice.objects.filter(pk=notice.pk).update(
        last_error=type(error).__name__[:200],
        leased_until=timezone.now() + timedelta(minutes=min(2 ** min(notice.attempts, 8), 240)),
    )


def due_mails() -> QuerySet[Notice]:
    """Notices that wait to be mailed now, whoever they are for."""
    now = timezone.now()
    left = Q(attempts__lt=MAX_ATTEMPTS) | Q(attempts__lt=MAX_QUIET_ATTEMPTS, kind__in=quiet_kinds())
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    return Notice.objects.filter(left, free, sent_at=None, dropped_at=None)


def _give_back(leased: list[Notice]) -> None:
    mine = Notice.objects.filter(pk__in=[n.pk for n in leased], leased_until=leased[0].leased_until)
    mine.update(leased_until=None)


def _lease(limit: int) -> list[Notice]:
    """Take the oldest for this sweep alone: on SQLite by its one writer, on PostgreSQL by locks passed over.

    While a mail is on its way it has a lease and no error. What was begun before, and may have killed a
    worker, comes last among those that are taken.
    """
    with transaction.atomic():
        due = due_mails()
        if _can_skip_locked():
            due = due.select_for_update(skip_locked=True, of=("self",))
        ids = list(due.order_by("created_at").values_list("pk", flat=True)[:limit])
        until = timezone.now() + LEASE
        Notice.objects.filter(pk__in=ids).update(leased_until=until, last_error="")
    leased = Notice.objects.filter(pk__in=ids).select_related("recipient")
    return list(leased.order_by("attempts", "created_at"))


def _can_skip_locked() -> bool:
    return transaction.get_connection().features.has_select_for_update_skip_locked


def _message(notice: Notice) -> EmailMessage:
    kind = KINDS[notice.kind]
    link = kind.own_link(notice) if kind.own_link else settings.SITE_URL + notice.link
    return EmailMessage(
        subject=kind.title,
        body=f"{kind.text}\n\n{link}\n\n{SIGN_IN if notice.recipient else OPEN_LINK}\n",
        to=[notice.recipient.email if notice.recipient else notice.address],
        headers={"Message-ID": notice.message_id, "Auto-Submitted": "auto-generated"},
    )
