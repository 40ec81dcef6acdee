"""Memberships: who is what, where, and from when until when."""

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.roles import Post, Role
from people.models.school import School, Trust


class MembershipQuerySet(models.QuerySet):
    """Reads of memberships."""

    def active(self, on: date | None = None) -> "MembershipQuerySet":
        """Those in force on a day in London (today by default), of active people and schools."""
        return self.filter(active_q(on=on))

    def at_school(self, school: School) -> "MembershipQuerySet":
        """Those at a school, trust-wide ones included."""
        return self.filter(Q(school=school) | Q(trust__isnull=False, trust_id=school.trust_id))

    def meeting(self, spec: str) -> "MembershipQuerySet":
        """Those of a role spec, `role` or `role/post`."""
        role, _, post = spec.partition("/")
        return self.filter(role=role, post=post) if post else self.filter(role=role).exclude(post=Post.DEPUTY)


def active_q(prefix: str = "", on: date | None = None) -> Q:
    """The condition for an active membership, for use across a relation."""
    day = on or timezone.localdate()
    return (
        Q(**{f"{prefix}ended_at": None, f"{prefix}starts__lte": day, f"{prefix}user__is_active": True})
        & (Q(**{f"{prefix}ends": None}) | Q(**{f"{prefix}ends__gte": day}))
        & (Q(**{f"{prefix}school": None}) | Q(**{f"{prefix}school__active": True}))
    )


class Membership(models.Model):
    """User × role × optional post × (school or whole trust) × from/until."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    post = models.CharField(max_length=20, choices=Post.choices, blank=True)
    school = models.ForeignKey(School, models.PROTECT, null=True, blank=True, related_name="memberships")
    trust = models.ForeignKey(Trust, models.PROTECT, null=True, blank=True, related_name="memberships")
    starts = models.DateField(default=timezone.localdate)
    ends = models.DateField("last day", null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["user__full_name", "role"]
        constraints = [
            models.CheckConstraint(
                condition=Q(school__isnull=False, trust__isnull=True)
                | Q(school__isnull=True, trust__isnull=False),
                name="membership_school_or_trust",
                violation_error_message="Choose a school or a whole trust, not both.",
            ),
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=models.F("starts")),
                name="membership_ends_after_start",
                violation_error_message="The last day must not be before the first.",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "post", "school"],
                condition=Q(ended_at=None, school__isnull=False),
                name="membership_once_at_school",
                violation_error_message="This person holds this role at this school already.",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "post", "trust"],
                condition=Q(ended_at=None, trust__isnull=False),
                name="membership_once_in_trust",
                violation_error_message="This person holds this role in this trust already.",
            ),
        ]
        indexes = [models.Index(fields=["role", "post", "school"], name="membership_role")]

    def __str__(self) -> str:
        return f"{self.user}: {self.title} at {self.place}"

    @property
    def place(self) -> School | Trust:
        """Where it holds: one school, or every school of a trust."""
        return self.school or self.trust

    @property
    def title(self) -> str:
        """The role in the portal's own words; a school's titles are in its profile."""
        return self.get_post_display() or self.get_role_display()

    def is_active(self, on: date | None = None) -> bool:
        """Whether it is in force on a day."""
        day = on or timezone.localdate()
        return self.ended_at is None and self.starts <= day and (self.ends is None or self.ends >= day)
