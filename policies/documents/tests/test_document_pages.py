"""The pages of the library: the list, a document, its versions, what it cites, and notices."""

import csv
import io
import uuid
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.roles import Role
from incidents.tests.cases import text_of
from policies.documents.community import notice_make
from policies.documents.guidance import Edition, citation_add
from policies.documents.library import First, link_add
from policies.documents.tests.cases import (
    PDF,
    WORDS,
    a_document,
    a_draft,
    client_of,
    days,
    ratified,
    recorded,
    today,
)
from policies.models import Citation, CommunityNotice, Document, GuidanceEdition, Version
from smgov.testing import Cast, a_cit_trust, a_person, a_school
from smgov.tests.access.forms import date_parts

pytestmark = pytest.mark.django_db
HARD = "<script>alert(1)</script> \u202e=HYPERLINK(0) " + "unbroken" * 12


@pytest.fixture
def cast() -> Cast:
    """The trust of the suite."""
    return a_cit_trust()


def url(name: str, row: Any = None) -> str:
    """An address of this part."""
    return reverse(f"policies:{name}", args=[row.uuid] if row else [])


def typed(school: Any, **changes: Any) -> dict[str, Any]:
    """What a browser sends to add a document."""
    return {
        "school": str(school.uuid),
        "once": str(uuid.uuid4()),
        "title": "Social media policy",
        "kind": "social_media",
        "readers": ["staff"],
        "interval_months": "12",
        "review_day": "",
        "review_month": "11",
        "review_year": str(today().year + 1),
        "how": "text",
        "text": WORDS,
        "status": "since",
        **date_parts("in_force_from", date(2023, 11, 1)),
        **changes,
    }


def test_a_school_without_a_document_is_told_how_to_begin_and_begins(cast) -> None:
    bob = client_of(cast.bob)
    assert "Begin with the social media policy" in text_of(bob.get(url("document-list")))
    assert "Begin with" not in text_of(client_of(cast.alice).get(url("document-list")))
    form = bob.get(url("document-add"))
    assert 'value="2024"' in form.content.decode(), "the preset's own next review is suggested"
    sent = typed(cast.hilltop)
    for _ in range(2):
        answer = bob.post(url("document-add"), sent)
        assert answer.status_code == 302
    row = Document.objects.get()
    assert (row.review_on, row.review_by_month) == (date(today().year + 1, 11, 30), True)
    page = text_of(client_of(cast.alice).get(answer.url))
    assert f"November {today().year + 1}" in page
    assert "We keep children safe online." in page
    assert "Write a new version" not in page
    again = bob.get(url("document-add")).content.decode()
    assert 'value="2024"' not in again, "the policy is there: its date is no other document's"


def test_a_search_for_endless_words_shows_the_list(cast) -> None:
    for name in ("document-list", "guidance-list", "community-list"):
        assert client_of(cast.bob).get(url(name), {"q": "x" * 70_000}).status_code == 200


def test_a_refused_form_says_what_is_missing(cast) -> None:
    bob = client_of(cast.bob)
    for changes, said in (
        ({"title": ""}, "Enter the title"),
        ({"how": "later"}, "Add the words or the file"),
        ({"text": ""}, "Enter the words"),
        ({"status": ""}, "Choose whether it is in force already"),
        ({"review_month": "13"}, "check the month"),
        ({"in_force_from_year": str(today().year + 2)}, "or earlier"),
        ({"how": "file", "file": SimpleUploadedFile("a.pdf", b"no pdf")}, "must be a Word document"),
    ):
        answer = bob.post(url("document-add"), typed(cast.hilltop, **changes))
        assert answer.status_code == 422
        assert said in text_of(answer)
    assert not Document.objects.exists()


