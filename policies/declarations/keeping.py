"""How long the words of a declared link are kept, and who may keep them longer (quality E8).

Its time is over some years after it ended, or after whoever made it left the school: the school's setting says how
many. Then it is shut, and its declarer is shown no words any more; a moment later the words are erased. What waits to
be noted, or is held by whoever hears it, is shut but not erased, and the log says that it was put off. So a declarer
sees the same whether somebody holds it or not. Ids, days and the kind of link stay, and then only the declarer sees
that there was one: whoever was kept out because it named them would otherwise see it appear.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import partial

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from core.audit import audited, record, subject_key
from core.clock import LONDON
from core.errors import Refused, Stale
from core.models import AuditEvent
from core.sweeps import sweep_due
from people.models import Membership, School, User
from people.selectors import profiles_of
from policies.declarations.access import declaration_rules
from policies.declarations.relationships import HEARD, MOST_NOTE, end_write, locked
from policies.models import Declaration, DeclarationHold, DeclarationNote, DeclarationStep

PUT_OFF = "policies.declaration_erasure_put_off"
REMIND = timedelta(days=30)
"""That an erasure was put off is recorded this often at most."""
HELD, NOT_NOTED = "held", "not_noted"
MOST_YEARS = 25
ON_ERASED: list[Callable[[Declaration], None]] = []
"""What the rooms above erase with the words: links to pupils. Each runs in the transaction."""


def declarations_shut(limit: int = 500) -> int:
    """Shut what is over by each school's setting, then erase the words of what is shut; safe to run twice.

    Returns how many it shut or erased. A school that has not chosen how long keeps everything.
    """
    done = 0
    for cut, schools in _cuts(timezone.localdate()).items():
        rows = Declaration.objects.filter(school__in=schools, shut_at=None)
        one = partial(_shut, cut=cut)
        done += sweep_due("declaration shut", rows.filter(_over(cut)), one, by="pk", limit=limit)
    waits = Declaration.objects.filter(shut_at__isnull=False, text__erased_at=None)
    free = waits.exclude(_is_held()).exclude(_is_unheard())
    done += sweep_due("declaration erased", free, _erase, by="shut_at", limit=limit)
    still = waits.filter(_is_held() | _is_unheard())
    sweep_due("declaration put off", still, _put_off, by="shut_at", limit=limit)
    return done


def declaration_hold(*, actor: User, declaration: Declaration, until: date, reason: str) -> DeclarationHold:
    """Keep the words until a day, beyond their time; in place of an earlier hold. The declarer is not told.

    `until` is the last day, in London, in 25 years at most. Raises PermissionDenied for anybody but who hears it,
    Refused for a day that has passed or no reason, Stale where the words are erased.
    """
    declaration_rules.require(actor, "hear", declaration)
    reason, today = reason.strip(), timezone.localdate()
    if not today < until <= _years(today, -MOST_YEARS):
        raise Refused(f"Choose a day after today, in {MOST_YEARS} years at most.", field="until")
    if not reason:
        raise Refused("Say why it is kept longer.", field="reason")
    if len(reason) > MOST_NOTE:
        raise Refused(f"Shorten this to {MOST_NOTE} characters.", field="reason")
    with audited():
        row = locked(declaration)
        if row.text.erased_at:
            raise Stale("The words were erased. There is nothing left to keep.")
        old = row.holds.filter(lifted_at=None).first()
        if old and (old.by_id, old.until, old.reason) == (actor.pk, until, reason):
            return old
        if old:
            old.lifted_at, old.lifted_by = timezone.now(), actor
            old.save(update_fields=["lifted_at", "lifted_by"])
        hold = DeclarationHold.objects.create(declaration=row, by=actor, until=until, reason=reason)
        record(
            "policies.declaration_held",
            actor=actor,
            school=row.school,
            subject=row,
            data={"until": until.isoformat()},
        )
    return hold


def declaration_release(*, actor: User, declaration: Declaration) -> Declaration:
    """End a hold before its day, as one who hears the declaration. Raises PermissionDenied, or Stale."""
    declaration_rules.require(actor, "hear", declaration)
    with audited():
        row = locked(declaration)
        hold = row.holds.filter(lifted_at=None).first()
        if hold is None:
            raise Stale("It is not kept longer any more.")
        hold.lifted_at, hold.lifted_by = timezone.now(), actor
        hold.save(update_fields=["lifted_at", "lifted_by"])
        record("policies.declaration_released", actor=actor, school=row.school, subject=row)
    return row


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


def _over(cut: datetime) -> Q:
    """Ended before the moment; or made by somebody who has held nothing at the school since."""
    there = Q(school=OuterRef("school")) | Q(trust=OuterRef("school__trust"))
    lately = Q(ended_at=None) | Q(ended_at__gte=cut)
    lately &= Q(ends=None) | Q(ends__gte=cut.date())
    here = Membership.objects.filter(there, lately, user=OuterRef("by"))
    return Q(ended_at__lt=cut) | Q(ended_at=None, at__lt=cut) & ~Exists(here)


def _is_held() -> Exists:
    holds = DeclarationHold.objects.filter(
        declaration=OuterRef("pk"), lifted_at=None, until__gte=timezone.localdate()
    )
    return Exists(holds)


def _is_unheard() -> Q:
    return ~Q(Exists(DeclarationStep.objects.filter(declaration=OuterRef("pk"), did__in=HEARD)))


def why_kept(row: Declaration) -> str:
    """Why the words of what is over stay for now: HELD, NOT_NOTED, or "" where they may go."""
    rows = Declaration.objects.filter(pk=row.pk)
    if rows.filter(_is_held()).exists():
        return HELD
    return NOT_NOTED if rows.filter(_is_unheard()).exists() else ""


def _shut(pk: int, cut: datetime) -> bool:
    with audited():
        row = locked(Declaration(pk=pk))
        if row.shut_at or not Declaration.objects.filter(_over(cut), pk=pk).exists():
            return False
        if row.ended_at is None:
            end_write(row, None)
            row.shut_at = row.ended_at
        else:
            row.shut_at = timezone.now()
        row.save(update_fields=["shut_at"])
        record("policies.declaration_shut", school=row.school, subject=row)
    return True


def _erase(pk: int) -> bool:
    with audited():
        row = locked(Declaration(pk=pk))
        text = row.text
        if row.shut_at is None or text.erased_at or why_kept(row):
            return False
        text.person, text.details, text.erased_at = "", "", timezone.now()
        text.save(update_fields=["person", "details", "erased_at"])
        DeclarationNote.objects.filter(step__declaration=row).delete()
        row.holds.update(reason="")
        row.names.clear()
        row.eighteen_on = None
        row.save(update_fields=["eighteen_on"])
        for erase in ON_ERASED:
            erase(row)
        record("policies.declaration_erased", school=row.school, subject=row)
    return True


def _put_off(pk: int) -> bool:
    """Record that the words stay and why, once a month."""
    with audited():
        row = locked(Declaration(pk=pk))
        kept = why_kept(row)
        events = AuditEvent.objects.filter(action=PUT_OFF, subject=subject_key(row))
        last = events.order_by("-number").first()
        if not kept or row.text.erased_at or (last and last.at > timezone.now() - REMIND):
            return False
        record("policies.declaration_erasure_put_off", school=row.school, subject=row, data={"reason": kept})
    return True
