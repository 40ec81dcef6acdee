"""A person's details. A changed sign-in e-mail waits for a second person (design 3.6)."""

from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email

from core.access import standing_of
from core.audit import audited, record
from core.errors import Refused
from core.feeds import feed_ended
from people.access import membership_rules, user_rules
from people.models import Invitation, Membership, PendingChange, School, Trust, User
from people.services import changes, invitations


def email_change_ask(*, actor: User, user: User, email: str) -> PendingChange:
    """Ask to change the address with which a person signs in. Nobody does it for themselves."""
    user_rules.require(actor, "manage", user)
    if user.pk == actor.pk:
        raise Refused("Ask a colleague to change your own address.", field="email")
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise Refused("Enter an e-mail address like name@school.org.", field="email") from error
    if User.objects.filter(email=email).exists():
        raise Refused("Somebody signs in with this address already.", field="email")
    _require_at_home(actor, user)
    school, trust = _place(actor, user)
    return changes.change_ask(
        actor=actor,
        kind=PendingChange.Kind.EMAIL,
        school=school,
        trust=trust,
        about=user,
        payload={"user": user.pk, "email": email, "from": user.email},
    )


def _require_at_home(actor: User, user: User) -> None:
    """Raise Refused when the person also holds a role where the actor gives none.

    Inviting somebody of another school as well must not give power over their sign-in and name there.
    A trust-wide role is safe: the trust's own people confirm.
    """
    if standing_of(actor).is_superuser:
        return
    managed = membership_rules.schools(actor, "manage")
    held = Membership.objects.filter(user=user, ended_at=None).select_related("trust")
    for row in held:
        schools = [row.school_id] if row.school_id else row.trust.schools.values_list("pk", flat=True)
        if not managed.intersection(schools):
            raise Refused(
                f"{user.full_name} also has a role at another school, so only whoever runs the server can change this."
            )


def _place(actor: User, user: User) -> tuple[School | None, Trust | None]:
    """Where the second person must be: the trust for somebody of the whole trust, else a school of both."""
    held = list(Membership.objects.filter(user=user, ended_at=None).select_related("school", "trust"))
    held += Invitation.objects.filter(user=user, accepted_at=None, revoked_at=None).select_related(
        "school", "trust"
    )
    trust = next((row.trust for row in held if row.trust_id), None)
    if trust is not None:
        return None, trust
    managed = membership_rules.schools(actor, "manage")
    everywhere = standing_of(actor).is_superuser
    school = next((row.school for row in held if everywhere or row.school_id in managed), None)
    if school is None:
        raise PermissionDenied("the person has no role where the actor gives roles")
    return school, None


def email_confirmed(change: PendingChange, confirmer: User) -> None:
    """Carry out a confirmed address: the old one signs in no more, and a link sent to it is dead."""
    user = User.objects.select_for_update().get(pk=change.payload["user"])
    if User.objects.filter(email=change.payload["email"]).exclude(pk=user.pk).exists():
        raise Refused("Somebody signs in with this address already.")
    _require_at_home(change.requested_by, user)
    user.email = change.payload["email"]
    user.save(update_fields=["email"])
    feed_ended(user, actor=confirmer, because="another e-mail address")
    EmailAddress.objects.filter(user=user).delete()  # the sign-in library's own list of addresses
    invitations.invitation_renew(user, change.requested_by)
    record(
        "people.details_changed",
        actor=confirmer,
        school=change.school,
        subject=user,
        data={"fields": ["email"]},
    )


def name_change(*, actor: User, user: User, full_name: str) -> None:
    """Correct a person's name. Signatures keep the name under which they were given."""
    user_rules.require(actor, "manage", user)
    name = " ".join(full_name.split())
    if not name or len(name) > 150:
        raise Refused("Enter the person's full name, up to 150 characters.", field="full_name")
    _require_at_home(actor, user)
    with audited():
        user.full_name = name
        user.save(update_fields=["full_name"])
        record("people.details_changed", actor=actor, subject=user, data={"fields": ["full_name"]})
