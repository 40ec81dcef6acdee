"""The pages behind a link: what a parent or an adult pupil reads there, and what they answer."""

import html
import re
import uuid
from datetime import date, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consent.models import (
    Answer,
    AnswerLink,
    Channel,
    Medium,
    Position,
    PostSearch,
    Reply,
    ReplyWords,
    Round,
    Says,
    Standing,
    Tie,
    Weight,
)
from consent.services.links import link_for, token_of
from consent.services.purposes import Asked, purpose_add, purpose_retire, purpose_reword
from consent.services.settling import reply_settle
from core.models import AuditEvent, KeptPost
from core.notices import send_due
from core.roles import Role
from core.tables import date_text
from smgov.testing import a_person, a_school
from smgov.testing_consent import a_consent_school, a_contact, a_pupil, consent_chosen, says

pytestmark = pytest.mark.django_db


@pytest.fixture
def made():
    return a_consent_school("Hilltop Primary", preset="st-marys")


@pytest.fixture
def school(made):
    return made[0]


@pytest.fixture
def purposes(made):
    return made[1]


@pytest.fixture
def mia(school):
    return a_pupil(school, "Mia Marsh", class_name="5A")


@pytest.fixture
def max_(school):
    return a_pupil(school, "Maximilian Marsh", preferred_name="Max", class_name="3B")


@pytest.fixture
def mother(mia, max_):
    return a_contact(mia, max_, name="Mary Marsh", email="mary@families.example")


def url(name, person, *more):
    """The address of a page behind the link of a contact, or of an adult pupil."""
    link = link_for(**{person._meta.model_name: person})
    return reverse(f"consent:{name}", args=[token_of(link), *more])


def text_of(response):
    """The words of the page's main part."""
    main = re.search(r"<main.*?</main>", response.content.decode(), re.DOTALL).group()
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def page(name, person, *more):
    response = Client().get(url(name, person, *more))
    assert response.status_code == 200
    return text_of(response)


def hidden(person, pupil):
    """What the page of a child sends by itself."""
    shown = Client().get(url("answer-child", person, pupil.uuid)).content.decode()
    return dict(re.findall(r'<input type="hidden" name="(once|seen)" value="([^"]+)"', shown))


def q(purpose):
    return f"q_{purpose.uuid.hex}"


def send(person, pupil, answers, data=None, **more):
    """Open the page, choose, send."""
    fields = hidden(person, pupil) if data is None else data
    chosen = {q(purpose): "yes" if value else "no" for purpose, value in answers.items()}
    return Client().post(url("answer-child", person, pupil.uuid), {**fields, **chosen, **more})


def says_now(pupil):
    return dict(Position.objects.filter(pupil=pupil).values_list("purpose_id", "says"))


# Reading


def test_brothers_and_sisters_stand_on_one_page_and_the_next_step_is_plain(mother, mia):
    text = page("answer-overview", mother)
    assert "Mia, class 5A" in text
    assert "Max, class 3B" in text
    assert "You answer as Mary Marsh" in text
    assert "Answer for Mia" in text
    says(mia, True, mother)
    text = page("answer-overview", mother)
    assert "Change or withdraw for Mia" in text
    assert "Answer for Max" in text


def test_a_link_tells_no_more_than_its_holder_knows(school, mother, mia):
    father = a_contact(mia, name="Frank Other", email="frank@families.example")
    says(mia, False, father, words="a private matter")
    stranger = a_pupil(school, "Zoe Zeal")
    mia.born = date(timezone.localdate().year - 10, 3, 17)
    mia.save()
    for name, more in (
        ("answer-overview", ()),
        ("answer-child", (mia.uuid,)),
        ("answer-withdraw", (mia.uuid,)),
        ("answer-paper", ()),
    ):
        shown = Client().get(url(name, mother, *more)).content.decode()
        for word in (
            "Frank",
            "frank@",
            "private matter",
            "17 March",
            stranger.first_name,
            "mary@",
            "Maximilian",
        ):
            assert word not in shown, f"{name}: {word}"
        assert "Mia Marsh" not in shown
        assert mia.upn not in shown
    assert "No answer yet" in page("answer-overview", mother)


