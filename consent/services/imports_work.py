"""The background work of imports: whoever holds the lease compares a file with the register, or takes it over.

A worker that is killed leaves the lease to run out; the next one begins to compare again, or goes on taking
over where the last whole chunk ended. Each chunk is one transaction that also renews the lease, so that a
worker that lost it can write nothing more.
"""

import logging
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from django.db import OperationalError, transaction
from django.db.models import Q
from django.utils import timezone

from consent.importing.comparing import UNCHANGED, Comparison, Found
from consent.importing.reading import Mistake, Reader, Reading, Record
from consent.importing.register import Known, KnownContact, KnownTie, Register
from consent.models import Contact, ImportRow, Pupil, PupilImport, Tie
from consent.services.imports import (
    KEEP,
    LEAVE_OUT,
    MOST_BYTES,
    MOST_ROWS,
    Outcome,
    Status,
    compare_again,
    headings_of,
    may_be,
)
from consent.services.imports_accept import Taking
from core import csvfiles
from core.audit import audited, record
from people.models import School

LEASE = timedelta(minutes=2)
CHUNK = 1000
WORKING = (Status.COMPARING, Status.ACCEPTING)
GONE = "The file is not there any more. Choose it again."
BROKEN = "The portal could not compare this file. Nothing was changed. Tell whoever looks after the portal."
log = logging.getLogger(__name__)


class LeaseLost(Exception):
    """Somebody else works on it, or it was put aside."""


class Lease:
    """The right to work on an import until a moment. `renew` writes fields of the import with it."""

    def __init__(self, load: PupilImport, until: datetime) -> None:
        self.load, self.until = load, until

    @classmethod
    def take(cls) -> "Lease | None":
        """The lease of the import that waits longest, or None."""
        now = timezone.now()
        free = Q(leased_until=None) | Q(leased_until__lt=now)
        for load in (
            PupilImport.objects.filter(free, status__in=WORKING)
            .select_related("school", "settled_by", "by")
            .order_by("at", "pk")
        ):
            until = now + LEASE
            same = PupilImport.objects.filter(pk=load.pk, status=load.status, leased_until=load.leased_until)
            if same.update(leased_until=until):
                return cls(load, until)
        return None

    def renew(self, **values: Any) -> None:
        """Work on. Raises LeaseLost; `leased_until=None` gives it back."""
        until = timezone.now() + LEASE
        values = {"leased_until": until, **values}
        held = PupilImport.objects.filter(pk=self.load.pk, status=self.load.status, leased_until=self.until)
        if not held.update(**values):
            raise LeaseLost
        self.until = values["leased_until"]
        for name, value in values.items():
            setattr(self.load, name, value)

    @contextmanager
    def step(self, **values: Any) -> Iterator[None]:
        """One whole step: what is written inside stands together with the lease, or not at all."""
        until = self.until
        before = {name: getattr(self.load, name) for name in (*values, "leased_until")}
        try:
            with audited():
                self.renew(**values)
                yield
        except BaseException:
            self.until = until
            for name, value in before.items():
                setattr(self.load, name, value)
            raise


def imports_work() -> int:
    """Do what waits. Returns how many imports were worked on. Safe to run twice at once."""
    done = 0
    while (lease := Lease.take()) is not None:
        _work(lease)
        done += 1
    return done


def import_run(load: PupilImport) -> PupilImport:
    """Do what waits now, in this process, and return the import as it stands then; for figures and tests."""
    imports_work()
    load.refresh_from_db()
    return load


def _work(lease: Lease) -> None:
    load = lease.load
    try:
        if load.status == Status.COMPARING:
            _compare(lease)
        else:
            _accept(lease)
    except LeaseLost:
        log.info("import %s is worked on elsewhere", load.pk)
    except OperationalError:
        log.warning("import %s waits for the database", load.pk, exc_info=True)
    except csvfiles.CsvProblem as problem:
        _refuse(lease, str(problem))
    except Exception as problem:
        # Neither the message nor the traceback: both may hold what a row of the file says.
        last = traceback.extract_tb(problem.__traceback__)[-1]
        log.error("import %s failed: %s (%s:%s)", load.pk, type(problem).__name__, last.name, last.lineno)
        _back(lease)


def _refuse(lease: Lease, words: str) -> None:
    try:
        with lease.step(
            status=Status.REFUSED, problem=words, leased_until=None, settled_at=timezone.now(), counts={}
        ):
            ImportRow.objects.filter(load=lease.load).delete()
    except LeaseLost:
        log.info("import %s was put aside meanwhile", lease.load.pk)


def _back(lease: Lease) -> None:
    """To be compared and reviewed again; an import that fails while it is compared is refused instead."""
    if lease.load.status == Status.COMPARING:
        _refuse(lease, BROKEN)
        return
    with transaction.atomic():
        row = PupilImport.objects.select_for_update(of=("self",)).get(pk=lease.load.pk)
        if row.status == Status.ACCEPTING and row.leased_until == lease.until:
            compare_again(row, moved=True)


# Comparing


def day_of(load: PupilImport) -> date:
    """The day of an import in London: the leaving date that it proposes."""
    return timezone.localdate(load.at)


