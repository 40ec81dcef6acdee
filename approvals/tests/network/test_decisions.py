"""The register of decisions on blocked content: who reads it, by school year, counted, and as a file."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.tests.register.cases import recorded, text_of
from approvals.models import UnblockRequest
from approvals.network.evidence import decisions_export
from approvals.network.timed import opening_opened
from approvals.network.unblock import unblock_withdraw
from approvals.network.years import SchoolYear, years_since
from approvals.tests.network.cases import People, a_st_marys
from core.models import AuditEvent
from core.roles import Role
from smgov.testing import a_person, an_unblock, decide

pytestmark = pytest.mark.django_db
LIST, EXPORT = reverse("approvals:decision-list"), reverse("approvals:decision-export")


@pytest.fixture
def people() -> People:
    return a_st_marys()


def asked(people: People, host: str, outcome: str = "", **answers: Any) -> UnblockRequest:
    row = an_unblock(people.alice, people.school, addresses=f"https://{host}/page", **answers)
    if outcome:
        decide(row.approval, people.bob, outcome, reasons=f"Reason for {host}")
    return UnblockRequest.objects.select_related("approval", "school").get(pk=row.pk)


def words_for(client: Any, user: Any, **query: str) -> str:
    client.force_login(user)
    answer = client.get(LIST, query)
    assert answer.status_code == 200
    return text_of(answer)


@pytest.mark.clause("STM-13.07")
@pytest.mark.clause("STM-13.08")
@pytest.mark.clause("STM-9.07")
def test_each_decision_says_who_decided_how_and_why(client, people) -> None:
    row = asked(people, "films.example", "approved")
    opening_opened(actor=people.dan, row=row)
    asked(people, "games.example", "refused", category="games")
    words = words_for(client, people.bob)
    for said in (
        "films.example", "Video, music and images", "I need special permission", "A class or a group: 9B",
        "Approved by Bob Barnes (Headteacher)", "Reason for films.example", "Open for",
        "games.example", "Refused by Bob Barnes (Headteacher)", "Reason for games.example",
        "Decided after less than a day",
    ):  # fmt: skip
        assert said in words


def test_kinds_and_outcomes_are_counted(client, people) -> None:
    asked(people, "a.example", "approved")
    asked(people, "b.example", "refused")
    asked(people, "c.example")
    asked(people, "d.example", "approved", category="games")
    unblock_withdraw(actor=people.alice, request=asked(people, "e.example", category="games"))
    client.force_login(people.bob)
    table = client.get(LIST).context["counts"]
    assert [column.label for column in table.columns] == [
        "Kind of site", "Approved", "Refused", "Waiting", "Withdrawn", "Total",
    ]  # fmt: skip
    assert table.rows[0] == {
        "category": "Video, music and images", "approved": 1, "refused": 1, "pending": 1, "withdrawn": 0, "total": 3,
    }  # fmt: skip
    assert table.rows[-1]["total"] == 5


def test_the_filters(client, people) -> None:
    asked(people, "alpha.example", "approved")
    asked(people, "beta.example", "refused", category="games")

    def found(**query: str) -> set[str]:
        words = words_for(client, people.bob, **query)
        return {name for name in ("alpha", "beta") if f"{name}.example" in words}

    assert found() == {"alpha", "beta"}
    assert found(category="games") == {"beta"}
    assert found(outcome="approved") == {"alpha"}
    assert found(q="reason for beta") == {"beta"}
    assert found(q="archer trenches") == set()
    assert found(category="nonsense", year="abc") == {"alpha", "beta"}


def test_a_school_year_runs_from_september_to_august_in_london(client, people) -> None:
    this = SchoolYear.now()
    first = datetime(this.begins, 8, 31, 22, 59, tzinfo=UTC)  # a minute to midnight in London
    last, new = asked(people, "last-year.example"), asked(people, "this-year.example")
    UnblockRequest.objects.filter(pk=last.pk).update(created_at=first)
    UnblockRequest.objects.filter(pk=new.pk).update(created_at=first + timedelta(minutes=2))
    words = words_for(client, people.bob)
    assert "this-year.example" in words
    assert "last-year.example" not in words
    words = words_for(client, people.bob, year=str(this.begins - 1))
    assert "last-year.example" in words
    assert "this-year.example" not in words
    assert "last-year.example" in words_for(client, people.bob, year="all")


@pytest.mark.parametrize(
    ("day", "begins"),
    [
        (date(2026, 8, 31), 2025),
        (date(2026, 9, 1), 2026),
        (date(2026, 12, 31), 2026),
        (date(2027, 1, 1), 2026),
    ],
)
def test_to_which_school_year_a_day_belongs(day: date, begins: int) -> None:
    year = SchoolYear.of(day)
    assert year.begins == begins
    assert year.start <= day <= year.end
    assert str(SchoolYear(2025)) == "2025 to 2026"


@pytest.mark.parametrize("text", ["", "abc", "-1", "99999999999", "²", "1800"])
def test_a_year_of_a_link_that_is_none(text: str) -> None:
    assert SchoolYear.read(text) is None


def test_the_years_to_choose_from() -> None:
    now = SchoolYear.now()
    assert years_since(None) == [now]
    then = datetime(now.begins - 2, 10, 1, tzinfo=UTC)
    assert [one.begins for one in years_since(then)] == [now.begins, now.begins - 1, now.begins - 2]


def test_who_reads_it(client, people) -> None:
    asked(people, "films.example")
    office, hr = (
        a_person("Ola Oak", Role.OFFICE, people.school),
        a_person("Hetty Hay", Role.HR, people.school),
    )
    for user, status in (
        (people.bob, 200), (people.dan, 200), (people.dsl, 200), (people.chair, 200), (office, 200),
        (people.alice, 403), (hr, 403), (people.eve, 403),
    ):  # fmt: skip
        client.force_login(user)
        assert client.get(LIST).status_code == status
        assert client.get(EXPORT).status_code == status
        assert client.post(EXPORT).status_code in (403, 405)
    with pytest.raises(PermissionDenied):
        decisions_export(actor=people.alice, rows=UnblockRequest.objects.all(), filters=[])


def test_nobody_reads_the_decisions_of_another_school(client, people) -> None:
    asked(people, "films.example", "approved")
    other = a_st_marys()
    asked(other, "elsewhere.example")
    words = words_for(client, other.bob, q="example")
    assert "films.example" not in words
    lines = decisions_export(actor=other.bob, rows=UnblockRequest.objects.all(), filters=[])
    assert [line[3] for line in lines] == ["elsewhere.example"]


def test_the_file_is_safe_and_taking_it_out_is_an_event(client, people) -> None:
    asked(people, "films.example", "approved", reasons="=HYPERLINK(1)")
    client.force_login(people.chair)
    client.get(LIST)
    assert recorded("approvals.decisions_exported") == 0, "looking is no event"
    answer = client.get(EXPORT, {"outcome": "approved"})
    [row] = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert row["reasons for access"] == "'=HYPERLINK(1)"
    assert row["outcome"] == "Approved"
    assert "Reason for films.example" in row["decisions and reasons"]
    assert row["asked on"] == f"{timezone.localdate():%d/%m/%Y}"
    event = AuditEvent.objects.get(action="approvals.decisions_exported")
    assert (event.actor, event.data) == (people.chair, {"requests": 1, "filters": ["outcome"]})


def test_addresses_are_shown_as_text_and_never_followed(client, people) -> None:
    asked(people, "films.example")
    client.force_login(people.bob)
    assert 'href="https://films.example' not in client.get(LIST).content.decode()


def test_list_and_file_cost_the_same_for_few_and_for_many(client, people) -> None:
    client.force_login(people.bob)
    client.get(LIST)
    counts = []
    for size in (1, 12):
        for number in range(size):
            asked(people, f"site{number}.example", "approved")
        with CaptureQueriesContext(connection) as seen:
            client.get(LIST)
            client.get(EXPORT)
        counts.append(len(seen))
    assert counts[0] == counts[1]
