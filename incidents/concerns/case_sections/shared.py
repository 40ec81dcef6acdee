"""What the sections of this part read once for all of them."""

from django.db.models import Prefetch, prefetch_related_objects

from incidents.models import Concern, Entry, EntryKind, Part, PartIn
from incidents.services.reports import without_addresses

KINDS = (
    EntryKind.DECISION,
    EntryKind.SANCTION,
    EntryKind.PARENTS,
    EntryKind.CLOSED,
    EntryKind.HEARING,
)


def read_once(concern: Concern) -> None:
    """Referrals, actions and people of the case; what is there already is not read again."""
    people = Part.objects.select_related("user", "pupil")
    prefetch_related_objects([concern], "referrals", "actions", Prefetch("parts", people))


def lines_of(concern: Concern) -> list[Entry]:
    """The lines of the chronology from which these sections are made, with their words."""
    if "entries" not in getattr(concern, "_prefetched_objects_cache", {}):
        prefetch_related_objects([concern], Prefetch("entries", Entry.objects.select_related("by", "body")))
    return [row for row in concern.entries.all() if row.kind in KINDS]


def words(entry: Entry | None) -> str:
    """The words of a line, as long as they are kept."""
    text = getattr(getattr(entry, "body", None), "text", "")
    return without_addresses(text) if text and entry and entry.concern.image else text


def people_in(concern: Concern, part: PartIn | None = None) -> list[Part]:
    """Those with a part in it, without mistakes."""
    return [row for row in concern.parts.all() if row.mistaken_at is None and part in (None, row.part)]