def test_a_page_of_twelve_documents_asks_no_more_than_one_of_two(cast) -> None:
    def fill(number: int) -> None:
        for n in range(number):
            row = a_document(cast.bob, cast.hilltop, f"Policy {uuid.uuid4()}", review_on=days(n * 30 - 60))
            citation_add(
                actor=cast.bob,
                document=row,
                edition=Edition("Guide", "law", str(n), date(2020 + n % 3, 1, 1)),
            )
            notice_make(
                actor=cast.bob,
                school=cast.hilltop,
                once=uuid.uuid4(),
                topic="other",
                audience="parents",
            )
            link_add(actor=cast.bob, document=row, title=f"Policy {n}")

    bob = client_of(cast.bob)
    pages = ("document-list", "guidance-list", "community-list")

    def counts() -> list[int]:
        found = []
        for name in pages:
            with CaptureQueriesContext(
                connection,
            ) as asked:
                assert bob.get(url(name)).status_code == 200
            found.append(len(asked))
        return found

    fill(2)
    counts()  # the first page of a browser also writes its session
    two = counts()
    fill(10)
    assert counts() == two
    assert max(two) <= 12, two
    row = Document.objects.first()
    with CaptureQueriesContext(connection) as asked:
        bob.get(row.get_absolute_url())
    first = len(asked)
    for n in range(6):
        citation_add(actor=cast.bob, document=row, edition=Edition(f"Law {n}", "law", "1", date(2001, 1, 1)))
        link_add(actor=cast.bob, document=row, other=Document.objects.exclude(pk=row.pk)[n])
    with CaptureQueriesContext(connection) as asked:
        bob.get(row.get_absolute_url())
    assert len(asked) <= first + 1
    assert first <= 16, "the panels of reviews and reading included"


@pytest.mark.clause("CIT-12.02", "STM-12.02", "CBC-0.02")
def test_the_list_shows_what_is_overdue_and_nothing_moves_by_itself(cast) -> None:
    a_document(cast.bob, cast.hilltop, "Late", review_on=date(2024, 11, 1), by_month=True)
    a_document(cast.bob, cast.hilltop, "Soon", review_on=days(30))
    a_document(cast.bob, cast.hilltop, "Undated")
    bob = client_of(cast.bob)
    page = text_of(bob.get(url("document-list")))
    for part in ("November 2024", "Overdue", "Due within 60 days", "No date"):
        assert part in page
    for review, title in (("overdue", "Late"), ("soon", "Soon"), ("none", "Undated")):
        found = bob.get(url("document-list"), {"review": review})
        assert [one for one in ("Late", "Soon", "Undated") if f">{one}</a>" in found.content.decode()] == [
            title
        ]
    assert Document.objects.get(title="Late").review_on == date(2024, 11, 30)


def test_the_file_of_the_list_is_guarded_and_recorded(cast) -> None:
    a_document(cast.bob, cast.hilltop, "=HYPERLINK(0)")
    answer = client_of(cast.bob).get(url("document-export"))
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[1][0].startswith("'=")
    assert recorded("policies.documents_exported") == 1
    assert client_of(cast.alice).get(url("document-export")).status_code == 403


def test_the_supplement_and_what_the_trust_says_are_read_on_one_page(cast) -> None:
    first = First(text="Trust words", in_force_from=days(-9))
    above = a_document(cast.cora, cast.hub, "Trust policy", for_trust=True, first=first)
    own = a_document(cast.bob, cast.hilltop, "Our addition", supplements=above)
    page = text_of(client_of(cast.alice).get(own.get_absolute_url()))
    assert page.index("Trust words") < page.index("We keep children safe online.")
    assert "Our addition" in text_of(client_of(cast.alice).get(above.get_absolute_url()))
    assert "Our addition" not in text_of(client_of(cast.eve).get(above.get_absolute_url()))
    assert client_of(cast.eve).get(own.get_absolute_url()).status_code == 404
    assert (
        client_of(a_person("Hugh", Role.HEADTEACHER, a_school())).get(above.get_absolute_url()).status_code
        == 404
    )


