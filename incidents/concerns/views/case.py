"""The page of one case."""

from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.views.generic import TemplateView

from incidents.concerns import (
    case_sections,  # noqa: F401 - importing it registers the sections
    pages,
)
from incidents.concerns.sections import Case, sections_of
from incidents.concerns.services.chronology import concern_read
from incidents.concerns.views.base import OneCaseMixin
from incidents.models import Action, Concern, Entry, Excluded, Part, Share, Status

NEWEST = "newest"


class CaseDetail(OneCaseMixin, TemplateView):
    """Everything that its reader may know and do. Opening it is recorded, and acknowledges it."""

    template_name = "incidents/concerns/case.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """The sections, after the reading was recorded."""
        concern = self.object
        concern_read(actor=self.request.user, concern=concern)
        _read_whole(concern)
        newest = self.request.GET.get("order") == NEWEST
        case = Case(self.request.user, concern, self.profile, newest_first=newest)
        return super().get_context_data(
            sections=sections_of(case),
            case=case,
            steps=_steps(case),
            more=_more(case),
            may_take=case.works
            and concern.status == Status.OPEN
            and concern.owner_id != self.request.user.pk,
            files_elsewhere=self.profile.child_protection_system,
            **kwargs,
        )


def _read_whole(concern: Concern) -> None:
    """What the sections show, one query for each table, however long the case is."""
    prefetch_related_objects(
        [concern],
        "road",
        Prefetch("parts", Part.objects.select_related("user", "pupil")),
        Prefetch("actions", Action.objects.select_related("owner", "done_by")),
        Prefetch("entries", Entry.objects.select_related("by", "body", "corrects")),
        Prefetch("shares", Share.objects.select_related("user")),
        Prefetch("excluded", Excluded.objects.select_related("user")),
    )


def _steps(case: Case) -> list[dict[str, str]]:
    """The main steps, for whoever handles it."""
    if not (case.works and case.concern.status == Status.OPEN):
        return _offered(case, [("Add a note", "case-note")])
    steps = [
        ("Add a note", "case-note"),
        ("Assign", "case-assign"),
        ("Add an action", "case-action-add"),
        ("Refer", "concern-refer"),
        ("Share", "case-share"),
        ("Close the case", "concern-close"),
    ]
    return _offered(case, [step for step in steps if case.concern.on_road or step[1] != "case-share"])


def _more(case: Case) -> list[dict[str, str]]:
    """Whatever else can be done."""
    steps: list[tuple[str, str]] = []
    if case.works and case.concern.status == Status.OPEN:
        steps += [
            ("Add a person", "case-person-add"),
            ("Record a decision", "case-decide"),
            ("Change category or urgency", "case-classify"),
            ("Waiting for somebody", "case-wait"),
            ("Policy and clauses", "case-policy"),
            ("Link another case", "case-link"),
            ("Reference of the child protection system", "case-reference"),
        ]
        if not case.concern.image:
            steps.append(("An indecent image of a child could be involved", "case-image"))
    if case.works and case.concern.status != Status.UNREAD and not case.concern.image:
        steps.append(("Add evidence", "evidence-add"))
    if case.concern.handles and case.concern.status == Status.CLOSED:
        steps.append(("Open the case again", "concern-reopen"))
    if case.concern.handles:
        steps.append(("Print the chronology as a pack", "concern-pack"))
    return _offered(case, [*steps, ("Stand back from the case", "case-recuse")])


def _offered(case: Case, steps: list[tuple[str, str]]) -> list[dict[str, str]]:
    """Those of the steps that are built in."""
    found = ((title, pages.address(name, case.concern)) for title, name in steps)
    return [{"title": title, "url": url} for title, url in found if url]
