"""The register as a file: the same filters, no live formula, recorded, and it can be read again."""

import csv
import io
import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import SocialAccount
from accounts.services.register import account_enter
from accounts.services.register_file import ALL_COLUMNS, register_export
from accounts.services.register_import import register_import
from accounts.tests.register.cases import an_account, recorded
from core.models import AuditEvent, Platform
from core.roles import Role
from smgov.testing import Cast, a_cit_trust, a_person, a_school, give

pytestmark = pytest.mark.django_db
URL = reverse("accounts:account-export")


@pytest.fixture
def cast() -> Cast:
    return a_cit_trust()


def rows(client, user, **query) -> list[dict[str, str]]:
    client.force_login(user)
    answer = client.get(URL, query)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer["Content-Disposition"]
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_every_fact_and_person_stands_in_its_column(client, cast) -> None:
    account = an_account(
        cast.hilltop,
        cast.bob,
        "Choir",
        lead=cast.alice,
        moderators=[cast.dan],
        administrators=[cast.alice, cast.bob],
        posters=[cast.dan],
        handle="@songs",
        purpose="Concerts\nand more",
        audience=["public", "staff"],
        openness="closed",
    )
    [row] = rows(client, cast.dan)
    assert list(row) == list(ALL_COLUMNS)
    assert row == {
        "name": "Choir",
        "platform": "Facebook",
        "handle": "'@songs",
        "address": account.address,
        "official email": "office@hilltop.example.org",
        "purpose": "Concerts\nand more",
        "audience": "School staff; Members of the public",
        "open or closed": "closed",
        "live since": f"{account.live_since:%d/%m/%Y}",
        "lead": cast.alice.email,
        "moderators": cast.dan.email,
        "administrators": "; ".join(sorted([cast.alice.email, cast.bob.email])),
        "posters": cast.dan.email,
        "school": "Hilltop Primary",
        "status": "Live",
    }


def test_the_filters_and_the_sort_of_the_list_hold(client, cast) -> None:
    for name in ("A", "B"):
        an_account(cast.hilltop, cast.bob, name)
    an_account(cast.hilltop, cast.bob, "C", status="closed")
    an_account(cast.otherplace, cast.eve, "D", administrators=[cast.eve])
    assert [row["name"] for row in rows(client, cast.cora, sort="-name", status="live")] == ["D", "B", "A"]
    assert [row["name"] for row in rows(client, cast.cora, q="earl")] == ["D"]
    assert [row["name"] for row in rows(client, cast.cora, school=str(cast.hilltop.uuid))] == ["A", "B", "C"]
    assert [row["name"] for row in rows(client, cast.cora, attention="yes")] == ["A", "B"]
    assert [row["name"] for row in rows(client, cast.dan)] == ["A", "B", "C"], "another school's stay out"


def test_it_is_recorded_with_count_and_filters_and_no_name(client, cast) -> None:
    an_account(cast.hilltop, cast.bob, "Choir")
    rows(client, cast.dan, q="choir", status="live")
    event = AuditEvent.objects.get(action="accounts.register_exported")
    assert (event.actor, event.school) == (cast.dan, cast.hilltop)
    assert event.data == {"accounts": 1, "filters": ["q", "status"]}


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@x", "\t=1", "'=1"])
def test_no_cell_is_a_live_formula(client, cast, start) -> None:
    an_account(cast.hilltop, cast.bob, f"{start}name", handle=f"{start}h", purpose=f"{start}p")
    for value in rows(client, cast.dan)[0].values():
        assert not value.startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.clause("RAV-2.12")
def test_what_is_exported_imports_again_unchanged(client, cast) -> None:
    """Into the same register nothing changes; into an empty one of that name the same accounts come out."""
    people = [cast.alice, cast.bob]
    for n, name in enumerate(["=Plain", '\'Quoted, "name"', "Line", "Émile's"]):
        an_account(
            cast.hilltop, cast.bob, name, lead=cast.alice, administrators=people, posters=[cast.dan],
            handle=["@a", "-b", "", "'@c"][n], purpose=["", "a\nb", ";,\"", "x"][n], audience=["staff", "other"], openness="open",
        )  # fmt: skip
    client.force_login(cast.dan)
    data = client.get(URL).content
    outcome = register_import(actor=cast.dan, school=cast.hilltop, once=uuid.uuid4(), data=data)
    assert len(outcome.there) == 4
    assert not outcome.entered
    elsewhere = a_school("Hilltop Primary")
    for user in (*people, cast.dan):
        give(user, Role.STAFF, elsewhere)
    a_person("Cole", Role.HEAD_OF_COMMS, elsewhere)
    head = a_person("Hal Hill", Role.HEADTEACHER, elsewhere)
    register_import(actor=head, school=elsewhere, once=uuid.uuid4(), data=data)
    client.force_login(head)
    again = list(csv.reader(io.StringIO(client.get(URL).content.decode("utf-8-sig"))))
    before = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert [row[:-1] for row in again] == [row[:-1] for row in before], "all but the status"


def test_people_named_on_an_unconfirmed_account_and_no_former_ones_are_exported(client, cast) -> None:
    account_enter(
        actor=cast.dan,
        school=cast.hilltop,
        once=uuid.uuid4(),
        values={"name": "Old", "platform": Platform.objects.get(slug="x")},
        people=[(cast.alice, "lead")],
    )
    an_account(
        cast.hilltop, cast.bob, "Past", posters=[cast.alice], until=timezone.localdate() - timedelta(1)
    )
    found = {row["name"]: row for row in rows(client, cast.dan)}
    assert found["Old"]["lead"] == cast.alice.email
    assert found["Past"]["posters"] == ""


def test_who_may_export(client, cast) -> None:
    vera = a_person("Vera Vole", Role.CONTRIBUTOR, cast.hilltop)
    an_account(cast.hilltop, cast.bob, posters=[vera])
    for user, status in ((cast.bob, 200), (cast.dan, 200), (cast.chair, 200), (cast.alice, 403), (vera, 403)):
        client.force_login(user)
        assert client.get(URL).status_code == status
    assert recorded("accounts.register_exported") == 3
    assert client.post(URL).status_code in (403, 405)
    client.logout()
    assert client.get(URL).status_code == 302


def test_the_service_asks_again(cast) -> None:
    an_account(cast.hilltop, cast.bob, "Ours")
    an_account(cast.otherplace, cast.eve, "Theirs")
    everything = SocialAccount.objects.all()
    assert [line[0] for line in register_export(actor=cast.dan, rows=everything, filters=[])] == ["Ours"]
    with pytest.raises(PermissionDenied):
        register_export(actor=cast.alice, rows=everything, filters=[])


def test_staff_of_one_school_who_keep_the_register_of_another_export_only_that(client, cast) -> None:
    an_account(cast.hilltop, cast.bob, "Kept")
    an_account(cast.otherplace, cast.eve, "Only read")
    give(cast.dan, Role.STAFF, cast.otherplace)
    assert [row["name"] for row in rows(client, cast.dan)] == ["Kept"]


def test_the_file_costs_the_same_for_few_and_for_many(client, cast) -> None:
    counts = []
    for size in (2, 40):
        for _ in range(size):
            an_account(cast.hilltop, cast.bob, administrators=[cast.alice], posters=[cast.dan])
        client.force_login(cast.dan)
        client.get(URL)
        with CaptureQueriesContext(connection) as found:
            client.get(URL)
        counts.append(len(found))
    assert counts[0] == counts[1]
    assert SocialAccount.objects.count() == 42
