"""Comments, queries and complaints that arrived on an account, and the clock for an answer (RAV-4.02 to 4.04)."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import SocialAccount
from core.append_only import append_only
from incidents.models.abuse import AbuseEntry
from people.models import School

USER = settings.AUTH_USER_MODEL


class Comment(models.Model):
    """One comment. What arrived is frozen, but for a wrong time, which may be corrected before an answer.

    `due_at` was worked out when it was logged, and is empty without a clock. `next_at` and `stage` are the
    sweep's: when something is to be done next, and what. An acknowledgement ends the clock, the matter stays
    open until it is resolved (subtle 53). `answered_at` is when it was answered there, which may be before that
    was recorded. Left without an answer (`left_at`), the clock has ended too, and it is counted apart.
    """

    class Kind(models.TextChoices):
        COMMENT = "comment", "Comment"
        QUERY = "query", "Question"
        COMPLAINT = "complaint", "Complaint"
        POLICY = "policy", "Complaint about the social media policy"
        PRESS = "press", "A journalist"

    class Source(models.TextChoices):
        HAND = "hand", "Logged by hand"
        FILE = "file", "From a file"

    class Stage(models.IntegerChoices):
        REMIND = 1, "A reminder comes next"
        BREACH = 2, "The time runs out next"
        ESCALATE = 3, "Whoever is next in the road is told next"
        DONE = 9, "Nothing more"

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    once = models.UUIDField(unique=True, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    account = models.ForeignKey(SocialAccount, models.PROTECT, related_name="comments")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    author = models.CharField("author as shown", max_length=150)
    words = models.TextField("what was written")
    received_at = models.DateTimeField("when it reached the account")
    logged_at = models.DateTimeField(default=timezone.now)
    logged_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    source = models.CharField(max_length=4, choices=Source.choices, default=Source.HAND)
    due_at = models.DateTimeField(null=True, blank=True)
    stage = models.PositiveSmallIntegerField(choices=Stage.choices, default=Stage.DONE)
    next_at = models.DateTimeField(null=True, blank=True)
    owner = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField("acknowledged or answered there", null=True, blank=True)
    answered_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    left_at = models.DateTimeField("left without an answer", null=True, blank=True)
    left_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    offensive = models.ForeignKey(AbuseEntry, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-received_at", "-pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None) | Q(answered_by__isnull=False),
                name="comment_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(left_by__isnull=False), name="comment_left_by_somebody"
            ),
            models.CheckConstraint(
                condition=Q(resolved_at=None) | Q(resolved_by__isnull=False),
                name="comment_resolved_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["school", "resolved_at", "due_at"], name="comment_board"),
            models.Index(fields=["account", "-received_at"], name="comment_account"),
            models.Index(fields=["school", "-received_at"], name="comment_school"),
            models.Index(
                fields=["owner", "due_at"], condition=Q(resolved_at=None), name="comment_owner_open"
            ),
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="comment_next"),
        ]

    def __str__(self) -> str:
        return f"Comment of {timezone.localtime(self.received_at):%d/%m/%Y %H:%M}"


@append_only
class CommentStep(models.Model):
    """What happened to a comment, in order. Words that may name a person stand in `CommentNote`.

    `single` repeats `did` for what can happen only once (ONCE), so that the database refuses it a second time.
    """

    class Did(models.TextChoices):
        LOGGED = "logged", "Logged"
        TAKEN = "taken", "Taken on"
        ASKED = "asked", "Second opinion asked for"
        OPINION = "opinion", "Second opinion given"
        ACKNOWLEDGED = "acknowledged", "Acknowledged"
        ANSWERED = "answered", "Answered"
        HIDDEN = "hidden", "Hidden or removed there"
        NO_ANSWER = "no_answer", "Left without an answer"
        PASSED = "passed", "Passed on"
        RECLASSED = "reclassed", "Put under another kind"
        ABUSE = "abuse", "Reported as offensive"
        CORRECTED = "corrected", "Time corrected"
        NOTE = "note", "Note"
        REMINDED = "reminded", "Reminder sent"
        BREACHED = "breached", "Time ran out without an answer"
        ESCALATED = "escalated", "Passed up the line"
        RESOLVED = "resolved", "Resolved"
        REOPENED = "reopened", "Opened again"

    ONCE = (Did.LOGGED, Did.ABUSE, Did.REMINDED, Did.BREACHED, Did.ESCALATED)

    comment = models.ForeignKey(Comment, models.PROTECT, related_name="steps")
    did = models.CharField(max_length=12, choices=Did.choices)
    by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    single = models.CharField("what can happen only once, else empty", max_length=12, null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["comment", "single"], name="comment_step_once"),
        ]

    def __str__(self) -> str:
        return f"step of comment {self.comment_id}"


class CommentNote(models.Model):
    """The words of a step: an answer, an opinion, why. In a row of its own, so that it can be erased."""

    step = models.OneToOneField(CommentStep, models.PROTECT, related_name="note")
    text = models.TextField()

    def __str__(self) -> str:
        return f"words of step {self.step_id}"


class SecondOpinion(models.Model):
    """A draft of an answer, shown to a colleague before it is given (RAV-10.06)."""

    class Verdict(models.TextChoices):
        GOOD = "good", "Send it as it is"
        CHANGE = "change", "Change it first"
        DO_NOT = "do_not", "Do not answer"

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    once = models.UUIDField(unique=True, editable=False)
    comment = models.ForeignKey(Comment, models.PROTECT, related_name="opinions")
    draft = models.TextField("answer as drafted")
    asked_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    asked_of = models.ForeignKey(USER, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    verdict = models.CharField(max_length=6, choices=Verdict.choices, blank=True)
    advice = models.TextField(blank=True)
    given_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "asked_of"],
                condition=Q(given_at=None),
                name="opinion_asked_once_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["asked_of"], condition=Q(given_at=None), name="opinion_waiting"),
        ]

    def __str__(self) -> str:
        return f"opinion on comment {self.comment_id}"
