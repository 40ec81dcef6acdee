"""Platforms and their minimum ages, as dated data (RAV-1.02, BEC-1.05: the list is never closed)."""

from datetime import date

from django.db import models


class Platform(models.Model):
    """A social network, messenger, video site or game on which an account may be held."""

    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    hosts = models.JSONField(
        default=list,
        blank=True,
        help_text="host names of its pages, e.g. facebook.com; a page below them counts",
    )
    offered = models.BooleanField("offered for new accounts", default=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def minimum_age(self, on: date) -> int | None:
        """The minimum age in years in force on a day, or None when none is recorded."""
        ages = [age for age in self.ages.all() if age.valid_from <= on]
        return max(ages, key=lambda age: age.valid_from).years if ages else None


class PlatformAge(models.Model):
    """A minimum age from a day on: when a platform changes its terms, a row is added."""

    platform = models.ForeignKey(Platform, models.PROTECT, related_name="ages")
    years = models.PositiveSmallIntegerField("minimum age in years")
    valid_from = models.DateField()
    source = models.CharField(max_length=200, help_text="where the school read it")

    class Meta:
        ordering = ["platform", "-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["platform", "valid_from"], name="platform_age_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.platform}: {self.years} from {self.valid_from:%d/%m/%Y}"
