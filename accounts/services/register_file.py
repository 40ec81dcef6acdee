"""The register as a CSV file: its columns, and writing it. What is written can be read again."""

from collections import defaultdict
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from accounts.access import account_rules
from accounts.choices import Public, Right
from accounts.models import AccountRight, ProposedPerson, SocialAccount
from accounts.models.account import right_in_force
from core.audit import audited, record
from people.models import User

NEEDED = ("name", "platform")
FACTS = (
    "handle",
    "address",
    "official email",
    "purpose",
    "audience",
    "open or closed",
    "live since",
)
PEOPLE = {
    "lead": Right.LEAD,
    "moderators": Right.MODERATOR,
    "administrators": Right.ADMINISTRATOR,
    "posters": Right.POSTER,
}
"""Columns of people, by e-mail address, and the right that each stands for."""
KNOWN_HERE = ("school", "status")
"""Columns of an exported register: an import checks that they fit."""
COLUMNS = (*NEEDED, *FACTS, *PEOPLE)
ALL_COLUMNS = (*COLUMNS, *KNOWN_HERE)
SEPARATOR = ";"
BETWEEN = "; "
DAY = "%d/%m/%Y"
OPENNESS = {"open": "open", "closed": "closed", "private": "closed", "private or closed": "closed"}


def register_export(*, actor: User, rows: QuerySet[SocialAccount], filters: Iterable[str]) -> list[list[str]]:
    """The rows of the file for accounts that the actor may export. Recorded.

    Of `rows` only those that the actor may export are taken; `filters` are the names of the filters
    in force. A flat number of queries. Raises PermissionDenied for somebody who may export none.
    """
    if not account_rules.can_ever(actor, "export"):
        raise PermissionDenied("not allowed to export the register")
    allowed = account_rules.visible_to(actor, "export")
    rows = rows.filter(pk__in=allowed.values("pk"))
    accounts = list(rows.select_related("school", "platform"))
    people = _people_of(rows)
    with audited():
        record(
            "accounts.register_exported",
            actor=actor,
            school=_one_school(accounts),
            data={"accounts": len(accounts), "filters": sorted(filters)},
        )
    return [_line(account, people[account.pk]) for account in accounts]


def _one_school(accounts: list[SocialAccount]) -> object:
    """The school, where all accounts belong to one."""
    schools = {account.school_id: account.school for account in accounts}
    return next(iter(schools.values())) if len(schools) == 1 else None


def _people_of(rows: QuerySet[SocialAccount]) -> dict[int, dict[str, list[str]]]:
    """E-mail addresses by account and right: those in force, or named while it is not confirmed yet."""
    people: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    ids = rows.order_by().values("pk")
    held = AccountRight.objects.filter(right_in_force(), account__in=ids)
    named = ProposedPerson.objects.filter(
        account__in=ids, account__status=SocialAccount.Status.UNCONFIRMED, user__is_active=True
    )
    for query in (held, named):
        for account, right, email in query.order_by("user__email").values_list(
            "account", "right", "user__email"
        ):
            people[account][right].append(email)
    return people


def _line(account: SocialAccount, people: dict[str, list[str]]) -> list[str]:
    return [
        account.name,
        account.platform.name,
        account.handle,
        account.address,
        account.official_email,
        account.purpose,
        BETWEEN.join(choice.label for choice in Public if choice in account.audience),
        account.openness,
        account.live_since.strftime(DAY) if account.live_since else "",
        *(BETWEEN.join(people[right]) for right in PEOPLE.values()),
        account.school.name,
        account.get_status_display(),
    ]
