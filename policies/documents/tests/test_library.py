"""Documents of a trust and supplements of its schools, linked policies, laws with their editions."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from core.errors import Refused
from core.todo import for_user
from policies.documents.access import document_rules, version_rules
from policies.documents.guidance import (
    Edition,
    citation_add,
    citation_remove,
    edition_record,
    suggestions,
)
from policies.documents.library import Facts, First, document_change, link_add, link_remove
from policies.documents.selectors import citations_of, cites_older, review_status, usage
from policies.documents.tests.cases import WORDS, a_document, a_draft, days, recorded, today
from policies.models import Document, Guidance, GuidanceEdition
from smgov.testing import Cast, a_cit_trust, a_person, a_school

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    """The trust of the suite."""
    return a_cit_trust()


def kcsie(year: int) -> Edition:
    """One edition of the guidance that ages fastest."""
    return Edition("Keeping children safe in education", "statutory", str(year), date(year, 9, 1))


def seen_by(user) -> set[str]:
    """Titles of what a person sees."""
    return set(document_rules.visible_to(user, "view").values_list("title", flat=True))


@pytest.mark.clause("RAV-1.01", "BEC-1.03")
def test_everybody_of_a_school_reads_what_is_in_force_and_only_keepers_a_draft(cast) -> None:
    a_document(cast.bob, cast.hilltop, "In force")
    a_document(cast.bob, cast.hilltop, "A draft", first=First(text=WORDS))
    a_document(cast.bob, cast.hilltop, "Empty", first=None)
    assert seen_by(cast.alice) == {"In force"}
    assert seen_by(cast.bob) == {"In force", "A draft", "Empty"}
    assert seen_by(cast.eve) == set()
    assert seen_by(a_person("Nobody Here")) == set()
    with pytest.raises(PermissionDenied):
        a_document(cast.alice, cast.hilltop)
    with pytest.raises(PermissionDenied):
        a_document(cast.bob, cast.otherplace)


def test_a_draft_of_a_document_in_force_is_for_keepers_and_reviewers_alone(cast) -> None:
    draft = a_draft(cast.bob, a_document(cast.bob, cast.hilltop))
    assert version_rules.allows(cast.cora, "view", draft)
    assert not version_rules.allows(cast.alice, "view", draft)
    assert not version_rules.allows(cast.eve, "view", draft)
    assert version_rules.visible_to(cast.alice, "view").count() == 1


@pytest.mark.clause("CIT-1.03")
def test_a_document_of_the_trust_serves_all_its_schools_and_a_school_may_add_to_it(cast) -> None:
    with pytest.raises(Refused, match="central team"):
        a_document(cast.bob, cast.hilltop, for_trust=True)
    above = a_document(cast.cora, cast.hub, "Trust policy", for_trust=True)
    own = a_document(cast.cora, cast.hub, "For the hub alone")
    assert "Trust policy" in seen_by(cast.alice) & seen_by(cast.eve)
    assert "For the hub alone" not in seen_by(cast.alice)
    added = a_document(cast.bob, cast.hilltop, "Hilltop’s supplement", supplements=above)
    assert "Hilltop’s supplement" in seen_by(cast.alice) - seen_by(cast.eve)
    stranger = a_school()
    for wrong in (own, added):
        with pytest.raises(Refused, match="whole trust"):
            a_document(cast.bob, cast.hilltop, "Another", supplements=wrong)
    head = a_person("Hugh Head", "headteacher", stranger)
    with pytest.raises(Refused, match="whole trust"):
        a_document(head, stranger, supplements=above)
    with pytest.raises(Refused, match="no supplement"):
        a_document(cast.cora, cast.hub, for_trust=True, supplements=above)


def test_what_is_said_about_a_document_changes_with_a_record_of_the_fields(cast) -> None:
    row = a_document(cast.bob, cast.hilltop)
    facts = Facts("social_media", "Social media policy", readers=("staff",), interval_months=22)
    with pytest.raises(PermissionDenied):
        document_change(actor=cast.alice, document=row, facts=facts)
    for _ in range(2):
        document_change(actor=cast.bob, document=row, facts=facts)
    row.refresh_from_db()
    assert (row.readers, row.interval_months) == (["staff"], 22)
    assert recorded("policies.document_changed") == 1
    for wrong in ({"interval_months": 121}, {"readers": ("everybody",)}, {"title": " "}, {"kind": "x"}):
        with pytest.raises(Refused):
            document_change(actor=cast.bob, document=row, facts=Facts(**{**facts.__dict__, **wrong}))


@pytest.mark.clause("CIT-1.02", "STM-1.02", "BEC-2.03")
def test_a_document_works_together_with_others_kept_here_or_named(cast) -> None:
    row = a_document(cast.bob, cast.hilltop)
    other = a_document(cast.bob, cast.hilltop, "Acceptable use", kind="acceptable_use")
    foreign = a_document(a_person("Hugh Head", "headteacher", cast.otherplace), cast.otherplace, "Foreign")
    link = link_add(actor=cast.bob, document=row, other=other)
    link_add(actor=cast.bob, document=row, title="Equality and Diversity Policy")
    assert link_add(actor=cast.bob, document=row, title="equality and diversity policy").pk != link.pk
    assert row.links.count() == 2, "the same title twice is one"
    for wrong in ({"other": foreign}, {"other": row}, {"title": " "}):
        with pytest.raises(Refused):
            link_add(actor=cast.bob, document=row, **wrong)
    with pytest.raises(PermissionDenied):
        link_remove(actor=cast.alice, link=link)
    link_remove(actor=cast.bob, link=link)
    link_remove(actor=cast.bob, link=link)
    assert [str(one) for one in row.links.all()] == ["Equality and Diversity Policy"]
    assert recorded("policies.link_removed") == 1


@pytest.mark.clause("CIT-1.01", "STM-1.01", "CBC-12.01")
def test_a_newer_edition_flags_every_document_that_cites_an_older_one(cast) -> None:
    row, fresh = a_document(cast.bob, cast.hilltop), a_document(cast.bob, cast.hilltop, "Fresh")
    old = citation_add(actor=cast.bob, document=row, edition=kcsie(2023))
    citation_add(actor=cast.bob, document=fresh, edition=kcsie(2025))
    # 2025 was recorded with the second document, at the same school.
    assert [one.newer_edition for one in citations_of(row)] == ["2025"]
    assert list(cites_older(cast.bob)) == [row]
    assert [one.title for one in for_user(cast.bob) if "newer edition" in one.title] == [
        "A newer edition is known of what “Social media policy” cites"
    ]
    assert not [one for one in for_user(cast.alice) if "newer edition" in one.title]
    citation_add(actor=cast.bob, document=row, edition=kcsie(2025), instead=old)
    assert not cites_older(cast.bob).exists()
    assert row.citations.count() == 1


def test_what_a_trust_records_serves_its_schools_and_nobody_elses(cast) -> None:
    stranger = a_school()
    head = a_person("Hugh Head", "headteacher", stranger)
    mine, theirs = a_document(cast.bob, cast.hilltop), a_document(head, stranger)
    for actor, row in ((cast.bob, mine), (head, theirs)):
        citation_add(actor=actor, document=row, edition=kcsie(2024))
    newer = Edition("KEEPING children safe in  education", "statutory", "2025", date(2025, 9, 1))
    edition_record(actor=cast.cora, school=cast.hub, edition=newer)
    assert list(cites_older(cast.bob)) == [mine]
    assert not cites_older(head).exists()
    with pytest.raises(PermissionDenied):
        edition_record(actor=cast.bob, school=cast.hub, edition=kcsie(2026))
    with pytest.raises(Refused, match="already"):
        edition_record(actor=cast.cora, school=cast.hub, edition=kcsie(2025))


def test_the_suggestions_make_nothing_older_by_themselves(cast) -> None:
    citation_add(actor=cast.bob, document=a_document(cast.bob, cast.hilltop), edition=kcsie(2022))
    assert not cites_older(cast.bob).exists()
    assert {one.edition for one in suggestions() if one.name.startswith("Keeping")} == {
        "2022",
        "2023",
        "2024",
        "2025",
    }
    assert all(one.kind in Guidance.Kind.values for one in suggestions())


def test_citing_the_same_edition_twice_is_one_and_only_keepers_cite(cast) -> None:
    row = a_document(cast.bob, cast.hilltop)
    one = citation_add(actor=cast.bob, document=row, edition=kcsie(2025))
    assert citation_add(actor=cast.bob, document=row, edition=kcsie(2025)) == one
    assert GuidanceEdition.objects.count() == 1
    with pytest.raises(PermissionDenied):
        citation_add(actor=cast.alice, document=row, edition=kcsie(2025))
    with pytest.raises(PermissionDenied):
        citation_remove(actor=cast.eve, citation=one)
    for wrong in (
        Edition("", "law", "2010", date(2010, 10, 1)),
        Edition("Act", "x", "2010", date(2010, 10, 1)),
        Edition("Act", "law", "3000", date(3000, 1, 1)),
    ):
        with pytest.raises(Refused):
            citation_add(actor=cast.bob, document=row, edition=wrong)
    row_of = usage(Guidance.objects.all()).get()
    assert (row_of.newest, row_of.cited, row_of.older) == ("2025", 1, 0)
    citation_remove(actor=cast.bob, citation=one)
    assert not row.citations.exists()


@pytest.mark.parametrize(
    ("due", "status"),
    [(-1, "overdue"), (0, "review_soon"), (60, "review_soon"), (61, ""), (None, "")],
)
def test_a_review_is_overdue_after_its_last_day_and_due_soon_within_sixty(due, status) -> None:
    row = Document(review_on=None if due is None else days(due))
    assert review_status(row, today()) == status
