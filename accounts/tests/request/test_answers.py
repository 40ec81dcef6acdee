"""accounts.answers: what each form asks, when it asks it, and what is wrong with an answer."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.choices import Public
from accounts.models import AccountRequest
from accounts.tests.request.conftest import frozen, problems, wrong
from core.models import Platform
from core.roles import Role
from people.models import Membership
from smgov.testing import DOMAIN, a_draft, a_person, a_school, choose, give

ST_MARYS = [
    pytest.param("department", "Enter your department or team", marks=pytest.mark.clause("STM-15.02")),
    pytest.param("aims", "Say what the account is for", marks=pytest.mark.clause("STM-15.05", "STM-3.03")),
    pytest.param("content", "Describe what the account will show", marks=pytest.mark.clause("STM-15.06")),
    pytest.param("host", "Enter who will host the site", marks=pytest.mark.clause("STM-15.23")),
    pytest.param(
        "security",
        "Say how you will keep unwanted people from contributing or following",
        marks=pytest.mark.clause("STM-15.27"),
    ),
    pytest.param(
        "investment", "Say whether what you put in will achieve the aim", marks=pytest.mark.clause("STM-3.04")
    ),
    pytest.param(
        "engagement",
        "Describe how much people will interact with the account",
        marks=pytest.mark.clause("STM-3.05"),
    ),
    pytest.param("effort", "Say how much time staff will give to it", marks=pytest.mark.clause("STM-3.07")),
    pytest.param(
        "evaluation", "Say how you will tell whether it works", marks=pytest.mark.clause("STM-3.08")
    ),
]
CIT = [
    pytest.param("aims", "Say what the account is for", marks=pytest.mark.clause("CIT-3.03")),
    pytest.param(
        "investment", "Say whether what you put in will achieve the aim", marks=pytest.mark.clause("CIT-3.04")
    ),
    pytest.param(
        "engagement",
        "Describe how much people will interact with the account",
        marks=pytest.mark.clause("CIT-3.05"),
    ),
    pytest.param("effort", "Say how much time staff will give to it", marks=pytest.mark.clause("CIT-3.07")),
    pytest.param(
        "evaluation", "Say how you will tell whether it works", marks=pytest.mark.clause("CIT-3.08")
    ),
]
RAVENS_WOOD = [
    pytest.param("aims", "Say what the account is for", marks=pytest.mark.clause("RAV-3.03")),
    pytest.param("promotion", "Say how you will promote the account", marks=pytest.mark.clause("RAV-3.05")),
    pytest.param(
        "openness", "Choose whether the account will be open or closed", marks=pytest.mark.clause("RAV-3.07")
    ),
]


def test_complete_answers_have_no_problems(cast, stm, rav):
    for actor, school in ((cast.alice, cast.hilltop), (stm.tess, stm.school), (rav.rory, rav.school)):
        assert problems(a_draft(actor, school)) == []


@pytest.mark.parametrize(("field", "message"), ST_MARYS)
@pytest.mark.parametrize("empty", ["", "  \n "])
def test_saint_marys_form_asks(stm, field, message, empty):
    assert wrong(a_draft(stm.tess, stm.school, **{field: empty})) == {field: message}


@pytest.mark.parametrize(("field", "message"), CIT)
def test_the_trusts_six_considerations(cast, field, message):
    assert wrong(a_draft(cast.alice, cast.hilltop, **{field: ""})) == {field: message}


@pytest.mark.parametrize(("field", "message"), RAVENS_WOOD)
def test_the_plan_has_its_points(rav, field, message):
    assert wrong(a_draft(rav.rory, rav.school, **{field: ""})) == {field: message}


@pytest.mark.clause("RAV-3.04")
def test_the_plan_names_its_audience(rav):
    assert wrong(a_draft(rav.rory, rav.school, audience=[])) == {"audience": "Choose at least one audience"}


@pytest.mark.clause("CIT-3.06", "STM-3.06")
def test_who_contributes_is_asked_of_both(cast, stm):
    for actor, school in ((cast.alice, cast.hilltop), (stm.tess, stm.school)):
        row = a_draft(actor, school, contributors=[])
        assert wrong(row) == {"contributors": "Choose at least one group of contributors"}


@pytest.mark.parametrize(
    ("key", "box"),
    [
        pytest.param("audience", Public.STAFF, marks=pytest.mark.clause("STM-15.08")),
        pytest.param("audience", Public.FAMILY, marks=pytest.mark.clause("STM-15.09")),
        pytest.param("audience", Public.EXTERNAL, marks=pytest.mark.clause("STM-15.10")),
        pytest.param("audience", Public.PUBLIC, marks=pytest.mark.clause("STM-15.12")),
        pytest.param("contributors", Public.STAFF, marks=pytest.mark.clause("STM-15.15")),
        pytest.param("contributors", Public.FAMILY, marks=pytest.mark.clause("STM-15.16")),
        pytest.param("contributors", Public.EXTERNAL, marks=pytest.mark.clause("STM-15.17")),
        pytest.param("contributors", Public.PUBLIC, marks=pytest.mark.clause("STM-15.19")),
    ],
)
def test_each_plain_box_is_an_answer_of_its_own(stm, key, box):
    care = {"vetter_name": "Ann Ames", "vetter_role": "Teacher", "advertise": "In the newsletter"}
    row = a_draft(stm.tess, stm.school, **{key: [box], **care})
    assert wrong(row) == {}
    assert frozen(row)[key]["value"] == [box.label]


@pytest.mark.parametrize(
    "key",
    [
        pytest.param("audience", marks=pytest.mark.clause("STM-15.07")),
        pytest.param("contributors", marks=pytest.mark.clause("STM-15.14")),
    ],
)
@pytest.mark.parametrize(
    ("low", "high", "field", "message"),
    [
        (None, 11, "age_from", "Enter the age of the youngest pupils."),
        (7, None, "age_to", "Enter the age of the oldest pupils."),
        (11, 7, "age_to", "The oldest age must not be below the youngest."),
        (1, 7, "age_from", "Enter an age from 2 to 25."),
        (7, 26, "age_to", "Enter an age from 2 to 25."),
    ],
)
def test_pupils_have_an_age_range(stm, key, low, high, field, message):
    ages = {f"{key}_age_from": low, f"{key}_age_to": high}
    row = a_draft(stm.tess, stm.school, **{key: [Public.PUPILS]}, **ages, parents_consent="By letter")
    assert wrong(row) == {f"{key}_{field}": message}


@pytest.mark.clause("STM-15.07", "STM-15.14")
def test_the_ages_are_frozen_with_the_answer(stm):
    ages = {"audience_age_from": 7, "audience_age_to": 11}
    row = a_draft(stm.tess, stm.school, audience=[Public.PUPILS], **ages)
    assert frozen(row)["audience"]["value"] == ["Pupils of the school: ages 7 to 11"]
    assert wrong(row) == {}


@pytest.mark.parametrize(
    ("key", "box", "detail", "message"),
    [
        pytest.param(
            "audience",
            Public.OTHER_PUPILS,
            "schools",
            "Enter the names of the other schools.",
            marks=pytest.mark.clause("STM-15.11"),
        ),
        pytest.param(
            "audience",
            Public.OTHER,
            "other",
            "Say who the others are.",
            marks=pytest.mark.clause("STM-15.13"),
        ),
        pytest.param(
            "contributors",
            Public.OTHER_PUPILS,
            "schools",
            "Enter the names of the other schools.",
            marks=pytest.mark.clause("STM-15.18"),
        ),
        pytest.param(
            "contributors",
            Public.OTHER,
            "other",
            "Say who the others are.",
            marks=pytest.mark.clause("STM-15.20"),
        ),
    ],
)
def test_a_box_with_a_detail_asks_for_it(stm, key, box, detail, message):
    care = {
        "vetter_name": "Ann Ames",
        "vetter_role": "Teacher",
        "advertise": "In the newsletter",
        "parents_consent": "By letter",
    }
    row = a_draft(stm.tess, stm.school, **{key: [box]}, **care)
    assert wrong(row) == {f"{key}_{detail}": message}
    row = a_draft(stm.tess, stm.school, **{key: [box], f"{key}_{detail}": "Ashdown Primary"}, **care)
    assert wrong(row) == {}
    assert frozen(row)[key]["value"] == [f"{box.label}: Ashdown Primary"]


@pytest.mark.clause("STM-15.22", "STM-15.25")
@pytest.mark.parametrize("box", [Public.FAMILY, Public.EXTERNAL, Public.PUBLIC])
def test_outside_contributors_need_somebody_who_checks_them_and_a_way_to_find_them(stm, box):
    assert wrong(a_draft(stm.tess, stm.school, contributors=[box])) == {
        "vetter_name": "Enter the name of whoever checks outside contributors",
        "vetter_role": "Enter the job role of whoever checks outside contributors",
        "advertise": "Say how you will find contributors",
    }


def test_staff_and_own_pupils_need_nobody_who_checks_them(stm):
    row = a_draft(
        stm.tess,
        stm.school,
        contributors=[Public.STAFF, Public.PUPILS],
        contributors_age_from=7,
        contributors_age_to=11,
        parents_consent="By letter",
    )
    assert wrong(row) == {}
    assert "vetter_name" not in frozen(row)


@pytest.mark.clause("STM-15.26")
def test_pupils_who_contribute_need_their_parents_consent(stm):
    ages = {"contributors_age_from": 7, "contributors_age_to": 11}
    row = a_draft(stm.tess, stm.school, contributors=[Public.PUPILS], **ages)
    assert wrong(row) == {"parents_consent": "Say how you will inform parents and obtain their consent"}
    row = a_draft(
        stm.tess,
        stm.school,
        contributors=[Public.OTHER_PUPILS],
        contributors_schools="Ashdown",
        vetter_name="A",
        vetter_role="B",
        advertise="C",
    )
    assert list(wrong(row)) == ["parents_consent"]


@pytest.mark.clause("RAV-1.08")
def test_use_with_learners_needs_a_reason(rav):
    ages = {"audience_age_from": 7, "audience_age_to": 11}
    row = a_draft(rav.rory, rav.school, audience=[Public.PUPILS], **ages)
    assert wrong(row) == {"learners_reason": "Say why the account is right for use with learners"}
    assert "learners_reason" not in frozen(a_draft(rav.rory, rav.school))


@pytest.mark.clause("STM-15.24")
def test_it_cannot_go_live_before_it_is_sent(stm):
    today = timezone.localdate()
    assert wrong(a_draft(stm.tess, stm.school, go_live_on=today - timedelta(days=1))) == {
        "go_live_on": "The day must be today or later."
    }
    assert wrong(a_draft(stm.tess, stm.school, go_live_on=today)) == {}
    assert wrong(a_draft(stm.tess, stm.school, go_live_on=None)) == {
        "go_live_on": "Enter the day on which you would like to go live"
    }


@pytest.mark.clause("CIT-3.02", "STM-3.02")
@pytest.mark.parametrize(
    "address",
    [
        "year6@elsewhere.org",
        f"year6@sub.{DOMAIN}",
        f"year6@x{DOMAIN}",
        DOMAIN,
        "year6",
        f"a@b@{DOMAIN}",
        f"@{DOMAIN}",
    ],
)
def test_the_address_must_be_an_official_one(cast, stm, address):
    for actor, school in ((cast.alice, cast.hilltop), (stm.tess, stm.school)):
        assert list(wrong(a_draft(actor, school, official_email=address))) == ["official_email"]


@pytest.mark.clause("CIT-3.02", "STM-3.02")
@pytest.mark.parametrize(
    "domain", ["gmail.com", "GMail.com", "mail.gmail.com", "yahoo.es", "outlook.com", "proton.me"]
)
def test_free_mail_is_refused_whatever_the_school_allows(db, domain):
    school = a_school("Free", preset="cit")
    alice = a_person("Alice Archer", Role.STAFF, school)
    row = a_draft(alice, school, official_email=f"year6@{domain}")
    assert "free mail" in wrong(row)["official_email"]


def test_several_official_domains_are_named_in_the_error(db):
    school = a_school("Two", preset="cit", allowed_email_domains=["one.example.org", "two.example.org"])
    alice = a_person("Alice Archer", Role.STAFF, school)
    message = wrong(a_draft(alice, school, official_email="a@three.example.org"))["official_email"]
    assert message == "The address must end in @one.example.org or @two.example.org."
    assert wrong(a_draft(alice, school, official_email="a@TWO.example.org")) == {}


@pytest.mark.clause("STM-15.21")
def test_two_different_administrators_are_asked_for(stm):
    row = a_draft(stm.tess, stm.school, administrators=[stm.tess])
    assert wrong(row) == {
        "administrators": "Your school's policy asks for at least 2 different administrators. Choose 1 more."
    }
    row = a_draft(stm.tess, stm.school, administrators=[stm.tess, stm.tess])
    assert list(wrong(row)) == ["administrators"]


def test_another_school_may_ask_for_more_or_fewer(cast, stm):
    assert wrong(a_draft(cast.alice, cast.hilltop, administrators=[cast.alice])) == {}
    choose(stm.school.profile, min_admins=3)
    row = a_draft(stm.tess, stm.school, administrators=[stm.tess, stm.moira])
    assert "at least 3" in wrong(row)["administrators"]


@pytest.mark.clause("RAV-3.06")
def test_the_lead_is_named_and_employed(rav):
    assert wrong(a_draft(rav.rory, rav.school, lead=[])) == {
        "lead": "Choose the member of staff who leads the account"
    }
    assert "must be a member of staff" in wrong(a_draft(rav.rory, rav.school, lead=[rav.una]))["lead"]


def test_other_forms_ask_for_a_lead_only_where_the_profile_does(cast):
    assert "lead" not in frozen(a_draft(cast.alice, cast.hilltop))
    choose(cast.trust.profile, lead_required=True)
    row = a_draft(cast.alice, cast.hilltop, lead=[])
    assert wrong(row) == {"lead": "Choose the member of staff who leads the account"}


@pytest.mark.clause("RAV-3.11")
def test_a_volunteer_runs_an_account_where_the_policy_lets_them(cast, rav):
    assert wrong(a_draft(rav.rory, rav.school, administrators=[rav.una])) == {}
    vic = a_person("Vic Vane", Role.CONTRIBUTOR, cast.hilltop)
    assert "only staff" in wrong(a_draft(cast.alice, cast.hilltop, administrators=[vic]))["administrators"]


@pytest.mark.clause("STM-3.09", "STM-3.17")
def test_at_saint_marys_an_outsider_may_administer_and_not_post(stm):
    assert wrong(a_draft(stm.tess, stm.school, administrators=[stm.tess, stm.pat])) == {}
    assert "only staff post" in wrong(a_draft(stm.tess, stm.school, posters=[stm.pat]))["posters"]


@pytest.mark.clause("STM-15.03", "STM-3.16")
def test_the_moderator_is_named_and_a_member_of_staff(stm):
    assert wrong(a_draft(stm.tess, stm.school, moderator=[])) == {
        "moderator": "Choose who moderates the account"
    }
    assert "must be one" in wrong(a_draft(stm.tess, stm.school, moderator=[stm.pat]))["moderator"]


def test_whoever_left_meanwhile_is_named_in_the_error(stm):
    gone = a_person("Gone Guy", Role.STAFF, stm.school)
    row = a_draft(stm.tess, stm.school, administrators=[stm.tess, gone])
    Membership.objects.filter(user=gone).update(ended_at=timezone.now())
    assert wrong(row) == {"administrators": "Gone Guy has no role at Saint Mary."}
    assert problems(row)[0].about == gone.pk


def test_pupils_below_the_platforms_age_are_a_warning_and_no_error(stm):
    ages = {"audience_age_from": 7, "audience_age_to": 11}
    row = a_draft(stm.tess, stm.school, audience=[Public.PUPILS], **ages)
    assert wrong(row) == {}
    assert frozen(row)["audience"]["warning"] == (
        "Facebook is for people of 13 and over, and the youngest pupils named here are 7."
    )
    row = a_draft(stm.tess, stm.school, audience=[Public.PUPILS], audience_age_from=13, audience_age_to=16)
    assert "warning" not in frozen(row)["audience"]


@pytest.mark.clause("BEC-4.20")
def test_where_nobody_under_thirteen_may_use_it_a_game_without_a_limit_warns_too(db):
    school = a_school("Beck", preset="beckstone")
    bea = a_person("Bea Cole", Role.STAFF, school)
    ages = {"contributors_age_from": 9, "contributors_age_to": 11}
    game = Platform.objects.get(slug="roblox")
    row = a_draft(bea, school, contributors=[Public.PUPILS], **ages, platform=game)
    assert "nobody under 13" in frozen(row)["contributors"]["warning"]
    choose(school.profile, age_rule="platform")
    assert "warning" not in frozen(row)["contributors"]


def test_the_snapshot_carries_words_and_clauses(stm):
    row = a_draft(stm.tess, stm.school)
    lines = frozen(row)
    assert lines["department"] == {
        "key": "department",
        "label": "Department or team",
        "value": "Year 6",
        "clauses": "STM-15.02",
    }
    assert lines["posters"]["value"] == "Nobody"
    assert lines["moderator"]["value"] == [f"Tess Tully ({stm.tess.email})"]


def test_a_draft_with_half_an_answer_can_be_shown(stm):
    row = a_draft(stm.tess, stm.school, audience=[Public.PUPILS, Public.OTHER], aims="")
    assert frozen(row)["audience"]["value"] == ["Pupils of the school", "Others"]
    assert frozen(row)["aims"]["value"] == "Not given"
    AccountRequest.objects.filter(pk=row.pk).update(audience=[])
    assert frozen(AccountRequest.objects.get(pk=row.pk))["audience"]["value"] == ["Not given"]


def test_a_person_with_two_roles_is_employed_when_one_of_them_is(rav):
    give(rav.una, Role.OFFICE, rav.school)
    assert wrong(a_draft(rav.rory, rav.school, lead=[rav.una])) == {}
