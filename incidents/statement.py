"""What this room adds to the yearly statement: counts alone, of what its reader may see."""

from collections import Counter
from datetime import date, datetime, time

from approvals.network.statement import statement_part
from core.clock import LONDON
from incidents.access import matter_rules
from incidents.models import About, MatterKind, Nature
from people.models import School, User


def _span(start: date, end: date) -> tuple[datetime, datetime]:
    return datetime.combine(start, time.min, LONDON), datetime.combine(end, time.max, LONDON)


@statement_part("Reports of inappropriate content", place=60)
def reports(user: User, school: School, start: date, end: date) -> list[tuple[str, int]]:
    """Reports in which nobody is known, by nature. What is about a person is counted nowhere."""
    rows = matter_rules.visible_to(user, "read").filter(
        kind=MatterKind.CONTENT, about=About.UNKNOWN, school=school, at__range=_span(start, end)
    )
    counts = Counter(rows.order_by().values_list("content__nature", flat=True))
    return [(nature.label, counts[nature]) for nature in Nature if counts[nature]]


@statement_part("Getting round the firewall", place=70)
def bypasses(user: User, school: School, start: date, end: date) -> list[tuple[str, int]]:
    """Attempts and bans (STM-9.04, BEC-4.27)."""
    rows = matter_rules.visible_to(user, "read").filter(
        kind=MatterKind.BYPASS, school=school, at__range=_span(start, end)
    )
    counts = rows.order_by().values_list("pk", "ban")
    attempts, bans = len(counts), sum(ban is not None for _, ban in counts)
    return [("Attempts", attempts), ("Bans from school computers", bans)] if attempts else []
