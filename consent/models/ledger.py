"""The ledger of consent: what was said for a pupil, by whom, when and how. It is only ever added to."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from consent.models.pupil import Contact, Pupil
from consent.models.purpose import Purpose, Wording
from core.append_only import append_only
from people.models import School


class Standing(models.TextChoices):
    """In what capacity somebody answers (CIT-7.05 to 7.07, STM-7.06)."""

    PARENTAL = "parental", "Parental responsibility"
    UNPROVEN = "unproven", "Parental responsibility not recorded"
    NONE = "none", "No parental responsibility"
    ADULT = "adult", "The pupil, at 18"
    CAPABLE = "capable", "The pupil, who understands what it means"
    PUPIL = "pupil", "The pupil"
    FOR_ADULT = "for_adult", "For a pupil of 18 who cannot decide"


class Route(models.TextChoices):
    """How the answer reached the school."""

    LINK = "link", "The link in an e-mail"
    PAPER = "paper", "A paper form"
    EMAIL = "email", "An e-mail"
    LETTER = "letter", "A letter"
    IN_PERSON = "in_person", "In person"
    TELEPHONE = "telephone", "A telephone call"


WRITTEN = (Route.LINK, Route.PAPER, Route.EMAIL, Route.LETTER)
"""Routes that are in writing (CIT-7.10, STM-7.10)."""


class Weight(models.TextChoices):
    """Whether an answer counts. A "no" that is to be checked is respected meanwhile; a "yes" waits."""

    COUNTS = "counts", "Counts"
    TO_CHECK = "to_check", "To be checked by the school"
    NOTED = "noted", "Noted: it does not count until it comes in writing"


class Effect(models.TextChoices):
    """What an answer did."""

    GIVEN = "given", "Consent given"
    REFUSED = "refused", "Consent refused"
    WITHDRAWN = "withdrawn", "Consent withdrawn"
    OBJECTION = "objection", "Objection"
    AMENDED = "amended", "Changed to yes"
    SET_ASIDE = "set_aside", "Set aside: it does not count"


@append_only
class Reply(models.Model):
    """What one person said for one pupil in one go. No contact: the pupil answered."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    once = models.UUIDField(unique=True, editable=False, help_text="one form sent five times is one reply")
    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="replies")
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="replies")
    standing = models.CharField(max_length=10, choices=Standing.choices)
    route = models.CharField(max_length=10, choices=Route.choices)
    weight = models.CharField(max_length=8, choices=Weight.choices)
    received_at = models.DateTimeField(help_text="when it reached the school")
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    settles = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="settled_by",
        help_text="the reply checked",
    )

    class Meta:
        ordering = ["-received_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(recorded_by__isnull=False) | Q(route="link"),
                name="reply_was_recorded_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["school", "-recorded_at"], name="reply_school"),
            models.Index(fields=["school", "weight"], name="reply_weight"),
        ]

    def __str__(self) -> str:
        return f"reply {self.uuid}"


@append_only
class Answer(models.Model):
    """One line of a reply: yes or no to one purpose. It repeats what the present state is worked out from.

    `valid_until` is the last day on which a yes holds; a no holds until the same person says yes.
    """

    reply = models.ForeignKey(Reply, models.PROTECT, related_name="answers")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="+", db_index=False)
    purpose = models.ForeignKey(Purpose, models.PROTECT, related_name="+")
    wording = models.ForeignKey(Wording, models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=9, choices=Effect.choices)
    allows = models.BooleanField()
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="+")
    standing = models.CharField(max_length=10, choices=Standing.choices)
    weight = models.CharField(max_length=8, choices=Weight.choices)
    received_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["received_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["reply", "purpose"], name="answer_once_a_reply")]
        indexes = [models.Index(fields=["pupil", "purpose"], name="answer_pupil_purpose")]

    def __str__(self) -> str:
        return f"answer {self.pk}"


class ReplyWords(models.Model):
    """What was said besides yes and no, kept apart so that it can be erased."""

    reply = models.OneToOneField(Reply, models.PROTECT, related_name="words")
    text = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"words of {self.reply_id}"


class Scan(models.Model):
    """The paper or letter behind a reply, as it was uploaded. The file goes on erasure, its hash stays."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    reply = models.ForeignKey(Reply, models.PROTECT, related_name="scans")
    file = models.FileField(upload_to="consent/scans", blank=True)
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"scan {self.uuid}"


class Says(models.TextChoices):
    """What the ledger says about one pupil and one purpose."""

    YES = "yes", "Yes"
    NO = "no", "No"
    SPLIT = "split", "No: they disagree"
    HELD = "held", "No: to be checked"
    NOTHING = "nothing", "No answer"


class Position(models.Model):
    """The present state, worked out from the ledger, for lists and figures. The check reads the ledger itself.

    A row stands where something was said. `yes_until` is the last day of the longest yes (None: no end), so
    the row needs no nightly change.
    """

    pupil = models.ForeignKey(Pupil, models.CASCADE, related_name="positions", db_index=False)
    purpose = models.ForeignKey(Purpose, models.CASCADE, related_name="positions", db_index=False)
    says = models.CharField(max_length=7, choices=Says.choices)
    yes_until = models.DateField(null=True, blank=True)
    answered_for = models.DateField(
        null=True,
        blank=True,
        help_text="the last day of the period for which there is an answer; none: no end",
    )
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pupil", "purpose"], name="position_once")]
        indexes = [models.Index(fields=["purpose", "says"], name="position_purpose_says")]

    def __str__(self) -> str:
        return f"position {self.pk}"
