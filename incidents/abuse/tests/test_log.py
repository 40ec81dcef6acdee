"""The log of abuse: who may log, read, act, take it away; and that nothing is ever lost from it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.utils import timezone

from core.errors import Refused
from core.models import Notice
from core.roles import Post, Role
from incidents.abuse.access import abuse_rules
from incidents.abuse.services import Done, Shot, act_add, entry_close, entry_reopen, shots_add
from incidents.abuse.tests.cases import a_log_crew, a_screenshot, an_account, an_entry
from incidents.models import AbuseAct, AbuseEntry, Evidence
from incidents.tests.cases import recorded
from people.models import User
from smgov.testing import a_person, a_school

pytestmark = pytest.mark.django_db


def may(user: User, action: str, entry: AbuseEntry) -> bool:
    """Whether the rules open it, read afresh."""
    return abuse_rules.allows(User.objects.get(pk=user.pk), action, entry)


@pytest.mark.clause("CIT-2.45", "CIT-2.46")
def test_at_cit_the_head_of_communications_keeps_the_log_and_handles_what_is_in_it() -> None:
    crew, cora = a_log_crew("cit")
    entry = an_entry(crew)
    assert list(Notice.objects.filter(kind="incidents.abuse_logged").values_list("recipient", flat=True)) == [
        cora.pk
    ]
    act_add(actor=cora, entry=entry, done=Done("hidden"))
    entry_close(actor=cora, entry=entry)
    with pytest.raises(PermissionDenied):
        entry_reopen(actor=crew.bob, entry=entry)
    assert may(crew.bob, "view", entry)
    assert recorded("incidents.abuse_acted") == recorded("incidents.abuse_closed") == 1


@pytest.mark.clause("STM-2.17", "STM-2.18")
def test_at_st_marys_the_headteacher_keeps_the_log_also_of_what_stands_elsewhere() -> None:
    crew, cora = a_log_crew("st-marys")
    entry = an_entry(crew, elsewhere="A group of parents")
    assert entry.account is None
    assert Notice.objects.get(kind="incidents.abuse_logged").recipient == crew.bob
    act_add(actor=crew.bob, entry=entry, done=Done("reported"))
    entry_close(actor=crew.bob, entry=entry)
    with pytest.raises(PermissionDenied):
        entry_reopen(actor=cora, entry=entry)


@pytest.mark.clause("RAV-7.01")
def test_at_ravens_wood_an_offensive_comment_on_the_account_is_reported_to_the_moderator() -> None:
    crew, cora = a_log_crew("ravens-wood")
    entry = an_entry(crew, actor=crew.carl)  # a contributor acts on behalf of the school too
    assert Notice.objects.get(kind="incidents.abuse_logged").recipient == cora
    assert may(cora, "close", entry)
    assert not may(crew.bob, "close", entry)


def test_the_keeper_who_logs_it_is_not_told_of_it() -> None:
    crew, _ = a_log_crew("st-marys")
    an_entry(crew, actor=crew.bob)
    assert not Notice.objects.filter(kind="incidents.abuse_logged").exists()


def test_who_reads_an_entry_and_who_does_not() -> None:
    crew, cora = a_log_crew("st-marys")
    head_deputy = a_person("Hedda Hill", Role.HEADTEACHER, crew.school, post=Post.DEPUTY)
    stranger = a_person("Eve East", Role.HEADTEACHER, a_school(preset="st-marys"))
    root = User.objects.create_superuser("root@hilltop.example.org", "Root", "x")
    entry = an_entry(crew)
    readers = [
        one for one in (*crew.everybody(), cora, head_deputy, stranger, root) if may(one, "view", entry)
    ]
    assert readers == [crew.alice, crew.bob, crew.dora, crew.sue, crew.ella, cora, head_deputy]
    for user, action in ((crew.gina, "view"), (crew.alice, "export"), (crew.alice, "close"), (cora, "act")):
        assert not may(user, action, entry)
    assert may(crew.gina, "figures", entry)
    assert may(crew.alice, "act", entry)


def test_who_has_left_sees_no_more_what_they_logged() -> None:
    crew, _ = a_log_crew()
    entry = an_entry(crew)
    crew.alice.memberships.update(ended_at=timezone.now())
    assert not may(crew.alice, "view", entry)


def test_a_governor_and_another_school_cannot_log() -> None:
    crew, _ = a_log_crew()
    stranger = a_person("Eve East", Role.STAFF, a_school(preset="st-marys"))
    for actor in (crew.gina, stranger):
        with pytest.raises(PermissionDenied):
            an_entry(crew, actor=actor)
    assert not AbuseEntry.objects.exists()


def test_where_the_log_takes_in_only_the_schools_own_accounts_the_message_says_whom_to_tell() -> None:
    crew, _ = a_log_crew("cit", abuse_log_elsewhere=False)
    with pytest.raises(Refused, match=r"Head of Communications.*in person") as refusal:
        an_entry(crew)
    assert refusal.value.field == "place"
    assert an_entry(crew, account=an_account(crew.school)).elsewhere == ""


def test_an_account_must_be_one_that_the_person_sees_at_the_school() -> None:
    crew, _ = a_log_crew()
    other = an_account(a_school(preset="st-marys"), "Another school")
    own = an_account(crew.school)
    for actor, account in ((crew.alice, other), (crew.carl, own)):
        with pytest.raises(Refused, match="Choose an account"):
            an_entry(crew, actor=actor, account=account)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"elsewhere": " "}, "elsewhere"),
        ({"author": " \n"}, "author"),
        ({"words": " "}, "words"),
        ({"nature": "image"}, "nature"),
        ({"against": "cat"}, "against"),
        ({"seen_at": timezone.now() + timedelta(days=1)}, "seen_time"),
        ({"seen_at": timezone.now() - timedelta(days=9000)}, "seen_on"),
    ],
)
def test_what_is_missing_or_cannot_be_is_refused_beside_its_field(changes, field) -> None:
    crew, _ = a_log_crew()
    with pytest.raises(Refused) as refusal:
        an_entry(crew, **changes)
    assert refusal.value.field == field
    assert not AbuseEntry.objects.exists()


def test_a_double_click_is_one_entry_and_other_words_are_another() -> None:
    crew, _ = a_log_crew()
    once, at = uuid4(), timezone.now() - timedelta(hours=2)
    first = an_entry(crew, once=once, seen_at=at)
    assert an_entry(crew, once=once, seen_at=at) == first
    assert an_entry(crew, once=once, seen_at=at, words="Something else") != first
    assert an_entry(crew, actor=crew.mark, once=uuid4(), seen_at=at) != first
    assert AbuseEntry.objects.count() == recorded("incidents.abuse_logged") == 3
    with pytest.raises(Refused, match="Open it afresh"):
        an_entry(crew, actor=crew.mark, once=once)


def test_what_was_done_says_by_whom_and_is_added_once() -> None:
    crew, _ = a_log_crew()
    entry = an_entry(crew, done=(Done("answered", who="Ann  Ash", note="Politely"), Done("blocked")))
    assert [(act.did, act.note, act.by) for act in entry.acts.all()] == [
        ("answered", "Done by Ann Ash. Politely", crew.alice),
        ("blocked", "", crew.alice),
    ]
    act_add(actor=crew.bob, entry=entry, done=Done("police", note="CAD 4711"))
    act_add(actor=crew.bob, entry=entry, done=Done("police", note="CAD 4711"))
    assert entry.acts.count() == 3


@pytest.mark.parametrize(
    "done", [Done("vanished"), Done("other"), Done("other", who="Ann"), Done("left", note="x" * 501)]
)
def test_an_act_that_says_nothing_or_too_much_is_refused(done) -> None:
    crew, _ = a_log_crew()
    with pytest.raises(Refused):
        act_add(actor=crew.bob, entry=an_entry(crew), done=done)
    assert not AbuseAct.objects.exists()


def test_nobody_else_acts_on_it() -> None:
    crew, _ = a_log_crew()
    entry = an_entry(crew)
    for actor in (crew.sue, crew.dora, crew.mark, crew.gina):
        with pytest.raises(PermissionDenied):
            act_add(actor=actor, entry=entry, done=Done("hidden"))
        with pytest.raises(PermissionDenied):
            entry_close(actor=actor, entry=entry)


def test_it_is_done_only_once_something_was_said_and_can_be_opened_again() -> None:
    crew, _ = a_log_crew()
    entry = an_entry(crew)
    with pytest.raises(Refused, match="First say what was done"):
        entry_close(actor=crew.bob, entry=entry)
    with pytest.raises(Refused, match="open already"):
        entry_reopen(actor=crew.bob, entry=entry)
    act_add(actor=crew.alice, entry=entry, done=Done("deleted"))
    assert entry_close(actor=crew.bob, entry=entry).done_by == crew.bob
    with pytest.raises(Refused, match="already"):
        entry_close(actor=crew.bob, entry=entry)
    assert entry_reopen(actor=crew.bob, entry=entry).done_at is None


@pytest.mark.clause("CBC-11.03")
def test_what_was_hidden_or_deleted_on_the_platform_stays_in_the_log_word_for_word() -> None:
    crew, _ = a_log_crew("cbc")
    entry = an_entry(crew, words="Go away, all of you", files=(a_screenshot(),))
    act_add(actor=crew.alice, entry=entry, done=Done("deleted"))
    entry_close(actor=crew.bob, entry=entry)
    entry.refresh_from_db()
    assert entry.words == "Go away, all of you"
    act = entry.acts.get()
    for row in (act, entry.evidence.get()):
        with pytest.raises(DatabaseError), transaction.atomic():
            type(row).objects.filter(pk=row.pk).delete()
    assert AbuseAct.objects.filter(pk=act.pk).exists()
    assert entry.evidence.exists()


def test_screenshots_carry_time_place_and_taker_and_a_double_click_keeps_them_once() -> None:
    crew, _ = a_log_crew()
    once, at = uuid4(), timezone.now() - timedelta(hours=3)
    shot = a_screenshot()
    entry = an_entry(crew, once=once, seen_at=at, files=(shot, a_screenshot("red")))
    an_entry(crew, once=once, seen_at=at, files=(shot, a_screenshot("red")))
    rows = list(entry.evidence.select_related("body"))
    assert len(rows) == 2
    assert {row.captured_at for row in rows} == {at}
    assert {(row.body.place, row.body.captured_by) for row in rows} == {(entry.where, "Alice Archer")}
    assert rows[0].body.original.read() in (shot.data, a_screenshot("red").data)


def test_screenshots_may_follow_later_from_whoever_acts_on_it() -> None:
    crew, _ = a_log_crew()
    entry = an_entry(crew)
    shot = Shot("The page of the school", timezone.now(), "Ann Ash", "The comment")
    shots_add(actor=crew.bob, entry=entry, shot=shot, files=[a_screenshot()])
    with pytest.raises(PermissionDenied):
        shots_add(actor=crew.sue, entry=entry, shot=shot, files=[a_screenshot()])
    with pytest.raises(Refused, match="Choose a screenshot"):
        shots_add(actor=crew.bob, entry=entry, shot=shot, files=[])
    late = Shot("The page", timezone.now() + timedelta(days=1), "Ann Ash", "The comment")
    with pytest.raises(Refused):
        shots_add(actor=crew.bob, entry=entry, shot=late, files=[a_screenshot("red")])
    assert Evidence.objects.count() == 1


def test_a_notice_names_nobody_and_says_nothing_of_it() -> None:
    crew, _ = a_log_crew()
    entry = an_entry(crew, author="Zed Zebra", words="Quagga")
    notice = Notice.objects.get(kind="incidents.abuse_logged")
    assert str(entry.uuid) in notice.link
    assert "Zed" not in notice.link + str(entry)
    assert "Quagga" not in str(entry)
