"""What time does to comments: each stage once, also twice at once, and after a weekend without a server."""

from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.choices import Right
from accounts.services.rights import right_end_now
from accounts.tests.register.cases import an_account
from core.access import RULES
from core.models import AuditEvent, AuditHead, Notice
from core.roles import Post, Role
from core.sweeps import begin_count, failed_rows
from incidents.comments.hearers import on_account, on_accounts
from incidents.comments.services.importing import comments_import
from incidents.comments.services.steps import comment_step, comment_take
from incidents.comments.sweeps import comments_due
from incidents.comments.tests.cases import a_comment, a_team, at, did, since_long_ago, told
from incidents.models import Comment, CommentStep
from incidents.tests.cases import recorded
from smgov.testing import a_person, a_school, a_trust
from smgov.tests.racing import alone, at_once, failures, shared_database

pytestmark = pytest.mark.django_db


@pytest.mark.clause("RAV-4.02")
def test_a_reminder_before_a_record_after_and_word_up_the_line_each_once() -> None:
    team = a_team()
    with at("2026-06-10 09:00"):
        row = a_comment(team)
    for moment, changed in (
        ("2026-06-11 04:59", 0),
        ("2026-06-11 05:00", 1),
        ("2026-06-11 05:05", 0),
        ("2026-06-11 08:55", 0),
        ("2026-06-11 09:00", 1),
        ("2026-06-11 09:05", 0),
        ("2026-06-12 09:00", 1),
        ("2026-06-20 09:00", 0),
    ):
        with at(moment):
            assert comments_due() == changed, moment
    assert did(row) == ["logged", "reminded", "breached", "escalated"]
    assert told("comment_reminder") == ["Lena", "Milo"]
    assert told("comment_breach") == ["Cora", "Lena", "Milo"]
    assert told("comment_escalated") == ["Bob"]
    assert recorded("incidents.comment_clock") == 3


def test_whoever_receives_a_notice_may_see_the_comment() -> None:
    team = a_team()
    with at("2026-06-10 09:00"):
        a_comment(team)
        a_comment(team, kind="press")
    for moment in ("2026-06-11 05:00", "2026-06-11 10:00", "2026-06-12 10:00"):
        with at(moment):
            comments_due()
    rows = Notice.objects.filter(kind__startswith="incidents.comment").select_related("recipient")
    assert len(rows) >= 10
    for one in rows:
        key = one.subject.partition(":")[2]
        assert RULES["incidents.Comment"].visible_to(one.recipient, "view").filter(pk=key).exists(), one.kind


def test_an_answered_comment_gets_none() -> None:
    team = a_team()
    with at("2026-06-10 09:00"):
        row = a_comment(team)
        comment_step(actor=team.lena, comment=row, move="acknowledge")
    with at("2026-06-20 09:00"):
        assert comments_due() == 0
    assert did(row) == ["logged", "acknowledged"]


def test_after_a_weekend_without_a_server_the_stages_come_in_order_and_everybody_hears_once() -> None:
    team = a_team()
    with at("2026-06-11 18:00"):  # Thursday, due on Friday
        row = a_comment(team)
    with at("2026-06-15 08:00"):
        assert comments_due() == 1
        assert comments_due() == 0
    assert did(row) == ["logged", "breached", "escalated"]
    assert told("comment_escalated") == ["Bob", "Cora", "Lena", "Milo"]
    others = Notice.objects.filter(kind__in=["incidents.comment_reminder", "incidents.comment_breach"])
    assert not others.exists()


def test_who_took_it_on_is_reminded_too_and_where_nobody_looks_after_the_account_the_moderator_is() -> None:
    team = a_team()
    with at("2026-06-10 09:00"):
        taken = a_comment(team)
        comment_take(actor=team.cora, comment=taken)
    with at("2026-06-11 06:00"):
        comments_due()
    assert told("comment_reminder") == ["Cora", "Lena", "Milo"]
    Notice.objects.all().delete()
    with at("2026-06-10 09:00"):
        for right in team.account.rights.filter(ended_at=None):
            right_end_now(actor=team.bob, right=right, because="Left")
        a_comment(team, actor=team.alice, words="Nobody there?")
    with at("2026-06-11 06:00"):
        comments_due()
    assert told("comment_reminder") == ["Cora"]


def test_at_a_central_team_it_goes_to_its_moderator_and_the_executive_leaders() -> None:
    trust = a_trust()
    team = a_team()
    hub = a_school("Hub", trust=trust, kind="central", response_hours=24)
    a_person("Hetty Hub", Role.HEAD_OF_COMMS, trust)
    a_person("Ella Tate", Role.SENIOR_LEADER, trust, post=Post.ELT)
    a_person("Sid Senior", Role.SENIOR_LEADER, trust)
    office = a_person("Olga Oak", Role.OFFICE, hub)
    since_long_ago()
    team.school, team.account.school = hub, hub
    team.account.save()
    team.account.rights.update(ended_at=team.account.created_at)
    with at("2026-06-10 09:00"):
        a_comment(team, actor=office)
    with at("2026-06-11 09:00"):
        comments_due()
    with at("2026-06-12 09:00"):
        comments_due()
    assert told("comment_breach") == ["Hetty"]
    assert told("comment_escalated") == ["Ella"]


