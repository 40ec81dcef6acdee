"""Referrals to bodies outside, and what a case of a special kind needs of its own."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from incidents.models.concern import Concern

USER = settings.AUTH_USER_MODEL


class Body(models.TextChoices):
    """To whom a case is referred."""

    LADO = "lado", "LADO"
    POLICE = "police", "Police"
    HR = "hr", "HR"
    MASH = "mash", "Children’s social care (MASH)"
    CEOP = "ceop", "CEOP"
    PREVENT = "prevent", "Prevent"
    IWF = "iwf", "Internet Watch Foundation"
    PLATFORM = "platform", "The platform"
    OTHER = "other", "Another body"


class Referral(models.Model):
    """One referral: when, by whom, its reference, and the advice that came back.

    `holds`: nothing is done against the person until the advice is recorded (BEC-4.35, CBC-10.08). The words
    of the advice stand in the chronology.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    concern = models.ForeignKey(Concern, models.PROTECT, related_name="referrals")
    body = models.CharField(max_length=10, choices=Body.choices)
    body_name = models.CharField("which body", max_length=150, blank=True)
    made_at = models.DateTimeField(null=True, blank=True, help_text="when it was contacted; empty: not yet")
    made_by = models.CharField("who contacted it", max_length=150, blank=True)
    not_made_because = models.CharField(max_length=300, blank=True)
    reference = models.CharField(max_length=80, blank=True)
    holds = models.BooleanField(default=False)
    by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    advised_at = models.DateTimeField(null=True, blank=True)
    overridden_at = models.DateTimeField(null=True, blank=True)
    overridden_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["at", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(made_at__isnull=False) | ~Q(not_made_because="") | Q(holds=True),
                name="referral_made_or_why_not",
            )
        ]
        indexes = [
            models.Index(
                fields=["concern"],
                condition=Q(holds=True, advised_at=None, overridden_at=None),
                name="referral_hold",
            )
        ]

    def __str__(self) -> str:
        return f"referral of {self.concern_id}"

    @property
    def is_holding(self) -> bool:
        """Whether nothing may be done against the person yet."""
        return self.holds and self.advised_at is None and self.overridden_at is None


class DataBreach(models.Model):
    """A breach of data protection: 72 hours from awareness, and the decision with its reasons."""

    concern = models.OneToOneField(Concern, models.PROTECT, related_name="breach")
    aware_at = models.DateTimeField()
    due_at = models.DateTimeField()
    report_it = models.BooleanField(null=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    reported_at = models.DateTimeField(null=True, blank=True)
    ico_reference = models.CharField(max_length=80, blank=True)
    people_told = models.BooleanField(null=True)

    def __str__(self) -> str:
        return f"breach of {self.concern_id}"


class Hearing(models.Model):
    """One of the two parties that hear a complaint about the policy (CIT-2.11, 2.19, STM-2.10)."""

    class Party(models.TextChoices):
        HEAD = "head", "Headteacher"
        BOARD = "board", "Governing board"

    concern = models.ForeignKey(Concern, models.PROTECT, related_name="hearings")
    party = models.CharField(max_length=6, choices=Party.choices)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["concern", "party"], name="hearing_once")]

    def __str__(self) -> str:
        return f"hearing of {self.concern_id}"
