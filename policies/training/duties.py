"""What everybody owes, worked out: a few queries for a school, however many people it has.

`TrainingDuty` is no history. It is worked out again in the transaction of every record, refresher, role that is given
or ended, and right on an account that is given or ended; and each night for every school, as roles begin and run out
on their days, accounts are closed and profiles change without saying so.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from core.clock import local_day
from people.leaving import on_ending, on_giving
from people.models import Membership, School
from people.selectors import profile_of
from policies.models import Refresh, TrainingDuty, TrainingRecord
from policies.training.law import (
    FOREVER,
    Anew,
    Asked,
    Done,
    Duty,
    Held,
    Runs,
    duties_of,
    newest_stage,
    next_stage,
)
from policies.training.runners import runners_of

BATCH = 500


def asked_by(profile: Any) -> Asked:
    """What a profile says about training."""
    return Asked(
        profile.training_intervals or {},
        bool(profile.runner_training),
        tuple(profile.term_months or (1, 4, 9)),
    )


def keeps_trust_wide(school: School) -> bool:
    """Whether those who belong to the whole trust are trained here: at its central team, else at its first school.

    Otherwise a trustee would owe the same training once for each school.
    """
    return school.trust_id is not None and _seat_of(school.trust_id) == school.pk


def _seat_of(trust: int) -> int | None:
    schools = School.objects.filter(trust=trust, active=True).order_by()
    places = sorted((kind != School.Kind.CENTRAL, pk) for pk, kind in schools.values_list("pk", "kind"))
    return places[0][1] if places else None


def done_by(school: School, users: Iterable[int] | None, **more: Any) -> dict[int, list[Done]]:
    """The records that count at a school, by person: its own and those of the other schools of its trust."""
    at = Q(school=school) | Q(school__trust__isnull=False, school__trust=school.trust_id)
    rows = TrainingRecord.objects.filter(at, withdrawn_at=None, **more)
    if users is not None:
        rows = rows.filter(user__in=users)
    found: dict[int, list[Done]] = defaultdict(list)
    fields = ("user", "pk", "kind", "done_on", "until", "platform")
    for user, *done in rows.order_by().values_list(*fields):
        found[user].append(Done(*done))
    return found


def anew_at(school: School) -> list[Anew]:
    """The refreshers of a school that were not called off."""
    rows = Refresh.objects.filter(school=school, called_off_at=None).order_by()
    return [
        Anew(frozenset(kinds), since, due)
        for kinds, since, due in rows.values_list("kinds", "since", "due_on")
    ]


def _roles_at(school: School, users: list[int] | None) -> Iterator[tuple[int, bool, Held]]:
    """Who holds or held which role at a school, trust-wide ones included, and whether it holds for the whole trust.

    One query. Only those that have begun, of people who may sign in; what ended is ended on its last day in London.
    """
    today = timezone.localdate()
    rows = Membership.objects.at_school(school).filter(starts__lte=today, user__is_active=True).order_by()
    if users is not None:
        rows = rows.filter(user__in=users)
    fields = ("user", "trust", "role", "post", "starts", "ends", "ended_at")
    for user, trust, role, post, starts, ends, ended_at in rows.values_list(*fields):
        days = [*([ends] if ends and ends < today else []), *([local_day(ended_at)] if ended_at else [])]
        until = min(days, default=None)
        if until is None or until >= starts:  # what was taken back before it began was never held
            yield user, trust is not None, Held(role, post, starts, until)


def duties_at(school: School, users: Iterable[int] | None = None) -> dict[tuple[int, str], Duty]:
    """Who owes what at a school today, by person and kind; nobody where it is not in use. Nothing is written."""
    if not school.active:
        return {}
    users = None if users is None else sorted(set(users))
    trust_too = keeps_trust_wide(school)
    held: dict[int, list[Held]] = defaultdict(list)
    there: dict[int, list[Held]] = defaultdict(list)
    for user, of_trust, role in _roles_at(school, users):
        there[user].append(role)
        if trust_too or not of_trust:
            held[user].append(role)
    runs: dict[int, list[Runs]] = defaultdict(list)
    for one in runners_of(school, users):
        if any(role.until is None for role in there.get(one.user, ())):
            runs[one.user].append(Runs(one.platform, one.since))
    done, anew, asked = done_by(school, users), anew_at(school), asked_by(profile_of(school))
    return {
        (user, duty.kind): duty
        for user in {**held, **runs}
        for duty in duties_of(
            asked,
            held.get(user, ()),
            runs.get(user, ()),
            done.get(user, ()),
            anew,
            there.get(user, ()),
        )
    }


class _Kept(NamedTuple):
    """A row as it stands."""

    pk: int
    due_on: date
    met_by: int | None
    remind_on: date | None


def duties_work_out(school: School, users: Iterable[int] | None = None) -> int:
    """Work out what is owed at a school, by these people or by everybody. Returns how many rows changed.

    The school's row is locked meanwhile, so that what was worked out from older rows never comes last.
    """
    users = None if users is None else sorted(set(users))
    today = timezone.localdate()
    with transaction.atomic():
        School.objects.select_for_update(of=("self",), no_key=True).get(pk=school.pk)
        rows = TrainingDuty.objects.filter(school=school).order_by()
        if users is not None:
            rows = rows.filter(user__in=users)
        kept = {
            (user, kind): _Kept(*row)
            for user, kind, *row in rows.values_list("user", "kind", "pk", "due_on", "met_by", "remind_on")
        }
        wanted = duties_at(school, users)
        changed = []
        for (user, kind), duty in wanted.items():
            before = kept.pop((user, kind), None)
            if before and (before.due_on, before.met_by) == (duty.due_on, duty.met_by):
                continue
            moved = before is None or before.due_on != duty.due_on
            remind_on = first_reminder(duty.due_on, today) if moved else before.remind_on
            changed.append(
                TrainingDuty(
                    school=school,
                    user_id=user,
                    kind=kind,
                    due_on=duty.due_on,
                    met_by_id=duty.met_by,
                    remind_on=remind_on,
                )
            )
        TrainingDuty.objects.bulk_create(
            changed,
            update_conflicts=True,
            unique_fields=["school", "user", "kind"],
            update_fields=["due_on", "met_by", "remind_on"],
            batch_size=BATCH,
        )
        gone = [row.pk for row in kept.values()]
        for start in range(0, len(gone), BATCH):
            TrainingDuty.objects.filter(pk__in=gone[start : start + BATCH]).delete()
    return len(changed) + len(gone)


def first_reminder(due_on: date, today: date) -> date | None:
    """When somebody is first reminded: of the newest stage at once, without those before it."""
    return None if due_on == FOREVER else newest_stage(due_on, today) or next_stage(due_on, today)


def work_out_everywhere(school: School, users: Iterable[int]) -> None:
    """After a record: at its school, and wherever in the trust these people owe something."""
    users = sorted(set(users))
    places = {school.pk: school}
    if school.trust_id is not None:
        owing = TrainingDuty.objects.filter(user__in=users, school__trust=school.trust_id).order_by()
        ids = set(owing.values_list("school", flat=True)) - {school.pk}
        places |= School.objects.in_bulk(sorted(ids))
    for pk in sorted(places):
        duties_work_out(places[pk], users)


@on_giving
@on_ending
def after_role(membership: Membership, actor: Any) -> None:
    """After a role was given or ended: what that person owes there, or, of a whole trust, where they are trained.

    A role that begins on a later day is met by the night before it.
    """
    if membership.starts > timezone.localdate():
        return
    user = membership.user_id
    if membership.school_id is not None:
        duties_work_out(membership.school, [user])
        return
    owing = TrainingDuty.objects.filter(user=user, school__trust=membership.trust_id).order_by()
    places = {_seat_of(membership.trust_id), *owing.values_list("school", flat=True)}
    for school in School.objects.filter(pk__in=places - {None}).order_by("pk"):
        duties_work_out(school, [user])
