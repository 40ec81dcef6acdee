"""How often the accounts are looked at: a school may fix a number of days, and then it is asked for."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import MonitoringReport, SocialAccount
from accounts.monitoring.access import monitoring_rules
from accounts.monitoring.facts import noted_about, with_last_look
from accounts.monitoring.services import accounts_to_monitor
from accounts.monitoring.tests.cases import a_report, a_sent_report, an_account, looked
from core.roles import Role
from core.todo import for_user
from people.models import GovernanceProfile, School, User
from smgov.testing import a_person, a_school, choose

pytestmark = pytest.mark.django_db
WORDS = "Look at the school’s accounts and write a monitoring report"


class Wood:
    """Ravens Wood, whose moderator looks at each account every fortnight."""

    def __init__(self, **chosen) -> None:
        self.school: School = a_school("Ravens Wood", preset="ravens-wood")
        choose(GovernanceProfile.objects.get(school=self.school), **{"monitor_every_days": 14, **chosen})
        self.mo = a_person("Mo Moss", Role.HEAD_OF_COMMS, self.school)
        self.tess = a_person("Tess Thorn", Role.STAFF, self.school)
        a_person("Olu Martin", Role.HEADTEACHER, self.school)


def asked(user: User) -> list[str]:
    return [item.title for item in for_user(User.objects.get(pk=user.pk)) if item.title.startswith(WORDS)]


def ago(days: int):
    return timezone.localdate() - timedelta(days=days)


@pytest.mark.clause("RAV-4.01")
def test_who_monitors_is_asked_for_the_next_report_when_the_days_are_over() -> None:
    wood = Wood()
    assert asked(wood.mo) == [], "there is no account yet"
    account = an_account(wood.school)
    assert asked(wood.mo) == [WORDS]
    assert asked(wood.tess) == []
    report = a_sent_report(wood.mo, wood.school, accounts={account: looked()})
    assert asked(wood.mo) == []
    MonitoringReport.objects.filter(pk=report.pk).update(ends_on=ago(14))
    assert asked(wood.mo) == [], "the fortnight ends today"
    MonitoringReport.objects.filter(pk=report.pk).update(ends_on=ago(15))
    assert len(asked(wood.mo)) == 1
    a_report(wood.mo, wood.school)
    assert asked(wood.mo) == [], "the draft stands on the list instead"


@pytest.mark.clause("RAV-4.01")
def test_an_account_that_nobody_looked_at_in_time_calls_for_attention() -> None:
    wood = Wood()
    account = an_account(wood.school, live_since=ago(20))

    def warnings() -> list[str]:
        rows = with_last_look(SocialAccount.objects.filter(pk=account.pk))
        return [line for line in noted_about(wood.mo, rows)[account.pk].warnings if "looked at" in line]

    assert warnings() == ["Never looked at"]
    report = a_sent_report(wood.mo, wood.school, accounts={account: looked()})
    assert warnings() == []
    MonitoringReport.objects.filter(pk=report.pk).update(ends_on=ago(17))
    assert warnings() == ["To be looked at since 3 days"]


def test_where_no_number_of_days_is_fixed_nobody_is_asked() -> None:
    wood = Wood(monitor_every_days=None)
    account = an_account(wood.school, live_since=ago(400))
    assert asked(wood.mo) == []
    rows = with_last_look(SocialAccount.objects.filter(pk=account.pk))
    assert not any("looked at" in line for line in noted_about(wood.mo, rows)[account.pk].warnings)


def test_another_school_s_days_ask_nobody_here() -> None:
    wood = Wood()
    an_account(wood.school)
    elsewhere = a_school("Elsewhere", preset="ravens-wood")
    stranger = a_person("Strange Mo", Role.HEAD_OF_COMMS, elsewhere)
    an_account(elsewhere)
    assert asked(stranger) == []


@pytest.mark.clause("RAV-1.06")
def test_the_moderator_reports_what_is_said_of_the_school_elsewhere_in_public() -> None:
    wood = Wood()
    head = User.objects.get(full_name="Olu Martin")
    a_sent_report(wood.mo, wood.school, elsewhere="  A parents' group asks about parking  ")
    report = MonitoringReport.objects.get()
    assert report.elsewhere == "A parents' group asks about parking"
    client = Client()
    client.force_login(head)
    assert "asks about parking" in client.get(f"/monitoring/{report.uuid}/").content.decode()
    assert len(client.get("/monitoring/", {"q": "parking"}).context["page_obj"]) == 1
    client.force_login(wood.tess)
    assert client.get(f"/monitoring/{report.uuid}/").status_code == 404


@pytest.mark.clause("BEC-6.03")
def test_every_account_in_use_may_be_monitored_whoever_runs_it() -> None:
    school = a_school("Beckstone", preset="beckstone")
    head, runner = a_person("Hetty Head", Role.HEADTEACHER, school), a_person("Tess", Role.STAFF, school)
    account = an_account(school, "A class account that the head does not run")
    assert list(accounts_to_monitor(head, school)) == [account]
    assert monitoring_rules.allows_at(head, "write", school)
    assert not monitoring_rules.allows_at(runner, "write", school)
    found = looked("problem", "It breaks the policy: a pupil is named")
    a_person("Gina Gold", Role.GOVERNANCE, school)
    report = a_sent_report(head, school, accounts={account: found})
    assert report.accounts.get().note.startswith("It breaks the policy")
    elsewhere = an_account(a_school("Elsewhere", preset="beckstone"))
    assert elsewhere not in accounts_to_monitor(head, school)
