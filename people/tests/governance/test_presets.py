"""The five presets are whole, cite clauses that exist, and a broken one is refused."""

import csv
import re
import tomllib
from pathlib import Path

import pytest

from people.governance.catalogue import SETTINGS
from people.governance.presets import FOLDER, PRESETS, PresetError, load_preset, parse_preset

CLAUSES = Path(__file__).resolve().parents[3] / "policies" / "data" / "clauses.csv"
EACH = pytest.mark.parametrize("slug", PRESETS)
TEXT = (FOLDER / "cit.toml").read_text(encoding="utf-8")


def clause_ids():
    if not CLAUSES.exists():
        pytest.skip("policies/data/clauses.csv is not there: clause ids cannot be checked against it")
    with CLAUSES.open(encoding="utf-8", newline="") as file:
        return {row["id"] for row in csv.DictReader(file)}


def test_five_policies_ship_as_presets():
    assert list(PRESETS) == ["cit", "beckstone", "ravens-wood", "st-marys", "cbc"]
    assert {path.stem for path in FOLDER.glob("*.toml")} == set(PRESETS)


@EACH
def test_a_preset_has_every_setting_in_the_order_of_the_catalogue(slug):
    tables = tomllib.loads((FOLDER / f"{slug}.toml").read_text(encoding="utf-8"))
    assert list(tables) == list(SETTINGS)
    preset = load_preset(slug)
    assert list(preset.entries) == list(SETTINGS)
    assert preset.title == PRESETS[slug].title
    assert preset.description.endswith(".")


@EACH
def test_what_a_preset_leaves_open_has_no_value_and_what_is_silent_has_the_default(slug):
    for key, entry in load_preset(slug).entries.items():
        one = SETTINGS[key]
        if not entry.stated:
            assert entry.value == one.parse(None)
            assert (entry.value is None) or not one.compulsory


@EACH
def test_every_clause_that_a_preset_cites_exists(slug):
    known = clause_ids()
    cited = {clause for entry in load_preset(slug).entries.values() for clause in entry.clauses}
    assert cited
    assert cited <= known


@EACH
def test_a_clause_that_a_note_discusses_is_cited_and_exists(slug):
    known, preset = clause_ids(), load_preset(slug)
    for key, entry in preset.entries.items():
        for bare in re.findall(r"(?<![\w.-])\d{1,2}\.\d{2}\b", entry.note):
            assert f"{preset.info.prefix}-{bare}" in entry.clauses, key
        for full in re.findall(r"\b[A-Z]{3}-\d{1,2}\.\d{2}\b", entry.note):
            assert full in known, key


@EACH
def test_a_stated_value_names_its_clause(slug):
    without = [key for key, entry in load_preset(slug).entries.items() if entry.stated and not entry.clauses]
    assert without == []


@EACH
def test_a_preset_names_roles_and_never_an_address_or_a_telephone_number(slug):
    text = (FOLDER / f"{slug}.toml").read_text(encoding="utf-8")
    assert "@" not in text
    assert not re.search(r"\b0\d{9,10}\b", text)
    assert not re.search(r"\b(Mrs?|Ms|Miss|Dr)\b", text)


@EACH
def test_official_domains_are_left_to_the_school_in_every_preset(slug):
    entry = load_preset(slug).entries["allowed_email_domains"]
    assert entry.value is None
    assert not entry.stated


# Where a policy contradicts itself, the note must weigh these clauses against each other.
CONTRADICTIONS = [
    ("cit", "reviewer", {"2.01", "12.01"}),
    ("cit", "ratifier", {"2.01", "12.01"}),
    ("cit", "consent_validity", {"7.03", "7.05", "7.06"}),
    ("cit", "consent_reassess_at_18", {"7.03", "7.07"}),
    ("ravens-wood", "account_chain", {"2.07", "3.08"}),
    ("ravens-wood", "consent_model", {"9.01", "9.02"}),
    ("ravens-wood", "credential_readers", {"10.16", "2.11"}),
    ("st-marys", "consent_giver", {"7.01", "7.06"}),
    ("st-marys", "account_chain", {"3.01"}),
    ("st-marys", "role_titles", {"2.01", "2.10", "8.05"}),
    ("st-marys", "firewall_installer", {"9.01", "2.37", "2.38"}),
    ("st-marys", "allow_non_staff_admin", {"3.09", "3.17"}),
    ("st-marys", "indecent_image_pupil_route", {"CBC-10.06"}),
    ("beckstone", "bullying_off_site", {"4.40", "6.08"}),
    ("beckstone", "lado_hold", {"4.11", "4.36"}),
    ("cbc", "bullying_police_rule", {"11.07", "10.06"}),
    ("cbc", "indecent_image_pupil_route", {"10.06", "STM-8.09"}),
]


