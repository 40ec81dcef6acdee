"""Comments on accounts: at Thornwick an answer is due within a day, at St Cedd's none is. All invented."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.utils import timezone

from incidents.comments.services.logging import Arrived, comment_log
from incidents.comments.services.offensive import Offence
from incidents.comments.services.opinions import opinion_ask, opinion_give
from incidents.comments.services.steps import comment_step, comment_take
from incidents.comments.sweeps import comments_due
from incidents.models import Comment
from smgov.demo.clock import Scene
from smgov.demo.people import Cast
from smgov.demo.register import account

MODERATORS = {"thornwick": "Magnus Thorvaldsen", "stcedds": "Judith Amankwah"}
LOGGERS = {"thornwick": "Zahra Hosseini", "stcedds": "Florence Delacroix"}
ASKED = "Rajesh Pillai"
THORNWICK, HIGH = "Thornwick High School", "Thornwick High"


@dataclass(frozen=True)
class Said:
    """One comment: days ago, how many hours before it had come in, and the moves that followed, with their hours."""

    school: str
    days: int
    before: float
    account: str
    author: str
    words: str
    kind: str
    then: tuple[tuple[float, str, str], ...] = ()
    offence: str = ""
    opinion: bool = False


ANSWERED = ((2.0, "answer", "Thank you for asking. The office will ring you today."), (0.5, "resolve", ""))
COMMENTS = (
    Said(
        "thornwick",
        88,
        1,
        THORNWICK,
        "marla_p",
        "What time do the doors open on Thursday?",
        "query",
        ANSWERED,
    ),
    Said(
        "thornwick", 81, 2, HIGH, "bus_user_9", "The 42 was late again. Do you mind?", "complaint", ANSWERED
    ),
    Said("thornwick", 74, 40, THORNWICK, "dadof3", "Lovely concert, thank you all.", "comment", ANSWERED),
    Said(
        "thornwick",
        61,
        3,
        "Thornwick Science",
        "ex_pupil_04",
        "Can old pupils come to the open lab?",
        "query",
        ((1.0, "acknowledge", "Good question, we will find out."), (24.0, *ANSWERED[0][1:]), ANSWERED[1]),
    ),
    Said("thornwick", 54, 30, HIGH, "nan_of_two", "Nobody has answered my message.", "complaint", ANSWERED),
    Said(
        "thornwick",
        47,
        1,
        THORNWICK,
        "Thornwick Gazette",
        "We would like a word about the new buildings.",
        "press",
        ((3.0, "answer", "Thank you. Please ring the office, and ask for Mr Pillai."),),
    ),
    Said(
        "thornwick",
        40,
        2,
        "Thornwick Rugby",
        "touchline_tim",
        "Your coach is a clown.",
        "comment",
        ((1.0, "hide", "It insults a colleague."), (0.5, "resolve", "")),
        offence="offensive",
    ),
    Said(
        "thornwick",
        33,
        2,
        "Thornwick Art",
        "free_followers",
        "Click my page",
        "comment",
        ((1.0, "leave", "Spam"),),
    ),
    Said(
        "thornwick",
        19,
        2,
        THORNWICK,
        "a_worried_mum",
        "Your rules on phones are unfair. Who decided them?",
        "policy",
        ((2.0, "acknowledge", "Thank you. We have passed it on."),),
    ),
    Said("thornwick", 8, 4, HIGH, "runner_up", "Why was the race called off?", "query", opinion=True),
    Said("thornwick", 4, 3, THORNWICK, "longwait", "Is anybody there?", "complaint"),
    Said("thornwick", 0, 21, THORNWICK, "early_bird", "Is the car park open tomorrow?", "query"),
    Said("thornwick", 0, 2, "Thornwick Stage", "stage_fan", "When is the next play?", "query"),
    Said(
        "stcedds", 30, 5, "St Cedd's School", "pond_pal", "How many newts are there now?", "query", ANSWERED
    ),
    Said("stcedds", 1, 3, "St Cedd's-on-the-Marsh", "village_voice", "Is the fair on?", "query"),
)


def _logged(cast: Cast, said: Said) -> Comment:
    school = cast.schools[said.school]
    return comment_log(
        actor=cast.who(LOGGERS[said.school]),
        school=school,
        once=uuid.uuid4(),
        arrived=Arrived(
            account(cast, said.school, said.account),
            said.author,
            said.words,
            said.kind,
            timezone.now() - timedelta(hours=said.before),
        ),
        offence=Offence(said.offence, "staff") if said.offence else None,
    )


def _log(cast: Cast, said: Said, kept: dict[Said, Comment]) -> None:
    row = kept[said] = _logged(cast, said)
    moderator = cast.who(MODERATORS[said.school])
    if said.then:
        comment_take(actor=moderator, comment=row)
    if said.opinion:
        opinion = opinion_ask(
            actor=moderator,
            comment=row,
            once=uuid.uuid4(),
            draft="It was called off because of the ice on the track.",
            of=cast.who(ASKED),
        )
        opinion_give(
            actor=cast.who(ASKED), opinion=opinion, verdict="change", advice="Say when it will be run."
        )


def _then(cast: Cast, said: Said, kept: dict[Said, Comment], move: str, words: str) -> None:
    who = ASKED if said.kind == "press" else MODERATORS[said.school]
    comment_step(actor=cast.who(who), comment=kept[said], move=move, words=words)


def scenes(cast: Cast) -> Iterator[Scene]:
    """Each comment on its day, what was done about it, and the clock each morning of the last weeks."""
    kept: dict[Said, Comment] = {}
    for said in COMMENTS:
        yield Scene(said.days, 8.6, partial(_log, cast, said, kept))
        hour = 8.7
        days = said.days
        for hours, move, words in said.then:
            days, hour = (days - 1, hour) if hours >= 24 else (days, hour + hours)
            yield Scene(days, hour, partial(_then, cast, said, kept, move, words))
    for days in range(90, -1, -1):
        yield Scene(days, 8.1, comments_due)
    yield Scene(0, 9.1, comments_due)
