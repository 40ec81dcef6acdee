"""The difference between two texts: true, bounded, and readable."""

import random

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


def test_headings_stay_headings_without_their_mark_in_what_was_put_in_taken_out_and_changed() -> None:
    old = "# Who we are\n\nBe kind.\n\n## Old rules for staff\n\nGone soon"
    new = "### Who we are\n\nBe kind.\n\n# New rules for staff\n\n# Gone soon\n\n# More"
    found = difference(old, new)
    assert [(block.how, block.heading) for block in found.blocks] == [
        ("same", True),
        ("same", False),
        ("changed", True),
        ("removed", False),
        ("added", True),
        ("added", True),
    ]
    assert "#" not in "".join(told(found, "removed") + told(found, "added"))
    assert not found.whole


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
        (" ".join(f"x{n} u{n}" for n in range(9000)), " ".join(f"x{n} v{n}" for n in range(9000))),
    ],
    ids=["like words", "one paragraph", "every second word"],
)
def test_paragraphs_whose_words_would_take_too_long_are_shown_whole(old: str, new: str) -> None:
    found = difference(old, new)
    assert found.whole
    assert told(found, "removed")[-1] == old.split("\n")[-1].strip()
    assert told(found, "added")[-1] == new.split("\n")[-1].strip()


def test_a_page_of_words_is_compared_word_by_word() -> None:
    words = [f"word{n}" for n in range(1000)]
    changed = [*words[:500], "other", *words[501:]]
    found = difference(" ".join(words), " ".join(changed))
    assert not found.whole
    assert found.count("changed") == 1


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
