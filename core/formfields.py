"""Form fields of the portal's own: a date in three boxes, long text, web addresses (design, section 9)."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core.addresses import LONGEST, MOST, BadAddress, parse_addresses
from core.tables import date_text

PARTS = ("day", "month", "year")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DateLimit = date | Callable[[], date] | None


class DateInputsWidget(forms.MultiWidget):
    """Three boxes: day, month, year. Their names end in `_day`, `_month` and `_year`.

    A date in one piece ("2026-03-27" under the field's own name) is understood too, for links.
    """

    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(dict.fromkeys(PARTS, forms.TextInput), attrs)

    def decompress(self, value: date | str | None) -> list[Any]:
        """The three texts of a date."""
        if isinstance(value, date):
            return [str(value.day), str(value.month), str(value.year)]
        pieces = str(value or "").split("-")
        return pieces[::-1] if len(pieces) == 3 else [value or "", "", ""]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        """What was typed into the three boxes, as it was typed."""
        if any(f"{name}_{part}" in data for part in PARTS):
            return [data.get(f"{name}_{part}", "") for part in PARTS]
        return self.decompress(data.get(name, ""))

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """True when neither the boxes nor the date in one piece were sent."""
        return name not in data and all(f"{name}_{part}" not in data for part in PARTS)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """As Django's, with ids that end like the names."""
        context = super().get_context(name, value, attrs)
        whole = context["widget"]["attrs"].get("id")
        for part, box in zip(PARTS, context["widget"]["subwidgets"], strict=True):
            if whole:
                box["attrs"]["id"] = f"{whole}_{part}"
        return context


class DateInputsField(forms.Field):
    """A date typed as day, month and year; the error says what is wrong and marks the box.

    `earliest` and `latest` are dates, or functions that answer one (for "today"); both may be chosen.
    Each ValidationError carries the boxes at fault in `params["parts"]`.
    """

    widget = DateInputsWidget

    def __init__(
        self, *, earliest: DateLimit = date(1900, 1, 1), latest: DateLimit = None, **kwargs: Any
    ) -> None:
        self.earliest = earliest
        self.latest = latest
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | None:
        """The date, or None where all three boxes are empty. Raises ValidationError."""
        if value in self.empty_values or isinstance(value, date):
            return value or None
        boxes = value if isinstance(value, (list, tuple)) else DateInputsWidget().decompress(value)
        texts = [str(box or "").strip() for box in boxes]
        if not any(texts):
            return None
        missing = [part for part, text in zip(PARTS, texts, strict=True) if not text]
        if missing:
            words = " and ".join(f"a {part}" for part in missing)
            self._refuse(f"{self._named()} must include {words}", missing)
        return self._in_range(self._real_date(*texts))

    def has_changed(self, initial: Any, data: Any) -> bool:
        """True when what was typed is another date, or none that can be read."""
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True

    def _named(self) -> str:
        label = str(self.label or "").strip()
        return "The date" if not label or label.endswith("?") else label

    def _refuse(self, message: str, parts: list[str]) -> None:
        raise ValidationError(message.replace("%", "%%"), code="invalid", params={"parts": parts})

    def _real_date(self, day: str, month: str, year: str) -> date:
        month_number = MONTHS.index(month.lower()[:3]) + 1 if month.lower()[:3] in MONTHS else month
        if not (year.isascii() and year.isdigit() and len(year) == 4):
            self._refuse(f"{self._named()} must have a year of 4 numbers, like 2026", ["year"])
        wrong = []
        if not _between(day, 31):
            wrong.append("day")
        if not _between(str(month_number), 12):
            wrong.append("month")
        if wrong:
            self._refuse(f"Enter a real date: check the {' and the '.join(wrong)}", wrong)
        try:
            return date(int(year), int(month_number), int(day))
        except ValueError:
            self._refuse("Enter a real date: that month has fewer days", ["day"])
            raise

    def _in_range(self, value: date) -> date:
        earliest = self.earliest() if callable(self.earliest) else self.earliest
        latest = self.latest() if callable(self.latest) else self.latest
        if earliest and value < earliest:
            self._refuse(f"{self._named()} must be {date_text(earliest)} or later", list(PARTS))
        if latest and value > latest:
            self._refuse(f"{self._named()} must be {date_text(latest)} or earlier", list(PARTS))
        return value


def _between(text: str, highest: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 2 and 1 <= int(text) <= highest


class LongTextField(forms.CharField):
    """Text of several lines. Line ends count as one character, as the counter on the page counts them."""

    def __init__(self, *, rows: int = 5, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        """The text with line ends of one kind."""
        text = super().to_python(value)
        return text.replace("\r\n", "\n").replace("\r", "\n") if isinstance(text, str) else text


class AddressesField(LongTextField):
    """Web addresses, one a line, kept as typed (`core.addresses`). The cleaned value is the text."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", MOST * (LONGEST + 2))
        kwargs.setdefault("rows", 4)
        super().__init__(**kwargs)
        self.widget.attrs.update({"spellcheck": "false", "autocapitalize": "none", "autocomplete": "off"})

    def clean(self, value: Any) -> str:
        """The text. Raises ValidationError with the line at fault."""
        text = super().clean(value)
        try:
            parse_addresses(text)
        except BadAddress as error:
            raise ValidationError(str(error)) from error
        return text
