"""Deputies: who signs for whom while they are away. A deputy never inherits a concern."""

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from people.models.school import School


class DeputyQuerySet(models.QuerySet):
    """Reads of appointments."""

    def active(self, on: date | None = None) -> "DeputyQuerySet":
        """Those in force on a day in London (today by default), of active people."""
        day = on or timezone.localdate()
        return self.filter(ended_at=None, starts__lte=day, ends__gte=day, deputy__is_active=True)


class Deputy(models.Model):
    """`deputy` signs for `person` at one school from one day until another."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="deputies")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="deputies")
    deputy = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="deputising")
    starts = models.DateField()
    ends = models.DateField("last day")
    reason = models.CharField(max_length=200, blank=True)
    appointed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = DeputyQuerySet.as_manager()

    class Meta:
        ordering = ["-starts", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(person=models.F("deputy")),
                name="deputy_is_somebody_else",
                violation_error_message="Choose somebody else as deputy.",
            ),
            models.CheckConstraint(
                condition=Q(ends__gte=models.F("starts")),
                name="deputy_ends_after_start",
                violation_error_message="The last day must not be before the first.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deputy} for {self.person}"
