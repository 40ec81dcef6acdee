"""Training is recorded, taken back, refreshed, worked out and reminded of; each rule refuses."""

import uuid
from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.utils import timezone

from core.errors import Refused
from core.feeds import dates_of
from core.models import AuditEvent, Notice, Platform
from core.notices import send_due
from core.roles import Role
from core.todo import for_user
from people.models import Membership, User
from people.services.memberships import membership_end, membership_give, person_leaves
from policies.models import Training, TrainingDuty, TrainingRecord
from policies.training import importing, runners
from policies.training.duties import duties_work_out
from policies.training.importing import FileRefused, training_import
from policies.training.law import FOREVER
from policies.training.services import (
    refresh_call_off,
    session_hold,
    session_join,
    training_record,
    training_withdraw,
)
from policies.training.sweeps import duties_all, training_remind
from policies.training.tests.cases import a_record, a_refresh, a_session, a_staffed_school, ago, what
from smgov.testing import a_person, a_school, a_trust, give

pytestmark = pytest.mark.django_db


def duty(user: User, kind: str = Training.SAFEGUARDING) -> TrainingDuty:
    return TrainingDuty.objects.get(user=user, kind=kind)


def afresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


@pytest.mark.clause("STM-2.05", "STM-11.01", "STM-11.02", "STM-2.04")
def test_what_each_person_owes_at_st_marys() -> None:
    made = a_staffed_school(started=10)
    duties_work_out(made.school)
    owed = TrainingDuty.objects.filter(user=made.ann)
    assert {one.kind for one in owed} == {Training.SAFEGUARDING, Training.SOCIAL_MEDIA, Training.AT_RISK}
    assert {one.due_on for one in owed} == {ago(10) + timedelta(days=30)}
    assert [one.kind for one in TrainingDuty.objects.filter(user=made.governor)] == [Training.GOVERNANCE]
    a_record(made, kind=Training.SOCIAL_MEDIA)
    a_record(made)
    assert duty(made.ann, Training.SOCIAL_MEDIA).due_on == timezone.localdate().replace(
        year=timezone.localdate().year + 1
    )
    assert duty(made.ann).due_on == FOREVER
    assert duties_work_out(made.school) == 0


@pytest.mark.clause("CIT-2.07", "CIT-2.06")
def test_at_a_school_of_cit_induction_is_owed_and_governors_keep_up_each_year() -> None:
    made = a_staffed_school("cit")
    duties_work_out(made.school)
    assert [one.kind for one in TrainingDuty.objects.filter(user=made.ann)] == [Training.SAFEGUARDING]
    a_record(made, made.governor, Training.GOVERNANCE, days=200)
    assert duty(made.governor, Training.GOVERNANCE).due_on < timezone.localdate() + timedelta(days=366)


@pytest.mark.clause("RAV-2.14")
def test_a_policy_without_an_interval_asks_for_nothing_and_takes_every_record() -> None:
    made = a_staffed_school("ravens-wood", trainer=["head_of_comms"])
    assert a_record(made, kind=Training.DEVELOPMENT).kind == Training.DEVELOPMENT
    duties_work_out(made.school)
    assert not TrainingDuty.objects.exists()


def test_a_role_that_ends_and_a_profile_that_changes_are_met_by_the_nightly_sweep() -> None:
    made = a_staffed_school()
    duties_all()
    before = TrainingDuty.objects.filter(school=made.school).count()
    made.school.profile.settings.create(key="training_intervals", value={"staff_safeguarding": "yearly"})
    Membership.objects.filter(user=made.ann).update(ends=ago(1))
    assert duties_all() == 1
    assert not TrainingDuty.objects.filter(user=made.ann).exists()
    assert TrainingDuty.objects.filter(school=made.school).count() == 3 < before
    assert duties_all() == 0


def test_a_leavers_records_stay() -> None:
    made = a_staffed_school()
    row = a_record(made)
    person_leaves(actor=made.head, user=made.ann, school=made.school)
    duties_all()
    assert TrainingRecord.objects.get() == row
    assert not TrainingDuty.objects.filter(user=made.ann).exists()


def test_work_for_two_hundred_people_costs_a_few_queries(django_assert_max_num_queries) -> None:
    made = a_staffed_school()
    users = User.objects.bulk_create(
        User(email=f"many{n}@hilltop.example.org", full_name=f"Many {n}") for n in range(200)
    )
    Membership.objects.bulk_create(Membership(user=one, role=Role.STAFF, school=made.school) for one in users)
    with django_assert_max_num_queries(16):
        assert duties_work_out(made.school) > 600


