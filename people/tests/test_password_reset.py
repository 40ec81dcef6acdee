"""A forgotten password: a code by e-mail, the same answers for known and unknown addresses."""

import re
import threading

import pytest
from django.core import mail
from django.test import Client

from core.models import AuditEvent
from people import adapter
from people.models import Invitation, User
from people.tests.conftest import PASSWORD
from people.tests.test_sign_in import WRONG, _skeleton, sign_in
from smgov.testing import Cast, a_person

ASK, CODE, NEW, DONE = (f"/password/forgotten/{step}" for step in ("", "code/", "new/", "done/"))
OTHER = "another four garden words"


def code_in(message) -> str:
    return re.search(r"Your code: (\S+)", message.body).group(1)


def reset(client: Client, email: str, password: str = OTHER):
    """The whole journey."""
    client.post(ASK, {"email": email})
    client.post(CODE, {"code": code_in(mail.outbox[-1])})
    return client.post(NEW, {"password1": password, "password2": password})


def test_the_code_opens_the_way_to_a_new_password(client, cast: Cast, actions):
    assert client.post(ASK, {"email": cast.alice.email.upper()}).url == CODE
    assert mail.outbox[0].to == [cast.alice.email]
    assert client.post(CODE, {"code": code_in(mail.outbox[0])}).url == NEW
    assert client.post(NEW, {"password1": OTHER, "password2": OTHER}).url == DONE
    assert "Your password is changed" in client.get(DONE).content.decode()
    assert sign_in(client, cast.alice.email, OTHER).status_code == 302
    assert actions() == [
        "people.password_reset_asked",
        "people.password_code_accepted",
        "people.password_changed",
        "people.signed_in",
    ]


def test_no_code_stands_on_a_page_or_in_the_log(client, cast):
    client.post(ASK, {"email": cast.alice.email})
    code = code_in(mail.outbox[0])
    assert code not in client.get(CODE).content.decode()
    assert not [event for event in AuditEvent.objects.all() if code in str(event.data)]


def test_other_sessions_of_the_person_end(client, cast):
    elsewhere = Client()
    elsewhere.force_login(cast.alice)
    assert elsewhere.get("/deputies/").status_code == 200
    reset(client, cast.alice.email)
    assert elsewhere.get("/deputies/").status_code == 302


def test_an_unknown_address_is_answered_the_same_and_gets_no_mail(cast):
    known, unknown = Client(), Client()
    typed = "nobody@hilltop.example.org"
    first, second = known.post(ASK, {"email": cast.alice.email}), unknown.post(ASK, {"email": typed})
    assert (first.status_code, first.url) == (second.status_code, second.url)
    assert len(mail.outbox) == 1
    pages = [_skeleton(known.get(CODE), cast.alice.email), _skeleton(unknown.get(CODE), typed)]
    assert pages[0] == pages[1]
    wrong = [
        _skeleton(known.post(CODE, {"code": "WRONG-1"}), cast.alice.email),
        _skeleton(unknown.post(CODE, {"code": "WRONG-1"}), typed),
    ]
    assert wrong[0] == wrong[1]


def test_the_mail_goes_out_beside_the_request_so_that_its_time_tells_nothing(client, cast, monkeypatch):
    gone, names = threading.Event(), []

    def slow(message):
        names.append(threading.current_thread().name)
        gone.set()

    monkeypatch.undo()
    monkeypatch.setattr(adapter, "_send", slow)
    client.post(ASK, {"email": cast.alice.email})
    assert gone.wait(5)
    assert names[0].startswith("sign-in-mail")


def test_a_mail_server_that_fails_is_no_difference_either(client, cast, settings, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1
    assert client.post(ASK, {"email": cast.alice.email}).url == CODE
    assert cast.alice.email not in caplog.text


def test_an_unknown_address_leaves_an_event_without_it(client, cast):
    client.post(ASK, {"email": "nobody@hilltop.example.org"})
    event = AuditEvent.objects.get()
    assert (event.action, event.actor, event.subject, event.data) == (
        "people.password_reset_asked",
        None,
        "",
        {},
    )


def test_a_known_address_leaves_an_event_about_the_person(client, cast):
    client.post(ASK, {"email": cast.alice.email})
    assert AuditEvent.objects.get().subject == f"people.user:{cast.alice.pk}"


def test_three_wrong_codes_end_it(client, cast, actions):
    client.post(ASK, {"email": cast.alice.email})
    assert [client.post(CODE, {"code": "WRONG-1"}).status_code for _ in range(3)] == [422, 422, 302]
    assert client.post(CODE, {"code": code_in(mail.outbox[0])}).url == "/sign-in/"
    assert actions()[1:] == ["people.sign_in_step_refused"] * 3


def test_the_code_is_of_no_use_in_another_browser(client, cast):
    client.post(ASK, {"email": cast.alice.email})
    other = Client()
    assert other.post(CODE, {"code": code_in(mail.outbox[0])}).url == "/sign-in/"
    assert other.get(NEW).url == ASK


def test_somebody_whose_sign_in_is_closed_is_treated_as_unknown(client, cast):
    User.objects.filter(pk=cast.alice.pk).update(is_active=False)
    assert client.post(ASK, {"email": cast.alice.email}).url == CODE
    assert mail.outbox == []


@pytest.mark.parametrize("bad", ["short", "123456789012345", "alice archer", "q1w2e3r4t5y6"])
def test_a_weak_password_is_refused_in_words(client, cast, bad):
    client.post(ASK, {"email": cast.alice.email})
    client.post(CODE, {"code": code_in(mail.outbox[0])})
    response = client.post(NEW, {"password1": bad, "password2": bad})
    assert response.status_code == 422
    assert "There is a problem" in response.content.decode()


def test_five_mails_in_ten_minutes_are_enough(client, cast):
    assert [client.post(ASK, {"email": cast.alice.email}).status_code for _ in range(6)] == [302] * 5 + [429]
    assert len(mail.outbox) == 5


def test_a_new_password_opens_an_address_that_was_closed_by_guesses(client, cast):
    for _ in range(10):
        sign_in(client, cast.alice.email, WRONG)
    reset(client, cast.alice.email)
    assert sign_in(client, cast.alice.email, OTHER).status_code == 302


def test_whoever_was_invited_and_resets_instead_has_joined(client, cast, actions):
    ina = a_person("Ina New", "staff", cast.hilltop)
    Invitation.objects.create(user=ina, school=cast.hilltop, invited_by=cast.dan)
    reset(client, ina.email)
    ina.refresh_from_db()
    assert ina.joined_at is not None
    assert Invitation.objects.get().accepted_at is not None
    assert actions()[-1] == "people.joined"


def test_next_never_leads_off_the_site(client, cast):
    response = client.post(ASK, {"email": cast.alice.email, "next": "https://evil.example/"})
    assert response.url == CODE
    page = client.get(f"{CODE}?next=https://evil.example/")
    assert client.post(CODE, {"code": code_in(mail.outbox[0]), "next": "https://evil.example/"}).url == NEW
    assert page.status_code == 200
    assert (
        client.post(NEW, {"password1": PASSWORD, "password2": PASSWORD, "next": "//evil.example"}).url == DONE
    )
