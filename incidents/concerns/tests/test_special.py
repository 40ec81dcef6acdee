"""Data protection breaches, and complaints about the policy or about data protection."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Refused
from core.roles import Post, Role
from incidents.concerns.services.sending import Somebody, let_in
from incidents.concerns.services.special import (
    acknowledge,
    breach_aware,
    breach_decide,
    breach_reported,
    countdown,
    hearing_record,
)
from incidents.concerns.tests.cases import a_concern_crew, by, more_people, read_by
from incidents.concerns.tests.closing import a_case, close, hour_ago
from incidents.models import ActionKind, Category, Concern, Hearing, PartIn, Right, Share, Sort
from incidents.tests.cases import page
from smgov.testing import a_person, a_school, a_trust, give

pytestmark = pytest.mark.django_db


def a_breach(crew: Any, **told: Any) -> Concern:
    """A breach, read by the headteacher."""
    more_people(crew)
    return a_case(crew, by(sort="unknown"), reader=crew.bob, category=Category.DATA_BREACH, **told)


def shown(user: Any, concern: Concern) -> str:
    """The words of the case."""
    return page(user, reverse("incidents:case", args=[concern.uuid]))[1]


# Breaches


@pytest.mark.clause("CIT-7.20")
def test_a_breach_is_handled_under_the_data_protection_policy_within_72_hours() -> None:
    crew = a_concern_crew("cit")
    concern = a_breach(crew, aware_at=hour_ago(10))
    assert concern.breach.due_at == concern.breach.aware_at + timedelta(hours=72)
    text = shown(crew.bob, concern)
    assert "Handled under Data protection policy" in text
    assert "2 days left" in text


@pytest.mark.clause("STM-7.26")
def test_elsewhere_it_is_handled_under_the_cyber_security_policy() -> None:
    crew = a_concern_crew()
    assert "Handled under Cyber-security policy" in shown(crew.bob, a_breach(crew, aware_at=hour_ago()))


def test_where_nobody_said_when_they_became_aware_the_clock_runs_from_the_report() -> None:
    crew = a_concern_crew()
    concern = a_breach(crew)
    duty = concern.actions.get(kind=ActionKind.ICO)
    assert duty.due_at == concern.at + timedelta(hours=72)
    with pytest.raises(Refused, match="became aware"):
        close(crew.bob, concern)
    with pytest.raises(Refused, match="became aware"):
        breach_decide(actor=crew.bob, concern=concern, report_it=False, reasons="Encrypted")
    for at in (None, timezone.now() + timedelta(days=1)):
        with pytest.raises(Refused):
            breach_aware(actor=crew.bob, concern=concern, aware_at=at)
    breach_aware(actor=crew.bob, concern=concern, aware_at=hour_ago(30))
    duty.refresh_from_db()
    assert duty.due_at < concern.at + timedelta(hours=72)
    with pytest.raises(Refused, match="already"):
        breach_aware(actor=crew.bob, concern=concern, aware_at=hour_ago(30))


def test_a_decision_not_to_report_is_kept_with_its_reasons_and_may_be_changed() -> None:
    crew = a_concern_crew()
    concern = a_breach(crew, aware_at=hour_ago())
    decide = {"actor": crew.bob, "concern": concern}
    for report_it, reasons in ((None, "x"), (False, " ")):
        with pytest.raises(Refused):
            breach_decide(**decide, report_it=report_it, reasons=reasons)
    breach_decide(**decide, report_it=False, reasons="The stick was encrypted")
    assert not concern.actions.filter(kind=ActionKind.ICO, done_at=None).exists()
    with pytest.raises(Refused, match="already"):
        breach_decide(**decide, report_it=False, reasons="The stick was encrypted")
    breach_decide(**decide, report_it=True, reasons="The password was on it", people_told=True)
    with pytest.raises(Refused, match="Record when the breach was reported"):
        close(crew.bob, Concern.objects.get(pk=concern.pk))
    breach = breach_reported(actor=crew.bob, concern=concern, reported_at=hour_ago(0.1), ico_reference="IC-1")
    assert breach.ico_reference == "IC-1"
    with pytest.raises(Refused, match="already"):
        breach_reported(actor=crew.bob, concern=concern, reported_at=hour_ago(0.1))
    with pytest.raises(Refused, match="already"):
        breach_decide(**decide, report_it=False, reasons="x")
    close(crew.bob, Concern.objects.get(pk=concern.pk))


def test_what_is_late_is_said_plainly() -> None:
    crew = a_concern_crew()
    concern = a_breach(crew, aware_at=hour_ago(100))
    assert "The 72 hours are over: late by 28 hours" in shown(crew.bob, concern)
    breach_decide(actor=crew.bob, concern=concern, report_it=True, reasons="Found late")
    with pytest.raises(Refused, match="was not aware of it yet"):
        breach_reported(actor=crew.bob, concern=concern, reported_at=hour_ago(200))
    breach_reported(actor=crew.bob, concern=concern, reported_at=hour_ago(0.5))
    assert "It was reported late by 27 hours" in shown(crew.bob, concern)


def test_it_is_for_a_breach_and_for_whoever_handles_it() -> None:
    crew = a_concern_crew()
    other = a_case(crew)
    with pytest.raises(Refused, match="data protection breach"):
        breach_aware(actor=crew.dora, concern=other, aware_at=hour_ago())
    concern = a_breach(crew, aware_at=hour_ago())
    let_in(concern, crew.sue, Right.READ, Share.Why.SHARED, by=crew.bob)
    for user in (crew.sue, crew.alice, crew.dora):
        with pytest.raises(PermissionDenied):
            breach_decide(actor=user, concern=concern, report_it=False, reasons="x")
        with pytest.raises(PermissionDenied):
            breach_reported(actor=user, concern=concern, reported_at=hour_ago(0.5))
    with pytest.raises(Refused, match="decision to report"):
        breach_reported(actor=crew.bob, concern=concern, reported_at=hour_ago(0.5))


@given(st.integers(-10000, 10000))
def test_the_time_that_is_left_is_words_and_never_both_late_and_left(minutes: int) -> None:
    now = timezone.now()
    said = countdown(now + timedelta(minutes=minutes), now)
    assert said.startswith("late by ") == (minutes < 0)
    assert said.endswith(" left") == (minutes >= 0)


# Complaints about the policy


def a_complaint(crew: Any, *readers: Any) -> Concern:
    """A father's complaint about the policy."""
    father = Somebody(PartIn.WITNESS, Sort.PARENT, "A father")
    concern = a_case(crew, father, reader=readers[0], category=Category.POLICY_COMPLAINT)
    for user in readers[1:]:
        read_by(user, concern)
    return concern


