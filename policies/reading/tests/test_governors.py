"""Governors read how many have read a document, and no names."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from people.models import User
from policies.reading.services import readers_remind
from policies.reading.tests.cases import a_document, in_force, read
from smgov.testing import Cast, a_cit_trust

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return a_cit_trust()


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_governor_reads_numbers_and_no_names(cast) -> None:
    document = a_document(cast.hilltop)
    read(cast.alice, in_force(document))
    governor = client_of(cast.chair)
    status = f"/policies/reading/documents/{document.uuid}/"
    overview = governor.get("/policies/reading/documents/")
    assert overview.status_code == 200
    words = overview.content.decode()
    assert "1 of 3" in words
    assert status not in words
    assert document.get_absolute_url() in words
    page = governor.get(document.get_absolute_url()).content.decode()
    assert "1 of 3 people who are asked to read it have" in page
    assert status not in page
    for path in (status, f"{status}export/"):
        assert governor.get(path).status_code == 403
    with pytest.raises(PermissionDenied):
        readers_remind(actor=cast.chair, document=document)
    assert status in client_of(cast.bob).get("/policies/reading/documents/").content.decode()
