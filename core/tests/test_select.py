"""A list to choose from is the same list as Django's, only drawn faster."""

import pytest
from django import forms

from core.formparts import FieldParts
from core.tests.markup import HOSTILE, parse, words

CHOICES = [("", "Choose one"), ("1", "One"), ("2", 'Two "&" <b>'), (3, "Three"), ("Later", [("4", "Four")])]


def box(value, *, django: bool, choices=CHOICES, several: bool = False):
    """The element as a tree, drawn by Django or by us."""
    kind = forms.MultipleChoiceField if several else forms.ChoiceField

    class Place(forms.Form):
        place = kind(choices=choices)

    bound = Place(initial={"place": value})["place"]
    html = bound.as_widget(attrs={"class": "govuk-select"}) if django else FieldParts(bound).box
    return parse(html).find(".//select")


def drawn(select) -> list:
    options = [(o.get("value"), o.get("selected") is not None, words(o)) for o in select.iter("option")]
    groups = [(g.get("label"), len(g)) for g in select.iter("optgroup")]
    return [dict(select.attrib) | {"required": ""}, options, groups]


@pytest.mark.parametrize("value", ["", None, "1", "2", 3, "4", "not there"])
def test_it_draws_what_django_draws(value):
    assert drawn(box(value, django=False)) == drawn(box(value, django=True))


def test_it_draws_several_choices_as_django_does():
    assert drawn(box(["1", "4"], django=False, several=True)) == drawn(
        box(["1", "4"], django=True, several=True)
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_breaks_out_of_it(text):
    assert len(list(box(text, django=False, choices=[(text, text)]).iter("option"))) == 1
