"""A lost Redis takes neither the pages nor the sign-in with it, and guessing is still counted."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as current
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings
from redis.backoff import NoBackoff
from redis.retry import Retry

from core import caches
from core.throttle import within
from smgov.testing import Cast, a_cit_trust
from smgov.tests.test_portal_command import free_port

PASSWORD = "teapot-maple-river"


@pytest.fixture
def lost(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cache of a real installation, whose Redis is not there."""
    monkeypatch.setattr(caches._Away, "until", 0.0)
    settings.CACHES = {
        "default": {
            "BACKEND": "core.caches.SteadyRedisCache",
            "LOCATION": f"redis://127.0.0.1:{free_port()}/0",
            "OPTIONS": {"socket_connect_timeout": 1, "retry": Retry(NoBackoff(), 1)},
        }
    }
    cache.clear()


def test_everything_that_a_cache_does_is_done_in_memory(lost: None) -> None:
    assert cache.add("a", 1)
    assert not cache.add("a", 2)
    assert (cache.get("a"), cache.incr("a"), cache.has_key("a"), cache.touch("a")) == (1, 2, True, True)
    cache.set("b", [1], 60)
    cache.set_many({"c": 1})
    assert cache.get_many(["b", "c"]) == {"b": [1], "c": 1}
    assert cache.delete("b")
    cache.delete_many(["c"])
    assert cache.get("c", "none") == "none"
    with pytest.raises(ValueError, match="not found"):
        cache.incr("c")


def test_a_redis_that_does_not_answer_is_not_asked_at_every_turn(lost: None, monkeypatch: Any) -> None:
    asked: list[int] = []

    def refuses(*args: Any, **kwargs: Any) -> None:
        asked.append(1)
        raise caches.RedisError

    monkeypatch.setattr(caches.RedisCache, "get", refuses)
    monkeypatch.setattr(caches._Away, "until", 0.0)
    for _ in range(5):
        cache.get("a")
    assert len(asked) == 1


def test_tries_are_counted_all_the_same(lost: None) -> None:
    assert [within("x", "key", 2, 60) for _ in range(3)] == [True, True, False]


@pytest.mark.django_db
def test_people_sign_in_and_guessing_is_still_closed(lost: None) -> None:
    cast: Cast = a_cit_trust()
    for user in (cast.alice, cast.bob):
        user.set_password(PASSWORD)
        user.save()
    tried = [_sign_in(Client(), cast.bob.email, "wrong-guess-again") for _ in range(11)]
    assert "not right" in tried[0]
    assert "Too many wrong tries" in tried[-1]
    client = Client()
    _sign_in(client, cast.alice.email, PASSWORD)
    assert client.get("/").status_code == 200


def _sign_in(client: Client, email: str, password: str) -> str:
    return client.post("/sign-in/", {"login": email, "password": password}, follow=True).content.decode()


def test_a_real_installation_has_this_cache(settings: Settings) -> None:
    assert callable(getattr(caches.SteadyRedisCache, "add", None))
    missing: list[Callable] = [
        name
        for name in vars(caches.RedisCache)
        if not name.startswith("_")
        and name not in vars(caches.SteadyRedisCache)
        and name != "get_backend_timeout"
    ]
    assert missing == []
    assert current.CACHES
