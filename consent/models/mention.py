"""Pupils whom a record of another room names: a request for a site, for the Wi-Fi, a report."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from consent.models.pupil import Pupil


class Mention(models.Model):
    """One pupil in one record. The record keeps its own words; this says who in the register is meant."""

    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="mentions")
    subject = models.CharField(max_length=80, help_text="model label and key (core.audit.subject_key)")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["pupil", "subject"], name="mention_once")]
        indexes = [models.Index(fields=["subject"], name="mention_subject")]

    def __str__(self) -> str:
        return f"mention {self.pk}"
