"""The page of a case: what each reader finds on it, and what it keeps back."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incidents.concerns.services.casework import note_write
from incidents.concerns.services.chronology import entry_write
from incidents.concerns.services.links import case_link
from incidents.concerns.services.people import part_add, part_mistaken
from incidents.concerns.services.sending import Somebody
from incidents.concerns.tests.cases import a_concern, a_concern_crew, a_pupil_harmed, by
from incidents.concerns.tests.casework import a_case, a_share, an_action, as_, url
from incidents.models import Category, Concern, EntryKind, PartIn, Right, Sort, Status
from incidents.tests.cases import page
from smgov.testing_consent import a_pupil

pytestmark = pytest.mark.django_db


def words_of(user, concern: Concern, query: str = "") -> str:
    """The words of its page; the page must open."""
    status, words = page(user, f"{url('case', concern)}{query}")
    assert status == 200
    return words


def test_opening_it_is_its_acknowledgement() -> None:
    crew = a_concern_crew()
    case = a_concern(crew)
    assert "First read" in words_of(crew.dora, case)
    case.refresh_from_db()
    assert (case.status, case.first_read_by) == (Status.OPEN, crew.dora)


@pytest.mark.clause("CIT-8.06", "STM-8.06")
def test_its_reader_finds_everything_that_was_said_and_every_step() -> None:
    crew = a_concern_crew()
    case = a_concern(
        crew,
        a_pupil_harmed(),
        Somebody(PartIn.WITNESS, Sort.PARENT, "Ms Kale"),
        child_said="They said I should go",
        done="Sat with her",
        happened_where="A group chat",
    )
    words = words_of(crew.dora, case)
    for said in (
        "Messages in a group chat",
        "They said I should go",
        "Sat with her",
        "Kit Kale of 9B",
        "Ms Kale",
    ):
        assert said in words
    for step in ("Assign it to me", "Add a note", "Add an action", "Share", "Stand back from the case"):
        assert step in words
    assert "Alice Archer" in words


def test_whoever_only_reads_it_finds_no_step_but_a_note_and_not_who_may_read_it() -> None:
    crew = a_concern_crew()
    case = a_case(crew)
    a_share(crew, case, crew.sue)
    words = words_of(crew.sue, case)
    assert "Add a note" in words
    for hidden in (
        "Assign it to me",
        "Add an action",
        "Who may read this",
        "Change category",
        "Add a person",
    ):
        assert hidden not in words


def test_a_reporter_in_confidence_is_known_to_the_road_alone() -> None:
    crew = a_concern_crew()
    case = a_case(crew, confidential=True)
    a_share(crew, case, crew.sue)
    a_share(crew, case, crew.ella, right=Right.HANDLE)
    assert "Alice Archer" in words_of(crew.dora, case)
    for reader in (crew.sue, crew.ella):
        words = words_of(reader, case)
        assert "Alice Archer" not in words
        assert "Kept back" in words


def test_the_words_of_a_decision_of_the_dsl_are_for_the_road_alone() -> None:
    crew = a_concern_crew()
    case = a_case(crew)
    a_share(crew, case, crew.sue, right=Right.HANDLE)
    line = entry_write(
        case, EntryKind.DECISION, by=crew.dora, text="Not to the police", data={"dsl_only": True}
    )
    assert "Not to the police" in words_of(crew.dora, case)
    assert "Not to the police" not in words_of(crew.sue, case)
    assert as_(crew.sue).get(url("case-correct", case, line.uuid)).status_code == 404


def test_a_correction_stands_beside_the_line_that_it_corrects() -> None:
    crew = a_concern_crew()
    case = a_case(crew)
    wrong = note_write(actor=crew.dora, concern=case, text="She is in 9A")
    note_write(actor=crew.dora, concern=case, text="A later note")
    note_write(actor=crew.dora, concern=case, text="She is in 9B", corrects=wrong)
    words = words_of(crew.dora, case)
    assert words.index("She is in 9A") < words.index("She is in 9B") < words.index("A later note")
    turned = words_of(crew.dora, case, "?order=newest")
    assert turned.index("A later note") < turned.index("She is in 9A") < turned.index("She is in 9B")


def test_a_mistake_stays_with_its_reason() -> None:
    crew = a_concern_crew()
    case = a_case(crew)
    part = part_add(
        actor=crew.dora, concern=case, somebody=Somebody(PartIn.WITNESS, Sort.OTHER, "A neighbour")
    )
    part_mistaken(actor=crew.dora, part=part, because="It was somebody else")
    content = as_(crew.dora).get(url("case", case)).content.decode()
    assert "<del>A neighbour</del>" in content
    assert "It was somebody else" in content


def test_where_an_image_may_be_involved_the_page_warns_and_offers_no_evidence() -> None:
    crew = a_concern_crew()
    case = a_case(crew, what="", image=True, police_not_called="The DSL decides")
    words = words_of(crew.dora, case)
    assert "Do not look for the picture" in words
    assert "Add evidence" not in words


def test_a_second_file_is_none_where_the_school_has_another_system() -> None:
    crew = a_concern_crew(child_protection_system="SafeFile")
    case = a_case(crew)
    assert "SafeFile" in words_of(crew.dora, case)
    case.external_reference = "SF-77"
    case.save()
    assert "SF-77" in words_of(crew.dora, case)


def test_other_cases_are_shown_with_each_persons_own_part_there() -> None:
    crew = a_concern_crew()
    pupil = a_pupil(crew.school, "Ned North")
    first, second, hidden = (
        a_case(crew),
        a_case(crew),
        a_concern(crew, by(sort="head"), category="harassment"),
    )
    harmed = Somebody(PartIn.VICTIM, Sort.PUPIL)
    part_add(actor=crew.dora, concern=first, somebody=harmed, pupil=pupil)
    part_add(actor=crew.dora, concern=second, somebody=Somebody(PartIn.SUBJECT, Sort.PUPIL), pupil=pupil)
    words = words_of(crew.dora, first)
    assert "Not linked, but they name the same" in words
    case_link(actor=crew.dora, concern=first, other=second, because="The same quarrel")
    words = words_of(crew.dora, first)
    assert "Ned North: whose doing it is said to be" in words
    assert "The same quarrel" in words
    assert hidden.reference not in words


def test_a_linked_case_that_the_reader_may_not_read_is_nowhere_on_the_page() -> None:
    crew = a_concern_crew()
    first, second = a_case(crew), a_case(crew)
    case_link(actor=crew.dora, concern=first, other=second, because="The same quarrel")
    a_share(crew, first, crew.sue)
    words = words_of(crew.sue, first)
    assert second.reference not in words
    assert "The same quarrel" not in words


def test_who_may_read_it_is_said_to_its_handler() -> None:
    crew = a_concern_crew()
    case = a_case(crew, a_pupil_harmed("Kit Kale, told Mr Moor"))
    a_share(crew, case, crew.sue)
    words = words_of(crew.dora, case)
    assert "Sue Sand" in words
    assert "Mark Moor" in words
    assert "Not meant" in words


def test_the_page_takes_no_more_queries_for_a_longer_case() -> None:
    crew = a_concern_crew()
    case = a_case(crew)
    fill(crew, case, 3)
    few = queries(crew.dora, case)
    fill(crew, case, 12)
    assert queries(crew.dora, case) <= few


def fill(crew, case: Concern, number: int) -> None:
    """Notes, people and actions."""
    for count in range(number):
        note_write(actor=crew.dora, concern=case, text=f"Note {count} of {number}")
        somebody = Somebody(PartIn.WITNESS, Sort.OTHER, f"Witness {count} of {number}")
        part_add(actor=crew.dora, concern=case, somebody=somebody)
        an_action(crew, case, text=f"Do {count} of {number}")


def queries(user, case: Concern) -> int:
    """How many its page takes."""
    client = as_(user)
    client.get(url("case", case))
    with CaptureQueriesContext(connection) as found:
        assert client.get(url("case", case)).status_code == 200
    return len(found)


def test_a_stranger_finds_nothing_at_its_address() -> None:
    crew, other = a_concern_crew(), a_concern_crew()
    case = a_case(crew)
    assert page(other.dora, url("case", case))[0] == 404
    assert page(crew.alice, url("case", case))[0] == 404
    assert case.category != Category.OTHER


def test_hostile_words_stay_words_on_the_page_of_a_case() -> None:
    crew = a_concern_crew()
    bad = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'
    case = a_case(
        crew, Somebody(PartIn.VICTIM, Sort.OTHER, bad), what=bad, child_said=bad, happened_where=bad
    )
    note_write(actor=crew.dora, concern=case, text=bad)
    body = as_(crew.dora).get(url("case", case)).content.decode()
    assert body.count("&lt;script&gt;alert(1)") >= 4
    assert "<script>alert(1)" not in body
    assert "<img src=x" not in body
