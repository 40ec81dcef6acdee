"""Pupils, the people who answer for them, and how the two belong together."""

import uuid
from datetime import date

from django.db import models
from django.db.models import Q
from django.utils import timezone

from people.models import School


class Pupil(models.Model):
    """A pupil as the school's information system knows them. Never deleted: erasure empties what identifies.

    `leaves_on` is the last day at the school. `search_name` holds every name in plain letters
    (`core.signatures.plain_name`), so that lists are searched and pasted names are matched by it.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    upn = models.CharField("UPN", max_length=13, blank=True)
    local_id = models.CharField("number in your system", max_length=40, blank=True)
    first_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100, blank=True)
    preferred_name = models.CharField(max_length=100, blank=True)
    search_name = models.CharField(max_length=320, blank=True, editable=False)
    born = models.DateField("date of birth", null=True, blank=True)
    year_group = models.CharField("year", max_length=20, blank=True)
    class_name = models.CharField("class", max_length=40, blank=True)
    email = models.EmailField("the pupil's own e-mail address", blank=True)
    joined_on = models.DateField(null=True, blank=True)
    leaves_on = models.DateField("last day at the school", null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["last_name", "first_name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["school", "upn"], condition=~Q(upn=""), name="pupil_upn_once"),
            models.UniqueConstraint(
                fields=["school", "local_id"], condition=~Q(local_id=""), name="pupil_local_id_once"
            ),
        ]
        indexes = [
            models.Index(fields=["school", "last_name", "first_name"], name="pupil_school_name"),
            models.Index(fields=["school", "class_name"], name="pupil_school_class"),
            models.Index(fields=["last_name", "first_name"], name="pupil_name"),
            models.Index(fields=["born"], name="pupil_born"),
            models.Index(fields=["leaves_on"], name="pupil_leaves"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in use: the preferred first name if there is one."""
        if self.erased_at:
            return "A former pupil"
        return f"{self.preferred_name or self.first_name} {self.last_name}".strip()

    def has_left(self, day: date) -> bool:
        """Whether the last day at the school is over."""
        return self.leaves_on is not None and self.leaves_on < day


class Contact(models.Model):
    """Somebody who may answer for one or several pupils of a school."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    local_id = models.CharField("number in your system", max_length=40, blank=True)
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField("e-mail address", blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "local_id"], condition=~Q(local_id=""), name="contact_local_id_once"
            ),
        ]
        indexes = [models.Index(fields=["school", "email"], name="contact_school_email")]

    def __str__(self) -> str:
        return self.name or "A former contact"


class Responsibility(models.TextChoices):
    """Whether a contact holds parental responsibility (STM-7.06, CIT-7.07)."""

    YES = "yes", "Yes"
    NO = "no", "No"
    UNKNOWN = "unknown", "Not recorded"


class Tie(models.Model):
    """A contact of a pupil: the relationship, and whether it carries parental responsibility."""

    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="ties")
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="ties")
    relationship = models.CharField(max_length=60, blank=True)
    responsibility = models.CharField(
        "parental responsibility",
        max_length=7,
        choices=Responsibility.choices,
        default=Responsibility.UNKNOWN,
    )
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["pupil", "contact"], name="tie_once")]

    def __str__(self) -> str:
        return f"{self.contact_id} for {self.pupil_id}"
