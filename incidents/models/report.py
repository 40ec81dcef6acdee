"""Reports of inappropriate content (STM-14), and what was done about them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.append_only import append_only
from core.models import Signature
from incidents.models.matter import Matter


class Nature(models.TextChoices):
    """The nature of inappropriate content (STM-14.05). An indecent image of a child is none: it is not taken in."""

    SEXUAL = "sexual", "Sexual content"
    VIOLENCE = "violence", "Violence"
    EXTREMISM = "extremism", "Extremism"
    HATE = "hate", "Hate"
    SELF_HARM = "self_harm", "Self-harm or suicide"
    DRUGS = "drugs", "Drugs"
    GAMBLING = "gambling", "Gambling"
    FRAUD = "fraud", "Fraud or harmful software"
    OTHER = "other", "Something else"


class ContentReport(models.Model):
    """The reporter's part of the form (STM-14.01 to 14.05): frozen once it was sent (subtle 90)."""

    matter = models.OneToOneField(Matter, models.PROTECT, related_name="content")
    seen_on = models.DateField()
    addresses = models.TextField(help_text="one a line, as typed; never fetched, never a link")
    nature = models.CharField(max_length=10, choices=Nature.choices)
    words = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["nature"], name="report_nature")]

    def __str__(self) -> str:
        return str(self.matter)


@append_only
class ImageRecord(models.Model):
    """That a possible indecent image of a child was met, and who called the police (subtle 80-84).

    It has no place for an address, a description or a file, on purpose.
    """

    matter = models.OneToOneField(Matter, models.PROTECT, related_name="image")
    called_by = models.CharField(max_length=150, blank=True)
    called_at = models.DateTimeField(null=True, blank=True)
    not_called_because = models.CharField(max_length=300, blank=True)
    police_reference = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(called_at__isnull=False) & ~Q(called_by="")
                | Q(called_at=None) & ~Q(not_called_because=""),
                name="image_called_or_why_not",
            )
        ]

    def __str__(self) -> str:
        return str(self.matter)


@append_only
class Handover(models.Model):
    """A recipient let the technician have the addresses, and nothing else, so that the site is blocked."""

    matter = models.OneToOneField(Matter, models.PROTECT, related_name="handover")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return "Addresses to block"


@append_only
class TechnicianPart(models.Model):
    """What the technician did (STM-14.06 to 14.09). It closes the technician's part."""

    matter = models.OneToOneField(Matter, models.PROTECT, related_name="technician")
    action_taken = models.TextField()
    blocked = models.BooleanField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    signature = models.OneToOneField(Signature, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return "Technician's part"


@append_only
class DealtWith(models.Model):
    """A recipient closed a matter, and how it was dealt with."""

    matter = models.OneToOneField(Matter, models.PROTECT, related_name="dealt")
    note = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return "Dealt with"
