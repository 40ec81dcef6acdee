"""The review of a document: what the reviewers found, their signatures, and the ratification."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from approvals.models import ApprovalRequest
from core.append_only import append_only
from core.models import Signature
from policies.models.document import Document, Version

USER = settings.AUTH_USER_MODEL


class Review(models.Model):
    """One review. Reviewed is not ratified (CIT-12.01): the version in force stays until then.

    `round` counts up when what was signed changes; signatures of an earlier round do not count.
    """

    class State(models.TextChoices):
        OPEN = "open", "Being reviewed"
        RATIFYING = "ratifying", "Reviewed, waiting to be ratified"
        DONE = "done", "Finished"
        REFUSED = "refused", "Not ratified"
        DROPPED = "dropped", "Given up"

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    once = models.UUIDField(unique=True, editable=False)
    document = models.ForeignKey(Document, models.PROTECT, related_name="reviews")
    was_due_on = models.DateField(null=True, blank=True)
    started_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=timezone.now)
    findings = models.TextField("what was looked at and found", blank=True)
    proposed = models.OneToOneField(
        Version,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="review",
        help_text="none: nothing changes",
    )
    next_review_on = models.DateField(null=True, blank=True)
    next_by_month = models.BooleanField(default=False)
    round = models.PositiveSmallIntegerField(default=1)
    reviewers = models.JSONField(default=list, help_text="role specs of the profile, frozen at the start")
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    approval = models.OneToOneField(
        ApprovalRequest, models.PROTECT, null=True, blank=True, related_name="policy_review"
    )
    barred = models.ManyToManyField(
        USER, blank=True, related_name="+", help_text="who had a part in it and does not ratify it"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-started_at", "-pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["document"],
                condition=Q(state__in=["open", "ratifying"]),
                name="review_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"Review of {self.document}"


@append_only
class ReviewSignature(models.Model):
    """One reviewer's signature, the equality statement in its declaration (CIT-2.03, STM-2.06)."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="signatures")
    round = models.PositiveSmallIntegerField()
    spec = models.CharField("role for which it was given", max_length=40)
    signature = models.OneToOneField(Signature, models.PROTECT, related_name="+")
    user = models.ForeignKey(USER, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["review", "round", "spec"], name="review_signed_once_a_role"),
        ]

    def __str__(self) -> str:
        return f"signature on review {self.review_id}"
