"""The pages of the check: what they show, what they refuse, and that nothing typed is lost."""

import re
import uuid
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consent.models import Channel, ConsentCheck, Medium, NeverShow, Pupil
from consent.services.others import other_add
from consent.services.purposes import Asked, purpose_add
from core.models import AuditEvent, Platform
from core.roles import Role
from people.models import School, User
from smgov.testing import a_person, a_school, give
from smgov.testing_consent import a_consent_school, a_contact, a_pupil, says

pytestmark = pytest.mark.django_db

CHECK, KEEP, PHOTO = (reverse(f"consent:{name}") for name in ("check", "check-keep", "photo-list"))
USE = {"medium": "image", "channel": "school", "in_group": "group"}
NAUGHTY = [
    "<script>alert(1)</script>",
    "'; DROP TABLE consent_pupil; --",
    "=cmd|'/c calc'!A0",
    "\u202egnp.exe",
    "Ω≈ç√∫˜µ 田中さん 🧒🏽",
    "%s%n{{7*7}}",
    "../../etc/passwd",
    "(" * 300,
]


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def send(user: User, path: str = CHECK, **data: Any) -> HttpResponse:
    """Send the form with a use."""
    return signed_in(user).post(path, {**USE, **data})


def text_of(response: HttpResponse) -> str:
    """The page without tags and blanks."""
    main = response.content.decode().split("<main", 1)[1]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def rows_of(response: HttpResponse) -> list[str]:
    """The rows of the answer, byte by byte."""
    return re.findall(r'<li class="app-verdicts__one">.*?</li>', response.content.decode(), re.S)


@pytest.fixture
def school() -> School:
    return a_consent_school("Hilltop", preset="cit")[0]


@pytest.fixture
def alice(school: School) -> User:
    return a_person("Alice Archer", Role.STAFF, school)


def shown(school: School, name: str, yes: bool | None = True, **facts: Any) -> Pupil:
    """A pupil with an answer, or without."""
    pupil = a_pupil(school, name, **facts)
    if yes is not None:
        says(pupil, yes, a_contact(pupil))
    return pupil


@pytest.mark.clause("CIT-7.18")
def test_a_teacher_checks_a_class_a_chosen_pupil_and_pasted_names_in_one_go(school, alice) -> None:
    shown(school, "Ann Ames")
    shown(school, "Ben Bow", None)
    other = shown(school, "Cy Cole", class_name="6B")
    shown(school, "Di Dunn", class_name="4C")
    page = text_of(send(alice, classes="5A", pupil=str(other.uuid), names="1. Dunn, Di\nNobody Known"))
    assert "Only if this pupil is blurred for good" in page
    assert "3 of 4 may be shown" in page
    assert "Not found (1)" in page
    assert AuditEvent.objects.filter(action="consent.checked", data__pupils=4, data__may=3).count() == 1


def test_staff_cannot_tell_a_flagged_pupil_from_one_who_refused(school, alice) -> None:
    refused, flagged = shown(school, "Ann Ames", False), shown(school, "Ann Ames", True)
    NeverShow.objects.create(pupil=flagged, reason="Court", set_by=a_person("D", Role.DSL, school))
    for data in ({"pupil": [str(refused.uuid)]}, {"pupil": [str(flagged.uuid)]}):
        rows = rows_of(send(alice, **data))
        assert len(rows) == 1
        assert "Not to be used" in rows[0]
    one = rows_of(send(alice, pupil=[str(refused.uuid)]))
    assert one == rows_of(send(alice, pupil=[str(flagged.uuid)]))
    website = {"channel": "website"}
    first, second = (
        re.sub(
            r"[0-9a-f-]{36}|csrf\S+|\b\d+:\d+\S+",
            "",
            send(alice, pupil=[str(who.uuid)], **website).content.decode(),
        )
        for who in (refused, flagged)
    )
    assert re.sub(r'value="\w{64}"', "", first) == re.sub(r'value="\w{64}"', "", second)


