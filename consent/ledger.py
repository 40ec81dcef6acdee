"""What the ledger says: pure functions from answers to a state, and from states to a verdict.

Nothing here reads the database, so that tests compare it with a plain model over any order of events.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import NamedTuple

from consent.ages import eighteenth
from consent.models.ledger import Effect, Says, Standing, Weight
from consent.models.purpose import Channel, Medium
from consent.terms import Terms
from core.clock import local_day


class Word(NamedTuple):
    """One answer. `giver` is a contact's id, None for the pupil; moments are aware; `reply` is a reply's id."""

    pk: int
    giver: int | None
    standing: str
    kind: str
    allows: bool
    weight: str
    received_at: datetime
    valid_until: date | None
    reply: int | None = None


class PupilFacts(NamedTuple):
    """What the ledger needs to know of a pupil. `competent` is the latest assessment, None without one."""

    pk: int
    born: date | None
    leaves_on: date | None
    competent: bool | None = None
    never_show: bool = False
    joined_on: date | None = None


_NOTED, _TO_CHECK = Weight.NOTED.value, Weight.TO_CHECK.value
_SET_ASIDE = Effect.SET_ASIDE.value
_ADULT, _CAPABLE = Standing.ADULT.value, Standing.CAPABLE.value
_FOR_THE_PUPIL = frozenset({Standing.PARENTAL.value, Standing.FOR_ADULT.value})
_YES, _NO, _SPLIT = Says.YES.value, Says.NO.value, Says.SPLIT.value
_HELD, _NOTHING = Says.HELD.value, Says.NOTHING.value
"""As plain texts: they are compared for every answer of every pupil, and members of an enumeration are slow."""
ONE_DAY = timedelta(days=1)
_arrived = attrgetter("received_at", "pk")


class State(NamedTuple):
    """What holds for one pupil and one purpose.

    Attributes:
        says: a value of Says.
        yes_until: the last day of the longest yes; None: no end, or no yes.
        since: when the last word of it was received.
        expired: whether a yes is over and nothing else holds.
        answered_for: the last day of the period for which there is an answer; None: no end, or no answer.
        noes, yeses: who says no, and whose yes holds (ids of contacts, None for the pupil).
        alone: whether an adult pupil has spoken, so that nobody else's word counts.
    """

    says: str = _NOTHING
    yes_until: date | None = None
    since: datetime | None = None
    expired: bool = False
    answered_for: date | None = None
    noes: tuple[int | None, ...] = ()
    yeses: tuple[int | None, ...] = ()
    alone: bool = False

    def at(self, day: date) -> "State":
        """What lists make of it on a later day, when the yes may be over."""
        if self.yes_until is None or day <= self.yes_until or self.says not in (_YES, _SPLIT):
            return self
        says = _NO if self.says == _SPLIT else _NOTHING
        return State(says, None, self.since, expired=True, answered_for=self.answered_for)


EMPTY = State()


def state_of(words: Iterable[Word], pupil: PupilFacts, day: date, terms: Terms) -> State:
    """The state on a day. The latest word of each giver counts; one no outweighs every yes.

    A parent's yes ends on the day before the eighteenth birthday where the school assesses then, unless the
    pupil was found not to understand (CIT-7.05 to 7.07); an adult pupil's own word then stands alone.
    """
    spoken: dict[int | None, Word] = {}
    held: dict[int | None, Word] = {}
    for word in sorted(words, key=_arrived):
        if word.weight == _NOTED:
            continue
        if word.allows and word.weight == _TO_CHECK:
            held[word.giver] = word
            continue
        held.pop(word.giver, None)
        spoken[word.giver] = word
    if not spoken and not held:
        return EMPTY
    alone = False
    if terms.at_18:
        own = spoken.get(None)
        if own and own.kind != _SET_ASIDE and _said_as_adult(own, pupil):
            alone, spoken, held = True, {None: own}, {}
    return _weigh(spoken.values(), held.values(), pupil, alone, day, terms)


def _weigh(
    spoken: Collection[Word],
    held: Collection[Word],
    pupil: PupilFacts,
    alone: bool,
    day: date,
    terms: Terms,
) -> State:
    """One no outweighs every yes; a yes that is over is none; a yes that waits shows where nothing else holds."""
    noes: list[int | None] = []
    yeses: list[int | None] = []
    longest, answered, ended, endless = None, None, False, False
    for word in spoken:
        if word.kind == _SET_ASIDE:
            continue
        if word.valid_until is None:
            endless = True
        elif answered is None or word.valid_until > answered:
            answered = word.valid_until
        if not word.allows:
            noes.append(word.giver)
        elif _is_yes(word, pupil, terms):
            end = _yes_ends(word, pupil, terms)
            if end < day:
                ended = True
                continue
            yeses.append(word.giver)
            if longest is None or end > longest:
                longest = end
    if yeses:
        says = _SPLIT if noes else _YES
    elif noes:
        says = _NO
    else:
        says = _HELD if held else _NOTHING
    return State(
        says,
        None if longest == date.max else longest,
        max((word.received_at for word in (*spoken, *held)), default=None),
        ended and not yeses and not noes,
        None if endless else answered,
        tuple(noes),
        tuple(yeses),
        alone,
    )


def _is_yes(word: Word, pupil: PupilFacts, terms: Terms) -> bool:
    """Whether a yes comes from somebody whose yes is enough (CIT-7.07, STM-7.06)."""
    if word.standing == _ADULT:
        return not terms.at_18 or _said_as_adult(word, pupil)
    return word.standing in _FOR_THE_PUPIL or (word.standing == _CAPABLE and terms.pupils_say_yes)


def _said_as_adult(word: Word, pupil: PupilFacts) -> bool:
    """Whether a pupil's own word was given at 18, by the date of birth as it is known today (CIT-7.06)."""
    if word.standing != _ADULT or pupil.born is None or pupil.competent is False:
        return False
    return local_day(word.received_at) >= eighteenth(pupil.born)


