"""The report on how accounts are monitored: findings, mitigations, actions, and who read it (CIT-2.15, CIT-2.41)."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models.account import SocialAccount
from core.append_only import append_only
from people.models import School

USER = settings.AUTH_USER_MODEL


class MonitoringReport(models.Model):
    """What whoever monitors the accounts found in a time, for those to whom the profile says it goes.

    Frozen when it is sent, together with the roles that receive it (`hearers`).
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    once = models.UUIDField(unique=True, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    starts_on = models.DateField("first day")
    ends_on = models.DateField("last day")
    findings = models.TextField("what was looked at and found", blank=True)
    mitigations = models.TextField("what is done to lower the risks", blank=True)
    elsewhere = models.TextField("what is said of the school elsewhere in public", blank=True, default="")
    resources = models.TextField("whether the accounts have what they need to be kept up", blank=True)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-ends_on", "-pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on")), name="monitoring_ends_after_it_starts"
            )
        ]
        indexes = [models.Index(fields=["school", "-ends_on"], name="monitoring_school")]

    def __str__(self) -> str:
        return f"Monitoring report to {self.ends_on.day} {self.ends_on:%B %Y}"


class MonitoringHearer(models.Model):
    """A role to which a report goes, frozen when it was sent."""

    report = models.ForeignKey(MonitoringReport, models.CASCADE, related_name="hearers")
    role = models.CharField(max_length=20)
    post = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["report", "role", "post"], name="monitoring_hearer")]

    def __str__(self) -> str:
        return f"{self.role}/{self.post}" if self.post else self.role


class MonitoredAccount(models.Model):
    """One account in a report: looked at when, and what was found."""

    class Found(models.TextChoices):
        FINE = "fine", "Nothing to note"
        STALE = "stale", "Not kept up to date"
        PROBLEM = "problem", "Something must change"
        NOT_SEEN = "not_seen", "Not looked at"

    report = models.ForeignKey(MonitoringReport, models.PROTECT, related_name="accounts")
    account = models.ForeignKey(SocialAccount, models.PROTECT, related_name="monitored")
    found = models.CharField(max_length=8, choices=Found.choices)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["account__name", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["report", "account"], name="monitored_once_a_report"),
        ]

    def __str__(self) -> str:
        return f"{self.account} in report {self.report_id}"


class MonitoringAction(models.Model):
    """Something that follows from a report: what, who, by when, and when it was done."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    report = models.ForeignKey(MonitoringReport, models.PROTECT, related_name="actions")
    what = models.CharField(max_length=300)
    owner = models.ForeignKey(USER, models.PROTECT, related_name="+")
    due_on = models.DateField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField(max_length=300, blank=True)
    remind_on = models.DateField("when its owner is reminded next", null=True, blank=True, editable=False)

    class Meta:
        ordering = ["due_on", "pk"]
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["owner", "due_on"], condition=Q(done_at=None), name="monitoring_action_open"
            ),
            models.Index(
                fields=["remind_on"],
                condition=Q(remind_on__isnull=False),
                name="monitoring_action_remind",
            ),
        ]

    def __str__(self) -> str:
        return self.what


@append_only
class MonitoringRead(models.Model):
    """Somebody to whom a report went says that they have read it."""

    report = models.ForeignKey(MonitoringReport, models.PROTECT, related_name="reads")
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["report", "by"], name="monitoring_read_once"),
        ]

    def __str__(self) -> str:
        return f"read of report {self.report_id}"
