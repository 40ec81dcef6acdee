"""Cases under way, in one line each, for tests of what follows and of how they end."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from incidents.concerns.services.outcomes import case_close, sanction_record
from incidents.concerns.services.referrals import referral_add
from incidents.concerns.tests.cases import a_concern, a_pupil_harmed, by, read_by
from incidents.models import Body, Concern, Entry, EntryKind, Part, PartIn, Referral
from incidents.tests.cases import Crew
from people.models import User


def hour_ago(hours: float = 1) -> Any:
    """A moment in the past."""
    return timezone.now() - timedelta(hours=hours)


def a_case(crew: Crew, *people: Any, reader: User | None = None, **told: Any) -> Concern:
    """A concern that its recipient has read."""
    return read_by(reader or crew.dora, a_concern(crew, *people, **told))


def a_staff_case(crew: Crew, *more: Any, **told: Any) -> Concern:
    """About a teacher and a pupil; the headteacher has read it."""
    return a_case(crew, by(crew.mark), *(more or (a_pupil_harmed(),)), reader=crew.bob, **told)


def refer(actor: User, concern: Concern, body: str = Body.LADO, **more: Any) -> Referral:
    """A referral that was made an hour ago, by the actor."""
    values: dict[str, Any] = {"made_at": hour_ago(), "caller": actor, **more}
    return referral_add(actor=actor, concern=concern, body=body, **values)


def the_part(concern: Concern, part: str = PartIn.SUBJECT) -> Part:
    """Somebody with this part in it."""
    return concern.parts.filter(part=part).first()


def measure(actor: User, concern: Concern, what: str, **more: Any) -> Entry:
    """A measure against whose doing it is said to be, decided by the actor."""
    values: dict[str, Any] = {"words": "As agreed", "decided_by": actor, "part": the_part(concern), **more}
    return sanction_record(actor=actor, concern=concern, what=what, **values)


def close(actor: User, concern: Concern, **more: Any) -> Concern:
    """Close it."""
    values: dict[str, Any] = {
        "outcome": "resolved",
        "reasons": "It is settled",
        "refresh_training": False,
        **more,
    }
    return case_close(actor=actor, concern=concern, **values)


def last(concern: Concern, kind: EntryKind) -> Entry:
    """The newest line of a kind."""
    return concern.entries.filter(kind=kind).order_by("at", "pk").last()