def test_whoever_belongs_to_the_whole_trust_owes_it_once_and_one_record_meets_it_everywhere() -> None:
    trust = a_trust()
    hub, hill, other = (a_school(name, trust=trust, kind=kind) for name, kind in (
        ("Hub", "central"), ("Hill", "school"), ("Other", "school")
    ))  # fmt: skip
    elt = a_person("Ella Tate", Role.SENIOR_LEADER, trust)
    ann = a_person("Ann Ash", Role.STAFF, hill)
    give(ann, Role.STAFF, other)
    duties_all()
    assert [one.school for one in TrainingDuty.objects.filter(user=elt)] == [hub]
    assert TrainingDuty.objects.filter(user=ann).count() == 2
    training_record(actor=elt, school=hill, user=ann, once=uuid.uuid4(), what=what())
    assert all(one.met_by_id for one in TrainingDuty.objects.filter(user=ann))


@pytest.mark.clause("CIT-3.16", "STM-3.15", "RAV-3.10")
def test_whoever_runs_an_account_owes_training_in_its_platform(monkeypatch) -> None:
    made = a_staffed_school("cit", runner_training=True)
    facebook, x = Platform.objects.get(slug="facebook"), Platform.objects.get(slug="x")
    rows = [runners.Runner(made.ann.pk, facebook.pk, ago(3)), runners.Runner(made.stranger.pk, x.pk, ago(3))]
    monkeypatch.setattr(runners, "SOURCES", [lambda school, users: rows])
    duties_work_out(made.school)
    assert [one.user for one in TrainingDuty.objects.filter(kind=Training.PLATFORM)] == [made.ann]
    a_record(made, kind=Training.PLATFORM, platform=x)
    assert duty(made.ann, Training.PLATFORM).met_by is None
    a_record(made, kind=Training.PLATFORM, platform=facebook)
    assert duty(made.ann, Training.PLATFORM).met_by is not None


def test_the_page_sent_twice_makes_one_record() -> None:
    made, once = a_staffed_school(), uuid.uuid4()
    sent = {"actor": made.head, "school": made.school, "user": made.ann, "once": once, "what": what()}
    assert training_record(**sent) == training_record(**sent)
    assert TrainingRecord.objects.count() == 1
    with pytest.raises(Refused):
        training_record(**{**sent, "user": made.dsl})
    assert AuditEvent.objects.filter(action="policies.training_recorded").count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"on": timezone.localdate() + timedelta(days=2)}, "on"),
        ({"kind": "juggling"}, "kind"),
        ({"title": "  "}, "title"),
        ({"trainer": ""}, "trainer"),
        ({"until": ago(4), "on": ago(3)}, "until"),
    ],
)
def test_a_record_that_cannot_be_right_is_refused(change: dict, field: str) -> None:
    made = a_staffed_school()
    sent = {"actor": made.head, "school": made.school, "user": made.ann, "once": uuid.uuid4()}
    with pytest.raises(Refused) as refusal:
        training_record(**sent, what=what(**change))
    assert refusal.value.field == field


def test_nobody_records_or_takes_back_what_is_about_themselves_nor_for_a_stranger() -> None:
    made = a_staffed_school()
    for user in (made.head, made.stranger):
        with pytest.raises(Refused):
            a_record(made, user)
    own = training_record(actor=made.dsl, school=made.school, user=made.head, once=uuid.uuid4(), what=what())
    with pytest.raises(Refused):
        training_withdraw(actor=made.head, row=own, reason="Wrong")
    for actor in (made.ann, made.governor, made.stranger):
        with pytest.raises(PermissionDenied):
            training_record(actor=actor, school=made.school, user=made.dsl, once=uuid.uuid4(), what=what())


@pytest.mark.clause("STM-3.15", "CIT-3.16")
def test_the_trainer_whom_the_profile_names_records_training_and_takes_nothing_back() -> None:
    made = a_staffed_school()
    row = training_record(
        actor=made.comms, school=made.school, user=made.ann, once=uuid.uuid4(), what=what(Training.PLATFORM)
    )
    with pytest.raises(PermissionDenied):
        training_withdraw(actor=made.comms, row=row, reason="Wrong")


def test_a_mistaken_record_is_taken_back_once_and_counts_no_more() -> None:
    made = a_staffed_school()
    row = a_record(made)
    training_withdraw(actor=made.dsl, row=row, reason="Wrong person")
    assert duty(made.ann).met_by is None
    with pytest.raises(Refused):
        training_withdraw(actor=made.dsl, row=row, reason="Again")
    with pytest.raises(Refused):
        training_withdraw(actor=made.dsl, row=a_record(made), reason=" ")


