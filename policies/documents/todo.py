"""What documents put on a person's to-do list: laws with a newer edition, and people to be told."""

from typing import Any

from django.db.models import Case, CharField, Count, F, Min, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from core.todo import line, lines_of, source
from people.models import School
from policies.documents import community
from policies.documents.access import notice_rules
from policies.documents.selectors import cites_older
from policies.models import CommunityNotice

AT_ONCE = 3
"""So many notices of a school have a line each; more have one line together."""

TELL = line(
    "tell",
    "Tell {name}",
    lambda key: reverse("policies:community-detail", args=[key]),
    "Tell them",
    rank=48,
    detail="Finish the words, send them by your own means, and record it.",
)
TELL_MANY = line(
    "tell-many",
    "Notices to send to parents, pupils or staff: {name}",
    lambda key: f"{reverse('policies:community-list')}?state=open&school={key}",
    "Tell them",
    rank=48,
    detail="Send each by your own means and record it, or put it aside.",
)
OLDER = line(
    "older",
    "A newer edition is known of what “{name}” cites",
    lambda key: reverse("policies:document-detail", args=[key]),
    "Look at it",
    rank=49,
)


@source
def _to_tell(user: Any) -> QuerySet:
    """Notices that are not sent yet, to whoever tells (CIT-12.03, STM-12.03)."""
    rows = notice_rules.visible_to(user, "send").filter(sent_on=None, dropped_at=None)
    rows = rows.annotate(beside=_number("school")).filter(beside__lte=AT_ONCE)
    whom = Case(
        *(
            When(audience=value, then=Value(label.lower()))
            for value, label in CommunityNotice.Audience.choices
        ),
        output_field=CharField(),
    )
    name = Concat(whom, Value(": "), F("subject"), output_field=CharField())
    return lines_of(rows, line=TELL, key="uuid", place="school__name", since="made_at", name=name)


@source
def _many_to_tell(user: Any) -> QuerySet | None:
    """One line for a school that has many such notices; the list shows each."""
    schools = notice_rules.schools(user, "send")
    if not schools:
        return None
    rows = School.objects.filter(pk__in=schools).annotate(many=_number("pk"), first=_first("pk"))
    return lines_of(
        rows.filter(many__gt=AT_ONCE),
        line=TELL_MANY,
        key="uuid",
        place="name",
        since="first",
        name=Cast(F("many"), CharField()),
    )


def _of_school(field: str) -> QuerySet:
    rows = CommunityNotice.objects.filter(school=OuterRef(field), sent_on=None, dropped_at=None)
    return rows.order_by().values("school")


def _number(field: str) -> Subquery:
    return Subquery(_of_school(field).annotate(number=Count("pk")).values("number"))


def _first(field: str) -> Subquery:
    return Subquery(_of_school(field).annotate(first=Min("made_at")).values("first"))


@source
def _older_editions(user: Any) -> QuerySet:
    """Documents that cite an edition of which a newer one is recorded, to their keepers (subtle 94)."""
    rows = cites_older(user)
    return lines_of(rows, line=OLDER, key="uuid", place="school__name", since="created_at", name=F("title"))


__all__ = ["OLDER", "TELL", "TELL_MANY", "community"]
