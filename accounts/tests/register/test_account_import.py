"""Entering many accounts from a file: all or none, every bad cell named, hostile files harmless."""

import uuid
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import SocialAccount
from accounts.services.register import account_close
from accounts.services.register_import import FileRefused, register_import
from accounts.tests.register.cases import an_account, held, recorded, text_of, told
from approvals.models import ApprovalRequest
from core.models import Notice
from core.roles import Role
from people.models import School
from smgov.testing import Cast, a_cit_trust, a_person, a_school, decide

pytestmark = pytest.mark.django_db
HEADINGS = "name,platform,handle,address,official email,purpose,audience,open or closed,live since,lead,moderators,administrators,posters"
SPECTRUM = Path(__file__).resolve().parents[4] / "shared" / "data" / "csv-spectrum"


@pytest.fixture
def cast() -> Cast:
    cast = a_cit_trust()
    for name in ("alice", "bob", "dan", "eve"):
        user = getattr(cast, name)
        user.email = f"{name}@hilltop.example.org"
        user.save()
    return cast


def url_of(school: School) -> str:
    return reverse("accounts:account-import", args=[school.uuid])


def send(client, school: School, text: str | bytes, once: uuid.UUID | None = None):
    data = text.encode() if isinstance(text, str) else text
    file = SimpleUploadedFile("accounts.csv", data, "text/csv")
    return client.post(url_of(school), {"once": once or uuid.uuid4(), "file": file})


def lines(*rows: str) -> str:
    return "\n".join([HEADINGS, *rows]) + "\n"


CHOIR = (
    "Choir,Facebook,@songs,https://www.facebook.com/songs,choir@hilltop.example.org,"
    '"Concerts, and ""rehearsals""",School staff; pupils\' family members,Open,01/09/2023,'
    "Alice@hilltop.example.org,,alice@hilltop.example.org; bob@hilltop.example.org,dan@hilltop.example.org"
)
ECO = "Eco club,x,@green,,,,,,,,,,"


@pytest.mark.clause("RAV-2.12", "BEC-1.02")
def test_every_row_becomes_an_account_and_a_request_for_confirmation(client, cast) -> None:
    client.force_login(cast.dan)
    answer = send(client, cast.hilltop, lines(CHOIR, ECO))
    assert answer.status_code == 200
    words = text_of(answer)
    assert "2 accounts entered" in words
    assert "Head of Communications" in words
    choir = SocialAccount.objects.get(name="Choir")
    assert (choir.status, choir.purpose, choir.audience) == (
        "unconfirmed",
        'Concerts, and "rehearsals"',
        ["staff", "family"],
    )
    assert (choir.openness, str(choir.live_since), choir.school) == ("open", "2023-09-01", cast.hilltop)
    assert set(choir.proposed_people.values_list("user__full_name", "right")) == {
        ("Alice Archer", "lead"),
        ("Alice Archer", "administrator"),
        ("Bob Barnes", "administrator"),
        ("Dan Dale", "poster"),
    }
    assert ApprovalRequest.objects.filter(kind="existing-account").count() == 2
    assert [step.role for step in choir.confirmation.steps.all()] == ["head_of_comms"]
    decide(choir.confirmation, cast.cora)
    assert ("Alice Archer", "lead") in held(choir)
    assert recorded("accounts.register_imported") == 1
    assert recorded("accounts.account_entered") == 2


def test_the_confirmer_gets_one_message_for_the_whole_file(client, cast) -> None:
    client.force_login(cast.dan)
    send(client, cast.hilltop, lines(CHOIR, ECO))
    assert told("accounts.to_confirm") == {"Cora Clay"}
    assert Notice.objects.filter(recipient=cast.cora).count() == 1


