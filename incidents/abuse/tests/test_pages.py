"""The pages of the log of abuse: logging on a phone, the list, the file, and what the page does not tell."""

import csv
import io
import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.roles import Role
from incidents.abuse.services import Done, act_add
from incidents.abuse.tests.cases import a_log_crew, a_screenshot, an_account, an_entry
from incidents.concerns.tests.cases import a_concern, by
from incidents.models import AbuseEntry, Concern, Evidence
from incidents.tests.cases import page, recorded, text_of
from people.models import User
from smgov.testing import a_person, a_school

pytestmark = pytest.mark.django_db
FORM = "/abuse/new/form/"
HARD = [
    "=HYPERLINK(0)",
    "\u202eevil <script>alert(1)</script> & 'quoted'",
    "👩‍🏫 " + "unbroken" * 18,
]
"""A formula, a text that runs the other way with markup, and a picture with a word that does not end."""


def client_of(user: User) -> Client:
    """A browser of this person."""
    client = Client()
    client.force_login(user)
    return client


def typed(crew: Any, **changes: Any) -> dict[str, Any]:
    """What a browser sends from the form."""
    now = timezone.localtime() - timedelta(hours=1)
    return {
        "school": str(crew.school.uuid),
        "could": "no",
        "once": str(uuid4()),
        "place": "elsewhere",
        "elsewhere": "A group of parents",
        "author": "angry_parent_77",
        "words": "Fools, all of them",
        "nature": "offensive",
        "against": "school",
        "seen_on_day": now.day,
        "seen_on_month": now.month,
        "seen_on_year": now.year,
        "seen_time": f"{now:%H:%M}",
        "concern": "no",
        **changes,
    }


def upload(name: str = "screen.png") -> SimpleUploadedFile:
    """A picture, as a browser sends it."""
    return SimpleUploadedFile(name, a_screenshot().data, "image/png")


@pytest.mark.clause("RAV-7.01")
def test_whoever_works_there_logs_a_comment_on_an_account_with_a_screenshot() -> None:
    crew, _ = a_log_crew("ravens-wood")
    account = an_account(crew.school)
    client = client_of(crew.mark)
    assert client.get("/abuse/new/?asked=1&could=no").url == f"{FORM}?could=no"
    assert "Hilltop news" in text_of(client.get(f"{FORM}?could=no"))
    sent = typed(
        crew,
        place="account",
        account=str(account.uuid),
        did=["hidden", "blocked"],
        note="At noon",
        files=upload(),
    )
    for _ in range(2):  # a double click
        answer = client.post(FORM, {**sent, "files": upload()})
    entry = AbuseEntry.objects.get()
    assert answer.status_code == 302
    assert str(entry.uuid) in answer.url
    assert entry.account == account
    assert entry.by == crew.mark
    assert [(act.did, act.note) for act in entry.acts.all()] == [("hidden", "At noon"), ("blocked", "")]
    words = text_of(client.get(answer.url))
    for part in (
        "angry_parent_77",
        "Fools, all of them",
        "Hilltop news",
        "Hidden",
        "User blocked",
        "Screenshot of",
    ):
        assert part in words


def test_the_question_about_an_indecent_image_comes_first_and_nothing_sent_is_taken() -> None:
    crew, _ = a_log_crew()
    client = client_of(crew.alice)
    answer = client.get("/abuse/new/?asked=1")
    assert answer.status_code == 422
    assert "Choose whether it could be" in text_of(answer)
    from_start = [client.get(f"/abuse/new/?asked=1&could={could}") for could in ("yes", "unsure")]
    assert client.get(FORM).url == "/abuse/new/"
    posts = ({"could": "yes"}, {"could": "unsure"}, {"nature": "image"})
    from_form = [client.post(FORM, typed(crew, files=upload(), **one)) for one in posts]
    for answer in (*from_start, *from_form):
        assert answer.status_code == 302
        assert "image" in answer.url
        assert "angry_parent_77" not in answer.url
    assert client.post(FORM, typed(crew, could="", files=upload())).url == "/abuse/new/"
    assert not AbuseEntry.objects.exists()
    assert not Evidence.objects.exists()


