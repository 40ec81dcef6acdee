"""The log of inappropriate comments and abuse (CIT-2.45, STM-2.17), and evidence for it or for a concern."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import SocialAccount
from core.append_only import append_only
from incidents.models.concern import Concern
from people.models import School

USER = settings.AUTH_USER_MODEL


class AbuseNature(models.TextChoices):
    """What an entry is about."""

    OFFENSIVE = "offensive", "Offensive or insulting"
    THREAT = "threat", "Threat"
    HATE = "hate", "Hate or discrimination"
    HARASSMENT = "harassment", "Harassment of somebody"
    FALSE = "false", "False statement about the school or somebody"
    SEXUAL = "sexual", "Sexual"
    SPAM = "spam", "Spam or scam"
    OTHER = "other", "Something else"


class Against(models.TextChoices):
    """Against whom it is directed."""

    SCHOOL = "school", "The school or trust"
    STAFF = "staff", "A member of staff"
    PUPIL = "pupil", "A pupil"
    OTHER = "other", "Somebody else"


class AbuseEntry(models.Model):
    """One entry. What was logged is frozen; whether it is also a concern is asked and kept on the concern's side."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    once = models.UUIDField(unique=True, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    account = models.ForeignKey(SocialAccount, models.PROTECT, null=True, blank=True, related_name="+")
    elsewhere = models.CharField("where, if not on an account of the school", max_length=300, blank=True)
    seen_at = models.DateTimeField("when it was seen")
    author = models.CharField("author as shown", max_length=150)
    words = models.TextField("what was written or shown")
    nature = models.CharField(max_length=12, choices=AbuseNature.choices)
    against = models.CharField(max_length=8, choices=Against.choices)
    address = models.TextField("address, as text", blank=True)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-seen_at", "-pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(account__isnull=False) | ~Q(elsewhere=""), name="abuse_says_where"
            )
        ]
        indexes = [
            models.Index(fields=["school", "-seen_at"], name="abuse_school_seen"),
            models.Index(fields=["school", "done_at", "-seen_at"], name="abuse_school_open"),
            models.Index(fields=["by", "-at"], name="abuse_by"),
        ]

    def __str__(self) -> str:
        return "Entry of the abuse log"

    @property
    def where(self) -> str:
        """On which account, or where else."""
        return self.account.name if self.account_id else self.elsewhere


@append_only
class AbuseAct(models.Model):
    """What was done about an entry, and by whom. What was hidden or deleted there stays here (CBC-11.03)."""

    class Did(models.TextChoices):
        ANSWERED = "answered", "Answered"
        HIDDEN = "hidden", "Hidden"
        DELETED = "deleted", "Deleted"
        REPORTED = "reported", "Reported to the platform"
        BLOCKED = "blocked", "User blocked"
        POLICE = "police", "Police told"
        LEFT = "left", "Left as it is"
        OTHER = "other", "Something else"

    entry = models.ForeignKey(AbuseEntry, models.PROTECT, related_name="acts")
    did = models.CharField(max_length=10, choices=Did.choices)
    note = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"act on {self.entry_id}"


class EvidenceKind(models.TextChoices):
    """What a piece of evidence is."""

    FILE = "file", "File"
    TEXT = "text", "Text, copied word for word"
    LINK = "link", "Address, as text"


@append_only
class Evidence(models.Model):
    """One piece of evidence: who captured it, when and where (CBC-11.04). Never deleted, never changed."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    concern = models.ForeignKey(Concern, models.PROTECT, null=True, blank=True, related_name="evidence")
    abuse = models.ForeignKey(AbuseEntry, models.PROTECT, null=True, blank=True, related_name="evidence")
    kind = models.CharField(max_length=5, choices=EvidenceKind.choices)
    captured_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    media_type = models.CharField(max_length=40, blank=True)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["captured_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(concern__isnull=False, abuse=None) | Q(concern=None, abuse__isnull=False),
                name="evidence_of_one_record",
            )
        ]

    def __str__(self) -> str:
        return "Evidence"


class EvidenceBody(models.Model):
    """What it is and where it was: words and files, in a row of their own."""

    evidence = models.OneToOneField(Evidence, models.PROTECT, related_name="body")
    place = models.CharField("site or address where it was seen", max_length=500)
    captured_by = models.CharField("who captured it", max_length=150)
    title = models.CharField("what it shows, in a few words", max_length=200)
    text = models.TextField(blank=True)
    original_name = models.CharField(max_length=200, blank=True)
    original = models.FileField(upload_to="evidence/original", blank=True, max_length=120)
    shown = models.FileField(upload_to="evidence/shown", blank=True, max_length=120)

    def __str__(self) -> str:
        return f"body of {self.evidence_id}"


@append_only
class Custody(models.Model):
    """Who did what with a piece of evidence: added, looked at, took the original, put it into a pack."""

    class Did(models.TextChoices):
        ADDED = "added", "Added"
        SEEN = "seen", "Looked at"
        TAKEN = "taken", "Downloaded the original"
        PACKED = "packed", "Put into a pack"

    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="custody")
    did = models.CharField(max_length=7, choices=Did.choices)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["evidence", "at"], name="custody_evidence")]

    def __str__(self) -> str:
        return f"custody of {self.evidence_id}"
