"""Requests to open a blocked site (STM-13), what was said about them, and the link for the IT provider."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from approvals.models.engine import ApprovalRequest
from approvals.models.timed import TimedOpening, timed_constraints
from core.append_only import append_only


class UnblockRequest(TimedOpening):
    """One request. What was asked is frozen in the approval's rounds; a returned one may be changed."""

    class Why(models.TextChoices):
        MISTAKE = "mistake", "It is blocked by mistake"
        PERMISSION = "permission", "I need special permission"

    class Category(models.TextChoices):
        LEARNING = "learning", "Teaching and learning"
        REFERENCE = "reference", "News, reference and search"
        VIDEO = "video", "Video, music and images"
        SOCIAL = "social", "Social media and messaging"
        GAMES = "games", "Games"
        OFFICE = "office", "Tools for work"
        SERVICES = "services", "Public services, health and advice"
        OTHER = "other", "Something else"

    approval = models.OneToOneField(ApprovalRequest, models.PROTECT, related_name="unblock_request")
    why = models.CharField(max_length=10, choices=Why.choices)
    category = models.CharField(max_length=10, choices=Category.choices)
    addresses = models.TextField(help_text="one a line, as typed; never fetched, never a link")
    hosts = models.JSONField(default=list, help_text="the sites of the addresses, in ASCII")
    site_content = models.TextField()
    reasons = models.TextField()
    risks = models.TextField()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            *timed_constraints("unblock"),
            models.CheckConstraint(
                condition=models.Q(until__isnull=False) | models.Q(why="mistake"),
                name="unblock_permission_ends",
                violation_error_message="Special permission has a last day.",
            ),
        ]
        indexes = [
            models.Index(fields=["school", "-created_at"], name="unblock_school"),
            models.Index(fields=["school", "stage"], name="unblock_school_stage"),
            models.Index(
                fields=["next_at"], condition=models.Q(next_at__isnull=False), name="unblock_next_at"
            ),
        ]

    def __str__(self) -> str:
        first = self.hosts[0] if self.hosts else "a site"
        more = len(self.hosts) - 1
        return f"{first} and {more} more" if more > 0 else first


@append_only
class UnblockNote(models.Model):
    """A technical view on a request, for whoever decides: by a technician, or by the IT provider."""

    request = models.ForeignKey(UnblockRequest, models.PROTECT, related_name="notes")
    once = models.UUIDField(unique=True, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    author_name = models.CharField(max_length=150)
    text = models.TextField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.author_name}, {self.at:%d/%m/%Y %H:%M}"


def in_sixty_days() -> "timezone.datetime":
    """When a link made now ends."""
    return timezone.now() + timedelta(days=60)


class OutsideLink(models.Model):
    """A link with which the IT provider, who has no account, answers one request. Signed, stored nowhere."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(UnblockRequest, models.PROTECT, related_name="links")
    address = models.EmailField()
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(default=in_sixty_days)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["request"], condition=models.Q(revoked_at=None), name="one_link_in_force"
            )
        ]

    def __str__(self) -> str:
        return f"link for {self.request_id}"

    @property
    def is_open(self) -> bool:
        """Whether it still works."""
        return self.revoked_at is None and self.expires_at > timezone.now()
