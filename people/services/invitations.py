"""Inviting people and accepting an invitation. Inviting from a file is in `staff_import`."""

from datetime import date

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.audit import audited, record
from core.errors import Refused
from core.notices import notify
from people.models import Invitation, Membership, PendingChange, School, Trust, User
from people.services.memberships import membership_give, require_manager

SALT = "people.invitation"
NO_LONGER = "This invitation was used already or has ended. Ask your school for a new one."


def token_of(invitation: Invitation) -> str:
    """The secret part of the link: signed, and stored nowhere."""
    return signing.dumps(str(invitation.uuid), salt=SALT)


def by_token(token: str) -> Invitation | None:
    """The open invitation behind a link, or None for one that is wrong, used, revoked or late."""
    try:
        uuid = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    invitation = Invitation.objects.select_related("user", "school", "trust").filter(uuid=uuid).first()
    return invitation if invitation and invitation.is_open and invitation.user.is_active else None


def person_invite(
    *,
    actor: User,
    email: str,
    full_name: str,
    role: str,
    post: str = "",
    school: School | None = None,
    trust: Trust | None = None,
    starts: date | None = None,
    ends: date | None = None,
) -> tuple[User, Membership | PendingChange]:
    """Invite a person and give them a role; somebody known already only gets the role.

    Raises PermissionDenied or Refused.
    """
    require_manager(actor, school=school, trust=trust)
    with audited():
        user = User.objects.filter(email=email.strip().lower()).first()
        if user is not None and not user.is_active:
            raise Refused(
                "This person's sign-in was closed. Ask whoever runs the server to open it.", field="email"
            )
        if user is None:
            user = _new_person(email, full_name)
            invitation = _invite(actor, user, school=school, trust=trust)
            record("people.invited", actor=actor, school=school, subject=invitation, data={"user": user.pk})
        given = membership_give(
            actor=actor, user=user, role=role, post=post, school=school, trust=trust, starts=starts, ends=ends
        )
    return user, given


def _new_person(email: str, full_name: str) -> User:
    draft = User(email=email.strip().lower(), full_name=" ".join(full_name.split()))
    try:
        draft.full_clean(exclude=["password"])
        with transaction.atomic():
            return User.objects.create_user(draft.email, draft.full_name)
    except ValidationError as error:
        field = next((name for name in ("email", "full_name") if name in error.message_dict), None)
        raise Refused(" ".join(error.messages), field=field) from error
    except IntegrityError as error:  # invited by somebody else in this very moment
        raise Refused(
            "This person was invited just now. Look at the list of people.", field="email"
        ) from error


def _invite(actor: User | None, user: User, *, school: School | None, trust: Trust | None) -> Invitation:
    invitation = Invitation.objects.create(user=user, school=school, trust=trust, invited_by=actor)
    notify("people.invitation", recipients=[user], about=invitation, key=str(invitation.pk), link="")
    return invitation


def invite_first(user: User, school: School) -> Invitation | None:
    """Invite the first person of a new school or trust. Only the commands that set one up call this."""
    if user.joined_at or user.has_usable_password():
        return None
    with audited():
        invitation = _invite(None, user, school=school, trust=None)
        record("people.invited", school=school, subject=invitation, data={"user": user.pk})
    return invitation


def invitation_send_again(*, actor: User, invitation: Invitation) -> Invitation:
    """Revoke the old link and send a new one. Raises Refused when somebody has done so already."""
    require_manager(actor, school=invitation.school, trust=invitation.trust)
    with audited():
        old = Invitation.objects.select_for_update().get(pk=invitation.pk)
        if old.accepted_at:
            raise Refused("This person has joined already.")
        if old.revoked_at:
            raise Refused("This invitation was replaced by a newer one, or the person has left.")
        return _replace(old, actor)


def invitation_renew(user: User, actor: User | None) -> None:
    """Send an invitation that is not used yet to the person's new address. Inside an `audited()` block."""
    old = Invitation.objects.select_for_update().filter(user=user, accepted_at=None, revoked_at=None).first()
    if old is not None:
        _replace(old, actor)


def _replace(old: Invitation, actor: User | None) -> Invitation:
    old.revoked_at = timezone.now()
    old.save(update_fields=["revoked_at"])
    new = _invite(actor, old.user, school=old.school, trust=old.trust)
    record(
        "people.invitation_sent_again",
        actor=actor,
        school=old.school,
        subject=new,
        data={"user": old.user_id},
    )
    return new


def invitation_accept(*, token: str, password: str) -> User:
    """Choose the first password. The link works once. Raises Refused."""
    found = by_token(token)
    if found is None:
        raise Refused(NO_LONGER)
    try:
        validate_password(password, found.user)
    except ValidationError as error:
        raise Refused(" ".join(error.messages), field="password") from error
    hashed = make_password(password)  # slow on purpose, so before the transaction
    with audited():
        row = Invitation.objects.select_for_update(of=("self",)).select_related("user").get(pk=found.pk)
        if not row.is_open:
            raise Refused(NO_LONGER)
        user = row.user
        user.password = hashed
        user.joined_at = timezone.now()
        user.save(update_fields=["password", "joined_at"])
        _accepted(row)
    return user


def joined_by_reset(user: User) -> None:
    """A code sent to the address proves it as the invitation does: whoever resets has joined."""
    with audited():
        row = (
            Invitation.objects.select_for_update()
            .filter(user=user, accepted_at=None, revoked_at=None)
            .first()
        )
        if row is not None:
            _accepted(row)
        User.objects.filter(pk=user.pk, joined_at=None).update(joined_at=timezone.now())


def _accepted(row: Invitation) -> None:
    row.accepted_at = timezone.now()
    row.save(update_fields=["accepted_at"])
    record("people.joined", actor=row.user, school=row.school, subject=row, data={"user": row.user_id})
