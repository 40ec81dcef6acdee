"""Consent checks that were kept as evidence: whom one asked about, for which use, and what one was told."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from consent.models.pupil import Pupil
from consent.models.purpose import Channel, Medium
from core.append_only import append_only
from core.models import Platform
from people.models import School


@append_only
class ConsentCheck(models.Model):
    """One check, kept (CIT-7.18, STM-7.24)."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    once = models.UUIDField(unique=True, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    medium = models.CharField(max_length=5, choices=Medium.choices)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    platform = models.ForeignKey(Platform, models.PROTECT, null=True, blank=True, related_name="+")
    in_group = models.BooleanField()
    first_name = models.BooleanField(help_text="the first name stands beside it")

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["school", "-at"], name="check_school")]

    def __str__(self) -> str:
        return self.what

    @property
    def what(self) -> str:
        """For what the pictures are, or that it was erased."""
        return self.words.what or "Erased"


class CheckWords(models.Model):
    """For what the pictures of a check are. Somebody may have named a pupil, so it can be erased."""

    check_row = models.OneToOneField(ConsentCheck, models.PROTECT, related_name="words")
    what = models.CharField(max_length=150, blank=True)

    def __str__(self) -> str:
        return f"words of {self.check_row_id}"


@append_only
class CheckedPupil(models.Model):
    """What one was told about one pupil."""

    check_row = models.ForeignKey(ConsentCheck, models.PROTECT, related_name="pupils")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="checks")
    may = models.BooleanField()
    reason = models.CharField(max_length=20)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["check_row", "pupil"], name="checked_once")]

    def __str__(self) -> str:
        return f"checked {self.pk}"


class CheckLeftover(models.Model):
    """A pasted name that was no pupil, or more than one. Kept apart so that it can be erased."""

    check_row = models.ForeignKey(ConsentCheck, models.PROTECT, related_name="leftovers")
    typed = models.CharField(max_length=200, blank=True)
    several = models.BooleanField(help_text="more than one pupil has this name")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"leftover {self.pk}"
