"""Comments, documents and training for the bench, made in bulk past the services; and the cost of a sweep (P6)."""

import hashlib
import hmac
import json
import statistics
import time
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import SocialAccount
from incidents.comments.sweeps import TOGETHER, comments_due
from incidents.models import Comment, CommentStep
from people.models import School, User
from policies.models import Acknowledgement, Document, TrainingDuty, TrainingRecord, Version

KINDS = [str(kind) for kind in Comment.Kind.values]
OPEN, DUE = 100_000, 100
"""P6: open clocks, and how many of them are due."""


def fill_comments(school: School, staff: list[User], comments: int) -> None:
    """Four of five answered and resolved; every fifth open, with its time running."""
    now = timezone.now()
    accounts = list(SocialAccount.objects.filter(school=school).order_by("pk")[:5])
    rows = []
    for n in range(comments):
        received = now - timedelta(hours=n % 700 * 3)
        done = n % 5 != 0
        rows.append(
            Comment(
                once=uuid.uuid4(),
                school=school,
                account=accounts[n % len(accounts)],
                kind=KINDS[n % len(KINDS)],
                author=f"user{n}",
                words="When does the fair begin?",
                received_at=received,
                logged_by=staff[-1],
                due_at=received + timedelta(hours=24),
                answered_at=received + timedelta(hours=n % 30) if done else None,
                answered_by=staff[0] if done else None,
                resolved_at=received + timedelta(hours=40) if done else None,
                resolved_by=staff[0] if done else None,
            )
        )
    made = Comment.objects.bulk_create(rows)
    CommentStep.objects.bulk_create(
        CommentStep(comment=row, did="logged", single="logged", by=staff[-1]) for row in made
    )


def fill_policies(school: School, staff: list[User], documents: int) -> None:
    """Documents in force, which half of the staff have read; training that half of them owe."""
    today = timezone.localdate()
    for n in range(documents):
        document = Document.objects.create(
            once=uuid.uuid4(),
            school=school,
            kind="social_media" if n == 0 else "other",
            title=f"Policy {n}",
            readers=["staff"],
            review_on=today + timedelta(days=n * 7 - 60),
            created_by=staff[0],
        )
        version = Version.objects.create(
            document=document,
            number=1,
            text="Be kind.\n" * 50,
            sha256="0" * 64,
            state="in_force",
            made_by=staff[0],
            in_force_from=today - timedelta(days=400),
        )
        Acknowledgement.objects.bulk_create(
            Acknowledgement(version=version, user=user, school=school, statement="Read", sha256="0" * 64)
            for user in staff[::2]
        )
    records = TrainingRecord.objects.bulk_create(
        TrainingRecord(
            once=uuid.uuid4(),
            school=school,
            user=user,
            kind="safeguarding",
            title="Safeguarding",
            done_on=today - timedelta(days=30),
            trainer="A trainer",
            by=staff[0],
        )
        for user in staff[::2]
    )
    met = {record.user_id: record for record in records}
    duties = (
        TrainingDuty(
            school=school,
            user=user,
            kind="safeguarding",
            due_on=today + timedelta(days=335 if user.pk in met else -10),
            met_by=met.get(user.pk),
        )
        for user in staff
    )
    TrainingDuty.objects.bulk_create(duties, ignore_conflicts=True)


def sweep_ratio() -> tuple[float, float]:
    """The sweep over OPEN clocks of which DUE have run out: its time over the same rows through the driver, and
    over the same sweep where only the due ones are open.

    The driver's part is what no sweep can do without, in transactions of the same size: find what is due, lock it
    and read it, find who hears of it, write a step for each comment, an event with its keyed hash, the head of the
    log, a notice for each person, and put the comments on. Each statement is written once and run with many rows,
    by somebody who knows which people hear; no rule, no profile and no model is in it.
    """
    school = School.objects.filter(social_accounts__isnull=False).order_by("pk").first()
    Comment.objects.filter(next_at__isnull=False).update(next_at=None, stage=Comment.Stage.DONE)
    few = _timed(school, comments_due)
    now = timezone.now()
    _add(school, OPEN - DUE, now + timedelta(days=9))
    many = _timed(school, comments_due)
    raw = _timed(school, _through_the_driver)
    return many / raw, many / few


