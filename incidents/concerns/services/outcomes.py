"""What follows, and the end of a case: measures that people decide, parents told, closing and opening again.

Nothing happens by itself: what is recorded here was decided by somebody, and the chronology says by whom.
"""

from datetime import date, datetime, timedelta

from django.db.models import TextChoices
from django.utils import timezone

from core.audit import audited, record
from core.errors import Refused
from core.roles import Role
from incidents.concerns.access import concern_rules
from incidents.concerns.holds import act_holds, facts_for, holds_on, words_of
from incidents.concerns.moves import after
from incidents.concerns.retention import Kept, kept_for, years_after
from incidents.concerns.sanctions import STAFF, Sanction, fits
from incidents.concerns.selectors import excluded_from, readers_of, without
from incidents.concerns.services.chronology import entry_write, locked
from incidents.concerns.services.deadlines import duty_done
from incidents.concerns.services.police import refuse_twice
from incidents.concerns.services.sending import facts_of, tell
from incidents.models import (
    About,
    ActionKind,
    Category,
    Concern,
    Entry,
    EntryKind,
    Outcome,
    Part,
    PartIn,
    Sort,
    Status,
)
from incidents.roads import CHAIR, ELT
from people.governance.profile import Profile
from people.models import User
from people.selectors import holders, people_at, profile_of

MOST_YEARS = 50
A_MOMENT = timedelta(minutes=2)


class How(TextChoices):
    """How parents were told."""

    PHONE = "phone", "By telephone"
    MEETING = "meeting", "In person"
    LETTER = "letter", "By letter or e-mail"
    NOT_TOLD = "not_told", "They are not told, for a reason"


def deciders(concern: Concern, what: str) -> list[User]:
    """Who may have decided a measure: a suspension is the headteacher's alone (BEC-6.06), protective action the
    governors' (CBC-6.03); anything else anybody's who works there. Nobody decides about themselves.
    """
    out = excluded_from(concern)
    if what == Sanction.SUSPENSION:
        specs = [str(Role.HEADTEACHER), CHAIR, ELT]
        if concern.school.is_central:
            specs = [ELT, CHAIR]
    elif what == Sanction.PROTECTIVE:
        specs = [str(Role.GOVERNANCE), CHAIR, ELT]
    else:
        return list(people_at(concern.school).exclude(pk__in=out))
    for spec in specs:
        if found := list(holders(concern.school, spec).exclude(pk__in=out)):
            return found
    return []


def sanction_record(
    *,
    actor: User,
    concern: Concern,
    what: str,
    words: str,
    decided_by: User | None,
    part: Part | None = None,
    starts: date | None = None,
    ends: date | None = None,
) -> Entry:
    """Record a measure that somebody decided (subtle 65, 100, 102). Raises PermissionDenied, or Refused.

    `part` is against whom it is. Nothing is taken against a member of staff while advice is waited for, and
    in a contact attempt nothing at all (BEC-4.24).
    """
    concern_rules.require(actor, "handle", concern)
    if what not in Sanction.values:
        raise Refused("Choose what was decided.", field="what")
    if not words.strip():
        raise Refused("Say what was decided, and why.", field="words")
    if starts and ends and ends < starts:
        raise Refused("The last day must not be before the first.", field="ends")
    profile = profile_of(concern.school)
    with audited():
        row = locked(concern)
        whom = _whom(row, part)
        if not fits(Sanction(what), whom.sort if whom else None):
            who = whom.get_sort_display().lower() if whom else "nobody in particular"
            raise Refused(
                f"This measure does not fit {who}. Choose another, or say whom it is for.", field="what"
            )
        about = facts_of(row).about()
        # Whoever is typed as somebody else may be the colleague whom the case is about.
        spared = whom is not None and whom.sort in (Sort.PUPIL, Sort.PARENT)
        staff = bool(about & {About.STAFF, About.HEAD}) and not spared
        if whom and whom.sort in STAFF and row.category == Category.CONTACT_ATTEMPT:
            raise Refused(
                "A pupil’s attempt is not held against the member of staff. If they did something wrong "
                "themselves, change the category of the case first.",
                field="part",
            )
        if holds := act_holds(facts_for(row, profile), staff=staff):
            raise Refused(words_of(holds))
        if decided_by is None or decided_by.pk not in {user.pk for user in deciders(row, what)}:
            raise Refused(_who_decides(profile, what), field="decided_by")
        data = {
            "what": str(what),
            "part": str(whom.uuid) if whom else "",
            "decided_by": str(decided_by.uuid),
            "starts": starts.isoformat() if starts else "",
            "ends": ends.isoformat() if ends else "",
        }
        refuse_twice(row, EntryKind.SANCTION, data, words)
        entry = entry_write(row, EntryKind.SANCTION, by=actor, text=words, data=data)
        record("incidents.concern_sanction", actor=actor, school=row.school, subject=row)
    return entry


