"""Forms of the settings pages: one setting, the policy to start from, and the filter of the list."""

from __future__ import annotations

from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property

from core.forms import FilterForm, PortalForm
from people.governance.profile import Profile
from people.governance.setting import Setting
from people.governance.values import RoleTitles
from people.profile_editor import Editor
from people.profile_editors import editor_of

DEPARTS = "departs"


class SettingForm(PortalForm):
    """One setting: the boxes of its kind, and a tick where the answer departs from the policy.

    `value` holds the JSON of the answer, or None for "not chosen", once the form is valid.
    """

    editor: ClassVar[Editor]
    profile: ClassVar[Profile]
    mark_optional = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = self.editor.initial() | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.value: Any = None

    @cached_property
    def helper(self) -> FormHelper:
        """Fields only, in the groups that the editor wants."""
        helper = FormHelper()
        helper.form_tag = False
        layout = self.editor.layout()
        if layout is not None:
            helper.layout = layout
            helper.render_unmentioned_fields = True
        return helper

    def clean(self) -> dict[str, Any]:
        """Let the kind judge the whole answer, then ask about a departure from the policy."""
        cleaned = super().clean() or self.cleaned_data
        if set(self.errors) - {DEPARTS}:
            return cleaned
        raw: Any = None
        try:
            raw = self.editor.raw(cleaned)
            parsed = None if raw is None else self.editor.kind.parse(raw)
        except ValidationError as error:
            self.add_error(self.editor.main, error)
            return cleaned
        except ValueError as error:
            self.add_error(self.editor.field_of(raw, cleaned), str(error).replace("%", "%%"))
            return cleaned
        self.value = None if parsed is None else self.editor.kind.to_json(parsed)
        self._ask_about_departure(parsed, cleaned)
        return cleaned

    def _ask_about_departure(self, parsed: Any, cleaned: dict[str, Any]) -> None:
        """Whoever departs from the policy says that they know it; the box appears when it is needed."""
        stated = self.editor.policy_value
        if stated is None or parsed == stated or isinstance(self.editor.kind, RoleTitles):
            return
        self.fields[DEPARTS].widget = forms.CheckboxInput()
        if not cleaned.get(DEPARTS):
            self.add_error(DEPARTS, "Tick the box to depart from the policy, or choose what the policy says.")

    @property
    def warns(self) -> bool:
        """Whether the answer that was sent departs from the policy, so that the page warns of it."""
        return isinstance(self.fields[DEPARTS].widget, forms.CheckboxInput)


def setting_form(setting: Setting, profile: Profile, below: Profile) -> type[SettingForm]:
    """The form of one setting. `below` is what would hold without the place's own changes."""
    editor = editor_of(setting, profile, below)
    departs = forms.BooleanField(
        label="I know that this departs from the policy", required=False, widget=forms.HiddenInput
    )
    parts = {**editor.attributes(), **editor.fields(), DEPARTS: departs, "editor": editor, "profile": profile}
    return type(SettingForm)("OneSettingForm", (SettingForm,), parts)


class PresetForm(PortalForm):
    """Which policy to start from; a school in a trust may follow its trust."""

    TRUST = "trust"  # a radio button cannot send the empty name of "as the trust"

    preset = forms.ChoiceField(label="Start from", widget=forms.RadioSelect)
    missing = {"preset": "Choose the policy to start from"}

    def __init__(self, *args: Any, options: list[tuple[str, str, str]], now: str, **kwargs: Any) -> None:
        kwargs["initial"] = {"preset": now or self.TRUST}
        super().__init__(*args, **kwargs)
        self.fields["preset"].choices = [(value or self.TRUST, title) for value, title, _ in options]
        self.option_hints = {"preset": {value or self.TRUST: hint for value, _, hint in options}}

    @property
    def chosen_preset(self) -> str:
        """The policy's name, or "" for that of the trust."""
        chosen = self.cleaned_data["preset"]
        return "" if chosen == self.TRUST else chosen


class ProfileFilterForm(FilterForm):
    """Search among the schools whose settings one sees."""

    q = forms.CharField(label="School or trust", max_length=100)


class SettingFilterForm(FilterForm):
    """Search and filter among the settings of one school."""

    SHOW = [
        ("", "All settings"),
        ("own", "Changed here"),
        ("departs", "Departing from the policy"),
        ("open", "Still to choose"),
        ("waiting", "Waiting for a second person"),
        ("used", "In use today"),
    ]
    q = forms.CharField(label="Search the settings", max_length=100)
    show = forms.ChoiceField(label="Show", choices=SHOW)
