"""What is to be done on a case, by whom and until when."""

from typing import Any

from django.utils import timezone

from core.tables import Column, Link, Status, Table
from incidents.concerns import pages
from incidents.concerns.sections import Case, Section, case_section
from incidents.models import Action, ActionKind
from incidents.models import Status as Stands

COLUMNS = [
    Column("what", "What"),
    Column("owner", "By whom"),
    Column("due", "Until"),
    Column("steps", "Change"),
]
DONE_COLUMNS = [Column("what", "What"), Column("done", "Done"), Column("by", "By whom")]
RECORDED_AT = {
    ActionKind.LADO: "referrals",
    ActionKind.POLICE: "referrals",
    ActionKind.HR: "referrals",
    ActionKind.ICO: "special",
    ActionKind.ACKNOWLEDGE: "special",
    ActionKind.PARENTS: "outcome",
}
"""The part of the page on which a deadline of the case's own is met."""


@case_section(20)
def to_do(case: Case) -> Section:
    """Open actions, the soonest first, and what was done."""
    actions = list(case.concern.actions.all())
    works = case.works and case.concern.status == Stands.OPEN
    todo = [_row(case, action, works) for action in actions if action.done_at is None]
    done = [_done(case, action) for action in actions if action.done_at is not None]
    context = {
        "todo": Table(COLUMNS, todo, "Actions to do", caption_hidden=True) if todo else None,
        "done": Table(DONE_COLUMNS, done, "Actions that are done", caption_hidden=True) if done else None,
        "add_url": pages.address("case-action-add", case.concern) if works else "",
    }
    return Section("actions", "Actions", "incidents/concerns/_actions.html", context)


def _row(case: Case, action: Action, works: bool) -> dict[str, Any]:
    return {
        "what": pages.shown_words(case.concern, action.title),
        "owner": action.owner.full_name if action.owner else "Nobody yet",
        "due": pages.due_cell(action.due_at, timezone.now()),
        "steps": _steps(case, action, works),
    }


def _steps(case: Case, action: Action, works: bool) -> list[Any]:
    concern, hidden = case.concern, f"“{pages.shown_words(case.concern, action.title)}”"
    mine = action.owner_id == case.user.pk and concern.status == Stands.OPEN
    steps: list[Any] = []
    if action.kind == ActionKind.OTHER and (works or mine):
        steps.append(Link("Done", pages.address("case-action-done", concern, action.uuid), hidden))
    elif action.kind != ActionKind.OTHER and works:
        steps.append(Link("Record it", f"#{RECORDED_AT[ActionKind(action.kind)]}", hidden))
    if works:
        steps.append(Link("Change", pages.address("case-action-change", concern, action.uuid), hidden))
    return steps


def _done(case: Case, action: Action) -> dict[str, Any]:
    return {
        "what": pages.shown_words(case.concern, action.title),
        "done": action.done_at,
        "by": action.done_by.full_name if action.done_by else Status("done"),
    }
