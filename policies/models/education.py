"""What pupils and parents are taught about social media: every term, every year."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from people.models import School

USER = settings.AUTH_USER_MODEL


class EducationEvent(models.Model):
    """An assembly, a lesson, a meeting for parents: planned, then held or called off (CIT-11.01, STM-11.06)."""

    class Audience(models.TextChoices):
        PUPILS = "pupils", "Pupils"
        PARENTS = "parents", "Parents and carers"
        EVERYBODY = "everybody", "Pupils, parents and staff"

    class Medium(models.TextChoices):
        ASSEMBLY = "assembly", "Assembly"
        PSHE = "pshe", "PSHE lesson"
        CROSS = "cross", "Part of another lesson"
        WORKSHOP = "workshop", "Workshop"
        MEETING = "meeting", "Meeting"
        ONLINE = "online", "Online session"
        OTHER = "other", "Another way"

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        HELD = "held", "Held"
        OFF = "off", "Called off"

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    once = models.UUIDField(unique=True, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    audience = models.CharField(max_length=9, choices=Audience.choices)
    medium = models.CharField(max_length=8, choices=Medium.choices)
    title = models.CharField(max_length=200)
    for_whom = models.CharField("year groups or classes", max_length=200, blank=True)
    led_by = models.CharField(max_length=150, blank=True)
    on = models.DateField("day")
    state = models.CharField(max_length=7, choices=State.choices, default=State.PLANNED)
    invited = models.PositiveIntegerField(null=True, blank=True)
    attended = models.PositiveIntegerField(null=True, blank=True)
    notes = models.TextField("what it covered, and what came of it", blank=True)
    off_because = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    closed_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    reopened_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    reopened_at = models.DateTimeField(null=True, blank=True)
    reopened_because = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-on", "-pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["school", "-on"], name="education_event_school")]

    def __str__(self) -> str:
        return self.title


class Resource(models.Model):
    """Material for pupils or parents: a file or the name of what was given out (CIT-11.02, STM-11.07)."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(EducationEvent, models.PROTECT, related_name="resources")
    title = models.CharField(max_length=200)
    file = models.FileField(upload_to="education", blank=True, max_length=120)
    media_type = models.CharField(max_length=40, blank=True)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.title


class EducationPeriod(models.Model):
    """A term for pupils or a year for parents: `due_on` is its last day, `met_by` what was held in it.

    With `refresh` it is what a refresher asks for besides, from its day on (CIT-11.03, STM-11.08).
    Worked out from the profile; it is no history.
    """

    school = models.ForeignKey(School, models.CASCADE, related_name="+")
    audience = models.CharField(max_length=9, choices=EducationEvent.Audience.choices)
    starts_on = models.DateField()
    refresh = models.BooleanField(default=False)
    due_on = models.DateField()
    met_by = models.ForeignKey(EducationEvent, models.SET_NULL, null=True, blank=True, related_name="+")
    remind_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["due_on", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["school", "audience", "starts_on", "refresh"], name="education_period_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["remind_on"], condition=Q(remind_on__isnull=False), name="education_period_remind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_audience_display()}: {self.starts_on.day} {self.starts_on:%B %Y} to {self.due_on.day} {self.due_on:%B %Y}"
