"""Anchors of the audit chain outside the database."""

from pathlib import Path
from typing import Any

import pytest

from core import anchors
from core.audit import audited, record
from core.models import AuditEvent
from core.tasks import anchor_audit

pytestmark = pytest.mark.django_db


def an_event() -> str:
    with audited():
        record("core.notices_seen")
    return AuditEvent.objects.latest("number").hash


def test_the_head_is_written_as_a_line(tmp_path: Path) -> None:
    hash_ = an_event()
    assert anchors.write(tmp_path) == f"1 {hash_}"
    assert (tmp_path / anchors.FILE).read_text() == f"1 {hash_}\n"


def test_a_head_that_has_not_moved_is_not_written_again(tmp_path: Path) -> None:
    first = an_event()
    anchors.write(tmp_path)
    anchors.write(tmp_path)
    second = an_event()
    anchors.write(tmp_path)
    assert anchors.read(tmp_path) == [(1, first), (2, second)]


def test_an_empty_log_writes_nothing(tmp_path: Path) -> None:
    assert anchors.write(tmp_path) == ""
    assert not (tmp_path / anchors.FILE).exists()
    assert anchors.read(tmp_path) == []


def test_lines_that_are_no_anchor_are_left_out(tmp_path: Path) -> None:
    (tmp_path / anchors.FILE).write_text("\n3 aaa\nthree aaa\n4\n5 a b\n² aaa\n-1 aaa\n6 bbb\n7 cc")
    assert anchors.read(tmp_path) == [(3, "aaa"), (6, "bbb"), (7, "cc")]


def test_the_task_writes_into_the_folder_of_the_portal(tmp_path: Path, settings: Any) -> None:
    settings.VAR = tmp_path
    an_event()
    line = anchor_audit()
    assert (tmp_path / anchors.FILE).read_text() == line + "\n"
