"""Notices: written in the transaction of the event, mailed by a sweep (design, section 7)."""

from django.conf import settings
from django.db import models


class Notice(models.Model):
    """One message for one person about one row. It carries a link, and no detail.

    Somebody outside the school, who has no account, is reached at `address` instead.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="notices"
    )
    address = models.EmailField(blank=True)
    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=120, help_text="what makes it one notice and not two")
    subject = models.CharField(max_length=80, help_text="model label and key of the row that it is about")
    link = models.CharField(max_length=300)
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)
    message_id = models.CharField(max_length=120)
    leased_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(
        null=True, blank=True, help_text="not mailed: the recipient may no longer see the row"
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key", "recipient"], name="notice_once"),
            models.UniqueConstraint(
                fields=["kind", "key", "address"],
                condition=models.Q(recipient=None),
                name="notice_once_outside",
            ),
            models.CheckConstraint(
                condition=models.Q(recipient__isnull=False, address="")
                | models.Q(recipient__isnull=True) & ~models.Q(address=""),
                name="notice_for_person_or_address",
            ),
        ]
        indexes = [
            models.Index(fields=["recipient", "-created_at"], name="notice_recipient"),
            models.Index(
                fields=["created_at"],
                condition=models.Q(sent_at=None, dropped_at=None),
                name="notice_unsent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.recipient_id or self.address}"
