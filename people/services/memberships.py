"""Giving and ending roles. Nobody changes their own; sensitive ones wait for a second person."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from core.access import standing_of
from core.audit import audited, record
from core.errors import Refused
from core.notices import notify
from core.roles import CONFIRMED_BY_TWO, Post, Role
from people import leaving
from people.access import CONFIRMERS, meets, membership_rules, trusts_where
from people.models import Deputy, Invitation, Membership, PendingChange, School, Trust, User
from people.services import changes
from people.titles import POSTS_OF


def membership_give(
    *,
    actor: User,
    user: User,
    role: str,
    post: str = "",
    school: School | None = None,
    trust: Trust | None = None,
    starts: date | None = None,
    ends: date | None = None,
) -> Membership | PendingChange:
    """Give a role at a school or in a whole trust.

    Returns the membership, or the change that waits for a second person (`needs_second_person`).
    Raises PermissionDenied or Refused.
    """
    require_manager(actor, school=school, trust=trust)
    starts = starts or timezone.localdate()
    draft = Membership(user=user, role=role, post=post, school=school, trust=trust, starts=starts, ends=ends)
    _check_new(draft, actor)
    if needs_second_person(role, post):
        payload = {
            "user": user.pk,
            "role": role,
            "post": post,
            "starts": draft.starts.isoformat(),
            "ends": ends.isoformat() if ends else None,
        }
        return changes.change_ask(
            actor=actor,
            kind=PendingChange.Kind.MEMBERSHIP,
            school=school,
            trust=trust,
            about=user,
            payload=payload,
        )
    try:
        with audited():
            return _give(draft, actor)
    except IntegrityError as error:  # given by somebody else in this very moment
        raise Refused("This person holds this role already.") from error


def needs_second_person(role: str, post: str) -> bool:
    """DSL, headteacher, HR, DPO and governance (design 3.6), and whoever may be a second person.

    Otherwise one person could make the second one.
    """
    return role in CONFIRMED_BY_TWO or meets(CONFIRMERS, role, post)


def _check_new(draft: Membership, actor: User) -> None:
    """Raise Refused for a role to oneself, a post of another role, a last day that has passed, or a double."""
    if draft.user_id == actor.pk:
        raise Refused("You cannot give a role to yourself. Ask a colleague who may.", field="user")
    if draft.role not in Role.values or draft.post not in ("", *Post.values):
        raise Refused("Choose one of the roles in the list.", field="role")
    if draft.post and draft.post not in POSTS_OF.get(draft.role, ()):
        words = f"“{draft.get_post_display()}” is no post of the role “{draft.get_role_display()}”."
        raise Refused(words, field="post")
    if draft.ends and draft.ends < timezone.localdate():
        raise Refused("The last day has passed. Choose a later one.", field="ends")
    check(draft)


def check(membership: Membership) -> None:
    """Raise Refused, in words, for a membership that the database would not take."""
    try:
        membership.full_clean()
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error


def give_confirmed(change: PendingChange, confirmer: User) -> Membership:
    """Carry out a confirmed role. Called by the change's own service."""
    data = change.payload
    draft = Membership(
        user=User.objects.get(pk=data["user"]),
        role=data["role"],
        post=data["post"],
        school=change.school,
        trust=change.trust,
        starts=date.fromisoformat(data["starts"]),
        ends=date.fromisoformat(data["ends"]) if data["ends"] else None,
    )
    if draft.user_id == confirmer.pk:
        raise Refused("You cannot confirm a role for yourself.")
    check(draft)
    return _give(draft, confirmer)


def _give(draft: Membership, actor: User | None) -> Membership:
    draft.save()
    record(
        "people.membership_given",
        actor=actor,
        school=draft.school,
        subject=draft,
        data={"user": draft.user_id, "role": draft.role, "post": draft.post, "trust": draft.trust_id},
    )
    invited = Invitation.objects.filter(user=draft.user, accepted_at=None, revoked_at=None).exists()
    if not invited:  # whose invitation says enough
        key = f"membership:{draft.pk}"
        notify("people.role_given", recipients=[draft.user], about=draft.user, key=key, link=reverse("home"))
    leaving.after_giving(draft, actor)
    return draft


