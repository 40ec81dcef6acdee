"""What the page of a document shows of its reviews."""

from typing import Any

from core.panels import Panel, panel
from policies.documents.access import document_rules
from policies.models import Document
from policies.reviews.access import review_rules
from policies.reviews.content import OPEN, day_words
from policies.reviews.pages import state_of, who_ratifies, who_reviews
from policies.reviews.selectors import governing
from policies.reviews.services import url_of

MOST = 5


@panel
def reviews_of(user: Any, row: Any) -> Panel | None:
    """The latest reviews of a document, who reviews and who ratifies it; for those who may see reviews of it."""
    if not isinstance(row, Document):
        return None
    may_begin = row.retired_at is None and row.school_id in document_rules.schools(user, "review")
    if not may_begin and row.school_id not in review_rules.schools(user, "view"):
        return None
    rows = review_rules.visible_to(user).filter(document=row).select_related("started_by", "proposed")
    reviews = list(rows[: MOST + 1])
    profile = governing(user, row.school)
    return Panel(
        "policies/reviews/_panel.html",
        {
            "document": row,
            "reviews": [
                {
                    "url": url_of(one),
                    "begun": one.started_at,
                    "ended": one.ended_at,
                    "by": one.started_by.full_name,
                    "version": one.proposed.number if one.proposed_id else None,
                    "next": day_words(one.next_review_on, one.next_by_month) if one.findings else "",
                    "status": state_of(one),
                }
                for one in reviews[:MOST]
            ],
            "more": len(reviews) > MOST,
            "may_begin": may_begin and not any(one.state in OPEN for one in reviews),
            "reviewers": who_reviews(profile),
            "ratifiers": who_ratifies(profile),
        },
    )
