"""Two schools that do not know each other, every role at each, and one of everything at the first."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.choices import Right
from accounts.models import AccountRequest, AccountRight, RightsRequest, SocialAccount
from accounts.services import register, requests, rights
from approvals.models import ApprovalRequest
from core.models import Platform
from core.roles import Post, Role
from people.models import Deputy, GovernanceProfile, Invitation, Membership, PendingChange, School, User
from people.services import invitations
from people.services.memberships import membership_give
from smgov.testing import a_draft, a_person, a_school, a_trust, decide, give, submitted

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


ABOUT = [
    AccountRequest,
    AccountRight,
    ApprovalRequest,
    Deputy,
    GovernanceProfile,
    Invitation,
    Membership,
    PendingChange,
    RightsRequest,
    School,
    SocialAccount,
    User,
]
"""Models whose rows have addresses."""
