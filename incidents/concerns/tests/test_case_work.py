"""Work on a case: every step, and whom each one refuses."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.utils import timezone

from core.errors import Refused
from core.models import AuditEvent, Notice
from incidents.concerns.access import concern_rules
from incidents.concerns.governing import BEHAVIOUR, FOR_STAFF, likeliest, policies_for
from incidents.concerns.roads import Facts
from incidents.concerns.selectors import road_of
from incidents.concerns.services import casework
from incidents.concerns.services.actions import action_change, action_done
from incidents.concerns.services.links import case_link
from incidents.concerns.services.people import part_add
from incidents.concerns.services.sending import Somebody
from incidents.concerns.tests.cases import a_concern, a_concern_crew, by
from incidents.concerns.tests.casework import NEXT_WEEK, a_case, a_share, an_action, as_, refresh, url
from incidents.models import (
    Action,
    ActionKind,
    CaseLink,
    Category,
    Concern,
    Entry,
    EntryKind,
    PartIn,
    Right,
    Sort,
    Urgency,
    Waiting,
)
from incidents.tests.cases import Crew, page
from people.selectors import profile_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def crew() -> Crew:
    """A school on St Mary's preset."""
    return a_concern_crew()


@pytest.fixture
def case(crew: Crew) -> Concern:
    """A case about a pupil, opened by the DSL."""
    return a_case(crew)


def may_read(user, concern: Concern) -> bool:
    """Whether the rules let the person read it now."""
    return concern_rules.allows(refresh(user), "view", concern)


# Assigning


def test_the_dsl_takes_a_case_with_one_click_and_a_second_click_says_so(crew, case) -> None:
    client = as_(crew.dora)
    assert client.post(url("case-take", case)).status_code == 302
    case.refresh_from_db()
    assert case.owner == crew.dora
    again = client.post(url("case-take", case))
    assert again.status_code == 409
    assert b"assigned to them already" in again.content


@pytest.mark.clause("CIT-8.06", "STM-8.06")
def test_a_reader_to_whom_it_is_assigned_handles_it_and_is_told(crew, case) -> None:
    a_share(crew, case, crew.bob)
    with pytest.raises(PermissionDenied):
        casework.case_wait(actor=refresh(crew.bob), concern=case, waiting_for=Waiting.HR)
    before = Notice.objects.filter(recipient=crew.bob).count()
    casework.case_assign(actor=crew.dora, concern=case, user=crew.bob)
    assert concern_rules.allows(refresh(crew.bob), "handle", case)
    assert Notice.objects.filter(recipient=crew.bob).count() == before + 1


def test_nobody_whom_it_concerns_and_no_stranger_can_be_given_the_case(crew, case) -> None:
    part_add(actor=crew.dora, concern=case, somebody=Somebody(PartIn.SUBJECT, Sort.STAFF, "", crew.mark))
    for user in (crew.mark, crew.sue):
        with pytest.raises(Refused, match="Choose somebody who may read"):
            casework.case_assign(actor=crew.dora, concern=case, user=user)
    content = as_(crew.dora).get(url("case-assign", case)).content.decode()
    assert crew.mark.full_name not in content.partition("<select")[2]


def test_whoever_was_let_in_does_not_raise_others(crew, case) -> None:
    a_share(crew, case, crew.bob, right=Right.HANDLE)
    a_share(crew, case, crew.sue)
    with pytest.raises(Refused, match="may only read it"):
        casework.case_assign(actor=refresh(crew.bob), concern=case, user=crew.sue)


# Triage


@pytest.mark.clause("RAV-2.03", "RAV-2.04")
def test_a_first_assessment_sets_category_and_urgency_and_lays_the_road_anew() -> None:
    crew = a_concern_crew("ravens-wood")
    case = a_case(crew, by(sort="unknown"), category=Category.OTHER)
    casework.case_classify(
        actor=crew.dora, concern=case, category=Category.MISUSE_PUPIL, urgency=Urgency.NOW, reason="A child"
    )
    case.refresh_from_db()
    assert (case.category, case.urgency) == (Category.MISUSE_PUPIL, Urgency.NOW)
    assert "senior_leader" in road_of(case)
    line = case.entries.get(kind=EntryKind.CATEGORY)
    assert line.data["was"]["category"] == Category.OTHER


