"""Who runs which account: each account once with its people, the worst off first, and nothing of other schools."""

import csv
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.choices import Right
from accounts.coverage import states_of
from accounts.tests.register.cases import an_account
from accounts.tests.test_gate import holds
from core.models import AuditEvent
from core.roles import Role
from people.models import GovernanceProfile, User
from policies.reading.tests.cases import trained
from smgov.testing import a_person, a_school, choose

pytestmark = pytest.mark.django_db


class Crew:
    """A school that asks whoever runs an account to be trained, and has two administrators on each."""

    def __init__(self) -> None:
        self.school = a_school("Ravens Wood", preset="ravens-wood", runner_reads=False, runner_training=True)
        choose(GovernanceProfile.objects.get(school=self.school), min_admins=1, lead_required=True)
        self.mo = a_person("Mo Moss", Role.HEAD_OF_COMMS, self.school)
        self.tess = a_person("Tess Thorn", Role.STAFF, self.school)
        self.vera = a_person("Vera Vole", Role.STAFF, self.school)
        for one in (self.mo, self.tess):
            trained(one, self.school)


@pytest.fixture
def crew() -> Crew:
    return Crew()


def shown(user: User, **query: str) -> list[tuple[str, list[str]]]:
    """Each account of the page with its signs, in order."""
    client = Client()
    client.force_login(user)
    page = client.get("/accounts/coverage/", query)
    assert page.status_code == 200
    found = page.context["view"].found()
    return [(one.name, states_of(one)) for one in found]


def run_by(crew: Crew, name: str, *people: User, lead: User | None = None):
    account = an_account(crew.school, crew.mo, name, lead=lead)
    for one in people:
        holds(account, one)
    return account


@pytest.mark.clause("STM-15.21", "RAV-2.11")
def test_the_worst_off_comes_first_with_a_sign_for_each_thing_that_is_wrong(crew) -> None:
    run_by(crew, "In order", crew.mo, crew.tess, lead=crew.mo)
    run_by(crew, "Alone", crew.mo, lead=crew.mo)
    run_by(crew, "Untrained", crew.mo, crew.vera, lead=crew.mo)
    run_by(crew, "No lead", crew.mo, crew.vera)
    run_by(crew, "Orphan")
    assert shown(crew.mo) == [
        ("Orphan", ["nobody_runs_it"]),
        ("No lead", ["no_lead", "not_covered"]),
        ("Untrained", ["not_covered"]),
        ("Alone", ["one_person_alone"]),
    ]
    assert [name for name, _ in shown(crew.mo, state="all")][-1] == "In order"
    assert [name for name, _ in shown(crew.mo, state="uncovered")] == ["No lead", "Untrained"]
    assert [name for name, _ in shown(crew.mo, state="alone")] == ["Alone"]
    assert [name for name, _ in shown(crew.mo, q="vera")] == ["No lead", "Untrained"]
    assert [name for name, _ in shown(crew.mo, sort="account")] == ["Alone", "No lead", "Orphan", "Untrained"]


def test_an_account_stands_once_with_its_people_and_what_each_lacks(crew) -> None:
    account = run_by(crew, "Choir", crew.mo, crew.vera, lead=crew.mo)
    holds(account, crew.vera, Right.MODERATOR)
    client = Client()
    client.force_login(crew.mo)
    text = client.get("/accounts/coverage/").content.decode()
    assert text.count("Choir (") == 1
    assert text.index("Vera Vole, ") < text.index("Mo Moss, "), "whoever lacks something comes first"
    assert "Vera Vole, administrator, moderator. Still to do: Be trained" in text
    lines = list(
        csv.reader(io.StringIO(client.get("/accounts/coverage/export/").content.decode("utf-8-sig")))
    )
    assert [line[4] for line in lines[1:]] == ["Vera Vole", "Mo Moss"]
    assert AuditEvent.objects.filter(action="accounts.coverage_exported").exists()


def test_only_who_watches_sees_it_and_only_their_own_school(crew) -> None:
    run_by(crew, "Orphan")
    stranger = a_person("Strange Head", Role.HEADTEACHER, a_school("Elsewhere", preset="ravens-wood"))
    assert shown(stranger) == shown(stranger, q="Orphan") == []
    client = Client()
    client.force_login(crew.tess)
    assert client.get("/accounts/coverage/").status_code == 403
    assert client.get("/accounts/coverage/export/").status_code == 403


def test_a_school_that_asks_for_nothing_still_sees_its_gaps() -> None:
    school = a_school("Quiet", preset="ravens-wood", runner_reads=False, runner_training=False)
    head = a_person("Olu Martin", Role.HEADTEACHER, school)
    an_account(school, head, "Orphan")
    assert shown(head) == [("Orphan", ["nobody_runs_it"])]


def test_the_page_takes_as_many_queries_for_thirty_accounts_as_for_one(crew) -> None:
    counts = []
    client = Client()
    client.force_login(crew.mo)
    for many in (1, 30):
        for number in range(many):
            run_by(crew, f"Account {many} {number}", crew.vera, crew.tess)
        client.get("/accounts/coverage/")
        with CaptureQueriesContext(connection) as queries:
            page = client.get("/accounts/coverage/")
        counts.append(len(queries))
    assert page.context["page_obj"].paginator.num_pages == 2
    assert counts[0] == counts[1] <= 15, counts
