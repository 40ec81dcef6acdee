"""The register: who sees which pupils, what their rows say, filters, and the file (item 7 of the issue)."""

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consent.models import NeverShow, Pupil, Purpose
from consent.services.purposes import purpose_retire
from core.models import AuditEvent
from core.roles import Role
from people.models import School, User
from smgov.testing import a_person, give
from smgov.testing_consent import a_consent_school, a_contact, a_pupil, says

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def names(client: Client, **query: str) -> list[str]:
    """The pupils that the list shows."""
    page = client.get(reverse("consent:register"), query)
    assert page.status_code == 200
    return [row.split("</a>")[0].split(">")[-1] for row in map(str, page.context["table"].body)]


def rows(client: Client, **query: str) -> dict[str, str]:
    """The text of each row by the pupil's name."""
    page = client.get(reverse("consent:register"), query)
    return {str(row).split("</a>")[0].split(">")[-1]: str(row) for row in page.context["table"].body}


@pytest.fixture
def school() -> School:
    made, _ = a_consent_school("Hilltop", preset="cit")
    return made


@pytest.fixture
def staff(school: School) -> Client:
    return signed_in(a_person("Sam Sand", Role.STAFF, school))


@pytest.fixture
def office(school: School) -> Client:
    return signed_in(a_person("Olga Ott", Role.OFFICE, school))


@pytest.mark.clause("CIT-7.08", "CIT-7.18", "STM-7.16")
def test_a_pupil_of_whom_nothing_was_said_is_not_to_be_used(school: School, staff: Client) -> None:
    a_pupil(school, "Ann Able")
    row = rows(staff)["Ann Able"]
    assert "Not to be used" in row
    assert "Yes" not in row


def test_staff_see_yes_and_no_but_never_why(school: School, staff: Client, office: Client) -> None:
    yes, no, split, flagged = (a_pupil(school, name) for name in ("Y A", "N B", "D C", "F D"))
    mother = a_contact(yes, no, split, flagged)
    for pupil in (yes, split, flagged):
        says(pupil, True, mother)
    says(no, False, mother)
    says(split, False, a_contact(split))
    NeverShow.objects.create(pupil=flagged, reason="A secret", set_by=a_person("Dee", Role.DSL, school))
    seen = rows(staff)
    blocked = {seen[name].split("</th>")[1] for name in ("N B", "D C", "F D")}
    assert len(blocked) == 1
    assert "Not to be used" in blocked.pop()
    assert "Yes" in seen["Y A"]
    whole = rows(office)
    assert ">Yes</strong>" in whole["Y A"]
    assert "Status(" not in whole["Y A"]
    assert ">No<" in whole["N B"]
    assert "They disagree" in whole["D C"]
    assert "Not to be used" in whole["F D"]
    assert "Never" not in whole["F D"]
    dsl = rows(signed_in(User.objects.get(full_name="Dee")))
    assert "Never to be shown" in dsl["F D"]


def test_another_schools_pupils_do_not_exist(school: School, staff: Client) -> None:
    other, _ = a_consent_school("Elsewhere")
    a_pupil(other, "Else Where")
    assert names(staff) == []
    assert names(staff, school=str(other.uuid), q="Else") == []


@pytest.mark.parametrize("role", [Role.CONTRIBUTOR, Role.GOVERNANCE, Role.HR, Role.IT])
def test_who_shows_nobody_does_not_open_the_register(school: School, role: Role) -> None:
    client = signed_in(a_person("Nora Nook", role, school))
    for name in ("register", "register-export", "coverage", "coverage-export"):
        assert client.get(reverse(f"consent:{name}")).status_code == 403, name


def test_leavers_are_behind_a_filter_and_the_erased_nowhere(school: School, staff: Client) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    a_pupil(school, "Here Able")
    a_pupil(school, "Last Day", leaves_on=timezone.localdate())
    a_pupil(school, "Left Able", leaves_on=yesterday)
    a_pupil(school, "Gone Able", leaves_on=yesterday, erased_at=timezone.now())
    assert set(names(staff)) == {"Here Able", "Last Day"}
    assert names(staff, who="left") == ["Left Able"]
    assert set(names(staff, who="all")) == {"Here Able", "Last Day", "Left Able"}


