"""What the two kinds of opened network have in common: for whom, until when, opened and shut by whom."""

import uuid

from django.conf import settings
from django.db import models

from people.models import School


class Stage(models.TextChoices):
    """Where an opening of the network stands. The moves between them are in approvals.network.timed."""

    ASKED = "asked", "Waiting for a decision"
    TO_OPEN = "to_open", "Allowed, to be opened"
    OPEN = "open", "Open"
    TO_SHUT = "to_shut", "Over, to be blocked again"
    SHUT = "shut", "Blocked again"
    CLOSED = "closed", "Came to nothing"


class ForWhom(models.TextChoices):
    """For whom something is opened."""

    CLASS = "class", "A class or a group"
    YEAR = "year", "A year"
    PUPILS = "pupils", "All pupils"
    STAFF = "staff", "Staff"
    EVERYBODY = "everybody", "Staff and pupils"


class TimedOpening(models.Model):
    """Something that is opened for some people, for a time, and shut again.

    Who opened or shut it is a person of the school, or the name of somebody at the IT provider.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    once = models.UUIDField(unique=True, editable=False, help_text="one form sent five times is one request")
    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    for_whom = models.CharField(max_length=10, choices=ForWhom.choices)
    who_in_words = models.CharField(max_length=200, blank=True)
    until = models.DateField("last day", null=True, blank=True)
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.ASKED)
    next_at = models.DateTimeField(null=True, blank=True, help_text="when the sweep looks at it again")
    reminded_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    opened_by_name = models.CharField(max_length=150, blank=True)
    opened_note = models.TextField(blank=True)
    over_at = models.DateTimeField(null=True, blank=True)
    over_because = models.CharField(max_length=300, blank=True)
    shut_at = models.DateTimeField(null=True, blank=True)
    shut_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    shut_by_name = models.CharField(max_length=150, blank=True)

    class Meta:
        abstract = True

    @property
    def for_whom_in_words(self) -> str:
        """The people in one line."""
        label = ForWhom(self.for_whom).label
        return f"{label}: {self.who_in_words}" if self.who_in_words else label


def timed_constraints(name: str) -> list[models.CheckConstraint]:
    """What must hold in every table of this kind."""
    return [
        models.CheckConstraint(
            condition=~models.Q(stage__in=[Stage.OPEN, Stage.SHUT]) | models.Q(opened_at__isnull=False),
            name=f"{name}_open_has_a_moment",
        ),
        models.CheckConstraint(
            condition=~models.Q(stage=Stage.SHUT) | models.Q(shut_at__isnull=False, over_at__isnull=False),
            name=f"{name}_shut_has_a_moment",
        ),
    ]
