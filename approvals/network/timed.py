"""From yes to open to blocked again: the life of what is opened on the network for a time.

    asked -> to open -> open -> over, to be blocked again -> blocked again
    asked or to open -> came to nothing

The sweep reminds before the last day, closes on it, and goes on asking until the technician has said
that it is blocked again. All times are stored in UTC; the last day ends at midnight in London.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from approvals.models import PupilWifi, Stage, TimedOpening, UnblockRequest
from approvals.network.policy_sites import why_never
from approvals.network.receivers import carriers, decided_by, is_carrier
from approvals.network.unblock_access import unblock_rules, wifi_rules
from core.access import Rules
from core.audit import audited, record
from core.clock import LONDON, UTC, due_in_working_days, end_of_day
from core.errors import Refused, Stale
from core.notices import notify
from core.sweeps import sweep_due
from people.governance.profile import Profile
from people.models import User
from people.selectors import profile_of

REMIND_BEFORE = timedelta(days=7)
ASK_AGAIN_DAYS = 2
"""Working days after which the technician is asked again."""
MOVES: dict[str, frozenset[str]] = {
    Stage.ASKED: frozenset({Stage.TO_OPEN, Stage.CLOSED}),
    Stage.TO_OPEN: frozenset({Stage.OPEN, Stage.CLOSED}),
    Stage.OPEN: frozenset({Stage.TO_SHUT}),
    Stage.TO_SHUT: frozenset({Stage.SHUT}),
    Stage.SHUT: frozenset(),
    Stage.CLOSED: frozenset(),
}
LISTENERS: list[Callable[[TimedOpening, str], None]] = []
"""Called with a row and a notice kind when the receivers are told: the IT provider's link hears so too."""


@dataclass(frozen=True)
class Opening:
    """One kind of opening: its rules, its page, and what its steps are called in the history."""

    name: str
    rules: Rules
    url_name: str
    allowed: str
    opened: str
    ended: str
    shut: str


OPENINGS: dict[type[TimedOpening], Opening] = {
    UnblockRequest: Opening(
        "unblock",
        unblock_rules,
        "approvals:unblock-detail",
        allowed="approvals.unblock_allowed",
        opened="approvals.unblock_opened",
        ended="approvals.unblock_ended",
        shut="approvals.unblock_shut",
    ),
    PupilWifi: Opening(
        "wifi",
        wifi_rules,
        "approvals:wifi-detail",
        allowed="approvals.wifi_allowed",
        opened="approvals.wifi_opened",
        ended="approvals.wifi_ended",
        shut="approvals.wifi_shut",
    ),
}


def refuse_changed(known: TimedOpening, values: Mapping[str, Any], fields: Iterable[str]) -> None:
    """A page that was sent before may be sent again, but not with other answers: they would be lost."""
    if any(getattr(known, field) != values[field] for field in fields):
        raise Refused(
            "This page was sent already, with other answers. What you typed is still here: "
            "copy it into a new request."
        )


def url_of(row: TimedOpening) -> str:
    """The row's own page."""
    return reverse(OPENINGS[type(row)].url_name, args=[row.uuid])


def locked(row: TimedOpening) -> Any:
    """The row under a lock, with its school and whoever asked."""
    rows = type(row).objects.select_for_update(of=("self",)).select_related("school", "requested_by")
    return rows.get(pk=row.pk)


def move(row: TimedOpening, stage: str, *fields: str) -> None:
    """Move a locked row on and save it with the fields named. Raises Stale when the move is not possible."""
    if stage not in MOVES[row.stage]:
        raise Stale(f"This has moved on meanwhile: {row.get_stage_display().lower()}.")
    row.stage = stage
    row.save(update_fields=["stage", "next_at", *fields])


def allow(row: TimedOpening) -> None:
    """Every decision was yes: it waits for the technician. Inside the transaction of the decision.

    Raises Refused when the last day has passed meanwhile, so that the signer reads why.
    """
    if row.until and row.until < timezone.localdate():
        raise Refused("The last day that was asked for has passed. Refuse it; it can be asked for again.")
    _require_policy(row)
    row.next_at = _ask_again(row)
    move(row, Stage.TO_OPEN)
    record(OPENINGS[type(row)].allowed, school=row.school, subject=row)
    tell_receivers(row, "approvals.network_to_open", "first")