def test_an_earlier_answer_shows_with_how_long_it_holds_and_nothing_is_ticked(mother, mia, purposes):
    image, video = purposes[:2]
    says(mia, {image: True, video: False}, mother)
    until = Answer.objects.filter(allows=True).values_list("valid_until", flat=True)[0]
    assert f"Yes, until {date_text(until)}" in page("answer-overview", mother)
    response = Client().get(url("answer-child", mother, mia.uuid))
    assert f"Last time you said: Yes, until {date_text(until)}" in text_of(response)
    assert "Last time you said: No" in text_of(response)
    assert " checked" not in response.content.decode()


def test_a_parent_of_a_pupil_who_turns_18_soon_reads_what_follows(school, mother):
    assert "18th birthday" not in page("answer-overview", mother)
    old = a_pupil(school, "Ned Nearly", born=date(timezone.localdate().year - 16, 1, 1))
    assert "From their 18th birthday" in page("answer-overview", a_contact(old))


def test_a_yes_of_last_year_is_said_to_be_over(mother, mia):
    says(mia, True, mother, at=timezone.now() - timedelta(days=366))
    assert "That is over: please answer again." in page("answer-overview", mother)


@pytest.mark.clause("STM-7.14", "STM-7.15")
def test_each_question_stands_on_its_own_and_the_page_says_so(mother, mia, purposes):
    assert {one.medium for one in purposes} == {Medium.IMAGE, Medium.VIDEO}
    text = page("answer-child", mother, mia.uuid)
    assert "you may say yes to some and no to others" in text
    for purpose in purposes:
        assert purpose.title in text
        assert purpose.wordings.first().text in text


def test_conditions_are_explained(school, mother, mia):
    actor = a_person("Dora", Role.DPO, school)
    purpose_add(
        actor=actor,
        school=school,
        asked=Asked(Medium.IMAGE, Channel.WEBSITE, group_only=True, no_first_name=True),
    )
    text = page("answer-child", mother, mia.uuid)
    assert "only if other pupils are in it too" in text
    assert "no name stands beside the picture" in text


def test_how_long_it_holds_follows_the_policy_and_an_open_round(school, mother, mia):
    actor = a_person("Dora", Role.DPO, school)
    last = timezone.localdate() + timedelta(days=700)
    Round.objects.create(
        once=uuid.uuid4(), school=school, title="Next year", until=last, opened_by=actor, answer_by=last
    )
    assert f"A yes holds until {date_text(last)}" in page("answer-child", mother, mia.uuid)
    whole, _ = a_consent_school("Whole", preset="cit")
    child = a_pupil(whole, "Ben Bell")
    assert "as long as Ben is at this school" in page("answer-child", a_contact(child), child.uuid)


def test_where_pictures_are_used_unless_somebody_objects_the_page_says_so():
    school, purposes = a_consent_school(preset="ravens-wood")
    child = a_pupil(school, "Ben Bell")
    parent = a_contact(child)
    text = page("answer-child", parent, child.uuid)
    assert "We do this unless you object" in text
    assert "I do not object" in text
    send(parent, child, dict.fromkeys(purposes, False))
    assert set(Answer.objects.values_list("kind", "allows")) == {("objection", False)}
    assert "I object" in page("answer-overview", parent)


def test_an_adult_pupil_reads_and_answers_for_themselves_alone(school, purposes):
    today = timezone.localdate()
    ada = a_pupil(
        school, "Ada Adams", born=date(today.year - 19, 1, 1), email="ada@pupils.example", class_name="13B"
    )
    text = page("answer-child", ada, ada.uuid)
    assert "Photographs and videos of you" in text
    assert "they mean you" in text
    assert send(ada, ada, dict.fromkeys(purposes, True)).status_code == 302
    reply = Reply.objects.get()
    assert (reply.contact, reply.standing, reply.weight) == (None, Standing.ADULT, Weight.COUNTS)
    send_due()
    assert [message.to for message in mail.outbox] == [["ada@pupils.example"]]


