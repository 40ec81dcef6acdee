"""What the law and the school's rules ask of a case, however it is told or changed later."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from core.errors import Refused
from core.models import Notice
from core.roles import Post, Role
from incidents.concerns.selectors import covers_today
from incidents.concerns.services.casework import case_assign, case_classify, case_image, case_wait, note_write
from incidents.concerns.services.duty import duty_set
from incidents.concerns.services.people import part_add
from incidents.concerns.services.police import not_criminalise, wish_record
from incidents.concerns.services.referrals import advice_record
from incidents.concerns.services.special import breach_decide
from incidents.concerns.services.widening import actions_due, shares_over
from incidents.concerns.tests.cases import a_concern, a_concern_crew, a_pupil_harmed, by, more_people
from incidents.concerns.tests.casework import a_share, an_action
from incidents.concerns.tests.closing import (
    a_case,
    a_staff_case,
    close,
    hour_ago,
    last,
    measure,
    refer,
    the_part,
)
from incidents.concerns.told import Somebody
from incidents.models import (
    Action,
    ActionKind,
    Body,
    Category,
    Channel,
    Concern,
    ConcernGrant,
    EntryKind,
    PartIn,
    Share,
    Sort,
)
from incidents.services.reports import refuse_address, without_addresses
from people.models import Membership
from smgov.testing import a_person

pytestmark = pytest.mark.django_db


def test_a_case_becomes_one_of_an_image_by_its_own_step_alone() -> None:
    crew = a_concern_crew()
    case = a_case(crew)
    with pytest.raises(Refused, match="An indecent image of a child could be involved"):
        case_classify(actor=crew.dora, concern=case, category="imagery", urgency=2, reason="A picture")
    with pytest.raises(Refused, match="Say first"):
        a_concern(crew, category=Category.IMAGERY)


@pytest.mark.parametrize("route", ["police_always", "dsl_decides"])
def test_an_image_asks_for_the_police_at_once_unless_the_dsl_decides(route: str) -> None:
    crew = a_concern_crew(indecent_image_pupil_route=route)
    case = a_case(crew)
    case_image(actor=crew.dora, concern=case, reason="Could be")
    due = case.actions.filter(kind=ActionKind.POLICE, due_at__lte=timezone.now() + timedelta(hours=1))
    assert due.exists() is (route == "police_always")
    if due.exists():
        with pytest.raises(Refused, match="stays urgent"):
            case_classify(actor=crew.dora, concern=case, category=case.category, urgency=3, reason="Calm")


@pytest.mark.parametrize(
    "words",
    [
        "пример.рф/x",
        "anonfiles.cc",
        "youtu.be",
        "t.me",
        "EXAMPLE.COM",
        "example[.]com",
        "example dot com",
        "ｅｘａｍｐｌｅ．ｃｏｍ",
        "[2001:db8::1]",
        "1.2.3.4:80",
        "magnet:?xt=urn:btih:abc",
        "data:image/png;base64,AAAA",
        "http//bad",
        "https:\\\\bad",
        "snapchat: kid_2012",
    ],
)
def test_an_address_is_seen_however_it_is_spelt(words: str) -> None:
    with pytest.raises(Refused):
        refuse_address(f"It is at {words}", "text")


@pytest.mark.parametrize(
    "words",
    [
        "He went home.Then he rang at 3.30pm, or 9 a.m. at the latest.",
        "E.g. a phone, i.e. hers; in the U.K. at St.Mary’s, from 12:30:45.",
        "Data: none was kept. He said: no. It was shared on Snapchat: three saw it.",
    ],
)
def test_ordinary_sentences_are_no_address(words: str) -> None:
    refuse_address(words, "text")
    assert without_addresses(words) == words


@pytest.mark.clause("CBC-10.02", "CBC-10.03")
@pytest.mark.parametrize(
    "address",
    [
        "https://bad.example/pic1",
        "bad.com/pic1",
        "bad .com/pic1",
        "bad. com/pic1",
        "bad dot com slash pic1",
        "bad (dot) com / pic1",
        "bad [ . ] com",
        "hxxp : // bad",
        "hxxp:// bad",
        "ｂａｄ．ｃｏｍ/pic1",
        "b\u200ba\u200bd.com",
        "https://bad.com/\nhttps://bad.com/pic1",
        "snap : bad_1",
    ],
)
def test_no_part_of_an_address_is_shown_where_an_image_may_be_involved(address: str) -> None:
    shown = without_addresses(f"It was seen at {address} yesterday, she says. Ask her.")
    assert shown == "It was seen at [address left out] yesterday, she says. Ask her."


def test_a_colleague_typed_as_somebody_else_waits_for_the_lado_too() -> None:
    crew = a_concern_crew(lado_hold=True)
    case = a_case(crew, by(None, "other", "Mark Moor"), a_pupil_harmed())
    with pytest.raises(Refused, match="LADO"):
        measure(crew.dora, case, "other")


def test_a_second_member_of_staff_opens_the_lado_again_and_late_ones_count_from_now() -> None:
    crew = a_concern_crew()
    case = a_staff_case(crew)
    refer(crew.bob, case)
    Concern.objects.filter(pk=case.pk).update(at=timezone.now() - timedelta(days=20))
    part_add(actor=crew.bob, concern=case, somebody=by(crew.carl))
    assert case.actions.get(kind=ActionKind.LADO, done_at=None).due_at > timezone.now()


def test_what_was_on_paper_counts_from_its_day() -> None:
    crew = a_concern_crew()
    more_people(crew)
    day = timezone.localdate() - timedelta(days=20)
    told = {"channel": Channel.PAPER, "written_on": day, "happened_on": day, "reporter_is": "A parent"}
    case = a_concern(crew, category=Category.DATA_COMPLAINT, people=(), **told)
    due = case.actions.get(kind=ActionKind.ACKNOWLEDGE).due_at
    assert timezone.localdate(due) <= day + timedelta(days=30)


def test_duty_is_for_dsls_in_a_year_that_exists_and_no_head_takes_it_alone() -> None:
    crew = a_concern_crew()
    deputy = more_people(crew)["deputy"]
    far, today = date(9999, 12, 31), timezone.localdate()
    with pytest.raises(Refused, match="within a year"):
        duty_set(actor=crew.dora, school=crew.school, user=crew.dora, starts=far, ends=far)
    bob = a_person("Hedda Head", Role.HEADTEACHER, crew.school)
    Membership.objects.create(user=bob, school=crew.school, role=Role.DSL, post=Post.DEPUTY, starts=today)
    with pytest.raises(Refused, match="yourself"):
        duty_set(actor=bob, school=crew.school, user=bob, starts=today, ends=today)
    duty_set(actor=crew.dora, school=crew.school, user=deputy, starts=today, ends=today)
    assert covers_today(crew.school).exists()
    Membership.objects.create(user=deputy, school=crew.school, role=Role.STAFF, starts=today)
    Membership.objects.filter(user=deputy, role=Role.DSL).update(ended_at=timezone.now())
    assert not covers_today(crew.school).exists()


def test_the_correction_of_a_line_for_the_road_is_for_the_road() -> None:
    crew = a_concern_crew()
    case = a_case(crew, by(None, "pupil", "Kim Kord"), a_pupil_harmed())
    line = not_criminalise(actor=crew.dora, concern=case, reasons="Curiosity")
    first = note_write(actor=crew.dora, concern=case, text="Rather a mistake", corrects=line)
    second = note_write(actor=crew.dora, concern=case, text="Both", corrects=first)
    assert first.data["dsl_only"]
    assert second.data["dsl_only"]


def test_an_assigned_case_ends_with_its_sharing_and_with_leaving() -> None:
    crew = a_concern_crew()
    case = a_case(crew)
    a_share(crew, case, crew.sue)
    case_assign(actor=crew.dora, concern=case, user=crew.sue)
    assert not ConcernGrant.objects.filter(user=crew.sue, until=None).exists()
    Membership.objects.filter(user=crew.sue).update(ended_at=timezone.now())
    shares_over()
    assert not ConcernGrant.objects.filter(user=crew.sue).exists()


def test_sharing_that_has_run_out_can_be_renewed_before_it_is_swept() -> None:
    crew = a_concern_crew()
    case = a_case(crew)
    Share.objects.filter(pk=a_share(crew, case, crew.sue).pk).update(until=hour_ago())
    assert a_share(crew, case, crew.sue).ended_at is None


def test_a_case_waits_for_the_next_body_and_keeps_the_first_reference() -> None:
    crew = a_concern_crew()
    case = a_staff_case(crew)
    refer(crew.bob, case, Body.LADO, holds=True)
    asked = refer(crew.bob, case, Body.HR, holds=True, reference="HR-1")
    advice_record(actor=crew.bob, referral=asked, advice="Go on", advised_at=timezone.now(), reference="HR-2")
    case.refresh_from_db()
    assert case.waiting_for == "lado"
    assert last(case, EntryKind.ADVICE).data["reference_was"] == "HR-1"


def test_a_case_that_waits_does_not_close() -> None:
    crew = a_concern_crew()
    case = a_case(crew)
    case_wait(actor=crew.dora, concern=case, waiting_for="parents")
    with pytest.raises(Refused, match="End the wait first"):
        close(crew.dora, case)


def test_a_breach_closes_once_it_is_decided_whether_people_are_told() -> None:
    crew = a_concern_crew()
    dpo = more_people(crew)["dpo"]
    case = a_case(crew, reader=dpo, category=Category.DATA_BREACH, people=(), aware_at=hour_ago(5))
    breach_decide(actor=dpo, concern=case, report_it=False, reasons="Small", people_told=None)
    with pytest.raises(Refused, match="are told"):
        close(dpo, case)


def test_an_emergency_against_a_no_needs_a_reason_and_no_other_name_helps() -> None:
    crew = a_concern_crew(bullying_police_rule="victim")
    harmed = Somebody(PartIn.VICTIM, Sort.STAFF, "", crew.mark)
    case = a_case(crew, harmed, by(None, "parent", "A parent"), reader=crew.bob)
    wish_record(actor=crew.bob, part=the_part(case, PartIn.VICTIM), wants_police=False, words="No")
    with pytest.raises(Refused, match="decides whether"):
        refer(crew.bob, case, Body.POLICE, emergency=True)
    with pytest.raises(Refused, match="from the list"):
        refer(crew.bob, case, Body.OTHER, body_name="Kent Police")
    assert refer(crew.bob, case, Body.POLICE, emergency=True, override="Threat to life").pk


def test_nobody_whom_it_concerns_contacts_a_body() -> None:
    crew = a_concern_crew()
    case = a_staff_case(crew)
    with pytest.raises(Refused, match="somebody else"):
        refer(crew.bob, case, caller=crew.mark)


def test_an_action_that_was_moved_is_told_again() -> None:
    crew = a_concern_crew()
    action = an_action(crew, a_case(crew))
    for hours in (1, 2):
        Action.objects.filter(pk=action.pk).update(
            due_at=timezone.now() + timedelta(hours=hours), told_at=None
        )
        actions_due()
    assert Notice.objects.filter(kind="incidents.action_due").count() == 2
