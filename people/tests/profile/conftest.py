"""Schools and people for the pages about settings.

Beside the CIT cast there is St Mary's: Hannah is its headteacher, Dora its DSL, Ian its IT technician, Sue
a teacher. It has nothing to do with the trust.
"""

from dataclasses import dataclass

import pytest
from django.urls import reverse

from core.roles import Role
from people.models import GovernanceProfile, School, Trust, User
from smgov.testing import Cast, a_cit_trust, a_person, a_school


@dataclass
class StMarys:
    """A school on its own, with its people."""

    school: School
    profile: GovernanceProfile
    hannah: User
    dora: User
    ian: User
    sue: User


@pytest.fixture
def cast(db: None) -> Cast:
    return a_cit_trust()


@pytest.fixture
def mary(db: None) -> StMarys:
    school = a_school("St Mary’s", preset="st-marys")
    return StMarys(
        school,
        profile_of_row(school),
        hannah=a_person("Hannah Hill", Role.HEADTEACHER, school),
        dora=a_person("Dora Dean", Role.DSL, school),
        ian=a_person("Ian Irving", Role.IT, school),
        sue=a_person("Sue Shaw", Role.STAFF, school),
    )


def profile_of_row(place: School | Trust) -> GovernanceProfile:
    """The profile row of a school or trust."""
    key = "school" if isinstance(place, School) else "trust"
    return GovernanceProfile.objects.get(**{key: place})


def detail(profile: GovernanceProfile) -> str:
    """The page of all settings."""
    return reverse("people:profile-detail", args=[profile.uuid])


def change(profile: GovernanceProfile, key: str) -> str:
    """The page of one setting."""
    return reverse("people:setting-change", args=[profile.uuid, key])


def preset(profile: GovernanceProfile) -> str:
    """The page of the policy to start from."""
    return reverse("people:preset-choose", args=[profile.uuid])
