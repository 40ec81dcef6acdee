"""A concern: what was reported, whom it concerns, to whom it goes, and who may know nothing of it."""

import secrets
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from consent.models import Pupil
from core.append_only import append_only
from core.roles import Post, Role
from incidents.models.matter import Matter
from people.models import School

LETTERS = "23456789BCDFGHJKMNPQRTVWXYZ"
"""Without vowels and what is mistaken for another: a reference is read out on the telephone."""


def new_reference() -> str:
    """A reference that says nothing and does not count up."""
    return "C-" + "".join(secrets.choice(LETTERS) for _ in range(7))


class Category(models.TextChoices):
    """What a concern is about, in the first place."""

    CYBERBULLYING = "cyberbullying", "Cyberbullying"
    HARASSMENT = "harassment", "Harassment or threats"
    EXPLOITATION = "exploitation", "Exploitation or grooming"
    IMAGERY = "imagery", "Nude or indecent image made or shared by a pupil"
    RADICALISATION = "radicalisation", "Radicalisation"
    HATE = "hate", "Hate or discrimination"
    UNDER_AGE = "under_age", "Use of social media under age"
    CONTACT_ATTEMPT = "contact_attempt", "A pupil tried to follow or befriend a member of staff"
    STAFF_CONTACT = "staff_contact", "A member of staff was in contact with a pupil"
    MISUSE_STAFF = "misuse_staff", "Misuse of social media by staff"
    MISUSE_PUPIL = "misuse_pupil", "Misuse of social media by a pupil"
    MISUSE_PARENT = "misuse_parent", "Misuse of social media by a parent"
    DEFAMATION = "defamation", "Defamation"
    REPUTATION = "reputation", "Harm to the school’s reputation"
    DATA_BREACH = "data_breach", "Data protection breach"
    OWN_MISTAKE = "own_mistake", "A mistake of my own"
    POLICY_COMPLAINT = "policy_complaint", "Complaint about the social media policy"
    DATA_COMPLAINT = "data_complaint", "Complaint about data protection"
    OTHER = "other", "Something else"


class Urgency(models.IntegerChoices):
    """How soon somebody must look at it; the smaller, the sooner."""

    NOW = 1, "Now"
    SOON = 2, "Today"
    LATER = 3, "This week"


class Status(models.TextChoices):
    """Where a concern stands (incidents.concerns.moves)."""

    UNREAD = "unread", "Unread"
    OPEN = "open", "Open"
    CLOSED = "closed", "Closed"


class Channel(models.TextChoices):
    """How it came in."""

    PORTAL = "portal", "In the portal"
    PAPER = "paper", "On paper, keyed in later"
    PUBLIC = "public", "On the page for pupils and parents"


class Source(models.TextChoices):
    """Who told the reporter (BEC-4.33, 4.34, 4.37): the steps shown depend on it."""

    SEEN = "seen", "Nobody: I saw or heard it myself"
    CHILD = "child", "A child"
    PARENT = "parent", "A parent or carer"
    STAFF = "staff", "A colleague"
    OTHER = "other", "Somebody else"


class Waiting(models.TextChoices):
    """For whose answer a case waits."""

    NOBODY = "", "Nobody"
    LADO = "lado", "LADO"
    HR = "hr", "HR"
    POLICE = "police", "Police"
    AGENCY = "agency", "Another agency"
    PARENTS = "parents", "Parents"


class Outcome(models.TextChoices):
    """How a case ended (subtle 65). None of them does anything by itself."""

    SUBSTANTIATED = "substantiated", "Substantiated"
    UNSUBSTANTIATED = "unsubstantiated", "Unsubstantiated: not enough to say either way"
    UNFOUNDED = "unfounded", "Unfounded"
    MALICIOUS = "malicious", "Malicious: made up on purpose"
    MISPLACED = "misplaced", "Misplaced: meant well, but not a breach"
    RESOLVED = "resolved", "Resolved, no allegation to decide on"
    PASSED_ON = "passed_on", "Passed on to another body"


class RetainedAs(models.TextChoices):
    """The kind of record that a closed case is, which decides how long it is kept."""

    CHILD = "child", "Child protection file"
    STAFF = "staff", "Allegation against staff"
    INCIDENT = "incident", "Other incident"


