"""Whom a case concerns and who may read it: every step, and whom each one refuses."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from core.errors import Refused
from core.roles import Role
from incidents.concerns.access import concern_rules
from incidents.concerns.services import casework
from incidents.concerns.services.people import part_add, recuse
from incidents.concerns.services.sending import Somebody
from incidents.concerns.services.sharing import case_unshare
from incidents.concerns.tests.cases import a_concern_crew, a_pupil_harmed, by
from incidents.concerns.tests.casework import a_case, a_share, an_action, as_, refresh, url
from incidents.models import (
    Concern,
    PartIn,
    Right,
    Sort,
)
from incidents.tests.cases import Crew, page
from smgov.testing import a_person
from smgov.testing_consent import a_pupil

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


# Sharing


@pytest.mark.clause("CIT-8.06", "STM-8.06")
def test_a_case_is_shared_with_one_colleague_until_a_day_and_no_longer(crew, case) -> None:
    share = a_share(crew, case, crew.bob)
    assert may_read(crew.bob, case)
    assert not may_read(crew.sue, case)
    over = timezone.now() - timedelta(minutes=1)
    case.grants.filter(user=crew.bob).update(until=over)
    assert not may_read(crew.bob, case)
    assert page(crew.bob, url("case", case))[0] == 404
    assert share.reason == "Teaches the class"


def test_a_reader_by_name_does_not_handle_does_not_share_and_adds_notes(crew, case) -> None:
    a_share(crew, case, crew.bob)
    client = as_(crew.bob)
    for name in (
        "case-assign",
        "case-classify",
        "case-wait",
        "case-policy",
        "case-decide",
        "case-link",
        "case-action-add",
        "case-person-add",
        "case-image",
        "case-reference",
        "case-share",
    ):
        assert client.get(url(name, case)).status_code == 403, name
    assert client.post(url("case-take", case)).status_code == 403
    assert client.get(url("case-note", case)).status_code == 200


def test_a_handler_by_name_does_not_let_others_in(crew, case) -> None:
    a_share(crew, case, crew.bob, right=Right.HANDLE)
    with pytest.raises(PermissionDenied):
        a_share(crew, case, crew.sue, actor=refresh(crew.bob))


def test_sharing_refuses_whom_it_concerns_twice_the_same_and_no_end(crew, case) -> None:
    part_add(actor=crew.dora, concern=case, somebody=Somebody(PartIn.VICTIM, Sort.STAFF, "", crew.mark))
    with pytest.raises(Refused, match="from the list"):
        a_share(crew, case, crew.mark)
    assert crew.mark.full_name not in as_(crew.dora).get(url("case-share", case)).content.decode()
    a_share(crew, case, crew.sue)
    with pytest.raises(Refused, match="already"):
        a_share(crew, case, crew.sue)
    sent = {"user": str(crew.ella.uuid), "right": Right.READ, "reason": "Must know"}
    answer = as_(crew.dora).post(url("case-share", case), sent)
    assert answer.status_code == 422
    assert "Enter the last day" in answer.content.decode()
    assert "Must know" in answer.content.decode()


def test_ending_it_takes_everything_of_the_case_from_them_at_once(crew, case) -> None:
    share = a_share(crew, case, crew.bob, right=Right.HANDLE)
    casework.case_assign(actor=crew.dora, concern=case, user=crew.bob)
    action = an_action(crew, case, owner=crew.bob)
    case_unshare(actor=crew.dora, share=share)
    case.refresh_from_db()
    action.refresh_from_db()
    assert not may_read(crew.bob, case)
    assert case.owner is None
    assert action.owner is None
    with pytest.raises(Refused, match="ended already"):
        case_unshare(actor=crew.dora, share=share)


# Whom it concerns


def test_a_subject_added_later_loses_sight_of_it_at_once(crew, case) -> None:
    second = a_person("Deb Dyer", Role.DSL, crew.school)
    casework.case_assign(actor=crew.dora, concern=case, user=second)
    action = an_action(crew, case, owner=second)
    client = as_(second)
    assert client.get(url("case", case)).status_code == 200
    part_add(actor=crew.dora, concern=case, somebody=Somebody(PartIn.SUBJECT, Sort.STAFF, "", second))
    for name in ("case", "case-note", "case-assign", "case-recuse"):
        assert client.get(url(name, case)).status_code == 404, name
    action.refresh_from_db()
    case.refresh_from_db()
    assert (action.owner, case.owner) == (None, None)


def test_a_pupil_is_looked_for_in_the_register_without_javascript(crew, case) -> None:
    pupil = a_pupil(crew.school, "Kit Kale", class_name="9B")
    client, path = as_(crew.dora), url("case-person-add", case)
    sent = {"part": PartIn.WITNESS, "sort": Sort.PUPIL, "pupil_name": "kit of 9B"}
    first = client.post(path, sent)
    assert first.status_code == 200
    assert "Kit Kale, 9B" in first.content.decode()
    assert client.post(path, sent | {"looked": "kit of 9B"}).status_code == 422
    done = client.post(path, sent | {"looked": "kit of 9B", "which": str(pupil.uuid)})
    assert done.status_code == 302
    assert case.parts.get(part=PartIn.WITNESS).pupil == pupil


def test_a_name_that_nobody_has_is_kept_as_it_was_typed(crew, case) -> None:
    sent = {"part": PartIn.WITNESS, "sort": Sort.PUPIL, "pupil_name": "Un Known"}
    assert as_(crew.dora).post(url("case-person-add", case), sent).status_code == 302
    assert case.parts.get(part=PartIn.WITNESS).words == "Un Known"


def test_a_typed_name_is_found_in_the_register_later(crew, case) -> None:
    pupil = a_pupil(crew.school, "Kit Kale", class_name="9B")
    part = case.parts.get()
    path = url("case-person-identify", case, part.uuid)
    assert "Kit Kale, 9B" in as_(crew.dora).get(path).content.decode()
    sent = {"search": part.words, "which": str(pupil.uuid)}
    assert as_(crew.dora).post(path, sent).status_code == 302
    part.refresh_from_db()
    assert part.pupil == pupil


def test_rows_of_another_case_are_not_found_through_this_one(crew, case) -> None:
    other = a_case(crew)
    part, action = other.parts.get(), an_action(crew, other)
    client = as_(crew.dora)
    assert client.get(url("case-person-mistaken", case, part.uuid)).status_code == 404
    assert client.get(url("case-action-change", case, action.uuid)).status_code == 404
    assert client.get(url("case-correct", case, other.entries.first().uuid)).status_code == 404


def test_a_namesake_who_is_not_meant_may_read_it_after_all(crew) -> None:
    case = a_case(crew, by(sort="other", words="Mr Barnes"), a_pupil_harmed())
    path = url("case-not-meant", case, crew.bob.uuid)
    assert as_(crew.dora).post(path, {}).status_code == 422
    assert as_(crew.dora).post(path, {"reason": "The neighbour of that name"}).status_code == 302
    assert not case.excluded.filter(lifted_at=None).exists()
    assert as_(crew.dora).get(path).status_code == 404


@pytest.mark.clause("RAV-5.09")
def test_whoever_stands_back_cannot_open_it_and_it_goes_on_to_somebody_else(crew, case) -> None:
    answer = as_(crew.dora).post(url("case-recuse", case), {"reason": "My own niece"})
    assert answer.status_code == 302
    assert not may_read(crew.dora, case)
    assert may_read(crew.gina, case)
    with pytest.raises(PermissionDenied):
        recuse(actor=refresh(crew.dora), concern=case, reason="Again")


def test_a_reader_by_name_may_correct_a_note_that_they_see(crew, case) -> None:
    a_share(crew, case, crew.bob)
    note = casework.note_write(actor=crew.dora, concern=case, text="She is in 9A")
    assert as_(crew.bob).get(url("case-correct", case, note.uuid)).status_code == 200
