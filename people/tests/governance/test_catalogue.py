"""The catalogue asks about every matter on which the five policies differ, once and in plain English."""

import re

import pytest

from people.governance.catalogue import PARTS, SECTIONS, SETTINGS, setting, settings_of
from people.governance.profile import Profile
from people.governance.setting import ACCOUNTS, Setting
from people.governance.values import Boolean, Chain, Choice, ChoiceList, Integer, RoleList

ALL = pytest.mark.parametrize("one", SETTINGS.values(), ids=list(SETTINGS))

READ_TODAY = {
    "monitor_every_days",
    "change_notice_audiences",
    "pupil_phone_rule",
    "contact_exception",
    "contact_declaration_recipient",
    "contact_social_circle",
    "contact_former_pupils",
    "contact_family_out_of_hours",
    "departure_recipient",
    "departure_hr_advice",
    "brand_permission",
    "allow_non_staff_posting",
    "leaver_confidentiality",
    "moderators_central",
    "account_chain",
    "account_chain_central",
    "applicants",
    "account_form",
    "admin_grantors",
    "allow_non_staff_admin",
    "monitor_roles",
    "monitor_report_to",
    "min_admins",
    "lead_required",
    "lead_must_be_employed",
    "moderators",
    "allowed_email_domains",
    "runner_reads",
    "runner_terms",
    "runner_training",
    "leaver_rule",
    "publish_register",
    "age_rule",
    "role_titles",
    "consultants",
    "technical_support",
    "approval_days",
    "unblock_route",
    "unblock_receiver",
    "it_provider_email",
    "unblock_approver",
    "content_report_recipient",
    "pupil_wifi",
    "pupil_wifi_gates",
    "firewall_installer",
    "blocked_sites",
    "blocked_sites_exceptions",
    "circumvention_ban",
    "staff_concern_recipient",
    "staff_concern_recipient_central",
    "head_concern_recipient",
    "pupil_concern_also_to",
    "last_resort_contact",
    "police_role",
    "retention_image_consent",
    "retention_declarations",
    "nonconsent_image",
    "minimise_every_image",
    "name_rule",
    "general_labels_only",
    "withdrawal_by",
    "retention_raw_imports",
    "consent_model",
    "consent_to_take",
    "consent_permission_record",
    "consent_validity",
    "consent_reassess_at_18",
    "academic_year_start_month",
    "consent_giver",
    "consent_record_capacity",
    "consent_scopes",
    "consent_separable",
    "consent_covers",
    "consent_keeper",
    "withdrawal_channel",
    "withdrawal_recipient",
    "misuse_recipient",
    "misuse_recipient_central",
    "misuse_in_hours_recipient",
    "staff_concern_hr_advice",
    "lado_rule",
    "lado_hold",
    "lado_contact",
    "police_discretion",
    "bullying_police_rule",
    "indecent_image_pupil_route",
    "bullying_policy",
    "bullying_recipient",
    "bullying_reporter_wishes",
    "retention_child_protection",
    "retention_staff_allegation",
    "data_breach_policy",
    "report_own_mistakes",
    "contact_attempt_recipients",
    "contact_attempt_tell_parents",
    "response_hours",
    "response_acknowledgement",
    "weekend_rule",
    "friday_rule",
    "next_working_day_ends",
    "closure_days",
    "press_recipient",
    "comment_remind_hours",
    "comment_escalate_hours",
    "policy_complaint_panel",
    "policy_complaint_panel_central",
    "abuse_log",
    "abuse_log_role",
    "abuse_log_elsewhere",
    "consequence_texts",
    "concern_unread_hours",
    "public_reports",
    "child_protection_system",
    "retention_incidents",
    "trainer",
    "training_intervals",
    "training_refresh",
    "refresh_days",
    "term_months",
    "ratifier",
    "reviewer",
    "next_review",
    "review_interval_months",
}

