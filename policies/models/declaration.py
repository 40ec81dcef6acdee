"""What staff declare: links with pupils and parents, departures from the policy, use of name and logo."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone

from approvals.models import ApprovalRequest
from core.append_only import append_only
from people.models import School

USER = settings.AUTH_USER_MODEL


class Relation(models.TextChoices):
    """How the person is linked."""

    OWN_CHILD = "own_child", "My own child"
    RELATIVE = "relative", "A relative"
    FAMILY_FRIEND = "family_friend", "A close friend of my family"
    FORMER_PUPIL = "former_pupil", "A former pupil"
    SOCIAL = "social", "Somebody I meet outside school: same parish, club or circle of friends"
    OTHER = "other", "Another link"


class Declaration(models.Model):
    """A link with a pupil or a parent, told to whom the profile names (CIT-4.04, CBC-9.05).

    Who it is stands in `DeclarationText`, a row of its own. Nobody receives their own declaration.
    """

    class About(models.TextChoices):
        PUPIL = "pupil", "A pupil"
        FORMER = "former", "A former pupil under 18"
        PARENT = "parent", "A parent or carer"

    class State(models.TextChoices):
        SENT = "sent", "Sent"
        NOTED = "noted", "Noted"
        ADVISED = "advised", "Noted, with advice"
        ENDED = "ended", "No longer so"

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    once = models.UUIDField(unique=True, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    by = models.ForeignKey(USER, models.PROTECT, related_name="declarations")
    about = models.CharField(max_length=6, choices=About.choices)
    relation = models.CharField(max_length=13, choices=Relation.choices)
    contact = models.BooleanField("in touch on a personal account", default=False)
    excepted = models.BooleanField("the policy of the day allowed contact", default=False)
    eighteen_on = models.DateField("when a former pupil turns 18", null=True, blank=True)
    state = models.CharField(max_length=7, choices=State.choices, default=State.SENT)
    names = models.ManyToManyField(
        USER,
        blank=True,
        related_name="+",
        help_text="colleagues of a named parent's name: they never hear it",
    )
    at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField("when it ended", null=True, blank=True)
    shut_at = models.DateTimeField(
        "when its time was over",
        null=True,
        blank=True,
        help_text="from then on its declarer is shown no words, whether they are erased yet or not",
    )

    class Meta:
        ordering = ["-at", "-pk"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["school", "state", "-at"], name="declaration_school"),
            models.Index(fields=["by", "-at"], name="declaration_by"),
            models.Index(fields=["state", "eighteen_on"], name="declaration_eighteen"),
            models.Index(fields=["school", "shut_at", "ended_at"], name="declaration_over"),
        ]

    def __str__(self) -> str:
        return "Declaration"

    @property
    def erased_at(self) -> datetime | None:
        """When its words were erased."""
        return self.text.erased_at


class DeclarationHearer(models.Model):
    """A role that hears a declaration, frozen when it was sent."""

    declaration = models.ForeignKey(Declaration, models.CASCADE, related_name="hearers")
    role = models.CharField(max_length=20)
    post = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["declaration", "role", "post"], name="declaration_hearer")]

    def __str__(self) -> str:
        return f"{self.role}/{self.post}" if self.post else self.role


class DeclarationText(models.Model):
    """Whom it is about and what was said: in a row of its own, so that it can be erased in its time."""

    declaration = models.OneToOneField(Declaration, models.PROTECT, related_name="text")
    person = models.CharField("name of the pupil or parent", max_length=150)
    details = models.TextField(blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"words of declaration {self.declaration_id}"


@append_only
class DeclarationStep(models.Model):
    """What happened to a declaration: noted, advice given, ended; by nobody where a birthday ended it."""

    declaration = models.ForeignKey(Declaration, models.PROTECT, related_name="steps")
    did = models.CharField(max_length=7, choices=Declaration.State.choices)
    by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"step of declaration {self.declaration_id}"


class DeclarationNote(models.Model):
    """The words of a step: advice, or what the declarer added. In a row of its own, so that they can be erased."""

    step = models.OneToOneField(DeclarationStep, models.PROTECT, related_name="words")
    text = models.CharField(max_length=1000)

    def __str__(self) -> str:
        return f"words of step {self.step_id}"


class Hold(models.Model):
    """Somebody keeps the words of a record beyond their time. Whoever made it learns nothing of that."""

    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    until = models.DateField("last day")
    reason = models.CharField(max_length=1000, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True
        ordering = ["pk"]
        default_permissions = ()


LIFTED_BY_SOMEBODY = models.Q(lifted_at=None) | models.Q(lifted_by__isnull=False)


class DeclarationHold(Hold):
    """Whoever hears a declaration keeps its words beyond their time."""

    declaration = models.ForeignKey(Declaration, models.PROTECT, related_name="holds")

    class Meta(Hold.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["declaration"], condition=models.Q(lifted_at=None), name="declaration_held_once"
            ),
            models.CheckConstraint(condition=LIFTED_BY_SOMEBODY, name="declaration_hold_lifted_by_somebody"),
        ]

    def __str__(self) -> str:
        return f"hold on declaration {self.declaration_id}"


class Departure(models.Model):
    """A justified departure from the policy, already made or proposed (CBC-6.04, CBC-6.05)."""

    class When(models.TextChoices):
        PROPOSED = "proposed", "I propose it"
        DONE = "done", "It has happened"

    class State(models.TextChoices):
        SENT = "sent", "Waiting for an answer"
        ADVICE = "advice", "Waiting for HR advice"
        AGREED = "agreed", "Agreed"
        NOTED = "noted", "Noted"
        NOT_AGREED = "not_agreed", "Not agreed"
        WITHDRAWN = "withdrawn", "Withdrawn"

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    once = models.UUIDField(unique=True, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    by = models.ForeignKey(USER, models.PROTECT, related_name="departures")
    when = models.CharField(max_length=8, choices=When.choices)
    on = models.DateField("day of the event")
    what = models.TextField("what is or was done", blank=True)
    why = models.TextField("why it is right", blank=True)
    clauses = models.JSONField(default=list, blank=True, help_text="references of clauses")
    state = models.CharField(max_length=10, choices=State.choices, default=State.SENT)
    at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField("when it was answered or withdrawn", null=True, blank=True)
    shut_at = models.DateTimeField(
        "when its time was over",
        null=True,
        blank=True,
        help_text="from then on its teller is shown no words, whether they are erased yet or not",
    )
    erased_at = models.DateTimeField("when its words were erased", null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["school", "state", "-at"], name="departure_school"),
            models.Index(fields=["by", "-at"], name="departure_by"),
            models.Index(fields=["school", "shut_at", "ended_at"], name="departure_over"),
        ]

    def __str__(self) -> str:
        return f"Departure of {self.on.day} {self.on:%B %Y}"


class DepartureHearer(models.Model):
    """A role that hears of a departure, frozen when it was sent; HR is added when its advice is asked."""

    departure = models.ForeignKey(Departure, models.CASCADE, related_name="hearers")
    role = models.CharField(max_length=20)
    post = models.CharField(max_length=20, blank=True)
    advises = models.BooleanField("gives advice and no answer", default=False)

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["departure", "role", "post"], name="departure_hearer")]

    def __str__(self) -> str:
        return f"{self.role}/{self.post}" if self.post else self.role


@append_only
class DepartureStep(models.Model):
    """What was said to a departure: advice asked, advice given, the answer."""

    departure = models.ForeignKey(Departure, models.PROTECT, related_name="steps")
    did = models.CharField(max_length=10, choices=Departure.State.choices)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"step of departure {self.departure_id}"


class DepartureNote(models.Model):
    """The words of a step: what HR was asked or said, the answer. In a row of its own, so that they can be erased."""

    step = models.OneToOneField(DepartureStep, models.PROTECT, related_name="words")
    text = models.CharField(max_length=1000)

    def __str__(self) -> str:
        return f"words of step {self.step_id}"


class DepartureHold(Hold):
    """Whoever answers a departure keeps its words beyond their time."""

    departure = models.ForeignKey(Departure, models.PROTECT, related_name="holds")

    class Meta(Hold.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["departure"], condition=models.Q(lifted_at=None), name="departure_held_once"
            ),
            models.CheckConstraint(condition=LIFTED_BY_SOMEBODY, name="departure_hold_lifted_by_somebody"),
        ]

    def __str__(self) -> str:
        return f"hold on departure {self.departure_id}"


class NameUse(models.Model):
    """Permission to use the school's name, logo or published material, on paper too (CBC-5.02, CBC-5.03)."""

    class What(models.TextChoices):
        NAME = "name", "The school's name"
        LOGO = "logo", "The school's logo"
        MATERIAL = "material", "Material that the school has published"

    class Where(models.TextChoices):
        INTERNET = "internet", "On the internet"
        PAPER = "paper", "On paper"
        BOTH = "both", "Both"

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    once = models.UUIDField(unique=True, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    what = models.JSONField(help_text="values of What")
    where = models.CharField(max_length=8, choices=Where.choices)
    purpose = models.TextField("for what, and by whom")
    begun = models.BooleanField("the use had begun when it was asked for", default=False)
    until = models.DateField("last day", null=True, blank=True)
    remind_on = models.DateField("when the asker is reminded of it", null=True, blank=True, db_index=True)
    approval = models.OneToOneField(
        ApprovalRequest, models.PROTECT, null=True, blank=True, related_name="name_use"
    )
    granted_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["school", "-at"], name="name_use_school"),
            models.Index(fields=["by", "-at"], name="name_use_by"),
        ]

    def __str__(self) -> str:
        return "Use of name or logo"