def test_a_draft_is_written_compared_and_put_aside(cast) -> None:
    row = a_document(cast.bob, cast.hilltop)
    bob, alice = client_of(cast.bob), client_of(cast.alice)
    assert "We keep children safe online." in text_of(bob.get(url("version-draft", row)))
    assert alice.get(url("version-draft", row)).status_code == 403
    sent = {"how": "text", "seen": "", "changes": "Ask first."}
    answer = bob.post(
        url("version-draft", row),
        {**sent, "text": WORDS.replace("safe", "safe and well").replace("Staff", HARD)},
    )
    draft = row.versions.get(state="draft")
    assert answer.url == url("version-detail", draft)
    stale = bob.post(url("version-draft", row), {**sent, "text": "Mine"})
    assert stale.status_code == 422
    assert "Somebody has changed the draft" in text_of(stale)
    shown = bob.get(url("version-compare", draft)).content.decode()
    assert "<ins>" in shown
    assert "<del>" in shown
    assert "[put in: " in shown
    assert "<script>alert" not in shown
    for name in ("version-detail", "version-file", "version-compare"):
        assert alice.get(url(name, draft)).status_code == 404
    assert alice.post(url("version-drop", draft)).status_code == 404
    assert bob.post(url("version-drop", draft)).status_code == 302
    assert bob.post(url("version-drop", draft)).status_code == 409


def test_a_changed_heading_is_a_heading_on_the_page_that_compares_and_says_so_in_words(cast) -> None:
    row = a_document(
        cast.bob, cast.hilltop, first=First(text="# Aims here\n\n# Old\n\nX", in_force_from=days(-5))
    )
    draft = a_draft(cast.bob, row, "# Aims there\n\nX\n\n# Who helps")
    shown = client_of(cast.bob).get(url("version-compare", draft)).content.decode()
    assert '<h2 class="govuk-heading-s"><strong>Heading changed:</strong> Aims <del>' in shown
    assert '<h2 class="govuk-heading-s"><strong>Heading taken out:</strong> <del>Old</del></h2>' in shown
    assert '<h2 class="govuk-heading-s"><strong>Heading put in:</strong> <ins>Who helps</ins></h2>' in shown
    assert "# " not in shown.split('class="app-document"')[1].split("</main>")[0]


def test_there_is_no_button_that_puts_a_draft_into_force(cast) -> None:
    row = a_document(cast.bob, cast.hilltop)
    draft = a_draft(cast.bob, row)
    bob = client_of(cast.bob)
    for page in (url("version-draft", row), url("version-detail", draft), row.get_absolute_url()):
        assert "in_force_from" not in bob.get(page).content.decode()
    bob.post(
        url("version-draft", row),
        {"how": "text", "text": "x", "seen": draft.sha256, **date_parts("in_force_from", today())},
    )
    assert Version.objects.get(pk=draft.pk).state == "draft"


