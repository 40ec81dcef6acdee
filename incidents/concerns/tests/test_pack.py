"""The chronology pack: its index and hashes, and names that are left out everywhere and never in silence."""

import hashlib
import re
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Refused
from core.roles import Role
from incidents.concerns.redaction import LeftOut, Redactor, name_words
from incidents.concerns.services.chronology import entry_write, note_add
from incidents.concerns.services.evidence import evidence_add_text
from incidents.concerns.services.packs import Pack, PackChoices, pack_check, pack_make
from incidents.concerns.services.sending import let_in
from incidents.concerns.tests.cases import a_concern, a_concern_crew, a_pupil_harmed, by, read_by
from incidents.concerns.tests.test_evidence import a_file, facts
from incidents.models import Concern, Custody, Entry, EntryKind, PartIn, Right, Share, Sort
from incidents.tests.cases import Crew, recorded, text_of
from smgov.testing import give, sign_in_afresh

NOTE = "Spoke with Kit Kale. Kale, Kit said that Kit's phone was taken by LIAM Lowe; Liam laughed."


# Leaving names out


def without(text: str, *people: LeftOut, single: bool = True) -> tuple[str, Redactor]:
    clean = Redactor(people, single=single)
    return clean(text), clean


KIT = LeftOut("Person 1", ("Kit Kale of 9B",))


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Kit Kale of 9B was hurt", "Person 1 was hurt"),
        ("kit  kale was hurt", "Person 1 was hurt"),
        ("KIT KALE", "Person 1"),
        ("Kale, Kit", "Person 1"),
        ("Kit\nKale", "Person 1"),
        ("Kit’s bag", "Person 1’s bag"),
        ("Mrs Kale rang", "Mrs Person 1 rang"),
        ("Kitchen and Kaleidoscope", "Kitchen and Kaleidoscope"),
        ("9B met", "9B met"),
        ("", ""),
    ],
)
def test_a_name_is_replaced_however_it_stands_there(text: str, clean: str) -> None:
    assert without(text, KIT)[0] == clean


def test_single_names_stay_where_that_was_chosen_and_are_counted() -> None:
    text, clean = without("Kit Kale came. Kit left, and kale soup", KIT, single=False)
    assert text == "Person 1 came. Kit left, and kale soup"
    assert dict(clean.counts) == {"Person 1": 1}
    assert dict(clean.left) == {"kit": 1, "kale": 1}


def test_names_with_accents_and_marks_are_found_or_counted() -> None:
    person = LeftOut("Person 1", ("José O’Brien-Núñez",))
    text, clean = without("Jose\u0301 O'Brien‑Núñez; jose came", person)
    assert text == "Person 1; jose came"
    assert dict(clean.left) == {"jose": 1}


def test_a_name_that_two_share_is_neither() -> None:
    text, _ = without("Kale came with Kit and Ann", KIT, LeftOut("Person 2", ("Ann Kale",)))
    assert text == "somebody in this case came with Person 1 and Person 2"


def test_a_description_is_replaced_as_a_whole() -> None:
    person = LeftOut("Person 1", ("a boy in year 8",))
    assert without("It was A Boy in Year 8.", person)[0] == "It was Person 1."
    assert name_words("Mr Bob Barnes of 9B") == ["Bob", "Barnes"]


def test_hostile_names_break_nothing() -> None:
    for name in ("(", "a|b", ".*", "[", "\\", "", " ", "A", "😀 😀", "x" * 150):
        without("Some (text) with .* and [ and 😀", LeftOut("Person 1", (name,)))


@given(before=st.text(max_size=30), after=st.text(max_size=30), gap=st.sampled_from([" ", "  ", "\n", "\t"]))
def test_a_full_name_never_stays(before: str, after: str, gap: str) -> None:
    text = f"{before} Kit{gap}Kale {after}"
    clean, counted = without(text, KIT)
    assert not re.search(r"(?<!\w)Kit\s+Kale(?!\w)", clean)
    assert counted.counts["Person 1"] >= 1


# The pack


@pytest.fixture
def crew(db: None) -> Crew:
    return a_concern_crew()


