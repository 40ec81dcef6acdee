"""The page on which IT sees how the background work runs, and the mails that could not be delivered."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core import notices, sweep_runs, sweeps
from core.background import mail_rules
from core.background_views import public_id
from core.backlogs import BACKLOGS, Backlog
from core.mails import mail_again, mails_again
from core.models import AuditEvent, Notice, SweepRun
from core.notices import KINDS, MAX_ATTEMPTS, MAX_QUIET_ATTEMPTS, notify, send_due
from core.roles import Role
from incidents.models import Matter
from incidents.tests.cases import Crew, a_bypass, a_crew
from people.models import User
from smgov.testing import Cast, a_cit_trust, a_draft, a_person, a_school, give

pytestmark = pytest.mark.django_db
PAGES = ("core:background", "core:mail-list")


@pytest.fixture
def cast() -> Cast:
    return a_cit_trust()


def refuses(*args: Any, **kwargs: Any) -> None:
    raise ConnectionRefusedError("to bob: no such person")


def stuck(
    row: Any, *people: User, attempts: int = 3, error: str = "ConnectionRefusedError", **more: Any
) -> Notice:
    """One mail for each that could not be delivered."""
    notify("accounts.message", recipients=people, about=row, key=str(Notice.objects.count()), link="/x/")
    found = Notice.objects.filter(recipient__in=people, sent_at=None)
    found.update(attempts=attempts, last_error=error, **more)
    return found.latest("pk")


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(user: User, name: str = "core:background", query: str = "") -> str:
    response = browser(user).get(reverse(name) + query)
    assert response.status_code == 200
    return response.content.decode()


# Who


@pytest.mark.parametrize("name", PAGES)
def test_it_and_the_superuser_open_it_and_nobody_else(cast: Cast, name: str) -> None:
    root = User.objects.create_superuser("root@hilltop.example.org", "Root Reed")
    for user, status in ((cast.dan, 200), (root, 200), (cast.bob, 403), (cast.alice, 403), (cast.elt, 403)):
        assert browser(user).get(reverse(name)).status_code == status
    assert "Background work" in page(cast.dan, "people:home")
    assert "Background work" not in page(cast.bob, "people:home")


# Sweeps


def test_it_shows_when_each_ran_what_waits_and_what_failed(cast: Cast) -> None:
    sweep_runs.wait_for_all(timezone.now())
    SweepRun.objects.update(finished_at=timezone.now())
    assert "Some of it does not run as it should" not in page(cast.dan)
    late = SweepRun.objects.filter(name="approvals.tasks.chase_decisions")
    late.update(finished_at=timezone.now() - timedelta(days=1), failed=17)
    SweepRun.objects.filter(name="consent.tasks.imports_work").update(
        broke_at=timezone.now() + timedelta(minutes=1), error="OperationalError"
    )
    shown = page(cast.dan)
    for words in (
        "Some of it does not run as it should",
        "Late",
        "Stopped by an error",
        "OperationalError",
        ">17<",
    ):
        assert words in shown


def test_the_page_costs_the_same_however_many_mails_are_stuck(cast: Cast) -> None:
    draft = a_draft(cast.alice, cast.hilltop)
    costs = set()
    for many in (2, 12):
        for _ in range(many):
            stuck(draft, a_person("Ann Other", Role.STAFF, cast.hilltop))
        for name in PAGES:
            client = browser(cast.dan)
            with CaptureQueriesContext(connection) as seen:
                client.get(reverse(name))
            costs.add((name, len(seen)))
    assert len(costs) == len(PAGES)
    assert max(cost for _, cost in costs) <= 12


# Mails


def test_a_mail_that_fails_is_listed_with_its_recipient_and_no_detail(cast: Cast, monkeypatch: Any) -> None:
    draft = a_draft(cast.alice, cast.hilltop, name="Zebra Class Diary")
    notify("accounts.message", recipients=[cast.alice], about=draft, key="1", link="/x/")
    assert "No mail is stuck" in page(cast.dan, "core:mail-list")
    monkeypatch.setattr(EmailMessage, "send", refuses)
    send_due()
    shown = page(cast.dan, "core:mail-list")
    for words in (
        "Alice Archer",
        "New message on a request",
        "ConnectionRefusedError",
        "Without success so far",
    ):
        assert words in shown
    assert "Zebra" not in shown
    assert "no such person" not in shown
    assert "1 mail could not be delivered" in page(cast.dan)
    assert "Alice Archer" not in page(cast.dan, "core:mail-list", "?q=bob")
    assert "Alice Archer" in page(cast.dan, "core:mail-list", "?q=archer&state=mail_failing&sort=-who")
    assert "Alice Archer" not in page(cast.dan, "core:mail-list", "?state=mail_given_up")


def test_only_mails_to_people_of_ones_own_schools(cast: Cast) -> None:
    draft = a_draft(cast.alice, cast.hilltop)
    far = stuck(draft, cast.eve)
    near = stuck(draft, cast.alice)
    shown = page(cast.dan, "core:mail-list")
    assert "Alice Archer" in shown
    assert "Eve Earl" not in shown
    assert browser(cast.dan).post(reverse("core:mail-again", args=[public_id(far)])).status_code == 404
    with pytest.raises(PermissionDenied):
        mail_again(actor=cast.dan, notice=far)
    with pytest.raises(PermissionDenied):
        mail_again(actor=cast.bob, notice=near)
    assert mails_again(actor=cast.dan) == 1


def test_try_again_sends_it_once_more_under_its_own_message_id(cast: Cast) -> None:
    row = stuck(a_draft(cast.alice, cast.hilltop), cast.alice, attempts=MAX_ATTEMPTS)
    assert send_due() == 0
    assert "Given up" in page(cast.dan, "core:mail-list")
    response = browser(cast.dan).post(reverse("core:mail-again", args=[public_id(row)]))
    assert response.status_code == 302
    assert AuditEvent.objects.filter(action="core.mail_tried_again", actor=cast.dan).count() == 1
    assert send_due() == 1
    assert mail.outbox[-1].extra_headers["Message-ID"] == row.message_id
    again = browser(cast.dan).post(reverse("core:mail-again", args=[public_id(row)]))
    assert again.status_code == 409


def test_a_mail_on_its_way_is_not_sent_a_second_time_by_the_button(cast: Cast) -> None:
    row = stuck(a_draft(cast.alice, cast.hilltop), cast.bob, leased_until=None)
    assert len(notices._lease(10)) == 1
    assert browser(cast.dan).post(reverse("core:mail-again", args=[public_id(row)])).status_code == 409
    assert mails_again(actor=cast.dan) == 0
    assert send_due() == 0


def test_all_of_them_again(cast: Cast) -> None:
    draft = a_draft(cast.alice, cast.hilltop)
    for _ in range(2):
        stuck(draft, cast.alice, attempts=MAX_ATTEMPTS)
    assert browser(cast.dan).post(reverse("core:mails-again")).status_code == 302
    assert send_due() == 2
    assert browser(cast.bob).post(reverse("core:mails-again")).status_code == 403


def test_it_of_one_school_sees_no_mail_to_somebody_who_works_for_another_school_too(cast: Cast) -> None:
    other = a_school("Otherton Primary", trust=cast.trust)
    both = a_person("Una Unwin", Role.STAFF, cast.hilltop)
    give(both, Role.STAFF, other)
    everywhere = a_person("Vic Vane", Role.HEAD_OF_COMMS, cast.trust)
    stuck(a_draft(cast.alice, cast.hilltop), both, everywhere, cast.alice)
    assert mail_rules.visible_to(cast.dan, "view").count() == 1, "it may be about the other school"
    it_of_trust = a_person("Wes West", Role.IT, cast.trust)
    assert mail_rules.visible_to(it_of_trust, "view").count() == 3


# What nobody of IT may learn here (quality A4)


def test_every_kind_about_incidents_is_quiet() -> None:
    loud = [name for name, kind in KINDS.items() if name.startswith("incidents.") and not kind.quiet]
    assert [name for name in loud if not name.startswith(("incidents.comment", "incidents.opinion"))] == []


def test_a_mail_about_a_record_leaves_no_trace_on_any_page_of_it(monkeypatch: Any) -> None:
    crew: Crew = a_crew()
    give(crew.dan, Role.HEADTEACHER, crew.school)
    monkeypatch.setattr(EmailMessage, "send", refuses)
    now = timezone.now()
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    row = a_bypass(crew)
    Notice.objects.all().delete()
    SweepRun.objects.create(name="core.tasks.send_notices", finished_at=now)
    before = [page(crew.dan, name) for name in PAGES]
    quiet = _quiet_notice(crew, row)
    assert send_due() == 0
    for attempts in (1, MAX_ATTEMPTS, MAX_QUIET_ATTEMPTS):
        Notice.objects.filter(pk=quiet.pk).update(attempts=attempts, leased_until=None)
        assert [strip(page(crew.dan, name)) for name in PAGES] == [strip(each) for each in before]
    path = reverse("core:mail-again", args=[public_id(quiet)])
    assert browser(crew.dan).post(path).status_code == 404
    assert mails_again(actor=crew.dan) == 0
    with pytest.raises(PermissionDenied):
        mail_again(actor=crew.dan, notice=quiet)
    monkeypatch.setitem(KINDS, quiet.kind, KINDS["accounts.message"])  # the control: it would show
    assert [strip(page(crew.dan, name)) for name in PAGES] != [strip(each) for each in before]


def _quiet_notice(crew: Crew, row: Matter) -> Notice:
    """A notice of a quiet kind for somebody at the school."""
    notify("incidents.record", recipients=[crew.bob], about=row, key="once", link="/x/")
    return Notice.objects.get(key="once")


def strip(shown: str) -> str:
    """Without tokens."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", shown)


