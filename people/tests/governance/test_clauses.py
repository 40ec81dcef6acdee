"""What each policy fixes, clause by clause: a preset that says otherwise fails here."""

import pytest

from people.governance.catalogue import SETTINGS
from people.governance.presets import load_preset
from people.governance.profile import Profile, StepSpec

HEAD, COMMS, LEADER = "headteacher", "head_of_comms", "senior_leader"


def steps(profile, key):
    return [(step.role, step.post) for step in profile.value(key)]


@pytest.mark.clause("CIT-3.01")
def test_in_the_trust_the_headteacher_approves_before_the_head_of_communications():
    assert Profile.resolve("cit").account_chain == [StepSpec(HEAD), StepSpec(COMMS)]


@pytest.mark.clause("STM-15.29")
@pytest.mark.clause("STM-15.28")
@pytest.mark.clause("STM-15.01")
def test_at_st_marys_the_marketing_officer_signs_before_the_headteacher():
    profile = Profile.resolve("st-marys")
    assert profile.account_chain == [StepSpec(COMMS), StepSpec(HEAD)]
    assert profile.describe("account_chain") == "Marketing officer, then Headteacher"
    assert profile.account_chain == list(reversed(Profile.resolve("cit").account_chain))


@pytest.mark.clause("RAV-2.07")
@pytest.mark.clause("RAV-3.02")
@pytest.mark.clause("RAV-3.08")
def test_at_ravens_wood_the_moderator_considers_and_the_business_manager_approves():
    profile = Profile.resolve("ravens-wood")
    assert steps(profile, "account_chain") == [(COMMS, ""), (LEADER, "business_manager")]
    assert profile.describe("account_chain") == "Moderator, then Business Manager"


@pytest.mark.clause("CIT-2.27")
@pytest.mark.clause("CIT-2.30")
def test_an_account_of_the_trust_itself_needs_the_executive_team_before_the_head_of_communications():
    profile = Profile.resolve("cit")
    assert steps(profile, "account_chain_central") == [(LEADER, "elt"), (COMMS, "")]
    assert profile.misuse_recipient == [HEAD]
    assert profile.misuse_recipient_central == ["senior_leader/elt"]


@pytest.mark.parametrize("slug", ["beckstone", "cbc"])
def test_where_a_policy_has_no_account_process_nothing_is_guessed(slug):
    profile = Profile.resolve(slug)
    waiting = {one.key for one in profile.open_settings("accounts")}
    assert {"account_chain", "account_form", "admin_grantors", "allowed_email_domains"} <= waiting
    assert not profile.is_open("accounts")


@pytest.mark.clause("CIT-3.09")
@pytest.mark.clause("CIT-2.42")
def test_in_the_trust_two_people_grant_admin_rights_and_both_sign():
    profile = Profile.resolve("cit")
    assert profile.admin_grantors == [HEAD, COMMS]
    assert SETTINGS["admin_grantors"].kind.join == "and"
    assert profile.describe("admin_grantors") == "Headteacher and Head of Communications & Fundraising"


