"""The pages of declarations, departures and uses: what they ask, what they say, and what they do not show."""

import html
import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.access import is_sensitive
from core.models import KeptPost
from policies.declarations.departures import departure_advise, departure_ask_hr
from policies.declarations.relationships import declaration_note
from policies.declarations.tests.cases import a_crew, a_declaration, a_departure, a_use, client_of
from policies.models import Declaration, Departure, NameUse
from smgov.testing import a_person, a_school, decide

pytestmark = pytest.mark.django_db
LINKS, DEPARTURES, USES = "/declarations/", "/departures/", "/name-and-logo/"
HARD = "\u202eevil <script>alert(1)</script> & 'quoted' 👩‍🏫 " + "unbroken" * 8


def text_of(response: Any) -> str:
    """What a reader reads, blanks made one."""
    bare = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(html.unescape(bare).split())


def linked(crew: Any, **changes: Any) -> dict[str, Any]:
    """What a browser sends from the form about a link."""
    return {
        "school": str(crew.school.uuid),
        "once": str(uuid4()),
        "about": "pupil",
        "relation": "relative",
        "person": "Kit Quill",
        "contact": "yes",
        "details": "",
        **changes,
    }


@pytest.mark.parametrize(
    ("preset", "asks", "leaves_out"),
    [
        ("cit", ("only if it is your own child, a relative or a close friend",), ("former pupil", "parish")),
        ("beckstone", ("Former pupils count like pupils", "working day or on school equipment"), ("parish",)),
        ("cbc", ("allows no contact with a pupil", "same parish"), ("former pupil", "school equipment")),
        ("ravens-wood", ("says nothing of contact with pupils",), ("former pupil", "parish")),
    ],
)
@pytest.mark.clause("BEC-4.16", "CBC-9.04")
def test_the_form_asks_and_says_what_the_policy_of_the_school_does(preset, asks, leaves_out) -> None:
    crew = a_crew(preset)
    words = text_of(client_of(crew.alice).get(f"{LINKS}new/"))
    main = words[words.index("Declare a link with a pupil or a parent") :]
    for part in (*asks, "the contact must end"):
        assert part in main
    for part in leaves_out:
        assert part not in main


def test_a_link_is_declared_read_noted_with_advice_and_ended() -> None:
    crew = a_crew("st-marys")
    alice, dora = client_of(crew.alice), client_of(crew.dora)
    sent = linked(crew, relation="other", details="On a chat platform")
    for _ in range(2):  # a double click
        answer = alice.post(f"{LINKS}new/", sent)
    row = Declaration.objects.get()
    assert answer.url == f"{LINKS}{row.uuid}/"
    words = text_of(alice.get(answer.url))
    for part in (
        "Kit Quill",
        "The policy never allowed this contact",
        "It must end",
        "STM-4.04",
        "To be noted",
    ):
        assert part in words
    assert "Safeguarding" in words
    assert "Kit Quill" in text_of(dora.get(LINKS))
    assert dora.post(f"{answer.url}note/", {"advice": "Leave the group today"}).status_code == 302
    assert "Leave the group today" in text_of(alice.get(answer.url))
    assert alice.post(f"{answer.url}end/", {"note": "I have left"}).status_code == 302
    words = text_of(dora.get(answer.url))
    assert "No longer so" in words
    assert "I have left" in words


@pytest.mark.clause("CIT-4.09")
def test_the_declarer_alone_reads_that_the_ban_on_posting_is_lifted() -> None:
    crew = a_crew("cit")
    row = a_declaration(crew, contact=True)
    alice, dora = client_of(crew.alice), client_of(crew.dora)
    said = "does not apply to you for this pupil. It holds for every other pupil."
    assert "Until this is noted, you post no information" in text_of(alice.get(f"{LINKS}{row.uuid}/"))
    declaration_note(actor=crew.dora, declaration=row)
    words = text_of(alice.get(f"{LINKS}{row.uuid}/"))
    assert said in words
    assert "must end" not in words
    assert said not in text_of(dora.get(f"{LINKS}{row.uuid}/"))


@pytest.mark.clause("BEC-4.16")
def test_a_family_link_reads_when_it_may_not_be_used() -> None:
    crew = a_crew("beckstone")
    row = a_declaration(crew, relation="own_child", contact=True)
    words = text_of(client_of(crew.alice).get(f"{LINKS}{row.uuid}/"))
    assert "in the working day or on school equipment" in words
    assert "BEC-4.16" in words
    assert "It must end" not in words


@pytest.mark.clause("BEC-4.08")
def test_a_former_pupil_s_page_says_until_when_it_counts() -> None:
    crew, day = a_crew("beckstone"), timezone.localdate() + timedelta(days=200)
    client = client_of(crew.alice)
    parts = {"eighteen_on_day": day.day, "eighteen_on_month": day.month, "eighteen_on_year": day.year}
    answer = client.post(
        f"{LINKS}new/", linked(crew, about="former", relation="former_pupil", contact="no", **parts)
    )
    assert Declaration.objects.get().eighteen_on == day
    assert "This counts until the former pupil is 18, on" in text_of(client.get(answer.url))


