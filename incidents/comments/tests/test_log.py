"""Logging a comment: its due time, who hears, what a double click makes, and what is refused."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.tests.register.cases import an_account
from core.clock import UTC
from core.errors import Refused
from core.models import Notice
from core.roles import Role
from incidents.comments.access import comment_rules
from incidents.comments.services.offensive import Offence
from incidents.comments.services.steps import comment_step
from incidents.comments.tests.cases import a_comment, a_team, at, did, told
from incidents.models import AbuseEntry, Comment
from incidents.tests.cases import recorded
from smgov.testing import a_person, a_school

pytestmark = pytest.mark.django_db
Stage = Comment.Stage


@pytest.mark.clause("RAV-4.02")
@pytest.mark.parametrize("kind", ["comment", "query", "complaint"])
def test_comments_questions_and_complaints_are_due_24_hours_after_they_reached_the_account(kind: str) -> None:
    team = a_team()
    with at("2026-06-10 16:00") as now:
        row = a_comment(team, kind=kind, hours_ago=2)
    assert row.due_at == now - timedelta(hours=2) + timedelta(hours=24)
    assert (row.stage, row.next_at) == (Stage.REMIND, row.due_at - timedelta(hours=4))
    assert did(row) == ["logged"]
    assert recorded("incidents.comment_logged") == 1


@pytest.mark.clause("RAV-4.03")
def test_received_at_a_weekend_it_is_due_on_the_next_working_day_also_when_logged_on_monday() -> None:
    team = a_team()
    with at("2026-08-31 09:00"):  # a bank-holiday Monday
        row = a_comment(team, hours_ago=20)
    assert row.due_at == datetime(2026, 9, 1, 22, 59, 59, tzinfo=UTC)


def test_the_profile_of_that_day_counts_and_the_school_s_closure_days_do_too() -> None:
    team = a_team(
        preset="st-marys",
        response_hours=48,
        closure_days=["2026-06-11"],
        comment_remind_hours=10,
        friday_rule="next_working_day",
    )
    with at("2026-06-10 12:00"):
        row = a_comment(team)
    assert row.due_at == datetime(2026, 6, 13, 11, tzinfo=UTC)  # Thursday does not count
    assert row.next_at == row.due_at - timedelta(hours=10)


def test_without_a_clock_a_comment_is_logged_and_nothing_is_due() -> None:
    team = a_team(preset="st-marys")
    row = a_comment(team)
    assert (row.due_at, row.next_at, row.stage) == (None, None, Stage.DONE)


def test_a_comment_whose_time_has_run_out_is_late_at_once_and_everybody_is_told_once() -> None:
    team = a_team()
    with at("2026-06-10 16:00"):
        late = a_comment(team, hours_ago=30)
        older = a_comment(team, hours_ago=24 * 3, words="Old")  # Sunday: due on Monday
    assert did(late) == ["logged", "breached"]
    assert late.stage == Stage.ESCALATE
    assert did(older) == ["logged", "breached", "escalated"]
    assert (older.stage, older.next_at) == (Stage.DONE, None)
    assert told("comment_reminder") == []
    assert told("comment_breach") == ["Cora", "Lena", "Milo"]
    assert told("comment_escalated") == ["Bob", "Cora", "Lena", "Milo"]


def test_whoever_looks_after_the_account_hears_of_what_somebody_else_logs() -> None:
    team = a_team()
    a_comment(team, actor=team.alice)
    assert told("comment_new") == ["Lena", "Milo"]


def test_the_same_page_sent_twice_is_one_comment_and_with_other_words_it_is_two() -> None:
    team, once = a_team(), uuid4()
    first, second = (a_comment(team, once=once) for _ in range(2))
    assert first == second
    assert a_comment(team, once=once, words="Something else") != first
    assert Comment.objects.count() == 2
    assert recorded("incidents.comment_logged") == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"author": "  "}, "author"),
        ({"author": "x" * 151}, "author"),
        ({"words": " \n "}, "words"),
        ({"words": "x" * 4001}, "words"),
        ({"kind": "poem"}, "kind"),
        ({"hours_ago": -1}, "received"),
        ({"hours_ago": 24 * 3000}, "received"),
    ],
)
def test_what_is_missing_or_cannot_be_is_refused_beside_its_field(changes: dict, field: str) -> None:
    team = a_team()
    with pytest.raises(Refused) as refusal:
        a_comment(team, **changes)
    assert refusal.value.field == field
    assert not Comment.objects.exists()


def test_a_governor_a_stranger_and_an_account_of_another_school_are_refused() -> None:
    team, other = a_team(), a_school(preset="ravens-wood")
    stranger = a_person("Eve Earl", Role.STAFF, other)
    for actor in (team.gina, stranger):
        with pytest.raises(PermissionDenied):
            a_comment(team, actor=actor)
    with pytest.raises(Refused, match="of this school"):
        a_comment(team, account=an_account(other, stranger))


@pytest.mark.clause("RAV-5.07")
def test_a_journalist_is_passed_to_the_senior_leaders_who_alone_hear() -> None:
    team = a_team()
    row = a_comment(team, actor=team.alice, kind="press")
    assert told("comment_press") == ["Sue"]
    assert told("comment_new") == []
    assert did(row) == ["logged", "passed"]


@pytest.mark.clause("CIT-2.19", "STM-2.10")
@pytest.mark.parametrize("preset", ["cit", "st-marys"])
def test_a_complaint_about_the_policy_is_told_to_headteacher_and_governors_who_may_read_it(
    preset: str,
) -> None:
    team = a_team(preset=preset)
    row, plain = a_comment(team, kind="policy"), a_comment(team, words="Plain")
    assert told("comment_policy") == ["Bob", "Gina"]
    assert comment_rules.allows(team.gina, "view", row)
    assert not comment_rules.allows(team.gina, "view", plain)
    assert comment_rules.allows(team.gina, "handle", row)
    assert not comment_rules.allows(team.gina, "handle", plain)


@pytest.mark.clause("RAV-7.01")
def test_an_offensive_comment_is_reported_to_the_moderator_where_the_school_keeps_no_log() -> None:
    team = a_team()
    row = a_comment(team, actor=team.alice, offence=Offence("offensive", "staff"))
    assert told("comment_offensive") == ["Cora"]
    assert did(row) == ["logged", "abuse"]
    assert row.offensive is None
    assert not AbuseEntry.objects.exists()


@pytest.mark.clause("STM-2.17")
def test_where_a_log_of_abuse_is_kept_an_offensive_comment_stands_in_it_too() -> None:
    team = a_team(preset="st-marys")
    row = a_comment(team, offence=Offence("threat", "staff"), words="Mind your back")
    entry = AbuseEntry.objects.get()
    assert row.offensive == entry
    assert (entry.words, entry.account, entry.seen_at) == ("Mind your back", team.account, row.received_at)
    with pytest.raises(Refused):
        a_comment(team, offence=Offence("", "staff"))
    assert Comment.objects.count() == 1, "nothing is kept of what is refused"


@pytest.mark.clause("RAV-4.05")
@pytest.mark.parametrize("keeps_log", [True, False])
def test_where_bullying_arises_on_an_account_its_moderators_hear_at_once_and_it_is_logged(
    keeps_log: bool,
) -> None:
    team = a_team(abuse_log=keeps_log)
    row = a_comment(team, actor=team.alice, offence=Offence("harassment", "pupil"), words="Nobody likes her")
    kinds = ("incidents.comment_new", "incidents.comment_offensive", "incidents.abuse_logged")
    found = Notice.objects.filter(kind__in=kinds).values_list("recipient__full_name", flat=True)
    assert {"Cora Cook", "Lena Lamb", "Milo Marsh"} <= set(found)
    assert did(row) == ["logged", "abuse"]
    entries = list(AbuseEntry.objects.values_list("words", "nature", "account"))
    assert entries == ([("Nobody likes her", "harassment", team.account.pk)] if keeps_log else [])
    row = comment_step(actor=team.milo, comment=row, move="hide", words="It bullies a pupil")
    assert row.answered_by == team.milo, "whoever moderates steps in"


@pytest.mark.clause("RAV-2.09")
def test_who_sees_and_who_handles_a_comment() -> None:
    team = a_team()
    row = a_comment(team, actor=team.alice)
    lookers = (team.bob, team.cora, team.lena, team.milo, team.sue, team.alice)
    assert [comment_rules.allows(one, "view", row) for one in lookers] == [True] * 6
    assert [comment_rules.allows(one, "handle", row) for one in lookers] == [True] * 4 + [False] * 2
    colleague = a_person("Carl Cole", Role.STAFF, team.school)
    stranger = a_person("Eve Earl", Role.HEADTEACHER, a_school(preset="ravens-wood"))
    assert not any(comment_rules.allows(one, "view", row) for one in (colleague, stranger, team.gina))
    team.alice.memberships.update(ended_at=timezone.now())
    assert not comment_rules.allows(type(team.alice).objects.get(pk=team.alice.pk), "view", row)