def test_the_same_file_again_says_what_is_there_and_changes_nothing(client, cast) -> None:
    client.force_login(cast.dan)
    send(client, cast.hilltop, lines(CHOIR, ECO))
    before = list(SocialAccount.objects.values())
    answer = send(client, cast.hilltop, lines(CHOIR, ECO.replace("Eco club", "Renamed")))
    words = text_of(answer)
    assert "Nothing new in this file" in words
    assert words.count("There already; not changed") == 2
    assert list(SocialAccount.objects.values()) == before
    assert ApprovalRequest.objects.count() == 2
    more = send(client, cast.hilltop, lines(CHOIR, "Third,YouTube,,,,,,,,,,,"))
    assert "1 account entered" in text_of(more)
    assert SocialAccount.objects.count() == 3


def test_the_same_form_sent_five_times_enters_once(client, cast) -> None:
    client.force_login(cast.dan)
    once = uuid.uuid4()
    for _ in range(5):
        assert send(client, cast.hilltop, lines(CHOIR), once).status_code == 200
    assert SocialAccount.objects.count() == ApprovalRequest.objects.count() == 1


@pytest.mark.clause("CIT-3.02", "CIT-3.09", "RAV-3.06")
@pytest.mark.parametrize(
    ("cells", "column", "message"),
    [
        ({"name": ""}, "name", "Enter the name"),
        ({"name": "x" * 121}, "name", "120 characters or fewer"),
        ({"platform": ""}, "platform", "Enter the platform"),
        ({"platform": "MySpace"}, "platform", "not in the list of platforms"),
        ({"handle": "x" * 101}, "handle", "100 characters or fewer"),
        ({"address": "javascript:alert(1)"}, "address", "beginning with https://"),
        ({"address": "https://evil.example"}, "address", "not an address on Facebook"),
        ({"official email": "me@gmail.com"}, "official email", "free mail service"),
        ({"official email": "nonsense"}, "official email", "right form"),
        ({"purpose": "x" * 2001}, "purpose", "2,000 characters or fewer"),
        ({"audience": "martians"}, "audience", "is no audience"),
        ({"open or closed": "ajar"}, "open or closed", "open or closed"),
        ({"live since": "soon"}, "live since", "Enter a day like"),
        ({"live since": "31/02/2024"}, "live since", "Enter a day like"),
        ({"live since": "01/01/2999"}, "live since", "must not be in the future"),
        ({"lead": "nobody@hilltop.example.org"}, "lead", "Nobody at Hilltop Primary has the address"),
        ({"lead": "eve@hilltop.example.org"}, "lead", "Nobody at Hilltop Primary has the address"),
        ({"lead": "alice@hilltop.example.org; bob@hilltop.example.org"}, "lead", "one lead"),
        ({"lead": "vera@hilltop.example.org"}, "lead", "must be a member of staff"),
        ({"administrators": "vera@hilltop.example.org"}, "administrators", "not a member of staff"),
        ({"posters": "vera@hilltop.example.org"}, "posters", "not a member of staff"),
    ],
)
def test_a_bad_cell_is_named_by_row_and_column_and_nothing_is_entered(
    client, cast, cells, column, message
) -> None:
    vera = a_person("Vera Vole", Role.CONTRIBUTOR, cast.hilltop)
    vera.email = "vera@hilltop.example.org"
    vera.save()
    client.force_login(cast.dan)
    row = {"name": "Bad", "platform": "Facebook", **cells}
    bad = ",".join(row.get(heading, "") for heading in HEADINGS.split(","))
    answer = send(client, cast.hilltop, lines(CHOIR, bad))
    assert answer.status_code == 422
    words = text_of(answer)
    assert "Nothing was entered: 1 row needs mending" in words
    assert f"3 {column} " in words
    assert message in words
    assert not SocialAccount.objects.exists()
    assert recorded("accounts.register_imported") == 0