def _require_policy(row: TimedOpening) -> None:
    """What a school's policy bars by now is neither allowed nor opened, whenever it was asked. Raises Refused."""
    profile = profile_of(row.school)
    barred = why_never(profile, row.hosts) if isinstance(row, UnblockRequest) else why_barred(profile)
    if barred:
        raise Refused(f"Your school's policy has changed since this was asked. {barred}")


def why_barred(profile: Profile) -> str:
    """Why pupils may not use social media over the Wi-Fi, in words; "" where they may (BEC-4.21)."""
    if profile.pupil_wifi == "gates":
        return ""
    clauses = ", ".join(profile.clauses("pupil_wifi"))
    because = f" (clauses: {clauses})" if clauses else ""
    return f"Your school does not let pupils use social media over its Wi-Fi{because}."


def come_to_nothing(row: TimedOpening) -> None:
    """Refused, withdrawn or expired. Inside the transaction of that."""
    row.next_at = None
    move(row, Stage.CLOSED)


def may_carry_out(user: User, row: TimedOpening) -> bool:
    """Whether this person opens it and blocks it again: a receiver who did not decide on it (STM-9.06, 9.07)."""
    rules = OPENINGS[type(row)].rules
    return rules.allows(user, "carry_out", row) and is_carrier(user, row) and not decided_by(row, user)


def _require_carrier(actor: User, row: TimedOpening) -> None:
    OPENINGS[type(row)].rules.require(actor, "carry_out", row)
    if not is_carrier(actor, row):
        raise PermissionDenied("only who receives requests carries them out")
    if decided_by(row, actor):
        raise Refused("You decided on this, so somebody else carries it out.")


def opening_opened(*, actor: User, row: TimedOpening, note: str = "") -> None:
    """The technician says that it is open now. Raises PermissionDenied, Refused or Stale."""
    _require_carrier(actor, row)
    with audited():
        mark_open(locked(row), by=actor, name=actor.full_name, note=note)


def mark_open(row: Any, *, by: User | None, name: str, note: str) -> None:
    """Record that a locked row is open, by a person or by the named person of the IT provider."""
    if row.until and row.until < timezone.localdate() and row.stage == Stage.TO_OPEN:
        raise Refused("Its last day has passed, so it must stay blocked.")
    _require_policy(row)
    row.opened_at, row.opened_by = timezone.now(), by
    row.opened_by_name, row.opened_note = name[:150], note.strip()
    row.next_at = _next_of_open(row.until, timezone.now())
    move(row, Stage.OPEN, "opened_at", "opened_by", "opened_by_name", "opened_note")
    record(OPENINGS[type(row)].opened, actor=by, school=row.school, subject=row)
    _tell([row.requested_by], row, "approvals.network_opened", "opened")


def opening_end(*, actor: User, row: TimedOpening, because: str) -> None:
    """End it before its last day, with a reason: the asker, the headteacher, the DSL or IT."""
    OPENINGS[type(row)].rules.require(actor, "end", row)
    if not because.strip():
        raise Refused("Say why it ends now.", field="because")
    with audited():
        current = locked(row)
        if current.stage == Stage.TO_OPEN:
            _never_opened(current, because.strip(), actor)
        else:
            _over(current, because.strip(), actor)


def _over(row: Any, because: str, actor: User | None) -> None:
    row.over_at, row.over_because = timezone.now(), because[:300]
    row.next_at = _ask_again(row)
    move(row, Stage.TO_SHUT, "over_at", "over_because")
    record(OPENINGS[type(row)].ended, actor=actor, school=row.school, subject=row)
    tell_receivers(row, "approvals.network_over", "first")
    _tell([row.requested_by], row, "approvals.network_over", "first")


def opening_shut(*, actor: User, row: TimedOpening) -> None:
    """The technician says that it is blocked again. Raises PermissionDenied, Refused or Stale."""
    _require_carrier(actor, row)
    with audited():
        mark_shut(locked(row), by=actor, name=actor.full_name)


