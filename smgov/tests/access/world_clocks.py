"""A mail that could not be delivered and a calendar's address, for the tests of access."""

from types import SimpleNamespace
from typing import TYPE_CHECKING

from core.background_views import public_id
from core.feeds import feed_make
from core.models import Notice
from core.notices import MAX_ATTEMPTS, notify

if TYPE_CHECKING:
    from smgov.tests.access.world import World


def clocks_things(world: "World") -> None:
    """Call it at the end: both hang on the people of the world alone."""
    owner = world.things["owner"]
    notify("accounts.message", recipients=[owner], about=world.things["draft"], key="stuck", link="/x/")
    row = Notice.objects.get(recipient=owner, kind="accounts.message", key="stuck")
    Notice.objects.filter(pk=row.pk).update(attempts=MAX_ATTEMPTS, last_error="ConnectionRefusedError")
    world.things["stuck_mail"] = SimpleNamespace(uuid=public_id(row))
    world.things["feed_token"] = feed_make(actor=owner)
