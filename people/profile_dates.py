"""Editors of settings that hold a place in time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core.forms import DateInputsField, LongTextField
from people.governance.date_values import MONTHS, CalendarDate
from people.profile_editor import Editor


class MonthOrDateField(DateInputsField):
    """A date in three boxes whose day may stay empty, because a policy may name a month alone (CIT-12.02)."""

    def prepare_value(self, value: Any) -> Any:
        """The three texts of a date, or of a month with no day."""
        if isinstance(value, CalendarDate):
            return ["" if value.day is None else str(value.day), str(value.month), str(value.year)]
        return value

    def to_python(self, value: Any) -> str | None:
        """The date or month as the setting writes it, or None where all boxes are empty.

        Raises:
            ValidationError: as for a date, but an empty day is no error.
        """
        texts = [str(box or "").strip() for box in value] if isinstance(value, (list, tuple)) else []
        if not any(texts):
            return None
        day = super().to_python([texts[0] or "1", *texts[1:]])
        return day.isoformat() if texts[0] else f"{day:%Y-%m}"


class DateEditor(Editor):
    """A date in three boxes."""

    def fields(self) -> dict[str, forms.Field]:
        return {self.main: DateInputsField(**self.common("For example, 23 9 2026."))}

    def raw(self, cleaned: Mapping[str, Any]) -> Any:
        return self.or_nobody(cleaned.get(self.main))


class MonthOrDateEditor(Editor):
    """A date in three boxes, the day of which may stay empty."""

    def fields(self) -> dict[str, forms.Field]:
        how = "For example, 23 9 2026. Leave out the day where only the month is known."
        return {self.main: MonthOrDateField(**self.common(how))}

    def raw(self, cleaned: Mapping[str, Any]) -> Any:
        return self.or_nobody(cleaned.get(self.main))


class DateListEditor(Editor):
    """One date a line, as people write dates."""

    def fields(self) -> dict[str, forms.Field]:
        how = "Write each date on a line of its own, such as “21/12/2026” or “21 December 2026”."
        return {self.main: LongTextField(rows=6, max_length=20_000, **self.common(how))}

    def attributes(self) -> dict[str, Any]:
        return {"mark_optional": False, "counts": {self.main: 0}}

    def initial(self) -> dict[str, Any]:
        return {self.main: "\n".join(f"{day:%d/%m/%Y}" for day in self.value or ())}

    def raw(self, cleaned: Mapping[str, Any]) -> Any:
        typed = cleaned.get(self.main) or ""
        return [iso_date(line.strip()) for line in re.split(r"[\n,;]+", typed) if line.strip()]


def iso_date(typed: str) -> str:
    """A British date as year, month and day; what cannot be read comes back as it is, for its kind to refuse.

    Raises:
        ValidationError: day, month and year are there and make no date.
    """
    found = re.fullmatch(r"([0-9]{1,2})[ ./-]([0-9]{1,2}|[A-Za-z]{3,9})[ ./-]([0-9]{4})", typed)
    if found is None:
        return typed
    day, month, year = found.groups()
    names = [name.lower()[: max(3, len(month))] for name in MONTHS]
    number = names.index(month.lower()) + 1 if month.lower() in names else month
    try:
        return date(int(year), int(number), int(day)).isoformat()
    except ValueError:
        raise ValidationError(f"There is no date “{typed}”.") from None


class MonthListEditor(Editor):
    """Checkboxes of the twelve months."""

    def fields(self) -> dict[str, forms.Field]:
        return {self.main: self.boxes([(str(n), name) for n, name in enumerate(MONTHS, start=1)])}

    def initial(self) -> dict[str, Any]:
        return {self.main: [str(month) for month in self.value or ()]}

    def raw(self, cleaned: Mapping[str, Any]) -> Any:
        return self.or_nobody([int(month) for month in cleaned.get(self.main) or ()])


class TimeEditor(Editor):
    """A time on the 24-hour clock."""

    def fields(self) -> dict[str, forms.Field]:
        return {
            self.main: self.text(max_length=5, help_text=self.help("On the 24-hour clock, such as 17:30."))
        }

    def attributes(self) -> dict[str, Any]:
        return {"mark_optional": False, "widths": {self.main: 5}}

    def raw(self, cleaned: Mapping[str, Any]) -> Any:
        typed = (cleaned.get(self.main) or "").replace(".", ":")
        return self.or_nobody(f"0{typed}" if re.fullmatch(r"[0-9]:[0-9]{2}", typed) else typed)
