"""How a school governs: a preset, and what the school or its trust changed in it."""

import uuid

from django.conf import settings
from django.db import models

from people.models.school import School, Trust


class GovernanceProfile(models.Model):
    """The profile of one school or of a whole trust. A school without a preset follows its trust."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    school = models.OneToOneField(School, models.PROTECT, null=True, blank=True, related_name="profile")
    trust = models.OneToOneField(Trust, models.PROTECT, null=True, blank=True, related_name="profile")
    preset = models.SlugField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(school__isnull=False, trust__isnull=True)
                | models.Q(school__isnull=True, trust__isnull=False),
                name="profile_school_or_trust",
                violation_error_message="A profile belongs to a school or to a trust, not to both.",
            ),
        ]

    def __str__(self) -> str:
        return f"How {self.place} governs"

    @property
    def place(self) -> School | Trust:
        """Whose profile it is."""
        return self.school or self.trust


class ProfileSetting(models.Model):
    """One setting that a school or trust changed from its preset."""

    profile = models.ForeignKey(GovernanceProfile, models.PROTECT, related_name="settings")
    key = models.CharField(max_length=60)
    value = models.JSONField(null=True)
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["key"]
        constraints = [
            models.UniqueConstraint(fields=["profile", "key"], name="setting_once_in_profile"),
        ]

    def __str__(self) -> str:
        return self.key
