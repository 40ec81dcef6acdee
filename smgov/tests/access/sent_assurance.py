"""What is sent to each address about assurance and monitoring, for the test of events."""

import uuid
from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from people.selectors import profile_of
from policies.assurance.remits import leads_of
from policies.assurance.services import declaration_of, seen_hash, statement_of
from policies.assurance.spans import terms_to_choose
from smgov.tests.access.forms import date_parts
from smgov.tests.access.world import World

ASSURANCE_SENT: dict[str, tuple[str, Callable[[World], dict]]] = {
    "policies:remit-confirm": ("chair", lambda w: _signed(w)),
    "policies:statement-write": ("dsl", lambda w: _statement(w)),
    "accounts:monitoring-write": ("head_of_comms", lambda w: _report(w)),
    "accounts:monitoring-change": ("headteacher", lambda w: _report(w)),
    "accounts:monitoring-send": ("headteacher", lambda w: {}),
    "accounts:monitoring-discard": ("headteacher", lambda w: {}),
    "accounts:monitoring-read": ("head_of_comms", lambda w: {}),
    "accounts:monitoring-action-done": ("owner", lambda w: {"note": "Renewed"}),
}


def _signed(world: World) -> dict:
    """The remit as it stands."""
    school = world.school
    leads = leads_of([school])[school.pk]
    return {
        "seen": seen_hash(declaration_of(profile_of(school), school, leads)),
        "typed_name": world.people["chair"].full_name,
    }


def _statement(world: World) -> dict:
    """Another text for the same term."""
    term = terms_to_choose(profile_of(world.school))[0]
    now = statement_of(world.school, term, "approach")
    return {"seen": str(now.uuid) if now else "", "text": "We teach it every week", "on": "", "note": ""}


def _report(world: World) -> dict:
    """A report of the last month."""
    today = timezone.localdate()
    return {
        "school": str(world.school.uuid),
        "once": str(uuid.uuid4()),
        "findings": "Looked at all",
        "mitigations": "Two people read posts",
        "elsewhere": "Nothing new",
        "resources": "Enough",
        **date_parts("starts_on", today - timedelta(days=30)),
        **date_parts("ends_on", today),
    }
