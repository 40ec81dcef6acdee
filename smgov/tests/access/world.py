"""Two schools that do not know each other, every role at each, and one of everything at the first."""

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from django.utils import timezone

from accounts.choices import Right
from accounts.models import AccountRequest, AccountRight, RightsRequest, SocialAccount
from accounts.services import register, requests, rights
from approvals.models import (
    ApprovalRequest,
    BlockedSite,
    OutsideLink,
    PupilWifi,
    SecurityMeasure,
    UnblockRequest,
)
from approvals.network.sites import site_block
from approvals.network.timed import opening_end, opening_opened
from approvals.network.unblock import note_add
from core.models import Platform
from core.roles import Post, Role
from incidents.models import Matter
from incidents.services.acting import addresses_hand_over
from incidents.services.bypasses import ban_set, bypass_record
from incidents.services.reports import image_record, report_send
from incidents.services.sending import Whom
from people.models import Deputy, GovernanceProfile, Invitation, Membership, PendingChange, School, User
from people.services import invitations
from people.services.memberships import membership_give
from smgov.testing import (
    a_draft,
    a_measure,
    a_person,
    a_school,
    a_trust,
    a_wifi,
    an_unblock,
    choose,
    decide,
    give,
    submitted,
)
from smgov.tests.access.world_assurance import assurance_things
from smgov.tests.access.world_clocks import clocks_things
from smgov.tests.access.world_comments import comment_things
from smgov.tests.access.world_concerns import concern_things
from smgov.tests.access.world_consent import consent_things
from smgov.tests.access.world_declarations import declarations_things
from smgov.tests.access.world_documents import documents_things
from smgov.tests.access.world_reading import reading_things
from smgov.tests.access.world_reviews import review_things
from smgov.tests.access.world_training import training_things

OWN, OTHER = "own", "other"
CHAIR = "chair"
"""Besides the eleven roles: a governor with the post of chair."""


@dataclass
class World:
    """One school with one of everything; `words` are planted in its text fields."""

    school: School
    word: str
    say: Callable[[str], str]
    people: dict[str, User] = field(default_factory=dict)
    things: dict[str, Any] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["things"][name]
        except KeyError:
            raise AttributeError(name) from None


def a_world(word: str, say: Callable[[str], str] | None = None) -> World:
    """A school in a trust of its own, with `word` in every text that a person could have typed.

    `say(label)` gives other texts, for tests that plant hostile ones.
    """
    say = say or (lambda label: f"{word} {label}")
    trust = a_trust(say("Trust"))
    school = a_school(say("School"), trust=trust)
    choose(trust.profile, unblock_approver=["headteacher"], it_provider_email="desk@provider.example")
    world = World(school, word, say)
    for role in Role:
        world.people[role.value] = a_person(say(role.label), role, school)
    world.people[CHAIR] = a_person(say("Chair"), Role.GOVERNANCE, school, post=Post.CHAIR)
    things = world.things
    owner = things["owner"] = a_person(say("Olive"), Role.STAFF, school)
    second = things["second"] = a_person(say("Sam"), Role.STAFF, school)
    texts = _texts(world)
    people = {"administrators": [owner, second], "moderator": [second]}
    things["draft"] = a_draft(owner, school, **texts, **people)
    requests.consult(
        actor=owner, request=things["draft"], topic="consultation", text=say("advice?"), once=uuid.uuid4()
    )
    things["pending"] = submitted(owner, school, **texts, **people)
    things["pending_request"] = AccountRequest.objects.get(approval=things["pending"])
    returned = submitted(owner, school, **texts, **people)
    decide(returned, world.people[Role.HEADTEACHER], "returned", reasons=say("question"))
    things["returned"], things["returned_request"] = returned, AccountRequest.objects.get(approval=returned)
    approved = submitted(owner, school, **{**texts, "handle": f"@{word}2"}, **people)
    decide(approved, world.people[Role.HEADTEACHER])
    decide(approved, world.people[Role.HEAD_OF_COMMS], reasons=say("fine"))
    things["approved"] = SocialAccount.objects.get(request__approval=approved)
    _live_account(world, texts, people)
    _people_things(world)
    _network_things(world)
    _evidence_things(world)
    _incident_things(world)
    consent_things(world)
    concern_things(world)
    documents_things(world)
    review_things(world)
    reading_things(world)
    training_things(world)
    declarations_things(world)
    comment_things(world)
    assurance_things(world)
    clocks_things(world)
    things["profile"] = GovernanceProfile.objects.get(school=school)
    return world


