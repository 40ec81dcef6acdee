"""Inviting everybody in a CSV file, or nobody (quality C12)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from core import csvfiles
from core.audit import audited, record
from core.errors import Refused
from core.roles import Post, Role
from people.models import School, User
from people.services.invitations import person_invite
from people.services.memberships import require_manager

CSV_REQUIRED = ("email", "full name", "role")
CSV_OPTIONAL = ("post", "school", "from", "until", "joined", "state")
"""An exported list imports again: `school` must then be this school; `joined` and `state` are not read."""
COLUMN_OF = {"email": "email", "full_name": "full name", "post": "post", "role": "role", "ends": "until"}
DATE_FORMATS = ("%Y-%m-%d", "%d/%m/%Y")


@dataclass(frozen=True)
class RowProblem:
    """What is wrong with one cell of a file."""

    row: int
    column: str
    message: str


class ImportRefused(Refused):
    """A file of which nothing was taken; `problems` names each bad row."""

    def __init__(self, problems: list[RowProblem]) -> None:
        super().__init__("Nothing was taken from the file. Mend these rows and send it again.", field="file")
        self.problems = problems


def staff_import(*, actor: User, school: School, data: bytes) -> int:
    """Invite everybody in a CSV file, or nobody. Returns how many people.

    Columns: email, full name, role, and optionally post, by their words or their codes. Raises
    Refused for a file that cannot be read and ImportRefused with every bad row.
    """
    require_manager(actor, school=school, trust=None)
    try:
        table = csvfiles.read(data, CSV_REQUIRED, CSV_OPTIONAL, most_rows=2000)
    except csvfiles.CsvProblem as problem:
        raise Refused(str(problem), field="file") from problem
    if not table.rows:
        raise Refused("The file has a heading and no rows.", field="file")
    people, problems = _read_rows(table)
    if problems:
        raise ImportRefused(problems)
    with audited():
        for number, person in people:
            try:
                person_invite(actor=actor, school=school, **person)
            except Refused as refusal:
                problems.append(RowProblem(number, refusal.field or "email", refusal.message))
        if problems:
            raise ImportRefused(problems)
        record("people.staff_imported", actor=actor, school=school, subject=school, data={"people": len(people)})
    return len(people)


def _read_rows(table: csvfiles.CsvTable) -> tuple[list[tuple[int, dict]], list[RowProblem]]:
    people: list[tuple[int, dict]] = []
    problems: list[RowProblem] = []
    seen: dict[tuple, int] = {}
    for number, cells in table.rows:
        email = cells["email"].lower()
        role = _code(Role, cells["role"])
        post = _code(Post, cells.get("post", ""))
        wrong = [
            *_wrong_email(number, email),
            *_wrong_name(number, cells["full name"]),
            *([] if role else [RowProblem(number, "role", f"“{cells['role']}” is no role. Use: {_words(Role)}.")]),
            *(
                []
                if post is not None
                else [RowProblem(number, "post", f"“{cells['post']}” is no post. Use: {_words(Post)}.")]
            ),
        ]
        first = seen.setdefault((email, role, post), number)
        if first != number and not wrong:
            wrong.append(RowProblem(number, "email", f"The same person and role stand in row {first}."))
        problems += wrong
        if not wrong:
            people.append((number, {"email": email, "full_name": cells["full name"], "role": role, "post": post}))
    return people, problems


def _wrong_email(number: int, email: str) -> list[RowProblem]:
    try:
        validate_email(email)
    except ValidationError:
        return [RowProblem(number, "email", "Enter an e-mail address like name@school.org.")]
    return []


def _wrong_name(number: int, name: str) -> list[RowProblem]:
    if not name.strip():
        return [RowProblem(number, "full name", "Enter the person's full name.")]
    if len(name) > 150:
        return [RowProblem(number, "full name", "Keep the name to 150 characters.")]
    return []


def _code(choices: Any, text: str) -> str | None:
    wanted = text.strip().casefold()
    if not wanted:
        return "" if choices is Post else None
    for value, label in choices.choices:
        if wanted in (value.casefold(), label.casefold(), value.replace("_", " ")):
            return value
    return None


def _words(choices: Any) -> str:
    return ", ".join(value for value, _ in choices.choices)


