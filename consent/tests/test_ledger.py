"""The pure ledger: any order of answers, dates and birthdays, compared with a plain model (subtle 1 to 19)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consent.ages import eighteenth, is_adult, year_end, year_start
from consent.ledger import (
    EXPIRED,
    HELD,
    LEFT,
    MAY,
    NEVER,
    NO,
    NO_PURPOSE,
    NOT_PUBLISHED,
    NOT_YET,
    SILENT,
    SPLIT,
    PupilFacts,
    PurposeFacts,
    State,
    Use,
    Word,
    covers,
    state_of,
    verdict,
)
from consent.models import Basis, Channel, Effect, Medium, Route, Says, Standing, Weight
from consent.terms import Terms, terms_of
from core.clock import LONDON
from people.governance.profile import Profile

FAR = date(2030, 1, 1)
START = datetime(2020, 9, 1, 12, tzinfo=UTC)
OPT_IN = Terms("opt_in", True, 9, True, False, True, frozenset({Channel.SCHOOL, Channel.PLATFORM}))
OPT_OUT = Terms("opt_out", True, 9, True, False, False, frozenset({Channel.SCHOOL, Channel.PLATFORM}))
CLOSED = Terms("not_published", True, 9, True, False, False, frozenset({Channel.INSIDE}))
PHOTOS = PurposeFacts(1, Medium.IMAGE, Channel.SCHOOL, None, False, False, Basis.CONSENT)
ON_SCHOOL = Use(Medium.IMAGE, Channel.SCHOOL)
CHILD = PupilFacts(1, date(2016, 5, 5), None)
GIVERS = (None, 1, 2, 3)
SAID_YES = State(Says.YES, yeses=(1,))
SAID_NO = State(Says.NO, noes=(1,))
"""What one parent said."""


def word(pk: int, giver: int | None, allows: bool, day: int = 0, **more) -> Word:
    """An answer on the n-th day, of a parent with responsibility unless something else is said."""
    at = START + timedelta(days=day)
    standing = Standing.PUPIL if giver is None else Standing.PARENTAL
    values = {"standing": standing, "kind": Effect.GIVEN if allows else Effect.REFUSED}
    values |= {"weight": Weight.COUNTS, "valid_until": None, **more}
    return Word(pk=pk, giver=giver, allows=allows, received_at=at, **values)


def says(*words: Word, pupil: PupilFacts = CHILD, day: date = date(2021, 1, 1), terms: Terms = OPT_IN) -> str:
    return state_of(words, pupil, day, terms).says


# The plain model: what a careful clerk would do with a stack of papers, one after another.


def clerk(words: list[Word], pupil: PupilFacts, day: date, terms: Terms) -> str:
    """Go through the papers in the order in which they arrived, then look at what each person said last."""
    voices: dict[int | None, Word | None] = {}
    waiting: set[int | None] = set()
    for paper in sorted(words, key=lambda one: (one.received_at, one.pk)):
        if paper.weight == Weight.NOTED:
            continue
        if paper.weight == Weight.TO_CHECK and paper.allows:
            waiting.add(paper.giver)
        elif paper.kind == Effect.SET_ASIDE:
            voices[paper.giver] = None
            waiting.discard(paper.giver)
        else:
            voices[paper.giver] = paper
            waiting.discard(paper.giver)
    adult_words = pupil.born is not None and pupil.competent is not False

    def as_adult(paper: Word) -> bool:
        born_enough = adult_words and is_adult(pupil.born, paper.received_at.astimezone(LONDON).date())
        return paper.standing == Standing.ADULT and born_enough

    own = voices.get(None)
    if terms.at_18 and own is not None and as_adult(own):
        voices, waiting = {None: own}, set()
    no = any(voice is not None and not voice.allows for voice in voices.values())
    yes = False
    for voice in voices.values():
        if voice is None or not voice.allows:
            continue
        may = {Standing.PARENTAL, Standing.FOR_ADULT}
        if terms.pupils_say_yes:
            may.add(Standing.CAPABLE)
        if as_adult(voice) or not terms.at_18:
            may.add(Standing.ADULT)
        in_time = voice.valid_until is None or day <= voice.valid_until
        grown = terms.at_18 and voice.standing != Standing.ADULT and is_adult(pupil.born, day)
        outgrown = grown and (voice.giver is None or pupil.competent is not False)
        yes = yes or (voice.standing in may and in_time and not outgrown)
    if no:
        return Says.SPLIT if yes else Says.NO
    if yes:
        return Says.YES
    return Says.HELD if waiting else Says.NOTHING


days = st.integers(0, 3000)


@st.composite
def papers(draw) -> list[Word]:
    """Any stack of papers: givers, standings, weights, backdated, corrected, lapsed."""
    stack = []
    for pk in range(draw(st.integers(0, 7))):
        giver = draw(st.sampled_from(GIVERS))
        allows = draw(st.booleans())
        aside = not allows and draw(st.integers(0, 4)) == 0
        until = draw(st.none() | days.map(lambda n: START.date() + timedelta(days=n)))
        own = (Standing.ADULT, Standing.CAPABLE, Standing.PUPIL)
        theirs = (Standing.PARENTAL, Standing.FOR_ADULT, Standing.UNPROVEN, Standing.NONE)
        stack.append(
            word(
                pk,
                giver,
                allows,
                draw(days),
                standing=draw(st.sampled_from(own if giver is None else theirs)),
                weight=draw(st.sampled_from(Weight.values)),
                valid_until=until,
                **({"kind": Effect.SET_ASIDE} if aside else {}),
            )
        )
    return stack


pupils = st.builds(
    PupilFacts,
    st.just(1),
    st.none() | st.dates(date(2000, 1, 1), date(2018, 12, 31)),
    st.none(),
    st.sampled_from([None, True, False]),
)
terms_drawn = st.builds(
    Terms,
    st.sampled_from(["opt_in", "opt_out", "not_published"]),
    st.booleans(),
    st.integers(1, 12),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.just(frozenset({Channel.SCHOOL, Channel.PLATFORM})),
)
later = days.map(lambda n: START.date() + timedelta(days=n))


@settings(max_examples=3000, deadline=None, database=None)
@given(papers(), pupils, later, terms_drawn)
def test_any_stack_of_papers_is_read_as_a_careful_clerk_reads_it(stack, pupil, day, terms) -> None:
    assert says(*stack, pupil=pupil, day=day, terms=terms) == clerk(stack, pupil, day, terms)


@settings(max_examples=500, deadline=None, database=None)
@given(papers(), pupils, later, terms_drawn, st.randoms(use_true_random=False))
def test_the_order_in_which_rows_are_read_does_not_matter(stack, pupil, day, terms, dice) -> None:
    mixed = list(stack)
    dice.shuffle(mixed)
    assert state_of(mixed, pupil, day, terms) == state_of(stack, pupil, day, terms)


@settings(max_examples=2000, deadline=None, database=None)
@given(papers(), pupils, later, st.integers(0, 2500), terms_drawn)
def test_a_stored_state_stays_right_as_the_days_pass(stack, pupil, day, more, terms) -> None:
    """What lists keep needs no nightly change: only who waits behind a yes that ended shows when looked at."""
    then = day + timedelta(days=more)
    kept, fresh = state_of(stack, pupil, day, terms).at(then), state_of(stack, pupil, then, terms)
    assert (kept.says if fresh.says != Says.HELD else Says.HELD) == fresh.says
    assert fresh.says != Says.HELD or kept.says in (Says.HELD, Says.NOTHING)


@settings(max_examples=1000, deadline=None, database=None)
@given(papers(), pupils, later, terms_drawn, st.sampled_from([1, 2, 3]))
def test_one_counted_no_is_never_outvoted(stack, pupil, day, terms, giver) -> None:
    """Unless the pupil is 18 and has spoken (subtle 6)."""
    no = word(99, giver, False, 4000)
    found = says(*stack, no, pupil=pupil, day=day, terms=terms)
    if any(one.giver is None and one.standing == Standing.ADULT for one in stack):
        return
    assert found in (Says.NO, Says.SPLIT)


# Single rules, by name


@pytest.mark.clause("CIT-7.18", "STM-7.16")
def test_silence_is_no_under_an_opt_in_policy() -> None:
    assert says() == Says.NOTHING
    assert verdict(CHILD, {}, [PHOTOS], ON_SCHOOL, OPT_IN, FAR) == (False, SILENT, None)


@pytest.mark.clause("RAV-9.01", "RAV-9.08")
def test_silence_is_yes_under_an_opt_out_policy_until_somebody_objects() -> None:
    listed = PHOTOS._replace(basis=Basis.PUBLIC_TASK)
    assert verdict(CHILD, {}, [listed], ON_SCHOOL, OPT_OUT, FAR).may
    objected = {1: state_of([word(1, 1, False)], CHILD, FAR, OPT_OUT)}
    assert verdict(CHILD, objected, [listed], ON_SCHOOL, OPT_OUT, FAR).reason == NO


def test_a_public_task_does_not_open_social_media_when_the_policy_wants_consent() -> None:
    listed = PHOTOS._replace(basis=Basis.PUBLIC_TASK)
    assert verdict(CHILD, {}, [listed], ON_SCHOOL, OPT_IN, FAR).reason == SILENT
    newsletter = listed._replace(channel=Channel.NEWSLETTER)
    assert verdict(CHILD, {}, [newsletter], Use(Medium.IMAGE, Channel.NEWSLETTER), OPT_IN, FAR).may


@pytest.mark.clause("CBC-5.07", "CBC-8.03")
def test_a_school_that_publishes_nothing_shows_nobody_whatever_was_agreed() -> None:
    yes = {1: SAID_YES}
    assert verdict(CHILD, yes, [PHOTOS], ON_SCHOOL, CLOSED, FAR).reason == NOT_PUBLISHED
    inside = PHOTOS._replace(channel=Channel.INSIDE)
    use = Use(Medium.IMAGE, Channel.INSIDE)
    assert verdict(CHILD, yes, [inside], use, CLOSED, FAR).may
    assert verdict(CHILD, {}, [inside], use, CLOSED, FAR).reason == SILENT


def test_two_parents_who_differ_are_a_no_and_the_register_shows_it() -> None:
    both = [word(1, 1, True), word(2, 2, False, 1)]
    assert says(*both) == Says.SPLIT
    states = {1: state_of(both, CHILD, date(2021, 1, 1), OPT_IN)}
    assert verdict(CHILD, states, [PHOTOS], ON_SCHOOL, OPT_IN, date(2021, 1, 1)).reason == SPLIT


@pytest.mark.clause("STM-7.06", "CIT-7.07")
def test_a_yes_needs_parental_responsibility_and_a_no_does_not() -> None:
    for standing in (Standing.UNPROVEN, Standing.NONE):
        assert says(word(1, 1, True, standing=standing)) == Says.NOTHING
        assert says(word(1, 1, False, standing=standing)) == Says.NO
    assert says(word(1, 1, True, weight=Weight.TO_CHECK)) == Says.HELD
    assert says(word(1, 1, False, weight=Weight.TO_CHECK)) == Says.NO


@pytest.mark.clause("CIT-7.10", "STM-7.10")
def test_a_call_that_is_noted_changes_nothing() -> None:
    assert says(word(1, 1, True), word(2, 1, False, 5, weight=Weight.NOTED)) == Says.YES


@pytest.mark.clause("CIT-7.09", "STM-7.09")
def test_a_pupil_may_withdraw_and_may_not_consent_alone() -> None:
    assert says(word(1, None, True)) == Says.NOTHING
    assert says(word(1, 1, True), word(2, None, False, 3)) == Says.SPLIT


def test_a_pupil_who_understands_it_may_consent_where_the_policy_asks_pupils_too() -> None:
    capable = word(1, None, True, standing=Standing.CAPABLE)
    ask_pupils = Terms("opt_in", False, 9, True, True, True, frozenset({Channel.SCHOOL}))
    assert says(capable) == Says.NOTHING
    assert says(capable, terms=ask_pupils) == Says.YES


def test_a_paper_keyed_in_late_does_not_undo_what_arrived_after_it() -> None:
    withdrawn, old_paper = word(1, 1, False, 20), word(2, 1, True, 5)
    assert says(withdrawn, old_paper) == Says.NO


BORN = date(2008, 2, 29)
TEENAGER = PupilFacts(1, BORN, None)


@pytest.mark.clause("CIT-7.05", "CIT-7.06")
def test_a_parents_yes_ends_on_the_eve_of_the_eighteenth_birthday() -> None:
    yes = word(1, 1, True)
    assert eighteenth(BORN) == date(2026, 3, 1)
    assert says(yes, pupil=TEENAGER, day=date(2026, 2, 28)) == Says.YES
    assert says(yes, pupil=TEENAGER, day=date(2026, 3, 1)) == Says.NOTHING
    assert says(yes, pupil=TEENAGER._replace(competent=True), day=date(2026, 3, 1)) == Says.NOTHING


@pytest.mark.clause("CIT-7.07")
def test_a_pupil_who_does_not_understand_is_still_spoken_for() -> None:
    yes = word(1, 1, True)
    assert says(yes, pupil=TEENAGER._replace(competent=False), day=date(2026, 3, 1)) == Says.YES


@pytest.mark.clause("CIT-7.06")
def test_an_adult_pupils_own_word_stands_alone() -> None:
    own = word(2, None, True, 2100, standing=Standing.ADULT)
    assert says(word(1, 1, False), own, pupil=TEENAGER, day=date(2026, 6, 1)) == Says.YES


def test_a_parents_no_protects_until_the_adult_pupil_has_spoken() -> None:
    assert says(word(1, 1, False), pupil=TEENAGER, day=date(2026, 6, 1)) == Says.NO


@pytest.mark.clause("STM-7.03")
@pytest.mark.parametrize("signed", [date(2025, 9, 1), date(2026, 3, 12), date(2026, 8, 31)])
def test_consent_dies_in_the_same_summer_however_late_it_was_signed(signed: date) -> None:
    assert OPT_IN.valid_until(signed) == date(2026, 8, 31)
    yes = word(1, 1, True, valid_until=OPT_IN.valid_until(signed))
    assert says(yes, day=date(2026, 8, 31)) == Says.YES
    state = state_of([yes], CHILD, date(2026, 9, 1), OPT_IN)
    assert (state.says, state.expired) == (Says.NOTHING, True)
    assert verdict(CHILD, {1: state}, [PHOTOS], ON_SCHOOL, OPT_IN, date(2026, 9, 1)).reason == EXPIRED


def test_a_no_does_not_die_in_the_summer() -> None:
    assert says(word(1, 1, False, valid_until=date(2021, 8, 31)), day=date(2025, 1, 1)) == Says.NO


@pytest.mark.clause("CIT-7.03")
def test_consent_for_the_whole_time_ends_with_leaving() -> None:
    whole = Terms("opt_in", False, 9, True, True, True, frozenset({Channel.SCHOOL}))
    assert whole.valid_until(date(2026, 3, 1)) is None
    leaver = CHILD._replace(leaves_on=date(2026, 7, 20))
    yes = {1: SAID_YES}
    kept = verdict(leaver, yes, [PHOTOS], ON_SCHOOL, whole, date(2026, 7, 20))
    assert kept == (True, MAY, date(2026, 7, 20))
    assert verdict(leaver, yes, [PHOTOS], ON_SCHOOL, whole, date(2026, 7, 21)).reason == LEFT


@pytest.mark.clause("RAV-9.08")
def test_the_flag_outweighs_every_yes() -> None:
    flagged = CHILD._replace(never_show=True)
    assert verdict(flagged, {1: SAID_YES}, [PHOTOS], ON_SCHOOL, OPT_IN, FAR) == (False, NEVER, None)


def test_a_yes_that_waits_for_the_office_is_no_and_says_so() -> None:
    held = {1: State(Says.HELD)}
    assert verdict(CHILD, held, [PHOTOS], ON_SCHOOL, OPT_IN, FAR).reason == HELD
    listed = PHOTOS._replace(basis=Basis.PUBLIC_TASK)
    assert verdict(CHILD, held, [listed], ON_SCHOOL, OPT_OUT, FAR).may, "as silence: nobody has objected"


# The exact use


@pytest.mark.clause("CIT-7.18", "STM-7.24", "STM-7.14")
def test_an_answer_about_photographs_says_nothing_about_videos() -> None:
    yes = {1: SAID_YES}
    video = Use(Medium.VIDEO, Channel.SCHOOL)
    assert verdict(CHILD, yes, [PHOTOS], video, OPT_IN, FAR).reason == NO_PURPOSE


@pytest.mark.clause("CIT-7.04", "STM-7.04")
def test_an_answer_for_the_school_does_not_reach_the_trust_or_the_press() -> None:
    for channel in (Channel.TRUST, Channel.PRESS, Channel.WEBSITE, Channel.INSIDE):
        assert not covers(PHOTOS, Use(Medium.IMAGE, channel))
    stm = terms_of(Profile.resolve("st-marys"))
    trust = PHOTOS._replace(channel=Channel.TRUST)
    yes = {1: SAID_YES}
    assert verdict(CHILD, yes, [trust], Use(Medium.IMAGE, Channel.TRUST), stm, FAR).reason == NOT_PUBLISHED


def test_an_answer_about_one_platform_outweighs_the_one_about_all() -> None:
    one = PHOTOS._replace(pk=2, channel=Channel.PLATFORM, platform=7)
    states = {1: SAID_YES, 2: SAID_NO}
    there, elsewhere = Use(Medium.IMAGE, Channel.PLATFORM, 7), Use(Medium.IMAGE, Channel.PLATFORM, 8)
    assert not verdict(CHILD, states, [PHOTOS, one], there, OPT_IN, FAR).may
    assert verdict(CHILD, states, [PHOTOS, one], elsewhere, OPT_IN, FAR).may
    assert verdict(CHILD, {1: SAID_NO, 2: SAID_YES}, [PHOTOS, one], there, OPT_IN, FAR).may


def test_conditions_bind() -> None:
    group = PHOTOS._replace(group_only=True, no_first_name=True)
    yes = {1: SAID_YES}
    assert verdict(CHILD, yes, [group], Use(Medium.IMAGE, Channel.SCHOOL, in_group=True), OPT_IN, FAR).may
    assert not verdict(CHILD, yes, [group], ON_SCHOOL, OPT_IN, FAR).may
    named = Use(Medium.IMAGE, Channel.SCHOOL, in_group=True, first_name=True)
    assert not verdict(CHILD, yes, [group], named, OPT_IN, FAR).may


def test_an_objection_to_everything_is_not_undone_by_silence_about_a_part() -> None:
    all_of_it = PHOTOS._replace(basis=Basis.PUBLIC_TASK)
    group = all_of_it._replace(pk=2, group_only=True)
    use = Use(Medium.IMAGE, Channel.SCHOOL, in_group=True)
    assert verdict(CHILD, {1: SAID_NO}, [all_of_it, group], use, OPT_OUT, FAR).reason == NO


def test_of_two_answers_as_exact_as_each_other_the_no_decides() -> None:
    group = PHOTOS._replace(pk=1, group_only=True)
    nameless = PHOTOS._replace(pk=2, no_first_name=True)
    use = Use(Medium.IMAGE, Channel.SCHOOL, in_group=True)
    states = {1: SAID_YES, 2: SAID_NO}
    assert not verdict(CHILD, states, [group, nameless], use, OPT_IN, FAR).may


def test_one_parents_exact_yes_does_not_undo_the_others_general_no() -> None:
    one = PHOTOS._replace(pk=2, channel=Channel.PLATFORM, platform=7)
    there = Use(Medium.IMAGE, Channel.PLATFORM, 7)
    fathers = State(Says.YES, yeses=(2,))
    assert verdict(CHILD, {1: SAID_NO, 2: fathers}, [PHOTOS, one], there, OPT_IN, FAR).reason == SPLIT
    assert verdict(CHILD, {1: SAID_NO, 2: SAID_YES}, [PHOTOS, one], there, OPT_IN, FAR).may, "the same parent"


def test_a_no_to_a_platform_outranks_a_yes_with_conditions() -> None:
    one = PHOTOS._replace(pk=2, channel=Channel.PLATFORM, platform=7)
    narrow = PHOTOS._replace(pk=3, group_only=True, no_first_name=True)
    use = Use(Medium.IMAGE, Channel.PLATFORM, 7, in_group=True)
    assert not verdict(CHILD, {2: SAID_NO, 3: SAID_YES}, [one, narrow], use, OPT_IN, FAR).may


def test_a_no_binds_after_its_question_is_asked_no_more() -> None:
    old = PHOTOS._replace(pk=9, channel=Channel.PLATFORM, platform=7, retired=True)
    there = Use(Medium.IMAGE, Channel.PLATFORM, 7)
    assert not verdict(CHILD, {1: SAID_YES, 9: SAID_NO}, [PHOTOS, old], there, OPT_IN, FAR).may
    listed = PHOTOS._replace(basis=Basis.PUBLIC_TASK)
    was = listed._replace(pk=9, retired=True)
    assert not verdict(CHILD, {9: SAID_NO}, [listed, was], ON_SCHOOL, OPT_OUT, FAR).may, (
        "silence does not undo it"
    )
    assert verdict(CHILD, {9: SAID_NO, 1: SAID_YES}, [listed, was], ON_SCHOOL, OPT_OUT, FAR).may, (
        "a new yes does"
    )


def test_a_no_to_a_platform_binds_for_every_account_once_it_has_no_question_of_its_own() -> None:
    """The check then speaks of all the school's accounts together, and a teacher may post on that one."""
    old = PHOTOS._replace(pk=9, channel=Channel.PLATFORM, platform=7, retired=True)
    assert not verdict(CHILD, {1: SAID_YES, 9: SAID_NO}, [PHOTOS, old], ON_SCHOOL, OPT_IN, FAR).may
    asked = old._replace(retired=False)
    assert verdict(CHILD, {1: SAID_YES, 9: SAID_NO}, [PHOTOS, asked], ON_SCHOOL, OPT_IN, FAR).may


