"""What became of the mails of a round: which could not be delivered."""

from collections.abc import Sequence

from consent.models import Ask
from consent.services.rounds import ASKED, REMINDED, notice_key
from core.models import Notice
from core.notices import MAX_ATTEMPTS

KINDS = (ASKED, REMINDED)
FAILS = "Could not be delivered yet: the portal tries again"
GIVEN_UP = "Could not be delivered: check the e-mail address"
DROPPED = "Not sent: the link does not work for this person any more"


def failing(round_pk: int) -> list[int]:
    """Ids of the asks of a round whose mail met an error and was not delivered since."""
    rows = Notice.objects.filter(kind__in=KINDS, key__startswith=f"round:{round_pk}:", sent_at=None)
    keys = rows.filter(dropped_at=None).exclude(last_error="").values_list("key", flat=True)
    return sorted({int(key.split(":")[2]) for key in keys})


def problems_of(asks: Sequence[Ask]) -> dict[int, str]:
    """What went wrong with the newest mail to each of these, or that it waits, in words; nothing if it went."""
    newest = {notice_key(one.round_id, one.pk, one.reminders): one.pk for one in asks}
    rows = Notice.objects.filter(kind__in=KINDS, key__in=newest, recipient=None, sent_at=None)
    found: dict[int, str] = {}
    for key, dropped, error, attempts in rows.values_list("key", "dropped_at", "last_error", "attempts"):
        words = "Waits to be sent"
        if dropped:
            words = DROPPED
        elif error:
            words = GIVEN_UP if attempts >= MAX_ATTEMPTS else FAILS
        found[newest[key]] = words
    return found