# Answering


@pytest.mark.clause("CIT-7.02", "STM-7.02", "STM-7.14")
def test_yes_to_some_and_no_to_others_is_recorded_with_the_words_and_counts_at_once(mother, mia, purposes):
    image, video = purposes[:2]
    response = send(mother, mia, {image: True, video: False}, words="  Not with her cousin  ")
    assert response.status_code == 302
    assert says_now(mia) == {image.pk: Says.YES, video.pk: Says.NO}
    reply = Reply.objects.get()
    assert (reply.contact, reply.route, reply.recorded_by, reply.pupil) == (mother, "link", None, mia)
    assert reply.standing == Standing.PARENTAL
    assert ReplyWords.objects.get().text == "Not with her cousin"
    assert set(Answer.objects.values_list("wording__number", flat=True)) == {1}
    text = text_of(Client().get(response["Location"]))
    assert "your answers for Mia are recorded" in text
    assert date_text(reply.received_at) in text
    assert image.title in text
    assert "Answer for Max, class 3B" in text
    send_due()
    assert [message.to for message in mail.outbox if "recorded" in message.subject] == [[mother.email]]
    assert AnswerLink.objects.get().opened_at is not None
    event = AuditEvent.objects.get(action="consent.reply_recorded")
    assert event.actor is None


@pytest.mark.clause("CIT-7.09", "STM-7.09")
def test_everything_is_withdrawn_in_two_steps_without_a_reason(mother, mia, purposes):
    says(mia, True, mother)
    link = url("answer-withdraw", mother, mia.uuid)
    child_page = Client().get(url("answer-child", mother, mia.uuid)).content.decode()
    assert f'href="{link}"' in child_page
    assert "Withdraw everything" in child_page
    once = re.search(r'name="once" value="([^"]+)"', Client().get(link).content.decode()).group(1)
    assert set(says_now(mia).values()) == {Says.YES}, "the first step changes nothing"
    response = Client().post(link, {"once": once})
    assert response.status_code == 302
    assert set(says_now(mia).values()) == {Says.NO}
    assert set(Answer.objects.filter(allows=False).values_list("kind", flat=True)) == {"withdrawn"}
    assert PostSearch.objects.filter(pupil=mia).count() == 1
    assert Client().post(link, {"once": once})["Location"] == response["Location"]
    assert Reply.objects.count() == 2


def test_who_never_answered_says_no_to_everything_as_easily(mother, mia):
    assert "Say no to everything" in page("answer-child", mother, mia.uuid)


def test_every_question_must_be_answered_and_what_was_chosen_stays(mother, mia, purposes):
    image, video = purposes[:2]
    response = send(mother, mia, {image: False}, words="My words")
    assert response.status_code == 422
    shown = response.content.decode()
    assert f"Choose yes or no: {video.title}" in html.unescape(shown)
    assert f'href="#id_{q(video)}_0"' in shown
    assert re.search(rf'name="{q(image)}" value="no"[^>]* checked', shown)
    assert "My words" in shown
    assert not Reply.objects.exists()


@pytest.mark.parametrize("answer", ["maybe", "", "YES", "\x00", "yes\n"])
def test_only_yes_and_no_are_answers(mother, mia, purposes, answer):
    fields = {**hidden(mother, mia), q(purposes[0]): answer, q(purposes[1]): "no"}
    assert Client().post(url("answer-child", mother, mia.uuid), fields).status_code == 422
    assert not Reply.objects.exists()


