"""What a file would change, decided by a person, and nothing before it is accepted."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from consent.models import ColumnName, Contact, Pupil, PupilImport, Tie
from consent.services.imports import (
    import_accept,
    import_cancel,
    import_columns,
    import_decide,
    import_keep,
)
from consent.services.imports_work import import_run
from consent.services.pupils import pupil_save
from consent.tests.import_help import (
    HEAD,
    WITH_CONTACT,
    compared,
    counts,
    csv_of,
    line,
    office_of,
    sent,
    taken,
    upn,
    wrong,
)
from core.errors import Refused, Stale
from core.models import AuditEvent
from people.models import School
from smgov.testing_consent import a_consent_school, a_pupil

pytestmark = pytest.mark.django_db


@pytest.fixture
def school() -> School:
    """A school whose part about consent is open."""
    return a_consent_school()[0]


def contacts_of(pupil: Pupil) -> set[tuple[str, str, str, bool]]:
    return set(pupil.ties.values_list("contact__name", "relationship", "responsibility", "active"))


def test_nothing_changes_until_it_is_accepted(school: School) -> None:
    load = compared(school, HEAD, line(1), line(2, "Ben Cole"))
    assert counts(load) == {"new": 2}
    assert not Pupil.objects.exists()
    import_run(import_accept(actor=office_of(school), load=load))
    load.refresh_from_db()
    assert (load.status, load.rows_done, load.rows_total) == ("accepted", 2, 2)
    anna = Pupil.objects.get(upn=upn(1))
    assert (anna.name, anna.local_id, anna.born, anna.year_group, anna.class_name) == (
        "Anna Bell",
        "1",
        date(2015, 5, 5),
        "5",
        "5A",
    )
    assert anna.search_name == "anna bell"


def test_the_same_file_twice_changes_nothing(school: School) -> None:
    lines = (
        f"{WITH_CONTACT}",
        line(1) + ",Beth Bell,Mother,Beth@X.example,yes",
        line(1) + ",Carl Bell,Father,,",
        line(2, "Ben Bell", "06/06/2017") + ",Beth Bell,Mother,beth@x.example,yes",
        line(3, "Cy Moss") + ",,,,",
    )
    taken(school, *lines)
    before = [list(rows.values()) for rows in (Pupil.objects.all(), Contact.objects.all(), Tie.objects.all())]
    assert [len(rows) for rows in before] == [3, 2, 3]
    load = compared(school, *lines)
    assert counts(load) == {"unchanged": 3}
    import_run(import_accept(actor=office_of(school), load=load))
    assert before == [
        list(rows.values()) for rows in (Pupil.objects.all(), Contact.objects.all(), Tie.objects.all())
    ]


def test_a_change_says_what_was_and_what_will_be(school: School) -> None:
    taken(school, HEAD, line(1), line(2, "Ben Cole"))
    load = compared(school, HEAD, line(1, "Anna Bell-Moss", more="Year 6,6A"), line(2, "Ben Cole"))
    assert counts(load) == {"changed": 1, "unchanged": 1}
    assert load.rows.get().changes == [
        ["Last name", "Bell", "Bell-Moss"],
        ["Year", "5", "6"],
        ["Class", "5A", "6A"],
    ]
    import_run(import_accept(actor=office_of(school), load=load))
    anna = Pupil.objects.get(upn=upn(1))
    assert (anna.last_name, anna.class_name, anna.search_name) == ("Bell-Moss", "6A", "anna bell-moss")


def test_empty_cells_take_neither_numbers_nor_the_birthday_away(school: School) -> None:
    taken(school, HEAD, line(1))
    taken(school, HEAD, f"{upn(1)},,Bell,Anna,,,")
    anna = Pupil.objects.get()
    assert (anna.local_id, anna.born, anna.class_name) == ("1", date(2015, 5, 5), "")


def test_a_pupil_of_another_school_with_the_same_upn_does_not_exist(school: School) -> None:
    other = a_consent_school("Other")[0]
    theirs = a_pupil(other, "Zara Zed", upn=upn(1))
    load = taken(school, HEAD, line(1))
    assert counts(load) == {"new": 1}
    theirs.refresh_from_db()
    assert theirs.name == "Zara Zed"
    assert Pupil.objects.filter(school=school, upn=upn(1)).count() == 1


# Missing pupils


def test_whoever_is_missing_leaves_only_when_it_is_confirmed(school: School) -> None:
    taken(school, HEAD, line(1), line(2, "Ben Cole"), line(3, "Cy Dunn"))
    load = compared(school, HEAD, line(1))
    assert counts(load) == {"unchanged": 1, "missing": 2}
    with pytest.raises(Refused, match="not in the file"):
        import_accept(actor=office_of(school), load=load)
    ben = load.rows.get(pupil__first_name="Ben")
    import_keep(actor=office_of(school), load=load, shown={ben.pk}, kept={ben.pk})
    import_run(import_accept(actor=office_of(school), load=load, missing="leaver"))
    left = dict(Pupil.objects.values_list("first_name", "leaves_on"))
    assert left == {"Anna": None, "Ben": None, "Cy": timezone.localdate()}


def test_everybody_missing_may_be_kept_at_once(school: School) -> None:
    taken(school, HEAD, line(1), line(2, "Ben Cole"))
    taken(school, HEAD, line(1), missing="keep")
    assert not Pupil.objects.exclude(leaves_on=None).exists()


def test_a_file_of_some_pupils_leaves_the_others_alone(school: School) -> None:
    taken(school, HEAD, line(1), line(2, "Ben Cole"))
    assert counts(compared(school, HEAD, line(1), whole=False)) == {"unchanged": 1}


def test_a_leaver_who_appears_again_is_at_the_school_again(school: School) -> None:
    taken(school, HEAD, line(1))
    Pupil.objects.update(leaves_on=timezone.localdate() - timedelta(days=30))
    load = taken(school, HEAD, line(1))
    assert counts(load) == {"changed": 1}
    assert Pupil.objects.get().leaves_on is None


# Doubtful pupils


def test_a_twin_is_decided_by_a_person(school: School) -> None:
    taken(school, HEAD, line(1))
    anna = Pupil.objects.get()
    load = compared(school, HEAD, line(9, "Annabel Bell"))
    assert counts(load) == {"doubtful": 1}
    row = load.rows.get()
    assert row.candidates == [anna.pk]
    with pytest.raises(Refused, match="doubtful"):
        import_accept(actor=office_of(school), load=load)
    with pytest.raises(Refused, match="Choose one"):
        import_decide(actor=office_of(school), load=load, decisions={row.pk: str(anna.pk + 1)})
    import_decide(actor=office_of(school), load=load, decisions={row.pk: "new"})
    import_run(import_accept(actor=office_of(school), load=load))
    assert set(Pupil.objects.values_list("first_name", "upn")) == {("Anna", upn(1)), ("Annabel", upn(9))}


def test_a_doubtful_row_may_be_the_pupil_with_a_new_number(school: School) -> None:
    taken(school, HEAD, line(1))
    load = compared(school, HEAD, line(9))
    row = load.rows.get()
    import_decide(actor=office_of(school), load=load, decisions={row.pk: str(row.candidates[0])})
    import_run(import_accept(actor=office_of(school), load=load))
    assert Pupil.objects.get().upn == upn(9)


def test_a_doubtful_row_may_be_left_out(school: School) -> None:
    taken(school, HEAD, line(1))
    load = compared(school, HEAD, line(9))
    import_decide(actor=office_of(school), load=load, decisions={load.rows.get().pk: "leave_out"})
    import_run(import_accept(actor=office_of(school), load=load))
    assert Pupil.objects.get().upn == upn(1)


def test_the_twin_who_stands_in_the_file_with_their_own_number_is_no_doubt(school: School) -> None:
    taken(school, HEAD, line(1))
    assert counts(compared(school, HEAD, line(1), line(2, "Beth Bell"))) == {"unchanged": 1, "new": 1}


def test_the_same_name_and_birthday_twice_in_a_file_is_doubtful(school: School) -> None:
    assert counts(compared(school, HEAD, line(1), line(2))) == {"new": 1, "doubtful": 1}


@pytest.mark.parametrize(
    "row",
    [
        f"{upn(1)},2,Bell,Anna,05/05/2015,5,5A",  # the UPN of one, the number of the other
        f"{upn(1)},,Cole,Ben,06/06/2016,5,5A",  # the UPN of one, name and birthday of the other
        f"{upn(1)},1,Stone,Sue,01/02/2012,5,5A",  # a number that fits nothing else
        f"{upn(7)},1,Bell,Anne,05/05/2014,5,5A",  # the number with another UPN and another birthday
    ],
)
def test_numbers_that_contradict_the_names_are_doubtful(school: School, row: str) -> None:
    taken(school, HEAD, line(1), line(2, "Ben Cole", "06/06/2016"))
    load = compared(school, HEAD, row, whole=False)
    assert counts(load) == {"doubtful": 1}
    assert load.rows.get().problems[0][1]


def test_a_number_moves_to_whom_a_person_says(school: School) -> None:
    taken(school, HEAD, line(1), line(2, "Ben Cole", "06/06/2016"))
    anna, ben = Pupil.objects.order_by("pk")
    load = compared(school, HEAD, f"{upn(1)},2,Bell,Anna,05/05/2015,5,5A", whole=False)
    row = load.rows.get()
    assert set(row.candidates) == {anna.pk, ben.pk}
    import_decide(actor=office_of(school), load=load, decisions={row.pk: str(anna.pk)})
    import_run(import_accept(actor=office_of(school), load=load))
    anna.refresh_from_db()
    ben.refresh_from_db()
    assert (anna.local_id, ben.local_id) == ("2", "")


def test_two_rows_cannot_be_the_same_pupil(school: School) -> None:
    taken(school, HEAD, line(1))
    load = compared(school, HEAD, line(8), line(9, "Annabel Bell"))
    rows = list(load.rows.all())
    pupil = str(rows[0].candidates[0])
    with pytest.raises(Refused, match="same pupil"):
        import_decide(actor=office_of(school), load=load, decisions={row.pk: pupil for row in rows})
    assert not load.rows.exclude(decision="").exists()


# Columns


def test_headings_are_named_once_and_remembered(school: School) -> None:
    head, row = "Kenn-Nr,Nachname,Vorname,Ethnicity", "7,Bell,Anna,secret"
    load = sent(school, csv_of(head, row))
    assert load.status == "mapping"
    office = office_of(school)
    with pytest.raises(Refused, match="both “Last name”"):
        import_columns(actor=office, load=load, mapping={"Nachname": "last_name", "Vorname": "last_name"})
    with pytest.raises(Refused, match="UPN or the number"):
        import_columns(actor=office, load=load, mapping={"Nachname": "last_name", "Vorname": "first_name"})
    mapping = {"Kenn-Nr": "local_id", "Nachname": "last_name", "Vorname": "first_name", "Ethnicity": ""}
    import_columns(actor=office, load=load, mapping=mapping)
    load = import_run(load)
    assert counts(load) == {"new": 1}
    assert "secret" not in str(load.rows.get().values)
    assert ColumnName.objects.filter(school=school).count() == 4
    import_cancel(actor=office, load=load)
    again = sent(school, csv_of("KENN NR,nachname,VORNAME,ethnicity", row))
    assert again.status == "comparing"
    other = a_consent_school("Other")[0]
    assert sent(other, csv_of(head, row)).status == "mapping"


def test_contacts_alone_work_for_pupils_who_are_there(school: School) -> None:
    taken(school, HEAD, line(1))
    load = compared(school, "UPN,Contact name,Email", f"{upn(1)},Beth Bell,b@x.example", f"{upn(5)},Cy,")
    assert wrong(load) == [(3, "", "No pupil of the register has this number. Import the pupils first.")]
    import_cancel(actor=office_of(school), load=load)
    load = taken(school, "UPN,Contact name,Email", f"{upn(1)},Beth Bell,b@x.example")
    assert load.whole_school is False
    assert contacts_of(Pupil.objects.get()) == {("Beth Bell", "", "unknown", True)}


# Wrong files, and more than one hand


def test_a_file_with_mistakes_cannot_be_accepted(school: School) -> None:
    load = compared(school, HEAD, line(1), "X,2,Cole,Ben,,,", f"{upn(3)},3,Dunn,,yesterday,,")
    assert counts(load) == {"wrong": 2}
    assert [(number, column) for number, column, _ in wrong(load)] == [(3, "UPN"), (4, "DOB")]
    with pytest.raises(Refused, match="Mend the mistakes"):
        import_accept(actor=office_of(school), load=load)


def test_a_file_that_breaks_off_is_refused_in_words(school: School) -> None:
    load = compared(school, HEAD, line(1), f'{upn(2)},2,"Cole')
    assert load.status == "refused"
    assert "quotation marks" in load.problem
    assert not load.rows.exists()


def test_a_file_without_pupils_makes_nobody_a_leaver(school: School) -> None:
    taken(school, HEAD, line(1))
    load = compared(school, HEAD)
    assert (load.status, load.problem) == ("refused", "The file holds no pupils. Choose another one.")


def test_one_file_at_a_time_and_the_same_form_twice_is_one(school: School) -> None:
    load = compared(school, HEAD, line(1))
    with pytest.raises(Refused, match="Another file"):
        sent(school, csv_of(HEAD, line(1)))
    assert sent(school, csv_of(HEAD, line(1)), once=load.once) == load
    assert PupilImport.objects.count() == 1


def test_accepting_twice_is_accepting_once(school: School) -> None:
    load = compared(school, HEAD, line(1))
    office = office_of(school)
    import_accept(actor=office, load=load)
    import_accept(actor=office, load=load)
    import_run(load)
    import_accept(actor=office, load=load)
    assert Pupil.objects.count() == 1
    assert AuditEvent.objects.filter(action="consent.import_accepted").count() == 1
    assert AuditEvent.objects.filter(action="consent.import_taken_over").count() == 1
    with pytest.raises(Stale):
        import_cancel(actor=office, load=load)


def test_data_that_moved_are_reviewed_again_and_decisions_that_fit_are_kept(school: School) -> None:
    taken(school, HEAD, line(1), line(2, "Ben Cole"), line(4, "Di Eve"))
    office = office_of(school)
    load = compared(school, HEAD, line(1), line(9, "Benno Cole"))
    doubtful = load.rows.get(outcome="doubtful")
    gone = load.rows.get(outcome="missing")
    import_decide(actor=office, load=load, decisions={doubtful.pk: "new"})
    import_keep(actor=office, load=load, shown={gone.pk}, kept={gone.pk})
    anna = Pupil.objects.get(first_name="Anna")
    pupil_save(actor=office, school=school, pupil=anna, values={"class_name": "1Z"}, once=load.once)
    load = import_run(import_accept(actor=office, load=load, missing="leaver"))
    assert (load.status, load.counts["moved"]) == ("review", True)
    assert not Pupil.objects.filter(first_name="Benno").exists()
    assert load.rows.get(outcome="changed").changes == [["Class", "1Z", "5A"]]
    assert load.rows.get(outcome="doubtful").decision == "new"
    assert load.rows.get(outcome="missing").decision == "keep"
    load = import_run(import_accept(actor=office, load=load, missing="leaver"))
    assert load.status == "accepted"
    assert Pupil.objects.get(first_name="Di").leaves_on is None


def test_while_a_file_is_taken_over_nobody_changes_pupils_by_hand(school: School) -> None:
    load = compared(school, HEAD, line(1))
    office = office_of(school)
    import_accept(actor=office, load=load)
    values = {"first_name": "Eve", "last_name": "Fox"}
    with pytest.raises(Refused, match="taken over"):
        pupil_save(actor=office, school=school, pupil=None, values=values, once=load.once)
    import_run(load)
    pupil_save(actor=office, school=school, pupil=None, values=values, once=load.once)
