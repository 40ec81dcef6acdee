"""Contacts of a file: found again, shared by siblings, moved, ended; and what follows for links and answers."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from consent.models import AnswerLink, Contact, Position, Pupil, Reply, Tie
from consent.services.pupils import contact_save, pupil_save
from consent.tests.import_help import WITH_CONTACT, compared, counts, line, office_of, taken, upn
from core.errors import Refused
from core.models import AuditEvent
from core.roles import Role
from people.models import School
from smgov.testing import a_person
from smgov.testing_consent import a_consent_school, a_contact, a_pupil, says

pytestmark = pytest.mark.django_db
BETH = ",Beth Bell,Mother,b@x.example,yes"
BY_ID = f"{WITH_CONTACT},Contact ID"


@pytest.fixture
def school() -> School:
    """A school whose part about consent is open."""
    return a_consent_school()[0]


def link_of(**who: Any) -> AnswerLink:
    return AnswerLink.objects.create(
        hash=uuid.uuid4().hex, expires_at=timezone.now() + timedelta(days=30), **who
    )


def revoked(link: AnswerLink) -> bool:
    link.refresh_from_db()
    return link.revoked_at is not None


def position(pupil: Pupil) -> set[str]:
    return set(Position.objects.filter(pupil=pupil).values_list("says", flat=True))


def tied(pupil: Pupil | None = None) -> set[tuple[str, str, str, bool]]:
    rows = Tie.objects.all() if pupil is None else pupil.ties.all()
    return set(rows.values_list("contact__name", "relationship", "responsibility", "active"))


def test_siblings_share_one_contact(school: School) -> None:
    taken(school, WITH_CONTACT, line(1) + BETH, line(2, "Ben Bell", "06/06/2016") + BETH)
    assert Contact.objects.get().ties.count() == 2


def test_the_same_name_with_another_address_is_somebody_else(school: School) -> None:
    other = ",Beth Bell,Mother,other@x.example,yes"
    taken(school, WITH_CONTACT, line(1) + BETH, line(2, "Ben Bell", "06/06/2016") + other)
    assert Contact.objects.count() == 2


def test_a_new_address_stops_the_links_to_the_old_one(school: School) -> None:
    taken(school, WITH_CONTACT, line(1) + BETH, line(2, "Ben Moss", "06/06/2016") + ",Cy Moss,,c@x.example,")
    beth, cy = Contact.objects.order_by("name")
    links = link_of(contact=beth), link_of(contact=cy)
    load = taken(
        school,
        WITH_CONTACT,
        line(1) + BETH.replace("b@", "new@"),
        line(2, "Ben Moss", "06/06/2016") + ",Cy Moss,,C@x.example,",
    )
    assert counts(load) == {"changed": 1, "unchanged": 1}
    beth.refresh_from_db()
    assert beth.email == "new@x.example"
    assert (revoked(links[0]), revoked(links[1])) == (True, False)


def test_a_new_sibling_is_found_by_the_address_that_moves_in_the_same_file(school: School) -> None:
    taken(school, WITH_CONTACT, line(1) + BETH)
    moved = BETH.replace("b@", "new@")
    lines = line(2, "Ben Bell", "06/06/2016") + moved, line(1) + moved
    taken(school, WITH_CONTACT, *lines)
    assert Contact.objects.get().ties.count() == 2
    assert counts(compared(school, WITH_CONTACT, *lines)) == {"unchanged": 2}


def test_a_number_finds_a_contact_whatever_the_name(school: School) -> None:
    taken(school, BY_ID, line(1) + BETH + ",77")
    load = taken(school, BY_ID, line(1) + ",Beth Moss,Mother,m@x.example,,77")
    assert Contact.objects.get().name == "Beth Moss"
    assert ["Contact Beth Moss: name", "Beth Bell", "Beth Moss"] in load.rows.get().changes


def test_new_numbers_of_another_system_keep_the_contact(school: School) -> None:
    taken(school, BY_ID, line(1) + BETH + ",77")
    taken(school, BY_ID, line(1) + BETH + ",A900")
    assert Contact.objects.get().local_id == "A900"


@pytest.mark.clause("STM-7.06", "CIT-7.07")
def test_an_empty_cell_or_column_never_takes_parental_responsibility_away(school: School) -> None:
    taken(school, WITH_CONTACT, line(1) + BETH)
    assert counts(compared(school, WITH_CONTACT, line(1) + ",Beth Bell,Mother,b@x.example,")) == {
        "unchanged": 1
    }


def test_parental_responsibility_that_becomes_known_counts_what_waited(school: School) -> None:
    taken(school, WITH_CONTACT, line(1) + ",Beth Bell,Mother,b@x.example,")
    pupil = Pupil.objects.get()
    says(pupil, True, Contact.objects.get())
    assert position(pupil) == {"held"}
    taken(school, WITH_CONTACT, line(1) + BETH)
    assert tied() == {("Beth Bell", "Mother", "yes", True)}
    assert position(pupil) == {"yes"}


def test_a_yes_stops_counting_when_responsibility_or_the_tie_ends(school: School) -> None:
    for number, after in ((1, BETH.replace("yes", "no")), (2, ",Cy Moss,Father,c@x.example,yes")):
        pupil = a_pupil(school, f"Anna{number} Stone", upn=upn(number), local_id=str(number))
        beth = a_contact(pupil, name="Beth Bell", email="b@x.example")
        says(pupil, True, beth)
        assert position(pupil) == {"yes"}
        taken(school, WITH_CONTACT, f"{upn(number)},{number},Stone,Anna{number},,5,5A{after}", whole=False)
        assert "yes" not in position(pupil)
    assert ("Beth Bell", "Mother", "yes", False) in tied(pupil)
    assert Reply.objects.filter(standing="parental").count() >= 2


def test_a_no_stays_respected_when_the_contact_is_no_longer_listed(school: School) -> None:
    pupil = a_pupil(school, "Anna Stone", upn=upn(1), local_id="1")
    says(pupil, False, a_contact(pupil, name="Beth Bell", email="b@x.example"))
    taken(school, WITH_CONTACT, f"{upn(1)},1,Stone,Anna,,5,5A,Cy Moss,Father,,yes")
    assert position(pupil) == {"no"}


def test_a_row_without_contacts_leaves_them_alone(school: School) -> None:
    taken(school, WITH_CONTACT, line(1) + BETH)
    assert counts(compared(school, WITH_CONTACT, line(1) + ",,,,")) == {"unchanged": 1}


def test_a_contact_who_is_listed_again_is_one_again(school: School) -> None:
    taken(school, WITH_CONTACT, line(1) + BETH)
    Tie.objects.update(active=False)
    taken(school, WITH_CONTACT, line(1) + BETH)
    assert tied() == {("Beth Bell", "Mother", "yes", True)}
    assert Contact.objects.count() == 1


def test_a_contact_of_another_school_is_nobody_here(school: School) -> None:
    other = a_consent_school("Other")[0]
    theirs = a_contact(a_pupil(other), name="Beth Bell", email="b@x.example")
    taken(school, WITH_CONTACT, line(1) + BETH)
    assert Contact.objects.filter(school=school).count() == 1
    assert theirs.ties.count() == 1


def test_a_birthday_that_changes_is_worked_out_again(school: School) -> None:
    born = timezone.localdate().replace(day=1) - timedelta(days=19 * 366)
    pupil = a_pupil(school, "Anna Stone", upn=upn(1), local_id="1", leaves_on=None)
    says(pupil, True, a_contact(pupil))
    assert position(pupil) == {"yes"}
    taken(school, "UPN,Surname,Forename,DOB", f"{upn(1)},Stone,Anna,{born.isoformat()}")
    assert "yes" not in position(pupil)


def test_a_steady_number_of_queries_takes_a_chunk_over(school: School, django_assert_max_num_queries) -> None:
    many = [line(n, f"Pupil{n} Bell{n}") + f",Parent {n},Mother,p{n}@x.example,yes" for n in range(1, 41)]
    with django_assert_max_num_queries(90):
        taken(school, WITH_CONTACT, *many)
    changed = [one.replace("5A", "6A").replace("Mother", "Carer") for one in many]
    with django_assert_max_num_queries(90):
        taken(school, WITH_CONTACT, *changed)
    assert Tie.objects.filter(relationship="Carer").count() == 40


# By hand


def values(**more: Any) -> dict[str, Any]:
    return {
        "name": "Beth Bell",
        "email": "B@x.example",
        "relationship": "Mother",
        "responsibility": "yes",
        **more,
    }


def test_a_pupil_added_twice_by_one_form_is_one(school: School) -> None:
    office, once = office_of(school), uuid.uuid4()
    facts = {"first_name": "Anna", "last_name": "Bell", "preferred_name": "Ann", "upn": upn(1)}
    pupils = {pupil_save(actor=office, school=school, pupil=None, values=facts, once=once) for _ in range(2)}
    assert [one.search_name for one in pupils] == ["ann anna bell"]
    assert AuditEvent.objects.filter(action="consent.pupil_added").count() == 1
    with pytest.raises(Refused, match="UPN"):
        pupil_save(actor=office, school=school, pupil=None, values=facts, once=uuid.uuid4())


def test_a_pupil_leaves_after_joining(school: School) -> None:
    pupil = a_pupil(school)
    day = pupil.joined_on - timedelta(days=1)
    with pytest.raises(Refused, match="before"):
        pupil_save(
            actor=office_of(school), school=school, pupil=pupil, values={"leaves_on": day}, once=uuid.uuid4()
        )


def test_a_pupil_s_new_address_stops_their_link(school: School) -> None:
    pupil = a_pupil(school, email="old@x.example")
    link = link_of(pupil=pupil)
    pupil_save(
        actor=office_of(school),
        school=school,
        pupil=pupil,
        values={"email": "new@x.example"},
        once=uuid.uuid4(),
    )
    assert revoked(link)


@pytest.mark.parametrize("role", [Role.STAFF, Role.HEADTEACHER, Role.DSL, Role.IT])
def test_who_may_not_record_changes_nothing(school: School, role: Role) -> None:
    pupil, person = a_pupil(school), a_person("Ned Nobody", role, school)
    with pytest.raises(PermissionDenied):
        pupil_save(actor=person, school=school, pupil=pupil, values={"class_name": "X"}, once=uuid.uuid4())
    with pytest.raises(PermissionDenied):
        pupil_save(actor=person, school=school, pupil=None, values={"first_name": "X"}, once=uuid.uuid4())
    with pytest.raises(PermissionDenied):
        contact_save(actor=person, pupil=pupil, contact=None, values=values())


def test_the_office_of_another_school_cannot_record(school: School) -> None:
    other = a_consent_school("Other")[0]
    with pytest.raises(PermissionDenied):
        contact_save(actor=office_of(other), pupil=a_pupil(school), contact=None, values=values())


def test_a_contact_by_hand_is_found_again_and_shared(school: School) -> None:
    office, anna, ben = office_of(school), a_pupil(school, "Anna Bell"), a_pupil(school, "Ben Bell")
    found = {
        contact_save(actor=office, pupil=pupil, contact=None, values=values()) for pupil in (anna, anna, ben)
    }
    (contact,) = found
    assert contact.email == "b@x.example"
    assert contact.ties.count() == 2


def test_a_contact_changed_by_hand_has_the_effects_of_an_import(school: School) -> None:
    office, pupil = office_of(school), a_pupil(school)
    contact = a_contact(pupil, name="Beth Bell", email="b@x.example")
    link = link_of(contact=contact)
    says(pupil, True, contact)
    contact_save(actor=office, pupil=pupil, contact=contact, values=values(email="n@x.example"))
    assert revoked(link)
    assert position(pupil) == {"yes"}
    contact_save(actor=office, pupil=pupil, contact=contact, values=values(email="n@x.example", active=False))
    assert tied(pupil) == {("Beth Bell", "Mother", "yes", False)}
    assert "yes" not in position(pupil)


def test_responsibility_by_hand_settles_what_waits(school: School) -> None:
    pupil = a_pupil(school)
    contact = a_contact(pupil, name="Beth Bell", email="b@x.example", responsibility="unknown")
    says(pupil, True, contact)
    contact_save(actor=office_of(school), pupil=pupil, contact=contact, values=values())
    assert position(pupil) == {"yes"}
