"""What an opponent tried with comments: an address that must not be read, a road round a rule, somebody else's words."""

from typing import Any
from uuid import uuid4, uuid5

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from core.errors import Refused
from core.models import Notice
from core.notices import shown_to
from core.roles import Role
from incidents.abuse.services import Seen, abuse_log
from incidents.comments.access import comment_rules
from incidents.comments.services.importing import comments_import
from incidents.comments.services.offensive import Offence, comment_offensive
from incidents.comments.services.opinions import opinion_ask, opinion_give
from incidents.comments.services.steps import comment_reclass, comment_step
from incidents.comments.tests.cases import Team, a_comment, a_team, browser, did, told
from incidents.models import AbuseEntry, Comment, CommentStep, Concern, SecondOpinion
from incidents.tests.cases import text_of
from people.models import User
from smgov.testing import a_person

pytestmark = pytest.mark.django_db
ADDRESS = "https://bad.example/x.jpg"
LEFT_OUT = "[address left out]"


def page_of(row: Comment, user: User) -> str:
    """The words of a comment's page, as a person reads it."""
    return text_of(browser(user).get(f"/comments/{row.uuid}/"))


def an_offensive(team: Team) -> Comment:
    """A comment with addresses in all that people write, which Lena logged and reported as offensive."""
    row = a_comment(
        team,
        author=f"see {ADDRESS}",
        words=f"look at {ADDRESS}",
        offence=Offence("offensive", "staff"),
    )
    opinion = opinion_ask(actor=team.lena, comment=row, once=uuid4(), draft=f"We saw {ADDRESS}", of=team.milo)
    opinion_give(actor=team.milo, opinion=opinion, verdict="change", advice=f"Leave out {ADDRESS}")
    comment_step(actor=team.lena, comment=row, move="note", words=f"It stands at {ADDRESS}")
    opinion_ask(actor=team.lena, comment=row, once=uuid4(), draft=f"Again {ADDRESS}", of=team.milo)
    return row


def a_concern_of_an_image(row: Comment) -> None:
    Concern.objects.bulk_create([Concern(once=uuid4(), school=row.school, image=True, abuse=row.offensive)])


def pages_of(row: Comment, user: User) -> dict[str, str]:
    """Each page on which the person may read the comment."""
    waiting = SecondOpinion.objects.filter(asked_of=user, given_at=None)
    paths = ["/comments/", "/comments/export/", *(f"/comments/opinions/{one.uuid}/" for one in waiting)]
    names = ("", "answer/", "note/", "kind/", "offensive/", "opinion/")
    paths += [f"/comments/{row.uuid}/{name}" for name in names]
    client, found = browser(user), {}
    for path in paths:
        answer = client.get(path)
        if answer.status_code == 200:
            found[path] = answer.content.decode()
    return found


@pytest.mark.clause("CBC-10.03")
def test_an_address_is_left_out_on_every_page_where_an_image_of_a_child_may_be_involved() -> None:
    team = a_team(preset="cit")
    row = an_offensive(team)
    before = pages_of(row, team.bob)
    assert {"/comments/", "/comments/export/", f"/comments/{row.uuid}/"} <= set(before)
    assert before[f"/comments/{row.uuid}/"].count("bad.example") == 6
    assert "bad.example" in before["/comments/export/"]
    a_concern_of_an_image(row)
    for user in (team.bob, team.lena, team.milo, team.cora):
        pages = pages_of(row, user)
        assert pages
        assert not [path for path, body in pages.items() if "bad.example" in body], user
        assert LEFT_OUT in pages[f"/comments/{row.uuid}/"]


def test_a_file_in_which_an_address_is_left_out_is_read_back_without_a_second_comment() -> None:
    team = a_team(preset="cit")
    a_concern_of_an_image(an_offensive(team))
    data = browser(team.bob).get("/comments/export/").content
    assert LEFT_OUT.encode() in data
    done = comments_import(actor=team.bob, school=team.school, once=uuid4(), data=data)
    assert (done.logged, done.there) == (0, 1)


