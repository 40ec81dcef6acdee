"""Foreign ids, extra form fields, forged hidden fields: nothing of it is accepted (quality A5)."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import transaction
from django.db.models import ForeignKey
from django.test import Client

from people.models import Membership, School, User
from smgov.tests.access.addresses import every_address, path_of
from smgov.tests.access.forms import choices_of, fields_of
from smgov.tests.access.table import TABLE
from smgov.tests.access.world import World, a_world

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def crossings(own: World, other: World) -> list[str]:
    """Rows of one school that point at a person or a school of the other."""
    homes = {own.school.pk: own.word, other.school.pk: other.word}
    people = {
        user.pk: word
        for word in (own.word, other.word)
        for user in User.objects.filter(full_name__contains=word)
    }
    found = []
    for model in apps.get_models():
        keys = {f.name: f.related_model for f in model._meta.get_fields() if isinstance(f, ForeignKey)}
        to_school = [name for name, target in keys.items() if target is School]
        to_user = [name for name, target in keys.items() if target is User]
        if not to_school or not to_user:
            continue
        columns = [f"{name}_id" for name in (*to_school, *to_user)]
        for key, *ids in model.objects.order_by().values_list("pk", *columns):
            words = {homes.get(one) for one in ids[: len(to_school)]}
            words |= {people.get(one) for one in ids[len(to_school) :]}
            if len(words - {None}) > 1:
                found.append(f"{model.__name__} {key}")
    return found


def foreign_values(other: World) -> Iterator[str]:
    """Ids of the other school that a forger could put into a field."""
    victim = other.people["staff"]
    yield from (str(victim.uuid), str(victim.pk), str(other.school.uuid), str(other.school.pk), victim.email)
    yield from (str(other.live.uuid), str(other.draft.uuid), str(other.pending.uuid))


EXTRA = {
    "status": "approved",
    "is_superuser": "on",
    "is_active": "",
    "role": "dsl",
    "approval": "1",
    "decided_by": "1",
    "confirmed_by": "1",
    "granted_at": "2020-01-01",
    "form": "cit",
    "next": "https://evil.example.com/",
}


def test_no_post_takes_an_id_of_another_school_or_a_field_that_it_does_not_offer() -> None:
    own, other = a_world("Zanzibar"), a_world("Quokka")
    assert crossings(own, other) == []
    sent = 0
    for address in every_address():
        row = TABLE.get(address.name)
        if row is None or not row.posts or row.public or address.name.startswith("account_"):
            continue
        actor = (row.signs or row.open).split()[-1 if row.open.startswith("root") else 0]
        user = own.owner if actor == "owner" else own.people[actor]
        client = Client(raise_request_exception=False)
        client.force_login(user)
        path = path_of(address, own)
        fields = (
            {
                name: values
                for name, values in fields_of(client, path).items()
                if name != "csrfmiddlewaretoken"
            }
            if row.gets
            else {}
        )
        targets = list(choices_of(client, path)) if row.gets else []
        for value in foreign_values(other):
            mark = transaction.savepoint()
            forged = {**fields, **{name: [value] for name in targets}, **EXTRA, "school": other.school.pk}
            forged["requested_by"] = forged["user"] = value
            response = client.post(path, forged)
            sent += 1
            assert response.status_code < 500, f"{address.name}: {response.status_code}"
            assert crossings(own, other) == [], f"{address.name} took {value}"
            assert not User.objects.filter(is_superuser=True).exists()
            assert (
                not Membership.objects.filter(user=user, role="dsl").exclude(user=own.people["dsl"]).exists()
            )
            assert "evil" not in response.get("Location", "")
            transaction.savepoint_rollback(mark)
    assert sent > 150


def test_sign_in_never_leads_off_the_site(client: Client) -> None:
    own = a_world("Zanzibar")
    own.owner.set_password("teapot-maple-river")
    own.owner.save()
    for target in (
        "https://evil.example.com/",
        "//evil.example.com",
        "/\\evil.example.com",
        "javascript:alert(1)",
    ):
        client.logout()
        response = client.post(
            "/sign-in/", {"login": own.owner.email, "password": "teapot-maple-river", "next": target}
        )
        assert response.status_code == 302
        assert "evil" not in response["Location"]
        assert "javascript" not in response["Location"]
