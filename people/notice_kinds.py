"""What the portal writes to people about roles."""

from django.conf import settings
from django.urls import reverse

from core.models import Notice
from core.notices import NoticeKind, register_kind
from people.models import Invitation
from people.services import invitations


def _invitation_link(notice: Notice) -> str:
    invitation = Invitation.objects.get(pk=notice.subject.split(":")[1])
    return settings.SITE_URL + reverse("people:invitation-accept", args=[invitations.token_of(invitation)])


def _still_invited(user: object, key: str) -> bool:
    invitation = Invitation.objects.filter(pk=key, user=user).first()
    return invitation is not None and invitation.is_open


register_kind(
    "people.invitation",
    NoticeKind(
        "You are invited to School Social",
        "Your school has invited you to its portal for social media. Choose a password to begin. "
        "The link works once and for two weeks.",
        own_link=_invitation_link,
        may_receive=_still_invited,
    ),
)
register_kind(
    "people.role_given",
    NoticeKind("You have a new role", "You were given a role. Sign in to see what it lets you do."),
)
register_kind(
    "people.change_waits",
    NoticeKind(
        "A change waits for a second person", "A change to a role or a setting needs your confirmation."
    ),
)
register_kind(
    "people.change_decided",
    NoticeKind(
        "A change was decided", "A change that you asked for, or that is about you, was confirmed or refused."
    ),
)
register_kind(
    "people.deputy",
    NoticeKind("You are somebody's deputy", "You were appointed to sign for an absent colleague."),
)
register_kind(
    "people.has_deputy",
    NoticeKind("You have a deputy", "A colleague was appointed to sign for you while you are away."),
)
