"""The difference between two texts: by paragraph, and by word within a paragraph that changed.

Pure functions, bounded: a text of 200,000 characters is compared in well under a second or not at all. The words of
a version are its own, or those in its Word file; `words_of` alone reads a file.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from core.uploads import DOCX, MAX_BYTES
from policies.documents.services import MOST_TEXT
from policies.documents.word_files import words_in
from policies.models import Version

MOST_PARAGRAPHS = 3000
"""Of each text; beyond that the page offers both as files."""
MOST_STEPS = 150_000
"""What comparing the words of one page may cost (`_cost`); after that a changed paragraph is shown whole."""
AT_ONCE = 20
"""So many words are passed over in the time in which one pair of like words is looked at."""
AROUND = 2
"""Unchanged paragraphs that are shown before and after a change."""
MARK, HEADING = "# ", re.compile(r"#{1,6} (.+)")
"""What a heading begins with, as `pages.parts_of` reads it."""
SAME, ADDED, REMOVED, CHANGED, SKIPPED = "same", "added", "removed", "changed", "skipped"


class TooLong(Exception):
    """The texts have too many paragraphs to compare."""


@dataclass(frozen=True)
class Piece:
    """Some words of a changed paragraph: `how` is SAME, ADDED or REMOVED."""

    how: str
    text: str


@dataclass(frozen=True)
class Block:
    """One paragraph or heading, without its mark, or so many (`count`) unchanged ones that are left out."""

    how: str
    text: str = ""
    pieces: tuple[Piece, ...] = ()
    count: int = 0
    heading: bool = False


@dataclass
class Difference:
    """What changed from an older text to a newer one."""

    blocks: list[Block] = field(default_factory=list)
    whole: bool = False

    def count(self, how: str) -> int:
        """How many paragraphs were changed, added or removed."""
        return sum(block.how == how for block in self.blocks)

    @property
    def is_none(self) -> bool:
        """Whether the texts say the same."""
        return not any(block.how in (ADDED, REMOVED, CHANGED) for block in self.blocks)


def comparable(version: Version) -> bool:
    """Whether the words of a version can be read here: typed, or in a Word file."""
    return not version.file or version.media_type == DOCX


def words_of(version: Version) -> str:
    """The words of a comparable version. Raises TooLong, BadUpload or OSError where its file cannot be read."""
    if not version.file:
        return version.text
    with version.file.open("rb") as file:
        words = words_in(file.read(MAX_BYTES + 1))
    if len(words) > MOST_TEXT:
        raise TooLong
    return words


def paragraphs(text: str) -> list[str]:
    """The lines that are not empty, each with single spaces; a heading of any depth begins with "# "."""
    lines = [words for line in text.split("\n") if (words := " ".join(line.split()))]
    return [f"{MARK}{found[1]}" if (found := HEADING.fullmatch(line)) else line for line in lines]


def _block(how: str, text: str) -> Block:
    """A whole paragraph or heading."""
    return Block(how, text.removeprefix(MARK), heading=text.startswith(MARK))


def difference(old: str, new: str) -> Difference:
    """Compare two texts. Raises TooLong. `whole` is true where words were no longer compared one by one."""
    before, after = paragraphs(old), paragraphs(new)
    if max(len(before), len(after)) > MOST_PARAGRAPHS:
        raise TooLong
    found = Difference()
    left = MOST_STEPS
    for tag, a, b, c, d in _steps(before, after):
        if tag == "equal":
            found.blocks += [_block(SAME, text) for text in before[a:b]]
            continue
        pairs = min(b - a, d - c)
        for x, y in zip(before[a : a + pairs], after[c : c + pairs], strict=True):
            heading = x.startswith(MARK)
            olds, news = _words(x.removeprefix(MARK)), _words(y.removeprefix(MARK))
            cost = _cost(olds, news)
            alike = heading == y.startswith(MARK)  # a heading is never shown as one with a paragraph
            if alike and cost <= left and (pieces := _pieces(olds, news)):
                left -= cost
                found.blocks.append(Block(CHANGED, pieces=pieces, heading=heading))
            else:
                found.whole |= alike and cost > left
                found.blocks += [_block(REMOVED, x), _block(ADDED, y)]
        found.blocks += [_block(REMOVED, text) for text in before[a + pairs : b]]
        found.blocks += [_block(ADDED, text) for text in after[c + pairs : d]]
    found.blocks = list(_shortened(found.blocks))
    return found


def _steps(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[str, int, int, int, int]]:
    """The steps from one list to the other; what is alike at both ends is set aside first."""
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    if start:
        yield "equal", 0, start, 0, start
    x, y = before[start : len(before) - end], after[start : len(after) - end]
    for tag, a, b, c, d in SequenceMatcher(None, x, y).get_opcodes():
        yield tag, a + start, b + start, c + start, d + start
    if end:
        yield "equal", len(before) - end, len(before), len(after) - end, len(after)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+\s*|[^\w\s]\s*", text)


def _cost(olds: list[str], news: list[str]) -> int:
    """What finding the longest matches costs at the most.

    Pairs of like words, where a word comes often; where each comes once, the text is passed over for each match.
    """
    there = Counter(news)
    pairs = sum(count * there[word] for word, count in Counter(olds).items())
    return max(pairs, len(olds) * len(news) // AT_ONCE)


def _pieces(olds: list[str], news: list[str]) -> tuple[Piece, ...]:
    """The words that stayed, went and came; empty where too little stayed to be read as one paragraph."""
    found = []
    kept = 0
    for tag, a, b, c, d in SequenceMatcher(None, olds, news).get_opcodes():
        if tag == "equal":
            kept += b - a
            found.append(Piece(SAME, "".join(olds[a:b])))
            continue
        if b > a:
            found.append(Piece(REMOVED, "".join(olds[a:b])))
        if d > c:
            found.append(Piece(ADDED, "".join(news[c:d])))
    return tuple(found) if kept * 3 >= max(len(olds), len(news)) else ()


def _shortened(blocks: list[Block]) -> Iterator[Block]:
    """The blocks, with long runs of unchanged ones left out but for those next to a change."""
    near = [False] * len(blocks)
    for place, block in enumerate(blocks):
        if block.how != SAME:
            for close in range(max(0, place - AROUND), min(len(blocks), place + AROUND + 1)):
                near[close] = True
    skipped = 0
    for block, shown in zip(blocks, near, strict=True):
        if shown:
            if skipped:
                yield Block(SKIPPED, count=skipped)
                skipped = 0
            yield block
        else:
            skipped += 1
    if skipped:
        yield Block(SKIPPED, count=skipped)
