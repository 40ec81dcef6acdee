"""Input of the request pages. The form of a section is made from the catalogue of questions."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, LayoutObject
from django import forms
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accounts.answers import OLDEST, PEOPLE, PUBLICS, YOUNGEST, Problem
from accounts.choices import Openness, Public, Right
from accounts.models import AccountRequest
from accounts.models.request import Topic
from accounts.questions import DETAILS, QUESTIONS, Question, Section, never
from accounts.request_selectors import SEVERAL, Reading
from approvals.models import ApprovalRequest
from core.forms import DateInputsField, FilterForm, LongTextField, PortalForm
from core.models import Platform
from people.models import User
from people.selectors import Place
from policies.models import clause_url
from policies.reference import clause_titles, split_ref

ROW_LABELS = {"administrators": "Administrator", "posters": "Person"}
MOST_ROWS = 20
LONGEST = 4000
LONG = (
    "aims",
    "content",
    "investment",
    "engagement",
    "effort",
    "evaluation",
    "promotion",
    "advertise",
    "parents_consent",
    "security",
    "learners_reason",
)
DETAIL_FIELDS = {
    Public.PUPILS: ("age_from", "age_to"),
    Public.OTHER_PUPILS: ("schools",),
    Public.OTHER: ("other",),
}
DETAIL_LABELS = {
    "age_from": "Age of the youngest",
    "age_to": "Age of the oldest",
    "schools": "Names of the other schools",
    "other": "Who are the others?",
}


class RequestFilterForm(FilterForm):
    """Search and filters above the list of requests."""

    show = forms.CharField(widget=forms.HiddenInput)
    q = forms.CharField(label="Search", max_length=100)
    status = forms.ChoiceField(
        label="Status",
        choices=[
            ("", "Any"),
            ("draft", "Draft"),
            *ApprovalRequest.Status.choices,
            ("discarded", "Put aside"),
        ],
    )
    school = forms.ChoiceField(label="School", choices=[("", "Any")])

    def __init__(self, *args: Any, schools: Iterable[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        schools = list(schools)
        self.fields["school"].choices = [("", "Any"), *((str(one.uuid), one.name) for one in schools)]
        if len(schools) < 2:
            del self.fields["school"]

    @property
    def chosen(self) -> dict[str, Any]:
        """The filters in force; whose requests are shown is no filter."""
        return {name: value for name, value in super().chosen.items() if name != "show"}


class StartForm(PortalForm):
    """The button that starts a draft: everything in it is hidden."""

    school = forms.UUIDField(widget=forms.HiddenInput)
    once = forms.UUIDField(widget=forms.HiddenInput)
    copy = forms.UUIDField(widget=forms.HiddenInput, required=False)


class AdviceForm(PortalForm):
    """A message on a request."""

    topic = forms.ChoiceField(label="What is it about?", widget=forms.RadioSelect)
    text = LongTextField(label="Your message", max_length=LONGEST, rows=4)
    once = forms.UUIDField(widget=forms.HiddenInput)
    missing = {"topic": "Choose what your message is about.", "text": "Write your message."}
    counts = {"text": 0}

    def __init__(self, *args: Any, topics: list[Topic], heard_by: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.option_hints = {"topic": heard_by}
        self.fields["topic"].choices = [(topic.value, topic.label) for topic in topics]
        if len(topics) == 1:
            self.fields["topic"].widget = forms.HiddenInput()
            self.initial["topic"] = topics[0].value


class PeopleRows(LayoutObject):
    """The boxes of a question that names several people, with the button that adds one."""

    template = "accounts/request_people.html"

    def __init__(self, key: str) -> None:
        self.key = key

    def render(self, form: "SectionForm", context: Any, template_pack: str = "", **kwargs: Any) -> SafeString:
        """The group as HTML."""
        rows = [form[name] for name in form.rows[self.key]]
        more = {
            "key": self.key,
            "legend": form.labels[self.key],
            "hint": form.hints[self.key],
            "rows": rows,
            "row_word": ROW_LABELS[self.key].lower(),
            "may_add": len(rows) < MOST_ROWS,
        }
        return render_to_string(self.template, more)


class SectionForm(PortalForm):
    """One section of a request.

    Nothing is required here: what a question asks for is said by `accounts.answers.problems` after
    what could be read was saved. The form's own errors are about what cannot be kept at all (no
    real date, too long a text).
    """

    mark_optional = False

    def __init__(self, *args: Any, reading: Reading, section: Section, **kwargs: Any) -> None:
        self.reading = reading
        self.questions = [QUESTIONS[key] for key in section.keys if QUESTIONS[key].asked(reading.answers)]
        self.labels = {question.key: _label(question) for question in self.questions}
        self.hints = {question.key: self._hint(question) for question in self.questions}
        self.reveals = {
            question.key: {
                option.value: [f"{question.key}_{detail}" for detail in details]
                for option, details in DETAIL_FIELDS.items()
            }
            for question in self.questions
            if question.key in PUBLICS
        }
        self.widths = {f"{key}_{detail}": 2 for key in PUBLICS for detail in ("age_from", "age_to")}
        self.counts = dict.fromkeys(LONG, 0)
        self.rows: dict[str, list[str]] = {}
        super().__init__(*args, **kwargs)
        for question in self.questions:
            self._add(question)

    # Making the fields --------------------------------------------------------------------

    def _hint(self, question: Question) -> SafeString | str:
        """The question's own hint, then, small, the clauses that ask it."""
        refs = question.clauses.get(self.reading.row.form, "").split()
        if not refs:
            return question.hint
        return format_html(
            '{} <span class="app-clauses govuk-!-font-size-16">{}</span>', question.hint, cited(refs)
        )

    def _add(self, question: Question) -> None:
        key, answers = question.key, self.reading.answers
        if key in PEOPLE:
            self._add_people(question)
            return
        field = self._field(question)
        field.label, field.help_text, field.required = self.labels[key], self.hints[key], False
        self.fields[key] = field
        self.initial[key] = getattr(answers[key], "slug", answers[key])
        for detail in DETAILS if key in PUBLICS else ():
            self.fields[f"{key}_{detail}"] = _detail_field(key, detail)
            self.initial[f"{key}_{detail}"] = answers[f"{key}_{detail}"]

    def _field(self, question: Question) -> forms.Field:
        key = question.key
        if key == "platform":
            return forms.ChoiceField(choices=self._platforms)
        if key == "openness":
            return forms.ChoiceField(choices=Openness.choices, widget=forms.RadioSelect)
        if key == "go_live_on":
            return DateInputsField()
        if key in PUBLICS:
            return forms.MultipleChoiceField(choices=Public.choices, widget=forms.CheckboxSelectMultiple)
        if key in LONG:
            return LongTextField(
                rows=4, max_length=LONGEST, error_messages=_too_long(question.label, LONGEST)
            )
        length = AccountRequest._meta.get_field(key).max_length
        field = forms.CharField(max_length=length, error_messages=_too_long(question.label, length))
        if key == "official_email":
            field.widget = forms.EmailInput(attrs={"autocomplete": "off", "maxlength": length})
        return field

    @cached_property
    def _platforms(self) -> list[tuple[str, str]]:
        """What is offered for new accounts, and what was chosen when it still was."""
        now = self.reading.answers["platform"]
        offered = {one.slug: one.name for one in Platform.objects.filter(offered=True)}
        if now is not None:
            offered.setdefault(now.slug, now.name)
        return [("", "Choose a platform"), *offered.items()]

    def _add_people(self, question: Question) -> None:
        key, named = question.key, [str(user.uuid) for user in self.reading.answers[question.key]]
        if key not in SEVERAL:
            self.fields[key] = self._person_field(key, self.labels[key], self.hints[key])
            self.initial[key] = named[0] if named else ""
            return
        self.rows[key] = [f"{key}_{number}" for number in range(1, self._row_count(key, len(named)) + 1)]
        for number, name in enumerate(self.rows[key]):
            self.fields[name] = self._person_field(key, f"{ROW_LABELS[key]} {number + 1}", "")
            self.initial[name] = named[number] if number < len(named) else ""

    def _row_count(self, key: str, named: int) -> int:
        """At least what the policy asks for, what was named, and what the page had already."""
        least = max(2, self.reading.profile.min_admins or 1) if key == "administrators" else 1
        posted = 0
        while self.is_bound and posted < MOST_ROWS and f"{key}_{posted + 1}" in self.data:
            posted += 1
        added = 1 if self.is_bound and self.data.get("action") == f"add-{key}" else 0
        return min(max(least, posted + added, 0 if posted else named), MOST_ROWS)

    def _person_field(self, key: str, label: str, hint: Any) -> forms.ChoiceField:
        return forms.ChoiceField(
            choices=self._choices(key),
            required=False,
            label=label,
            help_text=hint,
            error_messages={"invalid_choice": "Choose somebody from the list."},
        )

    def _choices(self, key: str) -> list[tuple[str, str]]:
        """Who may be chosen: only employees where the policy says so; and who is named already."""
        directory, profile = self.reading.directory, self.reading.profile
        allowed = {
            Right.LEAD: not profile.lead_must_be_employed,
            Right.MODERATOR: False,
            Right.ADMINISTRATOR: profile.allow_non_staff_admin,
            Right.POSTER: profile.allow_non_staff_posting,
        }[PEOPLE[key]]
        people = [user for user in directory.people if allowed or user.pk in directory.present.employed]
        gone = [user for user in self.reading.answers[key] if user not in people]
        return [
            ("", "Choose a person"),
            *((str(user.uuid), directory.named(user, profile)) for user in [*people, *gone]),
        ]

    # Reading what was sent ----------------------------------------------------------------

    def is_asked(self, name: str) -> bool:
        """Details are kept although their box is not ticked, so that a forgotten tick loses nothing."""
        return True

    def clean(self) -> dict[str, Any]:
        """Details whose box is not ticked may be anything: what cannot be read stays as it was."""
        cleaned = super().clean()
        for key, options in self.reveals.items():
            for option, names in options.items():
                if option not in (cleaned.get(key) or ()):
                    for name in names:
                        self._errors.pop(name, None)
        return cleaned

    def values(self) -> dict[str, Any]:
        """Every answer that could be read, by field of the request."""
        values = {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in PEOPLE and not name.startswith(tuple(f"{key}_" for key in SEVERAL))
        }
        if "platform" in values:
            values["platform"] = Platform.objects.filter(slug=values["platform"]).first()
        return values

    def people(self) -> dict[str, list[User]]:
        """The people chosen, by question; a question with a box that could not be read is left out."""
        users = {str(user.uuid): user for user in self.reading.directory.people}
        for key in PEOPLE:
            users.update({str(user.uuid): user for user in self.reading.answers[key]})
        found = {}
        for question in self.questions:
            names = self.rows.get(question.key, [question.key])
            if question.key in PEOPLE and all(name in self.cleaned_data for name in names):
                chosen = [self.cleaned_data[name] for name in names]
                found[question.key] = [users[one] for one in chosen if one]
        return found

    def add_problems(self, problems: Iterable[Problem]) -> None:
        """Put what is wrong beside its field; a field that could not be read says so already."""
        unread = set(self.errors)
        if not self.is_bound:
            self.cleaned_data = {}
        for problem in problems:
            name = self._place_of(problem)
            if name in self.fields and name not in unread:
                self.add_error(name, problem.message)

    def _place_of(self, problem: Problem) -> str:
        if problem.key not in self.rows:
            return problem.field
        names = self.rows[problem.key]
        shown = [self[name].value() or "" for name in names]
        about = {user.pk: str(user.uuid) for user in self.reading.answers[problem.key]}.get(problem.about)
        if about in shown:
            return names[shown.index(about)]
        again = (place for place, value in enumerate(shown) if not value or value in shown[:place])
        return names[next(again, 0)]

    @cached_property
    def helper(self) -> FormHelper:
        """The questions in their order."""
        helper = FormHelper()
        helper.form_tag = False
        keys = [question.key for question in self.questions]
        helper.layout = Layout(*(PeopleRows(key) if key in SEVERAL else key for key in keys))
        return helper