@pytest.mark.parametrize(("slug", "key", "weighed"), CONTRADICTIONS)
def test_a_contradiction_inside_a_policy_is_settled_in_the_note(slug, key, weighed):
    note = load_preset(slug).entries[key].note
    assert all(clause in note for clause in weighed)


@pytest.mark.parametrize(
    ("slug", "key"),
    [
        ("cit", "account_chain_central"),
        ("cit", "applicants"),
        ("cit", "consent_reassess_at_18"),
        ("ravens-wood", "credential_readers"),
        ("beckstone", "pupil_wifi"),
        ("beckstone", "blocked_sites_exceptions"),
        ("beckstone", "lado_hold"),
        ("cbc", "bullying_police_rule"),
    ],
)
def test_what_was_inferred_says_so(slug, key):
    assert "inferred" in load_preset(slug).entries[key].note.lower()


def changed(old, new):
    assert TEXT.count(old) == 1
    return TEXT.replace(old, new)


CHAIN = """[account_chain]
value = [{ role = "headteacher" }, { role = "head_of_comms" }]
clauses = ["CIT-3.01"]
"""


@pytest.mark.parametrize(
    ("new", "words"),
    [
        (CHAIN.replace("headteacher", "wizard"), "account_chain: There is no role called “wizard”"),
        (CHAIN.replace('"headteacher" }', '"headteacher", post = "wizard" }'), "no post called"),
        (CHAIN.replace("CIT-3.01", "CIT-3.1"), "not a clause id"),
        (CHAIN.replace("CIT-3.01", "STM-3.01"), "not a clause id"),
        (CHAIN.replace("CIT-3.01", "cit-3.01"), "not a clause id"),
        (CHAIN.replace('["CIT-3.01"]', '["CIT-3.01", "CIT-3.01"]'), "named twice"),
        (CHAIN.replace('["CIT-3.01"]', '"CIT-3.01"'), "must be a list"),
        (CHAIN.replace('["CIT-3.01"]', "[3.01]"), "not a clause id"),
        (CHAIN.replace('clauses = ["CIT-3.01"]\n', ""), "needs a clause"),
        (CHAIN.replace("clauses", "clause"), "unknown words"),
        (CHAIN + "open = true\n", "exactly one of"),
        ("[account_chain]\nclauses = []\n", "exactly one of"),
        ("[account_chain]\nopen = false\n", "open can only be true"),
        ("[account_chain]\nsilent = true\n", "open, not silent"),
        ("[wizardry]\nsilent = true\n\n" + CHAIN, "unknown settings ['wizardry']"),
        ("[account_chain_gone]\nsilent = true\n", "missing settings ['account_chain']"),
        ("account_chain = 3\n[extra]\n", "unknown settings ['extra']"),
    ],
)
def test_a_broken_preset_is_refused_with_the_place_of_the_fault(new, words):
    with pytest.raises(PresetError) as caught:
        parse_preset("cit", changed(CHAIN, new))
    assert words in str(caught.value)
    assert "cit" in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "[approval_days]\nsilent = true",
            "[approval_days]\nopen = true",
            "only a compulsory setting can be open",
        ),
        ("[approval_days]\nsilent = true", "[approval_days]\nsilent = true\nnote = 3", "note must be text"),
        ("[approval_days]\nsilent = true", "[approval_days]\nvalue = 5\nclauses = []", "needs a clause"),
        ('[age_rule]\nvalue = "platform"', '[age_rule]\nvalue = "any"', "not one of the choices"),
        ("[approval_days]", "[approval_days", "cit: "),
        ("[approval_days]\nsilent = true\n", "", "unknown settings [], missing settings ['approval_days']"),
        ("[approval_days]\nsilent = true\n", "[[approval_days]]\nsilent = true\n", "must be a table"),
    ],
)
def test_other_faults_are_refused_too(old, new, words):
    with pytest.raises(PresetError) as caught:
        parse_preset("cit", changed(old, new))
    assert words in str(caught.value)


def test_a_value_without_a_clause_passes_when_the_note_says_it_was_inferred():
    text = changed("[approval_days]\nsilent = true", '[approval_days]\nvalue = 9\nnote = "Inferred: so."')
    assert parse_preset("cit", text).entries["approval_days"].value == 9


@pytest.mark.parametrize("slug", ["wizard", "../cit", "CIT"])
def test_an_unknown_preset_is_refused(slug):
    with pytest.raises(PresetError, match="no preset called"):
        load_preset(slug)


def test_a_preset_is_read_once():
    assert load_preset("cit") is load_preset("cit")
