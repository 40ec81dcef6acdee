"""A profile: a preset, then what the trust changed, then what the school changed."""

import copy
import json

import pytest
from hypothesis import given
from hypothesis import settings as speed
from hypothesis import strategies as st

from people.governance.catalogue import PARTS, SETTINGS
from people.governance.presets import PRESETS, PresetError, load_preset
from people.governance.profile import Profile, ProfileError, StepSpec, parse_overrides

EACH = pytest.mark.parametrize("slug", PRESETS)
OFFICE_CHAIN = [{"role": "office", "post": "office_manager", "needed": "all"}]


def test_a_school_that_changes_nothing_has_its_preset():
    profile = Profile.resolve("cit")
    assert (
        profile.account_chain
        == profile.value("account_chain")
        == load_preset("cit").entries["account_chain"].value
    )
    assert profile.source("account_chain") == "preset"
    assert profile.clauses("account_chain") == ("CIT-3.01",)
    assert "first" in profile.note("account_chain")
    assert profile.preset.slug == "cit"


def test_where_the_policy_is_silent_the_source_is_the_default():
    profile = Profile.resolve("cit")
    assert (profile.approval_days, profile.source("approval_days")) == (5, "default")
    assert (profile.allowed_email_domains, profile.source("allowed_email_domains")) == (None, "default")


def test_the_school_has_the_last_word():
    trust, school = {"approval_days": 3, "min_admins": 2}, {"approval_days": 10}
    profile = Profile.resolve("cit", trust, school)
    assert (profile.approval_days, profile.source("approval_days")) == (10, "school")
    assert (profile.min_admins, profile.source("min_admins")) == (2, "trust")


def test_a_school_without_a_trust_still_speaks_as_a_school():
    for nobody in (None, {}):
        profile = Profile.resolve("cit", nobody, {"approval_days": 10})
        assert profile.source("approval_days") == "school"


def test_an_override_equal_to_the_preset_is_still_an_override():
    profile = Profile.resolve("st-marys", {}, {"min_admins": 2})
    assert profile.source("min_admins") == "school"
    assert not profile.departs("min_admins")


def test_what_the_policy_says_stays_at_hand_after_a_school_departs_from_it():
    profile = Profile.resolve("st-marys", {}, {"min_admins": 1, "account_chain": OFFICE_CHAIN})
    assert (profile.min_admins, profile.policy_value("min_admins")) == (1, 2)
    assert profile.departs("min_admins")
    assert profile.clauses("min_admins") == ("STM-15.21",)
    assert profile.account_chain == [StepSpec("office", "office_manager", "all")]
    assert len(profile.policy_value("account_chain")) == 2


def test_what_the_policy_does_not_state_cannot_be_departed_from():
    profile = Profile.resolve("cit", {}, {"min_admins": 4})
    assert profile.policy_value("min_admins") is None
    assert not profile.departs("min_admins")


def test_a_null_takes_the_answer_back_and_opens_what_is_compulsory():
    profile = Profile.resolve("cit", {}, {"account_chain": None})
    assert profile.account_chain is None
    assert profile.source("account_chain") == "school"
    assert "account_chain" in [one.key for one in profile.open_settings("accounts")]
    assert not profile.is_open("accounts")
    assert profile.departs("account_chain")
    assert profile.describe("account_chain") == "Not chosen yet"


def test_a_null_takes_back_what_the_trust_chose_too():
    chosen = {"allowed_email_domains": ["trust.org.uk"]}
    assert Profile.resolve("cit", chosen).allowed_email_domains == ["trust.org.uk"]
    profile = Profile.resolve("cit", chosen, {"allowed_email_domains": None})
    assert profile.allowed_email_domains is None


@pytest.mark.clause("RAV-4.02")
def test_a_null_switches_the_clock_off_and_gives_a_number_its_default():
    profile = Profile.resolve(
        "ravens-wood", {}, {"response_hours": None, "weekend_rule": None, "role_titles": None}
    )
    assert profile.response_hours is None
    assert profile.weekend_rule == "next_working_day"
    assert profile.title_of("head_of_comms") == "Head of Communications"


def test_any_school_may_switch_the_clock_on_whatever_its_policy_is_silent_about():
    assert Profile.resolve("cbc", {}, {"response_hours": 48}).describe("response_hours") == "48 hours"


def test_titles_add_up_over_the_layers():
    trust, school = {"role_titles": {"it": "Digital team"}}, {"role_titles": {"headteacher": "Principal"}}
    profile = Profile.resolve("st-marys", trust, school)
    assert profile.title_of("it") == "Digital team"
    assert profile.title_of("headteacher") == "Principal"
    assert profile.title_of("head_of_comms") == "Marketing officer"
    assert profile.describe("account_chain") == "Marketing officer, then Principal"
    assert Profile.resolve("st-marys").title_of("headteacher") == "Headteacher"


ANSWERS = {
    "account_chain": [{"role": "headteacher"}],
    "account_form": "cit",
    "admin_grantors": ["headteacher"],
    "allowed_email_domains": ["oakfield.sch.uk"],
    "lead_required": True,
}


@EACH
def test_accounts_open_when_the_last_open_question_is_answered(slug):
    waiting = [one.key for one in Profile.resolve(slug).open_settings("accounts")]
    assert "allowed_email_domains" in waiting
    answers = {key: ANSWERS[key] for key in waiting}
    for key in waiting:
        rest = {name: value for name, value in answers.items() if name != key}
        assert not Profile.resolve(slug, {}, rest).is_open("accounts")
    assert Profile.resolve(slug, {}, answers).is_open("accounts")


def test_yes_and_no_are_both_answers():
    profile = Profile.resolve("cit", {}, {"lead_required": False})
    assert "lead_required" not in [one.key for one in profile.open_settings()]