def _timed(school: School, sweep: Callable[[], object]) -> float:
    """The median of three runs over DUE comments that have run out, in seconds of the processor."""
    times = []
    for _ in range(3):
        _add(school, DUE, timezone.now() - timedelta(hours=1))
        begin = time.process_time()
        sweep()
        times.append(time.process_time() - begin)
        Comment.objects.filter(next_at__lte=timezone.now()).update(next_at=None, stage=Comment.Stage.DONE)
    return statistics.median(times)


def _add(school: School, count: int, due: datetime) -> None:
    """So many open comments that are due at this moment."""
    account = SocialAccount.objects.filter(school=school).order_by("pk").first()
    logger = User.objects.filter(memberships__school=school).order_by("pk").first()
    rows = (
        Comment(
            once=uuid.uuid4(),
            school=school,
            account=account,
            kind="query",
            author=f"clock{n}",
            words="Is the pool open?",
            received_at=due - timedelta(hours=24),
            logged_by=logger,
            due_at=due,
            stage=Comment.Stage.BREACH,
            next_at=due,
        )
        for n in range(count)
    )
    Comment.objects.bulk_create(rows, batch_size=5000)


def _through_the_driver(together: int = TOGETHER) -> None:
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM incidents_comment WHERE next_at <= %s ORDER BY next_at, id LIMIT %s", [now, DUE]
        )
        keys = [row[0] for row in cursor.fetchall()]
        for begin in range(0, len(keys), together):
            with transaction.atomic():
                _batch_through_the_driver(cursor, keys[begin : begin + together], now)


def _batch_through_the_driver(cursor: Any, keys: list[int], now: Any) -> None:
    lock = " FOR NO KEY UPDATE" if connection.features.has_select_for_update else ""
    these = ", ".join(["%s"] * len(keys))
    cursor.execute(f"SELECT * FROM incidents_comment WHERE id IN ({these}) ORDER BY id{lock}", keys)
    columns = [column[0] for column in cursor.description]
    key, account, school = (columns.index(name) for name in ("id", "account_id", "school_id"))
    rows = cursor.fetchall()
    cursor.execute(
        "SELECT user_id FROM accounts_accountright WHERE account_id = %s AND ended_at IS NULL"
        " AND accounts_accountright.right IN ('lead', 'moderator') UNION"
        " SELECT user_id FROM people_membership WHERE school_id = %s AND ended_at IS NULL"
        " AND role = 'head_of_comms'",
        [rows[0][account], rows[0][school]],
    )
    people = [row[0] for row in cursor.fetchall()]
    cursor.executemany(
        "INSERT INTO incidents_commentstep (comment_id, did, single, at) VALUES (%s, %s, %s, %s)",
        [(row[key], "breached", "breached", now) for row in rows],
    )
    cursor.executemany(
        "UPDATE incidents_comment SET stage = %s, next_at = %s WHERE id = %s",
        [(Comment.Stage.ESCALATE, None, row[key]) for row in rows],
    )
    cursor.executemany(
        "INSERT INTO core_notice (recipient_id, kind, key, subject, link, created_at, message_id, attempts,"
        " last_error, address) VALUES (%s, %s, %s, %s, %s, %s, %s, 0, '', '') ON CONFLICT DO NOTHING",
        [
            (
                person,
                "bench",
                f"{row[key]}:{now}",
                f"incidents.comment:{row[key]}",
                "/",
                now,
                f"<{uuid.uuid4()}>",
            )
            for row in rows
            for person in people
        ],
    )
    head = lock and " FOR UPDATE"
    cursor.execute(f"SELECT count, hash FROM core_audithead WHERE id = 1{head}")
    number, previous = cursor.fetchone()
    events = []
    for row in rows:
        number += 1
        event = (number, now, "incidents.comment_clock", row[school], f"incidents.comment:{row[key]}")
        hashed = _mac(json.dumps([*map(str, event), '{"stage":2}', previous]))
        events.append((*event, '{"stage":2}', previous, hashed))
        previous = hashed
    cursor.executemany(
        "INSERT INTO core_auditevent (number, at, action, school_id, subject, data, previous, hash)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        events,
    )
    cursor.execute(
        "UPDATE core_audithead SET count = %s, hash = %s, seal = %s WHERE id = 1",
        [number, previous, _mac(f"head:{number}:{previous}")],
    )


def _mac(text: str) -> str:
    return hmac.new(settings.AUDIT_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()