def test_what_is_also_a_concern_leads_on_to_reporting_it() -> None:
    crew, _ = a_log_crew()
    client = client_of(crew.alice)
    answer = client.post(FORM, typed(crew, concern="yes"))
    assert answer.url.endswith(f"abuse={AbuseEntry.objects.get().uuid}")
    assert client.get(answer.url).status_code == 200


def test_a_refused_form_says_what_is_missing_and_shows_what_was_typed() -> None:
    crew, _ = a_log_crew("cit", abuse_log_elsewhere=False)
    client = client_of(crew.alice)
    answer = client.post(FORM, typed(crew, author="", concern="", words=HARD[1], elsewhere=HARD[2]))
    words = text_of(answer)
    assert answer.status_code == 422
    assert "Enter the name under which it was written" in words
    assert "Choose whether it is also a concern about somebody" in words
    assert "<script>alert" not in answer.content.decode()
    assert HARD[2] in answer.content.decode()
    answer = client.post(FORM, typed(crew, did=["other"], address="x" * 3000))
    assert answer.status_code == 422
    assert '<details class="govuk-details" open>' in answer.content.decode()
    answer = client.post(FORM, typed(crew))
    assert answer.status_code == 422
    assert "Tell the Head of Communications" in text_of(answer)
    answer = client.post(FORM, typed(crew, place="account"))
    assert answer.status_code == 422
    assert "You see no account of the school" in text_of(answer)
    answer = client.post(FORM, typed(crew, files=SimpleUploadedFile("x.png", b"no picture")))
    assert answer.status_code == 422
    assert "must be a PDF, JPEG" in text_of(answer)
    assert not AbuseEntry.objects.exists()


def test_whoever_works_at_two_schools_chooses_once_and_is_asked_once() -> None:
    crew, _ = a_log_crew()
    other = a_school("Otherplace", preset="st-marys")
    a_person_of_two = a_person("Tom Two", Role.STAFF, crew.school)
    a_person_of_two.memberships.create(role=Role.STAFF, school=other, starts=timezone.localdate())
    client = client_of(a_person_of_two)
    words = client.get(f"{FORM}?could=no").content.decode()
    assert 'name="could" value="no"' in words
    assert "Otherplace" in words
    assert client.get(f"{FORM}?could=no&school={other.uuid}").status_code == 200
    assert client.get(f"{FORM}?could=no&school={a_school(preset='cit').uuid}").status_code == 404


def test_the_keeper_acts_closes_and_opens_again_and_the_page_tells_all_of_it() -> None:
    crew, _ = a_log_crew()
    entry = an_entry(crew)
    path, client = f"/abuse/{entry.uuid}/", client_of(crew.bob)
    assert client.post(f"{path}close/").status_code == 409
    assert client.post(f"{path}act/", {"who": "Ann"}).status_code == 422
    assert client.post(f"{path}act/", {"did": "answered", "note": "=1+1"}).status_code == 302
    assert client.post(f"{path}close/").status_code == 302
    assert client.post(f"{path}reopen/").status_code == 302
    words = text_of(client.get(path))
    for part in ("Answered", "=1+1", "Marked as done", "Opened again", "Bob Barnes"):
        assert part in words
    assert client.get(f"{path}close/").status_code == 405


def test_screenshots_are_added_later_only_after_the_question() -> None:
    crew, _ = a_log_crew()
    entry = an_entry(crew)
    path, client = f"/abuse/{entry.uuid}/screenshot/", client_of(crew.alice)
    assert "indecent image of a child" in text_of(client.get(path))
    assert "image" in client.get(f"{path}?asked=1&could=unsure").url
    shown = client.get(f"{path}?could=no")
    sent = {
        name: shown.context["form"][name].value() for name in ("captured_time", "shown_at", "captured_by")
    }
    day = timezone.localtime(entry.seen_at)
    sent |= {"captured_on_day": day.day, "captured_on_month": day.month, "captured_on_year": day.year}
    sent |= {"title": "The comment", "files": upload()}
    assert "image" in client.post(path, {**sent, "could": "yes"}).url
    assert client.post(path, {**sent, "could": ""}).url == path
    assert client.post(path, {**sent, "could": "no", "files": "", "shown_at": ""}).status_code == 422
    assert not Evidence.objects.exists()
    assert client.post(path, {**sent, "could": "no", "files": upload()}).status_code == 302
    assert Evidence.objects.get().body.place == entry.where
    assert client_of(crew.sue).get(path).status_code == 403


