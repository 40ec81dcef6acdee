"""Where a person gives roles."""

from django.db.models import QuerySet

from core.access import standing_of
from people.access import membership_rules, trusts_where
from people.models import Invitation, Membership, School, Trust, User


class Managed:
    """Where the signed-in person gives roles, read once for a page."""

    def __init__(self, user: User) -> None:
        self.everywhere = standing_of(user).is_superuser
        self.school_ids = membership_rules.schools(user, "manage")
        self.trust_ids = trusts_where(user, membership_rules.table["manage"])

    def schools(self) -> QuerySet[School]:
        """The schools at which they give roles."""
        rows = School.objects.filter(active=True)
        return rows if self.everywhere else rows.filter(pk__in=self.school_ids)

    def trusts(self) -> QuerySet[Trust]:
        """The trusts in the whole of which they give roles."""
        return Trust.objects.all() if self.everywhere else Trust.objects.filter(pk__in=self.trust_ids)

    def holds(self, row: Membership | Invitation) -> bool:
        """Whether this membership or invitation is theirs to end or to send again."""
        return self.everywhere or row.school_id in self.school_ids or row.trust_id in self.trust_ids
