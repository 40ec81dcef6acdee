"""The deadlines that a concern brings with it. Statutory ones know weekends and bank holidays only."""

from datetime import datetime, timedelta

from django.utils import timezone

from core.clock import due_in_working_days
from incidents.concerns.roads import Facts
from incidents.models import About, Action, ActionKind, Category, Concern, DataBreach
from people.governance.profile import Profile
from people.models import User

ICO_HOURS = timedelta(hours=72)
COMPLAINT_DAYS = timedelta(days=30)


def deadlines_set(
    concern: Concern, facts: Facts, profile: Profile, *, aware_at: datetime | None = None
) -> None:
    """Open the deadlines that its facts ask for and that are not open yet. Inside the transaction.

    The LADO within one working day (BEC-4.32), the ICO within 72 hours of awareness, 30 days to acknowledge a
    complaint about data protection; parents told of a contact attempt where the profile says so (BEC-4.25).
    """
    about = facts.about()
    adult = bool(about & {About.STAFF, About.HEAD})
    if adult and (profile.lado_rule == "always" or facts.child):
        _open(concern, ActionKind.LADO, due_in_working_days(concern.at, 1))
    if adult and profile.staff_concern_hr_advice:
        _open(concern, ActionKind.HR, due_in_working_days(concern.at, 1))
    if facts.category == Category.DATA_BREACH:
        if aware_at is not None:
            breach_clock(concern, aware_at)
        else:
            # Nobody has said since when it is known: it is known now at the latest.
            _open(concern, ActionKind.ICO, concern.at + ICO_HOURS)
    if facts.category == Category.DATA_COMPLAINT:
        _open(concern, ActionKind.ACKNOWLEDGE, concern.at + COMPLAINT_DAYS)
    if facts.category == Category.CONTACT_ATTEMPT and profile.contact_attempt_tell_parents:
        _open(concern, ActionKind.PARENTS, due_in_working_days(concern.at, 1))


def breach_clock(concern: Concern, aware_at: datetime) -> DataBreach:
    """The 72 hours run from awareness: keep it, and put the open deadline there. Inside the transaction."""
    due = aware_at + ICO_HOURS
    breach, _ = DataBreach.objects.get_or_create(
        concern=concern, defaults={"aware_at": aware_at, "due_at": due}
    )
    _open(concern, ActionKind.ICO, breach.due_at)
    Action.objects.filter(concern=concern, kind=ActionKind.ICO, done_at=None).update(due_at=breach.due_at)
    return breach


def duty_done(concern: Concern, kind: ActionKind, by: User) -> bool:
    """A deadline is met, or was decided not to be needed. Inside the transaction; False: none was open."""
    rows = Action.objects.filter(concern=concern, kind=kind, done_at=None)
    return bool(rows.update(done_at=timezone.now(), done_by=by))


def _open(concern: Concern, kind: ActionKind, due_at: datetime) -> None:
    """Once for a case, done or not."""
    if not Action.objects.filter(concern=concern, kind=kind).exists():
        Action.objects.create(concern=concern, kind=kind, due_at=due_at)
