"""Whom a declared name means: typed words stay, whoever hears it links pupils and says which colleague is meant."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from consent.models import Mention, Pupil
from core.errors import Refused
from core.roles import Role
from people.models import Membership
from policies.declarations.access import declaration_rules
from policies.declarations.keeping import declarations_shut
from policies.declarations.meant import colleague_meant, colleague_not_meant
from policies.declarations.relationships import declaration_end, declaration_note
from policies.declarations.roads import may_mean
from policies.declarations.tests.cases import Crew, a_crew, a_declaration, client_of, hearers, told_of
from policies.models import Declaration
from smgov.testing import a_person, choose

pytestmark = pytest.mark.django_db


def a_parent(crew: Crew, person: str, **changes) -> Declaration:
    """Alice knows a parent."""
    return a_declaration(crew, about="parent", relation="other", person=person, **changes)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Dora Dean", True),
        ("dora  déan", True),
        ("Mrs Dean", True),
        ("Dean", True),
        ("D. Dean", True),
        ("Doris Dean", True),
        ("Kit Quill's mother (Dora Dean)", True),
        ("Jane Dean", False),
        ("Dora Deane", False),
        ("Dora", False),
        ("", False),
        ("Dean Street", False),
    ],
)
def test_a_name_may_mean_a_colleague_by_the_last_name_and_what_stands_before_it(typed, meant) -> None:
    assert may_mean(typed, "Dora Dean") is meant


@pytest.mark.parametrize("typed", ["Dora Dean", "Mrs Dean", "D Dean"])
def test_a_safeguarding_lead_does_not_hear_of_herself_however_she_is_called(typed: str) -> None:
    crew = a_crew("cit")
    row = a_parent(crew, typed)
    assert hearers(row) == ["dsl", "headteacher"]
    assert told_of("policies.declaration_made") == ["Bob Barnes"]
    assert not declaration_rules.visible_to(crew.dora).exists()
    client = client_of(crew.dora)
    for address in ("", "meant/", "keep/", "note/"):
        assert client.get(f"/declarations/{row.uuid}/{address}").status_code == 404


def test_who_hears_it_lets_in_a_colleague_who_is_not_meant() -> None:
    crew = a_crew("cit")
    row = a_parent(crew, "Mrs Dean")
    for user in (crew.dora, crew.alice, crew.mark):
        with pytest.raises(PermissionDenied):
            colleague_not_meant(actor=user, declaration=row, colleague=crew.dora)
    colleague_not_meant(actor=crew.bob, declaration=row, colleague=crew.dora)
    assert declaration_rules.allows(crew.dora, "hear", row)
    with pytest.raises(Refused, match="not kept out"):
        colleague_not_meant(actor=crew.bob, declaration=row, colleague=crew.dora)


def test_who_is_meant_after_all_stands_back_and_the_next_in_the_road_hears_it_at_once() -> None:
    crew = a_crew("cit")
    row = a_parent(crew, "Kit Quill's mother")
    assert hearers(row) == ["dsl"]
    client = client_of(crew.dora)
    sent = {"colleague": str(crew.dora.uuid), "meant": "yes"}
    answer = client.post(f"/declarations/{row.uuid}/meant/", sent, follow=True)
    assert answer.redirect_chain == [("/declarations/", 302)]
    assert hearers(row) == ["dsl", "headteacher"]
    assert "Bob Barnes" in told_of("policies.declaration_made")
    assert client.get(f"/declarations/{row.uuid}/").status_code == 404


def test_nobody_outside_and_not_the_declarer_can_be_meant() -> None:
    crew = a_crew("cit")
    row = a_parent(crew, "Somebody")
    eve = a_person("Eve Earl", Role.STAFF, a_crew("cit").school)
    for colleague in (eve, crew.alice):
        with pytest.raises(Refused):
            colleague_meant(actor=crew.dora, declaration=row, colleague=colleague)
    with pytest.raises(PermissionDenied):
        colleague_meant(actor=crew.alice, declaration=row, colleague=crew.dora)
    assert colleague_meant(actor=crew.dora, declaration=row, colleague=crew.mark) == row
    assert colleague_meant(actor=crew.dora, declaration=row, colleague=crew.mark).names.get() == crew.mark


@pytest.mark.clause("CIT-4.04", "BEC-4.08")
def test_the_safeguarding_lead_links_the_pupil_and_the_declarer_sees_no_register_and_no_link() -> None:
    crew = a_crew("cit")
    kit = Pupil.objects.create(
        school=crew.school, first_name="Kit", last_name="Quill", search_name="kit quill", class_name="5B"
    )
    row = a_declaration(crew, person="Kit Quill")
    assert not Mention.objects.exists()  # nothing is linked by itself
    before = client_of(crew.alice).get(f"/declarations/{row.uuid}/").content.decode()
    address = f"/consent/named/declared/{row.uuid}/"
    assert client_of(crew.dora).post(address, {"name": "Kit Quill"}).status_code == 302
    assert Mention.objects.get().pupil == kit
    assert str(kit.uuid) in client_of(crew.dora).get(f"/declarations/{row.uuid}/").content.decode()
    assert (
        f"/declarations/{row.uuid}/"
        in client_of(crew.dora).get(f"/consent/pupils/{kit.uuid}/").content.decode()
    )
    after = client_of(crew.alice).get(f"/declarations/{row.uuid}/").content.decode()
    assert after.count("Kit Quill") == before.count("Kit Quill")
    assert str(kit.uuid) not in after
    assert "Pupils in the register" not in after
    for user in (crew.alice, crew.mark, crew.bob):
        assert client_of(user).get(address).status_code == 404
        assert str(row.uuid) not in client_of(user).get(f"/consent/pupils/{kit.uuid}/").content.decode()


def test_the_link_goes_with_the_words() -> None:
    crew = a_crew("cit")
    choose(crew.school.profile, retention_declarations=1)
    Pupil.objects.create(
        school=crew.school, first_name="Kit", last_name="Quill", search_name="kit quill", class_name="5B"
    )
    row = a_declaration(crew)
    client_of(crew.dora).post(f"/consent/named/declared/{row.uuid}/", {"name": "Kit Quill"})
    declaration_note(actor=crew.dora, declaration=row)
    declaration_end(actor=crew.alice, declaration=row)
    Declaration.objects.update(ended_at=timezone.now() - timedelta(days=800))
    assert Mention.objects.count() == 1
    assert declarations_shut() == 2
    assert not Mention.objects.exists()


def test_the_form_that_declares_offers_no_list_of_people() -> None:
    crew = a_crew("cit")
    Pupil.objects.create(school=crew.school, first_name="Zeb", last_name="Zonk", search_name="zeb zonk")
    page = client_of(crew.alice).get("/declarations/new/").content.decode()
    assert "Zonk" not in page
    assert "Dora Dean" not in page
    assert not Membership.objects.filter(user=crew.alice, role=Role.DSL).exists()
