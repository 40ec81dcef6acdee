"""The part of the page that a case of its own kind needs: a breach, a complaint, a contact attempt."""

from typing import Any

from django.utils import timezone

from incidents.concerns.case_sections.shared import lines_of, read_once, words
from incidents.concerns.sections import Case, Section, case_section
from incidents.concerns.services.special import countdown
from incidents.models import ActionKind, Category, DataBreach, EntryKind, Hearing

TITLES = {
    "breach": "Data protection breach",
    "complaint": "Complaint about the policy",
    "data": "Complaint about data protection",
    "contact": "A pupil tried to reach a member of staff",
}
POLICIES = {"data_protection": "Data protection policy", "cyber_security": "Cyber-security policy"}


@case_section(22)
def special(case: Case) -> Section | None:
    """What this kind of case needs, or nothing."""
    concern = case.concern
    read_once(concern)
    kind, context = _of_kind(case)
    if not kind:
        return None
    context |= {"concern": concern, "works": case.works, "kind": kind}
    return Section("special", TITLES[kind], "incidents/concerns/_special.html", context)


def _of_kind(case: Case) -> tuple[str, dict[str, Any]]:
    concern = case.concern
    due = {row.kind: row for row in concern.actions.all() if row.done_at is None}
    breach = getattr(concern, "breach", None)
    if concern.category == Category.DATA_BREACH or breach is not None or ActionKind.ICO in due:
        return "breach", _breach(case, breach, due.get(ActionKind.ICO))
    if concern.category == Category.POLICY_COMPLAINT:
        return "complaint", _complaint(case)
    if concern.category == Category.DATA_COMPLAINT or ActionKind.ACKNOWLEDGE in due:
        return "data", _data(case, due.get(ActionKind.ACKNOWLEDGE))
    if concern.category == Category.CONTACT_ATTEMPT:
        return "contact", {
            "tell": bool(case.profile.contact_attempt_tell_parents),
            "told": any(line.kind == EntryKind.PARENTS for line in lines_of(concern)),
        }
    return "", {}


def _breach(case: Case, breach: DataBreach | None, due: Any) -> dict[str, Any]:
    now = timezone.now()
    facts: list[dict[str, Any]] = [
        {"key": "Handled under", "value": POLICIES.get(case.profile.data_breach_policy, "")},
        {"key": "Told to", "value": case.profile.title_of("dpo")},
    ]
    clock, late = "", False
    if breach is None:
        at = due.due_at if due else None
        clock = f"Nobody has said yet when the school became aware. {_clock(at, now)}" if at else ""
        late = at is not None and at < now
    else:
        facts.append({"key": "The school became aware", "value": breach.aware_at})
        facts.append({"key": "72 hours end", "value": breach.due_at})
        if breach.report_it is not None:
            facts.append({"key": "Reported to the ICO?", "value": breach.report_it})
            facts.append({"key": "Decided", "value": breach.decided_at})
            facts.append({"key": "The people whose data it is are told", "value": breach.people_told})
        if breach.reported_at is not None:
            facts.append({"key": "Reported", "value": breach.reported_at})
            facts.append({"key": "Reference of the ICO", "value": breach.ico_reference})
            late = breach.reported_at > breach.due_at
            span = countdown(breach.due_at, breach.reported_at)
            clock = f"It was reported {span}. Say why in a note." if late else "It was reported in time."
        elif breach.report_it is not False:
            clock, late = _clock(breach.due_at, now), breach.due_at < now
    return {"facts": facts, "clock": clock, "late": late, "breach": breach}


def _clock(due_at: Any, now: Any) -> str:
    said = countdown(due_at, now)
    if due_at < now:
        return f"The 72 hours are over: {said}. Decide at once, and say why it is late."
    return f"Of the 72 hours to report it to the ICO there are {said}."


def _complaint(case: Case) -> dict[str, Any]:
    lines = {
        line.data.get("party"): line for line in lines_of(case.concern) if line.kind == EntryKind.HEARING
    }
    heard = [
        {
            "title": f"Heard for the {party.label.lower()}",
            "when": lines[party.value].at,
            "by": lines[party.value].by,
            "text": words(lines[party.value]),
        }
        for party in Hearing.Party
        if party.value in lines
    ]
    missing = [party.label.lower() for party in Hearing.Party if party.value not in lines]
    return {"heard": heard, "missing": missing}


def _data(case: Case, due: Any) -> dict[str, Any]:
    if due is None:
        return {"clock": "It was acknowledged.", "late": False, "open": False}
    now = timezone.now()
    said = countdown(due.due_at, now)
    late = due.due_at < now
    clock = (
        f"The 30 days are over: {said}." if late else f"Of the 30 days to acknowledge it there are {said}."
    )
    return {"clock": clock, "late": late, "open": True}
