"""Inviting one person."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from core.audit import verify
from core.models import Notice
from core.roles import Role
from people.models import Invitation, Membership, PendingChange, User
from people.services.memberships import needs_second_person
from smgov.testing import Cast, a_person, a_school, sign_in_afresh


def url_at(school) -> str:
    return reverse("people:person-invite", args=[school.uuid])


def typed(**more) -> dict:
    today = timezone.localdate()
    days = {"starts_day": today.day, "starts_month": today.month, "starts_year": today.year}
    return {"full_name": "Nia  North", "email": "Nia@Hilltop.example.org", "role": Role.STAFF, **days, **more}


@pytest.fixture
def dan(client, cast: Cast) -> User:
    sign_in_afresh(client, cast.dan)
    return cast.dan


def test_it_makes_a_person_an_invitation_and_a_role(client, cast, dan, actions):
    response = client.post(url_at(cast.hilltop), typed())
    nia = User.objects.get(email="nia@hilltop.example.org")
    assert response.url == reverse("people:person-detail", args=[nia.uuid])
    assert nia.full_name == "Nia North"
    assert not nia.has_usable_password()
    assert Membership.objects.get(user=nia).role == Role.STAFF
    assert Notice.objects.get(recipient=nia, kind="people.invitation").link == ""
    assert actions()[-2:] == ["people.invited", "people.membership_given"]
    assert verify().intact
    assert "is invited" in client.get(response.url).content.decode()


@pytest.mark.parametrize(
    "role", ["dsl", "headteacher", "hr", "dpo", "governance", "governance/chair", "senior_leader/elt"]
)
def test_a_sensitive_first_role_waits_for_a_second_person(client, cast, dan, role):
    response = client.post(url_at(cast.hilltop), typed(role=role))
    change = PendingChange.objects.get()
    assert response.url == reverse("people:change-detail", args=[change.uuid])
    assert not Membership.objects.filter(user=change.about).exists()
    assert Invitation.objects.get().user == change.about


def test_whoever_may_be_a_second_person_waits_for_one(cast):
    """Otherwise one person could make the second one."""
    assert needs_second_person(Role.SENIOR_LEADER, "elt")
    assert not needs_second_person(Role.SENIOR_LEADER, "business_manager")


def test_somebody_known_gets_the_role_and_no_second_invitation(client, cast, dan):
    client.post(url_at(cast.hilltop), typed(email=cast.eve.email, full_name="Another Name"))
    cast.eve.refresh_from_db()
    assert cast.eve.full_name == "Eve Earl"
    assert Membership.objects.filter(user=cast.eve, school=cast.hilltop).exists()
    assert not Invitation.objects.exists()


def test_the_same_form_twice_makes_one_person(client, cast, dan):
    client.post(url_at(cast.hilltop), typed())
    again = client.post(url_at(cast.hilltop), typed())
    assert again.status_code == 422
    assert "holds this role at this school already" in again.content.decode()
    assert User.objects.filter(email="nia@hilltop.example.org").count() == 1
    assert Invitation.objects.count() == 1


def test_a_last_day_before_the_first_or_in_the_past_is_refused(client, cast, dan):
    for year in (2020, timezone.localdate().year):
        response = client.post(url_at(cast.hilltop), typed(ends_day=1, ends_month=1, ends_year=year))
        assert response.status_code == 422
    assert not User.objects.filter(full_name="Nia North").exists()


def test_wrong_input_is_named_and_kept(client, cast, dan):
    response = client.post(url_at(cast.hilltop), typed(email="no address", full_name="", role="king"))
    text = response.content.decode()
    assert response.status_code == 422
    for words in ("like name@example.com", "Enter the person’s full name", "Choose one of the answers"):
        assert words in text
    assert 'value="no address"' in text


def test_another_schools_page_is_404_like_no_schools(client, cast, dan):
    for school in (cast.otherplace.uuid, uuid4()):
        assert client.get(reverse("people:person-invite", args=[school])).status_code == 404
        assert client.post(reverse("people:person-invite", args=[school]), typed()).status_code == 404


@pytest.mark.parametrize("name", ["alice", "cora", "chair"])
def test_those_who_give_no_roles_are_refused(client, cast, name):
    sign_in_afresh(client, getattr(cast, name))
    assert client.get(url_at(cast.hilltop)).status_code == 403
    assert client.post(url_at(cast.hilltop), typed()).status_code == 403
    assert not Invitation.objects.exists()


def test_the_whole_trust_is_offered_to_its_managers_only(client, cast, dan):
    assert "In the whole of" not in client.get(url_at(cast.hilltop)).content.decode()
    client.post(url_at(cast.hilltop), typed(where="trust"))  # a forged choice is no choice
    assert Membership.objects.get(user__full_name="Nia North").school == cast.hilltop
    sign_in_afresh(client, cast.elt)
    assert "In the whole of" in client.get(url_at(cast.hilltop)).content.decode()
    client.post(
        url_at(cast.hilltop), typed(where="trust", email="t@hilltop.example.org", role="head_of_comms")
    )
    row = Membership.objects.get(user__email="t@hilltop.example.org")
    assert (row.trust, row.school) == (cast.trust, None)
    assert Invitation.objects.get(user=row.user).trust == cast.trust


def test_titles_are_the_schools(client, db):
    school = a_school(preset="ravens-wood")
    sign_in_afresh(client, a_person("Ray Wood", Role.IT, school))
    text = client.get(url_at(school)).content.decode()
    assert "Moderator" in text
    assert "Business Manager" in text
