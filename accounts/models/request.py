"""A request for a social media account, from draft to decision (forms 3c and 3d)."""

import uuid

from django.conf import settings
from django.db import models

from accounts.choices import Form, Openness, Right
from approvals.models import ApprovalRequest
from core.append_only import append_only
from core.models import Platform
from core.roles import Post, Role
from people.models import School

WITHOUT_NAME = "Account without a name yet"


class AccountRequest(models.Model):
    """One request. A draft is its author's; from submission on `approval` carries its road.

    Every answer may be blank while it is a draft; what must be answered is in accounts.questions.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    once = models.UUIDField(unique=True, editable=False, help_text="one form sent five times is one request")
    school = models.ForeignKey(School, models.PROTECT, related_name="account_requests")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="account_requests"
    )
    form = models.CharField(max_length=12, choices=Form.choices)
    approval = models.OneToOneField(
        ApprovalRequest, models.PROTECT, null=True, blank=True, related_name="account_request"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    discarded_at = models.DateTimeField(null=True, blank=True)

    name = models.CharField(max_length=120, blank=True)
    platform = models.ForeignKey(Platform, models.PROTECT, null=True, blank=True, related_name="+")
    handle = models.CharField(max_length=100, blank=True)
    official_email = models.EmailField(blank=True)
    department = models.CharField(max_length=120, blank=True)
    openness = models.CharField(max_length=6, choices=Openness.choices, blank=True)
    host = models.CharField(max_length=200, blank=True)
    aims = models.TextField(blank=True)
    content = models.TextField(blank=True)
    investment = models.TextField(blank=True)
    engagement = models.TextField(blank=True)
    effort = models.TextField(blank=True)
    evaluation = models.TextField(blank=True)
    promotion = models.TextField(blank=True)
    go_live_on = models.DateField(null=True, blank=True)
    audience = models.JSONField(default=list, blank=True)
    audience_age_from = models.PositiveSmallIntegerField(null=True, blank=True)
    audience_age_to = models.PositiveSmallIntegerField(null=True, blank=True)
    audience_schools = models.CharField(max_length=300, blank=True)
    audience_other = models.CharField(max_length=300, blank=True)
    contributors = models.JSONField(default=list, blank=True)
    contributors_age_from = models.PositiveSmallIntegerField(null=True, blank=True)
    contributors_age_to = models.PositiveSmallIntegerField(null=True, blank=True)
    contributors_schools = models.CharField(max_length=300, blank=True)
    contributors_other = models.CharField(max_length=300, blank=True)
    vetter_name = models.CharField(max_length=150, blank=True)
    vetter_role = models.CharField(max_length=150, blank=True)
    advertise = models.TextField(blank=True)
    parents_consent = models.TextField(blank=True)
    security = models.TextField(blank=True)
    learners_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-changed_at", "-pk"]
        indexes = [models.Index(fields=["school", "-changed_at"], name="account_request_school")]

    def __str__(self) -> str:
        return self.name or WITHOUT_NAME

    @property
    def status(self) -> str:
        """Draft, discarded, or where its approval stands."""
        if self.discarded_at:
            return "discarded"
        return self.approval.status if self.approval_id else "draft"

    @property
    def is_editable(self) -> bool:
        """Whether its author may change it: a draft, or a request that came back."""
        return self.status in ("draft", ApprovalRequest.Status.RETURNED)


class ProposedPerson(models.Model):
    """A person proposed for an account: in a request, or entered with an account that exists already."""

    request = models.ForeignKey(
        AccountRequest, models.CASCADE, null=True, blank=True, related_name="proposed_people"
    )
    account = models.ForeignKey(
        "accounts.SocialAccount", models.CASCADE, null=True, blank=True, related_name="proposed_people"
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    right = models.CharField(max_length=14, choices=Right.choices)

    class Meta:
        ordering = ["right", "user__full_name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(request__isnull=False, account__isnull=True)
                | models.Q(request__isnull=True, account__isnull=False),
                name="proposed_for_request_or_account",
            ),
            models.UniqueConstraint(fields=["request", "user", "right"], name="proposed_once_in_request"),
            models.UniqueConstraint(fields=["account", "user", "right"], name="proposed_once_on_account"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_right_display()}"


class Topic(models.TextChoices):
    """What an exchange on a request is about."""

    CONSULTATION = "consultation", "Purpose and content"
    TECHNICAL = "technical", "Technical support"


class ConsultedRole(models.Model):
    """A role that was asked, from the profile at that time, so that its holders see the draft."""

    request = models.ForeignKey(AccountRequest, models.CASCADE, related_name="consulted")
    topic = models.CharField(max_length=12, choices=Topic.choices)
    role = models.CharField(max_length=20, choices=Role.choices)
    post = models.CharField(max_length=20, choices=Post.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "topic", "role", "post"], name="consulted_once"),
        ]

    def __str__(self) -> str:
        return f"{self.role} on {self.topic}"

    @property
    def spec(self) -> str:
        """Who was asked, as a role spec."""
        return f"{self.role}/{self.post}" if self.post else self.role


@append_only
class ConsultationMessage(models.Model):
    """One message of the exchange (CIT-2.43, CIT-2.44, STM-2.16, STM-2.36). Added to, never changed."""

    request = models.ForeignKey(AccountRequest, models.PROTECT, related_name="messages")
    once = models.UUIDField(unique=True, editable=False)
    topic = models.CharField(max_length=12, choices=Topic.choices)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.author}, {self.at:%d/%m/%Y %H:%M}"
