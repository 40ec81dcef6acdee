"""What staff declare over a term: links, departures from the policy, uses of name and logo. All invented."""

import uuid
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial

from django.utils import timezone

from approvals.models import Decision
from policies.declarations.departures import (
    Case,
    departure_advise,
    departure_answer,
    departure_ask_hr,
    departure_make,
    departure_withdraw,
)
from policies.declarations.name_use import name_use_ask, name_use_end
from policies.declarations.relationships import (
    Told,
    birthdays_close,
    declaration_end,
    declaration_make,
    declaration_note,
)
from policies.models import Declaration, Departure, NameUse
from smgov.demo.clock import Scene
from smgov.demo.people import Cast
from smgov.demo.requests import decide

YES, NO = Decision.Outcome.APPROVED, Decision.Outcome.REFUSED
LINKS = (
    (104, "ashgrove", "Callum McAllister", "pupil", "own_child", "Fergus McAllister", True, None),
    (97, "ashgrove", "Thandeka Nkosi", "pupil", "family_friend", "Lwazi Dube", True, None),
    (41, "millbrook", "Bo Ek", "pupil", "other", "Tabitha Crane", True, None),
    (3, "millbrook", "Nia Blackwood", "pupil", "relative", "Carys Blackwood", False, None),
    (2, "millbrook", "Amandeep Kaur Gill", "pupil", "relative", "Simran Gill", True, None),
    (88, "fernhollow", "Esi Quartey", "former", "former_pupil", "Jamie Holt", False, 70),
    (30, "fernhollow", "Patrick Doherty", "former", "former_pupil", "Rowan Pike", False, -150),
    (5, "fernhollow", "Esi Quartey", "pupil", "own_child", "Kojo Quartey", True, None),
    (77, "lanterns", "Marta Ferreira", "pupil", "social", "Beatriz Lima", False, None),
    (4, "lanterns", "Ed Poe", "parent", "social", "Martin Shaw, coach of the chess club", True, None),
)
"""Days ago, place, who declares, about, link, name, in touch, and the days since the 18th birthday, if known."""
NOTED = (
    (103, "Fergus McAllister", "Dafydd Prosser", ""),
    (95, "Lwazi Dube", "Dafydd Prosser", "Keep him off the page of the class, please."),
    (
        40,
        "Tabitha Crane",
        "Amandeep Kaur Gill",
        "This must end today. Leave the group and tell me when it is done.",
    ),
    (86, "Jamie Holt", "Nikolai Petrov", ""),
    (75, "Beatriz Lima", "Piers Lockwood", ""),
)
"""Days ago, whose declaration, who notes it, and the advice."""
DEPARTURES = (
    (
        *(60, "lanterns", "Chidi Umeh", "done", 1, ("CBC-5.09",)),
        "I answered a pupil's message on my own account.",
        "She wrote that she had missed the last bus and was alone. I rang her mother at once.",
    ),
    (
        *(26, "lanterns", "Marta Ferreira", "proposed", -20, ("CBC-9.05",)),
        "I would like to join the parish group on a chat platform in which two families of the centre are.",
        "The parish plans its summer fair there and nowhere else.",
    ),
    (
        *(18, "lanterns", "Oluwaseun Martins", "done", 2, ()),
        "I spoke to a reporter on the telephone on a Sunday.",
        "The road was closed, and families had to know before Monday.",
    ),
    (
        *(6, "lanterns", "Ed Poe", "proposed", -10, ()),
        "I want to stream the chess tournament from my own account.",
        "The centre has no account of its own on that platform.",
    ),
    (
        *(9, "lanterns", "Chidi Umeh", "proposed", -5, ()),
        "I want to follow the page of the sixth form college.",
        "Our leavers ask about it.",
    ),
)
"""Days ago, place, who tells, whether it has happened, how many days before, clauses, what and why."""
USES = (
    (90, "stcedds", "Kit Sørensen", ("logo",), "paper", "Shirts of the running club of staff", False, -70),
    (
        50,
        "stcedds",
        "Rory MacGillivray",
        ("name", "logo"),
        "both",
        "Posters and a page of the fair",
        False,
        -60,
    ),
    (
        22,
        "stcedds",
        "Kemi Adeleke",
        ("material",),
        "internet",
        "Our prospectus on a site for tutors",
        True,
        None,
    ),
    (
        70,
        "lanterns",
        "Marta Ferreira",
        ("name",),
        "internet",
        "A profile on a network for teachers",
        False,
        None,
    ),
    (35, "lanterns", "Josie Tran", ("logo",), "paper", "Cards of the friends of the centre", False, None),
    (2, "lanterns", "Ed Poe", ("name", "logo"), "both", "Banner of the chess tournament", False, -30),
)
"""Days ago, place, who asks, what, where, for what, whether it has begun, and the days since the last day."""
DECIDED = (
    (89, "Shirts", "Florence Delacroix", YES, ""),
    (88, "Shirts", "Judith Amankwah", YES, ""),
    (49, "Posters", "Florence Delacroix", YES, ""),
    (48, "Posters", "Judith Amankwah", YES, ""),
    (20, "prospectus", "Florence Delacroix", NO, "We do not recommend tutors. Take it down today, please."),
    (69, "profile", "Oluwaseun Martins", YES, ""),
    (34, "Cards", "Oluwaseun Martins", YES, ""),
)
"""Days ago, a word of the purpose, who decides, how, and why."""


