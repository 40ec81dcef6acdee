"""How cases are shown: the board's rows, the words behind a line of the chronology, who is kept back."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from core.roles import Role
from core.tables import Column, Link, Status, Table, date_text
from incidents.concerns.access import concern_rules
from incidents.concerns.board import age_words, name_of
from incidents.concerns.sections import Case
from incidents.models import (
    Body,
    Category,
    Channel,
    Concern,
    Entry,
    EntryKind,
    Part,
    PartIn,
    Referral,
    Right,
    Sort,
    Urgency,
    Waiting,
)
from incidents.services.reports import without_addresses
from people.governance.profile import Profile
from people.governance.who import joined
from people.models import User

NOT_KNOWN = "Not known"
KEPT_BACK = "Kept back: they asked for it"
COLLEAGUE = "A colleague, kept back"
MOST_NAMES = 4


# The board


def board_columns(tab: str, with_school: bool) -> list[Column]:
    """The columns of the board."""
    school = [Column("school", "School", sortable=True, order_by="school__name")] if with_school else []
    return [
        Column("case", "Case"),
        Column("urgency", "Urgency", sortable=True),
        Column("age", "Age", sortable=True, order_by="at"),
        Column("whom", "Whom it concerns"),
        *school,
        Column("owner", "Handled by", sortable=True, order_by="owner__full_name"),
        Column("due", "Closed" if tab == "closed" else "Next due"),
        Column("status", "Status"),
    ]


def board_table(
    request: HttpRequest,
    tab: str,
    title: str,
    columns: list[Column],
    rows: Iterable[Concern],
    names: Mapping[int, Mapping[str, list[str]]],
) -> Table:
    """One page of the board."""
    now = timezone.now()
    return Table(
        columns,
        [
            {
                "case": [
                    Link(row.reference, reverse("incidents:case", args=[row.uuid])),
                    row.get_category_display(),
                ],
                "urgency": Status(urgency_status(row.urgency)),
                "age": age_words(row.at, now),
                "whom": _whom(names.get(row.pk, {})),
                "school": row.school.name,
                "owner": row.owner.full_name if row.owner else "Nobody yet",
                "due": row.closed_at if tab == "closed" else due_cell(row.next_due, now),
                "status": statuses_of(row),
            }
            for row in rows
        ],
        title,
        request,
        "-age" if tab == "closed" else "urgency",
        caption_hidden=True,
    )


def urgency_status(urgency: int) -> str:
    """A value of core.statuses."""
    return f"urgency_{urgency}"


def statuses_of(concern: Concern) -> list[Status]:
    """Where it stands, and for whom it waits."""
    found = [Status(f"concern_{concern.status}")]
    if concern.waiting_for and concern.status != "closed":
        found.append(Status(f"waits_{concern.waiting_for}"))
    return found


def due_cell(due: datetime | None, now: datetime) -> Any:
    """The day, and whether it is late."""
    if due is None:
        return ""
    return [due, Status("overdue")] if due < now else due


def _whom(names: Mapping[str, list[str]]) -> list[str]:
    """Whoever was harmed, then whose doing it is said to be, as far as they are known."""
    lines = []
    for part, word in ((PartIn.VICTIM, "Harmed"), (PartIn.SUBJECT, "Said to have done it")):
        known = names.get(part, [])
        if known:
            more = f" and {len(known) - MOST_NAMES} more" if len(known) > MOST_NAMES else ""
            lines.append(f"{word}: {', '.join(known[:MOST_NAMES])}{more}")
    return lines or [NOT_KNOWN]


# The case


def reporter_is_kept_back(case: Case) -> bool:
    """Whether this reader does not learn who reported it (BEC-4.34)."""
    return case.concern.confidential and not case.concern.on_road


def person_name(concern: Concern, part: Part) -> str:
    """The name of somebody in it; a colleague who told of it is kept back together with the reporter.

    `concern` carries `on_road` of the reader.
    """
    told_of_it = part.part == PartIn.DISCLOSER and part.sort in (Sort.STAFF, Sort.HEAD)
    if told_of_it and concern.confidential and not concern.on_road:
        return COLLEAGUE
    return shown_words(concern, name_of(part))


def shown_words(concern: Concern, text: str) -> str:
    """Words as they may be shown: where an image of a child may be involved, without any address (CBC-10.03)."""
    return without_addresses(text) if concern.image else text


def made_by(case: Case, row: Referral) -> str:
    """Who contacted a body outside. What was recorded in reporting gives a reporter who is kept back not away."""
    concern = case.concern
    in_reporting = concern.first_read_at is None or row.at < concern.first_read_at
    if reporter_is_kept_back(case) and row.by_id == concern.reporter_id and in_reporting and row.made_by:
        return KEPT_BACK
    return row.made_by


def reported_by(case: Case) -> str:
    """Who reported it, as far as this reader may know."""
    concern = case.concern
    if reporter_is_kept_back(case):
        return KEPT_BACK
    if concern.reporter:
        return concern.reporter.full_name
    return concern.words.reporter_is or NOT_KNOWN


def by_whom(case: Case, entry: Entry) -> str:
    """Who wrote a line. What was written in reporting gives a reporter who is kept back not away."""
    if entry.by is None:
        return "" if entry.kind != EntryKind.RECEIVED else "Without an account"
    first_read = case.concern.first_read_at
    of_reporting = entry.kind == EntryKind.RECEIVED or first_read is None or entry.at < first_read
    if reporter_is_kept_back(case) and entry.by_id == case.concern.reporter_id and of_reporting:
        return KEPT_BACK
    return entry.by.full_name


def hides_words(concern: Concern, entry: Entry) -> bool:
    """Whether the words of a line are for the road alone (STM-8.10). `concern` as a reader found it."""
    if concern.on_road:
        return False
    line: Entry | None = entry
    while line is not None:  # a correction is for whom the first line is
        if line.data.get("dsl_only"):
            return True
        line = line.corrects
    return False


class Lookup:
    """The words behind the ids that lines carry: from what the page has read, and one query for the rest."""

    def __init__(self, case: Case, entries: Iterable[Entry]) -> None:
        concern = case.concern
        self.profile: Profile = case.profile
        self.parts = {
            str(part.uuid): f"{person_name(concern, part)}, {part.get_part_display().lower()}"
            for part in concern.parts.all()
        }
        self.actions = {str(one.uuid): shown_words(concern, one.title) for one in concern.actions.all()}
        known = [entry.by for entry in entries] + [share.user for share in concern.shares.all()]
        self.users = {str(user.uuid): user.full_name for user in known if user is not None}
        data = [entry.data for entry in entries]
        missing = {one["user"] for one in data if "user" in one} - set(self.users)
        if missing:
            rows = User.objects.filter(uuid__in=missing)
            self.users |= {str(uuid): name for uuid, name in rows.values_list("uuid", "full_name")}
        cases = {one["concern"] for one in data if "concern" in one}
        visible = concern_rules.visible_to(case.user, "view")
        self.cases = {str(row.uuid): str(row) for row in visible.filter(uuid__in=cases)} if cases else {}

    def told_by(self, data: Mapping[str, Any]) -> str:
        """What the ids of one line say, in words; what this table does not know is left out."""
        said = [words for key, value in data.items() if (words := self._word(key, value))]
        return ". ".join(said)

    def _word(self, key: str, value: Any) -> str:
        label = CHOICES.get(key)
        if label is not None:
            return label[1].format(_label(label[0], value))
        if key == "was" and isinstance(value, dict):
            return (
                f"It was: {_label(Category, value.get('category'))}, {_label(Urgency, value.get('urgency'))}"
            )
        if key in ("due", "until") and isinstance(value, str):
            return f"Until {_day(value)}"
        if key == "clauses":
            return f"Clauses: {', '.join(value)}" if value else ""
        if key == "steps":
            return f"Now also read by: {titles(self.profile, value)}"
        names = {"part": self.parts, "user": self.users, "action": self.actions}.get(key)
        if names is not None:
            return names.get(value, "")
        return self.cases.get(value, "A case that you may not read") if key == "concern" else ""


CHOICES: dict[str, tuple[Any, str]] = {
    "category": (Category, "Category: {}"),
    "urgency": (Urgency, "Urgency: {}"),
    "waiting": (Waiting, "Waiting for: {}"),
    "channel": (Channel, "{}"),
    "body": (Body, "{}"),
    "right": (Right, "{}"),
}


def _label(kind: Any, value: Any) -> str:
    try:
        return str(kind(value).label)
    except ValueError:
        return str(value)


def _day(value: str) -> str:
    try:
        return date_text(date.fromisoformat(value))
    except ValueError:
        return value


def titles(profile: Profile, specs: Iterable[str]) -> str:
    """Roles in the school's own words."""
    return joined(title_of(profile, spec) for spec in specs)


def title_of(profile: Profile, spec: str) -> str:
    """One role spec in the school's own words."""
    role, _, post = spec.partition("/")
    return profile.title_of(Role(role), post)


def address(name: str, concern: Concern, *more: Any) -> str:
    """The address of a step on the case; nothing where no such step is built in."""
    try:
        return reverse(f"incidents:{name}", args=[concern.uuid, *more])
    except NoReverseMatch:
        return ""
