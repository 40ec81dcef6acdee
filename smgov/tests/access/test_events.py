"""Every address that takes POST leaves an event in the audit log when it does something (quality E6)."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from core.models import AuditEvent, Platform
from smgov.testing import ANSWERS, DOMAIN, UNBLOCK, WIFI, a_draft
from smgov.tests.access.addresses import every_address, path_of
from smgov.tests.access.conftest import Making
from smgov.tests.access.forms import csv_of, date_parts, fields_of
from smgov.tests.access.sent_abuse import ABUSE_SENT
from smgov.tests.access.sent_assurance import ASSURANCE_SENT
from smgov.tests.access.sent_clocks import CLOCKS_SENT
from smgov.tests.access.sent_comments import COMMENTS_SENT
from smgov.tests.access.sent_concerns_casework import CASEWORK_SENT
from smgov.tests.access.sent_concerns_evidence import CONCERNS_EVIDENCE_SENT
from smgov.tests.access.sent_concerns_outcomes import CONCERN_OUTCOMES_SENT
from smgov.tests.access.sent_concerns_reporting import REPORTING_SENT, REPORTING_WITHOUT_SIGN_IN
from smgov.tests.access.sent_consent import CONSENT_SENT, CONSENT_WITHOUT_SIGN_IN
from smgov.tests.access.sent_declarations import DECLARATIONS_SENT
from smgov.tests.access.sent_documents import DOCUMENTS_SENT
from smgov.tests.access.sent_reading import READING_SENT
from smgov.tests.access.sent_reviews import REVIEWS_SENT
from smgov.tests.access.sent_training import TRAINING_SENT
from smgov.tests.access.table import TABLE
from smgov.tests.access.world import World, a_world

pytestmark = pytest.mark.django_db
PASSWORD = "teapot-maple-river"
"""Of test people only."""

DAY = timezone.localdate


def deciding(world: World) -> dict[str, str]:
    """A yes with a signature."""
    return {"outcome": "approved", "typed_name": world.people["headteacher"].full_name}


# Who sends it, and what the page's own form does not fill in by itself.
SENT: dict[str, tuple[str, Callable[[World], dict]]] = {
    "core:notices-seen": ("headteacher", lambda w: {}),
    "account_logout": ("headteacher", lambda w: {}),
    "account_change_password": (
        "headteacher",
        lambda w: {
            "oldpassword": PASSWORD,
            "password1": "kettle-birch-ocean",
            "password2": "kettle-birch-ocean",
        },
    ),
    "account_reauthenticate": ("headteacher", lambda w: {"password": PASSWORD}),
    "people:person-invite": (
        "headteacher",
        lambda w: {"email": f"nina@{DOMAIN}", "full_name": "Nina North", "role": "staff", "place": "school"},
    ),
    "people:staff-import": (
        "headteacher",
        lambda w: {"file": csv_of(f"email,full name,role\nola@{DOMAIN},Ola Oak,staff\n")},
    ),
    "people:membership-give": ("headteacher", lambda w: {"role": "office", "place": "school"}),
    "people:person-leave": ("headteacher", lambda w: {"sure": "yes", "confirm": "on"}),
    "people:person-email": ("headteacher", lambda w: {"email": f"new@{DOMAIN}"}),
    "people:person-name": ("headteacher", lambda w: {"full_name": "Sam Sand"}),
    "people:membership-end": ("headteacher", lambda w: {"confirm": "on"}),
    "people:invitation-again": ("headteacher", lambda w: {}),
    "people:change-detail": (
        "headteacher",
        lambda w: {"decision": "confirm", "confirm": "yes", "action": "confirm"},
    ),
    "people:change-withdraw": ("it", lambda w: {}),
    "people:deputy-appoint": (
        "headteacher",
        lambda w: {
            "person": str(w.people["headteacher"].uuid),
            "deputy": str(w.people["senior_leader"].uuid),
            **date_parts("starts", DAY()),
            **date_parts("ends", DAY() + timedelta(days=3)),
            "reason": "Course",
        },
    ),
    "people:deputy-end": ("headteacher", lambda w: {}),
    "people:preset-choose": ("headteacher", lambda w: {"preset": "st-marys"}),
    "people:setting-change": ("headteacher", lambda w: {"answer": "3"}),
    "approvals:request-detail": ("headteacher", deciding),
    "approvals:unblock-ask": (
        "owner",
        lambda w: {**UNBLOCK, "school": str(w.school.uuid), **date_parts("until", DAY() + timedelta(days=9))},
    ),
    "approvals:unblock-change": ("owner", lambda w: {"reasons": "Other reasons"}),
    "approvals:unblock-withdraw": ("owner", lambda w: {}),
    "approvals:unblock-note": ("it", lambda w: {"text": "A technical view"}),
    "approvals:unblock-link": ("it", lambda w: {}),
    "approvals:unblock-opened": ("it", lambda w: {"note": "Opened"}),
    "approvals:unblock-end": ("owner", lambda w: {"because": "Not needed any more"}),
    "approvals:unblock-shut": ("it", lambda w: {}),
    "approvals:wifi-ask": (
        "owner",
        lambda w: {**WIFI, "school": str(w.school.uuid), **date_parts("until", DAY() + timedelta(days=9))},
    ),
    "approvals:wifi-withdraw": ("owner", lambda w: {}),
    "approvals:wifi-opened": ("it", lambda w: {"note": "Opened"}),
    "approvals:wifi-end": ("owner", lambda w: {"because": "Not needed any more"}),
    "approvals:wifi-shut": ("it", lambda w: {}),
    "approvals:site-block": ("it", lambda w: {"host": "bets.example", "because": "Gambling"}),
    "approvals:site-lift": ("it", lambda w: {"because": "It was a mistake"}),
    "approvals:measure-direct": (
        "headteacher",
        lambda w: {
            "kind": "firewall",
            "title": "A firewall",
            "details": "Between the school and the internet",
            **date_parts("review_on", DAY() + timedelta(days=90)),
        },
    ),
    "approvals:measure-carry-out": ("it", lambda w: {"note": "Installed", **date_parts("done_on", DAY())}),
    "approvals:measure-review": (
        "headteacher",
        lambda w: {"found": "All well", **date_parts("next_review_on", DAY() + timedelta(days=90))},
    ),
    "approvals:measure-withdraw": ("headteacher", lambda w: {"because": "Replaced"}),
    "accounts:request-start": ("owner", lambda w: {"school": str(w.school.uuid)}),
    "accounts:request-check": ("owner", lambda w: {}),
    "accounts:request-advice": (
        "owner",
        lambda w: {"topic": "technical", "text": "Which e-mail?", "once": str(uuid4())},
    ),
    "accounts:request-discard": ("owner", lambda w: {}),
    "accounts:request-withdraw": ("owner", lambda w: {}),
    "accounts:request-section": ("owner", lambda w: {"aims": "Another aim", "action": "later"}),
    "accounts:account-enter": (
        "headteacher",
        lambda w: {"name": "Old page", "handle": "@oldpage", "platform": Platform.objects.first().slug},
    ),
    "accounts:account-import": (
        "headteacher",
        lambda w: {"file": csv_of("name,platform\nThe old page,Facebook\n")},
    ),
    "accounts:account-change": ("headteacher", lambda w: {"name": "A new name"}),
    "accounts:account-live": (
        "owner",
        lambda w: {
            "handle": "@new",
            "address": "https://www.facebook.com/new",
            **date_parts("live_since", DAY()),
        },
    ),
    "accounts:account-close": ("headteacher", lambda w: {"because": "Nobody posts any more"}),
    "accounts:rights-ask": (
        "owner",
        lambda w: {
            "move": "grant",
            "user": str(w.people["office"].uuid),
            "right": "poster",
            "reason": "Helps",
        },
    ),
    "accounts:right-end": ("headteacher", lambda w: {"because": "Moves to another team"}),
    "incidents:report-stop": (
        "owner",
        lambda w: {"called": "no", "not_called_because": "The DSL is calling", "about": "unknown"},
    ),
    "incidents:report-write": (
        "owner",
        lambda w: {
            "could": "no",
            "about": "unknown",
            **date_parts("seen_on", DAY()),
            "addresses": "https://bad.example/room",
            "nature": "hate",
            "words": "A slogan",
        },
    ),
    "incidents:report-hand-over": ("dsl", lambda w: {}),
    "incidents:report-technician": (
        "it",
        lambda w: {"action_taken": "Blocked", "blocked": "yes", "typed_name": w.people["it"].full_name},
    ),
    "incidents:report-close": ("dsl", lambda w: {"note": "Spoken to"}),
    "incidents:bypass-record": (
        "dsl",
        lambda w: {
            "about": "pupil",
            "pupil": "Kit of 9B",
            **date_parts("happened_on", DAY()),
            "what": "A proxy",
        },
    ),
    "incidents:ban-none": ("headteacher", lambda w: {"note": "A warning was enough"}),
    "incidents:ban-set": (
        "headteacher",
        lambda w: {
            **date_parts("starts", DAY()),
            **date_parts("ends", DAY() + timedelta(days=9)),
            "supervision": "Ms Kerr",
        },
    ),
    "incidents:ban-end": ("headteacher", lambda w: {"because": "Apologised"}),
    **CONSENT_SENT,
    **REPORTING_SENT,
    **CASEWORK_SENT,
    **CONCERN_OUTCOMES_SENT,
    **CONCERNS_EVIDENCE_SENT,
    **ABUSE_SENT,
    **ASSURANCE_SENT,
    **CLOCKS_SENT,
    **COMMENTS_SENT,
    **DECLARATIONS_SENT,
    **DOCUMENTS_SENT,
    **READING_SENT,
    **REVIEWS_SENT,
    **TRAINING_SENT,
}

WITHOUT_SIGN_IN = {
    "account_login": lambda w: {"login": w.owner.email, "password": PASSWORD},
    "account_reset_password": lambda w: {"email": w.owner.email},
    "approvals:outside-answer": lambda w: {"name": "Petra Pike", "text": "It is safe"},
    "people:invitation-accept": lambda w: {"password": "kettle-birch-ocean"},
    **CONSENT_WITHOUT_SIGN_IN,
    **REPORTING_WITHOUT_SIGN_IN,
}

NOTHING_TO_DO = {
    "account_signup": "nobody signs up",
    "account_set_password": "only for people without a password, who have none to sign in with",
    "account_confirm_password_reset_code": "a step of resetting, proved whole in people/tests/test_password_reset.py",
    "account_complete_password_reset": "the last step of resetting, proved there too",
}


def test_every_posting_address_is_listed_here() -> None:
    posting = {name for name, row in TABLE.items() if row.posts}
    assert posting == set(SENT) | set(WITHOUT_SIGN_IN) | set(NOTHING_TO_DO)


@pytest.fixture(scope="module")
def fresh_world(made_once: Making) -> Iterator[Callable[[], World]]:
    """One school, whose owner, headteacher and data protection officer have a password."""

    def build() -> World:
        made = a_world("Zanzibar")
        for user in (made.owner, *(made.people[role] for role in ("headteacher", "dpo", "dsl"))):
            user.set_password(PASSWORD)
            user.save()
        return made

    with made_once(build) as fresh:
        yield fresh


@pytest.fixture
def world(fresh_world: Callable[[], World], db: None, own_files: None) -> World:
    """A copy of it for one test."""
    return fresh_world()


def send(client: Client, world: World, name: str, more: dict) -> int:
    """Open the page, fill in `more`, send; how many events it left."""
    address = next(a for a in every_address() if a.name == name)
    if name == "accounts:request-check":
        world.things["draft"] = a_draft(world.owner, world.school, **{**ANSWERS, "handle": "@fresh"})
    path = path_of(address, world)
    fields = fields_of(client, path) if TABLE[name].gets else {}
    offered = {**fields, **more}
    before = AuditEvent.objects.count()
    response = client.post(path, offered)
    assert response.status_code in (200, 302), f"{name}: {response.status_code} {_errors(response)}"
    return AuditEvent.objects.count() - before


def _errors(response: Any) -> list[str]:
    form = (response.context or {}).get("form") if response.context else None
    return [str(form.errors)] if form is not None else []


@pytest.mark.parametrize("name", SENT)
def test_what_a_person_sends_leaves_an_event(world: World, name: str) -> None:
    actor, more = SENT[name]
    user = world.owner if actor == "owner" else world.people[actor]
    client = Client()
    if user.has_usable_password():
        client.post("/sign-in/", {"login": user.email, "password": PASSWORD})
    else:
        client.force_login(user)
    assert send(client, world, name, more(world)) >= 1


@pytest.mark.parametrize("name", WITHOUT_SIGN_IN)
def test_what_a_stranger_sends_leaves_an_event(world: World, name: str) -> None:
    assert send(Client(), world, name, WITHOUT_SIGN_IN[name](world)) >= 1


def test_a_wrong_password_leaves_an_event_without_the_password(world: World) -> None:
    Client().post("/sign-in/", {"login": world.owner.email, "password": "wrong-wrong-wrong"})
    event = AuditEvent.objects.order_by("-number").first()
    assert event.action == "people.sign_in_failed"
    assert "wrong" not in str(event.data)
