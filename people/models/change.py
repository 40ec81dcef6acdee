"""Changes that take effect only when a second entitled person confirms (design 3.6)."""

import uuid

from django.conf import settings
from django.db import models

from people.models.school import School, Trust


class PendingChange(models.Model):
    """A sensitive role, a changed sign-in e-mail, or a changed routing setting that waits."""

    class Kind(models.TextChoices):
        MEMBERSHIP = "membership", "A role"
        EMAIL = "email", "A sign-in e-mail address"
        SETTING = "setting", "A setting that decides who hears or decides"

    class Status(models.TextChoices):
        AWAITING = "awaiting", "Waiting for a second person"
        CONFIRMED = "confirmed", "Confirmed"
        REFUSED = "refused", "Refused"
        WITHDRAWN = "withdrawn", "Withdrawn"

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.AWAITING)
    school = models.ForeignKey(School, models.PROTECT, null=True, blank=True, related_name="+")
    trust = models.ForeignKey(Trust, models.PROTECT, null=True, blank=True, related_name="+")
    about = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="changes_about"
    )
    payload = models.JSONField(default=dict)
    fingerprint = models.CharField(
        max_length=64, help_text="hash of kind, place and payload: one open change each"
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="changes_requested"
    )
    requested_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="changes_decided"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["fingerprint"],
                condition=models.Q(status="awaiting"),
                name="change_open_once",
                violation_error_message="The same change is waiting already.",
            ),
            models.CheckConstraint(
                condition=models.Q(school__isnull=False, trust__isnull=True)
                | models.Q(school__isnull=True, trust__isnull=False),
                name="change_school_or_trust",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True)
                | ~models.Q(status="confirmed")
                | ~models.Q(decided_by=models.F("requested_by")),
                name="change_needs_a_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} at {self.place}"

    @property
    def place(self) -> School | Trust:
        """The school or trust that it concerns."""
        return self.school or self.trust