def test_nothing_changed_no_reason_and_an_unknown_category_are_refused(crew, case) -> None:
    values = {"actor": crew.dora, "concern": case, "category": case.category, "urgency": case.urgency}
    with pytest.raises(Refused, match="in force already"):
        casework.case_classify(**values, reason="No change")
    with pytest.raises(Refused, match="Say why"):
        casework.case_classify(**values | {"category": Category.HATE}, reason=" ")
    with pytest.raises(Refused, match="Choose what it is about"):
        casework.case_classify(**values | {"category": "gossip"}, reason="x")
    with pytest.raises(Refused, match="how urgent"):
        casework.case_classify(**values | {"urgency": 9}, reason="x")


@pytest.mark.clause("BEC-4.37")
def test_a_case_waits_for_the_police_while_the_normal_process_goes_on(crew, case) -> None:
    casework.case_wait(actor=crew.dora, concern=case, waiting_for=Waiting.POLICE)
    note = casework.note_write(actor=crew.dora, concern=case, text="Spoke with the class teacher")
    assert note.pk
    assert "Waiting for the police" in page(crew.dora, "/concerns/?show=waiting")[1]
    with pytest.raises(Refused, match="recorded already"):
        casework.case_wait(actor=crew.dora, concern=case, waiting_for=Waiting.POLICE)
    with pytest.raises(Refused, match="for whom"):
        casework.case_wait(actor=crew.dora, concern=case, waiting_for="godot")


@pytest.mark.clause("CIT-8.07", "STM-8.07", "CIT-8.04", "STM-8.04")
def test_policy_clauses_and_decision_are_recorded_with_their_reasons(crew, case) -> None:
    casework.case_policy(
        actor=crew.dora, concern=case, governed_by=BEHAVIOUR, clauses=["stm-8.06", "STM-8.06"]
    )
    case.refresh_from_db()
    assert (case.governed_by, case.clauses) == (BEHAVIOUR, ["STM-8.06"])
    casework.decision_add(actor=crew.dora, concern=case, decision="Talk to both", reasons="First time")
    words = page(crew.dora, url("case", case))[1]
    assert BEHAVIOUR in words
    assert "STM-8.06" in words
    assert "Talk to both" in words
    assert "First time" in words
    with pytest.raises(Refused, match="no clause"):
        casework.case_policy(actor=crew.dora, concern=case, governed_by=BEHAVIOUR, clauses=["STM-99.99"])
    with pytest.raises(Refused, match="Give the reasons"):
        casework.decision_add(actor=crew.dora, concern=case, decision="Talk", reasons=" ")


@pytest.mark.clause("CIT-10.01", "STM-10.01")
@pytest.mark.parametrize(
    ("preset", "policy"), [("cit", "Behaviour policy"), ("st-marys", "Anti-bullying policy")]
)
def test_cyberbullying_by_pupils_is_handled_under_the_policy_of_the_profile(preset, policy) -> None:
    crew = a_concern_crew(preset)
    case = a_case(crew)
    content = as_(crew.dora).get(url("case-policy", case)).content.decode()
    checked = content.partition(f'value="{policy}"')[2].partition(">")[0]
    assert "checked" in checked


@pytest.mark.clause("CIT-8.04", "STM-8.04")
def test_what_staff_are_said_to_have_done_is_an_allegation_and_no_bullying_case(crew) -> None:
    facts = Facts(Category.CYBERBULLYING, frozenset({(PartIn.SUBJECT, Sort.STAFF)}))
    profile = profile_of(crew.school)
    assert set(FOR_STAFF) <= set(policies_for(profile, facts))
    assert "Anti-bullying policy" not in policies_for(profile, facts)
    assert likeliest(profile, facts) == ""


