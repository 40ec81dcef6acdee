"""`manage.py demo`: every state is there, all through the services, once, and never in production."""

import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO, StringIO, TextIOWrapper

import pytest
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import validate_password
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import override_settings
from django.utils import timezone
from pytest_django import DjangoDbBlocker, Settings

from accounts.choices import Form, Right
from accounts.models import AccountRequest, AccountRight, ConsultationMessage, RightsRequest, SocialAccount
from accounts.services.rights import shortfall
from approvals.models import ApprovalRequest, ApprovalStep
from approvals.signers import signers_of
from consent.models import (
    ConsentCheck,
    NeverShow,
    OtherPerson,
    Position,
    PostSearch,
    Pupil,
    PupilImport,
    Reply,
    Round,
    Says,
    Weight,
)
from core import anchors, audit
from core.models import AuditEvent, Notice
from core.roles import Role
from incidents.concerns.selectors import readers_of
from incidents.models import AbuseEntry, Concern, Evidence, Share, Status
from people.models import Deputy, Invitation, Membership, PendingChange, School, User
from people.selectors import memberships_at, profile_of
from smgov.demo import script, story, table
from smgov.demo.people import PASSWORD, PEOPLE, TO_TRY, addresses
from smgov.management.commands import demo as command
from smgov.testing import a_person, a_school

# Where several workers share the suite, one of them loads it for all of these tests (conftest.py).
pytestmark = [pytest.mark.django_db, pytest.mark.once]
LONGEST = 100
"""Seconds of work that loading may take; a busy machine needs longer by the clock."""


def run(*options: str) -> str:
    """What the command prints."""
    out = StringIO()
    call_command("demo", *options, stdout=out)
    return out.getvalue()


@pytest.fixture(scope="class")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[float]:
    """The demo, loaded once for the class and taken back after it; gives how many seconds of work it was."""
    hashers = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with override_settings(PASSWORD_HASHERS=hashers), django_db_blocker.unblock(), transaction.atomic():
        began = time.process_time()
        run("--if-empty")
        yield time.process_time() - began
        transaction.set_rollback(True)


