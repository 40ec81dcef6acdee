"""When each sweep last ran: what the status page reads."""

from django.db import models


class SweepRun(models.Model):
    """One row a sweep. Times are in UTC; the counts are of the last run."""

    name = models.CharField(max_length=80, unique=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    changed = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    broke_at = models.DateTimeField("when it last ended with an error", null=True, blank=True)
    error = models.CharField("kind of that error", max_length=200, blank=True)

    class Meta:
        ordering = ["name"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
