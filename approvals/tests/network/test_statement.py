"""The yearly statement of filtering and monitoring: who, what, how often, and nothing that its reader may not see."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.tests.register.cases import text_of
from approvals.models import SecurityMeasure, UnblockRequest
from approvals.network import statement
from approvals.network.measures import measure_review
from approvals.network.sites import site_block
from approvals.network.statement import statement_part
from approvals.network.years import SchoolYear, beginning_of
from approvals.tests.network.cases import People, a_cit_school, a_st_marys
from core.models import AuditEvent
from core.roles import Role
from people.models import School, User
from smgov.testing import a_measure, a_person, an_unblock, decide

pytestmark = pytest.mark.django_db
URL = reverse("approvals:statement")
LAST_YEAR = beginning_of(SchoolYear.now().start - timedelta(days=100))


@pytest.fixture
def people() -> People:
    return a_st_marys()


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> list:
    """The register of parts, empty for the length of a test."""
    empty: list = []
    monkeypatch.setattr(statement, "PARTS", empty)
    monkeypatch.setattr("approvals.network.statement_pages.PARTS", empty)
    return empty


def read(client: Any, user: Any, **query: str) -> str:
    client.force_login(user)
    answer = client.get(URL, query)
    assert answer.status_code == 200
    return text_of(answer)


@pytest.mark.clause("STM-9.03")
@pytest.mark.clause("CIT-9.03")
def test_it_says_in_plain_words_that_access_is_monitored(client, people) -> None:
    words = read(client, people.bob)
    assert "The school has the right to monitor it, and says so to everybody" in words
    assert f"Filtering and monitoring, {SchoolYear.now()}" in words


def test_it_names_who_is_responsible_by_title_and_person(client, people) -> None:
    words = read(client, people.dsl)
    assert "Headteacher: Bob Barnes" in words
    assert "Dan Dale" in words
    assert "Online safety officer: nobody holds this role now" in words


def test_a_provider_outside_and_an_open_choice_are_named(client) -> None:
    people = a_cit_school()
    assert "The IT provider (desk@provider.example)" in read(client, people.bob)
    open_choice = a_st_marys("cbc")
    assert "Not chosen yet" in read(client, open_choice.bob)


def test_requests_of_the_year_are_counted_by_kind_and_outcome(client, people) -> None:
    row = an_unblock(people.alice, people.school)
    decide(row.approval, people.bob, reasons="Fine")
    old = an_unblock(people.alice, people.school)
    UnblockRequest.objects.filter(pk=old.pk).update(created_at=LAST_YEAR)
    client.force_login(people.bob)
    table = client.get(URL).context["statement"].requests_table()
    assert table.rows[-1] == {"category": "All", "approved": 1, "total": 1}
    year = str(SchoolYear.now().begins - 1)
    table = client.get(URL, {"year": year}).context["statement"].requests_table()
    assert table.rows[-1]["total"] == 1


def test_measures_stand_with_their_reviews_and_the_overdue_ones_are_named(client, people) -> None:
    first = a_measure(people.bob, people.school, title="Monthly lists", carried_out_by=people.dan)
    measure_review(
        actor=people.dan, measure=first, once=first.uuid, found="Fine",
        next_review_on=timezone.localdate() + timedelta(days=50),
    )  # fmt: skip
    late = a_measure(people.bob, people.school, title="Backups", carried_out_by=people.dan)
    SecurityMeasure.objects.filter(pk=late.pk).update(review_on=timezone.localdate() - timedelta(days=4))
    words = read(client, people.chair)
    assert "1 review recorded in this year" in words
    assert "Reviews that are overdue: Backups" in words
    assert "Monthly lists" in words


def test_a_measure_of_a_later_year_is_not_in_an_earlier_statement(client, people) -> None:
    old = an_unblock(people.alice, people.school)
    UnblockRequest.objects.filter(pk=old.pk).update(created_at=LAST_YEAR)
    a_measure(people.bob, people.school, title="Monthly lists")
    assert "Monthly lists" in read(client, people.bob)
    words = read(client, people.bob, year=str(SchoolYear.now().begins - 1))
    assert "No measure stands in the register" in words


def test_what_was_blocked_after_a_report_about_somebody_is_not_in_it(client, people) -> None:
    everybody = (people.bob, people.dsl, people.chair, people.dan)
    before = [read(client, user) for user in everybody]
    site_block(actor=people.dan, school=people.school, host="x.example", because="Report", private=True)
    assert [read(client, user) for user in everybody] == before
    site_block(actor=people.dan, school=people.school, host="bets.example", because="Gambling")
    assert "bets.example" in read(client, people.bob)


def test_rooms_above_add_their_parts_and_an_empty_one_is_left_out(client, people, parts) -> None:
    asked: list[tuple[Any, ...]] = []

    @statement_part("Second", place=20)
    def second(user: User, school: School, start: date, end: date) -> list[tuple[str, Any]]:
        asked.append((user, school, start, end))
        return [("Attempts", 3)] if user == people.bob else []

    @statement_part("First", place=10)
    def first(user: User, school: School, start: date, end: date) -> list[tuple[str, Any]]:
        return [("Reports", "<b>2</b>")]

    client.force_login(people.bob)
    page = client.get(URL)
    words = text_of(page)
    assert words.index("First") < words.index("Second")
    assert b"&lt;b&gt;2" in page.content
    year = SchoolYear.now()
    assert asked == [(people.bob, people.school, year.start, year.end)]
    assert "Second" not in read(client, people.dsl)


def test_the_wifi_is_counted_only_for_who_may_read_it(client, people) -> None:
    assert "Pupils on social media over the Wi-Fi" in read(client, people.bob)
    assert "Pupils on social media over the Wi-Fi" not in read(client, people.chair)


def test_who_reads_it_and_reading_is_no_event(client, people) -> None:
    office = a_person("Ola Oak", Role.OFFICE, people.school)
    dpo = a_person("Pia Penn", Role.DPO, people.school)
    before = AuditEvent.objects.count()
    for user, status in (
        (people.bob, 200), (people.dsl, 200), (people.dan, 200), (people.chair, 200), (dpo, 200),
        (people.alice, 403), (office, 403), (people.eve, 403),
    ):  # fmt: skip
        client.force_login(user)
        assert client.get(URL).status_code == status
    seen = AuditEvent.objects.exclude(action__startswith="people.signed")
    assert seen.count() == before


def test_another_school_is_never_shown(client, people) -> None:
    other = a_st_marys()
    a_measure(other.bob, other.school, title="Secret gate")
    for query in ({"school": str(other.school.uuid)}, {"year": "1999"}, {"year": "x", "school": "y"}):
        assert "Secret gate" not in read(client, people.bob, **query)


def test_it_takes_few_queries(client, people, django_assert_max_num_queries) -> None:
    for number in range(5):
        a_measure(people.bob, people.school, title=f"Measure {number}", carried_out_by=people.dan)
    client.force_login(people.bob)
    with django_assert_max_num_queries(30):
        client.get(URL)
