"""Kinds of value that name roles: who hears, who decides, in which order, and under which title."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from core.roles import Role
from people.governance.kind import Kind, Titles, list_of, no_repeats
from people.governance.plain_values import Text
from people.governance.who import (
    ALL,
    ANY,
    NEEDED,
    RoleRef,
    StepSpec,
    check_post,
    check_role,
    joined,
    shown,
    title_of,
)


@dataclass(frozen=True)
class RoleList(Kind):
    """Roles, some narrowed to a post. `join` says whether all of them are meant ("and") or any ("or")."""

    name = "role_list"
    join: str = "and"
    allow_empty: bool = False
    empty_words: str = "Nobody"
    barred: tuple[Role, ...] = (Role.CONTRIBUTOR,)
    barred_because: str = "this is for people whom the school employs or who govern it"

    def parse(self, raw: object) -> list[RoleRef]:
        refs = [RoleRef.parse(item) for item in list_of(raw, "roles", 30)]
        if not refs and not self.allow_empty:
            raise ValueError("Choose at least one role.")
        for ref in refs:
            if ref.role in self.barred:
                raise ValueError(f"“{ref.role.label}” cannot be chosen: {self.barred_because}.")
        no_repeats(refs, "The same role is chosen twice.")
        return refs

    def to_json(self, value: list[RoleRef]) -> list[str]:
        return [str(ref) for ref in value]

    def describe(self, value: list[RoleRef], titles: Titles) -> str:
        return joined((title_of(titles, ref.role, ref.post) for ref in value), self.join) or self.empty_words


@dataclass(frozen=True)
class Chain(Kind):
    """Signatures in their order. At least one, so that no chain lets something through unsigned."""

    name = "chain"
    barred: ClassVar[frozenset[Role]] = frozenset({Role.STAFF, Role.CONTRIBUTOR})

    def parse(self, raw: object) -> list[StepSpec]:
        steps = [self._step(item) for item in list_of(raw, "steps", 8)]
        if not steps:
            raise ValueError("Somebody must approve: add at least one step.")
        no_repeats(
            [step.ref for step in steps], "The same role signs twice. Each step needs a different one."
        )
        return steps

    def _step(self, raw: object) -> StepSpec:
        if not isinstance(raw, Mapping):
            raise ValueError("Each step must name a role.")
        unknown = sorted(str(key) for key in set(raw) - {"role", "post", "needed"})
        if unknown:
            raise ValueError(f"A step cannot have “{shown(unknown[0])}”.")
        role = check_role(raw.get("role", ""))
        if role in self.barred:
            raise ValueError(f"“{role.label}” is too wide a role to approve on behalf of the school.")
        needed = raw.get("needed", ANY)
        if not isinstance(needed, str) or needed not in NEEDED:
            raise ValueError("Each step needs either “any” or “all” of the people who hold the role.")
        return StepSpec(role.value, check_post(raw.get("post", "")), needed)

    def to_json(self, value: list[StepSpec]) -> list[dict[str, str]]:
        return [{"role": step.role, "post": step.post, "needed": step.needed} for step in value]

    def describe(self, value: list[StepSpec], titles: Titles) -> str:
        words = [
            title_of(titles, step.role, step.post) + (" (all of them)" if step.needed == ALL else "")
            for step in value
        ]
        return ", then ".join(words)


@dataclass(frozen=True)
class RoleTitles(Kind):
    """What the school calls its roles. A layer adds to the titles below it."""

    name = "role_titles"
    free_text = True

    def parse(self, raw: object) -> dict[RoleRef, str]:
        if not isinstance(raw, Mapping) or len(raw) > 100:
            raise ValueError("Give a title for each role that has one of its own.")
        one = Text(most=80)
        return {RoleRef.parse(key): one.parse(title).replace("\n", " ") for key, title in raw.items()}

    def to_json(self, value: dict[RoleRef, str]) -> dict[str, str]:
        return {str(ref): title for ref, title in value.items()}

    def describe(self, value: dict[RoleRef, str], titles: Titles) -> str:
        plain = ((title_of({}, ref.role, ref.post), title) for ref, title in value.items())
        return "; ".join(f"{role}: {title}" for role, title in plain) or "None"

    def combine(self, lower: dict[RoleRef, str] | None, upper: dict[RoleRef, str]) -> dict[RoleRef, str]:
        return {**(lower or {}), **upper}
