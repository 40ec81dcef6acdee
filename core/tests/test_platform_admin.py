"""The list of platforms in the admin: everybody's, so kept by whoever runs the server (RAV-1.02, BEC-1.05)."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.models import AuditEvent, Platform, PlatformAge
from people.models import User
from people.tests.profile.sent import fields_sent
from smgov.testing import Cast, a_cit_trust

pytestmark = pytest.mark.django_db
LIST = "/administration/core/platform/"


@pytest.fixture
def cast() -> Cast:
    return a_cit_trust()


@pytest.fixture
def root(client: Client) -> User:
    user = User.objects.create_superuser("root@hilltop.example.org", "Rita Root")
    client.force_login(user)
    return user


def page(slug: str, kind: str = "change") -> str:
    """A page about one platform."""
    return reverse(f"admin:core_platform_{kind}", args=[slug])


def send(client: Client, url: str, **changes: Any) -> str:
    """Open the form, change some boxes and send it."""
    sent = fields_sent(client.get(url).content.decode())
    return client.post(url, {**sent, **changes}, follow=True).content.decode()


def facebook() -> Platform:
    return Platform.objects.get(slug="facebook")


def test_an_it_lead_reads_the_list_and_changes_nothing(client: Client, cast: Cast) -> None:
    client.force_login(cast.dan)
    assert "Facebook" in client.get(LIST).content.decode()
    body = client.get(page("facebook")).content.decode()
    assert 'name="_save"' not in body
    assert client.get(f"{LIST}add/").status_code == 403
    assert client.post(f"{LIST}add/", {"name": "Mine", "slug": "mine"}).status_code == 403
    assert client.post(page("facebook"), {"name": "Mine", "slug": "facebook"}).status_code == 403
    assert client.post(page("facebook", "delete"), {"post": "yes"}).status_code == 403
    assert facebook().name == "Facebook"


def test_the_others_do_not_enter(client: Client, cast: Cast) -> None:
    for user in (cast.alice, cast.bob, cast.cora):
        client.force_login(user)
        assert client.get(LIST).status_code == 403


@pytest.mark.clause("RAV-1.02", "BEC-1.05")
def test_a_platform_is_added_with_its_age_and_an_event(client: Client, root: User) -> None:
    ages = {"ages-0-years": "13", "ages-0-valid_from": "2026-09-01", "ages-0-source": "Its terms"}
    body = send(
        client, f"{LIST}add/", name="Mastodon", slug="mastodon", hosts="Mastodon.social\nmstdn.social", **ages
    )
    assert "Mastodon is saved." in body
    platform = Platform.objects.get(slug="mastodon")
    assert platform.hosts == ["mastodon.social", "mstdn.social"]
    assert platform.minimum_age(date(2026, 9, 1)) == 13
    event = AuditEvent.objects.latest("number")
    assert (event.action, event.actor_id) == ("people.platform_changed", root.pk)
    assert event.data["ages"] == [{"years": 13, "from": "2026-09-01"}]


def test_a_new_age_is_added_beside_the_old_one(client: Client, root: User) -> None:
    count = facebook().ages.count()
    new = {
        f"ages-{count}-years": "16",
        f"ages-{count}-valid_from": "2026-09-01",
        f"ages-{count}-source": "Its terms",
    }
    send(client, page("facebook"), **new)
    assert facebook().ages.count() == count + 1
    assert facebook().minimum_age(date(2026, 8, 31)) == 13
    assert facebook().minimum_age(date(2026, 9, 1)) == 16


def test_a_corrected_age_leaves_what_it_was_in_the_log(client: Client, root: User) -> None:
    send(client, page("facebook"), **{"ages-0-years": "14"})
    assert AuditEvent.objects.latest("number").data["ages"] == [
        {"years": 14, "from": "2006-09-01", "was_years": 13, "was_from": "2006-09-01"}
    ]


def test_saving_without_a_change_leaves_no_event(client: Client, root: User) -> None:
    before = AuditEvent.objects.count()
    assert "Nothing was changed." in send(client, page("facebook"))
    assert AuditEvent.objects.count() == before


def test_a_host_that_cannot_be_one_is_refused_with_the_words_kept(client: Client, root: User) -> None:
    body = send(client, page("facebook"), hosts="facebook.com\nhttps://fb.com/page")
    assert "is not a host name" in body
    assert "https://fb.com/page" in body
    assert facebook().hosts == ["facebook.com", "fb.com"]


def test_a_name_that_another_platform_has_is_refused(client: Client, root: User) -> None:
    assert "errornote" in send(client, page("facebook"), name="Instagram")
    assert facebook().name == "Facebook"


def test_a_forged_age_of_another_platform_is_refused(client: Client, root: User) -> None:
    other = PlatformAge.objects.filter(platform__slug="x").first()
    send(client, page("facebook"), **{"ages-0-id": other.pk, "ages-0-years": "99"})
    other.refresh_from_db()
    assert (other.years, other.platform.slug) == (13, "x")
    assert facebook().minimum_age(date(2026, 1, 1)) == 13


def test_the_list_is_searched_filtered_and_tells_the_age_today(client: Client, root: User) -> None:
    found = client.get(LIST, {"q": "whats"})
    assert found.context["cl"].result_count == 1
    assert ">13<" in found.content.decode()
    assert client.get(LIST, {"offered__exact": "0"}).context["cl"].result_count == 0
    assert client.get(LIST, {"hosts__contains": "x"}).status_code == 400


def test_the_list_costs_the_same_for_many(
    client: Client, root: User, django_assert_max_num_queries: Any
) -> None:
    client.get(LIST)
    with django_assert_max_num_queries(15) as few:
        client.get(LIST)
    for number in range(8):
        Platform.objects.create(name=f"New {number}", slug=f"new-{number}")
    with django_assert_max_num_queries(15) as many:
        client.get(LIST)
    assert len(few) == len(many)
