"""The reference data: complete, and the same however often it is loaded."""

import pytest
from django.db import IntegrityError, connection
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext

from policies import reference
from policies.models import Clause, Policy

pytestmark = pytest.mark.django_db

EXPECTED = {"BEC": 72, "CBC": 67, "CIT": 149, "RAV": 83, "STM": 218}


def _everything() -> tuple[list, list]:
    return list(Policy.objects.order_by("pk").values()), list(Clause.objects.order_by("pk").values())


def test_every_policy_is_there_with_all_its_clauses():
    counts = dict(Policy.objects.with_counts().values_list("code", "clause_count"))
    assert counts == EXPECTED
    assert Clause.objects.count() == 589


def test_every_reference_is_unique_and_belongs_to_its_policy():
    rows = reference.read_rows("clauses.csv")
    assert len({row["id"] for row in rows}) == len(rows) == 589
    for ref, code in Clause.objects.values_list("ref", "policy__code"):
        assert ref.startswith(f"{code}-")


def test_numbers_agree_with_the_reference():
    for clause in Clause.objects.select_related("policy"):
        assert clause.ref == f"{clause.policy.code}-{clause.section_number}.{clause.number:02d}"
        assert clause.section.startswith(f"{clause.section_number}. ")


def test_every_row_passes_its_own_validators():
    for row in [*Policy.objects.all(), *Clause.objects.all()]:
        row.clean_fields()


def test_each_section_of_a_policy_has_one_heading():
    headings = Clause.objects.order_by().values_list("policy", "section_number", "section").distinct()
    assert len(headings) == len({(policy, number) for policy, number, _ in headings})


def test_loading_twice_changes_nothing():
    before = _everything()
    with CaptureQueriesContext(connection) as queries:
        reference.load_reference()
    assert _everything() == before
    assert not [each for each in queries if each["sql"].startswith(("INSERT", "UPDATE"))]
    assert len(queries) <= 8


def test_loading_mends_what_differs_and_keeps_the_rows():
    clause = Clause.objects.get(ref="STM-15.21")
    Clause.objects.filter(pk=clause.pk).update(title="Changed by hand", section="15. Other")
    Policy.objects.filter(code="STM").update(next_review_text="")
    Clause.objects.filter(ref="CBC-12.01").delete()
    reference.load_reference()
    clause_now = Clause.objects.get(ref="STM-15.21")
    assert (clause_now.pk, clause_now.title, clause_now.section) == (clause.pk, clause.title, clause.section)
    assert Policy.objects.get(code="STM").next_review_text == "23/09/26"
    assert Clause.objects.count() == 589


def test_a_clause_that_left_the_files_stays():
    policy = Policy.objects.get(code="CBC")
    Clause.objects.create(
        policy=policy, ref="CBC-13.01", section="13. Old", section_number=13, number=1, title="An old clause"
    )
    reference.load_reference()
    assert Clause.objects.filter(ref="CBC-13.01").exists()


def test_loading_an_empty_portal_takes_few_queries():
    Clause.objects.all().delete()
    Policy.objects.all().delete()
    with CaptureQueriesContext(connection) as queries:
        reference.load_after_migrate(using="default")
    assert Clause.objects.count() == 589
    assert len(queries) <= 24


def test_nothing_is_loaded_where_the_tables_are_gone(monkeypatch):
    monkeypatch.setattr(connection.introspection, "table_names", lambda: ["django_migrations"])
    monkeypatch.setattr(reference, "load_reference", lambda using: pytest.fail("loaded without tables"))
    reference.load_after_migrate(using="default")


def test_two_ten_follows_two_nine():
    numbers = [clause.ref for clause in Clause.objects.filter(policy__code="CIT", section_number__in=(2, 10))]
    assert numbers.index("CIT-2.10") == numbers.index("CIT-2.09") + 1
    assert numbers[-4:] == ["CIT-10.01", "CIT-10.02", "CIT-10.03", "CIT-10.04"]


def test_a_policy_with_clauses_cannot_be_deleted():
    with pytest.raises(ProtectedError):
        Policy.objects.get(code="RAV").delete()


def test_a_reference_is_stored_once():
    clause = Clause.objects.get(ref="RAV-2.07")
    clause.pk, clause.number = None, 99
    with pytest.raises(IntegrityError):
        clause.save()


@pytest.mark.parametrize(
    ("code", "preset", "review"),
    [
        ("CIT", "cit", "November 2024"),
        ("BEC", "beckstone", ""),
        ("RAV", "ravens-wood", ""),
        ("STM", "st-marys", "23/09/26"),
        ("CBC", "cbc", "September 2024"),
    ],
)
def test_each_policy_names_its_preset_and_the_review_it_states(code, preset, review):
    policy = Policy.objects.get(code=code)
    assert (policy.preset, policy.next_review_text) == (preset, review)
    assert policy.covers.endswith(".")
