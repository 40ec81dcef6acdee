"""What every form of the portal shares: wording of errors, revealed fields, the error summary.

    class RequestForm(PortalForm):
        platform = forms.ChoiceField(widget=forms.RadioSelect, choices=...)
        other = forms.CharField(label="Name of the platform", max_length=80)
        missing = {"platform": "Choose the platform", "other": "Enter the name of the platform"}
        reveals = {"platform": {"other": ["other"]}}

In the template: `<form method="post" novalidate>{% csrf_token %}{% crispy form %}...` (design, section 9).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from django import forms
from django.core.validators import MaxLengthValidator
from django.db.models import BLANK_CHOICE_DASH
from django.forms.boundfield import BoundField
from django.forms.formsets import BaseFormSet
from django.utils.choices import BlankChoiceIterator
from django.utils.functional import cached_property

from core.formfields import DateInputsField, LongTextField

DASHES = BLANK_CHOICE_DASH[0][1]
CHOOSE = "Choose one"
SIGN_IN_WORDS = {  # labels of django-allauth's forms, which say only "required"
    "email": "Enter your e-mail address",
    "password": "Enter your password",
    "current password": "Enter the password that you use now",
    "new password": "Enter a new password",
    "new password (again)": "Enter the new password again",
    "code": "Enter the code",
}
MOST_SEARCHED = 200
"""Characters of words to search for, where a filter names no number of its own."""
SELECTING = (forms.ChoiceField, forms.ModelChoiceField)


class PortalFormMixin:
    """Behaviour of all forms. What a form may say about itself:

    missing       field -> message when it is empty ("Enter the name of the account")
    reveals       field -> option -> fields asked for under that option; they are required (where
                  declared so) only when the option is chosen, and ignored when it is not
    option_hints  field -> option -> a line under that option
    inline        names of radio fields whose options stand beside one another
    widths        field -> width in characters: 2, 3, 4, 5, 10, 20 or 30
    sizes         field -> size of its label: "s" (usual), "m", "l"
    heading       the field whose label is the heading of the page
    prefixes, suffixes   field -> short text before or after the box ("@")
    counts        field -> characters allowed, shown while typing; a Textarea with max_length has it
    """

    missing: ClassVar[Mapping[str, str]] = {}
    reveals: ClassVar[Mapping[str, Mapping[Any, Sequence[str]]]] = {}
    option_hints: ClassVar[Mapping[str, Mapping[Any, str]]] = {}
    inline: ClassVar[Sequence[str]] = ()
    widths: ClassVar[Mapping[str, int]] = {}
    sizes: ClassVar[Mapping[str, str]] = {}
    heading: ClassVar[str] = ""
    prefixes: ClassVar[Mapping[str, str]] = {}
    suffixes: ClassVar[Mapping[str, str]] = {}
    counts: ClassVar[Mapping[str, int]] = {}
    mark_optional: ClassVar[bool] = True
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.required_when_revealed = {
            name for name in self.revealed_fields if name in self.fields and self.fields[name].required
        }
        for name in self.required_when_revealed:
            self.fields[name].required = False
        for field in self.fields.values():
            _name_the_empty_choice(field)

    @cached_property
    def helper(self) -> FormHelper:
        """Fields only: the page writes the form element and its buttons."""
        helper = FormHelper()
        helper.form_tag = False
        return helper

    @property
    def revealed_fields(self) -> set[str]:
        """Names of the fields that are shown under an option of another field."""
        return {name for options in self.reveals.values() for names in options.values() for name in names}

    def is_asked(self, name: str) -> bool:
        """False for a field that stands under options of which none was chosen."""
        places = [
            (trigger, option)
            for trigger, options in self.reveals.items()
            for option, names in options.items()
            if name in names and trigger in self.fields
        ]
        return not places or any(self._chosen(*place) and self.is_asked(place[0]) for place in places)

    def _chosen(self, trigger: str, option: Any) -> bool:
        data = self[trigger].data
        chosen = data if isinstance(data, (list, tuple)) else [data]
        return str(getattr(option, "value", option)) in {str(each) for each in chosen}

    def _clean_fields(self) -> None:
        """Clean as Django does, then settle the fields under options."""
        for name, field in self.fields.items():
            _say_it_plainly(field, self.missing.get(name, ""))
        super()._clean_fields()
        for name in self.revealed_fields & set(self.fields):
            field = self.fields[name]
            if not self.is_asked(name):
                self._errors.pop(name, None)
                self.cleaned_data[name] = field.clean(None)
                continue
            empty = self.cleaned_data.get(name) in field.empty_values
            if empty and name in self.required_when_revealed and name not in self._errors:
                self.add_error(name, field.error_messages["required"])


class PortalForm(PortalFormMixin, forms.Form):
    """The base of every form that is not tied to one model."""


class PortalModelForm(PortalFormMixin, forms.ModelForm):
    """The base of every form of one model; its dates are asked for in three boxes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if type(field) is forms.DateField and type(field.widget) is forms.DateInput:
                self.fields[name] = DateInputsField(
                    label=field.label,
                    help_text=field.help_text,
                    required=field.required,
                    initial=field.initial,
                    disabled=field.disabled,
                )


