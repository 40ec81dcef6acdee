"""What stands in the way of an outcome, a sanction or an investigation. Pure, but for `facts_for` at the end.

Nothing is decided against a member of staff before the advice that was asked for is recorded (BEC-4.36,
CBC-10.09), and a case does not close over a duty that is open.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from incidents.models import ActionKind, Body, Category, Concern, EntryKind, Hearing
from people.governance.profile import Profile

ABOUT_STAFF = (Body.LADO, Body.HR)
"""Whose advice is about a member of staff, and holds nothing against anybody else."""
SPARED = "not_criminalise"
"""The decision that a pupil is not reported as a criminal, as the chronology keeps it."""
WORDS_OF = {
    Body.LADO: "The LADO has not advised yet.",
    Body.POLICE: "The police have not answered yet.",
    Body.HR: "HR has not advised yet.",
    Body.MASH: "Children’s social care has not answered yet.",
}


@dataclass(frozen=True)
class Hold:
    """One thing that stands in the way. `overridable`: it may be passed with a reason that is recorded."""

    key: str
    words: str
    overridable: bool = False


@dataclass(frozen=True)
class HoldFacts:
    """What decides the holds: advice that is waited for, duties that are open, and what a kind of case needs."""

    advice: frozenset[str] = field(default_factory=frozenset)
    duties: frozenset[str] = field(default_factory=frozenset)
    breach_unknown: bool = False
    breach_undecided: bool = False
    breach_unreported: bool = False
    unheard: tuple[str, ...] = ()
    unacknowledged: bool = False
    parents_untold: bool = False
    image_without_police: bool = False
    people_untold: bool = False
    waiting: str = ""


def holds_on(facts: HoldFacts) -> list[Hold]:
    """Everything that stands in the way of closing; each says what to do."""
    return [*advice_holds(facts), *_duty_holds(facts)]


def advice_holds(facts: HoldFacts) -> list[Hold]:
    """What stands in the way of an act against a member of staff: advice, asked for or still to be asked for."""
    found = [
        Hold(
            f"advice_{body}",
            f"{WORDS_OF.get(Body(body), 'A body that was asked has not answered yet.')} "
            "Record the advice, or go ahead without it and say why.",
            overridable=True,
        )
        for body in sorted(facts.advice)
    ]
    if ActionKind.LADO in facts.duties and Body.LADO not in facts.advice:
        found.append(
            Hold("lado", "Record the referral to the LADO, or why none is needed.", overridable=True)
        )
    if ActionKind.HR in facts.duties and Body.HR not in facts.advice:
        found.append(
            Hold("hr", "Ask HR for advice and record it, or record why none is needed.", overridable=True)
        )
    return found


def act_holds(facts: HoldFacts, *, staff: bool) -> list[Hold]:
    """What stands in the way of a sanction: all advice where it is against staff, else that of other bodies."""
    if staff:
        return advice_holds(facts)
    others = HoldFacts(advice=facts.advice - frozenset(ABOUT_STAFF))
    return advice_holds(others)


def inquiry_held(facts: HoldFacts) -> bool:
    """Whether the school may not look into it yet: advice from HR is asked for or still to be asked for."""
    return Body.HR in facts.advice or ActionKind.HR in facts.duties


def _duty_holds(facts: HoldFacts) -> list[Hold]:
    found: list[Hold] = []
    if facts.breach_unknown:
        found.append(Hold("aware", "Say when the school became aware of the data protection breach."))
    elif facts.breach_undecided:
        found.append(Hold("ico", "Decide whether the breach is reported to the ICO, and say why."))
    elif facts.breach_unreported:
        found.append(Hold("ico_report", "Record when the breach was reported to the ICO."))
    elif ActionKind.ICO in facts.duties:
        found.append(Hold("ico_duty", "Finish what is due about the data protection breach."))
    if facts.people_untold:
        found.append(Hold("people_told", "Decide whether the people whose data it is are told."))
    if facts.waiting and not facts.advice:
        found.append(Hold("waiting", f"The case waits for: {facts.waiting}. End the wait first."))
    for party in facts.unheard:
        who = Hearing.Party(party).label.lower()
        found.append(Hold(f"hearing_{party}", f"The {who} has not heard the complaint yet."))
    if facts.unacknowledged or ActionKind.ACKNOWLEDGE in facts.duties:
        found.append(Hold("acknowledge", "Record when the complaint was acknowledged."))
    if facts.parents_untold or ActionKind.PARENTS in facts.duties:
        found.append(Hold("parents", "Record when the parents were told, or why they are not told."))
    if facts.image_without_police:
        found.append(
            Hold("image", "Record the call to the police about the picture, or the decision not to call.")
        )
    elif ActionKind.POLICE in facts.duties:
        found.append(Hold("police", "Record the call to the police, or why none was made."))
    return found


def words_of(holds: Iterable[Hold]) -> str:
    """The holds in one message."""
    return " ".join(hold.words for hold in holds)


def facts_for(concern: Concern, profile: Profile) -> HoldFacts:
    """The facts of one case as they stand in its rows. What was prefetched is not read again."""
    referrals = list(concern.referrals.all())
    duties = frozenset(
        row.kind for row in concern.actions.all() if row.done_at is None and row.kind != ActionKind.OTHER
    )
    breach = getattr(concern, "breach", None)
    is_breach = concern.category == Category.DATA_BREACH
    return HoldFacts(
        advice=frozenset(row.body for row in referrals if row.is_holding),
        duties=duties,
        breach_unknown=is_breach and breach is None,
        breach_undecided=breach is not None and breach.report_it is None,
        breach_unreported=breach is not None and bool(breach.report_it) and breach.reported_at is None,
        unheard=_unheard(concern),
        unacknowledged=concern.category == Category.DATA_COMPLAINT
        and not _was_written(concern, EntryKind.ACKNOWLEDGED),
        parents_untold=concern.category == Category.CONTACT_ATTEMPT
        and bool(profile.contact_attempt_tell_parents)
        and not _was_written(concern, EntryKind.PARENTS),
        image_without_police=concern.image and _police_missing(concern, profile, referrals),
        people_untold=breach is not None and breach.report_it is not None and breach.people_told is None,
        waiting=concern.get_waiting_for_display() if concern.waiting_for else "",
    )


def investigation_is_held(concern: Concern) -> bool:
    """Whether evidence may not be gathered yet, because HR is to advise first (CBC-10.09). Two queries at most."""
    waited_for = concern.referrals.filter(
        body=Body.HR, holds=True, advised_at=None, overridden_at=None
    ).exists()
    return waited_for or concern.actions.filter(kind=ActionKind.HR, done_at=None).exists()


def _unheard(concern: Concern) -> tuple[str, ...]:
    if concern.category != Category.POLICY_COMPLAINT:
        return ()
    heard = {row.party for row in concern.hearings.all()}
    return tuple(party for party in Hearing.Party.values if party not in heard)


def _was_written(concern: Concern, kind: EntryKind) -> bool:
    return concern.entries.filter(kind=kind).exists()


def _police_missing(concern: Concern, profile: Profile, referrals: list) -> bool:
    """An image goes to the police; the exception is a decision that the profile leaves to somebody (STM-8.10)."""
    police = [row for row in referrals if row.body == Body.POLICE]
    if any(row.made_at or row.overridden_at for row in police):
        return False
    if profile.indecent_image_pupil_route == "police_always":
        return True
    return not concern.entries.filter(kind=EntryKind.DECISION, data__decision=SPARED).exists()
