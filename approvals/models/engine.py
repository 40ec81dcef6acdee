"""The approval engine's tables (design, section 5)."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from core.append_only import append_only
from core.models import Signature
from core.roles import Post, Role
from people.models import School


class ApprovalRequest(models.Model):
    """One subject's road through its chain. The subject holds a OneToOneField to this row."""

    class Status(models.TextChoices):
        PENDING = "pending", "Waiting for a decision"
        RETURNED = "returned", "Returned with questions"
        APPROVED = "approved", "Approved"
        REFUSED = "refused", "Refused"
        WITHDRAWN = "withdrawn", "Withdrawn"
        EXPIRED = "expired", "Expired"

    OPEN = (Status.PENDING, Status.RETURNED)

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    school = models.ForeignKey(School, models.PROTECT, related_name="approval_requests")
    title = models.CharField(max_length=200)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    about = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="whom the decision concerns: never a decider of it",
    )
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PENDING)
    round = models.PositiveSmallIntegerField(default=1)
    submitted_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True, help_text="when the present signer is reminded")

    class Meta:
        indexes = [
            models.Index(fields=["school", "status"], name="approval_school_status"),
            models.Index(
                fields=["due_at"], condition=models.Q(status__in=["pending", "returned"]), name="approval_due"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether it can still move."""
        return self.status in self.OPEN


@append_only
class ApprovalRound(models.Model):
    """What was submitted, frozen, each time that it was submitted."""

    request = models.ForeignKey(ApprovalRequest, models.PROTECT, related_name="rounds")
    number = models.PositiveSmallIntegerField()
    snapshot = models.JSONField()
    hash = models.CharField(max_length=64)
    submitted_at = models.DateTimeField(default=timezone.now)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["request", "number"], name="approval_round_once")]

    def __str__(self) -> str:
        return f"round {self.number}"


class ApprovalStep(models.Model):
    """One step of a chain, copied from the profile at submission."""

    class Needed(models.TextChoices):
        ANY = "any", "any one of them"
        ALL = "all", "all of them"

    class Status(models.TextChoices):
        WAITING = "waiting", "Not yet"
        CURRENT = "current", "Waiting for a decision"
        APPROVED = "approved", "Approved"
        RETURNED = "returned", "Returned with questions"
        REFUSED = "refused", "Refused"

    request = models.ForeignKey(ApprovalRequest, models.PROTECT, related_name="steps")
    order = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=20, choices=Role.choices)
    post = models.CharField(max_length=20, choices=Post.choices, blank=True)
    title = models.CharField(max_length=120, help_text="the school's own title, at submission")
    needed = models.CharField(max_length=3, choices=Needed.choices, default=Needed.ANY)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["request", "order"], name="approval_step_order"),
            models.UniqueConstraint(
                fields=["request"], condition=models.Q(status="current"), name="approval_one_current_step"
            ),
        ]
        indexes = [
            models.Index(
                fields=["role", "post"], condition=models.Q(status="current"), name="approval_step_current"
            )
        ]

    def __str__(self) -> str:
        return f"{self.order}. {self.title}"

    @property
    def shown_status(self) -> str:
        """The status by which the pages' one table of words knows it."""
        return ApprovalRequest.Status.PENDING if self.status == self.Status.CURRENT else self.status

    @property
    def spec(self) -> str:
        """Who signs, as a role spec."""
        return f"{self.role}/{self.post}" if self.post else self.role


@append_only
class Decision(models.Model):
    """What one person decided on one step. Never changed; a later round adds its own."""

    class Outcome(models.TextChoices):
        APPROVED = "approved", "Approved"
        RETURNED = "returned", "Returned with questions"
        REFUSED = "refused", "Refused"

    step = models.ForeignKey(ApprovalStep, models.PROTECT, related_name="decisions")
    round = models.PositiveSmallIntegerField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    acting_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    capacity = models.CharField(max_length=160, help_text="as what they signed")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    reasons = models.TextField(blank=True)
    attested = models.JSONField(
        default=list, blank=True, help_text="the declarations that were ticked, word for word"
    )
    signature = models.OneToOneField(Signature, models.PROTECT, related_name="decision")
    subject_hash = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["step", "round", "decided_by"], name="decision_once_a_round"),
        ]

    def __str__(self) -> str:
        return f"{self.decided_by}: {self.get_outcome_display()}"
