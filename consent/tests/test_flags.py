"""The flag "never show": the DSL's alone, and invisible to everybody else (RAV-9.08, subtle 17)."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consent.ledger import NEVER, Use
from consent.models import NeverShow, PostSearch
from consent.selectors import verdicts
from consent.services.flags import flag_lift, flag_set
from consent.terms import terms_of
from core.access import is_sensitive
from core.audit import history_of
from core.errors import Refused, Stale
from core.models import AuditEvent, Notice
from core.roles import Post, Role
from people.models import School, User
from people.selectors import profile_of
from smgov.testing import a_person
from smgov.testing_consent import a_consent_school, a_contact, a_pupil, says

pytestmark = pytest.mark.django_db
REASON = "Court order of the quokka case"


@pytest.fixture
def school() -> School:
    """A school on the CIT preset."""
    return a_consent_school("Hilltop")[0]


@pytest.fixture
def dsl(school: School) -> User:
    """Its DSL."""
    return a_person("Dina Dell", Role.DSL, school)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def verdict_on(pupil, school: School):
    use = Use("image", "school", in_group=True)
    day = timezone.localdate()
    rows = type(pupil).objects.filter(pk=pupil.pk)
    return verdicts(rows, school, use, terms_of(profile_of(school)), day)[pupil.pk]


@pytest.mark.clause("RAV-9.08")
def test_the_flag_outweighs_every_consent_until_it_is_lifted(school, dsl):
    pupil = a_pupil(school, "Kit Moss")
    says(pupil, True, a_contact(pupil))
    assert verdict_on(pupil, school).may
    flag = flag_set(actor=dsl, pupil=pupil, reason=REASON)
    assert verdict_on(pupil, school).reason == NEVER
    flag_lift(actor=dsl, flag=flag, reason="It has ended")
    assert verdict_on(pupil, school).may


@pytest.mark.clause("RAV-9.08")
def test_setting_it_asks_for_earlier_posts_and_tells_the_other_dsl(school, dsl):
    other = a_person("Dora Dunn", Role.DSL, school)
    comms = a_person("Cora Clay", Role.HEAD_OF_COMMS, school)
    pupil = a_pupil(school, "Kit Moss")
    says(pupil, True, a_contact(pupil))
    flag = flag_set(actor=dsl, pupil=pupil, reason=REASON)
    search = PostSearch.objects.get(pupil=pupil)
    assert search.why == PostSearch.Why.NEVER_SHOW
    assert list(Notice.objects.filter(kind="consent.flag_set").values_list("recipient", flat=True)) == [
        other.pk
    ]
    assert Notice.objects.filter(kind="consent.look_for_posts", recipient=comms).exists()
    assert flag.reason == REASON


def test_a_flag_for_somebody_who_could_never_be_shown_asks_for_nothing(school, dsl):
    """Nobody else is asked to look for posts of such a pupil, so the task would tell of the flag."""
    comms = a_person("Cora Clay", Role.HEAD_OF_COMMS, school)
    flag_set(actor=dsl, pupil=a_pupil(school, "Kit Moss"), reason=REASON)
    assert not PostSearch.objects.exists()
    assert not Notice.objects.filter(recipient=comms).exists()


def test_whoever_looks_for_posts_reads_the_same_words_for_every_reason(school, dsl):
    comms = a_person("Cora Clay", Role.HEAD_OF_COMMS, school)
    flagged, withdrawn = a_pupil(school, "Kit Moss"), a_pupil(school, "Lou Dean")
    mother = a_contact(withdrawn, flagged)
    says(flagged, True, mother)
    says(withdrawn, True, mother)
    says(withdrawn, False, mother)
    flag_set(actor=dsl, pupil=flagged, reason=REASON)
    pages = []
    for pupil in (flagged, withdrawn):
        search = PostSearch.objects.get(pupil=pupil)
        page = client_of(comms).get(reverse("consent:search-do", args=[search.uuid]))
        pages.append(plain(page, search, pupil))
        assert "not to be used" not in page.content.decode().lower()
        assert "withdrawn" not in page.content.decode().lower()
    assert pages[0] == pages[1]


def plain(page, search, pupil) -> str:
    """A page without what differs between any two pupils."""
    text = page.content.decode().split("<main")[1]
    for word in (str(search.uuid), str(pupil.uuid), pupil.name):
        text = text.replace(word, "")
    start = text.split('name="csrfmiddlewaretoken"')
    shown = start[0] + start[1].split(">", 1)[1]
    return shown.replace(timezone.localtime(search.raised_at).isoformat(), "")


@pytest.mark.clause("RAV-9.08")
@pytest.mark.parametrize("role", [role for role in Role if role != Role.DSL])
def test_nobody_but_the_dsl_reads_lists_or_lifts_it(school, dsl, role):
    other = a_person("Olly Orr", role, school)
    flag = flag_set(actor=dsl, pupil=a_pupil(school, "Kit Moss"), reason=REASON)
    client = client_of(other)
    assert client.get(reverse("consent:flag-list")).status_code == 403
    for name in ("flag-detail", "flag-lift"):
        assert client.get(reverse(f"consent:{name}", args=[flag.uuid])).status_code == 404
    assert client.post(reverse("consent:flag-set", args=[flag.pupil.uuid])).status_code in (403, 404)
    with pytest.raises(PermissionDenied):
        flag_lift(actor=other, flag=flag, reason="I want to")
    with pytest.raises(PermissionDenied):
        flag_set(actor=other, pupil=a_pupil(school), reason="I want to")


def test_a_deputy_dsl_and_a_dsl_elsewhere_have_no_part_in_it(school, dsl):
    flag = flag_set(actor=dsl, pupil=a_pupil(school), reason=REASON)
    elsewhere = a_person("Eve Earl", Role.DSL, a_consent_school("Otherplace")[0])
    deputy = a_person("Don Dorn", Role.DSL, school, post=Post.DEPUTY)
    for user in (elsewhere, deputy):
        assert client_of(user).get(reverse("consent:flag-detail", args=[flag.uuid])).status_code == 404
        with pytest.raises(PermissionDenied):
            flag_lift(actor=user, flag=flag, reason="I want to")


def test_no_page_tells_a_reader_of_details_that_it_is_a_flag(school, dsl):
    pupil = a_pupil(school, "Kit Moss")
    says(pupil, True, a_contact(pupil))
    flag_set(actor=dsl, pupil=pupil, reason=REASON)
    search = PostSearch.objects.get()
    for role in (Role.OFFICE, Role.HEADTEACHER, Role.DPO, Role.STAFF):
        client = client_of(a_person(f"Olly {role.label}", role, school))
        for name, args in (
            ("pupil-detail", [pupil.uuid]),
            ("search-list", []),
            ("search-do", [search.uuid]),
            ("search-export", []),
            ("pupil-export", [pupil.uuid]),
            ("review", []),
        ):
            text = client.get(reverse(f"consent:{name}", args=args)).content.decode().lower()
            assert "quokka" not in text, name
            assert "never" not in text.replace("has never been signed", ""), name
            assert "dina dell" not in text, name


def test_no_history_of_the_pupil_holds_it_and_no_event_the_reason(school, dsl):
    pupil = a_pupil(school, "Kit Moss")
    flag = flag_set(actor=dsl, pupil=pupil, reason=REASON)
    flag_lift(actor=dsl, flag=flag, reason="The quokka case is over")
    assert not history_of(pupil, school).filter(action__contains="flag").exists()
    events = AuditEvent.objects.filter(action__contains="flag")
    assert events.count() == 2
    assert not any("uokka" in str(event.data) or event.data for event in events)


def test_it_is_set_once_and_lifted_once(school, dsl):
    pupil = a_pupil(school, "Kit Moss")
    flag = flag_set(actor=dsl, pupil=pupil, reason=REASON)
    with pytest.raises(Refused):
        flag_set(actor=dsl, pupil=pupil, reason="Again")
    flag_lift(actor=dsl, flag=flag, reason="Over")
    with pytest.raises(Stale):
        flag_lift(actor=dsl, flag=flag, reason="Over again")
    flag_set(actor=dsl, pupil=pupil, reason="A new order")
    assert NeverShow.objects.filter(pupil=pupil).count() == 2


def test_a_reason_is_asked_for_each_time(school, dsl):
    pupil = a_pupil(school, "Kit Moss")
    client = client_of(dsl)
    page = client.post(reverse("consent:flag-set", args=[pupil.uuid]), {"reason": "  "})
    assert page.status_code == 422
    assert "Say why this pupil must never be shown" in page.content.decode()
    with pytest.raises(Refused):
        flag_set(actor=dsl, pupil=pupil, reason=" ")
    flag = flag_set(actor=dsl, pupil=pupil, reason=REASON)
    with pytest.raises(Refused):
        flag_lift(actor=dsl, flag=flag, reason="")


def test_the_dsl_sets_reads_and_lifts_it_on_pages_and_reading_is_recorded(school, dsl):
    pupil = a_pupil(school, "Kit Moss")
    client = client_of(dsl)
    page = client.post(reverse("consent:flag-set", args=[pupil.uuid]), {"reason": REASON}, follow=True)
    assert REASON in page.content.decode()
    flag = NeverShow.objects.get()
    assert AuditEvent.objects.filter(action="consent.flag_read").count() == 1
    assert "Kit Moss" in client.get(reverse("consent:flag-list")).content.decode()
    client.post(reverse("consent:flag-lift", args=[flag.uuid]), {"reason": "Over"}, follow=True)
    assert "Kit Moss" not in client.get(reverse("consent:flag-list")).content.decode()
    assert "Kit Moss" in client.get(reverse("consent:flag-list") + "?show=lifted&q=moss").content.decode()


def test_its_pages_are_sensitive_so_that_nothing_typed_is_kept_aside():
    some = "00000000-0000-0000-0000-000000000000"
    for name, args in (
        ("flag-list", []),
        ("flag-detail", [some]),
        ("flag-set", [some]),
        ("flag-lift", [some]),
    ):
        assert is_sensitive(reverse(f"consent:{name}", args=args))


def test_hostile_words_are_shown_as_words(school, dsl):
    flag = flag_set(actor=dsl, pupil=a_pupil(school), reason="<script>alert(1)</script> {{ x }}")
    text = client_of(dsl).get(reverse("consent:flag-detail", args=[flag.uuid])).content.decode()
    assert "<script>alert(1)" not in text
    assert "&lt;script&gt;alert(1)" in text