class FilterForm(PortalFormMixin, forms.Form):
    """The search and filters above a list: nothing is required, what is wrong is left out.

    `chosen` are the filters in force, by name. Words to search for are bounded, as databases bound them.
    """

    mark_optional = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = False
            if isinstance(field, forms.CharField) and field.max_length is None:
                field.max_length = MOST_SEARCHED
                field.validators.append(MaxLengthValidator(MOST_SEARCHED))
                field.widget.attrs.setdefault("maxlength", str(MOST_SEARCHED))

    @property
    def chosen(self) -> dict[str, Any]:
        """Name and clean value of each filter that is in force."""
        if not self.is_bound:
            return {}
        self.is_valid()
        empty = ("", None, [], ())
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if value not in empty and value is not False and not (hasattr(value, "exists") and not value)
        }


def _name_the_empty_choice(field: forms.Field) -> None:
    """Django's row of dashes is read out as dashes: say what to do instead."""
    if isinstance(field, forms.ModelChoiceField):
        if field.empty_label == DASHES:
            field.empty_label = CHOOSE
        return
    choices = getattr(field, "choices", None)
    if isinstance(choices, (list, BlankChoiceIterator)) and any(each[1] == DASHES for each in choices):
        field.choices = [(value, CHOOSE if words == DASHES else words) for value, words in choices]


def _say_it_plainly(field: forms.Field, missing: str) -> None:
    """Give `field` its messages in plain English, unless its form has given its own."""
    messages = field.error_messages
    if missing:
        messages["required"] = missing
    elif str(messages.get("required")) == str(forms.Field.default_error_messages["required"]):
        messages["required"] = _default_missing(field)
    name = str(field.label or "This").rstrip("?").replace("%", "%%")
    plain: dict[str, str] = {}
    if isinstance(field, forms.EmailField):
        plain["invalid"] = "Enter an e-mail address in the right form, like name@example.com"
    elif isinstance(field, forms.URLField):
        plain["invalid"] = "Enter a web address in the right form, like https://www.example.org"
    elif isinstance(field, SELECTING):
        plain["invalid_choice"] = "Choose one of the answers on the page"
    if isinstance(field, forms.CharField):
        plain["max_length"] = f"{name} must be %(limit_value)d characters or fewer"
        plain["min_length"] = f"{name} must be %(limit_value)d characters or more"
    elif isinstance(field, forms.IntegerField):
        plain["min_value"] = f"{name} must be %(limit_value)s or more"
        plain["max_value"] = f"{name} must be %(limit_value)s or less"
    for code, message in plain.items():
        if str(messages.get(code, "")) == str(_class_messages(type(field)).get(code, "")):
            messages[code] = message


def _class_messages(kind: type[forms.Field]) -> dict[str, Any]:
    """The messages with which a field of this class begins."""
    found: dict[str, Any] = {}
    for each in reversed(kind.__mro__):
        found.update(getattr(each, "default_error_messages", {}))
    return found


def errors_of(bound: BoundField) -> list[str]:
    """The messages of a field, without markup; Django's bare "required" says which field it means."""
    bare = str(forms.Field.default_error_messages["required"])
    plain = (str(message) for message in bound.errors)
    return [_default_missing(bound.field) if message == bare else message for message in plain]


def _default_missing(field: forms.Field) -> str:
    """What to do about a field that was left empty, made from its label."""
    label = str(field.label or "an answer").strip()
    if label.lower() in SIGN_IN_WORDS:
        return SIGN_IN_WORDS[label.lower()]
    if label.endswith("?"):
        return f"Answer “{label}”"
    if isinstance(field, forms.BooleanField):
        return f"Tick “{label}” to go on"
    small = label if label[1:2].isupper() else label[:1].lower() + label[1:]
    if isinstance(field, forms.FileField):
        return f"Choose a file for {small}"
    if isinstance(field, SELECTING):
        return f"Choose {small}"
    return f"Enter {small}"


def top_fields(form: forms.BaseForm) -> Iterator[BoundField]:
    """The fields of `form` in order, without those that are shown under an option of another."""
    under = getattr(form, "revealed_fields", set())
    return (bound for bound in form if bound.name not in under)


def has_errors(form: object) -> bool:
    """True when the form or formset was sent and something in it is wrong."""
    if isinstance(form, BaseFormSet):
        return form.is_bound and form.total_error_count() > 0
    return isinstance(form, forms.BaseForm) and bool(form.errors)


__all__ = [
    "DateInputsField",
    "FilterForm",
    "LongTextField",
    "PortalForm",
    "PortalFormMixin",
    "PortalModelForm",
    "errors_of",
    "has_errors",
    "top_fields",
]