@pytest.fixture
def concern(crew: Crew) -> Concern:
    """A case with two pupils, a note, a line for the DSL alone, and evidence."""
    made = a_concern(
        crew,
        a_pupil_harmed("Kit Kale of 9B"),
        by(sort=Sort.PUPIL, words="Liam Lowe"),
        what="Kit Kale cried. Alice Archer saw it.",
        confidential=True,
    )
    read_by(crew.dora, made)
    note_add(actor=crew.dora, concern=made, text=NOTE)
    entry_write(made, EntryKind.DECISION, by=crew.dora, text="Not a crime", data={"dsl_only": True})
    evidence_add_text(
        actor=crew.dora, concern=made, text="Liam Lowe: go away", **facts(place="Kit Kale's chat")
    )
    return made


def chosen(concern: Concern, *names: str, **changes: Any) -> PackChoices:
    """For the police, without these people."""
    people = frozenset(str(part.uuid) for part in concern.parts.all() if part.shown.split()[0] in names)
    return PackChoices(**{"whom": "police", "name": "PC Pound", "people": people, **changes})


def everything(pack: Pack) -> str:
    """Every word of a pack."""
    return repr((pack.facts, pack.people, pack.items, pack.actions, pack.referrals))


def test_the_own_file_holds_everything(crew: Crew, concern: Concern) -> None:
    pack = pack_make(actor=crew.dora, concern=concern, choices=PackChoices("own"))
    said = everything(pack)
    for words in ("Kit Kale", "Liam Lowe", "Alice Archer", "Not a crime", NOTE):
        assert words in said
    assert [one.number for one in pack.items] == list(range(1, len(pack.items) + 1))
    assert pack.left_out == []


def test_whoever_is_left_out_stands_nowhere_and_has_one_label(crew: Crew, concern: Concern) -> None:
    pack = pack_make(actor=crew.dora, concern=concern, choices=chosen(concern, "Kit", "Liam", reporter=True))
    said = everything(pack)
    for name in ("Kit", "Kale", "Liam", "LIAM", "Lowe", "Alice", "Archer"):
        assert name not in said
    note = next(one for one in pack.items if one.text.startswith("Spoke"))
    one, two = "Person 1 (harmed or at risk)", "Person 2 (whose doing it is said to be)"
    assert note.text == f"Spoke with {one}. {one} said that {one}'s phone was taken by {two}; {two} laughed."
    assert dict(pack.replaced)[one] >= 4
    assert "Reporter" in dict(pack.replaced)
    assert pack.left_out[0] == f"Names are replaced: Reporter, {one}, {two}."


def test_whoever_is_not_left_out_stays(crew: Crew, concern: Concern) -> None:
    said = everything(pack_make(actor=crew.dora, concern=concern, choices=chosen(concern, "Kit")))
    assert "Liam Lowe" in said
    assert "Kale" not in said


def test_what_the_dsl_alone_decides_never_leaves_the_school(crew: Crew, concern: Concern) -> None:
    pack = pack_make(actor=crew.dora, concern=concern, choices=chosen(concern))
    assert "Not a crime" not in everything(pack)
    assert "1 line of the chronology left out." in pack.left_out


def test_a_line_that_is_left_out_takes_its_corrections_with_it(crew: Crew, concern: Concern) -> None:
    note = Entry.objects.get(concern=concern, kind=EntryKind.NOTE)
    note_add(actor=crew.dora, concern=concern, text="It was Tuesday, not Monday", corrects=note)
    pack = pack_make(
        actor=crew.dora, concern=concern, choices=PackChoices("own", entries=frozenset({str(note.uuid)}))
    )
    assert "Spoke with" not in everything(pack)
    assert "Tuesday" not in everything(pack)
    assert pack.left_out == ["2 lines of the chronology left out."]


def test_each_item_has_its_hash_and_the_index_has_one(crew: Crew, concern: Concern) -> None:
    pack = pack_make(actor=crew.dora, concern=concern, choices=chosen(concern, "Kit"))
    note = next(one for one in pack.items if one.text.startswith("Spoke"))
    assert note.sha256 == hashlib.sha256(NOTE.encode()).hexdigest()
    assert pack.evidence[0].sha256 == concern.evidence.get().sha256
    assert all(re.fullmatch(r"[0-9a-f]{64}", one.sha256) for one in pack.items)
    lines = "".join(f"{one.number}\t{one.kind}\t{one.sha256}\n" for one in pack.items)
    assert pack.index_sha256 == hashlib.sha256(lines.encode()).hexdigest()


