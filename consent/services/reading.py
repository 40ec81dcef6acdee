"""Reading that is recorded: one pupil's whole record, a scan, and lists that are taken out."""

from collections.abc import Iterable

from consent.access import pupil_rules, reply_rules
from consent.models import Pupil, Scan
from core.audit import audited, record
from people.models import School, User


def history_read(*, actor: User, pupil: Pupil) -> None:
    """Record that somebody reads the whole record of a pupil. Raises PermissionDenied."""
    pupil_rules.require_at(actor, "details", pupil.school)
    with audited():
        record("consent.history_read", actor=actor, school=pupil.school, subject=pupil)


def scan_opened(*, actor: User, scan: Scan) -> None:
    """Record that somebody opens a scan. Raises PermissionDenied where they do not see its reply."""
    reply_rules.require(actor, "view", scan.reply)
    with audited():
        record(
            "consent.scan_opened",
            actor=actor,
            school=scan.reply.school,
            subject=scan.reply.pupil,
            data={"scan": str(scan.uuid)},
        )


def register_exported(*, actor: User, school: School, pupils: int, filters: Iterable[str]) -> None:
    """Record that a list of pupils is taken out of the portal. Raises PermissionDenied."""
    pupil_rules.require_at(actor, "classes", school)
    with audited():
        record(
            "consent.register_exported",
            actor=actor,
            school=school,
            data={"pupils": pupils, "filters": sorted(filters)},
        )


def coverage_exported(*, actor: User, school: School | None) -> None:
    """Record that figures are taken out; no school: of all schools of the actor."""
    with audited():
        record("consent.coverage_exported", actor=actor, school=school)
