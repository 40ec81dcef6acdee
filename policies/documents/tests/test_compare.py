"""The difference between two texts: true, bounded, and readable."""

import random
import time

import pytest

from policies.documents.compare import MOST_PARAGRAPHS, Difference, TooLong, difference
from policies.documents.pages import Part, parts_of


def told(found: Difference, side: str) -> list[str]:
    """What the blocks say of one side; only for texts short enough that nothing is left out."""
    other = "added" if side == "removed" else "removed"
    texts = []
    for block in found.blocks:
        if block.pieces:
            texts.append("".join(one.text for one in block.pieces if one.how != other).strip())
        elif block.how != other:
            texts.append(block.text)
    return texts


def test_words_within_a_paragraph_are_told_apart() -> None:
    found = difference("Keep children safe.\n\nBe kind.", "Keep all children safe.\n\nBe kind.\nAsk first.")
    assert [block.how for block in found.blocks] == ["changed", "same", "added"]
    assert [one.text for one in found.blocks[0].pieces if one.how == "added"] == ["all "]
    assert found.count("changed") == 1
    assert not found.is_none
    assert difference("a\n\n\nb  c", "a\nb c\n").is_none, "blanks are no change"


def test_both_sides_can_be_read_back() -> None:
    chance = random.Random(7)
    words = ["safe", "child", "online", "(", "staff", "é", "<b>"]

    def text() -> str:
        return "\n".join(" ".join(chance.choices(words, k=chance.randrange(1, 9))) for _ in range(3))

    for _ in range(200):
        old, new = text(), text()
        found = difference(old, new)
        assert told(found, "removed") == old.split("\n")
        assert told(found, "added") == new.split("\n")


def test_long_stretches_without_a_change_are_left_out_and_counted() -> None:
    old = "\n".join(f"Line {n}" for n in range(50))
    found = difference(old, old.replace("Line 25", "Row 25"))
    assert [block.count for block in found.blocks if block.how == "skipped"] == [23, 22]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\n".join(["a " * 199] * 300), "\n".join(["a b " * 99] * 300)),
        ("x " * 100_000, "y " * 100_000),
        ("\n".join(["a", "b"] * 1500), "\n".join(["b", "a", "c"] * 1000)),
    ],
    ids=["like words", "one paragraph", "like paragraphs"],
)
def test_the_worst_texts_are_compared_in_bounded_time(old: str, new: str) -> None:
    start = time.process_time()
    difference(old, new)
    assert time.process_time() - start < 5


def test_too_many_paragraphs_are_refused_at_once() -> None:
    with pytest.raises(TooLong):
        difference("a\n" * (MOST_PARAGRAPHS + 1), "b")


def test_a_text_is_headings_and_paragraphs() -> None:
    assert parts_of("# Why\nFirst line\n second\n\n\n#5 is no heading\n\n") == [
        Part(True, "Why"),
        Part(False, "First line\n second"),
        Part(False, "#5 is no heading"),
    ]
    assert parts_of("") == []
