"""The forms of people without an account, and what is printed for those who prefer paper."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from consent.services.outside import Line, Question
from core.forms import FilterForm, LongTextField, PortalForm

MOST_WORDS = 500
CHANGED = "The questions have changed meanwhile. Look at the new ones and answer again."
NEW_WORDS = "The words of this question have changed. Read them, then answer again."


class AnswerForm(PortalForm):
    """Every question about one child on its own, and none answered beforehand (STM-7.14, STM-7.15)."""

    once = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    words = LongTextField(
        label="Is there anything that the school should know?",
        help_text="For example about how your child may be shown. Leave it empty if there is nothing.",
        required=False,
        max_length=MOST_WORDS,
        rows=3,
    )

    def __init__(
        self, *args: Any, questions: Sequence[Question], lines: Sequence[Line], grown: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        self.sizes = {one.name: "m" for one in questions}
        self.missing = {one.name: self._missing(one) for one in questions}
        for question, line in zip(questions, lines, strict=True):
            self.fields[question.name] = forms.ChoiceField(
                label=question.purpose.title,
                help_text=explained(question, line),
                choices=[("yes", question.choice(True)), ("no", question.choice(False))],
                widget=forms.RadioSelect,
            )
        self.order_fields(["once", "seen", *self.missing, "words"])
        if grown:
            self.fields["words"].help_text = "Leave it empty if there is nothing."

    @staticmethod
    def _missing(question: Question) -> str:
        if question.objects:
            return f"Say whether you object: {question.purpose.title}"
        return f"Choose yes or no: {question.purpose.title}"

    @property
    def shown(self) -> str:
        """The versions of the words on this page, as they are sent back with it."""
        return ",".join(f"{one.purpose.uuid}:{one.wording.number}" for one in self.questions)

    def clean(self) -> dict[str, Any]:
        """Refuse a page whose questions or words are no longer the newest; what was chosen stays."""
        data = super().clean() or {}
        seen = dict(part.partition(":")[::2] for part in data.get("seen", "").split(",") if part)
        now = {str(one.purpose.uuid): one for one in self.questions}
        if set(seen) != set(now):
            self.add_error(None, CHANGED)
        for key, number in seen.items():
            if key in now and str(now[key].wording.number) != number:
                self.add_error(now[key].name, NEW_WORDS)
        return data

    def answers(self) -> Mapping[int, bool]:
        """Yes or no by id of the purpose; for a purpose by objection yes is "I do not object"."""
        return {one.purpose.pk: self.cleaned_data[one.name] == "yes" for one in self.questions}

    def wordings(self) -> Mapping[int, int]:
        """The id of the words shown, by id of the purpose."""
        return {one.purpose.pk: one.wording.pk for one in self.questions}

    def refresh(self, once: Any) -> None:
        """Show the page again with a fresh number and the newest words, what was chosen kept."""
        self.data = self.data.copy()
        self.data["once"], self.data["seen"] = str(once), self.shown


def explained(question: Question, line: Line) -> SafeString:
    """The words of a question, what its conditions mean, and what was said last time."""
    parts = [question.wording.text, *question.conditions]
    if question.objects:
        parts.append("We do this unless you object.")
    words = format_html_join("", '<p class="govuk-body app-lines">{}</p>', ((part,) for part in parts))
    if not line.said:
        return words
    last = '<p class="govuk-body govuk-!-font-weight-bold">Last time you said: {}</p>'
    return words + format_html(last, line.text)


class WithdrawForm(PortalForm):
    """Saying no to everything needs no reason."""

    once = forms.UUIDField(widget=forms.HiddenInput)


class LinkAskForm(PortalForm):
    """Where the link should go."""

    email = forms.EmailField(
        label="Your e-mail address",
        help_text="The one that the school has for you.",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )
    missing = {"email": "Enter your e-mail address"}
    widths = {"email": 30}


class PaperForm(FilterForm):
    """For which pupils paper forms are printed."""

    who = forms.ChoiceField(label="For whom")

    def __init__(self, *args: Any, classes: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(f"class:{name}", f"Class {name}") for name in classes]
        self.fields["who"].choices = [
            ("", "Choose one"),
            ("no_email", "Whoever has not answered and has no e-mail address"),
            *named,
        ]
