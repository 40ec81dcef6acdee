"""What pupils are taught each term and parents each year: worked out, reminded of, missed, held."""

import uuid
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from core import todo
from core.errors import Refused
from core.models import AuditEvent, Notice
from core.uploads import CleanFile
from people.models import User
from policies.education.law import PARENTS, PUPILS, Event, Wanted, met_by, newest_stage, next_stage, wanted_on
from policies.education.periods import periods_work_out
from policies.education.services import (
    Plan,
    education_hold,
    education_off,
    education_plan,
    education_reopen,
    resource_add,
    resource_remove,
)
from policies.education.sweeps import education_remind, periods_all
from policies.models import EducationEvent, EducationPeriod
from policies.training.services import refresh_call_off
from policies.training.tests.cases import Staffed, a_refresh, a_staffed_school

MONTHS = (1, 4, 9)
db = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch):
    """The day on which a test plays."""

    def go(year: int, month: int, day: int) -> None:
        now = datetime(year, month, day, 10, tzinfo=UTC)
        monkeypatch.setattr(timezone, "now", lambda: now)

    go(2026, 10, 5)
    return go


def an_event(made: Staffed, audience: str = PUPILS, on: date | None = None, **more: Any) -> EducationEvent:
    plan = Plan(audience, "assembly", "Kindness online", on or timezone.localdate())
    return education_plan(actor=made.ann, school=made.school, once=uuid.uuid4(), plan=plan, **more)


def held(made: Staffed, audience: str = PUPILS, on: date | None = None) -> EducationEvent:
    event = an_event(made, audience, on)
    return education_hold(actor=made.head, event=event, on=event.on, invited=90, attended=60)


def periods(made: Staffed) -> list[tuple[str, date, date, bool]]:
    rows = EducationPeriod.objects.filter(school=made.school).order_by("audience", "starts_on")
    return [(row.audience, row.starts_on, row.due_on, row.met_by_id is not None) for row in rows]


AUTUMN = (PUPILS, date(2026, 9, 1), date(2026, 12, 31))
SPRING = (PUPILS, date(2027, 1, 1), date(2027, 3, 31))
YEAR = (PARENTS, date(2026, 9, 1), date(2027, 8, 31))


@db
@pytest.mark.clause("CIT-11.01", "STM-11.04", "STM-11.06", "STM-0.01")
def test_pupils_are_asked_for_each_term_and_parents_each_school_year(clock) -> None:
    made = a_staffed_school()
    assert periods_work_out(made.school) == 2
    assert periods(made) == [(*YEAR, False), (*AUTUMN, False)]
    assert periods_work_out(made.school) == 0
    held(made)
    assert periods(made) == [(*YEAR, False), (*AUTUMN, True)]
    held(made, PARENTS)
    assert periods(made) == [(*YEAR, True), (*AUTUMN, True)]


@db
def test_an_event_for_everybody_is_for_both_and_only_what_was_held_counts(clock) -> None:
    made = a_staffed_school()
    periods_all()
    event = an_event(made, "everybody")
    periods_all()
    assert not any(one[-1] for one in periods(made))
    education_hold(actor=made.head, event=event, on=event.on)
    assert all(one[-1] for one in periods(made))


@db
def test_a_term_that_was_missed_stays_missed_and_nothing_is_rolled_on(clock) -> None:
    made = a_staffed_school()
    periods_all()
    clock(2027, 4, 2)
    periods_all()
    summer = (PUPILS, date(2027, 4, 1), date(2027, 8, 31))
    assert periods(made) == [(*YEAR, False), (*AUTUMN, False), (*SPRING, False), (*summer, False)]
    held(made, on=date(2027, 2, 3))  # It was held in time, and is written down late.
    assert periods(made)[1:] == [(*AUTUMN, False), (*SPRING, True), (*summer, False)]


@db
@pytest.mark.clause("BEC-6.01", "RAV-1.05")
def test_where_the_policy_names_no_interval_programmes_are_held_without_one(clock) -> None:
    made = a_staffed_school("beckstone")
    periods_all()
    assert held(made, "everybody").state == "held"
    assert periods(made) == []


@db
def test_a_profile_that_changes_takes_away_what_is_not_over(clock) -> None:
    made = a_staffed_school()
    periods_all()
    clock(2027, 1, 10)
    periods_all()
    made.school.profile.settings.create(key="training_intervals", value={"pupils": "yearly"})
    periods_all()
    assert periods(made) == [(*AUTUMN, False), (PUPILS, date(2027, 1, 1), date(2027, 8, 31), False)]


@db
@pytest.mark.clause("CIT-11.03", "STM-11.08")
def test_a_refresher_asks_for_an_event_of_its_own(clock) -> None:
    made = a_staffed_school()
    periods_all()
    refresh = a_refresh(made, "pupils", "safeguarding")
    own = (PUPILS, date(2026, 10, 5), date(2026, 11, 4))
    assert (*own, False) in periods(made)
    clock(2026, 10, 20)
    held(made)
    assert {(*own, True), (*AUTUMN, True)} <= set(periods(made))
    clock(2027, 1, 5)
    periods_all()
    assert {(*own, True), (*AUTUMN, True), (*SPRING, False)} <= set(periods(made))
    clock(2026, 10, 21)
    second = a_refresh(made, "pupils")
    refresh_call_off(actor=made.head, refresh=second, because="A mistake")
    assert not [one for one in periods(made) if one[1] == date(2026, 10, 21)]
    assert refresh.called_off_at is None


