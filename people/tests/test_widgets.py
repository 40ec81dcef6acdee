"""A long list is the same list as Django's, only drawn faster."""

import pytest
from django import forms

from core.tests.markup import HOSTILE, parse, words
from people.forms.widgets import LongSelect

CHOICES = [("", "Choose one"), ("1", "One"), ("2", 'Two "&" <b>'), (3, "Three")]


def options(widget: forms.Select, value) -> list:
    tree = parse(
        widget.render("place", value, {"id": "id_place", "class": "govuk-select", "aria-invalid": "true"})
    )
    select = tree.find(".//select")
    assert dict(select.attrib) == {
        "name": "place",
        "id": "id_place",
        "class": "govuk-select",
        "aria-invalid": "true",
    }
    return [(each.get("value"), each.get("selected") is not None, words(each)) for each in select]


@pytest.mark.parametrize("value", ["", None, "1", "2", 3, "not there"])
def test_it_draws_what_django_draws(value):
    own, django = LongSelect(choices=CHOICES), forms.Select(choices=CHOICES)
    assert options(own, value) == options(django, value)


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_breaks_out_of_it(text):
    assert len(options(LongSelect(choices=[(text, text)]), text)) == 1
