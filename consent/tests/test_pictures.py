"""What the answer says about the pictures themselves, under each policy."""

import pytest

from consent.checking import PERSONAL
from consent.ledger import Use
from consent.models import Channel
from consent.pictures import goes_there, headline, headline_then, may_name, rules_for
from consent.terms import terms_of
from people.governance.profile import Profile

GROUP = Use("image", Channel.SCHOOL, in_group=True)
ALONE = Use("image", Channel.SCHOOL)


def said(preset: str, use: Use, may: int = 27, total: int = 30, unclear: int = 0, **chosen):
    layer = {"consent_model": "opt_in", **chosen} if preset == "beckstone" else chosen
    profile = Profile.resolve(preset, layer)
    return headline(profile, terms_of(profile), use, may, total, unclear)


def rules(preset: str, use: Use, **chosen) -> str:
    profile = Profile.resolve(preset, chosen)
    return " | ".join(f"{one.text} {one.refs}" for one in rules_for(profile, terms_of(profile), use))


@pytest.mark.clause("CIT-7.15")
def test_under_cit_a_group_may_be_shown_when_those_without_consent_are_blurred_for_good() -> None:
    found = said("cit", GROUP)
    assert found.title == "Only if these 3 are blurred for good"
    assert "27 of 30" in found.text
    assert found.refs == "CIT-7.15"
    assert said("cit", GROUP, 29).title == "Only if this pupil is blurred for good"


@pytest.mark.clause("STM-7.16", "RAV-9.08")
@pytest.mark.parametrize(("preset", "ref"), [("st-marys", "STM-7.16"), ("ravens-wood", "RAV-9.08")])
def test_elsewhere_a_group_is_not_shown_with_them_in_it(preset: str, ref: str) -> None:
    found = said(preset, GROUP)
    assert found.title == "Not with these 3 in it"
    assert "Blurring does not stand in" in found.text
    assert found.refs == ref
    assert said(preset, GROUP, 29).title == "Not with this pupil in it"


def test_for_pictures_of_one_it_counts() -> None:
    for preset in ("cit", "st-marys", "ravens-wood", "beckstone"):
        assert said(preset, ALONE).title == "27 of 30 may be shown"
        assert said(preset, ALONE, 30).tone == "yes"
        assert said(preset, ALONE, 0).title == "None of these 30 may be shown"
        assert said(preset, ALONE, 1, 1).title == "May be shown"
        assert said(preset, ALONE, 0, 1).title == "Not to be used"


def test_a_name_without_an_answer_is_never_part_of_a_yes() -> None:
    found = said("cit", GROUP, 30, 30, 2)
    assert found.tone == "part"
    assert "not everybody was found" in found.title
    assert said("cit", GROUP, 0, 0, 2).tone == "no"


@pytest.mark.clause("CBC-5.07", "CBC-8.03")
def test_under_cbc_nothing_is_shown_outside_the_school() -> None:
    for channel in Channel:
        use = Use("image", channel, in_group=True)
        if channel == Channel.INSIDE:
            assert said("cbc", use).title == "Not with these 3 in it"
            assert "CBC-5.01" in rules("cbc", use)
        else:
            assert said("cbc", use, 30).title == "Nobody may be shown there"
            assert "shows no pictures of pupils there" in rules("cbc", use)
            assert "CBC-8.03" in rules("cbc", use)


@pytest.mark.clause("CIT-7.04", "STM-7.04", "STM-7.05", "RAV-9.04")
def test_a_personal_account_is_never_and_the_trust_s_only_where_the_policy_says_so() -> None:
    use = Use("image", PERSONAL)
    for preset, ref in [("cit", "CIT-7.04"), ("st-marys", "STM-7.05"), ("ravens-wood", "RAV-9.04")]:
        assert said(preset, use, 30).title == "Nobody may be shown on anybody’s own account"
        assert ref in rules(preset, use)
    trust = Use("image", Channel.TRUST)
    reached = [
        preset
        for preset in ("cit", "st-marys", "ravens-wood", "cbc")
        if goes_there(terms_of(Profile.resolve(preset)), trust)
    ]
    assert reached == ["cit"]
    assert "STM-7.04" in rules("st-marys", trust)


def test_the_rule_about_names_is_that_of_the_policy() -> None:
    assert "Never the full name" in rules("cit", ALONE)
    assert "CIT-7.17" in rules("cit", ALONE)
    assert "STM-7.23" in rules("st-marys", ALONE)
    assert "general" in rules("st-marys", GROUP)
    assert "STM-7.20" in rules("st-marys", GROUP)
    assert "STM-7.21" in rules("st-marys", GROUP)
    assert "No name of a pupil" in rules("ravens-wood", ALONE)
    assert "RAV-9.09" in rules("ravens-wood", ALONE)
    assert [
        one
        for one in ("cit", "st-marys", "ravens-wood", "cbc", "beckstone")
        if may_name(Profile.resolve(one))
    ] == [
        "cit",
        "st-marys",
    ]


def test_where_a_school_departs_from_its_policy_no_clause_is_cited_for_it() -> None:
    assert "CIT-7.17" not in rules("cit", ALONE, name_rule="no_name")
    assert said("cit", GROUP, nonconsent_image="refuse").refs == ""
    assert said("cit", GROUP, nonconsent_image="refuse").title == "Not with these 3 in it"


def test_what_was_kept_speaks_of_the_past() -> None:
    assert headline_then(27, 30).title == "27 of 30 could be shown"
    assert headline_then(30, 30).tone == "yes"
    assert headline_then(30, 30, 1).tone == "part"
    assert headline_then(0, 1).title == "The pupil could not be shown"
    assert headline_then(1, 1).title == "The pupil could be shown"
    assert headline_then(0, 4).tone == "no"