def test_words_have_a_limit_and_come_back(mother, mia, purposes):
    response = send(mother, mia, dict.fromkeys(purposes, True), words="ä" * 501)
    assert response.status_code == 422
    assert "500 characters or fewer" in response.content.decode()
    assert send(mother, mia, dict.fromkeys(purposes, True), words="<b>&" * 125).status_code == 302


def test_new_words_come_back_with_the_choice_kept(school, mother, mia, purposes):
    image, video = purposes[:2]
    fields = hidden(mother, mia)
    actor = a_person("Dora", Role.DPO, school)
    purpose_reword(actor=actor, purpose=video, text="Quite other words", number=1)
    response = send(mother, mia, {image: True, video: True}, fields)
    assert response.status_code == 422
    shown = response.content.decode()
    assert "The words of this question have changed" in shown
    assert "Quite other words" in shown
    assert re.search(rf'name="{q(video)}" value="yes"[^>]* checked', shown)
    assert not Reply.objects.exists()
    again = dict(re.findall(r'<input type="hidden" name="(once|seen)" value="([^"]+)"', shown))
    assert send(mother, mia, {image: True, video: True}, again).status_code == 302
    assert Answer.objects.get(purpose=video).wording.number == 2


def test_a_question_that_came_or_went_meanwhile_is_said(school, mother, mia, purposes):
    image, video = purposes[:2]
    actor = a_person("Dora", Role.DPO, school)
    fields = hidden(mother, mia)
    purpose_retire(actor=actor, purpose=video)
    response = send(mother, mia, {image: True, video: True}, fields)
    assert response.status_code == 422
    assert "The questions have changed meanwhile" in response.content.decode()
    fields = hidden(mother, mia)
    purpose_add(actor=actor, school=school, asked=Asked(Medium.IMAGE, Channel.WEBSITE))
    response = send(mother, mia, {image: True}, fields)
    assert response.status_code == 422
    assert "The questions have changed meanwhile" in response.content.decode()
    assert not Reply.objects.exists()


@pytest.mark.parametrize("seen", ["", "x", "::,,:", "1:1", "a" * 5000])
def test_a_forged_version_is_refused_in_words(mother, mia, purposes, seen):
    fields = {**hidden(mother, mia), "seen": seen}
    assert send(mother, mia, dict.fromkeys(purposes, True), fields).status_code == 422
    assert not Reply.objects.exists()


def test_the_same_page_sent_five_times_is_one_answer(mother, mia, purposes):
    fields = hidden(mother, mia)
    answers = dict.fromkeys(purposes, True)
    places = {send(mother, mia, answers, fields)["Location"] for _ in range(5)}
    assert len(places) == 1
    assert Reply.objects.count() == 1
    send_due()
    assert len([message for message in mail.outbox if message.to == [mother.email]]) == 1


def test_the_same_page_with_other_answers_is_not_swallowed(mother, mia, max_, purposes):
    fields = hidden(mother, mia)
    send(mother, mia, dict.fromkeys(purposes, True), fields)
    for child in (mia, max_):
        response = send(mother, child, dict.fromkeys(purposes, False), fields)
        assert response.status_code == 422
        assert "You have sent this page before" in response.content.decode()
    shown = response.content.decode()
    fresh = dict(re.findall(r'<input type="hidden" name="(once|seen)" value="([^"]+)"', shown))
    assert fresh["once"] != fields["once"]
    assert send(mother, max_, dict.fromkeys(purposes, False), fresh).status_code == 302
    assert set(says_now(mia).values()) == {Says.YES}
    assert set(says_now(max_).values()) == {Says.NO}


@pytest.mark.clause("CIT-7.07", "STM-7.06")
def test_who_is_not_on_record_is_told_that_the_school_checks(school, mia, purposes):
    uncle = a_contact(mia, name="Uncle Umar", responsibility="unknown")
    response = send(uncle, mia, {purposes[0]: True, purposes[1]: False})
    text = text_of(Client().get(response["Location"]))
    assert "no record yet that you hold parental responsibility" in text
    assert "A no counts at once" in text
    assert says_now(mia) == {purposes[0].pk: Says.HELD, purposes[1].pk: Says.NO}
    assert "once the school has checked it" in page("answer-overview", uncle)
    office = a_person("Olga", Role.OFFICE, school)
    reply_settle(actor=office, reply=Reply.objects.get(), holds=True)
    assert "once the school has checked it" not in page("answer-overview", uncle)


