"""Links that are wrong, stopped, late or about another's child: 0 accepted, and no change by GET (quality A6)."""

import re
import uuid
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consent.models import AnswerLink, Assessment, Contact, Pupil, Reply, Tie
from consent.services import outside
from consent.services.links import link_by_token, link_for, token_of
from consent.services.outside import LinkOver, answer_send, answer_withdraw
from core.roles import Role
from smgov.testing import a_person
from smgov.testing_consent import a_consent_school, a_contact, a_pupil, says

pytestmark = pytest.mark.django_db
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
PAGES = ("answer-overview", "answer-paper")
CHILD_PAGES = ("answer-child", "answer-withdraw", "answer-recorded")


@pytest.fixture
def made():
    return a_consent_school("Hilltop")


@pytest.fixture
def mia(made):
    return a_pupil(made[0], "Mia Marsh")


@pytest.fixture
def mother(mia):
    return a_contact(mia, name="Mary Marsh", email="mary@families.example")


@pytest.fixture
def token(mother):
    return token_of(link_for(contact=mother))


def everything():
    """Every row of every table."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values())
        for model in apps.get_models()
        if model._meta.managed and not model._meta.proxy
    }


def posts(made):
    """What a page of answers sends, with every field that somebody could think of."""
    data = {"once": str(uuid.uuid4()), "seen": ",".join(f"{one.uuid}:1" for one in made[1])}
    data |= {f"q_{one.uuid.hex}": "no" for one in made[1]}
    return {**data, "contact": "1", "pupil": "1", "standing": "parental", "weight": "counts", "words": "x"}


def opens_nothing(token, made, *children):
    """Every page behind the token, read and sent: one page for all, 404, and not a row changes."""
    before, seen = everything(), set()
    paths = [reverse(f"consent:{name}", args=[token]) for name in PAGES]
    for child in children:
        paths += [reverse(f"consent:{name}", args=[token, child.uuid]) for name in CHILD_PAGES]
    for path in paths:
        for method in ("get", "head", "post"):
            response = getattr(Client(), method)(path, posts(made) if method == "post" else None)
            assert response.status_code == 404, f"{method} {path}"
            if method != "head":
                seen.add(response.content)
    assert len(seen) == 1, "the same words in all cases"
    assert "This link does not work" in seen.pop().decode()
    assert everything() == before


def test_each_bit_of_the_secret_turned_opens_nothing(token, made, mia):
    for place, letter in enumerate(token):
        for bit in range(6):
            other = ALPHABET[ALPHABET.index(letter) ^ (1 << bit)]
            assert link_by_token(token[:place] + other + token[place + 1 :]) is None
    for place in range(0, len(token), 14):
        other = ALPHABET[ALPHABET.index(token[place]) ^ 1]
        opens_nothing(token[:place] + other + token[place + 1 :], made, mia)
    raw = token.encode()
    for place in range(len(raw)):
        for bit in range(8):
            turned = bytes([*raw[:place], raw[place] ^ (1 << bit), *raw[place + 1 :]])
            assert link_by_token(turned.decode("latin-1")) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda t: t[:-1],
        lambda t: t + "A",
        lambda t: t + "=",
        lambda t: t.swapcase(),
        lambda t: " " + t,
        lambda t: t + "\n",
        lambda t: t + "%00",
        lambda t: t[::-1],
        lambda t: "A" * 43,
        lambda t: "’" * 43,
        lambda t: "x" * 4000,
    ],
)
def test_a_secret_that_was_cut_lengthened_or_made_up_opens_nothing(token, made, mia, change):
    opens_nothing(change(token), made, mia)


def test_a_link_that_is_late_opens_nothing(token, made, mia):
    AnswerLink.objects.update(expires_at=timezone.now())
    opens_nothing(token, made, mia)


def test_a_link_that_was_stopped_opens_nothing(token, made, mia):
    AnswerLink.objects.update(revoked_at=timezone.now())
    opens_nothing(token, made, mia)


def test_a_link_of_another_address_of_an_erased_contact_and_of_a_tie_that_ended_opens_nothing(
    token, made, mia
):
    for model, change, back in (
        (Contact, {"email": "new@families.example"}, {"email": "mary@families.example"}),
        (Contact, {"erased_at": timezone.now()}, {"erased_at": None}),
        (Contact, {"email": ""}, {"email": "mary@families.example"}),
        (Tie, {"active": False}, {"active": True}),
        (Tie, {"responsibility": "no"}, {"responsibility": "yes"}),
        (Pupil, {"leaves_on": timezone.localdate() - timedelta(days=1)}, {"leaves_on": None}),
        (Pupil, {"erased_at": timezone.now()}, {"erased_at": None}),
        (Pupil, {"born": date(timezone.localdate().year - 19, 1, 1)}, {"born": None}),
    ):
        model.objects.update(**change)
        opens_nothing(token, made, mia)
        model.objects.update(**back)
        assert link_by_token(token) is not None


def test_another_childs_id_under_my_link_is_no_other_page_than_a_wrong_link(token, made, mia, mother):
    stranger = a_pupil(made[0], "Zoe Zeal")
    reply = says(stranger, True, a_contact(stranger), route="link")
    left = a_pupil(made[0], "Leo Left", leaves_on=timezone.localdate() - timedelta(days=1))
    Tie.objects.create(pupil=left, contact=mother, responsibility="yes")
    former = a_pupil(made[0], "Fay Former")
    Tie.objects.create(pupil=former, contact=mother, responsibility="yes", active=False)
    elsewhere = a_consent_school("Otherplace")
    theirs = a_pupil(elsewhere[0], "Ola Other")
    a_contact(theirs, email=mother.email, name=mother.name)
    before = everything()
    for public in (stranger.uuid, reply.uuid, left.uuid, former.uuid, theirs.uuid, uuid.uuid4()):
        for name in CHILD_PAGES:
            path = reverse(f"consent:{name}", args=[token, public])
            for response in (Client().get(path), Client().post(path, posts(made))):
                assert response.status_code == 404
                assert "This link does not work" in response.content.decode()
    assert everything() == before
    text = Client().get(reverse("consent:answer-overview", args=[token])).content.decode()
    for name in ("Zoe", "Leo", "Fay", "Ola"):
        assert name not in text


def test_a_paper_answer_and_a_fathers_answer_are_not_shown_by_their_number(token, mia, mother):
    paper = says(mia, True, mother)
    father = says(mia, True, a_contact(mia), route="link")
    own = says(mia, True, mother, route="link")
    for reply, status in ((paper, 404), (father, 404), (own, 200)):
        path = reverse("consent:answer-recorded", args=[token, reply.uuid])
        assert Client().get(path).status_code == status


def test_looking_changes_nothing_whoever_looks_and_however_often(token, made, mia, mother):
    reply = says(mia, True, mother, route="link")
    paths = [reverse(f"consent:{name}", args=[token]) for name in PAGES]
    paths += [reverse(f"consent:{name}", args=[token, mia.uuid]) for name in CHILD_PAGES[:2]]
    paths.append(reverse("consent:answer-recorded", args=[token, reply.uuid]))
    query = "?" + "&".join(f"{key}={value}" for key, value in posts(made).items())
    before = everything()
    for path in paths:
        for method in ("get", "head", "options"):
            assert getattr(Client(), method)(path).status_code == 200
        assert Client().get(path + query).status_code == 200
        response = Client().get(path, headers={"user-agent": "SafeLinks scanner"})
        assert response.status_code == 200
    assert everything() == before


def test_a_form_says_nothing_about_who_answers(token, made, mia, mother):
    other = a_contact(a_pupil(made[0]), name="Other Person")
    data = {**posts(made), "contact": other.pk, "pupil": str(other.uuid), "route": "paper"}
    assert Client().post(reverse("consent:answer-child", args=[token, mia.uuid]), data).status_code == 302
    reply = Reply.objects.get()
    assert (reply.contact, reply.pupil, reply.route, reply.standing) == (mother, mia, "link", "parental")


@pytest.mark.parametrize("send", ["answer-child", "answer-withdraw"])
def test_what_ends_while_the_page_is_open_is_refused_under_the_lock(
    token, made, mia, mother, monkeypatch, send
):
    link = link_by_token(token)
    for model, change, back in (
        (AnswerLink, {"revoked_at": timezone.now()}, {"revoked_at": None}),
        (Tie, {"active": False}, {"active": True}),
        (Pupil, {"leaves_on": timezone.localdate() - timedelta(days=1)}, {"leaves_on": None}),
    ):
        model.objects.update(**change)
        with pytest.raises(LinkOver):
            answer_withdraw(link=link, pupil=mia, once=uuid.uuid4())
        answers = {one.pk: True for one in made[1]}
        with pytest.raises(LinkOver):
            answer_send(link=link, pupil=mia, once=uuid.uuid4(), answers=answers, wordings={})
        model.objects.update(**back)
    assert not Reply.objects.exists()

    def stopped(*args, **kwargs):
        raise LinkOver

    monkeypatch.setattr(outside, "_use", stopped)
    response = Client().post(reverse(f"consent:{send}", args=[token, mia.uuid]), posts(made))
    assert response.status_code == 404
    assert "This link does not work" in response.content.decode()


def test_the_number_of_somebody_elses_answer_is_neither_taken_nor_shown(token, made, mia, mother):
    theirs = says(mia, True, a_contact(mia), route="link")
    data = {**posts(made), "once": str(theirs.once)}
    response = Client().post(reverse("consent:answer-child", args=[token, mia.uuid]), data)
    assert response.status_code == 422
    assert str(theirs.uuid) not in response.content.decode()
    assert Reply.objects.count() == 1


@pytest.mark.parametrize("once", ["", "x", "0" * 40, "' OR 1=1"])
def test_a_page_without_a_number_of_its_own_is_refused_in_words(token, made, mia, once):
    for name in CHILD_PAGES[:2]:
        path = reverse(f"consent:{name}", args=[token, mia.uuid])
        response = Client().post(path, {**posts(made), "once": once})
        assert response.status_code == 422
        fresh = re.search(r'name="once" value="([^"]+)"', response.content.decode()).group(1)
        assert uuid.UUID(fresh)
    assert not Reply.objects.exists()


def test_an_adult_pupil_reaches_neither_siblings_nor_a_parents_answers(made):
    school = made[0]
    office = a_person("Olga", Role.OFFICE, school)
    ada = a_pupil(
        school, "Ada Adams", born=date(timezone.localdate().year - 19, 1, 1), email="ada@pupils.example"
    )
    sibling = a_pupil(school, "Sid Adams")
    parent = a_contact(ada, sibling)
    token = token_of(link_for(pupil=ada))
    path = reverse("consent:answer-child", args=[token, sibling.uuid])
    assert Client().get(path).status_code == 404
    assert "Sid" not in Client().get(reverse("consent:answer-overview", args=[token])).content.decode()
    of_parent = reverse("consent:answer-child", args=[token_of(link_for(contact=parent)), ada.uuid])
    assert Client().get(of_parent).status_code == 404
    Assessment.objects.create(pupil=ada, competent=False, assessed_on=timezone.localdate(), by=office)
    opens_nothing(token, made, ada)
    assert Client().get(of_parent).status_code == 200
