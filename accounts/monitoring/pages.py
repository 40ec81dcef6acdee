"""How monitoring reports are shown. Who may see them is asked before."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts.models import MonitoredAccount, MonitoringAction, MonitoringReport, SocialAccount
from accounts.monitoring.services import url_of
from core.tables import Column, Link, Status, Table, date_text
from people.governance.profile import Profile

EXPORTED = (
    "From",
    "Until",
    "School",
    "Written by",
    "Sent",
    "Accounts looked at",
    "Something must change",
    "What was found",
    "What is done to lower the risks",
    "What is said of the school elsewhere",
    "Whether the accounts have what they need",
    "Actions",
    "Read by how many",
)
STATE_EXPORTED = ("Account", "Platform", "School", "Last looked at", "Found then", "What the portal knows")


def period(report: MonitoringReport) -> str:
    """ "1 March 2026 to 31 March 2026"."""
    return f"{date_text(report.starts_on)} to {date_text(report.ends_on)}"


def report_columns(with_school: bool) -> list[Column]:
    """The columns of the list."""
    return [
        Column("period", "Time", sortable=True, order_by="ends_on"),
        *([Column("school", "School", sortable=True, order_by="school__name")] if with_school else []),
        Column("by", "Written by", sortable=True, order_by="by__full_name"),
        Column("looked", "Accounts looked at", numeric=True),
        Column("acts", "Still to be done", numeric=True),
        Column("state", "Status", sortable=True),
    ]


def report_table(request: HttpRequest, columns: list[Column], rows: Iterable[MonitoringReport]) -> Table:
    """One page of the list."""
    return Table(
        columns,
        [
            {
                "period": Link(period(row), url_of(row), f"at {row.school.name}"),
                "school": row.school.name,
                "by": row.by.full_name,
                "looked": row.looked_at,
                "acts": row.to_do,
                "state": Status(row.state),
            }
            for row in rows
        ],
        "Monitoring reports",
        request,
        "-period",
        caption_hidden=True,
    )


def looked_table(looks: Iterable[MonitoredAccount]) -> Table:
    """What was found on each account."""
    columns = [
        Column("account", "Account"),
        Column("found", "Found"),
        Column("note", "Note"),
    ]
    rows = [
        {
            "account": Link(
                f"{one.account.name} ({one.account.platform.name})",
                reverse("accounts:account-detail", args=[one.account.uuid]),
            ),
            "found": Status(f"monitored_{one.found}"),
            "note": one.note,
        }
        for one in looks
    ]
    return Table(columns, rows, "The accounts", caption_hidden=True)


def action_state(action: MonitoringAction) -> str:
    """A value of core.statuses."""
    if action.done_at:
        return "done"
    return "overdue" if action.due_on < timezone.localdate() else "open"


def action_table(actions: Iterable[MonitoringAction]) -> Table:
    """What follows from a report; who may mark an action as done (`doable`) has a link there."""
    columns = [
        Column("what", "What is to be done"),
        Column("owner", "Who"),
        Column("due", "Until"),
        Column("state", "Status"),
        Column("done", "What was done"),
    ]
    rows = []
    for one in actions:
        done: Any = f"{one.note} ({one.done_by.full_name}, {date_text(one.done_at)})" if one.done_at else ""
        if one.doable and not one.done_at:
            done = Link("Mark as done", reverse("accounts:monitoring-action-done", args=[one.uuid]), one.what)
        rows.append(
            {
                "what": one.what,
                "owner": one.owner.full_name,
                "due": one.due_on,
                "state": Status(action_state(one)),
                "done": done,
            }
        )
    return Table(columns, rows, "What is to be done", caption_hidden=True)


def facts_of(report: MonitoringReport) -> list[dict[str, Any]]:
    """Who wrote it, and when it was sent."""
    return [
        {"key": "Time", "value": period(report)},
        {"key": "Written by", "value": report.by.full_name},
        {"key": "Sent", "value": report.sent_at},
    ]


def titles_of(profile: Profile, specs: Iterable[str]) -> list[str]:
    """Roles in the school's own words."""
    parts = (spec.partition("/") for spec in specs)
    return [profile.title_of(role, post) for role, _, post in parts]


def exported(report: MonitoringReport) -> list[Any]:
    """One line of the file; its actions were read before."""
    acts = [
        f"{one.what} ({one.owner.full_name}, until {date_text(one.due_on)}): "
        + (f"done, {one.note}" if one.done_at else "not done")
        for one in report.actions.all()
    ]
    return [
        date_text(report.starts_on),
        date_text(report.ends_on),
        report.school.name,
        report.by.full_name,
        date_text(report.sent_at),
        report.looked_at,
        report.problems,
        report.findings,
        report.mitigations,
        report.elsewhere,
        report.resources,
        "\n".join(acts),
        report.readers,
    ]


def state_columns(with_school: bool) -> list[Column]:
    """The columns of the accounts by when they were last looked at."""
    return [
        Column("account", "Account", sortable=True, order_by="name"),
        *([Column("school", "School", sortable=True, order_by="school__name")] if with_school else []),
        Column("looked", "Last looked at", sortable=True, order_by="looked_on"),
        Column("found", "Found then"),
        Column("facts", "What the portal knows"),
    ]


def state_table(
    request: HttpRequest,
    columns: list[Column],
    rows: Iterable[SocialAccount],
    facts: Mapping[int, list[str]],
) -> Table:
    """One page of them."""
    return Table(
        columns,
        [
            {
                "account": Link(
                    f"{row.name} ({row.platform.name})", reverse("accounts:account-detail", args=[row.uuid])
                ),
                "school": row.school.name,
                "looked": row.looked_on or "Never",
                "found": Status(f"monitored_{row.looked_found}") if row.looked_found else "",
                "facts": facts.get(row.pk, []),
            }
            for row in rows
        ],
        "Accounts",
        request,
        "looked",
        caption_hidden=True,
    )


def state_exported(row: SocialAccount, facts: Mapping[int, list[str]]) -> list[Any]:
    """One line of the file."""
    found = MonitoredAccount.Found(row.looked_found).label if row.looked_found else ""
    looked = date_text(row.looked_on) if row.looked_on else "Never"
    return [row.name, row.platform.name, row.school.name, looked, found, "\n".join(facts.get(row.pk, []))]
