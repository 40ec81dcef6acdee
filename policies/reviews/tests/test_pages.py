"""The pages of reviews: the way through them, what they say, what they refuse, and the to-do list."""

import csv
import io
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.access import standing_of
from core.roles import Role
from core.todo import for_user
from core.uploads import clean_file
from people.models import Deputy, User
from policies.documents.services import NamedFile, version_draft
from policies.models import Review, Version
from policies.reviews.content import seen_hash
from policies.reviews.tests.cases import (
    a_policy,
    a_review_crew,
    begun,
    client_of,
    drafted,
    fresh,
    in_days,
    recorded,
    sign_it,
    write,
)
from smgov.testing import a_person, a_school

pytestmark = pytest.mark.django_db
HARD = ["=HYPERLINK(0)", "\u202eevil <script>alert(1)</script> & 'quoted'", "👩‍🏫 " + "unbroken" * 18]
LIST = "/policies/reviews/"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def at(review: Review, page: str = "") -> str:
    """Where a page of a review is."""
    return f"{LIST}{review.uuid}/{page}"


def written(review: Review, **changes) -> dict:
    """What a browser sends from the page on which a review is written."""
    day = in_days(365)
    return {
        "seen": seen_hash(fresh(review)),
        "findings": "All in order.",
        "changes": "no",
        "next": "day",
        "next_on_day": day.day,
        "next_on_month": day.month,
        "next_on_year": day.year,
        **changes,
    }


def signature(review: Review, user: User, spec: str, **changes) -> dict:
    """What a browser sends from the page on which a review is signed."""
    return {
        "seen": seen_hash(fresh(review)),
        "spec": spec,
        "declared": "on",
        "typed_name": user.full_name,
        **changes,
    }


@pytest.mark.clause("STM-12.01", "STM-2.06")
def test_a_review_from_the_document_to_the_second_signature_in_the_browser() -> None:
    crew = a_review_crew("st-marys")
    document = a_policy(crew, due_in=-3)
    bob, gina = client_of(crew.bob), client_of(crew.gina)
    page = bob.get(document.get_absolute_url()).content.decode()
    assert "Begin a review" in page
    start = f"{LIST}begin/{document.uuid}/"
    assert "names nobody who ratifies" in bob.get(start).content.decode()
    once = uuid4()
    where = bob.post(start, {"once": once}).url
    assert bob.post(start, {"once": once}).url == where
    review = Review.objects.get()
    assert where == at(review)
    assert f'value="{timezone.localdate().year + 1}"' in bob.get(at(review, "write/")).content.decode()
    assert bob.post(at(review, "write/"), written(review)).url == at(review)
    assert "Still to sign" in bob.get(at(review)).content.decode()
    assert bob.post(at(review, "sign/"), signature(review, crew.bob, "headteacher")).status_code == 302
    page = gina.get(at(review, "sign/")).content.decode()
    assert "You are the last reviewer to sign" in page
    assert "signature finishes the review" in page
    assert "Equality Act 2010" in page
    assert gina.post(at(review, "sign/"), signature(review, crew.gina, "governance")).status_code == 302
    page = bob.get(at(review)).content.decode()
    assert "Finished" in page
    assert "Gina Gold" in page
    assert "Review begun on" in bob.get(document.get_absolute_url()).content.decode()


def test_what_is_refused_stands_beside_its_field_and_what_was_typed_stays() -> None:
    crew = a_review_crew("st-marys")
    review = begun(crew, crew.bob)
    bob = client_of(crew.bob)
    sent = bob.post(at(review, "write/"), written(review, findings="", next=""))
    assert sent.status_code == 422
    assert "Say what you looked at" in sent.content.decode()
    sent = bob.post(at(review, "write/"), written(review, changes="yes", findings="Kept words"))
    assert sent.status_code == 422
    assert "no draft to propose" in sent.content.decode()
    assert "Kept words" in sent.content.decode()
    write(review, crew.bob)
    for changes, words in (
        ({"declared": ""}, "Tick the statement"),
        ({"typed_name": "Robert"}, "Type your full name"),
        ({"seen": "0" * 64}, "has changed since you opened it"),
    ):
        sent = bob.post(at(review, "sign/"), signature(review, crew.bob, "headteacher", **changes))
        assert sent.status_code == 422
        assert words in sent.content.decode()
    assert not review.signatures.exists()