def _whom(concern: Concern, part: Part | None) -> Part | None:
    """Only somebody whose doing it is said to be. Raises Refused."""
    if part is None:
        return None
    mine = concern.parts.filter(pk=part.pk, part=PartIn.SUBJECT, mistaken_at=None).first()
    if mine is not None:
        return mine
    if concern.category == Category.CONTACT_ATTEMPT and part.sort in STAFF:
        raise Refused("A pupil’s attempt is not held against the member of staff.", field="part")
    raise Refused("Choose somebody whose doing it is said to be.", field="part")


def _who_decides(profile: Profile, what: str) -> str:
    if what == Sanction.SUSPENSION:
        head = profile.title_of(Role.HEADTEACHER)
        return f"A suspension is decided by the {head}; where it concerns them, by the chair of governors."
    if what == Sanction.PROTECTIVE:
        return "Choose a governor who decided it."
    return "Choose who decided it. It cannot be somebody whom the case concerns."


def parents_told(*, actor: User, concern: Concern, when: datetime | None, how: str, words: str) -> Entry:
    """Parents were told or met (BEC-4.25, STM-5.03), or are not told and why. Raises Refused."""
    concern_rules.require(actor, "handle", concern)
    if how not in How.values:
        raise Refused("Choose how the parents were told.", field="how")
    if how == How.NOT_TOLD:
        when = None
        if not words.strip():
            raise Refused("Say why the parents are not told.", field="words")
    elif when is None or when > timezone.now() + A_MOMENT:
        raise Refused("Check the day and time: it cannot be in the future.", field="told_on")
    with audited():
        row = locked(concern)
        data = {"how": str(how), "when": when.isoformat() if when else ""}
        refuse_twice(row, EntryKind.PARENTS, data, words)
        entry = entry_write(row, EntryKind.PARENTS, by=actor, text=words, happened_at=when, data=data)
        duty_done(row, ActionKind.PARENTS, actor)
        record("incidents.concern_parents", actor=actor, school=row.school, subject=row)
    return entry


def retention_of(concern: Concern, profile: Profile, closed_on: date) -> Kept:
    """Until when the case is kept if it closes on this day, by whom it concerns."""
    facts = facts_of(concern)
    rows = concern.parts.filter(mistaken_at=None, sort=Sort.PUPIL).select_related("pupil")
    pupils = list(rows)
    concerned = [row for row in pupils if row.part in (PartIn.VICTIM, PartIn.SUBJECT)] or pupils
    return kept_for(
        closed_on=closed_on,
        child=facts.child,
        staff=bool(facts.about() & {About.STAFF, About.HEAD}),
        births=[row.pupil.born if row.pupil else None for row in concerned],
        child_years=profile.retention_child_protection,
        staff_years=profile.retention_staff_allegation,
        incident_years=profile.retention_incidents,
    )


