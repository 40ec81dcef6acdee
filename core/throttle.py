"""How often something may be asked for by people who are not signed in, counted in the cache.

The cache goes on when Redis is away (core.caches), so nobody is locked out and nothing is free.
"""

import hashlib
import time

from django.core.cache import cache


def within(what: str, key: str, most: int, seconds: int) -> bool:
    """Count one try; whether there were at most `most` in the present stretch of `seconds`.

    The key (an address of a network or a person) is kept as a hash, and only for as long as it counts.
    """
    stretch = int(time.time()) // seconds
    name = hashlib.sha256(f"{what}:{key}:{stretch}".encode()).hexdigest()
    cache.add(name, 0, timeout=seconds)
    try:
        return cache.incr(name) <= most
    except ValueError:  # it ran out between the two, or Redis went or came back
        return True
