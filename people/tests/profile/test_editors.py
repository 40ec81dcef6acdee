"""Each kind of setting has boxes of its own, and an unchanged page says what the setting says."""

from typing import Any

import pytest
from crispy_forms.utils import render_crispy_form
from django.http import QueryDict

from core.tests.markup import parse
from people.governance.catalogue import SETTINGS
from people.governance.presets import PRESETS
from people.governance.profile import Profile
from people.governance.values import KINDS, CalendarDate, RoleTitles
from people.profile_editors import EDITORS
from people.profile_forms import SettingForm, setting_form
from people.tests.profile.sent import boxes_of

PRESETS_AND_NONE = (*PRESETS, "")


def form_of(key: str, profile: Profile, below: Profile | None = None) -> type[SettingForm]:
    return setting_form(SETTINGS[key], profile, below or profile)


def as_sent(form: SettingForm) -> QueryDict:
    """What a browser sends for the form as it is shown."""
    data = QueryDict(mutable=True)
    for name, values in boxes_of(parse(f"<form>{render_crispy_form(form)}</form>")).items():
        data.setlist(name, values)
    return data


def sent_with(form: SettingForm, **changes: Any) -> QueryDict:
    """The same with some boxes filled in otherwise; None empties one."""
    data = as_sent(form)
    for name, value in changes.items():
        data.setlist(name, [] if value is None else value if isinstance(value, list) else [value])
    return data


def answer(key: str, profile: Profile, **changes: Any) -> SettingForm:
    """The bound form after somebody filled in some boxes, the departure admitted."""
    kind = form_of(key, profile)
    return kind(sent_with(kind(), **{"departs": "on", **changes}))


def test_every_kind_of_the_catalogue_has_an_editor() -> None:
    assert set(EDITORS) == set(KINDS)


@pytest.mark.parametrize("slug", PRESETS_AND_NONE)
def test_an_unchanged_page_says_what_every_preset_says(slug: str) -> None:
    profile = Profile.resolve(slug)
    for key, setting in SETTINGS.items():
        value = profile.value(key)
        if value is None and setting.compulsory:
            continue
        kind = form_of(key, profile)
        form = kind(as_sent(kind()))
        assert form.is_valid(), (slug, key, form.errors)
        if isinstance(setting.kind, RoleTitles):
            assert form.value == {}, "a title of the policy itself is no change"
            continue
        assert setting.parse(form.value) == value, (slug, key)
        assert form.value == profile.to_json(key) or value == setting.parse(None)


@pytest.mark.parametrize("slug", PRESETS_AND_NONE)
def test_an_open_compulsory_setting_cannot_be_saved_empty(slug: str) -> None:
    for setting in Profile.resolve(slug).open_settings():
        kind = form_of(setting.key, Profile.resolve(slug))
        form = kind(as_sent(kind()))
        assert not form.is_valid(), setting.key
        assert set(form.errors) <= set(form.fields), "each error stands beside a box"


OWN: dict[str, Any] = {
    "account_chain": [
        {"role": "office", "post": "office_manager", "needed": "all"},
        {"role": "headteacher", "post": "", "needed": "any"},
        {"role": "governance", "post": "chair", "needed": "any"},
    ],
    "monitor_report_to": ["governance", "staff", "headteacher", "it/online_safety"],
    "allowed_email_domains": ["one.sch.uk", "two.example.org"],
    "closure_days": ["2026-12-21", "2027-01-04"],
    "next_review": "2027-09",
    "term_months": [1, 9],
    "next_working_day_ends": "08:05",
    "blocked_sites": ["example.com", "x.com"],
    "consequence_texts": {"pupils": "First line.\nSecond line, with “marks” & <signs>."},
    "training_intervals": {"staff_social_media": "yearly", "parents": "none"},
    "lado_contact": "Office of the LADO\n01234 567890\nlado@example.org",
    "lead_required": False,
    "response_hours": 24,
    "change_notice_audiences": [],
    "contact_exception": ["own_child", "relative"],
    "role_titles": {"headteacher": "Principal", "senior_leader/elt": "Board of Directors"},
    "credential_place": "The safe in the office",
}


@pytest.mark.parametrize("key", OWN)
def test_an_unchanged_page_says_what_the_school_chose(key: str) -> None:
    profile = Profile.resolve("st-marys", {}, {key: OWN[key]})
    kind = form_of(key, profile, Profile.resolve("st-marys"))
    form = kind(sent_with(kind(), departs="on"))
    assert form.is_valid(), form.errors
    assert form.value == OWN[key]


