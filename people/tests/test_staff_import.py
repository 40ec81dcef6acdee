"""Inviting from a file: everybody, or nobody (quality C12)."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.errors import Refused
from core.roles import Post, Role
from people.models import Invitation, Membership, PendingChange, User
from people.services.staff_import import EXAMPLE, ImportRefused, staff_import
from smgov.testing import Cast, sign_in_afresh

HEAD = "email,full name,role,post\n"
GOOD = (
    HEAD
    + "nia@hilltop.example.org,Nia North,staff,\nsol@hilltop.example.org,Sol South,Senior leader,Business manager\n"
)


def url_at(school) -> str:
    return reverse("people:staff-import", args=[school.uuid])


def send(client, school, data: bytes | str):
    raw = data.encode() if isinstance(data, str) else data
    return client.post(url_at(school), {"file": SimpleUploadedFile("people.csv", raw)})


@pytest.fixture
def dan(client, cast: Cast) -> User:
    sign_in_afresh(client, cast.dan)
    return cast.dan


def test_everybody_in_the_file_is_invited(client, cast, dan, actions):
    assert send(client, cast.hilltop, GOOD).url == reverse("people:person-list")
    assert Invitation.objects.count() == 2
    assert Membership.objects.get(user__full_name="Sol South").post == Post.BUSINESS_MANAGER
    assert actions()[-1] == "people.staff_imported"
    assert "2 roles were given or asked for" in client.get("/people/").content.decode()


def test_one_bad_cell_and_nobody_is_invited_and_every_bad_cell_is_named(client, cast, dan, actions):
    before = actions()
    bad = (
        "email,full name,role,post,from,until,school\n"
        "good@hilltop.example.org,Good One,staff,,,,\n"
        "no address,,king,queen,soon,31/02/2027,Elsewhere\n"
        "good@hilltop.example.org,Good One,staff,,,,Hilltop Primary\n"
        "boss@hilltop.example.org,Boss,staff,chair,,,\n"
    )
    response = send(client, cast.hilltop, bad)
    assert response.status_code == 422
    rows = [tuple(row[:2]) for row in response.context["problems"].rows]
    assert [row for row in rows if row[0] == 3] == [
        (3, column) for column in ("email", "full name", "role", "post", "school", "from", "until")
    ]
    assert (4, "email") in rows
    assert not User.objects.filter(full_name__in=["Good One", "Boss"]).exists()
    assert actions() == before
    text = response.content.decode()
    assert "Nobody was invited" in text
    assert "“king” is no role" in text


def test_what_a_service_refuses_is_named_by_row_and_column(client, cast, dan):
    bad = (
        HEAD
        + f"{cast.dan.email},Dan,office,\nx@hilltop.example.org,Xa,staff,chair\n{cast.alice.email},Al,staff,\n"
    )
    response = send(client, cast.hilltop, bad)
    assert [tuple(row[:2]) for row in response.context["problems"].rows] == [
        (2, "email"),
        (3, "post"),
        (4, "email"),
    ]
    assert not User.objects.filter(email="x@hilltop.example.org").exists()


@pytest.mark.parametrize("words", ["DSL", "Designated Safeguarding Lead"])
def test_sensitive_roles_in_a_file_wait_for_a_second_person(client, cast, dan, words):
    send(client, cast.hilltop, HEAD + f"nia@hilltop.example.org,Nia North,{words},\n")
    assert PendingChange.objects.get().payload["role"] == Role.DSL


def test_roles_may_bear_the_schools_own_titles(client, cast, dan):
    send(client, cast.hilltop, HEAD + "nia@hilltop.example.org,Nia North,it provider,\n")
    assert Membership.objects.get(user__full_name="Nia North").role == Role.IT


def test_days_are_read_in_both_ways(client, cast, dan):
    head = "email,full name,role,from,until\n"
    send(client, cast.hilltop, head + "nia@hilltop.example.org,Nia North,staff,2026-09-01,31/08/2099\n")
    row = Membership.objects.get(user__full_name="Nia North")
    assert (row.starts.isoformat(), row.ends.isoformat()) == ("2026-09-01", "2099-08-31")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "The submitted file is empty"),
        (b"\n\n", "The file is empty"),
        (HEAD.encode(), "a heading and no rows"),
        (b"email,role\na@b.org,staff\n", "“full name” is missing"),
        (b"email,email,full name,role\n", "stands twice"),
        (b"email,full name,role,salary\n", "“salary” is not known"),
        (b"email,full name,role\na\x00b,c,d\n", "not a CSV file"),
        (b'email,full name,role\n"a@b.org,Ann,staff\n', "could not be read as CSV"),
        (b"\xff\xfe\x00", "damaged"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not a CSV file"),
    ],
)
def test_a_file_that_cannot_be_read_is_said_so(client, cast, dan, data, words):
    response = send(client, cast.hilltop, data)
    assert response.status_code == 422
    assert words in response.content.decode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends_of_usual_spreadsheets(client, cast, dan, encoding, ends):
    text = (HEAD + "zoe@hilltop.example.org,Zoë Müller,staff,\n").replace("\n", ends)
    assert send(client, cast.hilltop, text.encode(encoding)).status_code == 302
    assert User.objects.get(email="zoe@hilltop.example.org").full_name == "Zoë Müller"


def test_a_hundred_thousand_rows_are_refused_and_nobody_is_invited(client, cast, dan):
    rows = "".join(f"p{n}@hilltop.example.org,Person {n},staff,\n" for n in range(100_000))
    response = send(client, cast.hilltop, HEAD + rows)
    assert response.status_code == 422
    assert "more than 2,000 rows" in response.content.decode()
    assert not Invitation.objects.exists()


def test_a_file_larger_than_five_megabytes_is_not_read(client, cast, dan):
    assert "larger than 5 MB" in send(client, cast.hilltop, b"x" * (5 * 1024 * 1024 + 1)).content.decode()


def test_text_that_would_break_the_page_does_not(client, cast, dan):
    response = send(client, cast.hilltop, HEAD + "x@hilltop.example.org,X,<script>alert(1)</script>,\n")
    assert "<script>alert" not in response.content.decode()


def test_wrong_school_wrong_role_and_get_changes_nothing(client, cast, dan):
    assert send(client, cast.otherplace, GOOD).status_code == 404
    assert client.get(url_at(cast.hilltop)).status_code == 200
    sign_in_afresh(client, cast.cora)
    assert send(client, cast.hilltop, GOOD).status_code == 403
    assert not Invitation.objects.exists()


def test_the_example_is_a_file_that_works(client, cast, dan):
    response = client.get(reverse("people:staff-import-example", args=[cast.hilltop.uuid]))
    assert response["Content-Type"].startswith("text/csv")
    assert staff_import(actor=cast.dan, school=cast.hilltop, data=response.content) == len(EXAMPLE) - 1
    client.force_login(cast.alice)
    assert client.get(reverse("people:staff-import-example", args=[cast.hilltop.uuid])).status_code == 403


def test_the_service_names_its_refusals(cast):
    with pytest.raises(ImportRefused) as caught:
        staff_import(actor=cast.dan, school=cast.hilltop, data=(HEAD + ",,,\nx,y,z,\n").encode())
    assert {problem.row for problem in caught.value.problems} == {3}
    with pytest.raises(Refused, match="no rows"):
        staff_import(actor=cast.dan, school=cast.hilltop, data=HEAD.encode())