# slug, setting, JSON of the value, clause
FIXED = [
    ("cit", "applicants", ["staff"], "CIT-2.44"),
    ("cit", "account_form", "cit", "CIT-3.03"),
    ("cit", "consultants", [COMMS], "CIT-2.44"),
    ("cit", "technical_support", [COMMS], "CIT-2.43"),
    ("cit", "allow_non_staff_admin", False, "CIT-3.09"),
    ("cit", "moderators", [HEAD, COMMS], "CIT-3.18"),
    ("cit", "moderators_central", [COMMS], "CIT-3.17"),
    ("cit", "post_approval", "none", "CIT-3.19"),
    ("cit", "abuse_log_role", [COMMS], "CIT-2.45"),
    ("cit", "staff_concern_recipient_central", ["senior_leader/elt"], "CIT-8.03"),
    ("cit", "head_concern_recipient", ["hr/hr_director"], "CIT-8.05"),
    ("cit", "police_role", [HEAD, "senior_leader/elt"], "CIT-8.08"),
    ("cit", "bullying_policy", "behaviour", "CIT-10.01"),
    ("cit", "consent_model", "opt_in", "CIT-7.18"),
    ("cit", "consent_validity", "whole_time", "CIT-7.03"),
    ("cit", "consent_reassess_at_18", True, "CIT-7.05"),
    ("cit", "consent_giver", "pupils_and_parents", "CIT-7.01"),
    ("cit", "consent_covers", ["school_accounts", "trust_accounts"], "CIT-7.04"),
    ("cit", "withdrawal_channel", "writing", "CIT-7.10"),
    ("cit", "withdrawal_recipient", ["office"], "CIT-7.10"),
    ("cit", "nonconsent_image", "blur", "CIT-7.15"),
    ("cit", "name_rule", "no_full_name", "CIT-7.17"),
    ("cit", "device_rule", "approved", "CIT-7.14"),
    ("cit", "credential_holder", [COMMS], "CIT-2.47"),
    ("cit", "credential_grantors", [COMMS, HEAD], "CIT-3.12"),
    ("cit", "credential_change_recipient", [COMMS], "CIT-3.13"),
    ("cit", "unblock_route", "email", "CIT-9.05"),
    ("cit", "blocked_sites", ["x.com", "facebook.com", "instagram.com", "tiktok.com"], "CIT-9.02"),
    ("cit", "blocked_sites_exceptions", "with_permission", "CIT-9.02"),
    ("cit", "review_interval_months", 12, "CIT-12.01"),
    ("cit", "next_review", "2024-11", "CIT-12.02"),
    ("cit", "reviewer", [COMMS], "CIT-12.01"),
    ("cit", "ratifier", ["senior_leader/elt"], "CIT-12.01"),
    ("cit", "change_notice_audiences", ["staff", "pupils", "parents"], "CIT-12.03"),
    ("cit", "trainer", [COMMS], "CIT-3.16"),
    ("cit", "policy_complaint_panel", [HEAD, "governance"], "CIT-2.19"),
    ("cit", "contact_exception", ["own_child", "relative", "family_friend"], "CIT-4.03"),
    ("cit", "contact_declaration_recipient", ["dsl"], "CIT-4.04"),
    ("cit", "data_breach_policy", "data_protection", "CIT-7.20"),
    ("cit", "age_rule", "platform", "CIT-6.08"),
    ("beckstone", "publish_register", True, "BEC-1.02"),
    ("beckstone", "age_rule", "thirteen", "BEC-4.20"),
    ("beckstone", "misuse_in_hours_recipient", ["dsl"], "BEC-4.18"),
    ("beckstone", "staff_concern_recipient", [HEAD], "BEC-4.30"),
    ("beckstone", "lado_rule", "always", "BEC-4.32"),
    ("beckstone", "lado_hold", True, "BEC-4.36"),
    ("beckstone", "bullying_off_site", True, "BEC-4.40"),
    ("beckstone", "blocked_sites", ["all_social_media"], "BEC-4.26"),
    ("beckstone", "blocked_sites_exceptions", "none", "BEC-4.26"),
    ("beckstone", "circumvention_ban", True, "BEC-4.27"),
    ("beckstone", "pupil_wifi", "barred", "BEC-4.21"),
    ("beckstone", "contact_exception", [], "BEC-4.13"),
    ("beckstone", "contact_former_pupils", True, "BEC-4.14"),
    ("beckstone", "contact_attempt_tell_parents", True, "BEC-4.25"),
    ("beckstone", "employer_naming_rule", "not_representative", "BEC-4.09"),
    ("beckstone", "personal_use_rule", "none_on_site", "BEC-4.26"),
    ("beckstone", "pupil_phone_rule", "handed_in", "BEC-4.23"),
    ("ravens-wood", "account_copied_to", [LEADER], "RAV-2.06"),
    ("ravens-wood", "applicants", ["staff", "contributor"], "RAV-3.02"),
    ("ravens-wood", "account_form", "ravens_wood", "RAV-3.03"),
    ("ravens-wood", "admin_grantors", [LEADER], "RAV-3.09"),
    ("ravens-wood", "allow_non_staff_admin", True, "RAV-3.11"),
    ("ravens-wood", "runner_reads", True, "RAV-3.09"),
    ("ravens-wood", "runner_training", True, "RAV-3.10"),
    ("ravens-wood", "lead_required", True, "RAV-3.06"),
    ("ravens-wood", "lead_must_be_employed", True, "RAV-3.06"),
    ("ravens-wood", "moderators", [COMMS], "RAV-2.09"),
    ("ravens-wood", "leaver_rule", "moderator", "RAV-2.10"),
    ("ravens-wood", "leaver_confidentiality", True, "RAV-5.05"),
    ("ravens-wood", "vet_followers", "declare_open_or_closed", "RAV-3.07"),
    ("ravens-wood", "post_approval", "controversial", "RAV-10.01"),
    ("ravens-wood", "post_approvers", [LEADER], "RAV-10.01"),
    ("ravens-wood", "response_hours", 24, "RAV-4.02"),
    ("ravens-wood", "weekend_rule", "next_working_day", "RAV-4.03"),
    ("ravens-wood", "friday_rule", "literal", "RAV-4.03"),
    ("ravens-wood", "response_acknowledgement", True, "RAV-4.04"),
    ("ravens-wood", "abuse_log_role", [COMMS], "RAV-7.01"),
    ("ravens-wood", "press_recipient", [LEADER], "RAV-5.07"),
    ("ravens-wood", "pupil_concern_also_to", [LEADER], "RAV-2.04"),
    ("ravens-wood", "consent_model", "opt_out", "RAV-9.01"),
    ("ravens-wood", "consent_permission_record", True, "RAV-9.02"),
    ("ravens-wood", "withdrawal_by", "anyone", "RAV-9.03"),
    ("ravens-wood", "nonconsent_image", "refuse", "RAV-9.08"),
    ("ravens-wood", "name_rule", "no_name", "RAV-10.15"),
    ("ravens-wood", "device_rule", "owned", "RAV-9.05"),
    ("ravens-wood", "credential_holder", [COMMS], "RAV-2.08"),
    ("ravens-wood", "credential_readers", [LEADER, COMMS], "RAV-10.16"),
    ("ravens-wood", "credential_grantors", [], "RAV-10.16"),
    ("ravens-wood", "employer_naming_rule", "disclaimer", "RAV-2.16"),
    ("ravens-wood", "report_own_mistakes", True, "RAV-10.07"),
    ("st-marys", "brand_permission", [COMMS, HEAD], "STM-15.30"),
    ("st-marys", "applicants", ["staff"], "STM-15.02"),
    ("st-marys", "account_form", "st_marys", "STM-15.21"),
    ("st-marys", "consultants", [HEAD], "STM-2.16"),
    ("st-marys", "technical_support", ["it"], "STM-2.36"),
    ("st-marys", "admin_grantors", [HEAD], "STM-3.09"),
    ("st-marys", "allow_non_staff_admin", True, "STM-3.09"),
    ("st-marys", "allow_non_staff_posting", False, "STM-3.17"),
    ("st-marys", "min_admins", 2, "STM-15.21"),
    ("st-marys", "moderators", [HEAD, "office/office_manager"], "STM-3.16"),
    ("st-marys", "vet_followers", "each_one", "STM-2.15"),
    ("st-marys", "post_approval", "every", "STM-3.19"),
    ("st-marys", "post_approvers", [HEAD, "office/office_manager"], "STM-3.19"),
    ("st-marys", "abuse_log_elsewhere", True, "STM-2.18"),
    ("st-marys", "head_concern_recipient", ["governance/chair"], "STM-8.05"),
    ("st-marys", "police_discretion", ["dsl"], "STM-8.10"),
    ("st-marys", "indecent_image_pupil_route", "dsl_decides", "STM-8.09"),
    ("st-marys", "bullying_policy", "anti_bullying", "STM-10.01"),
    ("st-marys", "consent_validity", "academic_year", "STM-7.03"),
    ("st-marys", "consent_giver", "parental_responsibility", "STM-7.06"),
    ("st-marys", "consent_separable", True, "STM-7.14"),
    ("st-marys", "consent_covers", ["school_accounts"], "STM-7.04"),
    ("st-marys", "consent_keeper", ["dpo"], "STM-7.08"),
    ("st-marys", "nonconsent_image", "refuse", "STM-7.16"),
    ("st-marys", "minimise_every_image", True, "STM-7.21"),
    ("st-marys", "general_labels_only", True, "STM-7.20"),
    ("st-marys", "device_approver", ["it/online_safety"], "STM-7.18"),
    ("st-marys", "unblock_receiver", ["it"], "STM-9.06"),
    ("st-marys", "unblock_approver", [HEAD], "STM-9.07"),
    ("st-marys", "firewall_installer", ["it/online_safety"], "STM-9.01"),
    ("st-marys", "circumvention_ban", True, "STM-9.04"),
    ("st-marys", "next_review", "2026-09-23", "STM-12.02"),
    ("st-marys", "reviewer", [HEAD, "governance"], "STM-12.01"),
    ("st-marys", "personal_use_rule", "barred_in_hours", "STM-4.02"),
    ("st-marys", "data_breach_policy", "cyber_security", "STM-7.26"),
    ("cbc", "brand_permission", [HEAD], "CBC-5.02"),
    ("cbc", "post_approval", "barred", "CBC-5.01"),
    ("cbc", "staff_concern_recipient", [HEAD], "CBC-10.08"),
    ("cbc", "staff_concern_hr_advice", True, "CBC-10.09"),
    ("cbc", "bullying_police_rule", "victim", "CBC-11.07"),
    ("cbc", "indecent_image_pupil_route", "police_always", "CBC-10.06"),
    ("cbc", "bullying_reporter_wishes", True, "CBC-11.06"),
    ("cbc", "consent_model", "not_published", "CBC-8.03"),
    ("cbc", "consent_to_take", True, "CBC-8.02"),
    ("cbc", "consent_covers", ["setting_only"], "CBC-8.03"),
    ("cbc", "name_rule", "no_reference", "CBC-5.01"),
    ("cbc", "device_rule", "stored_at_school", "CBC-8.04"),
    ("cbc", "credential_readers", [], "CBC-9.06"),
    ("cbc", "next_review", "2024-09", "CBC-0.02"),
    ("cbc", "ratifier", [HEAD, "governance/chair"], "CBC-0.03"),
    ("cbc", "contact_declaration_recipient", ["senior_leader"], "CBC-9.05"),
    ("cbc", "pupil_phone_rule", "handed_in_head_discretion", "CBC-8.06"),
    ("cbc", "departure_recipient", [HEAD], "CBC-6.05"),
    ("cbc", "departure_hr_advice", True, "CBC-6.06"),
]


