"""Training at the trust and at a school on St Mary's policy, education at two of them: done, due, late. All invented."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from django.utils import timezone

from core.models import Platform
from people.selectors import people_at
from policies.education.periods import periods_work_out
from policies.education.services import Plan, education_hold, education_off, education_plan, resource_add
from policies.education.sweeps import education_remind, periods_all
from policies.models import EducationEvent, Training, TrainingDuty
from policies.training.services import What, refresh_ask, session_hold, training_record, training_withdraw
from policies.training.sweeps import duties_all, training_remind
from smgov.demo.clock import Scene
from smgov.demo.people import Cast

RECORDERS = {"stcedds": "Judith Amankwah", "ashgrove": "Marguerite Osei-Bonsu"}
DSLS = {"stcedds": "Hyacinth Moreau", "ashgrove": "Dafydd Prosser"}
SESSIONS: tuple[tuple[str, int, str, str, str, str], ...] = (
    (
        "stcedds",
        110,
        Training.SAFEGUARDING,
        "Safeguarding day",
        "Marshland Council",
        "Hyacinth Moreau, Éloïse Béranger, Kemi Adeleke, Rory MacGillivray, Joy Amoah, Phyllis Entwistle",
    ),
    (
        "stcedds",
        96,
        Training.AT_RISK,
        "Seeing the signs",
        "Hyacinth Moreau",
        "Éloïse Béranger, Kemi Adeleke, Anneliese Vogt",
    ),
    (
        "stcedds",
        75,
        Training.SOCIAL_MEDIA,
        "Social media in our school, yearly",
        "Florence Delacroix",
        "Hyacinth Moreau, Éloïse Béranger, Kemi Adeleke, Joy Amoah",
    ),
    (
        "stcedds",
        50,
        Training.GOVERNANCE,
        "Online safety for governors",
        "The diocese",
        "Clement Okonjo",
    ),
    (
        "ashgrove",
        105,
        Training.SAFEGUARDING,
        "Induction: safeguarding and online safety",
        "Dafydd Prosser",
        "Aoife Ní Dhomhnaill, Jo Li, Priyanka Raghunathan, Thandeka Nkosi, Hadiza Bello",
    ),
    ("ashgrove", 60, Training.GOVERNANCE, "Keeping up with social media", "The trust", "Irena Kovačević"),
)
"""Where, days ago, kind, title, who gave it, and who was there."""
EVENTS: tuple[tuple[str, int, int, str, str, str, str], ...] = (
    ("stcedds", 112, 100, "pupils", "assembly", "Being kind online", "held"),
    ("stcedds", 80, 62, "parents", "meeting", "An evening on phones and families", "held"),
    ("stcedds", 40, 30, "pupils", "workshop", "A workshop with the police", "off"),
    ("stcedds", 6, -12, "everybody", "workshop", "Safer Internet week", "planned"),
    ("ashgrove", 90, 77, "pupils", "pshe", "What is true, what is not", "held"),
    ("ashgrove", 20, 4, "pupils", "cross", "Poems about messages", "planned"),
)
"""Where, days ago when it was planned, days ago on which it is, for whom, how, what about, what became of it."""
ALL_TRAINED: tuple[tuple[str, str, str, str, str], ...] = (
    (
        "hub",
        "Imogen Vassallo",
        "Dominic Achebe",
        "Kwabena Mensah, Harbhajan Singh Dhaliwal",
        "Yusuf Karataş, Ottilie Brandt",
    ),
    (
        "ashgrove",
        "Marguerite Osei-Bonsu",
        "Dafydd Prosser",
        "Callum McAllister, Wilhelmina Featherstonehaugh-Vandenberghe, Pavan Kandola",
        "Jo Li, Hadiza Bello",
    ),
    (
        "millbrook",
        "Jonathan Adébáyò",
        "Amandeep Kaur Gill",
        "Samir Haddad, Bo Ek, Mohammed Iqbal Chaudhry",
        "Nia Blackwood, Graham Tuttle",
    ),
    ("thistledown", "Delphine Abernathy", "Kofi Agyeman-Duah", "Uchenna Eze, Gül Demir", "Maja Lindqvist"),
    (
        "stcedds",
        "Judith Amankwah",
        "Hyacinth Moreau",
        "Tariq Mahmoudi, Rory MacGillivray, Ursula Fenwick",
        "Simeon Ballantyne, Bethan Cadwallader",
    ),
)
"""Where, who records the first sessions of the year and who those for the rest, who came to neither, and whose
safeguarding rests on a certificate that runs out soon."""
TITLES = {
    Training.SAFEGUARDING: "Start of the year: safeguarding",
    Training.AT_RISK: "Start of the year: seeing the signs",
    Training.SOCIAL_MEDIA: "Start of the year: social media",
    Training.GOVERNANCE: "Start of the year: governors and executive team",
}


def _session(cast: Cast, place: str, kind: str, title: str, trainer: str, names: str) -> None:
    session_hold(
        actor=cast.who(RECORDERS[place]),
        school=cast.schools[place],
        once=uuid.uuid4(),
        what=What(kind, title, timezone.localdate(), trainer),
        people=[cast.who(name) for name in names.split(", ")],
    )


def _train_all(cast: Cast, place: str, recorder: str, but: str) -> None:
    """A session of each kind for everybody who owes it, but for some and for whoever records it."""
    school, today = cast.schools[place], timezone.localdate()
    here = people_at(school).exclude(full_name__in=[recorder, *but.split(", ")])
    for kind, title in TITLES.items():
        owing = TrainingDuty.objects.filter(school=school, kind=kind, met_by=None)
        people = list(here.filter(pk__in=owing.values("user")))
        if people:
            what = What(kind, title, today, "Marshland Council")
            session_hold(actor=cast.who(recorder), school=school, once=uuid.uuid4(), what=what, people=people)


def _certificates(cast: Cast, place: str, recorder: str, names: str, days: int) -> None:
    """For some, what they bring from elsewhere, with its last day."""
    day = timezone.localdate()
    for name in names.split(", "):
        training_record(
            actor=cast.who(recorder),
            school=cast.schools[place],
            user=cast.who(name),
            once=uuid.uuid4(),
            what=What(
                Training.SAFEGUARDING,
                "Certificate of the council",
                day - timedelta(days=3),
                "Marshland Council",
                until=day + timedelta(days=days),
            ),
        )


def _records(cast: Cast) -> None:
    """One for a platform, and one that was a mistake."""
    today, head = timezone.localdate(), cast.who("Judith Amankwah")
    platform = Platform.objects.get(slug="facebook")
    training_record(
        actor=head,
        school=cast.schools["stcedds"],
        user=cast.who("Florence Delacroix"),
        once=uuid.uuid4(),
        what=What(Training.PLATFORM, "Our pages", today, "The diocese", platform),
    )
    mistaken = training_record(
        actor=head,
        school=cast.schools["stcedds"],
        user=cast.who("Tariq Mahmoudi"),
        once=uuid.uuid4(),
        what=What(Training.SOCIAL_MEDIA, "Social media in our school, yearly", today, "Florence Delacroix"),
    )
    training_withdraw(actor=cast.who("Hyacinth Moreau"), row=mistaken, reason="He was away on that day")


def _refresh(cast: Cast, place: str, kinds: list[str]) -> None:
    refresh_ask(
        actor=cast.who(DSLS[place]),
        school=cast.schools[place],
        kinds=kinds,
        reason="After a significant change in how we use social media",
        once=uuid.uuid4(),
    )


def _plan(cast: Cast, place: str, days: int, audience: str, medium: str, title: str, became: str) -> None:
    actor, on = cast.who(DSLS[place]), timezone.localdate() + timedelta(days=days)
    plan = Plan(audience, medium, title, on, for_whom="All years", led_by=actor.full_name)
    event = education_plan(actor=actor, school=cast.schools[place], once=uuid.uuid4(), plan=plan)
    if became == "off":
        education_off(actor=actor, event=event, because="The speaker is ill")


def _hold(cast: Cast, place: str, title: str, audience: str) -> None:
    actor, school = cast.who(DSLS[place]), cast.schools[place]
    event = school_event(cast, place, title)
    resource_add(actor=actor, event=event, title="A leaflet to take home")
    numbers = {"invited": 210, "attended": 84} if audience == "parents" else {"attended": 198}
    education_hold(
        actor=actor,
        event=event,
        on=min(event.on, timezone.localdate()),
        notes="Good questions, and more time wanted",
        **numbers,
    )
    periods_work_out(school)


def school_event(cast: Cast, place: str, title: str) -> EducationEvent:
    """An event of a school by what it is about."""
    return EducationEvent.objects.get(school=cast.schools[place], title=title)


def _night() -> None:
    """What the sweeps do."""
    duties_all()
    periods_all()
    training_remind()
    education_remind()


def scenes(cast: Cast) -> Iterator[Scene]:
    """A term of training and education, with a sweep now and then."""
    for place, days, *session in SESSIONS:
        yield Scene(days, 16, partial(_session, cast, place, *session))
    for place, first, second, missed, soon in ALL_TRAINED:
        yield Scene(82, 16, partial(_certificates, cast, place, first, soon, 100))
        yield Scene(80, 16, partial(_train_all, cast, place, first, missed))
        yield Scene(70, 16, partial(_train_all, cast, place, second, missed))
        if place == "ashgrove":  # where it is refreshed meanwhile
            yield Scene(13, 16, partial(_train_all, cast, place, first, f"{missed}, {soon}"))
            yield Scene(11, 16, partial(_train_all, cast, place, second, f"{missed}, {soon}"))
    yield Scene(45, 11, partial(_records, cast))
    yield Scene(25, 11, partial(_refresh, cast, "ashgrove", [Training.SAFEGUARDING, "pupils"]))
    for place, planned, on, audience, medium, title, became in EVENTS:
        yield Scene(planned, 12, partial(_plan, cast, place, planned - on, audience, medium, title, became))
        if became == "held":
            yield Scene(on - 1, 15, partial(_hold, cast, place, title, audience))
    for days in (120, 20, 0):
        yield Scene(days, 7.5, _night)
