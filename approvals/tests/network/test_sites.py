"""Blocked sites: what the policy blocks, what technicians block, what is open in spite of it, and what nobody sees."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from accounts.tests.register.cases import recorded, text_of
from approvals.models import BlockedSite, UnblockRequest
from approvals.network.sites import host_of, site_block, site_lift
from approvals.network.timed import opening_opened
from approvals.tests.network.cases import People, a_cit_school, a_st_marys
from core.addresses import BadAddress
from core.errors import Refused, Stale
from core.models import Platform
from core.roles import Role
from smgov.testing import a_person, an_unblock, decide

pytestmark = pytest.mark.django_db
LIST = reverse("approvals:site-list")


@pytest.fixture
def people() -> People:
    return a_st_marys()


def seen_by(client: Any, user: Any) -> str:
    client.force_login(user)
    answer = client.get(LIST)
    assert answer.status_code == 200
    return text_of(answer)


def blocked(people: People, host: str = "bets.example", **more: Any) -> BlockedSite:
    values = {"actor": people.dan, "because": "Gambling", **more}
    return site_block(school=people.school, host=host, **values)


def opened(people: People, address: str, **answers: Any) -> UnblockRequest:
    row = an_unblock(people.alice, people.school, addresses=address, **answers)
    decide(row.approval, people.bob, reasons="For the lesson")
    opening_opened(actor=people.dan, row=UnblockRequest.objects.get(pk=row.pk))
    return row


# What the policy blocks


@pytest.mark.clause("STM-9.02")
def test_staff_read_which_sites_the_policy_blocks_and_that_none_is_opened(client, people) -> None:
    words = seen_by(client, people.alice)
    for name in ("Facebook", "Instagram", "TikTok", "STM-9.02"):
        assert name in words
    assert "None of them is opened for anybody" in words
    assert "Block a site" not in words


@pytest.mark.clause("CIT-9.02")
def test_where_specific_permission_is_possible_the_page_says_so_and_what_is_open(client) -> None:
    people = a_cit_school(it_provider_email=None, unblock_route="form")
    row = opened(people, "https://www.instagram.com/museum")
    words = seen_by(client, people.alice)
    assert "opened for somebody with specific permission" in words
    assert "www.instagram.com" in words
    assert "A class or a group: 9B" in words
    colleague = a_person("Cleo Cole", Role.STAFF, people.school)
    link = reverse("approvals:unblock-detail", args=[row.uuid])
    for user, linked in ((people.alice, True), (people.bob, True), (colleague, False)):
        client.force_login(user)
        assert (link in client.get(LIST).content.decode()) is linked, user


@pytest.mark.clause("BEC-4.26")
@pytest.mark.clause("BEC-4.38")
def test_all_social_media_names_every_platform_that_the_portal_knows(client) -> None:
    people = a_st_marys("beckstone")
    words = seen_by(client, people.alice)
    assert "blocks all social media" in words
    for platform in Platform.objects.all():
        assert platform.name in words
    assert "None of them is opened for anybody" in words


def test_a_policy_that_names_no_site_says_so(client) -> None:
    people = a_st_marys("cbc", blocked_sites=[])
    assert "The policy names no site" in seen_by(client, people.alice)


def test_what_is_open_under_no_blocked_site_is_not_listed(client, people) -> None:
    opened(people, "https://www.history-films.example/ww1")
    assert "history-films" not in seen_by(client, people.alice)
    blocked(people, "history-films.example")
    assert "www.history-films.example" in seen_by(client, people.alice)


# By hand


def test_a_technician_blocks_a_site_and_everybody_reads_why(client, people) -> None:
    client.force_login(people.dan)
    path = reverse("approvals:site-block", args=[people.school.uuid])
    assert client.get(path).status_code == 200
    sent = {"host": "https://www.Bets.example/odds?x=1", "because": "Gambling"}
    for _ in range(2):
        answer = client.post(path, sent)
        assert answer.status_code == 302
        assert answer["Location"] == f"{LIST}?school={people.school.uuid}"
    row = BlockedSite.objects.get()
    assert (row.host, row.because, row.private, row.blocked_by) == (
        "www.bets.example", "Gambling", False, people.dan,
    )  # fmt: skip
    assert recorded("approvals.site_blocked") == 1
    for user in (people.alice, people.chair):
        words = seen_by(client, user)
        assert "www.bets.example" in words
        assert "Gambling" in words
        assert "Lift" not in words


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("bets", "no name of a website"),
        ("https://", "no name of a website"),
        ("javascript:alert(1)", "is not an address"),
        ("bets .example", "has a space"),
        ("https://me:pw@bets.example", "before an @"),
        ("ftp://bets.example", "does not begin with http"),
        ("", "Enter the site"),
    ],
)
def test_what_is_no_site_is_refused_beside_its_field(client, people, typed, words) -> None:
    client.force_login(people.dan)
    path = reverse("approvals:site-block", args=[people.school.uuid])
    answer = client.post(path, {"host": typed, "because": "Gambling"})
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert not BlockedSite.objects.exists()


def test_a_disguised_name_is_kept_as_a_browser_asks_for_it() -> None:
    assert host_of("https://www.fаcebook.com/") == "www.xn--fcebook-2fg.com"
    with pytest.raises(BadAddress):
        host_of("bets\u200b.example")


def test_what_the_policy_blocks_already_need_not_be_blocked(client, people) -> None:
    client.force_login(people.dan)
    path = reverse("approvals:site-block", args=[people.school.uuid])
    answer = client.post(path, {"host": "m.facebook.com", "because": "Social"})
    assert answer.status_code == 422
    assert "policy blocks facebook.com already" in text_of(answer)


def test_the_service_refuses_bad_input_and_asks_for_a_reason(people) -> None:
    for host, because in (("bets", "x"), ("bets.example", " ")):
        with pytest.raises(Refused):
            blocked(people, host, because=because)


def test_who_may_not_block(client, people) -> None:
    path = reverse("approvals:site-block", args=[people.school.uuid])
    for user, status in ((people.bob, 403), (people.alice, 403), (people.chair, 403), (people.eve, 404)):
        client.force_login(user)
        assert client.get(path).status_code == status
        assert client.post(path, {"host": "bets.example", "because": "x"}).status_code == status
        with pytest.raises(PermissionDenied):
            blocked(people, actor=user)


def test_whoever_acts_on_reports_of_content_may_block_for_them() -> None:
    people = a_st_marys("cbc", content_report_recipient=["dsl"])
    assert blocked(people, actor=people.dsl).blocked_by == people.dsl
    with pytest.raises(PermissionDenied):
        blocked(people, actor=people.alice)


def test_a_site_is_lifted_with_a_reason_and_may_be_blocked_again(client, people) -> None:
    row = blocked(people)
    client.force_login(people.dan)
    path = reverse("approvals:site-lift", args=[row.uuid])
    assert "Lift" in text_of(client.get(LIST))
    assert client.post(path, {"because": " "}).status_code == 422
    assert client.post(path, {"because": "By mistake"}).status_code == 302
    assert client.post(path, {"because": "By mistake"}).status_code == 422, "once"
    row.refresh_from_db()
    assert (row.lifted_by, row.lifted_because) == (people.dan, "By mistake")
    assert "bets.example" not in seen_by(client, people.alice)
    assert recorded("approvals.site_lifted") == 1
    assert blocked(people).pk != row.pk
    with pytest.raises(Stale):
        site_lift(actor=people.dan, site=row, because="Again")


def test_who_may_not_lift(client, people) -> None:
    row = blocked(people)
    path = reverse("approvals:site-lift", args=[row.uuid])
    for user, status in ((people.bob, 403), (people.alice, 403), (people.eve, 404)):
        client.force_login(user)
        assert client.get(path).status_code == status
        assert client.post(path, {"because": "x"}).status_code == status
        with pytest.raises(PermissionDenied):
            site_lift(actor=user, site=row, because="x")
    row.refresh_from_db()
    assert row.lifted_at is None


# After a report about somebody


@pytest.mark.clause("STM-14.02")
def test_a_site_blocked_after_a_report_about_somebody_leaves_no_trace_for_others(client, people) -> None:
    second = a_person("Dot Dale", Role.IT, people.school)
    everybody = (people.alice, people.bob, people.dsl, people.chair, second)
    opened(people, "https://www.history-films.example/ww1")
    before = {user: seen_by(client, user) for user in everybody}
    row = blocked(people, "history-films.example", because="After a report", private=True)
    assert {user: seen_by(client, user) for user in everybody} == before
    for user in everybody:
        client.force_login(user)
        assert client.get(reverse("approvals:site-lift", args=[row.uuid])).status_code == 404
    words = seen_by(client, people.dan)
    assert "history-films.example" in words
    assert "Nobody but you sees these" in words


def test_the_same_site_blocked_openly_knows_nothing_of_the_private_row(people) -> None:
    second = a_person("Dot Dale", Role.IT, people.school)
    private = blocked(people, private=True)
    openly = blocked(people, actor=second)
    assert openly.pk != private.pk
    assert blocked(people, actor=second, private=True).pk == private.pk, "blocked once after reports"


def test_the_blocker_lifts_what_only_they_see(client, people) -> None:
    row = blocked(people, private=True)
    client.force_login(people.dan)
    path = reverse("approvals:site-lift", args=[row.uuid])
    assert client.post(path, {"because": "Over"}).status_code == 302


# Who sees the page


def test_who_sees_the_page_and_of_which_school(client, people) -> None:
    helper = a_person("Hope Hall", Role.CONTRIBUTOR, people.school)
    client.force_login(helper)
    assert client.get(LIST).status_code == 403
    blocked(people)
    client.force_login(people.eve)
    for query in ({}, {"school": str(people.school.uuid)}):
        words = text_of(client.get(LIST, query))
        assert "bets.example" not in words
        assert "Elsewhere" in words


def test_what_is_over_is_no_exception_any_more(client) -> None:
    people = a_cit_school(it_provider_email=None, unblock_route="form")
    row = opened(people, "https://www.instagram.com/museum")
    UnblockRequest.objects.filter(pk=row.pk).update(
        stage="to_shut", over_at=timezone.now() - timedelta(days=1)
    )
    assert "None of the blocked sites is open" in seen_by(client, people.alice)
