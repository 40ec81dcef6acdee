"""What every editor of a setting shares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from crispy_forms.layout import Layout
from django import forms

from people.governance.profile import DEFAULT, TRUST, Profile
from people.governance.setting import Setting


class Editor:
    """The boxes of one setting. Most kinds have a single box, called `main`."""

    main = "answer"

    def __init__(self, setting: Setting, profile: Profile, below: Profile) -> None:
        self.setting = setting
        self.kind: Any = setting.kind
        self.value = profile.value(setting.key)
        self.policy_value = profile.policy_value(setting.key)
        self.titles: Mapping[str, str] = profile.value("role_titles") or {}
        self.below = below
        self.may_be_empty = not setting.compulsory and setting.default is None

    # What a form needs ------------------------------------------------------------------------

    def fields(self) -> dict[str, forms.Field]:
        """The boxes by name."""
        raise NotImplementedError

    def attributes(self) -> dict[str, Any]:
        """What the form says about its boxes (core.forms.PortalFormMixin)."""
        return {"mark_optional": False}

    def layout(self) -> Layout | None:
        """How the boxes are grouped, or None for one after the other."""
        return None

    def initial(self) -> dict[str, Any]:
        """What the boxes hold for the value in force."""
        return {self.main: self.value}

    def raw(self, cleaned: Mapping[str, Any]) -> Any:
        """The JSON that the boxes say, or None for "not chosen"."""
        return cleaned.get(self.main) or None

    def field_of(self, raw: Any, cleaned: Mapping[str, Any]) -> str:
        """The box beside which an error of the whole answer belongs."""
        return self.main

    # What editors use -------------------------------------------------------------------------

    def or_nobody(self, answer: Any, empty_counts: bool = False) -> Any:
        """The answer; an empty one is "not chosen" where nobody has to choose, else the kind judges it."""
        if not answer and self.may_be_empty and not empty_counts:
            return None
        return answer

    def common(self, how: str = "") -> dict[str, Any]:
        """Label, help and whether it must be filled in, which the kind judges."""
        return {"label": self.setting.title, "required": False, "help_text": self.help(how)}

    def help(self, how: str = "") -> str:
        """How to answer, what leaving it empty means, and what is suggested."""
        parts = [how] if how else []
        if self.may_be_empty:
            parts.append(f"Left empty: {_small(self.setting.unset)}.")
        if self.setting.offer is not None and self.value is None:
            parts.append(f"Suggested: {_small(self._said(self.setting.parse(self.setting.offer)))}.")
        return " ".join(parts)

    def boxes(self, options: Iterable[tuple[str, str]]) -> forms.Field:
        """Checkboxes."""
        return forms.MultipleChoiceField(
            choices=list(options), widget=forms.CheckboxSelectMultiple, **self.common("Tick all that apply.")
        )

    def radios(self, options: Iterable[tuple[str, str]]) -> forms.Field:
        """Radio buttons, with one for "not chosen" where nobody has to choose."""
        none = [("", self.setting.unset)] if self.may_be_empty else []
        field = forms.ChoiceField(choices=[*options, *none], widget=forms.RadioSelect, **self.common())
        field.required = not self.may_be_empty
        field.help_text = ""
        field.error_messages["required"] = "Choose one of the answers."
        return field

    def text(self, **more: Any) -> forms.CharField:
        """A box of one line."""
        return forms.CharField(**{**self.common(), **more})

    def said_below(self) -> list[tuple[Any, str]]:
        """Answers that the policy, the trust or the portal gives, each with who says so."""
        key = self.setting.key
        found: dict[Any, str] = {}
        if self.setting.offer is not None:
            found[self.setting.parse(self.setting.offer)] = "The portal suggests this."
        source, value = self.below.source(key), self.below.value(key)
        if value is not None and source == DEFAULT:
            found[value] = "The policy does not say; this is the portal’s own answer."
        if value is not None and source == TRUST:
            found[value] = "Your trust says this."
        if self.policy_value is not None:
            found[self.policy_value] = "The policy says this."
        return list(found.items())

    def _said(self, value: Any) -> str:
        return self.setting.describe(value, self.titles)


def _small(words: str) -> str:
    """The words as part of a sentence."""
    return words[:1].lower() + words[1:] if words[1:2].islower() else words
