"""Input of the pages about comments."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from accounts.access import account_rules
from accounts.models import SocialAccount
from core.forms import DateInputsField, FilterForm, LongTextField, PortalForm
from incidents.abuse.forms import moment_of, time_field
from incidents.comments.moves import Move
from incidents.comments.services.logging import Arrived
from incidents.comments.services.offensive import Offence
from incidents.comments.services.writing import MOST_NOTE, MOST_WORDS
from incidents.models import AbuseNature, Against, Comment, SecondOpinion
from people.models import School, User
from people.selectors import Place

NOW, EARLIER = "now", "earlier"
YES, NO = "yes", "no"
KIND_HINTS = {
    Comment.Kind.POLICY: "Whoever handles such complaints is told.",
    Comment.Kind.PRESS: "Do not answer. Whoever answers the press is told at once.",
}


class NowField(forms.ChoiceField):
    """Just now, or earlier; just now where nothing is said."""

    def __init__(self, label: str) -> None:
        super().__init__(
            label=label, choices=[(NOW, "Just now"), (EARLIER, "Earlier")], widget=forms.RadioSelect
        )

    def clean(self, value: Any) -> str:
        """NOW or EARLIER."""
        return super().clean(value or NOW)


def _today() -> date:
    return timezone.localdate()


def _long_ago() -> date:
    return _today() - timedelta(days=5 * 365)


def nature_field() -> forms.ChoiceField:
    """What kind of abuse it is."""
    return forms.ChoiceField(
        label="What kind of abuse is it?", choices=[("", "Choose one"), *AbuseNature.choices]
    )


def against_field() -> forms.ChoiceField:
    """Against whom it is."""
    return forms.ChoiceField(label="Against whom is it?", choices=[("", "Choose one"), *Against.choices])


class CommentForm(PortalForm):
    """One comment, typed on a phone: what need not be chosen is chosen already."""

    once = forms.UUIDField(widget=forms.HiddenInput)
    account = forms.ModelChoiceField(
        label="Account", queryset=SocialAccount.objects.none(), to_field_name="uuid"
    )
    author = forms.CharField(
        label="Who wrote it?",
        help_text="The name as it is shown there",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    words = LongTextField(label="What was written?", max_length=MOST_WORDS, rows=4)
    when = forms.ChoiceField(
        label="When did it reach the account?",
        choices=[(NOW, "Just now"), (EARLIER, "Earlier")],
        widget=forms.RadioSelect,
    )
    received = DateInputsField(label="On which day?", earliest=_long_ago, latest=_today)
    received_time = time_field("At what time?")
    kind = forms.ChoiceField(label="What is it?", choices=Comment.Kind.choices, widget=forms.RadioSelect)
    offensive = forms.ChoiceField(
        label="Is it offensive, or abuse?", choices=[(NO, "No"), (YES, "Yes")], widget=forms.RadioSelect
    )
    nature = nature_field()
    against = against_field()
    missing = {
        "account": "Choose the account",
        "author": "Enter the name under which it was written",
        "words": "Enter what was written",
        "when": "Choose when it reached the account",
        "received": "Enter the day on which it reached the account",
        "received_time": "Enter the time at which it reached the account",
        "kind": "Choose what it is",
        "offensive": "Choose whether it is offensive",
        "nature": "Choose what kind of abuse it is",
        "against": "Choose against whom it is",
    }
    reveals = {
        "when": {EARLIER: ["received", "received_time"]},
        "offensive": {YES: ["nature", "against"]},
    }
    option_hints = {"kind": KIND_HINTS}
    inline = ("when", "offensive")
    widths = {"received_time": 5}

    def __init__(self, *args: Any, school: School, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        accounts: QuerySet[SocialAccount] = account_rules.visible_to(actor, "view").filter(
            school=school, status__in=SocialAccount.OPEN
        )
        field = self.fields["account"]
        field.queryset = accounts.select_related("platform").order_by("name", "pk")
        field.label_from_instance = lambda one: f"{one.name} ({one.platform.name})"

    @property
    def arrived(self) -> Arrived:
        """The answers as the service takes them."""
        data = self.cleaned_data
        return Arrived(data["account"], data["author"], data["words"], data["kind"], self._received())

    def _received(self) -> datetime:
        data = self.cleaned_data
        return timezone.now() if data["when"] == NOW else moment_of(data["received"], data["received_time"])

    @property
    def offence(self) -> Offence | None:
        """What kind of abuse it is, if it is any."""
        data = self.cleaned_data
        return Offence(data["nature"], data["against"]) if data["offensive"] == YES else None


class StepForm(PortalForm):
    """The words of one step, and of a dated one when it was made there."""

    words = LongTextField(max_length=MOST_NOTE, required=False)
    when = NowField("When was that done there?")
    answered = DateInputsField(label="On which day?", earliest=_long_ago, latest=_today)
    answered_time = time_field("At what time?")
    missing = {
        "answered": "Enter the day on which that was done",
        "answered_time": "Enter the time at which that was done",
    }
    reveals = {"when": {EARLIER: ["answered", "answered_time"]}}
    inline = ("when",)
    widths = {"answered_time": 5}

    def __init__(self, *args: Any, move: Move, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not move.dated:
            for name in ("when", "answered", "answered_time"):
                del self.fields[name]
        field = self.fields["words"]
        field.label, field.help_text, field.required = move.label, move.hint, bool(move.needed)
        if move.needed:
            field.error_messages["required"] = move.needed

    @property
    def when_done(self) -> datetime | None:
        """When it was done there; None for just now."""
        data = self.cleaned_data
        if data.get("when", NOW) == NOW:
            return None
        return moment_of(data["answered"], data["answered_time"])


class TimeForm(PortalForm):
    """When it reached the account."""

    received = DateInputsField(
        label="On which day did it reach the account?", earliest=_long_ago, latest=_today
    )
    received_time = time_field("At what time?")
    missing = {
        "received": "Enter the day on which it reached the account",
        "received_time": "Enter the time at which it reached the account",
    }
    widths = {"received_time": 5}

    @property
    def received_at(self) -> datetime:
        """The moment."""
        return moment_of(self.cleaned_data["received"], self.cleaned_data["received_time"])


class KindForm(PortalForm):
    """Another kind."""

    kind = forms.ChoiceField(label="What is it?", choices=Comment.Kind.choices, widget=forms.RadioSelect)
    missing = {"kind": "Choose what it is"}
    option_hints = {"kind": KIND_HINTS}


class OffensiveForm(PortalForm):
    """What kind of abuse it is."""

    nature = nature_field()
    against = against_field()
    missing = {"nature": "Choose what kind of abuse it is", "against": "Choose against whom it is"}

    @property
    def offence(self) -> Offence:
        """The answers as the service takes them."""
        return Offence(self.cleaned_data["nature"], self.cleaned_data["against"])


class AskForm(PortalForm):
    """A draft, and whom to ask."""

    once = forms.UUIDField(widget=forms.HiddenInput)
    of = forms.ModelChoiceField(label="Whom do you ask?", queryset=User.objects.none(), to_field_name="uuid")
    draft = LongTextField(label="How would you answer?", max_length=MOST_NOTE)
    missing = {"of": "Choose whom you ask", "draft": "Enter the answer as you would give it"}

    def __init__(self, *args: Any, colleagues: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["of"].queryset = colleagues
        self.fields["of"].label_from_instance = lambda one: one.full_name


class OpinionForm(PortalForm):
    """What a colleague thinks of the draft."""

    verdict = forms.ChoiceField(
        label="What do you think of it?", choices=SecondOpinion.Verdict.choices, widget=forms.RadioSelect
    )
    advice = LongTextField(
        label="Your advice",
        help_text="Say why, or what should be changed. Leave it empty if it is good as it is.",
        max_length=MOST_NOTE,
        required=False,
    )
    missing = {"verdict": "Choose what you think of it"}


class CommentFileForm(PortalForm):
    """A file of comments."""

    once = forms.UUIDField(widget=forms.HiddenInput)
    file = forms.FileField(
        label="CSV file",
        help_text="From your spreadsheet: save as “CSV UTF-8”. Up to 2,000 comments.",
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )
    missing = {"file": "Choose the file"}

    def __init__(self, *args: Any, school: School, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class CommentFilter(FilterForm):
    """Search and filters above the board."""

    q = forms.CharField(label="Words or author")
    account = forms.ChoiceField(label="Account")
    kind = forms.ChoiceField(label="Kind", choices=[("", "Any"), *Comment.Kind.choices])
    school = forms.ChoiceField(label="School")
    show = forms.CharField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, places: list[Place], accounts: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].choices = [("", "All"), *accounts]
        if len(places) > 1:
            self.fields["school"].choices = [("", "All"), *((str(one.uuid), one.name) for one in places)]
        else:
            del self.fields["school"]

    @property
    def chosen(self) -> dict[str, Any]:
        """The filters in force; the tab is none."""
        return {name: value for name, value in super().chosen.items() if name != "show"}


class TimesFilter(FilterForm):
    """Which school year, which school, which account."""

    year = forms.TypedChoiceField(label="School year", coerce=int)
    school = forms.ChoiceField(label="School")
    account = forms.ChoiceField(label="Account")

    def __init__(
        self,
        *args: Any,
        years: list[int],
        places: list[Place],
        accounts: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(one, f"{one} to {one + 1}") for one in years]
        self.fields["account"].choices = [("", "All"), *accounts]
        if len(places) > 1:
            self.fields["school"].choices = [("", "All"), *((str(one.uuid), one.name) for one in places)]
        else:
            del self.fields["school"]
