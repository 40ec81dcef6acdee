"""The page of what I need to run an account leads to everything that I have still to read."""

import pytest
from django.test import Client
from django.urls import reverse

from core.roles import Post, Role
from people.models import User
from policies.reading.tests.cases import a_document, in_force
from smgov.testing import a_person, a_school, submitted

pytestmark = pytest.mark.django_db


def page_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.get(reverse("accounts:running")).content.decode()


@pytest.mark.clause("RAV-3.09", "RAV-3.10", "RAV-3.11")
def test_a_volunteer_confirms_a_policy_that_only_staff_are_asked_to_read() -> None:
    school = a_school("Ravens Wood", preset="ravens-wood", runner_reads=True, runner_training=True)
    a_person("Mo Moss", Role.HEAD_OF_COMMS, school)
    a_person("Sue Leader", Role.SENIOR_LEADER, school)
    a_person("Bea Bloom", Role.SENIOR_LEADER, school, post=Post.BUSINESS_MANAGER)
    tess = a_person("Tess Thorn", Role.STAFF, school)
    vera = a_person("Vera Vole", Role.CONTRIBUTOR, school)
    submitted(tess, school, administrators=[tess, vera])
    policy = in_force(a_document(school, readers=["staff"]))
    in_force(a_document(school, "Terms", "terms"))  # nobody asks a runner for these here
    reading = reverse("policies:reading-read", args=[policy.uuid])
    assert page_of(vera).count(reading) == 1
    assert page_of(vera).count("/policies/reading/") == 2  # the way back, and the one document
    client = Client()
    client.force_login(vera)
    assert client.post(reading, {"seen": policy.sha256, "understood": "on"}).status_code == 302
    assert reading not in page_of(vera)
