"""The form of a report on many accounts: little to type, saved in parts, and nothing of it lost."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import MonitoredAccount, MonitoringReport, SocialAccount
from accounts.monitoring.services import report_save
from accounts.monitoring.tests.cases import a_report, an_account, looked, written
from accounts.monitoring.tests.test_pages import sent_form, signed_in
from accounts.monitoring.written import draft_state
from accounts.tests.test_gate import holds
from core.errors import Stale
from core.models import Platform
from people.models import School, User
from smgov.testing import Cast, a_cit_trust

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return a_cit_trust()


def run_well(school: School, by: User, name: str, platform: str = "facebook") -> SocialAccount:
    """An account with nothing against it."""
    account = an_account(school, name)
    SocialAccount.objects.filter(pk=account.pk).update(platform=Platform.objects.get(slug=platform))
    holds(account, by)
    return account


def form_of(client: Client, school: School):
    """The form that the page shows."""
    page = client.get(reverse("accounts:monitoring-write"), {"school": str(school.uuid)})
    return page.context["form"]


def test_accounts_stand_by_platform_and_only_what_calls_for_attention_stands_open(cast) -> None:
    for number in range(3):
        run_well(cast.hilltop, cast.alice, f"Fine {number}")
    run_well(cast.hilltop, cast.alice, "Elsewhere", "instagram")
    short = an_account(cast.hilltop, "Nobody on it")
    SocialAccount.objects.filter(pk=short.pk).update(platform=Platform.objects.get(slug="facebook"))
    groups = form_of(signed_in(cast.cora), cast.hilltop).groups
    assert [group.title for group in groups] == ["Facebook", "Instagram"]
    assert [row.account.name for row in groups[0].first] == ["Nobody on it"]
    assert [row.account.name for row in groups[0].others] == ["Fine 0", "Fine 1", "Fine 2"]
    assert groups[1].first == []


def test_one_tick_says_it_of_all_others_and_changes_no_entry_of_its_own(cast) -> None:
    fine, stale, new = (run_well(cast.hilltop, cast.alice, name) for name in ("Fine", "Stale", "New"))
    open_one = an_account(cast.hilltop, "Nobody on it")
    SocialAccount.objects.filter(pk=open_one.pk).update(platform=fine.platform_id)
    data = sent_form(
        cast.hilltop,
        **{
            "rest-facebook": "on",
            "of-facebook": f"{fine.uuid} {stale.uuid}",  # the third came while the page was open
            f"found-{fine.uuid}": "not_seen",
            f"found-{stale.uuid}": "stale",
            f"found-{open_one.uuid}": "not_seen",
        },
    )
    signed_in(cast.cora).post(reverse("accounts:monitoring-write"), data)
    found = dict(MonitoredAccount.objects.values_list("account", "found"))
    assert found[fine.pk] == "fine"
    assert found[stale.pk] == "stale"
    assert found[new.pk] == found[open_one.pk] == "not_seen"


def test_a_part_is_saved_and_the_person_goes_on_where_they_were(cast) -> None:
    run_well(cast.hilltop, cast.alice, "Fine")
    client = signed_in(cast.cora)
    data = sent_form(cast.hilltop, then="group-facebook")
    answer = client.post(reverse("accounts:monitoring-write"), data)
    report = MonitoringReport.objects.get()
    change = reverse("accounts:monitoring-change", args=[report.uuid])
    assert answer.url == f"{change}?saved=group-facebook#group-facebook"
    assert "Saved." in client.get(answer.url).content.decode()
    assert "All looked at" in client.get(change).content.decode()
    answer = client.post(change, {**data, "then": "https://elsewhere.example", "findings": "More"})
    assert answer.url == reverse("accounts:monitoring-detail", args=[report.uuid])
    assert MonitoringReport.objects.get().findings == "More"


def test_a_second_window_does_not_write_over_what_the_first_has_saved(cast) -> None:
    account = run_well(cast.hilltop, cast.alice, "Fine")
    report = a_report(cast.cora, cast.hilltop)
    seen = draft_state(report)
    first = written(findings="From the first window", accounts={account: looked()})
    report_save(actor=cast.cora, report=report, written=first, seen=seen)
    report_save(actor=cast.cora, report=report, written=first, seen=seen)  # a double click is no quarrel
    with pytest.raises(Stale, match="another window"):
        report_save(actor=cast.cora, report=report, written=written(findings="Second"), seen=seen)
    assert MonitoringReport.objects.get().findings == "From the first window"
    client = signed_in(cast.cora)
    data = sent_form(cast.hilltop, seen=seen, findings="Typed in the second window", once=str(uuid4()))
    answer = client.post(reverse("accounts:monitoring-change", args=[report.uuid]), data)
    assert answer.status_code == 422
    assert "saved in another window" in answer.content.decode()
    assert "Typed in the second window" in answer.content.decode(), "nothing that was typed is lost"


def test_an_error_on_a_folded_account_opens_it(cast) -> None:
    accounts = [run_well(cast.hilltop, cast.alice, f"Fine {number}") for number in range(5)]
    data = sent_form(cast.hilltop, **{f"found-{accounts[3].uuid}": "problem"})
    answer = signed_in(cast.cora).post(reverse("accounts:monitoring-write"), data)
    assert answer.status_code == 422
    assert [row.account.name for row in answer.context["form"].groups[0].first] == ["Fine 3"]


def test_the_form_takes_as_many_queries_for_forty_accounts_as_for_two(cast) -> None:
    counts, client = [], signed_in(cast.cora)
    for many in (2, 40):
        for number in range(many):
            run_well(cast.hilltop, cast.alice, f"Account {many} {number}")
        url = reverse("accounts:monitoring-write")
        client.get(url, {"school": str(cast.hilltop.uuid)})
        with CaptureQueriesContext(connection) as queries:
            client.get(url, {"school": str(cast.hilltop.uuid)})
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 15, counts
