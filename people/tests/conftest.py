"""What the tests of this room share."""

import pytest
from django.core.cache import cache

from core.models import AuditEvent
from people import adapter
from smgov.testing import Cast, a_cit_trust

PASSWORD = "three plain garden words"


@pytest.fixture
def cast(db) -> Cast:
    """Everybody of the CIT trust."""
    return a_cit_trust()


@pytest.fixture(autouse=True)
def _no_counts_of_other_tests():
    """The count of wrong guesses lives in the cache."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def actions(db):
    """`actions()`: what the log holds, in order."""
    return lambda: list(AuditEvent.objects.order_by("number").values_list("action", flat=True))


class _AtOnce:
    """A post room that sends while one waits."""

    def submit(self, work, *args):
        """Do it now."""
        work(*args)


@pytest.fixture(autouse=True)
def _mail_at_once(monkeypatch):
    """Mails of the sign-in pages go out beside the request; a test reads them at once."""
    monkeypatch.setattr(adapter, "POST_ROOM", _AtOnce())