def _yes_ends(word: Word, pupil: PupilFacts, terms: Terms) -> date:
    """The last day of a yes. What a child said for themselves ends with childhood, whatever was assessed."""
    end = word.valid_until or date.max
    if not terms.at_18 or pupil.born is None or word.standing == _ADULT:
        return end
    if pupil.competent is False and word.giver is not None:
        return end
    return min(end, eighteenth(pupil.born) - ONE_DAY)


class PurposeFacts(NamedTuple):
    """The terms of a purpose. A retired one is asked about no more: nothing rests on it, but a no still binds."""

    pk: int
    medium: str
    channel: str
    platform: int | None
    group_only: bool
    no_first_name: bool
    basis: str
    retired: bool = False


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


def bears_on(purpose: PurposeFacts, use: Use) -> bool:
    """Whether an answer to the purpose counts for the use.

    "The school's accounts" in general are those without a question of their own. Once the question about a
    platform is retired, its account is one of them, so that a no to it binds for all.
    """
    if purpose.retired and purpose.channel == Channel.PLATFORM and use.channel == Channel.SCHOOL:
        use = replace(use, channel=Channel.PLATFORM, platform=purpose.platform)
    return covers(purpose, use)


def use_of(purpose: PurposeFacts) -> Use:
    """The use of a picture that a purpose asks about."""
    return Use(
        purpose.medium,
        purpose.channel,
        purpose.platform,
        in_group=purpose.group_only,
        first_name=not purpose.no_first_name,
    )


def exactness(purpose: PurposeFacts) -> tuple[bool, int]:
    """How exactly a purpose describes a use: one platform outranks all conditions, then each condition counts."""
    return (purpose.channel == Channel.PLATFORM, purpose.group_only + purpose.no_first_name)


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


class Found(NamedTuple):
    """What was answered to one purpose that covers a use."""

    rank: tuple[bool, int]
    retired: bool
    state: State


class Asking:
    """A use at one school on a day: what does not depend on the pupil, worked out once for all of them.

    `purposes` are those that the school asks about, and those that it asked about before.
    """

    def __init__(self, purposes: Sequence[PurposeFacts], use: Use, terms: Terms, day: date) -> None:
        self.day = day
        self.published = terms.publishes(use.channel)
        self.covering = [one for one in purposes if bears_on(one, use)]
        asked = [one for one in self.covering if not one.retired]
        self.is_asked = bool(asked)
        self.silence = all(terms.silence_means_yes(one.basis, one.channel) for one in asked)
        self.unsaid = frozenset({_NOTHING, _HELD} if self.silence else {_NOTHING})
        self.ranks = {one.pk: exactness(one) for one in self.covering}

    def verdict(self, pupil: PupilFacts, states: Mapping[int, State]) -> Verdict:
        """Whether a pupil may be shown. `states` are those of the day by purpose.

        The flag outweighs everything (RAV-9.08); nothing comes before the school or outlasts it. A no to
        anything that covers the use binds, unless the same person said yes to something more exact. Then the
        most exact answer decides; without one, silence.
        """
        if pupil.never_show:
            return Verdict(False, NEVER)
        if pupil.leaves_on is not None and pupil.leaves_on < self.day:
            return Verdict(False, LEFT)
        if pupil.joined_on is not None and pupil.joined_on > self.day:
            return Verdict(False, NOT_YET)
        if not self.published:
            return Verdict(False, NOT_PUBLISHED)
        if not self.is_asked:
            return Verdict(False, NO_PURPOSE)
        found = [
            Found(self.ranks[one.pk], one.retired, states[one.pk])
            for one in self.covering
            if one.pk in states
        ]
        if any(_binds(one, giver, found) for one in found for giver in one.state.noes):
            differ = any(one.state.yeses for one in found)
            return Verdict(False, SPLIT if differ else NO)
        return self._without_a_no(pupil, [one for one in found if not one.retired])

    def _without_a_no(self, pupil: PupilFacts, found: list[Found]) -> Verdict:
        spoken = [one for one in found if one.state.says not in self.unsaid]
        if spoken:
            most = max(one.rank for one in spoken)
            decisive = [one.state for one in spoken if one.rank == most]
            if any(state.says == _HELD for state in decisive):
                return Verdict(False, HELD)
            until = pupil.leaves_on
            for state in decisive:
                until = _earlier(until, state.yes_until)
            return Verdict(True, MAY, until)
        if self.silence:
            return Verdict(True, MAY, pupil.leaves_on)
        return Verdict(False, EXPIRED if any(one.state.expired for one in found) else SILENT)


def _binds(no: Found, giver: int | None, found: list[Found]) -> bool:
    """Whether somebody's no still stands beside what was said to the other purposes."""
    return not any(
        (giver in one.state.yeses or (one.state.alone and one.state.yeses))
        and (one.rank > no.rank or (no.retired and one.rank == no.rank))
        for one in found
        if not one.retired
    )


def verdict(
    pupil: PupilFacts,
    states: Mapping[int, State],
    purposes: Sequence[PurposeFacts],
    use: Use,
    terms: Terms,
    day: date,
) -> Verdict:
    """Whether one pupil may be shown in a use on a day."""
    return Asking(purposes, use, terms, day).verdict(pupil, states)


def _earlier(one: date | None, other: date | None) -> date | None:
    return min(one, other) if one and other else one or other
