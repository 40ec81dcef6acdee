"""What falls due in the tests of faults: rows on three kinds of clocks, and what must be there when all is done."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from accounts.tests.register.cases import an_account
from approvals.models import SecurityMeasure
from core.clock import LONDON
from core.models import Notice
from core.roles import Role
from incidents.models import Comment
from people.models import School, User
from policies.models import Document, Version
from smgov.testing import a_measure, a_person, a_school

MEASURE, COMMENT = "approvals.measure_review_due", "incidents.comment_reminder"
REVIEW, OVERDUE = "policies.review_due", "policies.review_overdue"
STEPS = 120


@dataclass(frozen=True)
class Due:
    """How many notices of each kind there must be in the end.

    Documents are due from the midnight `day` on, and after that next on one of `next_days`.
    """

    kinds: dict[str, int]
    midnight: datetime
    next_days: set[str]

    @property
    def many(self) -> int:
        """All notices together, each of which is mailed."""
        return sum(self.kinds.values())


def reminders(
    clock: datetime, *, measures: int, comments: int, documents: int, apart: timedelta = timedelta(seconds=1)
) -> Due:
    """Measures and comments that fall due one after another from the moment `clock` on, and documents.

    The former come in 120 steps, so far `apart`, and documents all at the midnight in London before the last
    step. A measure tells the technician and a comment whoever leads its account, who has a year to answer. A
    document tells two keepers, since nobody holds the role of its reviewer: of every fourth that the review
    is due in 30 days, of the others that it is overdue, for the first, the second or the third week.
    """
    school = a_school("Hilltop Primary")
    head = a_person("Bob Barnes", Role.HEADTEACHER, school)
    a_person("Dan Dale", Role.IT, school)
    a_person("Ella Tate", Role.SENIOR_LEADER, school)
    account = an_account(school, head, lead=a_person("Lena Lamb", Role.STAFF, school))
    moments = [clock + apart * step for step in range(STEPS)]
    _measures(school, head, [moments[number % STEPS] for number in range(measures)])
    Comment.objects.bulk_create(
        [
            Comment(
                once=uuid.uuid4(),
                school=school,
                account=account,
                kind=Comment.Kind.QUERY,
                author="parent_of_two",
                words=f"Question {number}",
                received_at=clock,
                logged_by=head,
                due_at=clock + timedelta(days=365),
                stage=Comment.Stage.REMIND,
                next_at=moments[number % STEPS],
            )
            for number in range(comments)
        ],
        batch_size=500,
    )
    day = timezone.localdate(moments[-1])
    _documents(school, head, documents, day)
    Notice.objects.all().delete()
    soon = len(range(0, documents, 4))
    kinds = {MEASURE: measures, COMMENT: comments, REVIEW: 2 * soon, OVERDUE: 2 * (documents - soon)}
    return Due(
        kinds,
        datetime.combine(day, time(), LONDON),
        {f"{day + timedelta(days=later)}" for later in (7, 23)},
    )


def _measures(school: School, head: User, moments: list[datetime]) -> None:
    first = a_measure(head, school)
    SecurityMeasure.objects.filter(pk=first.pk).update(
        review_on=timezone.localdate(moments[0]) - timedelta(days=1), next_at=moments[0]
    )
    first.refresh_from_db()
    SecurityMeasure.objects.bulk_create(
        [_copy(first, next_at=moment) for moment in moments[1:]], batch_size=500
    )


def _documents(school: School, head: User, many: int, day: date) -> None:
    """A reminder of each on that day; each has a version in force, or few might read it."""
    rows = [
        Document(
            once=uuid.uuid4(),
            school=school,
            created_by=head,
            kind="other",
            title=f"Policy {number}",
            review_on=day + timedelta(days=30 if not number % 4 else 6 - 7 * (number % 4)),
            remind_on=day,
        )
        for number in range(many)
    ]
    Document.objects.bulk_create(rows, batch_size=500)
    Version.objects.bulk_create(
        [
            Version(
                document=row,
                number=1,
                text="Be kind online.",
                sha256="0" * 64,
                state=Version.State.IN_FORCE,
                made_by=head,
                in_force_from=day - timedelta(days=365),
            )
            for row in Document.objects.filter(school=school)
        ],
        batch_size=500,
    )


def _copy(row: SecurityMeasure, **changes: Any) -> SecurityMeasure:
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    del values["id"]
    return SecurityMeasure(**{**values, "uuid": uuid.uuid4(), "once": uuid.uuid4(), **changes})
