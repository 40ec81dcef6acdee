"""Builders for tests: people, schools and requests in one line each. Nobody gets a hashed password.

The suite's people: Alice teaches at Hilltop and asks; Bob heads Hilltop; Cora is Head of
Communications of the whole trust; Dan is Hilltop's IT technician; Eve works at another school and
has no business here.
"""

import itertools
import time
import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from accounts.choices import Form, Public
from accounts.models import AccountRequest, ProposedPerson
from accounts.services import requests
from approvals.models import (
    ApprovalRequest,
    ApprovalStep,
    Decision,
    PupilWifi,
    SecurityMeasure,
    UnblockRequest,
)
from approvals.network.measures import measure_carry_out, measure_direct
from approvals.network.unblock import unblock_ask
from approvals.network.wifi import wifi_ask
from approvals.services import step_decide
from core.models import Platform
from core.roles import Post, Role
from people.governance.profile import Profile
from people.models import GovernanceProfile, Membership, ProfileSetting, School, Trust, User

_numbers = itertools.count(1)

DOMAIN = "hilltop.example.org"
CHOSEN: dict[str, Any] = {"allowed_email_domains": [DOMAIN], "lead_required": False}
"""What every preset leaves open and a school must choose."""
NO_GATE: dict[str, Any] = {"runner_reads": False, "runner_terms": False, "runner_training": False}
"""Whoever runs an account need not have read or learned anything: tests of the gate choose otherwise."""
NO_PROCESS: dict[str, Any] = {
    "account_chain": [{"role": "headteacher"}],
    "account_form": "cit",
    "admin_grantors": ["headteacher"],
}
"""What Beckstone's and CBC's presets leave open on top."""


def a_trust(name: str = "") -> Trust:
    """A trust with a CIT profile and its domain chosen."""
    number = next(_numbers)
    trust = Trust.objects.create(name=name or f"Trust {number}", slug=f"trust-{number}")
    profile = GovernanceProfile.objects.create(trust=trust, preset="cit")
    choose(profile, **CHOSEN, **NO_GATE)
    return trust


def a_school(
    name: str = "", *, preset: str = "", trust: Trust | None = None, kind: str = "school", **chosen: Any
) -> School:
    """A school on a preset (or on its trust's), its open settings chosen; `chosen` overrides settings."""
    number = next(_numbers)
    school = School.objects.create(
        name=name or f"School {number}", slug=f"school-{number}", trust=trust, kind=kind
    )
    profile = GovernanceProfile.objects.create(school=school, preset=preset or ("" if trust else "cit"))
    if not trust:
        own = {key: value for key, value in CHOSEN.items() if key in _open(preset or "cit")}
        chosen = {**own, **NO_GATE, **(NO_PROCESS if preset in ("beckstone", "cbc") else {}), **chosen}
    choose(profile, **chosen)
    return school


def _open(preset: str) -> set[str]:
    return {setting.key for setting in Profile.resolve(preset).open_settings()}


def choose(profile: GovernanceProfile, **settings: Any) -> None:
    """Override settings of a profile, as raw JSON."""
    for key, value in settings.items():
        ProfileSetting.objects.update_or_create(profile=profile, key=key, defaults={"value": value})


def a_person(name: str, role: str = "", at: School | Trust | None = None, *, post: str = "") -> User:
    """A person, with one role at a school or in a whole trust if given."""
    user = User.objects.create_user(f"p{next(_numbers)}@{DOMAIN}", name)
    if role:
        give(user, role, at, post=post)
    return user


def give(
    user: User, role: str, at: School | Trust, *, post: str = "", ends: date | None = None
) -> Membership:
    """A further role."""
    place = {"school": at} if isinstance(at, School) else {"trust": at}
    return Membership.objects.create(
        user=user, role=role, post=post, starts=timezone.localdate() - timedelta(days=30), ends=ends, **place
    )


@dataclass
class Cast:
    """A trust of two schools and a Support Hub on the CIT preset, and the people of the suite."""

    trust: Trust
    hub: School
    hilltop: School
    otherplace: School
    alice: User
    bob: User
    cora: User
    dan: User
    eve: User
    chair: User
    elt: User


def a_cit_trust() -> Cast:
    """Everybody for the CIT journey."""
    trust = a_trust()
    hub = a_school("Support Hub", trust=trust, kind="central")
    hilltop = a_school("Hilltop Primary", trust=trust)
    other = a_school("Otherplace Academy", trust=trust)
    return Cast(
        trust,
        hub,
        hilltop,
        other,
        alice=a_person("Alice Archer", Role.STAFF, hilltop),
        bob=a_person("Bob Barnes", Role.HEADTEACHER, hilltop),
        cora=a_person("Cora Clay", Role.HEAD_OF_COMMS, trust),
        dan=a_person("Dan Dale", Role.IT, hilltop),
        eve=a_person("Eve Earl", Role.STAFF, other),
        chair=a_person("Gina Gold", Role.GOVERNANCE, hilltop, post=Post.CHAIR),
        elt=a_person("Ella Tate", Role.SENIOR_LEADER, trust, post=Post.ELT),
    )