@EACH
def test_open_settings_of_all_parts_are_those_of_each_part(slug):
    profile = Profile.resolve(slug)
    together = {one.key for one in profile.open_settings()}
    assert together == {one.key for part in PARTS for one in profile.open_settings(part)}
    assert all(one.compulsory and profile.value(one.key) is None for one in profile.open_settings())


@EACH
def test_concerns_wait_until_somebody_hears_of_the_headteacher(slug):
    profile = Profile.resolve(slug)
    silent = slug in {"beckstone", "ravens-wood", "cbc"}
    assert ("head_concern_recipient" in [one.key for one in profile.open_settings("concerns")]) is silent
    assert not profile.is_open("concerns")


@EACH
def test_parts_for_which_nothing_is_compulsory_are_open(slug):
    assert Profile.resolve(slug).is_open("comments")
    assert Profile.resolve(slug).is_open("policies")


def test_a_school_that_chose_no_policy_has_every_compulsory_question_open():
    profile = Profile.resolve("")
    assert {one.key for one in profile.open_settings()} == {
        key for key, one in SETTINGS.items() if one.compulsory
    }
    assert profile.approval_days == 5
    assert profile.source("account_chain") == profile.source("approval_days") == "default"
    assert profile.title_of("it") == "IT technician"
    assert Profile.resolve("", {}, ANSWERS).is_open("accounts")


@EACH
def test_every_setting_of_every_preset_can_be_said_and_kept(slug):
    profile = Profile.resolve(slug)
    for key, one in SETTINGS.items():
        words = profile.describe(key)
        assert words
        assert "_" not in words
        kept = json.loads(json.dumps(profile.to_json(key)))
        assert one.parse(kept) == profile.value(key)


@EACH
def test_a_profile_that_repeats_itself_as_overrides_is_the_same(slug):
    profile = Profile.resolve(slug)
    again = Profile.resolve("", {}, {key: profile.to_json(key) for key in SETTINGS})
    for key in SETTINGS:
        assert again.value(key) == profile.value(key)


def test_every_fault_of_a_layer_is_told_at_once_with_its_layer():
    with pytest.raises(ProfileError) as caught:
        Profile.resolve(
            "cit", {}, {"min_admins": 0, "wizardry": True, "account_chain": [], "approval_days": 5}
        )
    assert caught.value.layer == "school"
    assert set(caught.value.errors) == {"min_admins", "wizardry", "account_chain"}
    assert caught.value.errors["min_admins"] == "Give a whole number from 1 to 20."
    with pytest.raises(ProfileError, match="trust: "):
        Profile.resolve("cit", {"min_admins": "two"})


def test_one_layer_can_be_checked_before_it_is_kept():
    assert parse_overrides({"min_admins": 2, "account_chain": None}) == {
        "min_admins": 2,
        "account_chain": None,
    }
    with pytest.raises(ProfileError):
        parse_overrides({"min_admins": True})


def test_a_profile_has_no_third_layer():
    with pytest.raises(ValueError, match="two layers"):
        Profile.resolve("cit", {}, {}, {})


def test_an_unknown_preset_or_name_or_part_is_refused():
    with pytest.raises(PresetError):
        Profile.resolve("wizard")
    profile = Profile.resolve("cit")
    for read in (
        profile.value,
        profile.source,
        profile.clauses,
        profile.note,
        profile.describe,
        profile.departs,
    ):
        with pytest.raises(ValueError, match="no setting called"):
            read("wizardry")
    with pytest.raises(AttributeError):
        _ = profile.wizardry
    with pytest.raises(ValueError, match="no part"):
        profile.is_open("kitchen")


def test_nobody_changes_a_profile_or_its_preset_by_accident():
    profile = Profile.resolve("cit")
    profile.account_chain.clear()
    profile.role_titles.clear()
    profile.policy_value("role_titles").clear()
    profile.open_settings().clear()
    assert len(profile.account_chain) == len(Profile.resolve("cit").account_chain) == 2
    assert profile.title_of("head_of_comms") == "Head of Communications & Fundraising"
    with pytest.raises(TypeError):
        profile.preset.entries["account_chain"] = None


def test_a_profile_does_not_keep_hold_of_the_overrides_it_was_made_from():
    school = {"allowed_email_domains": ["oakfield.sch.uk"]}
    profile = Profile.resolve("cit", {}, school)
    school["allowed_email_domains"].append("gmail.com")
    assert profile.allowed_email_domains == ["oakfield.sch.uk"]


def test_a_profile_can_be_copied():
    profile = copy.copy(Profile.resolve("cit"))
    assert profile.account_chain == Profile.resolve("cit").account_chain


LAYER = st.fixed_dictionaries(
    {},
    optional={
        "min_admins": st.none() | st.integers(1, 20),
        "approval_days": st.none() | st.integers(1, 60),
        "allowed_email_domains": st.none() | st.just(["oakfield.sch.uk"]),
        "lead_required": st.none() | st.booleans(),
        "response_hours": st.none() | st.integers(1, 48),
    },
)


@speed(deadline=None, max_examples=300)
@given(st.sampled_from(list(PRESETS)), LAYER, LAYER)
def test_each_value_comes_from_the_last_who_spoke(slug, trust, school):
    profile = Profile.resolve(slug, trust, school)
    plain = Profile.resolve(slug)
    for key, one in SETTINGS.items():
        if key in school:
            expected, source = one.parse(school[key]), "school"
        elif key in trust:
            expected, source = one.parse(trust[key]), "trust"
        else:
            expected, source = plain.value(key), plain.source(key)
        assert (profile.value(key), profile.source(key)) == (expected, source)
