"""The part of the page about what follows: measures, parents, how it ended, and how long it is kept."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.dateparse import parse_date

from core.tables import date_text
from incidents.concerns.case_sections.shared import lines_of, people_in, read_once, words
from incidents.concerns.holds import facts_for, holds_on
from incidents.concerns.sanctions import CONSEQUENCES, Sanction
from incidents.concerns.sections import Case, Section, case_section
from incidents.concerns.services.outcomes import How
from incidents.models import Entry, EntryKind, Outcome, PartIn
from people.governance.who import joined
from people.models import User
from policies.training.access import ASKERS, refresh_rules

NOT_HELD = (Outcome.UNFOUNDED, Outcome.MALICIOUS, Outcome.MISPLACED)
HEADINGS = {"staff": "Staff", "pupils": "Pupils", "parents": "Parents"}


@case_section(70)
def outcome(case: Case) -> Section | None:
    """What was decided, and how it ended."""
    concern = case.concern
    read_once(concern)
    lines = lines_of(concern)
    context: dict[str, Any] = {
        "concern": concern,
        "works": case.works,
        "closed": concern.status == "closed",
        "reopens": concern.handles and concern.status == "closed",
        "measures": _measures(case, lines),
        "parents": [_parents(line) for line in lines if line.kind == EntryKind.PARENTS],
        "holds": holds_on(facts_for(concern, case.profile)) if case.works else [],
        "guidance": _guidance(case) if case.works else [],
        "facts": _ending(case, lines),
        "not_held": concern.outcome in NOT_HELD,
        "malicious": concern.outcome == Outcome.MALICIOUS,
        "refresh": _refresh(case) if concern.status == "closed" and concern.refresh_training else None,
    }
    return Section("outcome", "Outcome", "incidents/concerns/_outcome.html", context)


def _ending(case: Case, lines: list[Entry]) -> list[dict[str, Any]]:
    concern = case.concern
    if concern.status != "closed":
        return []
    last = next((line for line in reversed(lines) if line.kind == EntryKind.CLOSED), None)
    return [
        {"key": "How it ended", "value": concern.get_outcome_display()},
        {"key": "Reasons", "value": words(last)},
        {"key": "Closed", "value": concern.closed_at},
        {"key": "Training must be refreshed", "value": concern.refresh_training},
        {"key": "Kind of record", "value": concern.get_retained_as_display()},
        {"key": "Kept until", "value": concern.keep_until or "The date of birth is known"},
    ]


def _refresh(case: Case) -> dict[str, Any]:
    """The way to ask for training to be refreshed, without a word of the case (CIT-11.03, STM-11.08)."""
    school = case.concern.school
    may = refresh_rules.allows_at(case.user, "ask", school)
    titles = joined((case.profile.title_of(role) for role in ASKERS), "or")
    return {"url": f"{reverse('policies:refresh-ask')}?school={school.uuid}" if may else "", "titles": titles}


def _guidance(case: Case) -> list[dict[str, str]]:
    """What the policy tells people follows a breach, for the sorts of people whose doing it is said to be."""
    texts = case.profile.consequence_texts or {}
    keys = dict.fromkeys(CONSEQUENCES.get(part.sort, "") for part in people_in(case.concern, PartIn.SUBJECT))
    return [{"who": HEADINGS[key], "text": texts[key]} for key in keys if texts.get(key)]


def _measures(case: Case, lines: list[Entry]) -> list[dict[str, Any]]:
    rows = [line for line in lines if line.kind == EntryKind.SANCTION]
    if not rows:
        return []
    wanted = {UUID(line.data["decided_by"]) for line in rows if line.data.get("decided_by")}
    names = dict(User.objects.filter(uuid__in=wanted).values_list("uuid", "full_name"))
    people = {str(part.uuid): part.shown for part in case.concern.parts.all()}
    return [_measure(line, names, people) for line in rows]


def _measure(line: Entry, names: dict[UUID, str], people: dict[str, str]) -> dict[str, Any]:
    data = line.data
    title = Sanction(data["what"]).label
    whom = people.get(data.get("part", ""), "")
    days = [
        f"{word} {date_text(day)}"
        for word, key in (("from", "starts"), ("until", "ends"))
        if (day := parse_date(data.get(key) or ""))
    ]
    decided = names.get(UUID(data["decided_by"]), "") if data.get("decided_by") else ""
    when = " ".join(days)
    said = [f"Decided by {decided}." if decided else "", words(line)]
    return {
        "title": f"{title}: {whom}" if whom else title,
        "when": line.at,
        "by": line.by,
        "text": "\n".join(part for part in (when[:1].upper() + when[1:], *said) if part),
    }


def _parents(line: Entry) -> dict[str, Any]:
    how = How(line.data.get("how", How.PHONE))
    return {
        "title": "Parents are not told" if how == How.NOT_TOLD else f"Parents told: {how.label.lower()}",
        "when": line.happened_at or line.at,
        "by": line.by,
        "text": words(line),
    }