@pytest.mark.clause("CIT-2.19", "STM-2.10")
@pytest.mark.parametrize("preset", ["cit", "st-marys"])
def test_a_complaint_about_the_policy_is_heard_by_the_headteacher_and_the_board(preset: str) -> None:
    crew = a_concern_crew(preset)
    concern = a_complaint(crew, crew.bob, crew.gina)
    with pytest.raises(Refused, match="has not heard"):
        close(crew.bob, concern)
    for party, words in (("nobody", "x"), (Hearing.Party.HEAD, " ")):
        with pytest.raises(Refused):
            hearing_record(actor=crew.bob, concern=concern, party=party, words=words)
    with pytest.raises(Refused, match="do not hear complaints for the governing board"):
        hearing_record(actor=crew.bob, concern=concern, party=Hearing.Party.BOARD, words="x")
    hearing_record(actor=crew.bob, concern=concern, party=Hearing.Party.HEAD, words="The rule is fair")
    with pytest.raises(Refused, match="already"):
        hearing_record(actor=crew.bob, concern=concern, party=Hearing.Party.HEAD, words="x")
    with pytest.raises(Refused, match="governing board has not heard"):
        close(crew.bob, concern)
    hearing_record(actor=crew.gina, concern=concern, party=Hearing.Party.BOARD, words="We agree")
    assert "We agree" in shown(crew.gina, concern)
    close(crew.bob, concern)


@pytest.mark.clause("STM-2.10")
def test_one_person_is_not_both_parties() -> None:
    crew = a_concern_crew()
    give(crew.bob, Role.GOVERNANCE, crew.school, post=Post.CHAIR)
    concern = a_complaint(crew, crew.bob)
    hearing_record(actor=crew.bob, concern=concern, party=Hearing.Party.HEAD, words="x")
    with pytest.raises(Refused, match="Two different people"):
        hearing_record(actor=crew.bob, concern=concern, party=Hearing.Party.BOARD, words="x")


