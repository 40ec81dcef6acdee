"""A signature: signed-in user, server's time, typed full name, frozen declaration."""

from django.conf import settings
from django.db import models

from core.append_only import append_only


@append_only
class Signature(models.Model):
    """One person's signature under one declaration (forms.md: no drawn image, no typed date)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    typed_name = models.CharField(max_length=200)
    declaration = models.TextField()
    content_hash = models.CharField(max_length=64, help_text="SHA-256 of what was signed")

    def __str__(self) -> str:
        return f"{self.typed_name}, {self.at:%d/%m/%Y %H:%M}"
