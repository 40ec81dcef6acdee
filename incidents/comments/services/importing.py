"""Comments from a file: all of them or none, each bad cell named; and the lines of a file that is read back."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import IntegrityError
from django.db.models import QuerySet
from django.utils import timezone

from accounts.access import account_rules
from accounts.models import SocialAccount
from core import csvfiles
from core.audit import audited, record
from core.errors import Refused
from incidents.comments.access import comment_rules
from incidents.comments.hearers import first_hearers
from incidents.comments.moves import must_be_answered
from incidents.comments.received import moment_in, text_of
from incidents.comments.selectors import shown
from incidents.comments.services.clock import late_of_file
from incidents.comments.services.complaining import tell_settlers
from incidents.comments.services.logging import Arrived, checked, fresh
from incidents.comments.services.writing import Did, done_there, lead_on, list_of, tell
from incidents.comments.terms import due_of, ended_at
from incidents.models import Comment, CommentStep
from incidents.services.reports import without_addresses
from people.governance.profile import Profile
from people.models import School, User
from people.selectors import profile_of

MOST_ROWS = 2000
NEEDED = ("account", "author", "text", "received", "kind")
ENDS = ("answered", "left", "resolved")
"""Columns that say when it was answered, left without an answer, resolved; empty where it was not."""
FURTHER = ("school", "due", *ENDS, "status")
"""Columns of an exported list: of them an import reads when a comment ended, and the school, which must be right."""
OLD = timedelta(days=7)
"""Of what was answered late, and was due longer ago, nobody is told."""
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


@dataclass(frozen=True)
class Ended:
    """When it was answered, left without an answer, or resolved; aware, or None."""

    answered: datetime | None = None
    left: datetime | None = None
    resolved: datetime | None = None


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
    there already where account, author, words and moment are the same; two files at once wait for each other.
    What ended already has no clock: that it ended late is recorded, and told only where it was due within the
    last week. Whose time has run out is found by the next sweep, which tells of a file as a whole. Raises
    PermissionDenied, or CommentFileRefused.
    """
    comment_rules.require_at(actor, "log", school)
    profile = profile_of(school)
    rows = _read(actor, school, data)
    try:
        with audited():
            School.objects.select_for_update(of=("self",), no_key=True).get(pk=school.pk)
            fresh_ones = _fresh(actor, school, once, rows, profile)
            _keep(actor, school, profile, fresh_ones)
    except IntegrityError as error:
        raise CommentFileRefused("This file was sent already. Look at the list of comments.") from error
    return Logged(len(fresh_ones), len(rows) - len(fresh_ones))


def _fresh(
    actor: User, school: School, once: UUID, rows: list[tuple[int, Arrived, Ended]], profile: Profile
) -> list[Comment]:
    """The comments of the file that do not stand there yet, not saved, with the end that they had."""
    now = timezone.now()
    known = _known(school, [arrived for _, arrived, _ in rows])
    comments = []
    for number, arrived, ended in rows:
        key = _key(arrived.account.pk, arrived.author, arrived.words, arrived.received_at)
        if key in known:
            continue
        known.add(key)
        kept = uuid5(once, str(number))
        row = fresh(actor, school, kept, arrived, profile, now, source=Comment.Source.FILE)
        for name in ENDS:
            if moment := getattr(ended, name):
                setattr(row, f"{name}_at", moment)
                setattr(row, f"{name}_by", actor)
                row.stage, row.next_at = Comment.Stage.DONE, None
        comments.append(row)
    return comments


DID = {"answered": Did.ANSWERED, "left": Did.NO_ANSWER, "resolved": Did.RESOLVED}
"""The step that each column of ENDS makes."""


def _keep(actor: User, school: School, profile: Profile, comments: list[Comment]) -> None:
    if not comments:
        return
    Comment.objects.bulk_create(comments, batch_size=200)
    late = [one for one in comments if _ended_late(one)]
    CommentStep.objects.bulk_create(_steps(actor, comments), batch_size=500)
    record(
        "incidents.comments_imported",
        actor=actor,
        school=school,
        subject=school,
        data={"first": comments[0].pk, "comments": len(comments), "late": [one.pk for one in late]},
    )
    batch = f"file:{comments[0].once}"
    for kind in PASSED_ON:
        first = next((one for one in comments if one.kind == kind), None)
        if first is not None:
            lead_on(first, actor, profile, batch=batch, link=list_of(school))
            tell_settlers(first, actor, profile, batch=batch, link=list_of(school))
    for one in _one_an_account(one for one in comments if _is_new(one)):
        people = first_hearers(one, profile)
        tell(one, "incidents.comment_new", people, key=f"{batch}:new", but=actor, link=list_of(school))
    lately = timezone.now() - OLD
    for one in _one_an_account(one for one in late if one.due_at >= lately):
        late_of_file(one)


PASSED_ON = (Comment.Kind.PRESS, Comment.Kind.POLICY)


