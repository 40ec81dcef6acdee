"""What happens by itself: concerns that nobody read, roads on which nobody is left, access that has run out.

All sweeps may run twice and cost what is due.
"""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from core.audit import audited, record
from core.sweeps import sweep_due
from incidents.concerns.roads import next_after
from incidents.concerns.selectors import has_readers, on_the_road, open_specs, readers_of
from incidents.concerns.services.chronology import entry_write
from incidents.concerns.services.people import road_mend
from incidents.concerns.services.sending import facts_of, share_end, steps_add, tell
from incidents.models import Action, Concern, ConcernStep, EntryKind, Share, Status
from people.models import Membership
from people.models.membership import active_q
from people.selectors import holders, profile_of

BATCH = 200


def unread_widen() -> int:
    """Concerns unread after the school's time go to a deputy, and after as long again further (issue: unread)."""
    due = Concern.objects.filter(status=Status.UNREAD, first_read_at=None, read_due_at__lte=timezone.now())
    return sweep_due("concern", due, _widen, by="read_due_at", limit=BATCH)


def _widen(pk: int) -> bool:
    with audited():
        row = Concern.objects.select_for_update(of=("self",), no_key=True).select_related("school").get(pk=pk)
        if row.status != Status.UNREAD or row.read_due_at is None or row.read_due_at > timezone.now():
            return False
        out = list(row.excluded.filter(lifted_at=None).values_list("user", flat=True))
        before = {user.pk for user in on_the_road(row)}
        specs = next_after(open_specs(row), child=facts_of(row).child)
        fresh = next(
            (spec for spec in specs if holders(row.school, spec).exclude(pk__in=[*out, *before]).exists()),
            None,
        )
        hours = profile_of(row.school).concern_unread_hours
        row.read_due_at = timezone.now() + timedelta(hours=hours) if fresh else None
        row.save(update_fields=["read_due_at"])
        if fresh is not None:
            steps_add(row, [fresh], ConcernStep.Because.UNREAD)
            entry_write(row, EntryKind.WIDENED, by=None, data={"steps": [fresh]})
            record("incidents.concern_widened", school=row.school, subject=row)
        # Everybody hears again: whoever has had it since the beginning, and whoever is new.
        tell(row, "incidents.concern_unread", readers_of(row), key=f":unread:{fresh or 'last'}")
    return True


def roads_mend() -> int:
    """Concerns that are not closed and of which nobody is left to hear: the next ones hear of them now."""
    left = Concern.objects.exclude(status=Status.CLOSED).filter(~has_readers())
    return sweep_due("concern", left, _mend, by="pk", limit=BATCH)


def _mend(pk: int) -> bool:
    with audited():
        row = Concern.objects.select_for_update(of=("self",), no_key=True).select_related("school").get(pk=pk)
        return not on_the_road(row) and bool(road_mend(row))


def shares_over() -> int:
    """Access by name that has run out: it counted no more from its end; here the history row ends too.

    So does that of people who have left the school: if they come back, they are let in anew.
    """
    over = Share.objects.filter(_is_over(), ended_at=None)
    return sweep_due("share", over, _share_over, by="pk", limit=BATCH)


def _is_over() -> Q:
    """Shares whose end has come, or whose person holds no role at the school any more."""
    here = Membership.objects.filter(
        active_q(),
        Q(school=OuterRef("concern__school")) | Q(trust=OuterRef("concern__school__trust")),
        user=OuterRef("user"),
    )
    return Q(until__lte=timezone.now()) | ~Exists(here)


def _share_over(pk: int) -> bool:
    with audited():
        key = Share.objects.values_list("concern", flat=True).get(pk=pk)
        row = (
            Concern.objects.select_for_update(of=("self",), no_key=True).select_related("school").get(pk=key)
        )
        share = Share.objects.select_for_update(of=("self",), no_key=True).select_related("user").get(pk=pk)
        if share.ended_at is not None or not Share.objects.filter(_is_over(), pk=pk).exists():
            return False
        share_end(row, share, by=None)
        entry_write(row, EntryKind.UNSHARED, by=None, data={"user": str(share.user.uuid)})
        record("incidents.concern_unshared", school=row.school, subject=row)
    return True


def actions_due() -> int:
    """Tell the owner of an action, or the road, that it is due today; and once more when it is late."""
    now = timezone.now()
    open_ones = Action.objects.filter(done_at=None).exclude(concern__status=Status.CLOSED)
    coming = Q(told_at=None, due_at__lte=now + timedelta(hours=24))
    late = Q(late_told_at=None, due_at__lte=now)
    return sweep_due("action", open_ones.filter(coming | late), _action_due, by="due_at", limit=BATCH)


def _action_due(pk: int) -> bool:
    with audited():
        row = (
            Action.objects.select_for_update(of=("self",), no_key=True)
            .select_related("concern__school", "owner")
            .get(pk=pk)
        )
        now = timezone.now()
        is_late = row.due_at <= now
        if row.done_at or (row.late_told_at if is_late else row.told_at):
            return False
        row.told_at = row.told_at or now
        row.late_told_at = now if is_late else None
        row.save(update_fields=["told_at", "late_told_at"])
        readers = readers_of(row.concern)
        mine = [user for user in readers if user.pk == row.owner_id] if row.owner_id else []
        kind = "incidents.action_late" if is_late else "incidents.action_due"
        tell(
            row.concern,
            kind,
            (mine or readers) if not is_late else readers,
            key=f":action:{row.pk}:{row.due_at:%Y%m%d%H%M%S}",
        )
    return True
