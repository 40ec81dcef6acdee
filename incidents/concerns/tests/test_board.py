"""The board: who sees what on it, in which order, and nothing of what is not theirs."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import todo
from core.roles import Role
from incidents.concerns.board import age_words
from incidents.concerns.services.people import part_add
from incidents.concerns.services.sending import Somebody
from incidents.concerns.tests.cases import a_concern, a_concern_crew, a_pupil_harmed, by
from incidents.concerns.tests.casework import a_case, a_share, an_action, as_, refresh
from incidents.models import Category, Concern, Part, PartIn, Sort, Urgency
from incidents.tests.cases import page, text_of
from smgov.testing import a_person
from smgov.testing_consent import a_pupil

pytestmark = pytest.mark.django_db
BOARD = "/concerns/"


def references(user, query: str = "") -> list[str]:
    """The references on the board, in order."""
    text = as_(user).get(f"{BOARD}{query}").content.decode()
    return [
        one.reference
        for _, one in sorted(
            (text.find(c.reference), c) for c in Concern.objects.all() if c.reference in text
        )
    ]


@pytest.mark.clause("CIT-2.24", "STM-2.22", "CIT-10.03", "STM-10.03")
def test_the_board_shows_the_dsl_what_is_urgent_first_then_what_is_oldest() -> None:
    crew = a_concern_crew()
    later = a_concern(crew, urgency=Urgency.LATER)
    young = a_concern(crew, urgency=Urgency.NOW)
    old = a_concern(crew, urgency=Urgency.NOW)
    Concern.objects.filter(pk=old.pk).update(at=timezone.now() - timedelta(hours=2))
    assert references(crew.dora) == [old.reference, young.reference, later.reference]
    _, words = page(crew.dora, BOARD)
    assert "Unread (3)" in words
    assert "2 hours" in words
    assert "Kit Kale of 9B" in words


def test_the_tabs_hold_what_they_say() -> None:
    crew = a_concern_crew()
    a_concern(crew)
    mine = a_case(crew)
    Concern.objects.filter(pk=mine.pk).update(owner=crew.dora, waiting_for="police")
    due = an_action(crew, a_case(crew))
    type(due).objects.filter(pk=due.pk).update(due_at=timezone.now() - timedelta(hours=1))
    assert len(references(crew.dora, "?show=unread")) == 1
    assert references(crew.dora, "?show=mine") == [mine.reference]
    assert references(crew.dora, "?show=due") == [due.concern.reference]
    assert references(crew.dora, "?show=waiting") == [mine.reference]
    assert references(crew.dora, "?show=waiting&waiting=hr") == []
    assert len(references(crew.dora, "?show=open")) == 3
    assert references(crew.dora, "?show=closed") == []
    _, words = page(crew.dora, f"{BOARD}?show=due")
    assert "Overdue" in words
    assert "Waiting for the police" in page(crew.dora, f"{BOARD}?show=mine")[1]


def test_a_case_is_found_by_reference_and_by_the_names_in_it_and_never_by_its_story() -> None:
    crew = a_concern_crew()
    found = a_concern(crew, what="A secret story")
    other = a_concern(crew, Somebody(PartIn.VICTIM, Sort.PUPIL, "Zoë Zed"))
    Part.objects.filter(concern=other).update(pupil=a_pupil(crew.school, "Zoë Zed"))
    assert references(crew.dora, f"?show=open&q={found.reference}") == [found.reference]
    assert references(crew.dora, "?show=open&q=kale+kit") == [found.reference]
    assert references(crew.dora, "?show=open&q=zoe") == [other.reference]
    assert references(crew.dora, "?show=open&q=secret") == []
    assert references(crew.dora, f"?show=open&category={Category.HATE}") == []


def test_nobody_finds_what_is_not_theirs() -> None:
    crew = a_concern_crew()
    about = a_case(crew, by(sort="head"), category=Category.HARASSMENT, reader=crew.gina)
    a_share(crew, about, crew.sue, actor=crew.gina)
    for query in ("", "?show=open", f"?show=open&q={about.reference}", "?show=open&q=Bob", "?q=Barnes"):
        assert str(about.uuid) not in as_(crew.bob).get(f"{BOARD}{query}").content.decode()
    assert "Unread (0)" in page(crew.bob, BOARD)[1]
    assert references(crew.gina, "?show=open") == [about.reference]
    assert references(crew.sue, "?show=open") == [about.reference]


def test_the_board_of_a_subject_is_the_same_to_the_letter_whether_there_is_a_case_or_not() -> None:
    crew = a_concern_crew()
    client = as_(crew.bob)
    before = client.get(f"{BOARD}?show=open")
    a_case(crew, by(sort="head"), category=Category.HARASSMENT, reader=crew.gina)
    assert text_of(client.get(f"{BOARD}?show=open")) == text_of(before)


def test_whoever_has_no_case_finds_the_way_to_report_and_their_own_reports() -> None:
    crew = a_concern_crew()
    sent = a_concern(crew)
    status, words = page(crew.alice, BOARD)
    assert status == 200
    assert "Report a concern" in words
    assert sent.reference in words
    assert "Kit Kale" not in words
    assert "Unread" not in words
    assert page(crew.carl, BOARD)[0] == 200


def test_a_superuser_without_a_role_has_no_board() -> None:
    a_concern(a_concern_crew())
    crew = a_concern_crew()
    root = type(crew.bob).objects.create_superuser("root@example.org", "Root", "x")
    assert page(root, BOARD)[0] == 403


def test_an_empty_board_says_so_kindly() -> None:
    assert "Nobody has reported anything to you" in page(a_concern_crew().dora, BOARD)[1]


def test_the_board_takes_few_queries_however_many_cases_there_are() -> None:
    crew = a_concern_crew()
    for _ in range(4):
        a_concern(crew)
    few = queries(crew.dora)
    for _ in range(16):
        a_concern(crew, a_pupil_harmed(), by(crew.mark))
    assert queries(crew.dora) == few <= 15


def queries(user) -> int:
    """How many the board takes."""
    client = as_(user)
    with CaptureQueriesContext(connection) as found:
        client.get(f"{BOARD}?show=open")
    return len(found)


def test_a_long_board_has_pages_that_do_not_overlap() -> None:
    crew = a_concern_crew()
    for _ in range(27):
        a_concern(crew)
    first, second = (references(crew.dora, f"?show=open&page={number}") for number in (1, 2))
    assert (len(first), len(second)) == (25, 2)
    assert not set(first) & set(second)


def test_age_is_said_in_words() -> None:
    now = timezone.now()
    ages = (
        timedelta(seconds=5),
        timedelta(minutes=1),
        timedelta(hours=2),
        timedelta(days=1),
        timedelta(days=30),
    )
    assert [age_words(now - age, now) for age in ages] == [
        "Just now",
        "1 minute",
        "2 hours",
        "1 day",
        "30 days",
    ]


# To do


def todo_titles(user) -> list[str]:
    """What waits for the person."""
    return [item.title for item in todo.for_user(refresh(user))]


def test_what_is_unread_and_what_is_to_do_waits_for_the_person_without_a_word_of_the_case() -> None:
    crew = a_concern_crew()
    case = a_case(crew)
    an_action(crew, case, text="Ring the mother of Kit")
    a_concern(crew)
    items = [one for one in todo.for_user(refresh(crew.dora)) if "/concerns/" in one.url]
    assert {one.title for one in items} == {"Read a concern", "Something to do on a case"}
    assert not any("Kit" in f"{one.title}{one.detail}{one.school}" for one in items)
    assert next(one for one in items if one.title.startswith("Something")).due_at


def test_a_line_is_gone_at_once_for_whoever_turns_out_to_be_concerned() -> None:
    crew = a_concern_crew()
    deputy = a_person("Deb Dyer", Role.DSL, crew.school)
    case = a_case(crew)
    an_action(crew, case, owner=deputy)
    assert todo_titles(deputy) == ["Something to do on a case"]
    part_add(actor=crew.dora, concern=case, somebody=Somebody(PartIn.SUBJECT, Sort.STAFF, "", deputy))
    assert todo_titles(deputy) == []
    assert case.actions.get(kind="other").owner is None


def test_the_first_page_stays_quick_with_concerns_on_it() -> None:
    crew = a_concern_crew()
    a_concern(crew)
    client = as_(crew.dora)
    client.get("/")
    with CaptureQueriesContext(connection) as found:
        assert "Read a concern" in client.get("/").content.decode()
    assert len(found) <= 15
