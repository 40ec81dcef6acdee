"""The audit chain and its head."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from core.append_only import append_only


@append_only
class AuditEvent(models.Model):
    """One thing that somebody did. Ids and field names, never a pupil's name or a secret."""

    number = models.BigIntegerField(unique=True)
    at = models.DateTimeField()
    action = models.CharField(max_length=80)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    school = models.ForeignKey("people.School", models.PROTECT, null=True, related_name="+")
    subject = models.CharField(max_length=80, blank=True)
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(fields=["subject", "number"], name="audit_subject"),
            models.Index(fields=["school", "-number"], name="audit_school"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.action}"


class AuditHead(models.Model):
    """The end of the chain, outside its table: one row, locked last by every audited block."""

    count = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64)
    seal = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"{self.count} events"
