"""Trying again to send a mail that could not be delivered."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from core.audit import audited, record
from core.background import mail_rules, undelivered
from core.errors import Stale
from core.models import Notice
from core.notices import open_kinds

MOST = 1000
GONE = "This mail was sent meanwhile, or is not to be sent any more."
ON_ITS_WAY = "This mail is being sent just now. Look again in ten minutes."


def _on_its_way(row: Notice) -> bool:
    """Whether a sweep holds it: then it has a lease and no error (core.notices)."""
    return bool(row.leased_until and row.leased_until > timezone.now() and not row.last_error)


def mail_again(*, actor: Any, notice: Notice) -> None:
    """Let the next sweep send it, with all its tries before it again; its Message-ID stays.

    Raises PermissionDenied for somebody else's IT, and for what IT may not know of; Stale for a mail that
    was sent meanwhile or is on its way.
    """
    mail_rules.require(actor, "retry", notice)
    with audited():
        row = Notice.objects.select_for_update(of=("self",), no_key=True).get(pk=notice.pk)
        if row.kind not in open_kinds():
            raise PermissionDenied("nobody of IT sees such a mail")
        if row.sent_at or row.dropped_at:
            raise Stale(GONE)
        if _on_its_way(row):
            raise Stale(ON_ITS_WAY)
        Notice.objects.filter(pk=row.pk).update(attempts=0, leased_until=None)
        record("core.mail_tried_again", actor=actor, subject=row, data={"mails": 1})


def mails_again(*, actor: Any) -> int:
    """The same for everything that the actor's list shows, at most a thousand at once. Returns how many."""
    if not mail_rules.can_ever(actor, "retry"):
        raise PermissionDenied("not allowed to try mails again")
    with audited():
        listed = undelivered(actor).filter(pk__in=mail_rules.visible_to(actor, "retry").values("pk"))
        keys = list(listed.order_by("created_at").values_list("pk", flat=True)[:MOST])
        rows = Notice.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=keys)
        free = [row.pk for row in rows if not (row.sent_at or row.dropped_at or _on_its_way(row))]
        Notice.objects.filter(pk__in=free).update(attempts=0, leased_until=None)
        record("core.mail_tried_again", actor=actor, data={"mails": len(free)})
    return len(free)