def cited(refs: Iterable[str]) -> SafeString:
    """Links to the clauses that ask a question, a run of neighbours in one; they open beside the page,
    so that what was typed stays.
    """
    titles = clause_titles()
    runs = [run for run in _runs(refs) if run[0] in titles]
    return format_html_join(
        " ",
        '<a class="govuk-link" href="{}" target="_blank" rel="noopener">{}'
        '<span class="govuk-visually-hidden">: {} (opens in a new tab)</span></a>',
        (
            (
                clause_url(run[0]),
                run[0] + (f" to {run[-1].partition('-')[2]}" if run[1:] else ""),
                titles[run[0]],
            )
            for run in runs
        ),
    )


def _runs(refs: Iterable[str]) -> list[list[str]]:
    """References that follow one another, together: STM-15.07, STM-15.08, ..."""
    runs: list[list[str]] = []
    for ref in refs:
        before = split_ref(runs[-1][-1]) if runs else None
        code, section, number = split_ref(ref)
        if before == (code, section, number - 1):
            runs[-1].append(ref)
        else:
            runs.append([ref])
    return runs


def _label(question: Question) -> SafeString | str:
    if question.required is not never:
        return question.label
    return format_html('{} <span class="app-optional">(optional)</span>', question.label)


def _too_long(label: str, length: int | None) -> dict[str, str]:
    return {"max_length": f"{label.rstrip('?')}: use {length} characters or fewer (you have %(show_value)d)."}


def _detail_field(key: str, detail: str) -> forms.Field:
    label = DETAIL_LABELS[detail]
    if detail in ("age_from", "age_to"):
        between = f"Enter an age from {YOUNGEST} to {OLDEST}."
        messages = {"invalid": between, "min_value": between, "max_value": between}
        return forms.IntegerField(
            label=label, required=False, min_value=0, max_value=999, error_messages=messages
        )
    length = AccountRequest._meta.get_field(f"{key}_{detail}").max_length
    return forms.CharField(
        label=label, required=False, max_length=length, error_messages=_too_long(label, length)
    )
