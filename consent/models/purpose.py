"""What consent is asked for: medium, channel and conditions, each with its basis and its wording."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.append_only import append_only
from core.models import Platform
from people.models import School


class Medium(models.TextChoices):
    """What of a pupil is shown. Images and videos are asked for separately unless a school joins them."""

    IMAGE = "image", "Photographs"
    VIDEO = "video", "Videos"
    BOTH = "both", "Photographs and videos"
    WORK = "work", "Work"
    VOICE = "voice", "Voice"


class Channel(models.TextChoices):
    """Where it is shown. A personal account is none of them (CIT-7.04, STM-7.05, RAV-9.04)."""

    SCHOOL = "school", "The school's social media accounts"
    PLATFORM = "platform", "One social media platform"
    TRUST = "trust", "The trust's social media accounts"
    WEBSITE = "website", "The school's website"
    NEWSLETTER = "newsletter", "The school's newsletter"
    PRESS = "press", "Newspapers and other media"
    INSIDE = "inside", "Inside the school only"


SOCIAL = (Channel.SCHOOL, Channel.PLATFORM, Channel.TRUST)
"""Channels that are social media: what the five policies are about."""


class Basis(models.TextChoices):
    """On what ground a pupil is shown."""

    CONSENT = "consent", "Consent: silence means no"
    PUBLIC_TASK = "public_task", "Public task, with a right to object: silence means yes"


class Purpose(models.Model):
    """One thing that a school asks about. Its terms do not change: another purpose takes its place."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    medium = models.CharField(max_length=5, choices=Medium.choices)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    platform = models.ForeignKey(Platform, models.PROTECT, null=True, blank=True, related_name="+")
    group_only = models.BooleanField("in a group only", default=False)
    no_first_name = models.BooleanField("without the first name", default=False)
    basis = models.CharField("lawful basis", max_length=11, choices=Basis.choices, default=Basis.CONSENT)
    order = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "medium", "channel", "group_only", "no_first_name"],
                condition=Q(platform=None, retired_at=None),
                name="purpose_once",
            ),
            models.UniqueConstraint(
                fields=["school", "medium", "channel", "platform", "group_only", "no_first_name"],
                condition=Q(platform__isnull=False, retired_at=None),
                name="purpose_of_platform_once",
            ),
            models.CheckConstraint(
                condition=Q(channel="platform", platform__isnull=False)
                | ~Q(channel="platform") & Q(platform=None),
                name="purpose_names_its_platform",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """In a few words: "Photographs on Instagram, in a group only"."""
        where = {
            Channel.SCHOOL: "on the school's social media",
            Channel.PLATFORM: f"on {self.platform}",
            Channel.TRUST: "on the trust's social media",
            Channel.WEBSITE: "on the school's website",
            Channel.NEWSLETTER: "in the school's newsletter",
            Channel.PRESS: "in newspapers and other media",
            Channel.INSIDE: "inside the school only",
        }[Channel(self.channel)]
        conditions = ", in a group only" * self.group_only + ", without the first name" * self.no_first_name
        return f"{Medium(self.medium).label} {where}{conditions}"


@append_only
class Wording(models.Model):
    """The words shown for a purpose, version by version: what somebody agreed to can be read again."""

    purpose = models.ForeignKey(Purpose, models.PROTECT, related_name="wordings")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["purpose", "-number"]
        constraints = [models.UniqueConstraint(fields=["purpose", "number"], name="wording_number_once")]

    def __str__(self) -> str:
        return f"version {self.number}"
