"""Input of the register's pages: search, filters, and a past day."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils import timezone

from consent.models import Purpose
from consent.register.filters import WHO
from core.forms import DateInputsField, FilterForm
from people.selectors import Place


class RegisterFilter(FilterForm):
    """Search and filters above the register. Class, year and question are of one school."""

    q = forms.CharField(label="Name", max_length=100)
    school = forms.ChoiceField(label="School")
    class_name = forms.ChoiceField(label="Class")
    year = forms.ChoiceField(label="Year")
    purpose = forms.ChoiceField(label="Question")
    answer = forms.ChoiceField(label="Answer")
    who = forms.ChoiceField(label="Pupils", choices=[("", "At the school"), *list(WHO.items())[1:]])

    def __init__(
        self,
        *args: Any,
        places: Iterable[Place],
        classes: Iterable[str] = (),
        years: Iterable[str] = (),
        purposes: Iterable[Purpose] = (),
        answers: Mapping[str, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._offer("school", ((str(one.uuid), one.name) for one in places), least=2)
        self._offer("class_name", ((name, name) for name in classes))
        self._offer("year", ((year, year) for year in years))
        self._offer("purpose", ((str(one.uuid), one.title) for one in purposes))
        self._offer("answer", answers.items())

    def _offer(self, field: str, choices: Iterable[tuple[str, str]], least: int = 1) -> None:
        """The choices of a filter; without enough of them it is not shown."""
        found = list(choices)
        if len(found) < least:
            del self.fields[field]
        else:
            self.fields[field].choices = [("", "Any"), *found]


class PastDay(FilterForm):
    """The day whose state is asked for."""

    on = DateInputsField(
        label="As it was on",
        help_text="The portal shows what it knew at the end of that day",
        latest=timezone.localdate,
    )