def test_of_two_with_one_name_it_is_asked_and_the_choice_settles_it(school, alice) -> None:
    shown(school, "Sam Smith")
    second = shown(school, "Sam Smith", class_name="5B")
    response = send(alice, names="Sam Smith")
    page = text_of(response)
    assert "Whom do you mean?" in page
    assert "Sam Smith (5A)" in page
    assert "Sam Smith (5B)" in page
    assert rows_of(response) == []
    chosen = send(alice, names="Sam Smith", pupil=str(second.uuid))
    assert "Whom do you mean?" not in text_of(chosen)
    assert len(rows_of(chosen)) == 1


def test_twins_with_one_name_in_one_class_are_both_answered(school, alice) -> None:
    shown(school, "Kim King")
    shown(school, "Kim King", False)
    rows = rows_of(send(alice, names="Kim King"))
    assert [("May be shown" in row) for row in rows] == [False, True]


def test_a_pupil_is_found_by_part_of_the_name_and_nothing_typed_is_lost(school, alice) -> None:
    pupil = shown(school, "Maximilian Moon")
    response = send(alice, do="find", part="maxi", names="Zoe Z", channel="website")
    page = response.content.decode()
    assert response.status_code == 200
    assert f'value="{pupil.uuid}"' in page
    assert "Zoe Z</textarea>" in page
    assert re.search(r'value="website"[^>]*checked', page)
    assert "error-summary" not in page
    assert "has a name that begins with" in text_of(send(alice, do="find", part="xyz"))


def test_errors_keep_what_was_typed(school, alice) -> None:
    shown(school, "Ann Ames")
    response = signed_in(alice).post(CHECK, {"names": "Ann Ames", "in_group": "alone"})
    assert response.status_code == 422
    page = response.content.decode()
    assert "Choose what will be shown" in page
    assert "Ann Ames</textarea>" in page
    empty = signed_in(alice).post(CHECK, USE)
    assert "Choose a class, find a pupil, or type a name" in text_of(empty)


def test_ids_of_another_school_and_broken_ones_are_refused_alike(school, alice) -> None:
    foreign = shown(a_consent_school("Otherplace")[0], "Fay Foreign")
    answers = set()
    for value in (str(foreign.uuid), str(uuid.uuid4()), "1", "\x00", "../x"):
        response = send(alice, pupil=value)
        assert response.status_code == 422
        assert "Foreign" not in response.content.decode()  # three letters may stand in a token by chance
        answers.add(tuple(re.findall(r"One of the pupils[^<]*", response.content.decode())))
    assert len(answers) == 1
    assert send(alice, classes="9Z").status_code == 422
    assert send(alice, channel="platform:facebook", classes="5A").status_code == 422


@pytest.mark.parametrize("text", NAUGHTY)
def test_hostile_text_is_shown_as_text_and_kept_as_text(school, alice, text: str) -> None:
    shown(school, "Ann Ames")
    response = send(alice, classes="5A", names=f"{text}\nAnn Ames")
    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()
    kept = send(alice, KEEP, classes="5A", names=text, what=text[:150], once=str(uuid.uuid4()))
    assert kept.status_code == 302
    page = signed_in(alice).get(kept.url)
    assert page.status_code == 200
    assert "<script>alert" not in page.content.decode()


def test_too_many_names_are_refused_with_what_to_do(school, alice) -> None:
    shown(school, "Ann Ames")
    response = send(alice, names="\n".join(f"Name {number} of{number}" for number in range(501)))
    assert response.status_code == 422
    assert "Paste 500 names or fewer" in text_of(response)


@pytest.mark.clause("CIT-7.04", "STM-7.05", "RAV-9.04")
@pytest.mark.parametrize(
    ("preset", "ref"), [("cit", "CIT-7.04"), ("st-marys", "STM-7.05"), ("ravens-wood", "RAV-9.04")]
)
def test_a_personal_account_is_answered_with_never_and_the_clause(preset: str, ref: str) -> None:
    school = a_consent_school(preset=preset)[0]
    shown(school, "Ann Ames")
    response = send(a_person("Alice", Role.STAFF, school), classes="5A", channel="personal")
    page = text_of(response)
    assert "Nobody may be shown on anybody’s own account" in page
    assert ref in page
    assert "Keep this check" not in page
    assert len(rows_of(response)) == 1


