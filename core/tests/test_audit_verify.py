"""`manage.py audit_verify` says how many events stand, or fails with the first bad place."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import ManagementUtility, call_command
from django.core.management.base import CommandError

from core import anchors, append_only
from core.audit import audited, record
from core.models import AuditEvent, AuditHead

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _three_events() -> None:
    for _ in range(3):
        with audited():
            record("core.notices_seen")


def exit_code(capsys: Any) -> tuple[int, str]:
    """What a shell sees: the exit code and both streams."""
    try:
        ManagementUtility(["manage.py", "audit_verify"]).execute()
    except SystemExit as end:
        return int(end.code or 0), "".join(capsys.readouterr())
    return 0, "".join(capsys.readouterr())


def test_an_intact_log_ends_with_0(capsys: Any) -> None:
    assert exit_code(capsys) == (0, "3 events, each in its place.\n")


def test_a_changed_event_ends_with_1_and_its_number(capsys: Any) -> None:
    append_only.remove()
    AuditEvent.objects.filter(number=2).update(data={"n": 1})
    code, text = exit_code(capsys)
    assert code == 1
    assert "Event 2: the event was changed." in text


def test_it_reads_the_anchors(settings: Any, tmp_path: Path) -> None:
    settings.VAR = tmp_path
    old = AuditHead.objects.values("count", "hash", "seal").get(pk=1)
    with audited():
        record("core.notices_seen")
    anchors.write(tmp_path)
    append_only.remove()
    AuditEvent.objects.filter(number=4).delete()
    AuditHead.objects.update(**old)
    with pytest.raises(CommandError, match="Event 4: events that were anchored"):
        call_command("audit_verify")


def test_an_empty_log_is_in_order() -> None:
    append_only.remove()
    AuditEvent.objects.all().delete()
    AuditHead.objects.update(count=0, hash="0" * 64, seal="")
    said = io.StringIO()
    call_command("audit_verify", stdout=said)
    assert said.getvalue() == "0 events, each in its place.\n"
