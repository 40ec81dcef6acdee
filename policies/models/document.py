"""Documents, their versions, what they cite, and the notices that tell people of a change."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from core.append_only import append_only
from people.models import School
from policies.models.reference import Policy

USER = settings.AUTH_USER_MODEL


class DocumentKind(models.TextChoices):
    """What a document is; whoever runs an account must know the first two."""

    SOCIAL_MEDIA = "social_media", "Social media policy"
    TERMS = "terms", "Terms of use for school accounts"
    ACCEPTABLE_USE = "acceptable_use", "Acceptable use of devices and IT"
    STAFF_CODE = "staff_code", "Code of conduct for staff"
    PARENTS_CODE = "parents_code", "Code of conduct for parents"
    PUPILS_CODE = "pupils_code", "Code of conduct for pupils"
    OTHER = "other", "Another policy"


class Readers(models.TextChoices):
    """Who is asked to say that they have read and understood a document."""

    STAFF = "staff", "Everybody employed here"
    GOVERNANCE = "governance", "Governors and trustees"
    CONTRIBUTORS = "contributors", "Volunteers and others who help with accounts"


class Document(models.Model):
    """One document of a school, or of a whole trust (owned by its central team), with its next review.

    `review_on` is the last day for the review; `review_by_month` says that the document names a month only.
    It moves when a review is finished, or by hand with a reason, and never by itself.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    once = models.UUIDField(unique=True, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=14, choices=DocumentKind.choices)
    title = models.CharField(max_length=200)
    code = models.CharField("reference", max_length=40, blank=True)
    for_trust = models.BooleanField("holds for every school of the trust", default=False)
    supplements = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="supplemented_by"
    )
    follows = models.ForeignKey(Policy, models.PROTECT, null=True, blank=True, related_name="+")
    readers = models.JSONField(default=list, blank=True, help_text="values of Readers")
    interval_months = models.PositiveSmallIntegerField(null=True, blank=True)
    review_on = models.DateField(null=True, blank=True)
    review_by_month = models.BooleanField(default=False)
    remind_on = models.DateField(null=True, blank=True, editable=False)
    created_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    retired_because = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["title", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(supplements=None) | Q(for_trust=False), name="document_supplement_is_of_a_school"
            ),
        ]
        indexes = [
            models.Index(fields=["school", "title"], name="document_school"),
            models.Index(fields=["school", "review_on"], name="document_review"),
            models.Index(fields=["remind_on"], condition=Q(remind_on__isnull=False), name="document_remind"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("policies:document-detail", args=[self.uuid])


class Version(models.Model):
    """One version: its words, or a file. The one in force stays so until the next is ratified (CIT-12.01)."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        IN_FORCE = "in_force", "In force"
        PAST = "past", "No longer in force"
        DROPPED = "dropped", "Not adopted"

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    document = models.ForeignKey(Document, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    edition = models.CharField("as the document calls it", max_length=80, blank=True)
    text = models.TextField(blank=True)
    file = models.FileField(upload_to="documents", blank=True, max_length=120)
    file_name = models.CharField(max_length=150, blank=True)
    media_type = models.CharField(max_length=100, blank=True)
    sha256 = models.CharField(max_length=64, help_text="of the words, or of the file")
    changes = models.TextField("what changed, in a few words", blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    made_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    in_force_from = models.DateField(null=True, blank=True)
    in_force_until = models.DateField(null=True, blank=True)
    chase_on = models.DateField("when readers are reminded next", null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-number"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="version_number_once"),
            models.UniqueConstraint(
                fields=["document"], condition=Q(state="in_force"), name="version_one_in_force"
            ),
            models.UniqueConstraint(
                fields=["document"], condition=Q(state="draft"), name="version_one_draft"
            ),
            models.CheckConstraint(
                condition=~Q(state="in_force") | Q(in_force_from__isnull=False), name="version_in_force_since"
            ),
        ]
        indexes = [
            models.Index(fields=["chase_on"], condition=Q(chase_on__isnull=False), name="version_chase"),
        ]

    def __str__(self) -> str:
        return f"{self.document.title}, version {self.number}"


@append_only
class DraftEdit(models.Model):
    """Somebody wrote or changed a draft: whoever did has made it, and does not ratify it (CIT-12.01)."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="edits")
    sha256 = models.CharField(max_length=64, help_text="of the words or the file, as they were then")
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"an edit of version {self.version_id}"


@append_only
class DateChange(models.Model):
    """The next review of a document moved: from which day to which, why, and by whom (subtle 92)."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="date_changes")
    was_on = models.DateField(null=True, blank=True)
    was_by_month = models.BooleanField(default=False)
    to_on = models.DateField(null=True, blank=True)
    to_by_month = models.BooleanField(default=False)
    because = models.CharField(max_length=300)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"review date of document {self.document_id}"


class DocumentLink(models.Model):
    """Another policy that a document works together with: one kept here, or a title (CIT-1.02, STM-1.02)."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    document = models.ForeignKey(Document, models.CASCADE, related_name="links")
    other = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="linked_from")
    title = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(other__isnull=False) | ~Q(title=""), name="document_link_leads_somewhere"
            )
        ]

    def __str__(self) -> str:
        return self.title or str(self.other)


