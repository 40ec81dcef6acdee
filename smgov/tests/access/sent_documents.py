"""What is sent to each address about documents and notices, for the test of events."""

import uuid
from collections.abc import Callable
from datetime import date

from django.utils import timezone

from policies.documents.community import mark_of
from smgov.tests.access.forms import date_parts
from smgov.tests.access.world import World

FACTS = {"title": "A policy", "kind": "staff_code", "readers": ["staff"], "interval_months": "6"}

DOCUMENTS_SENT: dict[str, tuple[str, Callable[[World], dict]]] = {
    "policies:document-add": ("headteacher", lambda w: _added(w)),
    "policies:document-edit": ("headteacher", lambda w: {**FACTS, "kind": w.document.kind}),
    "policies:document-dates": (
        "senior_leader",
        lambda w: {"review_month": "9", "review_year": str(timezone.localdate().year + 1), "reason": "Later"},
    ),
    "policies:document-retire": ("headteacher", lambda w: {"reason": "Replaced"}),
    "policies:version-draft": (
        "head_of_comms",
        lambda w: {"how": "text", "text": "Other words", "seen": w.document_draft.sha256},
    ),
    "policies:version-drop": ("headteacher", lambda w: {}),
    "policies:link-add": ("dpo", lambda w: {"which": "elsewhere", "title": "Behaviour policy"}),
    "policies:link-remove": ("headteacher", lambda w: {}),
    "policies:citation-add": (
        "headteacher",
        lambda w: {"which": "new", **_edition("Equality Act 2010", "As first in force")},
    ),
    "policies:citation-remove": ("headteacher", lambda w: {}),
    "policies:guidance-edition-add": (
        "headteacher",
        lambda w: {"school": str(w.school.uuid), **_edition("Equality Act 2010", "As amended")},
    ),
    "policies:community-new": (
        "office",
        lambda w: {
            "school": str(w.school.uuid),
            "once": str(uuid.uuid4()),
            "topic": "people",
            "audience": "parents",
        },
    ),
    "policies:community-edit": (
        "office",
        lambda w: {"subject": "News", "text": "Other words", "seen": mark_of(w.community_notice)},
    ),
    "policies:community-sent": (
        "headteacher",
        lambda w: {
            "channel": "letter",
            "note": "",
            "seen": mark_of(w.community_notice),
            **date_parts("sent_on", timezone.localdate()),
        },
    ),
    "policies:community-drop": ("headteacher", lambda w: {"reason": "Not needed"}),
}


def _edition(name: str, edition: str) -> dict:
    return {"name": name, "kind": "law", "edition": edition, **date_parts("from_day", date(2010, 10, 1))}


def _added(world: World) -> dict:
    return {
        **FACTS,
        "school": str(world.school.uuid),
        "once": str(uuid.uuid4()),
        "how": "text",
        "text": "We are kind online.",
        "status": "since",
        **date_parts("in_force_from", timezone.localdate()),
    }