NAMED_BELOW_THE_TABLE = {
    "monitor_every_days",
    "comment_remind_hours",
    "comment_escalate_hours",
    "refresh_days",
    "it_provider_email",
    "account_chain_central",
    "runner_reads",
    "runner_terms",
    "runner_training",
    "publish_register",
    "role_titles",
    "consultants",
    "technical_support",
    "approval_days",
    "friday_rule",
    "next_working_day_ends",
    "credential_mode",
    "indecent_image_pupil_route",
    "allowed_email_domains",
    "closure_days",
    "lado_contact",
    "last_resort_contact",
    "retention_child_protection",
    "retention_staff_allegation",
    "retention_image_consent",
    "retention_account_records",
    "retention_approval_records",
    "retention_policy_records",
    "retention_raw_imports",
    "retention_declarations",
    "concern_unread_hours",
    "public_reports",
    "child_protection_system",
    "retention_incidents",
}

DECIDES_OR_HEARS = re.compile(
    r".*_(recipients?|roles?|chain|approvers?|grantors|keeper|holder|readers|panel|central|vetters|receiver"
    r"|also_to|copied_to|report_to)"
)


@pytest.mark.parametrize("row", range(1, 52))
def test_every_matter_on_which_the_policies_differ_has_a_setting(row):
    assert [one for one in SETTINGS.values() if one.number == row]


@pytest.mark.parametrize(
    ("row", "keys"),
    [
        (6, {"min_admins", "lead_required", "lead_must_be_employed"}),
        (22, {"consent_scopes", "consent_covers"}),
        (32, {"blocked_sites", "blocked_sites_exceptions"}),
        (14, {"head_concern_recipient"}),
        (34, {"review_interval_months", "next_review"}),
        (35, {"reviewer", "ratifier"}),
    ],
)
def test_a_matter_with_several_sides_has_a_setting_for_each(row, keys):
    assert keys <= {one.key for one in SETTINGS.values() if one.number == row}


def test_matters_that_no_policy_states_have_settings():
    assert {one.key for one in SETTINGS.values() if one.number == 0} == NAMED_BELOW_THE_TABLE


def test_only_the_settings_that_the_portal_reads_are_marked_as_used():
    assert {one.key for one in SETTINGS.values() if one.used} == READ_TODAY


@ALL
def test_a_setting_stands_under_its_own_name(one):
    assert setting(one.key) is one is SETTINGS[one.key]
    assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", one.key)
    assert not hasattr(Profile, one.key), "it would hide a method of the profile"


@ALL
def test_a_setting_asks_in_plain_english(one):
    assert one.section in SECTIONS
    assert re.fullmatch(r"[A-Z].{0,58}[^.?]", one.title)
    assert re.fullmatch(r"[A-Z].{0,250}\?.*", one.question)
    assert "_" not in one.title + one.question


@ALL
def test_the_words_of_choices_are_words(one):
    for value, words in one.choices.items():
        assert re.fullmatch(r"[a-z0-9_]+", value)
        assert re.fullmatch(r"[A-Z][^_]+", words)


@ALL
def test_the_default_and_the_offer_fit_the_kind(one):
    assert one.parse(None) == (None if one.default is None else one.kind.parse(one.default))
    if one.offer is not None:
        assert one.kind.to_json(one.kind.parse(one.offer)) == one.offer


def test_titles_are_told_apart():
    titles = [one.title for one in SETTINGS.values()]
    assert len(titles) == len(set(titles))


def test_every_section_has_settings_in_the_order_of_the_page():
    found = [one.key for section in SECTIONS for one in settings_of(section)]
    assert found == list(SETTINGS)
    assert all(settings_of(section) for section in SECTIONS)


def test_every_part_waits_for_something_or_for_nothing_on_purpose():
    assert {one.part for one in SETTINGS.values() if one.part} == set(PARTS) - {"comments", "policies"}