ANSWERS: dict[str, Any] = {
    "name": "Year 6 at Hilltop",
    "handle": "@hilltop_year6",
    "official_email": f"year6@{DOMAIN}",
    "department": "Year 6",
    "openness": "open",
    "host": "The platform itself",
    "aims": "Show families what the class learns",
    "content": "Work, trips and displays",
    "investment": "An hour a week reaches most families",
    "engagement": "Comments open, answered daily",
    "effort": "One hour a week",
    "evaluation": "Ask families each term",
    "promotion": "In the newsletter",
    "audience": [Public.STAFF, Public.FAMILY],
    "contributors": [Public.STAFF],
    "security": "Followers are approved one by one",
}


def a_draft(actor: User, school: School, **answers: Any) -> AccountRequest:
    """A draft with every answer given and right; people default to the requester and a colleague."""
    request = requests.request_start(actor=actor, school=school, once=uuid.uuid4())
    people = {
        "administrators": answers.pop("administrators", None)
        or [actor, a_person("Second Admin", Role.STAFF, school)],
        "moderator": answers.pop("moderator", [actor]),
        "lead": answers.pop("lead", [actor] if request.form == Form.RAVENS_WOOD else []),
        "posters": answers.pop("posters", []),
    }
    values = {
        **ANSWERS,
        "platform": Platform.objects.get(slug="facebook"),
        "go_live_on": timezone.localdate() + timedelta(days=14),
        **answers,
    }
    return requests.answers_save(actor=actor, request=request, values=values, people=people)


def submitted(actor: User, school: School, **answers: Any) -> ApprovalRequest:
    """A complete request, sent."""
    return requests.request_send(actor=actor, request=a_draft(actor, school, **answers))


def decide(
    request: ApprovalRequest,
    actor: User,
    outcome: str = Decision.Outcome.APPROVED,
    reasons: str = "",
    **more: Any,
) -> Decision:
    """`actor` decides on the current step, having seen what is there now."""
    request.refresh_from_db()
    step = request.steps.filter(status=ApprovalStep.Status.CURRENT).first() or request.steps.last()
    return step_decide(
        request=request,
        expected_step=more.pop("expected_step", step.pk),
        expected_hash=more.pop("expected_hash", request.rounds.last().hash),
        actor=actor,
        outcome=outcome,
        reasons=reasons or ("" if outcome == Decision.Outcome.APPROVED else "Because."),
        typed_name=more.pop("typed_name", actor.full_name),
    )


UNBLOCK: dict[str, Any] = {
    "why": "permission",
    "category": "video",
    "addresses": "https://www.history-films.example/ww1/trenches?part=2",
    "site_content": "Short films on history, with adverts",
    "reasons": "Year 9 history, two lessons",
    "risks": "Adverts: I show it on the board and choose the films beforehand",
    "for_whom": "class",
    "who_in_words": "9B",
}


def an_unblock(actor: User, school: School, **answers: Any) -> UnblockRequest:
    """A request for a blocked site, sent. Its last day is two weeks away."""
    values = {**UNBLOCK, "until": timezone.localdate() + timedelta(days=14), **answers}
    return unblock_ask(actor=actor, school=school, once=uuid.uuid4(), values=values)


WIFI: dict[str, Any] = {
    "platforms": "Instagram",
    "reasons": "Media studies, one lesson",
    "supervision": "I walk round and see every screen",
    "for_whom": "class",
    "who_in_words": "10C",
}


def a_wifi(actor: User, school: School, **answers: Any) -> PupilWifi:
    """A request for pupils on the Wi-Fi, sent to every gate. Its last day is two weeks away."""
    values = {**WIFI, "until": timezone.localdate() + timedelta(days=14), **answers}
    return wifi_ask(actor=actor, school=school, once=uuid.uuid4(), values=values)


MEASURE: dict[str, Any] = {
    "kind": "filtering",
    "title": "Filter lists renewed each month",
    "details": "Renew the lists of the filter on the first Monday of each month",
}


def a_measure(
    actor: User, school: School, *, carried_out_by: User | None = None, **values: Any
) -> SecurityMeasure:
    """A security measure that `actor` directed, in place if somebody carried it out; reviewed in 90 days."""
    values = {**MEASURE, "review_on": timezone.localdate() + timedelta(days=90), **values}
    measure = measure_direct(actor=actor, school=school, once=uuid.uuid4(), **values)
    if carried_out_by is None:
        return measure
    today = timezone.localdate()
    return measure_carry_out(actor=carried_out_by, measure=measure, done_on=today, note="Done and tested")


def people_of(request: AccountRequest) -> list[tuple[str, str]]:
    """Names and rights proposed in a request."""
    rows = ProposedPerson.objects.filter(request=request).select_related("user")
    return [(row.user.full_name, row.right) for row in rows]


def sign_in_afresh(client: Client, user: User) -> None:
    """Signed in a moment ago with a password, so that no page asks for it again."""
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
