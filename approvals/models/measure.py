"""Security and filtering measures: directed by leaders, carried out and kept up by IT (STM-2.37, CIT-2.48)."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from core.append_only import append_only
from people.models import School


class SecurityMeasure(models.Model):
    """One measure: what was directed, what was done, and when it is looked at again."""

    class Kind(models.TextChoices):
        FIREWALL = "firewall", "Firewall"
        FILTERING = "filtering", "Filtering"
        MONITORING = "monitoring", "Monitoring"
        ACCOUNTS = "accounts", "Accounts and passwords"
        DEVICES = "devices", "Devices"
        DATA = "data", "Protection of data"
        OTHER = "other", "Something else"

    class Status(models.TextChoices):
        DIRECTED = "directed", "To be carried out"
        IN_PLACE = "in_place", "In place"
        WITHDRAWN = "withdrawn", "No longer used"

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    once = models.UUIDField(unique=True, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="security_measures")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    title = models.CharField(max_length=150)
    details = models.TextField()
    directed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    directed_at = models.DateTimeField(auto_now_add=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DIRECTED)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    done_at = models.DateTimeField(null=True, blank=True)
    done_note = models.TextField(blank=True)
    review_on = models.DateField()
    next_at = models.DateTimeField(null=True, blank=True, help_text="when the sweep reminds of the review")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_because = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["review_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(status="in_place") | models.Q(done_at__isnull=False),
                name="measure_in_place_was_done",
            )
        ]
        indexes = [
            models.Index(fields=["school", "status", "review_on"], name="measure_school"),
            models.Index(
                fields=["next_at"], condition=models.Q(next_at__isnull=False), name="measure_next_at"
            ),
        ]

    def __str__(self) -> str:
        return self.title


@append_only
class MeasureReview(models.Model):
    """One look at a measure: whether it still serves, what was updated (STM-2.38, CIT-2.49)."""

    measure = models.ForeignKey(SecurityMeasure, models.PROTECT, related_name="reviews")
    once = models.UUIDField(unique=True, editable=False)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    found = models.TextField()
    next_review_on = models.DateField()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"review of {self.measure_id}"
