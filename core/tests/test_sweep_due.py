"""Rows that fail every time hold up no others, however many they are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import Notice
from core.roles import Role
from core.sweeps import begin_count, failed_rows, sweep, sweep_due
from smgov.testing import a_person, a_school

pytestmark = pytest.mark.django_db


def rows(many: int) -> list[int]:
    """Notices of one moment, so that only the key tells them apart."""
    person = a_person("Dan Dale", Role.IT, a_school())
    Notice.objects.all().delete()
    moment = timezone.now()
    made = [
        Notice(
            recipient=person,
            kind="x",
            key=f"{n}",
            subject="x",
            link="/",
            message_id=f"<{n}@x>",
            created_at=moment,
        )
        for n in range(many)
    ]
    return [one.pk for one in Notice.objects.bulk_create(made)]


def test_many_rows_that_fail_every_time_do_not_hold_up_those_behind_them() -> None:
    keys, done = rows(12), []

    def one(pk: int) -> bool:
        if pk in keys[:8]:
            raise ValueError("broken")
        done.append(pk)
        return True

    begin_count()
    assert sweep_due("row", Notice.objects.all(), one, by="created_at", limit=3, batch=2) == 3
    assert done == keys[8:11], "as many as may be done in one run, behind all that fail"
    assert failed_rows() == 8


def test_what_is_done_leaves_the_rows_that_are_due_and_none_is_left_out() -> None:
    keys = rows(7)
    with CaptureQueriesContext(connection) as queries:
        sweep_due(
            "row",
            Notice.objects.filter(kind="x"),
            lambda pk: bool(Notice.objects.filter(pk=pk).update(kind="y")),
            by="created_at",
            limit=50,
            batch=3,
        )
    assert Notice.objects.filter(kind="y").count() == 7
    assert len(queries) == len(keys) + 3, "one query for each batch"


def test_a_limit_counts_what_was_changed() -> None:
    met: list[int] = []

    def one(key: int) -> bool:
        met.append(key)
        if key in (0, 2):
            raise ValueError("broken")
        return key != 1

    assert sweep("row", range(10), one, limit=2) == 2
    assert met == [0, 1, 2, 3, 4], "neither what fails nor what needs nothing takes a place"


def test_a_batch_is_done_together_and_where_that_fails_one_by_one() -> None:
    keys, batches, alone = rows(7), [], []

    def together(batch: list[int]) -> int:
        batches.append(batch)
        if keys[4] in batch:
            raise ValueError("broken")
        return len(batch)

    def one(pk: int) -> bool:
        alone.append(pk)
        if pk == keys[4]:
            raise ValueError("broken")
        return True

    begin_count()
    due = Notice.objects.all()
    changed = sweep_due("row", due, one, by="created_at", limit=50, batch=3, together=together)
    assert changed == 6
    assert batches == [keys[:3], keys[3:6], keys[6:]]
    assert alone == keys[3:6]
    assert failed_rows() == 1


def test_no_more_are_done_together_than_the_limit_leaves() -> None:
    keys, batches = rows(7), []

    def together(batch: list[int]) -> int:
        batches.append(batch)
        return len(batch)

    due = Notice.objects.all()
    assert sweep_due("row", due, bool, by="created_at", limit=4, batch=3, together=together) == 4
    assert batches == [keys[:3], keys[3:4]]