def test_a_signature_that_does_not_count_any_more_is_shown_as_such() -> None:
    crew = a_review_crew("st-marys")
    review = begun(crew, crew.bob)
    write(review, crew.bob)
    sign_it(review, crew.bob, "headteacher")
    bob = client_of(crew.bob)
    assert bob.get(at(review, "sign/")).url == at(review)
    assert "everybody signs anew" in bob.get(at(review, "write/")).content.decode()
    write(review, crew.bob, findings="On second thoughts, not.")
    page = bob.get(at(review)).content.decode()
    assert "this signature does not count" in page
    assert "Sign as reviewer" in page


def test_who_opens_what() -> None:
    crew = a_review_crew("cit")
    review = begun(crew)
    write(review, crew.cora)
    stranger = a_person("Eve East", Role.HEADTEACHER, a_school(preset="cit"))
    for user, path, status in (
        (crew.alice, LIST, 403),
        (crew.alice, at(review), 404),
        (stranger, at(review), 404),
        (stranger, at(review, "sign/"), 404),
        (crew.greg, LIST, 200),
        (crew.greg, at(review), 200),
        (crew.greg, at(review, "write/"), 403),
        (crew.bob, at(review, "sign/"), 403),
        (crew.bob, at(review, "write/"), 200),
        (crew.cora, at(review, "sign/"), 200),
        (crew.ella, at(review), 200),
        (crew.greg, f"{LIST}begin/{review.document.uuid}/", 403),
        (crew.ella, f"{LIST}begin/{review.document.uuid}/", 200),
    ):
        assert client_of(user).get(path).status_code == status, (user, path)
    assert client_of(crew.bob).post(at(review, "take-over/")).status_code == 302
    assert client_of(crew.bob).post(at(review, "take-over/")).status_code == 409


def test_where_somebody_ratifies_the_page_says_so_and_leads_there() -> None:
    crew = a_review_crew("cbc")
    document = a_policy(crew)
    drafted(crew, document)
    review = begun(crew, crew.greg, document)
    write(review, crew.bob, changes=True)
    page = client_of(crew.greg).get(at(review, "sign/")).content.decode()
    assert "to be ratified" in page
    assert "Be kind, also on new platforms." in page
    sign_it(review, crew.greg, "governance")
    page = client_of(crew.bob).get(at(review)).content.decode()
    assert "Waiting to be ratified" in page
    assert "Who ratifies, and what they decided" in page
    draft = fresh(review).proposed
    now = document.versions.get(state="in_force")
    assert f"/policies/versions/{draft.uuid}/" in page
    assert f"?with={now.uuid}" in page
    assert at(review, "sign/") not in page
    paths = (at(review, "write/"), at(review, "sign/"))
    assert [
        client_of(user).get(path).url for user, path in zip((crew.bob, crew.gina), paths, strict=True)
    ] == [at(review)] * 2


def test_a_deputy_who_must_ratify_downloads_the_file_and_a_colleague_does_not(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    crew = a_review_crew("cit")
    document = a_policy(crew)
    version_draft(
        actor=crew.cora,
        document=document,
        file=NamedFile(clean_file(PDF), "New <policy>.pdf"),
        edition="2026",
    )
    review = begun(crew, crew.cora, document)
    write(review, crew.cora, changes=True)
    sign_it(review, crew.cora, "head_of_comms")
    deputy = a_person("Dee Dunn", Role.STAFF, crew.school)
    assert client_of(deputy).get(at(review, "file/")).status_code == 404
    Deputy.objects.create(
        school=crew.school,
        person=crew.ella,
        deputy=deputy,
        starts=in_days(-1),
        ends=in_days(5),
        reason="Away",
        appointed_by=crew.ella,
    )
    client = client_of(deputy)
    assert client.get(at(review)).status_code == 200
    sent = client.get(at(review, "file/"))
    assert b"".join(sent.streaming_content) == PDF
    assert sent["Content-Disposition"].startswith("attachment")
    assert client_of(crew.alice).get(at(review, "file/")).status_code == 404


def test_a_review_is_given_up_on_its_page() -> None:
    crew = a_review_crew("st-marys")
    review = begun(crew, crew.bob)
    bob = client_of(crew.bob)
    assert bob.get(at(review, "give-up/")).status_code == 200
    assert bob.post(at(review, "give-up/"), {"because": ""}).status_code == 422
    assert bob.post(at(review, "give-up/"), {"because": HARD[1]}).status_code == 302
    page = bob.get(at(review)).content.decode()
    assert "<script>alert(1)" not in page
    assert bob.post(at(review, "give-up/"), {"because": "Again"}).status_code == 422


def test_the_list_finds_filters_and_hands_out_a_file_without_formulas() -> None:
    crew = a_review_crew("st-marys")
    for words in HARD:
        review = begun(crew, crew.bob, a_policy(crew, title=words[:200]))
        write(review, crew.bob, findings=words)
    client = client_of(crew.bob)
    page = client.get(LIST, {"q": "unbroken"}).content.decode()
    assert page.count("Being reviewed</strong>") == 1
    page = client.get(LIST).content.decode()
    assert "<script>alert(1)" not in page
    assert "No review matches" in client.get(LIST, {"state": "done"}).content.decode()
    sent = client.get(f"{LIST}export/").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(sent)))
    assert len(rows) == 4
    assert not any(cell.startswith("=") for row in rows for cell in row)
    assert recorded("policies.reviews_exported") == 1


