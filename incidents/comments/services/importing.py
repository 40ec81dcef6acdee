"""Comments from a file: all of them or none, each bad cell named; and the lines of a file that is read back."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID, uuid5

from django.db import IntegrityError
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.access import account_rules
from accounts.models import SocialAccount
from core import csvfiles
from core.audit import audited, record
from core.errors import Refused
from incidents.comments.access import comment_rules
from incidents.comments.received import moment_in, text_of
from incidents.comments.services.logging import Arrived, checked, fresh
from incidents.comments.services.writing import Did, lead_on
from incidents.models import Comment, CommentStep
from people.governance.profile import Profile
from people.models import School, User
from people.selectors import profile_of

MOST_ROWS = 2000
NEEDED = ("account", "author", "text", "received", "kind")
FURTHER = ("school", "due", "answered", "resolved", "status")
"""Columns of an exported list: an import reads of them only the school, which must be the right one."""
KIND_WORDS = {value.lower(): value for kind in Comment.Kind for value in (kind.value,)} | {
    str(kind.label).lower(): kind.value for kind in Comment.Kind
}
"""What may stand in the column of the kind."""
PLACES = {"words": "text", "received": "received", "author": "author", "kind": "kind", "account": "account"}
MOST_SHOWN = 200


@dataclass(frozen=True)
class BadCell:
    """What is wrong with one cell: its row in the file (the headings are row 1) and its column."""

    row: int
    column: str
    message: str


class CommentFileRefused(Refused):
    """Nothing was logged. `problems` names every bad cell; empty when the file as a whole cannot be read."""

    def __init__(self, message: str, problems: list[BadCell] | None = None) -> None:
        super().__init__(message, field="file")
        self.problems = problems or []


@dataclass
class Logged:
    """What an import did: how many it logged, and how many stood there already."""

    logged: int = 0
    there: int = 0


@dataclass
class AccountNames:
    """The accounts of a school by what people call them, and the name that each has in a file."""

    by_name: dict[str, list[SocialAccount]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, accounts: Iterable[SocialAccount]) -> "AccountNames":
        """With name, name and platform, handle, and id."""
        found = cls()
        for account in accounts:
            for name in {_plain(one) for one in found.names(account)}:
                found.by_name[name].append(account)
        return found

    @staticmethod
    def names(account: SocialAccount) -> list[str]:
        """From the plainest on; the last is never that of another account."""
        whole = f"{account.name} ({account.platform.name})"
        return [one for one in (account.name, whole, account.handle, str(account.uuid)) if one]

    def label(self, account: SocialAccount) -> str:
        """The plainest name that means no other account of the school."""
        names = self.names(account)
        return next((one for one in names if len(self.by_name[_plain(one)]) == 1), names[-1])

    def find(self, text: str) -> SocialAccount:
        """Raises ValueError."""
        found = {one.pk: one for one in self.by_name.get(_plain(text), ())}
        if len(found) > 1:
            raise ValueError(
                "Several accounts have this name. Use the handle, or add the platform in brackets"
            )
        if not found:
            raise ValueError("The school has no such account. Use its name as the register has it")
        return next(iter(found.values()))


def accounts_in(actor: User, school: School) -> AccountNames:
    """The accounts of a school that the actor may see, closed ones included."""
    rows = account_rules.visible_to(actor, "view").filter(school=school).select_related("platform", "school")
    return AccountNames.of(rows)


def comments_import(*, actor: User, school: School, once: UUID, data: bytes) -> Logged:
    """Log every comment of a file that does not stand there yet, or none of them.

    At most 2,000 rows. Times are those on the clock in London unless they carry an offset. A comment stands
    there already where account, author, words and moment are the same. Whose time has run out is found by the
    next sweep, which tells of a file as a whole. Raises PermissionDenied, or CommentFileRefused.
    """
    comment_rules.require_at(actor, "log", school)
    profile = profile_of(school)
    rows = _read(actor, school, data)
    now = timezone.now()
    result = Logged()
    known = _known(school, [one for _, one in rows])
    comments = []
    for number, arrived in rows:
        key = _key(arrived.account.pk, arrived.author, arrived.words, arrived.received_at)
        if key in known:
            result.there += 1
            continue
        known.add(key)
        kept = uuid5(once, str(number))
        comments.append(fresh(actor, school, kept, arrived, profile, now, source=Comment.Source.FILE))
    try:
        with audited():
            _keep(actor, school, profile, comments)
    except IntegrityError as error:
        raise CommentFileRefused("This file was sent already. Look at the list of comments.") from error
    result.logged = len(comments)
    return result


def _keep(actor: User, school: School, profile: Profile, comments: list[Comment]) -> None:
    if not comments:
        return
    Comment.objects.bulk_create(comments, batch_size=200)
    passed = (Comment.Kind.PRESS, Comment.Kind.POLICY)
    steps = [CommentStep(comment=one, did=Did.LOGGED, single=Did.LOGGED, by=actor) for one in comments]
    steps += [CommentStep(comment=one, did=Did.PASSED, by=actor) for one in comments if one.kind in passed]
    CommentStep.objects.bulk_create(steps, batch_size=500)
    record(
        "incidents.comments_imported",
        actor=actor,
        school=school,
        subject=school,
        data={"first": comments[0].pk, "comments": len(comments)},
    )
    link = f"{reverse('incidents:comment-list')}?school={school.uuid}"
    for kind in passed:
        first = next((one for one in comments if one.kind == kind), None)
        if first is not None:
            lead_on(first, actor, profile, batch=f"file:{first.once}", link=link)


def _read(actor: User, school: School, data: bytes) -> list[tuple[int, Arrived]]:
    """The rows that arrived, with their numbers. Raises CommentFileRefused with every bad cell."""
    try:
        table = csvfiles.read(data, NEEDED, FURTHER, most_rows=MOST_ROWS)
    except csvfiles.CsvProblem as problem:
        raise CommentFileRefused(str(problem)) from problem
    if not table.rows:
        raise CommentFileRefused("The file holds no comment, only headings.")
    names = accounts_in(actor, school)
    found: list[tuple[int, Arrived]] = []
    problems: list[BadCell] = []
    for number, cells in table.rows:
        arrived, bad = _row(actor, school, names, number, cells)
        problems += bad
        if arrived is not None:
            found.append((number, arrived))
    if problems:
        rows = len({problem.row for problem in problems})
        words = "1 row needs" if rows == 1 else f"{rows} rows need"
        raise CommentFileRefused(f"Nothing was logged: {words} mending.", problems[:MOST_SHOWN])
    return found


def _row(
    actor: User, school: School, names: AccountNames, number: int, cells: dict[str, str]
) -> tuple[Arrived | None, list[BadCell]]:
    bad: list[BadCell] = []
    account = received = None
    try:
        account = names.find(cells["account"])
    except ValueError as error:
        bad.append(BadCell(number, "account", f"{error}."))
    try:
        received = moment_in(cells["received"])
    except ValueError as error:
        bad.append(BadCell(number, "received", f"{error}."))
    kind = KIND_WORDS.get(cells["kind"].lower())
    if kind is None:
        labels = ", ".join(str(label) for label in Comment.Kind.labels)
        bad.append(BadCell(number, "kind", f"Use one of: {labels}."))
    if cells.get("school") and _plain(cells["school"]) != _plain(school.name):
        bad.append(
            BadCell(number, "school", f"This file is read for {school}. Put other schools into their own.")
        )
    if account is None or received is None or kind is None:
        for column, message in (
            ("author", "Enter the name under which it was written."),
            ("text", "Enter what was written."),
        ):
            if not cells[column]:
                bad.append(BadCell(number, column, message))
        return None, bad
    arrived = Arrived(account, cells["author"], cells["text"], kind, received)
    try:
        return checked(actor, school, arrived, seen=True), bad
    except Refused as refusal:
        return None, [*bad, BadCell(number, PLACES[refusal.field or "words"], refusal.message)]


def _known(school: School, rows: list[Arrived]) -> set[tuple]:
    """What stands there already, of the time that the file spans."""
    if not rows:
        return set()
    moments = [one.received_at for one in rows]
    there = Comment.objects.filter(
        school=school, received_at__gte=min(moments), received_at__lte=max(moments)
    )
    return {_key(*row) for row in there.values_list("account", "author", "words", "received_at")}


def _key(account: int, author: str, words: str, received: object) -> tuple:
    return account, author, words, received


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def lines_of(rows: QuerySet[Comment], state: object) -> list[list[str]]:
    """The lines of an exported list, which an import reads back unchanged; `state` says a comment's status."""
    comments = list(rows.select_related("school", "account__platform"))
    schools = {one.school_id: one.school for one in comments}
    every = SocialAccount.objects.filter(school__in=schools).select_related("platform")
    names: dict[int, AccountNames] = {
        pk: AccountNames.of(one for one in every if one.school_id == pk) for pk in schools
    }
    return [
        [
            names[one.school_id].label(one.account),
            one.author,
            one.words,
            text_of(one.received_at),
            one.get_kind_display(),
            one.school.name,
            *(text_of(moment) if moment else "" for moment in (one.due_at, one.answered_at, one.resolved_at)),
            state(one),
        ]
        for one in comments
    ]
