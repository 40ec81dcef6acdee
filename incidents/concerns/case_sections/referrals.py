"""The part of the page about bodies outside: what was referred, what is waited for, what is missing."""

from typing import Any

from django.urls import reverse

from incidents.concerns import pages
from incidents.concerns.case_sections.shared import lines_of, people_in, read_once
from incidents.concerns.holds import SPARED
from incidents.concerns.roads import BULLYING
from incidents.concerns.sanctions import STAFF
from incidents.concerns.sections import Case, Section, case_section
from incidents.concerns.services.police import ADULTS, police_callers
from incidents.concerns.services.referrals import forced_hold
from incidents.models import ActionKind, Body, PartIn, Referral, Sort

OTHERS = (Body.LADO, Body.MASH, Body.CEOP, Body.PREVENT, Body.IWF, Body.OTHER)
"""Agencies beside the police that illegal conduct may concern (RAV-5.12)."""


@case_section(25)
def referrals(case: Case) -> Section | None:
    """Everything about referrals."""
    concern = case.concern
    read_once(concern)
    rows = list(concern.referrals.all())
    illegal = _judged(case)
    context: dict[str, Any] = {
        "concern": concern,
        "works": case.works,
        "rows": [_shown(case, row) for row in rows],
        "hints": _hints(case, rows, illegal),
        "judged": "" if illegal is None else "illegal" if illegal else "inside",
        "spared": concern.on_road and any(line.data.get("decision") == SPARED for line in lines_of(concern)),
        "may_spare": case.works
        and bool(case.profile.police_discretion)
        and any(part.sort == Sort.PUPIL for part in people_in(concern, PartIn.SUBJECT)),
        "wishes": _wishes(case),
        "lado_contact": case.profile.lado_contact if _staff(case) else "",
    }
    return Section("referrals", "Referrals", "incidents/concerns/_referrals.html", context)


def _staff(case: Case) -> bool:
    return any(part.sort in STAFF for part in people_in(case.concern, PartIn.SUBJECT))


def _judged(case: Case) -> bool | None:
    """What the last line says that judges the conduct."""
    lines = [line for line in lines_of(case.concern) if "illegal" in line.data]
    return lines[-1].data["illegal"] if lines else None


def _hints(case: Case, rows: list[Referral], illegal: bool | None) -> list[str]:
    """What is still missing; none of it happens by itself."""
    concern, profile = case.concern, case.profile
    made = {row.body for row in rows if row.made_at}
    due = {action.kind for action in concern.actions.all() if action.done_at is None}
    hints = []
    if ActionKind.LADO in due:
        hints.append(
            "Refer it to the LADO within one working day, before anything is done against the person."
        )
    if ActionKind.HR in due:
        hints.append("Waits for advice from HR. Do not look into it or judge any material until it has come.")
    if concern.image and _staff(case):
        hints.append("It raises serious concerns about whether the adult is suitable to work with children.")
    if (illegal or concern.image) and Body.POLICE not in made:
        who = police_callers(concern, profile).words
        hints.append(f"The police have not been told. At your school this is done by {who}.")
    if illegal and not made & set(OTHERS):
        hints.append(
            "It may be illegal, so other bodies that it concerns hear of it too. None is recorded yet."
        )
    if _staff(case) and forced_hold(profile, Body.LADO):
        hints.append("At your school no action is taken against the person until the LADO has advised.")
    return hints


def _wishes(case: Case) -> list[dict[str, Any]]:
    """What adults who are harmed wish, where it is for them to decide."""
    concern = case.concern
    asked = case.profile.bullying_police_rule == "victim" and concern.category in BULLYING
    answers = {True: "Wishes the police to be told", False: "Does not wish the police to be told"}
    return [
        {
            "name": part.shown,
            "words": answers.get(part.wants_police, "Has not decided yet"),
            "url": reverse("incidents:concern-wish", args=[concern.uuid, part.uuid]) if case.works else "",
        }
        for part in people_in(concern, PartIn.VICTIM)
        if part.sort in ADULTS and (asked or part.wants_police is not None)
    ]


def _shown(case: Case, row: Referral) -> dict[str, Any]:
    """One referral: its facts, and what can be done about it."""
    facts: list[dict[str, Any]] = []
    if row.made_at:
        facts.append({"key": "Contacted", "value": row.made_at})
        facts.append({"key": "By", "value": pages.made_by(case, row)})
    if row.not_made_because:
        key = "Before that" if row.made_at else "Not contacted"
        facts.append({"key": key, "value": row.not_made_because})
    if row.reference:
        facts.append({"key": "Reference", "value": row.reference})
    if row.advised_at:
        facts.append({"key": "Advice came", "value": row.advised_at})
    if row.overridden_at:
        facts.append({"key": "Went ahead without it", "value": row.overridden_at})
    steps: list[tuple[str, str]] = []
    if case.works:
        args = [case.concern.uuid, row.uuid]
        if row.made_at is None:
            steps.append(("They were contacted", reverse("incidents:concern-referral-made", args=args)))
        elif row.advised_at is None:
            steps.append(("Record their advice", reverse("incidents:concern-advice", args=args)))
        if row.is_holding:
            steps.append(("Go ahead without it", reverse("incidents:concern-override", args=args)))
    return {
        "name": row.body_name or row.get_body_display(),
        "status": _status(row),
        "facts": facts,
        "steps": steps,
    }


def _status(row: Referral) -> str:
    if row.is_holding:
        return "advice_awaited"
    if row.advised_at:
        return "advised"
    return "contacted" if row.made_at else "not_contacted"