def test_nothing_that_cannot_be_chosen_yet_keeps_accounts_shut():
    assert all(one.used for one in SETTINGS.values() if one.part == "accounts")


@ALL
def test_who_hears_and_who_decides_needs_a_second_person_to_change(one):
    named = DECIDES_OR_HEARS.fullmatch(one.key) and isinstance(one.kind, RoleList | Chain)
    if named or isinstance(one.kind, Chain):
        assert one.routing


@pytest.mark.parametrize(
    "key",
    [
        "account_chain",
        "admin_grantors",
        "moderators",
        "leaver_rule",
        "head_concern_recipient",
        "indecent_image_pupil_route",
        "credential_mode",
        "lado_contact",
        "last_resort_contact",
        "reviewer",
        "ratifier",
        "trainer",
        "runner_reads",
        "runner_terms",
        "runner_training",
        "training_intervals",
        "term_months",
        "departure_hr_advice",
    ],
)
def test_routing_settings_need_a_second_person(key):
    assert setting(key).routing


@pytest.mark.parametrize("key", ["min_admins", "publish_register", "approval_days", "closure_days"])
def test_plain_settings_do_not_need_a_second_person(key):
    assert not setting(key).routing


@pytest.mark.parametrize(
    "key",
    [
        "account_chain",
        "account_form",
        "admin_grantors",
        "allowed_email_domains",
        "lead_required",
        "head_concern_recipient",
        "indecent_image_pupil_route",
        "consent_model",
        "credential_mode",
        "unblock_approver",
        "retention_raw_imports",
    ],
)
def test_what_must_not_be_guessed_is_compulsory_and_has_no_default(key):
    assert setting(key).compulsory
    assert setting(key).default is None


@pytest.mark.clause("CIT-8.05")
@pytest.mark.clause("STM-8.05")
@pytest.mark.parametrize(
    "raw", [["headteacher"], ["headteacher/deputy"], ["governance/chair", "headteacher"]]
)
def test_a_concern_about_the_headteacher_can_never_go_to_the_headteacher(raw):
    with pytest.raises(ValueError, match="independent"):
        setting("head_concern_recipient").parse(raw)


def test_the_pages_of_the_settings_can_ask_for_choices():
    assert set(setting("account_form").choices) == {"cit", "ravens_wood", "st_marys"}
    assert set(setting("consent_scopes").choices) == {"images", "videos"}
    assert setting("min_admins").choices == {}
    with_choices = {key for key, one in SETTINGS.items() if one.choices}
    assert with_choices == {key for key, one in SETTINGS.items() if isinstance(one.kind, Choice | ChoiceList)}


@pytest.mark.parametrize("key", ["wizard", "", None, ["account_chain"]])
def test_an_unknown_setting_is_refused(key):
    with pytest.raises(ValueError, match="no setting called"):
        setting(key)


def test_a_setting_that_is_not_answered_says_so():
    assert setting("account_chain").describe(None, {}) == "Not chosen yet"
    assert setting("response_hours").describe(None, {}) == "No limit"
    assert setting("account_chain_central").describe(None, {}) == "As in a school"
    assert setting("personal_use_rule").describe(None, {}) == "No rule"
    assert setting("response_hours").describe(24, {}) == "24 hours"


@pytest.mark.parametrize(
    "wrong",
    [
        {"section": "Elsewhere"},
        {"part": "kitchen"},
        {"part": "accounts", "default": True},
    ],
)
def test_a_setting_that_contradicts_itself_cannot_be_written(wrong):
    fields = {"section": ACCOUNTS, "title": "A", "question": "A?", "kind": Boolean(), "key": "a", "number": 1}
    Setting(**fields)
    with pytest.raises(ValueError, match="a: "):
        Setting(**{**fields, **wrong})


def test_kinds_are_compared_by_what_they_allow():
    assert Integer(1, 2) == Integer(1, 2) != Integer(1, 3)
    assert hash(RoleList()) == hash(RoleList())
