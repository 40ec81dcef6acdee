"""The five policies as presets: the value of every setting, with the clause it comes from beside it.

A preset is a TOML file with one table a setting, and each table says one of three things:

- `value = …`: the policy fixes it, in the `clauses` named, or it is inferred, as the `note` then says;
- `open = true`: the policy leaves it open and a person must choose before that part of the portal opens;
- `silent = true`: the policy says nothing, and the catalogue's default holds.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from people.governance.catalogue import SETTINGS, Setting

FOLDER = Path(__file__).resolve().parent.parent / "presets"


@dataclass(frozen=True)
class PresetInfo:
    """What a person who picks a preset reads, and the letters that its clause ids begin with."""

    title: str
    description: str
    prefix: str


PRESETS: Mapping[str, PresetInfo] = MappingProxyType(
    {
        "cit": PresetInfo(
            "Community Inclusive Trust",
            "A trust of several schools with a central team. Headteacher and Head of Communications decide "
            "together, and pictures need consent.",
            "CIT",
        ),
        "beckstone": PresetInfo(
            "Beckstone Primary School",
            "Conduct and child protection, with no social media on site. How accounts are approved is left "
            "open.",
            "BEC",
        ),
        "ravens-wood": PresetInfo(
            "Ravens Wood School",
            "Accounts of the school, with a Moderator. Comments are answered within 24 hours, and pictures "
            "may be used unless somebody objects.",
            "RAV",
        ),
        "st-marys": PresetInfo(
            "St Mary’s Church of England Primary School",
            "A detailed application form, every post approved beforehand, and consent renewed each academic "
            "year.",
            "STM",
        ),
        "cbc": PresetInfo(
            "Constance Bridgeman Centre",
            "Personal conduct, evidence and indecent images. The school has no accounts, and pictures stay "
            "inside.",
            "CBC",
        ),
    }
)


class PresetError(ValueError):
    """A preset file does not fit the catalogue. The message names the preset and the setting."""


@dataclass(frozen=True)
class Entry:
    """What one policy says of one setting. `stated` tells whether it says anything; value None if not."""

    value: Any
    stated: bool
    clauses: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Preset:
    """One policy, setting by setting. Every key of the catalogue is there."""

    slug: str
    info: PresetInfo
    entries: Mapping[str, Entry]

    @property
    def title(self) -> str:
        """Whose policy it is."""
        return self.info.title

    @property
    def description(self) -> str:
        """What the policy is, in a sentence or two."""
        return self.info.description


NO_POLICY = PresetInfo("No policy chosen", "Nothing is stated: every compulsory setting is open.", "")


@cache
def load_preset(slug: str) -> Preset:
    """The preset of that name, read once and checked against the catalogue.

    The empty name is a school that has chosen no policy yet: every compulsory setting is open.

    Raises:
        PresetError: there is no such preset, or its file does not fit the catalogue.
    """
    if slug == "":
        silent = {key: Entry(one.parse(None), False) for key, one in SETTINGS.items()}
        return Preset("", NO_POLICY, MappingProxyType(silent))
    if slug not in PRESETS:
        raise PresetError(f"There is no preset called “{slug}”.")
    return parse_preset(slug, (FOLDER / f"{slug}.toml").read_text(encoding="utf-8"))


def parse_preset(slug: str, text: str) -> Preset:
    """Read the text of a preset file.

    Raises:
        PresetError: it is not TOML, names an unknown setting, leaves one out, or a value or clause is wrong.
    """
    info = PRESETS[slug]
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PresetError(f"{slug}: {error}") from error
    unknown = [key for key in tables if key not in SETTINGS]
    missing = [key for key in SETTINGS if key not in tables]
    if unknown or missing:
        raise PresetError(f"{slug}: unknown settings {unknown}, missing settings {missing}")
    entries = {key: _entry(info, f"{slug}, {key}", one, tables[key]) for key, one in SETTINGS.items()}
    return Preset(slug, info, MappingProxyType(entries))


def _entry(info: PresetInfo, where: str, setting: Setting, table: object) -> Entry:
    if not isinstance(table, dict):
        raise PresetError(f"{where}: must be a table")
    unknown = set(table) - {"value", "open", "silent", "clauses", "note"}
    if unknown:
        raise PresetError(f"{where}: unknown words {sorted(unknown)}")
    clauses = _clauses(info, where, table.get("clauses", []))
    note = table.get("note", "")
    if not isinstance(note, str):
        raise PresetError(f"{where}: the note must be text")
    _check_state(where, setting, table, clauses, note)
    if "value" not in table:
        return Entry(setting.parse(None), False, clauses, note)
    try:
        return Entry(setting.kind.parse(table["value"]), True, clauses, note)
    except ValueError as error:
        raise PresetError(f"{where}: {error}") from error


def _check_state(where: str, setting: Setting, table: Mapping, clauses: tuple[str, ...], note: str) -> None:
    """A table says exactly one thing, and what is compulsory is never passed over in silence."""
    states = {"value", "open", "silent"} & set(table)
    if len(states) != 1:
        raise PresetError(f"{where}: needs exactly one of value, open = true and silent = true")
    state = states.pop()
    if state != "value" and table[state] is not True:
        raise PresetError(f"{where}: {state} can only be true")
    if state == "open" and not setting.compulsory:
        raise PresetError(f"{where}: only a compulsory setting can be open; this one is silent")
    if state == "silent" and setting.compulsory:
        raise PresetError(f"{where}: a compulsory setting without a value is open, not silent")
    if state == "value" and not clauses and "inferred" not in note.lower():
        raise PresetError(f"{where}: a value needs a clause, or a note that says how it was inferred")


def _clauses(info: PresetInfo, where: str, raw: object) -> tuple[str, ...]:
    if not isinstance(raw, list):
        raise PresetError(f"{where}: clauses must be a list")
    for clause in raw:
        if not isinstance(clause, str) or not re.fullmatch(rf"{info.prefix}-\d{{1,2}}\.\d{{2}}", clause):
            raise PresetError(f"{where}: “{clause}” is not a clause id such as {info.prefix}-3.01")
    if len(set(raw)) != len(raw):
        raise PresetError(f"{where}: a clause is named twice")
    return tuple(raw)
