"""Which requests of the room about approvals name pupils, and the panel that shows them."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from approvals.models import PupilWifi, UnblockRequest
from approvals.network.timed import url_of
from approvals.network.unblock_access import unblock_rules, wifi_rules
from consent.access import pupil_rules
from consent.models import Pupil
from consent.services.mentions import (
    MentionKind,
    classes_in,
    kind_of,
    mention_kind,
    mentioned_in,
    records_naming,
)
from core.access import standing_of
from core.panels import Panel, panel
from people.models import School


def _unblock_words(row: UnblockRequest) -> str:
    return f"{row.who_in_words}\n{row.reasons}"


def _wifi_words(row: PupilWifi) -> str:
    return f"{row.who_in_words}\n{row.reasons}\n{row.supervision}"


mention_kind(
    MentionKind(
        "blocked-site",
        "Request for a blocked site",
        unblock_rules,
        "view",
        words=_unblock_words,
        by=lambda row: row.requested_by,
        url=url_of,
    )
)
mention_kind(
    MentionKind(
        "wifi",
        "Request for pupils on the Wi-Fi",
        wifi_rules,
        "view",
        words=_wifi_words,
        by=lambda row: row.requested_by,
        url=url_of,
    )
)


@panel
def pupils_named(user: Any, row: Any) -> Panel | None:
    """The pupils and classes whom a record names, for who may read the record and see pupils of its school."""
    kind = kind_of(row)
    if kind is None or not pupil_rules.allows_at(user, "view", row.school):
        return None
    if kind.secret and not kind.readable(user).filter(pk=row.pk).exists():
        return None
    pupils = [
        {
            "name": pupil.name,
            "class_name": pupil.class_name,
            "url": reverse("consent:pupil-detail", args=[pupil.uuid]),
        }
        for pupil in mentioned_in(row)
    ]
    return Panel(
        "consent/_pupils_named.html",
        {
            "pupils": pupils,
            "classes": [
                {"name": name, "url": _class_url(row.school, name)}
                for name in classes_in(row.school_id, kind.words(row))
            ],
            "change_url": reverse("consent:mention-change", args=[kind.slug, row.uuid]),
        },
    )


def _class_url(school: School, name: str) -> str:
    query = urlencode({"school": str(school.uuid), "class_name": name})
    return f"{reverse('consent:register')}?{query}"


def named_in(user: Any, pupil: Pupil) -> list[dict[str, Any]]:
    """The records that name a pupil, for `consent/_mentions.html`: what they are, their day, their page."""
    if not standing_of(user).held:
        return []
    rows = [
        {"title": kind.title, "day": getattr(row, "created_at", None) or row.at, "url": kind.url(row)}
        for kind, row in records_naming(user, pupil)
    ]
    return sorted(rows, key=lambda one: one["day"], reverse=True)
