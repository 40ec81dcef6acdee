"""Whom a concern is about finds no trace of it, whatever happens to it: the same bytes (quality A4, subtle 57).

Two states of one database at one frozen time, only tokens normalised: without the concern, and after it was
filed, went further unread, was read, shared, worked on, referred, linked to the abuse log, and closed.
"""

from collections.abc import Callable
from datetime import timedelta
from unittest import mock

import pytest
from django.utils import timezone

from core.notices import send_due
from core.roles import Post, Role
from incidents.concerns.access import concern_rules
from incidents.concerns.selectors import readers_of
from incidents.concerns.services.actions import action_add
from incidents.concerns.services.casework import case_assign
from incidents.concerns.services.chronology import note_add
from incidents.concerns.services.outcomes import case_close
from incidents.concerns.services.people import part_add
from incidents.concerns.services.referrals import advice_record, referral_add
from incidents.concerns.services.sending import Somebody, facts_of, let_in
from incidents.concerns.services.sharing import case_share
from incidents.concerns.services.widening import actions_due, unread_widen
from incidents.concerns.tests.cases import a_concern, a_concern_crew, a_pupil_harmed, by, more_people, read_by
from incidents.models import AbuseEntry, Action, Category, Concern, PartIn, Right, Share, Sort
from incidents.tests.cases import Crew, a_bypass, a_report
from incidents.tests.crawl import crawl
from people.models import User
from smgov.testing import give

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def crew() -> Crew:
    """With cases and entries that the subject may see, so that an empty page proves nothing."""
    made = a_concern_crew()
    more_people(made)
    a_bypass(made)
    a_report(made, made.bob)
    a_concern(made, actor=made.bob)  # what the headteacher reported themselves
    a_concern(made, by(made.mark), category=Category.HARASSMENT)
    a_concern(made, by(sort="parent", words="A father"), category=Category.MISUSE_PARENT, actor=made.mark)
    return made


def about(person: Callable[[Crew], User]) -> Callable[[Crew], Somebody]:
    return lambda crew: Somebody(PartIn.SUBJECT, Sort.STAFF, "", person(crew))


SUBJECTS = {
    "headteacher": ("bob", about(lambda crew: crew.bob)),
    "DSL": ("dora", about(lambda crew: crew.dora)),
    "member of staff": ("mark", about(lambda crew: crew.mark)),
    "technician": ("dan", about(lambda crew: crew.dan)),
    "chair": ("gina", about(lambda crew: crew.gina)),
    "headteacher by name in words": ("bob", lambda crew: by(sort="other", words="Mr Barnes")),
}


def whole_lives(crew: Crew, subject: Somebody, logged: AbuseEntry) -> None:
    """From the report to the end, with everybody let in who can be."""
    concern = a_concern(crew, subject, a_pupil_harmed(), category=Category.HARASSMENT, abuse=logged)
    for _ in range(2):
        Concern.objects.filter(pk=concern.pk).update(read_due_at=timezone.now() - timedelta(minutes=1))
        unread_widen()
    # A second one, in which the subject turns up only later.
    later = a_concern(crew, a_pupil_harmed("Lou Lane"), category=Category.EXPLOITATION)
    let_in(later, crew.sue, Right.HANDLE, Share.Why.SHARED, by=None)
    read_by(crew.sue, later)
    part_add(actor=crew.sue, concern=later, somebody=subject)
    for case in (concern, later):
        now_reading = readers_of(case)
        reader = next(user for user in (crew.dora, crew.gina, crew.bob, crew.ella) if user in now_reading)
        work_on(crew, read_by(reader, case), reader)


def work_on(crew: Crew, concern: Concern, reader: User) -> None:
    note_add(actor=reader, concern=concern, text="Spoke with the family")
    helper = crew.ivy
    until = timezone.localdate() + timedelta(days=9)
    case_share(actor=reader, concern=concern, user=helper, right=Right.READ, reason="Form tutor", until=until)
    case_assign(actor=reader, concern=concern, user=reader)
    action_add(actor=reader, concern=concern, text="Call home", owner=helper, due_on=timezone.localdate())
    actions_due()
    lado = referral_add(
        actor=reader,
        concern=concern,
        body="lado",
        made_at=timezone.now(),
        made_by=reader.full_name,
        reference="L-1",
        holds=True,
    )
    advice_record(actor=reader, referral=lado, advice="Look into it", advised_at=timezone.now())
    Action.objects.filter(concern=concern, done_at=None).update(done_at=timezone.now(), done_by=reader)
    concern.refresh_from_db()
    assert facts_of(concern).child
    case_close(
        actor=reader, concern=concern, outcome="unfounded", reasons="Nothing in it", refresh_training=False
    )


@pytest.mark.clause("CIT-8.05", "STM-8.05")
@pytest.mark.parametrize("subject", SUBJECTS)
def test_the_subject_sees_the_same_bytes_with_it_and_without_it(crew: Crew, subject: str) -> None:
    name, somebody = SUBJECTS[subject]
    user = getattr(crew, name)
    if name == "bob":  # whatever other role they hold
        give(user, Role.DSL, crew.school)
        give(user, Role.GOVERNANCE, crew.school, post=Post.CHAIR)
    logged = AbuseEntry.objects.create(
        once="00000000-0000-4000-8000-000000000001",
        school=crew.school,
        elsewhere="A local group",
        seen_at=timezone.now() - timedelta(days=1),
        author="angry",
        words="An insult",
        nature="offensive",
        against="school",
        by=crew.alice,
    )
    send_due()
    for case in concern_rules.visible_to(user, "view"):
        read_by(user, case)  # opening a case changes it: what may be read is read before the comparison
    then = timezone.now()
    with mock.patch("django.utils.timezone.now", return_value=then):
        before = crawl(user)
    assert len(before) > 60
    whole_lives(crew, somebody(crew), logged)
    send_due()
    assert Concern.objects.filter(status="closed").count() == 2
    with mock.patch("django.utils.timezone.now", return_value=then):
        after = crawl(user)
    assert set(after) == set(before)
    assert [path for path in before if before[path] != after[path]] == []


def test_the_comparison_finds_a_trace_where_there_is_one(crew: Crew) -> None:
    """The control: somebody who may read it sees other pages afterwards."""
    crawl(crew.dora)
    then = timezone.now()
    with mock.patch("django.utils.timezone.now", return_value=then):
        before = crawl(crew.dora)
    a_concern(crew, by(crew.mark), a_pupil_harmed())
    with mock.patch("django.utils.timezone.now", return_value=then):
        assert crawl(crew.dora) != before