def mark_shut(row: Any, *, by: User | None, name: str) -> None:
    """Record that a locked row is blocked again."""
    row.shut_at, row.shut_by, row.shut_by_name, row.next_at = timezone.now(), by, name[:150], None
    move(row, Stage.SHUT, "shut_at", "shut_by", "shut_by_name")
    record(OPENINGS[type(row)].shut, actor=by, school=row.school, subject=row)


def _tell(people: Iterable[User], row: TimedOpening, kind: str, key: str) -> None:
    name = OPENINGS[type(row)].name
    notify(kind, recipients=people, about=row, key=f"{name}:{row.pk}:{key}", link=url_of(row))


def tell_receivers(row: TimedOpening, kind: str, key: str) -> None:
    """Tell whoever carries it out, the IT provider included, once for this kind and key."""
    _tell([one for one in carriers(row) if not decided_by(row, one)], row, kind, key)
    for listener in LISTENERS:
        listener(row, f"{kind}:{key}")


# The clock -----------------------------------------------------------------------------------


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(8), LONDON).astimezone(UTC)


def _next_of_open(until: date | None, now: datetime) -> datetime | None:
    """When an open row is looked at next: a week before its last day, else the day before, else at its end."""
    if until is None:
        return None
    moments = (_morning(until - REMIND_BEFORE), _morning(until - timedelta(days=1)), end_of_day(until))
    return next((moment for moment in moments if moment > now), now)


def _ask_again(row: TimedOpening) -> datetime:
    later = due_in_working_days(timezone.now(), ASK_AGAIN_DAYS)
    return min(later, end_of_day(row.until)) if row.until and row.stage == Stage.ASKED else later


def to_look_at() -> list[QuerySet]:
    """What is to be looked at now: to be reminded of, ended, or asked about again."""
    return [model.objects.filter(next_at__lte=timezone.now()) for model in OPENINGS]


def openings_due(limit: int = 500) -> int:
    """Remind, close on the last day, ask the technician again. Costs what is due; safe to run twice."""
    changed = 0
    for due in to_look_at():
        one = partial(_one_due, due.model)
        changed += sweep_due(due.model._meta.model_name, due, one, by="next_at", limit=limit)
    return changed


def _one_due(model: type[TimedOpening], pk: int) -> bool:
    with audited():
        row = locked(model(pk=pk))
        now = timezone.now()
        if row.next_at is None or row.next_at > now:
            return False
        ended = row.until is not None and end_of_day(row.until) <= now
        if row.stage == Stage.OPEN and ended:
            _over(row, "Its last day has passed", None)
        elif row.stage == Stage.OPEN:
            _remind(row, now)
        elif row.stage == Stage.TO_OPEN and ended:
            _never_opened(row, "Its last day passed before it was opened")
        else:
            _nag(row)
    return True


def _remind(row: Any, now: datetime) -> None:
    row.reminded_at, row.next_at = now, end_of_day(row.until)
    row.save(update_fields=["reminded_at", "next_at"])
    _tell([row.requested_by], row, "approvals.network_ends_soon", "soon")
    tell_receivers(row, "approvals.network_ends_soon", "soon")


def _never_opened(row: Any, because: str, actor: User | None = None) -> None:
    """It ends before anybody said that it is open; whoever opened it all the same must block it again."""
    row.over_at, row.over_because, row.next_at = timezone.now(), because[:300], None
    move(row, Stage.CLOSED, "over_at", "over_because")
    record(OPENINGS[type(row)].ended, actor=actor, school=row.school, subject=row)
    _tell([row.requested_by], row, "approvals.network_unopened", "unopened")
    tell_receivers(row, "approvals.network_not_to_open", "unopened")


def _nag(row: Any) -> None:
    """It waits for the technician still: to be opened, or to be blocked again."""
    kinds = {Stage.TO_OPEN: "approvals.network_to_open", Stage.TO_SHUT: "approvals.network_over"}
    key = f"{row.next_at:%Y%m%d}"
    row.next_at = _ask_again(row) if row.stage in kinds else None
    if row.stage == Stage.TO_OPEN and row.until:
        row.next_at = min(row.next_at, end_of_day(row.until))
    row.save(update_fields=["next_at"])
    if row.stage in kinds:
        tell_receivers(row, kinds[Stage(row.stage)], key)
