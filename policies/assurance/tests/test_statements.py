"""Statements in the report of a term: by the DSL, by whoever carries the policy out, and that the board had it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.errors import Refused, Stale
from core.models import AuditEvent
from core.roles import Role
from people.models import User
from people.selectors import profile_of
from policies.assurance.services import presented_text, statement_write
from policies.assurance.spans import terms_to_choose
from policies.assurance.tests.cases import a_board, a_statement
from policies.models import TermStatement
from policies.terms import Span
from smgov.testing import a_cit_trust, a_person

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    """A browser."""
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.clause("CIT-2.23")
@pytest.mark.clause("STM-2.21")
def test_the_dsl_tells_of_the_schools_approach_and_an_older_text_is_kept():
    school, dsl, _ = a_board()
    first = a_statement(dsl, school, text="We teach it every term")
    second = a_statement(dsl, school, text="We teach it every week")
    first.refresh_from_db()
    assert first.text == "We teach it every term"
    assert first.replaced_at is not None
    assert second.replaced_at is None
    page = signed_in(dsl).get(reverse("policies:term-report")).content.decode()
    assert "We teach it every week" in page
    assert "What stood here before" in page


@pytest.mark.clause("CIT-2.04")
def test_each_part_is_written_by_its_own_role():
    cast = a_cit_trust()
    dsl = a_person("Della Safe", Role.DSL, cast.hilltop)
    allowed = {
        "approach": {dsl},
        "implementation": {cast.bob, cast.cora, cast.elt},
        "presented": {cast.bob, cast.chair},
    }
    everybody = {dsl, cast.bob, cast.cora, cast.elt, cast.chair, cast.alice, cast.eve}
    for part, people in allowed.items():
        for one in everybody - people:
            with pytest.raises(PermissionDenied):
                a_statement(one, cast.hilltop, part)
        for one in people:
            assert a_statement(one, cast.hilltop, part, f"By {one}").by == one


def test_a_double_click_is_one_statement_and_a_stale_page_is_refused():
    school, dsl, _ = a_board()
    other = a_person("Sol Second", Role.DSL, school)
    term = terms_to_choose(profile_of(school))[0]
    write = {"school": school, "term": term, "part": "approach"}
    rows = [statement_write(actor=dsl, text="Ours", seen=None, **write) for _ in range(2)]
    assert rows[0] == rows[1]
    with pytest.raises(Stale, match="Somebody wrote here"):
        statement_write(actor=other, text="Mine", seen=None, **write)
    assert TermStatement.objects.count() == 1
    assert AuditEvent.objects.filter(action="policies.term_statement_written").count() == 1


@pytest.mark.parametrize("text", ["   ", "x" * 6001])
def test_an_empty_or_endless_statement_is_refused(text):
    school, dsl, _ = a_board()
    with pytest.raises(Refused):
        a_statement(dsl, school, text=text)


def test_there_is_no_statement_for_a_term_that_is_none():
    school, dsl, _ = a_board()
    today = timezone.localdate()
    for term in (Span(today, today), Span(today + timedelta(days=400), today + timedelta(days=500))):
        with pytest.raises(Refused, match="one of the terms"):
            statement_write(actor=dsl, school=school, term=term, part="approach", text="Ours", seen=None)


def test_the_board_cannot_have_had_it_tomorrow_or_before_the_term():
    today = timezone.localdate()
    term = Span(today - timedelta(days=30), today + timedelta(days=30))
    for day in (today + timedelta(days=1), today - timedelta(days=31)):
        with pytest.raises(Refused):
            presented_text(day, term, "")
    assert presented_text(today, term, " Noted. ").endswith(".\nNoted.")


def test_the_pages_write_what_their_reader_may_write():
    school, dsl, chair = a_board()
    head = a_person("Hedda Head", Role.HEADTEACHER, school)
    governor = a_person("Gus Governor", Role.GOVERNANCE, school)
    staff = a_person("Stan Staff", Role.STAFF, school)
    today = timezone.localdate()
    wanted = {
        ("approach", dsl): 200,
        ("approach", head): 403,
        ("implementation", head): 200,
        ("presented", chair): 200,
        ("presented", governor): 403,
        ("approach", staff): 404,
        ("nothing", dsl): 404,
    }
    for (part, one), status in wanted.items():
        url = reverse("policies:statement-write", args=[school.uuid, part])
        assert signed_in(one).get(url).status_code == status
    url = reverse("policies:statement-write", args=[school.uuid, "presented"])
    assert signed_in(chair).get(url, {"term": "2001-01-01"}).status_code == 404
    data = {"on_day": today.day, "on_month": today.month, "on_year": today.year, "note": "<b>Minutes 7</b>"}
    assert signed_in(chair).post(url, data).status_code == 302
    page = signed_in(governor).get(reverse("policies:term-report")).content.decode()
    assert "Presented to the board on" in page
    assert "<b>Minutes 7</b>" not in page
    url = reverse("policies:statement-write", args=[school.uuid, "approach"])
    assert signed_in(dsl).post(url, {"text": ""}).status_code == 422