def _texts(world: World) -> dict[str, Any]:
    long = ("aims", "content", "investment", "engagement", "effort", "evaluation", "security")
    return {
        **{key: world.say(key) for key in long},
        "name": world.say("account")[:120],
        "department": world.say("department")[:120],
        "handle": f"@{world.word}",
    }


def _live_account(world: World, texts: dict, people: dict) -> None:
    things, word = world.things, world.word
    third = submitted(things["owner"], world.school, **{**texts, "handle": f"@{word}3"}, **people)
    decide(third, world.people[Role.HEADTEACHER])
    decide(third, world.people[Role.HEAD_OF_COMMS])
    live = SocialAccount.objects.get(request__approval=third)
    things["live"] = register.account_go_live(
        actor=things["owner"],
        account=live,
        handle=f"@{word}3",
        address=f"https://www.facebook.com/{word}",
        live_since=timezone.localdate(),
    )
    things["right"] = AccountRight.objects.filter(account=live, right=Right.ADMINISTRATOR).first()
    things["rights_request"] = rights.rights_ask(
        actor=things["owner"],
        account=live,
        user=world.people[Role.STAFF],
        right=Right.POSTER,
        reason=world.say("reason"),
    )
    things["rights_approval"] = ApprovalRequest.objects.get(rights_request=things["rights_request"])
    things["unconfirmed"] = register.account_enter(
        actor=world.people[Role.OFFICE],
        school=world.school,
        once=uuid.uuid4(),
        values={
            "name": world.say("old account")[:120],
            "platform": Platform.objects.get(slug="x"),
            "handle": f"@{word}_old",
            "address": f"https://x.com/{word}_old",
            "official_email": "old@hilltop.example.org",
            "purpose": world.say("purpose"),
        },
        people=[(things["owner"], Right.LEAD)],
    )


def _people_things(world: World) -> None:
    things, school = world.things, world.school
    head, it = world.people[Role.HEADTEACHER], world.people[Role.IT]
    invited, _ = invitations.person_invite(
        actor=it,
        email=f"{world.word.lower()}-new@hilltop.example.org",
        full_name=world.say("New"),
        role=Role.STAFF,
        school=school,
    )
    things["invitation"] = Invitation.objects.get(user=invited)
    things["membership"] = give(a_person(world.say("Lee")), Role.STAFF, school)
    things["change"] = membership_give(actor=it, user=things["second"], role=Role.DSL, school=school)
    today = timezone.localdate()
    things["deputy"] = Deputy.objects.create(
        school=school,
        person=head,
        deputy=world.people[Role.SENIOR_LEADER],
        starts=today + timedelta(days=30),
        ends=today + timedelta(days=40),
        reason=world.say("course"),
        appointed_by=head,
    )