def test_every_kind_is_among_the_answers_tried() -> None:
    tried = {SETTINGS[key].kind.name for key in OWN}
    assert {setting.kind.name for setting in SETTINGS.values()} - tried == {"choice"}


# Chains


def test_empty_rows_of_a_chain_are_ignored_and_the_rest_keeps_its_order() -> None:
    form = answer(
        "account_chain",
        Profile.resolve("cit"),
        step_1="",
        step_2="dsl",
        step_4="governance/chair",
        needed_4="all",
    )
    assert form.is_valid(), form.errors
    assert form.value == [
        {"role": "dsl", "post": "", "needed": "any"},
        {"role": "governance", "post": "chair", "needed": "all"},
    ]


def test_the_same_role_twice_is_an_error_beside_the_second_step() -> None:
    form = answer("account_chain", Profile.resolve("cit"), step_1="dsl", step_2="", step_3="dsl")
    assert list(form.errors) == ["step_3"]
    assert "signs twice" in form.errors["step_3"][0]
    assert form["step_3"].value() == "dsl"


def test_a_chain_without_a_step_is_refused_where_somebody_must_approve() -> None:
    form = answer("account_chain", Profile.resolve("cit"), step_1="", step_2="")
    assert "Somebody must approve" in form.errors["step_1"][0]


def test_an_empty_chain_of_the_trust_means_as_in_a_school() -> None:
    form = answer("account_chain_central", Profile.resolve("cit"), step_1="", step_2="")
    assert form.is_valid(), form.errors
    assert form.value is None


@pytest.mark.parametrize(
    "forged", ["staff", "contributor", "pupil", "headteacher/emperor", "headteacher//", "\x00"]
)
def test_a_role_that_the_page_does_not_offer_is_refused(forged: str) -> None:
    assert "step_1" in answer("account_chain", Profile.resolve("cit"), step_1=forged).errors
    assert (
        "answer" in answer("account_copied_to", Profile.resolve("cit"), answer=[forged]).errors
        or forged == "staff"
    )


def test_a_longer_chain_than_the_page_usually_shows_keeps_all_its_steps() -> None:
    roles = ("office", "headteacher", "dsl", "head_of_comms", "senior_leader", "governance", "hr")
    profile = Profile.resolve("cit", {}, {"account_chain": [{"role": role} for role in roles]})
    kind = form_of("account_chain", profile)
    form = kind(sent_with(kind(), departs="on"))
    assert form.is_valid(), form.errors
    assert [step["role"] for step in form.value] == list(roles)


# Lists of roles


def test_ticked_roles_keep_the_order_that_they_had() -> None:
    profile = Profile.resolve("cit", {}, {"monitor_report_to": ["governance", "it", "headteacher"]})
    form = answer("monitor_report_to", profile, answer=["dsl", "headteacher", "governance"])
    assert form.is_valid()
    assert form.value == ["governance", "headteacher", "dsl"]


def test_nobody_is_an_answer_where_the_setting_allows_it() -> None:
    form = answer("consultants", Profile.resolve("cit"), answer=None)
    assert form.is_valid()
    assert form.value == []


def test_nobody_is_no_answer_where_somebody_must_decide() -> None:
    form = answer("admin_grantors", Profile.resolve("cit"), answer=None)
    assert form.errors["answer"] == ["Choose at least one role."]


def test_no_role_at_all_means_not_chosen_where_nobody_has_to_choose() -> None:
    form = answer("ratifier", Profile.resolve("cit"), answer=None)
    assert form.is_valid()
    assert form.value is None


@pytest.mark.clause("CIT-8.05", "STM-8.05")
def test_the_headteacher_is_not_offered_for_a_concern_about_the_headteacher() -> None:
    profile = Profile.resolve("beckstone")
    assert 'value="headteacher"' not in render_crispy_form(form_of("head_concern_recipient", profile)())
    assert "answer" in answer("head_concern_recipient", profile, answer=["headteacher"]).errors


def test_the_school_s_own_titles_stand_beside_the_boxes() -> None:
    page = render_crispy_form(form_of("monitor_roles", Profile.resolve("cit"))())
    assert "Head of Communications &amp; Fundraising" in page
    assert "Executive Leadership Team (Senior leader)" in page


# Words, numbers, dates


