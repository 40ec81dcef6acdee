"""Who sees how a school governs, and what the page says."""

import re
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from core.models import AuditEvent
from core.roles import Role
from core.tests.markup import parse, skeleton
from people.governance.catalogue import SETTINGS
from people.models import ProfileSetting, User
from people.services.settings import setting_change
from people.tests.profile.conftest import StMarys, detail, profile_of_row
from smgov.testing import Cast, a_person, a_school, choose, give

pytestmark = pytest.mark.django_db
LIST = "/settings/"


def text_of(response) -> str:
    """The words of a page, blanks squeezed."""
    return re.sub(r"\s+", " ", "".join(parse(response.content.decode()).itertext()))


# Who sees which


@pytest.mark.parametrize("role", Role.values)
def test_everybody_reads_the_settings_of_their_own_school(client: Client, mary: StMarys, role: str) -> None:
    client.force_login(a_person("Reader", role, mary.school))
    response = client.get(detail(mary.profile))
    assert response.status_code == 200
    assert "How your school governs" in text_of(response)


def test_another_school_answers_as_a_random_id_does(client: Client, mary: StMarys, cast: Cast) -> None:
    client.force_login(cast.eve)
    real = client.get(detail(mary.profile))
    unknown = client.get(f"/settings/{uuid.uuid4()}/")
    assert real.status_code == unknown.status_code == 404
    assert skeleton(real.content.decode()) == skeleton(unknown.content.decode())
    assert "Mary" not in real.content.decode()


def test_a_stranger_is_asked_to_sign_in(client: Client, mary: StMarys) -> None:
    assert client.get(detail(mary.profile)).status_code == 302
    assert client.get(LIST).status_code == 302


def test_a_school_of_the_trust_shows_the_trust_s_layer(client: Client, cast: Cast) -> None:
    client.force_login(cast.alice)
    page = client.get(detail(profile_of_row(cast.hilltop)))
    assert "Community Inclusive Trust, as the trust does" in text_of(page)
    assert detail(profile_of_row(cast.trust)) in page.content.decode()
    assert "Chosen by the trust" in text_of(page)
    trust = client.get(detail(profile_of_row(cast.trust)))
    assert "How your trust governs" in text_of(trust)
    assert "Choose</a>" not in trust.content.decode()


def test_the_only_profile_is_opened_at_once(client: Client, mary: StMarys) -> None:
    client.force_login(mary.sue)
    assert client.get(LIST).url == detail(mary.profile)


def test_the_list_names_one_s_own_schools_and_trust_only(client: Client, mary: StMarys, cast: Cast) -> None:
    client.force_login(cast.alice)
    page = text_of(client.get(LIST))
    assert "Hilltop Primary" in page
    assert cast.trust.name in page
    assert "Mary" not in page
    assert "Otherplace" not in page


def test_whoever_runs_the_server_reads_every_profile_and_changes_none(client: Client, mary: StMarys) -> None:
    root = User.objects.create_superuser("root@example.org", "Rita Root")
    client.force_login(root)
    assert client.get(LIST).status_code in (200, 302)
    page = client.get(detail(mary.profile)).content.decode()
    assert "/account_chain/" not in page


def test_a_trust_with_a_whole_trust_role_lists_all_its_schools(client: Client, cast: Cast) -> None:
    client.force_login(cast.elt)
    page = client.get(LIST)
    assert page.context["paginator"].count == 4
    found = client.get(LIST, {"q": "hill"})
    assert found.context["paginator"].count == 1
    none = client.get(LIST, {"q": "nowhere"})
    assert "No school or trust has this name" in text_of(none)


def test_the_list_costs_the_same_for_many_schools(
    client: Client, cast: Cast, django_assert_max_num_queries
) -> None:
    client.force_login(cast.elt)
    client.get(LIST)
    with django_assert_max_num_queries(15) as few:
        client.get(LIST)
    for number in range(12):
        a_school(f"School {number}", trust=cast.trust)
    with django_assert_max_num_queries(15) as many:
        client.get(LIST)
    assert len(few) == len(many)


def test_the_page_costs_at_most_fifteen_queries(
    client: Client, cast: Cast, django_assert_max_num_queries
) -> None:
    profile = profile_of_row(cast.hilltop)
    for key in ("account_chain", "moderators", "admin_grantors", "monitor_roles"):
        raw = [{"role": "dsl"}] if key == "account_chain" else ["dsl"]
        setting_change(actor=cast.bob, profile=profile, key=key, raw=raw)
    client.force_login(cast.bob)
    with django_assert_max_num_queries(15):
        client.get(detail(profile))


