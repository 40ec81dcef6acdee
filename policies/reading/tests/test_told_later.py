"""Readers who come later: a document gets readers, or a reader joins."""

from datetime import timedelta

import pytest

from core.models import Notice
from core.roles import Role
from core.todo import for_user
from policies.documents.library import Facts, document_change
from policies.models import Version
from policies.reading.services import REMINDER, TO_READ
from policies.reading.sweeps import chase, joiners
from policies.reading.tests.cases import TODAY, a_document, in_force, read
from smgov.testing import a_person, a_school, a_trust, give

pytestmark = pytest.mark.django_db


def told() -> list[str]:
    """Who was told that there is something to read, each time."""
    rows = Notice.objects.filter(kind=TO_READ).select_related("recipient")
    return sorted(row.recipient.full_name for row in rows)


def readers_are(head, document, *readers: str) -> None:
    """It is said anew who reads it."""
    document_change(
        actor=head, document=document, facts=Facts(document.kind, document.title, readers=readers)
    )
    document.refresh_from_db()


@pytest.mark.clause("CIT-12.03")
def test_readers_who_are_added_to_what_is_in_force_are_told_once_and_reminded() -> None:
    school = a_school(preset="cit")
    head = a_person("Bob Barnes", Role.HEADTEACHER, school)
    a_person("Alice Archer", Role.STAFF, school)
    a_person("Gina Gold", Role.GOVERNANCE, school)
    document = a_document(school, readers=[], by=head)
    version = in_force(document, since=TODAY() - timedelta(days=10))
    assert (told(), version.chase_on) == ([], None)
    readers_are(head, document, "staff")
    version.refresh_from_db()
    assert told() == ["Alice Archer", "Bob Barnes"]
    assert version.chase_on == TODAY() + timedelta(days=4)
    read(head, version)
    readers_are(head, document, "staff", "governance")
    assert told() == ["Alice Archer", "Bob Barnes", "Gina Gold"]
    readers_are(head, document)
    version.refresh_from_db()
    assert version.chase_on is None


@pytest.mark.clause("CIT-12.03")
def test_who_joins_is_told_of_what_is_in_force_there_exactly_once_also_of_the_trust() -> None:
    trust = a_trust("Elm Trust")
    hub = a_school("Hub", trust=trust)
    hub.kind = "central"
    hub.save()
    school, other = a_school("Hilltop", trust=trust), a_school("Elsewhere")
    head = a_person("Bob Barnes", Role.HEADTEACHER, hub)
    mine = in_force(a_document(school, by=head))
    trusts = in_force(a_document(hub, "Code of the trust", by=head, for_trust=True))
    in_force(a_document(other, by=head))
    in_force(a_document(school, "For governors", kind="other", readers=["governance"], by=head))
    Notice.objects.all().delete()
    nell = a_person("Nell Noakes", Role.STAFF, school)
    nell.memberships.update(starts=TODAY())
    old = a_person("Olga Old", Role.STAFF, school)
    old.memberships.update(starts=TODAY() - timedelta(days=40))
    later = a_person("Lara Later", Role.STAFF, school)
    later.memberships.update(starts=TODAY() + timedelta(days=3))
    joiners()
    assert set(Notice.objects.filter(recipient=nell).values_list("key", flat=True)) == {
        str(mine.pk),
        str(trusts.pk),
    }
    assert not Notice.objects.filter(recipient__in=[old, later]).exists()
    assert joiners() == 0
    read(nell, mine)
    give(nell, Role.GOVERNANCE, school)
    assert joiners() == 1
    assert Notice.objects.filter(recipient=nell).count() == 3


@pytest.mark.clause("CIT-2.16", "STM-2.07")
def test_who_is_entered_with_an_earlier_day_is_on_the_list_at_once_and_reminded_within_four_weeks() -> None:
    school = a_school(preset="cit")
    head = a_person("Bob Barnes", Role.HEADTEACHER, school)
    version = in_force(a_document(school, by=head), since=TODAY() - timedelta(days=100))
    read(head, version)
    Version.objects.filter(pk=version.pk).update(chase_on=TODAY())
    chase()
    version.refresh_from_db()
    assert version.chase_on is not None, "everybody has read it, and somebody may still join"
    assert TODAY() < version.chase_on <= TODAY() + timedelta(days=28)
    olga = a_person("Olga Old", Role.STAFF, school)
    olga.memberships.update(starts=TODAY() - timedelta(days=40))
    assert joiners() == 0
    assert any("Read: Social media policy" in item.title for item in for_user(olga))
    assert not Notice.objects.filter(recipient=olga).exists()
    Version.objects.filter(pk=version.pk).update(chase_on=TODAY())
    chase()
    assert list(Notice.objects.filter(recipient=olga).values_list("kind", flat=True)) == [REMINDER]


@pytest.mark.parametrize("back", [0, 7, 8, 31, 400])
def test_whatever_day_a_member_joined_they_are_told_or_are_reminded_at_the_next_stage(back) -> None:
    school = a_school()
    head = a_person("Bob Barnes", Role.HEADTEACHER, school)
    version = in_force(a_document(school, by=head), since=TODAY() - timedelta(days=30))
    read(head, version)
    Notice.objects.all().delete()
    nell = a_person("Nell Noakes", Role.STAFF, school)
    nell.memberships.update(starts=TODAY() - timedelta(days=back))
    joiners()
    Version.objects.filter(pk=version.pk).update(chase_on=TODAY())
    chase()
    kinds = list(Notice.objects.filter(recipient=nell).order_by("kind").values_list("kind", flat=True))
    assert kinds == ([REMINDER, TO_READ] if back <= 7 else [REMINDER])