@pytest.mark.parametrize(
    ("key", "typed", "words"),
    [
        ("approval_days", "soon", "whole number"),
        ("approval_days", "0", "from 1 to 60"),
        ("approval_days", "9" * 10, "figures"),
        ("approval_days", "", "figures"),
        ("approval_days", "٣", "figures"),
        ("allowed_email_domains", "gmail.com", "free mail"),
        ("allowed_email_domains", "one.sch.uk\nhttps://two.sch.uk", "web address"),
        ("allowed_email_domains", "", "at least one"),
        ("next_working_day_ends", "25:00", "24-hour"),
        ("closure_days", "31/02/2026", "no date “31/02/2026”"),
        ("closure_days", "soon", "date"),
        ("lado_contact", "", "cannot be empty"),
        ("lado_contact", "100% \u0007", "cannot be shown"),
        ("account_form", "beckstone", "answers on the page"),
        ("lead_required", "", "Choose one"),
    ],
)
def test_what_the_kind_refuses_stands_beside_its_box_with_the_words_kept(
    key: str, typed: str, words: str
) -> None:
    profile = Profile.resolve("cbc")
    form = answer(key, profile, answer=typed)
    assert words in form.errors["answer"][0]
    assert form["answer"].value() in (typed, typed.strip())


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("21/12/2026", "2026-12-21"),
        ("1.2.2026", "2026-02-01"),
        ("21 December 2026", "2026-12-21"),
        ("3 Sept 2026", "2026-09-03"),
        ("2026-12-21", "2026-12-21"),
    ],
)
def test_dates_are_read_as_people_here_write_them(typed: str, day: str) -> None:
    form = answer("closure_days", Profile.resolve("cit"), answer=f"{typed}\n")
    assert form.is_valid(), form.errors
    assert form.value == [day]


@pytest.mark.clause("CIT-12.02")
def test_a_review_known_to_its_month_stays_a_month() -> None:
    profile = Profile.resolve("cit")
    assert profile.next_review == CalendarDate(2024, 11)
    form = answer("next_review", profile, answer_day="", answer_month="11", answer_year="2025")
    assert form.is_valid(), form.errors
    assert form.value == "2025-11"
    wrong = answer("next_review", profile, answer_day="31", answer_month="", answer_year="2025")
    assert "must include a month" in wrong.errors["answer"][0]
    assert answer("next_review", profile, answer_day="", answer_month="", answer_year="").value is None


def test_websites_need_a_list_only_where_a_list_is_chosen() -> None:
    profile = Profile.resolve("beckstone")
    assert answer("blocked_sites", profile, answer="all").is_valid()
    listed = answer("blocked_sites", profile, answer="listed", sites="X.com\nnot a host")
    assert "not a host" in listed.errors["sites"][0]
    assert "sites" in answer("blocked_sites", profile, answer="listed", sites="").errors
    none = answer("blocked_sites", profile, answer="none")
    assert none.is_valid()
    assert none.value == []


def test_an_empty_title_takes_the_one_below_and_only_differences_are_kept() -> None:
    below = Profile.resolve("cit", {"role_titles": {"it": "Digital team"}})
    own = Profile.resolve("cit", {"role_titles": {"it": "Digital team"}}, {"role_titles": {"dsl": "Lead"}})
    kind = form_of("role_titles", own, below)
    assert "Left empty: Digital team" in render_crispy_form(kind())
    form = kind(sent_with(kind(), title_it="", title_dsl="", title_hr="People team"))
    assert form.is_valid(), form.errors
    assert form.value == {"hr": "People team"}


# Departing from the policy


def test_a_departure_from_the_policy_must_be_admitted() -> None:
    kind = form_of("post_approval", Profile.resolve("st-marys"))
    shown = kind()
    assert 'type="checkbox"' not in render_crispy_form(shown)
    form = kind(sent_with(shown, answer="none"))
    assert list(form.errors) == ["departs"]
    assert form.warns
    assert 'type="checkbox"' in render_crispy_form(form)
    again = kind(sent_with(form, departs="on"))
    assert again.is_valid()
    assert again.value == "none"


def test_going_back_to_the_policy_asks_for_no_tick() -> None:
    profile = Profile.resolve("st-marys", {}, {"post_approval": "none"})
    kind = form_of("post_approval", profile, Profile.resolve("st-marys"))
    form = kind(sent_with(kind(), answer="every"))
    assert form.is_valid()
    assert not form.warns


def test_where_the_policy_is_silent_there_is_nothing_to_depart_from() -> None:
    kind = form_of("approval_days", Profile.resolve("cit"))
    assert kind(sent_with(kind(), answer="9")).is_valid()


@pytest.mark.clause("STM-15.21")
def test_fewer_administrators_than_the_policy_demands_is_a_departure() -> None:
    kind = form_of("min_admins", Profile.resolve("st-marys"))
    assert "departs" in kind(sent_with(kind(), answer="1")).errors
    assert kind(sent_with(kind(), answer="2")).is_valid()
