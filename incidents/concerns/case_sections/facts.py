"""What stands at the top of a case, what was reported, and whom it concerns."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from consent.access import pupil_rules
from core.tables import Status, date_text
from incidents.concerns import pages
from incidents.concerns.board import age_words
from incidents.concerns.sections import Case, Section, case_section
from incidents.models import Channel, Part, PartIn, Sort
from incidents.models import Status as Stands
from policies.reference import clause_titles

Row = dict[str, Any]


@case_section(5)
def at_a_glance(case: Case) -> Section:
    """Where it stands, and what can be changed about it."""
    concern = case.concern
    now = timezone.now()
    rows: list[Row] = [
        {"key": "Status", "value": pages.statuses_of(concern)},
        {"key": "Category", "value": concern.get_category_display()},
        {"key": "Urgency", "value": Status(pages.urgency_status(concern.urgency))},
        {"key": "Received", "value": f"{date_text(concern.at)} ({_ago(age_words(concern.at, now))})"},
        {"key": "Reported by", "value": pages.reported_by(case)},
        {"key": "How it came", "value": concern.get_channel_display()},
        {"key": "First read", "value": _first_read(case)},
        {"key": "Handled by", "value": concern.owner.full_name if concern.owner else "Nobody yet"},
        {"key": "Waiting for", "value": concern.get_waiting_for_display()},
        {"key": "Governed by", "value": concern.governed_by},
        {
            "key": "Clauses breached",
            "value": [f"{ref} {clause_titles().get(ref, '')}" for ref in concern.clauses],
        },
    ]
    if case.profile.child_protection_system or concern.external_reference:
        rows.append({"key": "Reference in the child protection system", "value": concern.external_reference})
    if case.works and concern.status == Stands.OPEN:
        _offer(case, rows)
    return Section("facts", "At a glance", "incidents/concerns/_facts.html", {"rows": rows})


CHANGED_BY = {
    "Category": "case-classify",
    "Urgency": "case-classify",
    "Handled by": "case-assign",
    "Waiting for": "case-wait",
    "Governed by": "case-policy",
    "Clauses breached": "case-policy",
    "Reference in the child protection system": "case-reference",
}


def _offer(case: Case, rows: list[Row]) -> None:
    for row in rows:
        if row["key"] in CHANGED_BY:
            row["action_url"] = pages.address(CHANGED_BY[row["key"]], case.concern)


def _ago(words: str) -> str:
    return words.lower() if words == "Just now" else f"{words} ago"


def _first_read(case: Case) -> str:
    concern = case.concern
    if concern.first_read_at is None:
        return "Nobody has read it yet"
    name = concern.first_read_by.full_name if concern.first_read_by else ""
    return f"{date_text(concern.first_read_at)}{', ' if name else ''}{name}"


@case_section(10)
def what_was_reported(case: Case) -> Section:
    """The reporter's words, as they were sent."""
    concern, words = case.concern, case.concern.words
    rows: list[Row] = [{"key": "When it happened", "value": _when(case)}]
    rows += (
        [{"key": "Where", "value": pages.shown_words(concern, words.happened_where)}]
        if words.happened_where
        else []
    )
    rows += [{"key": "Who told the reporter", "value": words.get_source_display()}] if words.source else []
    if words.in_hours:
        rows.append({"key": "In the working day", "value": True})
    if concern.channel == Channel.PAPER and words.written_on:
        rows.append({"key": "Written on paper on", "value": words.written_on})
    if words.reached_by and not pages.reporter_is_kept_back(case):
        rows.append(
            {"key": "How to reach the reporter", "value": pages.shown_words(concern, words.reached_by)}
        )
    texts = [
        ("What happened", words.what),
        ("In the child’s own words", words.child_said),
        ("What was done already", words.done),
        ("What the person concerned wishes", words.wishes),
    ]
    shown = {
        "rows": rows,
        "texts": [
            {"title": title, "text": pages.shown_words(concern, text)} for title, text in texts if text
        ],
    }
    return Section("reported", "What was reported", "incidents/concerns/_words.html", shown)


def _when(case: Case) -> str:
    words = case.concern.words
    day = date_text(words.happened_on) if words.happened_on else ""
    when = pages.shown_words(case.concern, words.happened_when)
    return ", ".join(one for one in (day, when) if one) or pages.NOT_KNOWN


@case_section(15)
def whom_it_concerns(case: Case) -> Section:
    """Everybody in it, each kind of part for itself; a mistake stays, struck out, with its reason."""
    pupils_at = pupil_rules.schools(case.user, "view")
    linked = case.concern.school_id in pupils_at
    parts = list(case.concern.parts.all())
    groups = [
        {"title": kind.label, "people": [_person(case, part, linked) for part in parts if part.part == kind]}
        for kind in PartIn
    ]
    context = {
        "groups": [group for group in groups if group["people"]],
        "add_url": pages.address("case-person-add", case.concern) if _works_now(case) else "",
    }
    return Section("people", "Whom it concerns", "incidents/concerns/_people.html", context)


def _works_now(case: Case) -> bool:
    return case.works and case.concern.status == Stands.OPEN


def _person(case: Case, part: Part, linked: bool) -> Row:
    """One person, and what can be done about the line."""
    works = _works_now(case) and part.mistaken_at is None
    may_be_pupil = part.user_id is None and part.pupil_id is None and part.sort in (Sort.PUPIL, Sort.UNKNOWN)
    return {
        "name": pages.person_name(case.concern, part),
        "sort": ""
        if pages.person_name(case.concern, part) == pages.COLLEAGUE
        or part.shown == part.get_sort_display()
        or part.sort == Sort.UNKNOWN
        else part.get_sort_display(),
        "url": reverse("consent:pupil-detail", args=[part.pupil.uuid]) if part.pupil_id and linked else "",
        "mistaken": part.mistaken_at is not None,
        "because": part.mistaken_because,
        "wants_police": {
            True: "Wishes that the police are told",
            False: "Does not wish the police to be told",
        }.get(part.wants_police, ""),
        "find_url": pages.address("case-person-identify", case.concern, part.uuid)
        if works and may_be_pupil and linked
        else "",
        "mistake_url": pages.address("case-person-mistaken", case.concern, part.uuid) if works else "",
    }
