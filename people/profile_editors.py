"""How each kind of setting is asked for on a page: its boxes, what they hold, and what they mean.

An editor turns a value into boxes and the boxes back into the plain JSON that the kind parses. What the
boxes of an unchanged page send back is the value that they were made from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from crispy_forms.layout import Fieldset, Layout
from django import forms

from core.forms import LongTextField
from core.roles import Role
from people.governance.profile import Profile
from people.governance.setting import Setting
from people.governance.values import ALL, ANY, Chain, Choice, Kind, RoleRef, RoleTitles, SiteList, title_of
from people.profile_dates import DateEditor, DateListEditor, MonthListEditor, MonthOrDateEditor, TimeEditor
from people.profile_editor import Editor
from people.titles import POSTS_OF

STEPS = 5


def role_options(
    titles: Mapping[str, str], keep: Iterable[str] = (), barred: Iterable[Role] = ()
) -> list[tuple]:
    """Value and words of every role and post on offer, with the school's own titles."""
    kept = [RoleRef(ref) for ref in [*keep, *titles]]
    options: dict[str, str] = {}
    for role in Role:
        if role in tuple(barred):
            continue
        posts = [*POSTS_OF.get(role, ()), *(ref.post for ref in kept if ref.role == role and ref.post)]
        for post in ("", *posts):
            options[f"{role.value}/{post}" if post else role.value] = _role_words(titles, role, post)
    return list(options.items())


def _role_words(titles: Mapping[str, str], role: Role, post: str) -> str:
    """The school's title, and the portal's own word for the role where that says more."""
    title = title_of(titles, role, post)
    plain = str(role.label)
    return title if plain.lower() in title.lower() else f"{title} ({plain})"


class RoleListEditor(Editor):
    """Checkboxes of roles and of the posts that narrow them."""

    def fields(self) -> dict[str, forms.Field]:
        options = role_options(self.titles, self.value or (), self.kind.barred)
        return {self.main: self.boxes(options)}

    def initial(self) -> dict[str, Any]:
        return {self.main: [str(ref) for ref in self.value or ()]}

    def raw(self, cleaned: Mapping[str, Any]) -> Any:
        """What is ticked, in the order that the answer had so far."""
        ticked = cleaned.get(self.main) or []
        known = [str(ref) for ref in [*(self.value or ()), *(self.policy_value or ())]]
        places = {ref: place for place, ref in reversed(list(enumerate(known)))}
        chosen = sorted(ticked, key=lambda ref: places.get(ref, len(known)))
        return self.or_nobody(chosen, self.kind.allow_empty)


class ChainEditor(Editor):
    """Up to five steps: who signs, and whether one holder of the role is enough. Empty rows are ignored."""

    def __init__(self, setting: Setting, profile: Profile, below: Profile) -> None:
        super().__init__(setting, profile, below)
        self.numbers = range(1, max(STEPS, len(self.value or ())) + 1)

    main = "step_1"
    inline_part: ClassVar[str] = "needed"

    def fields(self) -> dict[str, forms.Field]:
        refs = [step.ref for step in self.value or ()]
        options = [("", "Nobody: no such step"), *role_options(self.titles, refs, self.kind.barred)]
        needed = [(ANY, "One of them is enough"), (ALL, "All of them must")]
        found: dict[str, forms.Field] = {}
        for n in self.numbers:
            found[f"step_{n}"] = forms.ChoiceField(label="Who signs?", choices=options, required=False)
            found[f"needed_{n}"] = forms.ChoiceField(
                label="Where several people hold it", choices=needed, required=False, widget=forms.RadioSelect
            )
        return found

    def attributes(self) -> dict[str, Any]:
        return {"mark_optional": False, "inline": [f"needed_{n}" for n in self.numbers]}

    def layout(self) -> Layout:
        """One group a step, so that its two questions belong together."""
        return Layout(*(Fieldset(f"Step {n}", f"step_{n}", f"needed_{n}") for n in self.numbers))

    def initial(self) -> dict[str, Any]:
        found: dict[str, Any] = {f"needed_{n}": ANY for n in self.numbers}
        for n, step in enumerate(self.value or (), start=1):
            found |= {f"step_{n}": str(step.ref), f"needed_{n}": step.needed}
        return found

    def raw(self, cleaned: Mapping[str, Any]) -> Any:
        steps = []
        for n in self.numbers:
            role, _, post = str(cleaned.get(f"step_{n}") or "").partition("/")
            if role:
                steps.append({"role": role, "post": post, "needed": cleaned.get(f"needed_{n}") or ANY})
        return self.or_nobody(steps)

    def field_of(self, raw: Any, cleaned: Mapping[str, Any]) -> str:
        """The first step at which the chain goes wrong."""
        filled = [n for n in self.numbers if cleaned.get(f"step_{n}")]
        for place, n in enumerate(filled, start=1):
            try:
                self.kind.parse(raw[:place])
            except ValueError:
                return f"step_{n}"
        return self.main