class Concern(models.Model):
    """One case. Read by its road, by whom it was shared with, and by nobody whom it concerns."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    once = models.UUIDField(unique=True, editable=False, help_text="one form sent five times is one concern")
    reference = models.CharField(max_length=12, unique=True, default=new_reference, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    confidential = models.BooleanField(
        default=False, help_text="only the road learns who reported it (BEC-4.34)"
    )
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.PORTAL)
    at = models.DateTimeField(default=timezone.now, help_text="when the portal received it")
    category = models.CharField(max_length=20, choices=Category.choices)
    urgency = models.PositiveSmallIntegerField(choices=Urgency.choices, default=Urgency.SOON)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.UNREAD)
    waiting_for = models.CharField(max_length=8, choices=Waiting.choices, blank=True)
    image = models.BooleanField(
        default=False,
        help_text="could involve an indecent image of a child: no file, no address (subtle 80-84)",
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    has_road = models.BooleanField(default=True, help_text="False: nobody in the portal may hear of it")
    no_head = models.BooleanField(
        default=False, help_text="it names the headteacher: that role hears nothing of it, whoever holds it"
    )
    read_due_at = models.DateTimeField(null=True, blank=True, help_text="unread after this, it goes further")
    first_read_at = models.DateTimeField(null=True, blank=True)
    first_read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    report = models.ForeignKey(
        Matter, models.PROTECT, null=True, blank=True, related_name="+", help_text="the report it came from"
    )
    abuse = models.ForeignKey("incidents.AbuseEntry", models.PROTECT, null=True, blank=True, related_name="+")
    external_reference = models.CharField(
        max_length=80, blank=True, help_text="of the school's child protection system: this is no second file"
    )
    governed_by = models.CharField(
        max_length=200, blank=True, help_text="the policy under which it is handled (CIT-8.07)"
    )
    clauses = models.JSONField(default=list, blank=True, help_text="ids of the clauses that were breached")
    outcome = models.CharField(max_length=16, choices=Outcome.choices, blank=True)
    refresh_training = models.BooleanField(null=True, help_text="asked on closing (CIT-11.03)")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    retained_as = models.CharField(max_length=8, choices=RetainedAs.choices, blank=True)
    keep_until = models.DateField(
        null=True, blank=True, help_text="looked at again after this, never by itself"
    )

    class Meta:
        ordering = ["urgency", "at", "pk"]
        default_permissions = ()
        permissions = [("read_case", "May read this case"), ("handle_case", "May handle this case")]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="closed", closed_at__isnull=False) & ~Q(outcome="")
                | ~Q(status="closed") & Q(closed_at=None, outcome=""),
                name="concern_closed_with_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(status="unread") | Q(first_read_at=None), name="concern_unread_was_not_read"
            ),
        ]
        indexes = [
            models.Index(fields=["school", "status", "urgency", "at"], name="concern_board"),
            models.Index(fields=["school", "-at"], name="concern_school_at"),
            models.Index(fields=["reporter", "-at"], name="concern_reporter"),
            models.Index(fields=["owner", "status"], name="concern_owner"),
            models.Index(
                fields=["read_due_at"],
                condition=Q(first_read_at=None, status="unread"),
                name="concern_unread",
            ),
        ]

    def __str__(self) -> str:
        """The reference alone: wherever these words end up, they give nothing away."""
        return f"Concern {self.reference}"


class ConcernWords(models.Model):
    """What the reporter said. Frozen when it was sent; a row of its own, so that it can be erased in its time."""

    concern = models.OneToOneField(Concern, models.PROTECT, related_name="words")
    happened_on = models.DateField(null=True, blank=True)
    happened_when = models.CharField("time or period, in words", max_length=150, blank=True)
    happened_where = models.CharField("platform, group or place", max_length=300, blank=True)
    what = models.TextField(blank=True)
    child_said = models.TextField("what was said, in the child's own words", blank=True)
    done = models.TextField("what was done already", blank=True)
    wishes = models.TextField("what the person concerned wishes", blank=True)
    source = models.CharField(max_length=8, choices=Source.choices, blank=True)
    in_hours = models.BooleanField(default=False, help_text="in the working day (BEC-4.18)")
    reached_by = models.CharField(
        "how the reporter can be reached, without an account", max_length=200, blank=True
    )
    reporter_is = models.CharField(max_length=150, blank=True, help_text="who reported, without an account")
    written_on = models.DateField("day on which the paper was filled in", null=True, blank=True)

    def __str__(self) -> str:
        return f"words of {self.concern_id}"


@append_only
class ConcernStep(models.Model):
    """A role to which a concern goes: when it was filed, or later when nobody read it or nobody was left."""

    class Because(models.TextChoices):
        FILED = "filed", "It was reported"
        UNREAD = "unread", "Nobody had read it"
        NOBODY_LEFT = "nobody_left", "Nobody was left to hear of it"
        PERSON_ADDED = "person_added", "Somebody else turned out to be concerned"

    concern = models.ForeignKey(Concern, models.PROTECT, related_name="road")
    role = models.CharField(max_length=20, choices=Role.choices)
    post = models.CharField(max_length=20, choices=Post.choices, blank=True)
    because = models.CharField(max_length=12, choices=Because.choices, default=Because.FILED)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["concern", "role", "post"], name="concern_step_once")]
        indexes = [models.Index(fields=["role", "post", "concern"], name="concern_step_role")]

    def __str__(self) -> str:
        return f"step of {self.concern_id}"

    @property
    def spec(self) -> str:
        """Who it is, as a role spec."""
        return f"{self.role}/{self.post}" if self.post else self.role


class PartIn(models.TextChoices):
    """The part of a person in one concern. In another it may be a different one (CIT-8.02)."""

    VICTIM = "victim", "Harmed or at risk"
    SUBJECT = "subject", "Whose doing it is said to be"
    DISCLOSER = "discloser", "Told of it"
    WITNESS = "witness", "Saw or heard it"


class Sort(models.TextChoices):
    """What a person is to the school."""

    PUPIL = "pupil", "A pupil"
    STAFF = "staff", "A member of staff"
    HEAD = "head", "The headteacher"
    PARENT = "parent", "A parent or carer"
    OTHER = "other", "Somebody else"
    UNKNOWN = "unknown", "I do not know"


class Part(models.Model):
    """One person's part in one concern. Added to; a wrong one is marked as a mistake, never taken away."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    concern = models.ForeignKey(Concern, models.PROTECT, related_name="parts")
    part = models.CharField(max_length=10, choices=PartIn.choices)
    sort = models.CharField(max_length=8, choices=Sort.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    pupil = models.ForeignKey(Pupil, models.PROTECT, null=True, blank=True, related_name="+")
    words = models.CharField("name or description", max_length=150, blank=True)
    wants_police = models.BooleanField(null=True, help_text="an adult victim decides (CBC-11.07)")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)
    mistaken_at = models.DateTimeField(null=True, blank=True)
    mistaken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    mistaken_because = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["part", "pk"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["pupil", "concern"], name="part_pupil"),
            models.Index(fields=["user", "concern"], name="part_user"),
        ]

    def __str__(self) -> str:
        return f"part in {self.concern_id}"

    @property
    def shown(self) -> str:
        """The name as far as it is known."""
        if self.user_id:
            return self.user.full_name
        if self.pupil_id:
            return self.pupil.name if not self.words else f"{self.pupil.name} ({self.words})"
        return self.words or self.get_sort_display()


class Excluded(models.Model):
    """Somebody who may not read a concern, whatever roles they hold: whom it concerns, or who stood back.

    The one table that the access rules ask. A wrong one is lifted by a reader with a reason, never deleted.
    """

    class Because(models.TextChoices):
        PART = "part", "It concerns them"
        WORDS = "words", "They may be meant by what was written"
        RECUSED = "recused", "They stood back"

    concern = models.ForeignKey(Concern, models.PROTECT, related_name="excluded")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    because = models.CharField(max_length=8, choices=Because.choices)
    reason = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    lifted_because = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["concern", "user", "because"], condition=Q(lifted_at=None), name="excluded_once"
            )
        ]
        indexes = [
            models.Index(fields=["user", "concern"], condition=Q(lifted_at=None), name="excluded_user")
        ]

    def __str__(self) -> str:
        return f"excluded from {self.concern_id}"
