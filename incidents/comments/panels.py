"""What the page of an account shows of its comments."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import SocialAccount
from core.access import standing_of
from core.panels import Panel, panel
from core.shares import percent
from incidents.comments.access import LOGGERS, sees_whole
from incidents.comments.selectors import standing_open

DAYS = 90


@panel
def comments_on(user: Any, row: Any) -> Panel | None:
    """Open comments and the share answered in time, for whoever sees all comments of the account."""
    if not isinstance(row, SocialAccount):
        return None
    may_log = row.school_id in standing_of(user).schools(LOGGERS) and row.status in SocialAccount.OPEN
    sees = sees_whole(user, row)
    if not (may_log or sees):
        return None
    context: dict[str, Any] = {"account": row, "may_log": may_log, "sees": sees, "days": DAYS}
    if sees:
        numbers = standing_open(row, timezone.now() - timedelta(days=DAYS))
        share = percent(numbers["in_time"], numbers["timed"]) if numbers["timed"] else None
        context |= {"numbers": numbers, "share": share}
    return Panel("incidents/comments/_panel.html", context)
