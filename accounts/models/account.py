"""The register of official accounts, and who holds which right on each."""

from datetime import date
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.utils import timezone
from guardian.models import UserObjectPermissionBase

from accounts.choices import Openness, Right
from accounts.models.request import AccountRequest
from approvals.models import ApprovalRequest
from core.models import Platform
from people.models import School


class SocialAccountQuerySet(models.QuerySet):
    """Reads of the register."""

    def with_administrators(self) -> "SocialAccountQuerySet":
        """Add `administrators`: how many distinct people hold administrator rights in force."""
        return self.annotate(
            administrators=Count(
                "rights__user",
                filter=right_in_force("rights__") & Q(rights__right=Right.ADMINISTRATOR),
                distinct=True,
            )
        )


def right_in_force(prefix: str = "", on: date | None = None) -> Q:
    """The condition for a right in force on a day in London, of an active person."""
    day = on or timezone.localdate()
    return Q(**{f"{prefix}ended_at": None, f"{prefix}user__is_active": True}) & (
        Q(**{f"{prefix}until": None}) | Q(**{f"{prefix}until__gte": day})
    )


class SocialAccount(models.Model):
    """One account in the register. An account of the whole trust belongs to its central team."""

    class Status(models.TextChoices):
        UNCONFIRMED = "unconfirmed", "Entered, not yet confirmed"
        APPROVED = "approved", "Approved, not yet live"
        LIVE = "live", "Live"
        CLOSED = "closed", "Closed"
        REFUSED = "refused", "Not confirmed"

    OPEN = (Status.UNCONFIRMED, Status.APPROVED, Status.LIVE)

    uuid = models.UUIDField(unique=True, default=uuid4, editable=False)
    once = models.UUIDField(unique=True, default=uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="social_accounts")
    request = models.OneToOneField(
        AccountRequest, models.PROTECT, null=True, blank=True, related_name="account"
    )
    confirmation = models.OneToOneField(
        ApprovalRequest, models.PROTECT, null=True, blank=True, related_name="entered_account"
    )
    platform = models.ForeignKey(Platform, models.PROTECT, related_name="accounts")
    name = models.CharField(max_length=120)
    handle = models.CharField(max_length=100, blank=True)
    address = models.CharField(max_length=500, blank=True)
    official_email = models.EmailField(blank=True)
    purpose = models.TextField(blank=True)
    audience = models.JSONField(default=list, blank=True)
    openness = models.CharField(max_length=6, choices=Openness.choices, blank=True)
    status = models.CharField(max_length=12, choices=Status.choices)
    go_live_on = models.DateField(null=True, blank=True)
    live_since = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    closed_because = models.CharField(max_length=500, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SocialAccountQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        permissions = [(right.value, right.label) for right in Right]
        constraints = [
            models.UniqueConstraint(
                "school",
                "platform",
                models.functions.Lower("handle"),
                condition=~Q(handle="") & Q(status__in=["unconfirmed", "approved", "live"]),
                name="account_handle_once",
            ),
            models.CheckConstraint(
                condition=~Q(status="live") | Q(live_since__isnull=False), name="account_live_has_a_date"
            ),
        ]
        indexes = [
            models.Index(fields=["school", "status", "name"], name="account_school_status"),
            models.Index(fields=["school", "name"], name="account_school_name"),
        ]

    def __str__(self) -> str:
        return self.name


class SocialAccountGrant(UserObjectPermissionBase):
    """django-guardian's grant by name on one account, with a last day. Its history is `AccountRight`."""

    content_object = models.ForeignKey(SocialAccount, models.CASCADE, related_name="grants")
    until = models.DateField(null=True, blank=True)

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False


class AccountRight(models.Model):
    """The history row beside a grant: who, what, by whose approval, from when until when."""

    uuid = models.UUIDField(unique=True, default=uuid4, editable=False)
    account = models.ForeignKey(SocialAccount, models.PROTECT, related_name="rights")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="account_rights")
    right = models.CharField(max_length=14, choices=Right.choices)
    granted_at = models.DateTimeField()
    approval = models.ForeignKey(ApprovalRequest, models.PROTECT, related_name="+")
    until = models.DateField("last day", null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_because = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["right", "user__full_name"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "user", "right"], condition=Q(ended_at=None), name="right_once_in_force"
            ),
        ]
        indexes = [
            models.Index(fields=["user", "right"], condition=Q(ended_at=None), name="right_of_user"),
            models.Index(
                fields=["until"], condition=Q(ended_at=None, until__isnull=False), name="right_until"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_right_display()}"
