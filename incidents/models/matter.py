"""What every incident has in common: who brought it in, whom it names, and the road that it takes."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from core.append_only import append_only
from core.roles import Post, Role
from core.tables import date_text
from people.models import School


class MatterKind(models.TextChoices):
    """What came in."""

    CONTENT = "content", "Inappropriate content"
    IMAGE = "image", "Possible indecent image of a child"
    BYPASS = "bypass", "Attempt to get round the firewall"


class About(models.TextChoices):
    """Whose doing it was, as far as the reporter knows (STM-14.02, subtle 89)."""

    UNKNOWN = "unknown", "I do not know"
    PUPIL = "pupil", "A pupil"
    STAFF = "staff", "A member of staff"
    HEAD = "head", "The headteacher"
    OTHER = "other", "Somebody else"


class Matter(models.Model):
    """One incident. Nothing about it is on any page but for its road and, their own words, its reporter."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    once = models.UUIDField(unique=True, editable=False, help_text="one form sent five times is one report")
    kind = models.CharField(max_length=10, choices=MatterKind.choices)
    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    about = models.CharField(max_length=10, choices=About.choices)
    about_words = models.CharField(max_length=150, blank=True)
    about_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    has_road = models.BooleanField(default=True, help_text="False: nobody in the portal may hear of it")

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["school", "kind", "-at"], name="matter_school_kind"),
            models.Index(fields=["reporter", "-at"], name="matter_reporter"),
        ]

    def __str__(self) -> str:
        """The day alone: wherever these words end up, they give nothing away."""
        what = "Record" if self.kind == MatterKind.BYPASS else "Report"
        return f"{what} of {date_text(timezone.localtime(self.at).date())}"

    @property
    def is_about_somebody(self) -> bool:
        """Whether a person is known, so that it is the road's alone."""
        return self.about != About.UNKNOWN


@append_only
class RoadStep(models.Model):
    """One role to which a matter goes, frozen when it was sent (or handed over).

    `reads`: the whole of it. `blocks`: the technician's part. `decides`: a ban. Holders are asked anew
    each time, and nobody who is named is ever one.
    """

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="road")
    role = models.CharField(max_length=20, choices=Role.choices)
    post = models.CharField(max_length=20, choices=Post.choices, blank=True)
    reads = models.BooleanField(default=True)
    blocks = models.BooleanField(default=False)
    decides = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["matter", "role", "post", "reads"], name="road_step_once")
        ]
        indexes = [models.Index(fields=["role", "post", "matter"], name="road_role")]

    def __str__(self) -> str:
        return f"step of {self.matter_id}"

    @property
    def spec(self) -> str:
        """Who it is, as a role spec."""
        return f"{self.role}/{self.post}" if self.post else self.role


@append_only
class NamedPerson(models.Model):
    """Somebody whom a matter names: never a reader, recipient or decider of it (subtle 57-59)."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="named")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["matter", "user"], name="named_once")]

    def __str__(self) -> str:
        return f"named in {self.matter_id}"