@db
def test_a_refresher_on_the_first_day_of_a_term_leaves_the_term_its_own_last_day(clock, monkeypatch) -> None:
    made = a_staffed_school()
    clock(2027, 1, 1)
    periods_work_out(made.school)
    a_refresh(made, "pupils")
    own = (PUPILS, date(2027, 1, 1), date(2027, 1, 31))
    assert {(*SPRING, False), (*own, False)} <= set(periods(made))
    assert periods_work_out(made.school) == 0
    clock(2027, 3, 10)
    held(made)  # too late for the refresher, in time for the term
    assert {(*SPRING, True), (*own, False)} <= set(periods(made))
    clock(2027, 4, 2)
    periods_all()
    assert (PUPILS, date(2027, 4, 1), date(2027, 8, 31), False) in periods(made)
    assert len([one for one in periods(made) if one[0] == PUPILS]) == 3
    # Both lines of one school stand in the to-do list and in the feed.
    clock(2027, 8, 10)
    a_refresh(made, "pupils")
    from_here = [one for one in todo.SOURCES if one.__module__ == "policies.education.todo"]
    monkeypatch.setattr(todo, "SOURCES", from_here)
    items = list(todo._from_sources(User.objects.get(pk=made.head.pk)))
    assert "Teaching about social media is still to be held for pupils, as a refresher" in [
        item.title for item in items
    ]
    assert len({item.name for item in items}) == len(items) == 3


@db
def test_what_was_said_to_be_held_is_opened_again_with_a_reason_and_the_term_counts_anew(clock) -> None:
    made = a_staffed_school()
    periods_work_out(made.school)
    event = held(made)
    assert (*AUTUMN, True) in periods(made)
    for actor in (made.governor, made.stranger):
        with pytest.raises(PermissionDenied):
            education_reopen(actor=actor, event=event, because="Mine")
    with pytest.raises(Refused):
        education_reopen(actor=made.ann, event=event, because=" ")
    row = education_reopen(actor=made.ann, event=event, because="The wrong day")
    assert (row.state, row.closed_by, row.reopened_by, row.attended) == ("planned", None, made.ann, 60)
    assert (*AUTUMN, False) in periods(made)
    with pytest.raises(Refused):
        education_reopen(actor=made.ann, event=event, because="Again")
    said = AuditEvent.objects.get(action="policies.education_reopened")
    assert "wrong day" not in str(said.data)
    education_hold(actor=made.ann, event=event, on=date(2026, 10, 2))
    assert (*AUTUMN, True) in periods(made)


@db
def test_head_and_dsl_are_reminded_twice_and_told_once_that_it_was_missed(clock) -> None:
    made = a_staffed_school()
    clock(2026, 11, 1)
    periods_all()
    seen = []
    for day in (
        date(2026, 11, 30),
        date(2026, 12, 1),
        date(2026, 12, 2),
        date(2026, 12, 24),
        date(2027, 1, 1),
        date(2027, 1, 9),
    ):
        clock(day.year, day.month, day.day)
        education_remind()
        education_remind()
        seen.append(Notice.objects.filter(kind__startswith="policies.education").count())
    assert seen == [0, 2, 2, 4, 6, 6]
    assert set(Notice.objects.values_list("recipient", flat=True)) == {made.head.pk, made.dsl.pk}
    assert Notice.objects.filter(kind="policies.education_missed").count() == 2


@db
def test_a_sweep_that_slept_writes_once_and_of_what_was_held_not_at_all(clock) -> None:
    made = a_staffed_school()
    periods_all()
    clock(2026, 12, 28)
    assert education_remind() == 1
    assert Notice.objects.count() == 2
    held(made, on=date(2026, 12, 18))
    clock(2027, 1, 2)
    assert education_remind() == 0


@db
def test_the_to_do_list_names_the_term_that_ends_and_the_event_without_an_answer(clock, monkeypatch) -> None:
    made = a_staffed_school()
    event = an_event(made, on=date(2026, 10, 1))
    clock(2026, 12, 10)
    periods_all()
    from_here = [one for one in todo.SOURCES if one.__module__ == "policies.education.todo"]
    monkeypatch.setattr(todo, "SOURCES", from_here)

    def lines(user: User) -> list[str]:
        return [item.title for item in todo._from_sources(User.objects.get(pk=user.pk))]

    assert lines(made.head) == ["Teaching about social media is still to be held for pupils this term"]
    assert lines(made.ann) == ["Say how it went: Kindness online"]
    assert lines(made.stranger) == []
    education_off(actor=made.ann, event=event, because="Snow")
    assert lines(made.ann) == []


