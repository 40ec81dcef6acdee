"""Changing one setting: who may, what waits, what is refused, and that nothing typed is lost."""

import uuid
from typing import Any

import pytest
from django.test import Client

from core.models import AuditEvent, Notice
from core.roles import Post, Role
from people.governance.catalogue import SETTINGS
from people.models import PendingChange, ProfileSetting, User
from people.selectors import profile_of
from people.services import carrying_out  # noqa: F401  as the portal does when it starts
from people.services.changes import change_decide
from people.services.settings import setting_change
from people.tests.profile.conftest import StMarys, change, detail, preset, profile_of_row
from people.tests.profile.sent import fields_sent
from smgov.testing import DOMAIN, Cast, a_person, a_school, choose

pytestmark = pytest.mark.django_db
PLAIN = {"answer": "9"}


def actions() -> list[str]:
    """The audit actions so far."""
    return list(AuditEvent.objects.order_by("number").values_list("action", flat=True))


# Who may


@pytest.mark.parametrize(
    ("role", "post", "status"),
    [
        (Role.HEADTEACHER, "", 302),
        (Role.IT, "", 302),
        (Role.SENIOR_LEADER, Post.ELT, 302),
        (Role.SENIOR_LEADER, "", 403),
        (Role.HEAD_OF_COMMS, "", 403),
        (Role.DSL, "", 403),
        (Role.GOVERNANCE, Post.CHAIR, 403),
        (Role.OFFICE, "", 403),
        (Role.STAFF, "", 403),
        (Role.CONTRIBUTOR, "", 403),
        (Role.HR, "", 403),
        (Role.DPO, "", 403),
    ],
)
def test_headteacher_it_and_executive_team_change_settings(
    client: Client, mary: StMarys, role: str, post: str, status: int
) -> None:
    client.force_login(a_person("Pat", role, mary.school, post=post))
    assert client.get(change(mary.profile, "approval_days")).status_code == (200 if status == 302 else 403)
    assert client.get(preset(mary.profile)).status_code == (200 if status == 302 else 403)
    assert client.post(change(mary.profile, "approval_days"), PLAIN).status_code == status
    assert ProfileSetting.objects.filter(key="approval_days").exists() == (status == 302)


def test_another_school_s_setting_answers_as_a_random_id_does(
    client: Client, mary: StMarys, cast: Cast
) -> None:
    client.force_login(cast.bob)
    for method in (client.get, client.post):
        assert method(change(mary.profile, "approval_days"), PLAIN).status_code == 404
        assert method(f"/settings/{uuid.uuid4()}/approval_days/", PLAIN).status_code == 404
        assert method(preset(mary.profile), {"preset": "cit"}).status_code == 404
    assert not ProfileSetting.objects.filter(profile=mary.profile, key="approval_days").exists()
    assert not PendingChange.objects.exists()


def test_a_headteacher_of_the_trust_does_not_change_the_trust_or_another_school(
    client: Client, cast: Cast
) -> None:
    client.force_login(cast.bob)
    assert client.post(change(profile_of_row(cast.trust), "approval_days"), PLAIN).status_code == 403
    assert client.post(change(profile_of_row(cast.otherplace), "approval_days"), PLAIN).status_code == 404


def test_the_executive_team_changes_the_trust_for_all_its_schools(client: Client, cast: Cast) -> None:
    client.force_login(cast.elt)
    client.post(change(profile_of_row(cast.trust), "approval_days"), PLAIN)
    assert profile_of(cast.hilltop).approval_days == profile_of(cast.otherplace).approval_days == 9
    assert profile_of(cast.hilltop).source("approval_days") == "trust"


def test_whoever_runs_the_server_changes_nothing(client: Client, mary: StMarys) -> None:
    client.force_login(User.objects.create_superuser("root@example.org", "Rita Root"))
    assert client.post(change(mary.profile, "approval_days"), PLAIN).status_code == 403
    assert client.post(preset(mary.profile), {"preset": "cit"}).status_code == 403


@pytest.mark.parametrize("key", ["no-such-setting", "preset_", "account-chain", "__class__"])
def test_an_unknown_setting_is_no_page(client: Client, mary: StMarys, key: str) -> None:
    client.force_login(mary.hannah)
    assert client.get(f"/settings/{mary.profile.uuid}/{key}/").status_code == 404
    assert client.post(f"/settings/{mary.profile.uuid}/{key}/", PLAIN).status_code == 404


# What happens


def test_a_plain_setting_is_saved_at_once_and_leads_back_to_its_place(client: Client, mary: StMarys) -> None:
    client.force_login(mary.hannah)
    response = client.post(change(mary.profile, "approval_days"), PLAIN)
    assert response.url == f"{detail(mary.profile)}?changed=approval_days#setting-approval_days"
    row = ProfileSetting.objects.get(profile=mary.profile, key="approval_days")
    assert (row.value, row.changed_by) == (9, mary.hannah)
    event = AuditEvent.objects.get(action="people.setting_changed")
    assert (event.actor_id, event.school_id) == (mary.hannah.pk, mary.school.pk)
    assert event.data == {"key": "approval_days", "value": 9}
    body = client.get(response.url).content.decode()
    at = body.index('id="setting-approval_days"')
    assert "“Time to sign” is saved." in body[at : body.index('id="setting-publish_register"')]
    assert body.count("is saved.") == 1, "the banner stands in its place and nowhere else"


