"""How incidents are shown: columns, rows and facts. Who may see them is asked before."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from core.addresses import WebAddress, parse_addresses
from core.tables import Column, Link, Status, Table, date_text
from incidents.models import About, Ban, DealtWith, Handover, Matter, MatterKind, TechnicianPart
from people.governance.profile import Profile
from people.governance.who import joined

NOT_KNOWN = "Not known"


def nature_of(matter: Matter) -> str:
    """In a word or two, for a list."""
    return (
        matter.content.get_nature_display()
        if matter.kind == MatterKind.CONTENT
        else matter.get_kind_display()
    )


def whom_of(matter: Matter) -> str:
    """Whom it is about, with what is known."""
    if matter.about == About.UNKNOWN:
        return NOT_KNOWN
    name = matter.about_user.full_name if matter.about_user else matter.about_words
    label = matter.get_about_display()
    return f"{label}: {name}" if name else label


def report_columns(show: str, with_school: bool) -> list[Column]:
    """The columns of one of the three lists; whoever blocks sites learns of nobody."""
    columns = [
        Column("what", "Report", sortable=True, order_by="at"),
        Column("nature", "Nature", sortable=show != "own", order_by="content__nature"),
    ]
    if show == "read":
        columns.append(Column("about", "Who", sortable=True))
    if with_school:
        columns.append(Column("school", "School", sortable=True, order_by="school__name"))
    return [*columns, Column("status", "Status")]


def report_table(request: HttpRequest, show: str, columns: list[Column], rows: Iterable[Matter]) -> Table:
    """One page of a list."""
    captions = {"read": "Reports to me", "block": "Sites to block", "own": "Reports sent by me"}
    name = "incidents:report-technician" if show == "block" else "incidents:report-detail"
    return Table(
        columns,
        [
            {
                "what": Link(_with_time(row), reverse(name, args=[row.uuid])),
                "nature": nature_of(row),
                "about": row.get_about_display() if row.is_about_somebody else NOT_KNOWN,
                "school": row.school.name,
                "status": Status(_list_status(show, row)),
            }
            for row in rows
        ],
        captions[show],
        request,
        "-what",
        caption_hidden=True,
    )


def _with_time(row: Matter) -> str:
    """Its day, and the time that tells it from another of the same day."""
    return f"{row} at {date_text(row.at).partition(' at ')[2]}"


def _list_status(show: str, row: Matter) -> str:
    if show == "own":
        return "received"
    if show == "block":
        return "done" if row.blocked_already else "to_block"
    return "dealt_with" if row.closed else "open"


def facts_of(matter: Matter, *, with_reporter: bool = True) -> list[dict[str, Any]]:
    """The reporter's part (STM-14.01 to 14.05), or the record about the police."""
    sent = {"key": "Sent", "value": matter.at}
    rows = [{"key": "Sent by", "value": matter.reporter.full_name}] if with_reporter else []
    rows += [sent, {"key": "Who it was", "value": whom_of(matter)}]
    return rows + (_content_rows(matter) if matter.kind == MatterKind.CONTENT else _image_rows(matter))


def _content_rows(matter: Matter) -> list[dict[str, Any]]:
    return [*addresses_of(matter), {"key": "What was seen", "value": matter.content.words}]


def addresses_of(matter: Matter) -> list[dict[str, Any]]:
    """Date, nature and addresses: all that a technician needs."""
    return [
        {"key": "Seen on", "value": matter.content.seen_on},
        {"key": "Nature", "value": matter.content.get_nature_display()},
        {
            "key": "Full addresses",
            "value": [_address(one) for one in parse_addresses(matter.content.addresses)],
        },
    ]


def _address(one: WebAddress) -> str:
    """As it was typed, and the true site beside one that is in disguise."""
    return f"{one.typed} (the site is {one.shown_host})" if one.shown_host else one.typed


def _image_rows(matter: Matter) -> list[dict[str, Any]]:
    image = matter.image
    if image.called_at is None:
        return [
            {"key": "Police called", "value": "Not yet"},
            {"key": "Why not", "value": image.not_called_because},
        ]
    return [
        {"key": "Police called by", "value": image.called_by},
        {"key": "Police called", "value": image.called_at},
        {"key": "Police reference", "value": image.police_reference},
    ]


