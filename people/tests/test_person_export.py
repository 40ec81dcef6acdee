"""The list of people as CSV (quality C13)."""

import csv
import io

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from core.audit import ACTIONS
from core.models import AuditEvent
from core.roles import Post, Role
from people.models import Membership, User
from people.services.register import HEADINGS, people_export
from people.services.staff_import import staff_import
from smgov.testing import Cast, a_person, a_school, give

URL = "/people/export"


def rows_of(response) -> list[dict]:
    text = response.content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_it_holds_what_the_list_shows_one_row_a_role(client, cast: Cast):
    give(cast.alice, Role.OFFICE, cast.hilltop, post=Post.OFFICE_MANAGER)
    client.force_login(cast.bob)
    response = client.get(URL)
    assert response["Content-Type"].startswith("text/csv")
    assert "attachment" in response["Content-Disposition"]
    rows = rows_of(response)
    assert tuple(rows[0]) == HEADINGS
    mine = [(row["role"], row["post"], row["school"]) for row in rows if row["email"] == cast.alice.email]
    assert sorted(mine) == [
        ("Member of staff", "", "Hilltop Primary"),
        ("School office", "Office manager", "Hilltop Primary"),
    ]


def test_filters_count_and_other_schools_are_never_in_it(client, cast):
    client.force_login(cast.bob)
    assert {row["full name"] for row in rows_of(client.get(URL, {"role": "it"}))} == {"Dan Dale"}
    assert "Eve Earl" not in client.get(URL).content.decode()


def test_it_leaves_an_event_without_names(client, cast):
    client.force_login(cast.bob)
    client.get(URL, {"q": "alice"})
    event = AuditEvent.objects.get(action="people.register_exported")
    assert event.actor == cast.bob
    assert event.data == {"rows": 1, "filters": ["q"]}
    assert ACTIONS[event.action] == "exported a list of people"


def test_whoever_may_not_look_people_up_gets_no_file_and_leaves_no_event(client, cast):
    client.force_login(cast.alice)
    assert client.get(URL).status_code == 403
    client.logout()
    assert client.get(URL).status_code == 302
    with pytest.raises(PermissionDenied):
        people_export(actor=cast.alice, chosen={})
    assert not AuditEvent.objects.filter(action="people.register_exported").exists()


def test_no_cell_is_a_formula(client, cast):
    for number, start in enumerate(("=1+1", "+1", "-1", "@x", "\t=1")):
        person = a_person(f"Person {number}", Role.STAFF, cast.hilltop)
        User.objects.filter(pk=person.pk).update(full_name=f"{start} Evil")
    client.force_login(cast.bob)
    cells = [cell for row in rows_of(client.get(URL)) for cell in row.values()]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_what_was_exported_imports_again_unchanged(client, cast):
    """Into a new school: the same people, roles, posts and days."""
    person = a_person("Zoë O'Neil-Łuk", Role.OFFICE, cast.hilltop, post=Post.OFFICE_MANAGER)
    client.force_login(cast.bob)
    exported = (
        client.get(URL, {"q": "Zoë"}).content.decode("utf-8-sig").replace("Hilltop Primary", "New School")
    )
    school = a_school("New School")
    giver = a_person("Gil Giver", Role.IT, school)
    assert staff_import(actor=giver, school=school, data=exported.encode()) == 1
    old, new = (Membership.objects.get(user=person, school=place) for place in (cast.hilltop, school))
    assert (old.role, old.post, old.starts, old.ends) == (new.role, new.post, new.starts, new.ends)


def test_the_page_offers_the_file_with_its_filters(client, cast):
    client.force_login(cast.bob)
    text = client.get(reverse("people:person-list"), {"role": "it"}).content.decode()
    assert f'href="{URL}?role=it"' in text