def test_a_routing_setting_waits_for_a_second_person(client: Client, mary: StMarys) -> None:
    client.force_login(mary.hannah)
    page = client.get(change(mary.profile, "moderators"))
    assert "a second person must confirm" in page.content.decode()
    assert "Dora Dean" in page.content.decode()
    response = client.post(change(mary.profile, "moderators"), {"answer": ["dsl"], "departs": "on"})
    assert response.status_code == 302
    assert "waits for a second person" in client.get(response.url).content.decode()
    assert profile_of(mary.school).moderators == ["headteacher", "office/office_manager"]
    waiting = PendingChange.objects.get()
    assert waiting.payload == {"key": "moderators", "value": ["dsl"]}
    assert Notice.objects.filter(recipient=mary.dora, kind="people.change_waits").exists()
    assert "people.setting_changed" not in actions()
    change_decide(actor=mary.dora, change=waiting, confirm=True)
    assert profile_of(mary.school).moderators == ["dsl"]
    assert actions()[-2:] == ["people.change_confirmed", "people.setting_changed"]


def test_whoever_asked_cannot_confirm_their_own_setting(mary: StMarys) -> None:
    waiting = setting_change(actor=mary.hannah, profile=mary.profile, key="moderators", raw=["dsl"])
    with pytest.raises(Exception, match="second person"):
        change_decide(actor=mary.hannah, change=waiting, confirm=True)
    assert profile_of(mary.school).moderators != ["dsl"]


def test_where_nobody_can_confirm_the_page_says_so(client: Client) -> None:
    school = a_school("Alone", preset="cit")
    client.force_login(a_person("Only One", Role.HEADTEACHER, school))
    body = client.get(change(profile_of_row(school), "moderators")).content.decode()
    assert "Nobody here can confirm it yet" in body


@pytest.mark.parametrize("key", ["account_chain", "moderators"])
def test_the_same_change_asked_five_times_waits_once(client: Client, mary: StMarys, key: str) -> None:
    client.force_login(mary.hannah)
    sent = fields_sent(client.get(change(mary.profile, key)).content.decode())
    sent |= (
        {"step_1": ["dsl"], "departs": ["on"]}
        if key == "account_chain"
        else {"answer": ["dsl"], "departs": ["on"]}
    )
    statuses = [client.post(change(mary.profile, key), sent).status_code for _ in range(5)]
    assert statuses == [302, 422, 422, 422, 422]
    assert PendingChange.objects.count() == 1


def test_an_unchanged_page_is_refused_and_writes_nothing(client: Client, mary: StMarys) -> None:
    client.force_login(mary.hannah)
    before = len(actions())
    for key in (
        "account_chain",
        "moderators",
        "approval_days",
        "min_admins",
        "role_titles",
        "next_review",
        "vet_followers",
    ):
        sent = fields_sent(client.get(change(mary.profile, key)).content.decode())
        response = client.post(change(mary.profile, key), sent)
        assert response.status_code == 422, key
        assert "This is the answer already" in response.content.decode()
    assert len(actions()) == before
    assert not PendingChange.objects.exists()


def test_every_page_of_every_setting_opens(client: Client, mary: StMarys) -> None:
    client.force_login(mary.hannah)
    for key, setting in SETTINGS.items():
        page = client.get(change(mary.profile, key))
        assert page.status_code == 200, key
        body = page.content.decode()
        assert ("takes effect when that part" in body) == (not setting.used)
        assert ("second person must confirm" in body) == setting.routing


def test_a_refused_answer_comes_back_as_typed_beside_its_box(client: Client, mary: StMarys) -> None:
    client.force_login(mary.hannah)
    typed = "gmail.com\nourschool.sch.uk"
    response = client.post(change(mary.profile, "allowed_email_domains"), {"answer": typed})
    body = response.content.decode()
    assert response.status_code == 422
    assert typed in body.replace("\r\n", "\n")
    assert "is free mail" in body
    assert 'href="#id_answer"' in body
    assert mary.profile.settings.get(key="allowed_email_domains").value == [DOMAIN]


def test_a_departure_is_warned_of_before_it_is_saved(client: Client, mary: StMarys) -> None:
    client.force_login(mary.hannah)
    first = client.post(change(mary.profile, "min_admins"), {"answer": "1"})
    assert first.status_code == 422
    assert "Your answer departs from the policy." in first.content.decode()
    again = fields_sent(first.content.decode())
    assert again["answer"] == ["1"]
    assert client.post(change(mary.profile, "min_admins"), {**again, "departs": "on"}).status_code == 302
    assert profile_of(mary.school).departs("min_admins")
    assert (
        "The answer now departs from the policy."
        in client.get(change(mary.profile, "min_admins")).content.decode()
    )


