"""Trusts and schools. The Support Hub of a trust is a school of kind `central`."""

import uuid

from django.db import models


class Trust(models.Model):
    """An academy trust: several schools and a Support Hub."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=150, unique=True)
    slug = models.SlugField(max_length=80, unique=True, help_text="the address of its public page")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class School(models.Model):
    """A school, or the central team of a trust, to which accounts of the whole trust belong."""

    class Kind(models.TextChoices):
        SCHOOL = "school", "School"
        CENTRAL = "central", "Central team of a trust"

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    trust = models.ForeignKey(Trust, models.PROTECT, null=True, blank=True, related_name="schools")
    name = models.CharField(max_length=150)
    slug = models.SlugField(max_length=80, unique=True, help_text="the address of its public page")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.SCHOOL)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["trust", "name"], name="school_name_once_in_trust"),
            models.UniqueConstraint(
                fields=["trust"],
                condition=models.Q(kind="central"),
                name="one_central_team_a_trust",
                violation_error_message="This trust has a central team already.",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="school") | models.Q(trust__isnull=False),
                name="central_team_has_trust",
                violation_error_message="A central team belongs to a trust: choose the trust.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_central(self) -> bool:
        """Whether this is the central team of a trust."""
        return self.kind == self.Kind.CENTRAL
