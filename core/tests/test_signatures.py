"""Signing: the typed name is the person's own, the text is frozen, equal content has one hash."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import Refused
from core.models import Signature
from core.roles import Role
from core.signatures import content_hash, same_name, sign
from smgov.testing import a_person, a_school


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("bob barnes", "Bob Barnes"),
        ("  Bob   BARNES ", "Bob Barnes"),
        ("Siobhan O'Hara", "Siobhán O’Hara"),
        ("Siobhán O‘Hara", "Siobhan O'Hara"),
        ("Anne-Marie Jones", "Anne‑Marie Jones"),
        ("Anne–Marie Jones", "Anne-Marie Jones"),
        ("Zoe\u0308 Weiss", "Zoë Weiß"),
    ],
)
def test_a_name_is_the_same_apart_from_capitals_spaces_and_marks(typed: str, name: str) -> None:
    assert same_name(typed, name)


@pytest.mark.parametrize(
    "typed", ["", " ", "Bob", "Barnes Bob", "Bob Barnes Jr", "Rob Barnes", "BobBarnes", "Вob Barnes"]
)
def test_any_other_name_is_not(typed: str) -> None:
    assert not same_name(typed, "Bob Barnes")


@pytest.mark.django_db
@pytest.mark.clause("STM-15.32", "STM-15.36")
def test_a_signature_keeps_person_time_name_text_and_what_was_signed() -> None:
    bob = a_person("Bob Barnes", Role.HEADTEACHER, a_school())
    mark = sign(actor=bob, typed_name=" bob   barnes ", declaration="I approve it.", signed_hash="a" * 64)
    stored = Signature.objects.get()
    assert stored == mark
    assert (stored.user, stored.typed_name, stored.declaration) == (bob, "bob barnes", "I approve it.")
    assert (stored.content_hash, stored.at) == ("a" * 64, mark.at)


@pytest.mark.django_db
def test_somebody_elses_name_is_refused_beside_its_field() -> None:
    bob = a_person("Bob Barnes", Role.HEADTEACHER, a_school())
    with pytest.raises(Refused, match="Bob Barnes") as caught:
        sign(actor=bob, typed_name="Cora Clay", declaration="I approve it.", signed_hash="a" * 64)
    assert caught.value.field == "typed_name"
    assert not Signature.objects.exists()


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None, database=None)
@given(content=st.dictionaries(st.text(max_size=4), _json, max_size=5))
def test_the_order_of_keys_does_not_change_the_hash(content: dict) -> None:
    assert content_hash(content) == content_hash(dict(reversed(content.items())))


@settings(max_examples=200, deadline=None, database=None)
@given(one=_json, other=_json)
def test_different_content_has_another_hash(one: object, other: object) -> None:
    assert (content_hash(one) == content_hash(other)) == (_plain(one) == _plain(other))


def _plain(value: object) -> object:
    """As JSON keeps it: dates are text, and the order of keys is nothing."""
    if isinstance(value, date):
        return ("text", value.isoformat())
    if isinstance(value, str):
        return ("text", value)
    if isinstance(value, dict):
        return ("dict", sorted((key, _plain(item)) for key, item in value.items()))
    if isinstance(value, list):
        return ("list", [_plain(item) for item in value])
    return (type(value).__name__, value)
