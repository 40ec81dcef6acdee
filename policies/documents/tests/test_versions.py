"""Versions: one in force, one draft; a draft comes into force through a review, and in no other way."""

import hashlib
import uuid
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from core.errors import Refused, Stale
from core.roles import Post, Role
from policies.documents.library import First, document_retire
from policies.documents.services import (
    ON_DRAFT,
    document_dates_set,
    version_draft,
    version_drop,
    version_into_force,
)
from policies.documents.tests.cases import (
    CHANGED,
    PDF,
    WORDS,
    a_document,
    a_draft,
    a_pdf,
    days,
    ratified,
    recorded,
    today,
)
from policies.models import CommunityNotice, DateChange, Document, Review, Version
from smgov.testing import Cast, a_cit_trust, a_person, a_school

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    """The trust of the suite."""
    return a_cit_trust()


@pytest.mark.clause("CIT-0.01", "CBC-0.01")
def test_what_was_adopted_before_the_portal_is_entered_with_its_day_and_who_adopted_it(cast) -> None:
    since = date(2022, 11, 29)
    first = First(text=WORDS, edition="Adopted by the committee, 29 November 2022", in_force_from=since)
    row = a_document(cast.bob, cast.hilltop, code="IT4b", first=first)
    version = row.versions.get()
    assert (version.state, version.in_force_from, version.number) == ("in_force", since, 1)
    assert version.sha256 == hashlib.sha256(WORDS.encode()).hexdigest()
    assert row.code == "IT4b"
    assert recorded("policies.version_in_force") == 1
    assert not CommunityNotice.objects.exists(), "nothing has changed, so nobody is told"


def test_the_same_page_sent_twice_makes_one_document(cast) -> None:
    once = uuid.uuid4()
    assert a_document(cast.bob, cast.hilltop, once=once) == a_document(cast.bob, cast.hilltop, once=once)
    assert Document.objects.count() == 1


def test_no_day_in_the_future_and_no_version_without_words(cast) -> None:
    for first in (First(text=WORDS, in_force_from=days(1)), First(in_force_from=days(-1))):
        with pytest.raises(Refused):
            a_document(cast.bob, cast.hilltop, first=first)
    assert not Document.objects.exists()


@pytest.mark.clause("CIT-12.01")
def test_a_draft_leaves_what_is_in_force_as_it_is_until_it_is_ratified(cast) -> None:
    row = a_document(cast.bob, cast.hilltop)
    draft = a_draft(cast.bob, row)
    assert a_draft(cast.cora, row, CHANGED + "\n\nMore.").pk == draft.pk, "there is one draft"
    old = row.versions.get(state="in_force")
    assert old.text == WORDS
    new = ratified(cast.elt, Version.objects.get(pk=draft.pk))
    old.refresh_from_db()
    assert (old.state, old.in_force_until) == ("past", days(-1))
    assert (new.state, new.in_force_from, new.number) == ("in_force", today(), 2)
    with pytest.raises(Refused, match="not a draft"):
        ratified(cast.elt, new)


def test_a_version_comes_into_force_only_inside_a_transaction_and_not_in_the_future(cast) -> None:
    draft = a_draft(cast.bob, a_document(cast.bob, cast.hilltop))
    with pytest.raises(Refused, match="day of its ratification"):
        ratified(cast.elt, draft, days(1))
    with pytest.raises(Refused, match="after that day"):
        ratified(cast.elt, draft, days(-500))
    assert draft.document.versions.get(state="in_force").number == 1


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_comes_into_force() -> None:
    school = a_school()
    head = a_person("Bob Barnes", Role.HEADTEACHER, school)
    draft = a_draft(head, a_document(head, school))
    with pytest.raises(RuntimeError):
        version_into_force(actor=head, version=draft, on=today())


