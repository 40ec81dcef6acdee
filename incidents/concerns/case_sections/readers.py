"""Which other cases belong to a case, and who may read it."""

from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Prefetch, Q
from django.urls import reverse
from django.utils import timezone

from core.access import standing_of
from core.tables import Column, Link, Table
from incidents.concerns import pages
from incidents.concerns.access import concern_rules, not_excluded, on_road
from incidents.concerns.sections import Case, Section, case_section
from incidents.concerns.services.links import naming_the_same
from incidents.models import CaseLink, Concern, Excluded, Part, Share, Status

MOST_NEAR = 10


@case_section(50)
def linked_cases(case: Case) -> Section:
    """Cases linked to it and cases that name the same people: those alone that this reader may read."""
    concern = case.concern
    links = {
        (link.second_id if link.first_id == concern.pk else link.first_id): link
        for link in CaseLink.objects.filter(Q(first=concern) | Q(second=concern)).order_by("pk")
    }
    people = Part.objects.filter(mistaken_at=None).select_related("user", "pupil")
    with_people = Prefetch("parts", people)
    road = Q(on_road(standing_of(case.user)) & not_excluded(case.user))
    with_road = {"on_road": ExpressionWrapper(road, BooleanField())}
    readable = concern_rules.visible_to(case.user, "view").annotate(**with_road).prefetch_related(with_people)
    linked = readable.filter(pk__in=links) if links else []
    near = naming_the_same(case.user, concern).exclude(pk__in=links)
    context = {
        "linked": [_case(row) | {"because": links[row.pk].because} for row in linked],
        "near": [_case(row) for row in near.annotate(**with_road).prefetch_related(with_people)[:MOST_NEAR]],
        "add_url": pages.address("case-link", concern)
        if case.works and concern.status == Status.OPEN
        else "",
    }
    return Section("linked", "Other cases", "incidents/concerns/_linked.html", context)


def _case(row: Concern) -> dict[str, Any]:
    """One other case, with the part that each person has there."""
    return {
        "reference": str(row),
        "url": reverse("incidents:case", args=[row.uuid]),
        "category": row.get_category_display(),
        "status": f"concern_{row.status}",
        "people": [
            f"{pages.person_name(row, part)}: {part.get_part_display().lower()}" for part in row.parts.all()
        ],
    }


SHARE_COLUMNS = [
    Column("who", "Who"),
    Column("right", "May"),
    Column("until", "Until"),
    Column("why", "Why"),
    Column("end", "Change"),
]


@case_section(60)
def who_may_read(case: Case) -> Section | None:
    """The road, those let in by name, and those kept out: for whoever handles the case, and nobody else."""
    concern = case.concern
    if not concern.handles:
        return None
    now = timezone.now()
    in_force = [
        share
        for share in concern.shares.all()
        if share.ended_at is None and (share.until is None or share.until > now)
    ]
    opens = concern.on_road and concern.status == Status.OPEN
    context = {
        "road": [pages.title_of(case.profile, step.spec) for step in concern.road.all()],
        "shares": Table(
            SHARE_COLUMNS, [_share(case, one) for one in in_force], "Let in by name", caption_hidden=True
        )
        if in_force
        else None,
        "kept_out": [_kept_out(case, row) for row in concern.excluded.all() if row.lifted_at is None],
        "share_url": pages.address("case-share", concern) if opens else "",
    }
    return Section("readers", "Who may read this", "incidents/concerns/_readers.html", context)


def _share(case: Case, share: Share) -> dict[str, Any]:
    end = Link(
        "End it", pages.address("case-unshare", case.concern, share.uuid), f"for {share.user.full_name}"
    )
    return {
        "who": share.user.full_name,
        "right": share.get_right_display(),
        "until": share.until,
        "why": share.reason or share.get_why_display(),
        "end": end if case.concern.on_road else "",
    }


def _kept_out(case: Case, row: Excluded) -> dict[str, Any]:
    works = case.works and case.concern.status == Status.OPEN
    lift = works and row.because == Excluded.Because.WORDS
    return {
        "name": row.user.full_name,
        "why": row.get_because_display(),
        "lift_url": pages.address("case-not-meant", case.concern, row.user.uuid) if lift else "",
    }
