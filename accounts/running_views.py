"""What I need before I may run an account."""

from itertools import chain
from typing import Any

from django.core.paginator import Paginator
from django.urls import reverse
from django.views.generic import TemplateView

from accounts.access import request_rules
from accounts.models import AccountRight, ProposedPerson, RightsRequest
from accounts.running import running, to_run, wanted_by, words_of
from core.tables import Column, Link, Status, Table
from core.views import AccessMixin
from people.selectors import governed_by
from policies.reading.gate import NAMES, unread_documents, without_document

PAGE = 25
MOST = 200
"""Accounts that one person runs or would run: more are not looked up for their own page."""
MINE = [
    Column("account", "Account"),
    Column("school", "School"),
    Column("as", "As"),
    Column("state", "Status"),
    Column("missing", "Still to do"),
]


def _account_of(row: AccountRight | RightsRequest | ProposedPerson) -> Any:
    """The account of a row, or the request for it."""
    return row.request if isinstance(row, ProposedPerson) and row.request_id else row.account


class Running(AccessMixin, TemplateView):
    """Every account that I run or would run, and what I have still to read or to be trained in."""

    rules = request_rules
    template_name = "accounts/running.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """What I run now first, then what waits for a decision."""
        user = self.request.user
        places = {place.pk: profile for place, profile in governed_by(user).items()}
        wanted = wanted_by(places)
        sent, entered, asked = to_run(user, wanted) if wanted else ([], [], [])
        rows: list[Any] = []
        if wanted:
            held = running(wanted).filter(user=user).select_related("account__school", "account__platform")
            rows = list(
                chain(
                    held.order_by("account__name", "pk")[:MOST],
                    sent.select_related("request__school", "request__platform").order_by("pk")[:MOST],
                    entered.select_related("account__school", "account__platform").order_by("pk")[:MOST],
                    asked.select_related("account__school", "account__platform").order_by("pk")[:MOST],
                )
            )
        page = Paginator(rows, PAGE).get_page(self.request.GET.get("page"))
        unread = {_account_of(row).school for row in rows if row.lacks_policy or row.lacks_terms}
        shut = list(without_document(wanted).values_list("name", flat=True)) if rows else []
        return super().get_context_data(
            page_obj=page,
            table=Table(
                MINE, [_mine(row) for row in page], "Accounts that I run or would run", caption_hidden=True
            ),
            to_read=unread_documents(user, {school: wanted[school.pk] for school in unread})
            if unread
            else (),
            lacks_training=any(row.lacks_training for row in rows),
            shut=shut,
            names=" or ".join(NAMES.values()),
            **kwargs,
        )


def _mine(row: AccountRight | RightsRequest | ProposedPerson) -> dict[str, Any]:
    account = _account_of(row)
    runs = isinstance(row, AccountRight)
    missing = words_of(row, account.platform.name)
    state = ("not_covered" if runs else "may_not_run") if missing else "may_run"
    name = f"{account.name} ({account.platform.name})"
    shown = Link(name, reverse("accounts:account-detail", args=[account.uuid])) if runs else name
    return {
        "account": shown,
        "school": account.school.name,
        "as": row.get_right_display() if runs else f"{row.get_right_display()}, not decided yet",
        "state": Status(state),
        "missing": missing,
    }
