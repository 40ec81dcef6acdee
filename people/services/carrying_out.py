"""What a confirmed change of each kind does."""

from people.models import PendingChange
from people.services import changes, details, memberships, settings

changes.CARRY_OUT.update(
    {
        PendingChange.Kind.MEMBERSHIP: memberships.give_confirmed,
        PendingChange.Kind.EMAIL: details.email_confirmed,
        PendingChange.Kind.SETTING: settings.set_confirmed,
    }
)
