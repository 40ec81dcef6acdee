"""Pages of monitoring reports."""

import csv
import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import MonitoredAccount, MonitoringReport
from accounts.monitoring.tests.cases import a_report, a_sent_report, an_account, an_act, looked
from core.models import AuditEvent
from people.models import User
from smgov.testing import a_cit_trust

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>"


def signed_in(user: User) -> Client:
    """A browser."""
    client = Client()
    client.force_login(user)
    return client


def sent_form(school, **more):
    """A report as the page sends it."""
    today = timezone.localdate()
    starts = today - timedelta(days=20)
    return {
        "school": str(school.uuid),
        "once": str(uuid4()),
        "starts_on": f"{starts:%Y-%m-%d}",
        "ends_on": f"{today:%Y-%m-%d}",
        "findings": "All looked at",
        "mitigations": "",
        "resources": "",
        **more,
    }


@pytest.mark.clause("CIT-2.41")
@pytest.mark.clause("STM-2.20")
def test_a_report_is_written_checked_sent_and_read():
    cast = a_cit_trust()
    account = an_account(cast.hilltop)
    writer = signed_in(cast.cora)
    page = writer.get(reverse("accounts:monitoring-write"), {"school": str(cast.hilltop.uuid)})
    assert "Live for 40 days" in page.content.decode()
    assert "Last looked at: never" in page.content.decode()
    assert "Too few administrators: 0 of 1" in page.content.decode()
    due = timezone.localdate() + timedelta(days=5)
    data = sent_form(
        cast.hilltop,
        mitigations="Two people read posts",
        resources="An hour a week is too little",
        **{
            f"found-{account.uuid}": "stale",
            f"note-{account.uuid}": "Nothing since May",
            "what-0": "Post weekly",
            "owner-0": str(cast.alice.uuid),
            "due-0": f"{due:%Y-%m-%d}",
            "what-1": "",
            "owner-1": "",
        },
    )
    answer = writer.post(reverse("accounts:monitoring-write"), data)
    report = MonitoringReport.objects.get()
    assert answer.url == reverse("accounts:monitoring-detail", args=[report.uuid])
    assert "Only you see it" in writer.get(answer.url).content.decode()
    assert signed_in(cast.bob).get(answer.url).status_code == 404
    changed = reverse("accounts:monitoring-change", args=[report.uuid])
    assert "Nothing since May" in writer.get(changed).content.decode()
    writer.post(reverse("accounts:monitoring-send", args=[report.uuid]))
    head = signed_in(cast.bob)
    shown = head.get(answer.url).content.decode()
    for words in (
        "Not kept up to date",
        "Post weekly",
        "An hour a week is too little",
        "I have read this report",
    ):
        assert words in shown
    head.post(reverse("accounts:monitoring-read", args=[report.uuid]))
    assert "Bob Barnes has read it" in head.get(answer.url).content.decode()
    assert writer.get(changed).status_code == 403
    assert MonitoredAccount.objects.get().found == "stale"


def test_half_an_action_is_refused_beside_its_box():
    cast = a_cit_trust()
    data = sent_form(cast.hilltop, **{"what-0": "Post weekly", "owner-0": ""})
    answer = signed_in(cast.cora).post(reverse("accounts:monitoring-write"), data)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Choose who does it" in text
    assert "Enter the day until which it is to be done" in text
    assert "All looked at" in text


def test_hostile_words_are_shown_as_words():
    cast = a_cit_trust()
    account = an_account(cast.hilltop, HOSTILE)
    report = a_sent_report(
        cast.cora,
        cast.hilltop,
        findings=HOSTILE,
        accounts={account: looked("fine", HOSTILE)},
        actions=(an_act(cast.alice, what=HOSTILE),),
    )
    head = signed_in(cast.bob)
    for url in (
        reverse("accounts:monitoring-detail", args=[report.uuid]),
        reverse("accounts:monitoring-state"),
        reverse("accounts:monitoring-list"),
    ):
        assert HOSTILE not in head.get(url).content.decode()


def test_who_may_open_what():
    cast = a_cit_trust()
    report = a_sent_report(cast.cora, cast.hilltop, actions=(an_act(cast.alice),))
    action = report.actions.get()
    detail = reverse("accounts:monitoring-detail", args=[report.uuid])
    expected = {cast.alice: 200, cast.bob: 200, cast.chair: 200, cast.dan: 404, cast.eve: 404}
    assert {one: signed_in(one).get(detail).status_code for one in expected} == expected
    assert signed_in(cast.alice).get(reverse("accounts:monitoring-write")).status_code == 403
    assert signed_in(cast.alice).get(reverse("accounts:monitoring-export")).status_code == 403
    assert (
        signed_in(cast.alice).post(reverse("accounts:monitoring-read", args=[report.uuid])).status_code == 403
    )
    done = reverse("accounts:monitoring-action-done", args=[action.uuid])
    assert signed_in(cast.chair).get(done).status_code == 403
    assert signed_in(cast.eve).get(done).status_code == 404
    assert signed_in(cast.alice).get(done).status_code == 200