@pytest.mark.usefixtures("demo")
class TestLoaded:
    """What the demo shows, loaded once."""

    def test_it_loads_soon_enough_and_the_audit_chain_is_whole(self, demo: float) -> None:
        assert demo < LONGEST
        assert audit.verify().intact
        assert AuditEvent.objects.count() > 1000
        assert not AuditEvent.objects.filter(at__gt=timezone.now()).exists()

    def test_loading_it_again_changes_nothing(self) -> None:
        def counts() -> tuple[int, ...]:
            return tuple(
                model.objects.count() for model in (AuditEvent, User, Membership, SocialAccount, Notice)
            )

        before = counts()
        assert run("--if-empty") == ""
        assert story.load() is False
        assert counts() == before

    def test_concerns_and_the_log_of_abuse_show_every_state(self) -> None:
        assert set(Concern.objects.values_list("status", flat=True)) == set(Status.values)
        assert len(set(Concern.objects.values_list("category", flat=True))) > 10
        assert set(Concern.objects.values_list("channel", flat=True)) >= {"portal", "public"}
        assert Concern.objects.filter(image=True).exists()
        assert Concern.objects.exclude(waiting_for="").exists()
        assert Evidence.objects.exists()
        assert Share.objects.filter(ended_at=None).exists()
        assert AbuseEntry.objects.filter(done_at=None).exists()
        assert AbuseEntry.objects.exclude(done_at=None).exists()
        readers = {concern.pk: readers_of(concern) for concern in Concern.objects.all()}
        assert all(readers.values()), "a concern that nobody may read"

    def test_image_consent_shows_every_state(self) -> None:
        school = School.objects.get(name="Millbrook Academy")
        assert Pupil.objects.filter(school=school).count() == 400
        said = Position.objects.filter(pupil__school=school).values_list("says", flat=True)
        assert set(said) == set(Says.values)
        assert set(Reply.objects.values_list("weight", flat=True)) == set(Weight.values)
        assert {"counts", "to_check", "noted"} <= set(
            Reply.objects.filter(school=school).values_list("weight", flat=True)
        )
        outcomes = PostSearch.objects.filter(school=school).values_list("outcome", flat=True)
        assert set(outcomes) == {"", *PostSearch.Outcome.values}
        assert set(PupilImport.objects.values_list("status", flat=True)) >= {"accepted", "review"}
        waiting = PupilImport.objects.get(status="review").counts
        assert all(waiting.get(one) for one in ("new", "changed", "unchanged", "missing", "doubtful"))
        assert NeverShow.objects.filter(lifted_at=None).exists()
        assert OtherPerson.objects.filter(ended_at=None).exists()
        assert ConsentCheck.objects.exists()
        assert {row.status for row in Round.objects.all()} == {"open", "closed"}
        assert "/consent/answer/" in table.parents_page()

    @pytest.mark.parametrize("form", Form.values)
    def test_each_form_has_requests_in_every_state(self, form: str) -> None:
        rows = list(AccountRequest.objects.filter(form=form).select_related("approval"))
        states = Counter(row.status for row in rows)
        assert set(states) >= {"draft", "pending", "returned", "refused", "withdrawn", "approved"}
        drafts = [row for row in rows if row.status == "draft"]
        assert {bool(row.evaluation or row.promotion) for row in drafts} == {False, True}, "half and whole"
        pending = ApprovalRequest.objects.filter(account_request__form=form, status="pending")
        assert pending.filter(steps__order=1, steps__status="current").exists()
        assert pending.filter(steps__order=2, steps__status="current").exists()
        assert pending.filter(round=2).exists(), "returned and sent again"
        assert SocialAccount.objects.filter(request__form=form, status="approved").exists(), (
            "waits to be set up"
        )

    def test_there_is_advice_a_discarded_draft_and_an_expired_request(self) -> None:
        assert set(ConsultationMessage.objects.values_list("topic", flat=True)) == {
            "consultation",
            "technical",
        }
        assert AccountRequest.objects.filter(discarded_at__isnull=False).exists()
        assert ApprovalRequest.objects.filter(status="expired").exists()
        assert ApprovalRequest.objects.filter(status="pending", due_at__lt=timezone.now()).exists(), "overdue"

    def test_everything_that_waits_can_be_signed_by_somebody(self) -> None:
        current = ApprovalStep.objects.filter(status="current").select_related("request__school")
        capacities = {step: [signer.capacity for signer in signers_of(step)] for step in current}
        assert all(capacities.values())
        words = " ".join(word for held in capacities.values() for word in held)
        assert "Deputy for" in words
        assert "Chair, in place of" in words

    def test_the_register_fills_pages_and_holds_every_state(self) -> None:
        trust = SocialAccount.objects.filter(school__trust__name="Larkfield Learning Trust")
        assert trust.filter(status="live").count() >= 60
        assert set(SocialAccount.objects.values_list("status", flat=True)) == set(SocialAccount.Status.values)
        live = SocialAccount.objects.filter(status="live").select_related("school")
        short = [account.name for account in live if shortfall(account, profile_of(account.school)) > 0]
        assert sorted(short) == ["Millbrook History", "Year 3 at St Cedd's"]

    def test_rights_are_held_asked_for_and_ended(self) -> None:
        assert set(AccountRight.objects.values_list("right", flat=True)) == set(Right.values)
        assert AccountRight.objects.filter(until__gt=timezone.localdate(), ended_at=None).exists()
        assert AccountRight.objects.exclude(ended_at=None).exists()
        waiting = RightsRequest.objects.filter(open=True)
        assert set(waiting.values_list("move", flat=True)) == {"grant", "end"}
        assert waiting.filter(before_live=True).exists(), "going live waits for it"
        orders = ApprovalStep.objects.filter(request__rights_request__in=waiting, status="current")
        assert set(orders.values_list("order", flat=True)) == {1, 2}

    def test_changes_wait_for_a_second_person(self) -> None:
        waiting = PendingChange.objects.filter(status="awaiting").select_related("requested_by")
        assert set(waiting.values_list("kind", flat=True)) == {"membership", "setting", "email"}
        role = waiting.get(kind="membership")
        assert role.payload["role"] == Role.DSL
        assert role.requested_by.memberships.filter(role=Role.IT).exists()

    def test_every_school_has_everybody_whom_its_process_needs(self) -> None:
        for school in School.objects.filter(kind="school"):
            roles = set(memberships_at(school).values_list("role", flat=True))
            assert roles >= set(Role) - {Role.SENIOR_LEADER, Role.HR, Role.DPO}, school.name
            assert roles & {Role.HR, Role.DPO}, school.name
            posts = set(memberships_at(school).values_list("post", flat=True))
            assert posts >= {"chair", "office_manager", "hr_director", "online_safety"}, school.name

    def test_only_one_school_has_still_to_choose_its_process(self) -> None:
        closed = [
            school.name for school in School.objects.all() if profile_of(school).open_settings("accounts")
        ]
        assert closed == ["The Lanterns Centre"]
        forms = {profile_of(school).account_form for school in School.objects.exclude(name__in=closed)}
        assert forms == set(Form.values)
        assert max(len(school.name) for school in School.objects.all()) > 120

    def test_people_come_and_go(self) -> None:
        today = timezone.localdate()
        away = Deputy.objects.active().get()
        assert away.person.memberships.filter(role=Role.HEADTEACHER).exists()
        assert Deputy.objects.filter(starts__gt=today).exists()
        invited = Invitation.objects.filter(accepted_at=None)
        assert {invitation.is_open for invitation in invited} == {True, False}
        assert not any(invitation.user.has_usable_password() for invitation in invited)
        assert Membership.objects.exclude(ended_at=None).exists()
        assert Membership.objects.filter(ended_at=None, ends__gt=today).exists()
        assert Membership.objects.filter(starts__gt=today).exists()
        assert User.objects.filter(is_superuser=True).count() == 1

    def test_notices_are_seen_and_new_and_only_open_invitations_are_still_to_be_mailed(self) -> None:
        new, seen = Notice.objects.filter(seen_at=None), Notice.objects.exclude(seen_at=None)
        assert 10 < new.count() < seen.count()
        assert not seen.filter(created_at__gt=timezone.now() - timedelta(days=5)).exists()
        assert set(Notice.objects.filter(sent_at=None).values_list("kind", flat=True)) == {
            "people.invitation"
        }

    def test_all_have_one_password_that_the_portal_would_take(self) -> None:
        joined = User.objects.filter(email__in=addresses().values())
        hashes = set(joined.values_list("password", flat=True))
        assert len(hashes) == 1
        assert check_password(PASSWORD, hashes.pop())
        for user in joined:
            validate_password(PASSWORD, user)

    def test_nobody_and_no_school_is_real(self) -> None:
        assert all(user.email.endswith(".example.org") for user in User.objects.all())
        names = list(User.objects.values_list("full_name", flat=True))
        assert len(names) == len(set(names)) >= 100
        for mark in ("'", "-", "ń", "ó", "ø"):
            assert any(mark in name for name in names)
        lengths = [len(name) for name in names]
        assert min(lengths) <= 5
        assert max(lengths) >= 40

    def test_the_table_says_who_to_sign_in_as(self) -> None:
        text = run("--people")
        for name in TO_TRY:
            assert name in text
            assert addresses()[name] in text
        assert text.count(PASSWORD) == len(TO_TRY)
        assert all(
            School.objects.get(name=name).name in text
            for name in ("Thornwick High School", "The Lanterns Centre")
        )
        held = Membership.objects.filter(user__full_name__in=TO_TRY).values_list("role", flat=True)
        assert set(held) == set(Role)

    def test_a_terminal_without_accents_gets_question_marks(self) -> None:
        out = TextIOWrapper(BytesIO(), encoding="ascii")
        call_command("demo", "--people", stdout=out)
        out.flush()
        assert b"Jonathan Ad?b?y?" in out.buffer.getvalue()

    def test_the_whole_table_has_everybody(self) -> None:
        text = run("--everybody")
        for name in {name for names in PEOPLE.values() for name in names}:
            assert name in text
        assert text.count("has not joined yet") == Invitation.objects.filter(accepted_at=None).count()
        assert "Has left" in text

    @pytest.mark.skipif(connection.vendor != "sqlite", reason="needs SQLite")
    def test_reset_empties_the_database_and_puts_the_triggers_back(
        self, monkeypatch: pytest.MonkeyPatch, settings: Settings
    ) -> None:
        loaded: list[bool] = []
        monkeypatch.setattr(story, "load", lambda: loaded.append(School.objects.exists()))
        (settings.VAR / anchors.FILE).write_text("1 0000\n")
        try:
            run("--reset")
            assert loaded == [False]
            assert not AuditEvent.objects.exists()
            assert not User.objects.exists()
            assert not (settings.VAR / anchors.FILE).exists()
            with audit.audited():
                audit.record("people.signed_in")
            with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic():
                AuditEvent.objects.all().delete()
        finally:
            ContentType.objects.clear_cache()


