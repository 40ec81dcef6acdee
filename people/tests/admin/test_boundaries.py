"""No view of another school: by changed id, filter, search, history, or a forged choice (design 3.6, A2, A5)."""

import uuid
from typing import Any

import pytest
from django.test import Client

from core.models import AuditEvent
from core.roles import Role
from people.models import GovernanceProfile, Membership, PendingChange, ProfileSetting, School, Trust, User
from people.tests.admin.conftest import MODELS, Elsewhere, adding, listing, page, send, text
from smgov.testing import Cast, a_person, choose, give, sign_in_afresh

SECRETS = ("Nowhere Hall", "Nina Nowhere", "Selma Secret")


def rows_of(elsewhere: Elsewhere) -> list[Any]:
    """One row of each model of the other school."""
    return [elsewhere.school, elsewhere.profile, elsewhere.secret, elsewhere.secret.memberships.get()]


def test_lists_show_one_s_own_schools_only(client: Client, dan: User, elsewhere: Elsewhere) -> None:
    for model in MODELS:
        for query in ({}, {"q": "Nowhere"}, {"q": "Selma"}, {"all": ""}, {"o": "1.2"}):
            body = text(client.get(listing(model), query))
            assert not [word for word in SECRETS if word in body], (model, query)


def test_another_school_s_row_answers_as_a_random_id_does(
    client: Client, dan: User, elsewhere: Elsewhere
) -> None:
    for row in rows_of(elsewhere):
        for kind in ("change", "history"):
            unknown = page(row, kind).replace(str(row.uuid), str(uuid.uuid4()))
            numbered = page(row, kind).replace(str(row.uuid), str(row.pk))
            for url in (page(row, kind), unknown, numbered):
                assert client.get(url).status_code == 404, url
                assert client.post(url, {"name": "Mine"}).status_code in (403, 404)
        assert client.get(page(row, "delete")).status_code == 403
    assert School.objects.get(pk=elsewhere.school.pk).name == "Nowhere Hall"


@pytest.mark.parametrize(
    ("model", "lookup"),
    [
        ("user", "password__startswith"),
        ("user", "memberships__school__name__startswith"),
        ("user", "is_superuser__exact"),
        ("user", "email"),
        ("membership", "school__id__exact"),
        ("membership", "school__uuid"),
        ("membership", "user__password__contains"),
        ("school", "trust__name__startswith"),
        ("school", "id__exact"),
        ("school", "profile__settings__value__contains"),
        ("governanceprofile", "school__id__exact"),
        ("trust", "schools__name"),
    ],
)
def test_a_filter_that_the_list_does_not_offer_is_refused(
    client: Client, dan: User, model: str, lookup: str
) -> None:
    assert client.get(listing(model), {lookup: "a"}).status_code == 400


@pytest.mark.parametrize("model", ["membership", "user"])
def test_the_filter_of_schools_offers_and_finds_one_s_own_only(
    client: Client, cast: Cast, dan: User, elsewhere: Elsewhere, model: str
) -> None:
    assert str(elsewhere.school.uuid) not in text(client.get(listing(model)))
    assert client.get(listing(model), {"school": str(cast.hilltop.uuid)}).context["cl"].result_count > 0
    for wrong in (elsewhere.school.uuid, cast.otherplace.uuid, uuid.uuid4(), "1", "'"):
        response = client.get(listing(model), {"school": str(wrong)})
        assert response.status_code == 200
        assert response.context["cl"].result_count == 0


def test_a_person_of_two_schools_shows_each_it_lead_the_roles_of_their_own(
    client: Client, cast: Cast, dan: User, elsewhere: Elsewhere
) -> None:
    give(elsewhere.secret, Role.OFFICE, cast.hilltop)
    for body in (text(client.get(page(elsewhere.secret))), text(client.get(listing("user")))):
        assert "Selma Secret" in body
        assert "Nowhere Hall" not in body
    by_role = client.get(listing("membership"), {"q": "Selma"})
    assert by_role.context["cl"].result_count == 1


@pytest.mark.parametrize("field", ["school", "trust"])
def test_a_role_cannot_be_given_at_a_forged_place(
    client: Client, cast: Cast, dan: User, elsewhere: Elsewhere, field: str
) -> None:
    other = Trust.objects.create(name="Foreign Trust", slug="foreign")
    places = {"school": [elsewhere.school.pk, cast.otherplace.pk, 10**9], "trust": [cast.trust.pk, other.pk]}
    before = Membership.objects.count()
    for pk in places[field]:
        sent = {"person": cast.alice.email, "role": Role.OFFICE, "school": "", "trust": "", field: pk}
        body = text(send(client, adding("membership"), **sent))
        assert "Select a valid choice" in body
    assert (Membership.objects.count(), PendingChange.objects.count()) == (before, 0)


