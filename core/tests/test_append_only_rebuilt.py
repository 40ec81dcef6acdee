"""A table that SQLite rebuilds loses its triggers, and the next migrate brings them back (design, section 4).

Apart from the other tests of the triggers, because it needs a database outside a transaction.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, models

from approvals.models import ApprovalRound
from core import append_only
from core.tests.test_append_only import on_sqlite, triggers, wanted


@pytest.fixture
def open_table(transactional_db: Any) -> Iterator[None]:
    """SQLite rebuilds a table only outside a transaction."""
    yield
    append_only.install()


@on_sqlite
def test_a_rebuilt_table_loses_its_triggers_and_migrating_brings_them_back(open_table: None) -> None:
    field = ApprovalRound._meta.get_field("hash")
    wider = models.CharField(max_length=65)
    wider.set_attributes_from_name("hash")
    wider.model = ApprovalRound
    for old, new in ((field, wider), (wider, field)):
        with connection.schema_editor() as editor:
            editor._remake_table(ApprovalRound, alter_fields=[(old, new)])
    assert not wanted(ApprovalRound) & triggers(), "SQLite drops them without a word"
    call_command("migrate", verbosity=0)
    assert wanted(ApprovalRound) <= triggers()
