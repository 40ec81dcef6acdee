"""Bringing pupils in from a file: what a person does. The work itself is in imports_work and imports_accept."""

import hashlib
import io
import logging
import uuid
from collections.abc import Mapping
from typing import Any

from celery import current_app
from django.core.files.base import File
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from consent.access import import_rules
from consent.importing.columns import FIELDS, contacts_alone, lacking, plain_heading, recognise
from consent.models import ColumnName, ImportRow, Pupil, PupilImport
from consent.services.purposes import require_open
from core import csvfiles
from core.audit import audited, record
from core.errors import Refused, Stale
from people.models import School, User
from people.selectors import profile_of

Status, Outcome = PupilImport.Status, ImportRow.Outcome
MOST_ROWS = 100_000
MOST_BYTES = 40 * 1024 * 1024
MOST_COLUMNS = 200
LONGEST_HEADING = 120
IN_HAND = (Status.MAPPING, Status.COMPARING, Status.REVIEW)
"""An import of which nothing was taken over yet."""
OPEN = (*IN_HAND, Status.ACCEPTING)
FEW_LEAVERS, USUAL_LEAVERS = 5, 0.2
"""More leavers than this many, and than this part of the school, are typed: it may be the wrong file."""
NEW, LEAVE_OUT, LEAVER, KEEP = "new", "leave_out", "leaver", "keep"
WORK = "consent.tasks.imports_work"
log = logging.getLogger(__name__)


def wake() -> None:
    """Ask the worker to look after imports now. Where nobody takes the message, the beat does it later."""
    try:
        current_app.send_task(WORK, expires=60, retry=False)
    except Exception:
        log.warning("the worker could not be woken; it looks by itself soon", exc_info=True)


def headings_of(data: bytes) -> list[str]:
    """The headings of a file. Raises CsvProblem where it cannot be read or has too many of them."""
    _, headings = next(csvfiles.lines_of(data, most_rows=MOST_ROWS, max_bytes=MOST_BYTES))
    csvfiles.check_headings([plain_heading(one) if one else "" for one in headings])
    if len(headings) > MOST_COLUMNS:
        raise csvfiles.CsvProblem(
            f"The file has more than {MOST_COLUMNS} columns. Leave out those that are not needed."
        )
    long = next((one for one in headings if len(one) > LONGEST_HEADING), None)
    if long is not None:
        raise csvfiles.CsvProblem(
            f"The heading “{long[:40]}…” is longer than {LONGEST_HEADING} characters. Shorten it."
        )
    return headings


def remembered_at(school: School) -> dict[str, str]:
    """What the school said about headings before: field, or "" to leave out, by plain heading."""
    return dict(ColumnName.objects.filter(school=school).values_list("heading", "field"))


def import_send(
    *, actor: User, school: School, once: uuid.UUID, upload: Any, whole_school: bool
) -> PupilImport:
    """Take a file in. Nothing of the register changes. The same form sent again is the same import.

    `upload` is the uploaded file; `whole_school` says that whoever is not in it has left. Raises
    PermissionDenied, and Refused with `field="file"` for a file that cannot be read.
    """
    import_rules.require_at(actor, "import", school)
    require_open(profile_of(school))
    if upload.size > MOST_BYTES:
        raise Refused("The file is larger than 40 MB. Split it into smaller files.", field="file")
    data = upload.read()
    try:
        headings = headings_of(data)
    except csvfiles.CsvProblem as problem:
        raise Refused(str(problem), field="file") from problem
    found = recognise(headings, remembered_at(school))
    fields = [one for one in found.mapping.values() if one]
    clear = not found.unknown and not lacking(fields)
    load = PupilImport(
        once=once,
        school=school,
        by=actor,
        status=Status.COMPARING if clear else Status.MAPPING,
        file_name=str(upload.name or "")[-120:],
        sha256=hashlib.sha256(data).hexdigest(),
        headings=headings,
        mapping=found.mapping,
        whole_school=whole_school and not contacts_alone(fields),
    )
    saved = ""
    try:
        with audited():
            School.objects.select_for_update(of=("self",)).get(pk=school.pk)
            again = PupilImport.objects.filter(once=once).first()
            if again is not None:
                if again.school_id != school.pk or again.by_id != actor.pk:
                    raise Refused("Open the page again and choose the file once more.")
                return again
            if PupilImport.objects.filter(school=school, status__in=OPEN).exists():
                raise Refused(
                    "Another file is being imported for this school. Finish it, or put it aside, first."
                )
            load.file.save(f"{uuid.uuid4().hex}.csv", File(io.BytesIO(data)), save=False)
            saved = load.file.name
            load.save()
            record(
                "consent.import_sent",
                actor=actor,
                school=school,
                subject=load,
                data={"sha256": load.sha256, "whole_school": load.whole_school},
            )
            transaction.on_commit(wake)
    except BaseException:
        if saved:
            load.file.storage.delete(saved)
        raise
    return load


