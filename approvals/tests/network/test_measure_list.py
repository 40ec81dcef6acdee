"""The register of measures: reminders of reviews, the list, the file (CIT-2.49, STM-2.38)."""

import csv
import io
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.tests.register.cases import recorded, text_of, told
from approvals.models import MeasureReview, SecurityMeasure
from approvals.network.measures import (
    measure_review,
    measure_withdraw,
    measures_due,
)
from approvals.tests.network.cases import People, a_st_marys
from core.models import AuditEvent, Notice
from core.roles import Role
from core.todo import for_user
from smgov.testing import a_measure, a_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> People:
    return a_st_marys()


def in_days(days: int) -> Any:
    return timezone.localdate() + timedelta(days=days)


def url(name: str, measure: SecurityMeasure) -> str:
    return reverse(f"approvals:measure-{name}", args=[measure.uuid])


def reviewed(measure: SecurityMeasure, by: Any, days: int = 100, **values: Any) -> MeasureReview:
    values = {"once": uuid.uuid4(), "found": "All well", "next_review_on": in_days(days), **values}
    return measure_review(actor=by, measure=measure, **values)


# The clock


def due_now(measure: SecurityMeasure, days: int) -> None:
    """Move the review to so many days from today, and the next reminder into the past."""
    SecurityMeasure.objects.filter(pk=measure.pk).update(
        review_on=in_days(days), next_at=timezone.now() - timedelta(minutes=1)
    )


def test_it_is_reminded_two_weeks_before_and_on_the_day_each_once(people, monkeypatch) -> None:
    noon = timezone.localtime().replace(
        hour=12
    )  # before eight in the morning today's reminder is still to come
    monkeypatch.setattr(timezone, "now", lambda: noon)
    measure = a_measure(people.bob, people.school, carried_out_by=people.dan)
    assert timezone.localtime(measure.next_at).date() == in_days(90 - 14)
    assert measures_due() == 0
    due_now(measure, 14)
    assert measures_due() == 1
    assert measures_due() == 0
    assert told("approvals.measure_review_soon") == {"Dan Dale"}
    measure.refresh_from_db()
    assert timezone.localtime(measure.next_at).date() == in_days(14), "then on the day itself"
    due_now(measure, 0)
    assert measures_due() == 1
    measure.refresh_from_db()
    assert told("approvals.measure_review_due") == {"Dan Dale"}
    due_now(measure, 0)
    measures_due()
    assert Notice.objects.filter(kind="approvals.measure_review_due").count() == 1, "each once"


def test_an_overdue_review_stays_on_the_lists_and_is_not_reminded_of_again(client, people) -> None:
    measure = a_measure(people.bob, people.school, carried_out_by=people.dan)
    due_now(measure, -3)
    assert measures_due() == 1
    measure.refresh_from_db()
    assert measure.next_at is None
    assert told("approvals.measure_review_soon") == set(), "what is overdue is not called soon"
    assert [item.title for item in for_user(people.dan)] == [f"Review: {measure}"]
    client.force_login(people.bob)
    words = text_of(client.get(reverse("approvals:measure-list")))
    assert "Overdue" in words
    assert "1 review is overdue" in words
    assert "Overdue" in text_of(client.get(url("detail", measure)))
    reviewed(measure, people.dan)
    assert for_user(people.dan) == []


def test_a_review_near_at_hand_is_reminded_of_on_its_day(people) -> None:
    measure = a_measure(people.bob, people.school, review_on=in_days(5), carried_out_by=people.dan)
    assert timezone.localtime(measure.next_at).date() == in_days(5)
    assert [item.title for item in for_user(people.dan)] == [f"Review: {measure}"]


# List and file


def test_who_reads_the_register(client, people) -> None:
    measure = a_measure(people.bob, people.school)
    dpo = a_person("Pia Penn", Role.DPO, people.school)
    for user, status in (
        (people.bob, 200), (people.dan, 200), (people.dsl, 200), (people.chair, 200), (dpo, 200),
        (people.alice, 403), (people.eve, 403),
    ):  # fmt: skip
        client.force_login(user)
        assert client.get(reverse("approvals:measure-list")).status_code == status
        assert client.get(reverse("approvals:measure-export")).status_code == status
        assert client.get(url("detail", measure)).status_code == (200 if status == 200 else 404)


def test_the_filters_of_the_list(client, people) -> None:
    a_measure(people.bob, people.school, title="Alpha", kind="firewall")
    due_now(a_measure(people.bob, people.school, title="Beta", carried_out_by=people.dan), 10)
    due_now(a_measure(people.bob, people.school, title="Gamma", carried_out_by=people.dan), -1)
    gone = a_measure(people.bob, people.school, title="Delta")
    measure_withdraw(actor=people.bob, measure=gone, because="Over")
    client.force_login(people.bob)

    def found(**query: str) -> set[str]:
        words = text_of(client.get(reverse("approvals:measure-list"), query))
        return {name for name in ("Alpha", "Beta", "Gamma", "Delta") if name in words}

    assert found() == {"Alpha", "Beta", "Gamma"}
    assert found(status="all") == {"Alpha", "Beta", "Gamma", "Delta"}
    assert found(status="withdrawn") == {"Delta"}
    assert found(kind="firewall") == {"Alpha"}
    assert found(review="due") == {"Beta", "Gamma"}
    assert found(review="overdue") == {"Gamma"}
    assert found(q="bet") == {"Beta"}
    assert found(status="nonsense") == {"Alpha", "Beta", "Gamma"}


def test_the_file_is_safe_and_taking_it_out_is_an_event(client, people) -> None:
    a_measure(people.bob, people.school, title="=1+1", carried_out_by=people.dan)
    client.force_login(people.dsl)
    answer = client.get(reverse("approvals:measure-export"), {"q": "1"})
    [row] = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert row["measure"] == "'=1+1"
    assert (row["directed by"], row["carried out by"]) == ("Bob Barnes", "Dan Dale")
    event = AuditEvent.objects.get(action="approvals.measures_exported")
    assert (event.actor, event.data) == (people.dsl, {"measures": 1, "filters": ["q"]})
    client.get(reverse("approvals:measure-list"))
    assert recorded("approvals.measures_exported") == 1, "looking is no event"


def test_the_list_costs_the_same_for_few_and_for_many(client, people) -> None:
    client.force_login(people.bob)
    client.get(reverse("approvals:measure-list"))
    counts = []
    for size in (1, 9):
        for _ in range(size):
            reviewed(a_measure(people.bob, people.school, carried_out_by=people.dan), people.dan)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(reverse("approvals:measure-list")).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]
