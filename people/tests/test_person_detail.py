"""One person's page."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.roles import Role
from people.models import Deputy, Invitation, User
from people.services.changes import change_decide
from people.services.details import email_change_ask, name_change
from people.services.memberships import membership_end, membership_give, person_leaves
from smgov.testing import Cast, a_person, a_school, give


def page(client, viewer: User, person: User) -> str:
    client.force_login(viewer)
    response = client.get(reverse("people:person-detail", args=[person.uuid]))
    assert response.status_code == 200
    return response.content.decode()


def test_it_shows_details_roles_and_what_the_viewer_may_change(client, cast: Cast):
    text = page(client, cast.dan, cast.alice)
    membership = cast.alice.memberships.get()
    for shown in (cast.alice.email, "Member of staff", "Hilltop Primary", "No last day"):
        assert shown in text
    for name, args in {
        "membership-end": [membership.uuid],
        "membership-give": [cast.alice.uuid],
        "person-name": [cast.alice.uuid],
        "person-email": [cast.alice.uuid],
        "person-leave": [cast.alice.uuid, cast.hilltop.uuid],
    }.items():
        assert reverse(f"people:{name}", args=args) in text


@pytest.mark.parametrize("viewer", ["cora", "chair"])
def test_whoever_only_looks_people_up_changes_nothing(client, cast, viewer):
    text = page(client, getattr(cast, viewer), cast.alice)
    assert "Give a role" not in text
    assert "/people/memberships/" not in text
    assert "Change<" not in text


def test_a_stranger_gets_404_as_for_nobody(client, cast):
    for person in (cast.eve.uuid, uuid4()):
        client.force_login(cast.bob)
        assert client.get(reverse("people:person-detail", args=[person])).status_code == 404
    client.force_login(a_person("Stan Strange", Role.HEADTEACHER, a_school("Strange")))
    assert client.get(reverse("people:person-detail", args=[cast.alice.uuid])).status_code == 404


def test_everybody_sees_their_own_page_and_nobody_elses_without_a_directory(client, cast):
    text = page(client, cast.alice, cast.alice)
    assert "Change your password" in text
    assert "Give a role" not in text
    assert client.get(reverse("people:person-detail", args=[cast.bob.uuid])).status_code == 404


def test_nobody_is_offered_a_change_of_their_own_roles(client, cast):
    text = page(client, cast.dan, cast.dan)
    assert "Give a role" not in text
    assert "/people/memberships/" not in text
    assert reverse("people:person-email", args=[cast.dan.uuid]) not in text


def test_roles_at_other_schools_are_not_shown(client, cast):
    give(cast.alice, Role.DPO, cast.otherplace)
    assert "Otherplace" not in page(client, cast.dan, cast.alice)
    assert "Otherplace" in page(client, cast.elt, cast.alice)


def test_a_school_manager_does_not_end_roles_of_the_whole_trust(client, cast):
    text = page(client, cast.dan, cast.cora)
    assert reverse("people:membership-end", args=[cast.cora.memberships.get().uuid]) not in text
    assert reverse("people:person-name", args=[cast.cora.uuid]) not in text
    assert reverse("people:membership-end", args=[cast.cora.memberships.get().uuid]) in page(
        client, cast.elt, cast.cora
    )


def test_the_invitation_its_end_and_send_again(client, cast):
    ina = a_person("Ina New", Role.STAFF, cast.hilltop)
    row = Invitation.objects.create(user=ina, school=cast.hilltop, invited_by=cast.dan)
    url = reverse("people:invitation-again", args=[row.uuid])
    text = page(client, cast.dan, ina)
    assert "the link works until" in text
    assert url in text
    assert url not in page(client, cast.cora, ina)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(days=1))
    assert "The link ended" in page(client, cast.dan, ina)


def test_what_waits_for_a_second_person_and_who_signs_for_whom(client, cast):
    change = membership_give(actor=cast.dan, user=cast.alice, role=Role.DSL, school=cast.hilltop)
    today = timezone.localdate()
    Deputy.objects.create(
        school=cast.hilltop,
        person=cast.bob,
        deputy=cast.alice,
        starts=today,
        ends=today,
        appointed_by=cast.bob,
    )
    text = page(client, cast.bob, cast.alice)
    assert reverse("people:change-detail", args=[change.uuid]) in text
    assert "Alice Archer signs for Bob Barnes at Hilltop Primary" in text


def test_the_history_is_sentences_and_no_raw_data(client, cast):
    row = membership_give(actor=cast.dan, user=cast.alice, role=Role.OFFICE, school=cast.hilltop)
    membership_end(actor=cast.dan, membership=row)
    name_change(actor=cast.dan, user=cast.alice, full_name="Alice Arrow")
    change_decide(
        actor=cast.bob,
        change=email_change_ask(actor=cast.dan, user=cast.alice, email="arrow@hilltop.example.org"),
        confirm=True,
    )
    text = page(client, cast.bob, User.objects.get(pk=cast.alice.pk)).split('id="history"')[1]
    for sentence in (
        "Role given",
        "Role ended",
        "School office, Hilltop Primary",
        "Name corrected",
        "Dan Dale",
    ):
        assert sentence in text
    assert "Sign-in address changed" in text
    assert "membership:" not in text
    assert "{" not in text.split("</main>")[0]


def test_sign_ins_are_not_in_the_history(client, cast):
    membership_give(actor=cast.dan, user=cast.alice, role=Role.OFFICE, school=cast.hilltop)
    client.force_login(cast.alice)
    history = page(client, cast.bob, cast.alice).split('id="history"')[1]
    assert "Role given" in history
    assert "igned" not in history.split("</main>")[0]


def test_whoever_gives_no_roles_sees_no_history(client, cast):
    membership_give(actor=cast.dan, user=cast.alice, role=Role.OFFICE, school=cast.hilltop)
    assert 'id="history"' not in page(client, cast.cora, cast.alice)


def test_what_happened_at_another_school_is_not_told(client, cast):
    give(cast.alice, Role.STAFF, cast.otherplace)
    person_leaves(actor=cast.elt, user=cast.alice, school=cast.otherplace)
    assert 'id="history"' not in page(client, cast.dan, cast.alice)
    history = page(client, cast.elt, cast.alice).split('id="history"')[1]
    assert "Left" in history
    assert "Otherplace" in history


def test_a_leaver_is_still_found_with_earlier_roles(client, cast):
    person_leaves(actor=cast.dan, user=cast.alice, school=cast.hilltop)
    text = page(client, cast.dan, cast.alice)
    assert "Earlier roles" in text
    assert "No role at present" in text


def test_a_leaver_is_seen_where_they_were_and_changed_only_where_they_are(client, cast):
    person_leaves(actor=cast.dan, user=cast.alice, school=cast.hilltop)
    give(cast.alice, Role.STAFF, cast.otherplace)
    client.force_login(cast.dan)
    for name in ("person-name", "person-email"):
        assert client.get(reverse(f"people:{name}", args=[cast.alice.uuid])).status_code == 403


def test_the_number_of_queries_is_flat(client, cast):
    url = reverse("people:person-detail", args=[cast.alice.uuid])
    client.force_login(cast.bob)

    def queries() -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as caught:
            client.get(url)
        return len(caught)

    membership_give(actor=cast.dan, user=cast.alice, role=Role.DSL, school=cast.hilltop)
    few = queries()
    for role in (Role.OFFICE, Role.SENIOR_LEADER, Role.CONTRIBUTOR):
        membership_end(
            actor=cast.dan,
            membership=membership_give(actor=cast.dan, user=cast.alice, role=role, school=cast.hilltop),
        )
        membership_give(actor=cast.dan, user=cast.alice, role=role, school=cast.hilltop)
    assert queries() == few <= 15