def test_every_bad_cell_of_every_row_is_named(cast) -> None:
    bad = lines("A,Nowhere,,,,,,,,,,,", "B,Facebook,,ftp://x,no,,,ajar,soon,,,x@y.example,", CHOIR)
    with pytest.raises(FileRefused) as refusal:
        register_import(actor=cast.dan, school=cast.hilltop, once=uuid.uuid4(), data=bad.encode())
    assert [(one.row, one.column) for one in refusal.value.problems] == [
        (2, "platform"),
        (3, "address"),
        (3, "official email"),
        (3, "open or closed"),
        (3, "live since"),
        (3, "administrators"),
    ]


def test_an_account_that_stands_twice_in_the_file_is_named(client, cast) -> None:
    client.force_login(cast.dan)
    words = text_of(send(client, cast.hilltop, lines(CHOIR, ECO, CHOIR.replace("@songs", "SONGS"))))
    assert "4 handle This is the same account as in row 2" in words
    assert not SocialAccount.objects.exists()


def test_another_schools_account_is_refused_and_a_closed_one_left_out(client, cast) -> None:
    client.force_login(cast.dan)
    headings = "name,platform,school,status\n"
    answer = send(client, cast.hilltop, headings + "A,Facebook,Otherplace Academy,Live\n")
    assert "This account belongs to Otherplace Academy. Import it there." in text_of(answer)
    answer = send(client, cast.hilltop, headings + "A,Facebook,Hilltop Primary,nonsense\n")
    assert "no status of an account" in text_of(answer)
    answer = send(client, cast.hilltop, headings + "A,Facebook,hilltop primary,Closed\nB,Facebook,,live\n")
    assert "1 account entered" in text_of(answer)
    assert "Left out" in text_of(answer)
    assert SocialAccount.objects.get().name == "B"


def test_a_closed_account_may_be_entered_anew(cast) -> None:
    account = an_account(cast.hilltop, cast.bob, "Choir", handle="@songs")
    account_close(actor=cast.bob, account=account, because="Over")
    outcome = register_import(
        actor=cast.dan, school=cast.hilltop, once=uuid.uuid4(), data=lines(CHOIR).encode()
    )
    assert len(outcome.entered) == 1


GOOD = lines(CHOIR).replace("Concerts", "Café concerts")


@pytest.mark.parametrize(
    "data",
    [
        GOOD.encode(),
        b"\xef\xbb\xbf" + GOOD.encode(),
        GOOD.encode("utf-16"),
        GOOD.encode("cp1252"),
        GOOD.replace("\n", "\r\n").encode(),
        GOOD.replace("\n", "\r").encode(),
        ("\n\n" + GOOD + "\n,,,\n\n").encode(),
        GOOD.replace(HEADINGS, HEADINGS.title()).encode(),
    ],
    ids=["utf-8", "bom", "utf-16", "cp1252", "crlf", "lone-cr", "blank-lines", "capitals"],
)
def test_files_of_the_usual_spreadsheets_are_understood(client, cast, data) -> None:
    client.force_login(cast.dan)
    answer = send(client, cast.hilltop, data)
    assert answer.status_code == 200, text_of(answer)
    assert SocialAccount.objects.get().purpose == 'Café concerts, and "rehearsals"'


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        HEADINGS.encode(),
        b"name\nChoir\n",
        b"name,platform,colour\nA,Facebook,red\n",
        b"name,platform,name\nA,Facebook,B\n",
        b"name,platform\nA,Facebook,extra,cells\n",
        b'name,platform\n"A,Facebook\n',
        b'name,platform\nA"b"c,"Face"book\n',
        b"name,platform\nA\x00B,Facebook\n",
        b"\xff\xfe\x00",
        b"\x81\x8d\x8f\x90\x9d",
        b"PK\x03\x04" + bytes(range(256)) * 4,
        b"name,platform\n" + b'"' * 70_000,
        b"name,platform\n" + b"A,Facebook\n" * 201,
        b"name,platform\n" + b"x" * (6 * 1024 * 1024),
        b"name;platform\nA;Facebook\n",
    ],
    ids=lambda data: repr(data[:24]),
)
def test_hostile_and_broken_files_are_refused_in_words(client, cast, data) -> None:
    client.force_login(cast.dan)
    answer = send(client, cast.hilltop, data)
    assert answer.status_code == 422
    assert "There is a problem" in text_of(answer)
    assert not SocialAccount.objects.exists()
    assert recorded("accounts.register_imported") == 0


