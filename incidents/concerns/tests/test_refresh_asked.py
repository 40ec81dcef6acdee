"""Closing a case asks whether training is to be refreshed; a yes leads on, and takes nothing of the case along."""

import pytest
from django.test import Client
from django.urls import reverse

from incidents.concerns.tests.cases import a_concern_crew
from incidents.concerns.tests.closing import a_case, close
from people.models import User

pytestmark = pytest.mark.django_db


def the_page(user: User, concern) -> str:
    client = Client()
    client.force_login(user)
    return client.get(reverse("incidents:case", args=[concern.uuid])).content.decode()


@pytest.mark.clause("CIT-11.03", "STM-11.08")
def test_a_yes_opens_the_way_to_ask_and_a_no_does_not() -> None:
    crew = a_concern_crew()
    concern = a_case(crew)
    ask = reverse("policies:refresh-ask")
    assert ask not in the_page(crew.dora, concern)
    close(crew.dora, concern, outcome="substantiated", refresh_training=True)
    assert f"{ask}?school={concern.school.uuid}" in the_page(crew.dora, concern)
    other = a_case(crew)
    close(crew.dora, other, outcome="unfounded", refresh_training=False)
    assert ask not in the_page(crew.dora, other)
