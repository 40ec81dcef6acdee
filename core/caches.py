"""A cache in Redis that a lost Redis does not take the pages with.

The cache holds nothing but counts of tries (sign-in, links, calendars). Were an error of it raised, nobody could
sign in; were it swallowed, guessing would be free. So while Redis does not answer, each web process counts in its
own memory: a guesser gets at most the allowed tries once more for each process, and everybody else goes on.
"""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
MOST = 100_000
"""Counts kept in memory: with Django's 300, whoever guesses widely would push out what counts them."""
REST = 10.0
"""Seconds for which a Redis that did not answer is not asked again, so that no page waits for it in vain."""


class _Away:
    """When Redis may be asked again (seconds of the monotonic clock): one for the whole process."""

    until = 0.0


class SteadyRedisCache(RedisCache):
    """Django's cache in Redis; while that does not answer, this process's own memory."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._memory = LocMemCache("steady-redis", {**params, "OPTIONS": {"MAX_ENTRIES": MOST}})

    def _either(self, name: str, in_redis: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= _Away.until:
            try:
                return in_redis(*args, **kwargs)
            except RedisError as error:
                _Away.until = time.monotonic() + REST
                logger.error("Redis does not answer (%s): counting in memory", type(error).__name__)
        return getattr(self._memory, name)(*args, **kwargs)

    def add(self, *args: Any, **kwargs: Any) -> Any:
        """As Django's."""
        return self._either("add", super().add, *args, **kwargs)

    def get(self, *args: Any, **kwargs: Any) -> Any:
        """As Django's."""
        return self._either("get", super().get, *args, **kwargs)

    def set(self, *args: Any, **kwargs: Any) -> Any:
        """As Django's."""
        return self._either("set", super().set, *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> Any:
        """As Django's."""
        return self._either("touch", super().touch, *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """As Django's."""
        return self._either("delete", super().delete, *args, **kwargs)

    def get_many(self, *args: Any, **kwargs: Any) -> Any:
        """As Django's."""
        return self._either("get_many", super().get_many, *args, **kwargs)

    def has_key(self, *args: Any, **kwargs: Any) -> Any:
        """As Django's."""
        return self._either("has_key", super().has_key, *args, **kwargs)

    def incr(self, *args: Any, **kwargs: Any) -> Any:
        """As Django's. Raises ValueError where there is nothing to count up."""
        return self._either("incr", super().incr, *args, **kwargs)

    def set_many(self, *args: Any, **kwargs: Any) -> Any:
        """As Django's."""
        return self._either("set_many", super().set_many, *args, **kwargs)

    def delete_many(self, *args: Any, **kwargs: Any) -> Any:
        """As Django's."""
        return self._either("delete_many", super().delete_many, *args, **kwargs)

    def clear(self) -> Any:
        """As Django's."""
        return self._either("clear", super().clear)
