"""Referrals: recorded first, with what the school's policy asks, and who may call the police."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.clock import due_in_working_days
from core.errors import Refused
from core.models import Notice
from core.roles import Post, Role
from incidents.concerns.holds import facts_for, holds_on, investigation_is_held
from incidents.concerns.services.people import part_add
from incidents.concerns.services.police import not_criminalise, police_callers, wish_record
from incidents.concerns.services.referrals import (
    advice_record,
    conduct_classify,
    hold_override,
    referral_add,
    referral_made,
)
from incidents.concerns.services.sending import Somebody, let_in
from incidents.concerns.tests.cases import a_concern_crew, a_pupil_harmed, by, more_people
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
from incidents.models import (
    ActionKind,
    Body,
    Category,
    Concern,
    EntryKind,
    PartIn,
    Right,
    Share,
    Sort,
    Waiting,
)
from incidents.tests.cases import page, recorded, text_of
from people.models import User
from people.selectors import profile_of
from smgov.testing import a_person, give

pytestmark = pytest.mark.django_db


def is_open(concern: Concern, kind: ActionKind) -> bool:
    """Whether a deadline of this kind is still open."""
    return concern.actions.filter(kind=kind, done_at=None).exists()


def advise(actor: User, referral: Any, **more: Any) -> Any:
    """Their advice, half an hour ago."""
    values = {"advice": "Do not suspend", "advised_at": hour_ago(0.5), **more}
    return advice_record(actor=actor, referral=referral, **values)


def titles(concern: Concern) -> tuple[str, ...]:
    """Who calls the police in this case."""
    return police_callers(concern, profile_of(concern.school)).titles


# The LADO


@pytest.mark.clause("BEC-4.32")
def test_an_allegation_against_staff_is_due_at_the_lado_within_one_working_day() -> None:
    crew = a_concern_crew("beckstone")
    concern = a_staff_case(crew)
    due = concern.actions.get(kind=ActionKind.LADO)
    assert due.due_at == due_in_working_days(concern.at, 1)
    refer(crew.bob, concern, reference="LADO 7")
    assert not is_open(concern, ActionKind.LADO)
    assert recorded("incidents.concern_referred") == 1


@pytest.mark.clause("BEC-4.32")
def test_where_the_policy_always_refers_not_referring_needs_a_reason_of_its_own() -> None:
    crew = a_concern_crew("beckstone")
    concern = a_staff_case(crew)
    values = {
        "actor": crew.bob,
        "concern": concern,
        "body": Body.LADO,
        "not_made_because": "Another school's",
    }
    with pytest.raises(Refused, match="asked in every such case"):
        referral_add(**values)
    assert is_open(concern, ActionKind.LADO)
    referral_add(**values, override="It was about somebody who never worked here")
    assert not is_open(concern, ActionKind.LADO)
    assert last(concern, EntryKind.OVERRIDE).body.text.startswith("It was about")


def test_where_the_policy_follows_guidance_a_reason_is_enough() -> None:
    crew = a_concern_crew()
    concern = a_staff_case(crew)
    referral_add(actor=crew.bob, concern=concern, body=Body.LADO, not_made_because="Below the threshold")
    assert not is_open(concern, ActionKind.LADO)
    assert not concern.entries.filter(kind=EntryKind.OVERRIDE).exists()


@pytest.mark.clause("BEC-4.36", "BEC-4.35")
def test_nothing_is_done_against_the_person_until_the_lado_has_advised() -> None:
    crew = a_concern_crew("beckstone")
    concern = a_staff_case(crew)
    with pytest.raises(Refused, match="Record the referral to the LADO"):
        measure(crew.bob, concern, "suspension")
    referral = refer(crew.bob, concern)
    concern.refresh_from_db()
    assert (referral.is_holding, concern.waiting_for) == (True, Waiting.LADO)
    with pytest.raises(Refused, match="The LADO has not advised yet"):
        measure(crew.bob, concern, "suspension")
    with pytest.raises(Refused, match="The LADO has not advised yet"):
        close(crew.bob, concern)
    entry = advise(crew.bob, referral, suspend=True)
    assert entry.data["suspend"] is True
    concern.refresh_from_db()
    assert concern.waiting_for == Waiting.NOBODY
    measure(crew.bob, concern, "suspension")
    assert close(crew.bob, concern).status == "closed"


@pytest.mark.clause("BEC-4.36")
def test_going_ahead_without_advice_needs_a_reason_that_the_road_hears_of() -> None:
    crew = a_concern_crew("beckstone")
    concern = a_staff_case(crew)
    referral = refer(crew.bob, concern)
    with pytest.raises(Refused):
        hold_override(actor=crew.bob, referral=referral, reason=" ")
    hold_override(actor=crew.bob, referral=referral, reason="A child is in danger")
    told = Notice.objects.filter(kind="incidents.concern_changed").values_list("recipient", flat=True)
    assert set(told) == {crew.dora.pk}
    measure(crew.bob, concern, "suspension")
    with pytest.raises(Refused, match="Nothing waits"):
        hold_override(actor=crew.bob, referral=referral, reason="Again")


def test_without_the_setting_the_hold_is_a_choice() -> None:
    crew = a_concern_crew()
    concern = a_staff_case(crew)
    assert not refer(crew.bob, concern).holds
    assert refer(crew.bob, concern, Body.MASH, holds=True).holds
    concern.refresh_from_db()
    assert concern.waiting_for == Waiting.AGENCY


@pytest.mark.clause("CBC-6.06", "CBC-10.08", "CBC-10.09")
def test_hr_is_asked_first_and_until_then_nothing_is_looked_into() -> None:
    crew = a_concern_crew("cbc")
    concern = a_staff_case(crew)
    refer(crew.bob, concern)
    assert is_open(concern, ActionKind.HR)
    assert investigation_is_held(concern)
    referral = refer(crew.bob, concern, Body.HR)
    assert referral.holds
    assert investigation_is_held(concern)
    with pytest.raises(Refused, match="HR has not advised"):
        measure(crew.bob, concern, "disciplinary")
    with pytest.raises(Refused, match="HR has not advised"):
        close(crew.bob, concern)
    advise(crew.bob, referral)
    assert not investigation_is_held(concern)
    measure(crew.bob, concern, "disciplinary")


@pytest.mark.clause("CBC-10.08")
def test_where_hr_must_be_asked_leaving_it_out_is_a_departure() -> None:
    crew = a_concern_crew("cbc")
    concern = a_staff_case(crew)
    with pytest.raises(Refused, match="HR is asked in every such case"):
        referral_add(actor=crew.bob, concern=concern, body=Body.HR, not_made_because="Busy")


# What is recorded


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"body": "nobody"}, "body"),
        ({"body": Body.OTHER}, "body_name"),
        ({"made_at": timezone.now() + timedelta(days=1)}, "made_on"),
        ({"made_at": timezone.now() - timedelta(days=9000)}, "made_on"),
        ({"caller": None, "made_by": " "}, "made_by"),
        ({"made_at": None, "not_made_because": " "}, "not_made_because"),
    ],
)
def test_a_referral_says_who_contacted_whom_and_when(changes: dict, field: str) -> None:
    crew = a_concern_crew()
    concern = a_case(crew)
    with pytest.raises(Refused) as refusal:
        refer(crew.dora, concern, **changes)
    assert refusal.value.field == field
    assert not concern.referrals.exists()


@pytest.mark.clause("RAV-2.05")
def test_a_double_click_records_one_referral() -> None:
    crew = a_concern_crew()
    concern = a_case(crew)
    values = {"made_at": hour_ago(), "reference": "M 1"}
    refer(crew.dora, concern, Body.MASH, **values)
    with pytest.raises(Refused, match="already"):
        refer(crew.dora, concern, Body.MASH, **values)
    refer(crew.dora, concern, Body.OTHER, body_name="NSPCC")
    assert concern.referrals.count() == 2


def test_a_body_that_was_not_contacted_is_contacted_later() -> None:
    crew = a_concern_crew()
    concern = a_case(crew)
    referral = referral_add(actor=crew.dora, concern=concern, body=Body.MASH, not_made_because="Tomorrow")
    with pytest.raises(Refused, match="Record first"):
        advise(crew.dora, referral)
    made = referral_made(actor=crew.dora, referral=referral, made_at=hour_ago(), caller=crew.dora)
    assert made.made_by == crew.dora.full_name
    with pytest.raises(Refused, match="already"):
        referral_made(actor=crew.dora, referral=referral, made_at=hour_ago(), caller=crew.dora)
    with pytest.raises(Refused):
        advise(crew.dora, made, advised_at=hour_ago(5))
    with pytest.raises(Refused):
        advise(crew.dora, made, advised_at=timezone.now() + timedelta(days=1))
    with pytest.raises(Refused):
        advise(crew.dora, made, advice=" ")
    advise(crew.dora, made)
    with pytest.raises(Refused, match="already"):
        advise(crew.dora, made)


def test_whoever_only_reads_a_stranger_and_a_superuser_refer_nothing() -> None:
    crew = a_concern_crew()
    concern = a_case(crew)
    let_in(concern, crew.sue, Right.READ, Share.Why.SHARED, by=crew.dora)
    root = User.objects.create_superuser("root@example.org", "Root", "x")
    for user in (crew.sue, crew.alice, crew.bob, root):
        with pytest.raises(PermissionDenied):
            refer(User.objects.get(pk=user.pk), concern, Body.MASH)
    referral = refer(crew.dora, concern, Body.MASH, holds=True)
    for user in (crew.sue, crew.alice):
        with pytest.raises(PermissionDenied):
            advise(User.objects.get(pk=user.pk), referral)
        with pytest.raises(PermissionDenied):
            hold_override(actor=User.objects.get(pk=user.pk), referral=referral, reason="x")


def test_a_closed_case_takes_no_referral() -> None:
    crew = a_concern_crew()
    concern = close(crew.dora, a_case(crew))
    with pytest.raises(Refused, match="The case is closed"):
        refer(crew.dora, concern, Body.MASH)


# The police


@pytest.mark.clause("STM-8.08")
def test_the_headteacher_calls_the_police() -> None:
    crew = a_concern_crew()
    concern = a_case(crew)
    assert titles(concern) == ("Headteacher",)
    with pytest.raises(Refused, match="called by the Headteacher"):
        refer(crew.dora, concern, Body.POLICE)
    refer(crew.dora, concern, Body.POLICE, caller=crew.bob)
    assert concern.referrals.get().made_by == crew.bob.full_name


@pytest.mark.clause("CIT-8.08")
def test_in_the_trust_the_headteacher_or_the_executive_team_calls_them() -> None:
    crew = a_concern_crew("cit")
    concern = a_case(crew)
    assert len(titles(concern)) == 2
    refer(crew.dora, concern, Body.POLICE, caller=crew.ella)
    with pytest.raises(Refused):
        refer(crew.dora, concern, Body.POLICE, caller=crew.sue)


@pytest.mark.clause("STM-8.08")
def test_when_it_concerns_the_headteacher_another_calls_the_police() -> None:
    crew = a_concern_crew()
    concern = a_case(crew, by(sort="head"), a_pupil_harmed(), reader=crew.gina)
    assert police_callers(concern, profile_of(concern.school)).people == (crew.gina,)
    with pytest.raises(Refused):
        refer(crew.gina, concern, Body.POLICE, caller=crew.bob)
    with pytest.raises(Refused):
        refer(crew.gina, concern, Body.POLICE, caller=crew.bob, emergency=True)
    refer(crew.gina, concern, Body.POLICE)


def test_in_an_emergency_anybody_calls_and_a_caller_from_outside_is_recorded() -> None:
    crew = a_concern_crew()
    concern = a_case(crew)
    refer(crew.dora, concern, Body.POLICE, caller=crew.alice, emergency=True)
    refer(crew.dora, concern, Body.POLICE, caller=None, made_by="The mother")
    with pytest.raises(Refused, match="called by"):
        refer(crew.dora, concern, Body.POLICE, caller=None, made_by=crew.alice.full_name)


@pytest.mark.clause("CBC-10.06")
def test_about_an_indecent_image_anybody_calls_the_police_at_once() -> None:
    crew = a_concern_crew("cbc", indecent_image_pupil_route="police_always")
    concern = a_case(crew, category=Category.IMAGERY, image=True, police_not_called="I tell the DSL")
    referral = concern.referrals.get()
    assert any(hold.key == "image" for hold in holds_on(facts_for(concern, profile_of(concern.school))))
    with pytest.raises(Refused, match="Record the call to the police"):
        close(crew.dora, concern)
    with pytest.raises(Refused, match="Leave the address out"):
        referral_made(
            actor=crew.dora, referral=referral, made_at=hour_ago(), made_by="See https://bad.example/x"
        )
    referral_made(actor=crew.dora, referral=referral, made_at=hour_ago(), caller=crew.alice)
    close(crew.dora, concern)


@pytest.mark.clause("CBC-10.06")
def test_where_the_police_are_always_called_not_calling_is_a_departure() -> None:
    crew = a_concern_crew("cbc", indecent_image_pupil_route="police_always")
    concern = a_case(crew, category=Category.IMAGERY, image=True, police_not_called="I tell the DSL")
    values = {"actor": crew.dora, "concern": concern, "body": Body.POLICE, "not_made_because": "A drawing"}
    with pytest.raises(Refused, match="asked in every such case"):
        referral_add(**values)
    referral_add(**values, override="The police had seen it before")
    close(crew.dora, concern)


# The wish of an adult who is bullied


def a_bullied_teacher(**told: Any) -> tuple[Any, Concern]:
    """Where the person who is bullied decides."""
    crew = a_concern_crew("cbc")
    harmed = Somebody(PartIn.VICTIM, Sort.STAFF, "", crew.mark)
    return crew, a_case(crew, harmed, by(sort="parent", words="A father"), reader=crew.bob, **told)


@pytest.mark.clause("CBC-11.07")
def test_the_person_who_is_bullied_decides_about_the_police() -> None:
    crew, concern = a_bullied_teacher()
    with pytest.raises(Refused, match="decides whether the police are told"):
        refer(crew.bob, concern, Body.POLICE)
    part = the_part(concern, PartIn.VICTIM)
    wish_record(actor=crew.bob, part=part, wants_police=False, words="I would rather not")
    with pytest.raises(Refused, match="decides whether"):
        refer(crew.bob, concern, Body.POLICE)
    wish_record(actor=crew.bob, part=part, wants_police=True, words="")
    refer(crew.bob, concern, Body.POLICE)
    assert concern.entries.filter(kind=EntryKind.WISH).count() == 2


@pytest.mark.clause("CBC-11.07")
def test_a_risk_of_harm_or_their_own_call_comes_before_the_wish() -> None:
    crew, concern = a_bullied_teacher()
    refer(crew.bob, concern, Body.POLICE, override="He has threatened to kill")
    assert last(concern, EntryKind.OVERRIDE)
    crew, concern = a_bullied_teacher()
    refer(crew.bob, concern, Body.POLICE, caller=crew.mark, emergency=True)


@pytest.mark.clause("CBC-10.06")
def test_an_indecent_image_goes_to_the_police_whatever_is_wished() -> None:
    crew, concern = a_bullied_teacher()
    part = the_part(concern, PartIn.VICTIM)
    wish_record(actor=crew.bob, part=part, wants_police=False, words="")
    Concern.objects.filter(pk=concern.pk).update(image=True)
    concern.refresh_from_db()
    refer(crew.bob, concern, Body.POLICE)


def test_elsewhere_and_for_a_child_the_school_decides() -> None:
    crew = a_concern_crew()
    harmed = Somebody(PartIn.VICTIM, Sort.STAFF, "", crew.mark)
    refer(crew.bob, a_case(crew, harmed, reader=crew.bob), Body.POLICE)
    crew = a_concern_crew("cbc")
    concern = a_case(crew)
    refer(crew.dora, concern, Body.POLICE)
    with pytest.raises(Refused, match="For a child the school"):
        wish_record(actor=crew.dora, part=the_part(concern, PartIn.VICTIM), wants_police=True, words="")


def test_a_wish_is_recorded_once_and_not_by_whoever_only_reads() -> None:
    crew, concern = a_bullied_teacher()
    part = the_part(concern, PartIn.VICTIM)
    wish_record(actor=crew.bob, part=part, wants_police=None, words="Let me think")
    with pytest.raises(Refused, match="already"):
        wish_record(actor=crew.bob, part=part, wants_police=None, words="Let me think")
    let_in(concern, crew.sue, Right.READ, Share.Why.SHARED, by=crew.bob)
    for user in (crew.sue, crew.mark):
        with pytest.raises(PermissionDenied):
            wish_record(actor=user, part=part, wants_police=True, words="")


# A pupil is not made a criminal


def a_pupil_who_did_it(crew: Any, **told: Any) -> Concern:
    """A pupil's doing, read by the DSL."""
    return a_case(crew, by(sort="pupil", words="Kit of 9B"), **told)