def _day(since: int | None) -> date | None:
    """A day so many days before the present of the scene; a number below nothing lies ahead."""
    return None if since is None else timezone.localdate() - timedelta(days=since)


def _link(cast: Cast, days: int, place: str, who: str, about: str, relation: str, *rest: object) -> None:
    person, contact, since = rest
    eighteen_on = None if since is None else timezone.localdate() + timedelta(days=days - since)
    declaration_make(
        actor=cast.who(who),
        school=cast.schools[place],
        once=uuid.uuid4(),
        told=Told(about, relation, person, contact, eighteen_on=eighteen_on),
    )


def _declared(person: str) -> Declaration:
    return Declaration.objects.get(text__person=person)


def _note(cast: Cast, person: str, who: str, advice: str) -> None:
    declaration_note(actor=cast.who(who), declaration=_declared(person), advice=advice)


def _left(cast: Cast) -> None:
    row = _declared("Tabitha Crane")
    declaration_end(actor=row.by, declaration=row, note="I have left the group.")


def _depart(cast: Cast, place: str, who: str, when: str, since: int, clauses: tuple, *words: str) -> None:
    case = Case(when, _day(since), *words, clauses=clauses)
    departure_make(actor=cast.who(who), school=cast.schools[place], once=uuid.uuid4(), case=case)


def _departed(word: str) -> Departure:
    return Departure.objects.get(what__contains=word)


def _departure(move: Callable, cast: Cast, word: str, who: str, **more: str) -> None:
    move(actor=cast.who(who), departure=_departed(word), **more)


def _use(cast: Cast, days: int, place: str, who: str, what: tuple, *rest: object) -> None:
    where, purpose, begun, since = rest
    name_use_ask(
        actor=cast.who(who),
        school=cast.schools[place],
        once=uuid.uuid4(),
        what=what,
        where=where,
        purpose=purpose,
        begun=begun,
        until=None if since is None else timezone.localdate() - timedelta(days=since),
    )


def _decide(cast: Cast, word: str, who: str, outcome: str, reasons: str) -> None:
    use = NameUse.objects.select_related("approval").get(purpose__contains=word)
    decide(use.approval, cast.who(who), outcome, reasons)


def _end_use(cast: Cast, word: str, who: str, because: str) -> None:
    use = NameUse.objects.get(purpose__contains=word)
    name_use_end(actor=cast.who(who), use=use, because=because)


def scenes(cast: Cast) -> Iterator[Scene]:
    """Each on its day; who hears, advises, decides and ends stands between."""
    for days, *link in LINKS:
        yield Scene(days, 10.5, partial(_link, cast, days, *link))
    for days, *note in NOTED:
        yield Scene(days, 15, partial(_note, cast, *note))
    yield Scene(39, 11, partial(_left, cast))
    yield Scene(60, 7.5, birthdays_close)
    for days, *told in DEPARTURES:
        yield Scene(days, 8.5, partial(_depart, cast, *told))
    step, head, hr = _departure, "Oluwaseun Martins", "Sunita Bhatt"
    question = "Was it right to answer at all, and is there more to do?"
    yield Scene(59, 9.5, partial(step, departure_ask_hr, cast, "message", head, question=question))
    advice = "It was right. Note it, and remind everybody of the number of the duty telephone."
    yield Scene(57, 14, partial(step, departure_advise, cast, "message", hr, advice=advice))
    thanks = "Thank you for ringing her mother."
    yield Scene(56, 9, partial(step, departure_answer, cast, "message", head, outcome="noted", note=thanks))
    reasons = "Ask the parish to send its plans by post. Pupils' families are in that group."
    yield Scene(
        24, 12, partial(step, departure_answer, cast, "parish", head, outcome="not_agreed", note=reasons)
    )
    yield Scene(
        16, 16, partial(step, departure_answer, cast, "reporter", "Augustine Kamara", outcome="agreed")
    )
    yield Scene(8, 9, partial(step, departure_withdraw, cast, "sixth form", "Chidi Umeh"))
    question = "May pupils be seen on a private account, with consent?"
    yield Scene(5, 9, partial(step, departure_ask_hr, cast, "stream", head, question=question))
    for days, *use in USES:
        yield Scene(days, 9.25, partial(_use, cast, days, *use))
    for days, *decision in DECIDED:
        yield Scene(days, 11.75, partial(_decide, cast, *decision))
    because = "The friends have a logo of their own now."
    yield Scene(12, 13, partial(_end_use, cast, "Cards", head, because))