# What is still to choose


def test_open_settings_of_the_account_part_stand_first_with_a_button(client: Client, cast: Cast) -> None:
    school = a_school("Beckstone", preset="beckstone")
    profile = profile_of_row(school)
    profile.settings.all().delete()
    client.force_login(a_person("Bea Brook", Role.HEADTEACHER, school))
    page = client.get(detail(profile))
    body = page.content.decode()
    titles = [part.title for part in page.context["open_now"]]
    assert titles == [
        "Social media accounts",
        "Concerns and incidents",
        "Image consent",
        "Filtering and network",
        "Disposal of old records",
    ]
    keys = [row.setting.key for row in page.context["open_now"][0].rows]
    assert keys == [
        "account_chain",
        "account_form",
        "allowed_email_domains",
        "admin_grantors",
        "lead_required",
    ]
    panel = body[body.index("Still to choose") : body.index("All settings")]
    for key in keys:
        assert f'href="/settings/{profile.uuid}/{key}/"' in panel
    others = [row.setting.key for part in page.context["open_now"][1:] for row in part.rows]
    assert others == [
        "misuse_recipient",
        "head_concern_recipient",
        "lado_contact",
        "last_resort_contact",
        "indecent_image_pupil_route",
        "retention_child_protection",
        "retention_staff_allegation",
        "consent_model",
        "consent_keeper",
        "retention_image_consent",
        "retention_raw_imports",
        "unblock_approver",
        "content_report_recipient",
        "retention_declarations",
    ]
    assert panel.count("govuk-button ") == len(keys) + len(others)


def test_parts_that_are_not_built_yet_are_listed_apart(client: Client, mary: StMarys) -> None:
    client.force_login(mary.hannah)
    page = client.get(detail(mary.profile))
    assert [row.setting.key for part in page.context["open_now"] for row in part.rows] == [
        "lado_contact",
        "last_resort_contact",
        "retention_child_protection",
        "retention_staff_allegation",
        "retention_image_consent",
        "retention_raw_imports",
        "retention_declarations",
    ]
    later = [part.title for part in page.context["open_later"]]
    assert "Passwords of accounts" in later
    assert "Social media accounts" not in later
    assert "Needed when a further part opens" in text_of(page)


def test_who_may_not_choose_sees_what_is_open_and_no_button(client: Client) -> None:
    school = a_school("Beckstone", preset="beckstone")
    profile = profile_of_row(school)
    profile.settings.all().delete()
    client.force_login(a_person("Tom Teal", Role.STAFF, school))
    page = client.get(detail(profile))
    assert "Still to choose" in text_of(page)
    assert "The headteacher or the IT technician chooses" in text_of(page)
    assert f"/settings/{profile.uuid}/account_chain/" not in page.content.decode()


# All settings


def test_every_setting_of_the_catalogue_stands_on_the_page_with_its_place(
    client: Client, mary: StMarys
) -> None:
    client.force_login(mary.sue)
    body = client.get(detail(mary.profile)).content.decode()
    for key in SETTINGS:
        assert f'id="setting-{key}"' in body


@pytest.mark.clause("STM-15.21")
def test_a_setting_says_its_answer_its_source_and_its_clauses(client: Client, mary: StMarys) -> None:
    client.force_login(mary.sue)
    body = client.get(detail(mary.profile)).content.decode()
    row = body[body.index('id="setting-min_admins"') : body.index('id="setting-lead_required"')]
    assert "2 administrators" in row
    assert "The policy of St Mary’s Church of England Primary School" in row
    assert reverse("policies:clause-detail", args=["STM-15.21"]) in row or "STM-15.21" in row
    chain = body[body.index('id="setting-account_chain"') : body.index('id="setting-account_chain_central"')]
    assert "Marketing officer, then Headteacher" in chain
    assert "How the policy was read" in chain


def test_a_departure_says_what_the_policy_says(client: Client, mary: StMarys) -> None:
    choose(mary.profile, min_admins=1)
    client.force_login(mary.sue)
    body = client.get(detail(mary.profile)).content.decode()
    row = body[body.index('id="setting-min_admins"') : body.index('id="setting-lead_required"')]
    assert "1 administrator" in row
    assert "This departs from the policy, which says: 2 administrators" in row
    assert "Chosen by the school" in row


