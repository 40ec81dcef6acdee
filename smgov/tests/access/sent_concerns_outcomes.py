"""What is sent to each address about referrals, outcomes and special cases, for the test of events."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from smgov.tests.access.forms import date_parts
from smgov.tests.access.world import World


def moment(name: str, *, minutes: int = 0) -> dict[str, Any]:
    """A day and a time in boxes, some minutes ago."""
    at = timezone.localtime(timezone.now() - timedelta(minutes=minutes))
    return {**date_parts(f"{name}_on", at.date()), f"{name}_time": f"{at:%H:%M}"}


CONCERN_OUTCOMES_SENT: dict[str, tuple[str, Callable[[World], dict]]] = {
    "incidents:concern-refer": (
        "dsl",
        lambda w: {"body": "mash", "contacted": "yes", "who": "me", **moment("made", minutes=5)},
    ),
    "incidents:concern-referral-made": ("dsl", lambda w: {"who": "me", **moment("made", minutes=5)}),
    "incidents:concern-advice": ("dsl", lambda w: {"advice": "Call home", **moment("advised")}),
    "incidents:concern-override": ("dsl", lambda w: {"reason": "A child is in danger"}),
    "incidents:concern-wish": ("dsl", lambda w: {"wants": "yes"}),
    "incidents:concern-spare": ("dsl", lambda w: {"reasons": "Normal curiosity"}),
    "incidents:concern-conduct": ("dsl", lambda w: {"illegal": "no", "reasons": "It was rude"}),
    "incidents:concern-sanction": (
        "dsl",
        lambda w: (
            {"what": "other", "words": "A talk", "decided_by": str(w.people["dsl"].uuid)}
            if cleared(w)
            else {}
        ),
    ),
    "incidents:concern-parents": (
        "dsl",
        lambda w: {"how": "phone", "words": "They were calm", **moment("told", minutes=5)},
    ),
    "incidents:concern-close": (
        "dsl",
        lambda w: {"outcome": "resolved", "reasons": "It is settled", "refresh": "no"} if cleared(w) else {},
    ),
    "incidents:concern-reopen": ("dsl", lambda w: {"reasons": "More came to light"}),
    "incidents:concern-keep": ("dsl", lambda w: {"years": "2", "reason": "A claim"}),
    "incidents:concern-breach-aware": ("headteacher", lambda w: moment("aware", minutes=60)),
    "incidents:concern-breach-decide": (
        "headteacher",
        lambda w: {"report_it": "no", "people_told": "no", "reasons": "It was encrypted"},
    ),
    "incidents:concern-breach-reported": ("headteacher", lambda w: moment("reported")),
    "incidents:concern-hearing": ("headteacher", lambda w: {"party": "head", "words": "The rule is fair"}),
    "incidents:concern-acknowledge": ("dpo", lambda w: moment("acknowledged")),
}


def cleared(world: World) -> bool:
    """Everything that is open in the case is done, so that it closes."""
    concern, now = world.things["concern"], timezone.now()
    concern.actions.filter(done_at=None).update(done_at=now)
    concern.referrals.filter(advised_at=None).update(overridden_at=now)
    type(concern).objects.filter(pk=concern.pk).update(waiting_for="")
    return True