@pytest.mark.clause("STM-8.09", "STM-8.10")
def test_the_dsl_alone_decides_not_to_make_a_pupil_a_criminal() -> None:
    crew = a_concern_crew()
    concern = a_pupil_who_did_it(crew, category=Category.IMAGERY, image=True, police_not_called="DSL decides")
    let_in(concern, crew.bob, Right.HANDLE, Share.Why.SHARED, by=crew.dora)
    with pytest.raises(Refused, match="decided by the"):
        not_criminalise(actor=crew.bob, concern=concern, reasons="Curiosity")
    with pytest.raises(Refused):
        not_criminalise(actor=crew.dora, concern=concern, reasons=" ")
    with pytest.raises(Refused):
        close(crew.dora, concern)
    entry = not_criminalise(actor=crew.dora, concern=concern, reasons="Curiosity, and he is 12")
    assert entry.data == {"decision": "not_criminalise", "dsl_only": True}
    with pytest.raises(Refused, match="already"):
        not_criminalise(actor=crew.dora, concern=concern, reasons="Curiosity, and he is 12")
    close(crew.dora, concern)


@pytest.mark.clause("STM-8.10")
def test_the_reasons_are_read_by_the_road_alone() -> None:
    crew = a_concern_crew()
    concern = a_pupil_who_did_it(crew)
    not_criminalise(actor=crew.dora, concern=concern, reasons="Normal curiosity")
    let_in(concern, crew.sue, Right.READ, Share.Why.SHARED, by=crew.dora)
    url = reverse("incidents:case", args=[concern.uuid])
    assert "not reported as a criminal" in page(crew.dora, url)[1]
    status, text = page(crew.sue, url)
    assert status == 200
    assert "not reported as a criminal" not in text
    assert "Normal curiosity" not in text


