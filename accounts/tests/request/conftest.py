"""Three schools, one for each form, and the people of the request tests.

Alice teaches at Hilltop (CIT; see smgov/testing.py). Tess teaches at St Mary's, Moira is its
marketing officer, Hetty heads it, Ian looks after its computers, Pat is a parent who helps. Rory
teaches at Ravens Wood, Max is its Moderator, Bella its Business Manager, Una volunteers there.
"""

import uuid
from dataclasses import dataclass
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import answers as answering
from accounts.answers import Problem
from accounts.models import AccountRequest
from accounts.request_selectors import Reading
from core.roles import Post, Role
from people.models import School, User
from people.selectors import profile_of
from smgov.testing import Cast, a_cit_trust, a_person, a_school


@dataclass
class StMarys:
    """A school with the long form."""

    school: School
    tess: User
    moira: User
    hetty: User
    ian: User
    pat: User


@dataclass
class RavensWood:
    """A school with the plan."""

    school: School
    rory: User
    max: User
    bella: User
    una: User


@pytest.fixture
def cast(db) -> Cast:
    return a_cit_trust()


@pytest.fixture
def stm(db) -> StMarys:
    school = a_school("Saint Mary", preset="st-marys")
    return StMarys(
        school,
        tess=a_person("Tess Tully", Role.STAFF, school),
        moira=a_person("Moira Marsh", Role.HEAD_OF_COMMS, school),
        hetty=a_person("Hetty Thorne", Role.HEADTEACHER, school),
        ian=a_person("Ian Ito", Role.IT, school),
        pat=a_person("Pat Parry", Role.CONTRIBUTOR, school),
    )


@pytest.fixture
def rav(db) -> RavensWood:
    school = a_school("Ravens", preset="ravens-wood")
    return RavensWood(
        school,
        rory=a_person("Rory Reed", Role.STAFF, school),
        max=a_person("Max Mode", Role.HEAD_OF_COMMS, school),
        bella=a_person("Bella Moss", Role.SENIOR_LEADER, school, post=Post.BUSINESS_MANAGER),
        una=a_person("Una Vale", Role.CONTRIBUTOR, school),
    )


def url(name: str, row: AccountRequest, *more: str) -> str:
    """The address of one of a request's pages."""
    return reverse(f"accounts:request-{name}", args=[row.uuid, *more])


def problems(row: AccountRequest) -> list[Problem]:
    """What is wrong with a request, as its pages and its submission see it."""
    return Reading(AccountRequest.objects.get(pk=row.pk), timezone.localdate()).problems


def wrong(row: AccountRequest) -> dict[str, str]:
    """The first message of each field."""
    found: dict[str, str] = {}
    for problem in problems(row):
        found.setdefault(problem.field, problem.message)
    return found


def frozen(row: AccountRequest) -> dict[str, Any]:
    """The rows of the snapshot that would be sent now, by key."""
    profile = profile_of(row.school)
    today = timezone.localdate()
    snapshot = answering.snapshot(row.form, answering.of(row, profile), profile, today)
    return {line["key"]: line for section in snapshot["sections"] for line in section["rows"]}


def fresh() -> str:
    """A new page's own id."""
    return str(uuid.uuid4())