@pytest.mark.clause("CIT-2.28", "CIT-2.31", "STM-2.26", "RAV-2.01", "RAV-1.05", "STM-11.03")
def test_a_session_gives_a_record_to_everybody_who_was_there_also_later() -> None:
    made, once = a_staffed_school(), uuid.uuid4()
    sent = {
        "actor": made.head,
        "school": made.school,
        "once": once,
        "what": what(),
        "people": [made.ann, made.dsl],
    }
    session = session_hold(**sent)
    assert session_hold(**sent) == session
    assert session.records.count() == 2
    assert session_join(actor=made.comms, session=session, people=[made.ann, made.governor]) == 1
    training_withdraw(actor=made.dsl, row=session.records.get(user=made.governor), reason="Was ill")
    assert session_join(actor=made.head, session=session, people=[made.governor]) == 1
    for people in ([], [made.head], [made.stranger]):
        with pytest.raises(Refused):
            session_join(actor=made.head, session=session, people=people)
    with pytest.raises(PermissionDenied):
        session_join(actor=made.stranger, session=session, people=[made.ann])


@pytest.mark.clause("CIT-11.03", "STM-11.08")
def test_a_refresher_makes_old_training_count_no_more_until_it_is_called_off() -> None:
    made = a_staffed_school()
    row = a_record(made, days=3)
    refresh = a_refresh(made)
    assert (duty(made.ann).due_on, duty(made.ann).met_by) == (refresh.due_on, None)
    assert refresh.due_on == timezone.localdate() + timedelta(days=30)
    told = Notice.objects.filter(kind="policies.refresh_asked").values_list("recipient", flat=True)
    assert set(told) == {made.head.pk, made.comms.pk}
    refresh_call_off(actor=made.head, refresh=refresh, because="It was a mistake")
    assert duty(made.ann).met_by == row
    with pytest.raises(Refused):
        refresh_call_off(actor=made.head, refresh=refresh, because="Again")


def test_a_refresher_is_refused_where_the_profile_has_none_and_to_whoever_may_not() -> None:
    made = a_staffed_school("ravens-wood")
    with pytest.raises(Refused, match="Refreshing training"):
        a_refresh(made)
    made = a_staffed_school()
    for kinds, more, field in (
        (("juggling",), {}, "kinds"),
        ((Training.SAFEGUARDING,), {"due_on": ago(1)}, "due_on"),
    ):
        with pytest.raises(Refused) as refusal:
            a_refresh(made, *kinds, **more)
        assert refusal.value.field == field
    made.dsl = made.comms
    with pytest.raises(PermissionDenied):
        a_refresh(made)


def test_reminders_go_to_the_person_alone_once_a_stage_and_without_a_name() -> None:
    made = a_staffed_school(started=200)
    duties_work_out(made.school, [made.ann.pk])
    assert training_remind() == 3
    assert training_remind() == 0
    duties_work_out(made.school, [made.ann.pk])
    TrainingDuty.objects.update(remind_on=timezone.localdate())
    training_remind()
    notices = Notice.objects.filter(kind="policies.training_late")
    assert [(one.recipient, one.link) for one in notices] == [(made.ann, "/training/mine/")]
    assert all(one.remind_on > timezone.localdate() for one in TrainingDuty.objects.all())
    send_due()
    assert len(mail.outbox) == 1
    assert not any("Ann" in one.body or "afeguarding" in one.body for one in mail.outbox)


def test_what_is_done_meanwhile_is_not_reminded_of() -> None:
    made = a_staffed_school(started=200)
    duties_work_out(made.school, [made.ann.pk])
    for kind in (Training.SAFEGUARDING, Training.SOCIAL_MEDIA, Training.AT_RISK):
        a_record(made, kind=kind)
    assert training_remind() == 0


def test_the_to_do_list_names_ones_own_and_counts_the_others(django_assert_num_queries) -> None:
    made = a_staffed_school(started=200)
    duties_work_out(made.school)
    own = [item.title for item in for_user(afresh(made.ann))]
    assert own.count("Training: Safeguarding and online safety") == 1
    late = TrainingDuty.objects.filter(school=made.school).exclude(user=made.head).count()
    lines = {item.title: item for item in for_user(afresh(made.head))}
    item = lines[f"Overdue training of colleagues: {late}"]
    assert item.url == f"/training/?state=overdue&school={made.school.uuid}"
    assert not any("colleagues" in item.title for item in for_user(afresh(made.governor)))
    assert not any("raining" in item.title for item in for_user(afresh(made.stranger)))


def csv_bytes(*rows: str) -> bytes:
    return "\n".join(["email,kind,title,day,trainer,platform", *rows]).encode()