@pytest.mark.parametrize("preset", ["cit", "cbc", "beckstone", "ravens-wood"])
def test_where_no_policy_leaves_it_to_anybody_nobody_decides_it(preset: str) -> None:
    crew = a_concern_crew(preset)
    with pytest.raises(Refused, match="nobody may decide"):
        not_criminalise(actor=crew.dora, concern=a_pupil_who_did_it(crew), reasons="Curiosity")


def test_it_is_for_a_pupil_and_never_where_the_police_are_always_called() -> None:
    crew = a_concern_crew()
    with pytest.raises(Refused, match="Add the pupil first"):
        not_criminalise(actor=crew.dora, concern=a_case(crew), reasons="Curiosity")
    crew = a_concern_crew(indecent_image_pupil_route="police_always")
    concern = a_pupil_who_did_it(crew, category=Category.IMAGERY, image=True, police_not_called="Not yet")
    with pytest.raises(Refused, match="always called"):
        not_criminalise(actor=crew.dora, concern=concern, reasons="Curiosity")


# Illegal, or unacceptable


@pytest.mark.clause("RAV-5.11", "RAV-5.12")
def test_illegal_conduct_asks_for_the_police_and_other_bodies_and_refers_nothing_itself() -> None:
    crew = a_concern_crew("ravens-wood")
    concern = a_case(crew)
    url = reverse("incidents:case", args=[concern.uuid])
    with pytest.raises(Refused):
        conduct_classify(actor=crew.dora, concern=concern, illegal=None, reasons="x")
    with pytest.raises(Refused):
        conduct_classify(actor=crew.dora, concern=concern, illegal=True, reasons=" ")
    conduct_classify(actor=crew.dora, concern=concern, illegal=False, reasons="Rude")
    assert "The school deals with it inside" in page(crew.dora, url)[1]
    conduct_classify(actor=crew.dora, concern=concern, illegal=True, reasons="A threat")
    text = page(crew.dora, url)[1]
    assert "The police have not been told" in text
    assert "None is recorded yet" in text
    assert not concern.referrals.exists()
    refer(crew.dora, concern, Body.POLICE, caller=crew.sue)
    refer(crew.dora, concern, Body.MASH)
    text = page(crew.dora, url)[1]
    assert "have not been told" not in text
    assert "None is recorded yet" not in text


