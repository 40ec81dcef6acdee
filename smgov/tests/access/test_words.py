"""Words planted in one school never appear at another, on pages, in exports or in mails (quality A3)."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from core.models import Notice
from core.notices import send_due
from people.models import User
from smgov.tests.access.addresses import every_address, path_of
from smgov.tests.access.conftest import Making
from smgov.tests.access.table import TABLE
from smgov.tests.access.world import World, a_world

pytestmark = [pytest.mark.django_db, pytest.mark.once]
OWN, FOREIGN = "Zanzibar", "Quokka"
LEFT_OUT = {"account_logout", "people:invitation-accept", "approvals:outside-answer"}
"""Ends the session; shows the invited person's name, or one request, to whoever holds the secret link."""
SEARCHES = ("", f"?q={FOREIGN}", "?show=others")


@pytest.fixture(scope="module")
def fresh_worlds(made_once: Making) -> Iterator[Callable[[], tuple[World, World]]]:
    """Two schools whose every text holds a word of their own."""
    with made_once(lambda: (a_world(OWN), a_world(FOREIGN))) as fresh:
        yield fresh


@pytest.fixture
def worlds(fresh_worlds: Callable[[], tuple[World, World]], db: None, own_files: None) -> tuple[World, World]:
    """A copy of them for one test."""
    return fresh_worlds()


def public_of(world: World) -> set[str]:
    """Addresses that the other school has declared public, and the invitation's secret one."""
    return {path_of(a, world) for a in every_address() if a.name in TABLE and TABLE[a.name].public}


def text_of(response: Any) -> str:
    """What a page or a file says; a scan is a stream of bytes."""
    data = b"".join(response.streaming_content) if response.streaming else response.content
    return data.decode(errors="replace")


def test_the_planted_word_is_on_the_pages_of_its_own_school(worlds) -> None:
    own, _ = worlds
    seen = set()
    for role in ("headteacher", "staff"):
        client = Client()
        client.force_login(own.people[role])
        for address in every_address():
            if address.name in TABLE and TABLE[address.name].gets and address.name != "account_logout":
                response = client.get(path_of(address, own))
                if response.status_code == 200 and OWN in text_of(response):
                    seen.add(address.name)
    assert {"home", "accounts:account-list", "accounts:account-export", "people:person-export"} <= seen


def test_nobody_reads_a_word_of_another_school(worlds) -> None:
    own, other = worlds
    open_to_all = public_of(other)
    leaks, looked = [], 0
    for role, user in own.people.items():
        client = Client()
        client.force_login(user)
        for address in every_address():
            if address.name not in TABLE or not TABLE[address.name].gets or address.name in LEFT_OUT:
                continue
            # Another school's rows answer as an id that does not exist, byte for byte, and who is refused sees the
            # same page whatever it was: test_table proves the first and who is refused.
            path = path_of(address, own)
            if path in open_to_all or TABLE[address.name].status(role, outside=False) != 200:
                continue
            for search in SEARCHES if not address.arguments else ("",):
                looked += 1
                text = text_of(client.get(path + search)).replace(f"q={FOREIGN}", "")
                text = text.replace(f'value="{FOREIGN}"', "").replace(f"“{FOREIGN}”", "")
                if FOREIGN in text:
                    leaks.append(f"{role}: {path}{search}")
    assert leaks == []
    assert looked > 1000


def test_no_mail_holds_a_word_of_any_school_and_each_goes_to_its_own_people(worlds) -> None:
    own, other = worlds
    assert send_due(limit=1000) > 10
    home = {
        user.email: word
        for word, world in ((OWN, own), (FOREIGN, other))
        for user in User.objects.filter(full_name__contains=word)
    }
    assert home
    for message in mail.outbox:
        whole = message.subject + message.body
        assert OWN not in whole
        assert FOREIGN not in whole
    for notice in Notice.objects.select_related("recipient"):
        if notice.recipient is None:
            assert notice.address == "desk@provider.example" or notice.address.endswith("@families.example")
        else:
            assert home[notice.recipient.email] in (OWN, FOREIGN)


def test_the_public_page_shows_what_is_declared_public_and_nothing_else(worlds) -> None:
    own, _ = worlds
    text = Client().get(reverse("accounts:official-school", args=[own.school.slug])).content.decode()
    assert own.live.name in text
    for person in (own.owner, own.second, *own.people.values()):
        assert person.full_name not in text
        assert person.email not in text
    assert own.unconfirmed.name not in text
    assert own.approved.official_email not in text