def test_who_may_not_read_the_log_of_abuse_learns_nothing_of_a_concern_by_the_comment() -> None:
    team = a_team(preset="cit")
    row = an_offensive(team)
    assert not AbuseEntry.objects.filter(by=team.milo).exists()
    before = page_of(row, team.milo)
    assert "bad.example" not in before
    a_concern_of_an_image(row)
    assert page_of(row, team.milo) == before


def step(row: Comment, user: User, move: str, words: str = "So it is") -> Comment:
    return comment_step(actor=user, comment=row, move=move, words=words)


@pytest.mark.clause("RAV-5.07")
@pytest.mark.parametrize("move", ["hide", "leave", "resolve", "answer", "acknowledge"])
def test_a_journalist_s_comment_is_not_closed_by_whoever_runs_the_account(move: str) -> None:
    team = a_team()
    row = a_comment(team, kind="press")
    for user in (team.milo, team.lena, team.cora):
        with pytest.raises(Refused, match="Do not answer"):
            step(row, user, move)
    assert did(row) == ["logged", "passed"]
    words = page_of(row, team.milo)
    for title in ("Say that it was hidden", "Resolve it", "Put it under another kind", "Leave it without"):
        assert title not in words


def test_that_a_comment_was_passed_on_by_itself_does_not_settle_it() -> None:
    team = a_team()
    for kind, user in (("press", team.sue), ("policy", team.bob)):
        row = a_comment(team, kind=kind, words=kind)
        with pytest.raises(Refused, match="First say what was answered, hide it"):
            step(row, user, "resolve")
        comment_reclass(actor=user, comment=row, kind="comment")
        with pytest.raises(Refused, match="First say what was answered, pass it on"):
            step(row, team.milo, "resolve")
        step(row, team.milo, "pass")
        assert step(row, team.milo, "resolve").resolved_by == team.milo
    row = a_comment(team, kind="press")
    step(row, team.sue, "answer")
    assert step(row, team.sue, "resolve").resolved_by == team.sue


def test_where_nobody_holds_the_role_that_answers_journalists_whoever_leads_the_school_does() -> None:
    team = a_team()
    row = a_comment(team, kind="press")
    team.sue.memberships.update(ended_at=timezone.now())
    with pytest.raises(Refused, match="Do not answer"):
        step(row, team.milo, "answer")
    assert step(row, team.bob, "answer").answered_by == team.bob


@pytest.mark.clause("CIT-2.19")
def test_a_complaint_about_the_policy_is_resolved_by_the_panel_or_whoever_leads_the_school() -> None:
    team = a_team(preset="cit")
    rows = [a_comment(team, kind="policy", words=f"{n}") for n in range(3)]
    for row, user in zip(rows, (team.gina, team.bob, team.cora), strict=True):
        assert comment_rules.allows(user, "handle", row)
        step(row, user, "answer")
        for runner in (team.lena, team.milo):
            with pytest.raises(Refused, match="complaint about the policy"):
                step(row, runner, "resolve")
            assert "Resolve it" not in page_of(row, runner)
        assert "Resolve it" in page_of(row, user)
        assert step(row, user, "resolve").resolved_by == user
    assert not comment_rules.allows(team.gina, "handle", a_comment(team, words="Plain"))


