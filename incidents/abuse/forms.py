"""Input of the pages about the log of abuse."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms.boundfield import BoundField
from django.utils import timezone

from accounts.access import account_rules
from accounts.models import SocialAccount
from core.clock import LONDON
from core.forms import DateInputsField, FilterForm, LongTextField, PortalForm, top_fields
from core.uploads import OriginalsField
from incidents.abuse.services import (
    MOST_ADDRESS,
    MOST_WORDS,
    Done,
    Seen,
    Shot,
    elsewhere_refused,
    takes_elsewhere,
)
from incidents.forms import IMAGE
from incidents.models import AbuseAct, AbuseNature, Against
from people.governance.profile import Profile
from people.models import School, User
from people.selectors import Place

ON_ACCOUNT, ELSEWHERE = "account", "elsewhere"
MOST_FILES = 3
MORE = ("did", "who", "note", "address")
"""Fields that need not be filled in."""


def _today() -> date:
    return timezone.localdate()


def _long_ago() -> date:
    return _today() - timedelta(days=20 * 365)


def time_field(label: str) -> forms.TimeField:
    """A time of day, as people type it."""
    return forms.TimeField(
        label=label,
        help_text="For example 14:30. About is good enough.",
        input_formats=["%H:%M", "%H.%M", "%H %M", "%H%M"],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"invalid": "Enter a time with hours and minutes, like 14:30"},
    )


def moment_of(day: date, hour: time) -> datetime:
    """The moment, as it is in London."""
    return datetime.combine(day, hour, LONDON)


class LogForm(PortalForm):
    """One entry, typed on a phone. `could` was answered on the page before, and stands in the form."""

    once = forms.UUIDField(widget=forms.HiddenInput)
    place = forms.ChoiceField(label="Where was it?", widget=forms.RadioSelect)
    account = forms.ModelChoiceField(
        label="Which account?", queryset=SocialAccount.objects.none(), to_field_name="uuid"
    )
    elsewhere = forms.CharField(
        label="Where?", help_text="The platform, and the group or page there", max_length=300
    )
    author = forms.CharField(
        label="Who wrote it?",
        help_text="The name as it is shown there. If there is none, write “not shown”.",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    words = LongTextField(
        label="What was written or shown?",
        help_text="Copy the words as they are.",
        max_length=MOST_WORDS,
    )
    nature = forms.ChoiceField(
        label="What is it?",
        choices=[("", "Choose one"), *AbuseNature.choices, (IMAGE, "Indecent image of a child")],
    )
    against = forms.ChoiceField(
        label="Against whom is it?", choices=Against.choices, widget=forms.RadioSelect
    )
    seen_on = DateInputsField(label="When was it seen?", earliest=_long_ago, latest=_today)
    seen_time = time_field("At what time?")
    files = OriginalsField(
        label="Screenshots",
        help_text="Up to 3 pictures or PDFs, of 10 MB each. They are kept as they are, and nothing is deleted.",
        most=MOST_FILES,
        required=False,
    )
    concern = forms.ChoiceField(
        label="Is it also a concern about somebody?",
        help_text="For example: a child or colleague is threatened or bullied, or somebody from the school wrote it.",
        widget=forms.RadioSelect,
        choices=[("yes", "Yes, report it as a concern next"), ("no", "No")],
    )
    address = LongTextField(
        label="Address of the post or page",
        help_text="As text, if you have it. The portal never opens it and makes no link of it.",
        max_length=MOST_ADDRESS,
        required=False,
        rows=2,
    )
    did = forms.MultipleChoiceField(
        label="What was done about it already?",
        help_text="Tick what applies. Leave it empty if nothing was done yet.",
        choices=AbuseAct.Did.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    who = forms.CharField(
        label="Who did that?", help_text="Only if it was not you", max_length=100, required=False
    )
    note = forms.CharField(label="Anything to add about what was done", max_length=350, required=False)
    missing = {
        "place": "Choose where it was",
        "account": "Choose the account",
        "elsewhere": "Say where it was",
        "author": "Enter the name under which it was written",
        "words": "Enter what was written or shown",
        "nature": "Choose what it is",
        "against": "Choose against whom it is",
        "seen_on": "Enter the day on which it was seen",
        "seen_time": "Enter the time at which it was seen",
        "concern": "Choose whether it is also a concern about somebody",
    }
    reveals = {"place": {ON_ACCOUNT: ["account"], ELSEWHERE: ["elsewhere"]}}
    widths = {"seen_time": 5}

    def __init__(self, *args: Any, school: School, actor: User, profile: Profile, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        accounts = account_rules.visible_to(actor, "view").filter(
            school=school, status__in=SocialAccount.OPEN
        )
        accounts = accounts.select_related("platform").order_by("name", "pk")
        self._accounts(accounts)
        choices = [(ON_ACCOUNT, "On an account of the school"), (ELSEWHERE, "Somewhere else")]
        self.fields["place"].choices = choices
        if not takes_elsewhere(profile):
            self.option_hints = {"place": {ELSEWHERE: elsewhere_refused(profile)}}

    def _accounts(self, accounts: QuerySet[SocialAccount]) -> None:
        field = self.fields["account"]
        field.queryset = accounts
        field.label_from_instance = lambda one: f"{one.name} ({one.platform.name})"
        self.no_account = not accounts.exists()

    def clean(self) -> dict[str, Any]:
        """Without an account in sight, say what to do instead of showing an empty list."""
        data = super().clean()
        if data.get("place") == ON_ACCOUNT and self.no_account:
            self.errors.pop("account", None)
            self.add_error(
                "account", "You see no account of the school. Choose “Somewhere else” and name it."
            )
        return data

    @property
    def quick(self) -> list[BoundField]:
        """What is asked of everybody, in order; `more` may stay closed on a phone."""
        return [bound for bound in top_fields(self) if bound.name not in MORE]

    @property
    def more(self) -> list[BoundField]:
        """What a hurried person leaves out."""
        return [self[name] for name in MORE]

    @property
    def opened(self) -> bool:
        """Whether something stands in the closed part that must be seen."""
        return self.is_bound and any(self[name].errors or self[name].data for name in MORE)

    @property
    def seen(self) -> Seen:
        """The answers as the service takes them."""
        data = self.cleaned_data
        return Seen(
            seen_at=moment_of(data["seen_on"], data["seen_time"]),
            author=data["author"],
            words=data["words"],
            nature=data["nature"],
            against=data["against"],
            account=data["account"] if data["place"] == ON_ACCOUNT else None,
            elsewhere=data["elsewhere"] or "",
            address=data["address"],
        )

    @property
    def done(self) -> list[Done]:
        """What was done already; the note stands once, with what it tells of."""
        data, other = self.cleaned_data, AbuseAct.Did.OTHER.value
        acts = data["did"] or ([other] if data["who"] or data["note"] else [])
        noted = other if other in acts else next(iter(acts), "")
        return [Done(did, data["who"], data["note"] if did == noted else "") for did in acts]


class ShotForm(PortalForm):
    """Screenshots for an entry that stands in the log: the three facts are compulsory (CBC-11.04)."""

    files = OriginalsField(
        label="Screenshots",
        help_text="Up to 3 pictures or PDFs, of 10 MB each. They are kept as they are, and nothing is deleted.",
        most=MOST_FILES,
    )
    captured_on = DateInputsField(label="On which day was it taken?", earliest=_long_ago, latest=_today)
    captured_time = time_field("At what time?")
    shown_at = forms.CharField(
        label="Where was it seen?",
        help_text="The platform, and the account, group or page there",
        max_length=400,
    )
    captured_by = forms.CharField(label="Who took it?", max_length=150)
    title = forms.CharField(
        label="What does it show?",
        help_text="In a few words, for example: the comment and two answers",
        max_length=150,
    )
    missing = {
        "files": "Choose a screenshot",
        "captured_on": "Enter the day on which it was taken",
        "captured_time": "Enter the time at which it was taken",
        "shown_at": "Say where it was seen",
        "captured_by": "Enter the name of whoever took it",
        "title": "Say what it shows, in a few words",
    }
    widths = {"captured_time": 5}

    @property
    def shot(self) -> Shot:
        """The answers as the service takes them."""
        data = self.cleaned_data
        taken = moment_of(data["captured_on"], data["captured_time"])
        return Shot(data["shown_at"], taken, data["captured_by"], data["title"])


class ActForm(PortalForm):
    """What was done about an entry, and by whom."""

    did = forms.ChoiceField(label="What was done?", choices=AbuseAct.Did.choices, widget=forms.RadioSelect)
    who = forms.CharField(
        label="Who did it?", help_text="Only if it was not you", max_length=100, required=False
    )
    note = forms.CharField(
        label="Anything to add",
        help_text="For example the answer that was given, or the reference of the platform or the police",
        max_length=350,
        required=False,
    )
    missing = {"did": "Choose what was done"}

    @property
    def done(self) -> Done:
        """The answers as the service takes them."""
        return Done(**self.cleaned_data)


class LogFilter(FilterForm):
    """Search and filters above the log."""

    q = forms.CharField(label="Words or author")
    place = forms.ChoiceField(label="Where")
    nature = forms.ChoiceField(label="What it is", choices=[("", "Anything"), *AbuseNature.choices])
    against = forms.ChoiceField(label="Against", choices=[("", "Anybody"), *Against.choices])
    state = forms.ChoiceField(label="Status", choices=[("", "Any"), ("open", "Open"), ("done", "Done")])
    school = forms.ChoiceField(label="School")
    since = DateInputsField(label="Seen from")
    until = DateInputsField(label="Seen until")

    def __init__(
        self, *args: Any, places: list[Place], accounts: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = [
            ("", "Anywhere"),
            ("own", "On accounts of the school"),
            (ELSEWHERE, "Somewhere else"),
            *accounts,
        ]
        if len(places) > 1:
            self.fields["school"].choices = [("", "All"), *((str(one.uuid), one.name) for one in places)]
        else:
            del self.fields["school"]


class AbuseFiguresFilter(FilterForm):
    """Which school year, and counted by what."""

    year = forms.TypedChoiceField(label="School year", coerce=int)
    by = forms.ChoiceField(label="Counted by")
    school = forms.ChoiceField(label="School")

    def __init__(
        self, *args: Any, years: list[int], by: list[tuple[str, str]], places: list[Place], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(one, f"{one} to {one + 1}") for one in years]
        self.fields["by"].choices = by
        if len(places) > 1:
            self.fields["school"].choices = [("", "All"), *((str(one.uuid), one.name) for one in places)]
        else:
            del self.fields["school"]
