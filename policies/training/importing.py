"""Recording the training of many people from a file: all of it, or nothing with the bad rows named."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID, uuid5

from django.db import IntegrityError

from core import csvfiles
from core.audit import audited, record
from core.errors import Refused
from core.models import Platform
from people.models import School, User
from people.selectors import people_at
from policies.models import Training, TrainingRecord
from policies.training.access import training_rules
from policies.training.duties import work_out_everywhere
from policies.training.services import NOT_ONESELF, STALE_PAGE, What, checked

NEEDED = ("email", "kind", "title", "day", "trainer")
MAY_BE_THERE = ("platform", "until")
EXAMPLE = (
    (*NEEDED, *MAY_BE_THERE),
    (
        "ann.ash@school.example.org",
        "Social media",
        "Yearly training",
        "2026-09-02",
        "Head of Communications",
        "",
        "",
    ),
)
MOST_ROWS = 1000
FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y")


@dataclass(frozen=True)
class Problem:
    """What is wrong with one cell: its row in the file (the headings are row 1) and its column."""

    row: int
    column: str
    message: str


class Imported(NamedTuple):
    """How many records were made, and how many rows of the file stood there already."""

    made: int
    known: int


class FileRefused(Refused):
    """Nothing was recorded. `problems` names every bad cell; empty when the file cannot be read."""

    def __init__(self, message: str, problems: list[Problem] | None = None) -> None:
        super().__init__(message, field="file")
        self.problems = problems or []


def training_import(*, actor: User, school: School, once: UUID, data: bytes) -> Imported:
    """Record every row of a file that is not recorded yet, or none.

    A row is known where this school has a record of the same training of the same person on the same day that was
    not taken back, or where the same page has made it before: a file that is sent twice doubles nothing, from
    whatever page. Raises PermissionDenied, FileRefused, or Refused for a page that cannot be sent.
    """
    training_rules.require_at(actor, "record", school)
    try:
        table = csvfiles.read(data, NEEDED, MAY_BE_THERE, MOST_ROWS)
    except csvfiles.CsvProblem as problem:
        raise FileRefused(str(problem)) from problem
    if not table.rows:
        raise FileRefused("The file has headings and nothing below them.")
    people = {one.email.lower(): one for one in people_at(school)}
    platforms = {one.name.lower(): one for one in Platform.objects.all()}
    found: list[tuple[int, User, What]] = []
    problems: list[Problem] = []
    for number, cells in table.rows:
        try:
            found.append((number, *_read(actor, cells, people, platforms)))
        except Refused as refusal:
            problems.append(
                Problem(number, _COLUMNS.get(refusal.field or "", refusal.field or ""), refusal.message)
            )
    if problems:
        words = "1 row needs" if len(problems) == 1 else f"{len(problems)} rows need"
        raise FileRefused(f"Nothing was recorded: {words} mending.", problems)
    try:
        return _record(actor, school, once, [(user, what) for _, user, what in found])
    except IntegrityError as error:
        raise Refused(STALE_PAGE) from error


def _same(user: int, kind: str, title: str, on: date, platform: int | None) -> tuple:
    """What makes two rows, or a row and a record, the same training."""
    return (user, str(kind), title, on, platform)


def _record(actor: User, school: School, once: UUID, found: list[tuple[User, What]]) -> Imported:
    """Make the records that are not there. The school's row is locked, so that two clicks follow each other."""
    keys: dict[tuple, UUID] = {}
    rows_of: dict[tuple, tuple[User, What]] = {}
    for user, what in found:
        same = _same(user.pk, what.kind, what.title, what.on, what.platform.pk if what.platform else None)
        if same not in rows_of:
            rows_of[same] = (user, what)
            keys[same] = uuid5(once, "\n".join(map(str, same)))
    with audited():
        School.objects.select_for_update(of=("self",), no_key=True).get(pk=school.pk)
        there = TrainingRecord.objects.filter(school=school, withdrawn_at=None).order_by()
        there = there.filter(
            user__in={user.pk for user, _ in found}, done_on__in={what.on for _, what in found}
        )
        known = {_same(*row) for row in there.values_list("user", "kind", "title", "done_on", "platform")}
        made_before = set(
            TrainingRecord.objects.filter(once__in=keys.values()).values_list("once", flat=True)
        )
        new = [same for same in rows_of if same not in known and keys[same] not in made_before]
        if not new:
            return Imported(0, len(found))
        rows = TrainingRecord.objects.bulk_create(
            TrainingRecord(
                once=key,
                school=school,
                user=user,
                kind=what.kind,
                platform=what.platform,
                title=what.title,
                done_on=what.on,
                until=what.until,
                trainer=what.trainer,
                by=actor,
            )
            for key, (user, what) in ((keys[same], rows_of[same]) for same in new)
        )
        record(
            "policies.training_imported",
            actor=actor,
            school=school,
            subject=school,
            data={"records": len(rows)},
        )
        work_out_everywhere(school, {user for user, *_ in new})
    return Imported(len(new), len(found) - len(new))


_COLUMNS = {"on": "day"}


def _read(
    actor: User, cells: dict[str, str], people: dict[str, User], platforms: dict[str, Platform]
) -> tuple[User, What]:
    """Whose training, and what. Raises Refused with the column."""
    user = people.get(cells["email"].lower())
    if user is None:
        raise Refused("Nobody with this address has a role at this school now.", field="email")
    if user.pk == actor.pk:
        raise Refused(NOT_ONESELF, field="email")
    asked = cells["kind"].lower()
    kind = next((value for value, label in Training.choices if asked in (value, label.lower())), None)
    if kind is None:
        raise Refused(f"Use one of: {', '.join(Training.labels)}.", field="kind")
    name = cells.get("platform", "")
    if name and name.lower() not in platforms:
        raise Refused("The portal knows no platform of this name.", field="platform")
    until = _day(cells["until"], "until") if cells.get("until") else None
    what = What(
        kind, cells["title"], _day(cells["day"], "day"), cells["trainer"], platforms.get(name.lower()), until
    )
    return user, checked(what)


def _day(text: str, field: str) -> date:
    for form in FORMATS:
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    raise Refused("Give a date like 2026-09-02 or 02/09/2026.", field=field)