def test_a_person_of_another_school_is_as_unknown_as_nobody(
    client: Client, cast: Cast, dan: User, elsewhere: Elsewhere
) -> None:
    bodies = []
    for email in (elsewhere.secret.email, "nobody@nowhere.example.org"):
        sent = {"person": email, "role": Role.OFFICE, "school": cast.hilltop.pk}
        bodies.append(text(send(client, adding("membership"), **sent)))
    assert all("Nobody whose roles you manage signs in with this address." in body for body in bodies)
    assert not Membership.objects.filter(user=elsewhere.secret, school=cast.hilltop).exists()


def test_extra_boxes_change_nothing(client: Client, cast: Cast, dan: User, elsewhere: Elsewhere) -> None:
    extra = {"is_superuser": "on", "is_active": "", "password": "x", "uuid": str(uuid.uuid4()), "groups": "1"}
    send(client, page(cast.alice), full_name="Alice A", **extra)
    alice = User.objects.get(pk=cast.alice.pk)
    assert (alice.full_name, alice.is_superuser, alice.is_active) == ("Alice A", False, True)
    assert alice.uuid == cast.alice.uuid
    send(
        client,
        page(cast.hilltop),
        name="Hilltop",
        trust="",
        kind="central",
        active="",
        uuid=str(uuid.uuid4()),
    )
    school = School.objects.get(pk=cast.hilltop.pk)
    assert (school.name, school.trust, school.kind, school.active) == ("Hilltop", cast.trust, "school", True)


def test_a_forged_key_of_an_inline_form_reaches_no_other_school(
    client: Client, cast: Cast, dan: User, elsewhere: Elsewhere
) -> None:
    mine = GovernanceProfile.objects.get(school=cast.hilltop)
    choose(mine, approval_days=4)
    choose(elsewhere.profile, approval_days=5)
    theirs = elsewhere.profile.settings.get(key="approval_days")
    before = list(ProfileSetting.objects.order_by("pk").values_list("pk", "profile", "key", "value"))
    for forged in ({"settings-0-id": theirs.pk}, {"settings-0-profile": elsewhere.profile.pk}):
        sent = {"settings-0-value": "9", **forged}
        body = text(send(client, page(mine), **sent))
        assert "errornote" in body
    many = {"settings-TOTAL_FORMS": "3", "settings-INITIAL_FORMS": "2", "settings-1-id": theirs.pk}
    send(
        client, page(mine), **many, **{"settings-1-value": "9", "settings-2-key": "", "settings-2-value": ""}
    )
    assert list(ProfileSetting.objects.order_by("pk").values_list("pk", "profile", "key", "value")) == before
    assert not AuditEvent.objects.filter(action="people.setting_changed").exists()


def test_the_key_of_a_changed_setting_cannot_be_swapped(client: Client, cast: Cast, dan: User) -> None:
    mine = GovernanceProfile.objects.get(school=cast.hilltop)
    choose(mine, approval_days=4)
    send(client, page(mine), **{"settings-0-key": "min_admins", "settings-0-value": "9"})
    assert not mine.settings.filter(key="min_admins").exists()
    assert mine.settings.get(key="approval_days").value == 9


def test_the_trust_and_its_profile_are_read_only_for_a_school_s_it_lead(
    client: Client, cast: Cast, dan: User
) -> None:
    for row in (cast.trust, GovernanceProfile.objects.get(trust=cast.trust)):
        assert client.get(page(row)).status_code == 200
        assert 'name="_save"' not in text(client.get(page(row)))
        assert client.post(page(row), {"name": "Mine", "preset": "cbc"}).status_code == 403


def test_somebody_who_is_it_here_and_staff_there_edits_here_only(
    client: Client, cast: Cast, elsewhere: Elsewhere
) -> None:
    both = a_person("Both", Role.IT, cast.hilltop)
    give(both, Role.STAFF, elsewhere.school)
    sign_in_afresh(client, both)
    assert client.post(page(elsewhere.school), {"name": "Mine", "slug": "mine"}).status_code == 403
    assert client.post(page(elsewhere.profile), {"preset": "cbc"}).status_code == 403
    assert client.get(page(elsewhere.secret)).status_code == 404
    send(client, page(cast.hilltop), name="Hilltop School")
    assert School.objects.get(pk=cast.hilltop.pk).name == "Hilltop School"


def test_a_row_that_is_ticked_without_a_number_is_a_bad_request(client: Client, dan: User) -> None:
    sent = {"action": "end_roles", "_selected_action": "abc"}
    assert client.post(listing("membership"), sent).status_code == 400


def test_the_history_page_shows_only_what_belongs_to_the_row(
    client: Client, cast: Cast, dan: User, elsewhere: Elsewhere
) -> None:
    send(client, page(cast.hilltop), name="Hilltop School")
    body = text(client.get(page(cast.hilltop, "history")))
    assert "changed a school&#x27;s details" in body
    assert "Dan Dale" in body
    empty = text(client.get(page(cast.alice, "history")))
    assert "signed in" not in empty
    assert "Nothing has changed" in empty
