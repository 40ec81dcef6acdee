"""What the ledger says: pure functions from answers to a state, and from states to a verdict.

Nothing here reads the database, so that tests compare it with a plain model over any order of events.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import NamedTuple

from consent.ages import eighteenth
from consent.models.ledger import Effect, Says, Standing, Weight
from consent.models.purpose import Channel, Medium
from consent.terms import Terms


class Word(NamedTuple):
    """One answer. `giver` is a contact's id, None for the pupil; moments are aware; `reply` is a reply's id."""

    pk: int
    giver: int | None
    standing: str
    kind: str
    allows: bool
    weight: str
    received_at: datetime | None
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
_MAY_SAY_YES = frozenset({Standing.PARENTAL.value, _ADULT, Standing.FOR_ADULT.value})
_YES, _NO, _SPLIT = Says.YES.value, Says.NO.value, Says.SPLIT.value
_HELD, _NOTHING = Says.HELD.value, Says.NOTHING.value
"""As plain texts: they are compared for every answer of every pupil, and members of an enumeration are slow."""
ONE_DAY = timedelta(days=1)
_arrived = attrgetter("received_at", "pk")


class State(NamedTuple):
    """What holds for one pupil and one purpose. `yes_until` is the last day of the longest yes, if any."""

    says: str = _NOTHING
    yes_until: date | None = None
    since: datetime | None = None
    expired: bool = False
    answered_for: date | None = None

    def at(self, day: date) -> "State":
        """The same on a later day, when the yes may be over."""
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
    return state_in_order(sorted(words, key=_arrived), pupil, day, terms)


def state_in_order(words: Iterable[Word], pupil: PupilFacts, day: date, terms: Terms) -> State:
    """As `state_of`, of words in the order in which they arrived; without their moments there is no `since`."""
    spoken: dict[int | None, Word] = {}
    held: dict[int | None, Word] = {}
    for word in words:
        if word.weight == _NOTED:
            continue
        if word.allows and word.weight == _TO_CHECK:
            held[word.giver] = word
            continue
        held.pop(word.giver, None)
        spoken[word.giver] = word
    if not spoken and not held:
        return EMPTY
    last_young = None
    if terms.at_18 and pupil.born is not None and pupil.competent is not False:
        own = spoken.get(None)
        if own and own.standing == _ADULT and own.kind != _SET_ASIDE:
            spoken, held = {None: own}, {}
        last_young = eighteenth(pupil.born) - ONE_DAY
    return _weigh(spoken.values(), held.values(), last_young, day, terms)


def _weigh(
    spoken: Collection[Word], held: Collection[Word], last_young: date | None, day: date, terms: Terms
) -> State:
    """One no outweighs every yes; a yes that is over is none; a yes that waits shows where nothing else holds."""
    no = ended = False
    latest, longest, answered, endless = None, None, None, False
    for word in spoken:
        latest = _later(latest, word.received_at)
        if word.kind == _SET_ASIDE:
            continue
        if word.valid_until is None:
            endless = True
        elif answered is None or word.valid_until > answered:
            answered = word.valid_until
        if not word.allows:
            no = True
        elif _is_yes(word, terms):
            end = _yes_ends(word, last_young)
            if end < day:
                ended = True
            elif longest is None or end > longest:
                longest = end
    if longest is not None:
        says = _SPLIT if no else _YES
    elif no:
        says = _NO
    else:
        says = _HELD if held else _NOTHING
    for word in held:
        latest = _later(latest, word.received_at)
    until = None if longest == date.max else longest
    return State(says, until, latest, ended and longest is None and not no, None if endless else answered)


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return other if one is None or (other is not None and other > one) else one


def _is_yes(word: Word, terms: Terms) -> bool:
    """Whether a yes comes from somebody whose yes is enough (CIT-7.07, STM-7.06)."""
    return word.standing in _MAY_SAY_YES or (word.standing == _CAPABLE and terms.pupils_say_yes)


def _yes_ends(word: Word, last_young: date | None) -> date:
    end = word.valid_until or date.max
    if last_young is not None and word.standing != _ADULT:
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


_BLOCKED = ((_NO, NO), (_SPLIT, SPLIT), (_HELD, HELD))


class Asking:
    """A use at one school on a day: what does not depend on the pupil, worked out once for all of them.

    `purposes` are those that the school asks about.
    """

    def __init__(self, purposes: Sequence[PurposeFacts], use: Use, terms: Terms, day: date) -> None:
        self.day = day
        self.published = terms.publishes(use.channel)
        covering = [one for one in purposes if covers(one, use)]
        self.ranks = [(exactness(one), one.pk) for one in covering]
        self.silence = all(terms.silence_means_yes(one.basis, one.channel) for one in covering)
        self.unsaid = frozenset({_NOTHING, _HELD} if self.silence else {_NOTHING})

    def verdict(self, pupil: PupilFacts, states: Mapping[int, State]) -> Verdict:
        """Whether a pupil may be shown. `states` are those of the day by purpose.

        The flag outweighs everything (RAV-9.08); nothing outlasts the school. Of the purposes that cover the
        use the most exact with an answer decides, and among equals a no; without an answer, silence.
        """
        if pupil.never_show:
            return Verdict(False, NEVER)
        if pupil.leaves_on is not None and pupil.leaves_on < self.day:
            return Verdict(False, LEFT)
        if not self.published:
            return Verdict(False, NOT_PUBLISHED)
        if not self.ranks:
            return Verdict(False, NO_PURPOSE)
        answered = [(rank, states[pk]) for rank, pk in self.ranks if pk in states]
        spoken = [pair for pair in answered if pair[1].says not in self.unsaid]
        if spoken:
            most = max(pair[0] for pair in spoken)
            return self._decided([state for rank, state in spoken if rank == most], pupil)
        if self.silence:
            return Verdict(True, MAY, pupil.leaves_on)
        return Verdict(False, EXPIRED if any(state.expired for _, state in answered) else SILENT)

    @staticmethod
    def _decided(decisive: list[State], pupil: PupilFacts) -> Verdict:
        said = {state.says for state in decisive}
        for says, reason in _BLOCKED:
            if says in said:
                return Verdict(False, reason)
        until = pupil.leaves_on
        for state in decisive:
            until = _earlier(until, state.yes_until)
        return Verdict(True, MAY, until)


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
