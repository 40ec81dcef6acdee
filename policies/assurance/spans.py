"""The terms that a report may cover, and moments of a term in UTC."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from core.clock import LONDON, UTC
from core.tables import date_text
from people.governance.profile import Profile
from policies.terms import Span, term_of

BACK = 9
"""How many terms may be chosen, the present one included."""


@dataclass(frozen=True)
class ReportTerm:
    """A term, and the one before it, for figures beside one another."""

    span: Span
    before: Span

    @property
    def first(self) -> date:
        """Its first day."""
        return self.span.first

    @property
    def is_over(self) -> bool:
        """Whether it lies in the past."""
        return self.span.last < timezone.localdate()


def before(span: Span, profile: Profile) -> Span:
    """The term before a term."""
    return term_of(span.first - timedelta(days=1), profile.term_months)


def terms_to_choose(profile: Profile) -> list[Span]:
    """The present term and those before it, the newest first, as the school's terms begin (`term_months`)."""
    found = [term_of(timezone.localdate(), profile.term_months)]
    while len(found) < BACK:
        found.append(before(found[-1], profile))
    return found


def words_of(span: Span) -> str:
    """ "1 September 2026 to 31 December 2026"."""
    return f"{date_text(span.first)} to {date_text(span.last)}"


def within(field: str, span: Span) -> Q:
    """Rows whose day lies in the term."""
    return Q(**{f"{field}__gte": span.first, f"{field}__lte": span.last})


def happened(field: str, span: Span) -> Q:
    """Rows whose moment lies in the term, as days are in London."""
    start = datetime.combine(span.first, time(), LONDON).astimezone(UTC)
    end = datetime.combine(span.last + timedelta(days=1), time(), LONDON).astimezone(UTC)
    return Q(**{f"{field}__gte": start, f"{field}__lt": end})
