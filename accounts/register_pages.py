"""What the register's pages say: rows of the list, facts of an account, its people, its history."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.choices import Openness, Public, Right
from accounts.models import AccountRight, RightsRequest, SocialAccount
from accounts.register_selectors import OfficialAccount, Staffing
from core.audit import ACTIONS
from core.models import AuditEvent
from core.statuses import status_html
from core.tables import Column, Link, Status, Table, date_text
from people.governance.profile import Profile
from people.models import School, User

COLUMNS = [
    Column("name", "Account", sortable=True),
    Column("platform", "Platform", sortable=True, order_by="platform__name"),
    Column("school", "School", sortable=True, order_by="school__name"),
    Column("lead", "Lead"),
    Column("administrators", "Administrators"),
    Column("status", "Status", sortable=True),
    Column("live_since", "Live since", sortable=True),
]
NEWEST_FIRST = 50
FIELD_WORDS = {"official_email": "official e-mail address", "live_since": "day of going live"}


def register_table(
    request: HttpRequest,
    accounts: Iterable[SocialAccount],
    staffing: Mapping[int, Staffing],
    *,
    with_school: bool,
) -> Table:
    """One page of the register; `with_school` names the school of each, for whoever has several."""
    rows = [_list_row(account, staffing[account.pk]) for account in accounts]
    columns = [column for column in COLUMNS if with_school or column.key != "school"]
    return Table(columns, rows, "Accounts in the register", request, "name", caption_hidden=True)


def _list_row(account: SocialAccount, people: Staffing) -> dict[str, Any]:
    name = Link(account.name, reverse("accounts:account-detail", args=[account.uuid]))
    leads = [row.user.full_name for row in people.holding(Right.LEAD)]
    return {
        "name": name,
        "platform": with_handle(account),
        "school": place_of(account.school),
        "lead": Status("missing") if people.lacks_lead else leads,
        "administrators": administrators_in_words(people),
        "status": Status(account.status),
        "live_since": account.live_since and f"{account.live_since:%d/%m/%Y}",
    }


def with_handle(account: SocialAccount) -> SafeString | str:
    """Platform, and below it the handle."""
    if not account.handle:
        return account.platform.name
    return format_html('{}<br><span class="app-none">{}</span>', account.platform, account.handle)


def place_of(school: School) -> str:
    """The school, or that an account is the whole trust's."""
    return f"{school.name} (whole trust)" if school.is_central else school.name


def administrators_in_words(people: Staffing) -> SafeString | str:
    """How many of how many, with a warning while they are too few (STM-15.21)."""
    if not people.in_use:
        return ""
    if people.is_short:
        return format_html("{} of {}<br>{}", people.administrators, people.minimum, status_html("too_few"))
    if people.administrators == people.minimum:
        return f"{people.administrators} of {people.minimum}"
    return f"{people.administrators} (at least {people.minimum})"


def outside_link(address: str, text: str) -> SafeString | str:
    """A link to a page outside, or nothing where the address is not http or https."""
    try:
        scheme = urlsplit(address).scheme.lower()
    except ValueError:
        return ""
    if scheme not in ("http", "https"):
        return ""
    return format_html(
        '<a class="govuk-link" href="{}" rel="noopener noreferrer nofollow">{}</a>', address, text
    )


# One account ---------------------------------------------------------------------------------


def facts_of(account: SocialAccount, request_url: str) -> list[dict[str, Any]]:
    """Everything that the register knows of an account, for the summary list."""
    rows: list[tuple[str, Any]] = [
        ("Trust" if account.school.is_central else "School", _place_in_full(account.school)),
        ("Platform", account.platform.name),
        ("Handle", account.handle),
        ("Address", _address(account)),
        ("Official e-mail address", account.official_email),
        ("What it is for", account.purpose),
        ("Who it is for", [choice.label for choice in Public if choice in account.audience]),
        ("Open or closed", Openness(account.openness).label if account.openness else ""),
    ]
    if account.request_id:
        asked = account.request.requested_by.full_name
        rows.append(
            ("Asked for by", Link(asked, request_url, ": open the request") if request_url else asked)
        )
    if account.entered_by_id:
        rows.append(("Entered by", f"{account.entered_by.full_name}, {date_text(account.created_at)}"))
    if account.status == SocialAccount.Status.APPROVED:
        rows.append(("Planned to go live", account.go_live_on))
    rows.append(("Live since", account.live_since))
    if account.status == SocialAccount.Status.CLOSED:
        rows += [("Closed on", account.closed_on), ("Why it was closed", account.closed_because)]
    return [{"key": key, "value": value} for key, value in rows]


def _place_in_full(school: School) -> str:
    if school.is_central and school.trust:
        return f"{school.trust.name}, through its {school.name}"
    return school.name


