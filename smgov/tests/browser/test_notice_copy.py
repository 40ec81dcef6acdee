"""Copying the words of a notice, and what changed between two versions, in a real browser."""

import uuid
from typing import Any

import pytest

from core.roles import Role
from people.models import School
from policies.documents.community import notice_make
from policies.documents.services import version_draft
from policies.documents.tests.cases import a_document
from smgov.testing import a_person, a_school

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def school() -> School:
    """One school."""
    return a_school("Hilltop", preset="st-marys")


@pytest.mark.parametrize("width", [1280, 390])
def test_the_words_of_a_notice_are_copied_with_a_button_that_says_so(open_as, check, school, width) -> None:
    head = a_person("Hal Hill", Role.HEADTEACHER, school)
    notice = notice_make(actor=head, school=school, once=uuid.uuid4(), topic="people", audience="parents")
    page = open_as(head, width=width)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"/policies/notices/{notice.uuid}/")
    page.get_by_role("button", name="Copy the words").click()
    page.get_by_role("status").filter(has_text="Copied.").wait_for()
    copied: Any = page.evaluate("navigator.clipboard.readText()")
    assert copied.replace("\r\n", "\n").strip() == notice.text.strip()
    check(page, names="copied")


def test_without_scripts_there_is_no_button_to_copy(open_as, school) -> None:
    head = a_person("Hal Hill", Role.HEADTEACHER, school)
    notice = notice_make(actor=head, school=school, once=uuid.uuid4(), topic="people", audience="parents")
    page = open_as(head, javascript=False)
    page.goto(f"/policies/notices/{notice.uuid}/")
    assert page.get_by_text("Dear parents and carers").is_visible()
    assert not page.get_by_role("button", name="Copy the words").is_visible()


def test_what_changed_shows_headings_as_headings(open_as, check, school) -> None:
    head = a_person("Hal Hill", Role.HEADTEACHER, school)
    row = a_document(head, school)
    draft = version_draft(
        actor=head, document=row, text="# Purpose now\n\nWe keep children safe.\n\n# New part"
    )
    page = open_as(head, width=390)
    page.goto(f"/policies/versions/{draft.uuid}/compare/")
    page.get_by_role("heading", name="Heading put in: New part").wait_for()
    check(page, names="what changed")
