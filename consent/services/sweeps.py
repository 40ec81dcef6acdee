"""What the clock does in this room: rounds, the eighteenth birthday, the present state."""

from collections.abc import Callable
from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone

from consent.ages import born_by, eighteenth
from consent.asking import asked_about
from consent.models import Position, Pupil, Purpose, Round
from consent.services.assessments import (
    assessable,
    assessors_of,
    own_answer_ask,
    own_answer_missing,
)
from consent.services.positions import positions_of_school
from consent.services.rounds import round_work
from consent.terms import terms_of
from core.audit import audited
from core.notices import notify
from core.sweeps import sweep
from people.governance.profile import Profile
from people.models import School, User
from people.selectors import profile_of

SOON = timedelta(days=60)
"""How long before a birthday those who assess are reminded."""
LATE = timedelta(days=14)
"""A birthday longer ago is news to nobody: it stands on the to-do list."""


def rounds_remind() -> int:
    """Ask new pupils, remind, and close what is over, in every open round. Safe to run twice."""
    keys = Round.objects.filter(closed_at=None).order_by("pk").values_list("pk", flat=True)
    return sweep("consent round", list(keys), round_work)


def eighteen_sweep() -> int:
    """Remind those who assess, and ask pupils of 18 for their own answer, each once (CIT-7.05, CIT-7.06)."""
    day = timezone.localdate()
    near = Pupil.objects.filter(born__lte=born_by(day + SOON), erased_at=None).order_by()
    schools = list(near.values_list("school", flat=True).distinct())
    return sweep("eighteenth birthdays", sorted(schools), lambda pk: _eighteen_at(pk, day))


def _eighteen_at(pk: int, day: date) -> bool:
    school = School.objects.select_related("trust").get(pk=pk)
    profile = profile_of(school)
    terms = terms_of(profile)
    if not (terms.at_18 and profile.is_open("consent") and asked_about(school, profile, terms)):
        return False
    told = _tell_assessors(school, profile, day)
    missing = own_answer_missing(school, profile, day).exclude(email="").order_by("pk")
    asked = sweep("own answer", list(missing.values_list("pk", flat=True)), _ask_one(day))
    return bool(told or asked)


def _tell_assessors(school: School, profile: Profile, day: date) -> int:
    """One notice 60 days before the birthday and one on the day, while nothing is recorded."""
    rows = assessable(school, day).filter(born__lte=born_by(day + SOON), born__gt=born_by(day - LATE))
    waiting = list(rows.filter(competent=None).order_by("pk"))
    people: list[User] = list(assessors_of(school, profile)) if waiting else []
    for pupil in waiting:
        which = "due" if eighteenth(pupil.born) <= day else "soon"
        notify(
            "consent.assess_due" if which == "due" else "consent.assess_soon",
            recipients=people,
            about=pupil,
            key=f"{which}:{pupil.pk}:{pupil.born:%Y%m%d}",
            link=reverse("consent:assessment-record", args=[pupil.uuid]),
        )
    return len(waiting)


def _ask_one(day: date) -> Callable[[int], bool]:
    def ask(pk: int) -> bool:
        with audited():
            pupil = Pupil.objects.select_for_update(of=("self",)).select_related("school").get(pk=pk)
            still = own_answer_missing(pupil.school, profile_of(pupil.school), day).filter(pk=pk)
            return still.exists() and own_answer_ask(pupil)

    return ask


def positions_nightly() -> int:
    """Work the present state out again everywhere, as profiles and birthdays change it; write what differs."""
    asking = Purpose.objects.filter(pk__in=Position.objects.order_by().values("purpose")).order_by()
    schools = sorted(asking.values_list("school", flat=True).distinct())
    return sweep("present state", schools, _positions_at)


def _positions_at(pk: int) -> bool:
    return positions_of_school(School.objects.select_related("trust").get(pk=pk)) > 0
