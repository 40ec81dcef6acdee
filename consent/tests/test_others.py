"""Others than pupils who do not want to be shown: who puts whom on the list, and who takes whom off."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consent.models import OtherPerson
from consent.services.others import other_add, other_add_self, other_end
from core.errors import Refused
from core.models import AuditEvent
from core.roles import Role
from people.models import School, User
from smgov.testing import a_person
from smgov.testing_consent import a_consent_school

pytestmark = pytest.mark.django_db
LIST, ADD, ME = (reverse(f"consent:{name}") for name in ("other-list", "other-add", "other-self"))


@pytest.fixture
def school() -> School:
    return a_consent_school("Hilltop", preset="ravens-wood")[0]


@pytest.fixture
def office(school: School) -> User:
    return a_person("Olga Ott", Role.OFFICE, school)


def add(actor: User, school: School, **more: Any) -> OtherPerson:
    """A visitor."""
    values = {
        "who": "visitor",
        "name": "Vera Vale",
        "description": "runs the stall",
        "route": "telephone",
        "asked_on": timezone.localdate(),
        "once": uuid.uuid4(),
        **more,
    }
    return other_add(actor=actor, school=school, **values)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(user: User, **query: str) -> str:
    return signed_in(user).get(LIST, query).content.decode()


@pytest.mark.clause("RAV-9.03", "CBC-5.07")
@pytest.mark.parametrize("preset", ["ravens-wood", "cbc", "cit"])
def test_anybody_may_ask_in_any_way_and_staff_read_it(preset: str) -> None:
    school = a_consent_school(preset=preset)[0]
    for route in ("telephone", "in_person", "letter"):
        add(a_person("Olga", Role.OFFICE, school), school, route=route, name=f"By {route}")
    text = page(a_person("Alice", Role.STAFF, school))
    assert "By telephone" in text
    assert "By in_person" in text
    assert ("speaks of pupils and their parents only" in text) is (preset == "cit")


def test_a_member_of_staff_puts_themselves_on_the_list_and_takes_themselves_off(school) -> None:
    alice = a_person("Alice Archer", Role.STAFF, school)
    client = signed_in(alice)
    once = str(uuid.uuid4())
    assert "Put me on the list" in page(alice)
    for _ in range(2):
        assert client.post(ME, {"once": once}).status_code == 302
    row = OtherPerson.objects.get()
    assert (row.user, row.name, row.who) == (alice, "Alice Archer", "staff")
    assert "Put me on the list" not in page(alice)
    assert client.post(ME, {"once": str(uuid.uuid4())}).status_code == 422
    end = reverse("consent:other-end", args=[row.uuid])
    assert "Take yourself off the list" in client.get(end).content.decode()
    assert client.post(end).status_code == 302
    row.refresh_from_db()
    assert row.ended_by == alice
    assert "Alice Archer</th>" not in page(alice)
    assert "Alice Archer" in page(alice, when="before")
    assert list(
        AuditEvent.objects.filter(action__startswith="consent.other").values_list("action", flat=True)
    ) == [
        "consent.other_added",
        "consent.other_ended",
    ]


def test_staff_take_nobody_else_off_and_put_nobody_else_on(school, office) -> None:
    row = add(office, school)
    alice = a_person("Alice", Role.STAFF, school)
    client = signed_in(alice)
    assert client.get(reverse("consent:other-end", args=[row.uuid])).status_code == 403
    assert client.post(reverse("consent:other-end", args=[row.uuid])).status_code == 403
    assert client.get(ADD).status_code == 403
    with pytest.raises(PermissionDenied):
        add(alice, school)
    with pytest.raises(PermissionDenied):
        other_end(actor=alice, other=row)
    assert "Ask the school office" in page(alice)


@pytest.mark.parametrize("role", [Role.OFFICE, Role.DPO, Role.HEADTEACHER, Role.DSL])
def test_the_office_leaders_and_the_dsl_keep_it(school, role: str) -> None:
    keeper = a_person("Kay", role, school)
    row = add(keeper, school)
    assert other_end(actor=keeper, other=row).ended_by == keeper
    assert OtherPerson.objects.filter(pk=row.pk).exists()
    with pytest.raises(Refused, match="took this person off"):
        other_end(actor=keeper, other=row)


def test_the_other_school_s_list_does_not_exist(school, office) -> None:
    row = add(office, school)
    eve = a_person("Eve", Role.HEADTEACHER, a_consent_school("Otherplace")[0])
    assert "Vera" not in page(eve)
    assert signed_in(eve).get(reverse("consent:other-end", args=[row.uuid])).status_code == 404
    with pytest.raises(PermissionDenied):
        other_end(actor=eve, other=row)
    with pytest.raises(PermissionDenied):
        other_add_self(actor=eve, school=school, once=uuid.uuid4())
    assert signed_in(eve).post(ADD, {"school": str(school.uuid)}).status_code == 404


def test_sent_twice_is_one_and_with_other_answers_it_is_refused(school, office) -> None:
    once = uuid.uuid4()
    assert add(office, school, once=once) == add(office, school, once=once)
    with pytest.raises(Refused, match="sent already"):
        add(office, school, once=once, name="Somebody Else")
    assert OtherPerson.objects.count() == 1


def test_a_name_or_a_description_is_needed_and_no_day_to_come(school, office) -> None:
    with pytest.raises(Refused, match="Enter a name"):
        add(office, school, name=" ", description="")
    with pytest.raises(Refused, match="not in the future"):
        add(office, school, asked_on=timezone.localdate() + timedelta(days=1))
    response = signed_in(office).post(ADD, {"once": str(uuid.uuid4()), "description": "red scarf <b>"})
    text = response.content.decode()
    assert response.status_code == 422
    assert "Choose who it is" in text
    assert "red scarf &lt;b&gt;" in text


def test_the_list_is_searched_without_accents_and_stays_fast(school, office) -> None:
    add(office, school, name="Véra O’Vale")
    assert "Véra" in page(office, q="vera ovale")
    assert "Nobody matches" in page(office, q="zoe")
    client = signed_in(office)
    with CaptureQueriesContext(connection) as few:
        client.get(LIST)
    for number in range(30):
        add(office, school, name=f"Visitor {number}")
    with CaptureQueriesContext(connection) as many:
        client.get(LIST)
    assert len(many) <= len(few) + 1 <= 15


def test_the_history_holds_no_name(school, office) -> None:
    add(office, school)
    assert "Vera" not in str(AuditEvent.objects.get(action="consent.other_added").data)
