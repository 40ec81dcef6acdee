"""The chronology pack: one case as one printed bundle, with an index and the hash of each item (design 8).

Nothing is fetched for it. What is left out is said on its cover, and counted before it is made.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.audit import audited, record
from core.errors import Refused
from core.roles import Post, Role
from core.tables import date_text
from incidents.concerns.access import concern_rules
from incidents.concerns.redaction import FOR_WHOM, OWN, LeftOut, Redactor
from incidents.concerns.services.chronology import entry_write, locked
from incidents.concerns.services.links import lines_shown
from incidents.models import (
    Body,
    Concern,
    Custody,
    Entry,
    EntryKind,
    Evidence,
    EvidenceKind,
    Part,
)
from incidents.services.reports import without_addresses
from people.models import User

REPORTER = "Reporter"
WORDS = (
    ("what", "What happened"),
    ("happened_when", "When, in words"),
    ("happened_where", "Where"),
    ("child_said", "What was said, in the child’s own words"),
    ("done", "What was done already"),
    ("wishes", "Wishes"),
)


@dataclass(frozen=True)
class PackChoices:
    """For whom a pack is, and what is left out of it."""

    whom: str
    name: str = ""
    reporter: bool = False
    people: frozenset[str] = frozenset()
    entries: frozenset[str] = frozenset()
    pictures: bool = False
    single_names: bool = True

    @property
    def is_own(self) -> bool:
        """Whether it stays with the school."""
        return self.whom == OWN


@dataclass(frozen=True)
class Item:
    """One numbered thing of the index."""

    number: int
    kind: str
    title: str
    sha256: str
    when: datetime
    by: str = ""
    text: str = ""
    rows: tuple[dict[str, Any], ...] = ()
    picture: str = ""


@dataclass
class Pack:
    """Everything that is printed, with the names left out already."""

    facts: list[dict[str, Any]] = field(default_factory=list)
    people: list[dict[str, Any]] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    actions: list[list[Any]] = field(default_factory=list)
    referrals: list[list[Any]] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    replaced: list[tuple[str, int]] = field(default_factory=list)
    still_there: list[tuple[str, int]] = field(default_factory=list)

    @property
    def index_sha256(self) -> str:
        """The hash of the index: of each item its number, kind and hash, one a line."""
        lines = "".join(f"{one.number}\t{one.kind}\t{one.sha256}\n" for one in self.items)
        return hashlib.sha256(lines.encode()).hexdigest()

    @property
    def evidence(self) -> list[Item]:
        """The items that are evidence."""
        return [one for one in self.items if one.kind == "Evidence"]

    @property
    def chronology(self) -> list[Item]:
        """The items that are not."""
        return [one for one in self.items if one.kind != "Evidence"]


def pack_check(*, actor: User, concern: Concern, choices: PackChoices) -> Pack:
    """The pack as it would be, to see what is replaced how often. Raises PermissionDenied, or Refused."""
    concern_rules.require(actor, "road", concern)
    _check(choices)
    return _Builder(actor, concern, choices).pack


def pack_make(*, actor: User, concern: Concern, choices: PackChoices) -> Pack:
    """Make it: its chronology, its evidence and the history say for whom, and what was left out."""
    concern_rules.require(actor, "road", concern)
    _check(choices)
    with audited():
        row = locked(concern, "print")
        builder = _Builder(actor, concern, choices)
        data = {
            "for": choices.whom,
            "reporter": choices.reporter,
            "people": sorted(choices.people),
            "entries": sorted(choices.entries),
            "pictures": choices.pictures,
            "sha256": builder.pack.index_sha256,
        }
        Custody.objects.bulk_create(
            Custody(evidence=one, did=Custody.Did.PACKED, by=actor) for one in builder.packed
        )
        text = f"For: {dict(FOR_WHOM)[choices.whom]}" + (f", {choices.name}" if choices.name else "")
        entry_write(row, EntryKind.PACK, by=actor, text=text, data=data)
        record("incidents.pack_made", actor=actor, school=row.school, subject=row, data=data)
    return builder.pack


def _check(choices: PackChoices) -> None:
    if choices.whom not in dict(FOR_WHOM):
        raise Refused("Choose for whom it is.", field="whom")
    if not choices.is_own and not choices.name.strip():
        raise Refused("Enter the name of the person or body that it is for.", field="name")


def entries_of(user: User, concern: Concern) -> list[Entry]:
    """The lines of a case that this person may read, in order."""
    return lines_shown(user, concern.entries.select_related("by", "body", "corrects"))


def parts_of(concern: Concern) -> list[Part]:
    """Whom a case concerns."""
    return list(concern.parts.select_related("user", "pupil").order_by("pk"))


class _Builder:
    """Reads one case once, and lays the pack together."""

    def __init__(self, user: User, concern: Concern, choices: PackChoices) -> None:
        self.concern, self.choices = concern, choices
        self.parts = parts_of(concern)
        self.entries = entries_of(user, concern)
        self.clean = Redactor(tuple(self._left_out()), single=choices.single_names)
        self.packed: list[Evidence] = []
        self.pack = self._built()

    def _left_out(self) -> Iterable[LeftOut]:
        """Whoever is left out, each person once with all their parts."""
        reporter = self.concern.reporter
        if self.choices.reporter:
            said = (reporter.full_name if reporter else "", self.concern.words.reporter_is)
            yield LeftOut(REPORTER, tuple(name for name in said if name))
        groups: dict[Any, list[Part]] = {}
        for part in self.parts:
            if str(part.uuid) in self.choices.people:
                groups.setdefault(_who(part), []).append(part)
        for number, parts in enumerate(groups.values(), start=1):
            roles = dict.fromkeys(part.get_part_display().lower() for part in parts)
            names = dict.fromkeys(name for part in parts for name in _names(part))
            yield LeftOut(f"Person {number} ({'; '.join(roles)})", tuple(names))

    def _built(self) -> Pack:
        pack = Pack(left_out=self._said())
        self._add(
            pack, "Report", "What was reported", self._report_hash(), self.concern.at, rows=self._report()
        )
        withheld = self._withheld()
        evidence = list(self.concern.evidence.select_related("body", "by"))
        places = {}
        names = {str(part.uuid): part.shown for part in self.parts}
        users = {str(user.uuid): user.full_name for user in _users(self.entries)}
        shown = [row for row in self.entries if row.pk not in withheld]
        for number, row in enumerate(evidence, start=2 + len(shown)):
            places[str(row.uuid)] = f"Item {number}"
        numbers = {row.pk: number for number, row in enumerate(shown, start=2)}
        for row in shown:
            self._add_entry(pack, row, {**names, **users, **places}, numbers)
        for row in evidence:
            self._add_evidence(pack, row)
        pack.people = [self._person(part) for part in self.parts if not (part.mistaken_at and self.outside)]
        pack.actions = [self._action(row) for row in self.concern.actions.select_related("owner")]
        pack.referrals = [self._referral(row) for row in self.concern.referrals.all()]
        pack.facts = self._facts()
        pack.replaced = sorted(self.clean.counts.items())
        pack.still_there = sorted(self.clean.left.items())
        return pack

    @property
    def outside(self) -> bool:
        """Whether it leaves the school."""
        return not self.choices.is_own

    def _withheld(self) -> set[int]:
        """Lines that are left out: those chosen, those for the DSL alone, and corrections of either."""
        out = {row.pk for row in self.entries if str(row.uuid) in self.choices.entries}
        if self.outside:
            out |= {row.pk for row in self.entries if row.data.get("dsl_only")}
        for row in self.entries:
            if row.corrects_id in out:
                out.add(row.pk)
        return out

    def _said(self) -> list[str]:
        """What the cover says of what is left out."""
        found = []
        labels = [one.label for one in self.clean.people]
        if labels:
            found.append(f"Names are replaced: {', '.join(labels)}.")
        if many := len(self._withheld()):
            found.append(f"{many} {'line' if many == 1 else 'lines'} of the chronology left out.")
        if self.choices.pictures:
            found.append("Pictures of the evidence are left out.")
        if self.concern.image:
            found.append("Of the evidence only the hashes are given: it could involve an image of a child.")
        return found

    def _add(self, pack: Pack, kind: str, title: str, sha256: str, when: datetime, **more: Any) -> None:
        if self.concern.image:  # addresses that were taken before it was marked are shown nowhere
            title, more["text"] = without_addresses(title), without_addresses(more.get("text", ""))
            more["rows"] = tuple(
                {**one, "value": without_addresses(one["value"])} if isinstance(one["value"], str) else one
                for one in more.get("rows", ())
            )
        pack.items.append(Item(len(pack.items) + 1, kind, title, sha256, when, **more))

    def _report_hash(self) -> str:
        words = self.concern.words
        return _hash([getattr(words, name) for name, _ in WORDS])

    def _report(self) -> tuple[dict[str, Any], ...]:
        concern, words = self.concern, self.concern.words
        who = concern.reporter.full_name if concern.reporter else words.reporter_is
        rows = [
            {"key": "Reported by", "value": self.clean(who)},
            {"key": "How", "value": concern.get_channel_display()},
            {"key": "Day", "value": words.happened_on},
        ]
        rows += [
            {"key": label, "value": self.clean(getattr(words, name))}
            for name, label in WORDS
            if getattr(words, name)
        ]
        if words.reached_by and not self.choices.reporter:
            rows.append({"key": "Can be reached", "value": words.reached_by})
        return tuple(rows)

    def _add_entry(self, pack: Pack, row: Entry, names: dict[str, str], numbers: dict[int, int]) -> None:
        body = getattr(row, "body", None)
        text = self.clean(body.text) if body else ""
        about = [names.get(str(row.data.get(key)), "") for key in ("part", "user", "owner", "evidence")]
        details = ", ".join(self.clean(one) for one in about if one)
        title = row.get_kind_display() + (f": {details}" if details else "")
        if row.data.get("body") in Body.values:
            title += f": {Body(row.data['body']).label}"
        if row.data.get("steps"):
            title += f": {', '.join(_spec_words(spec) for spec in row.data['steps'])}"
        rows = []
        if row.happened_at:
            rows.append({"key": "Happened", "value": row.happened_at})
        if row.corrects_id:
            rows.append({"key": "Corrects", "value": f"Item {numbers.get(row.corrects_id, '')}"})
        self._add(
            pack,
            "Chronology",
            title,
            row.sha256 or _hash([str(row.uuid), row.kind, row.at.isoformat(), row.data]),
            row.at,
            by=self.clean(row.by.full_name) if row.by else "The portal",
            text=text,
            rows=tuple(rows),
        )

    def _add_evidence(self, pack: Pack, row: Evidence) -> None:
        rows: list[dict[str, Any]] = [{"key": "Captured", "value": row.captured_at}]
        title, text, picture = row.get_kind_display(), "", ""
        if not self.concern.image:
            body = row.body
            title, text = self.clean(body.title), self.clean(body.text)
            rows += [
                {"key": "Seen at", "value": self.clean(body.place)},
                {"key": "Captured by", "value": self.clean(body.captured_by)},
            ]
            if row.kind == EvidenceKind.FILE:
                rows.append({"key": "File", "value": f"{row.media_type}, {row.size:,} bytes"})
            if body.shown and not self.choices.pictures:
                picture = str(row.uuid)
        self.packed.append(row)
        by = self.clean(row.by.full_name)
        self._add(
            pack, "Evidence", title, row.sha256, row.at, by=by, text=text, rows=tuple(rows), picture=picture
        )

    def _person(self, part: Part) -> dict[str, Any]:
        words = self.clean(part.shown)
        if part.mistaken_at:
            words += f" (a mistake: {self.clean(part.mistaken_because)})"
        return {"key": part.get_part_display(), "value": f"{words}, {part.get_sort_display().lower()}"}

    def _action(self, row: Any) -> list[Any]:
        owner = self.clean(row.owner.full_name) if row.owner else ""
        return [self.clean(row.title), owner, date_text(row.due_at), row.done_at]

    def _referral(self, row: Any) -> list[Any]:
        body = row.get_body_display() + (f", {self.clean(row.body_name)}" if row.body_name else "")
        made = row.made_at or self.clean(row.not_made_because) or "Not yet"
        return [body, made, self.clean(row.made_by), row.reference, row.advised_at]

    def _facts(self) -> list[dict[str, Any]]:
        one = self.concern
        rows = [
            {"key": "Reference", "value": one.reference},
            {"key": "School", "value": one.school.name},
            {"key": "Category", "value": one.get_category_display()},
            {"key": "Received", "value": one.at},
            {"key": "Status", "value": one.get_status_display()},
        ]
        if one.governed_by:
            rows.append({"key": "Governing policy", "value": one.governed_by})
        if one.clauses:
            rows.append({"key": "Clauses", "value": ", ".join(str(each) for each in one.clauses)})
        if one.external_reference:
            rows.append({"key": "Reference of the child protection system", "value": one.external_reference})
        if one.outcome:
            rows.append(
                {"key": "Outcome", "value": f"{one.get_outcome_display()}, {date_text(one.closed_at)}"}
            )
        return rows


def _hash(values: list[Any]) -> str:
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def _who(part: Part) -> Any:
    """What makes two parts one person."""
    return (
        ("user", part.user_id) if part.user_id else ("pupil", part.pupil_id) if part.pupil_id else part.uuid
    )


def _names(part: Part) -> Iterable[str]:
    """Every text by which the case calls them in full."""
    if part.user_id:
        yield part.user.full_name
    if part.pupil_id:
        yield part.pupil.name
    if part.words:
        yield part.words
        yield part.shown


def _users(entries: list[Entry]) -> Iterable[User]:
    """People whom lines name by id, in one query."""
    wanted = {row.data.get(key) for row in entries for key in ("user", "owner") if row.data.get(key)}
    return User.objects.filter(uuid__in=wanted) if wanted else ()


def _spec_words(spec: str) -> str:
    role, _, post = str(spec).partition("/")
    if role not in Role.values:
        return str(spec)
    return Role(role).label + (f", {Post(post).label.lower()}" if post in Post.values else "")
