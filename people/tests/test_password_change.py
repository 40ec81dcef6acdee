"""Choosing another password while signed in."""

from django.test import Client

from people.models import User
from people.tests.conftest import PASSWORD
from smgov.testing import Cast

URL = "/password/"
OTHER = "another four garden words"


def signed_in(user: User) -> Client:
    user.set_password(PASSWORD)
    user.save()
    client = Client()
    client.force_login(user)
    return client


def change(client: Client, old: str = PASSWORD, new: str = OTHER, again: str = OTHER):
    return client.post(URL, {"oldpassword": old, "password1": new, "password2": again})


def test_it_works_and_only_this_session_stays(cast: Cast, actions):
    here, elsewhere = signed_in(cast.alice), Client()
    elsewhere.force_login(User.objects.get(pk=cast.alice.pk))
    assert change(here).url == "/"
    assert "Your new password is saved" in here.get("/").content.decode()
    assert elsewhere.get("/deputies/").status_code == 302
    assert cast.alice.__class__.objects.get(pk=cast.alice.pk).check_password(OTHER)
    assert actions()[-1] == "people.password_changed"


def test_the_old_password_must_be_right(cast, actions):
    response = change(signed_in(cast.alice), old="something else entirely")
    assert response.status_code == 422
    assert "This is not the password that you use now" in response.content.decode()
    assert actions()[-1] == "people.sign_in_step_refused"


def test_a_weak_or_differing_password_is_refused(cast):
    client = signed_in(cast.alice)
    assert change(client, new="short", again="short").status_code == 422
    assert change(client, again="not the same words").status_code == 422


def test_the_old_password_is_not_to_be_guessed(cast):
    client = signed_in(cast.alice)
    assert [change(client, old=f"guess number {n}").status_code for n in range(6)] == [422] * 5 + [429]


def test_signed_out_people_are_asked_to_sign_in(client, db):
    assert client.get(URL).url == f"/sign-in/?next={URL}"
    assert change(client).url == f"/sign-in/?next={URL}"


def test_whoever_has_no_password_yet_is_led_to_the_code(client, cast):
    client.force_login(cast.alice)
    assert client.get(URL, follow=True).redirect_chain[-1][0] == "/password/forgotten/"
