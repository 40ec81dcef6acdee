"""The deadlines that a concern brings with it. Statutory ones know weekends and bank holidays only."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from core.clock import LONDON, due_in_working_days
from incidents.concerns.roads import Facts
from incidents.models import (
    About,
    Action,
    ActionKind,
    Body,
    Category,
    Channel,
    Concern,
    DataBreach,
    Excluded,
    PartIn,
    Sort,
)
from people.governance.profile import Profile
from people.models import User

ICO_HOURS = timedelta(hours=72)
COMPLAINT_DAYS = timedelta(days=30)
IMAGE_HOURS = timedelta(hours=1)
JUST_NOW = timedelta(minutes=1)
"""So long after it came in, what is known counts as known from the beginning."""


def deadlines_set(
    concern: Concern, facts: Facts, profile: Profile, *, aware_at: datetime | None = None
) -> None:
    """Open the deadlines that its facts ask for and that are not open yet. Inside the transaction.

    The LADO within one working day (BEC-4.32), the ICO within 72 hours of awareness, 30 days to acknowledge a
    complaint about data protection; parents told of a contact attempt where the profile says so (BEC-4.25).
    What was filled in on paper counts from that day; what turns out later counts from now. A further member of
    staff whose doing it is said to be asks for advice again.
    """
    about, start = facts.about(), _since(concern)
    now = timezone.now()
    adults = start if now - concern.at < JUST_NOW else max(concern.at, now)
    adult = bool(about & {About.STAFF, About.HEAD})
    if adult and (profile.lado_rule == "always" or facts.child):
        _open(concern, ActionKind.LADO, due_in_working_days(adults, 1), after=_last_adult(concern))
    if adult and profile.staff_concern_hr_advice:
        _open(concern, ActionKind.HR, due_in_working_days(adults, 1), after=_last_adult(concern))
    if facts.category == Category.DATA_BREACH:
        if aware_at is not None:
            breach_clock(concern, aware_at)
        else:
            # Nobody has said since when it is known: it is known now at the latest.
            _open(concern, ActionKind.ICO, start + ICO_HOURS)
    if facts.category == Category.DATA_COMPLAINT:
        _open(concern, ActionKind.ACKNOWLEDGE, start + COMPLAINT_DAYS)
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


def duty_is_open(concern: Concern, kind: ActionKind) -> bool:
    """Whether a deadline of this kind is not met yet."""
    return Action.objects.filter(concern=concern, kind=kind, done_at=None).exists()


def police_due(concern: Concern, profile: Profile) -> None:
    """A possible indecent image: the police within the hour, unless they are recorded or the DSL decides it.

    Inside the transaction (CBC-10.06).
    """
    if profile.indecent_image_pupil_route == "dsl_decides":
        return
    if not concern.referrals.filter(body=Body.POLICE).exists() and not duty_is_open(
        concern, ActionKind.POLICE
    ):
        Action.objects.create(concern=concern, kind=ActionKind.POLICE, due_at=timezone.now() + IMAGE_HOURS)


def _open(concern: Concern, kind: ActionKind, due_at: datetime, *, after: datetime | None = None) -> None:
    """Once for a case, done or not; again where something came `after` the last one was done."""
    rows = Action.objects.filter(concern=concern, kind=kind)
    done = list(rows.values_list("done_at", flat=True))
    if not done or (None not in done and after is not None and after > max(done)):
        Action.objects.create(concern=concern, kind=kind, due_at=due_at)


def _since(concern: Concern) -> datetime:
    """From when statutory time counts: when it came in, or the day on which the paper was filled in."""
    written = concern.words.written_on if concern.channel == Channel.PAPER else None
    if written is None:
        return concern.at
    return min(concern.at, datetime.combine(written, time(0), LONDON))


def _last_adult(concern: Concern) -> datetime | None:
    """When the last member of staff was named whose doing it is said to be."""
    parts = concern.parts.filter(part=PartIn.SUBJECT, sort__in=(Sort.STAFF, Sort.HEAD), mistaken_at=None)
    meant = concern.excluded.filter(because=Excluded.Because.WORDS, lifted_at=None)
    times = [*parts.values_list("at", flat=True), *meant.values_list("at", flat=True)]
    return max(times, default=None)