def _network_things(world: World) -> None:
    """One request for a blocked site, and one for pupils on the Wi-Fi, at every stage of its life."""
    things, owner, school = world.things, world.things["owner"], world.school
    head, it = world.people[Role.HEADTEACHER], world.people[Role.IT]
    texts = {key: world.say(key) for key in ("site_content", "reasons", "risks")}
    words = world.say("class")[:200]
    for stage in ("asked", "returned", "to_open", "open", "to_shut"):
        row = an_unblock(owner, school, **texts, who_in_words=words, addresses=_address(world, stage))
        note_add(actor=it, request=row, once=uuid.uuid4(), text=world.say("view"))
        if stage == "returned":
            decide(row.approval, head, "returned", reasons=world.say("question"))
        elif stage != "asked":
            decide(row.approval, head, reasons=world.say("fine"))
        _carried_out(world, row, stage)
        things[f"unblock_{stage}"] = row
    texts = {key: world.say(key) for key in ("platforms", "reasons", "supervision")}
    for stage in ("asked", "to_open", "open", "to_shut"):
        row = a_wifi(owner, school, **texts, who_in_words=words)
        if stage != "asked":
            decide(row.gates.get(order=1).approval, head, reasons=world.say("fine"))
            decide(row.gates.get(order=2).approval, it, reasons=world.say("measures"))
        _carried_out(world, row, stage)
        things[f"wifi_{stage}"] = row
    things["link"] = OutsideLink.objects.get(request=things["unblock_asked"])


def _address(world: World, stage: str) -> str:
    path = quote(world.word, safe="")
    return f"https://site.example/{path}/{stage}"


def _carried_out(world: World, row: Any, stage: str) -> None:
    row.refresh_from_db()
    if stage in ("open", "to_shut"):
        opening_opened(actor=world.people[Role.IT], row=row, note=world.say("done"))
    if stage == "to_shut":
        opening_end(actor=world.things["owner"], row=row, because=world.say("over")[:300])
    row.refresh_from_db()


def _evidence_things(world: World) -> None:
    things, head, it = world.things, world.people[Role.HEADTEACHER], world.people[Role.IT]
    texts = {"title": world.say("measure"), "details": world.say("to be done")}
    things["measure"] = a_measure(head, world.school, **texts)
    things["measure_in_place"] = a_measure(head, world.school, carried_out_by=it, **texts)
    things["site"] = site_block(
        actor=it, school=world.school, host=f"{world.word}-bets.example", because=world.say("gambling")
    )


def _incident_things(world: World) -> None:
    """Nobody's own name is in them: a name of a colleague would take another road."""
    things, school, say = world.things, world.school, world.say
    owner, dsl, today = things["owner"], world.people[Role.DSL], timezone.localdate()
    pupil = Whom("pupil", _without_address(f"Kit {say('pupil')}")[:150])
    sent = {"actor": owner, "school": school}
    texts = {"seen_on": today, "nature": "hate", "words": say("what was seen")}
    for name, whom in (("report", Whom("unknown")), ("report_known", pupil), ("report_handed", pupil)):
        addresses = _address(world, name)
        things[name] = report_send(**sent, once=uuid.uuid4(), whom=whom, addresses=addresses, **texts)
    addresses_hand_over(actor=dsl, matter=things["report_handed"])
    why = _without_address(f"Later: {say('the DSL calls')}")[:300]
    image = image_record(**sent, once=uuid.uuid4(), whom=pupil, not_called_because=why)
    things["report_image"] = image
    for name in ("bypass", "bypass_banned"):
        things[name] = bypass_record(
            actor=dsl, school=school, once=uuid.uuid4(), whom=pupil, happened_on=today, what=say("a proxy")
        )
    head, ends = world.people[Role.HEADTEACHER], today + timedelta(days=9)
    ban_set(actor=head, matter=things["bypass_banned"], starts=today, ends=ends, supervision=say("Ms Kerr"))


def _without_address(text: str) -> str:
    """What the record of an image takes: the same text without what makes an address of it."""
    return re.sub(r"://|www|\.", " ", text)


ABOUT = [
    AccountRequest,
    AccountRight,
    ApprovalRequest,
    BlockedSite,
    Deputy,
    GovernanceProfile,
    Invitation,
    Matter,
    Membership,
    OutsideLink,
    PendingChange,
    PupilWifi,
    RightsRequest,
    School,
    SecurityMeasure,
    SocialAccount,
    UnblockRequest,
    User,
]
"""Models whose rows have addresses."""