def _locked(load: PupilImport, *statuses: str) -> PupilImport:
    row = PupilImport.objects.select_for_update(of=("self",)).select_related("school").get(pk=load.pk)
    if row.status not in statuses:
        raise Stale("This import has moved on meanwhile. Look at where it stands now.")
    return row


def check_mapping(mapping: Mapping[str, str]) -> None:
    """Raise Refused where two columns are the same field, or a needed one is missing."""
    chosen = [field for field in mapping.values() if field]
    doubled = next((field for field in chosen if chosen.count(field) > 1), None)
    if doubled:
        where = [f"“{heading}”" for heading, field in mapping.items() if field == doubled]
        raise Refused(
            f"{' and '.join(where)} are both “{FIELDS[doubled]}”. Keep one and leave the other out."
        )
    if words := lacking(chosen):
        raise Refused(words)


def import_columns(*, actor: User, load: PupilImport, mapping: Mapping[str, str]) -> PupilImport:
    """Say what each column is. The school's words are remembered; the file is compared (again).

    `mapping` holds a field, or "" to leave it out, for each heading. Raises Refused.
    """
    import_rules.require(actor, "import", load)
    with audited():
        row = _locked(load, Status.MAPPING, Status.REVIEW)
        mapping = {heading: mapping.get(heading, "") for heading in row.headings}
        check_mapping(mapping)
        names = {plain_heading(heading): field for heading, field in mapping.items()}
        ColumnName.objects.bulk_create(
            [ColumnName(school=row.school, heading=heading, field=field) for heading, field in names.items()],
            update_conflicts=True,
            unique_fields=["school", "heading"],
            update_fields=["field"],
        )
        row.mapping = mapping
        row.whole_school = row.whole_school and not contacts_alone(one for one in mapping.values() if one)
        compare_again(row)
        record("consent.import_columns", actor=actor, school=row.school, subject=row)
        transaction.on_commit(wake)
    return row


def compare_again(row: PupilImport, *, moved: bool = False) -> None:
    """Send a locked import back to be compared, and keep what was decided until the new review is there."""
    decided = {
        "doubtful": {
            str(number): decision
            for number, decision in row.rows.filter(outcome=Outcome.DOUBTFUL)
            .exclude(decision="")
            .values_list("number", "decision")
        },
        "keep": list(
            row.rows.filter(outcome=Outcome.MISSING, decision=KEEP).values_list("pupil_id", flat=True)
        ),
    }
    row.status, row.leased_until, row.rows_done, row.rows_total = Status.COMPARING, None, 0, 0
    row.counts = {"decided": decided, "moved": moved}
    row.save(
        update_fields=[
            *("status", "leased_until", "rows_done", "rows_total", "counts", "mapping", "whole_school"),
        ]
    )


def import_cancel(*, actor: User, load: PupilImport) -> None:
    """Put an import aside: nothing is taken over. Raises Refused once it is being taken over."""
    import_rules.require(actor, "import", load)
    with audited():
        row = _locked(load, *IN_HAND)
        row.status, row.settled_at, row.settled_by = Status.CANCELLED, timezone.now(), actor
        row.leased_until = None
        row.save(update_fields=["status", "settled_at", "settled_by", "leased_until"])
        record("consent.import_cancelled", actor=actor, school=row.school, subject=row)


def may_be(row: ImportRow, *, alone: bool) -> list[str]:
    """What can be decided of a doubtful row: an id of a pupil, a new pupil, or to leave it out."""
    return [*(str(pk) for pk in row.candidates), *([] if alone else [NEW]), LEAVE_OUT]


def import_decide(*, actor: User, load: PupilImport, decisions: Mapping[int, str]) -> int:
    """Decide doubtful rows one by one (`decisions` by id of the row). Returns how many were decided.

    Raises Refused where two rows are said to be the same pupil.
    """
    import_rules.require(actor, "import", load)
    with audited():
        current = _locked(load, Status.REVIEW)
        alone = contacts_alone(one for one in current.mapping.values() if one)
        rows = list(current.rows.filter(outcome=Outcome.DOUBTFUL, pk__in=decisions))
        for row in rows:
            if decisions[row.pk] not in may_be(row, alone=alone):
                raise Refused("Choose one of the answers on the page.")
            row.decision = decisions[row.pk]
        ImportRow.objects.bulk_update(rows, ["decision"])
        named = [
            decision
            for decision in current.rows.filter(outcome=Outcome.DOUBTFUL).values_list("decision", flat=True)
            if decision.isdigit()
        ]
        if len(named) != len(set(named)):
            raise Refused("Two rows cannot be the same pupil. Decide again which of them it is.")
        record(
            "consent.import_decided",
            actor=actor,
            school=current.school,
            subject=current,
            data={"rows": len(rows)},
        )
    return len(rows)


