"""The links with which parents and adult pupils answer without an account: made, found, sent, stopped."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from consent.models import Answer, AnswerLink, Assessment, Contact, LinkAsked, Tie
from consent.services import links
from consent.services.links import (
    children_of,
    confirm,
    in_force,
    link_by_token,
    link_for,
    link_revoke,
    link_send,
    links_asked_send,
    token_of,
    url_of,
)
from core.errors import Refused
from core.models import AuditEvent, Notice
from core.notices import send_due
from core.roles import Role
from smgov.testing import a_person, a_school
from smgov.testing_consent import a_consent_school, a_contact, a_pupil, says

pytestmark = pytest.mark.django_db


@pytest.fixture
def school():
    return a_consent_school("Hilltop")[0]


@pytest.fixture
def mia(school):
    return a_pupil(school, "Mia Marsh")


@pytest.fixture
def mother(mia):
    return a_contact(mia, name="Mary Marsh", email="mary@families.example")


@pytest.fixture
def office(school):
    return a_person("Olga Ott", Role.OFFICE, school)


def an_adult(school, name="Ada Adams", **facts):
    """A pupil who is 18 today, with an e-mail address."""
    today = timezone.localdate()
    born = date(today.year - 18, today.month, min(today.day, 28))
    return a_pupil(school, name, **{"born": born, "email": "ada@pupils.example", **facts})


def sent_to(address):
    send_due()
    return [message for message in mail.outbox if message.to == [address]]


def test_the_secret_is_long_is_not_stored_and_is_made_again_from_the_link(mother):
    link = link_for(contact=mother)
    token = token_of(link)
    assert len(token) == 43
    row = AnswerLink.objects.values().get()
    assert token not in str(row)
    assert token_of(AnswerLink.objects.get()) == token
    assert link_by_token(token) == link


def test_what_the_database_holds_opens_nothing(mother):
    link = link_for(contact=mother)
    for stolen in (link.hash, str(link.uuid), link.uuid.hex, link.hash[:43], ""):
        assert link_by_token(stolen) is None


def test_with_another_key_the_database_makes_no_link_and_an_earlier_key_is_still_taken(mother, settings):
    link = link_for(contact=mother)
    token, key = token_of(link), settings.SECRET_KEY
    settings.SECRET_KEY = "another key"
    assert token_of(link) == ""
    assert link_by_token(token) is None
    settings.SECRET_KEY_FALLBACKS = [key]
    assert link_by_token(token) == link


def test_a_link_is_used_again_until_it_ends_soon(mother):
    first = link_for(contact=mother)
    assert first.expires_at - timezone.now() > timedelta(days=399)
    assert link_for(contact=mother) == first
    AnswerLink.objects.update(expires_at=timezone.now() + timedelta(days=59))
    second = link_for(contact=mother)
    assert second != first
    assert in_force(AnswerLink.objects.get(pk=first.pk)), "a link in an older mail works until its end"


def test_many_links_are_made_in_as_many_queries_as_one(school, django_assert_num_queries):
    contacts = [a_contact(a_pupil(school)) for _ in range(7)]
    link_for(contact=contacts[0])
    with django_assert_num_queries(2):
        found = links.links_for(contacts=contacts)
    assert {link.contact_id for link in found.values()} == set(found) == {one.pk for one in contacts}
    assert len({link.hash for link in found.values()}) == 7
    with django_assert_num_queries(1):
        assert links.links_for(contacts=contacts) == found


def test_a_link_ends_with_time_when_it_is_stopped_and_with_the_address(mother):
    link = link_for(contact=mother)
    token = token_of(link)
    Contact.objects.update(email="new@families.example")
    assert link_by_token(token) is None
    Contact.objects.update(email="  Mary@Families.example ")
    assert link_by_token(token) is not None, "the same address in other letters"
    AnswerLink.objects.update(expires_at=timezone.now())
    assert link_by_token(token) is None
    AnswerLink.objects.update(expires_at=timezone.now() + timedelta(days=1))
    AnswerLink.objects.update(revoked_at=timezone.now())
    assert link_by_token(token) is None


def test_a_link_ends_when_the_last_child_leaves_and_with_the_tie(mother, mia, school):
    link = link_for(contact=mother)
    mia.leaves_on = timezone.localdate()
    mia.save()
    assert in_force(link), "on the last day at the school"
    mia.leaves_on = timezone.localdate() - timedelta(days=1)
    mia.save()
    assert not in_force(link)
    a_sibling = a_pupil(school, "Max Marsh")
    tie = Tie.objects.create(pupil=a_sibling, contact=mother, responsibility="yes")
    assert children_of(link) == [a_sibling]
    Tie.objects.filter(pk=tie.pk).update(active=False)
    assert not in_force(link)
    Tie.objects.filter(pk=tie.pk).update(active=True, responsibility="no")
    assert not in_force(link), "whoever holds no parental responsibility answers for nobody"
    Tie.objects.filter(pk=tie.pk).update(responsibility="unknown")
    assert in_force(link)
    Contact.objects.update(erased_at=timezone.now())
    assert link_by_token(token_of(link)) is None


def test_the_no_of_one_tie_does_not_hide_the_child_from_another_contact(mother, mia):
    a_contact(mia, name="Uncle", responsibility="no")
    assert children_of(link_for(contact=mother)) == [mia]


@pytest.mark.clause("CIT-7.06", "CIT-7.07")
def test_from_18_the_pupil_answers_unless_they_were_found_not_to_understand(school, office):
    ada = an_adult(school)
    parent = a_contact(ada)
    own, of_parent = link_for(pupil=ada), link_for(contact=parent)
    assert children_of(own) == [ada]
    assert not in_force(of_parent)
    Assessment.objects.create(pupil=ada, competent=False, assessed_on=timezone.localdate(), by=office)
    assert not in_force(own)
    assert children_of(of_parent) == [ada]


def test_where_the_policy_does_not_ask_again_at_18_the_parent_goes_on(db):
    school, _ = a_consent_school(consent_reassess_at_18=False)
    ada = an_adult(school)
    assert in_force(link_for(contact=a_contact(ada)))
    assert not in_force(link_for(pupil=ada))


def test_a_pupil_under_18_has_no_link_of_their_own(school):
    young = a_pupil(school, "Kit Kay", email="kit@pupils.example")
    assert not in_force(link_for(pupil=young))


def test_two_families_with_one_address_have_two_links(school, mother):
    other = a_contact(a_pupil(school), name="Maria Moss", email=mother.email)
    assert token_of(link_for(contact=mother)) != token_of(link_for(contact=other))


def test_the_office_sends_a_link_and_the_mail_carries_no_name(mother, mia, office, settings):
    link_send(actor=office, contact=mother)
    (message,) = sent_to(mother.email)
    assert url_of(link_for(contact=mother)) in message.body
    assert message.body.count(settings.SITE_URL) == 1
    for detail in ("Mia", "Marsh", "Mary", "Hilltop", "5A"):
        assert detail not in message.subject + message.body
    assert not Notice.objects.filter(link__contains=token_of(link_for(contact=mother))).exists()
    event = AuditEvent.objects.get(action="consent.link_sent")
    assert token_of(link_for(contact=mother)) not in str(event.data) + event.subject


def test_a_link_is_not_sent_twice_within_an_hour(mother, office):
    link_send(actor=office, contact=mother)
    with pytest.raises(Refused, match="within the last hour"):
        link_send(actor=office, contact=mother)
    Notice.objects.update(created_at=timezone.now() - timedelta(minutes=61))
    link_send(actor=office, contact=mother)
    assert len(sent_to(mother.email)) == 2


def test_only_the_office_of_the_school_sends_and_stops(mother, mia):
    elsewhere = a_school("Otherplace")
    for person in (
        a_person("Tess", Role.STAFF, mia.school),
        a_person("Hal", Role.HEADTEACHER, mia.school),
        a_person("Ola", Role.OFFICE, elsewhere),
    ):
        for service in (link_send, link_revoke):
            with pytest.raises(PermissionDenied):
                service(actor=person, contact=mother)
            with pytest.raises(PermissionDenied):
                service(actor=person, pupil=mia)
    assert not AnswerLink.objects.exists()


def test_nothing_is_sent_where_there_is_no_address_or_nothing_to_answer(school, mia, office):
    with pytest.raises(Refused, match="paper form"):
        link_send(actor=office, contact=a_contact(mia, email=""))
    with pytest.raises(Refused, match="nothing to send"):
        link_send(actor=office, contact=a_contact(mia, responsibility="no"))
    ada = an_adult(school)
    link_send(actor=office, pupil=ada)
    assert len(sent_to("ada@pupils.example")) == 1


def test_stopping_ends_every_link_at_once_and_drops_the_mail_that_waits(mother, office):
    link_send(actor=office, contact=mother)
    token = token_of(AnswerLink.objects.get())
    assert link_revoke(actor=office, contact=mother) == 1
    assert link_by_token(token) is None
    assert sent_to(mother.email) == []
    with pytest.raises(Refused, match="no link that works"):
        link_revoke(actor=office, contact=mother)
    assert token_of(link_for(contact=mother)) != token, "a new link is another one"


# The confirmation


def test_every_answer_is_confirmed_once_by_mail_a_paper_form_too(mia, mother):
    reply = says(mia, True, mother)
    confirm(reply)
    (message,) = sent_to(mother.email)
    assert message.subject == "Your answer was recorded"
    assert url_of(AnswerLink.objects.get()) in message.body
    for detail in ("Mia", "Marsh", "Mary", "Hilltop"):
        assert detail not in message.body
    says(mia, False, mother)
    assert len(sent_to(mother.email)) == 2


def test_the_answer_of_an_adult_pupil_is_confirmed_to_the_pupil(school):
    ada = an_adult(school)
    says(ada, True)
    assert len(sent_to("ada@pupils.example")) == 1


def test_no_mail_where_there_is_no_address_no_right_to_a_link_or_only_a_call(school, mia, mother):
    says(mia, True, a_contact(mia, email=""))
    says(mia, False, a_contact(mia, responsibility="no"))
    says(mia, True)  # the pupil, who is ten
    says(mia, True, mother, route="telephone")
    assert not Notice.objects.filter(kind="consent.confirmed").exists()
    assert Answer.objects.exists()


# Asking for a new link


def test_who_asks_gets_a_mail_for_each_contact_with_the_address(school, mother):
    a_contact(a_pupil(school), name="Maria Moss", email="Mary@families.example")
    other, _ = a_consent_school("Otherplace")
    a_contact(a_pupil(other), name="Mary Marsh", email=mother.email)
    links.link_ask(email=" MARY@families.example ")
    assert links_asked_send() == 1
    assert not LinkAsked.objects.exists()
    messages = sent_to("mary@families.example")
    assert len({message.body for message in messages}) == 3


def test_an_unknown_address_a_closed_school_and_a_child_who_left_get_no_mail(mia, mother):
    closed = a_school("Not open yet")
    a_contact(a_pupil(closed), email="waits@families.example")
    mia.leaves_on = timezone.localdate() - timedelta(days=1)
    mia.save()
    for address in ("waits@families.example", mother.email, "nobody@nowhere.example"):
        links.link_ask(email=address)
    assert links_asked_send() == 3
    assert not Notice.objects.exists()
    assert not LinkAsked.objects.exists(), "no address is kept"


def test_the_history_of_asking_holds_no_address(mother):
    links.link_ask(email=mother.email)
    event = AuditEvent.objects.get(action="consent.link_asked")
    assert event.actor is None
    assert "families" not in str(event.data) + event.subject


def test_asking_again_within_the_hour_writes_once(mother):
    for _ in range(3):
        links.link_ask(email=mother.email)
    links_asked_send()
    assert len(sent_to(mother.email)) == 1


def test_a_placeholder_of_hundreds_is_not_written_to_hundreds_of_times(school):
    for _ in range(links.MOST_OF_ONE_ADDRESS + 3):
        a_contact(a_pupil(school), email="none@school.example")
    links.link_ask(email="none@school.example")
    links_asked_send()
    assert Notice.objects.count() == links.MOST_OF_ONE_ADDRESS