def test_nothing_rests_on_a_yes_to_what_is_asked_no_more() -> None:
    old = PHOTOS._replace(retired=True)
    assert verdict(CHILD, {1: SAID_YES}, [old], ON_SCHOOL, OPT_IN, FAR).reason == NO_PURPOSE


def test_nobody_is_shown_before_they_join() -> None:
    joiner = CHILD._replace(joined_on=date(2026, 9, 1))
    assert verdict(joiner, {1: SAID_YES}, [PHOTOS], ON_SCHOOL, OPT_IN, date(2026, 8, 31)).reason == NOT_YET
    assert verdict(joiner, {1: SAID_YES}, [PHOTOS], ON_SCHOOL, OPT_IN, date(2026, 9, 1)).may


def test_a_childs_own_yes_ends_with_childhood_whatever_is_assessed() -> None:
    ask_pupils = Terms("opt_in", False, 9, True, True, True, frozenset({Channel.SCHOOL}))
    capable = word(1, None, True, standing=Standing.CAPABLE)
    for competent in (None, True, False):
        pupil = TEENAGER._replace(competent=competent)
        assert says(capable, pupil=pupil, day=date(2026, 2, 28), terms=ask_pupils) == Says.YES
        assert says(capable, pupil=pupil, day=date(2026, 3, 1), terms=ask_pupils) == Says.NOTHING


