"""Hostile text in every field changes no page's skeleton, and breaks no page and no mail (quality C1)."""

import itertools
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import html5lib
import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from core.notices import send_due
from smgov.tests.access.world import World, a_world

pytestmark = pytest.mark.django_db
DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
SHORTEST_FIELD = 110


def payloads() -> list[str]:
    """Other people's hostile strings, as a form would let them in: no NUL, and something that can be seen."""
    found: list[str] = []
    naughty = DATA / "naughty-strings" / "blns.json"
    if naughty.exists():
        found += json.loads(naughty.read_text())
    vectors = DATA / "xss-h5sc" / "vectors.txt"
    if vectors.exists():
        found += vectors.read_text().splitlines()
    own = [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "{{ 7|add:7 }}{% debug %}",
        "' OR 1=1 --",
    ]
    texts = ((text or "").replace("\x00", "").strip()[:SHORTEST_FIELD].strip() for text in [*own, *found])
    return [text if any(one.isprintable() for one in text) else f"x{text}" for text in texts if text]


PAGES = (
    ("headteacher", "home", ""),
    ("headteacher", "core:notice-list", ""),
    ("headteacher", "approvals:request-list", ""),
    ("headteacher", "approvals:request-detail", "pending"),
    ("headteacher", "approvals:request-detail", "rights_approval"),
    ("owner", "approvals:request-detail", "returned"),
    ("owner", "accounts:request-list", ""),
    ("owner", "accounts:request-detail", "draft"),
    ("owner", "accounts:request-detail", "returned_request"),
    ("owner", "accounts:request-check", "draft"),
    ("headteacher", "accounts:account-list", ""),
    ("headteacher", "accounts:account-detail", "live"),
    ("headteacher", "accounts:account-detail", "unconfirmed"),
    ("headteacher", "accounts:rights-ask", "live"),
    ("headteacher", "people:person-list", ""),
    ("headteacher", "people:person-detail", "second"),
    ("headteacher", "people:change-list", ""),
    ("headteacher", "people:change-detail", "change"),
    ("headteacher", "people:deputy-list", ""),
    ("headteacher", "people:profile-detail", "profile"),
    ("dsl", "incidents:board", ""),
    ("dsl", "incidents:evidence-detail", "evidence"),
    ("head_of_comms", "incidents:abuse-list", ""),
)


def skeletons(world: World) -> Iterator[tuple[str, Counter]]:
    """For each page: its elements with the names of their attributes."""
    clients = {}
    for name in ("headteacher", "owner", "dsl", "head_of_comms"):
        clients[name] = Client()
        clients[name].force_login(world.owner if name == "owner" else world.people[name])
    for actor, name, thing in PAGES:
        path = reverse(name, args=[world.things[thing].uuid] if thing else [])
        yield f"{name} {thing}", skeleton(clients[actor].get(path).content.decode())
    public = Client().get(reverse("accounts:official-school", args=[world.school.slug]))
    yield "public", skeleton(public.content.decode())


def skeleton(page: str) -> Counter:
    """How often each element with its attribute names stands on the page; sorting by name may move rows."""
    return Counter(
        (str(element.tag), tuple(sorted(element.keys())))
        for element in html5lib.parse(page).iter()
        if isinstance(element.tag, str)
    )


PER_WORLD = 45
"""Texts that one world takes."""


def test_hostile_text_changes_no_skeleton() -> None:
    every = payloads()
    plant(every[:10] + every[10 :: max(1, len(every) // (3 * PER_WORLD))])


@pytest.mark.gate
def test_none_of_all_hostile_texts_changes_a_skeleton() -> None:
    plant(payloads())


def as_its_form_takes_it(label: str, text: str) -> str:
    """Settings refuse what cannot be shown; other fields show it."""
    if label not in ("LADO", "the trustees"):
        return text
    return "".join(letter for letter in text if letter.isprintable())


def plant(texts: list[str]) -> None:
    """Worlds whose every text is one of these, page by page against a plain one."""
    plain = dict(skeletons(a_world("Zanzibar")))
    supply = itertools.cycle(texts)
    for number in range(-(-len(texts) // PER_WORLD)):
        world = a_world(f"Hostile{number}", say=lambda label: as_its_form_takes_it(label, next(supply)))
        for name, found in skeletons(world):
            assert found == plain[name], f"round {number}: {name}"


def test_hostile_text_stays_out_of_the_headers_of_mails() -> None:
    supply = itertools.cycle([*payloads()[:60], "a\r\nBcc: everybody@example.org", "x\nSubject: changed"])
    a_world("Hostile", say=lambda label: next(supply))
    send_due(limit=1000)
    assert mail.outbox
    for message in mail.outbox:
        raw = message.message().as_string()
        assert "Bcc" not in message.message()
        assert "everybody@example.org" not in raw
        assert raw.count("\nSubject:") <= 1
