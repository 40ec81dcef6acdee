"""How long the words of declared links and of departures are kept, and who may keep them longer (quality E8).

Their time is over some years after the record ended, or after whoever made it left the school: the school's setting
says how many. Then it is shut, and its maker is shown no words any more; a moment later the words are erased. What
waits for somebody, or is held by whoever hears or answers it, is shut but not erased, and the log says that it was put
off. So its maker sees the same whether somebody holds it or not. Ids, days and the kind stay. Of an erased link only
the declarer sees that there was one: whoever was kept out because it named them would otherwise see it appear.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils import timezone

from core.access import Rules
from core.audit import audited, record, subject_key
from core.clock import LONDON
from core.errors import Refused, Stale
from core.models import AuditEvent
from core.sweeps import sweep_due
from people.models import Membership, School, User
from people.selectors import profiles_of
from policies.declarations.access import declaration_rules, departure_rules
from policies.declarations.departures import WAITING
from policies.declarations.relationships import HEARD, MOST_NOTE, end_write
from policies.models import (
    Declaration,
    DeclarationHold,
    DeclarationNote,
    DeclarationStep,
    Departure,
    DepartureHold,
    DepartureNote,
)

Kept = Declaration | Departure
Hold = DeclarationHold | DepartureHold
REMIND = timedelta(days=30)
"""That an erasure was put off is recorded this often at most."""
HELD, NOT_NOTED, NOT_ANSWERED = "held", "not_noted", "not_answered"
MOST_YEARS = 25
ON_ERASED: list[Callable[[Declaration], None]] = []
"""What the rooms above erase with the words of a link: links to pupils. Each runs in the transaction."""


@dataclass(frozen=True)
class Keeping:
    """How the words of one kind of record are kept.

    Attributes:
        name: what it is called, and the field of its holds that leads to it.
        holds: the model of its holds.
        rules, action: who may keep the words longer.
        erased: the field that says when they were erased.
        waits, why: what still waits for somebody, and stays until then; the word for it in the log.
        over: what else must be over before that moment.
        end: ends what is open, and returns the moment at which it is shut.
        empty: takes the words away, in the transaction.
        log: the names of what is recorded.
    """

    name: str
    holds: type[Model]
    rules: Rules
    action: str
    erased: str
    waits: Callable[[], Q]
    why: str
    over: Callable[[datetime], Q]
    end: Callable[[Any], datetime]
    empty: Callable[[Any], None]
    log: Mapping[str, str]

    @property
    def rows(self) -> QuerySet[Any]:
        """All records of the kind."""
        return self.rules.model._default_manager.all()

    def locked(self, pk: int) -> Any:
        """One record, locked until the transaction ends."""
        rows = self.rows.select_for_update(of=("self",), no_key=True)
        return rows.select_related("school", "by").get(pk=pk)

    def held(self) -> Exists:
        """Whether somebody keeps it longer."""
        holds = self.holds._default_manager.filter(lifted_at=None, until__gte=timezone.localdate())
        return Exists(holds.filter(**{self.name: OuterRef("pk")}))


def declarations_shut(limit: int = 500) -> int:
    """Shut what is over by each school's setting, then erase the words of what is shut; safe to run twice.

    Returns how many it shut or erased, links and departures. A school that has not chosen how long keeps everything.
    """
    return sum(_kind_shut(kind, limit) for kind in KEEPINGS.values())


def _kind_shut(kind: Keeping, limit: int) -> int:
    done = 0
    for cut, schools in _cuts(timezone.localdate()).items():
        rows = kind.rows.filter(_over(kind, cut), school__in=schools, shut_at=None)
        one = partial(_shut, kind, cut=cut)
        done += sweep_due(f"{kind.name} shut", rows, one, by="pk", limit=limit)
    stands = kind.rows.filter(**{"shut_at__isnull": False, kind.erased: None})
    free = stands.exclude(kind.held()).exclude(kind.waits())
    done += sweep_due(f"{kind.name} erased", free, partial(_erase, kind), by="shut_at", limit=limit)
    still = stands.filter(kind.held() | kind.waits())
    sweep_due(f"{kind.name} put off", still, partial(_put_off, kind), by="shut_at", limit=limit)
    return done


def words_hold(*, actor: User, row: Kept, until: date, reason: str) -> Hold:
    """Keep the words until a day, beyond their time; in place of an earlier hold. Who made it is not told.

    `until` is the last day, in London, in 25 years at most. Raises PermissionDenied for anybody but who hears or
    answers it, Refused for a day that has passed or no reason, Stale where the words are erased.
    """
    kind = KEEPINGS[type(row)]
    kind.rules.require(actor, kind.action, row)
    reason, today = reason.strip(), timezone.localdate()
    if not today < until <= _years(today, -MOST_YEARS):
        raise Refused(f"Choose a day after today, in {MOST_YEARS} years at most.", field="until")
    if not reason:
        raise Refused("Say why it is kept longer.", field="reason")
    if len(reason) > MOST_NOTE:
        raise Refused(f"Shorten this to {MOST_NOTE} characters.", field="reason")
    with audited():
        row = kind.locked(row.pk)
        if row.erased_at:
            raise Stale("The words were erased. There is nothing left to keep.")
        old = row.holds.filter(lifted_at=None).first()
        if old and (old.by_id, old.until, old.reason) == (actor.pk, until, reason):
            return old
        if old:
            _lift(old, actor)
        hold = row.holds.create(by=actor, until=until, reason=reason)
        about = {"actor": actor, "school": row.school, "subject": row}
        record(kind.log["held"], data={"until": until.isoformat()}, **about)
    return hold


def words_release(*, actor: User, row: Kept) -> Kept:
    """End a hold before its day, as one who may hold. Raises PermissionDenied, or Stale."""
    kind = KEEPINGS[type(row)]
    kind.rules.require(actor, kind.action, row)
    with audited():
        row = kind.locked(row.pk)
        hold = row.holds.filter(lifted_at=None).first()
        if hold is None:
            raise Stale("It is not kept longer any more.")
        _lift(hold, actor)
        record(kind.log["released"], actor=actor, school=row.school, subject=row)
    return row


def _lift(hold: Hold, actor: User) -> None:
    hold.lifted_at, hold.lifted_by = timezone.now(), actor
    hold.save(update_fields=["lifted_at", "lifted_by"])


def _cuts(today: date) -> dict[datetime, list[int]]:
    """The moment before which it must have ended, with the schools that have chosen so many years."""
    schools = list(School.objects.select_related("trust"))
    profiles = profiles_of(schools)
    found: dict[datetime, list[int]] = {}
    for school in schools:
        if years := profiles[school.pk].retention_declarations:
            cut = datetime.combine(_years(today, years), time(), LONDON)
            found.setdefault(cut, []).append(school.pk)
    return found


def _years(day: date, back: int) -> date:
    """The same day some years ago, or with a negative number to come; 1 March where there is no 29 February."""
    try:
        return day.replace(year=day.year - back)
    except ValueError:
        return date(day.year - back, 3, 1)


def _over(kind: Keeping, cut: datetime) -> Q:
    """Ended before the moment; or made by somebody who has held nothing at the school since."""
    there = Q(school=OuterRef("school")) | Q(trust=OuterRef("school__trust"))
    lately = Q(ended_at=None) | Q(ended_at__gte=cut)
    lately &= Q(ends=None) | Q(ends__gte=cut.date())
    here = Membership.objects.filter(there, lately, user=OuterRef("by"))
    return (Q(ended_at__lt=cut) | Q(ended_at=None, at__lt=cut) & ~Exists(here)) & kind.over(cut)


def why_kept(kind: Keeping, pk: int) -> str:
    """Why the words of what is over stay for now: HELD, the kind's own word, or "" where they may go."""
    rows = kind.rows.filter(pk=pk)
    if rows.filter(kind.held()).exists():
        return HELD
    return kind.why if rows.filter(kind.waits()).exists() else ""


