"""The people of the admin's tests: Dan is Hilltop's IT lead, Nina is the one of another school, Rita runs
the server."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from core.models import AuditEvent
from core.roles import Role
from people.models import GovernanceProfile, School, User
from people.tests.profile.sent import fields_sent
from smgov.testing import Cast, a_person, a_school, sign_in_afresh

MODELS = ("school", "trust", "membership", "user", "governanceprofile")


@dataclass
class Elsewhere:
    """A school that has nothing to do with Hilltop, with its people."""

    school: School
    profile: GovernanceProfile
    nina: User
    secret: User


@pytest.fixture
def elsewhere(db: None) -> Elsewhere:
    school = a_school("Nowhere Hall", preset="st-marys")
    return Elsewhere(
        school,
        GovernanceProfile.objects.get(school=school),
        nina=a_person("Nina Nowhere", Role.IT, school),
        secret=a_person("Selma Secret", Role.STAFF, school),
    )


@pytest.fixture
def rita(db: None) -> User:
    return User.objects.create_superuser("rita@hilltop.example.org", "Rita Root")


@pytest.fixture
def dan(client: Client, cast: Cast) -> User:
    """Dan, signed in a moment ago."""
    sign_in_afresh(client, cast.dan)
    return cast.dan


@pytest.fixture
def root(client: Client, rita: User) -> User:
    """Rita, signed in a moment ago."""
    sign_in_afresh(client, rita)
    return rita


def listing(model: str, app: str = "people") -> str:
    """The list of a model."""
    return reverse(f"admin:{app}_{model}_changelist")


def page(row: Model, kind: str = "change") -> str:
    """A page about one row."""
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_{kind}"
    return reverse(name, args=[getattr(row, "uuid", None) or row.slug])


def adding(model: str, app: str = "people") -> str:
    """The page that adds a row."""
    return reverse(f"admin:{app}_{model}_add")


def send(client: Client, url: str, **changes: Any) -> Any:
    """Open a form, change some boxes and send it as a browser would."""
    response = client.get(url)
    assert response.status_code == 200, response.status_code
    return client.post(url, {**fields_sent(response.content.decode()), **changes}, follow=True)


def text(response: Any) -> str:
    """The page's source."""
    return response.content.decode()


def last_event() -> AuditEvent:
    """The newest line of the log."""
    return AuditEvent.objects.latest("number")
