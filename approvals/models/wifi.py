"""Pupils on social media over the school's Wi-Fi: every gate must agree (CIT-6.02, CIT-6.03)."""

from django.db import models

from approvals.models.engine import ApprovalRequest
from approvals.models.timed import TimedOpening, timed_constraints


class PupilWifi(TimedOpening):
    """One request. It is allowed when all its gates said yes, in whatever order."""

    platforms = models.CharField(max_length=300)
    reasons = models.TextField()
    supervision = models.TextField()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            *timed_constraints("wifi"),
            models.CheckConstraint(condition=models.Q(until__isnull=False), name="wifi_ends"),
        ]
        indexes = [
            models.Index(fields=["school", "-created_at"], name="wifi_school"),
            models.Index(fields=["next_at"], condition=models.Q(next_at__isnull=False), name="wifi_next_at"),
        ]

    def __str__(self) -> str:
        return f"Social media over Wi-Fi until {self.until.day} {self.until:%B %Y}"


class WifiGate(models.Model):
    """One of the permissions that are needed: an approval of its own, so that the order does not matter."""

    permission = models.ForeignKey(PupilWifi, models.PROTECT, related_name="gates")
    order = models.PositiveSmallIntegerField()
    approval = models.OneToOneField(ApprovalRequest, models.PROTECT, related_name="wifi_gate")

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["permission", "order"], name="wifi_gate_order")]

    def __str__(self) -> str:
        return f"gate {self.order}"
