"""A person's details. A changed sign-in e-mail waits for a second person (design 3.6)."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email

from core.access import standing_of
from core.audit import audited, record
from core.errors import Refused
from people.access import user_rules
from people.models import Membership, PendingChange, School, Trust, User
from people.services import changes


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
    school, trust = _place(actor, user)
    return changes.change_ask(
        actor=actor,
        kind=PendingChange.Kind.EMAIL,
        school=school,
        trust=trust,
        about=user,
        payload={"user": user.pk, "email": email},
    )


def _place(actor: User, user: User) -> tuple[School | None, Trust | None]:
    managed = standing_of(actor).schools([str(spec) for spec in user_rules.table["manage"]])
    for row in Membership.objects.active().filter(user=user).select_related("school", "trust"):
        if row.school_id in managed:
            return row.school, None
        if row.trust_id and row.trust.schools.filter(pk__in=managed).exists():
            return None, row.trust
    raise PermissionDenied("the person has no role where the actor gives roles")


def email_confirmed(change: PendingChange, confirmer: User) -> None:
    """Carry out a confirmed address."""
    user = User.objects.select_for_update().get(pk=change.payload["user"])
    if User.objects.filter(email=change.payload["email"]).exclude(pk=user.pk).exists():
        raise Refused("Somebody signs in with this address already.")
    user.email = change.payload["email"]
    user.save(update_fields=["email"])
    record("people.details_changed", actor=confirmer, school=change.school, subject=user, data={"fields": ["email"]})


def name_change(*, actor: User, user: User, full_name: str) -> None:
    """Correct a person's name. Signatures keep the name under which they were given."""
    user_rules.require(actor, "manage", user)
    name = " ".join(full_name.split())
    if not name or len(name) > 150:
        raise Refused("Enter the person's full name, up to 150 characters.", field="full_name")
    with audited():
        user.full_name = name
        user.save(update_fields=["full_name"])
        record("people.details_changed", actor=actor, subject=user, data={"fields": ["full_name"]})
