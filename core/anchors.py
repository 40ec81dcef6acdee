"""Anchors of the audit chain in a file outside the database, so that a cut tail is seen."""

from pathlib import Path

from core.models import AuditHead

FILE = "audit-anchors.log"


def write(folder: Path) -> str:
    """Add the present head as one line, `count hash`, unless it is the last line already."""
    head = AuditHead.objects.filter(pk=1).first()
    if head is None or not head.count:
        return ""
    line = f"{head.count} {head.hash}"
    path = folder / FILE
    known = path.read_text().splitlines() if path.exists() else []
    if not known or known[-1] != line:
        with path.open("a") as file:
            file.write(line + "\n")
    return line


def read(folder: Path) -> list[tuple[int, str]]:
    """All anchors, oldest first; a line that is no anchor is left out."""
    path = folder / FILE
    if not path.exists():
        return []
    pairs = (line.split() for line in path.read_text().splitlines())
    return [(int(pair[0]), pair[1]) for pair in pairs if len(pair) == 2 and pair[0].isdecimal()]
