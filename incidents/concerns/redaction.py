"""Leaving names out of a text that goes to somebody else. Pure functions.

Whoever is left out is called by one label everywhere. What was replaced is counted, and what still looks like
one of the names is counted too, so that nothing is incomplete in silence.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from core.signatures import plain_name

OWN = "own"
FOR_WHOM = [
    (OWN, "The school’s own file"),
    ("lado", "The LADO"),
    ("police", "The police"),
    ("parent", "A parent or carer"),
    ("other", "Somebody else"),
]
SEVERAL = "somebody in this case"
"""The label of a single name that two of them share."""
NOT_NAMES = frozenset(
    [
        "a",
        "an",
        "the",
        "mr",
        "mrs",
        "ms",
        "miss",
        "mx",
        "dr",
        "sir",
        "madam",
        "rev",
        "class",
        "form",
        "year",
        "boy",
        "girl",
        "pupil",
        "child",
        "teacher",
        "mother",
        "father",
        "mum",
        "dad",
        "parent",
        "carer",
        "brother",
        "sister",
        "uncle",
        "aunt",
        "of",
        "from",
        "in",
        "and",
        "or",
        "with",
        "who",
        "he",
        "she",
        "they",
        "his",
        "her",
        "their",
        "my",
        "our",
        "one",
        "unknown",
        "somebody",
    ]
)
"""Words that begin with a capital beside a name, and are none."""
MARKS = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "‐": "-", "‑": "-"})


@dataclass(frozen=True)
class LeftOut:
    """One person who is left out: the label, and every text by which they are called in full."""

    label: str
    names: tuple[str, ...]

    @property
    def words(self) -> list[list[str]]:
        """The words of each of their names that are names, in order."""
        return [found for name in self.names if (found := name_words(name))]


def name_words(text: str) -> list[str]:
    """The words of a text that may be a name: with a capital, without digits, no title."""
    words = re.findall(r"[^\W\d_][\w'-]*", _tidy(text))
    # What is typed in small letters alone is taken as it is.
    capitals = [one for one in words if one[0].isupper()] or words
    found = [one.rstrip("'-") for one in capitals]
    return [
        re.sub(r"'s$", "", one)
        for one in found
        if len(one) > 1 and one.lower() not in NOT_NAMES and not any(c.isdigit() for c in one)
    ]


@dataclass
class Redactor:
    """Replaces names in one text after the other, and counts.

    `single`: a first name or surname that stands alone is replaced too, where it is written with a capital.
    """

    people: tuple[LeftOut, ...]
    single: bool = True
    counts: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        labels: dict[str, str] = {}
        alone: dict[str, set[str]] = {}
        for one in self.people:
            for pattern in _full_patterns(one):
                labels.setdefault(pattern, one.label)
            for word in {word for words in one.words for word in words}:
                alone.setdefault(word, set()).add(one.label)
        patterns = sorted(labels, key=len, reverse=True)
        self._labels = [labels[each] for each in patterns]
        parts = [f"(?i:{each})" for each in patterns]
        if self.single:
            for word in sorted(alone, key=len, reverse=True):
                holders = alone[word]
                self._labels.append(next(iter(holders)) if len(holders) == 1 else SEVERAL)
                forms = sorted({_literal(word), _literal(word[0].upper() + word[1:]), _literal(word.upper())})
                parts.append("|".join(forms))
        joined = "|".join(f"({part})" for part in parts)
        self._pattern = re.compile(rf"(?<!\w)(?:{joined})(?!\w)") if parts else None
        self._alone = {plain_name(word) for word in alone}

    def __call__(self, text: str) -> str:
        """The text without their names."""
        if not text or self._pattern is None:
            return text
        plain = unicodedata.normalize("NFC", text)
        # Marks are one letter for one, so that places in both texts agree.
        found, last = [], 0
        for hit in self._pattern.finditer(plain.translate(MARKS)):
            label = self._labels[(hit.lastindex or 1) - 1]
            self.counts[label] += 1
            found += [plain[last : hit.start()], label]
            last = hit.end()
        done = "".join([*found, plain[last:]])
        self._count_left("\n".join([*found[::2], plain[last:]]))
        return done

    def _count_left(self, text: str) -> None:
        """What still looks like one of their names, whatever its accents and capitals."""
        for word in re.findall(r"[\w'-]+", plain_name(text)):
            bare = re.sub(r"'s?$", "", word.strip("'-"))
            if bare in self._alone:
                self.left[bare] += 1


def _tidy(text: str) -> str:
    return unicodedata.normalize("NFC", text).translate(MARKS)


def _literal(word: str) -> str:
    return re.escape(word)


def _full_patterns(one: LeftOut) -> Iterable[str]:
    """The whole of each of their texts, and both names in either order, with others between or not."""
    for name in one.names:
        words = _tidy(name).split()
        if words and (len(words) > 1 or len(words[0]) > 1):
            yield r"\s+".join(_literal(word) for word in words)
    for words in one.words:
        if len(words) < 2:
            if words:
                yield _literal(words[0]) if len(words[0]) > 3 else rf"(?-i:{_literal(words[0])})"
            continue
        first, last = _literal(words[0]), _literal(words[-1])
        yield r"\s+".join(_literal(word) for word in words)
        yield rf"{first}\s+{last}"
        yield rf"{last}\s*,?\s+{first}"
