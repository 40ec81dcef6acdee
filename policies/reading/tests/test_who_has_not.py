"""Who has not read a document: numbers, names, schools, the file, reminders, and the codes of parents and pupils."""

import csv
import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.errors import Refused
from core.models import AuditEvent, Notice
from core.roles import Role
from core.todo import for_user
from people.models import Membership, User
from policies.models import CommunityNotice, Version
from policies.reading import services
from policies.reading.readers import with_numbers
from policies.reading.selectors import by_school, numbers_of
from policies.reading.services import next_stage, readers_remind
from policies.reading.sweeps import chase
from policies.reading.tests.cases import TODAY, a_document, in_force, read
from smgov.testing import Cast, a_cit_trust, a_person

pytestmark = pytest.mark.django_db
REMINDED = "policies.reading_reminder"


@pytest.fixture
def cast() -> Cast:
    return a_cit_trust()


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(user: User, path: str) -> str:
    answer = client_of(user).get(path)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def reminded() -> list[str]:
    return sorted(Notice.objects.filter(kind=REMINDED).values_list("recipient__full_name", flat=True))


@pytest.mark.clause("CIT-2.16", "STM-2.07", "CIT-2.08")
def test_a_headteacher_sees_who_of_their_school_has_not_read_the_trusts_policy(cast) -> None:
    document = a_document(cast.hub, for_trust=True)
    version = in_force(document)
    read(cast.alice, version)
    path = f"/policies/reading/documents/{document.uuid}/"
    seen = page(cast.bob, path)
    assert "Alice Archer" in seen
    assert "Dan Dale" in seen
    assert "Eve Earl" not in seen, "of another school"
    assert "Cora Clay" not in seen, "of the whole trust"
    assert "<strong>1 of 3</strong>" in seen
    assert "Alice Archer" not in page(cast.bob, f"{path}?state=not")
    assert "Dan Dale" not in page(cast.bob, f"{path}?state=read")
    whole = page(cast.cora, path)
    assert "<strong>1 of 6</strong>" in whole
    assert "Eve Earl" in whole
    assert "Eve Earl" not in page(cast.cora, f"{path}?school={cast.hilltop.uuid}")
    assert page(cast.cora, f"{path}?show=schools").count("Otherplace Academy") == 1


def test_the_numbers_of_list_page_and_schools_agree(cast) -> None:
    document = a_document(cast.hub, for_trust=True, readers=["staff", "governance"])
    version = in_force(document)
    own = in_force(a_document(cast.hilltop, "Supplement", supplements=document))
    for user in (cast.alice, cast.cora, cast.chair):
        read(user, version)
    everywhere = {cast.hub.pk, cast.hilltop.pk, cast.otherplace.pk}
    for within in (everywhere, {cast.hilltop.pk}, {cast.hub.pk}):
        row = with_numbers(Version.objects.filter(pk=version.pk), within).get()
        assert (row.asked, row.have_read) == numbers_of(version, within)[:2]
        schools = list(by_school(version, within))
        assert sum(one["asked"] for one in schools) == row.asked
        assert sum(one["have_read"] for one in schools) == row.have_read
    row = with_numbers(Version.objects.filter(pk=own.pk), everywhere).get()
    assert (row.asked, row.have_read) == (3, 0)


def test_a_leavers_acknowledgement_stays_and_is_shown_apart(cast) -> None:
    document = a_document(cast.hilltop)
    version = in_force(document)
    vera = a_person("Vera Vole", Role.CONTRIBUTOR, cast.hilltop)
    for user in (cast.alice, vera):
        read(user, version)
    Membership.objects.filter(user=cast.alice).update(ended_at=timezone.now())
    path = f"/policies/reading/documents/{document.uuid}/"
    assert "<strong>0 of 2</strong>" in page(cast.bob, path)
    assert "Alice Archer" not in page(cast.bob, path)
    others = page(cast.bob, f"{path}?state=others")
    assert "Alice Archer" in others
    assert "Left" in others
    assert "Vera Vole" in others


def test_only_those_who_answer_for_the_readers_see_them(cast) -> None:
    document = a_document(cast.hilltop)
    in_force(document)
    path = f"/policies/reading/documents/{document.uuid}/"
    for user in (cast.alice, cast.dan):
        assert client_of(user).get(path).status_code == 403
        assert client_of(user).post(f"{path}remind/").status_code == 403
        assert client_of(user).get(f"{path}export/").status_code == 403
        assert client_of(user).get("/policies/reading/documents/").status_code == 403
        with pytest.raises(PermissionDenied):
            readers_remind(actor=user, document=document)
    assert client_of(cast.eve).get(path).status_code == 404
    head = a_person("Hana Head", Role.HEADTEACHER, cast.otherplace)
    assert client_of(head).get(path).status_code == 404, "another school's own document"
    assert client_of(cast.bob).get(f"{path}remind/").status_code == 405


def test_the_file_holds_the_same_people_guards_formulas_and_is_recorded(cast) -> None:
    document = a_document(cast.hilltop, "=Policy")
    in_force(document)
    a_person("=HYPERLINK(0)", Role.STAFF, cast.hilltop)
    answer = client_of(cast.bob).get(f"/policies/reading/documents/{document.uuid}/export/?state=not")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 1 + 4
    assert not any(cell.startswith("=") for row in rows for cell in row)
    assert AuditEvent.objects.filter(action="policies.reading_exported").count() == 1


