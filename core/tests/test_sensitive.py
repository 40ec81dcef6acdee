"""A page about somebody's wrongdoing: a shorter rest, and nothing that is sent to it is kept aside."""

import time

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import path
from django.views import View

from core.access import is_sensitive
from core.models import KeptPost
from smgov.testing import a_cit_trust
from smgov.urls import urlpatterns as real

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


class Secret(View):
    access_declared = "signed in"
    sensitive = True

    def get(self, request):
        return HttpResponse("secret")

    post = get


urlpatterns = [path("secret/", Secret.as_view(), name="secret"), *real]


def rest(client: Client, seconds: int) -> None:
    session = client.session
    session["last_seen"] = time.time() - seconds
    session.save()


def test_a_view_says_of_itself_that_it_is_sensitive():
    assert is_sensitive("/secret/")
    assert not is_sensitive("/")
    assert not is_sensitive("/no/such/page/")


@pytest.mark.parametrize(
    ("address", "minutes", "status"),
    [
        ("/secret/", 14, 200),
        ("/secret/", 16, 302),
        ("/notices/", 16, 200),
        ("/notices/", 31, 302),
    ],
)
def test_an_idle_session_ends_sooner_on_it(client, address, minutes, status):
    client.force_login(a_cit_trust().bob)
    client.get("/")
    rest(client, minutes * 60)
    assert client.get(address).status_code == status


def test_what_was_sent_to_it_is_not_kept(client):
    client.force_login(a_cit_trust().bob)
    client.get("/")
    rest(client, 40 * 60)
    client.post("/secret/", {"who": "a pupil"}, headers={"origin": "http://testserver"})
    assert not KeptPost.objects.exists()
    client.force_login(a_cit_trust().bob)
    client.get("/")
    rest(client, 40 * 60)
    client.post("/notices/", {"who": "a pupil"}, headers={"origin": "http://testserver"})
    assert KeptPost.objects.exists(), "the control: on other pages it is"
