"""The places of the demo, how each governs, and who does what there: set up through the services."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from django.utils import timezone

from core.audit import audited, record
from people.models import Membership, PendingChange, School, Trust, User
from people.services.changes import change_decide, change_withdraw
from people.services.deputies import deputy_appoint
from people.services.details import email_change_ask
from people.services.invitations import person_invite
from people.services.memberships import membership_give, person_leaves
from people.services.settings import preset_choose, profile_for, setting_change
from people.services.starting import school_start
from smgov.demo.clock import Scene
from smgov.demo.people import DOMAINS, PEOPLE, Cast, address

FIRST = ("Siân Ellis-Vaughan", "Rhiannon Castellanos", "Babajide Olawale-Finch")
"""The trust's IT lead and executive team: nobody can confirm the first ones, so the server's keeper vouches."""
GIVER = FIRST[0]
TRUST = ("Larkfield Learning Trust", "larkfield-learning-trust")


@dataclass(frozen=True)
class Place:
    """A school: its name, the policy it starts from (none: its trust's), who set it up, and what it chose."""

    name: str
    leader: str
    giver: str
    preset: str = ""
    kind: str = "school"
    in_trust: bool = False
    chosen: dict[str, Any] = field(default_factory=dict)


LADO = "The designated officer of Marshland Council, 01632 960 114, lado@marshland.example"
CONCERNS: dict[str, Any] = {
    "lado_contact": LADO,
    "indecent_image_pupil_route": "dsl_decides",
    "retention_child_protection": 25,
    "retention_staff_allegation": 10,
    "retention_declarations": 7,
}
"""What every policy leaves open about concerns and declarations, as most of these places have chosen it."""
PLACES: dict[str, Place] = {
    "hub": Place("Larkfield Support Hub", "Imogen Vassallo", GIVER, kind="central", in_trust=True),
    "ashgrove": Place("Ashgrove Primary Academy", "Marguerite Osei-Bonsu", GIVER, in_trust=True),
    "millbrook": Place("Millbrook Academy", "Jonathan Adébáyò", GIVER, in_trust=True),
    "thistledown": Place(
        "The Blessed Cuthbert and Saint Hild's Voluntary Aided Church of England Junior, Infant and Nursery "
        "Academy with Resource Base at Upper Thistledown",
        "Delphine Abernathy",
        GIVER,
        in_trust=True,
    ),
    "fernhollow": Place(
        "Fernhollow Community Primary School",
        "Harriet Balogun",
        "Leopold Weiss",
        "beckstone",
        chosen={
            "allowed_email_domains": [DOMAINS["fernhollow"]],
            "lead_required": False,
            "account_form": "cit",
            "account_chain": [{"role": "head_of_comms"}, {"role": "headteacher"}],
            "admin_grantors": ["headteacher"],
            **CONCERNS,
            "misuse_recipient": ["headteacher"],
            "head_concern_recipient": ["governance/chair"],
            "last_resort_contact": "The chair of governors, 01632 960 220",
            "indecent_image_pupil_route": "police_always",
        },
    ),
    "thornwick": Place(
        "Thornwick High School",
        "Adaeze Nwosu",
        "Hamza Qureshi",
        "ravens-wood",
        chosen={
            "allowed_email_domains": [DOMAINS["thornwick"]],
            **CONCERNS,
            "head_concern_recipient": ["governance/chair"],
            "last_resort_contact": "The chair of the trustees, 01632 960 310",
        },
    ),
    "stcedds": Place(
        "St Cedd's-on-the-Marsh Church of England Primary School",
        "Judith Amankwah",
        "Ravindra Seneviratne",
        "st-marys",
        chosen={
            "allowed_email_domains": [DOMAINS["stcedds"]],
            "lead_required": False,
            **{key: value for key, value in CONCERNS.items() if key != "indecent_image_pupil_route"},
            "last_resort_contact": "The diocesan director of education, 01632 960 455",
            "public_reports": True,
            "concern_unread_hours": 6,
            "child_protection_system": "the safeguarding system of the diocese",
        },
    ),
    "lanterns": Place("The Lanterns Centre", "Oluwaseun Martins", "Stellan Berg", "cbc"),
}


def start(cast: Cast) -> None:
    """The trust and every school, each with its first leader: what whoever runs the server does."""
    with audited():
        cast.trust = Trust.objects.create(name=TRUST[0], slug=TRUST[1])
        record(
            "people.trust_changed", actor=cast.keeper, subject=cast.trust, data={"fields": ["name", "slug"]}
        )
        for name in FIRST:
            role, _, post = PEOPLE["trust"][name].partition("/")
            row = Membership.objects.create(user=cast.who(name), role=role, post=post, trust=cast.trust)
            data = {"user": row.user_id, "role": role, "post": post, "trust": cast.trust.pk}
            record("people.membership_given", actor=cast.keeper, subject=row, data=data)
    for key, place in PLACES.items():
        leader = cast.who(place.leader)
        cast.schools[key], _ = school_start(
            name=place.name,
            preset=place.preset,
            head_email=leader.email,
            head_name=leader.full_name,
            trust=cast.trust if place.in_trust else None,
            kind=place.kind,
        )


def give_roles(cast: Cast) -> None:
    """Everybody's roles: the IT lead asks, and a second person confirms the sensitive ones."""
    for key, names in PEOPLE.items():
        place = PLACES.get(key)
        giver, second = (
            cast.who(place.giver if place else GIVER),
            cast.who(place.leader if place else FIRST[1]),
        )
        if place and place.giver in names:
            _give(cast, place.giver, names[place.giver], cast.keeper, second, cast.schools[key])
        done = {*FIRST, place.giver, place.leader} if place else FIRST
        for name, roles in names.items():
            if name not in done:
                _give(cast, name, roles, giver, second, cast.schools[key] if place else cast.trust)


def _give(cast: Cast, name: str, roles: str, giver: User, second: User, at: School | Trust) -> None:
    where = {"trust": at} if isinstance(at, Trust) else {"school": at}
    for spec in roles.split():
        role, _, post = spec.partition("/")
        given = membership_give(actor=giver, user=cast.who(name), role=role, post=post, **where)
        if isinstance(given, PendingChange):
            change_decide(actor=second, change=given, confirm=True)


def choose(cast: Cast) -> None:
    """How each place governs. Whoever may not decide alone is confirmed by a second person."""
    elt, second = cast.who(FIRST[1]), cast.who(FIRST[2])
    profile = profile_for(cast.trust)
    preset_choose(actor=elt, profile=profile, preset="cit")
    change_decide(
        actor=second, change=PendingChange.objects.get(trust=cast.trust, status="awaiting"), confirm=True
    )
    profile.refresh_from_db()
    of_trust = {
        "allowed_email_domains": [DOMAINS["trust"]],
        "lead_required": True,
        **CONCERNS,
        "last_resort_contact": "The chair of trustees, 01632 960 501",
    }
    for key, value in of_trust.items():
        asked = setting_change(actor=elt, profile=profile, key=key, raw=value)
        if isinstance(asked, PendingChange):
            change_decide(actor=second, change=asked, confirm=True)
    for key, place in PLACES.items():
        for setting, value in place.chosen.items():
            asked = setting_change(
                actor=cast.who(place.giver), profile=profile_for(cast.schools[key]), key=setting, raw=value
            )
            if isinstance(asked, PendingChange):
                change_decide(actor=cast.who(place.leader), change=asked, confirm=True)


def scenes(cast: Cast) -> Iterator[Scene]:
    """From the first day to changes that wait today."""
    yield Scene(125, 9, partial(start, cast))
    yield Scene(125, 10, partial(give_roles, cast))
    yield Scene(124, 9, partial(choose, cast))
    yield Scene(60, 9, partial(_changes_of_the_past, cast))
    yield Scene(13, 15, partial(_leavers, cast))
    yield Scene(4, 15, partial(_deputies, cast))
    yield Scene(2, 10, partial(_changes_that_wait, cast))
    for days, place, name, role in INVITED:
        yield Scene(days, 11, partial(_invite, cast, place, name, role))


INVITED = (
    (30, "stcedds", "Petra Novotná", "staff"),
    (5, "ashgrove", "Ibrahim Sesay", "staff"),
    (3, "millbrook", "Charlotte Ducasse", "senior_leader"),
    (1, "thornwick", "Wren Holloway", "contributor"),
)
"""Invited and not joined: (days ago, place, name, role). The first one's invitation has run out."""


def _invite(cast: Cast, place: str, name: str, role: str) -> None:
    person_invite(
        actor=cast.who(PLACES[place].giver),
        email=address(name, DOMAINS[place]),
        full_name=name,
        role=role,
        school=cast.schools[place],
    )


def _changes_of_the_past(cast: Cast) -> None:
    """A role for a term, one that was refused, and one that was taken back."""
    school, giver = cast.schools["stcedds"], cast.who("Ravindra Seneviratne")
    today = timezone.localdate()
    membership_give(
        actor=giver,
        user=cast.who("Tariq Mahmoudi"),
        role="office",
        school=school,
        ends=today + timedelta(days=75),
    )
    refused = membership_give(actor=giver, user=cast.who("Joy Amoah"), role="dpo", school=school)
    change_decide(actor=cast.who("Judith Amankwah"), change=refused, confirm=False)
    mistaken = membership_give(actor=giver, user=cast.who("Joy Amoah"), role="hr", school=school)
    change_withdraw(actor=giver, change=mistaken)


def _leavers(cast: Cast) -> None:
    """Two members of staff leave, and their accounts lose an administrator."""
    for place, name in (("millbrook", "Idris Warsame"), ("stcedds", "Kit Sørensen")):
        person_leaves(actor=cast.who(PLACES[place].leader), user=cast.who(name), school=cast.schools[place])


def _deputies(cast: Cast) -> None:
    """Millbrook's headteacher is away; another absence is to come."""
    today = timezone.localdate()
    for place, person, deputy, starts, ends, reason in (
        ("millbrook", "Jonathan Adébáyò", "Catrin Morgan-Hayes", 1, 14, "Away with the Year 11 exchange"),
        ("thornwick", "Geraldine Huxtable", "Rajesh Pillai", 20, 34, "On leave"),
    ):
        deputy_appoint(
            actor=cast.who(person),
            person=cast.who(person),
            deputy=cast.who(deputy),
            school=cast.schools[place],
            starts=today + timedelta(days=starts),
            ends=today + timedelta(days=ends),
            reason=reason,
        )


def _changes_that_wait(cast: Cast) -> None:
    """A sensitive role, a setting that decides who hears, and a sign-in address: each waits for a second person."""
    who, schools = cast.who, cast.schools
    membership_give(
        actor=who("Hamza Qureshi"), user=who("Owen Trewhella"), role="dsl", school=schools["thornwick"]
    )
    profile = profile_for(schools["stcedds"])
    setting_change(
        actor=who("Ravindra Seneviratne"),
        profile=profile,
        key="account_copied_to",
        raw=["office/office_manager"],
    )
    email_change_ask(
        actor=who("Siân Ellis-Vaughan"),
        user=who("François Lefèvre"),
        email=address("François Lefèvre-Marchetti", DOMAINS["millbrook"]),
    )
    membership_give(
        actor=who("Luca D'Amico"),
        user=who("Beatriz Salgueiro"),
        role="staff",
        school=schools["ashgrove"],
        starts=timezone.localdate() + timedelta(days=21),
    )
