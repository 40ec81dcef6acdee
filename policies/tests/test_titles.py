"""The titles: short, in plain words, and the way in which templates cite them."""

import re

import pytest
from django.template import Context, Template

from policies.models import CLAUSE_REF
from policies.reference import clause_titles, read_rows


def render(refs: object) -> str:
    """What `{% clause_links %}` makes of `refs`."""
    return Template("{% load clauses %}{% clause_links refs %}").render(Context({"refs": refs}))


@pytest.mark.parametrize("row", read_rows("clauses.csv"), ids=lambda row: row["id"])
def test_title_is_short_and_plain(row):
    title = row["title"]
    assert re.fullmatch(CLAUSE_REF, row["id"])
    assert 3 <= len(title) <= 90
    assert 4 <= len(title.split()) <= 12
    assert title == title.strip()
    assert title[0].isupper()
    assert not title.endswith((".", "…"))
    assert "  " not in title
    assert 3 <= len(row["section"]) <= 80


def test_titles_carry_no_trace_of_copied_layout():
    for title in clause_titles().values():
        assert "..." not in title
        assert "[" not in title
        assert "’" not in title


def test_links_lead_to_the_clause_and_read_out_its_title():
    html = render("STM-15.21 CIT-3.01")
    assert 'href="/policies/STM/#STM-15.21"' in html
    assert 'href="/policies/CIT/#CIT-3.01"' in html
    assert html.count('class="govuk-visually-hidden"') == 2
    assert clause_titles()["STM-15.21"] in html


@pytest.mark.parametrize("refs", ["STM-15.21 CIT-3.01", "STM-15.21,CIT-3.01", " STM-15.21;\n CIT-3.01 "])
def test_references_may_be_apart_by_spaces_or_commas(refs):
    assert render(refs) == render("STM-15.21, CIT-3.01")


def test_unknown_reference_is_plain_text():
    assert render("STM-99.99") == "STM-99.99"


def test_unknown_reference_is_escaped():
    assert render("<script>alert(1)</script>") == "&lt;script&gt;alert(1)&lt;/script&gt;"


@pytest.mark.parametrize("refs", ["", "  ", None])
def test_no_reference_is_nothing(refs):
    assert render(refs) == ""


@pytest.mark.django_db
def test_citing_every_clause_makes_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        html = render(" ".join(clause_titles()))
    assert html.count("<a ") == 589
