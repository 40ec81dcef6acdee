"""What documents put on a person's to-do list: laws with a newer edition, and people to be told."""

from typing import Any

from django.db.models import F, QuerySet
from django.urls import reverse

from core.todo import line, lines_of, source
from policies.documents import community
from policies.documents.access import notice_rules
from policies.documents.selectors import cites_older

TELL = line(
    "tell",
    "Tell people: {name}",
    lambda key: reverse("policies:community-detail", args=[key]),
    "Tell them",
    rank=48,
    detail="Finish the words, send them by your own means, and record it.",
)
OLDER = line(
    "older",
    "A newer edition is known of what “{name}” cites",
    lambda key: reverse("policies:document-detail", args=[key]),
    "Look at it",
    rank=49,
)


@source
def _to_tell(user: Any) -> QuerySet:
    """Notices that are not sent yet, to whoever tells (CIT-12.03, STM-12.03)."""
    rows = notice_rules.visible_to(user, "send").filter(sent_on=None, dropped_at=None)
    return lines_of(rows, line=TELL, key="uuid", place="school__name", since="made_at", name=F("subject"))


@source
def _older_editions(user: Any) -> QuerySet:
    """Documents that cite an edition of which a newer one is recorded, to their keepers (subtle 94)."""
    rows = cites_older(user)
    return lines_of(rows, line=OLDER, key="uuid", place="school__name", since="created_at", name=F("title"))


__all__ = ["OLDER", "TELL", "community"]