class ChoiceEditor(Editor):
    """Radio buttons; under the policy's own way it says so."""

    def fields(self) -> dict[str, forms.Field]:
        return {self.main: self.radios(self.kind.options)}

    def attributes(self) -> dict[str, Any]:
        return {"mark_optional": False, "option_hints": {self.main: self.hints()}}

    def hints(self) -> dict[Any, str]:
        """A line under the options that the policy, the trust or the portal would choose."""
        return {self.word_for(value): words for value, words in self.said_below()}

    def word_for(self, value: Any) -> str:
        """The value of the radio button of an answer."""
        return str(value)

    def initial(self) -> dict[str, Any]:
        return {self.main: self.value}


class BooleanEditor(ChoiceEditor):
    """Yes, no, and "not chosen" where nobody has to choose."""

    YES, NO = "yes", "no"

    def fields(self) -> dict[str, forms.Field]:
        return {self.main: self.radios([(self.YES, "Yes"), (self.NO, "No")])}

    def word_for(self, value: Any) -> str:
        return self.YES if value else self.NO

    def initial(self) -> dict[str, Any]:
        return {self.main: "" if self.value is None else self.word_for(self.value)}

    def raw(self, cleaned: Mapping[str, Any]) -> Any:
        return {self.YES: True, self.NO: False}.get(cleaned.get(self.main) or "")


class ChoiceListEditor(Editor):
    """Checkboxes."""

    def fields(self) -> dict[str, forms.Field]:
        return {self.main: self.boxes(self.kind.options)}

    def raw(self, cleaned: Mapping[str, Any]) -> Any:
        return self.or_nobody(cleaned.get(self.main) or [], self.kind.allow_empty)


class IntegerEditor(Editor):
    """A short box with its unit beside it."""

    def fields(self) -> dict[str, forms.Field]:
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        return {self.main: self.text(max_length=10, widget=widget)}

    def attributes(self) -> dict[str, Any]:
        unit = f"{self.kind.unit}s" if self.kind.unit else ""
        return {"widths": {self.main: 4}, "suffixes": {self.main: unit} if unit else {}}

    def raw(self, cleaned: Mapping[str, Any]) -> Any:
        typed = cleaned.get(self.main) or ""
        if not typed:
            return self.or_nobody("")
        return int(typed) if re.fullmatch(r"-?[0-9]{1,9}", typed) else typed


class TextEditor(Editor):
    """A box of several lines; a short text has a single line."""

    def fields(self) -> dict[str, forms.Field]:
        if self.kind.most <= 200:
            return {self.main: self.text(max_length=self.kind.most)}
        return {self.main: LongTextField(max_length=self.kind.most, **self.common())}

    def raw(self, cleaned: Mapping[str, Any]) -> Any:
        return self.or_nobody(cleaned.get(self.main) or "")


def lines(typed: str) -> list[str]:
    """What stands on each line, apart by commas or semicolons too."""
    return [part.strip() for part in re.split(r"[\n,;]+", typed or "") if part.strip()]


class DomainListEditor(Editor):
    """One domain a line."""

    how = "Write each one on a line of its own, such as “ourschool.sch.uk”."

    def fields(self) -> dict[str, forms.Field]:
        return {self.main: LongTextField(rows=4, max_length=5000, **self.common(self.how))}

    def attributes(self) -> dict[str, Any]:
        return {"counts": {self.main: 0}}

    def initial(self) -> dict[str, Any]:
        return {self.main: "\n".join(self.value or ())}

    def raw(self, cleaned: Mapping[str, Any]) -> Any:
        return self.or_nobody(lines(cleaned.get(self.main) or ""))


