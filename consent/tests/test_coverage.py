"""How many pupils may be shown: figures, chart and file."""

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consent.coverage import Tally, chart, figures_by_class, figures_by_school
from consent.models import NeverShow, Pupil, Purpose
from consent.register.rows import purposes_of
from core.models import AuditEvent
from core.roles import Role
from people.models import School
from smgov.testing import a_person, give
from smgov.testing_consent import a_consent_school, a_contact, a_pupil, says

pytestmark = pytest.mark.django_db


def a_counted_school() -> tuple[School, list[Purpose]]:
    """Class 9A with a yes, a no, a disagreement, a yes to check, silence and a flag; class 10A with a yes."""
    school, purposes = a_consent_school("Hilltop")
    yes, no, split, held, _, flagged = (a_pupil(school, f"Kit{i} Able", class_name="9A") for i in range(6))
    older = a_pupil(school, "Old Able", class_name="10A")
    mother = a_contact(yes, no, split, held, flagged, older)
    for pupil in (yes, split, flagged, older):
        says(pupil, True, mother)
    says(no, False, mother)
    says(split, False, a_contact(split))
    says(held, True, a_contact(held, responsibility="unknown"))
    dsl = a_person("Dee Dale", Role.DSL, school)
    NeverShow.objects.create(pupil=flagged, reason="x", set_by=dsl)
    a_pupil(school, "Left Able", class_name="9A", leaves_on=timezone.localdate() - timedelta(days=1))
    return school, purposes


@pytest.mark.clause("STM-7.02")
def test_each_class_is_counted_by_question() -> None:
    school, purposes = a_counted_school()
    rows = Pupil.objects.filter(school=school)
    found = figures_by_class(rows, purposes, timezone.localdate())
    assert list(found.rows) == ["9A", "10A"]
    assert found.of("9A", purposes[0].pk) == Tally(yes=1, no=3, none=2)
    assert found.total(purposes[0].pk) == Tally(2, 3, 2)
    schools = figures_by_school(rows, purposes_of([school.pk]), timezone.localdate())
    assert schools[school.pk] == Tally(*(len(purposes) * each for each in (2, 3, 2)))
    after = timezone.localdate() + timedelta(days=4000)
    assert figures_by_class(rows, purposes, after).of("10A", purposes[0].pk).total == 1


def test_a_flag_cannot_be_found_by_comparing_figures_and_list() -> None:
    school, purposes = a_counted_school()
    client = Client()
    client.force_login(a_person("Sam Sand", Role.STAFF, school))
    query = {"answer": "yes", "purpose": str(purposes[0].uuid)}
    listed = client.get(reverse("consent:register"), query).context["page_obj"].paginator.count
    page = client.get(reverse("consent:coverage"))
    assert page.context["chart"].bars[0].tally.yes + 1 == listed == 2


def test_the_page_shows_words_and_a_chart_and_its_file_is_recorded(
    django_assert_max_num_queries,
) -> None:
    school, purposes = a_counted_school()
    client = Client()
    client.force_login(a_person("Hanna Head", Role.HEAD_OF_COMMS, school))
    with django_assert_max_num_queries(15):
        page = client.get(reverse("consent:coverage")).content.decode()
    assert "1 may be shown, 5 not, of 6" in page
    assert "<svg" in page
    assert "style=" not in page
    text = client.get(reverse("consent:coverage-export")).content.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))
    assert lines[1] == ["9A", purposes[0].title, "1", "5", "", "6"]
    assert AuditEvent.objects.filter(action="consent.coverage_exported", school=school).exists()


def test_somebody_of_several_schools_compares_them_and_opens_one() -> None:
    school, _ = a_counted_school()
    empty, _ = a_consent_school("Empty")
    user = a_person("Sam Sand", Role.STAFF, school)
    give(user, Role.STAFF, empty)
    client = Client()
    client.force_login(user)
    page = client.get(reverse("consent:coverage"))
    assert "Hilltop" in page.content.decode()
    assert "Empty" in page.content.decode()
    assert client.get(reverse("consent:coverage"), {"school": str(empty.uuid)}).status_code == 200
    assert client.get(reverse("consent:coverage-export")).status_code == 200
    other, _ = a_consent_school("Other")
    assert client.get(reverse("consent:coverage"), {"school": str(other.uuid)}).status_code == 404


def test_a_bar_is_whole_and_nothing_is_divided_by_nobody() -> None:
    bar, empty = chart("x", "A chart", [("5A", Tally(1, 1, 2)), ("6B", Tally())]).bars
    assert [(piece.start, piece.width) for piece in bar.pieces] == [
        ("0.00%", "25.00%"),
        ("25.00%", "25.00%"),
        ("50.00%", "50.00%"),
    ]
    assert empty.pieces == []


def test_one_question_is_shown_by_class_at_a_time() -> None:
    school, purposes = a_counted_school()
    client = Client()
    client.force_login(a_person("Sam Sand", Role.STAFF, school))
    first = client.get(reverse("consent:coverage")).context
    assert (first["purpose"], len(first["tabs"])) == (purposes[0], len(purposes))
    second = client.get(reverse("consent:coverage"), {"question": str(purposes[1].uuid)}).context
    assert second["purpose"] == purposes[1]
    for wrong in ("nonsense", "\x00", str(school.uuid)):
        assert client.get(reverse("consent:coverage"), {"question": wrong}).context["purpose"] == purposes[0]


@pytest.mark.parametrize(
    ("role", "learns"), [(Role.STAFF, False), (Role.SENIOR_LEADER, False), (Role.OFFICE, True)]
)
def test_figures_tell_staff_no_reason(role: str, learns: bool) -> None:
    """A class of one would say of its pupil whether somebody refused or nobody answered."""
    school, _ = a_consent_school("Small")
    refused, silent = a_pupil(school, class_name="5A"), a_pupil(school, class_name="5B")
    says(refused, False, a_contact(refused))
    client = Client()
    client.force_login(a_person("Some One", role, school))
    text = client.get(reverse("consent:coverage-export")).content.decode("utf-8-sig")
    rows = {row[0]: row[2:] for row in csv.reader(io.StringIO(text))}
    assert (rows["5A"] != rows["5B"]) is learns
    page = client.get(reverse("consent:coverage")).content.decode()
    assert ("no answer" in page.lower()) is learns
    assert silent.class_name == "5B"
