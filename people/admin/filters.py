"""Filters of the lists: they offer only one's own schools and trusts."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from core.rules_admin import OwnFilter
from people.access import membership_rules, school_rules, trust_rules
from people.models.membership import active_q


class OwnSchool(OwnFilter):
    """Rows of one school."""

    title = "school"
    parameter_name = "school"
    rules = school_rules


class OwnTrust(OwnFilter):
    """Rows of one trust."""

    title = "trust"
    parameter_name = "trust"
    rules = trust_rules


class MembershipSchool(OwnSchool):
    """Roles that count at a school, trust-wide ones included."""

    def narrow(self, request: HttpRequest, queryset: QuerySet, row: Any) -> QuerySet:
        """The roles there."""
        return queryset.at_school(row)


class UserSchool(OwnSchool):
    """People with a role at a school, among the roles that one may see."""

    def narrow(self, request: HttpRequest, queryset: QuerySet, row: Any) -> QuerySet:
        """The people there."""
        rows = membership_rules.visible_to(request.user, "view").at_school(row)
        return queryset.filter(pk__in=rows.values("user"))


class ProfileTrust(OwnTrust):
    """The profile of a trust and those of its schools."""

    def narrow(self, request: HttpRequest, queryset: QuerySet, row: Any) -> QuerySet:
        """The profiles of the trust."""
        return queryset.filter(Q(trust=row) | Q(school__trust=row))


class InForce(admin.SimpleListFilter):
    """Whether a role is in force today."""

    title = "in force"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Three states."""
        return [("active", "In force"), ("future", "Starts later"), ("ended", "Ended")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """The roles in this state."""
        today = timezone.localdate()
        ended = ~Q(ended_at=None) | Q(ends__lt=today)
        states = {
            "active": queryset.filter(active_q()),
            "future": queryset.filter(starts__gt=today).exclude(ended),
            "ended": queryset.filter(ended),
        }
        return states.get(self.value() or "", queryset)
