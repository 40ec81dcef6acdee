"""What a person typed when their session ended: theirs alone, unreadable at rest, used once."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpRequest, QueryDict
from django.test import RequestFactory

from core import kept_posts
from core.models import KeptPost
from core.roles import Role
from people.models import User
from smgov.testing import a_person, a_school

pytestmark = pytest.mark.django_db
PATH = "/requests/new/"
TYPED = {"aims": "Show families the Zebra class", "platform": ["1", "2"], "csrfmiddlewaretoken": "t"}


@pytest.fixture
def alice() -> User:
    return a_person("Alice Archer", Role.STAFF, a_school())


@pytest.fixture
def eve() -> User:
    return a_person("Eve Earl", Role.STAFF, a_school())


def posted(user: Any, data: dict | None = None, path: str = PATH) -> HttpRequest:
    request = RequestFactory().post(path, TYPED if data is None else data)
    request.user = user
    return request


def opened(user: Any, token: str | None, path: str = PATH) -> HttpRequest:
    request = RequestFactory().get(kept_posts.address(path, token))
    request.user = user
    return request


def test_what_was_typed_comes_back_whole(alice: User) -> None:
    token = kept_posts.keep(posted(alice))
    kept = kept_posts.take(opened(alice, token))
    assert isinstance(kept, QueryDict)
    assert dict(kept.lists()) == {"aims": ["Show families the Zebra class"], "platform": ["1", "2"]}


def test_it_is_used_once(alice: User) -> None:
    token = kept_posts.keep(posted(alice))
    assert kept_posts.take(opened(alice, token)) is not None
    assert kept_posts.take(opened(alice, token)) is None
    assert not KeptPost.objects.exists()


def test_nobody_else_can_take_it_and_it_stays_for_its_author(alice: User, eve: User) -> None:
    token = kept_posts.keep(posted(alice))
    assert kept_posts.take(opened(eve, token)) is None
    assert kept_posts.take(opened(AnonymousUser(), token)) is None
    assert kept_posts.take(opened(alice, token)) is not None


def test_a_row_given_to_another_person_in_the_database_opens_for_nobody(alice: User, eve: User) -> None:
    token = kept_posts.keep(posted(alice))
    KeptPost.objects.update(user=eve)
    assert kept_posts.take(opened(eve, token)) is None


def test_it_comes_back_on_its_own_page_only(alice: User) -> None:
    token = kept_posts.keep(posted(alice))
    assert kept_posts.take(opened(alice, token, "/requests/other/")) is None
    assert kept_posts.take(opened(alice, token)) is not None


def test_none_of_its_words_stand_in_the_database(alice: User) -> None:
    kept_posts.keep(posted(alice))
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM core_keptpost")
        raw = b" ".join(
            bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for v in cursor.fetchone()
        )
    for word in (b"Zebra", b"families", b"aims", b"platform"):
        assert word not in raw


def test_a_changed_row_is_not_shown(alice: User) -> None:
    token = kept_posts.keep(posted(alice))
    row = KeptPost.objects.get()
    sealed = bytearray(row.sealed)
    sealed[len(sealed) // 2] ^= 1
    row.sealed = bytes(sealed)
    row.save()
    assert kept_posts.take(opened(alice, token)) is None


def test_after_a_day_it_is_refused(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    token = kept_posts.keep(posted(alice))
    monkeypatch.setattr("cryptography.fernet.time.time", lambda: now + 24 * 60 * 60 + 60)
    assert kept_posts.take(opened(alice, token)) is None


def test_shortly_before_a_day_it_is_still_there(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    token = kept_posts.keep(posted(alice))
    monkeypatch.setattr("cryptography.fernet.time.time", lambda: now + 24 * 60 * 60 - 60)
    assert kept_posts.take(opened(alice, token)) is not None


def test_the_sweep_deletes_what_is_older_than_a_day(alice: User) -> None:
    old, fresh = kept_posts.keep(posted(alice)), kept_posts.keep(posted(alice))
    row = KeptPost.objects.get(uuid=old)
    row.created_at -= timedelta(hours=25)
    row.save()
    assert kept_posts.clear_old() == 1
    assert [str(row.uuid) for row in KeptPost.objects.all()] == [fresh]


@pytest.mark.parametrize(
    "field",
    ["password", "password1", "password2", "oldpassword", "new_password", "current-password", "Password"],
)
def test_a_password_is_never_kept(alice: User, field: str) -> None:
    assert kept_posts.keep(posted(alice, {field: "correct horse battery"})) is None
    token = kept_posts.keep(posted(alice, {field: "correct horse battery", "email": "a@example.org"}))
    assert dict(kept_posts.take(opened(alice, token)).lists()) == {"email": ["a@example.org"]}


def test_nothing_is_kept_of_strangers_empty_forms_pages_and_floods(alice: User) -> None:
    page = RequestFactory().get(PATH, TYPED)
    page.user = alice
    assert kept_posts.keep(page) is None
    assert kept_posts.keep(posted(AnonymousUser())) is None
    assert kept_posts.keep(posted(alice, {"csrfmiddlewaretoken": "t"})) is None
    assert kept_posts.keep(posted(alice, {"aims": "x" * kept_posts.LARGEST})) is None
    assert not KeptPost.objects.exists()


@pytest.mark.parametrize(
    "token", ["", "x", "1", "' OR 1=1", "\x00", "é", "7f253b43-2500-4b0f-90a3-fa594fb76553", "0" * 5000]
)
def test_a_token_that_is_none_gives_nothing(alice: User, token: str) -> None:
    request = RequestFactory().get(PATH, {"kept": token})
    request.user = alice
    assert kept_posts.take(request) is None


def test_the_address_carries_the_token() -> None:
    assert kept_posts.address("/a/", None) == "/a/"
    assert kept_posts.address("/a/", "t") == "/a/?kept=t"
    assert kept_posts.address("/a/?page=2", "t") == "/a/?page=2&kept=t"


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({"Origin": "http://testserver"}, True),
        ({"Referer": "http://testserver/requests/new/"}, True),
        ({"Origin": "http://testserver.example.com"}, False),
        ({"Origin": "http://evil.example.com", "Referer": "http://testserver/"}, False),
        ({"Origin": "null"}, False),
        ({}, False),
    ],
)
def test_only_forms_from_the_portal_itself_are_kept(headers: dict[str, str], ours: bool) -> None:
    assert kept_posts.same_site(RequestFactory().post(PATH, headers=headers)) is ours