def test_the_yes_of_an_adult_who_was_found_not_to_understand_is_none() -> None:
    own = word(1, None, True, 2100, standing=Standing.ADULT)
    assert says(own, pupil=TEENAGER._replace(competent=False), day=date(2026, 9, 1)) == Says.NOTHING


def test_an_adults_word_that_rested_on_a_wrong_birthday_stands_for_nothing() -> None:
    own = word(1, None, True, 100, standing=Standing.ADULT)
    assert says(own, word(2, 1, False, 200)) == Says.NO
    assert says(own, day=date(2035, 1, 1)) == Says.NOTHING, "not when they do turn 18, either"


# Ages and years


@settings(max_examples=500, deadline=None, database=None)
@given(st.dates(date(1990, 1, 1), date(2030, 1, 1)))
def test_nobody_is_18_a_day_early(born: date) -> None:
    birthday = eighteenth(born)
    assert not is_adult(born, birthday - timedelta(days=1))
    assert is_adult(born, birthday)
    assert birthday.year - born.year == 18
    assert (birthday.month, birthday.day) == (born.month, born.day) or (born.month, born.day) == (2, 29)


@settings(max_examples=500, deadline=None, database=None)
@given(st.dates(date(2000, 1, 1), date(2040, 1, 1)), st.integers(1, 12))
def test_every_day_lies_in_one_school_year(day: date, month: int) -> None:
    first, last = year_start(day, month), year_end(day, month)
    assert first <= day <= last
    assert (first.day, first.month) == (1, month)
    assert year_start(last + timedelta(days=1), month) == last + timedelta(days=1)


@pytest.mark.parametrize(
    ("preset", "model", "in_writing"),
    [
        ("cit", "opt_in", True),
        ("st-marys", "opt_in", True),
        ("ravens-wood", "opt_out", False),
        ("cbc", "not_published", False),
        ("beckstone", "opt_in", False),
    ],
)
def test_each_preset_gives_its_terms(preset: str, model: str, in_writing: bool) -> None:
    """Beckstone leaves the model open: until somebody chooses, nobody is shown without consent."""
    terms = terms_of(Profile.resolve(preset))
    assert (terms.model, terms.in_writing) == (model, in_writing)
    assert terms.weight_of(Route.TELEPHONE) == (Weight.NOTED if in_writing else Weight.COUNTS)
