"""Security measures: directed by leaders, carried out by somebody else, reviewed in time, given up with a reason."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from accounts.tests.register.cases import recorded, text_of, told
from approvals.models import MeasureReview, SecurityMeasure
from approvals.network.measure_views import status_of
from approvals.network.measures import (
    measure_carry_out,
    measure_direct,
    measure_review,
    measure_withdraw,
)
from approvals.tests.network.cases import People, a_st_marys
from core.errors import Refused, Stale
from core.roles import Post, Role
from core.statuses import STATUSES
from core.todo import for_user
from smgov.testing import MEASURE, a_measure, a_person, a_school, give

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> People:
    return a_st_marys()


def in_days(days: int) -> Any:
    return timezone.localdate() + timedelta(days=days)


def url(name: str, measure: SecurityMeasure) -> str:
    return reverse(f"approvals:measure-{name}", args=[measure.uuid])


def boxes(name: str, day: Any) -> dict[str, str]:
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


def directing(once: Any = None, **values: Any) -> dict[str, Any]:
    return {**MEASURE, "once": str(once or uuid.uuid4()), **boxes("review_on", in_days(90)), **values}


def reviewed(measure: SecurityMeasure, by: Any, days: int = 100, **values: Any) -> MeasureReview:
    values = {"once": uuid.uuid4(), "found": "All well", "next_review_on": in_days(days), **values}
    return measure_review(actor=by, measure=measure, **values)


def test_every_status_has_its_words(people) -> None:
    for status in SecurityMeasure.Status:
        assert status_of(SecurityMeasure(status=status)) in STATUSES


# Directing


@pytest.mark.clause("STM-2.37")
@pytest.mark.clause("STM-2.13")
def test_the_headteacher_directs_and_it_is_told_and_has_it_on_the_list(client, people) -> None:
    client.force_login(people.bob)
    path = reverse("approvals:measure-direct", args=[people.school.uuid])
    assert client.get(path).status_code == 200
    assert not SecurityMeasure.objects.exists(), "opening the page changes nothing"
    answer = client.post(path, directing())
    measure = SecurityMeasure.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == url("detail", measure)
    assert (measure.directed_by, measure.status) == (people.bob, "directed")
    assert told("approvals.measure_to_carry_out") == {"Dan Dale"}
    assert recorded("approvals.measure_directed") == 1
    assert [item.title for item in for_user(people.dan)] == [f"Carry out: {measure}"]
    assert for_user(people.bob) == []


@pytest.mark.clause("CIT-2.48")
@pytest.mark.clause("CIT-2.14")
@pytest.mark.clause("CIT-2.22")
def test_head_of_communications_and_executive_team_direct_too() -> None:
    people = a_st_marys("cit")
    for role, post in ((Role.HEAD_OF_COMMS, ""), (Role.SENIOR_LEADER, Post.ELT)):
        leader = a_person(f"Leader {role}", role, people.school, post=post)
        assert a_measure(leader, people.school).directed_by == leader


def test_one_page_sent_twice_is_one_measure(client, people) -> None:
    client.force_login(people.bob)
    path, sent = reverse("approvals:measure-direct", args=[people.school.uuid]), directing()
    assert client.post(path, sent)["Location"] == client.post(path, sent)["Location"]
    assert SecurityMeasure.objects.count() == 1
    assert told("approvals.measure_to_carry_out") == {"Dan Dale"}
    assert recorded("approvals.measure_directed") == 1


def test_a_page_of_somebody_else_sent_again_is_refused(people) -> None:
    other = a_person("Lea Lane", Role.SENIOR_LEADER, people.school)
    values = {**MEASURE, "once": uuid.uuid4(), "review_on": in_days(9)}
    measure_direct(actor=people.bob, school=people.school, **values)
    with pytest.raises(Refused, match="out of date"):
        measure_direct(actor=other, school=people.school, **values)


@pytest.mark.parametrize(("days", "words"), [(0, "or later"), (-3, "or later"), (740, "or earlier")])
def test_the_first_review_is_after_today_and_at_most_two_years_away(client, people, days, words) -> None:
    client.force_login(people.bob)
    path = reverse("approvals:measure-direct", args=[people.school.uuid])
    answer = client.post(path, {**directing(), **boxes("review_on", in_days(days))})
    assert answer.status_code == 422
    assert words in text_of(answer)
    with pytest.raises(Refused):
        a_measure(people.bob, people.school, review_on=in_days(days))
    assert not SecurityMeasure.objects.exists()


def test_what_is_missing_is_said_beside_its_field(client, people) -> None:
    client.force_login(people.bob)
    answer = client.post(
        reverse("approvals:measure-direct", args=[people.school.uuid]), {"once": str(uuid.uuid4())}
    )
    assert answer.status_code == 422
    for words in ("Choose what it is about", "Say what shall be done", "Enter the day of the first review"):
        assert words in text_of(answer)


def test_who_may_not_direct(client, people) -> None:
    path = reverse("approvals:measure-direct", args=[people.school.uuid])
    for user, status in ((people.dan, 403), (people.dsl, 403), (people.alice, 403), (people.eve, 404)):
        client.force_login(user)
        assert client.get(path).status_code == status
        assert client.post(path, directing()).status_code == status
        with pytest.raises(PermissionDenied):
            a_measure(user, people.school)
    assert not SecurityMeasure.objects.exists()


# Carrying out


def carry_out(measure: SecurityMeasure, by: Any, **values: Any) -> SecurityMeasure:
    return measure_carry_out(
        actor=by, measure=measure, **{"done_on": timezone.localdate(), "note": "Done", **values}
    )


@pytest.mark.clause("STM-9.01")
def test_the_online_safety_officer_says_that_the_firewall_is_in_place(client, people) -> None:
    officer = a_person("Olga Orr", Role.IT, people.school, post=Post.ONLINE_SAFETY)
    measure = a_measure(people.bob, people.school, kind="firewall", title="A firewall")
    client.force_login(officer)
    assert "It is in place" in text_of(client.get(url("detail", measure)))
    sent = {"note": "Installed", **boxes("done_on", in_days(-400))}
    assert client.post(url("carry-out", measure), sent).status_code == 302
    measure.refresh_from_db()
    assert (measure.status, measure.done_by, measure.done_note) == ("in_place", officer, "Installed")
    assert timezone.localtime(measure.done_at).date() == in_days(-400)
    assert told("approvals.measure_in_place") == {"Bob Barnes"}
    assert for_user(officer) == []


@pytest.mark.clause("CIT-9.01")
def test_it_of_a_trust_installs(client) -> None:
    people = a_st_marys("cit")
    measure = a_measure(people.bob, people.school, kind="firewall", carried_out_by=people.dan)
    assert measure.status == "in_place"


def test_a_role_that_the_policy_names_sees_and_carries_out() -> None:
    people = a_st_marys(firewall_installer=["office"])
    office = a_person("Ola Oak", Role.OFFICE, people.school)
    elsewhere = a_person("Ole Ost", Role.OFFICE, a_school("Else", preset="st-marys"))
    measure = a_measure(people.bob, people.school)
    assert told("approvals.measure_to_carry_out") == {"Dan Dale", "Ola Oak"}
    assert [item.title for item in for_user(office)] == [f"Carry out: {measure}"]
    with pytest.raises(PermissionDenied):
        carry_out(measure, elsewhere)
    assert carry_out(measure, office).done_by == office


def test_an_office_that_the_policy_does_not_name_sees_nothing(client, people) -> None:
    office = a_person("Ola Oak", Role.OFFICE, people.school)
    measure = a_measure(people.bob, people.school)
    client.force_login(office)
    assert client.get(url("detail", measure)).status_code == 404
    assert client.get(reverse("approvals:measure-list")).status_code == 403
    assert for_user(office) == []


def test_whoever_directs_does_not_carry_out(client, people) -> None:
    give(people.bob, Role.IT, people.school)
    measure = a_measure(people.bob, people.school)
    assert for_user(people.bob) == []
    client.force_login(people.bob)
    assert "somebody else carries it out" in text_of(client.get(url("detail", measure)))
    answer = client.post(url("carry-out", measure), {"note": "Done", **boxes("done_on", in_days(0))})
    assert answer.status_code == 422
    assert "You directed this measure" in text_of(answer)
    measure.refresh_from_db()
    assert measure.status == "directed"


def test_a_day_in_the_future_or_no_note_is_refused(client, people) -> None:
    measure = a_measure(people.bob, people.school)
    client.force_login(people.dan)
    answer = client.post(url("carry-out", measure), {"note": " ", **boxes("done_on", in_days(1))})
    assert answer.status_code == 422
    assert "Say what was done" in text_of(answer)
    assert "or earlier" in text_of(answer)
    with pytest.raises(Refused):
        carry_out(measure, people.dan, done_on=in_days(1))
    with pytest.raises(Refused):
        carry_out(measure, people.dan, note=" ")


def test_sent_twice_it_is_done_once_and_nobody_else_does_it_again(people) -> None:
    second = a_person("Dot Dale", Role.IT, people.school)
    measure = a_measure(people.bob, people.school)
    carry_out(measure, people.dan)
    carry_out(measure, people.dan, note="Another")
    measure.refresh_from_db()
    assert measure.done_note == "Done"
    assert recorded("approvals.measure_done") == 1
    with pytest.raises(Stale):
        carry_out(measure, second)


def test_a_deputy_in_it_and_a_leader_do_not_carry_out(client, people) -> None:
    measure = a_measure(people.bob, people.school)
    leader = a_person("Lea Lane", Role.SENIOR_LEADER, people.school)
    deputy = a_person("Del Day", Role.IT, people.school, post=Post.DEPUTY)
    for user, status in (
        (leader, 403),
        (people.dsl, 403),
        (deputy, 404),
        (people.alice, 404),
        (people.eve, 404),
    ):
        client.force_login(user)
        assert client.get(url("carry-out", measure)).status_code == status
        with pytest.raises(PermissionDenied):
            carry_out(measure, user)


# Reviewing


@pytest.mark.clause("STM-2.38")
@pytest.mark.clause("CIT-2.49")
def test_a_review_says_what_was_found_and_when_the_next_one_is(client, people) -> None:
    measure = a_measure(people.bob, people.school, carried_out_by=people.dan)
    client.force_login(people.dan)
    sent = {"once": str(uuid.uuid4()), "found": "Lists renewed", **boxes("next_review_on", in_days(200))}
    for _ in range(2):
        assert client.post(url("review", measure), sent).status_code == 302
    review = MeasureReview.objects.get()
    measure.refresh_from_db()
    assert (review.reviewed_by, review.found, review.next_review_on) == (
        people.dan, "Lists renewed", in_days(200),
    )  # fmt: skip
    assert measure.review_on == in_days(200)
    words = text_of(client.get(url("detail", measure)))
    assert "Lists renewed" in words
    assert "Recorded a review" in words
    assert recorded("approvals.measure_reviewed") == 1


def test_who_reviews(client, people) -> None:
    measure = a_measure(people.bob, people.school, carried_out_by=people.dan)
    officer = a_person("Pia Penn", Role.DPO, people.school)
    for user in (people.dan, people.bob, officer):
        reviewed(measure, user)
    assert MeasureReview.objects.count() == 3
    for user, status in ((people.dsl, 403), (people.chair, 403), (people.alice, 404), (people.eve, 404)):
        client.force_login(user)
        assert client.get(url("review", measure)).status_code == status
        with pytest.raises(PermissionDenied):
            reviewed(measure, user)


def test_only_what_is_in_place_is_reviewed_and_the_day_is_checked(client, people) -> None:
    waiting = a_measure(people.bob, people.school)
    with pytest.raises(Stale):
        reviewed(waiting, people.dan)
    measure = a_measure(people.bob, people.school, carried_out_by=people.dan)
    for days in (0, -1, 740):
        with pytest.raises(Refused):
            reviewed(measure, people.dan, days)
    with pytest.raises(Refused, match="what you found"):
        reviewed(measure, people.dan, found=" ")
    once = uuid.uuid4()
    reviewed(measure, people.dan, once=once)
    with pytest.raises(Refused, match="out of date"):
        reviewed(measure, people.bob, once=once)


# Withdrawing


def test_a_leader_withdraws_with_a_reason_and_it_is_told(client, people) -> None:
    measure = a_measure(people.bob, people.school, carried_out_by=people.dan)
    client.force_login(people.bob)
    assert client.post(url("withdraw", measure), {"because": " "}).status_code == 422
    assert client.post(url("withdraw", measure), {"because": "A new filter"}).status_code == 302
    measure.refresh_from_db()
    assert (measure.status, measure.withdrawn_because, measure.next_at) == ("withdrawn", "A new filter", None)
    assert told("approvals.measure_withdrawn") == {"Dan Dale"}
    assert "A new filter" in text_of(client.get(url("detail", measure)))
    assert client.post(url("withdraw", measure), {"because": "Again"}).status_code == 422
    assert recorded("approvals.measure_withdrawn") == 1
    for step in (
        lambda: carry_out(measure, a_person("Dot", Role.IT, people.school)),
        lambda: reviewed(measure, people.dan),
    ):
        with pytest.raises(Stale):
            step()


def test_who_may_not_withdraw(client, people) -> None:
    measure = a_measure(people.bob, people.school)
    for user, status in ((people.dan, 403), (people.dsl, 403), (people.alice, 404), (people.eve, 404)):
        client.force_login(user)
        assert client.post(url("withdraw", measure), {"because": "No"}).status_code == status
        with pytest.raises(PermissionDenied):
            measure_withdraw(actor=user, measure=measure, because="No")
