"""The audit log: added to, never changed (design, section 4).

A service does its work inside `audited()`. Each `record()` is kept aside; just before the commit
the block locks the head of the chain, links its events and writes them. Locking at the end keeps
the lock short and in one order, so that two services never wait for each other crosswise.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone

from core.models import AuditEvent, AuditHead

ACTIONS: dict[str, str] = {}
GENESIS = "0" * 64


def register_action(action: str, sentence: str) -> None:
    """Register a dotted action with the sentence that the history shows, e.g. "signed a request"."""
    ACTIONS[action] = sentence


@dataclass
class _Pending:
    action: str
    actor_id: int | None
    school_id: int | None
    subject: str
    data: dict[str, Any]
    at: datetime


@dataclass
class _Block:
    events: list[_Pending] = field(default_factory=list)


_open: ContextVar[_Block | None] = ContextVar("audit_block", default=None)


@contextmanager
def audited() -> Iterator[None]:
    """A transaction whose events join the chain just before it commits; a nested one joins the outer.

    When a nested block fails, its events go with its changes.
    """
    outer = _open.get()
    if outer is not None:
        mark = len(outer.events)
        try:
            with transaction.atomic():
                yield
        except BaseException:
            del outer.events[mark:]
            raise
        return
    block = _Block()
    token = _open.set(block)
    try:
        with transaction.atomic():
            yield
            _append(block.events)
    finally:
        _open.reset(token)


def record(
    action: str, *, actor: Any = None, school: Any = None, subject: Any = None, data: dict | None = None
) -> None:
    """Record that `actor` did `action` to `subject`. Only inside an `audited()` block.

    `data` holds ids and field names, never a pupil's name or a secret. Raises KeyError for an
    unregistered action and RuntimeError outside a block.
    """
    if action not in ACTIONS:
        raise KeyError(f"audit action {action!r} is not registered")
    block = _open.get()
    if block is None:
        raise RuntimeError("record() was called outside an audited() block")
    block.events.append(
        _Pending(
            action=action,
            actor_id=getattr(actor, "pk", None),
            school_id=getattr(school, "pk", None),
            subject=subject_key(subject) if subject is not None else "",
            # Fractions are kept as text: a database may write the same number in another way.
            data=json.loads(
                json.dumps(data or {}, cls=DjangoJSONEncoder), parse_float=str, parse_constant=str
            ),
            at=timezone.now(),
        )
    )


def subject_key(subject: Any) -> str:
    """How the log names a row: model label and primary key."""
    return f"{subject._meta.label_lower}:{subject.pk}"


def history_of(*subjects: Any) -> Any:
    """The events about these rows, oldest first, with their actors."""
    keys = [subject_key(subject) for subject in subjects]
    return AuditEvent.objects.filter(subject__in=keys).select_related("actor").order_by("number")


def _append(pending: list[_Pending]) -> None:
    if not pending:
        return
    head = AuditHead.objects.select_for_update().get_or_create(pk=1, defaults={"count": 0, "hash": GENESIS})[
        0
    ]
    rows = []
    number, previous = head.count, head.hash
    for item in pending:
        number += 1
        row = AuditEvent(
            number=number,
            at=item.at,
            action=item.action,
            actor_id=item.actor_id,
            school_id=item.school_id,
            subject=item.subject,
            data=item.data,
            previous=previous,
        )
        row.hash = previous = chain_hash(row)
        rows.append(row)
    AuditEvent.objects.bulk_create(rows)
    head.count, head.hash = number, previous
    head.seal = head_seal(number, previous)
    head.save(update_fields=["count", "hash", "seal"])


def _mac(payload: str) -> str:
    return hmac.new(settings.AUDIT_KEY.encode(), payload.encode(), hashlib.sha256).hexdigest()


def chain_hash(row: AuditEvent) -> str:
    """The keyed hash of a row and of the one before it; the key is not in the database."""
    return _mac(
        json.dumps(
            [
                row.number,
                row.at.astimezone(timezone.get_fixed_timezone(0)).isoformat(timespec="microseconds"),
                row.action,
                row.actor_id,
                row.school_id,
                row.subject,
                row.data,
                row.previous,
            ],
            sort_keys=True,
            separators=(",", ":"),
        )
    )


def head_seal(count: int, hash_: str) -> str:
    """The keyed seal of the head, so that a shortened chain cannot be given a new end."""
    return _mac(f"head:{count}:{hash_}")


@dataclass(frozen=True)
class Verdict:
    """What `verify` found: `number` and `problem` of the first bad place, or an intact chain."""

    checked: int
    number: int | None = None
    problem: str = ""

    @property
    def intact(self) -> bool:
        """Whether nothing was found."""
        return self.number is None


def verify(
    anchors: list[tuple[int, str]] | None = None, progress: Callable[[int], None] | None = None
) -> Verdict:
    """Walk the chain and name the first bad place, the cut tail included.

    `anchors` are (count, hash) pairs kept outside the database (core.anchors); they show a
    tail that was cut together with its head.
    """
    expected_at: dict[int, set[str]] = {}
    for at, hash_ in anchors or []:
        expected_at.setdefault(at, set()).add(hash_)
    before = _head()
    number, previous = 0, GENESIS
    earlier: datetime | None = None
    for row in AuditEvent.objects.order_by("number").iterator(chunk_size=2000):
        if row.number != number + 1:
            return Verdict(number, number + 1, "an event is missing or stands twice")
        if row.previous != previous:
            return Verdict(number, row.number, "the event does not follow the one before it")
        if chain_hash(row) != row.hash:
            return Verdict(number, row.number, "the event was changed")
        if earlier and (earlier - row.at).total_seconds() > 300:
            return Verdict(number, row.number, "the clock went back")
        if expected_at.get(row.number, {row.hash}) != {row.hash}:
            return Verdict(number, row.number, "the event differs from the anchor kept outside the database")
        if row.number == before.count and row.hash != before.hash:
            return Verdict(number, row.number, "the head of the log does not fit this event")
        number, previous, earlier = row.number, row.hash, row.at
        if progress and number % 10000 == 0:
            progress(number)
    if before.count and before.seal != head_seal(before.count, before.hash):
        return Verdict(number, number + 1, "the seal of the head is not ours")
    if number < before.count:
        return Verdict(number, number + 1, "the end of the log is cut off")
    if any(at > number for at in expected_at):
        return Verdict(number, number + 1, "events that were anchored outside the database are gone")
    after = _head()  # the portal may have added events while we walked
    if number > after.count:
        return Verdict(number, after.count + 1, "the end of the log was added to by hand")
    return Verdict(number)


def _head() -> AuditHead:
    return AuditHead.objects.filter(pk=1).first() or AuditHead(count=0, hash=GENESIS)
