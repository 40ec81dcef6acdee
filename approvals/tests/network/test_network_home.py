"""The first page about the network says what holds, to everybody who uses it (CIT-9.03, STM-9.03)."""

import pytest

from approvals.tests.network.cases import a_st_marys
from core.roles import Role
from smgov.testing import a_person

pytestmark = pytest.mark.django_db


@pytest.mark.clause("CIT-9.03", "STM-9.03")
def test_everybody_reads_that_use_is_filtered_and_may_be_monitored(client):
    people = a_st_marys()
    volunteer = a_person("Vera Vale", Role.CONTRIBUTOR, people.school)
    for person in (people.alice, people.bob, people.chair, volunteer):
        client.force_login(person)
        page = client.get("/network/").content.decode()
        assert "may be monitored" in page
        assert "STM-9.03" in page


@pytest.mark.clause("STM-9.02", "STM-9.04")
def test_it_says_what_the_school_blocks_and_what_follows_for_getting_round_it(client):
    people = a_st_marys()
    client.force_login(people.alice)
    page = client.get("/network/").content.decode()
    for words in ("x.com", "facebook.com", "instagram.com", "tiktok.com", "close supervision"):
        assert words in page


def test_each_person_sees_the_pages_that_they_may_open_and_each_opens(client):
    people = a_st_marys()
    for person in (people.alice, people.bob, people.dan, people.dsl, people.chair):
        client.force_login(person)
        pages = client.get("/network/").context["pages"]
        assert {client.get(page["url"]).status_code for page in pages} == {200}, person
