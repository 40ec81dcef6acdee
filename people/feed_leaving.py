"""When somebody's last role ends, so does the private address of their due dates (subtle 46)."""

from typing import Any

from core.feeds import feed_ended
from people.leaving import on_ending
from people.models import Membership


@on_ending
def end_feed_of_leaver(membership: Any, actor: Any) -> None:
    """End it unless another role is in force: it must not live again when they come back."""
    if not Membership.objects.active().filter(user=membership.user_id).exclude(pk=membership.pk).exists():
        feed_ended(membership.user, actor=actor, because="last role ended")
