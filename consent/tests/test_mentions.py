"""Records of other rooms that name pupils: found, linked by hand, and secret where the record is (A4)."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from approvals.models import UnblockRequest
from consent.mentions import named_in
from consent.models import Mention, Pupil
from consent.services.mentions import mention_add, mention_remove, mentions_find, spoken
from core.audit import history_of
from core.errors import Refused
from core.models import AuditEvent
from core.roles import Role
from incidents.models import Matter
from incidents.services.bypasses import bypass_record
from incidents.services.reports import report_send
from incidents.services.sending import Whom
from people.models import School, User
from smgov.testing import a_person, a_wifi, an_unblock, give
from smgov.testing_consent import a_consent_school, a_pupil

pytestmark = pytest.mark.django_db


@pytest.fixture
def school() -> School:
    """A school on the CIT preset, with whoever requests and reports need."""
    school = a_consent_school("Hilltop", unblock_approver=["headteacher"])[0]
    for name, role in (("Hal Hill", Role.HEADTEACHER), ("Ivo Ives", Role.IT), ("Dina Dell", Role.DSL)):
        a_person(name, role, school)
    return school


@pytest.fixture
def teacher(school: School) -> User:
    """A teacher."""
    return a_person("Tess Thorn", Role.STAFF, school)


def holder(school: School, role: Role) -> User:
    return User.objects.get(memberships__school=school, memberships__role=role)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def linked(row) -> list[str]:
    rows = Mention.objects.filter(subject=f"{row._meta.label_lower}:{row.pk}").order_by("pk")
    return [one.pupil.name for one in rows.select_related("pupil")]


def a_report(actor: User, school: School, words: str, about: str = "pupil") -> Matter:
    return report_send(
        actor=actor,
        school=school,
        once=uuid.uuid4(),
        whom=Whom(about, words),
        seen_on=timezone.localdate(),
        addresses="https://bad.example/room",
        nature="hate",
        words="A slogan",
    )


# Found by name


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("For Kit Moss, please", ["Kit Moss"]),
        ("KIT  MOSS’s group", ["Kit Moss"]),
        ("Kit Moss and Zoë O’Neil-Orr.", ["Kit Moss", "Zoe O'Neil-Orr"]),
        ("Bee Dean (her preferred name)", ["Bee Dean"]),
        ("Beatrice Dean", ["Bee Dean"]),
        ("Kit Mossman", []),
        ("Skit Moss", []),
        ("Kit and Moss", []),
        ("Moss Kit", []),
        ("5A", []),
        ("", []),
    ],
)
def test_a_request_links_whoever_is_named_in_full(school, teacher, words, found):
    a_pupil(school, "Kit Moss")
    a_pupil(school, "Zoe O'Neil-Orr")
    a_pupil(school, "Beatrice Dean", preferred_name="Bee")
    row = an_unblock(teacher, school, who_in_words=words or "9B", reasons="Lessons")
    assert sorted(linked(row)) == sorted(found)


def test_a_longer_name_is_nobody_elses(school, teacher):
    a_pupil(school, "Ann Lee")
    a_pupil(school, "Jo Ann Lee")
    row = an_unblock(teacher, school, who_in_words="Jo Ann Lee")
    assert linked(row) == ["Jo Ann Lee"]


def test_two_pupils_of_one_name_are_both_linked_for_somebody_to_sort_out(school, teacher):
    a_pupil(school, "Kit Moss", class_name="5A")
    a_pupil(school, "Kit Moss", class_name="6B")
    assert linked(an_unblock(teacher, school, who_in_words="Kit Moss")) == ["Kit Moss", "Kit Moss"]


def test_former_and_erased_pupils_and_those_of_another_school_are_not_found(school, teacher):
    a_pupil(school, "Kit Moss", leaves_on=timezone.localdate() - timezone.timedelta(days=1))
    a_pupil(a_consent_school("Otherplace")[0], "Kit Moss")
    assert linked(an_unblock(teacher, school, who_in_words="Kit Moss")) == []


def test_wifi_reports_and_attempts_are_linked_too(school, teacher):
    a_pupil(school, "Kit Moss")
    assert linked(a_wifi(teacher, school, supervision="Beside Kit Moss all the time")) == ["Kit Moss"]
    assert linked(a_report(teacher, school, "Kit Moss in 5A")) == ["Kit Moss"]
    matter = bypass_record(
        actor=holder(school, Role.DSL),
        school=school,
        once=uuid.uuid4(),
        whom=Whom("pupil", "Kit Moss"),
        happened_on=timezone.localdate(),
        what="A proxy",
    )
    assert linked(matter) == ["Kit Moss"]
    assert linked(a_report(teacher, school, "Kit Moss", about="other")) == [], "not said of a pupil"


def test_what_was_taken_away_by_hand_does_not_come_back_by_itself(school, teacher):
    pupil = a_pupil(school, "Kit Moss")
    row = an_unblock(teacher, school, who_in_words="Kit Moss")
    mention_remove(actor=teacher, row=row, pupil=pupil)
    UnblockRequest.objects.get(pk=row.pk).save()
    assert linked(row) == []
    assert mentions_find(row=row)
    assert not mentions_find(row=row), "twice is once"


def test_words_are_compared_without_marks():
    assert spoken("  Zoë, O’Neil–Orr’s: ") == " zoe o'neil-orr "


# By hand


def test_a_reader_links_by_name_and_takes_a_wrong_link_away(school, teacher):
    pupil = a_pupil(school, "Kit Moss")
    row = an_unblock(teacher, school)
    client = client_of(teacher)
    address = reverse("consent:mention-change", args=["blocked-site", row.uuid])
    assert "No pupil is linked yet" in client.get(address).content.decode()
    page = client.post(address, {"name": "kit moss"}, follow=True)
    assert "Kit Moss is linked" in page.content.decode()
    assert linked(row) == ["Kit Moss"]
    detail = client.get(reverse("approvals:unblock-detail", args=[row.uuid])).content.decode()
    assert reverse("consent:pupil-detail", args=[pupil.uuid]) in detail
    remove = reverse("consent:mention-remove", args=["blocked-site", row.uuid])
    client.post(remove, {"pupil": str(pupil.uuid)})
    assert linked(row) == []
    assert client.post(remove, {"pupil": str(pupil.uuid)}).status_code == 409
    assert client.post(remove, {"pupil": "nonsense"}).status_code == 409


def test_of_several_with_one_name_the_person_chooses(school, teacher):
    a_pupil(school, "Kit Moss", class_name="5A")
    second = a_pupil(school, "Kit Moss", class_name="6B")
    row = an_unblock(teacher, school)
    address = reverse("consent:mention-change", args=["blocked-site", row.uuid])
    client = client_of(teacher)
    page = client.post(address, {"name": "Kit Moss"})
    assert page.status_code == 422
    assert "More than one pupil has this name" in page.content.decode()
    assert "Kit Moss, 6B" in page.content.decode()
    client.post(address, {"name": "Kit Moss", "pupil": str(second.uuid)})
    assert list(Pupil.objects.filter(mentions__isnull=False)) == [second]
    foreign = a_pupil(a_consent_school("Otherplace")[0], "Kit Moss")
    assert client.post(address, {"name": "Kit Moss", "pupil": str(foreign.uuid)}).status_code == 422


@pytest.mark.parametrize(
    "name", ["", "Kit", "Nobody Here", "Eve Foreign", "<script>x</script> y", "%' OR 1=1"]
)
def test_a_name_that_no_pupil_here_has_is_refused(school, teacher, name):
    a_pupil(school, "Kit Moss")
    a_pupil(a_consent_school("Otherplace")[0], "Eve Foreign")
    row = an_unblock(teacher, school)
    page = client_of(teacher).post(
        reverse("consent:mention-change", args=["blocked-site", row.uuid]), {"name": name}
    )
    assert page.status_code == 422
    assert not Mention.objects.exists()


def test_a_pupil_of_another_school_is_never_linked(school, teacher):
    other, _ = a_consent_school("Otherplace")
    both = a_person("Bo Both", Role.STAFF, school)
    row = an_unblock(both, school)
    foreign = a_pupil(other, "Kit Moss")
    with pytest.raises(PermissionDenied):
        mention_add(actor=both, row=row, pupil=foreign)
    give(both, Role.STAFF, other)
    with pytest.raises(Refused):
        mention_add(actor=User.objects.get(pk=both.pk), row=row, pupil=foreign)


def test_who_sees_no_pupils_sees_no_panel_and_links_nobody(school, teacher):
    pupil = a_pupil(school, "Kit Moss", class_name="9B")
    row = an_unblock(teacher, school, who_in_words="Kit Moss of 9B")
    technician = holder(school, Role.IT)
    detail = client_of(technician).get(reverse("approvals:unblock-detail", args=[row.uuid])).content.decode()
    assert "Pupils in the register" not in detail
    address = reverse("consent:mention-change", args=["blocked-site", row.uuid])
    assert client_of(technician).get(address).status_code == 403
    with pytest.raises(PermissionDenied):
        mention_add(actor=technician, row=row, pupil=pupil)
    with pytest.raises(PermissionDenied):
        mention_remove(actor=technician, row=row, pupil=pupil)


def test_a_class_that_is_named_leads_to_the_register_of_that_class(school, teacher):
    a_pupil(school, "Kit Moss", class_name="9B")
    row = an_unblock(teacher, school, who_in_words="All of 9B")
    detail = client_of(teacher).get(reverse("approvals:unblock-detail", args=[row.uuid])).content.decode()
    assert "Class 9B" in detail
    assert "class_name=9B" in detail
    assert not Mention.objects.exists()


# Secrecy


def test_a_linked_report_shows_on_the_pupils_page_to_its_readers_alone(school, teacher):
    pupil = a_pupil(school, "Kit Moss")
    matter = a_report(teacher, school, "Kit Moss")
    dsl, office = holder(school, Role.DSL), a_person("Olga Ott", Role.OFFICE, school)
    assert [one["title"] for one in named_in(dsl, pupil)] == ["Report or record"]
    for other in (office, teacher, a_person("Dora Dart", Role.DPO, school), holder(school, Role.IT)):
        assert named_in(other, pupil) == []
        page = client_of(other).get(reverse("consent:pupil-detail", args=[pupil.uuid]))
        assert str(matter.uuid) not in page.content.decode()
        assert "Named in" not in page.content.decode()


def test_nobody_finds_out_through_the_links_that_there_is_a_report(school, teacher):
    a_pupil(school, "Kit Moss")
    matter = a_report(teacher, school, "Kit Moss")
    for other in (
        teacher,
        a_person("Olga Ott", Role.OFFICE, school),
        a_person("Dora Dart", Role.DPO, school),
    ):
        real = client_of(other).get(reverse("consent:mention-change", args=["report", matter.uuid]))
        none = client_of(other).get(reverse("consent:mention-change", args=["report", uuid.uuid4()]))
        assert (real.status_code, none.status_code) == (404, 404)


def test_no_history_of_the_pupil_tells_of_a_report(school, teacher):
    pupil = a_pupil(school, "Kit Moss")
    a_report(teacher, school, "Kit Moss")
    assert AuditEvent.objects.filter(action="consent.pupil_linked").count() == 1
    assert not history_of(pupil).exists()
    event = AuditEvent.objects.get(action="consent.pupil_linked")
    assert event.data == {}


def test_the_reporter_sees_no_panel_on_what_they_may_not_read(school, teacher):
    a_pupil(school, "Kit Moss")
    matter = a_report(teacher, school, "Kit Moss")
    address = reverse("incidents:report-detail", args=[matter.uuid])
    assert "Pupils in the register" not in client_of(teacher).get(address).content.decode()
    text = client_of(holder(school, Role.DSL)).get(address).content.decode()
    assert "Pupils in the register" in text
    assert "Link a pupil" in text


def test_the_page_for_linking_is_sensitive_and_unknown_kinds_do_not_exist(school, teacher):
    row = an_unblock(teacher, school)
    assert client_of(teacher).get(f"/consent/named/nonsense/{row.uuid}/").status_code == 404
    page = client_of(teacher).get(reverse("consent:mention-change", args=["blocked-site", uuid.uuid4()]))
    assert page.status_code == 404