def test_a_file_is_recorded_as_a_whole_or_its_bad_rows_are_named() -> None:
    made, once = a_staffed_school(), uuid.uuid4()
    good = f"{made.ann.email.upper()},Social media,Yearly,{ago(2)},Council,"
    bad = [
        f"{made.stranger.email},Social media,Yearly,{ago(2)},Council,",
        f"{made.head.email},Social media,Yearly,{ago(2)},Council,",
        f"{made.dsl.email},Juggling,Yearly,{ago(2)},Council,",
        f"{made.dsl.email},Social media,Yearly,tomorrow,Council,",
        f"{made.dsl.email},Social media,=cmd(),{ago(-3)},Council,",
        f"{made.dsl.email},platform,Posting,{ago(2)},Council,Nowhere",
    ]
    with pytest.raises(FileRefused) as refusal:
        training_import(actor=made.head, school=made.school, once=once, data=csv_bytes(good, *bad))
    columns = [(one.row, one.column) for one in refusal.value.problems]
    assert columns == [(3, "email"), (4, "email"), (5, "kind"), (6, "day"), (7, "day"), (8, "platform")]
    assert not TrainingRecord.objects.exists()
    sent = {"actor": made.head, "school": made.school, "once": once, "data": csv_bytes(good)}
    assert training_import(**sent) == (1, 0)
    assert training_import(**sent) == (0, 1)
    assert duty(made.ann, Training.SOCIAL_MEDIA).met_by is not None
    with pytest.raises(FileRefused):
        training_import(**{**sent, "data": b""})
    with pytest.raises(PermissionDenied):
        training_import(**{**sent, "actor": made.stranger})


def test_a_file_doubles_nothing_from_whatever_page_and_another_file_from_the_same_page_is_recorded() -> None:
    made, once = a_staffed_school(), uuid.uuid4()
    ann, dora = (f"{one.email},Social media,Yearly,{ago(2)},Council," for one in (made.ann, made.dsl))
    sent = {"actor": made.head, "school": made.school}
    assert training_import(**sent, once=once, data=csv_bytes(ann, ann)) == (1, 1)
    assert training_import(**sent, once=uuid.uuid4(), data=csv_bytes(ann)) == (0, 1)
    assert training_import(**sent, once=once, data=csv_bytes(dora, ann)) == (1, 1)
    assert TrainingRecord.objects.count() == 2
    assert AuditEvent.objects.filter(action="policies.training_imported").count() == 2
    # What was taken back may be recorded again, though not by the page that made it first.
    for row in TrainingRecord.objects.filter(user=made.ann):
        training_withdraw(actor=made.head, row=row, reason="The wrong day")
    assert training_import(**sent, once=once, data=csv_bytes(ann)) == (0, 1)
    assert training_import(**sent, once=uuid.uuid4(), data=csv_bytes(ann)) == (1, 0)


def test_a_page_that_meets_its_own_twin_in_the_database_is_refused_in_words(monkeypatch) -> None:
    made = a_staffed_school()
    row = f"{made.ann.email},Social media,Yearly,{ago(2)},Council,"

    def twin(*args: object, **more: object) -> None:
        raise IntegrityError("once")

    monkeypatch.setattr(importing, "_record", twin)
    with pytest.raises(Refused, match="afresh"):
        training_import(actor=made.head, school=made.school, once=uuid.uuid4(), data=csv_bytes(row))


def test_who_is_promoted_owes_what_they_owed_and_a_new_role_is_owed_for_at_once() -> None:
    made = a_staffed_school(started=100)
    duties_work_out(made.school)
    assert duty(made.ann).due_on == ago(70)
    role = Membership.objects.get(user=made.ann)
    given = membership_give(actor=made.head, user=made.ann, role=Role.OFFICE, school=made.school)
    membership_end(actor=made.head, membership=role)
    assert duty(made.ann).due_on == ago(70)
    assert given.starts == timezone.localdate()
    new = a_person("Nora New")
    membership_give(actor=made.head, user=new, role=Role.STAFF, school=made.school)
    assert duty(new).due_on == timezone.localdate() + timedelta(days=30)
    membership_end(actor=made.head, membership=Membership.objects.get(user=new))
    assert not TrainingDuty.objects.filter(user=new).exists()


def test_each_training_is_a_line_and_an_event_of_its_own_due_on_a_day_until_its_end() -> None:
    made = a_staffed_school(started=30)
    duties_work_out(made.school)
    items = [item for item in for_user(afresh(made.ann)) if item.title.startswith("Training: ")]
    assert {type(item.due_at) for item in items} == {date}
    assert {item.due_at for item in items} == {timezone.localdate()}
    assert len({item.name for item in items}) == len(items) == 3
    assert {one.when for one in dates_of(afresh(made.ann))} == {timezone.localdate()}
    assert len(dates_of(afresh(made.ann))) == 3


def test_a_session_of_the_school_is_not_seen_elsewhere() -> None:
    made = a_staffed_school()
    session = a_session(made)
    with pytest.raises(PermissionDenied):
        session_join(actor=made.stranger, session=session, people=[made.stranger])