def test_a_file_is_a_download_in_a_box_without_rights_and_cannot_be_compared(
    cast, settings, tmp_path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    row, bob = a_document(cast.bob, cast.hilltop), client_of(cast.bob)
    upload = SimpleUploadedFile("new.pdf", PDF, "application/pdf")
    sent = {"how": "file", "seen": "", "file": upload}
    assert bob.post(url("version-draft", row), sent).status_code == 302
    draft = row.versions.get(state="draft")
    answer = bob.get(url("version-file", draft))
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "a PDF or a scan is not" in text_of(bob.get(url("version-compare", draft)))
    words = client_of(cast.alice).get(url("version-file", row.versions.get(state="in_force")))
    assert words.content.decode() == WORDS
    assert words["Content-Type"].startswith("text/plain")


def test_two_versions_of_two_hundred_kilobytes_open_and_compare(cast) -> None:
    words = "\n\n".join(f"Paragraph {n}: " + "every child is safe online " * 10 for n in range(700))[:199_000]
    row = a_document(cast.bob, cast.hilltop, first=First(text=words, in_force_from=days(-5)))
    draft = a_draft(cast.bob, row, words.replace("every child", "each child", 40))
    answer = client_of(cast.bob).get(url("version-compare", draft))
    assert answer.status_code == 200
    assert "unchanged paragraphs" in text_of(answer)


def test_the_date_moves_on_its_page_with_a_reason(cast) -> None:
    row, bob = a_document(cast.bob, cast.hilltop), client_of(cast.bob)
    empty = bob.post(url("document-dates", row), {"reason": ""})
    assert empty.status_code == 422
    sent = {"review_month": "9", "review_year": str(today().year + 1), "reason": "The committee meets then"}
    assert bob.post(url("document-dates", row), sent).status_code == 302
    page = text_of(bob.get(row.get_absolute_url()))
    assert f"From No date to September {today().year + 1}" in page
    assert "The committee meets then" in page
    assert client_of(cast.alice).post(url("document-dates", row), sent).status_code == 403


def test_a_law_is_cited_from_the_suggestions_and_flagged_when_a_newer_one_is_recorded(cast) -> None:
    row, bob = a_document(cast.bob, cast.hilltop), client_of(cast.bob)
    form = bob.get(url("citation-add", row)).content.decode()
    assert "Keeping children safe in education: 2023" in form
    choice = "keeping children safe in education\u241f2023"
    assert bob.post(url("citation-add", row), {"which": choice}).status_code == 302
    add = url("guidance-edition-add")
    guidance = GuidanceEdition.objects.get().guidance
    offered = bob.get(add, {"of": str(guidance.uuid)}).content.decode()
    assert 'value="2025"' in offered
    sent = {
        "school": str(cast.hilltop.uuid),
        "name": guidance.name,
        "kind": "statutory",
        "edition": "2025",
        **date_parts("from_day", date(2025, 9, 1)),
    }
    assert bob.post(add, sent).status_code == 302
    page = text_of(bob.get(row.get_absolute_url()))
    assert "The newest edition that the portal knows: 2025, in force from 1 September 2025" in page
    assert "Newer edition known" in text_of(bob.get(url("document-list"), {"state": "older"}))
    old = Citation.objects.get()
    newer = {"which": "keeping children safe in education\u241f2025"}
    bob.post(f"{url('citation-add', row)}?instead={old.uuid}", newer)
    assert "Newer edition known" not in text_of(bob.get(row.get_absolute_url()))
    assert client_of(cast.alice).post(url("citation-remove", Citation.objects.get())).status_code == 403
    assert client_of(cast.eve).post(url("citation-remove", Citation.objects.get())).status_code == 404


def test_a_linked_draft_is_not_named_to_who_may_not_see_it(cast) -> None:
    row = a_document(cast.bob, cast.hilltop)
    secret = a_document(cast.bob, cast.hilltop, "Secret plan", first=None)
    bob = client_of(cast.bob)
    sent = {"which": "here", "other": str(secret.uuid)}
    assert bob.post(url("link-add", row), sent).status_code == 302
    assert "Secret plan" in text_of(bob.get(row.get_absolute_url()))
    assert "Secret plan" not in text_of(client_of(cast.alice).get(row.get_absolute_url()))


@pytest.mark.clause("CIT-12.03")
def test_from_a_change_to_a_notice_that_was_told(cast) -> None:
    row = a_document(cast.bob, cast.hilltop)
    ratified(cast.elt, a_draft(cast.bob, row))
    notice = CommunityNotice.objects.get(audience="parents")
    bob = client_of(cast.bob)
    assert notice.subject in text_of(bob.get("/"))
    page = text_of(bob.get(url("community-detail", notice)))
    assert "Fill in what stands in square brackets" in page
    form = bob.get(url("community-edit", notice)).context["form"]
    words = {"seen": form.initial["seen"], "subject": HARD[:100], "text": f"Dear all,\n{HARD}"}
    assert bob.post(url("community-edit", notice), words).status_code == 302
    form = bob.get(url("community-sent", notice)).context["form"]
    told = {"seen": form.initial["seen"], "channel": "letter", **date_parts("sent_on", today())}
    for note, status in (("", 302), ("", 302), ("To others", 422)):  # sent twice, then told otherwise
        answer = bob.post(url("community-sent", notice), {**told, "note": note})
        assert answer.status_code == status
    answer = bob.get(url("community-detail", notice))
    assert "Letter" in text_of(answer)
    assert "<script>alert" not in answer.content.decode()
    assert "Change the words" not in text_of(answer)
    assert client_of(cast.alice).get(url("community-detail", notice)).status_code == 404
    assert client_of(cast.chair).get(url("community-edit", notice)).status_code == 403


def test_a_notice_made_by_hand_leads_to_its_words(cast) -> None:
    bob = client_of(cast.bob)
    sent = {
        "school": str(cast.hilltop.uuid),
        "once": str(uuid.uuid4()),
        "topic": "platforms",
        "audience": "parents",
    }
    for _ in range(2):
        answer = bob.post(url("community-new"), sent)
    assert answer.url == url("community-edit", CommunityNotice.objects.get())
    assert client_of(cast.alice).get(url("community-new")).status_code == 403
