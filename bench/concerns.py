"""Cases and entries of the abuse log for the bench, made in bulk past the services."""

import hashlib
import uuid
from datetime import timedelta

from django.utils import timezone

from core.roles import Role
from incidents.models import (
    AbuseAct,
    AbuseEntry,
    Action,
    Category,
    Concern,
    ConcernStep,
    ConcernWords,
    Entry,
    EntryText,
    Excluded,
    Part,
    PartIn,
    Sort,
    Status,
)
from people.models import School, User

CATEGORIES = list(Category.values)


def fill_concerns(school: School, staff: list[User], concerns: int, abuse: int) -> None:
    """Three of four closed; every fifth about a colleague, for the headteacher; the others for the DSL."""
    now = timezone.now()
    rows = Concern.objects.bulk_create(
        [
            Concern(
                once=uuid.uuid4(),
                school=school,
                reporter=staff[-1 - n % 5],
                at=now - timedelta(days=n % 300, minutes=n),
                category=CATEGORIES[n % len(CATEGORIES)],
                urgency=1 + n % 3,
                **_state(n, staff, now),
            )
            for n in range(concerns)
        ]
    )
    about_staff = {row.pk for n, row in enumerate(rows) if n % 5 == 0}
    ConcernWords.objects.bulk_create(ConcernWords(concern=row, what="Messages in a chat") for row in rows)
    ConcernStep.objects.bulk_create(
        ConcernStep(concern=row, role=Role.HEADTEACHER if row.pk in about_staff else Role.DSL) for row in rows
    )
    Part.objects.bulk_create(
        Part(concern=row, part=part, sort=sort, words=words, user=user)
        for row in rows
        for part, sort, words, user in _people(row.pk in about_staff, staff)
    )
    Excluded.objects.bulk_create(
        Excluded(concern_id=pk, user=staff[-2], because=Excluded.Because.PART) for pk in about_staff
    )
    text = "Spoke with the form tutor"
    entries = Entry.objects.bulk_create(
        Entry(
            concern=row,
            kind=kind,
            by=staff[1],
            sha256=hashlib.sha256(text.encode()).hexdigest() if kind == "note" else "",
        )
        for row in rows
        for kind in ("received", "read", "note", "note")
    )
    EntryText.objects.bulk_create(EntryText(entry=row, text=text) for row in entries if row.kind == "note")
    Action.objects.bulk_create(
        Action(
            concern=row, text="Call home", due_at=now + timedelta(days=n % 9 - 3), owner=staff[1], by=staff[1]
        )
        for n, row in enumerate(rows)
        if row.status == Status.OPEN
    )
    _abuse(school, staff, abuse)


def _state(n: int, staff: list[User], now) -> dict:
    if n % 8 == 1:
        return {"status": Status.UNREAD, "read_due_at": now + timedelta(hours=4)}
    read = {"first_read_at": now, "first_read_by": staff[1]}
    if n % 4 == 2:
        return {
            "status": Status.OPEN,
            "owner": staff[1],
            "waiting_for": "police" if n % 3 == 0 else "",
            **read,
        }
    return {"status": Status.CLOSED, "outcome": "resolved", "closed_at": now, "closed_by": staff[1], **read}


def _people(about_staff: bool, staff: list[User]) -> list[tuple]:
    victim = (PartIn.VICTIM, Sort.PUPIL, "Kit of 9B", None)
    if about_staff:
        return [(PartIn.SUBJECT, Sort.STAFF, "", staff[-2])]
    return [victim, (PartIn.SUBJECT, Sort.PUPIL, "Max of 9C", None)]


def _abuse(school: School, staff: list[User], count: int) -> None:
    now = timezone.now()
    rows = AbuseEntry.objects.bulk_create(
        AbuseEntry(
            once=uuid.uuid4(),
            school=school,
            elsewhere="A local group",
            seen_at=now - timedelta(days=n % 300),
            author="angry_user",
            words="An insult",
            nature=["offensive", "threat", "hate", "false"][n % 4],
            against=["school", "staff", "pupil"][n % 3],
            by=staff[-1 - n % 5],
            done_at=None if n % 3 == 0 else now,
        )
        for n in range(count)
    )
    AbuseAct.objects.bulk_create(AbuseAct(entry=row, did="hidden", by=staff[0]) for row in rows)