@pytest.mark.parametrize(("preset", "offered"), [("cit", True), ("ravens-wood", False), ("cbc", False)])
def test_a_first_name_is_offered_only_where_the_policy_lets_it_stand(preset: str, offered: bool) -> None:
    school = a_consent_school(preset=preset)[0]
    page = signed_in(a_person("Alice", Role.STAFF, school)).get(CHECK).content.decode()
    assert ('name="first_name"' in page) is offered


def test_where_groups_carry_general_labels_only_a_first_name_is_refused() -> None:
    school = a_consent_school(preset="st-marys")[0]
    shown(school, "Ann Ames")
    alice = a_person("Alice", Role.STAFF, school)
    assert "Leave the first name out" in text_of(send(alice, classes="5A", first_name="on"))
    assert send(alice, classes="5A", first_name="on", in_group="alone").status_code == 200


@pytest.mark.clause("RAV-9.03")
def test_the_list_of_others_stands_beside_the_answer_and_a_pasted_name_on_it_is_marked(school, alice) -> None:
    shown(school, "Ann Ames")
    add = {"route": "in_person", "asked_on": timezone.localdate(), "description": "runs the stall"}
    office = a_person("Olga", Role.OFFICE, school)
    other_add(actor=office, school=school, once=uuid.uuid4(), who="visitor", name="Véra Vale", **add)
    page = text_of(send(alice, names="Ann Ames\nVale, Vera"))
    assert "“Vale, Vera” stands on your list, and on this one." in page
    assert "runs the stall" in page


def test_a_check_is_kept_and_found_again(school, alice) -> None:
    shown(school, "Ann Ames")
    once = str(uuid.uuid4())
    data = {"classes": "5A", "what": "Sports day", "once": once}
    first, second = send(alice, KEEP, **data), send(alice, KEEP, **data)
    assert first.url == second.url
    check = ConsentCheck.objects.get()
    assert (check.by, check.what, check.in_group) == (alice, "Sports day", True)
    page = text_of(signed_in(alice).get(first.url))
    assert "held at that moment" in page
    assert "Alice Archer" in page
    found = signed_in(alice).get(reverse("consent:check-list"), {"q": "sports alice"})
    assert "1 of 1" in text_of(found)
    assert "No kept check matches" in text_of(
        signed_in(alice).get(reverse("consent:check-list"), {"q": "zoo"})
    )


def test_without_what_it_is_for_nothing_is_kept_and_the_rest_stays(school, alice) -> None:
    shown(school, "Ann Ames")
    response = send(alice, KEEP, classes="5A", names="Ann Ames", what=" ", once=str(uuid.uuid4()))
    assert response.status_code == 422
    assert "Say what the pictures are for" in text_of(response)
    assert "Ann Ames</textarea>" in response.content.decode()
    assert not ConsentCheck.objects.exists()


def test_a_colleague_sees_no_check_of_another_but_the_head_of_communications_does(school, alice) -> None:
    shown(school, "Ann Ames")
    url = send(alice, KEEP, classes="5A", what="Sports day", once=str(uuid.uuid4())).url
    assert signed_in(a_person("Bea", Role.STAFF, school)).get(url).status_code == 404
    assert signed_in(a_person("Cora", Role.HEAD_OF_COMMS, school)).get(url).status_code == 200
    eve = a_person("Eve", Role.HEADTEACHER, a_consent_school("Otherplace")[0])
    assert signed_in(eve).get(url).status_code == 404