def test_a_title_of_one_s_own_is_no_departure(client: Client, mary: StMarys) -> None:
    choose(mary.profile, role_titles={"headteacher": "Principal"}, runner_terms=True, runner_training=True)
    client.force_login(mary.sue)
    page = client.get(detail(mary.profile), {"show": "departs"})
    assert page.context["found"] == 0
    assert "Marketing officer, then Principal" in text_of(client.get(detail(mary.profile)))


def test_what_no_part_reads_yet_is_shown_as_recorded(client: Client, mary: StMarys) -> None:
    client.force_login(mary.hannah)
    page = client.get(detail(mary.profile))
    passwords = next(s for s in page.context["sections"] if s.title == "Passwords")
    assert not passwords.any_used
    assert "take effect when that part of the portal is built" in text_of(page)
    assert f"/settings/{mary.profile.uuid}/misuse_recipient/" in page.content.decode()


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ({"q": "fewest"}, {"min_admins"}),
        ({"q": "STM-15.21"}, {"account_form", "min_admins"}),
        ({"show": "own"}, {"min_admins", "allowed_email_domains"}),
        ({"show": "departs"}, {"min_admins"}),
        ({"show": "waiting"}, {"moderators"}),
        ({"q": "no such thing"}, set()),
    ],
)
def test_the_settings_can_be_searched(client: Client, mary: StMarys, query: dict, keys: set) -> None:
    mary.profile.settings.all().delete()
    choose(mary.profile, min_admins=1, allowed_email_domains=["one.sch.uk"])
    setting_change(actor=mary.ian, profile=mary.profile, key="moderators", raw=["dsl"])
    client.force_login(mary.hannah)
    page = client.get(detail(mary.profile), query)
    found = {row.setting.key for section in page.context["sections"] for row in section.rows}
    assert found == keys
    assert ("No setting found" in text_of(page)) == (not keys)


# Waiting changes


def test_a_waiting_change_stands_beside_its_setting_with_who_asked(client: Client, mary: StMarys) -> None:
    waiting = setting_change(actor=mary.ian, profile=mary.profile, key="moderators", raw=["dsl"])
    client.force_login(mary.hannah)
    body = client.get(detail(mary.profile)).content.decode()
    row = body[body.index('id="setting-moderators"') : body.index('id="setting-moderators_central"')]
    assert "Waiting for a second person" in row
    assert "Designated Safeguarding Lead" in row
    assert "Ian Irving" in row
    assert reverse("people:change-detail", args=[waiting.uuid]) in row


def test_who_may_not_see_the_change_sees_no_trace_of_it(client: Client, mary: StMarys) -> None:
    client.force_login(mary.sue)
    before = client.get(detail(mary.profile))
    setting_change(actor=mary.ian, profile=mary.profile, key="moderators", raw=["dsl"])
    after = client.get(detail(mary.profile))
    assert "Ian Irving" not in after.content.decode()
    assert skeleton(before.content.decode()) == skeleton(after.content.decode())


def test_the_waiting_changes_of_another_school_do_not_show(client: Client, mary: StMarys, cast: Cast) -> None:
    setting_change(actor=mary.ian, profile=mary.profile, key="moderators", raw=["dsl"])
    both = a_person("Both Bright", Role.HEADTEACHER, mary.school)
    give(both, Role.HEADTEACHER, cast.hilltop)
    client.force_login(both)
    assert "Ian Irving" not in client.get(detail(profile_of_row(cast.hilltop))).content.decode()


# Nothing is written by looking


def test_looking_writes_nothing(client: Client, mary: StMarys) -> None:
    client.force_login(mary.hannah)
    before = (AuditEvent.objects.count(), ProfileSetting.objects.count())
    client.get(detail(mary.profile))
    client.get(detail(mary.profile), {"changed": "min_admins", "show": "own", "q": "x"})
    client.get(detail(mary.profile), {"changed": "no-such-setting"})
    assert (AuditEvent.objects.count(), ProfileSetting.objects.count()) == before
    assert client.post(detail(mary.profile)).status_code == 405
    assert client.post(LIST).status_code == 405


@pytest.mark.parametrize(
    "words", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7|add:7 }}"]
)
def test_a_hostile_title_or_text_stays_text(client: Client, mary: StMarys, words: str) -> None:
    client.force_login(mary.hannah)
    choose(mary.profile, role_titles={"headteacher": "Plain"}, lado_contact="Plain")
    plain = skeleton(client.get(detail(mary.profile)).content.decode())
    choose(mary.profile, role_titles={"headteacher": words}, lado_contact=words)
    page = client.get(detail(mary.profile))
    assert skeleton(page.content.decode()) == plain
    assert words in text_of(page)