def test_an_answer_that_was_set_aside_does_not_look_like_one_that_counts(school, mia):
    uncle = a_contact(mia, name="Uncle Umar", responsibility="unknown")
    says(mia, True, uncle)
    office = a_person("Olga", Role.OFFICE, school)
    address = url("answer-overview", uncle)
    reply_settle(actor=office, reply=Reply.objects.get(), holds=False)
    assert Client().get(address).status_code == 404, "it is on record that they may not answer"
    Tie.objects.update(responsibility="unknown")
    assert "Your answer does not count" in page("answer-overview", uncle)


def test_a_call_that_is_only_noted_is_not_shown_as_an_answer(mother, mia):
    says(mia, True, mother, route="telephone")
    assert "Change or withdraw for Mia" not in page("answer-overview", mother)


# The pages themselves


def test_forged_forms_are_refused_and_the_real_one_is_not(mother, mia, purposes):
    address = url("answer-child", mother, mia.uuid)
    client = Client(enforce_csrf_checks=True)
    shown = client.get(address).content.decode()
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)"', shown))
    data = {**fields, **{q(one): "yes" for one in purposes}}
    bare = {key: value for key, value in data.items() if key != "csrfmiddlewaretoken"}
    assert client.post(address, bare).status_code == 403
    assert Client(enforce_csrf_checks=True).post(address, bare).status_code == 403
    assert not Reply.objects.exists()
    assert client.post(address, data, headers={"origin": "http://testserver"}).status_code == 302


def test_pages_are_kept_nowhere_and_tell_no_other_site_where_one_was(mother, mia, purposes):
    recorded = send(mother, mia, dict.fromkeys(purposes, True))["Location"]
    forms = {url("answer-child", mother, mia.uuid), url("answer-withdraw", mother, mia.uuid)}
    for address in {*forms, recorded, url("answer-overview", mother), url("answer-paper", mother)}:
        response = Client().get(address)
        assert "no-store" in response["Cache-Control"]
        assert response["Referrer-Policy"] == ("same-origin" if address in forms else "no-referrer")
        assert "noindex" in response["X-Robots-Tag"]
        assert "sessionid" not in str(response.cookies)
        shown = response.content.decode()
        assert "noindex" in shown
        assert not re.search(r'(href|src|action)="https?:', shown), "nothing leads to another site"


def test_nothing_that_a_signed_in_parent_types_is_kept_aside(school, mother, mia):
    client = Client()
    client.force_login(a_person("Tess Marsh", Role.STAFF, school))
    client.post(url("answer-child", mother, mia.uuid), {"words": "private"})
    assert not KeptPost.objects.exists()


def test_pages_need_few_queries_however_many_children(school, purposes, django_assert_max_num_queries):
    children = [a_pupil(school, f"Child{n} Many") for n in range(6)]
    parent = a_contact(*children)
    for child in children:
        says(child, True, parent)
    for name, more in (("answer-overview", ()), ("answer-child", (children[0].uuid,)), ("answer-paper", ())):
        address = url(name, parent, *more)
        with django_assert_max_num_queries(15):
            assert Client().get(address).status_code == 200


def test_a_school_that_asks_nothing_says_so(db):
    school = consent_chosen(a_school())
    child = a_pupil(school)
    parent = a_contact(child)
    assert "asks nothing at present" in page("answer-overview", parent)
    assert "asks nothing at present" in page("answer-child", parent, child.uuid)
    response = Client().post(url("answer-withdraw", parent, child.uuid), {"once": str(uuid.uuid4())})
    assert response.status_code == 422
