"""What is done with a comment: what ends the clock, what resolves it, and what is refused."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.utils import timezone

from core.errors import Refused
from incidents.comments.services.offensive import Offence, comment_offensive
from incidents.comments.services.steps import comment_reclass, comment_step, comment_take
from incidents.comments.sweeps import comments_due
from incidents.comments.terms import state_of, time_words
from incidents.comments.tests.cases import a_comment, a_team, at, did, told
from incidents.models import AbuseEntry, Comment, CommentNote, CommentStep
from people.models import User

pytestmark = pytest.mark.django_db


def step(row: Comment, user: User, move: str, words: str = "") -> Comment:
    return comment_step(actor=user, comment=row, move=move, words=words)


@pytest.mark.clause("RAV-4.04")
def test_an_acknowledgement_ends_the_clock_and_the_matter_stays_open() -> None:
    team = a_team()
    with at("2026-06-10 09:00"):
        row = a_comment(team)
    with at("2026-06-10 10:00"):
        row = step(row, team.milo, "acknowledge", "Thank you, we are looking into it")
    assert row.answered_by == team.milo
    assert (row.next_at, row.resolved_at) == (None, None)
    with at("2026-06-20 10:00") as later:
        assert comments_due() == 0
        assert state_of(row, later) == "comment_answered"
        assert time_words(row, later) == "In time"
    with pytest.raises(Refused, match="First say what was answered"):
        step(row, team.milo, "resolve")
    assert CommentNote.objects.get().text == "Thank you, we are looking into it"


def test_where_the_profile_says_so_an_acknowledgement_does_not_count() -> None:
    team = a_team(response_acknowledgement=False)
    row = step(a_comment(team), team.lena, "acknowledge")
    assert row.answered_at is None
    assert row.next_at is not None
    row = step(row, team.lena, "answer", "On Saturday at ten")
    assert row.answered_at is not None
    assert row.next_at is None


@pytest.mark.parametrize("move", ["answer", "hide"])
def test_answer_and_hiding_end_the_clock_and_let_it_be_resolved(move: str) -> None:
    team = a_team()
    row = step(a_comment(team), team.lena, move, "Because of this")
    assert row.answered_at is not None
    assert (row.stage, row.next_at) == (Comment.Stage.DONE, None)
    row = step(row, team.lena, "resolve")
    assert row.resolved_by == team.lena
    with pytest.raises(Refused, match="Open it again first"):
        step(row, team.milo, "answer", "More")


def test_what_was_passed_on_may_be_resolved_and_opened_again_its_clock_goes_on() -> None:
    team = a_team()
    with at("2026-06-10 09:00"):
        row = step(a_comment(team), team.lena, "pass", "For you")
        assert told("comment_passed") == ["Bob"]
        row = step(row, team.lena, "resolve")
        assert row.next_at is None
    with at("2026-06-10 11:00"):
        row = step(row, team.lena, "reopen", "They wrote again")
        assert row.next_at == row.due_at - timezone.timedelta(hours=4)
    with at("2026-06-11 10:00"):
        assert comments_due() == 1
        step(row, team.lena, "resolve")
    with at("2026-06-13 10:00"):
        row = step(row, team.lena, "reopen", "Once more")
        assert comments_due() == 1
    assert did(row).count("breached") == did(row).count("escalated") == 1


def test_an_answer_that_comes_late_leaves_the_record_that_time_had_run_out() -> None:
    team = a_team()
    with at("2026-06-10 09:00"):
        row = a_comment(team)
    with at("2026-06-11 12:30") as now:
        row = step(row, team.lena, "answer", "Sorry")
        assert time_words(row, now) == "3 hours late"
    assert did(row) == ["logged", "breached", "answered"]
    assert told("comment_breach") == []


@pytest.mark.parametrize("move", ["answer", "hide", "leave", "note", "reopen"])
def test_what_needs_words_is_refused_without(move: str) -> None:
    team = a_team()
    row = a_comment(team)
    with pytest.raises(Refused) as refusal:
        step(row, team.lena, move, "  ")
    assert refusal.value.field == "words"
    assert did(row) == ["logged"]


def test_a_double_click_makes_one_step_and_a_second_acknowledgement_is_refused() -> None:
    team = a_team()
    row = a_comment(team)
    for _ in range(2):
        step(row, team.lena, "acknowledge", "Thank you")
    assert did(row) == ["logged", "acknowledged"]
    with pytest.raises(Refused, match="already"):
        step(row, team.milo, "acknowledge", "Thanks")
    with pytest.raises(Refused, match="open already"):
        step(row, team.milo, "reopen", "Why not")


def test_who_only_logged_it_reads_it_and_does_nothing_with_it() -> None:
    team = a_team()
    row = a_comment(team, actor=team.alice)
    for refused in (
        lambda: step(row, team.alice, "answer", "Hello"),
        lambda: comment_take(actor=team.alice, comment=row),
        lambda: comment_reclass(actor=team.sue, comment=row, kind="press"),
        lambda: comment_offensive(actor=team.alice, comment=row, offence=Offence("spam", "other")),
    ):
        with pytest.raises(PermissionDenied):
            refused()
    assert did(row) == ["logged"]


def test_one_takes_it_on_and_another_may_take_it_over() -> None:
    team = a_team()
    row = a_comment(team)
    for user in (team.lena, team.lena, team.cora):
        row = comment_take(actor=user, comment=row)
    assert row.owner == team.cora
    assert did(row) == ["logged", "taken", "taken"]


@pytest.mark.clause("RAV-5.07")
def test_a_journalist_is_not_answered_but_by_those_whom_the_school_names() -> None:
    team = a_team()
    row = a_comment(team)
    row = comment_reclass(actor=team.lena, comment=row, kind="press")
    assert told("comment_press") == ["Sue"]
    for move in ("answer", "acknowledge", "leave"):
        for user in (team.lena, team.cora, team.bob):
            with pytest.raises(Refused, match="Do not answer"):
                step(row, user, move, "No comment")
    step(row, team.milo, "note", "Rang at noon")
    row = step(row, team.sue, "answer", "Please ring the office")
    assert row.answered_by == team.sue
    assert did(row) == ["logged", "reclassed", "passed", "note", "answered"]


def test_another_kind_is_refused_where_it_is_none_or_the_comment_is_resolved() -> None:
    team = a_team()
    row = a_comment(team)
    for kind in ("poem", "query"):
        with pytest.raises(Refused):
            comment_reclass(actor=team.lena, comment=row, kind=kind)
    step(row, team.lena, "hide", "Spam")
    step(row, team.lena, "resolve")
    with pytest.raises(Refused, match="resolved"):
        comment_reclass(actor=team.lena, comment=row, kind="complaint")


def test_it_is_reported_as_offensive_once() -> None:
    team = a_team(preset="st-marys")
    row = a_comment(team)
    row = comment_offensive(actor=team.lena, comment=row, offence=Offence("hate", "pupil"))
    assert row.offensive == AbuseEntry.objects.get()
    with pytest.raises(Refused, match="already"):
        comment_offensive(actor=team.milo, comment=row, offence=Offence("hate", "pupil"))
    assert AbuseEntry.objects.count() == 1


def test_steps_are_never_changed_or_deleted() -> None:
    row = a_comment(a_team())
    for change in (lambda s: s.update(did="answered"), lambda s: s.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change(CommentStep.objects.filter(comment=row))
