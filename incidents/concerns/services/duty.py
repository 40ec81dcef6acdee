"""Who is the DSL on duty while the DSL is away, such as in the holidays (issue: unread, or in the holidays).

Whoever is on duty handles what comes in about children, and what nobody had read when the duty began.
"""

from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from core.access import standing_of
from core.audit import audited, record
from core.errors import Refused
from core.roles import Post, Role
from core.sweeps import sweep_due
from incidents.concerns.access import concern_rules, duty_rules
from incidents.concerns.roads import CHILD
from incidents.concerns.services.chronology import entry_write
from incidents.concerns.services.sending import duty_let_in, share_end, tell
from incidents.models import (
    Concern,
    DutyCover,
    EntryKind,
    Excluded,
    Part,
    Share,
    Sort,
    Source,
    Status,
)
from people.models import School, User
from people.selectors import holders_of_any

LONGEST = timedelta(days=365)
BATCH = 200
ON_DUTY = (Role.DSL, f"{Role.DSL}/{Post.DEPUTY}")
OF_A_CHILD = (
    Q(category__in=CHILD)
    | Q(words__source=Source.CHILD)
    | Q(Exists(Part.objects.filter(concern=OuterRef("pk"), sort=Sort.PUPIL, mistaken_at=None)))
)
"""Concerns about a child, as `Facts.child` has it."""


def may_be_on_duty(school: School) -> QuerySet[User]:
    """Those who hold the role, or deputise for it."""
    return holders_of_any(school, ON_DUTY)


def duty_set(*, actor: User, school: School, user: User, starts: date, ends: date) -> DutyCover:
    """Say who is on duty from one day to another; nobody but a DSL may name themselves.

    Raises PermissionDenied, or Refused.
    """
    concern_rules.require_at(actor, "duty", school)
    today = timezone.localdate()
    if not may_be_on_duty(school).filter(pk=user.pk).exists():
        raise Refused("Choose somebody who is DSL or deputy DSL at the school.", field="user")
    if user == actor and school.pk not in standing_of(actor).schools((Role.DSL,)):
        raise Refused(
            "Ask the DSL or another head to put you on duty: you cannot do it yourself.", field="user"
        )
    if starts < today:
        raise Refused("The first day cannot be in the past.", field="starts")
    if ends < starts:
        raise Refused("The last day cannot be before the first.", field="ends")
    if starts - today > LONGEST:
        raise Refused("Choose a first day within a year.", field="starts")
    if ends - starts > LONGEST:
        raise Refused("Choose a year at most.", field="ends")
    with audited():
        School.objects.select_for_update(of=("self",), no_key=True).get(pk=school.pk)
        others = DutyCover.objects.filter(school=school, user=user, ended_at=None)
        if others.filter(starts__lte=ends, ends__gte=starts).exists():
            raise Refused(
                "They are on duty on some of these days already. Choose other days.", field="starts"
            )
        row = DutyCover.objects.create(school=school, user=user, starts=starts, ends=ends, set_by=actor)
        record("incidents.duty_set", actor=actor, school=school, subject=row, data={"user": str(user.uuid)})
    if starts <= today:
        duty_begins(school)
    return row


def duty_end(*, actor: User, duty: DutyCover) -> None:
    """End a duty early: what it opened closes at once. Raises PermissionDenied, or Refused.

    Cases of which whoever ends it may know nothing run to the end that was set.
    """
    duty_rules.require(actor, "end", duty)
    with audited():
        row = (
            DutyCover.objects.select_for_update(of=("self",), no_key=True)
            .select_related("school", "user")
            .get(pk=duty.pk)
        )
        if row.ended_at or row.ends < timezone.localdate():
            raise Refused("This duty is over already.")
        row.ended_at, row.ended_by = timezone.now(), actor
        row.save(update_fields=["ended_at", "ended_by"])
        shares = Share.objects.filter(
            user=row.user, why=Share.Why.DUTY, ended_at=None, concern__school=row.school
        )
        out = Excluded.objects.filter(concern=OuterRef("concern"), user=actor, lifted_at=None)
        for share in shares.exclude(Exists(out)):
            _share_end(share, actor)
        record("incidents.duty_ended", actor=actor, school=row.school, subject=row)


def _share_end(share: Share, actor: User) -> None:
    """End what one duty opened, and nothing else that the person has of the case."""
    concern = (
        Concern.objects.select_for_update(of=("self",), no_key=True)
        .select_related("school")
        .get(pk=share.concern_id)
    )
    mine = Share.objects.select_for_update(of=("self",), no_key=True).select_related("user").get(pk=share.pk)
    if mine.ended_at is not None:
        return
    share_end(concern, mine, by=actor)
    # The system writes it: whoever ended the duty may know nothing of the case.
    entry_write(concern, EntryKind.UNSHARED, by=None, data={"user": str(mine.user.uuid)})


def duty_begins(school: School | None = None) -> int:
    """Whoever is on duty today is let into what nobody has read yet, at one school or at all of them."""
    today = timezone.localdate()
    covers = DutyCover.objects.filter(ended_at=None, starts__lte=today, ends__gte=today)
    if school is not None:
        covers = covers.filter(school=school)
    begun = 0
    for cover in covers.select_related("school"):
        held = Share.objects.filter(concern=OuterRef("pk"), user=cover.user_id, ended_at=None)
        out = Excluded.objects.filter(concern=OuterRef("pk"), user=cover.user_id, lifted_at=None)
        if not may_be_on_duty(cover.school).filter(pk=cover.user_id).exists():
            continue
        waiting = Concern.objects.filter(OF_A_CHILD, school=cover.school, status=Status.UNREAD)
        waiting = waiting.filter(~Exists(held), ~Exists(out))
        begun += sweep_due("concern", waiting, _begin, by="pk", limit=BATCH)
    return begun


def _begin(pk: int) -> bool:
    with audited():
        row = Concern.objects.select_for_update(of=("self",), no_key=True).select_related("school").get(pk=pk)
        if row.status != Status.UNREAD:
            return False
        before = set(Share.objects.filter(concern=row, ended_at=None).values_list("pk", flat=True))
        duty_let_in(row)
        fresh = list(
            Share.objects.filter(concern=row, ended_at=None).exclude(pk__in=before).select_related("user")
        )
        if not fresh:
            return False
        for share in fresh:
            entry_write(row, EntryKind.SHARED, by=None, data={"user": str(share.user.uuid), "why": share.why})
        record("incidents.duty_began", school=row.school, subject=row)
        # One who is on the road already has had it before.
        tell(row, "incidents.concern", [share.user for share in fresh], key=f":duty:{fresh[0].pk}")
    return True
