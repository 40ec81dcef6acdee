"""Cases that belong together. Each person keeps their own part in each (CIT-8.02), each case its own readers."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from core.audit import audited, record
from core.errors import Refused
from incidents.concerns.access import concern_rules
from incidents.concerns.services.chronology import entry_write, locked
from incidents.models import CaseLink, Concern, Entry, EntryKind, Part
from incidents.services.reports import refuse_address
from people.models import User


def case_by_reference(user: User, reference: str) -> Concern | None:
    """The case with this reference, if the person may read it; None says no more than that."""
    wanted = reference.strip().upper()
    if wanted and not wanted.startswith("C-"):
        wanted = f"C-{wanted}"
    return concern_rules.visible_to(user, "view").filter(reference=wanted).first()


def naming_the_same(user: User, concern: Concern) -> QuerySet[Concern]:
    """Other cases which the person may read and which name the same pupil or colleague."""
    mine = Part.objects.filter(concern=concern, mistaken_at=None)
    pupils = mine.filter(pupil__isnull=False).values("pupil")
    people = mine.filter(user__isnull=False).values("user")
    same = Part.objects.filter(Q(pupil__in=pupils) | Q(user__in=people), mistaken_at=None)
    return concern_rules.visible_to(user, "view").filter(pk__in=same.values("concern")).exclude(pk=concern.pk)


def lines_shown(user: User, entries: Iterable[Entry]) -> list[Entry]:
    """The lines, without those that tell of another case which this person may not read.

    Whoever reads one case may be concerned by the other, and must not learn that it exists (subtle 57).
    """
    rows = list(entries)
    told = {row.data["concern"] for row in rows if row.kind == EntryKind.LINKED}
    if not told:
        return rows
    visible = concern_rules.visible_to(user, "view").filter(uuid__in=told).values_list("uuid", flat=True)
    readable = {str(uuid) for uuid in visible}
    dropped: set[int] = set()
    for row in sorted(rows, key=lambda one: one.pk):  # a correction goes with the line that it corrects
        hidden = row.kind == EntryKind.LINKED and row.data["concern"] not in readable
        if hidden or row.corrects_id in dropped:
            dropped.add(row.pk)
    return [row for row in rows if row.pk not in dropped]


def case_link(*, actor: User, concern: Concern, other: Concern, because: str) -> CaseLink:
    """Link two cases, both of which the person handles. Raises PermissionDenied, or Refused."""
    concern_rules.require(actor, "handle", concern)
    concern_rules.require(actor, "handle", other)
    if not because.strip():
        raise Refused("Say why the two belong together.", field="because")
    if concern.pk == other.pk:
        raise Refused("This is the case itself. Choose another one.", field="reference")
    with audited():
        # Locked in one order, so that two people who link them crosswise do not wait for each other.
        rows = {}
        for pk in sorted((concern.pk, other.pk)):
            source = concern if pk == concern.pk else other
            rows[pk] = locked(source, "work" if pk == concern.pk else "add")
        first, second = (rows[pk] for pk in sorted(rows))
        if first.image or second.image:
            refuse_address(because, "because")
        if CaseLink.objects.filter(first=first, second=second).exists():
            raise Refused("The two are linked already.", field="reference")
        link = CaseLink.objects.create(first=first, second=second, because=because.strip()[:300], by=actor)
        mine, its = rows[concern.pk], rows[other.pk]
        entry_write(mine, EntryKind.LINKED, by=actor, data={"concern": str(its.uuid)})
        entry_write(its, EntryKind.LINKED, by=actor, data={"concern": str(mine.uuid)})
        record("incidents.concern_linked", actor=actor, school=mine.school, subject=mine)
        if mine.school_id != its.school_id:
            record("incidents.concern_linked", actor=actor, school=its.school, subject=its)
    return link
