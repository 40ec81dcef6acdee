"""Official accounts hang on official addresses, so free mail never passes for one (CIT-3.02, STM-3.02)."""

import pytest

from people.governance.hosts import FREE_MAIL_DOMAINS, is_free_mail
from people.governance.values import DomainList, SiteList


@pytest.mark.clause("CIT-3.02")
@pytest.mark.clause("STM-3.02")
@pytest.mark.parametrize("domain", sorted(FREE_MAIL_DOMAINS))
def test_every_free_mail_domain_is_refused(domain):
    with pytest.raises(ValueError, match="free mail"):
        DomainList().parse(["oakfield.sch.uk", domain])


@pytest.mark.parametrize(
    "domain",
    [
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "hotmail.com",
        "hotmail.co.uk",
        "yahoo.com",
        "yahoo.co.uk",
        "icloud.com",
        "me.com",
        "proton.me",
        "protonmail.com",
        "aol.com",
        "live.co.uk",
        "btinternet.com",
        "GMail.com",
        " @gmail.com ",
        "school.gmail.com",
        "school.outlook.com",
        "yahoo.fr",
        "yahoo.com.au",
        "hotmail.es",
    ],
)
def test_free_mail_is_refused_in_every_disguise(domain):
    with pytest.raises(ValueError, match="free mail"):
        DomainList().parse([domain])


@pytest.mark.parametrize(
    "domain",
    [
        "oakfield.sch.uk",
        "oakfield.kent.sch.uk",
        "live.org.uk",
        "outlook-academy.org",
        "gmail-school.org.uk",
        "skylark.com",
        "yahoo.sch.uk",
        "home.trust.academy",
        "xn--caf-dma.org",
    ],
)
def test_a_school_whose_name_resembles_free_mail_is_not_refused(domain):
    assert not is_free_mail(domain)
    assert DomainList().parse([domain]) == [domain]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("head@oakfield.sch.uk", "e-mail address"),
        ("https://oakfield.sch.uk", "web address"),
        ("oakfield.sch.uk/contact", "web address"),
        ("oakfield", "not a domain"),
        ("oakfield.sch.uk.", "not a domain"),
        (".sch.uk", "not a domain"),
        ("oak field.sch.uk", "not a domain"),
        ("oak_field.sch.uk", "not a domain"),
        ("-oakfield.sch.uk", "not a domain"),
        ("192.168.1.10", "not a domain"),
        ("localhost", "not a domain"),
        ("", "not a domain"),
        ("*.sch.uk", "not a domain"),
        ("gmail.com\u200b", "not a domain"),
        ("gmаil.com", "not a domain"),  # with a Cyrillic letter
        ("a" * 64 + ".org", "not a domain"),
        (".".join(["abcdefg"] * 40) + ".org", "not a domain"),
        ("sch.uk", "shared by many"),
        ("org.uk", "shared by many"),
        ("co.uk", "shared by many"),
        (7, "written as text"),
        (None, "written as text"),
    ],
)
def test_what_is_not_a_domain_of_ones_own_is_refused(typed, words):
    with pytest.raises(ValueError, match=words):
        DomainList().parse([typed])


def test_a_domain_is_kept_in_lower_case_and_once():
    assert DomainList().parse([" @Oakfield.SCH.uk", "oakfield.sch.uk"]) == ["oakfield.sch.uk"]


def test_a_list_without_domains_is_refused():
    with pytest.raises(ValueError, match="at least one domain"):
        DomainList().parse([])


@pytest.mark.clause("BEC-4.26")
def test_all_social_media_can_be_blocked_at_once():
    assert SiteList().parse(["x.com", "all_social_media"]) == ["all_social_media"]


def test_a_blocked_site_may_also_offer_mail():
    assert SiteList().parse(["mail.ru", "Facebook.com"]) == ["mail.ru", "facebook.com"]


def test_a_blocked_site_is_a_host_and_not_a_link():
    with pytest.raises(ValueError, match="web address"):
        SiteList().parse(["https://facebook.com/group"])
