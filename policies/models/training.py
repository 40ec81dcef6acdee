"""Training: what is asked of whom, what was done, and what a significant incident calls for anew."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.models import Platform
from people.models import School

USER = settings.AUTH_USER_MODEL


class Training(models.TextChoices):
    """The kinds of training that the policies speak of."""

    SAFEGUARDING = "safeguarding", "Safeguarding and online safety"
    SOCIAL_MEDIA = "social_media", "Social media"
    PLATFORM = "platform", "Running an account: the platform and its rules"
    AT_RISK = "at_risk", "Recognising pupils who may be at risk"
    GOVERNANCE = "governance", "Social media and online safety for governors"
    DEVELOPMENT = "development", "Further training"


class TrainingSession(models.Model):
    """A session with the people who were there; each of them has a record."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    once = models.UUIDField(unique=True, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Training.choices)
    platform = models.ForeignKey(Platform, models.PROTECT, null=True, blank=True, related_name="+")
    title = models.CharField(max_length=200)
    on = models.DateField("day")
    trainer = models.CharField("who gave it", max_length=150)
    notes = models.TextField("what it covered", blank=True)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-on", "-pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["school", "-on"], name="training_session_school")]

    def __str__(self) -> str:
        return self.title


class TrainingRecord(models.Model):
    """One person's training. A mistaken record is taken back with a reason, never deleted."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    once = models.UUIDField(unique=True, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    user = models.ForeignKey(USER, models.PROTECT, related_name="training_records")
    kind = models.CharField(max_length=12, choices=Training.choices)
    platform = models.ForeignKey(Platform, models.PROTECT, null=True, blank=True, related_name="+")
    session = models.ForeignKey(
        TrainingSession, models.PROTECT, null=True, blank=True, related_name="records"
    )
    title = models.CharField(max_length=200)
    done_on = models.DateField()
    until = models.DateField("last day on which it counts", null=True, blank=True)
    trainer = models.CharField("who gave it", max_length=150)
    evidence = models.FileField(upload_to="training", blank=True, max_length=120)
    evidence_name = models.CharField(max_length=150, blank=True)
    evidence_type = models.CharField(max_length=40, blank=True)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_because = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-done_on", "-pk"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["user", "kind", "-done_on"], name="training_of_person"),
            models.Index(fields=["school", "kind", "-done_on"], name="training_at_school"),
        ]

    def __str__(self) -> str:
        return self.title


class Refresh(models.Model):
    """Training is asked for anew after a significant incident or change (CIT-11.03, STM-11.08).

    It says nothing of the incident: only that older training of these kinds no longer counts.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    once = models.UUIDField(unique=True, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    kinds = models.JSONField(help_text="values of Training, and pupils or parents")
    reason = models.CharField(max_length=300)
    since = models.DateField("training before this day does not count")
    due_on = models.DateField()
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    called_off_at = models.DateTimeField(null=True, blank=True)
    called_off_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    called_off_because = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["school", "-since"], name="refresh_school")]

    def __str__(self) -> str:
        return f"Refresher training asked for on {self.since.day} {self.since:%B %Y}"


class TrainingDuty(models.Model):
    """What one person owes at one school: worked out from profile, roles, accounts, records and refreshers.

    It is no history: a sweep and every change that bears on it work it out again. `due_on` is the last day;
    `met_by` the record that meets it until then.
    """

    school = models.ForeignKey(School, models.CASCADE, related_name="+")
    user = models.ForeignKey(USER, models.CASCADE, related_name="training_duties")
    kind = models.CharField(max_length=12, choices=Training.choices)
    due_on = models.DateField()
    met_by = models.ForeignKey(TrainingRecord, models.SET_NULL, null=True, blank=True, related_name="+")
    remind_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["due_on", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["school", "user", "kind"], name="training_duty_once"),
        ]
        indexes = [
            models.Index(fields=["school", "due_on"], name="training_duty_school"),
            models.Index(
                fields=["remind_on"], condition=Q(remind_on__isnull=False), name="training_duty_remind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} by {self.due_on.day} {self.due_on:%B %Y}"