def test_search_class_and_year_narrow_the_list(school: School, staff: Client) -> None:
    a_pupil(school, "Zoë Able", class_name="5A", year_group="5")
    a_pupil(school, "Bob Best", class_name="6B", year_group="6", preferred_name="Bobby")
    assert names(staff, q="zoe") == ["Zoë Able"]
    assert names(staff, q="best bob") == ["Bobby Best"]
    assert names(staff, class_name="6B") == ["Bobby Best"]
    assert names(staff, year="5") == ["Zoë Able"]
    assert names(staff, class_name="7C") == names(staff)


def test_the_list_is_sorted_by_class_or_name_up_and_down(school: School, staff: Client) -> None:
    a_pupil(school, "Cy Cole", class_name="1A")
    a_pupil(school, "Ann Able", class_name="2B")
    assert names(staff) == ["Cy Cole", "Ann Able"]
    assert names(staff, sort="name") == ["Ann Able", "Cy Cole"]
    assert names(staff, sort="-name") == ["Cy Cole", "Ann Able"]
    assert names(staff, sort="born") == names(staff)


def test_filters_that_would_tell_why_are_not_open_to_staff(
    school: School, staff: Client, office: Client
) -> None:
    a_pupil(school, "Silent Able")
    refused = a_pupil(school, "Refused Able")
    says(refused, False, a_contact(refused))
    assert names(office, answer="no_answer") == ["Silent Able"]
    assert names(office, answer="said_no") == ["Refused Able"]
    assert set(names(staff, answer="no_answer")) == {"Silent Able", "Refused Able"}
    assert set(names(staff, answer="no")) == {"Silent Able", "Refused Able"}
    assert b"They disagree" not in staff.get(reverse("consent:register")).content


def test_one_question_is_filtered_by_its_answer(school: School, staff: Client) -> None:
    photos, videos, *_ = Purpose.objects.filter(school=school)
    both, one = a_pupil(school, "Both Able"), a_pupil(school, "One Able")
    mother = a_contact(both, one)
    says(both, True, mother)
    says(one, {photos: True, videos: False}, mother)
    assert set(names(staff, answer="yes", purpose=str(photos.uuid))) == {"Both Able", "One Able"}
    assert names(staff, answer="yes", purpose=str(videos.uuid)) == ["Both Able"]
    assert names(staff, answer="no", purpose=str(videos.uuid)) == ["One Able"]


def test_what_is_asked_no_more_is_no_column(school: School, staff: Client) -> None:
    pupil, purpose = a_pupil(school, "Ann Able"), Purpose.objects.filter(school=school).first()
    before = len(staff.get(reverse("consent:register")).context["table"].columns)
    says(pupil, True, a_contact(pupil))
    purpose_retire(actor=User.objects.get(full_name="Dora Dart"), purpose=purpose)
    after = staff.get(reverse("consent:register")).context["table"]
    assert len(after.columns) == before - 1


@pytest.mark.clause("RAV-9.01")
def test_under_an_opt_out_policy_silence_is_a_yes() -> None:
    school, _ = a_consent_school("Ravens", preset="ravens-wood")
    a_pupil(school, "Ann Able")
    row = rows(signed_in(a_person("Sam Sand", Role.STAFF, school)))["Ann Able"]
    assert "Yes" in row
    assert "Not to be used" not in row


def test_somebody_of_several_schools_sees_a_summary_until_one_is_chosen(school: School) -> None:
    second, _ = a_consent_school("Second")
    user = a_person("Sam Sand", Role.STAFF, school)
    give(user, Role.OFFICE, second)
    client = signed_in(user)
    one, two = a_pupil(school, "One Able"), a_pupil(second, "Two Able")
    says(one, True, a_contact(one))
    seen = rows(client)
    assert "May be shown" in seen["One Able"]
    assert "Not to be used" in seen["Two Able"]
    assert list(rows(client, school=str(second.uuid))) == ["Two Able"]
    # Why is told of the school alone at which the person sees the whole record.
    says(two, {Purpose.objects.filter(school=second).first(): True}, a_contact(two))
    a_pupil(school, "Silent Able")
    assert names(client, answer="no_answer") == ["Two Able"]


