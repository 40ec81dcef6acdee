"""The receipt and one's own list: sent, received, closed, and never a trace of anything else."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from core.roles import Role
from incidents.concerns.receipts import receipt_status
from incidents.concerns.services.people import part_add
from incidents.concerns.services.sending import Somebody
from incidents.concerns.tests.cases import a_concern, a_concern_crew, a_pupil_harmed, by, read_by
from incidents.concerns.tests.report_help import browser, path
from incidents.models import Category, Concern, PartIn, Sort, Status
from incidents.tests.cases import LAST_CONTACT, a_crew, page
from smgov.testing import a_person, a_school

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def hours(count: int | None):
    return None if count is None else NOW + timedelta(hours=count)


@pytest.mark.parametrize(
    ("status", "read", "closed", "excluded", "shown"),
    [
        ("unread", None, None, None, "sent"),
        ("open", 1, None, None, "received"),
        ("closed", 1, 2, None, "closed"),
        ("open", 3, None, 2, "sent"),
        ("open", 1, None, 2, "received"),
        ("closed", 1, 3, 2, "received"),
        ("closed", 1, 2, 3, "closed"),
        ("closed", 3, 4, 2, "sent"),
        ("unread", None, None, 2, "sent"),
    ],
)
def test_what_a_reporter_sees_stands_still_from_when_they_turned_out_to_be_concerned(
    status, read, closed, excluded, shown
):
    concern = SimpleNamespace(status=status, first_read_at=hours(read), closed_at=hours(closed))
    assert receipt_status(concern, hours(excluded)) == shown


def close(concern: Concern) -> None:
    """As closing does."""
    row = Concern.objects.filter(pk=concern.pk)
    row.update(status=Status.CLOSED, outcome="resolved", closed_at=timezone.now())


def mine(user) -> str:
    return page(user, path("concern-mine"))[1]


def test_the_list_says_that_it_was_sent_received_and_closed_and_nothing_else():
    crew = a_concern_crew()
    concern = a_concern(crew, by(crew.mark), a_pupil_harmed())
    assert f"{concern.reference}" in mine(crew.alice)
    assert "Sent" in mine(crew.alice)
    read_by(crew.dora, concern)
    assert "It was received" in mine(crew.alice)
    close(concern)
    assert "Closed" in mine(crew.alice)
    whole = mine(crew.alice) + page(crew.alice, path("concern-sent", concern.uuid))[1]
    for word in ("Kit", "Mark", "Moor", "group chat", "Cyberbullying", "Dora", "resolved"):
        assert word not in whole


def test_a_reporter_who_is_added_later_sees_no_more_change_and_the_same_receipt():
    crew = a_concern_crew()
    concern = a_concern(crew)
    read_by(crew.dora, concern)
    before, receipt = mine(crew.alice), page(crew.alice, path("concern-sent", concern.uuid))
    part_add(actor=crew.dora, concern=concern, somebody=Somebody(PartIn.SUBJECT, Sort.STAFF, "", crew.alice))
    close(concern)
    assert mine(crew.alice) == before
    assert page(crew.alice, path("concern-sent", concern.uuid)) == receipt


def test_one_s_own_mistake_or_harm_is_followed_to_its_end():
    crew = a_concern_crew()
    concerns = [
        a_concern(crew, by(sort="unknown"), category=Category.OWN_MISTAKE),
        a_concern(crew, Somebody(PartIn.VICTIM, Sort.STAFF, "", crew.alice), category=Category.HARASSMENT),
    ]
    for concern in concerns:
        assert concern.excluded.filter(user=crew.alice).exists()
        close(concern)
    assert mine(crew.alice).count("Closed") == 2


def test_where_nobody_may_hear_the_receipt_names_the_contact_outside():
    school = a_school(
        preset="st-marys", last_resort_contact=LAST_CONTACT, head_concern_recipient=["governance/chair"]
    )
    head = a_person("Bob Barnes", Role.HEADTEACHER, school)
    alice = a_person("Alice Archer", Role.STAFF, school)
    crew = a_crew()
    crew.school, crew.alice = school, alice
    concern = a_concern(crew, by(head), category=Category.HARASSMENT)
    assert not concern.has_road
    text = page(alice, path("concern-sent", concern.uuid))[1]
    assert LAST_CONTACT in text
    assert "Report sent" not in text.replace("Report sent –", "", 1)


def test_the_receipt_is_the_reporters_alone():
    crew = a_concern_crew()
    concern = a_concern(crew)
    for user in (crew.dora, crew.bob, crew.mark, a_concern_crew().alice):
        assert browser(user).get(path("concern-sent", concern.uuid)).status_code == 404
        assert concern.reference not in mine(user)


def test_the_list_is_paged_and_its_cost_does_not_grow(django_assert_max_num_queries):
    crew = a_concern_crew()
    for _ in range(3):
        a_concern(crew)
    client = browser(crew.alice)
    client.get(path("concern-mine"))
    for more in (0, 24):
        for _ in range(more):
            a_concern(crew)
        with django_assert_max_num_queries(12):
            text = client.get(path("concern-mine")).content.decode()
    assert text.count("/sent/") == 25
    assert "page=2" in text