def register_of(school: School | int) -> Register:
    """The register of a school in memory, in three queries."""
    pupils = Pupil.objects.filter(school=school, erased_at=None).order_by("pk")
    contacts = Contact.objects.filter(school=school, erased_at=None).order_by("pk")
    ties = Tie.objects.filter(pupil__school=school, pupil__erased_at=None).order_by("pk")
    return Register(
        pupils.values_list(*Known._fields).iterator(5000),
        contacts.values_list(*KnownContact._fields).iterator(5000),
        ties.values_list(*KnownTie._fields).iterator(5000),
    )


def read_file(load: PupilImport) -> Reading:
    """Read the file of an import. Raises CsvProblem."""
    try:
        with load.file.open("rb") as stored:
            data = stored.read()
    except (OSError, ValueError) as error:
        raise csvfiles.CsvProblem(GONE) from error
    headings_of(data)
    lines = csvfiles.lines_of(data, most_rows=MOST_ROWS, max_bytes=MOST_BYTES)
    _, headings = next(lines)
    return Reader(headings, load.mapping, day_of(load)).read(lines)


def _compare(lease: Lease) -> None:
    load = lease.load
    with lease.step(rows_done=0, rows_total=0):
        ImportRow.objects.filter(load=load).delete()
    reading = read_file(load)
    if not reading.records and not reading.mistakes:
        raise csvfiles.CsvProblem("The file holds no pupils. Choose another one.")
    counts: Counter[str] = Counter()
    fingerprint = ""
    if reading.mistakes:
        found: Iterable[ImportRow] = _wrong(load, reading.mistakes, counts)
        lease.renew(rows_total=len({one.number for one in reading.mistakes}))
    else:
        lease.renew(rows_total=len(reading.records))
        register = register_of(load.school_id)
        fingerprint = register.fingerprint
        comparison = Comparison(reading, register, whole_school=load.whole_school, today=day_of(load))
        found = _rows(load, comparison, counts)
        lease.renew()
    done = 0
    for rows in _chunks(found):
        done += len(rows)
        with lease.step(rows_done=min(done, load.rows_total)):
            ImportRow.objects.bulk_create([one for one in rows if one.outcome != UNCHANGED])
    lease.renew(
        status=Status.REVIEW,
        leased_until=None,
        compared_with=fingerprint,
        rows_done=load.rows_total,
        counts={**counts, "rows": reading.rows, "moved": load.counts.get("moved", False)},
    )


def _rows(load: PupilImport, comparison: Comparison, counts: Counter[str]) -> Iterator[ImportRow]:
    decided = load.counts.get("decided", {})
    doubtful, keep = decided.get("doubtful", {}), set(decided.get("keep", ()))
    alone = comparison.reading.alone
    for one in comparison.found():
        counts[one.outcome] += 1
        row = _row(load, one)
        if one.outcome == Outcome.DOUBTFUL:
            before = doubtful.get(str(one.number), "")
            row.decision = before if before in may_be(row, alone=alone) else ""
        elif one.outcome == Outcome.MISSING and one.pupil in keep:
            row.decision = KEEP
        yield row


def _row(load: PupilImport, one: Found) -> ImportRow:
    return ImportRow(
        load_id=load.pk,
        number=one.number,
        outcome=one.outcome,
        pupil_id=one.pupil,
        values=_stored(one.record) if one.record and one.outcome != UNCHANGED else {},
        changes=one.changes,
        problems=one.problems,
        candidates=one.candidates,
    )


def _stored(record_: Record) -> dict[str, Any]:
    """What a row says, as it is kept until it is accepted."""
    values = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in record_.values.items()
    }
    if record_.contacts:
        values["contacts"] = [
            [one.name, one.email, one.relationship, one.responsibility, one.local_id, one.known]
            for one in record_.contacts
        ]
    return values


def _wrong(load: PupilImport, mistakes: list[Mistake], counts: Counter[str]) -> Iterator[ImportRow]:
    by_row: dict[int, list[tuple[str, str]]] = {}
    for one in mistakes:
        by_row.setdefault(one.number, []).append((one.column, one.message))
    for number, problems in sorted(by_row.items()):
        counts[Outcome.WRONG] += 1
        yield ImportRow(load_id=load.pk, number=number, outcome=Outcome.WRONG, problems=problems)


def _chunks(rows: Iterable[ImportRow]) -> Iterator[list[ImportRow]]:
    rows = iter(rows)
    while some := list(islice(rows, CHUNK)):
        yield some


# Taking over


def _accept(lease: Lease) -> None:
    """Chunk by chunk: each is whole or not there, and `counts["at"]` says which row was the last."""
    load = lease.load
    if "at" not in load.counts and register_of(load.school_id).fingerprint != load.compared_with:
        _back(lease)
        return
    taking = Taking(load, day_of(load))
    waiting = load.rows.exclude(decision__in=(LEAVE_OUT, KEEP)).filter(pk__gt=load.counts.get("at", 0))
    keys = list(waiting.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), CHUNK):
        rows = list(ImportRow.objects.filter(pk__in=keys[start : start + CHUNK]).order_by("pk"))
        counts = {**load.counts, "at": rows[-1].pk}
        with lease.step(rows_done=load.rows_done + len(rows), counts=counts):
            taking.chunk(rows)
    counts = {name: count for name, count in load.counts.items() if name != "at"}
    with lease.step(status=Status.ACCEPTED, leased_until=None, settled_at=timezone.now(), counts=counts):
        record(
            "consent.import_taken_over",
            actor=load.settled_by,
            school=load.school,
            subject=load,
            data={"rows": load.rows_done},
        )