def test_the_database_holds_one_version_in_force_and_one_draft(cast) -> None:
    row = a_document(cast.bob, cast.hilltop)
    more = {"document": row, "in_force_from": today(), "made_by": cast.bob, "sha256": "x"}
    Version.objects.create(number=8, state="draft", **more)
    for state in ("in_force", "draft"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Version.objects.create(number=9, state=state, **more)


def test_who_may_write_a_draft(cast) -> None:
    row = a_document(cast.bob, cast.hilltop)
    for user in (cast.alice, cast.dan, cast.eve, cast.chair):
        with pytest.raises(PermissionDenied):
            a_draft(user, row)
    school = a_school(preset="st-marys")
    head = a_person("Hugh Head", Role.HEADTEACHER, school)
    council = a_person("Gail Gov", Role.GOVERNANCE, school)
    assert a_draft(council, a_document(head, school)).made_by == council, "STM's academy council reviews"


def test_two_people_do_not_write_over_each_other(cast) -> None:
    row = a_document(cast.bob, cast.hilltop)
    seen = a_draft(cast.bob, row, seen="").sha256
    a_draft(cast.cora, row, "Hers", seen=seen)
    with pytest.raises(Stale):
        a_draft(cast.bob, row, "His", seen=seen)
    assert row.versions.get(state="draft").text == "Hers"
    a_draft(cast.cora, row, "Hers", seen=seen)  # her page sent twice
    assert list(row.versions.get(state="draft").edits.values_list("by", flat=True)) == [
        cast.bob.pk,
        cast.cora.pk,
    ]


def test_words_or_a_file_and_nothing_that_cannot_be_kept(cast) -> None:
    row = a_document(cast.bob, cast.hilltop)
    bad = (
        {"text": ""},
        {"text": "\u200b \u2060\n"},
        {"text": "x", "file": a_pdf()},
        {"text": "a\x00b"},
        {"text": "x" * 200_001},
    )
    for one in bad:
        with pytest.raises(Refused):
            version_draft(actor=cast.bob, document=row, **one)
    assert not row.versions.filter(state="draft").exists()


def test_a_file_is_kept_with_its_hash_and_a_harmless_name(cast, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    row = a_document(cast.bob, cast.hilltop)
    draft = version_draft(actor=cast.bob, document=row, file=a_pdf("../../etc/\u202epolicy.pdf"))
    assert draft.sha256 == hashlib.sha256(PDF).hexdigest()
    assert draft.file_name == "policy.pdf"
    assert "policy" not in draft.file.name
    assert draft.text == ""


def test_parts_above_hear_of_a_changed_draft_once(cast) -> None:
    heard: list[str] = []
    ON_DRAFT.append(lambda version, actor: heard.append(version.sha256))
    try:
        row = a_document(cast.bob, cast.hilltop)
        for _ in range(2):
            a_draft(cast.bob, row)
    finally:
        ON_DRAFT.pop()
    assert len(heard) == 1, "the same words again change nothing"
    assert recorded("policies.draft_written") == 1


def test_a_draft_that_waits_to_be_ratified_does_not_change_nor_go(cast) -> None:
    row = a_document(cast.bob, cast.hilltop)
    draft = a_draft(cast.bob, row)
    Review.objects.create(
        once=uuid.uuid4(), document=row, started_by=cast.bob, proposed=draft, state=Review.State.RATIFYING
    )
    with pytest.raises(Refused, match="waits to be ratified"):
        a_draft(cast.bob, row, "Other words")
    with pytest.raises(Refused, match="review"):
        version_drop(actor=cast.bob, version=draft)
    with pytest.raises(Refused, match="review"):
        document_retire(actor=cast.bob, document=row, reason="Replaced")


def test_a_draft_put_aside_stays_in_the_history_and_another_may_be_written(cast) -> None:
    row = a_document(cast.bob, cast.hilltop)
    draft = version_drop(actor=cast.bob, version=a_draft(cast.bob, row))
    assert draft.state == "dropped"
    with pytest.raises(Refused, match="not a draft"):
        version_drop(actor=cast.bob, version=draft)
    assert a_draft(cast.bob, row).number == 3


@pytest.mark.clause("CIT-12.02")
def test_a_month_without_a_day_is_due_on_its_last_day(cast) -> None:
    row = a_document(cast.bob, cast.hilltop, review_on=date(2024, 11, 1), by_month=True)
    assert (row.review_on, row.review_by_month) == (date(2024, 11, 30), True)
    assert row.remind_on == date(2024, 10, 1)


def test_the_next_review_moves_by_hand_with_a_reason_that_is_kept(cast) -> None:
    row = a_document(cast.bob, cast.hilltop, review_on=days(-10))
    move = {"actor": cast.bob, "document": row, "review_on": days(30), "by_month": False}
    with pytest.raises(Refused, match="why"):
        document_dates_set(**move, reason="  ")
    with pytest.raises(PermissionDenied):
        document_dates_set(**{**move, "actor": cast.alice}, reason="Because")
    for _ in range(2):
        document_dates_set(**move, reason="The committee meets then")
    change = DateChange.objects.get()
    assert (change.was_on, change.to_on, change.because) == (days(-10), days(30), "The committee meets then")
    row.refresh_from_db()
    assert (row.review_on, row.remind_on) == (days(30), days(-30))
    document_dates_set(**{**move, "review_on": None}, reason="No fixed date any more")
    row.refresh_from_db()
    assert (row.review_on, row.remind_on) == (None, None)


@pytest.mark.clause("CIT-12.03", "STM-12.03")
def test_a_change_makes_a_notice_for_everybody_whom_the_profile_names(cast) -> None:
    row = a_document(cast.bob, cast.hilltop)
    ratified(cast.elt, a_draft(cast.bob, row, changes="Ask before a new account."))
    notices = CommunityNotice.objects.filter(school=cast.hilltop)
    assert {one.audience for one in notices} == {"staff", "pupils", "parents"}
    assert all("Ask before a new account." in one.text and one.sent_on is None for one in notices)
    school = a_school(preset="beckstone")
    head = a_person("Hugh Head", Role.HEADTEACHER, school)
    ratified(head, a_draft(head, a_document(head, school)))
    assert [one.audience for one in CommunityNotice.objects.filter(school=school)] == ["staff"]


def test_a_retired_document_changes_no_more_and_stays_to_be_read(cast) -> None:
    row = a_document(cast.bob, cast.hilltop, review_on=days(5))
    a_draft(cast.bob, row)
    with pytest.raises(Refused, match="why"):
        document_retire(actor=cast.bob, document=row, reason="")
    for _ in range(2):  # the same page sent twice
        document_retire(actor=cast.bob, document=row, reason="One policy for the whole trust")
    assert recorded("policies.document_retired") == 1
    row.refresh_from_db()
    assert row.remind_on is None
    assert sorted(row.versions.values_list("state", flat=True)) == ["dropped", "past"]
    for act in (
        lambda: a_draft(cast.bob, row),
        lambda: document_retire(actor=cast.bob, document=row, reason="Again"),
        lambda: document_dates_set(
            actor=cast.bob, document=row, review_on=days(9), by_month=False, reason="Later"
        ),
    ):
        with pytest.raises(Refused, match="not used any more"):
            act()


def test_a_deputy_head_keeps_nothing(cast) -> None:
    deputy = a_person("Ned New", Role.HEADTEACHER, cast.hilltop, post=Post.DEPUTY)
    with pytest.raises(PermissionDenied):
        a_document(deputy, cast.hilltop)
