"""What the ledger says: pure functions from answers to a state, and from states to a verdict.

Nothing here reads the database, so that tests compare it with a plain model over any order of events.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from consent.ages import eighteenth
from consent.models.ledger import Effect, Says, Standing, Weight
from consent.models.purpose import Channel, Medium
from consent.terms import Terms


class Word(NamedTuple):
    """One answer. `giver` is a contact's id, None for the pupil; moments are aware."""

    pk: int
    giver: int | None
    standing: str
    kind: str
    allows: bool
    weight: str
    received_at: datetime
    recorded_at: datetime
    valid_until: date | None


class PupilFacts(NamedTuple):
    """What the ledger needs to know of a pupil. `competent` is the latest assessment, None without one."""

    pk: int
    born: date | None
    leaves_on: date | None
    competent: bool | None = None
    never_show: bool = False
    joined_on: date | None = None


@dataclass(frozen=True)
class State:
    """What holds for one pupil and one purpose. `yes_until` is the last day of the longest yes, if any."""

    says: str = Says.NOTHING
    yes_until: date | None = None
    since: datetime | None = None
    expired: bool = False
    answered_for: date | None = None

    def at(self, day: date) -> "State":
        """The same on a later day, when the yes may be over."""
        if self.yes_until is None or day <= self.yes_until or self.says not in (Says.YES, Says.SPLIT):
            return self
        says = Says.NO if self.says == Says.SPLIT else Says.NOTHING
        return State(says, None, self.since, expired=True, answered_for=self.answered_for)


EMPTY = State()


def state_of(words: Iterable[Word], pupil: PupilFacts, day: date, terms: Terms) -> State:
    """The state on a day. The latest word of each giver counts; one no outweighs every yes.

    A parent's yes ends on the day before the eighteenth birthday where the school assesses then, unless the
    pupil was found not to understand (CIT-7.05 to 7.07); an adult pupil's own word then stands alone.
    """
    spoken: dict[int | None, Word] = {}
    held: dict[int | None, Word] = {}
    for word in sorted(words, key=lambda one: (one.received_at, one.pk)):
        if word.weight == Weight.NOTED:
            continue
        if word.weight == Weight.TO_CHECK and word.allows:
            held[word.giver] = word
            continue
        held.pop(word.giver, None)
        spoken[word.giver] = word
    if not spoken and not held:
        return EMPTY
    grown = terms.at_18 and pupil.born is not None and pupil.competent is not False
    own = spoken.get(None)
    if grown and own and own.standing == Standing.ADULT and own.kind != Effect.SET_ASIDE:
        spoken, held = {None: own}, {}
    last_young = eighteenth(pupil.born) - timedelta(days=1) if grown and pupil.born else None
    noes = [word for word in spoken.values() if not word.allows and word.kind != Effect.SET_ASIDE]
    ends = [_yes_ends(word, last_young) for word in spoken.values() if _is_yes(word, terms)]
    living = [end for end in ends if end >= day]
    latest = max(word.received_at for word in (*spoken.values(), *held.values()))
    answered = [word.valid_until for word in spoken.values() if word.kind != Effect.SET_ASIDE]
    answered_for = None if None in answered or not answered else max(answered)
    until = None if not living or max(living) == date.max else max(living)
    if noes:
        says = Says.SPLIT if living else Says.NO
    elif living:
        says = Says.YES
    elif held:
        says = Says.HELD
    else:
        says = Says.NOTHING
    return State(
        says, until, latest, expired=bool(ends) and not living and not noes, answered_for=answered_for
    )


def _is_yes(word: Word, terms: Terms) -> bool:
    """Whether a yes comes from somebody whose yes is enough (CIT-7.07, STM-7.06)."""
    if not word.allows:
        return False
    if word.standing == Standing.CAPABLE:
        return terms.pupils_say_yes
    return word.standing in (Standing.PARENTAL, Standing.ADULT, Standing.FOR_ADULT)


