"""One pupil's whole record: every answer, what it settled, and who said what."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.utils import timezone

from consent.ledger import Word
from consent.models import Answer, Assessment, Effect, Pupil, Reply, Scan, Weight, Wording
from consent.selectors import WORD
from core.tables import date_text


def end_of(day: date) -> datetime:
    """The last moment of a day in London."""
    following = datetime.combine(
        day + timedelta(days=1), datetime.min.time(), timezone.get_default_timezone()
    )
    return following - timedelta(microseconds=1)


def assessment_of(pupil: Pupil, moment: datetime | None) -> Assessment | None:
    """The latest assessment of whether the pupil understands, as it was known at a moment."""
    rows = Assessment.objects.filter(pupil=pupil).select_related("by", "words")
    if moment is not None:
        rows = rows.filter(at__lte=moment)
    return rows.order_by("-at", "-pk").first()


@dataclass
class Entry:
    """One reply of the ledger, as its page tells it."""

    reply: Reply
    who: str
    lines: list[Answer]
    words: str
    scans: list[Scan] = field(default_factory=list)
    settled: bool = False

    @property
    def waits(self) -> bool:
        """Whether it has to be checked still."""
        return self.reply.weight == Weight.TO_CHECK and not self.settled

    @property
    def title(self) -> str:
        """What it was: an answer, or the check of one."""
        if self.reply.settles_id:
            aside = any(one.kind == Effect.SET_ASIDE for one in self.lines)
            return f"The answer of {self.who} was checked: it {'does not count' if aside else 'counts'}"
        if any(one.kind == Effect.SET_ASIDE for one in self.lines):
            return f"The answer of {self.who} was set aside"
        return f"{self.who} answered"

    @property
    def by(self) -> str:
        """Who recorded it."""
        return str(self.reply.recorded_by) if self.reply.recorded_by else "their own link"


class Ledger:
    """Everything that was said for a pupil, newest first, in two queries.

    `moment` leaves out what was recorded later.
    """

    def __init__(self, pupil: Pupil, moment: datetime | None = None) -> None:
        rows = Answer.objects.filter(pupil=pupil)
        if moment is not None:
            rows = rows.filter(recorded_at__lte=moment)
        lines: dict[Reply, list[Answer]] = defaultdict(list)
        joined = ("reply__contact", "reply__recorded_by", "reply__words", "purpose__platform", "wording")
        for one in rows.select_related(*joined).order_by("-recorded_at", "-reply_id", "purpose__order", "pk"):
            lines[one.reply].append(one)
        scans: dict[int, list[Scan]] = defaultdict(list)
        for scan in Scan.objects.filter(reply__pupil=pupil).exclude(file=""):
            scans[scan.reply_id].append(scan)
        settled = {one.settles_id for one in lines}
        self.entries = [
            Entry(
                one,
                str(one.contact) if one.contact_id else "The pupil",
                answers,
                one.words.text if hasattr(one, "words") else "",
                scans.get(one.pk, []),
                settled=one.pk in settled,
            )
            for one, answers in lines.items()
        ]

    @property
    def words(self) -> dict[int, list[Word]]:
        """What the ledger's functions need of it, by purpose."""
        found: dict[int, list[Word]] = defaultdict(list)
        for entry in self.entries:
            for one in entry.lines:
                found[one.purpose_id].append(Word(*(getattr(one, name) for name in WORD)))
        return found

    @property
    def wordings(self) -> list[Wording]:
        """The versions of the words that were answered, each once."""
        found = {one.wording_id: one for entry in self.entries for one in entry.lines if one.wording_id}
        for one in found.values():
            one.wording.purpose = one.purpose
        return [one.wording for _, one in sorted(found.items())]

    def voices(self, purpose: int) -> list["Voice"]:
        """The latest word of each person about a purpose, the newest first.

        As in `ledger.state_of`: what was only noted is none, and a yes that is to be checked stands beside
        what the same person said before.
        """
        spoken: dict[int | None, Voice] = {}
        held: dict[int | None, Voice] = {}
        lines = [(one, entry) for entry in self.entries for one in entry.lines if one.purpose_id == purpose]
        for one, entry in sorted(lines, key=lambda pair: (pair[0].received_at, pair[0].pk)):
            if one.weight == Weight.NOTED:
                continue
            waits = one.weight == Weight.TO_CHECK and one.allows
            if not waits:
                held.pop(one.contact_id, None)
            (held if waits else spoken)[one.contact_id] = Voice(entry.who, one)
        found = [*spoken.values(), *held.values()]
        return sorted(found, key=lambda voice: voice.answer.received_at, reverse=True)


class Voice(NamedTuple):
    """The latest word of one person."""

    who: str
    answer: Answer

    def __str__(self) -> str:
        """In words: "Ann Able: no, 3 March 2026"."""
        one = self.answer
        said = "set aside" if one.kind == Effect.SET_ASIDE else "yes" if one.allows else "no"
        more = ", to be checked" if one.weight == Weight.TO_CHECK else ""
        day = timezone.localtime(one.received_at).date()
        return f"{self.who}: {said}{more}, {date_text(day)}"


def of_contacts(ties: Iterable[Any]) -> Sequence[Any]:
    """The contacts who may answer first, then those of before."""
    return sorted(ties, key=lambda tie: (not tie.active, str(tie.contact)))
