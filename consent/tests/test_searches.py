"""Earlier posts to look for: nothing past becomes a breach, what is online is looked for (subtle 10-12)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consent.ledger import Use
from consent.models import PostSearch, Pupil
from consent.selectors import verdicts
from consent.services.searches import search_done
from consent.terms import terms_of
from core.errors import Refused
from core.models import AuditEvent, Notice
from core.roles import Role
from people.models import School, User
from people.selectors import profile_of
from smgov.testing import a_person
from smgov.testing_consent import a_consent_school, a_contact, a_pupil, says

pytestmark = pytest.mark.django_db
LIST = "consent:search-list"


@pytest.fixture
def school() -> School:
    """A school on the CIT preset."""
    return a_consent_school("Hilltop")[0]


@pytest.fixture
def comms(school: School) -> User:
    """Its Head of Communications."""
    return a_person("Cora Clay", Role.HEAD_OF_COMMS, school)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def withdrawn(school: School, name: str) -> PostSearch:
    """A pupil for whom consent was given last week and is withdrawn now."""
    pupil = a_pupil(school, name)
    mother = a_contact(pupil)
    says(pupil, True, mother, at=timezone.now() - timedelta(days=7))
    says(pupil, False, mother)
    return PostSearch.objects.get(pupil=pupil)


@pytest.mark.clause("CIT-7.11", "CIT-7.12", "STM-7.11", "STM-7.12")
@pytest.mark.parametrize("preset", ["cit", "st-marys"])
def test_a_withdrawal_stops_use_from_now_on_and_leaves_the_past_lawful(preset):
    school = a_consent_school("Hilltop", preset=preset)[0]
    pupil = a_pupil(school, "Kit Moss")
    mother = a_contact(pupil)
    says(pupil, True, mother)
    posted = timezone.now()
    says(pupil, False, mother)
    terms, use = terms_of(profile_of(school)), Use("image", "school", in_group=True)
    rows, today = Pupil.objects.filter(pk=pupil.pk), timezone.localdate()
    assert verdicts(rows, school, use, terms, today, posted)[pupil.pk].may
    assert not verdicts(rows, school, use, terms, today)[pupil.pk].may


@pytest.mark.clause("CIT-7.13", "STM-7.13")
def test_a_withdrawal_asks_whoever_keeps_the_accounts_and_what_came_of_it_is_recorded(school, comms):
    search = withdrawn(school, "Kit Moss")
    notice = Notice.objects.get(kind="consent.look_for_posts", recipient=comms)
    page = client_of(comms).get(notice.link)
    assert "Kit Moss" in page.content.decode()
    assert "stays lawful" in page.content.decode()
    client_of(comms).post(notice.link, {"outcome": "kept", "words": "It is in a printed book"})
    search.refresh_from_db()
    assert (search.outcome, search.done_by) == ("kept", comms)
    assert "It is in a printed book" in client_of(comms).get(notice.link).content.decode()


def test_what_stays_online_needs_a_reason_and_nothing_is_recorded_twice(school, comms):
    search = withdrawn(school, "Kit Moss")
    page = client_of(comms).post(reverse("consent:search-do", args=[search.uuid]), {"outcome": "partly"})
    assert page.status_code == 422
    with pytest.raises(Refused):
        search_done(actor=comms, search=search, outcome="kept", words="")
    search_done(actor=comms, search=search, outcome="none", words="")
    with pytest.raises(Refused):
        search_done(actor=comms, search=search, outcome="none", words="")


def test_without_a_head_of_communications_the_headteacher_is_asked(school):
    head = a_person("Hal Hill", Role.HEADTEACHER, school)
    withdrawn(school, "Kit Moss")
    assert Notice.objects.filter(kind="consent.look_for_posts", recipient=head).exists()


def test_the_list_shows_open_ones_first_the_oldest_at_the_top(school, comms):
    done, young, old = (withdrawn(school, name) for name in ("Ann Able", "Bea Bond", "Cat Cole"))
    search_done(actor=comms, search=done, outcome="removed", words="Two posts")
    PostSearch.objects.filter(pk=old.pk).update(raised_at=timezone.now() - timedelta(days=12))
    text = client_of(comms).get(reverse(LIST)).content.decode()
    assert text.index("Cat Cole") < text.index("Bea Bond") < text.index("Ann Able")
    assert "Overdue" in text
    assert "Open: 12 days" in text
    assert "Every post found was removed" in text
    assert young.pk


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?show=open", {"Bea"}),
        ("?show=done", {"Ann"}),
        ("?q=bond", {"Bea"}),
        ("?q=5a", {"Ann", "Bea"}),
        ("?q=zz", set()),
    ],
)
def test_the_list_is_filtered_by_state_name_and_class(school, comms, query, found):
    done = withdrawn(school, "Ann Able")
    withdrawn(school, "Bea Bond")
    search_done(actor=comms, search=done, outcome="none", words="")
    text = client_of(comms).get(reverse(LIST) + query).content.decode()
    assert {name for name in ("Ann", "Bea") if f"{name} " in text.split("<main")[1]} == found


def test_the_list_says_so_when_there_is_nothing(comms):
    assert "There is nothing to look for" in client_of(comms).get(reverse(LIST)).content.decode()


def test_the_list_takes_as_many_queries_for_many_rows_as_for_few(
    school, comms, django_assert_max_num_queries
):
    pupils = [a_pupil(school, f"Kit{n} Moss") for n in range(40)]
    PostSearch.objects.bulk_create([PostSearch(school=school, pupil=one, why="withdrawn") for one in pupils])
    client = client_of(comms)
    client.get(reverse(LIST))
    with django_assert_max_num_queries(15):
        page = client.get(reverse(LIST))
    assert page.context["page_obj"].paginator.num_pages == 2


def test_the_file_has_no_live_formula_and_leaves_an_event(school, comms):
    search = withdrawn(school, "=cmd|x Moss")
    search_done(actor=comms, search=search, outcome="partly", words="=HYPERLINK(1)")
    response = client_of(comms).get(reverse("consent:search-export"))
    text = response.content.decode()
    assert "'=HYPERLINK" in text
    assert "'=cmd" in text
    assert AuditEvent.objects.filter(action="consent.searches_exported", actor=comms).count() == 1


def test_the_office_sees_the_list_but_cannot_record(school):
    office = a_person("Olga Ott", Role.OFFICE, school)
    search = withdrawn(school, "Kit Moss")
    text = client_of(office).get(reverse(LIST)).content.decode()
    assert "Kit Moss" in text
    assert str(search.uuid) not in text
    with pytest.raises(PermissionDenied):
        search_done(actor=office, search=search, outcome="none", words="")


def test_another_school_sees_nothing_of_it(school):
    withdrawn(school, "Kit Moss")
    other = a_person("Eve Earl", Role.HEAD_OF_COMMS, a_consent_school("Otherplace")[0])
    assert "Kit Moss" not in client_of(other).get(reverse(LIST)).content.decode()
    assert "Kit Moss" not in client_of(other).get(reverse("consent:search-export")).content.decode()