def test_the_photo_list_holds_names_classes_and_yes_or_no_and_nothing_else(school) -> None:
    shown(school, "Ann Ames")
    shown(school, "Ben Bow", None)
    shown(school, "Cy Cole", False)
    shown(school, "Sam Smith", class_name="4C")
    shown(school, "Sam Smith", class_name="4D")
    office = a_person("Olga", Role.OFFICE, school)
    response = send(office, PHOTO, classes="5A", names="Nobody Known\nSam Smith", what="Zoo trip")
    page = text_of(response)
    assert "NO: do not show (4)" in page
    assert "YES: may be shown (1)" in page
    assert "Out of date tomorrow" in page
    for reason in ("No answer", "Refused", "withdrawn", "until "):
        assert reason not in page, reason
    assert AuditEvent.objects.filter(action="consent.photo_list_made").count() == 1


def test_no_page_asks_more_queries_for_more_pupils(school, alice) -> None:
    shown(school, "Ann Ames")
    client = signed_in(alice)
    names = "Ann Ames\nNobody"

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.post(CHECK, {**USE, "classes": "5A", "names": names}).status_code == 200
        return len(
            [one for one in queries if "SAVEPOINT" not in one["sql"] and "core_audit" not in one["sql"]]
        )

    asked()
    few = asked()
    Pupil.objects.bulk_create(
        [
            Pupil(school=school, first_name=f"P{number}", last_name="Q", class_name="5A", upn=f"Z{number}")
            for number in range(300)
        ]
    )
    assert asked() == few <= 15
    for number in range(30):
        send(alice, KEEP, classes="5A", what=f"Day {number}", once=str(uuid.uuid4()))
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("consent:check-list"))
    assert len(queries) <= 15
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("consent:check-detail", args=[ConsentCheck.objects.first().uuid]), {"again": "1"})
    assert len(queries) <= 16


def test_whoever_belongs_to_two_schools_chooses_first_and_sees_one_at_a_time(school, alice) -> None:
    other = a_consent_school("Otherplace")[0]
    shown(other, "Olive Only", class_name="9Z")
    give(alice, Role.STAFF, other)
    client = signed_in(alice)
    assert "Which school?" in text_of(client.get(CHECK))
    assert client.post(CHECK, USE).status_code == 404
    page = client.get(CHECK, {"school": str(other.uuid)}).content.decode()
    assert "9Z" in page
    answer = client.post(CHECK, {**USE, "school": str(school.uuid), "names": "Olive Only"})
    assert "Not found (1)" in text_of(answer)


@pytest.mark.parametrize("role", [Role.HR, Role.IT, Role.CONTRIBUTOR])
def test_other_roles_get_none_of_these_pages(school, role: str) -> None:
    client = signed_in(a_person("Rae", role, school))
    for name in ("check", "check-keep", "check-list", "photo-list", "other-list", "other-self", "other-add"):
        assert client.get(reverse(f"consent:{name}")).status_code == 403, name


def test_while_settings_are_open_nothing_is_answered() -> None:
    school = a_school(preset="beckstone")
    response = send(a_person("Alice", Role.STAFF, school), classes="5A")
    assert response.status_code == 409
    assert "no pupil may be shown on the strength of this portal" in text_of(response)


def test_the_general_accounts_are_said_to_be_the_others_where_a_platform_has_a_question() -> None:
    """Or a teacher would take a yes for the school's accounts to the one that the family refused."""
    school, (photos, *_) = a_consent_school("Own questions")
    alice = a_person("Alice Archer", Role.STAFF, school)
    pupil = a_pupil(school, class_name="5A")
    platform = Platform.objects.get(slug="instagram")
    exact = purpose_add(
        actor=photos.created_by, school=school, asked=Asked(Medium.IMAGE, Channel.PLATFORM, platform)
    )
    says(pupil, {photos: True, exact: False}, a_contact(pupil))
    client = Client()
    client.force_login(alice)
    words = "other social media accounts, not Instagram"
    assert words in client.get(reverse("consent:check")).content.decode()
    use = {"medium": "image", "channel": "school", "in_group": "alone", "classes": "5A"}
    kept = {**use, "what": "Sports day", "once": str(uuid.uuid4())}
    detail = client.post(reverse("consent:check-keep"), kept).url
    assert words in client.get(detail).content.decode()
