"""Reads of the policies that pages share."""

from dataclasses import dataclass
from itertools import groupby

from django.db.models import Q, QuerySet

from policies.models import Clause, Policy


@dataclass(frozen=True)
class Section:
    """One section of a policy with those of its clauses that are shown."""

    number: int
    heading: str
    clauses: tuple[Clause, ...]


def policies_with_counts() -> QuerySet[Policy]:
    """Every policy, each with `clause_count`."""
    return Policy.objects.with_counts()


def clauses_found(policy: Policy, search: str = "") -> QuerySet[Clause]:
    """The clauses of a policy in which every word of `search` stands, in title, section or reference."""
    found = policy.clauses.order_by("section_number", "number")
    for word in search.split():
        found = found.filter(Q(title__icontains=word) | Q(section__icontains=word) | Q(ref__icontains=word))
    return found


def by_section(clauses: QuerySet[Clause]) -> list[Section]:
    """The clauses grouped under their section headings, both in the order of the policy."""
    return [
        Section(number, heading, tuple(group))
        for (number, heading), group in groupby(clauses, key=lambda row: (row.section_number, row.section))
    ]
