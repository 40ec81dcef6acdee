"""The policies behind the presets and their clauses: reference data that nobody edits by hand."""

from django.core.validators import MinLengthValidator, RegexValidator
from django.db import models
from django.db.models import Count
from django.urls import reverse

CLAUSE_REF = r"[A-Z]{3}-[0-9]{1,3}\.[0-9]{1,3}"
"""How a clause is cited everywhere in the portal: policy code, section, number (`STM-15.21`)."""


class PolicyQuerySet(models.QuerySet):
    """Reads of policies."""

    def with_counts(self) -> "PolicyQuerySet":
        """Add `clause_count`, the number of clauses of each policy."""
        return self.annotate(clause_count=Count("clauses"))


class Policy(models.Model):
    """One policy that a preset follows. The text itself stays with the organisation that wrote it."""

    code = models.CharField(max_length=3, unique=True, validators=[RegexValidator(r"^[A-Z]{3}$")])
    name = models.CharField(max_length=120)
    organisation = models.CharField(max_length=120)
    preset = models.SlugField(max_length=40, unique=True, help_text="the governance preset made from it")
    edition = models.CharField(max_length=80, blank=True, help_text="as the policy states it")
    next_review_text = models.CharField(max_length=80, blank=True, help_text="as the policy states it")
    covers = models.CharField(max_length=250)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        ordering = ["organisation"]
        verbose_name_plural = "policies"

    def __str__(self) -> str:
        return f"{self.organisation}: {self.name}"

    def get_absolute_url(self) -> str:
        """The page of the policy with all its clauses."""
        return reverse("policies:policy-detail", args=[self.code])


class Clause(models.Model):
    """One clause, cited by its reference; the title says in our own words what it asks.

    `section_number` and `number` are the two numbers of the reference, kept as numbers so that
    2.10 follows 2.9.
    """

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="clauses")
    ref = models.CharField(max_length=12, unique=True, validators=[RegexValidator(f"^{CLAUSE_REF}$")])
    section = models.CharField(max_length=80)
    section_number = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=90, validators=[MinLengthValidator(3)])

    class Meta:
        ordering = ["policy", "section_number", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "section_number", "number"], name="policies_clause_one_per_number"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.title}"

    def get_absolute_url(self) -> str:
        """The clause's place on the page of its policy."""
        return clause_url(self.ref)


def clause_url(ref: str) -> str:
    """The address of a clause, from its reference alone: no query is needed to link to it."""
    code = ref.partition("-")[0]
    return f"{reverse('policies:policy-detail', args=[code])}#{ref}"
