"""Inviting everybody in a CSV file, or nobody (quality C12)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from core import csvfiles
from core.audit import audited, record
from core.errors import Refused
from core.roles import Post, Role
from people import titles
from people.governance.who import shown
from people.models import School, User
from people.selectors import profile_of
from people.services.invitations import person_invite
from people.services.memberships import require_manager

CSV_REQUIRED = ("email", "full name", "role")
CSV_OPTIONAL = ("post", "school", "from", "until", "title", "joined", "state")
"""An exported list imports again: `school` must then be this school; the last three are not read."""
COLUMN_OF = {"full_name": "full name", "post": "post", "role": "role", "starts": "from", "ends": "until"}
DATE_FORMATS = ("%Y-%m-%d", "%d/%m/%Y")
POSTS = {
    words.casefold(): post.value
    for post in Post
    for words in (post.value, post.value.replace("_", " "), post.label)
}
EXAMPLE = (
    ("email", "full name", "role", "post", "from", "until"),
    ("alex.reed@school.example", "Alex Reed", "Member of staff", "", "", ""),
    ("sam.hill@school.example", "Sam Hill", "Senior leader", "Business manager", "2026-09-01", ""),
    ("jo.field@school.example", "Jo Field", "Volunteer or contributor", "", "2026-09-01", "2027-07-31"),
)
"""What the example file holds: headings, then rows."""


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
    people, problems = _read_rows(table, school)
    if problems:
        raise ImportRefused(problems)
    with audited():
        for number, person in people:
            try:
                person_invite(actor=actor, school=school, **person)
            except Refused as refusal:
                column = COLUMN_OF.get(refusal.field or "", "email")
                problems.append(RowProblem(number, column, refusal.message))
        if problems:
            raise ImportRefused(problems)
        record(
            "people.staff_imported", actor=actor, school=school, subject=school, data={"people": len(people)}
        )
    return len(people)


def _read_rows(table: csvfiles.CsvTable, school: School) -> tuple[list[tuple[int, dict]], list[RowProblem]]:
    """The people of the file, and what is wrong with its cells; a row with a fault gives no person."""
    people: list[tuple[int, dict]] = []
    problems: list[RowProblem] = []
    roles = titles.by_words(profile_of(school))
    seen: dict[tuple, int] = {}
    for number, cells in table.rows:
        person, wrong = _read_row(cells, roles, school)
        first = seen.setdefault((person["email"], person["role"], person["post"]), number)
        if first != number and not wrong:
            wrong["email"] = f"The same person and role stand in row {first}."
        problems += [RowProblem(number, column, message) for column, message in wrong.items()]
        if not wrong:
            people.append((number, person))
    return people, problems


def _read_row(cells: dict[str, str], roles: Mapping, school: School) -> tuple[dict, dict[str, str]]:
    """One person as `person_invite` takes them, and a message for each bad column."""
    wrong: dict[str, str] = {}
    email = cells["email"].lower()
    try:
        validate_email(email)
    except ValidationError:
        wrong["email"] = "Enter an e-mail address like name@school.org."
    name = " ".join(cells["full name"].split())
    if not name or len(name) > 150:
        wrong["full name"] = "Enter the person's full name, up to 150 characters."
    role, post = roles.get(cells["role"].casefold(), ("", ""))
    if not role:
        wrong["role"] = f"“{shown(cells['role'])}” is no role. Use: {', '.join(Role.labels)}."
    if cells.get("post"):
        post = POSTS.get(cells["post"].casefold(), "")
        if not post:
            wrong["post"] = f"“{shown(cells['post'])}” is no post. Use: {', '.join(Post.labels)}."
    if cells.get("school") and cells["school"].casefold() != school.name.casefold():
        wrong["school"] = f"This row belongs to “{shown(cells['school'])}”, not to {school.name}."
    days = {"starts": _day(cells, "from", wrong), "ends": _day(cells, "until", wrong)}
    return {"email": email, "full_name": name, "role": role, "post": post, **days}, wrong


def _day(cells: dict[str, str], column: str, wrong: dict[str, str]) -> date | None:
    text = cells.get(column, "")
    if not text:
        return None
    for form in DATE_FORMATS:
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    wrong[column] = f"“{shown(text)}” is no date. Write 2026-09-01 or 01/09/2026."
    return None