def test_reset_leaves_schools_alone_that_are_not_the_demos() -> None:
    school = a_school("A Real School")
    with pytest.raises(CommandError, match="Nothing was deleted"):
        run("--reset")
    assert School.objects.get() == school


def test_reset_is_for_sqlite_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "connection", type("Elsewhere", (), {"vendor": "postgresql"}))
    a_person("Alice Archer")
    with pytest.raises(CommandError, match="Only a local SQLite database"):
        run("--reset")
    assert User.objects.exists()


@pytest.mark.parametrize("option", ["--if-empty", "--people", "--everybody", "--reset"])
def test_production_refuses_all_of_it(settings: Settings, option: str) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="never enter a real installation"):
        run(option)
    assert not School.objects.exists()


def test_without_the_demo_there_is_no_table() -> None:
    a_person("Alice Archer")
    assert table.lines() == []
    assert run("--people") == "The demo is not loaded here.\n"


@pytest.mark.parametrize("line", ["start", "x start", "3", "3 Start", "3 yes Somebody:"])
def test_a_line_that_is_no_step_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="not a step"):
        script.Step.read(line)


def test_a_step_is_read_from_its_line() -> None:
    assert script.Step.read("3 yes Jo Li") == script.Step(3, "yes", "Jo Li")
    assert script.Step.read("7 reply Jo Li: So: yes.") == script.Step(7, "reply", "Jo Li", "So: yes.")
    assert script.Step.read("7 ask: May we?") == script.Step(7, "ask", "", "May we?")
