"""What keeps an import from giving somebody's consent to somebody else, from a wrong file, and from stopping."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consent.importing.reading import MOST_CONTACTS
from consent.models import Contact, Position, Pupil, Tie
from consent.services import imports_accept
from consent.services.imports import import_accept, import_decide
from consent.services.imports_accept import Taking
from consent.services.imports_work import import_run
from consent.services.pupils import contact_save, pupil_save
from consent.tests.import_help import (
    HEAD,
    WITH_CONTACT,
    compared,
    counts,
    line,
    office_of,
    taken,
    upn,
    wrong,
)
from core.errors import Refused
from core.models import AuditEvent
from people.models import School
from smgov.testing_consent import a_consent_school, a_contact, a_pupil, says

pytestmark = pytest.mark.django_db
BY_ID = f"{WITH_CONTACT},Contact ID"
BESIDE = f"{HEAD},Contact 1 Name,Contact 1 Email,Contact 1 PR,Contact 2 Name,Contact 2 Email,Contact 2 PR"


@pytest.fixture
def school() -> School:
    """A school whose part about consent is open."""
    return a_consent_school("Hill School")[0]


def ben(more: str) -> str:
    return line(2, "Ben Bell", "06/06/2016") + more


def john(email: str, relationship: str = "Father", responsibility: str = "yes") -> str:
    return f",John Bell,{relationship},{email},{responsibility}"


def answered(school: School, **of_contact: Any) -> tuple[Pupil, Contact]:
    """A pupil for whom John Bell said yes."""
    pupil = a_pupil(school, "Anna Stone", upn=upn(1), local_id="1")
    facts = {"name": "John Bell", "email": "f@x.example", "relationship": "Father", **of_contact}
    contact = a_contact(pupil, **facts)
    says(pupil, True, contact)
    return pupil, contact


def stone(more: str) -> str:
    return f"{upn(1)},1,Stone,Anna,,5,5A{more}"


def position(pupil: Pupil) -> set[str]:
    return set(Position.objects.filter(pupil=pupil).values_list("says", flat=True))


# Who says what about parental responsibility


def test_two_rows_that_contradict_each_other_about_responsibility_are_a_mistake(school: School) -> None:
    beth = ",Beth Bell,Mother,b@x.example,"
    load = compared(school, WITH_CONTACT, line(1) + beth + "yes", line(1) + beth, line(1) + beth + "no")
    words = "The same contact of this pupil stands on row 2 with “yes”. Make them agree."
    assert wrong(load) == [(4, "Parental Responsibility", words)]


def test_one_row_that_contradicts_itself_about_responsibility_is_a_mistake(school: School) -> None:
    load = compared(school, BESIDE, line(1) + ",Beth Bell,b@x.example,no,Beth Bell,b@x.example,yes")
    words = "The same contact of this pupil stands also on this row with “no”. Make them agree."
    assert wrong(load) == [(2, "Contact 2 PR", words)]


def test_responsibility_for_one_sibling_alone_is_no_mistake(school: School) -> None:
    beth = ",Beth Bell,Mother,b@x.example,"
    taken(school, WITH_CONTACT, line(1) + beth + "yes", ben(beth + "no"))
    assert set(Tie.objects.values_list("responsibility", flat=True)) == {"yes", "no"}


# Two people of one name


@pytest.mark.clause("CIT-7.07")
@pytest.mark.parametrize("father", ["f@x.example", ""], ids=["with an address", "without one"])
def test_a_grandfather_of_the_same_name_never_takes_the_father_s_place(school: School, father: str) -> None:
    pupil, contact = answered(school, email=father)
    rows = stone(john("g@x.example", "Grandfather", "no")), stone(john(father))
    taken(school, WITH_CONTACT, *rows)
    contact.refresh_from_db()
    assert contact.email == father
    assert set(pupil.ties.values_list("contact__email", "relationship", "responsibility", "active")) == {
        (father, "Father", "yes", True),
        ("g@x.example", "Grandfather", "no", True),
    }
    assert position(pupil) == {"yes"}
    assert counts(compared(school, WITH_CONTACT, *rows)) == {"unchanged": 1}


def test_a_grandfather_who_is_listed_instead_of_the_father_is_somebody_else(school: School) -> None:
    pupil, contact = answered(school)
    taken(school, WITH_CONTACT, stone(john("g@x.example", "Grandfather")))
    contact.refresh_from_db()
    assert contact.email == "f@x.example"
    assert "yes" not in position(pupil)


def test_a_namesake_does_not_take_the_place_of_whom_the_file_spells_otherwise(school: School) -> None:
    _, contact = answered(school)
    taken(school, WITH_CONTACT, stone(john("g@x.example", "")), stone(",Jon Bell,,f@x.example,"))
    contact.refresh_from_db()
    assert contact.email == "f@x.example"


def test_a_namesake_does_not_take_the_place_of_whom_a_number_finds(school: School) -> None:
    _, contact = answered(school)
    Contact.objects.update(local_id="77")
    rows = stone(john("g@x.example", "") + ","), stone(",Johnny Bell,,new@x.example,,77")
    taken(school, BY_ID, *rows)
    contact.refresh_from_db()
    assert (contact.name, contact.email) == ("Johnny Bell", "new@x.example")


def test_two_new_addresses_under_one_name_are_not_guessed(school: School) -> None:
    pupil, contact = answered(school)
    taken(school, WITH_CONTACT, stone(john("g@x.example", "")), stone(john("n@x.example", "")))
    contact.refresh_from_db()
    assert (contact.email, Contact.objects.count()) == ("f@x.example", 3)
    assert "yes" not in position(pupil)


@pytest.mark.parametrize("relationship", ["Father", ""])
def test_the_new_address_of_the_only_contact_of_a_name_is_recognised(
    school: School, relationship: str
) -> None:
    pupil, contact = answered(school)
    beth = ",Beth Bell,Mother,f@x.example,yes"
    a_contact(pupil, name="Beth Bell", email="f@x.example")
    taken(school, WITH_CONTACT, stone(beth), stone(john("new@x.example", relationship)))
    contact.refresh_from_db()
    assert (contact.email, position(pupil)) == ("new@x.example", {"yes"})


def test_a_contact_without_an_address_stays_one_among_namesakes(school: School) -> None:
    pupil, _ = answered(school)
    a_contact(pupil, name="John Bell", email="g@x.example")
    lines = WITH_CONTACT, stone(john("", ""))
    taken(school, *lines)
    assert counts(compared(school, *lines)) == {"unchanged": 1}
    assert pupil.ties.filter(active=True).count() == 1


def test_by_hand_a_namesake_with_another_address_is_somebody_else(school: School) -> None:
    pupil, contact = answered(school)
    values = {"name": "John Bell", "email": "g@x.example", "responsibility": "no"}
    added = {
        contact_save(actor=office_of(school), pupil=pupil, contact=None, values=values) for _ in range(2)
    }
    assert len(added) == 1
    assert added != {contact}
    assert position(pupil) == {"yes"}


def test_by_hand_a_contact_without_an_address_is_found_by_name(school: School) -> None:
    pupil, contact = answered(school, email="")
    values = {"name": "john bell", "email": "g@x.example", "responsibility": "yes"}
    assert contact_save(actor=office_of(school), pupil=pupil, contact=None, values=values) == contact


# One contact of two siblings


def test_siblings_whose_contact_moved_in_one_row_only_are_a_mistake(school: School) -> None:
    old, new = john("f@x.example"), john("new@x.example")
    taken(school, WITH_CONTACT, line(1) + old, ben(old))
    for rows in ((line(1) + new, ben(old)), (line(1) + old, ben(new))):
        load = compared(school, WITH_CONTACT, *rows)
        words = "The contact John Bell has another e-mail address on row 2 than on row 3. Make them agree."
        assert wrong(load) == [(3, "", words)]
        with pytest.raises(Refused, match="Mend"):
            import_accept(actor=office_of(school), load=load)
        load.delete()
    taken(school, WITH_CONTACT, line(1) + new, ben(new))
    assert Contact.objects.get().email == "new@x.example"


def test_namesakes_who_get_a_number_each_are_two(school: School) -> None:
    john_bell = john("f@x.example")
    taken(school, WITH_CONTACT, line(1) + john_bell, ben(john_bell))
    lines = BY_ID, line(1) + john_bell + ",77", ben(john("f@x.example")) + ",78"
    taken(school, *lines)
    assert set(Contact.objects.values_list("local_id", flat=True)) == {"77", "78"}
    assert counts(compared(school, *lines)) == {"unchanged": 2}


# A number that is given to somebody else


@pytest.mark.parametrize("name", ["Ben Bell", "Anna Cole"])
def test_a_sibling_who_takes_a_number_over_is_doubtful(school: School, name: str) -> None:
    taken(school, HEAD, line(1))
    load = compared(school, HEAD, line(1, name, "06/06/2016"))
    assert counts(load) == {"doubtful": 1}
    import_decide(actor=office_of(school), load=load, decisions={load.rows.get().pk: "new"})
    import_run(import_accept(actor=office_of(school), load=load))
    assert set(Pupil.objects.values_list("upn", "born")) == {
        ("", date(2015, 5, 5)),
        (upn(1), date(2016, 6, 6)),
    }


@pytest.mark.parametrize(("name", "born"), [("Anna Moss", "05/05/2015"), ("Anna Bell", "06/05/2015")])
def test_a_new_name_or_a_corrected_birthday_is_a_change(school: School, name: str, born: str) -> None:
    taken(school, HEAD, line(1))
    assert counts(compared(school, HEAD, line(1, name, born))) == {"changed": 1}


# The wrong file


def many(first: int, last: int) -> list[str]:
    return [line(n, f"Pupil{n} Bell{n}") for n in range(first, last + 1)]


def test_a_file_after_which_many_would_leave_needs_their_number(school: School) -> None:
    taken(school, HEAD, *many(1, 8))
    office, load = office_of(school), compared(school, HEAD, *many(1, 2))
    for typed in (None, 8, 0):
        with pytest.raises(Refused, match="6 pupils would leave") as refusal:
            import_accept(actor=office, load=load, missing="leaver", leavers_typed=typed)
        assert refusal.value.field == "leavers_typed"
    import_run(import_accept(actor=office, load=load, missing="leaver", leavers_typed=6))
    assert Pupil.objects.exclude(leaves_on=None).count() == 6


@pytest.mark.parametrize(("before", "after"), [(8, 3), (40, 32)], ids=["five", "a fifth"])
def test_usual_leavers_need_no_number(school: School, before: int, after: int) -> None:
    taken(school, HEAD, *many(1, before))
    load = taken(school, HEAD, *many(1, after))
    assert counts(load)["missing"] == before - after


def test_whoever_keeps_them_all_types_nothing(school: School) -> None:
    taken(school, HEAD, *many(1, 8))
    taken(school, HEAD, *many(1, 1), missing="keep")
    assert not Pupil.objects.exclude(leaves_on=None).exists()


def test_the_page_asks_for_the_number_of_leavers_beside_its_field(school: School) -> None:
    taken(school, HEAD, *many(1, 8))
    load = compared(school, HEAD, *many(1, 1))
    client = Client()
    client.force_login(office_of(school))
    address = reverse("consent:import-accept", args=[load.uuid])
    assert "7 pupils would leave. Type 7 to confirm" in client.get(address).content.decode()
    for typed, words in (
        ("", "Type 7, the number of pupils who would leave"),
        ("8", "7 pupils would leave. Type 7 if that is right."),
        ("all", "Type 7, the number of pupils who would leave"),
    ):
        answer = client.post(address, {"missing_pupils": "leaver", "leavers_typed": typed})
        assert answer.status_code == 422
        assert words in " ".join(answer.context["form"].errors["leavers_typed"])
    assert client.post(address, {"missing_pupils": "leaver", "leavers_typed": "7"}).status_code == 302


def test_the_page_asks_for_no_number_where_few_leave(school: School) -> None:
    taken(school, HEAD, *many(1, 8))
    load = compared(school, HEAD, *many(1, 7))
    client = Client()
    client.force_login(office_of(school))
    address = reverse("consent:import-accept", args=[load.uuid])
    assert "would leave" not in client.get(address).content.decode()
    assert client.post(address, {"missing_pupils": "leaver"}).status_code == 302


# What stops an import


def test_an_import_that_fails_comes_back_to_review_and_logs_nobody(
    school: School, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    load = compared(school, HEAD, line(1))
    import_accept(actor=office_of(school), load=load)

    def fail(*_: Any) -> None:
        raise RuntimeError("Anna Bell")

    with monkeypatch.context() as patch:
        patch.setattr(Taking, "chunk", fail)
        load = import_run(load)
    assert (load.status, load.leased_until) == ("review", None)
    assert "RuntimeError" in caplog.text
    assert "Anna" not in caplog.text
    values = {"first_name": "Eve", "last_name": "Fox"}
    pupil_save(actor=office_of(school), school=school, pupil=None, values=values, once=uuid.uuid4())


def test_more_contacts_than_a_pupil_can_have_are_a_mistake(school: School) -> None:
    rows = [line(1) + f",Contact {n},,c{n}@x.example," for n in range(MOST_CONTACTS)]
    assert counts(compared(school, WITH_CONTACT, *rows, rows[0], whole=False)) == {"new": 1}
    school = a_consent_school("Other")[0]
    load = compared(school, WITH_CONTACT, *rows, line(1) + ",One More,,,")
    words = "This pupil has more than 20 contacts. Leave out those who are not asked."
    assert wrong(load) == [(22, "", words)]


# A last day or a birthday that changes


@pytest.fixture
def followed(monkeypatch: pytest.MonkeyPatch) -> list[tuple]:
    """The old dates of each pupil for whom consent follows the change."""
    seen: list[tuple] = []
    real = imports_accept.after_dates_changed

    def watching(*, pupil: Pupil, left_on: date | None, born: date | None, actor: Any) -> None:
        assert Pupil.objects.filter(pk=pupil.pk, leaves_on=pupil.leaves_on, born=pupil.born).exists()
        seen.append((pupil.upn, left_on, born))
        real(actor=actor, pupil=pupil, left_on=left_on, born=born)

    for module in ("imports_accept", "pupils"):
        monkeypatch.setattr(f"consent.services.{module}.after_dates_changed", watching)
    return seen


def test_a_file_tells_consent_whose_dates_changed(school: School, followed: list[tuple]) -> None:
    taken(school, HEAD, *many(1, 5))
    long_ago, later = (timezone.localdate() + timedelta(days=days) for days in (-90, 90))
    Pupil.objects.filter(upn=upn(1)).update(leaves_on=long_ago)
    Pupil.objects.filter(upn=upn(2)).update(leaves_on=later)
    Pupil.objects.filter(upn=upn(3)).update(born=date(2014, 5, 5))
    ends = f"{HEAD},Leaving Date"
    rows = [f"{one}," for one in many(1, 4)]
    taken(school, ends, *rows)
    assert followed == [(upn(1), long_ago, date(2015, 5, 5)), (upn(3), None, date(2014, 5, 5))]


@pytest.mark.clause("CIT-7.03")
@pytest.mark.parametrize("way", ["file", "hand"])
def test_a_yes_that_ended_with_leaving_does_not_come_back(school: School, way: str) -> None:
    pupil, _ = answered(school)
    Pupil.objects.update(leaves_on=timezone.localdate() - timedelta(days=400))
    pupil.refresh_from_db()
    if way == "file":
        taken(school, "UPN,Surname,Forename", f"{upn(1)},Stone,Anna")
    else:
        facts = {"leaves_on": None}
        pupil_save(actor=office_of(school), school=school, pupil=pupil, values=facts, once=uuid.uuid4())
    pupil.refresh_from_db()
    assert pupil.leaves_on is None
    assert "yes" not in position(pupil)
    assert AuditEvent.objects.filter(action="consent.reply_settled").count() == 1


def test_by_hand_consent_hears_of_changed_dates_alone(school: School, followed: list[tuple]) -> None:
    pupil, office = a_pupil(school, upn=upn(1)), office_of(school)
    was = pupil.born
    for values in ({"class_name": "9Z"}, {"born": date(2013, 1, 1)}):
        pupil_save(actor=office, school=school, pupil=pupil, values=values, once=uuid.uuid4())
    assert followed == [(upn(1), None, was)]
