"""Requests to grant or end a right on an account."""

import uuid

from django.conf import settings
from django.db import models

from accounts.choices import Right
from accounts.models.account import SocialAccount
from approvals.models import ApprovalRequest
from people.models import School


class RightsRequest(models.Model):
    """One person, one right, one account: to be granted or to be ended."""

    class Move(models.TextChoices):
        GRANT = "grant", "Give"
        END = "end", "End"

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    account = models.ForeignKey(SocialAccount, models.PROTECT, related_name="rights_requests")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    right = models.CharField(max_length=14, choices=Right.choices)
    move = models.CharField(max_length=5, choices=Move.choices, default=Move.GRANT)
    until = models.DateField("last day", null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approval = models.OneToOneField(ApprovalRequest, models.PROTECT, related_name="rights_request")
    open = models.BooleanField(default=True)
    before_live = models.BooleanField(default=False, help_text="going live waits for it")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "user", "right", "move"],
                condition=models.Q(open=True),
                name="rights_request_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_move_display()} {self.get_right_display()} for {self.user}"