def _steps(actor: User, comments: list[Comment]) -> list[CommentStep]:
    """What happened to each, in order: logged, passed on because of its kind, its end, late or not."""
    steps = []
    for one in comments:
        steps.append(CommentStep(comment=one, did=Did.LOGGED, single=Did.LOGGED, by=actor))
        if one.kind in PASSED_ON:
            steps.append(CommentStep(comment=one, did=Did.PASSED, by=actor))
        if _ended_late(one):
            steps.append(CommentStep(comment=one, did=Did.BREACHED, single=Did.BREACHED))
        steps += [
            CommentStep(comment=one, did=DID[name], by=actor) for name in ENDS if getattr(one, f"{name}_at")
        ]
    return steps


def _ended_late(row: Comment) -> bool:
    end = ended_at(row)
    return row.due_at is not None and end is not None and end > row.due_at


def _is_new(row: Comment) -> bool:
    """Whether those who look after the account hear of it as of one logged by hand: it waits, and is not late."""
    late = row.due_at is not None and row.due_at <= row.logged_at
    return row.kind != Comment.Kind.PRESS and ended_at(row) is None and not late


def _one_an_account(rows: Iterable[Comment]) -> list[Comment]:
    """The first of each account; of journalists, whom others hear of, one more."""
    found: dict[tuple[int, bool], Comment] = {}
    for row in rows:
        found.setdefault((row.account_id, row.kind == Comment.Kind.PRESS), row)
    return list(found.values())


def _read(actor: User, school: School, data: bytes) -> list[tuple[int, Arrived, Ended]]:
    """The rows that arrived, with their numbers and how they ended. Raises CommentFileRefused with every bad cell."""
    try:
        table = csvfiles.read(data, NEEDED, FURTHER, most_rows=MOST_ROWS)
    except csvfiles.CsvProblem as problem:
        raise CommentFileRefused(str(problem)) from problem
    if not table.rows:
        raise CommentFileRefused("The file holds no comment, only headings.")
    names = accounts_in(actor, school)
    profile = profile_of(school)
    found: list[tuple[int, Arrived, Ended]] = []
    problems: list[BadCell] = []
    for number, cells in table.rows:
        arrived, bad = _row(actor, school, names, number, cells)
        problems += bad
        if arrived is not None:
            ended, wrong = _ended(profile, arrived, number, cells)
            problems += wrong
            found.append((number, arrived, ended))
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


def _ended(
    profile: Profile, arrived: Arrived, number: int, cells: dict[str, str]
) -> tuple[Ended, list[BadCell]]:
    """When it was answered, left or resolved: none of them before it came in, or in the future."""
    found: dict[str, datetime] = {}
    bad: list[BadCell] = []
    for name in ENDS:
        if not cells.get(name):
            continue
        try:
            found[name] = done_there(moment_in(cells[name]), arrived.received_at, name)
        except ValueError as error:
            bad.append(BadCell(number, name, f"{error}."))
        except Refused as refusal:
            bad.append(BadCell(number, name, refusal.message))
    ended = Ended(**found)
    if ended.resolved and ended.resolved < max(found.values()):
        bad.append(
            BadCell(number, "resolved", "It cannot be resolved before it was answered. Check the times.")
        )
    asked = Comment(kind=arrived.kind, due_at=due_of(profile, arrived.received_at))
    if ended.left and not ended.answered and must_be_answered(asked):
        words = (
            "A question or a complaint is not left without an answer. Say when it was answered, or nothing."
        )
        bad.append(BadCell(number, "left", words))
    return ended, bad


def _known(school: School, rows: list[Arrived]) -> set[tuple]:
    """What stands there already, of the time that the file spans; also as `lines_of` writes what is withheld."""
    if not rows:
        return set()
    moments = [one.received_at for one in rows]
    there = Comment.objects.filter(
        school=school, received_at__gte=min(moments), received_at__lte=max(moments)
    )
    found = set(there.values_list("account", "author", "words", "received_at"))
    logged = there.filter(offensive__isnull=False).values_list("account", "author", "words", "received_at")
    bare = {
        _key(account, without_addresses(author), without_addresses(words), received)
        for account, author, words, received in logged
    }
    return found | bare


def _key(account: int, author: str, words: str, received: object) -> tuple:
    return account, author, words, received


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def lines_of(rows: QuerySet[Comment], state: object) -> list[list[str]]:
    """The lines of an exported list, which an import reads back unchanged; `state` says a comment's status.

    The comments are annotated by `selectors.with_withheld`.
    """
    comments = list(rows.select_related("school", "account__platform"))
    schools = {one.school_id: one.school for one in comments}
    every = SocialAccount.objects.filter(school__in=schools).select_related("platform")
    names: dict[int, AccountNames] = {
        pk: AccountNames.of(one for one in every if one.school_id == pk) for pk in schools
    }
    return [
        [
            names[one.school_id].label(one.account),
            shown(one, one.author),
            shown(one, one.words),
            text_of(one.received_at),
            one.get_kind_display(),
            one.school.name,
            *(text_of(moment) if moment else "" for moment in _moments(one)),
            state(one),
        ]
        for one in comments
    ]


def _moments(row: Comment) -> tuple[datetime | None, ...]:
    return row.due_at, *(getattr(row, f"{name}_at") for name in ENDS)