def membership_end(*, actor: User, membership: Membership) -> None:
    """End a role at once. Ending only takes away, so it needs no second person."""
    require_manager(actor, school=membership.school, trust=membership.trust)
    if membership.user_id == actor.pk:
        raise Refused("You cannot end your own role. Ask a colleague who may.")
    with audited():
        row = (
            Membership.objects.select_for_update(of=("self",))
            .select_related("user", "school", "trust")
            .get(pk=membership.pk)
        )
        if row.ended_at:
            raise Refused("This role has ended already.")
        end_row(row, actor)


def end_row(row: Membership, actor: User | None) -> None:
    """Mark a membership as ended and let the rooms above end what hung on it."""
    row.ended_at = timezone.now()
    row.save(update_fields=["ended_at"])
    record(
        "people.membership_ended",
        actor=actor,
        school=row.school,
        subject=row,
        data={"user": row.user_id, "role": row.role, "post": row.post, "trust": row.trust_id},
    )
    leaving.after_ending(row, actor)
    for school in [row.school] if row.school_id else list(row.trust.schools.all()):
        if not Membership.objects.active().at_school(school).filter(user=row.user).exists():
            _end_deputies(row.user, school, actor)
            _drop_what_waits(row.user, school, actor)


def person_leaves(*, actor: User, user: User, school: School) -> int:
    """Record that a person left a school: every role there ends, and all that hung on it (RAV-2.10).

    Returns how many roles ended. Trust-wide roles are not touched: the trust ends those.
    """
    membership_rules.require_at(actor, "manage", school)
    if user.pk == actor.pk:
        raise Refused("You cannot record your own leaving. Ask a colleague who may.")
    with audited():
        rows: QuerySet = Membership.objects.select_for_update().filter(
            user=user, school=school, ended_at=None
        )
        rows = list(rows.select_related("school"))
        if not rows:
            raise Refused(f"{user.full_name} has no role at {school.name}.")
        record("people.left", actor=actor, school=school, subject=user)
        for row in rows:
            row.user = user
            end_row(row, actor)
    return len(rows)


def _end_deputies(user: User, school: School, actor: User | None) -> None:
    """Nobody signs for a leaver, and a leaver signs for nobody; appointments not begun yet included."""
    theirs = Deputy.objects.filter(Q(deputy=user) | Q(person=user), school=school, ended_at=None)
    for appointment in theirs.filter(ends__gte=timezone.localdate()):
        appointment.ended_at = timezone.now()
        appointment.save(update_fields=["ended_at"])
        record("people.deputy_ended", actor=actor, school=school, subject=appointment)


def _drop_what_waits(user: User, school: School, actor: User | None) -> None:
    """A role that waits for a second person, and an unused invitation, go with the leaver."""
    waiting = PendingChange.objects.select_for_update().filter(
        about=user, school=school, status=PendingChange.Status.AWAITING
    )
    for change in waiting:
        change.status = PendingChange.Status.WITHDRAWN
        change.decided_at = timezone.now()
        change.save(update_fields=["status", "decided_at"])
        record("people.change_withdrawn", actor=actor, school=school, subject=change)
    Invitation.objects.filter(user=user, school=school, accepted_at=None, revoked_at=None).update(
        revoked_at=timezone.now()
    )


def require_manager(actor: User, *, school: School | None, trust: Trust | None) -> None:
    """Raise PermissionDenied unless the actor gives roles at this school, or in the whole trust."""
    if school is not None:
        membership_rules.require_at(actor, "manage", school)
        return
    if standing_of(actor).is_superuser:
        return
    if trust is None or trust.pk not in trusts_where(actor, membership_rules.table["manage"]):
        raise PermissionDenied("only a trust-wide manager gives trust-wide roles")
