"""Platforms: a list that is data, with dated minimum ages (RAV-1.02, BEC-1.05)."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import IntegrityError, transaction

from core.errors import Refused
from core.models import AuditEvent, Platform, PlatformAge
from core.platforms import clean_hosts, platform_rules, platform_save
from core.reference import PLATFORMS
from core.roles import Role
from people.models import User
from smgov.testing import Cast, a_cit_trust, a_person, a_school

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return a_cit_trust()


@pytest.fixture
def root() -> User:
    return User.objects.create_superuser("root@hilltop.example.org", "Rita Root")


def facebook() -> Platform:
    return Platform.objects.get(slug="facebook")


# The list


@pytest.mark.clause("RAV-1.02", "BEC-1.05")
def test_every_portal_starts_with_the_list() -> None:
    assert set(Platform.objects.values_list("slug", flat=True)) == {slug for _, slug, _, _ in PLATFORMS}


def test_the_list_that_we_ship_is_sound() -> None:
    for name, slug, hosts, ages in PLATFORMS:
        assert clean_hosts(hosts) == hosts, name
        assert slug == name.lower().replace(" ", "-")
        assert len({start for _, start in ages}) == len(ages)
        assert all(13 <= years <= 18 for years, _ in ages)
    every = [host for _, _, hosts, _ in PLATFORMS for host in hosts]
    assert len(set(every)) == len(every), "one host, one platform"


def test_migrating_again_adds_what_is_missing_and_changes_nothing_else() -> None:
    Platform.objects.filter(slug="facebook").update(name="Facebook (closed)", hosts=[], offered=False)
    lost = Platform.objects.get(slug="x")
    lost.ages.all().delete()
    lost.delete()
    ages = PlatformAge.objects.count()
    call_command("migrate", verbosity=0)
    assert (facebook().name, facebook().hosts, facebook().offered) == ("Facebook (closed)", [], False)
    assert Platform.objects.filter(slug="x").exists()
    assert PlatformAge.objects.count() == ages + 1


# Minimum ages


def test_the_age_in_force_on_a_day_is_the_newest_that_has_begun() -> None:
    whatsapp = Platform.objects.get(slug="whatsapp")
    assert whatsapp.minimum_age(date(2018, 5, 24)) is None
    assert whatsapp.minimum_age(date(2018, 5, 25)) == 16
    assert whatsapp.minimum_age(date(2024, 4, 10)) == 16
    assert whatsapp.minimum_age(date(2024, 4, 11)) == 13
    assert Platform.objects.get(slug="minecraft").minimum_age(date(2026, 1, 1)) is None


def test_many_platforms_cost_one_more_query(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):
        for platform in Platform.objects.prefetch_related("ages"):
            platform.minimum_age(date(2026, 1, 1))


def test_a_platform_has_one_age_a_day() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        PlatformAge.objects.create(platform=facebook(), years=14, valid_from=date(2006, 9, 1), source="x")


# Who changes it


def test_everybody_reads_the_list_and_only_who_runs_the_server_changes_it(cast: Cast, root: User) -> None:
    for user in (cast.alice, cast.bob, cast.cora, cast.dan):
        assert platform_rules.visible_to(user).count() == len(PLATFORMS)
        with pytest.raises(PermissionDenied):
            platform_save(actor=user, platform=facebook(), values={"name": "Mine"})
        with pytest.raises(PermissionDenied):
            platform_save(actor=user, platform=Platform(), values={"name": "New", "slug": "new"})
    assert not platform_rules.visible_to(a_person("Nora None")).exists()
    platform_save(
        actor=root, platform=Platform(), values={"name": "New", "slug": "new", "hosts": ["new.example"]}
    )
    assert Platform.objects.filter(slug="new").exists()


def test_a_new_age_is_a_new_row_and_an_event(root: User) -> None:
    platform_save(
        actor=root,
        platform=facebook(),
        values={"offered": False},
        ages=[(None, 16, date(2026, 9, 1), "Its terms")],
    )
    assert facebook().minimum_age(date(2026, 8, 31)) == 13
    assert facebook().minimum_age(date(2026, 9, 1)) == 16
    event = AuditEvent.objects.latest("number")
    assert (event.action, event.actor) == ("people.platform_changed", root)
    assert event.data["fields"] == ["offered"]


def test_an_age_of_another_platform_cannot_be_changed_with_this_one(root: User) -> None:
    age = Platform.objects.get(slug="x").ages.get()
    with pytest.raises(PermissionDenied):
        platform_save(actor=root, platform=facebook(), values={}, ages=[(age, 10, date(2020, 1, 1), "x")])
    age.refresh_from_db()
    assert age.years == 13


def test_nothing_is_written_when_a_part_is_refused(root: User) -> None:
    with pytest.raises(Refused):
        platform_save(
            actor=root,
            platform=facebook(),
            values={"name": "Renamed"},
            ages=[(None, 13, date(2006, 9, 1), "again")],
        )
    assert facebook().name == "Facebook"


@pytest.mark.parametrize(
    "host", ["http://facebook.com", "facebook", "facebook.com/page", "a b.com", "-a.com", "a..com", "é.com"]
)
def test_a_host_that_is_none_is_refused(host: str) -> None:
    with pytest.raises(Refused) as caught:
        clean_hosts([host])
    assert caught.value.field == "hosts"


def test_hosts_are_kept_in_lower_case_and_once() -> None:
    assert clean_hosts([" Facebook.com ", "", "facebook.COM", "fb.com"]) == ["facebook.com", "fb.com"]


def test_a_school_of_its_own_reads_the_same_list() -> None:
    alone = a_person("Sol Single", Role.OFFICE, a_school(preset="beckstone"))
    assert platform_rules.visible_to(alone).count() == len(PLATFORMS)
