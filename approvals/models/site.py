"""Sites that a technician blocked, beside those that the school's policy blocks (STM-9.02, STM-9.05)."""

import uuid

from django.conf import settings
from django.db import models

from people.models import School


class BlockedSite(models.Model):
    """One site on the school's own list. `private`: blocked after a report about somebody, so kept apart."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="blocked_sites")
    host = models.CharField(max_length=253)
    because = models.CharField(max_length=300)
    private = models.BooleanField(default=False)
    blocked_at = models.DateTimeField(auto_now_add=True)
    blocked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    lifted_because = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["host", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "host", "private"],
                condition=models.Q(lifted_at=None),
                name="site_blocked_once",
            )
        ]

    def __str__(self) -> str:
        return self.host