def _shut(kind: Keeping, pk: int, cut: datetime) -> bool:
    with audited():
        row = kind.locked(pk)
        if row.shut_at or not kind.rows.filter(_over(kind, cut), pk=pk).exists():
            return False
        row.shut_at = kind.end(row)
        row.save(update_fields=["shut_at"])
        record(kind.log["shut"], school=row.school, subject=row)
    return True


def _erase(kind: Keeping, pk: int) -> bool:
    with audited():
        row = kind.locked(pk)
        if row.shut_at is None or row.erased_at or why_kept(kind, pk):
            return False
        kind.empty(row)
        row.holds.update(reason="")
        record(kind.log["erased"], school=row.school, subject=row)
    return True


def _put_off(kind: Keeping, pk: int) -> bool:
    """Record that the words stay and why, once a month."""
    with audited():
        row = kind.locked(pk)
        reason = why_kept(kind, pk)
        events = AuditEvent.objects.filter(action=kind.log["put_off"], subject=subject_key(row))
        last = events.order_by("-number").first()
        if not reason or row.erased_at or (last and last.at > timezone.now() - REMIND):
            return False
        record(kind.log["put_off"], school=row.school, subject=row, data={"reason": reason})
    return True


# Links ---------------------------------------------------------------------------------------


def _link_unheard() -> Q:
    return ~Q(Exists(DeclarationStep.objects.filter(declaration=OuterRef("pk"), did__in=HEARD)))


