"""Attempts to get round the firewall, and the ban that may follow (STM-9.04, BEC-4.27)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from incidents.models.matter import Matter


class Circumvention(models.Model):
    """What happened and when, as it was recorded."""

    matter = models.OneToOneField(Matter, models.PROTECT, related_name="bypass")
    happened_on = models.DateField()
    what = models.TextField()

    def __str__(self) -> str:
        return str(self.matter)


class Ban(models.Model):
    """No school computers from one day to another, but under close supervision. Set by a person, never by itself."""

    matter = models.OneToOneField(Matter, models.PROTECT, related_name="ban")
    starts = models.DateField()
    ends = models.DateField("last day")
    supervision = models.TextField(help_text="by whom and how the person is supervised closely")
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)
    told_at = models.DateTimeField(null=True, blank=True, help_text="when its end was told")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_because = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="ban_ends_after_start"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | ~Q(ended_because=""), name="ban_ended_early_says_why"
            ),
        ]
        indexes = [models.Index(fields=["ends"], condition=Q(told_at=None, ended_at=None), name="ban_due")]

    def __str__(self) -> str:
        return f"Ban until {self.ends:%d/%m/%Y}"

    @property
    def status(self) -> str:
        """A value of core.statuses."""
        today = timezone.localdate()
        if self.ended_at or self.ends < today:
            return "ended"
        return "future" if self.starts > today else "ban"
