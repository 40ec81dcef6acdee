"""Many numbers from one query: each answer is that of its own question, whatever stands beside it."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import Count, Max, Q, Sum
from django.test.utils import CaptureQueriesContext

from people.models import School
from policies.assurance.counting import MOST_NUMBERS, answered, ask
from policies.models import EducationEvent
from smgov.testing import a_person, a_school

pytestmark = pytest.mark.django_db
DAY = date(2026, 10, 5)


@pytest.fixture
def events():
    """Three assemblies and an evening."""
    school = a_school()
    by = a_person("Bob Barnes", "headteacher", school)
    for number, audience in enumerate(("pupils", "pupils", "parents", "pupils")):
        EducationEvent.objects.create(
            once=uuid4(), school=school, audience=audience, medium="assembly", title=f"T{number}",
            on=DAY + timedelta(days=number), state="held", attended=10 * number or None, by=by,
        )  # fmt: skip
    return EducationEvent.objects.all()


def test_all_that_is_asked_comes_from_one_query(events):
    with CaptureQueriesContext(connection) as queries:
        schools, whole, kinds, each = answered(
            [
                ask(School.objects.all(), many=Count("pk")),
                ask(events, text=Max("on"), came=Sum("attended"), early=Count("pk", filter=Q(on=DAY))),
                ask(events, text="audience", many=Count("pk"), came=Sum("attended")),
                ask(events.filter(audience="pupils"), text="title", came="attended"),
            ]
        )
    assert len(queries) == 1
    assert schools["many"] == School.objects.count()
    assert (whole["came"], whole["early"], whole.text) == (60, 1, "2026-10-08")
    assert dict(kinds.lines) == {"pupils": {"many": 3, "came": 40}, "parents": {"many": 1, "came": 20}}
    assert sorted(each.lines) == [("T0", {"came": 0}), ("T1", {"came": 10}), ("T3", {"came": 30})]


def test_what_finds_nothing_counts_as_nought(events):
    none, wrong, empty = answered(
        [
            ask(events.none(), many=Count("pk")),
            ask(events.filter(title="No such"), text=Max("on"), came=Sum("attended")),
            ask(events.filter(title="No such"), text="audience", many=Count("pk")),
        ]
    )
    assert none["many"] == wrong["came"] == empty["many"] == 0
    assert none.text == wrong.text == empty.text == ""
    assert answered([]) == []


def test_numbers_that_would_have_no_column_are_refused(events):
    with pytest.raises(ValueError, match="at most"):
        ask(events, **{f"n{one}": Count("pk") for one in range(MOST_NUMBERS + 1)})