@pytest.mark.parametrize("query", ["page=x", "page=99", "sort=;drop", "school=nonsense", "q=%00", "answer=x"])
def test_an_address_that_somebody_made_up_shows_the_list(school: School, staff: Client, query: str) -> None:
    a_pupil(school, "Ann Able")
    assert staff.get(f"{reverse('consent:register')}?{query}").status_code == 200


def test_the_number_of_queries_is_the_same_for_one_pupil_and_for_sixty(
    school: School, office: Client, django_assert_max_num_queries
) -> None:
    for number in range(60):
        pupil = a_pupil(school, f"Kit{number} Able")
        if number % 3:
            says(pupil, True, a_contact(pupil))
    assert office.get(reverse("consent:register")).status_code == 200
    with django_assert_max_num_queries(15):
        assert office.get(reverse("consent:register")).status_code == 200
    with django_assert_max_num_queries(15):
        assert office.get(reverse("consent:register"), {"answer": "no_answer"}).status_code == 200


# The file


def the_file(client: Client, **query: str) -> list[list[str]]:
    text = client.get(reverse("consent:register-export"), query).content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_the_file_says_what_the_reader_may_see_and_is_recorded(
    school: School, staff: Client, office: Client
) -> None:
    pupil = a_pupil(school, "Ann Able")
    says(pupil, False, a_contact(pupil))
    plain, whole = the_file(staff), the_file(office)
    assert plain[1][-1] == "Not to be used"
    assert "Date of birth" not in plain[0]
    assert whole[1][-1] == "Refused, withdrawn or objected"
    assert "Date of birth" in whole[0]
    event = AuditEvent.objects.filter(action="consent.register_exported").last()
    assert event.data == {"pupils": 1, "filters": []}
    assert "Able" not in str(event.data)


def test_the_file_keeps_the_filters_and_runs_no_formula(school: School, staff: Client) -> None:
    a_pupil(school, "=HYPERLINK(1) Able", class_name="5A")
    a_pupil(school, "Bob Best", class_name="6B")
    lines = the_file(staff, class_name="5A")
    assert [line[1] for line in lines[1:]] == ["'=HYPERLINK(1)"]


def test_without_a_school_there_is_no_file(school: School) -> None:
    user = a_person("Sam Sand", Role.STAFF, school)
    give(user, Role.STAFF, a_consent_school("Second")[0])
    assert signed_in(user).get(reverse("consent:register-export")).status_code == 409
    assert not AuditEvent.objects.filter(action="consent.register_exported").exists()


def test_the_first_page_leads_readers_of_the_record_to_the_lists(
    school: School, staff: Client, office: Client
) -> None:
    for answer in ("no_answer", "disagreement", "expires"):
        link = f"{reverse('consent:register')}?answer={answer}"
        assert link in office.get(reverse("consent:home")).content.decode()
        assert link not in staff.get(reverse("consent:home")).content.decode()


def test_class_5_stands_before_class_10() -> None:
    school, _ = a_consent_school("Sorted")
    for name, group in (("Zed Last", "5A"), ("Ann First", "10A"), ("Bob Middle", "5B")):
        a_pupil(school, name, class_name=group)
    client = Client()
    client.force_login(a_person("Sam Sand", Role.STAFF, school))

    def shown(sort: str) -> list[str]:
        page = client.get(reverse("consent:register"), {"sort": sort}).context["page_obj"]
        keys = list(page.object_list)
        found = {one.pk: one.class_name for one in Pupil.objects.filter(school=school)}
        return [found[getattr(key, "pk", key)] for key in keys]

    assert shown("class") == ["5A", "5B", "10A"]
    assert shown("-class") == ["10A", "5B", "5A"]
