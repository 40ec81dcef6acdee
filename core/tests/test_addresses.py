"""Web addresses as people type them: taken as they are, or refused with what to do."""

import pytest
from django import forms

from core.addresses import BadAddress, parse_address, parse_addresses, under
from core.formfields import AddressesField

GOOD = [
    ("https://www.example.org/a?b=c#d", "www.example.org"),
    ("http://example.org", "example.org"),
    ("HTTPS://EXAMPLE.org/Path", "example.org"),
    ("https://example.org:8443/x", "example.org"),
    ("https://example.org./x", "example.org"),
    ("https://192.0.2.7/x", "192.0.2.7"),
    ("https://[2001:db8::1]/x", "2001:db8::1"),
    ("https://müller.example/ä", "xn--mller-kva.example"),
    ("https://ｆａｃｅｂｏｏｋ.com/", "facebook.com"),
    ("https://пример.example/", "xn--e1afmkfd.example"),
    ("  https://example.org/x  ", "example.org"),
    ("https://example.org/" + "x" * 1900, "example.org"),
]
BAD = [
    ("example.org", "begin with http"),
    ("www.example.org/x", "begin with http"),
    ("javascript:alert(1)", "begin with http"),
    ("javascript://example.org/%0aalert(1)", "begin with http"),
    ("data:text/html,<b>x</b>", "begin with http"),
    ("ftp://example.org/x", "begin with http"),
    ("file:///etc/passwd", "begin with http"),
    ("https://", "name of a website"),
    ("https:///x", "name of a website"),
    ("https://localhost/x", "name of a website"),
    ("https://-bad-.example/", "name of a website"),
    ("https://%66acebook.com/", "name of a website"),
    ("https://exa mple.org/", "space"),
    ("https://example.org/a b", "space"),
    ("https://user:secret@example.org/", "before an @"),
    ("https://example.org@facebook.com/", "before an @"),
    ("https://facebook.com\\@example.org/", "backslash"),
    ("https://example.org:port/", "browser could open"),
    ("https://[::1/", "browser could open"),
    ("https://example.org/\u202egnp.exe", "cannot be seen"),
    ("https://exam\u200bple.org/", "cannot be seen"),
    ("https://example.org/\x00", "cannot be seen"),
    ("https://example.org/" + "x" * 2000, "longer than 2,000"),
    ("https://" + "a" * 64 + ".example/", "cannot exist"),
    ("https://0x9d.0xf0.0x16.0x23/", "behind numbers"),
    ("https://157.15734307/", "behind numbers"),
    ("https://0235.0360.026.043/", "behind numbers"),
    ("https://2649757219/", "behind numbers"),
    ("https://faß.example/", "read differently"),
]


@pytest.mark.clause("STM-13.03", "STM-14.04")
@pytest.mark.parametrize(("typed", "host"), GOOD)
def test_an_address_is_kept_as_typed_and_its_site_is_known(typed, host):
    found = parse_address(typed)
    assert (found.typed, found.host) == (typed.strip(), host)


@pytest.mark.parametrize(("typed", "words"), BAD)
def test_what_is_no_address_is_refused_with_the_reason(typed, words):
    with pytest.raises(BadAddress, match=words):
        parse_address(typed)


@pytest.mark.clause("STM-13.03", "STM-14.04")
def test_several_lines_are_several_addresses_whatever_ends_the_lines():
    found = parse_addresses("https://a.example/1\r\n\r\nhttps://b.example/2\rhttps://a.example/3\n")
    assert [one.typed for one in found] == [
        "https://a.example/1",
        "https://b.example/2",
        "https://a.example/3",
    ]


def test_the_line_at_fault_is_named():
    with pytest.raises(BadAddress, match="Address 2 does not begin"):
        parse_addresses("https://a.example/\nb.example")


def test_too_many_lines_are_refused():
    with pytest.raises(BadAddress, match="at most 25"):
        parse_addresses("\n".join(["https://a.example/"] * 26))


def test_a_name_in_other_letters_is_shown_as_a_browser_asks_for_it():
    assert parse_address("https://ｆacebook.com/").shown_host == "facebook.com"
    assert parse_address("https://facebook.com/").shown_host == ""
    assert (
        parse_address("https://раypal.example/?xn--ypal-43d9g.example").shown_host == "xn--ypal-43d9g.example"
    )
    assert parse_address("https://xn--ypal-43d9g.example/").shown_host == "xn--ypal-43d9g.example"


def test_a_host_belongs_to_its_site_and_to_no_other_that_ends_alike():
    assert under("m.facebook.com", ["x.com", "facebook.com"]) == "facebook.com"
    assert under("facebook.com", ["facebook.com"]) == "facebook.com"
    assert under("notfacebook.com", ["facebook.com"]) == ""
    assert under("netflix.com", ["x.com"]) == ""


def test_the_field_keeps_what_was_typed_beside_its_message():
    class Form(forms.Form):
        addresses = AddressesField()

    form = Form({"addresses": "javascript:alert(1)"})
    assert not form.is_valid()
    assert "begin with http" in form.errors["addresses"][0]
    assert form["addresses"].value() == "javascript:alert(1)"
    assert Form({"addresses": "https://a.example/100%25"}).is_valid()
