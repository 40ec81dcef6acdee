"""Entering many existing accounts from a file: all of them or none (RAV-2.12, quality C12)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.urls import reverse

from accounts.access import account_rules
from accounts.choices import Public, Right
from accounts.directory import Directory
from accounts.models import SocialAccount
from accounts.services.account_details import faults, same_account, tidied
from accounts.services.register import account_enter
from accounts.services.register_file import (
    ALL_COLUMNS,
    DAY,
    NEEDED,
    OPENNESS,
    PEOPLE,
    SEPARATOR,
)
from accounts.services.requests import why_closed
from accounts.services.right_holders import Present, check_person
from approvals.models import ApprovalStep
from approvals.signers import signers_of
from core import csvfiles
from core.audit import audited, record
from core.errors import Refused
from core.models import Platform
from core.notices import notify
from people.governance.profile import Profile
from people.models import School, User
from people.selectors import profile_of

MOST_ROWS = 200
_GONE = (SocialAccount.Status.CLOSED, SocialAccount.Status.REFUSED)


@dataclass(frozen=True)
class Problem:
    """What is wrong with one cell: its row in the file (the headings are row 1) and its column."""

    row: int
    column: str
    message: str


class FileRefused(Refused):
    """Nothing was entered. `problems` names every bad cell; empty when the file as a whole cannot be read."""

    def __init__(self, message: str, problems: list[Problem] | None = None) -> None:
        super().__init__(message, field="file")
        self.problems = problems or []


@dataclass
class Outcome:
    """What an import did with each row: (row, name) pairs, and the accounts that it entered."""

    entered: list[tuple[int, SocialAccount]] = field(default_factory=list)
    there: list[tuple[int, str]] = field(default_factory=list)
    left_out: list[tuple[int, str]] = field(default_factory=list)


@dataclass
class _Plan:
    """What is to be entered, once everything is right."""

    outcome: Outcome = field(default_factory=Outcome)
    rows: list[tuple[int, dict[str, Any], list[tuple[User, str]]]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def register_import(*, actor: User, school: School, once: UUID, data: bytes) -> Outcome:
    """Enter every account of a file that the register does not hold yet, or none.

    Each becomes one request for confirmation to the last signer of the chain, who gets one message
    for the file. Rows that are there already stay as they are. Comparing happens outside the
    transaction. Raises PermissionDenied, FileRefused, or Refused when the school's process is open.
    """
    account_rules.require_at(actor, "enter", school)
    profile = profile_of(school)
    if closed := why_closed(profile):
        raise Refused(closed)
    directory = Directory(school)
    plan = _Reader(school, profile, directory).read(data)
    if plan.problems:
        rows = len({problem.row for problem in plan.problems})
        words = "1 row needs" if rows == 1 else f"{rows} rows need"
        raise FileRefused(f"Nothing was entered: {words} mending.", plan.problems)
    with audited():
        plan.outcome.entered = _enter_all(actor, school, once, plan, directory.present)
        _tell_confirmers(plan.outcome, once)
        record(
            "accounts.register_imported",
            actor=actor,
            school=school,
            subject=school,
            data={"entered": [account.pk for _, account in plan.outcome.entered]},
        )
    return plan.outcome


def _enter_all(
    actor: User, school: School, once: UUID, plan: "_Plan", present: Present
) -> list[tuple[int, SocialAccount]]:
    """Enter the rows one after the other; what a row meets meanwhile is named like any bad cell."""
    entered = []
    for number, values, people in plan.rows:
        try:
            account = account_enter(
                actor=actor,
                school=school,
                once=uuid5(once, str(number)),
                values=values,
                people=people,
                present=present,
                tell=False,
            )
        except Refused as refusal:
            if refusal.field is None:
                raise
            problem = Problem(number, refusal.field.replace("_", " "), refusal.message)
            raise FileRefused("Nothing was entered: 1 row needs mending.", [problem]) from refusal
        entered.append((number, account))
    return entered


def _tell_confirmers(outcome: Outcome, once: UUID) -> None:
    """One message for the whole file, not one for each account."""
    if not outcome.entered:
        return
    first = outcome.entered[0][1]
    step = first.confirmation.steps.filter(status=ApprovalStep.Status.CURRENT).first()
    notify(
        "accounts.to_confirm",
        recipients=[signer.user for signer in signers_of(step)] if step else [],
        about=first.confirmation,
        key=str(once),
        link=reverse("approvals:request-list"),
    )


class _Reader:
    """Reads a file against one school: what everybody's rows need is read once."""

    def __init__(self, school: School, profile: Profile, directory: Directory) -> None:
        self.school = school
        self.profile = profile
        self.present = directory.present
        self.users = {user.email.lower(): user for user in directory.people}
        platforms = list(Platform.objects.all())
        self.platforms = {word.casefold(): p for p in platforms for word in (p.slug, p.name)}
        rows = SocialAccount.objects.filter(school=school, status__in=SocialAccount.OPEN)
        self.known = list(rows.select_related("platform"))
        self.seen: list[tuple[int, SocialAccount]] = []
        self.plan = _Plan()

    def read(self, data: bytes) -> _Plan:
        """Everything that the file asks for, or what is wrong with it. Raises FileRefused."""
        try:
            table = csvfiles.read(data, NEEDED, ALL_COLUMNS[len(NEEDED) :], most_rows=MOST_ROWS)
        except csvfiles.CsvProblem as problem:
            raise FileRefused(str(problem)) from problem
        if not table.rows:
            raise FileRefused("The file has headings and no accounts below them.")
        for number, cells in table.rows:
            self._row(number, cells)
        self.plan.problems.sort(key=lambda one: (one.row, ALL_COLUMNS.index(one.column)))
        return self.plan

    def _row(self, number: int, cells: Mapping[str, str]) -> None:
        before = len(self.plan.problems)
        status, platform = self._status(number, cells), self._platform(number, cells)
        name, handle = (" ".join(cells.get(column, "").split()) for column in ("name", "handle"))
        if not name:
            self._bad(number, "name", "Enter the name of the account.")
        if len(self.plan.problems) > before:
            return
        if status in _GONE:
            self.plan.outcome.left_out.append((number, name))
        elif any(row.platform == platform and same_account(row, handle, name) for row in self.known):
            self.plan.outcome.there.append((number, name))
        else:
            self._new_row(number, cells, SocialAccount(name=name, handle=handle, platform=platform))

    def _new_row(self, number: int, cells: Mapping[str, str], account: SocialAccount) -> None:
        before = len(self.plan.problems)
        twin = next((n for n, row in self.seen if self._same(row, account)), None)
        if twin is not None:
            column = "handle" if account.handle else "name"
            self._bad(number, column, f"This is the same account as in row {twin}. Keep one of them.")
        self.seen.append((number, account))
        values: dict[str, Any] = {
            "name": account.name,
            "platform": account.platform,
            "handle": account.handle,
            "address": cells.get("address", ""),
            "official_email": self._take(number, "official email", cells, _email),
            "purpose": cells.get("purpose", ""),
            "audience": self._take(number, "audience", cells, _audience),
            "openness": self._take(number, "open or closed", cells, _openness),
            "live_since": self._take(number, "live since", cells, _day),
        }
        values, people = tidied(values), self._people(number, cells)
        self._check(number, values)
        if len(self.plan.problems) == before:
            self.plan.rows.append((number, values, people))

    def _same(self, one: SocialAccount, other: SocialAccount) -> bool:
        return one.platform == other.platform and same_account(one, other.handle, other.name)

    def _bad(self, number: int, column: str, message: str) -> None:
        if not any(p.row == number and p.column == column for p in self.plan.problems):
            self.plan.problems.append(Problem(number, column, message))

    def _take(self, number: int, column: str, cells: Mapping[str, str], parse: Callable[[str], Any]) -> Any:
        """A cell as a value; what cannot be read is noted, and the cell counts as empty."""
        try:
            return parse(cells.get(column, ""))
        except ValueError as error:
            self._bad(number, column, str(error))
            return parse("")

    def _status(self, number: int, cells: Mapping[str, str]) -> str:
        """Of an exported register: another school's account is refused, a closed one left out."""
        school, status = cells.get("school", ""), cells.get("status", "").casefold()
        if school and school.casefold() != self.school.name.casefold():
            self._bad(number, "school", f"This account belongs to {school}. Import it there.")
        if not status:
            return ""
        for choice in SocialAccount.Status:
            if status in (choice.value, choice.label.casefold()):
                return choice.value
        self._bad(number, "status", "This is no status of an account. Leave the cell empty.")
        return ""

    def _platform(self, number: int, cells: Mapping[str, str]) -> Platform | None:
        word = cells.get("platform", "")
        platform = self.platforms.get(word.casefold())
        if not word:
            self._bad(number, "platform", "Enter the platform.")
        elif platform is None:
            message = f"“{word[:80]}” is not in the list of platforms. Ask your IT lead to add it."
            self._bad(number, "platform", message)
        return platform

    def _people(self, number: int, cells: Mapping[str, str]) -> list[tuple[User, str]]:
        found: list[tuple[User, str]] = []
        for column, right in PEOPLE.items():
            words = [word.strip() for word in cells.get(column, "").split(SEPARATOR) if word.strip()]
            for word in words:
                user = self.users.get(word.lower())
                if user is None:
                    self._bad(number, column, f"Nobody at {self.school} has the address {word[:100]}.")
                    continue
                try:
                    check_person(self.school, self.profile, user, right, self.present)
                except Refused as refusal:
                    self._bad(number, column, refusal.message)
                found.append((user, right))
            if right == Right.LEAD and len(words) > 1:
                self._bad(number, column, "An account has one lead. Name one person.")
        return list(dict.fromkeys(found))

    def _check(self, number: int, values: dict[str, Any]) -> None:
        """The checks that every account goes through; each cell at fault is named."""
        for fault in faults(self.profile, values):
            self._bad(number, str(fault.field).replace("_", " "), fault.message)


def _email(text: str) -> str:
    if text:
        try:
            validate_email(text)
        except ValidationError as error:
            raise ValueError("Enter an e-mail address in the right form, like name@example.com.") from error
    return text


def _audience(text: str) -> list[str]:
    known = {word.casefold(): choice.value for choice in Public for word in (choice.value, choice.label)}
    words = [word.strip() for word in text.split(SEPARATOR) if word.strip()]
    unknown = next((word for word in words if word.casefold() not in known), None)
    if unknown is not None:
        offered = "; ".join(choice.label for choice in Public)
        raise ValueError(f"“{unknown[:80]}” is no audience. Use, with semicolons between: {offered}.")
    chosen = {known[word.casefold()] for word in words}
    return [choice.value for choice in Public if choice.value in chosen]


def _openness(text: str) -> str:
    if text and text.casefold() not in OPENNESS:
        raise ValueError("Write open or closed.")
    return OPENNESS.get(text.casefold(), "")


def _day(text: str) -> date | None:
    for form in (DAY, "%Y-%m-%d", "%d/%m/%y"):
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    if text:
        raise ValueError("Enter a day like 27/03/2024.")
    return None