def import_keep(*, actor: User, load: PupilImport, shown: set[int], kept: set[int]) -> None:
    """Of the missing pupils that a page showed (ids of rows), keep some at the school."""
    import_rules.require(actor, "import", load)
    with audited():
        current = _locked(load, Status.REVIEW)
        rows = current.rows.filter(outcome=Outcome.MISSING, pk__in=shown)
        rows.exclude(pk__in=kept).update(decision="")
        rows.filter(pk__in=kept).update(decision=KEEP)
        record(
            "consent.import_decided",
            actor=actor,
            school=current.school,
            subject=current,
            data={"shown": len(shown), "kept": len(kept & shown)},
        )


def leavers_to_type(load: PupilImport) -> int:
    """How many pupils would leave, where that is so many that a person types the number; else 0."""
    leavers = load.rows.filter(outcome=Outcome.MISSING).exclude(decision=KEEP).count()
    if leavers <= FEW_LEAVERS:
        return 0
    there = Q(leaves_on=None) | Q(leaves_on__gte=timezone.localdate(load.at))
    pupils = Pupil.objects.filter(there, school=load.school_id, erased_at=None).count()
    return leavers if leavers > USUAL_LEAVERS * pupils else 0


def import_accept(
    *, actor: User, load: PupilImport, missing: str = "", leavers_typed: int | None = None
) -> PupilImport:
    """Accept what the review shows. It is carried out in the background (`imports_accept`).

    `missing` says what becomes of pupils who are not in the file: "leaver" (but for those kept one by one)
    or "keep" for all. `leavers_typed` is the number of leavers as it was typed, needed where many would leave
    (`leavers_to_type`). Sent twice by the same person it is accepted once. Raises Refused while a row is
    wrong or a doubtful one undecided.
    """
    import_rules.require(actor, "import", load)
    with audited():
        School.objects.select_for_update(of=("self",)).get(pk=load.school_id)
        row = PupilImport.objects.select_for_update(of=("self",)).select_related("school").get(pk=load.pk)
        if row.status in (Status.ACCEPTING, Status.ACCEPTED) and row.settled_by_id == actor.pk:
            return row
        if row.status != Status.REVIEW:
            raise Stale("This import has moved on meanwhile. Look at where it stands now.")
        if row.counts.get(Outcome.WRONG):
            raise Refused("Mend the mistakes in the file and send it again. Nothing can be taken over yet.")
        if row.rows.filter(outcome=Outcome.DOUBTFUL, decision="").exists():
            raise Refused("Decide every doubtful row first.")
        gone = row.rows.filter(outcome=Outcome.MISSING)
        if row.counts.get(Outcome.MISSING) and missing not in (LEAVER, KEEP):
            raise Refused(
                "Choose what is to be recorded of the pupils who are not in the file.",
                field="missing_pupils",
            )
        many = leavers_to_type(row) if missing == LEAVER else 0
        if many and leavers_typed != many:
            raise Refused(
                f"{many} pupils would leave. Type {many} if that is right. If it is not, the file may be "
                "the wrong one.",
                field="leavers_typed",
            )
        (gone if missing == KEEP else gone.exclude(decision=KEEP)).update(decision=missing)
        row.status, row.leased_until, row.settled_by = Status.ACCEPTING, None, actor
        row.rows_done, row.rows_total = 0, row.rows.exclude(decision__in=(KEEP, LEAVE_OUT)).count()
        row.counts = {name: count for name, count in row.counts.items() if name != "moved"}
        row.save(update_fields=["status", "leased_until", "settled_by", "rows_done", "rows_total", "counts"])
        record(
            "consent.import_accepted",
            actor=actor,
            school=row.school,
            subject=row,
            data={
                **{name: row.counts.get(name, 0) for name in Outcome.values},
                "leavers": gone.filter(decision=LEAVER).count(),
            },
        )
        transaction.on_commit(wake)
    return row


def require_no_import(school: School) -> None:
    """Raise Refused while a file is being taken over. The school's row is locked, so none begins meanwhile."""
    if PupilImport.objects.filter(school=school, status=Status.ACCEPTING).exists():
        raise Refused("A file of pupils is being taken over at this moment. Try again in a few minutes.")