def test_who_opens_which_page_and_another_school_finds_nothing() -> None:
    crew, cora = a_log_crew()
    entry = an_entry(crew)
    stranger = a_person("Eve East", Role.HEADTEACHER, a_school(preset="st-marys"))
    path = f"/abuse/{entry.uuid}/"
    assert [page(one, path)[0] for one in (crew.alice, crew.bob, cora, crew.dora)] == [200] * 4
    assert [page(one, path)[0] for one in (crew.mark, crew.gina, stranger)] == [404] * 3
    assert page(crew.sue, f"{path}act/")[0] == 403
    assert page(stranger, f"{path}act/")[0] == 404
    assert page(crew.gina, "/abuse/")[0] == page(crew.gina, "/abuse/new/")[0] == 403
    assert page(crew.gina, "/abuse/figures/")[0] == 200
    assert page(crew.alice, "/abuse/figures/")[0] == page(crew.alice, "/abuse/export/")[0] == 403
    assert "angry_parent_77" not in page(crew.mark, "/abuse/")[1] + page(stranger, "/abuse/")[1]
    assert "angry_parent_77" in page(crew.alice, "/abuse/")[1]


def test_the_list_is_searched_filtered_and_sorted() -> None:
    crew, _ = a_log_crew()
    account = an_account(crew.school)
    old = timezone.now() - timedelta(days=40)
    an_entry(crew, author="Xerxes", words="A threat to all", nature="threat", against="staff", seen_at=old)
    an_entry(crew, author="Yuki", words="Nonsense", account=account, done=(Done("hidden"),))
    client = client_of(crew.bob)

    def names(query: str) -> list[str]:
        return re.findall("Xerxes|Yuki", text_of(client.get(f"/abuse/?{query}")).split("Status")[-1])

    day = timezone.localdate() - timedelta(days=10)
    dates = "&".join(f"{{0}}_{part}={getattr(day, part)}" for part in ("day", "month", "year"))
    for query, found in (
        ("q=nonsense", "Yuki"),
        ("q=xerxes+threat", "Xerxes"),
        ("place=own", "Yuki"),
        ("place=elsewhere", "Xerxes"),
        (f"place={account.uuid}", "Yuki"),
        ("nature=threat", "Xerxes"),
        ("against=school", "Yuki"),
        (dates.format("since"), "Yuki"),
        (dates.format("until"), "Xerxes"),
    ):
        assert set(names(query)) == {found}, query
    assert not names("state=done")
    assert not names("q=zebra")
    assert names("sort=author")[0] == "Xerxes"
    assert names("sort=-author")[0] == "Yuki"
    assert set(names("place=bad&nature=bad&sort=bad&page=bad")) == {"Xerxes", "Yuki"}


def test_the_file_holds_what_the_filters_leave_and_no_spreadsheet_runs_it() -> None:
    crew, _ = a_log_crew()
    for number, hard in enumerate(HARD):
        an_entry(
            crew, author=hard, words=f"{hard}\n+more", address="=cmd", nature="threat" if number else "spam"
        )
    act_add(actor=crew.bob, entry=AbuseEntry.objects.get(nature="spam"), done=Done("left", note="@now"))
    client = client_of(crew.bob)
    rows = list(csv.reader(io.StringIO(client.get("/abuse/export/").content.decode("utf-8-sig"))))
    assert len(rows) == 4
    assert not [cell for row in rows for cell in row if cell[:1] in ("=", "+", "-", "@")]
    assert {row[3].removeprefix("'") for row in rows[1:]} == set(HARD)
    only = client.get("/abuse/export/?nature=spam").content.decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(only)))) == 2
    assert recorded("incidents.abuse_exported") == 2
    for path in ("/abuse/", f"/abuse/{AbuseEntry.objects.first().uuid}/"):
        assert "<script>alert" not in client.get(path).content.decode()