def test_a_quiet_mail_is_tried_for_a_month_and_no_failure_of_it_is_counted(monkeypatch: Any) -> None:
    crew: Crew = a_crew()
    row = _quiet_notice(crew, a_bypass(crew))
    Notice.objects.filter(pk=row.pk).update(attempts=MAX_ATTEMPTS + 5, leased_until=None)
    monkeypatch.setattr(EmailMessage, "send", refuses)
    sweeps.begin_count()
    send_due()
    row.refresh_from_db()
    assert (row.attempts, row.last_error) == (MAX_ATTEMPTS + 6, "ConnectionRefusedError")
    assert sweeps.failed_rows() == 0
    Notice.objects.filter(pk=row.pk).update(attempts=MAX_QUIET_ATTEMPTS, leased_until=None)
    assert not notices.due_mails().exists()


def test_a_task_about_concerns_shows_no_figure_even_if_one_is_stored(cast: Cast) -> None:
    quiet = [task for task in sweep_runs.scheduled() if task.startswith("incidents.")]
    assert all(BACKLOGS.get(task, Backlog(quiet=True)).quiet for task in quiet if "comment" not in task)
    SweepRun.objects.create(
        name="incidents.tasks.concerns_widen", finished_at=timezone.now(), failed=4711, changed=4711
    )
    assert "4711" not in page(cast.dan)