def test_a_second_declaration_of_the_same_person_is_pointed_out_to_its_declarer() -> None:
    crew = a_crew("cit")
    first, second = a_declaration(crew), a_declaration(crew, person="kit quill")
    said = "You have declared somebody of this name before"
    words = client_of(crew.alice).get(f"{LINKS}{second.uuid}/").content.decode()
    assert said in words
    assert str(first.uuid) in words
    assert said not in text_of(client_of(crew.dora).get(f"{LINKS}{second.uuid}/"))


def test_one_s_own_declarations_stand_apart_from_those_that_one_hears() -> None:
    crew = a_crew("cit")
    a_declaration(crew, person="Told To Dora")
    own = a_declaration(crew, actor=crew.dora, person="Dora's Own")
    client = client_of(crew.dora)
    heard, mine = text_of(client.get(LINKS)), text_of(client.get(f"{LINKS}?show=mine"))
    assert "Told To Dora" in heard
    assert "Dora's Own" not in heard
    assert "Told To Dora" not in mine
    assert "Dora's Own" in mine
    assert client.get(f"{LINKS}{own.uuid}/note/").status_code == 403
    found = text_of(client.get(f"{LINKS}?q=to+DORA&state=sent&contact=no"))
    assert "1 declaration found" in found
    assert "No declaration matches" in text_of(client.get(f"{LINKS}?q=nobody"))
    assert "Told To Dora" not in text_of(client_of(crew.mark).get(f"{LINKS}?show=heard"))


def test_a_refused_form_keeps_what_was_typed_on_the_page_and_nowhere_else() -> None:
    crew = a_crew("cit")
    client = client_of(crew.alice)
    answer = client.post(f"{LINKS}new/", linked(crew, person="", contact="", details=HARD))
    assert answer.status_code == 422
    words = text_of(answer)
    assert "Enter the name" in words
    assert "Choose whether you are in touch on a personal account" in words
    assert "<script>alert" not in answer.content.decode()
    assert client.post(f"{LINKS}new/", linked(crew, about="former")).status_code == 422
    for path in (LINKS, f"{LINKS}new/", f"{LINKS}{uuid4()}/note/", DEPARTURES, f"{DEPARTURES}{uuid4()}/"):
        assert is_sensitive(path)
    client.logout()
    assert client.post(f"{LINKS}new/", linked(crew)).status_code == 302
    assert not KeptPost.objects.exists()
    assert not Declaration.objects.exists()


def test_hostile_words_are_shown_as_words_everywhere() -> None:
    crew = a_crew("cbc")
    crew_url = [
        f"{LINKS}{a_declaration(crew, person=HARD[:150], details=HARD).uuid}/",
        f"{DEPARTURES}{a_departure(crew, what=HARD, why=HARD).uuid}/",
        f"{USES}{a_use(crew, purpose=HARD).uuid}/",
    ]
    client = client_of(crew.alice)
    for url in (*crew_url, LINKS, DEPARTURES, USES):
        answer = client.get(url)
        assert answer.status_code == 200
        assert "<script>alert" not in answer.content.decode()
        assert "&lt;script&gt;" in answer.content.decode()


def test_a_departure_is_told_advised_on_and_answered() -> None:
    crew, today = a_crew("cbc"), timezone.localdate()
    alice, bob, hugo = (client_of(one) for one in (crew.alice, crew.bob, crew.hugo))
    day = {"on_day": today.day, "on_month": today.month, "on_year": today.year}
    sent = {"school": str(crew.school.uuid), "once": str(uuid4()), "when": "done", **day}
    sent |= {"what": "I answered at night", "why": "A child was lost", "clauses": "cbc-5.09"}
    assert alice.post(f"{DEPARTURES}new/", {**sent, "clauses": "STM-4.04"}).status_code == 422
    url = alice.post(f"{DEPARTURES}new/", sent).url
    assert "CBC-5.09" in text_of(bob.get(url))
    assert hugo.get(url).status_code == 404
    assert alice.get(f"{url}answer/").status_code == 403
    assert bob.post(f"{url}advice/", {"question": "May I agree to this?"}).status_code == 302
    assert hugo.get(f"{url}answer/").status_code == 403
    assert hugo.post(f"{url}advise/", {"advice": "You may, this once"}).status_code == 302
    assert bob.post(f"{url}answer/", {"outcome": "not_agreed", "note": ""}).status_code == 422
    assert bob.post(f"{url}answer/", {"outcome": "agreed", "note": "Thank you"}).status_code == 302
    words, heard = text_of(alice.get(url)), text_of(bob.get(url))
    assert "Thank you" in words
    for said in ("May I agree to this?", "You may, this once"):
        assert said not in words
        assert said in heard
    assert alice.post(f"{url}withdraw/").status_code == 409
    assert bob.post(f"{url}answer/", {"outcome": "noted", "note": ""}).status_code == 422


