"""Asking for answers: links without an account, and rounds of asking and reminding."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from consent.models.pupil import Contact, Pupil
from people.models import School


class AnswerLink(models.Model):
    """The address under which one contact, or one adult pupil, answers without an account.

    The database holds a hash of its secret; the secret is made again from a key outside the database when
    a mail is sent. It works until it is revoked or late.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    hash = models.CharField(max_length=64, unique=True)
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="links")
    pupil = models.ForeignKey(Pupil, models.PROTECT, null=True, blank=True, related_name="links")
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True, help_text="when it was last used to answer")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(contact=None, pupil__isnull=False) | Q(contact__isnull=False, pupil=None),
                name="link_is_bound_to_one_person",
            ),
        ]

    def __str__(self) -> str:
        return f"link {self.uuid}"


class Round(models.Model):
    """Asking everybody of a school who still has to answer for a period (STM-7.01, CIT-7.01)."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    once = models.UUIDField(unique=True, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    title = models.CharField(max_length=80)
    until = models.DateField(
        null=True, blank=True, help_text="the last day of the period that is asked about; none: no end"
    )
    opened_at = models.DateTimeField(default=timezone.now)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answer_by = models.DateField()
    remind_every = models.PositiveSmallIntegerField(
        default=7, help_text="days between automatic reminders; 0: none"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["school"], condition=Q(closed_at=None), name="one_open_round")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def status(self) -> str:
        """A value of core.statuses."""
        return "closed" if self.closed_at else "open"


class Ask(models.Model):
    """One person asked in a round, and when they were last written to."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="asks")
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="+")
    pupil = models.ForeignKey(Pupil, models.PROTECT, null=True, blank=True, related_name="+")
    link = models.ForeignKey(AnswerLink, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    written_at = models.DateTimeField(default=timezone.now, help_text="when they were last written to")
    reminders = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "contact"], condition=Q(contact__isnull=False), name="contact_asked_once"
            ),
            models.UniqueConstraint(
                fields=["round", "pupil"], condition=Q(pupil__isnull=False), name="pupil_asked_once"
            ),
        ]

    def __str__(self) -> str:
        return f"ask {self.pk}"


class LinkAsked(models.Model):
    """Somebody without an account asked for their link. A sweep writes to whoever is known, then deletes it."""

    email = models.EmailField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"link asked for {self.pk}"
