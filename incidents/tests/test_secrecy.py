"""Whom a matter is about finds no trace of it: the same pages with it and without it (quality A4, subtle 57)."""

from collections.abc import Callable
from unittest import mock

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from approvals.network.sites import site_block
from core.access import is_sensitive
from core.notices import send_due
from core.roles import Post, Role
from incidents.models import Ban, Matter
from incidents.services.acting import addresses_hand_over, matter_close, technician_done
from incidents.services.bypasses import ban_set
from incidents.tests.cases import Crew, a_bypass, a_crew, a_report, an_image, whom
from incidents.tests.crawl import crawl
from incidents.urls import urlpatterns
from smgov.testing import a_person, give

pytestmark = pytest.mark.django_db


@pytest.fixture
def crew() -> Crew:
    """With something that the subject may see on every list, so that an empty page proves nothing."""
    made = a_crew()
    a_bypass(made)
    a_report(made, made.bob)
    return made


def about_the_head(crew: Crew) -> None:
    report = a_report(crew, who=whom("head"), words="He did it")
    addresses_hand_over(actor=crew.gina, matter=report)
    technician_done(
        actor=crew.dan, matter=report, action_taken="Blocked", blocked=True, typed_name="Dan Dale"
    )
    matter_close(actor=crew.gina, matter=report, note="Spoken to")


def about_the_head_as_an_image(crew: Crew) -> None:
    an_image(crew, who=whom("staff", person=crew.bob))


def about_the_head_as_a_bypass(crew: Crew) -> None:
    matter = a_bypass(crew, who=whom("staff", person=crew.bob))
    today = timezone.localdate()
    ban_set(actor=crew.gina, matter=matter, starts=today, ends=today, supervision="The chair")


def about_the_technician(crew: Crew) -> None:
    report = a_report(crew, who=whom("staff", person=crew.dan))
    addresses_hand_over(actor=crew.bob, matter=report)
    technician_done(
        actor=crew.ivy, matter=report, action_taken="Blocked", blocked=True, typed_name="Ivy Innes"
    )


def about_the_dsl(crew: Crew) -> None:
    an_image(crew, who=whom("staff", person=crew.dora))
    a_report(crew, who=whom("other", "Dora Dean"))


@pytest.mark.parametrize(
    ("happens", "subject"),
    [
        (about_the_head, "bob"),
        (about_the_head_as_an_image, "bob"),
        (about_the_head_as_a_bypass, "bob"),
        (about_the_technician, "dan"),
        (about_the_dsl, "dora"),
    ],
)
def test_the_subject_sees_the_same_pages_with_it_and_without_it(
    crew: Crew, happens: Callable[[Crew], None], subject: str
) -> None:
    user = getattr(crew, subject)
    if subject == "bob":  # whatever other role they hold
        give(user, Role.DSL, crew.school)
        give(user, Role.GOVERNANCE, crew.school, post=Post.CHAIR)
    then = timezone.now()  # a page may say when it was made, and a minute may pass between the two
    with mock.patch("django.utils.timezone.now", return_value=then):
        before = crawl(user)
    assert len(before) > 30
    count = Matter.objects.count()
    happens(crew)
    assert Matter.objects.count() > count
    with mock.patch("django.utils.timezone.now", return_value=then):
        after = crawl(user)
    assert set(after) == set(before)
    assert [path for path in before if before[path] != after[path]] == []


def test_the_crawl_would_see_what_is_about_somebody_else(crew: Crew) -> None:
    """The control: the same report about a colleague does change the headteacher's pages."""
    then = timezone.now()
    with mock.patch("django.utils.timezone.now", return_value=then):
        before = crawl(crew.bob)
    a_report(crew, who=whom("staff", person=crew.mark))
    with mock.patch("django.utils.timezone.now", return_value=then):
        after = crawl(crew.bob)
    changed = {path for path in before if before[path] != after[path]}
    assert {"/", "/network/reports/", "/notices/"} <= changed


@pytest.mark.parametrize("subject", ["bob", "mark"])
def test_the_subject_opens_none_of_its_addresses_and_gets_no_mail(crew: Crew, subject: str) -> None:
    user = getattr(crew, subject)
    matters = [
        a_report(crew, who=whom("staff", person=user)),
        an_image(crew, who=whom("staff", person=user)),
        a_bypass(crew, who=whom("staff", person=user)),
    ]
    client = Client(raise_request_exception=False)
    client.force_login(user)
    for matter in matters:
        for pattern in urlpatterns:
            if pattern.pattern.converters and str(pattern.pattern).startswith("network/"):
                url = reverse(f"incidents:{pattern.name}", args=[matter.uuid])
                assert client.get(url).status_code == client.post(url).status_code == 404, url
    mail.outbox.clear()
    send_due(limit=1000)
    new = [message for message in mail.outbox if user.email in message.to]
    assert not [m for m in new if "report for you" in m.subject and user.full_name == "Mark Moor"]
    assert user.full_name not in "".join(message.body + message.subject for message in mail.outbox)


def test_a_site_that_is_on_the_list_already_is_no_trace_either(crew: Crew) -> None:
    report = a_report(crew, who=whom("staff", person=crew.dan))
    addresses_hand_over(actor=crew.bob, matter=report)
    technician_done(
        actor=crew.ivy, matter=report, action_taken="Blocked", blocked=True, typed_name="Ivy Innes"
    )
    row = site_block(actor=crew.dan, school=crew.school, host="www.bad-pictures.example", because="Violence")
    assert not row.private


def test_no_page_of_incidents_keeps_a_session_long_or_its_input_aside() -> None:
    """Comments are no secret: they stand on the account, and what somebody types about one is kept for them."""
    public = ("comment-", "opinion-")
    for pattern in (one for one in urlpatterns if not one.name.startswith(public)):
        args = {
            name: "st-marys" if name == "slug" else "7b1f9a3e-0000-4000-8000-000000000002"
            for name in pattern.pattern.converters
        }
        assert is_sensitive(reverse(f"incidents:{pattern.name}", kwargs=args)), pattern.name


def test_none_of_it_is_in_the_admin() -> None:
    from django.contrib import admin

    assert not [model for model in admin.site._registry if model._meta.app_label == "incidents"]


def test_a_head_of_another_school_and_an_outsider_see_nothing(crew: Crew) -> None:
    other = a_crew()
    stranger = a_person("Eve Earl", Role.DSL, other.school)
    matter = a_report(crew, who=whom("pupil", "Kit"))
    for user in (stranger, other.bob, other.gina):
        client = Client()
        client.force_login(user)
        assert client.get(reverse("incidents:report-detail", args=[matter.uuid])).status_code == 404
    assert Ban.objects.count() == 0