def test_what_is_proposed_cannot_be_noted_on_the_page() -> None:
    crew = a_crew("cbc")
    url = f"{DEPARTURES}{a_departure(crew, when='proposed').uuid}/answer/"
    client = client_of(crew.bob)
    assert "I note that it has happened" not in text_of(client.get(url))
    assert client.post(url, {"outcome": "noted"}).status_code == 422
    assert Departure.objects.get().state == "sent"


@pytest.mark.clause("CBC-5.02")
def test_a_use_is_asked_for_decided_and_ended_and_permission_comes_before_it() -> None:
    crew = a_crew("cbc")
    alice, bob = client_of(crew.alice), client_of(crew.bob)
    sent = {"school": str(crew.school.uuid), "once": str(uuid4()), "what": ["name", "logo"], "where": "paper"}
    sent |= {"purpose": "The fair", "begun": "yes", "how_long": "good"}
    assert alice.post(f"{USES}new/", {**sent, "how_long": "day"}).status_code == 422
    url = alice.post(f"{USES}new/", sent).url
    assert "Permission comes before use: stop until it is given" in text_of(alice.get(url))
    row = NameUse.objects.get()
    assert "The use has begun without permission" in text_of(bob.get(f"/approvals/{row.approval.uuid}/"))
    assert "Read and decide" in text_of(bob.get(url))
    assert "Read and decide" not in text_of(alice.get(url))
    assert bob.post(f"{url}end/", {"because": "No"}).status_code == 422
    decide(row.approval, crew.bob)
    words = text_of(alice.get(url))
    assert "Permitted" in words
    assert "stop until it is given" not in words
    assert alice.post(f"{url}withdraw/").status_code == 409
    assert bob.post(f"{url}withdraw/").status_code == 403
    assert bob.post(f"{url}end/", {"because": "The logo has changed"}).status_code == 302
    assert "The logo has changed" in text_of(alice.get(url))
    assert "1 use found" in text_of(bob.get(f"{USES}?state=ended&q=fair"))
    assert "No use matches" in text_of(bob.get(f"{USES}?state=permitted"))


def test_other_schools_find_nothing_and_the_first_page_leads_to_the_three() -> None:
    crew = a_crew("cbc")
    rows = {LINKS: a_declaration(crew), DEPARTURES: a_departure(crew), USES: a_use(crew)}
    eve = client_of(a_person("Eve Earl", "headteacher", a_school()))
    for base, row in rows.items():
        assert eve.get(f"{base}{row.uuid}/").status_code == 404
        assert eve.get(f"{base}new/?school={crew.school.uuid}").status_code == 404
    words = eve.get("/policies/").content.decode()
    for base in rows:
        assert f'href="{base}"' in words


def test_the_lists_cost_the_same_for_two_rows_as_for_twelve_and_at_most_twelve_queries() -> None:
    crew = a_crew("cbc", contact_declaration_recipient=["headteacher"])
    client = client_of(crew.bob)

    def costs() -> list[int]:
        found = []
        client.get(LINKS)  # the first page of a session writes it
        for url in (LINKS, DEPARTURES, USES):
            with CaptureQueriesContext(connection) as seen:
                assert client.get(url).status_code == 200
            found.append(len(seen))
        return found

    def add(count: int) -> None:
        for number in range(count):
            a_declaration(crew, person=f"Person {number}")
            departure_ask_hr(actor=crew.bob, departure=a_departure(crew), question="May I?")
            decide(a_use(crew).approval, crew.bob)

    add(2)
    two = costs()
    add(10)
    assert costs() == two
    assert max(two) <= 12


def test_the_pages_of_one_row_cost_at_most_fourteen_queries() -> None:
    crew = a_crew("cbc")
    row, departure, use = a_declaration(crew), a_departure(crew), a_use(crew)
    declaration_note(actor=crew.sue, declaration=row, advice="Fine")
    departure_ask_hr(actor=crew.bob, departure=departure, question="May I?")
    departure_advise(actor=crew.hugo, departure=departure, advice="Yes")
    decide(use.approval, crew.bob)
    for user, url in ((crew.sue, f"{LINKS}{row.uuid}/"), (crew.alice, f"{LINKS}{row.uuid}/")):
        _costs_little(user, url, most=14)
    _costs_little(crew.bob, f"{DEPARTURES}{departure.uuid}/", most=14)
    _costs_little(crew.bob, f"{USES}{use.uuid}/")


def _costs_little(user: Any, url: str, most: int = 12) -> None:
    client = client_of(user)
    client.get(url)  # the first page of a session writes it
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    assert len(seen) <= most, [query["sql"][:90] for query in seen]
