"""What overrides or changes consent: the flag "never show", competence at 18, people who say no, reviews."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from consent.models.ledger import Reply, Route
from consent.models.pupil import Pupil
from core.append_only import append_only
from core.models import Signature
from people.models import School

USER = settings.AUTH_USER_MODEL


class NeverShow(models.Model):
    """A pupil who must never be shown, whatever anybody consents to. The DSL alone reads why (RAV-9.08)."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="never_shown")
    reason = models.TextField(blank=True)
    set_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)
    lifted_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_because = models.TextField(blank=True)

    class Meta:
        ordering = ["-set_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["pupil"], condition=Q(lifted_at=None), name="never_show_once")
        ]

    def __str__(self) -> str:
        return f"flag {self.uuid}"


@append_only
class Assessment(models.Model):
    """Whether a pupil of 18 understands what they consent to (CIT-7.05, CIT-7.06)."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="assessments")
    competent = models.BooleanField()
    assessed_on = models.DateField()
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"assessment {self.uuid}"


class AssessmentWords(models.Model):
    """On what an assessment rests, kept apart so that it can be erased."""

    assessment = models.OneToOneField(Assessment, models.PROTECT, related_name="words")
    text = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"words of {self.assessment_id}"


class OtherPerson(models.Model):
    """Somebody who is no pupil and does not want to be shown (RAV-9.03, CBC-5.07)."""

    class Who(models.TextChoices):
        STAFF = "staff", "A member of staff"
        PARENT = "parent", "A parent or carer"
        VISITOR = "visitor", "A visitor"
        OTHER = "other", "Somebody else"

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    once = models.UUIDField(unique=True, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    who = models.CharField(max_length=7, choices=Who.choices)
    name = models.CharField(max_length=150, blank=True)
    search_name = models.CharField(max_length=150, blank=True, editable=False)
    description = models.CharField(max_length=300, blank=True, help_text="how colleagues recognise them")
    user = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    route = models.CharField(max_length=10, choices=Route.choices)
    asked_on = models.DateField()
    recorded_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["name", "pk"]
        indexes = [models.Index(fields=["school"], condition=Q(ended_at=None), name="other_person_school")]

    def __str__(self) -> str:
        return self.name or "Somebody"


class PostSearch(models.Model):
    """A task for whoever keeps the accounts: look for earlier posts that show a pupil (CIT-7.13, STM-7.13)."""

    class Why(models.TextChoices):
        WITHDRAWN = "withdrawn", "Consent was withdrawn or changed"
        OBJECTION = "objection", "Somebody objected"
        NEVER_SHOW = "never_show", "The pupil is not to be used"

    class Outcome(models.TextChoices):
        NONE = "none", "No earlier post was found"
        REMOVED = "removed", "Every post found was removed"
        PARTLY = "partly", "Some posts could not be removed"
        KEPT = "kept", "Removing is not reasonably practicable"

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="post_searches")
    reply = models.OneToOneField(Reply, models.PROTECT, null=True, blank=True, related_name="post_search")
    why = models.CharField(max_length=10, choices=Why.choices)
    raised_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=7, choices=Outcome.choices, blank=True)
    words = models.TextField(blank=True)

    class Meta:
        ordering = ["raised_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at=None) | (Q(done_by__isnull=False) & ~Q(outcome="")),
                name="post_search_done_says_what",
            ),
        ]
        indexes = [
            models.Index(fields=["school", "raised_at"], condition=Q(done_at=None), name="post_search_open")
        ]

    def __str__(self) -> str:
        return "Look for earlier posts"


@append_only
class RegisterReview(models.Model):
    """The keeper signs that the register is up to date (STM-7.08)."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    signature = models.OneToOneField(Signature, models.PROTECT, related_name="+")
    figures = models.JSONField(help_text="the figures of the staleness report, as they were signed")

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"review {self.uuid}"
