"""The link with which the IT provider, who has no account, answers one request (CIT-9.05, CIT-9.04).

The link is signed and stored nowhere. It opens this one request, for as long as something is asked of the
provider, and is replaced when it is sent again.
"""

from django.core import signing
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from approvals.models import OutsideLink, Stage, UnblockRequest
from approvals.network.receivers import decided_by, is_receiver, provider_of
from approvals.network.timed import LISTENERS, locked, mark_open, mark_shut
from approvals.network.unblock_access import unblock_rules
from core.audit import audited, record
from core.errors import Refused
from core.models import Notice
from core.notices import notify_outside
from people.models import User
from people.selectors import profile_of

SALT = "approvals.outside"
KIND = "approvals.outside"
GONE = "This link was replaced, has ended, or nothing is asked of you any more. Ask the school for a new one."


def token_of(link: OutsideLink) -> str:
    """The secret part of the address."""
    return signing.dumps(str(link.uuid), salt=SALT)


def by_token(token: str) -> OutsideLink | None:
    """The link in force behind a token; None for one that is wrong, replaced, late or done with."""
    try:
        value = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    rows = OutsideLink.objects.select_related("request__school", "request__requested_by", "request__approval")
    link = rows.filter(uuid=value).first()
    return link if link and in_force(link) else None


def in_force(link: OutsideLink) -> bool:
    """Whether the link works: neither replaced nor late, and the request still asks something of the provider."""
    return link.is_open and link.request.stage not in (Stage.SHUT, Stage.CLOSED)


def link_of_notice(notice: Notice) -> OutsideLink | None:
    """The link that a mail is about."""
    return OutsideLink.objects.select_related("request").filter(pk=notice.subject.partition(":")[2]).first()


def may_receive(user: User | None, key: str) -> bool:
    """Asked again when a mail is sent. Nobody finds it in the portal."""
    link = OutsideLink.objects.select_related("request").filter(pk=key).first()
    return user is None and link is not None and in_force(link)


def link_make(row: UnblockRequest, address: str) -> OutsideLink:
    """Make the link and write to the provider. Inside the transaction of the event."""
    link = OutsideLink.objects.create(request=row, address=address)
    notify_outside(KIND, address=address, about=link, key=f"{link.pk}:asked")
    return link


def link_send_again(*, actor: User, request: UnblockRequest) -> OutsideLink:
    """Replace the link. The old one stops working at once.

    It goes to the provider whom the settings name and to nobody else, or a receiver could answer it
    themselves in the provider's name.
    """
    unblock_rules.require(actor, "carry_out", request)
    if not is_receiver(actor, request.school):
        raise PermissionDenied("only who receives requests writes to the provider")
    if actor.pk == request.requested_by_id or decided_by(request, actor):
        raise Refused("You asked for this, or decided on it, so somebody else writes to the provider.")
    address = provider_of(profile_of(request.school))
    if not address:
        raise Refused("Your school's settings name no IT provider outside the portal.")
    with audited():
        row = locked(request)
        if row.stage in (Stage.SHUT, Stage.CLOSED):
            raise Refused("Nothing is asked of the provider any more.")
        OutsideLink.objects.filter(request=row, revoked_at=None).update(revoked_at=timezone.now())
        link = link_make(row, address)
        record("approvals.unblock_link_sent", actor=actor, school=row.school, subject=row)
    return link


def tell_provider(row: object, key: str) -> None:
    """Write to the provider when the receivers are told, where a link is in force."""
    if not isinstance(row, UnblockRequest):
        return
    link = OutsideLink.objects.filter(request=row, revoked_at=None).first()
    if link is None:
        return
    address = provider_of(profile_of(row.school))
    if not link.is_open or link.address != address:  # time has passed, or the school has another provider
        link.revoked_at = timezone.now()
        link.save(update_fields=["revoked_at"])
        if not address:
            return
        link = OutsideLink.objects.create(request=row, address=address)
    notify_outside(KIND, address=link.address, about=link, key=f"{link.pk}:{key}"[:120])


LISTENERS.append(tell_provider)


def outside_opened(*, link: OutsideLink, name: str, note: str) -> None:
    """The provider says that the site is open. Raises Refused or Stale."""
    with audited():
        current = use_link(link)
        mark_open(locked(current.request), by=None, name=provider_name(name), note=note)


def outside_shut(*, link: OutsideLink, name: str) -> None:
    """The provider says that the site is blocked again."""
    with audited():
        current = use_link(link)
        mark_shut(locked(current.request), by=None, name=provider_name(name))


def use_link(link: OutsideLink) -> OutsideLink:
    """Lock the link and note its use, inside the transaction of what is done. Raises Refused when it ended."""
    row = OutsideLink.objects.select_for_update(of=("self",)).select_related("request").get(pk=link.pk)
    if not in_force(row):
        raise Refused(GONE)
    row.last_used_at = timezone.now()
    row.save(update_fields=["last_used_at"])
    return row


def provider_name(name: str) -> str:
    """How somebody of the provider stands in the record."""
    return f"{' '.join(name.split())} (IT provider)"