def _link_end(row: Declaration) -> datetime:
    """Shut at the very moment where it ends by this alone: its page tells by that (`pages.OVER`)."""
    if row.ended_at is None:
        end_write(row, None)
        return row.ended_at
    return timezone.now()


def _link_empty(row: Declaration) -> None:
    text = row.text
    text.person, text.details, text.erased_at = "", "", timezone.now()
    text.save(update_fields=["person", "details", "erased_at"])
    DeclarationNote.objects.filter(step__declaration=row).delete()
    row.names.clear()
    row.eighteen_on = None
    row.save(update_fields=["eighteen_on"])
    for erase in ON_ERASED:
        erase(row)


# Departures ----------------------------------------------------------------------------------


def _departure_empty(row: Departure) -> None:
    row.what, row.why, row.erased_at = "", "", timezone.now()
    row.save(update_fields=["what", "why", "erased_at"])
    DepartureNote.objects.filter(step__departure=row).delete()


KEEPINGS: dict[type[Model], Keeping] = {
    Declaration: Keeping(
        "declaration",
        DeclarationHold,
        declaration_rules,
        "hear",
        erased="text__erased_at",
        waits=_link_unheard,
        why=NOT_NOTED,
        over=lambda cut: Q(),
        end=_link_end,
        empty=_link_empty,
        log={
            "shut": "policies.declaration_shut",
            "erased": "policies.declaration_erased",
            "put_off": "policies.declaration_erasure_put_off",
            "held": "policies.declaration_held",
            "released": "policies.declaration_released",
        },
    ),
    Departure: Keeping(
        "departure",
        DepartureHold,
        departure_rules,
        "answer",
        erased="erased_at",
        waits=lambda: Q(state__in=WAITING),
        why=NOT_ANSWERED,
        over=lambda cut: Q(on__lt=cut.date()),  # what was agreed for a day to come is not over before it
        end=lambda row: timezone.now(),
        empty=_departure_empty,
        log={
            "shut": "policies.departure_shut",
            "erased": "policies.departure_erased",
            "put_off": "policies.departure_erasure_put_off",
            "held": "policies.departure_held",
            "released": "policies.departure_released",
        },
    ),
}
