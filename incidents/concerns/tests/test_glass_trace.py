"""Emergency access leaves its trace on every page of a case, and shows no names before a case is opened."""

import pytest

from incidents.concerns.services.chronology import note_add
from incidents.concerns.services.glass import glass_take
from incidents.concerns.tests.cases import a_concern, a_concern_crew, a_pupil_harmed, read_by
from incidents.concerns.tests.casework import as_, url
from incidents.models import EntryKind
from incidents.tests.cases import page

pytestmark = pytest.mark.django_db


def test_the_board_shows_no_names_of_cases_that_are_open_by_emergency_access_alone() -> None:
    crew = a_concern_crew()
    concern = a_concern(crew, a_pupil_harmed("Kit Kale of 9B"))
    glass_take(actor=crew.gina, school=crew.school, reason="Nobody answers")
    words = page(crew.gina, "/concerns/")[1]
    assert concern.reference in words
    assert "Kit Kale" not in words
    assert concern.reference not in page(crew.gina, "/concerns/?q=Kale")[1]
    assert "Kit Kale" in page(crew.dora, "/concerns/")[1]


@pytest.mark.parametrize("name", ["case-note", "case-recuse", "case"])
def test_whichever_page_of_a_case_is_opened_the_chronology_says_so(name: str) -> None:
    crew = a_concern_crew()
    concern = read_by(crew.dora, a_concern(crew))
    glass_take(actor=crew.gina, school=crew.school, reason="Nobody answers")
    assert as_(crew.gina).get(url(name, concern)).status_code == 200
    assert concern.entries.filter(kind=EntryKind.GLASS, by=crew.gina).count() == 1
    as_(crew.gina).get(url("case", concern))
    assert concern.entries.filter(kind=EntryKind.GLASS).count() == 1


def test_a_line_may_be_corrected_only_where_the_trace_is_left() -> None:
    crew = a_concern_crew()
    concern = read_by(crew.dora, a_concern(crew))
    line = note_add(actor=crew.dora, concern=concern, text="Spoke with home")
    glass_take(actor=crew.gina, school=crew.school, reason="Nobody answers")
    as_(crew.gina).get(url("case-correct", concern, line.uuid))
    assert concern.entries.filter(kind=EntryKind.GLASS).exists()
