"""What was done or came in earlier than it is recorded; what is left without an answer; files with history."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.tests.register.cases import an_account
from core.errors import Refused
from core.models import Notice
from incidents.comments.access import comment_rules
from incidents.comments.selectors import ENDED, IN_TIME, LEFT, WAITING, is_late, standing_open
from incidents.comments.services.correcting import comment_correct
from incidents.comments.services.importing import CommentFileRefused, Logged, comments_import
from incidents.comments.services.steps import comment_reclass, comment_step
from incidents.comments.sweeps import comments_due
from incidents.comments.terms import in_time, state_of, time_words, was_left
from incidents.comments.tests.cases import Team, a_comment, a_team, at, browser, did, told
from incidents.models import Comment, CommentNote
from incidents.report_sections import late_comments
from incidents.tests.cases import recorded, text_of
from people.models import User
from smgov.testing import choose
from smgov.tests.racing import at_once, failures, shared_database

pytestmark = pytest.mark.django_db
HEAD = "account,author,text,received,kind,answered,left,resolved"


def step(row: Comment, user: User, move: str, words: str = "Because", when: str = "") -> Comment:
    moment = None
    if when:
        with at(when) as moment:
            pass
    return comment_step(actor=user, comment=row, move=move, words=words, when=moment)


def read(team: Team, *lines: str, **changes) -> Logged:
    data = "\n".join((HEAD, *lines)).encode()
    return comments_import(actor=team.lena, school=team.school, once=uuid4(), data=data, **changes)


# Done there before it is recorded here


@pytest.mark.clause("RAV-4.02")
@pytest.mark.parametrize("swept", [True, False])
def test_an_answer_of_friday_that_is_recorded_on_monday_is_in_time(swept: bool) -> None:
    team = a_team()
    with at("2026-06-12 09:00"):
        row = a_comment(team)
    with at("2026-06-15 09:00") as monday:
        if swept:
            comments_due()
        row = step(row, team.milo, "answer", "At ten", "2026-06-12 16:00")
        assert time_words(row, monday) == "In time"
        assert comments_due() == 0
    assert f"{timezone.localtime(row.answered_at):%d %H:%M}" == "12 16:00"
    written = ["breached", "escalated"] if swept else []
    assert did(row) == ["logged", *written, "note", "answered"]
    note = CommentNote.objects.get(step__did="note").text
    assert note.startswith("Answered there on 12/06/2026 at 16:00, in time")
    assert ("before this was known" in note) is swept


@pytest.mark.parametrize("when", ["2026-06-10 08:59", "2026-06-10 12:30"])
def test_it_cannot_be_answered_before_it_came_in_or_in_the_future(when: str) -> None:
    team = a_team()
    with at("2026-06-10 09:00"):
        row = a_comment(team)
    with at("2026-06-10 12:00"), pytest.raises(Refused) as refusal:
        step(row, team.lena, "answer", "Yes", when)
    assert refusal.value.field == "answered"
    assert did(row) == ["logged"]


def test_the_page_asks_when_it_was_answered_there_and_a_note_is_not_asked_when() -> None:
    team = a_team()
    with at("2026-06-12 09:00"):
        row = a_comment(team)
    path, client = f"/comments/{row.uuid}/", browser(team.lena)
    day = {"answered_day": "12", "answered_month": "6", "answered_year": "2026"}
    sent = {"words": "At ten", "when": "earlier", **day}
    with at("2026-06-15 09:00"):
        assert "When was that done there?" in text_of(client.get(f"{path}hide/"))
        assert "When was that done there?" not in text_of(client.get(f"{path}note/"))
        answer = client.post(f"{path}answer/", sent)
        assert answer.status_code == 422
        assert "Enter the time" in text_of(answer)
        assert client.post(f"{path}answer/", {**sent, "answered_time": "7:00"}).status_code == 422
        assert client.post(f"{path}answer/", {**sent, "answered_time": "16:00"}).status_code == 302
    assert in_time(Comment.objects.get()) is True


# Left without an answer


@pytest.mark.clause("RAV-4.02", "RAV-4.04")
@pytest.mark.parametrize("kind", ["query", "complaint", "policy"])
def test_a_question_or_a_complaint_is_not_left_without_an_answer_while_its_time_runs(kind: str) -> None:
    team = a_team()
    row = a_comment(team, kind=kind)
    with pytest.raises(Refused, match="Acknowledge it at least"):
        step(row, team.lena, "leave", "No time")
    assert Comment.objects.get().next_at is not None
    step(row, team.lena, "acknowledge", "Thank you")
    row = step(row, team.lena, "leave", "Nothing to add")
    assert (row.left_at, in_time(row)) == (None, True)


def test_where_an_acknowledgement_is_not_enough_a_question_must_be_answered() -> None:
    team = a_team(response_acknowledgement=False)
    row = step(a_comment(team), team.lena, "acknowledge", "Thank you")
    with pytest.raises(Refused, match="not enough"):
        step(row, team.lena, "leave", "No time")


def test_a_comment_left_without_an_answer_has_no_clock_and_is_counted_apart() -> None:
    team = a_team()
    with at("2026-06-10 09:00"):
        row = a_comment(team, kind="comment")
        row = step(row, team.lena, "leave", "Spam")
        assert (row.answered_at, row.next_at, row.left_by) == (None, None, team.lena)
    with at("2026-06-20 09:00") as later:
        assert comments_due() == 0
        assert (in_time(row), was_left(row)) == (None, True)
        assert (state_of(row, later), time_words(row, later)) == ("comment_left", "Left without an answer")
        numbers = standing_open(team.account, later - timedelta(days=90))
        assert numbers == {"waiting": 0, "late": 0, "timed": 0, "in_time": 0, "left": 1}
        client = browser(team.cora)
        assert "Left without an answer (1)" in text_of(client.get("/comments/?show=left"))
        assert "1 left without an answer" in text_of(client.get("/comments/figures/?year=2025"))
        assert "1 of those received in that time was left" in text_of(
            client.get(f"/accounts/{team.account.uuid}/")
        )
        row = comment_reclass(actor=team.lena, comment=row, kind="query")
        assert row.left_at is None, "a question after all: its clock runs on"
        assert comments_due() == 1
    assert did(row)[-2:] == ["breached", "escalated"]


def test_left_or_answered_too_late_it_is_late_and_each_comment_is_counted_once() -> None:
    team, moments = a_team(), ("2026-06-10 12:00", "2026-06-12 12:00")
    for moves in (["answer"], ["leave"], ["pass", "resolve"], ["leave", "resolve"], ["leave", "answer"], []):
        for moment in moments:
            with at("2026-06-10 09:00"):
                row = a_comment(team, kind="comment", words=f"{moves} {moment}")
            with at(moment):
                for move in moves:
                    row = step(row, team.lena, move)
    with at("2026-06-13 09:00") as now:
        wanted = {"in time": IN_TIME, "late": is_late(now), "left": LEFT}
        for row in Comment.objects.all():
            found = [name for name, one in wanted.items() if Comment.objects.filter(one, pk=row.pk).exists()]
            early = moments[0] in row.words
            left = "leave" in row.words and "answer" not in row.words
            expected = "late" if not early or row.words.startswith("[]") else "left" if left else "in time"
            assert found == [expected], row.words
            assert (in_time(row), was_left(row)) in {
                "in time": [(True, False)],
                "late": [(False, False), (None, False)],
                "left": [(None, True)],
            }[expected]
        assert Comment.objects.filter(WAITING).count() == 2
        assert Comment.objects.annotate(end=ENDED).filter(end=None).count() == 6
        assert late_comments(team.bob, [team.account]) == {team.account.pk: ["2 comments past their time"]}


# A wrong time


def test_the_same_page_with_the_time_corrected_corrects_it_while_nobody_has_answered() -> None:
    team, once = a_team(), uuid4()
    with at("2026-06-10 16:00") as now:
        row = a_comment(team, actor=team.alice, once=once, hours_ago=2)
        again = a_comment(team, actor=team.alice, once=once, hours_ago=5)
        assert (again.pk, again.due_at) == (row.pk, now + timedelta(hours=19))
        assert again.next_at == again.due_at - timedelta(hours=4)
        assert did(row) == ["logged", "corrected"]
        assert CommentNote.objects.get().text == "10/06/2026 14:00 → 10/06/2026 11:00"
        step(row, team.lena, "answer")
        with pytest.raises(Refused, match="logged already"):
            a_comment(team, actor=team.alice, once=once, hours_ago=3)
    assert recorded("incidents.comment_corrected") == 1


def test_just_now_sent_again_a_while_later_is_the_same_comment() -> None:
    team, once = a_team(), uuid4()
    with at("2026-06-10 09:00"):
        row = a_comment(team, once=once)
    with at("2026-06-10 09:20"):
        assert a_comment(team, once=once).received_at == row.received_at
    assert did(row) == ["logged"]


def test_a_corrected_time_starts_the_clock_anew_and_no_step_comes_twice() -> None:
    team = a_team()
    with at("2026-06-10 09:00") as received:
        row = a_comment(team, hours_ago=30)
        assert did(row) == ["logged", "breached"]
        row = comment_correct(actor=team.lena, comment=row, received_at=received)
        assert (row.stage, row.next_at) == (Comment.Stage.ESCALATE, row.due_at + timedelta(hours=24))
    with at("2026-06-11 08:00"):
        row = step(row, team.lena, "answer")
    assert in_time(row) is True
    assert did(row) == ["logged", "breached", "corrected", "answered"]
    with at("2026-06-10 09:00"):
        late = a_comment(team, words="Older than that")
    with at("2026-06-10 15:00") as now:
        comment_correct(actor=team.lena, comment=late, received_at=now - timedelta(hours=27))
    assert did(late) == ["logged", "corrected", "breached"]


def test_who_logged_it_corrects_it_on_its_page_and_a_reader_does_not() -> None:
    team = a_team()
    with at("2026-06-10 12:00"):
        row = a_comment(team, actor=team.alice)
        path = f"/comments/{row.uuid}/"
        day = {"received_day": "10", "received_month": "6", "received_year": "2026"}
        client = browser(team.alice)
        assert "Correct the time" in text_of(client.get(path))
        assert 'value="12:00"' in client.get(f"{path}time/").content.decode()
        assert client.post(f"{path}time/", {**day, "received_time": "13:00"}).status_code == 422
        assert client.post(f"{path}time/", {**day, "received_time": "09:15"}).status_code == 302
        assert browser(team.sue).get(f"{path}time/").status_code == 403
        assert browser(team.gina).get(f"{path}time/").status_code == 404
        with pytest.raises(PermissionDenied):
            comment_correct(actor=team.sue, comment=row, received_at=timezone.now())
        row = step(row, team.lena, "answer")
        assert "Correct the time" not in text_of(client.get(path))
    assert f"{timezone.localtime(row.received_at):%H:%M}" == "09:15"
    assert comment_rules.allows(team.alice, "correct", row)
    assert not comment_rules.allows(team.alice, "handle", row)


def test_who_only_logged_it_makes_no_late_comment_an_early_one() -> None:
    team = a_team()
    with at("2026-06-10 09:00") as now:
        late = a_comment(team, actor=team.alice, hours_ago=25)
        with pytest.raises(Refused, match="whoever looks after the account corrects this"):
            comment_correct(actor=team.alice, comment=late, received_at=now - timedelta(minutes=1))
        late.refresh_from_db()
        assert did(late) == ["logged", "breached"]
        assert late.received_at == now - timedelta(hours=25)
        comment_correct(actor=team.lena, comment=late, received_at=now - timedelta(hours=23))
        soon = a_comment(team, actor=team.alice, words="Another", hours_ago=23)
        comment_correct(actor=team.alice, comment=soon, received_at=now - timedelta(hours=26))
    assert did(soon) == ["logged", "corrected", "breached"]


def test_a_due_time_stays_where_the_school_has_no_clock_any_more() -> None:
    team = a_team()
    with at("2026-06-10 09:00") as now:
        row = a_comment(team, actor=team.alice, hours_ago=2)
        choose(team.school.profile, response_hours=None)
        row = comment_correct(actor=team.alice, comment=row, received_at=now - timedelta(hours=3))
        assert (row.due_at, row.stage) == (now + timedelta(hours=22), Comment.Stage.REMIND)


def test_a_page_sent_again_with_other_words_is_one_more_comment_however_often() -> None:
    team, once = a_team(), uuid4()
    with at("2026-06-10 09:00"):
        a_comment(team, once=once, words="First")
        a_comment(team, once=once, words="Second")
    with at("2026-06-10 09:01"):
        a_comment(team, once=once, words="Second")
    assert sorted(Comment.objects.values_list("words", flat=True)) == ["First", "Second"]


# Files


@pytest.mark.clause("RAV-4.02")
def test_a_file_with_history_makes_no_false_breach_and_tells_nobody_of_what_is_long_past() -> None:
    team = a_team()
    with at("2026-06-26 09:00"):
        read(
            team,
            "Hilltop news,a,In time,10/06/2026 09:00,Question,10/06/2026 12:00,,11/06/2026 12:00",
            "Hilltop news,b,Late and old,10/06/2026 09:00,Question,12/06/2026 12:00,,",
            "Hilltop news,c,Its own end,10/06/2026 09:00,Complaint,,,10/06/2026 15:00",
            "Hilltop news,d,Left,10/06/2026 09:00,Comment,,10/06/2026 15:00,",
        )
        assert comments_due() == 0
        assert not Notice.objects.filter(kind__startswith="incidents.").exists()
        rows = {one.words: one for one in Comment.objects.all()}
        assert did(rows["In time"]) == ["logged", "answered", "resolved"]
        assert did(rows["Late and old"]) == ["logged", "breached", "answered"]
        assert did(rows["Its own end"]) == ["logged", "resolved"]
        assert did(rows["Left"]) == ["logged", "no_answer"]
        assert {one.answered_by or one.resolved_by or one.left_by for one in rows.values()} == {team.lena}
        late = [one.words for one in Comment.objects.filter(is_late(timezone.now()))]
        assert late == ["Late and old"]
        exported = browser(team.cora).get("/comments/export/?show=answered").content
        again = comments_import(actor=team.cora, school=team.school, once=uuid4(), data=exported)
        assert again == Logged(0, 1)
        read(team, "Hilltop news,e,Lately late,23/06/2026 09:00,Question,25/06/2026 12:00,,")
        assert told("comment_breach") == ["Cora", "Lena", "Milo"]


def test_an_end_before_the_comment_came_in_or_in_the_future_is_the_message_of_its_cell() -> None:
    team = a_team()
    with at("2026-06-11 09:00"), pytest.raises(CommentFileRefused) as refusal:
        read(
            team,
            "Hilltop news,a,b,10/06/2026 09:00,Question,10/06/2026 08:00,,",
            "Hilltop news,a,b,10/06/2026 09:00,Question,12/06/2026 08:00,,soon",
            "Hilltop news,a,b,10/06/2026 09:00,Question,10/06/2026 12:00,,10/06/2026 11:00",
            "Hilltop news,a,b,10/06/2026 09:00,Question,,10/06/2026 12:00,",
        )
    found = [(one.row, one.column) for one in refusal.value.problems]
    assert found == [(2, "answered"), (3, "answered"), (3, "resolved"), (4, "resolved"), (5, "left")]
    assert not Comment.objects.exists()


def test_whoever_looks_after_an_account_hears_of_a_file_once() -> None:
    team = a_team()
    an_account(team.school, team.bob, "Sports", lead=team.milo)
    with at("2026-06-10 12:00"):
        read(
            team,
            *(f"Hilltop news,a,Hello {n},10/06/2026 11:{n:02},Question,,," for n in range(10, 15)),
            "Sports,a,Hello,10/06/2026 11:00,Question,,,",
            "Hilltop news,a,The Gazette,10/06/2026 11:00,A journalist,,,",
        )
    assert told("comment_new") == ["Milo"]
    assert told("comment_press") == ["Sue"]


@pytest.mark.django_db(transaction=True)
def test_the_same_file_twice_at_once_is_logged_once(tmp_path: Path) -> None:
    team = a_team()
    lines = [f"Hilltop news,a,Hello {n},10/06/2026 11:{n:02},Question,,," for n in range(10, 40)]
    with at("2026-06-10 12:00"), shared_database(tmp_path):
        outcomes = at_once([lambda: read(team, *lines)] * 3)
        assert not failures(outcomes)
        assert sorted(one.logged for one in outcomes) == [0, 0, 30]