@pytest.mark.clause("CIT-2.11")
def test_in_the_central_team_the_executive_team_hears_it_with_the_trust_board() -> None:
    trust = a_trust()
    hub = a_school("Support Hub", trust=trust, kind="central")
    crew = a_concern_crew("cit")
    crew.school, crew.alice = hub, a_person("Ron Reed", Role.STAFF, hub)
    ella = a_person("Ella Elt", Role.SENIOR_LEADER, trust, post=Post.ELT)
    chair = a_person("Cher Chair", Role.GOVERNANCE, trust, post=Post.CHAIR)
    concern = a_complaint(crew, ella, chair)
    hearing_record(actor=ella, concern=concern, party=Hearing.Party.HEAD, words="x")
    hearing_record(actor=chair, concern=concern, party=Hearing.Party.BOARD, words="y")
    close(ella, concern)


def test_only_a_complaint_about_the_policy_is_heard() -> None:
    crew = a_concern_crew()
    give(crew.dora, Role.HEADTEACHER, crew.school)
    with pytest.raises(Refused, match="complaint about the policy"):
        hearing_record(actor=crew.dora, concern=a_case(crew), party=Hearing.Party.HEAD, words="x")


# Complaints about data protection


def test_a_complaint_about_data_protection_is_acknowledged_within_30_days() -> None:
    crew = a_concern_crew()
    dpo = more_people(crew)["dpo"]
    father = Somebody(PartIn.WITNESS, Sort.PARENT, "A father")
    concern = a_case(crew, father, reader=dpo, category=Category.DATA_COMPLAINT)
    assert "30 days" in shown(dpo, concern)
    with pytest.raises(Refused, match="acknowledged"):
        close(dpo, concern)
    with pytest.raises(Refused):
        acknowledge(actor=dpo, concern=concern, acknowledged_at=timezone.now() + timedelta(days=2))
    with pytest.raises(PermissionDenied):
        acknowledge(actor=crew.bob, concern=concern, acknowledged_at=hour_ago())
    acknowledge(actor=dpo, concern=concern, acknowledged_at=hour_ago(0.1), words="By letter")
    with pytest.raises(Refused, match="already"):
        acknowledge(actor=dpo, concern=concern, acknowledged_at=hour_ago(0.1))
    close(dpo, concern)
    with pytest.raises(Refused, match="data protection"):
        acknowledge(actor=crew.dora, concern=a_case(crew), acknowledged_at=hour_ago())


# Pages


def boxes(name: str, moment: Any) -> dict[str, Any]:
    """A day and a time, in boxes."""
    local = timezone.localtime(moment)
    day = {"day": local.day, "month": local.month, "year": local.year}
    return {**{f"{name}_on_{key}": value for key, value in day.items()}, f"{name}_time": f"{local:%H:%M}"}


def test_a_breach_is_worked_through_on_pages() -> None:
    crew = a_concern_crew()
    concern = a_breach(crew)
    client = Client()
    client.force_login(crew.bob)

    def sent(step: str, **data: Any) -> int:
        return client.post(reverse(f"incidents:concern-{step}", args=[concern.uuid]), data).status_code

    assert sent("breach-aware") == 422
    assert sent("breach-aware", **boxes("aware", hour_ago(2))) == 302
    decision = {"report_it": "yes", "people_told": "open"}
    assert sent("breach-decide", **decision) == 422
    assert sent("breach-decide", **decision, reasons="Health data") == 302
    assert sent("breach-reported", **boxes("reported", timezone.now())) == 302
    assert sent("hearing", party="head", words="x") == 422
    assert sent("acknowledge", **boxes("acknowledged", timezone.now())) == 422
    assert "It was reported in time" in shown(crew.bob, concern)


@pytest.mark.parametrize(
    "name", ["breach-aware", "breach-decide", "breach-reported", "hearing", "acknowledge"]
)
def test_who_only_reads_is_refused_and_a_stranger_finds_nothing(name: str) -> None:
    crew = a_concern_crew()
    concern = a_breach(crew)
    let_in(concern, crew.sue, Right.READ, Share.Why.SHARED, by=crew.bob)
    url = reverse(f"incidents:concern-{name}", args=[concern.uuid])
    assert [page(user, url)[0] for user in (crew.bob, crew.sue, crew.alice)] == [200, 403, 404]
