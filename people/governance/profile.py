"""The governance profile of a school: a preset, what its trust changed, and what the school changed."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from people.governance.catalogue import PARTS, SETTINGS, Setting, setting
from people.governance.presets import Entry, Preset, load_preset
from people.governance.who import StepSpec, title_of

PRESET = "preset"
TRUST = "trust"
SCHOOL = "school"
DEFAULT = "default"
LAYERS = (TRUST, SCHOOL)

__all__ = ["DEFAULT", "PRESET", "SCHOOL", "TRUST", "Profile", "ProfileError", "StepSpec", "parse_overrides"]


class ProfileError(ValueError):
    """Overrides that do not fit the catalogue. `errors` maps each key to a message in plain English."""

    def __init__(self, layer: str, errors: Mapping[str, str]) -> None:
        self.layer = layer
        self.errors = dict(errors)
        super().__init__(f"{layer}: " + " ".join(f"{key}: {words}" for key, words in self.errors.items()))


@dataclass(frozen=True)
class _Answer:
    value: Any
    source: str


class Profile:
    """Every setting of one school, with where its value comes from.

    Settings are read by name (`profile.account_chain`) or with `value`. Lists and dicts are copies, so
    nobody changes a profile by accident. What the policy itself says stays at hand (`policy_value`,
    `clauses`, `note`) when a trust or school has chosen otherwise.
    """

    def __init__(self, preset: Preset, answers: Mapping[str, _Answer]) -> None:
        self._preset = preset
        self._answers = dict(answers)

    @classmethod
    def resolve(cls, preset_slug: str, *layers: Mapping[str, Any] | None) -> Profile:
        """Lay the overrides over a preset: the trust's first, then the school's.

        Each layer maps a key to raw JSON; a school without a trust passes None or {} for it. A null takes the
        answer back: a compulsory setting is then open, another falls to the catalogue's default.

        Raises:
            PresetError: there is no such preset.
            ProfileError: a layer names an unknown setting or holds a value that its kind refuses.
            ValueError: more than two layers.
        """
        if len(layers) > len(LAYERS):
            raise ValueError("A profile has two layers at most: the trust’s and the school’s.")
        preset = load_preset(preset_slug)
        answers = {
            key: _Answer(entry.value, PRESET if entry.stated else DEFAULT)
            for key, entry in preset.entries.items()
        }
        for source, layer in zip(LAYERS, layers, strict=False):
            for key, value in parse_overrides(layer or {}, source).items():
                below = answers[key].value
                replaces = (layer or {})[key] is None or below is None
                combined = value if replaces else SETTINGS[key].kind.combine(below, value)
                answers[key] = _Answer(combined, source)
        return cls(preset, answers)

    def __getattr__(self, name: str) -> Any:
        if name in SETTINGS:
            return self.value(name)
        raise AttributeError(f"A governance profile has no setting called {name!r}.")

    @property
    def preset(self) -> Preset:
        """The policy from which the school started."""
        return self._preset

    def value(self, key: str) -> Any:
        """The value in force, or None when a compulsory setting is open or there is no rule."""
        value = self._answer(key).value
        return copy.copy(value) if isinstance(value, list | dict) else value

    def to_json(self, key: str) -> Any:
        """The value in force as JSON, which an override may hold."""
        return setting(key).to_json(self._answer(key).value)

    def source(self, key: str) -> str:
        """Who answered last: "school", "trust", "preset", or "default" when the policy says nothing."""
        return self._answer(key).source

    def clauses(self, key: str) -> tuple[str, ...]:
        """The clauses of the policy on this matter, also where the school has chosen otherwise."""
        return self._entry(key).clauses

    def note(self, key: str) -> str:
        """How the policy was read, and what was inferred."""
        return self._entry(key).note

    def policy_value(self, key: str) -> Any:
        """What the policy itself says, or None when it is silent or leaves the matter open."""
        entry = self._entry(key)
        return copy.deepcopy(entry.value) if entry.stated else None

    def departs(self, key: str) -> bool:
        """Whether the value in force is another than the one that the policy states."""
        entry = self._entry(key)
        return entry.stated and entry.value != self._answer(key).value

    def open_settings(self, part: str | None = None) -> list[Setting]:
        """Compulsory settings that nobody has answered, of one part of the portal or of all."""
        if part is not None and part not in PARTS:
            raise ValueError(f"There is no part of the portal called “{part}”.")
        return [
            one
            for one in SETTINGS.values()
            if one.compulsory and part in (None, one.part) and self._answer(one.key).value is None
        ]

    def is_open(self, part: str) -> bool:
        """Whether a part of the portal may be used: no compulsory setting of its own is unanswered."""
        return not self.open_settings(part)

    def title_of(self, role: str, post: str = "") -> str:
        """What this school calls a role, or a role narrowed to a post."""
        return title_of(self._answer("role_titles").value, role, post)

    def describe(self, key: str) -> str:
        """The value in force in plain words, with the school's own titles."""
        return setting(key).describe(self._answer(key).value, self._answer("role_titles").value)

    def _answer(self, key: str) -> _Answer:
        setting(key)
        return self._answers[key]

    def _entry(self, key: str) -> Entry:
        setting(key)
        return self._preset.entries[key]


def parse_overrides(layer: Mapping[str, Any], source: str = SCHOOL) -> dict[str, Any]:
    """Read one layer of overrides; every fault is found, not the first alone.

    Raises:
        ProfileError: unknown settings, or values that their kind refuses.
    """
    values, errors = {}, {}
    for key, raw in layer.items():
        try:
            values[key] = setting(key).parse(raw)
        except ValueError as error:
            errors[key] = str(error)
    if errors:
        raise ProfileError(source, errors)
    return values
