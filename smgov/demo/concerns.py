"""Concerns in every state, at schools that govern differently. All of it invented, and nothing lurid."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from django.utils import timezone

from incidents.concerns.sanctions import Sanction
from incidents.concerns.services.casework import case_policy, case_reference
from incidents.concerns.services.evidence import evidence_add_text
from incidents.concerns.services.links import case_link
from incidents.concerns.services.people import part_add
from incidents.concerns.services.police import not_criminalise
from incidents.concerns.services.sending import Somebody
from incidents.concerns.services.special import breach_decide, hearing_record
from incidents.models import Category, Channel, PartIn, Sort, Source
from smgov.demo.clock import Scene
from smgov.demo.concern_steps import (
    Case,
    Step,
    closes,
    corrects,
    measure,
    notes,
    plans,
    pupil,
    reads,
    refers,
    shares,
    takes,
    told_parents,
    waits,
)
from smgov.demo.people import Cast

DSL, HEAD, CHAIR = "Hyacinth Moreau", "Judith Amankwah", "Clement Okonjo"


def _evidence(case: Case, cast: Cast) -> None:
    evidence_add_text(
        actor=cast.who(DSL),
        concern=case.concern,
        text="nobody wants u on the team. dont come tmrw",
        place="Group chat “6S football”, on the pupil's own phone",
        captured_at=timezone.now() - timedelta(hours=3),
        captured_by="Kemi Adeleke",
        title="Two messages, copied word for word",
    )


def _policy(case: Case, cast: Cast) -> None:
    case_policy(
        actor=cast.who(DSL),
        concern=case.concern,
        governed_by="Anti-bullying policy",
        clauses=["STM-10.01", "STM-10.03"],
    )


def _reference(case: Case, cast: Cast) -> None:
    case_reference(actor=cast.who(DSL), concern=case.concern, reference="SC-2031")


def _links(first: Case) -> Step:
    return lambda case, cast: case_link(
        actor=cast.who(DSL), concern=case.concern, other=first.concern, because="The same group of pupils"
    )


def _adds_witness(case: Case, cast: Cast) -> None:
    part_add(
        actor=cast.who(DSL),
        concern=case.concern,
        somebody=Somebody(PartIn.WITNESS, Sort.PUPIL, "Two friends from 6H"),
    )


def _decides_breach(case: Case, cast: Cast) -> None:
    breach_decide(
        actor=cast.who("Alasdair Buchan"),
        concern=case.concern,
        report_it=False,
        reasons="Thirty addresses of parents of one class, called back within an hour; a risk is unlikely.",
        people_told=True,
    )


def _heard(case: Case, cast: Cast) -> None:
    hearing_record(
        actor=cast.who(HEAD),
        concern=case.concern,
        party="head",
        words="Met the mother. She asks that posts are announced a day before.",
    )


def _spared(case: Case, cast: Cast) -> None:
    not_criminalise(
        actor=cast.who(DSL),
        concern=case.concern,
        reasons="A joke between friends of eleven, stopped at once, no pressure. Both families were met.",
    )


BULLYING = Case(
    "stcedds",
    "Kemi Adeleke",
    16,
    lambda cast: {
        "category": Category.CYBERBULLYING,
        "what": "Messages in a group chat of the football team leave one pupil out, every evening since half-term.",
        "happened_where": "A group chat on the pupils' own phones",
        "happened_when": "In the evenings, for about two weeks",
        "people": (
            pupil(PartIn.VICTIM, "A boy of 6S, left midfield"),
            pupil(PartIn.SUBJECT, "The captain of the team, 6S"),
            pupil(PartIn.DISCLOSER, "A friend of his from 6H"),
        ),
        "child_said": "They said there is no room for me any more and then they laughed.",
        "done": "Listened, wrote it down, told him that I must pass it on.",
        "source": Source.CHILD,
        "wishes": "He does not want the whole team to be told off.",
    },
    then=(
        (16, reads(DSL)),
        (15, takes(DSL)),
        (15, _policy),
        (15, _evidence),
        (
            14,
            told_parents(DSL, "His mother knew of some of it. She will keep the phone downstairs at night."),
        ),
        (13, notes(DSL, "Met the captain with his form tutor on Tuesday.")),
        (13, corrects(DSL, "The meeting was on Wednesday, not on Tuesday.")),
        (12, _adds_witness),
        (9, shares(DSL, "Éloïse Béranger", "Form tutor of 6S: watches over the lunch breaks", 40)),
        (6, plans(DSL, "Ask him how the week has been", 5)),
        (2, waits(DSL, "parents")),
    ),
)
CASES = (
    BULLYING,
    Case(
        "stcedds",
        "Éloïse Béranger",
        5,
        lambda cast: {
            "category": Category.HARASSMENT,
            "what": "The same pupils now write to him in a game. He showed me the screen before registration.",
            "happened_where": "The chat of an online game",
            "people": (pupil(PartIn.VICTIM, "A boy of 6S"), pupil(PartIn.SUBJECT, "Two boys of 6S")),
            "child_said": "I only want to play.",
            "source": Source.CHILD,
        },
        then=((4, reads(DSL)), (3, _links(BULLYING)), (1, plans(DSL, "Call both families", 0))),
    ),
    Case(
        "stcedds",
        "Tariq Mahmoudi",
        0,
        lambda cast: {
            "category": Category.UNDER_AGE,
            "what": "Four children of Year 4 told me that they post dances on a video app under a cousin's name.",
            "people": (pupil(PartIn.VICTIM, "Four girls of 4B"),),
            "source": Source.CHILD,
            "done": "Told them that we will talk about it, and with their parents.",
        },
        hour=9,
    ),
    Case(
        "stcedds",
        "",
        1,
        lambda cast: {
            "category": Category.OTHER,
            "channel": Channel.PUBLIC,
            "what": "My daughter gets messages from somebody who says he is fourteen. She has never met him.",
            "reporter_is": "A parent",
            "reached_by": "01632 960 733, after four o'clock",
            "people": (pupil(PartIn.VICTIM, "My daughter, Year 6"),),
            "source": Source.SEEN,
        },
        hour=15,
    ),
    Case(
        "stcedds",
        "Kit Sørensen",
        45,
        lambda cast: {
            "category": Category.IMAGERY,
            "image": True,
            "people": (pupil(PartIn.VICTIM, "A girl of 6H"), pupil(PartIn.SUBJECT, "A boy of 6H")),
            "police_not_called": "The DSL decides",
            "source": Source.CHILD,
        },
        then=(
            (45, reads(DSL)),
            (45, _reference),
            (44, told_parents(DSL, "Both families came in. The phones were cleared by the parents.")),
            (43, _spared),
            (
                30,
                closes(DSL, "resolved", "Followed up twice. Both are well and friends again.", refresh=True),
            ),
        ),
    ),
    Case(
        "stcedds",
        "Anneliese Vogt",
        8,
        lambda cast: {
            "category": Category.STAFF_CONTACT,
            "what": "He answered a pupil's message on his own account and told me so himself at lunch.",
            "confidential": True,
            "people": (
                Somebody(PartIn.SUBJECT, Sort.STAFF, "", cast.who("Rory MacGillivray")),
                pupil(PartIn.VICTIM, "A pupil of 6H"),
            ),
            "source": Source.STAFF,
        },
        then=(
            (8, reads(HEAD)),
            (8, refers(HEAD, "lado", "LADO 24-117")),
        ),
    ),
    Case(
        "stcedds",
        "Simeon Ballantyne",
        60,
        lambda cast: {
            "category": Category.MISUSE_STAFF,
            "what": "A comment about a parents' evening on a personal account, with the school's name in it.",
            "people": (Somebody(PartIn.SUBJECT, Sort.STAFF, "", cast.who("Tariq Mahmoudi")),),
        },
        then=(
            (59, reads(HEAD)),
            (
                58,
                measure(HEAD, Sanction.EDUCATION, "Read the policy again together. The comment was removed."),
            ),
            (57, closes(HEAD, "substantiated", "A slip, put right the same day.", refresh=True)),
        ),
    ),
    Case(
        "stcedds",
        "Joy Amoah",
        20,
        lambda cast: {
            "category": Category.REPUTATION,
            "what": "She promised a local paper a picture of a class before anybody had asked the parents.",
            "people": (Somebody(PartIn.SUBJECT, Sort.HEAD),),
            "confidential": True,
        },
        then=((19, reads(CHAIR)), (18, notes(CHAIR, "Spoke with the clerk. A meeting is arranged."))),
    ),
    Case(
        "stcedds",
        "Florence Delacroix",
        33,
        lambda cast: {
            "category": Category.OWN_MISTAKE,
            "what": "I posted the result of a match from my own account instead of the school's, for ten minutes.",
            "people": (),
        },
        then=(
            (32, reads(HEAD)),
            (
                32,
                closes(
                    HEAD, "resolved", "Deleted at once. Separate apps on the phone from now on.", refresh=True
                ),
            ),
        ),
    ),
    Case(
        "stcedds",
        "Phyllis Entwistle",
        25,
        lambda cast: {
            "category": Category.DATA_BREACH,
            "what": "The newsletter of 5B went out with all addresses in sight.",
            "people": (),
            "aware_at": timezone.now() - timedelta(hours=2),
        },
        then=((25, reads("Alasdair Buchan")), (24, _decides_breach)),
    ),
    Case(
        "stcedds",
        "Bethan Cadwallader",
        11,
        lambda cast: {
            "category": Category.POLICY_COMPLAINT,
            "what": "A mother thinks that the school should ask before each post, not once a year.",
            "people": (Somebody(PartIn.WITNESS, Sort.PARENT, "A mother of two pupils"),),
            "source": Source.PARENT,
        },
        then=((10, reads(HEAD)), (8, _heard)),
    ),
    Case(
        "stcedds",
        "Simeon Ballantyne",
        75,
        lambda cast: {
            "category": Category.MISUSE_PARENT,
            "what": "A father named a teaching assistant under a post of the school and would not stop.",
            "people": (Somebody(PartIn.SUBJECT, Sort.PARENT, "A father of a pupil of 3B"),),
            "happened_where": "Comments under a post of the school",
        },
        then=(
            (74, reads(HEAD)),
            (70, measure(HEAD, Sanction.MEETING, "He came, apologised, and deleted what he had written.")),
            (70, measure(HEAD, Sanction.INTERACTION, "Cannot comment until the end of term.")),
            (69, closes(HEAD, "substantiated", "Met and agreed.")),
        ),
    ),
    Case(
        "fernhollow",
        "Esi Quartey",
        22,
        lambda cast: {
            "category": Category.CONTACT_ATTEMPT,
            "what": "A pupil of Year 6 asked to follow me on my own account. I refused and blocked.",
            "people": (pupil(PartIn.SUBJECT, "A pupil of Year 6"),),
        },
        then=(
            (21, reads("Harriet Balogun")),
            (20, told_parents("Harriet Balogun", "The mother will talk with her daughter about privacy.")),
            (20, closes("Harriet Balogun", "resolved", "Talked with the pupil. No more attempts.")),
        ),
    ),
    Case(
        "ashgrove",
        "Callum McAllister",
        3,
        lambda cast: {
            "category": Category.RADICALISATION,
            "what": "A pupil repeated slogans that he says he knows from videos, and asked whether they are true.",
            "people": (pupil(PartIn.VICTIM, "A pupil of Year 6"),),
            "child_said": "The man in the video says that nobody tells you this.",
            "source": Source.CHILD,
        },
        then=((2, reads("Dafydd Prosser")), (2, takes("Dafydd Prosser"))),
    ),
    Case(
        "hub",
        "Mei-Ling Hargreaves",
        6,
        lambda cast: {
            "category": Category.MISUSE_STAFF,
            "what": "A joke about a school of ours in a public group, under his own name.",
            "people": (Somebody(PartIn.SUBJECT, Sort.STAFF, "", cast.who("Kwabena Mensah")),),
        },
        then=((5, reads("Rhiannon Castellanos")),),
    ),
)


def scenes(cast: Cast) -> Iterator[Scene]:
    """Each case from its first day on."""
    for case in CASES:
        yield Scene(case.days, case.hour, partial(case.start, cast))
        for place, (days, step) in enumerate(case.then):
            yield Scene(days, 12 + place / 4, partial(case.go, step, cast))