def test_a_hundred_thousand_rows_are_refused_before_they_are_compared(cast) -> None:
    data = b"name,platform\n" + b"A,Facebook\n" * 100_000
    with pytest.raises(FileRefused, match="more than 200 rows"):
        register_import(actor=cast.dan, school=cast.hilltop, once=uuid.uuid4(), data=data)


@pytest.mark.skipif(not SPECTRUM.is_dir(), reason="the files of csv-spectrum are not beside the repository")
@pytest.mark.parametrize(
    "name", sorted(path.name for path in SPECTRUM.glob("*.csv")) if SPECTRUM.is_dir() else []
)
def test_the_files_of_csv_spectrum_never_break_the_portal(client, cast, name) -> None:
    client.force_login(cast.dan)
    answer = send(client, cast.hilltop, (SPECTRUM / name).read_bytes())
    assert answer.status_code == 422
    assert "column" in text_of(answer)
    assert not SocialAccount.objects.exists()


def test_hostile_text_in_cells_stays_text(client, cast) -> None:
    client.force_login(cast.dan)
    row = '"<script>alert(1)</script>",Facebook,"\'=cmd|x",,,"<img src=x onerror=alert(1)>",,,,,,,'
    answer = send(client, cast.hilltop, lines(row))
    account = SocialAccount.objects.get()
    assert (account.name, account.handle) == ("<script>alert(1)</script>", "=cmd|x")
    page = client.get(reverse("accounts:account-detail", args=[account.uuid]))
    for html in (answer.content.decode(), page.content.decode()):
        assert "<script>alert" not in html
        assert "<img src=x" not in html


def test_the_page_offers_an_example_that_can_be_imported(client, cast) -> None:
    client.force_login(cast.dan)
    page = client.get(url_of(cast.hilltop))
    assert "Download an example file" in text_of(page)
    example = client.get(url_of(cast.hilltop), {"example": ""})
    assert example["Content-Type"].startswith("text/csv")
    assert "attachment" in example["Content-Disposition"]
    answer = send(client, cast.hilltop, example.content)
    assert answer.status_code == 200, text_of(answer)
    assert SocialAccount.objects.get().name == "Year 6 at Hilltop Primary"


def test_a_file_must_be_chosen(client, cast) -> None:
    client.force_login(cast.dan)
    answer = client.post(url_of(cast.hilltop), {"once": uuid.uuid4()})
    assert answer.status_code == 422
    assert "Choose the file" in text_of(answer)


def test_a_school_without_its_process_chosen_says_so(client) -> None:
    school = a_school(preset="cit", allowed_email_domains=None)
    client.force_login(a_person("Hal Hill", Role.HEADTEACHER, school))
    assert send(client, school, lines(ECO)).status_code == 422
    assert not SocialAccount.objects.exists()


def test_who_may_import_where(client, cast) -> None:
    for user, status in (
        (cast.bob, 200),
        (cast.cora, 200),
        (cast.dan, 200),
        (cast.alice, 403),
        (cast.chair, 403),
        (cast.eve, 404),
    ):
        client.force_login(user)
        assert client.get(url_of(cast.hilltop)).status_code == status
        if status > 200:
            assert send(client, cast.hilltop, lines(ECO)).status_code == status
    client.force_login(cast.bob)
    assert client.get(reverse("accounts:account-import", args=[uuid.uuid4()])).status_code == 404
    assert not SocialAccount.objects.exists(), "opening the page enters nothing"
    with pytest.raises(PermissionDenied):
        register_import(actor=cast.alice, school=cast.hilltop, once=uuid.uuid4(), data=lines(ECO).encode())
