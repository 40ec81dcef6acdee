"""What the whole suite shares. Builders are in smgov/testing.py."""

import gc
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


TOUCHES_THE_DATABASE = {"db", "transactional_db", "django_db_setup", "live_server"}
"""Fixtures; whoever uses none of them, nor the marks below, cannot reach a database."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Marks `once` what CI runs on SQLite alone: what cannot reach a database, what a browser or a client opens.

    Services, constraints, triggers, locks and sweeps run on both. Pages do too, in one test that opens each of
    them as everybody (smgov/tests/access/test_table.py), so that their queries are asked of both.
    """
    for item in items:
        if item.get_closest_marker("postgres"):
            continue
        fixtures = set(getattr(item, "fixturenames", ()))
        reaches = item.get_closest_marker("django_db") or TOUCHES_THE_DATABASE & fixtures
        opens = "client" in fixtures or BROWSERS & set(vars(item.module))
        if not reaches or item.get_closest_marker("browser") or (opens and not _on_both(item)):
            item.add_marker(pytest.mark.once)


BROWSERS = {"Client", "sign_in_afresh"}
"""A file of tests that has one of these opens pages."""


def _on_both(item):
    """The one crawl of all pages."""
    return item.nodeid.endswith("test_table.py::test_everybody_gets_what_the_table_says[get]")


TOGETHER = (
    "core/tests/test_append_only.py",
    "smgov/tests/access/test_events.py",
    "smgov/tests/access/test_table.py",
    "smgov/tests/access/test_words.py",
    "smgov/tests/test_demo.py",
    "smgov/tests/test_portal_command.py",
    "smgov/tests/test_sweeps_under_faults.py",
)
"""Files whose tests share something that takes long to make: one worker has all of them, and begins early."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """`--dist loadgroup`: whoever is free takes the next test, or the next file of those above.

    The mark `xdist_group` is not asked: xdist 3.8 writes it where pytest 9 does not look.
    """
    if config.getvalue("dist") != "loadgroup":
        return None
    from xdist.scheduler import LoadScopeScheduling

    class OneByOne(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            file = nodeid.partition("::")[0]
            return file if file in TOGETHER else nodeid

    return OneByOne(config, log)


def pytest_collection_finish():
    """What is loaded by now stays to the end: Python need not look through it for garbage again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


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