def test_of_a_file_each_person_hears_once_for_each_stage_however_many_comments_it_holds() -> None:
    team = a_team()
    lines = "\n".join(f"Hilltop news,parent{n},Hello {n},10/06/2026 09:{n:02},Question" for n in range(20))
    with at("2026-06-10 12:00"):
        comments_import(
            actor=team.lena,
            school=team.school,
            once=uuid4(),
            data=f"account,author,text,received,kind\n{lines}\n".encode(),
        )
    with at("2026-06-11 10:00"):
        assert comments_due() == 20
    assert told("comment_breach") == ["Cora", "Lena", "Milo"]
    assert Comment.objects.filter(steps__did="breached").count() == 20


def test_comments_of_one_file_that_are_due_at_other_hours_are_told_of_each_in_their_time() -> None:
    team = a_team()
    lines = "\n".join(f"Hilltop news,p{n},Hello,10/06/2026 {n:02}:00,Question" for n in (8, 11))
    with at("2026-06-10 12:00"):
        data = f"account,author,text,received,kind\n{lines}\n".encode()
        comments_import(actor=team.lena, school=team.school, once=uuid4(), data=data)
    for moment, times in (("2026-06-11 08:30", 1), ("2026-06-11 10:00", 1), ("2026-06-11 11:30", 2)):
        with at(moment):
            comments_due()
        assert told("comment_breach") == sorted(["Cora", "Lena", "Milo"] * times), moment


def test_a_row_that_fails_does_not_hold_up_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    team = a_team()
    with at("2026-06-10 09:00"):
        bad, good = a_comment(team), a_comment(team, words="Second")
    Comment.objects.filter(pk=bad.pk).update(stage=77)
    with at("2026-06-11 05:30"):
        comments_due()
    assert "reminded" in did(good)


def test_a_row_that_the_database_refuses_undoes_its_batch_and_each_is_done_alone() -> None:
    team = a_team()
    with at("2026-06-10 09:00"):
        rows = [a_comment(team, words=f"Comment {n}") for n in range(3)]
        bad = rows[1]
        CommentStep.objects.create(comment=bad, did="reminded", single="reminded")
    begin_count()
    with at("2026-06-11 05:30"):
        assert comments_due() == 2
        assert failed_rows() == 1
    assert [did(row) for row in rows] == [["logged", "reminded"]] * 3
    assert told("comment_reminder") == sorted(["Lena", "Milo"] * 2)
    assert recorded("incidents.comment_clock") == 2
    assert AuditHead.objects.get().count == AuditEvent.objects.count()
    bad.refresh_from_db()
    assert bad.stage == Comment.Stage.REMIND, "it is met again"


def test_twenty_comments_cost_as_many_queries_as_two() -> None:
    team = a_team()
    costs = []
    for number, day in ((2, "10"), (20, "17")):
        with at(f"2026-06-{day} 09:00"):
            for n in range(number):
                row = a_comment(team, words=f"Comment {n}")
                comment_take(actor=team.cora, comment=row)
        with at(f"2026-06-{int(day) + 1} 05:30"), CaptureQueriesContext(connection) as queries:
            assert comments_due() == number
        costs.append(len(queries))
        Comment.objects.update(stage=Comment.Stage.DONE, next_at=None)
    assert costs[0] == costs[1] <= 32


def test_accounts_asked_about_together_have_the_same_people_as_one_alone() -> None:
    team = a_team()
    trust = a_trust()
    team.school.trust = trust
    team.school.save()
    lead = a_person("Tara Trust", Role.STAFF, trust)
    other = an_account(team.school, team.bob, "Sport", lead=lead, moderators=[lead, team.milo])
    gone = a_person("Gus Gone", Role.STAFF, team.school)
    left = an_account(team.school, team.bob, "Left", lead=gone)
    gone.memberships.update(ended_at=timezone.now())
    rights = (Right.LEAD, Right.MODERATOR)
    accounts = [team.account, other, left]
    found = on_accounts([one.pk for one in accounts], *rights)
    for one in accounts:
        assert found.get(one.pk, []) == list(on_account(one, *rights)), one
    assert found[other.pk] == [team.milo, lead]
    assert left.pk not in found


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_do_each_stage_once(tmp_path: Path) -> None:
    team = a_team()
    with at("2026-06-10 09:00"):
        rows = [a_comment(team, words=f"Comment {n}") for n in range(3)]
    with at("2026-06-11 09:30"), shared_database(tmp_path):
        outcomes = at_once([comments_due] * 3)
        assert not failures(outcomes)
        assert sum(outcomes) == 3
        assert alone(lambda: [did(row) for row in rows]) == [["logged", "breached"]] * 3
        assert alone(lambda: told("comment_breach")) == sorted(["Cora", "Lena", "Milo"] * 3)