@pytest.mark.parametrize(
    ("slug", "key", "fixed", "clause"),
    [pytest.param(*row, marks=pytest.mark.clause(row[3]), id=f"{row[3]}-{row[1]}") for row in FIXED],
)
def test_the_preset_says_what_the_clause_says(slug, key, fixed, clause):
    entry = load_preset(slug).entries[key]
    assert entry.stated
    assert SETTINGS[key].to_json(entry.value) == fixed
    assert clause in entry.clauses


# What a policy does not state must stay open or silent: an invented value fails here.
NOT_STATED = [
    ("cit", "allowed_email_domains unblock_approver consent_keeper indecent_image_pupil_route lead_required"),
    ("cit", "response_hours leaver_rule lado_rule runner_reads min_admins device_approver"),
    ("beckstone", "account_chain account_form admin_grantors consent_model misuse_recipient"),
    ("beckstone", "head_concern_recipient response_hours reviewer review_interval_months unblock_approver"),
    ("ravens-wood", "head_concern_recipient consent_validity consent_giver consent_keeper min_admins"),
    ("ravens-wood", "unblock_approver review_interval_months abuse_log personal_use_rule next_review"),
    ("st-marys", "ratifier credential_holder response_hours lead_required consent_reassess_at_18"),
    ("cbc", "account_chain account_form admin_grantors head_concern_recipient misuse_recipient min_admins"),
    ("cbc", "unblock_approver consent_keeper review_interval_months allow_non_staff_admin"),
]