def test_an_address_is_text_and_never_a_link() -> None:
    crew, _ = a_log_crew()
    entry = an_entry(crew, address="https://www.bad.example/x?a=1", words="See https://www.bad.example/y")
    body = client_of(crew.bob).get(f"/abuse/{entry.uuid}/").content.decode()
    assert "https://www.bad.example/x?a=1" in body
    assert 'href="https://www.bad' not in body


def bytes_of(user: User, path: str) -> str:
    """A page without what differs each time it is drawn."""
    body = client_of(user).get(path).content.decode()
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"', "", body)


def test_whether_it_is_also_a_concern_is_told_only_to_those_who_may_know() -> None:
    crew, cora = a_log_crew()
    entry = an_entry(crew, author="Bob Barnes")
    paths = ("/abuse/", f"/abuse/{entry.uuid}/", "/abuse/export/")
    before = {(one, path): bytes_of(one, path) for one in (crew.bob, cora, crew.sue) for path in paths}
    assert "name of somebody who works here" in before[crew.bob, paths[1]]
    concern = a_concern(crew, by(crew.bob), actor=crew.alice, abuse=entry)
    for (user, path), body in before.items():
        assert bytes_of(user, path) == body, (user, path)
    assert "You also sent a concern" in page(crew.alice, paths[1])[1]
    own = an_entry(crew, actor=crew.mark)
    assert "concern was made" not in page(crew.mark, f"/abuse/{own.uuid}/")[1]
    a_concern(crew, actor=crew.alice, abuse=own)  # about a pupil: the DSL reads it
    words = page(crew.dora, f"/abuse/{own.uuid}/")[1]
    assert "A concern was made of this entry" in words
    assert str(concern.uuid) not in words


def test_the_list_asks_the_same_number_of_queries_for_ten_entries_and_for_forty() -> None:
    crew, _ = a_log_crew()
    account = an_account(crew.school)
    client = client_of(crew.bob)
    counts = []
    for more in (10, 30):
        for number in range(more):
            an_entry(crew, account=account if number % 2 else None, author=f"Author {number}")
        client.get("/abuse/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/abuse/?q=author&sort=author")
        with CaptureQueriesContext(connection) as exported:
            client.get("/abuse/export/")
        counts.append((len(asked), len(exported)))
    assert counts[0] == counts[1]
    assert counts[0][0] <= 15, counts


def test_the_page_of_an_entry_asks_a_fixed_number_of_queries() -> None:
    crew, _ = a_log_crew()
    entry = an_entry(crew, files=(a_screenshot(),))
    client, counts = client_of(crew.bob), []
    for more in (1, 5):
        for number in range(more):
            act_add(actor=crew.bob, entry=entry, done=Done("answered", note=f"{more} {number}"))
        client.get(f"/abuse/{entry.uuid}/")
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/abuse/{entry.uuid}/")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 15, [one["sql"][:150] for one in asked.captured_queries]


@pytest.mark.clause("CBC-10.03")
def test_an_address_that_is_withheld_is_not_found_by_its_words() -> None:
    crew, cora = a_log_crew()
    shut = an_entry(crew, words="Look at https://bad.example/kit-quill.jpg now")
    free = an_entry(crew, words="look at https://bad.example/kit-quill.jpg")

    def hits(q: str) -> list[bool]:
        listed = client_of(cora).get(f"/abuse/?q={q}").content.decode()
        file = client_of(cora).get(f"/abuse/export/?q={q}").content.decode().splitlines()
        found = [str(entry.uuid) in listed for entry in (shut, free)]
        assert len([line for line in file if "angry_parent_77" in line]) == sum(found)
        return found

    assert hits("kit-quill") == [True, True]
    Concern.objects.bulk_create([Concern(once=uuid4(), school=crew.school, image=True, abuse=shut)])
    assert hits("kit-quill") == hits("bad.example") == hits("https") == [False, True]
    assert hits("look") == [True, True], "its other words find it as before"