@pytest.mark.clause("RAV-5.07", "CIT-2.19")
@pytest.mark.parametrize(
    ("preset", "kind", "who", "heard"),
    [("ravens-wood", "press", "sue", ["Bea"]), ("cit", "policy", "gina", ["Bob"])],
)
def test_only_who_settles_it_puts_it_under_another_kind_and_who_was_told_is_told(
    preset: str, kind: str, who: str, heard: list[str]
) -> None:
    team = a_team(preset=preset)
    if kind == "press":
        a_person("Bea Bell", Role.SENIOR_LEADER, team.school)
    row = a_comment(team, kind=kind)
    for runner in (team.lena, team.milo):
        with pytest.raises(Refused):
            comment_reclass(actor=runner, comment=row, kind="comment")
        assert browser(runner).post(f"/comments/{row.uuid}/kind/", {"kind": "comment"}).status_code == 422
    assert told("comment_moved") == []
    row = comment_reclass(actor=getattr(team, who), comment=row, kind="comment")
    assert told("comment_moved") == heard
    assert did(row) == ["logged", "passed", "reclassed"]
    assert row.steps.last().note.text.endswith(" → Comment")


def test_a_governor_who_no_longer_sees_the_comment_still_hears_that_it_has_another_kind() -> None:
    team = a_team(preset="cit")
    row = a_comment(team, kind="policy")
    comment_reclass(actor=team.bob, comment=row, kind="comment")
    gina = User.objects.get(pk=team.gina.pk)
    assert not comment_rules.allows(gina, "view", row)
    notice = Notice.objects.get(kind="incidents.comment_moved")
    assert shown_to(gina, [notice]) == [notice]
    assert str(row.uuid) not in notice.link
    assert browser(gina).get(notice.link).status_code == 200


def everything(team: Team) -> tuple[Comment, dict[str, Any]]:
    """A comment that Alice logged, with a leader's note, and an opinion each of Milo and of Alice's."""
    row = a_comment(team, actor=team.alice)
    step(row, team.cora, "note", "Between leaders: Jo Bloggs")
    asked = opinion_ask(actor=team.cora, comment=row, once=uuid4(), draft="First draft", of=team.milo)
    opinion_give(actor=team.milo, opinion=asked, verdict="change", advice="Milo's advice")
    return row, {"note": "Jo Bloggs", "draft": "First draft", "advice": "Milo's advice"}


def test_whoever_only_logged_a_comment_reads_what_was_written_and_how_it_stands_and_no_more() -> None:
    team = a_team()
    row, secrets = everything(team)
    for user in (team.bob, team.cora, team.lena, team.milo, team.sue):
        assert all(words in page_of(row, user) for words in secrets.values()), user
    words = page_of(row, team.alice)
    assert "When does the summer fair begin?" in words
    assert "Logged by" in words
    assert not [name for name, said in secrets.items() if said in words]
    assert "What happened" not in words


def test_whoever_is_asked_for_an_opinion_reads_that_one_alone() -> None:
    team = a_team()
    row, secrets = everything(team)
    SecondOpinion.objects.create(
        once=uuid4(), comment=row, draft="For Alice", asked_by=team.cora, asked_of=team.alice
    )
    words = page_of(row, team.alice)
    assert "For Alice" in words
    assert not [name for name, said in secrets.items() if said in words]


def test_the_page_of_an_entry_of_abuse_cannot_be_taken_before_it_is_made() -> None:
    team = a_team(preset="cit")
    row = a_comment(team, actor=team.alice)
    abuse_log(
        actor=team.alice,
        school=team.school,
        once=uuid5(row.uuid, "abuse"),
        seen=Seen(
            seen_at=row.received_at,
            author="x",
            words="harmless",
            nature="offensive",
            against="staff",
            account=team.account,
        ),
    )
    row = comment_offensive(actor=team.lena, comment=row, offence=Offence("threat", "staff"))
    assert row.offensive.words == row.words
    assert row.steps.get(did="abuse").single == "abuse"
    assert CommentStep.Did.ABUSE in CommentStep.ONCE
    with pytest.raises(Refused, match="already"):
        comment_offensive(actor=team.lena, comment=row, offence=Offence("threat", "staff"))
    with pytest.raises(PermissionDenied):
        comment_offensive(actor=team.alice, comment=row, offence=Offence("threat", "staff"))