@pytest.mark.parametrize(("slug", "key"), [(slug, key) for slug, keys in NOT_STATED for key in keys.split()])
def test_what_a_policy_does_not_state_is_not_put_in_its_mouth(slug, key):
    assert not load_preset(slug).entries[key].stated


@pytest.mark.clause("CIT-6.02")
@pytest.mark.clause("CIT-6.03")
@pytest.mark.clause("STM-6.02")
@pytest.mark.clause("STM-6.03")
@pytest.mark.parametrize("slug", ["cit", "st-marys"])
def test_pupils_reach_social_media_only_through_both_gates(slug):
    profile = Profile.resolve(slug)
    assert profile.pupil_wifi == "gates"
    assert steps(profile, "pupil_wifi_gates") == [(HEAD, ""), ("it", "")]


@pytest.mark.clause("STM-11.02")
@pytest.mark.clause("STM-11.04")
@pytest.mark.clause("STM-11.06")
@pytest.mark.clause("CIT-11.01")
def test_training_comes_as_often_as_each_policy_says():
    assert Profile.resolve("st-marys").training_intervals == {
        "staff_safeguarding": "induction",
        "staff_social_media": "yearly",
        "staff_at_risk": "induction",
        "governors": "yearly",
        "pupils": "termly",
        "parents": "yearly",
    }
    assert Profile.resolve("cit").training_intervals == {
        "staff_safeguarding": "induction",
        "governors": "yearly",
        "pupils": "termly",
    }


@pytest.mark.clause("STM-15.21")
def test_only_st_marys_states_how_many_administrators():
    counts = {slug: Profile.resolve(slug).min_admins for slug in ("cit", "beckstone", "ravens-wood", "cbc")}
    assert set(counts.values()) == {1}
    assert Profile.resolve("st-marys").min_admins == 2


@pytest.mark.parametrize(
    ("slug", "role", "post", "title"),
    [
        ("cit", "head_of_comms", "", "Head of Communications & Fundraising"),
        ("cit", "senior_leader", "elt", "Executive Leadership Team"),
        ("cit", "hr", "hr_director", "Director of HR"),
        ("ravens-wood", "head_of_comms", "", "Moderator"),
        ("ravens-wood", "senior_leader", "business_manager", "Business Manager"),
        ("st-marys", "head_of_comms", "", "Marketing officer"),
        ("st-marys", "office", "office_manager", "Office manager"),
        ("st-marys", "it", "online_safety", "Online safety officer"),
        ("st-marys", "governance", "", "Academy council"),
        ("st-marys", "governance", "chair", "Chair of governors"),
        ("cbc", "governance", "", "Management Committee"),
        ("beckstone", "headteacher", "", "Head teacher"),
    ],
)
def test_a_school_reads_its_own_titles(slug, role, post, title):
    assert Profile.resolve(slug).title_of(role, post) == title