def _address(account: SocialAccount) -> SafeString | str:
    """The address as text; something to follow only while the account is live."""
    if account.status != SocialAccount.Status.LIVE:
        return account.address
    link = outside_link(account.address, f"Open it on {account.platform}")
    return format_html("{}<br>{}", account.address, link) if link else account.address


def people_table(account: SocialAccount, people: Staffing, may_end: bool) -> Table:
    """Who holds which right, since when and until when; with the way to end it for those who may."""
    columns = [
        Column("person", "Person"),
        Column("right", "Right"),
        Column("since", "Since"),
        Column("until", "Last day"),
    ]
    if may_end:
        columns.append(Column("end", "Change"))
    rows = [_person_row(row) for right in Right for row in people.holding(right)]
    caption = f"People on {account.name}"
    return Table(columns, rows, caption, caption_hidden=True, table_id="people-of-account")


def _person_row(row: AccountRight) -> dict[str, Any]:
    label = Right(row.right).label
    return {
        "person": row.user.full_name,
        "right": label,
        "since": timezone.localtime(row.granted_at).date(),
        "until": row.until or "Until it is ended",
        "end": Link(
            "End now", reverse("accounts:right-end", args=[row.uuid]), f": {label}, {row.user.full_name}"
        ),
    }


def open_request_items(rows: Iterable[RightsRequest]) -> list[dict[str, Any]]:
    """Changes of rights that wait, with links to the approvals that are marked as `readable`."""
    return [
        {
            "title": rights_request_in_words(row),
            "hint": f"Asked by {row.requested_by.full_name} on {date_text(row.created_at)}",
            "url": reverse("approvals:request-detail", args=[row.approval.uuid]) if row.readable else "",
            "status": row.approval.status,
        }
        for row in rows
    ]


def rights_request_in_words(row: RightsRequest) -> str:
    """Who shall get or lose what."""
    words = f"{row.user.full_name}: {Right(row.right).label.lower()}"
    if row.move == RightsRequest.Move.END:
        return f"End for {words}"
    return f"Give to {words}, until {date_text(row.until)}" if row.until else f"Give to {words}"


def shortage_in_words(people: Staffing) -> str:
    """What the banner says while there are too few administrators (STM-15.21)."""
    held = {0: "nobody", 1: "1 administrator"}.get(
        people.administrators, f"{people.administrators} administrators"
    )
    return (
        f"This account has {held}, and the policy asks for at least {people.minimum}. "
        "Ask for the right of another administrator, or close the account."
    )


def moderation_in_words(people: Staffing, school: School) -> str:
    """Who moderates where nobody is named: by the policy (CIT-3.17, CIT-3.18, STM-3.16)."""
    if people.holding(Right.MODERATOR):
        return ""
    profile: Profile = people.profile
    central = school.is_central and profile.moderators_central
    said = profile.describe("moderators_central" if central else "moderators")
    return f"Nobody is named as moderator. By the policy, this account is moderated by: {said}."


def history_items(events: Iterable[AuditEvent], users: Mapping[int, User]) -> list[dict[str, Any]]:
    """The history as sentences, the newest first."""
    return [
        {
            "title": _sentence(event),
            "when": event.at,
            "by": event.actor.full_name if event.actor else "the portal",
            "text": _event_detail(event.data, users),
        }
        for event in events
    ]


def _sentence(event: AuditEvent) -> str:
    words = ACTIONS.get(event.action, event.action)
    return words[:1].upper() + words[1:]


def _event_detail(data: Mapping[str, Any], users: Mapping[int, User]) -> str:
    """Whose right, or which fields: the log holds ids and field names only."""
    parts = []
    if "right" in data:
        user = users.get(data.get("user", 0))
        right = dict(Right.choices).get(data["right"], data["right"])
        ending = data.get("move") == RightsRequest.Move.END
        parts.append(f"{'To end: ' if ending else ''}{right}, {user.full_name if user else 'somebody'}")
    if data.get("until"):
        parts.append(f"Until {data['until']}")
    if data.get("fields"):
        words = [FIELD_WORDS.get(name, name.replace("_", " ")) for name in data["fields"]]
        parts.append("Changed: " + ", ".join(words))
    return "\n".join(parts)


# What the public sees ------------------------------------------------------------------------


def official_table(accounts: Iterable[OfficialAccount], school: School) -> Table | None:
    """The official accounts of one school; None where there are none."""
    columns = [
        Column("account", "Account"),
        Column("platform", "Platform"),
        Column("handle", "Handle"),
        Column("page", "Its page"),
        Column("confirmed", "Last confirmed"),
    ]
    rows = [
        {
            "account": one.name,
            "platform": one.platform,
            "handle": one.handle,
            "page": outside_link(one.address, one.address),
            "confirmed": one.confirmed_on,
        }
        for one in accounts
    ]
    caption = f"Official accounts of {school.name}"
    return (
        Table(columns, rows, caption, caption_hidden=True, table_id=f"list-{school.slug}") if rows else None
    )
