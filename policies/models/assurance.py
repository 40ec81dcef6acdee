"""What those who answer for the school confirm, and what they read each term."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.append_only import append_only
from core.models import Signature
from people.models import School

USER = settings.AUTH_USER_MODEL


@append_only
class RemitConfirmation(models.Model):
    """Somebody of the board or executive team confirms that the DSL's remit covers online safety (CIT-2.05)."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    leads = models.JSONField(help_text="ids, as text, of the people who held the role on that day")
    signature = models.OneToOneField(Signature, models.PROTECT, related_name="+")
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    next_on = models.DateField("to be confirmed again by")

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["school", "-at"], name="remit_school")]

    def __str__(self) -> str:
        return f"DSL's remit, confirmed on {self.at:%d/%m/%Y}"


class TermStatement(models.Model):
    """What one role says in a term's report: the DSL on the school's approach (CIT-2.23), the head, comms."""

    class Part(models.TextChoices):
        APPROACH = "approach", "The school's approach to online safety"
        IMPLEMENTATION = "implementation", "How the policy is carried out"
        PRESENTED = "presented", "Presented to the board"

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    term = models.DateField("first day of the term")
    part = models.CharField(max_length=14, choices=Part.choices)
    text = models.TextField()
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["term", "part", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["school", "term", "part"],
                condition=Q(replaced_at=None),
                name="term_statement_one_in_force",
            ),
        ]

    def __str__(self) -> str:
        return self.get_part_display()