def _yes_ends(word: Word, last_young: date | None) -> date:
    end = word.valid_until or date.max
    if last_young is not None and word.standing != Standing.ADULT:
        end = min(end, last_young)
    return end


class PurposeFacts(NamedTuple):
    """The terms of a purpose."""

    pk: int
    medium: str
    channel: str
    platform: int | None
    group_only: bool
    no_first_name: bool
    basis: str


@dataclass(frozen=True)
class Use:
    """The exact use of a picture that somebody asks about (CIT-7.18, STM-7.24)."""

    medium: str
    channel: str
    platform: int | None = None
    in_group: bool = False
    first_name: bool = False


def covers(purpose: PurposeFacts, use: Use) -> bool:
    """Whether an answer to the purpose says something about the use."""
    media = {purpose.medium}
    if purpose.medium == Medium.BOTH:
        media |= {Medium.IMAGE, Medium.VIDEO}
    if use.medium not in media:
        return False
    if (purpose.group_only and not use.in_group) or (purpose.no_first_name and use.first_name):
        return False
    if purpose.channel == Channel.PLATFORM:
        return use.platform is not None and use.platform == purpose.platform
    if purpose.channel == Channel.SCHOOL:
        return use.channel in (Channel.SCHOOL, Channel.PLATFORM)
    return purpose.channel == use.channel


def exactness(purpose: PurposeFacts) -> int:
    """How exactly a purpose describes a use: a platform and each condition count one."""
    return (purpose.channel == Channel.PLATFORM) + purpose.group_only + purpose.no_first_name


MAY = "yes"
NEVER = "never_show"
LEFT = "left"
NOT_YET = "not_joined"
NOT_PUBLISHED = "not_published"
NO_PURPOSE = "not_asked"
NO = "no"
SPLIT = "disagreement"
HELD = "to_check"
EXPIRED = "expired"
SILENT = "no_answer"


class Verdict(NamedTuple):
    """Whether a pupil may be shown, why, and the last day for which that holds (None: no end)."""

    may: bool
    reason: str
    until: date | None = None


_BLOCKED = {Says.NO: NO, Says.SPLIT: SPLIT, Says.HELD: HELD}


def verdict(
    pupil: PupilFacts,
    states: Mapping[int, State],
    purposes: Sequence[PurposeFacts],
    use: Use,
    terms: Terms,
    day: date,
) -> Verdict:
    """Whether a pupil may be shown on a day. `states` are those of that day by purpose.

    The flag outweighs everything (RAV-9.08); nothing outlasts the school. Of the purposes that cover the
    use the most exact with an answer decides, and among equals a no; without an answer, silence.
    """
    if pupil.never_show:
        return Verdict(False, NEVER)
    if pupil.leaves_on is not None and pupil.leaves_on < day:
        return Verdict(False, LEFT)
    if not terms.publishes(use.channel):
        return Verdict(False, NOT_PUBLISHED)
    covering = [purpose for purpose in purposes if covers(purpose, use)]
    if not covering:
        return Verdict(False, NO_PURPOSE)
    silence = all(terms.silence_means_yes(one.basis, one.channel) for one in covering)
    answered = [(exactness(one), states[one.pk]) for one in covering if one.pk in states]
    unsaid = (Says.NOTHING, Says.HELD) if silence else (Says.NOTHING,)
    spoken = [pair for pair in answered if pair[1].says not in unsaid]
    if spoken:
        most = max(rank for rank, _ in spoken)
        decisive = [state for rank, state in spoken if rank == most]
        for says, reason in _BLOCKED.items():
            if any(state.says == says for state in decisive):
                return Verdict(False, reason)
        ends = [state.yes_until for state in decisive if state.yes_until]
        return Verdict(True, MAY, _earlier(min(ends) if ends else None, pupil.leaves_on))
    if silence:
        return Verdict(True, MAY, pupil.leaves_on)
    return Verdict(False, EXPIRED if any(state.expired for _, state in answered) else SILENT)


def _earlier(one: date | None, other: date | None) -> date | None:
    return min(one, other) if one and other else one or other