def test_a_draft_that_was_sent_meanwhile_is_refused_with_the_reason():
    cast = a_cit_trust()
    report = a_report(cast.cora, cast.hilltop, findings="")
    answer = signed_in(cast.cora).post(reverse("accounts:monitoring-send", args=[report.uuid]))
    assert answer.status_code == 409
    assert "First write what was looked at" in answer.content.decode()


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"findings": ""}, "First write what was looked at"),
        ({"mitigations": ""}, "first write what is done to lower"),
        ({}, ""),
    ],
)
def test_a_draft_offers_to_be_sent_only_when_nothing_is_missing(changes, missing):
    cast = a_cit_trust()
    wrong = {an_account(cast.hilltop): looked(MonitoredAccount.Found.PROBLEM, "Rude words stayed for a week")}
    report = a_report(cast.cora, cast.hilltop, accounts=wrong, **changes)
    page = (
        signed_in(cast.cora).get(reverse("accounts:monitoring-detail", args=[report.uuid])).content.decode()
    )
    assert missing in page
    assert ("Send the report</button>" in page) == (not missing)


def test_the_files_hold_what_their_reader_may_see_and_no_live_formula():
    cast = a_cit_trust()
    account = an_account(cast.hilltop, "=1+1")
    a_sent_report(cast.cora, cast.hilltop, findings="=2+2", accounts={account: looked()})
    a_sent_report(cast.cora, cast.otherplace)
    a_report(cast.cora, cast.hilltop, findings="A draft")
    text = signed_in(cast.bob).get(reverse("accounts:monitoring-export")).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))[1:]
    assert [row[7] for row in rows] == ["'=2+2"]
    state = signed_in(cast.bob).get(reverse("accounts:monitoring-state-export")).content.decode("utf-8-sig")
    assert next(csv.reader(io.StringIO(state.splitlines()[1])))[0] == "'=1+1"
    assert AuditEvent.objects.filter(action="accounts.monitoring_exported", school=cast.hilltop).exists()


def test_what_nobody_has_looked_at_for_longest_comes_first():
    cast = a_cit_trust()
    today = timezone.localdate()
    old, new, never = (an_account(cast.hilltop, name) for name in ("Old", "Newly seen", "Never seen"))
    a_sent_report(cast.cora, cast.hilltop, ends_on=today - timedelta(days=9), accounts={old: looked()})
    a_sent_report(cast.cora, cast.hilltop, accounts={new: looked("stale"), never: looked("not_seen")})
    text = signed_in(cast.bob).get(reverse("accounts:monitoring-state")).content.decode()
    assert text.index("Never seen") < text.index("Old (") < text.index("Newly seen")
    only = signed_in(cast.bob).get(reverse("accounts:monitoring-state"), {"found": "never"}).content.decode()
    assert "Newly seen" not in only


@pytest.mark.parametrize("name", ["monitoring-list", "monitoring-state"])
def test_a_long_list_asks_no_more_queries_than_a_short_one(name):
    cast = a_cit_trust()
    counts = []
    for start, stop in ((0, 2), (2, 12)):
        for number in range(start, stop):
            account = an_account(cast.hilltop, f"Account {number}")
            a_sent_report(
                cast.cora, cast.hilltop, accounts={account: looked()}, actions=(an_act(cast.alice),)
            )
        client = signed_in(cast.bob)
        client.get(reverse(f"accounts:{name}"))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(f"accounts:{name}")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


def test_the_page_of_a_report_asks_a_fixed_number_of_queries():
    cast = a_cit_trust()
    counts = []
    for many in (2, 12):
        accounts = {an_account(cast.hilltop, f"{many} {n}"): looked() for n in range(many)}
        acts = tuple(an_act(cast.alice, what=f"Do {n}") for n in range(many))
        report = a_sent_report(cast.cora, cast.hilltop, accounts=accounts, actions=acts)
        client = signed_in(cast.bob)
        client.get(reverse("accounts:monitoring-list"))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("accounts:monitoring-detail", args=[report.uuid]))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


def test_the_list_is_searched_and_filtered():
    cast = a_cit_trust()
    a_sent_report(cast.cora, cast.hilltop, findings="Owls everywhere", actions=(an_act(cast.alice),))
    a_sent_report(cast.cora, cast.otherplace, findings="Foxes")
    client = signed_in(cast.cora)
    assert len(client.get(reverse("accounts:monitoring-list"), {"q": "owls"}).context["page_obj"]) == 1
    assert len(client.get(reverse("accounts:monitoring-list"), {"state": "open"}).context["page_obj"]) == 1
    here = {"school": str(cast.otherplace.uuid)}
    assert len(client.get(reverse("accounts:monitoring-list"), here).context["page_obj"]) == 1
    nothing = client.get(reverse("accounts:monitoring-list"), {"q": "bears"})
    assert "No report matches" in nothing.content.decode()