def case_close(
    *, actor: User, concern: Concern, outcome: str, reasons: str, refresh_training: bool | None
) -> Concern:
    """Close it with its outcome; from here on it is kept by its kind. Raises PermissionDenied, or Refused.

    Whether training must be refreshed is always asked (CIT-11.03, STM-11.08).
    """
    concern_rules.require(actor, "handle", concern)
    if outcome not in Outcome.values:
        raise Refused("Choose how the case ended.", field="outcome")
    if not reasons.strip():
        raise Refused("Give the reasons.", field="reasons")
    if refresh_training is None:
        raise Refused("Choose whether training must be refreshed.", field="refresh")
    profile = profile_of(concern.school)
    with audited():
        row = locked(concern, "close")
        if holds := holds_on(facts_for(row, profile)):
            raise Refused(words_of(holds))
        left = list(row.actions.filter(kind=ActionKind.OTHER, done_at=None).values_list("text", flat=True))
        if left:
            raise Refused(f"Finish these actions first: {'; '.join(left)}.")
        if outcome == Outcome.PASSED_ON and not row.referrals.exclude(made_at=None).exists():
            raise Refused("Record first to which body it was passed on.", field="outcome")
        now = timezone.now()
        kept = retention_of(row, profile, timezone.localdate(now))
        row.status, row.outcome, row.refresh_training = after(row.status, "close"), outcome, refresh_training
        row.closed_at, row.closed_by, row.waiting_for = now, actor, ""
        row.retained_as, row.keep_until = kept.kind, kept.until
        row.save(
            update_fields=[
                "status",
                "outcome",
                "refresh_training",
                "closed_at",
                "closed_by",
                "waiting_for",
                "retained_as",
                "keep_until",
            ]
        )
        data = {
            "outcome": str(outcome),
            "refresh": refresh_training,
            "retained_as": str(kept.kind),
            "keep_until": kept.until.isoformat() if kept.until else "",
        }
        entry = entry_write(row, EntryKind.CLOSED, by=actor, text=reasons, data=data)
        record("incidents.concern_closed", actor=actor, school=row.school, subject=row)
        tell(row, "incidents.concern_changed", without(readers_of(row), actor), key=f":entry:{entry.pk}")
    return row


def case_reopen(*, actor: User, concern: Concern, reasons: str) -> Concern:
    """Open a closed case again; its outcome stays in the chronology. Raises PermissionDenied, or Refused."""
    concern_rules.require(actor, "handle", concern)
    if not reasons.strip():
        raise Refused("Say why the case is opened again.", field="reasons")
    with audited():
        row = locked(concern, "reopen")
        data = {"outcome": row.outcome}
        row.status = after(row.status, "reopen")
        row.outcome = row.retained_as = ""
        row.closed_at = row.closed_by = row.keep_until = row.refresh_training = None
        row.save(
            update_fields=[
                "status",
                "outcome",
                "retained_as",
                "closed_at",
                "closed_by",
                "keep_until",
                "refresh_training",
            ]
        )
        entry = entry_write(row, EntryKind.REOPENED, by=actor, text=reasons, data=data)
        record("incidents.concern_reopened", actor=actor, school=row.school, subject=row)
        tell(row, "incidents.concern_changed", without(readers_of(row), actor), key=f":entry:{entry.pk}")
    return row


def retention_extend(*, actor: User, concern: Concern, years: int | None, reason: str) -> Concern:
    """Looked at after its day, and kept some years more. Nothing is deleted. Raises Refused."""
    concern_rules.require(actor, "handle", concern)
    if years is None or not 1 <= years <= MOST_YEARS:
        raise Refused(f"Enter a number of years from 1 to {MOST_YEARS}.", field="years")
    if not reason.strip():
        raise Refused("Say why it is kept longer.", field="reason")
    today = timezone.localdate()
    with audited():
        row = locked(concern, "add")
        if row.status != Status.CLOSED:
            raise Refused("The case is open, so it is kept in any case.")
        if row.keep_until is not None and row.keep_until > today:
            raise Refused("Its day has not come yet. Open the page again.")
        row.keep_until = years_after(today, years)
        row.save(update_fields=["keep_until"])
        data = {"keep_until": row.keep_until.isoformat()}
        entry_write(row, EntryKind.DECISION, by=actor, text=reason, data=data)
        record("incidents.concern_kept", actor=actor, school=row.school, subject=row)
    return row
