"""Pasted names find the pupils whom they mean, and never anybody else."""

import itertools
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.checking import TYPED, Entry, Roster, class_order, lines_of, name_key, readings_of, whom

_numbers = itertools.count(1)


def entry(name: str, class_name: str = "5A", preferred: str = "") -> Entry:
    """A pupil: everything but the last word is the first name."""
    first, _, last = name.rpartition(" ")
    return Entry(next(_numbers), uuid.uuid4(), first, preferred, last, class_name)


SAM = entry("Sam Smith")
SAM_B = entry("Sam Smith", "5B")
ANA = entry("Ana María Núñez-Ortega", "5A")
SIOBHAN = entry("Siobhán O’Neill", "6Oak")
BOB = entry("Robert Bell", "10C", preferred="Bob")
NINE = entry("Lee Long", "9B")
ROSTER = Roster((SAM, SAM_B, ANA, SIOBHAN, BOB, NINE))


def found(text: str, roster: Roster = ROSTER) -> list[Entry]:
    """Who is certain."""
    return list(whom(roster, (), (), text).pupils)


@pytest.mark.parametrize(
    "line",
    [
        "Robert Bell",
        "Bob Bell",
        "bell, bob",
        "BELL Bob",
        "Bell\tRobert\t10C",
        '"Bell","Bob"',
        "1. Bob Bell",
        "12) Bob Bell",
        " - Bob Bell",
        "• Bob  Bell",
        "[ ] Bob Bell",
        "☐ Bob Bell (10C)",
        "3 - Bob Bell, 10c",
        "Bob Bell 10C",
        "Bell, Bob, 10C",
        "Bob Bell (away on Monday)",
        "bob\u00a0bell",
        "Bo\u0301b Bell",
    ],
)
def test_a_name_is_found_however_it_was_written(line: str) -> None:
    assert found(line) == [BOB]


@pytest.mark.parametrize(
    ("line", "one"),
    [
        ("Ana Maria Nunez Ortega", ANA),
        ("Núñez-Ortega, Ana María", ANA),
        ("siobhan oneill", SIOBHAN),
        ("Siobhan O'Neill (6 Oak)", SIOBHAN),
        ("Siobhan O'Neill (6OAK)", SIOBHAN),
    ],
)
def test_accents_hyphens_and_apostrophes_do_not_matter(line: str, one: Entry) -> None:
    assert found(line) == [one]


def test_of_two_with_one_name_it_is_asked_and_a_class_beside_the_name_settles_it() -> None:
    asked = whom(ROSTER, (), (), "Sam Smith")
    assert asked.pupils == ()
    assert asked.doubts[0].entries == (SAM, SAM_B)
    assert found("Sam Smith (5B)") == [SAM_B]
    assert found("Smith, Sam, 5A") == [SAM]
    assert found("Sam Smith 5B") == [SAM_B]


def test_a_wrong_class_beside_a_name_is_a_question_and_no_answer() -> None:
    for line in ("Bob Bell (9B)", "Bob Bell (7X)", "Sam Smith (5C)"):
        asked = whom(ROSTER, (), (), line)
        assert not asked.pupils, line
        assert asked.doubts, line


def test_part_of_a_name_is_never_enough_even_where_only_one_pupil_has_it() -> None:
    for line in ("Lee", "Long", "Ana Núñez-Ortega", "Lee Anthony Long"):
        asked = whom(ROSTER, (), (), line)
        assert not asked.pupils, line
    assert [doubt.entries for doubt in whom(ROSTER, (), (), "Lee\nAna Núñez-Ortega").doubts] == [
        (NINE,),
        (ANA,),
    ]


def test_a_choice_by_hand_settles_a_doubt_and_so_does_asking_about_all_of_them() -> None:
    chosen = whom(ROSTER, (), (SAM_B.uuid,), "Sam Smith")
    assert (chosen.pupils, chosen.doubts) == ((SAM_B,), ())
    everybody = whom(ROSTER, ("5A", "5B"), (), "Sam Smith")
    assert not everybody.doubts
    assert {SAM, SAM_B} <= set(everybody.pupils)
    assert whom(ROSTER, ("5A",), (), "Sam Smith").doubts


def test_twins_in_name_and_class_are_all_asked_about() -> None:
    one, two = entry("Kim King", "3C"), entry("Kim King", "3C")
    assert found("Kim King", Roster((one, two))) == [one, two]


def test_nobody_of_that_name_is_listed_and_gets_no_answer() -> None:
    asked = whom(ROSTER, (), (), "Zoe Zimmer\nBob Bell\nZoe Zimmer")
    assert asked.pupils == (BOB,)
    assert asked.nobody == ("Zoe Zimmer",)
    assert asked.leftovers == 1


def test_a_class_with_the_name_of_a_family_does_not_hide_its_members() -> None:
    brown = entry("Tom Brown", "Brown")
    assert found("Tom Brown", Roster((brown,))) == [brown]
    assert found("Tom Brown Brown", Roster((brown,))) == [brown]


def test_an_unknown_id_chosen_by_hand_is_left_out() -> None:
    assert whom(ROSTER, (), (uuid.uuid4(),), "").pupils == ()


def test_classes_stand_in_the_order_of_their_numbers() -> None:
    assert ROSTER.classes == ["5A", "5B", "6Oak", "9B", "10C"]
    assert sorted(["10", "Oak", "2b", ""], key=class_order) == ["", "2b", "10", "Oak"]


def test_the_search_goes_by_the_beginning_of_every_word() -> None:
    assert ROSTER.search("ro be") == [BOB]
    assert ROSTER.search("BOB") == [BOB]
    assert ROSTER.search("o’n") == [SIOBHAN]
    assert ROSTER.search("ob") == []
    assert ROSTER.search(" ’ ") == []


def test_a_very_long_line_is_cut_and_every_line_counts_once() -> None:
    assert lines_of("a" * 5000) == ["a" * TYPED]
    assert lines_of("1. Bob Bell\n2. Bob Bell\r\n\n---\n") == ["Bob Bell"]


LINES = st.lists(
    st.one_of(
        st.text(max_size=40),
        st.sampled_from([one.name for one in ROSTER.entries]),
        st.builds("{}, {} ({})".format, st.text(max_size=9), st.text(max_size=9), st.text(max_size=4)),
    ),
    max_size=12,
)


@given(LINES, st.lists(st.sampled_from(["5A", "5B", "nothing"])))
def test_no_pasted_text_fails_or_finds_anybody_outside_the_school(
    lines: list[str], classes: list[str]
) -> None:
    text = "\n".join(lines)
    asked = whom(ROSTER, classes, (), text)
    offered = [one for doubt in asked.doubts for one in doubt.entries]
    assert {*asked.pupils, *offered} <= set(ROSTER.entries)
    assert len(set(asked.pupils)) == len(asked.pupils)
    seen = set(asked.nobody) | {doubt.typed for doubt in asked.doubts}
    assert seen <= set(lines_of(text))
    for line in asked.nobody:
        assert not any(
            reading.key in {name_key(one.name) for one in ROSTER.entries} for reading in readings_of(line)
        )


@given(st.text(max_size=60))
def test_whoever_is_certain_has_both_names_in_the_line(text: str) -> None:
    for one in found(text.replace("\n", " ")):
        key = name_key(text)
        assert name_key(one.last) in key
        assert name_key(one.first) in key or name_key(one.preferred) in key
