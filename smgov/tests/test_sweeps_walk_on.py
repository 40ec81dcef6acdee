"""A full page of rows that fail holds up no row behind it, in any room whose sweep is older than `sweep_due`.

Each sweep may do one row in a run here, and the first row that it meets fails every time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module

import pytest
from django.utils import timezone

from accounts.models import AccountRight
from accounts.services.rights import end_due_rights
from accounts.tests.register.cases import an_account
from approvals.models import ApprovalRequest, PupilWifi, SecurityMeasure, Stage, UnblockRequest
from approvals.network.measures import measures_due
from approvals.network.timed import openings_due
from approvals.network.wifi import close_left_gates
from approvals.services import chase
from approvals.tests.network.cases import a_st_marys
from consent.models import LinkAsked
from consent.services.erasure import erase_due
from consent.services.links import links_asked_send
from core.roles import Role
from core.sweeps import begin_count, failed_rows
from incidents.concerns.services.duty import duty_begins
from incidents.concerns.services.widening import actions_due, roads_mend, shares_over, unread_widen
from incidents.concerns.tests.cases import a_concern, a_concern_crew, more_people
from incidents.models import Action, Concern, DutyCover, Share
from incidents.models.casework import Right
from incidents.services import sending
from incidents.tests.cases import a_crew, a_report
from people.models import Membership
from people.services.leavers import end_passed_memberships
from smgov.testing import a_cit_trust, a_measure, a_person, a_school, a_wifi, an_unblock, submitted
from smgov.testing_consent import a_consent_school, a_pupil

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def late_decisions() -> None:
    cast = a_cit_trust()
    for _ in range(2):
        submitted(cast.alice, cast.hilltop)
    ApprovalRequest.objects.update(due_at=timezone.now() - HOUR)


def measures_to_review() -> None:
    school = a_school("Hilltop")
    head = a_person("Bob Barnes", Role.HEADTEACHER, school)
    for _ in range(2):
        a_measure(head, school)
    SecurityMeasure.objects.update(next_at=timezone.now() - HOUR)


def sites_to_look_at() -> None:
    people = a_st_marys()
    for number in range(2):
        an_unblock(people.alice, people.school, addresses=f"https://films{number}.example/all")
    UnblockRequest.objects.update(next_at=timezone.now() - HOUR)


def gates_of_nothing() -> None:
    people = a_st_marys()
    a_wifi(people.alice, people.school)
    PupilWifi.objects.update(stage=Stage.CLOSED, next_at=None)


def rights_that_are_over() -> None:
    school = a_school("Hilltop")
    head = a_person("Bob Barnes", Role.HEADTEACHER, school)
    lead = a_person("Lena Lamb", Role.STAFF, school)
    for name in ("News", "Sport"):
        an_account(school, head, name, lead=lead)
    AccountRight.objects.update(until=timezone.localdate() - DAY)


def roles_that_are_over() -> None:
    school = a_school("Hilltop")
    for name in ("Lena Lamb", "Milo Marsh"):
        a_person(name, Role.STAFF, school)
    yesterday = timezone.localdate() - DAY
    Membership.objects.update(starts=yesterday, ends=yesterday)


def long_gone_pupils() -> None:
    school = a_consent_school("Hilltop", retention_image_consent=2)[0]
    for name in ("Mia Marsh", "Tom Tate"):
        a_pupil(school, name, leaves_on=timezone.localdate() - 800 * DAY)


def links_asked_for() -> None:
    for name in ("mia", "tom"):
        LinkAsked.objects.create(email=f"{name}@example.org")


def two_concerns() -> list[Concern]:
    crew = a_concern_crew()
    return [a_concern(crew), a_concern(crew, what="Another")]


def unread_concerns() -> None:
    two_concerns()
    Concern.objects.update(read_due_at=timezone.now() - HOUR)


def concerns_without_readers() -> None:
    two_concerns()
    Membership.objects.exclude(role=Role.STAFF).update(ended_at=timezone.now())


def shares_that_are_over() -> None:
    for row in two_concerns():
        reader = a_person("", Role.STAFF, row.school)
        Share.objects.create(
            concern=row,
            user=reader,
            right=Right.READ,
            why=Share.Why.SHARED,
            until=timezone.now() - HOUR,
        )


def actions_that_are_due() -> None:
    for row in two_concerns():
        Action.objects.create(concern=row, text="Ring the family", due_at=timezone.now() - HOUR)


def somebody_on_duty() -> None:
    crew = a_concern_crew()
    for words in ("One", "Another"):
        a_concern(crew, what=words)
    today = timezone.localdate()
    deputy = more_people(crew)["deputy"]
    DutyCover.objects.create(school=crew.school, user=deputy, starts=today, ends=today, set_by=crew.dora)


def reports_without_readers() -> None:
    crew = a_crew()
    for title in ("One", "Another"):
        a_report(crew, words=title)
    Membership.objects.exclude(role=Role.STAFF).update(ended_at=timezone.now())


@dataclass(frozen=True)
class Case:
    """A sweep, how to call it for one row, what does one row there, and how rows become due."""

    sweep: Callable[..., int]
    one: str
    due: Callable[[], None]
    limited: bool = True


CASES = [
    Case(chase, "_chase_one", late_decisions),
    Case(measures_due, "_one_due", measures_to_review),
    Case(openings_due, "_one_due", sites_to_look_at),
    Case(close_left_gates, "_drop", gates_of_nothing),
    Case(end_due_rights, "_end_due", rights_that_are_over),
    Case(end_passed_memberships, "_end_one", roles_that_are_over),
    Case(erase_due, "_erase_one", long_gone_pupils),
    Case(links_asked_send, "_send_asked", links_asked_for),
    Case(sending.roads_mend, "_mend", reports_without_readers),
    Case(unread_widen, "_widen", unread_concerns, limited=False),
    Case(roads_mend, "_mend", concerns_without_readers, limited=False),
    Case(shares_over, "_share_over", shares_that_are_over, limited=False),
    Case(actions_due, "_action_due", actions_that_are_due, limited=False),
    Case(duty_begins, "_begin", somebody_on_duty, limited=False),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.sweep.__module__}.{case.sweep.__name__}")
@pytest.mark.parametrize("fails", [True, False], ids=["it fails", "nothing can be done with it"])
def test_a_full_page_that_gets_nowhere_does_not_hold_up_the_next_row(
    case: Case, fails: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    case.due()
    room = import_module(case.sweep.__module__)
    met: list[int] = []

    def one(*args: int) -> bool:
        met.append(args[-1])
        if len(met) > 1:
            return True
        if fails:
            raise ValueError("broken")
        return False

    monkeypatch.setattr(room, case.one, one)
    if not case.limited:
        monkeypatch.setattr(room, "BATCH", 1)
    begin_count()
    assert case.sweep(**({"limit": 1} if case.limited else {})) == 1
    assert len(set(met)) == 2
    assert failed_rows() == int(fails)