@pytest.mark.clause("BEC-4.31")
def test_the_record_carries_the_reference_of_the_child_protection_file() -> None:
    crew = a_concern_crew("beckstone", child_protection_system="SafeFile")
    case = a_case(crew)
    casework.case_reference(actor=crew.dora, concern=case, reference="SF 77")
    assert "SF 77" in page(crew.dora, url("case", case))[1]
    with pytest.raises(Refused, match="already"):
        casework.case_reference(actor=crew.dora, concern=case, reference="SF 77")


@pytest.mark.clause("CBC-11.06")
def test_the_wishes_of_whoever_reported_it_are_before_whoever_handles_it() -> None:
    crew = a_concern_crew("cbc")
    case = a_case(crew, wishes="Only that it stops")
    assert "Only that it stops" in page(crew.dora, url("case", case))[1]


def test_a_case_is_marked_once_and_takes_no_address_from_then_on(crew, case) -> None:
    with pytest.raises(Refused, match="Leave the address out"):
        casework.case_image(actor=crew.dora, concern=case, reason="See https://bad.example/x")
    case.refresh_from_db()
    assert not case.image
    casework.case_image(actor=crew.dora, concern=case, reason="A pupil said so")
    case.refresh_from_db()
    assert (case.image, case.urgency) == (True, Urgency.NOW)
    with pytest.raises(Refused, match="marked already"):
        casework.case_image(actor=crew.dora, concern=case, reason="Again")
    with pytest.raises(Refused, match="Leave the address out"):
        casework.note_write(actor=crew.dora, concern=case, text="It is on www.bad.example")


# Notes


@pytest.mark.clause("CBC-6.01")
def test_a_note_is_corrected_by_a_further_one_and_never_edited(crew, case) -> None:
    note = casework.note_write(actor=crew.dora, concern=case, text="She is in 9A")
    path = url("case-correct", case, note.uuid)
    assert as_(crew.dora).post(path, {"text": "She is in 9B"}).status_code == 302
    note.refresh_from_db()
    assert note.body.text == "She is in 9A"
    assert note.corrections.get().body.text == "She is in 9B"
    with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic():
        Entry.objects.filter(pk=note.pk).update(kind=EntryKind.DECISION)
    assert Entry.objects.filter(pk=note.pk).exists()


def test_a_note_sent_twice_is_one_note_and_what_was_typed_stays_after_a_refusal(crew, case) -> None:
    client, path = as_(crew.dora), url("case-note", case)
    assert client.post(path, {"text": "Spoke with her"}).status_code == 302
    again = client.post(path, {"text": "Spoke with her"})
    assert again.status_code == 422
    assert "You have just added this" in again.content.decode()
    assert case.entries.filter(kind=EntryKind.NOTE).count() == 1
    wrong = client.post(path, {"text": "A long note 🙂 שלום", "happened_time": "10:00"})
    assert wrong.status_code == 422
    assert "A long note 🙂 שלום" in wrong.content.decode()
    assert "Enter the day as well" in wrong.content.decode()


# Actions


def test_actions_are_added_moved_and_done_by_their_owner(crew, case) -> None:
    a_share(crew, case, crew.bob)
    action = an_action(crew, case, owner=crew.bob)
    with pytest.raises(Refused, match="on the list"):
        an_action(crew, case, owner=crew.bob)
    day = timezone.localdate() + NEXT_WEEK + timedelta(days=1)
    action_change(actor=crew.dora, action=action, owner=crew.bob, due_on=day)
    with pytest.raises(PermissionDenied):
        action_change(actor=refresh(crew.bob), action=action, owner=crew.bob, due_on=day)
    client = as_(crew.bob)
    assert client.post(url("case-action-done", case, action.uuid), {"note": "Rang"}).status_code == 302
    action.refresh_from_db()
    assert action.done_by == crew.bob
    with pytest.raises(Refused, match="done already"):
        action_done(actor=crew.dora, action=action)


