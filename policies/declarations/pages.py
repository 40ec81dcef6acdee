"""How declarations, departures and uses are shown: columns, rows, facts, events. Who may see is asked before."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest

from core.tables import Column, Link, Status, Table
from people.governance.profile import Profile
from policies.declarations import departures, name_use, relationships
from policies.declarations.roads import specs_of, titles_of
from policies.models import (
    Declaration,
    DeclarationHold,
    DeclarationStep,
    Departure,
    DepartureHold,
    DepartureStep,
    NameUse,
)

BIRTHDAY, OVER = "The portal, after the 18th birthday", "The portal, long after the declarer had left"
ERASED = "Erased"
SHORT = 80
_LINK_STATUS = {"sent": "to_note", "noted": "noted", "advised": "noted_advice", "ended": "ended"}
_DEPARTURE_STATUS = {"sent": "to_answer", "advice": "waits_hr"}
_SCHOOL = Column("school", "School", sortable=True, order_by="school__name")


def declaration_state(row: Declaration) -> str:
    """A value of core.statuses."""
    return _LINK_STATUS[row.state]


def departure_state(row: Departure) -> str:
    """A value of core.statuses."""
    return _DEPARTURE_STATUS.get(row.state, row.state)


def declaration_columns(*, heard: bool, with_school: bool) -> list[Column]:
    """The columns of what one declared, or of what one hears.

    One's own are not sorted by name: their order would tell whether words are erased or only not shown.
    """
    return [
        Column("person", "Name", sortable=heard, order_by="text__person"),
        Column("about", "About", sortable=True),
        Column("relation", "Link", sortable=True),
        Column("contact", "In touch on a personal account", sortable=True),
        *([Column("by", "Declared by", sortable=True, order_by="by__full_name")] if heard else []),
        Column("at", "Declared on", sortable=True),
        *([_SCHOOL] if with_school else []),
        Column("state", "Status", sortable=True),
    ]


def words_gone(row: Declaration | Departure, *, own: bool) -> bool:
    """Whether no words are shown: they are erased; to who made it, also where its time is over (`keeping`)."""
    return row.erased_at is not None or (own and row.shut_at is not None)


def _gone(row: Declaration | Departure) -> dict[str, Any]:
    """That the words were erased, among what happened."""
    return {"title": "Words erased, since their time was over", "when": row.shut_at, "by": "The portal"}


def declaration_table(
    request: HttpRequest, columns: list[Column], rows: Iterable[Declaration], caption: str, *, own: bool
) -> Table:
    """One page of declarations."""
    cells = [
        {
            "person": Link(
                ERASED if words_gone(row, own=own) else _short(row.text.person), relationships.url_of(row)
            ),
            "about": row.get_about_display(),
            "relation": row.get_relation_display(),
            "contact": row.contact,
            "by": row.by.full_name,
            "at": row.at,
            "school": row.school.name,
            "state": Status(declaration_state(row)),
        }
        for row in rows
    ]
    return Table(columns, cells, caption, request, "-at", caption_hidden=True)


def declaration_facts(row: Declaration, profile: Profile, *, own: bool) -> list[dict[str, Any]]:
    """What was declared, and who hears it."""
    gone, former = words_gone(row, own=own), row.about == Declaration.About.FORMER
    return [
        {"key": "Name", "value": ERASED if gone else row.text.person},
        {"key": "About", "value": row.get_about_display()},
        *([{"key": "18 on", "value": row.eighteen_on or "Not known"}] if former and not gone else []),
        {"key": "Link", "value": row.get_relation_display()},
        {"key": "In touch on a personal account", "value": row.contact},
        {"key": "Details", "value": ERASED if gone else row.text.details},
        {"key": "Declared by", "value": row.by.full_name},
        {"key": "Declared", "value": row.at},
        {"key": "Heard by", "value": titles_of(profile, specs_of(row.hearers.all()))},
    ]


def declaration_events(
    row: Declaration, steps: Iterable[DeclarationStep], *, own: bool
) -> list[dict[str, Any]]:
    """What happened, oldest first."""
    gone = words_gone(row, own=own)
    nobody = OVER if row.shut_at and row.shut_at == row.ended_at else BIRTHDAY
    events = [{"title": "Declared", "when": row.at, "by": row.by.full_name}]
    events += [
        {
            "title": step.get_did_display(),
            "when": step.at,
            "by": step.by.full_name if step.by else nobody,
            "text": "" if gone else relationships.said_in(step),
        }
        for step in steps
    ]
    if gone and row.shut_at:
        events.append(_gone(row))
    return events


def hold_facts(hold: DeclarationHold | DepartureHold) -> list[dict[str, Any]]:
    """That the words are kept longer, for whoever may hold them."""
    return [
        {"key": "Kept until", "value": hold.until},
        {"key": "Why", "value": hold.reason},
        {"key": "By", "value": hold.by.full_name},
        {"key": "Since", "value": hold.at},
    ]


def departure_columns(with_school: bool) -> list[Column]:
    """The columns of departures."""
    return [
        Column("what", "What is or was done"),
        Column("when", "Has it happened?", sortable=True),
        Column("on", "Day", sortable=True),
        Column("by", "Told by", sortable=True, order_by="by__full_name"),
        Column("at", "Told on", sortable=True),
        *([_SCHOOL] if with_school else []),
        Column("state", "Status", sortable=True),
    ]


def departure_table(request: HttpRequest, columns: list[Column], rows: Iterable[Departure]) -> Table:
    """One page of departures."""
    cells = [
        {
            "what": Link(
                ERASED if words_gone(row, own=row.by_id == request.user.pk) else _short(row.what),
                departures.url_of(row),
            ),
            "when": happened(row),
            "on": row.on,
            "by": row.by.full_name,
            "at": row.at,
            "school": row.school.name,
            "state": Status(departure_state(row)),
        }
        for row in rows
    ]
    return Table(columns, cells, "Departures from the policy", request, "-at", caption_hidden=True)


def happened(row: Departure) -> str:
    """Whether it has happened, in words."""
    return "It has happened" if row.when == Departure.When.DONE else "Proposed"


def departure_facts(row: Departure, profile: Profile, *, own: bool) -> list[dict[str, Any]]:
    """What was told, and who answers it. The clauses stand apart, as links."""
    gone = words_gone(row, own=own)
    answers = [one for one in row.hearers.all() if not one.advises]
    return [
        {"key": "Has it happened?", "value": happened(row)},
        {"key": "Day", "value": row.on},
        {"key": "What is or was done", "value": ERASED if gone else row.what},
        {"key": "Why it is right", "value": ERASED if gone else row.why},
        {"key": "Told by", "value": row.by.full_name},
        {"key": "Told", "value": row.at},
        {"key": "Answered by", "value": titles_of(profile, specs_of(answers), "or")},
    ]


def departure_events(row: Departure, steps: Iterable[DepartureStep], *, own: bool) -> list[dict[str, Any]]:
    """What happened, oldest first. What HR was asked and said is not for whoever departed from the policy."""
    gone = words_gone(row, own=own)
    titles = {Departure.State.ADVICE: "HR was asked for advice", Departure.State.SENT: "HR gave its advice"}
    events = [{"title": "Told", "when": row.at, "by": row.by.full_name}]
    for step in steps:
        between = step.did in titles
        events.append(
            {
                "title": titles.get(step.did) or step.get_did_display(),
                "when": step.at,
                "by": step.by.full_name,
                "text": "" if gone or (between and own) else relationships.said_in(step),
            }
        )
    if gone and row.shut_at:
        events.append(_gone(row))
    return events


def name_use_columns(with_school: bool) -> list[Column]:
    """The columns of uses."""
    return [
        Column("purpose", "For what"),
        Column("what", "What"),
        Column("where", "Where", sortable=True),
        Column("by", "Asked by", sortable=True, order_by="by__full_name"),
        Column("at", "Asked on", sortable=True),
        Column("until", "Last day", sortable=True),
        *([_SCHOOL] if with_school else []),
        Column("state", "Status"),
    ]


def name_use_table(request: HttpRequest, columns: list[Column], rows: Iterable[NameUse]) -> Table:
    """One page of uses."""
    cells = [
        {
            "purpose": Link(_short(row.purpose), name_use.url_of(row)),
            "what": name_use.in_words(row).capitalize(),
            "where": row.get_where_display(),
            "by": row.by.full_name,
            "at": row.at,
            "until": row.until or "For good",
            "school": row.school.name,
            "state": Status(name_use.state_of(row)),
        }
        for row in rows
    ]
    return Table(columns, cells, "Uses of name and logo", request, "-at", caption_hidden=True)


def name_use_facts(row: NameUse) -> list[dict[str, Any]]:
    """What was asked for, and what became of it."""
    return [
        {"key": "What is to be used", "value": name_use.what_labels(row)},
        {"key": "Where", "value": row.get_where_display()},
        {"key": "For what, and by whom", "value": row.purpose},
        {"key": "Had it begun when it was asked for?", "value": row.begun},
        {"key": "Last day", "value": row.until or "For good"},
        {"key": "Asked by", "value": row.by.full_name},
        {"key": "Permitted", "value": row.granted_at},
        *(
            [
                {"key": "Ended", "value": row.ended_at},
                {"key": "Why it ended", "value": row.ended_because},
            ]
            if row.ended_at
            else []
        ),
    ]


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= SHORT else f"{text[: SHORT - 1]}…"
