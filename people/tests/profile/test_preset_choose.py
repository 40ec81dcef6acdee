"""Starting from another policy: what would change, and the second person."""

import pytest
from django.test import Client

from core.models import AuditEvent
from people.models import GovernanceProfile, PendingChange
from people.selectors import profile_of
from people.services.changes import change_decide
from people.tests.profile.conftest import StMarys, detail, preset, profile_of_row
from smgov.testing import Cast, choose


def test_the_five_policies_are_offered_with_what_would_change(client: Client, mary: StMarys) -> None:
    client.force_login(mary.hannah)
    page = client.get(preset(mary.profile))
    options = page.context["options"]
    assert [option.slug for option in options] == ["cit", "beckstone", "ravens-wood", "st-marys", "cbc"]
    now = next(option for option in options if option.current)
    assert (now.slug, now.differs) == ("st-marys", [])
    other = next(option for option in options if option.slug == "cit")
    assert ("Approval of a new account", "Marketing officer, then Headteacher") in [
        (row[0], row[1]) for row in other.differs
    ]
    assert f"{len(other.differs)} answers would change." in page.content.decode()


def test_what_the_school_changed_by_hand_is_not_counted(client: Client, mary: StMarys) -> None:
    client.force_login(mary.hannah)
    before = {o.slug: len(o.differs) for o in client.get(preset(mary.profile)).context["options"]}
    choose(mary.profile, min_admins=2, post_approval="every")
    after = {o.slug: len(o.differs) for o in client.get(preset(mary.profile)).context["options"]}
    assert after["cit"] == before["cit"] - 2


def test_another_policy_waits_for_a_second_person(client: Client, mary: StMarys) -> None:
    client.force_login(mary.hannah)
    response = client.post(preset(mary.profile), {"preset": "cit"}, follow=True)
    assert response.redirect_chain == [(detail(mary.profile), 302)]
    assert "waits for a second person" in response.content.decode()
    waiting = PendingChange.objects.get()
    assert profile_of(mary.school).preset.slug == "st-marys"
    change_decide(actor=mary.dora, change=waiting, confirm=True)
    assert profile_of(mary.school).preset.slug == "cit"
    assert AuditEvent.objects.filter(action="people.preset_chosen").count() == 1


@pytest.mark.parametrize("chosen", ["", "st-marys", "trust", "no-such-policy", "../cit"])
def test_only_another_policy_of_the_list_is_taken(client: Client, mary: StMarys, chosen: str) -> None:
    client.force_login(mary.hannah)
    assert client.post(preset(mary.profile), {"preset": chosen}).status_code == 422
    assert not PendingChange.objects.exists()


def test_a_school_in_a_trust_may_follow_it_again(client: Client, cast: Cast) -> None:
    profile = profile_of_row(cast.hilltop)
    GovernanceProfile.objects.filter(pk=profile.pk).update(preset="st-marys")
    client.force_login(cast.bob)
    page = client.get(preset(profile))
    assert page.context["options"][0].title == "The policy that the trust follows: Community Inclusive Trust"
    assert client.post(preset(profile), {"preset": "trust"}).status_code == 302
    change_decide(actor=cast.chair, change=PendingChange.objects.get(), confirm=True)
    profile.refresh_from_db()
    assert profile.preset == ""
    assert profile_of(cast.hilltop).preset.slug == "cit"


def test_the_trust_s_policy_is_its_executive_team_s(client: Client, cast: Cast) -> None:
    row = profile_of_row(cast.trust)
    client.force_login(cast.bob)
    assert client.post(preset(row), {"preset": "st-marys"}).status_code == 403
    client.force_login(cast.elt)
    assert "trust" not in [o.slug for o in client.get(preset(row)).context["options"]]
    assert client.post(preset(row), {"preset": "trust"}).status_code == 422
    assert client.post(preset(row), {"preset": "st-marys"}).status_code == 302
    assert PendingChange.objects.get().trust == cast.trust
