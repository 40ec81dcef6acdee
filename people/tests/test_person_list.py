"""The list of people."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.roles import Post, Role
from people.models import GovernanceProfile, Invitation, User
from people.services.memberships import person_leaves
from smgov.testing import Cast, a_person, a_school, choose, give

URL = "/people/"


@pytest.fixture
def bob(client, cast: Cast) -> User:
    client.force_login(cast.bob)
    return cast.bob


def listed(client, **query) -> str:
    response = client.get(URL, query)
    assert response.status_code == 200
    return response.content.decode()


def test_it_shows_the_people_of_the_school_and_of_the_whole_trust(client, cast, bob):
    text = listed(client)
    for person in (cast.alice, cast.bob, cast.cora, cast.dan, cast.chair, cast.elt):
        assert person.full_name in text
        assert person.email in text


def test_people_and_roles_of_another_school_are_not_there(client, cast, bob):
    give(cast.alice, Role.DPO, cast.otherplace)
    text = listed(client)
    assert cast.eve.full_name not in text
    assert "Otherplace" not in text
    assert "Data protection officer" not in text.split("<table")[1]


@pytest.mark.parametrize("name", ["bob", "cora", "dan", "elt", "chair"])
def test_those_with_a_directory_see_it_and_its_line_on_the_first_page(client, cast, name):
    client.force_login(getattr(cast, name))
    assert client.get(URL).status_code == 200
    assert f'href="{URL}"' in client.get(reverse("people:home")).content.decode()


def test_everybody_else_is_refused_and_sees_no_link(client, cast):
    client.force_login(cast.alice)
    assert client.get(URL).status_code == 403
    assert f'href="{URL}"' not in client.get(reverse("people:home")).content.decode()


def test_signed_out_people_are_asked_to_sign_in(client, db):
    assert client.get(URL).url == f"/sign-in/?next={URL}"


def test_nothing_is_posted_here(client, bob):
    assert client.post(URL).status_code == 405


@pytest.mark.clause("CIT-2.04")
def test_roles_bear_the_schools_own_titles(client, cast, bob):
    assert "Head of Communications &amp; Fundraising" in listed(client)
    choose(GovernanceProfile.objects.get(school=cast.hilltop), role_titles={"staff": "Hilltop crew"})
    assert "Hilltop crew" in listed(client)


def test_joined_invited_left_and_closed(client, cast, bob):
    now = timezone.now()
    User.objects.filter(pk=cast.alice.pk).update(joined_at=now)
    ina, leo = a_person("Ina New", Role.STAFF, cast.hilltop), a_person("Leo Left", Role.STAFF, cast.hilltop)
    Invitation.objects.create(user=ina, school=cast.hilltop, invited_by=cast.dan)
    person_leaves(actor=cast.dan, user=leo, school=cast.hilltop)
    cy = a_person("Cy Closed", Role.STAFF, cast.hilltop)
    User.objects.filter(pk=cy.pk).update(is_active=False)
    for state, person in {"joined": cast.alice, "invited": ina, "left": leo, "inactive": cy}.items():
        text = listed(client, state=state).split("<table")[1]
        assert person.full_name in text
        others = {cast.alice, ina, leo, cy} - {person}
        assert not [other for other in others if other.full_name in text]


def test_the_state_that_is_shown_is_the_state_that_is_filtered_by(client, cast, bob):
    """One is worked out in Python and the other in the database."""
    now = timezone.now()
    for number in range(24):
        person = a_person(f"Person {number}")
        if number % 2:
            give(
                person, Role.STAFF, cast.hilltop, ends=None if number % 3 else now.date() - timedelta(days=1)
            )
        if number % 4 == 0:
            Invitation.objects.create(user=person, school=cast.hilltop)
        values = {"joined_at": now if number % 5 else None, "is_active": number % 7 != 0}
        User.objects.filter(pk=person.pk).update(**values)
    shown = {}
    for page in (1, 2):
        shown |= {row["email"]: row["state"].value for row in _rows(client.get(URL, {"page": page}))}
    assert len(set(shown.values())) == 4
    for state in set(shown.values()):
        filtered = {row["email"] for row in _rows(client.get(URL, {"state": state}))}
        assert filtered == {email for email, own in shown.items() if own == state}


def test_somebody_invited_whose_role_still_waits_is_there(client, cast, bob):
    ina = a_person("Ina New")
    Invitation.objects.create(user=ina, school=cast.hilltop, invited_by=cast.dan)
    assert "Ina New" in listed(client, state="invited")


def test_whoever_left_one_school_and_works_at_another_has_left_here(client, cast, bob):
    give(cast.alice, Role.STAFF, cast.otherplace)
    person_leaves(actor=cast.dan, user=cast.alice, school=cast.hilltop)
    assert "Alice Archer" in listed(client, state="left")


def test_search_looks_at_names_and_addresses(client, cast, bob):
    assert "Alice Archer" in listed(client, q="arch ali")
    assert "Alice Archer" in listed(client, q=cast.alice.email.upper())
    assert "Nobody was found" in listed(client, q="zzz")


def test_filter_by_role_and_by_school(client, cast):
    client.force_login(cast.cora)
    text = listed(client, role="headteacher").split("<table")[1]
    assert "Bob Barnes" in text
    assert "Alice Archer" not in text
    text = listed(client, school=str(cast.otherplace.uuid)).split("<table")[1]
    assert "Eve Earl" in text
    assert "Cora Clay" in text
    assert "Alice Archer" not in text


def test_a_school_that_is_not_ones_own_is_no_filter(client, cast, bob):
    stranger = a_school("Strange School")
    a_person("Stan Strange", Role.STAFF, stranger)
    text = listed(
        client, school=str(stranger.uuid), role="nonsense", state="nonsense", page="x", sort="password"
    )
    assert "Stan Strange" not in text
    assert "Alice Archer" in text


def test_it_sorts_by_name_and_address_and_by_nothing_else(client, cast, bob):
    def order(sort: str) -> list[str]:
        return [row["full_name"].text for row in _rows(client.get(URL, {"sort": sort}))]

    by_name = order("full_name")
    assert by_name == sorted(by_name)
    assert order("-full_name") == by_name[::-1]
    assert order("password") == by_name


def _rows(response) -> list:
    return list(response.context["table"].rows)


def test_it_is_paged(client, cast, bob):
    for number in range(30):
        a_person(f"Person {number:02}", Role.STAFF, cast.hilltop)
    assert len(_rows(client.get(URL))) == 25
    assert len(_rows(client.get(URL, {"page": 2}))) == 11


def test_the_number_of_queries_does_not_grow(client, cast):
    client.force_login(cast.cora)

    def queries() -> int:
        client.get(URL)
        with CaptureQueriesContext(connection) as caught:
            client.get(URL)
        return len(caught)

    few = queries()
    for number in range(40):
        school = a_school(f"Growing {number}", trust=cast.trust)
        person = a_person(f"Person {number}", Role.STAFF, school)
        give(person, Role.GOVERNANCE, school, post=Post.CHAIR)
        Invitation.objects.create(user=person, school=school, expires_at=timezone.now() + timedelta(days=1))
    assert queries() == few <= 12


def test_whoever_may_invite_is_offered_it(client, cast, bob):
    assert 'Invite a person<span class="govuk-visually-hidden"> to Hilltop Primary' in listed(client)
    client.force_login(cast.chair)
    assert "Invite a person" not in listed(client)


def test_a_name_that_would_break_the_page_does_not(client, cast, bob):
    User.objects.filter(pk=cast.alice.pk).update(full_name="<script>alert(1)</script>\"'>")
    text = listed(client)
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text
