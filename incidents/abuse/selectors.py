"""Reads of the log of abuse for other rooms' pages."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from incidents.abuse.access import abuse_rules
from incidents.models import AbuseEntry, Concern


def open_entries(user: Any) -> QuerySet[AbuseEntry]:
    """What the keeper has still to deal with, oldest first: for the to-do list. It asks no query by itself."""
    return abuse_rules.visible_to(user, "close").filter(done_at=None).order_by("seen_at", "pk")


def with_withheld(rows: QuerySet[AbuseEntry]) -> QuerySet[AbuseEntry]:
    """With `withheld`: an image of a child may be involved, so no address of it is shown (CBC-10.03)."""
    return rows.annotate(withheld=Exists(Concern.objects.filter(image=True, abuse=OuterRef("pk"))))


def is_withheld(entry: AbuseEntry) -> bool:
    """Whether no file or address is taken for it any more."""
    return Concern.objects.filter(image=True, abuse=entry).exists()