@pytest.mark.clause("CBC-10.05")
def test_an_image_and_a_member_of_staff_raise_the_question_of_suitability() -> None:
    crew = a_concern_crew("cbc")
    concern = a_staff_case(
        crew,
        category=Category.IMAGERY,
        image=True,
        police_called_by="Bob Barnes",
        police_called_at=hour_ago(),
    )
    assert is_open(concern, ActionKind.LADO)
    text = page(crew.bob, reverse("incidents:case", args=[concern.uuid]))[1]
    assert "suitable to work with children" in text


# Pages


def send(user: User, name: str, args: list, **data: Any) -> Any:
    """Post a step as this person."""
    client = Client()
    client.force_login(user)
    return client.post(reverse(f"incidents:{name}", args=args), data)


def parts_of(name: str, moment: Any) -> dict[str, Any]:
    """A day and a time, in boxes."""
    local = timezone.localtime(moment)
    return {
        f"{name}_on_day": local.day,
        f"{name}_on_month": local.month,
        f"{name}_on_year": local.year,
        f"{name}_time": local.strftime("%H:%M"),
    }


def test_a_referral_is_recorded_on_a_page_and_a_refusal_keeps_what_was_typed() -> None:
    crew = a_concern_crew()
    concern = a_case(crew)
    made = parts_of("made", hour_ago())
    wrong = send(
        crew.dora,
        "concern-refer",
        [concern.uuid],
        body="police",
        contacted="yes",
        who="me",
        reference="CAD 9",
        **made,
    )
    assert wrong.status_code == 422
    assert "called by the Headteacher" in text_of(wrong)
    assert 'value="CAD 9"' in wrong.content.decode()
    right = send(crew.dora, "concern-refer", [concern.uuid], body="mash", contacted="yes", who="me", **made)
    assert right.status_code == 302
    referral = concern.referrals.get()
    assert referral.made_by == crew.dora.full_name
    advice = parts_of("advised", timezone.now())
    done = send(crew.dora, "concern-advice", [concern.uuid, referral.uuid], advice="Call home", **advice)
    assert done.status_code == 302
    assert "Advice received" in page(crew.dora, reverse("incidents:case", args=[concern.uuid]))[1]


