"""Keying an answer in together with the paper behind it."""

import hashlib
import uuid
from collections.abc import Sequence
from datetime import datetime

from consent.access import pupil_rules
from consent.models import Pupil, Reply, Scan
from consent.services.replies import Said, reply_key
from core.audit import audited, record
from core.errors import Refused
from core.uploads import CleanFile, files_kept, store
from people.models import User

SENT_ALREADY = (
    "This page was sent before, with other answers, and those are recorded. "
    "Open the pupil and record these answers as new ones."
)


def reply_key_with_scans(
    *,
    actor: User,
    said: Said,
    once: uuid.UUID,
    route: str,
    received_at: datetime,
    scans: Sequence[CleanFile] = (),
) -> Reply:
    """Key in an answer and keep its scans; both or neither. The same page sent again adds nothing.

    `received_at` is an aware moment. Raises PermissionDenied, and Refused as `reply_key` does, or where the
    page was sent before with other answers. Files of a refused answer are deleted again.
    """
    pupil_rules.require(actor, "record", said.pupil)
    with files_kept() as kept, audited():
        Pupil.objects.select_for_update(of=("self",)).get(pk=said.pupil.pk)
        before = Reply.objects.filter(once=once).first()
        if before is not None:
            if not _is_same(before, said, route):
                raise Refused(SENT_ALREADY)
            return before
        reply = reply_key(actor=actor, said=said, once=once, route=route, received_at=received_at)
        for clean in scans:
            scan = Scan(
                reply=reply,
                media_type=clean.media_type,
                size=len(clean.data),
                sha256=hashlib.sha256(clean.data).hexdigest(),
                by=actor,
            )
            kept.append(store(scan.file, clean))
            scan.save()
        if scans:
            record(
                "consent.scan_added",
                actor=actor,
                school=reply.school,
                subject=reply.pupil,
                data={"reply": str(reply.uuid), "scans": len(scans)},
            )
    return reply


def _is_same(before: Reply, said: Said, route: str) -> bool:
    answers = dict(before.answers.values_list("purpose_id", "allows"))
    contact = said.contact.pk if said.contact else None
    then = (before.pupil_id, before.contact_id, before.route, answers)
    return then == (said.pupil.pk, contact, str(route), dict(said.answers))