class SiteListEditor(Editor):
    """All social media, none, or those on the list."""

    EVERY, LISTED, NONE = "all", "listed", "none"
    listed: ClassVar[str] = "sites"

    def fields(self) -> dict[str, forms.Field]:
        ways = [(self.EVERY, "All social media"), (self.LISTED, "These websites"), (self.NONE, "None")]
        how = "One host name a line, such as “facebook.com”."
        sites = LongTextField(label="Websites", rows=6, max_length=20_000, help_text=how)
        return {self.main: self.radios(ways), self.listed: sites}

    def attributes(self) -> dict[str, Any]:
        return {"reveals": {self.main: {self.LISTED: [self.listed]}}, "counts": {self.listed: 0}}

    def initial(self) -> dict[str, Any]:
        if self.value == [SiteList.EVERY_SITE]:
            return {self.main: self.EVERY}
        return {self.main: self.LISTED if self.value else self.NONE, self.listed: "\n".join(self.value or ())}

    def raw(self, cleaned: Mapping[str, Any]) -> Any:
        way = cleaned.get(self.main)
        if way == self.EVERY:
            return [SiteList.EVERY_SITE]
        return lines(cleaned.get(self.listed) or "") if way == self.LISTED else []

    def field_of(self, raw: Any, cleaned: Mapping[str, Any]) -> str:
        return self.listed


class TableEditor(Editor):
    """A box for each line of the table; lines left open are not part of the answer."""

    @property
    def main(self) -> str:
        """The first line: where an error about the whole table stands."""
        return f"line_{self.kind.rows[0][0]}"

    def fields(self) -> dict[str, forms.Field]:
        return {f"line_{key}": self._cell(words) for key, words in self.kind.rows}

    def _cell(self, words: str) -> forms.Field:
        cell = self.kind.cell
        if isinstance(cell, Choice):
            return forms.ChoiceField(label=words, choices=[("", "Not stated"), *cell.options], required=False)
        return LongTextField(label=words, rows=3, max_length=cell.most, required=False)

    def initial(self) -> dict[str, Any]:
        return {f"line_{key}": value for key, value in (self.value or {}).items()}

    def raw(self, cleaned: Mapping[str, Any]) -> Any:
        answers = {key: cleaned.get(f"line_{key}") for key, _ in self.kind.rows}
        return self.or_nobody({key: value for key, value in answers.items() if value})


class RoleTitlesEditor(Editor):
    """A box for the title of each role and post. An empty one takes the title of the policy or trust."""

    def __init__(self, setting: Setting, profile: Profile, below: Profile) -> None:
        super().__init__(setting, profile, below)
        self.lower = {str(ref): title for ref, title in (below.value(setting.key) or {}).items()}
        self.refs = {self._name(ref): ref for ref, _ in role_options(self.titles)}

    @staticmethod
    def _name(ref: str) -> str:
        return f"title_{ref.replace('/', '__')}"

    main = "title_staff"

    def fields(self) -> dict[str, forms.Field]:
        found = {}
        for name, ref in self.refs.items():
            role = RoleRef(ref)
            inherited = self.lower.get(ref)
            hint = f"Left empty: {inherited}" if inherited else ""
            label = _role_words({}, role.role, role.post)
            found[name] = forms.CharField(label=label, max_length=80, required=False, help_text=hint)
        return found

    def attributes(self) -> dict[str, Any]:
        return {"mark_optional": False, "widths": dict.fromkeys(self.refs, 30)}

    def initial(self) -> dict[str, Any]:
        value = {str(ref): title for ref, title in (self.value or {}).items()}
        return {name: value.get(ref, "") for name, ref in self.refs.items()}

    def raw(self, cleaned: Mapping[str, Any]) -> Any:
        """Only what differs from the layer below, which goes on answering for the rest."""
        typed = {ref: (cleaned.get(name) or "").strip() for name, ref in self.refs.items()}
        return {ref: title for ref, title in typed.items() if title and title != self.lower.get(ref)}


EDITORS: dict[str, type[Editor]] = {
    "role_list": RoleListEditor,
    Chain.name: ChainEditor,
    Choice.name: ChoiceEditor,
    "choice_list": ChoiceListEditor,
    "integer": IntegerEditor,
    "boolean": BooleanEditor,
    "text": TextEditor,
    "domain_list": DomainListEditor,
    SiteList.name: SiteListEditor,
    "month_list": MonthListEditor,
    "date": DateEditor,
    "date_list": DateListEditor,
    "month_or_date": MonthOrDateEditor,
    "time": TimeEditor,
    "table": TableEditor,
    RoleTitles.name: RoleTitlesEditor,
}
"""The editor of each kind, by the kind's name; a test holds this against the catalogue's kinds."""


def editor_of(setting: Setting, profile: Profile, below: Profile) -> Editor:
    """The editor for a setting. `below` is what would hold without the place's own changes."""
    kind: Kind = setting.kind
    return EDITORS[kind.name](setting, profile, below)
