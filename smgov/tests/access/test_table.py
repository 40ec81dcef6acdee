"""Every address × GET and POST × everybody × own and other school, against one table (quality A1, A2)."""

import re
import uuid
from collections.abc import Callable, Iterator

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.middleware import declared_access
from core.models import Notice
from people.models import User
from smgov.tests.access.addresses import UUIDS, Address, every_address, path_of
from smgov.tests.access.conftest import Making
from smgov.tests.access.table import TABLE
from smgov.tests.access.world import World, a_world

pytestmark = pytest.mark.django_db
GOING_ON = {200, 302, 405, 409, 422}
ASKED_IN_VAIN = {("root", False), ("owner", False), ("headteacher", False), ("dsl", False), ("dsl", True)}
"""Who sends to an address that takes nothing: what it answers hangs on the address, so these stand for all."""


@pytest.fixture(scope="module")
def fresh_worlds(made_once: Making) -> Iterator[Callable[[], tuple[World, World]]]:
    """Two schools that do not know each other."""

    def build() -> tuple[World, World]:
        made = a_world("Zanzibar"), a_world("Quokka")
        Notice.objects.update(seen_at=timezone.now())  # counting them again on each page is another test's
        return made

    with made_once(build) as fresh:
        yield fresh


@pytest.fixture
def worlds(fresh_worlds: Callable[[], tuple[World, World]], db: None, own_files: None) -> tuple[World, World]:
    """A copy of them for one test."""
    return fresh_worlds()


def actors(worlds: tuple[World, World]) -> Iterator[tuple[str, bool, Client]]:
    """(name, from another school, signed-in client)."""
    own, other = worlds
    people = {
        "root": User.objects.create_superuser("root@hilltop.example.org", "Root Reed"),
        "owner": own.owner,
    }
    for name, user in {**people, **own.people}.items():
        yield name, False, signed_in(user)
    for name, user in other.people.items():
        yield name, True, signed_in(user)


def signed_in(user: User) -> Client:
    """A browser of this person."""
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def portal_addresses() -> list[Address]:
    """Every address but the admin's, which people/tests/admin proves."""
    return [address for address in every_address() if not address.name.startswith("admin:")]


def answer(client: Client, method: str, path: str) -> int:
    """The status of a request whose effect is taken back."""
    mark = transaction.savepoint()
    status = getattr(client, method)(path).status_code
    transaction.savepoint_rollback(mark)
    return status


def test_every_address_is_named_in_the_table_and_every_row_exists() -> None:
    assert {address.name for address in portal_addresses()} == set(TABLE)


def test_every_view_declares_its_access() -> None:
    for address in every_address():
        namespace = address.name.rpartition(":")[0]
        assert declared_access(address.callback, namespace), f"{address.name} declares no access"


@pytest.mark.parametrize("method", ["get", "post"])
def test_everybody_gets_what_the_table_says(worlds, method: str) -> None:
    own, _ = worlds
    everybody = list(actors(worlds))
    wrong = []
    for address in portal_addresses():
        row, path = TABLE[address.name], path_of(address, own)
        for name, outside, client in everybody:
            if outside and connection.vendor == "postgresql":
                continue  # who is refused is refused on SQLite too; here the pages' queries are asked
            if method == "post" and not row.posts and (name, outside) not in ASKED_IN_VAIN:
                continue
            if address.name == "account_logout" and method == "post":
                continue  # it would end the session of the next question; test_sign_out proves it
            expected = (row.post_status if method == "post" and row.posts else row.status)(
                name, outside=outside
            )
            status = answer(client, method, path)
            fine = status in GOING_ON if expected == 200 else status in {expected, 405}
            if not row.posts and method == "post":
                fine = status in {405, 403, 404}
            if not fine:
                wrong.append(
                    f"{method} {address.name} as {name}{' outside' if outside else ''}: {status}, not {expected}"
                )
    assert wrong == []


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_is_led_to_the_sign_in(worlds, method: str) -> None:
    own, _ = worlds
    for address in portal_addresses():
        if TABLE[address.name].public:
            continue
        response = getattr(Client(), method)(path_of(address, own))
        assert response.status_code == 302, address.name
        assert response["Location"].startswith("/sign-in/"), address.name


def test_another_schools_id_answers_exactly_as_a_random_id(worlds) -> None:
    own, other = worlds
    for name in ("headteacher", "it", "staff", "head_of_comms", "governance"):
        client = signed_in(own.people[name])
        for address in portal_addresses():
            if address.name not in UUIDS and "school" not in address.arguments:
                continue
            for method in ("get", "post"):
                foreign, unknown = path_of(address, other), random_path(address, other)
                assert told(client, method, foreign) == told(client, method, unknown), (
                    f"{name} {method} {address.name}"
                )


def random_path(address: Address, world: World) -> str:
    """The same address with an id that nobody has."""
    return re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", str(uuid.uuid4()), path_of(address, world))


def told(client: Client, method: str, path: str) -> tuple[int, str]:
    """Status and page, without tokens and the address itself."""
    mark = transaction.savepoint()
    response = getattr(client, method)(path)
    transaction.savepoint_rollback(mark)
    text = response.content.decode().replace(path, "PATH")
    return response.status_code, re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text)


def test_the_admin_lets_in_the_it_lead_and_the_superuser_alone(worlds) -> None:
    everybody = list(actors(worlds))
    paths = [path_in_admin(address) for address in every_address() if address.name.startswith("admin:")]
    for name, _, client in everybody:
        for path in paths:
            status = client.get(path).status_code
            if name in ("it", "root"):
                assert status in {200, 301, 302, 403, 404, 405}, f"{name} {path}: {status}"
            else:
                assert status in {403, 405}, f"{name} {path}: {status}"
    for path in paths:
        response = Client().get(path)
        assert response.status_code in {302, 405}, path


def path_in_admin(address: Address) -> str:
    """An address of the admin; ids are those of nobody, since whose rows open is proved in people/tests/admin."""
    arguments = {
        "object_id": "0",
        "content_type_id": "0",
        "app_label": "people",
        "url": "people/nothing/",
        "final_slash": "",
    }
    if "?" in address.name:
        return "/administration/nothing/"
    return reverse(address.name, kwargs={name: arguments[name] for name in address.arguments})
