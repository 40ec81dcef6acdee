"""What time does to reviews: each sweep may run twice, and costs what is due."""

from django.urls import reverse
from django.utils import timezone

from core.audit import audited
from core.notices import notify
from core.sweeps import sweep_due
from people.selectors import holders_of_any, profile_of
from policies.documents.access import KEEPERS
from policies.documents.services import locked
from policies.models import Document, Review
from policies.reviews.access import reviewer_specs
from policies.reviews.content import OPEN
from policies.reviews.dates import Stage, next_reminder, stage_on
from policies.reviews.parties import kept_to_ratify


def reviews_remind(limit: int = 500) -> int:
    """Remind of reviews 60, 30, 7 and 1 days before the last day, and each week from the day after it.

    The date of a review never moves by itself (subtle 92). Whoever was not reminded for weeks gets the newest
    stage alone. Returns of how many documents was reminded.
    """
    due = Document.objects.filter(remind_on__lte=timezone.localdate())
    return sweep_due("review reminder", due, _one_due, by="remind_on", limit=limit)


def _one_due(pk: int) -> bool:
    with audited():
        row, today = locked(Document(pk=pk)), timezone.localdate()
        if row.remind_on is None or row.remind_on > today:
            return False
        stage = stage_on(row.review_on, today) if row.retired_at is None else None
        if stage is not None:
            _remind(row, stage)
        row.remind_on = next_reminder(row.review_on, today) if row.retired_at is None else None
        row.save(update_fields=["remind_on"])
    return stage is not None


def _remind(row: Document, stage: Stage) -> None:
    """The reviewers of the profile; also the keepers when it is overdue, or when nobody holds their roles.

    Of a review that is begun, not the reviewers who are needed to ratify it and so do not sign.
    """
    review, profile = Review.objects.filter(document=row, state__in=OPEN).first(), profile_of(row.school)
    keepers, reviewers = [str(role) for role in KEEPERS], reviewer_specs(profile)
    people = holders_of_any(row.school, reviewers)
    if review:
        review.document = row
        people = people.exclude(pk__in=kept_to_ratify(review, profile))
    if stage.overdue:
        people = people | holders_of_any(row.school, keepers)
    if review:
        kind = "policies.review_overdue_begun" if stage.overdue else "policies.review_due_begun"
    else:
        kind = "policies.review_overdue" if stage.overdue else "policies.review_due"
    notify(
        kind,
        recipients=people or holders_of_any(row.school, keepers),
        about=row,
        key=f"{row.pk}:{row.review_on}:{stage.name}",
        link=reverse("policies:review-detail", args=[review.uuid]) if review else row.get_absolute_url(),
    )