@db
@pytest.mark.clause("CIT-2.35", "STM-2.30", "CIT-11.02", "STM-11.05", "STM-11.07")
def test_attendance_and_material_are_kept(clock, settings, tmp_path) -> None:
    made = a_staffed_school()
    event = held(made, PARENTS)
    assert (event.invited, event.attended) == (90, 60)
    named = resource_add(actor=made.ann, event=event, title="Code of Conduct for Parents")
    assert resource_add(actor=made.ann, event=event, title="Code of Conduct for Parents") == named
    filed = resource_add(
        actor=made.ann, event=event, title="Slides", file=CleanFile(b"%PDF-1 %%EOF", "application/pdf")
    )
    assert filed.file.read() == b"%PDF-1 %%EOF"
    with pytest.raises(Refused):
        resource_add(actor=made.ann, event=event, title=" ")
    resource_remove(actor=made.head, resource=filed)
    with pytest.raises(Refused):
        resource_remove(actor=made.head, resource=filed)
    for actor in (made.governor, made.stranger):
        with pytest.raises(PermissionDenied):
            resource_add(actor=actor, event=event, title="Mine")


@db
@pytest.mark.clause("BEC-6.02")
def test_the_staff_are_told_of_a_programme_if_the_planner_says_so(clock) -> None:
    made = a_staffed_school("beckstone")
    an_event(made, "everybody", on=date(2026, 10, 20), tell_staff=True)
    told = Notice.objects.filter(kind="policies.education_planned").values_list("recipient", flat=True)
    assert set(told) == {made.head.pk, made.dsl.pk, made.comms.pk}
    an_event(made, "everybody", on=date(2026, 10, 20))
    assert Notice.objects.count() == 3


@db
def test_what_cannot_be_is_refused(clock) -> None:
    made, once = a_staffed_school(), uuid.uuid4()
    plan = Plan(PUPILS, "pshe", "Kindness", date(2026, 11, 1))
    sent = {"actor": made.ann, "school": made.school, "once": once, "plan": plan}
    event = education_plan(**sent)
    assert education_plan(**sent) == event
    for change, field in (
        ({"audience": "aliens"}, "audience"),
        ({"medium": "dance"}, "medium"),
        ({"title": " "}, "title"),
        ({"on": date(2036, 1, 1)}, "on"),
    ):
        wrong = Plan(**{**plan.__dict__, **change})
        with pytest.raises(Refused) as refusal:
            education_plan(**{**sent, "once": uuid.uuid4(), "plan": wrong})
        assert refusal.value.field == field
    for actor in (made.governor, made.stranger):
        with pytest.raises(PermissionDenied):
            education_plan(**{**sent, "actor": actor})
    with pytest.raises(Refused):
        education_hold(actor=made.ann, event=event, on=date(2026, 11, 1))
    with pytest.raises(Refused):
        education_hold(actor=made.ann, event=event, on=date(2026, 10, 1), attended=-1)
    with pytest.raises(Refused):
        education_off(actor=made.ann, event=event, because=" ")
    education_hold(actor=made.ann, event=event, on=date(2026, 10, 1))
    with pytest.raises(Refused):
        education_off(actor=made.ann, event=event, because="Snow")


days = st.dates(date(2025, 1, 1), date(2027, 12, 31))


@given(day=days, start=days, ons=st.lists(days, max_size=6))
@settings(max_examples=60, deadline=None)
def test_every_day_since_the_beginning_lies_in_exactly_one_term(
    day: date, start: date, ons: list[date]
) -> None:
    last: dict[str, date] = {}
    spans: list[Wanted] = []
    for now in sorted({start, *(one for one in (day, *ons) if one >= start)}):
        wanted = wanted_on(now, last, {PUPILS: "termly"}, MONTHS, ())
        spans += [one for one in wanted if one.due_on < now]
        last = {PUPILS: max((one.due_on for one in spans), default=date.min)} if spans else {}
        assert wanted[-1].starts_on <= now <= wanted[-1].due_on
    assert all(one.due_on + timedelta(days=1) == two.starts_on for one, two in pairwise(spans))


@given(due=days, today=days)
@settings(max_examples=60, deadline=None)
def test_reminders_come_30_and_7_days_before_and_once_after(due: date, today: date) -> None:
    stages = [due - timedelta(days=30), due - timedelta(days=7), due + timedelta(days=1)]
    assert newest_stage(due, today) == max((one for one in stages if one <= today), default=None)
    assert next_stage(due, today) == min((one for one in stages if one > today), default=None)


def test_the_first_event_of_a_stretch_meets_it() -> None:
    wanted = Wanted(PUPILS, date(2026, 9, 1), date(2026, 12, 31))
    found = [
        Event(1, PARENTS, date(2026, 9, 2)),
        Event(2, PUPILS, date(2026, 8, 31)),
        Event(3, "everybody", date(2026, 10, 2)),
        Event(4, PUPILS, date(2026, 9, 30)),
    ]
    assert met_by(wanted, found) == 4
    assert met_by(wanted, found[:2]) is None
