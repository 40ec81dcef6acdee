"""The chronology of a case: every line as it was written, corrections beside what they correct."""

from collections import defaultdict
from typing import Any

from incidents.concerns import pages
from incidents.concerns.sections import Case, Section, case_section
from incidents.concerns.services.links import lines_shown
from incidents.models import Entry, EntryKind


@case_section(40)
def chronology(case: Case) -> Section:
    """All lines, the oldest first or the newest."""
    entries = lines_shown(case.user, case.concern.entries.all())
    by_pk = {entry.pk: entry for entry in entries}
    corrections: dict[int, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.corrects_id:
            corrections[_first(entry, by_pk).pk].append(entry)
    look = pages.Lookup(case, entries)
    lines = [
        _line(case, entry, look) | {"corrections": [_line(case, one, look) for one in corrections[entry.pk]]}
        for entry in entries
        if not entry.corrects_id
    ]
    if case.newest_first:
        lines.reverse()
    context = {
        "lines": lines,
        "newest_first": case.newest_first,
        "add_url": pages.address("case-note", case.concern),
    }
    return Section("chronology", "Chronology", "incidents/concerns/_chronology.html", context)


def _first(entry: Entry, by_pk: dict[int, Entry]) -> Entry:
    """The line that a chain of corrections goes back to."""
    while entry.corrects_id and entry.corrects_id in by_pk:
        entry = by_pk[entry.corrects_id]
    return entry


def _line(case: Case, entry: Entry, look: pages.Lookup) -> dict[str, Any]:
    """One line, in words."""
    hidden = pages.hides_words(case.concern, entry)
    text = entry.body.text if not hidden and hasattr(entry, "body") else ""
    return {
        "uuid": entry.uuid,
        "title": EntryKind(entry.kind).label,
        "when": entry.at,
        "happened": entry.happened_at,
        "by": pages.by_whom(case, entry),
        "told": "" if hidden else look.told_by(_without_words(entry.data, text)),
        "text": pages.shown_words(case.concern, text),
        "hidden": hidden,
        "correct_url": pages.address("case-correct", case.concern, entry.uuid) if text else "",
    }


def _without_words(data: dict[str, Any], text: str) -> dict[str, Any]:
    """A new action stands in the words of its line already."""
    return {key: value for key, value in data.items() if not (key == "action" and text and "due" in data)}