def test_making_it_is_a_line_an_event_and_custody_with_ids_alone(crew: Crew, concern: Concern) -> None:
    before = recorded("incidents.pack_made")
    pack_check(actor=crew.dora, concern=concern, choices=chosen(concern, "Kit"))
    assert recorded("incidents.pack_made") == before
    pack_make(actor=crew.dora, concern=concern, choices=chosen(concern, "Kit"))
    entry = Entry.objects.get(concern=concern, kind=EntryKind.PACK)
    assert entry.body.text == "For: The police, PC Pound"
    assert "Kit" not in repr(entry.data)
    assert entry.data["for"] == "police"
    assert recorded("incidents.pack_made") == before + 1
    assert Custody.objects.filter(did=Custody.Did.PACKED, by=crew.dora).count() == 1


def test_of_a_case_with_an_image_only_hashes_of_its_evidence_are_given(crew: Crew, concern: Concern) -> None:
    Concern.objects.filter(pk=concern.pk).update(image=True)
    concern.refresh_from_db()
    pack = pack_make(actor=crew.dora, concern=concern, choices=PackChoices("own"))
    assert "go away" not in everything(pack)
    assert "chat" not in repr(pack.evidence)
    assert pack.evidence[0].sha256


def test_only_the_road_makes_one_and_of_a_case_that_was_read(crew: Crew, concern: Concern) -> None:
    let_in(concern, crew.sue, Right.HANDLE, Share.Why.SHARED, by=crew.dora)
    for user in (crew.sue, crew.bob, crew.alice):
        with pytest.raises(PermissionDenied):
            pack_make(actor=user, concern=concern, choices=PackChoices("own"))
    with pytest.raises(Refused, match="read it first"):
        pack_make(actor=crew.dora, concern=a_concern(crew), choices=PackChoices("own"))
    with pytest.raises(Refused):
        pack_make(actor=crew.dora, concern=concern, choices=PackChoices("police"))
    with pytest.raises(Refused):
        pack_make(actor=crew.dora, concern=concern, choices=PackChoices("press", "The Times"))


def test_the_page_asks_checks_and_then_prints_with_no_choice_in_an_address(
    crew: Crew, concern: Concern
) -> None:
    a_file(crew.dora, concern, captured_at=timezone.now())
    client = Client()
    sign_in_afresh(client, crew.dora)
    url = reverse("incidents:concern-pack", args=[concern.uuid])
    assert 'name="reporter" value="on"' not in client.get(url).content.decode()
    kit = next(str(part.uuid) for part in concern.parts.all() if part.part == PartIn.VICTIM)
    sent = {"whom": "lado", "name": "The LADO", "people": [kit], "single_names": "on", "reporter": "on"}
    check = client.post(url, sent)
    assert check.status_code == 200
    assert "Check what is left out" in text_of(check)
    assert "Person 1 (harmed or at risk):" in text_of(check)
    assert recorded("incidents.pack_made") == 0
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', check.content.decode())
    again: dict[str, list[str]] = {}
    for name, value in hidden:
        again.setdefault(name, []).append(value)
    answer = client.post(url, {**again, "do": "make"})
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    page = text_of(answer)
    assert "Kale" not in page
    assert "Alice" not in page
    assert "SHA-256 of the index:" in page
    assert recorded("incidents.pack_made") == 1


def test_the_page_asks_for_the_password_and_for_a_name(crew: Crew, concern: Concern) -> None:
    client = Client()
    client.force_login(crew.dora)
    url = reverse("incidents:concern-pack", args=[concern.uuid])
    answer = client.post(url, {"whom": "own", "do": "make"})
    assert answer.status_code == 422
    assert "Enter your password" in text_of(answer)
    assert recorded("incidents.pack_made") == 0
    sign_in_afresh(client, crew.dora)
    assert client.post(url, {"whom": "police"}).status_code == 422
    assert client.post(url, {"whom": "own", "people": ["not one of them"]}).status_code == 422


def test_who_may_not_make_one_finds_no_page(crew: Crew, concern: Concern) -> None:
    url = reverse("incidents:concern-pack", args=[concern.uuid])
    client = Client()
    for user, status in ((crew.bob, 404), (crew.alice, 404), (crew.sue, 403)):
        if user == crew.sue:
            let_in(concern, crew.sue, Right.HANDLE, Share.Why.SHARED, by=crew.dora)
        client.force_login(user)
        assert client.get(url).status_code == status
    give(crew.alice, Role.DSL, crew.school)
    unread = a_concern(crew)
    sign_in_afresh(client, crew.dora)
    assert client.get(reverse("incidents:concern-pack", args=[unread.uuid])).status_code == 409
