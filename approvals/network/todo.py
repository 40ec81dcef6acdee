"""What the network puts on a person's to-do list: to open, and to block again."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q

from approvals.models import Stage, UnblockRequest
from approvals.network.evidence_access import where_named
from approvals.network.receivers import WIFI_SECURITY
from approvals.network.timed import OPENINGS, url_of
from core.access import standing_of
from core.roles import Role
from core.todo import TodoItem, todo

MOST = 50
WORDS = {
    Stage.TO_OPEN: ("Open on the network: {}", "Open"),
    Stage.TO_SHUT: ("Block again: {}", "Block"),
}


@todo
def to_carry_out(user: Any) -> Iterator[TodoItem]:
    """For receivers: what was allowed and waits to be opened, and what is over and to be blocked again."""
    receiving = where_named(user, "unblock_receiver")
    technician = standing_of(user).schools([Role.IT])
    for model, opening in OPENINGS.items():
        schools = receiving if model is UnblockRequest else technician
        if not schools:
            continue
        way = "approval" if model is UnblockRequest else "gates__approval"
        decided = Q(**{f"{way}__steps__decisions__decided_by": user}) & ~Q(**{f"{way}__kind": WIFI_SECURITY})
        rows = (
            opening.rules.visible_to(user, "carry_out")
            .filter(school__in=schools, stage__in=list(WORDS))
            .exclude(pk__in=model.objects.filter(decided).values("pk"))
            .select_related("school")
            .order_by("until", "pk")
        )
        for row in rows[:MOST]:
            title, action = WORDS[Stage(row.stage)]
            yield TodoItem(
                title.format(row),
                url_of(row),
                action,
                row.school.name,
                since=row.over_at or row.created_at,
                detail=row.for_whom_in_words,
            )