def part_rows(part: TechnicianPart) -> list[dict[str, Any]]:
    """The technician's part (STM-14.06 to 14.09)."""
    return [
        {"key": "Action taken", "value": part.action_taken},
        {"key": "Site blocked", "value": part.blocked},
        {"key": "Name", "value": part.by.full_name},
        {"key": "Date", "value": part.at},
        {"key": "Signed", "value": part.signature.typed_name},
        {"key": "Declaration", "value": part.signature.declaration},
    ]


def events_of(
    matter: Matter, handover: Handover | None, part: TechnicianPart | None, dealt: DealtWith | None
) -> list[dict[str, Any]]:
    """What happened, oldest first."""
    events = [{"title": "Report sent", "when": matter.at, "by": matter.reporter.full_name}]
    if handover:
        title = "Addresses handed to the technician"
        events.append({"title": title, "when": handover.at, "by": handover.by.full_name})
    if part:
        title = "Technician: site blocked" if part.blocked else "Technician: site not blocked"
        events.append({"title": title, "when": part.at, "by": part.by.full_name})
    if dealt:
        events.append({"title": "Closed", "when": dealt.at, "by": dealt.by.full_name, "text": dealt.note})
    return sorted(events, key=lambda event: event["when"])


def state_of(matter: Matter, part: TechnicianPart | None, dealt: DealtWith | None) -> str:
    """A value of core.statuses."""
    return "dealt_with" if dealt or (part and not matter.is_about_somebody) else "open"


def bypass_columns(with_school: bool) -> list[Column]:
    """The columns of the list of attempts to get round the firewall."""
    school = [Column("school", "School", sortable=True, order_by="school__name")] if with_school else []
    return [
        Column("what", "Record", sortable=True, order_by="at"),
        Column("who", "Who"),
        Column("happened_on", "Happened on", sortable=True, order_by="bypass__happened_on"),
        *school,
        Column("ban", "Ban"),
    ]


def bypass_table(request: HttpRequest, columns: list[Column], rows: Iterable[Matter]) -> Table:
    """One page of the list. A ban is shown to readers of the row alone."""
    return Table(
        columns,
        [
            {
                "what": Link(_with_time(row), reverse("incidents:bypass-detail", args=[row.uuid])),
                "who": whom_of(row),
                "happened_on": row.bypass.happened_on,
                "school": row.school.name,
                "ban": Status(_ban_status(row)),
            }
            for row in rows
        ],
        "Attempts to get round the firewall",
        request,
        "-what",
        caption_hidden=True,
    )


def _ban_status(row: Matter) -> str:
    if not row.reads:
        return "received"
    ban = getattr(row, "ban", None)
    return ban.status if ban else "no_ban"


def bypass_facts(matter: Matter, *, with_reporter: bool = True) -> list[dict[str, Any]]:
    """What was recorded."""
    rows = [{"key": "Recorded by", "value": matter.reporter.full_name}] if with_reporter else []
    return [
        *rows,
        {"key": "Recorded", "value": matter.at},
        {"key": "Who it was", "value": whom_of(matter)},
        {"key": "Happened on", "value": matter.bypass.happened_on},
        {"key": "What happened", "value": matter.bypass.what},
    ]


def ban_rows(ban: Ban) -> list[dict[str, Any]]:
    """The ban: from when until when, its exception, who set it, and how it ended."""
    rows = [
        {"key": "First day", "value": ban.starts},
        {"key": "Last day", "value": ban.ends},
        {"key": "Close supervision", "value": ban.supervision},
        {"key": "Set by", "value": f"{ban.set_by.full_name}, {date_text(ban.set_at)}"},
    ]
    if ban.ended_at:
        ended = f"{ban.ended_by.full_name}, {date_text(timezone.localtime(ban.ended_at))}"
        rows += [
            {"key": "Ended early by", "value": ended},
            {"key": "Why", "value": ban.ended_because},
        ]
    return rows


def deciders(matter: Matter, profile: Profile) -> str:
    """Who decides on a ban, in the school's own titles."""
    return joined(
        (profile.title_of(step.role, step.post) for step in matter.road.all() if step.decides), "or"
    )