def test_an_action_of_somebody_else_is_not_done_by_whoever_only_reads(crew, case) -> None:
    a_share(crew, case, crew.bob)
    action = an_action(crew, case)
    assert as_(crew.bob).get(url("case-action-done", case, action.uuid)).status_code == 403
    with pytest.raises(PermissionDenied):
        action_done(actor=refresh(crew.bob), action=action)


def test_an_action_is_given_to_readers_alone(crew, case) -> None:
    with pytest.raises(Refused, match="may read the case"):
        an_action(crew, case, owner=crew.mark)


def test_a_deadline_of_the_case_is_neither_moved_nor_ticked_off(crew, case) -> None:
    due = timezone.now() + timedelta(hours=5)
    action = Action.objects.create(concern=case, kind=ActionKind.LADO, due_at=due)
    far = timezone.localdate() + NEXT_WEEK
    with pytest.raises(Refused, match="cannot be moved"):
        action_change(actor=crew.dora, action=action, owner=crew.dora, due_on=far)
    with pytest.raises(Refused, match="Record on the case"):
        action_done(actor=crew.dora, action=action)


# Links


def test_two_cases_are_linked_once_and_only_if_both_can_be_read(crew, case) -> None:
    other = a_case(crew)
    client, path = as_(crew.dora), url("case-link", case)
    sent = {"reference": other.reference.lower(), "because": "The same quarrel"}
    assert client.post(path, sent).status_code == 302
    assert client.post(path, sent).status_code == 422
    assert CaseLink.objects.count() == 1
    assert {line.concern for line in Entry.objects.filter(kind=EntryKind.LINKED)} == {case, other}
    hidden = a_concern(crew, by(sort="head"), category=Category.HARASSMENT)
    answers = [client.post(path, sent | {"reference": one}) for one in (hidden.reference, "C-NOSUCH1")]
    said = [answer.content.decode().count("You have no case with this reference") for answer in answers]
    assert said[0] == said[1] > 0
    with pytest.raises(PermissionDenied):
        case_link(actor=crew.dora, concern=case, other=hidden, because="x")
    with pytest.raises(Refused, match="the case itself"):
        case_link(actor=crew.dora, concern=case, other=case, because="x")


# Everything


def test_nothing_is_done_on_a_case_that_nobody_has_read_or_that_is_closed(crew) -> None:
    case = a_concern(crew)
    with pytest.raises(Refused, match="Open the case and read it first"):
        casework.case_wait(actor=crew.dora, concern=case, waiting_for=Waiting.HR)
    closed = a_case(crew)
    values = {"status": "closed", "closed_at": timezone.now(), "outcome": "resolved"}
    Concern.objects.filter(pk=closed.pk).update(**values)
    for do in (
        lambda: casework.case_wait(actor=crew.dora, concern=closed, waiting_for=Waiting.HR),
        lambda: casework.case_assign(actor=crew.dora, concern=closed, user=crew.dora),
        lambda: casework.decision_add(actor=crew.dora, concern=closed, decision="a", reasons="b"),
        lambda: an_action(crew, closed),
        lambda: a_share(crew, closed, crew.sue),
    ):
        with pytest.raises(Refused, match="The case is closed"):
            do()
    assert casework.note_write(actor=crew.dora, concern=closed, text="A late letter").pk


def test_every_step_leaves_one_event_that_says_nothing_of_the_case(crew, case) -> None:
    before = AuditEvent.objects.count()
    casework.case_wait(actor=crew.dora, concern=case, waiting_for=Waiting.HR)
    casework.note_write(actor=crew.dora, concern=case, text="Kit Kale said so")
    a_share(crew, case, crew.bob)
    casework.case_reference(actor=crew.dora, concern=case, reference="Kit Kale 1")
    new = list(AuditEvent.objects.order_by("pk")[before:])
    assert len(new) == 4
    assert not [event for event in new if "Kit" in str(event.data)]
    texts = "".join(str(vars(notice)) for notice in Notice.objects.all())
    assert "Kit" not in texts