def test_what_is_overdue_and_not_begun_stands_on_top_of_the_list() -> None:
    crew = a_review_crew("cit")
    late = a_policy(crew, due_in=-40, title="Late one")
    a_policy(crew, due_in=40, title="Not yet")
    begun(crew, crew.cora, a_policy(crew, due_in=-4, title="Begun one"))
    page = client_of(crew.cora).get(LIST).content.decode()
    assert f"{LIST}begin/{late.uuid}/" in page
    assert "Begin the review of Begun one" not in page
    assert "Not yet" not in page
    assert "Overdue" not in client_of(crew.greg).get(LIST).content.decode()


def queries(user: User, path: str) -> int:
    """How many a page takes, read for the second time."""
    client = client_of(user)
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(path).status_code == 200
    return len(found)


def test_no_page_asks_more_where_there_is_more() -> None:
    crew = a_review_crew("st-marys")
    document = a_policy(crew, due_in=None)

    def more(count: int) -> None:
        for number in range(count):
            review = begun(crew, crew.bob, a_policy(crew, title=f"Policy {number}"))
            write(review, crew.bob)
            sign_it(review, crew.bob, "headteacher")
            a_policy(crew, due_in=-5, title=f"Late {number}")
            old = begun(crew, crew.bob, document)
            Review.objects.filter(pk=old.pk).update(state="dropped")

    more(2)
    review = Review.objects.filter(state="open").first()
    paths = [LIST, f"{LIST}export/", at(review), at(review, "write/"), document.get_absolute_url(), "/"]
    few = [queries(crew.bob, path) for path in paths]
    more(10)
    assert [queries(crew.bob, path) for path in paths] == few
    assert max(few[:4]) <= 12, few


def lines(user: User) -> list[str]:
    """What stands on the person's to-do list about reviews."""
    user = User.objects.get(pk=user.pk)
    user._standing = standing_of(user)  # as a request keeps it
    return [one.title for one in for_user(user) if "/reviews/" in one.url]


def test_the_to_do_list_names_what_is_due_a_draft_and_what_waits_for_a_signature() -> None:
    crew = a_review_crew("st-marys")
    due = a_policy(crew, due_in=20, title="Due one")
    a_policy(crew, due_in=90, title="Later one")
    other = a_policy(crew, due_in=90, title="Drafted one")
    drafted(crew, other)
    assert sorted(lines(crew.gina)) == ["A draft to be reviewed: Drafted one", "Review: Due one"]
    assert lines(crew.cora) == lines(crew.alice) == []
    review = begun(crew, crew.bob, due)
    assert lines(crew.gina) == ["A draft to be reviewed: Drafted one"]
    write(review, crew.bob)
    assert "Sign the review: Due one" in lines(crew.greg)
    sign_it(review, crew.bob, "headteacher")
    assert "Sign the review: Due one" not in lines(crew.bob)
    assert "Sign the review: Due one" in lines(crew.gina)
    write(review, crew.bob, findings="Once more")
    assert "Sign the review: Due one" in lines(crew.bob)
    sign_it(review, crew.gina, "governance")
    assert "Sign the review: Due one" not in lines(crew.greg)


def test_where_nobody_is_named_the_headteacher_alone_has_it_on_the_list() -> None:
    crew = a_review_crew("beckstone")
    a_policy(crew, due_in=-20)
    assert lines(crew.bob) == ["Review: Social media policy"]
    assert lines(crew.gina) == []


def test_nothing_but_a_version_in_force_is_compared_with() -> None:
    crew = a_review_crew("ravens-wood")
    document = a_policy(crew)
    Version.objects.filter(document=document).delete()
    drafted(crew, document)
    review = begun(crew, crew.ella, document)
    write(review, crew.ella, changes=True)
    assert "?with=" not in client_of(crew.ella).get(at(review)).content.decode()
