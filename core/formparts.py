"""How one form field is laid out: what `templates/govuk/fields/` shows of it (design, section 9).

Label, hint, errors and boxes, and the ids that tie them together. Works for any Django form; what a
`core.forms.PortalForm` says about its fields is used where it is there.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.utils import flatatt
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe

from core.formfields import PARTS, DateInputsWidget
from core.forms import errors_of


@dataclass(frozen=True)
class Option:
    """One radio button or checkbox: its box as HTML, and the fields that it reveals."""

    box_id: str
    box: SafeString
    label: Any
    group: str
    hint: str
    checked: bool
    disabled: bool
    reveals: list["FieldParts"] = field(default_factory=list)


@dataclass(frozen=True)
class DateBox:
    """One of the three boxes of a date."""

    box_id: str
    box: SafeString
    label: str


KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (DateInputsWidget, "date"),
    (forms.MultiWidget, "several"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
    (forms.PasswordInput, "password"),
    (forms.FileInput, "file"),
)
BOX_CLASS = {"select": "govuk-select", "textarea": "govuk-textarea", "file": "govuk-file-upload"}
DROPPED = {"placeholder": False, "maxlength": False, "minlength": False}


class FieldParts:
    """Everything that a template needs to show one field. `label` and `hint` replace the field's own."""

    def __init__(
        self,
        bound: BoundField,
        *,
        label: str = "",
        hint: str | None = None,
        prefix: str = "",
        suffix: str = "",
    ) -> None:
        self.bound = bound
        self.widget = bound.field.widget
        self.kind = next((kind for widget, kind in KINDS if isinstance(self.widget, widget)), "text")
        self.name = bound.name
        self.field_id = self.widget.attrs.get("id") or bound.auto_id
        if hint is not None or not str(bound.help_text).strip():
            bound.help_text = hint or ""
        self.hint = bound.help_text
        self.label = label or bound.label
        self.prefix = prefix or self._said("prefixes", "")
        self.suffix = suffix or self._said("suffixes", "")

    def _said(self, what: str, default: Any) -> Any:
        """What the form says about this field, if it is a form that says such things."""
        return getattr(self.bound.form, what, {}).get(self.name, default)

    @property
    def template_name(self) -> str:
        """The template of this kind of field."""
        return f"govuk/fields/{self.kind}.html"

    @cached_property
    def errors(self) -> list[str]:
        """The messages, without markup."""
        return errors_of(self.bound)

    @property
    def size(self) -> str:
        """Size of the label."""
        return self._said("sizes", "l" if self.is_heading else "s")

    @property
    def is_heading(self) -> bool:
        """True where the label is the heading of the page."""
        return getattr(self.bound.form, "heading", "") == self.name

    @property
    def optional(self) -> bool:
        """True where the label says that the field may stay empty."""
        form = self.bound.form
        asked = self.bound.field.required or self.name in getattr(form, "required_when_revealed", ())
        return getattr(form, "mark_optional", False) and not asked and self.kind != "checkbox"

    @property
    def hint_id(self) -> str:
        """The id that Django's own `aria-describedby` uses."""
        return f"{self.field_id}_helptext" if self.hint else ""

    @property
    def error_id(self) -> str:
        """The id that Django's own `aria-describedby` uses."""
        return f"{self.field_id}_error" if self.errors else ""

    @property
    def count(self) -> int | None:
        """Characters allowed, where they are counted while typing."""
        length = getattr(self.bound.field, "max_length", None) if self.kind == "textarea" else None
        return self._said("counts", length)

    @property
    def described_by(self) -> str:
        """The ids of hint, error and counter, and those that the widget names itself."""
        own = self.widget.attrs.get("aria-describedby", "")
        counter = f"{self.field_id}-info" if self.count else ""
        return " ".join(part for part in (own, self.hint_id, self.error_id, counter) if part)

    @property
    def first_id(self) -> str:
        """The id on which a link of the error summary lands."""
        if self.kind in ("radios", "checkboxes"):
            return next((each.box_id for each in self.options if not each.disabled), self.field_id)
        if self.kind == "date":
            wrong = self.wrong_parts
            return f"{self.field_id}_{next((part for part in PARTS if part in wrong), PARTS[0])}"
        return f"{self.field_id}_0" if self.kind == "several" else self.field_id

    @property
    def box(self) -> SafeString:
        """The box itself, as Django renders it, with our classes."""
        self._shape_number()
        self._name_several()
        attrs = {**DROPPED, "class": self._box_class()}
        if self.described_by:
            attrs["aria-describedby"] = self.described_by
        if self._typed in ("password", "email", "url"):
            attrs.update({"spellcheck": "false", "autocapitalize": "none"})
        if self.kind == "file":
            built = self.widget.build_attrs(self.widget.attrs, self.bound.build_widget_attrs(attrs))
            built.setdefault("id", self.field_id)
            return format_html('<input type="file" name="{}"{}>', self.bound.html_name, flatatt(built))
        if self.kind == "select" and type(self.widget).create_option is forms.Select.create_option:
            return self._select(
                self.widget.build_attrs(self.widget.attrs, self.bound.build_widget_attrs(attrs))
            )
        return self.bound.as_widget(attrs=attrs)

    def _select(self, attrs: dict[str, Any]) -> SafeString:
        """A list to choose from. Django's own takes a template and a dictionary for every option, which a
        list of a hundred schools on every page makes slow.
        """
        attrs.setdefault("id", self.field_id)
        if self.widget.allow_multiple_selected:
            attrs["multiple"] = True
        value = self.widget.format_value(self.bound.value())
        chosen = {value} if isinstance(value, str) else set(value)
        parts = []
        for value, label in self.widget.choices:
            if isinstance(label, (list, tuple)):
                inner = _options(label, chosen)
                parts.append(format_html('<optgroup label="{}">{}</optgroup>', value, inner))
            else:
                parts.append(_options([(value, label)], chosen))
        name = self.bound.html_name
        return format_html('<select name="{}"{}>{}</select>', name, flatatt(attrs), mark_safe("".join(parts)))

    @property
    def _typed(self) -> str:
        """The type of the box: "email", "password" and so on."""
        return self.widget.attrs.get("type") or getattr(self.widget, "input_type", None) or ""

    def _shape_number(self) -> None:
        """Numbers are typed into a text box with a number keyboard: no wheel, no arrows."""
        if isinstance(self.widget, forms.NumberInput):
            self.widget.input_type = "text"
            whole = type(self.bound.field) is forms.IntegerField
            self.widget.attrs.setdefault("inputmode", "numeric" if whole else "decimal")
            for unused in ("min", "max", "step"):
                self.widget.attrs.pop(unused, None)

    def _box_class(self) -> str:
        base = BOX_CLASS.get(self.kind, "govuk-input")
        width = self._said("widths", None)
        classes = [self.widget.attrs.get("class", ""), base]
        classes.append(f"{base}--error" if self.errors else "")
        classes.append(f"govuk-input--width-{width}" if width else "")
        if self.kind == "password":
            classes.append("govuk-password-input__input govuk-js-password-input-input")
        classes.append("govuk-js-character-count" if self.count else "")
        return " ".join(each for each in classes if each)

    def _name_several(self) -> None:
        """Each box of a field with several (a date and a time) says which one it is."""
        if self.kind == "several":
            names = ("Date", "Time") if isinstance(self.widget, forms.SplitDateTimeWidget) else ()
            for place, each in enumerate(self.widget.widgets):
                own = names[place] if names else f"Part {place + 1}"
                each.attrs.setdefault("aria-label", f"{self.label}: {own}")

    @property
    def is_inline(self) -> bool:
        """True where the options stand beside one another."""
        return self.name in getattr(self.bound.form, "inline", ())

    @property
    def family(self) -> str:
        """First part of the class names: radios or checkboxes."""
        return "radios" if self.kind == "radios" else "checkboxes"

    @cached_property
    def options(self) -> list[Option]:
        """The radio buttons or checkboxes; no empty one where an answer is required."""
        values = self.widget.format_value(self.bound.value())
        attrs = {"id": self.field_id, **({"disabled": True} if self.bound.field.disabled else {})}
        found = []
        for group, choices, _index in self.widget.optgroups(self.bound.html_name, values, attrs):
            for choice in choices:
                if str(choice["value"]) or not self.bound.field.required:
                    found.append(self._option(choice, group or ""))
        return found

    def _option(self, choice: dict[str, Any], group: str) -> Option:
        value = str(choice["value"])
        hint = _for_value(self._said("option_hints", {}), value, "")
        shown = _for_value(self._said("reveals", {}), value, ())
        form = self.bound.form
        attrs = dict(choice["attrs"])
        attrs["class"] = f"govuk-{self.family}__input"
        if hint:
            attrs["aria-describedby"] = f"{attrs['id']}_hint"
        if shown:
            attrs["data-aria-controls"] = f"{attrs['id']}_more"
        start = format_html('<input type="{}" name="{}"', choice["type"], choice["name"])
        box = format_html('{} value="{}"{}>', start, value, flatatt(attrs))
        return Option(
            box_id=attrs["id"],
            box=box,
            label=choice["label"],
            group=group,
            hint=hint,
            checked=bool(choice["selected"]),
            disabled=bool(attrs.get("disabled")),
            reveals=[FieldParts(form[name]) for name in shown if name in form.fields],
        )

    @property
    def single(self) -> Option:
        """The one checkbox of a yes/no field, with what it reveals when ticked."""
        attrs = {"class": "govuk-checkboxes__input"}
        if self.described_by:
            attrs["aria-describedby"] = self.described_by
        form = self.bound.form
        shown = _for_value(self._said("reveals", {}), "True", ())
        if shown:
            attrs["data-aria-controls"] = f"{self.field_id}_more"
        revealed = [FieldParts(form[name]) for name in shown if name in form.fields]
        checked = bool(self.widget.check_test(self.bound.value()))
        box = self.bound.as_widget(attrs=attrs)
        return Option(
            box_id=self.field_id,
            box=box,
            label=self.label,
            group="",
            hint="",
            checked=checked,
            disabled=self.bound.field.disabled,
            reveals=revealed,
        )

    @property
    def wrong_parts(self) -> list[str]:
        """The boxes of a date that are at fault: those that the error names, else all."""
        if not self.errors:
            return []
        errors = self.bound.errors.as_data()
        named = [part for error in errors for part in (error.params or {}).get("parts", ())]
        return named or list(PARTS)

    @property
    def date_boxes(self) -> list[DateBox]:
        """Day, month and year."""
        value = self.bound.value()
        texts = value if isinstance(value, (list, tuple)) else self.widget.decompress(value)
        return [self._date_box(part, text) for part, text in zip(PARTS, texts, strict=True)]

    def _date_box(self, part: str, text: Any) -> DateBox:
        wrong = part in self.wrong_parts
        box_id = f"{self.field_id}_{part}"
        width = 4 if part == "year" else 2
        css = f"govuk-input govuk-date-input__input govuk-input--width-{width}"
        attrs = {
            "class": css + " govuk-input--error" * wrong,
            "id": box_id,
            "inputmode": "numeric",
            "aria-invalid": "true" if wrong else False,
            "disabled": self.bound.field.disabled,
        }
        if autocomplete := self.widget.attrs.get("autocomplete"):
            attrs["autocomplete"] = f"{autocomplete}-{part}"
        start = format_html('<input type="text" name="{}_{}"', self.bound.html_name, part)
        box = format_html('{} value="{}"{}>', start, "" if text is None else text, flatatt(attrs))
        return DateBox(box_id, box, part.capitalize())

    @property
    def file_now(self) -> dict[str, str]:
        """A file that is there already: its name, and the box that takes it away where that may be."""
        if not isinstance(self.widget, forms.ClearableFileInput):
            return {}
        shown = self.widget.get_context(self.bound.html_name, self.bound.value(), {})["widget"]
        if not shown["is_initial"]:
            return {}
        clears = "" if self.bound.field.required else shown["checkbox_name"]
        return {"name": str(shown["value"]), "clear_name": clears, "clear_id": f"{self.field_id}_clear"}


def _options(choices: Iterable[tuple[Any, Any]], chosen: set[str]) -> SafeString:
    """The options of a list, with the chosen ones selected."""
    found = ((str("" if value is None else value), label) for value, label in choices)
    lines = (
        f'<option value="{escape(value)}"{" selected" if value in chosen else ""}>{conditional_escape(label)}</option>'
        for value, label in found
    )
    return mark_safe("".join(lines))  # escaped above, each by itself


def _for_value(said: Any, value: str, default: Any) -> Any:
    """Look up an option by its text: keys may be texts, numbers, booleans or Enum members."""
    for key, answer in said.items():
        if str(getattr(key, "value", key)) == value:
            return answer
    return default
