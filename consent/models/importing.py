"""Bringing pupils and their contacts in from the school's information system."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from consent.models.pupil import Pupil
from people.models import School


class PupilImport(models.Model):
    """One file. Nothing in the register changes until somebody accepts what was found."""

    class Status(models.TextChoices):
        MAPPING = "mapping", "Columns to be named"
        COMPARING = "comparing", "Being compared"
        REVIEW = "review", "To be reviewed"
        ACCEPTING = "accepting", "Being taken over"
        ACCEPTED = "accepted", "Taken over"
        REFUSED = "refused", "Could not be read"
        CANCELLED = "cancelled", "Put aside"

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    once = models.UUIDField(unique=True, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    status = models.CharField(max_length=9, choices=Status.choices)
    file = models.FileField(upload_to="consent/imports", blank=True)
    file_name = models.CharField(max_length=120, blank=True)
    sha256 = models.CharField(max_length=64)
    headings = models.JSONField(default=list)
    mapping = models.JSONField(default=dict, help_text="heading -> field, or nothing to leave it out")
    whole_school = models.BooleanField(
        default=True, help_text="pupils who are not in it are proposed as leavers"
    )
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    problem = models.TextField(blank=True, help_text="why it could not be read")
    compared_with = models.CharField(max_length=64, blank=True, help_text="fingerprint of the register then")
    leased_until = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    cleared_at = models.DateTimeField(null=True, blank=True, help_text="when file and rows were deleted")

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["school"],
                condition=Q(status__in=["mapping", "comparing", "review", "accepting"]),
                name="one_import_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["school", "-at"], name="import_school")]

    def __str__(self) -> str:
        return self.file_name or "An import"


class ImportRow(models.Model):
    """One pupil of a file, or one who is missing from it, and what accepting would do."""

    class Outcome(models.TextChoices):
        NEW = "new", "New"
        CHANGED = "changed", "Changed"
        UNCHANGED = "unchanged", "Unchanged"
        MISSING = "missing", "Not in the file"
        DOUBTFUL = "doubtful", "Doubtful"
        WRONG = "wrong", "Wrong"

    load = models.ForeignKey(PupilImport, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(help_text="row of the file; 0: not in the file")
    outcome = models.CharField(max_length=9, choices=Outcome.choices)
    pupil = models.ForeignKey(Pupil, models.CASCADE, null=True, blank=True, related_name="+")
    values = models.JSONField(default=dict)
    changes = models.JSONField(default=list)
    problems = models.JSONField(default=list)
    candidates = models.JSONField(default=list, help_text="ids of the pupils that a doubtful row may be")
    decision = models.CharField(
        max_length=40,
        blank=True,
        help_text="of a doubtful or missing row: a pupil's id, new, leave_out, leaver, keep",
    )

    class Meta:
        ordering = ["number", "pk"]
        indexes = [models.Index(fields=["load", "outcome", "number"], name="import_row_outcome")]

    def __str__(self) -> str:
        return f"row {self.number}"


class ColumnName(models.Model):
    """What a school calls a column, remembered from the last time."""

    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    heading = models.CharField(max_length=120)
    field = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["heading"]
        constraints = [models.UniqueConstraint(fields=["school", "heading"], name="column_name_once")]

    def __str__(self) -> str:
        return self.heading