def test_a_colleague_reminds_each_at_most_once_a_day_and_only_those_who_have_not(cast) -> None:
    document = a_document(cast.hub, for_trust=True)
    version = in_force(document)
    read(cast.alice, version)
    path = f"/policies/reading/documents/{document.uuid}/remind/"
    assert client_of(cast.bob).post(path).status_code == 302
    assert reminded() == ["Bob Barnes", "Dan Dale"], "of the headteacher's own school"
    again = client_of(cast.bob).post(path)
    assert again.status_code == 409
    assert "reminded today already" in again.content.decode()
    client_of(cast.cora).post(path)
    assert len(reminded()) == len(set(reminded())) == 5
    for user in (cast.bob, cast.dan, cast.cora, cast.elt, cast.eve):
        read(user, version)
    with pytest.raises(Refused, match="Everybody"):
        readers_remind(actor=cast.cora, document=document)


@pytest.mark.parametrize(
    ("passed", "following"),
    [(0, 7), (6, 7), (7, 14), (13, 14), (14, 28), (28, 56), (55, 56), (56, 84), (400, 420)],
)
def test_reminders_come_after_7_14_and_28_days_and_then_every_28(passed: int, following: int) -> None:
    start = TODAY() - timedelta(days=passed)
    assert next_stage(start, TODAY()) == start + timedelta(days=following)


def test_the_sweep_reminds_only_who_has_not_once_and_catches_up_without_a_flood(cast, monkeypatch) -> None:
    version = in_force(a_document(cast.hilltop), since=TODAY())
    read(cast.alice, version)
    assert chase() == 0
    later = TODAY() + timedelta(days=40)
    monkeypatch.setattr(timezone, "localdate", lambda *_: later)
    assert chase() == 1
    assert chase() == 0
    assert services.chase_one(version.pk) is False
    assert reminded() == ["Bob Barnes", "Dan Dale"]
    version.refresh_from_db()
    assert version.chase_on == version.in_force_from + timedelta(days=56)


def test_a_version_that_is_past_is_chased_no_more(cast) -> None:
    version = in_force(a_document(cast.hilltop))
    Version.objects.filter(pk=version.pk).update(state="past", chase_on=TODAY())
    assert chase() == 1
    assert not reminded()
    version.refresh_from_db()
    assert version.chase_on is None


def test_keepers_have_a_line_of_numbers_a_week_after_and_until_everybody_has_read_it(cast) -> None:
    version = in_force(a_document(cast.hilltop), since=TODAY() - timedelta(days=8))
    read(cast.alice, version)
    lines = [item.title for item in for_user(cast.bob) if item.title.startswith("Not read")]
    assert lines == ["Not read by everybody: Social media policy (2 to go)"]
    assert not [item for item in for_user(cast.dan) if item.title.startswith("Not read")]
    for user in (cast.bob, cast.dan):
        read(user, version)
    assert not [item for item in for_user(cast.bob) if item.title.startswith("Not read")]


@pytest.mark.clause("CIT-2.32", "CIT-2.36", "STM-2.27", "STM-2.31")
def test_of_the_codes_of_parents_and_pupils_it_says_when_they_were_told_and_by_whom(cast) -> None:
    document = a_document(cast.hilltop, "Code for parents", "parents_code", readers=[])
    version = in_force(document)
    path = f"/policies/reading/documents/{document.uuid}/"
    assert "It was not told yet" in page(cast.bob, path)
    assert "Not told yet" in page(cast.bob, "/policies/reading/documents/")
    for audience, sent in (("parents", True), ("pupils", True), ("parents", False)):
        CommunityNotice.objects.create(
            once=uuid4(),
            school=cast.hilltop,
            version=version,
            topic="policy",
            audience=audience,
            subject="Our code",
            text="Please read it",
            made_by=cast.bob,
            sent_on=TODAY() if sent else None,
            sent_by=cast.bob if audience == "parents" else cast.dan,
        )
    shown = page(cast.bob, path)
    assert "was told to parents and carers on" in shown
    assert "by Bob Barnes" in shown
    assert "Not told yet" not in shown
    assert "was told to parents" in page(cast.bob, "/policies/reading/documents/")
    in_force(document)
    assert "Not told yet" in page(cast.bob, path), "the new version was not"


def test_no_page_asks_more_of_the_database_for_more_rows(cast) -> None:
    paths = ["/policies/reading/", "/policies/reading/documents/"]
    trust_wide = a_document(cast.hub, for_trust=True)
    in_force(trust_wide)
    status = f"/policies/reading/documents/{trust_wide.uuid}/"
    paths += [status, f"{status}?show=schools", f"{status}export/"]

    def counts() -> list[int]:
        found = []
        for path in paths:
            client = client_of(cast.cora)
            client.get(path)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(path).status_code == 200
            found.append(len([q for q in queries if "SAVEPOINT" not in q["sql"]]))
        return found

    for number in range(2):
        in_force(a_document(cast.hub, f"Document {number}"))
    before = counts()
    for number in range(10):
        in_force(a_document(cast.hub, f"Another {number}", "parents_code"))
        a_person(f"Person {number}", Role.STAFF, cast.hilltop)
    after = counts()
    assert after == before
    assert max(after) <= 14, after


def test_the_page_of_a_document_leads_readers_to_read_it_and_keepers_to_the_numbers(cast) -> None:
    document = a_document(cast.hub, for_trust=True)
    version = in_force(document)
    path = f"/policies/documents/{document.uuid}/"
    assert f"/policies/reading/{version.uuid}/" in page(cast.alice, path)
    assert "people who are asked to read it" not in page(cast.alice, path)
    read(cast.alice, version)
    assert "You said so on" in page(cast.alice, path)
    assert "1 of 3 people who are asked to read it have" in page(cast.bob, path)
