"""Work on a case: who was let in, its chronology, its actions, its links; cover for a DSL who is away."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from guardian.models import UserObjectPermissionBase

from core.append_only import append_only
from incidents.models.concern import Concern
from people.models import School

USER = settings.AUTH_USER_MODEL


class Right(models.TextChoices):
    """What a person may do on one case by name; each is a permission of django-guardian on `Concern`."""

    READ = "read_case", "Read it and add notes"
    HANDLE = "handle_case", "Handle it"


class ConcernGrant(UserObjectPermissionBase):
    """django-guardian's grant by name on one concern, with an end. Its history is `Share`."""

    content_object = models.ForeignKey(Concern, models.CASCADE, related_name="grants")
    until = models.DateTimeField(null=True, blank=True)

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False


class Share(models.Model):
    """The history row beside a grant: who let whom in, why, from when until when."""

    class Why(models.TextChoices):
        SHARED = "shared", "Shared for this case"
        ASSIGNED = "assigned", "Assigned to them"
        DUTY = "duty", "On duty"

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    concern = models.ForeignKey(Concern, models.PROTECT, related_name="shares")
    user = models.ForeignKey(USER, models.PROTECT, related_name="+")
    right = models.CharField(max_length=12, choices=Right.choices)
    why = models.CharField(max_length=10, choices=Why.choices)
    by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["concern", "user", "right"], condition=Q(ended_at=None), name="share_once_in_force"
            )
        ]
        indexes = [models.Index(fields=["until"], condition=Q(ended_at=None), name="share_until")]

    def __str__(self) -> str:
        return f"share of {self.concern_id}"


class EntryKind(models.TextChoices):
    """What a line of the chronology is."""

    RECEIVED = "received", "Concern received"
    READ = "read", "First read"
    NOTE = "note", "Note"
    CORRECTION = "correction", "Correction of an earlier note"
    PERSON = "person", "A person added"
    MISTAKE = "mistake", "A person was added by mistake"
    CATEGORY = "category", "Category or urgency changed"
    ASSIGNED = "assigned", "Assigned"
    SHARED = "shared", "Shared"
    UNSHARED = "unshared", "Sharing ended"
    RECUSED = "recused", "Somebody stood back"
    WIDENED = "widened", "Went to somebody else"
    GLASS = "glass", "Read with emergency access"
    LINKED = "linked", "Linked to another case"
    ACTION = "action", "Action"
    ACTION_DONE = "action_done", "Action done"
    WAITING = "waiting", "Waiting"
    POLICY = "policy", "Policy and clauses"
    REFERRAL = "referral", "Referral"
    ADVICE = "advice", "Advice received"
    OVERRIDE = "override", "Went ahead without advice"
    DECISION = "decision", "Decision"
    SANCTION = "sanction", "Sanction or measure"
    PARENTS = "parents", "Parents told or met"
    WISH = "wish", "Wish of the person harmed"
    EVIDENCE = "evidence", "Evidence added"
    IMAGE = "image", "Marked: could be an indecent image"
    BREACH = "breach", "Data protection breach"
    HEARING = "hearing", "Hearing of a complaint"
    ACKNOWLEDGED = "acknowledged", "Complaint acknowledged"
    REFERENCE = "reference", "Reference of the child protection system"
    PACK = "pack", "Chronology pack made"
    CLOSED = "closed", "Closed"
    REOPENED = "reopened", "Opened again"


@append_only
class Entry(models.Model):
    """One line of the chronology: added to, corrected by a further one, never edited."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    concern = models.ForeignKey(Concern, models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=14, choices=EntryKind.choices)
    by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    happened_at = models.DateTimeField(
        null=True, blank=True, help_text="of what it tells, if that was earlier"
    )
    corrects = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="corrections")
    sha256 = models.CharField(max_length=64, blank=True, help_text="of its words")
    data = models.JSONField(default=dict, blank=True, help_text="ids and choices, never names")

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["concern", "at"], name="entry_concern")]

    def __str__(self) -> str:
        return f"entry of {self.concern_id}"


class EntryText(models.Model):
    """The words of a line, in a row of their own so that they can be erased in their time."""

    entry = models.OneToOneField(Entry, models.PROTECT, related_name="body")
    text = models.TextField()

    def __str__(self) -> str:
        return f"words of {self.entry_id}"


class ActionKind(models.TextChoices):
    """What an action is for: one that a person set, or a deadline of its own."""

    OTHER = "other", "To do"
    LADO = "lado", "Refer to the LADO"
    POLICE = "police", "Contact the police"
    HR = "hr", "Ask HR for advice"
    ICO = "ico", "Decide whether to report the breach to the ICO"
    ACKNOWLEDGE = "acknowledge", "Acknowledge the complaint"
    PARENTS = "parents", "Tell the parents"


class Action(models.Model):
    """Something to do on a case, by a person and a time. Statutory ones know no holidays of the school."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    concern = models.ForeignKey(Concern, models.PROTECT, related_name="actions")
    kind = models.CharField(max_length=12, choices=ActionKind.choices, default=ActionKind.OTHER)
    text = models.CharField(max_length=500, blank=True)
    owner = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    due_at = models.DateTimeField()
    by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    told_at = models.DateTimeField(null=True, blank=True, help_text="when it was told that it is due")
    late_told_at = models.DateTimeField(null=True, blank=True, help_text="when it was told that it is late")
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["due_at", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["concern", "kind"],
                condition=Q(done_at=None) & ~Q(kind="other"),
                name="deadline_once_open",
            )
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(done_at=None), name="action_due"),
            models.Index(fields=["owner", "due_at"], condition=Q(done_at=None), name="action_owner"),
            models.Index(fields=["concern", "due_at"], condition=Q(done_at=None), name="action_concern"),
        ]

    def __str__(self) -> str:
        return f"action on {self.concern_id}"

    @property
    def title(self) -> str:
        """What is to do, in words."""
        return self.text if self.kind == ActionKind.OTHER else self.get_kind_display()


class CaseLink(models.Model):
    """Two cases that belong together; each person keeps their own part in each."""

    first = models.ForeignKey(Concern, models.PROTECT, related_name="links_to")
    second = models.ForeignKey(Concern, models.PROTECT, related_name="links_from")
    because = models.CharField(max_length=300)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="case_link_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="case_link_in_order"),
        ]

    def __str__(self) -> str:
        return f"link {self.first_id}-{self.second_id}"


@append_only
class GlassBreak(models.Model):
    """Emergency access to a school's concerns for a few hours, with a reason (design 3.5)."""

    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    user = models.ForeignKey(USER, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField()

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["user", "until"], name="glass_user")]

    def __str__(self) -> str:
        return f"emergency access until {self.until:%d/%m/%Y %H:%M}"


class DutyCover(models.Model):
    """Who is the DSL on duty from one day to another, such as in the holidays."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    user = models.ForeignKey(USER, models.PROTECT, related_name="+")
    starts = models.DateField()
    ends = models.DateField("last day")
    set_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["starts", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="duty_ends_after_start")
        ]
        indexes = [models.Index(fields=["school", "ends"], name="duty_school")]

    def __str__(self) -> str:
        return f"on duty until {self.ends:%d/%m/%Y}"
