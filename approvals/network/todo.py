"""What the network puts on a person's to-do list: to open, and to block again."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Coalesce, Concat
from django.urls import reverse

from approvals.models import ForWhom, PupilWifi, Stage, UnblockRequest
from approvals.network.evidence_access import where_named
from approvals.network.receivers import WIFI_SECURITY
from approvals.network.timed import OPENINGS
from approvals.network.unblock import title_without_verb
from core.access import standing_of
from core.roles import Role
from core.tables import date_text
from core.todo import line, lines_of, source

Named = Callable[[str], str]


def _lines(kind: str, model: type, named: Named) -> Case:
    """The lines of one kind of opening: allowed and to be opened; over and to be blocked again."""
    url_name = OPENINGS[model].url_name

    def words(verb: str) -> Callable[[str, datetime | None], str]:
        return lambda name, since: f"{verb}: {named(name)}"

    found = {
        Stage.TO_OPEN: line(
            f"{kind}-open",
            words("Open on the network"),
            lambda key: reverse(url_name, args=[key]),
            "Open",
            rank=27,
            detail="{note}",
        ),
        Stage.TO_SHUT: line(
            f"{kind}-shut",
            words("Block again"),
            lambda key: reverse(url_name, args=[key]),
            "Block",
            rank=25,
            detail="{note}",
        ),
    }
    return Case(
        *(When(stage=stage, then=Value(name)) for stage, name in found.items()), output_field=CharField()
    )


SITE = _lines("site", UnblockRequest, title_without_verb)
WIFI = _lines(
    "wifi",
    PupilWifi,
    lambda name: f"Social media over Wi-Fi until {date_text(date.fromisoformat(name))}",
)
FOR_WHOM = Concat(
    Case(*(When(for_whom=one.value, then=Value(one.label)) for one in ForWhom), default=Value("")),
    Case(When(who_in_words="", then=Value("")), default=Concat(Value(": "), F("who_in_words"))),
    output_field=CharField(),
)


@source
def sites_to_carry_out(user: Any) -> QuerySet | None:
    """For receivers: blocked sites that were allowed and wait to be opened, or are over and to be blocked again."""
    return _to_carry_out(user, UnblockRequest, where_named(user, "unblock_receiver"), "approval")


@source
def wifi_to_carry_out(user: Any) -> QuerySet | None:
    """For IT: the same of pupils on the Wi-Fi."""
    return _to_carry_out(user, PupilWifi, standing_of(user).schools([Role.IT]), "gates__approval")


def _to_carry_out(user: Any, model: type, schools: set[int], way: str) -> QuerySet | None:
    """Never what the person decided on themselves. `way` leads to the approvals."""
    if not schools:
        return None
    decided = Q(**{f"{way}__steps__decisions__decided_by": user}) & ~Q(**{f"{way}__kind": WIFI_SECURITY})
    rows = (
        OPENINGS[model]
        .rules.visible_to(user, "carry_out")
        .filter(school__in=schools, stage__in=[Stage.TO_OPEN, Stage.TO_SHUT])
        .exclude(pk__in=model.objects.filter(decided).values("pk"))
        .annotate(todo_began=Coalesce("over_at", "created_at"))
    )
    site = model is UnblockRequest
    return lines_of(
        rows,
        line=SITE if site else WIFI,
        key="uuid",
        place="school__name",
        since="todo_began",
        name=F("approval__title") if site else Cast("until", CharField()),
        note=FOR_WHOM,
    )