def test_a_referral_of_another_case_is_not_found_and_a_reader_is_refused() -> None:
    crew = a_concern_crew()
    concern, other = a_case(crew), a_case(crew, what="Something else")
    referral = refer(crew.dora, other, Body.MASH, holds=True)
    let_in(other, crew.sue, Right.READ, Share.Why.SHARED, by=crew.dora)
    for name in ("concern-referral-made", "concern-advice", "concern-override"):
        assert page(crew.dora, reverse(f"incidents:{name}", args=[concern.uuid, referral.uuid]))[0] == 404
        assert page(crew.dora, reverse(f"incidents:{name}", args=[other.uuid, referral.uuid]))[0] == 200
        assert page(crew.sue, reverse(f"incidents:{name}", args=[other.uuid, referral.uuid]))[0] == 403
        assert page(crew.alice, reverse(f"incidents:{name}", args=[other.uuid, referral.uuid]))[0] == 404


def test_somebody_who_turns_out_to_be_concerned_calls_nobody() -> None:
    crew = a_concern_crew()
    second = a_person("Hetty Hall", Role.HEADTEACHER, crew.school)
    concern = a_case(crew)
    refer(crew.dora, concern, Body.POLICE, caller=second)
    part_add(actor=crew.dora, concern=concern, somebody=Somebody(PartIn.SUBJECT, Sort.STAFF, "", second))
    with pytest.raises(Refused):
        refer(crew.dora, concern, Body.POLICE, caller=second, reference="2")
    assert second not in police_callers(concern, profile_of(concern.school)).people


def test_the_callers_are_whom_the_profile_names_with_their_titles() -> None:
    crew = a_concern_crew(police_role=["dsl", "hr/hr_director"])
    more_people(crew)
    concern = a_case(crew)
    assert len(titles(concern)) == 2
    give(crew.dora, Role.HR, crew.school, post=Post.HR_DIRECTOR)
    assert len(police_callers(concern, profile_of(concern.school)).people) == 2
