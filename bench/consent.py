"""Rows about consent for the bench, and its ratios: the consent check (P5) and the import of pupils (P7)."""

import csv
import io
import statistics
import time
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consent.models import (
    Answer,
    CheckWords,
    ConsentCheck,
    Contact,
    OtherPerson,
    Position,
    PostSearch,
    Pupil,
    Purpose,
    Reply,
    Tie,
    Wording,
)
from people.models import GovernanceProfile, Membership, School, User

PURPOSES = [
    ("image", "school"),
    ("video", "school"),
    ("image", "trust"),
    ("video", "trust"),
    ("image", "website"),
]
"""Five purposes answered by two contacts make ten records a pupil."""
CHECKED = 300
IMPORTED = 60_000
ROUNDS = 15


def fill_consent(school: School, staff: list[User], pupils: int) -> None:
    """Pupils in classes of thirty with two contacts each, and two answers to each of five purposes."""
    now, number = timezone.now(), school.pk
    office = staff[2]
    purposes = _purposes(school, office)
    wordings = {row.purpose_id: row for row in Wording.objects.filter(purpose__in=purposes)}
    have = Pupil.objects.filter(school=school).count()
    rows = Pupil.objects.bulk_create(
        [
            Pupil(
                school=school,
                upn=f"B{number:05}{n:07}",
                first_name=f"First{n % 97}",
                last_name=f"Last{n:05}",
                search_name=f"first{n % 97} last{n:05}",
                born=date(2012, 1, 1) + timedelta(days=n % 2000),
                year_group=str(n // 90 + 1),
                class_name=f"{n // 90 + 1}{'ABC'[n // 30 % 3]}",
                joined_on=date(2020, 9, 1),
            )
            for n in range(have, have + pupils)
        ]
    )
    for relationship in ("Mother", "Father"):
        contacts = Contact.objects.bulk_create(
            [
                Contact(
                    school=school,
                    name=f"{relationship} of {row.last_name}",
                    email=f"{relationship.lower()}{row.pk}@families.example",
                )
                for row in rows
            ]
        )
        Tie.objects.bulk_create(
            [
                Tie(pupil=pupil, contact=contact, relationship=relationship, responsibility="yes")
                for pupil, contact in zip(rows, contacts, strict=True)
            ]
        )
        replies = Reply.objects.bulk_create(
            [
                Reply(
                    once=uuid.uuid4(),
                    school=school,
                    pupil=pupil,
                    contact=contact,
                    standing="parental",
                    route="link",
                    weight="counts",
                    received_at=now,
                    recorded_at=now,
                )
                for pupil, contact in zip(rows, contacts, strict=True)
            ]
        )
        Answer.objects.bulk_create(
            [
                Answer(
                    reply=reply,
                    pupil_id=reply.pupil_id,
                    purpose=purpose,
                    wording=wordings[purpose.pk],
                    kind="given" if _yes(n, relationship) else "refused",
                    allows=_yes(n, relationship),
                    contact_id=reply.contact_id,
                    standing="parental",
                    weight="counts",
                    received_at=now,
                    recorded_at=now,
                )
                for n, reply in enumerate(replies)
                for purpose in purposes
            ],
            batch_size=2000,
        )
    Position.objects.bulk_create(
        [
            Position(pupil=pupil, purpose=purpose, says=_says(n), since=now)
            for n, pupil in enumerate(rows)
            for purpose in purposes
        ],
        batch_size=2000,
    )
    PostSearch.objects.bulk_create(
        [PostSearch(school=school, pupil=pupil, why="withdrawn") for pupil in rows[::20]]
    )
    checks = ConsentCheck.objects.bulk_create(
        [
            ConsentCheck(
                once=uuid.uuid4(),
                school=school,
                by=staff[-1 - n % 5],
                medium="image",
                channel="school",
                in_group=True,
                first_name=False,
            )
            for n in range(pupils // 6)
        ]
    )
    CheckWords.objects.bulk_create(
        [CheckWords(check_row=row, what=f"Trip {n}") for n, row in enumerate(checks)]
    )
    OtherPerson.objects.bulk_create(
        [
            OtherPerson(
                once=uuid.uuid4(),
                school=school,
                who="visitor",
                name=f"Visitor {n}",
                search_name=f"visitor {n}",
                route="in_person",
                asked_on=now.date(),
                recorded_by=office,
            )
            for n in range(max(2, pupils // 100))
        ]
    )


def _yes(n: int, relationship: str) -> bool:
    return n % 10 != 9 and not (n % 10 == 8 and relationship == "Father")


def _says(n: int) -> str:
    return {9: "no", 8: "split"}.get(n % 10, "yes")


def _purposes(school: School, office: User) -> list[Purpose]:
    found = list(Purpose.objects.filter(school=school).order_by("order"))
    if found:
        return found
    rows = Purpose.objects.bulk_create(
        [
            Purpose(school=school, medium=medium, channel=channel, order=order, created_by=office)
            for order, (medium, channel) in enumerate(PURPOSES)
        ]
    )
    Wording.objects.bulk_create([Wording(purpose=row, number=1, text="May we?", by=office) for row in rows])
    return rows


def _median(act: Callable[[], Any]) -> float:
    act()
    times = []
    for _ in range(ROUNDS):
        begin = time.process_time()
        act()
        times.append(time.process_time() - begin)
    return statistics.median(times)


def check_ratio(world: Any) -> tuple[int, float]:
    """P5: queries of a consent check of 300 pupils, and its time over the same SQL through the driver alone."""
    from consent.checking import read_check
    from consent.ledger import Use
    from consent.terms import terms_of
    from people.selectors import profile_of

    school = world.schools[0]
    ids = list(Pupil.objects.filter(school=school).order_by("pk").values_list("pk", flat=True)[:CHECKED])
    use, terms, day = Use("image", "school"), terms_of(profile_of(school)), timezone.localdate()

    def ours() -> Any:
        return read_check(school, ids, use, terms, day)

    assert len(ours()) == CHECKED
    with CaptureQueriesContext(connection) as captured:
        ours()
    sql = [one["sql"] for one in captured.captured_queries]

    def bare() -> None:
        cursor = connection.connection.cursor()
        for text in sql:
            cursor.execute(text)
            cursor.fetchall()
        cursor.close()

    return len(sql), _median(ours) / _median(bare)


def import_ratio(world: Any) -> tuple[float, float]:
    """P7: seconds to import 60,000 pupils (compare and accept), and over parsing plus a bare bulk insert."""
    from consent.services.imports import import_accept, import_send
    from consent.services.imports_work import import_run, read_file

    bare_school, school = (
        School.objects.create(name=f"Import {n}", slug=f"bench-import-{n}", trust=world.trust) for n in (1, 2)
    )
    for one in (bare_school, school):
        GovernanceProfile.objects.create(school=one)
    office = User.objects.create(email="import@bench.example.org", full_name="Olga Ott")
    start = timezone.localdate() - timedelta(days=30)
    Membership.objects.create(user=office, role="office", school=school, starts=start)
    upload = ContentFile(_file(IMPORTED), name="pupils.csv")
    load = import_send(actor=office, school=school, once=uuid.uuid4(), upload=upload, whole_school=True)

    begin = time.process_time()
    reading = read_file(load)
    with transaction.atomic():
        Pupil.objects.bulk_create([Pupil(school=bare_school, **one.values) for one in reading.records])
    bare = time.process_time() - begin

    begin = time.process_time()
    load = import_run(load)
    load = import_run(import_accept(actor=office, load=load, missing="leaver"))
    ours = time.process_time() - begin
    assert Pupil.objects.filter(school=school).count() == IMPORTED, load.status
    return ours, ours / bare


def _file(count: int) -> bytes:
    """Pupils as a school's information system exports them; no two share name and birthday."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["UPN", "Legal Surname", "Legal Forename", "DOB", "Year Group", "Reg Group"])
    for n in range(count):
        born = f"{1 + n % 28:02}/{1 + n % 12:02}/{2009 + n % 7}"
        writer.writerow([f"C{n:012}", f"Surname{n % 977}", f"Forename{n // 977}", born, "7", f"7{n % 9}"])
    return out.getvalue().encode()
