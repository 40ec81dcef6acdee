"""Remits, statements in reports of the term, and monitoring reports over four months. All invented."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from django.utils import timezone

from accounts.models import MonitoringAction, MonitoringReport
from accounts.monitoring.services import (
    accounts_to_monitor,
    action_done,
    report_read,
    report_send,
    report_start,
)
from accounts.monitoring.written import Act, Looked, Written
from people.models import User
from people.selectors import profile_of
from policies.assurance.remits import leads_of
from policies.assurance.services import (
    declaration_of,
    presented_text,
    remit_confirm,
    seen_hash,
    statement_of,
    statement_write,
)
from policies.assurance.spans import terms_to_choose
from smgov.demo.clock import Scene
from smgov.demo.people import Cast

REMITS = (
    ("ashgrove", 101, "Rhiannon Castellanos"),
    ("stcedds", 88, "Clement Okonjo"),
    ("thornwick", 60, "Cornelius Adjei"),
)
"""Where, days ago, by whom. Millbrook, Thistledown and the others wait to be confirmed."""
STATEMENTS = (
    ("ashgrove", 20, "Dafydd Prosser", "approach", "Every class has one lesson a term on being kind online."),
    (
        "ashgrove",
        12,
        "Dafydd Prosser",
        "approach",
        (
            "Every class has one lesson a term on being kind online. Year 6 teaches Year 4. "
            "Next term we ask parents what they would like to know."
        ),
    ),
    (
        "ashgrove",
        9,
        "Marguerite Osei-Bonsu",
        "implementation",
        "All accounts have two administrators. Comments are read every morning before school.",
    ),
    ("stcedds", 14, "Hyacinth Moreau", "approach", "The school council writes the rules for the classroom."),
)
REPORTS = (
    (
        "ashgrove",
        70,
        "Saoirse O'Malley",
        "Every account was looked at twice. Posts are friendly and up to date.",
        "A second person reads each post before it goes out.",
        "fine",
        ("Write down who looks after the account in the holidays", "Callum McAllister", 21),
        True,
    ),
    (
        "ashgrove",
        8,
        "Saoirse O'Malley",
        "Nothing was posted for three weeks on one account.",
        "Drafts are prepared together on Mondays.",
        "stale",
        ("Post at least once a week", "Aoife Ní Dhomhnaill", 14),
        False,
    ),
    (
        "millbrook",
        33,
        "Jonathan Adébáyò",
        "The picture at the top still shows last year's building site.",
        "The office checks pictures once a term.",
        "problem",
        ("Change the picture at the top", "Nia Blackwood", 12),
        False,
    ),
    (
        "thornwick",
        26,
        "Magnus Thorvaldsen",
        "Public talk about the school was followed for a month: mostly about buses.",
        "The lead answers within the day.",
        "fine",
        None,
        False,
    ),
    (
        "stcedds",
        41,
        "Judith Amankwah",
        "Accounts are current. The hour a week that they have is too little before feast days.",
        "Two people share the work from now on.",
        "fine",
        ("Name a second person for the parish account", "Éloïse Béranger", 60),
        False,
    ),
)
"""Where, days ago, by whom, findings, mitigations, what was found on each account, an action with its days, done?"""
READERS = {"ashgrove": "Marguerite Osei-Bonsu", "stcedds": "Clement Okonjo"}


def _confirm(cast: Cast, place: str, by: str) -> None:
    school, actor = cast.schools[place], cast.who(by)
    words = declaration_of(profile_of(school), school, leads_of([school])[school.pk])
    remit_confirm(actor=actor, school=school, typed_name=actor.full_name, seen=seen_hash(words))


def _state(cast: Cast, place: str, by: str, part: str, text: str) -> None:
    school = cast.schools[place]
    term = terms_to_choose(profile_of(school))[0]
    now = statement_of(school, term, part)
    statement_write(
        actor=cast.who(by), school=school, term=term, part=part, text=text, seen=now.uuid if now else None
    )


def _present(cast: Cast, place: str, by: str) -> None:
    """The report of the term before was laid before the board today."""
    school = cast.schools[place]
    term = terms_to_choose(profile_of(school))[1]
    text = presented_text(timezone.localdate(), term, "The board asked for figures on training. Minute 7.")
    statement_write(actor=cast.who(by), school=school, term=term, part="presented", text=text, seen=None)


def _written(
    cast: Cast, place: str, writer: User, texts: tuple[str, str], found: str, act: tuple | None
) -> Written:
    today = timezone.localdate()
    accounts = accounts_to_monitor(writer, cast.schools[place])
    note = {"stale": "The last post is three weeks old", "problem": "An old picture"}.get(found, "")
    actions = (Act(act[0], cast.who(act[1]), today + timedelta(days=act[2])),) if act else ()
    return Written(
        today - timedelta(days=30),
        today,
        findings=texts[0],
        mitigations=texts[1],
        elsewhere="A group of parents asks about parking; it is friendly.",
        resources="An hour a week, shared by two people.",
        accounts={one: Looked(found, note) for one in accounts},
        actions=actions,
    )


def _report(
    cast: Cast,
    place: str,
    by: str,
    findings: str,
    mitigations: str,
    found: str,
    act: tuple | None,
    done: bool,
) -> None:
    writer, school = cast.who(by), cast.schools[place]
    written = _written(cast, place, writer, (findings, mitigations), found, act)
    draft = report_start(actor=writer, school=school, once=uuid.uuid4(), written=written)
    report = report_send(actor=writer, report=draft)
    if done:
        action = MonitoringAction.objects.get(report=report)
        action_done(actor=action.owner, action=action, note="The list hangs in the office")


def _read(cast: Cast, place: str) -> None:
    """Somebody has read the first report of the school."""
    report = MonitoringReport.objects.filter(school=cast.schools[place]).order_by("pk").first()
    report_read(actor=cast.who(READERS[place]), report=report)


def _draft(cast: Cast) -> None:
    """A report that nobody else sees yet."""
    writer = cast.who("Saoirse O'Malley")
    texts = ("Half of the accounts were looked at so far.", "")
    written = _written(cast, "millbrook", writer, texts, "not_seen", None)
    report_start(actor=writer, school=cast.schools["millbrook"], once=uuid.uuid4(), written=written)


def scenes(cast: Cast) -> Iterator[Scene]:
    """Each on its day."""
    for place, days, by in REMITS:
        yield Scene(days, 15, partial(_confirm, cast, place, by))
    for place, days, *statement in STATEMENTS:
        yield Scene(days, 15.5, partial(_state, cast, place, *statement))
    for place, days, *report in REPORTS:
        yield Scene(days, 14, partial(_report, cast, place, *report))
    for place in READERS:
        yield Scene(30, 16, partial(_read, cast, place))
    yield Scene(7, 16, partial(_present, cast, "ashgrove", "Irena Kovačević"))
    yield Scene(2, 11, partial(_draft, cast))