class Guidance(models.Model):
    """A law or guidance that documents cite. It belongs to a school, or to a trust's central team for all."""

    class Kind(models.TextChoices):
        LAW = "law", "Law"
        STATUTORY = "statutory", "Statutory guidance"
        GUIDANCE = "guidance", "Guidance"

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=9, choices=Kind.choices)

    class Meta:
        ordering = ["name", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint("school", models.functions.Lower("name"), name="guidance_once_a_school"),
        ]

    def __str__(self) -> str:
        return self.name


class GuidanceEdition(models.Model):
    """One edition of it. The newest by `from_day` is the one that documents should cite."""

    guidance = models.ForeignKey(Guidance, models.PROTECT, related_name="editions")
    edition = models.CharField(max_length=80)
    from_day = models.DateField("in force from")
    by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-from_day", "-pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["guidance", "edition"], name="guidance_edition_once"),
        ]

    def __str__(self) -> str:
        return f"{self.guidance}, {self.edition}"


class Citation(models.Model):
    """A document cites an edition of a law or guidance (CIT-1.01, STM-1.01, CBC-12.01)."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    document = models.ForeignKey(Document, models.CASCADE, related_name="citations")
    edition = models.ForeignKey(GuidanceEdition, models.PROTECT, related_name="citations")

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["document", "edition"], name="citation_once"),
        ]

    def __str__(self) -> str:
        return str(self.edition)


class CommunityNotice(models.Model):
    """Something that pupils, parents or staff are told: made here, sent by the school's own means.

    The portal has no addresses of all parents and pupils, so it makes the words and keeps who sent them when
    and how (CIT-12.03, STM-12.03, STM-8.11 to 8.13, BEC-4.39, BEC-6.07).
    """

    class Topic(models.TextChoices):
        CHANGE = "change", "A policy has changed"
        POLICY = "policy", "What the policy asks"
        FILTERING = "filtering", "How the school filters and monitors online use"
        PLATFORMS = "platforms", "What children are asked to do online, and on which platforms"
        PEOPLE = "people", "Whom children will meet online from the school"
        OTHER = "other", "Something else"

    class Audience(models.TextChoices):
        PARENTS = "parents", "Parents and carers"
        PUPILS = "pupils", "Pupils"
        STAFF = "staff", "Staff"

    class Channel(models.TextChoices):
        EMAIL = "email", "E-mail or message"
        LETTER = "letter", "Letter"
        WEBSITE = "website", "Website"
        ASSEMBLY = "assembly", "Assembly or lesson"
        MEETING = "meeting", "Meeting"
        OTHER = "other", "Another way"

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    once = models.UUIDField(unique=True, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    version = models.ForeignKey(Version, models.PROTECT, null=True, blank=True, related_name="notices")
    topic = models.CharField(max_length=9, choices=Topic.choices)
    audience = models.CharField(max_length=7, choices=Audience.choices)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    made_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    sent_on = models.DateField(null=True, blank=True)
    sent_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    sent_recorded_at = models.DateTimeField(null=True, blank=True)
    channel = models.CharField(max_length=8, choices=Channel.choices, blank=True)
    note = models.CharField("to whom, and what came back", max_length=300, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)
    dropped_because = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["school", "sent_on", "-made_at"], name="community_notice_school")]

    def __str__(self) -> str:
        return self.subject
