"""Reads of the log of abuse for other rooms' pages."""

from typing import Any

from django.db.models import QuerySet

from incidents.abuse.access import abuse_rules
from incidents.models import AbuseEntry


def open_entries(user: Any) -> QuerySet[AbuseEntry]:
    """What the keeper has still to deal with, oldest first: for the to-do list. It asks no query by itself."""
    return abuse_rules.visible_to(user, "close").filter(done_at=None).order_by("seen_at", "pk")