def test_the_context_of_the_question_is_the_policy_s_own(client: Client, mary: StMarys) -> None:
    client.force_login(mary.hannah)
    body = client.get(change(mary.profile, "account_chain")).content.decode()
    assert "Who must approve a new social media account, and in which order do they sign?" in body
    assert "Marketing officer, then Headteacher" in body
    assert "STM-15.28" in body
    assert "so it is never left out" in body


# Taking a change back


def test_a_change_is_taken_back_and_the_policy_answers_again(client: Client, mary: StMarys) -> None:
    choose(mary.profile, min_admins=4)
    client.force_login(mary.hannah)
    assert "2 administrators" in client.get(change(mary.profile, "min_admins")).content.decode()
    assert client.post(change(mary.profile, "min_admins"), {"follow": "1"}).status_code == 302
    profile = profile_of(mary.school)
    assert (profile.min_admins, profile.source("min_admins")) == (2, "preset")
    assert AuditEvent.objects.get(action="people.setting_changed").data == {
        "key": "min_admins",
        "followed": True,
    }


def test_taking_back_a_routing_setting_waits_too(client: Client, mary: StMarys) -> None:
    choose(mary.profile, moderators=["dsl"])
    client.force_login(mary.hannah)
    client.post(change(mary.profile, "moderators"), {"follow": "1"})
    waiting = PendingChange.objects.get()
    assert "Headteacher and Office manager" in client.get(detail(mary.profile)).content.decode()
    assert profile_of(mary.school).moderators == ["dsl"]
    change_decide(actor=mary.dora, change=waiting, confirm=True)
    assert profile_of(mary.school).moderators == ["headteacher", "office/office_manager"]
    assert not mary.profile.settings.filter(key="moderators").exists()


def test_nothing_is_taken_back_where_nothing_was_changed(client: Client, mary: StMarys) -> None:
    client.force_login(mary.hannah)
    before = len(actions())
    page = client.get(change(mary.profile, "min_admins"))
    assert 'name="follow"' not in page.content.decode()
    response = client.post(change(mary.profile, "min_admins"), {"follow": "1"}, follow=True)
    assert "nothing to take back" in response.content.decode()
    assert len(actions()) == before


# What a form may not smuggle in (A5)


@pytest.mark.parametrize(
    ("key", "sent"),
    [
        ("approval_days", {"key": "account_chain", "profile": "1", "school": "1", "value": "[]"}),
        ("publish_register", {"answer": "no", "key": "moderators", "uuid": str(uuid.uuid4())}),
    ],
)
def test_extra_boxes_change_nothing_else(
    client: Client, mary: StMarys, cast: Cast, key: str, sent: dict
) -> None:
    client.force_login(mary.hannah)
    before = set(ProfileSetting.objects.values_list("profile", "key"))
    client.post(change(mary.profile, key), {**PLAIN, **sent})
    new = set(ProfileSetting.objects.values_list("profile", "key")) - before
    assert new == {(mary.profile.pk, key)}
    assert not PendingChange.objects.exists()


@pytest.mark.parametrize(
    ("key", "sent"),
    [
        ("moderators", {"answer": ["contributor"]}),
        ("moderators", {"answer": ["dsl", "nobody"]}),
        ("head_concern_recipient", {"answer": ["headteacher"]}),
        ("account_chain", {"step_1": "staff"}),
        ("account_chain", {"step_6": "dsl", "step_1": ""}),
        ("account_form", {"answer": "none"}),
        ("lead_required", {"answer": "maybe"}),
        ("consent_scopes", {"answer": ["images", "sounds"]}),
        ("training_intervals", {"line_parents": "daily"}),
        ("credential_mode", {"answer": ""}),
    ],
)
def test_an_answer_that_the_page_does_not_offer_is_refused(
    client: Client, mary: StMarys, key: str, sent: dict[str, Any]
) -> None:
    client.force_login(mary.hannah)
    response = client.post(change(mary.profile, key), {**sent, "departs": "on"})
    assert response.status_code == 422
    assert not PendingChange.objects.exists()
    assert not mary.profile.settings.filter(key=key).exclude(key="lead_required").exists()


def test_a_get_with_an_answer_changes_nothing(client: Client, mary: StMarys) -> None:
    client.force_login(mary.hannah)
    client.get(change(mary.profile, "approval_days"), PLAIN)
    client.get(preset(mary.profile), {"preset": "cit"})
    assert not mary.profile.settings.filter(key="approval_days").exists()
    assert not PendingChange.objects.exists()


def test_words_that_somebody_typed_stay_out_of_the_log(client: Client, mary: StMarys) -> None:
    client.force_login(mary.hannah)
    client.post(
        change(mary.profile, "credential_place"), {"answer": "With a person of this name", "departs": "on"}
    )
    assert mary.profile.settings.get(key="credential_place").value == "With a person of this name"
    assert AuditEvent.objects.get(action="people.setting_changed").data == {"key": "credential_place"}
