"""What the whole suite shares. Builders are in smgov/testing.py."""

import os

import pytest
from django.test.testcases import TransactionTestCase

from core import append_only

STRICT = os.environ.get("SMGOV_CI_STRICT") == "1"


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """In CI a missing Chromium or Redis is a failure, not a skip.

    What needs the other database is run by the suite's run on that database.
    """
    outcome = yield
    report = outcome.get_result()
    if STRICT and report.skipped and not hasattr(report, "wasxfail"):
        reason = str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)
        in_the_other_run = "needs PostgreSQL" in reason or "needs SQLite" in reason
        if "needs" in reason.lower() and not in_the_other_run:
            report.outcome = "failed"
            report.longrepr = f"CI must have every part: {reason}"


_teardown = TransactionTestCase._fixture_teardown


def _teardown_without_triggers(self):
    """A flush between tests deletes rows; the triggers come back with its post_migrate."""
    append_only.remove()
    _teardown(self)


TransactionTestCase._fixture_teardown = _teardown_without_triggers


@pytest.fixture(autouse=True)
def _fast_and_apart(settings, tmp_path):
    """No hashing, plain static files, mail in memory, and a var folder of the test's own."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.VAR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"
