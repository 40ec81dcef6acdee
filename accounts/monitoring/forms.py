"""Input of the pages about monitoring."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms.boundfield import BoundField
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.models import MonitoredAccount, MonitoringReport, SocialAccount
from accounts.monitoring.facts import Noted
from accounts.monitoring.services import MOST_ACTIONS, MOST_WORDS
from accounts.monitoring.written import TEXTS, Act, Looked, Written, draft_state
from core.forms import DateInputsField, FilterForm, LongTextField, PortalForm
from people.models import User
from people.selectors import Place

FREE_ROWS = 3
NOT_SEEN = MonitoredAccount.Found.NOT_SEEN
STATES = {
    "draft": "Drafts",
    "unread": "For me to read",
    "open": "Something to be done",
    "overdue": "Something overdue",
    "done": "All done",
}


def _today() -> date:
    return timezone.localdate()


def _long_ago() -> date:
    return _today() - timedelta(days=3 * 365)


def _named(word: str, account: str) -> SafeString:
    """A label that is short to look at, and names the account to whoever hears it."""
    return format_html('{}<span class="govuk-visually-hidden"> on {}</span>', word, account)


@dataclass(frozen=True)
class AccountRow:
    """One account of the form: what the portal knows, and its two boxes."""

    account: SocialAccount
    noted: Noted
    found: BoundField
    note: BoundField

    @property
    def is_entered(self) -> bool:
        """Whether somebody has said what they found."""
        return self.found.value() not in (None, "", NOT_SEEN)


@dataclass
class AccountGroup:
    """The accounts on one platform: those that call for attention or hold an error stand open, the rest folded."""

    anchor: str
    title: str
    all_others: BoundField
    others_are: BoundField
    first: list[AccountRow] = dataclass_field(default_factory=list)
    others: list[AccountRow] = dataclass_field(default_factory=list)

    @property
    def entered(self) -> int:
        """How many have an entry."""
        return sum(row.is_entered for row in (*self.first, *self.others))

    @property
    def left(self) -> list[AccountRow]:
        """The folded ones without an entry."""
        return [row for row in self.others if not row.is_entered]

    @property
    def size(self) -> int:
        """How many accounts there are."""
        return len(self.first) + len(self.others)

    @property
    def all_fine(self) -> str:
        """What one tick says of all that are left."""
        many = len(self.left)
        if many == 1:
            return "I looked at the one folded account without an entry, and found nothing to note"
        return f"I looked at the {many} folded accounts without an entry, and found nothing to note"


class MonitoringForm(PortalForm):
    """One report: its time, what was found, each account, and what follows.

    Accounts stand by platform. Of those that nothing is known against, one tick says that all were looked at and
    there is nothing to note: it holds for the accounts that stood on the page and got no entry of their own.
    `seen`: what the draft said when the page was opened.
    """

    mark_optional = False
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    once = forms.UUIDField(widget=forms.HiddenInput)
    starts_on = DateInputsField(label="From which day?", earliest=_long_ago, latest=_today)
    ends_on = DateInputsField(label="Until which day?", earliest=_long_ago, latest=_today)
    findings = LongTextField(
        label="What was looked at, and what was found?", max_length=MOST_WORDS, required=False
    )
    mitigations = LongTextField(
        label="What is done to lower the risks?", max_length=MOST_WORDS, rows=4, required=False
    )
    elsewhere = LongTextField(
        label="What is said of the school elsewhere in public?",
        help_text="Groups and accounts that are not the school’s. Look at what anybody can see, and name no pupil.",
        max_length=MOST_WORDS,
        rows=3,
        required=False,
    )
    resources = LongTextField(
        label="Do the accounts have what they need to be kept up to date?",
        help_text="Time, people, training, equipment",
        max_length=MOST_WORDS,
        rows=3,
        required=False,
    )
    missing = {"starts_on": "Enter the first day", "ends_on": "Enter the last day"}

    def __init__(
        self,
        *args: Any,
        accounts: Sequence[SocialAccount],
        noted: Mapping[int, Noted],
        people: QuerySet[User],
        rows: int = 0,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.accounts = sorted(accounts, key=lambda one: (one.platform.name, one.name, one.pk))
        self.noted = noted
        for platform in {one.platform for one in self.accounts}:
            self.fields[f"rest-{platform.slug}"] = forms.BooleanField(required=False)
            self.fields[f"of-{platform.slug}"] = forms.CharField(widget=forms.HiddenInput, required=False)
        for one in self.accounts:
            self.fields[f"found-{one.uuid}"] = forms.ChoiceField(
                label=_named("Found", one.name),
                choices=MonitoredAccount.Found.choices,
                initial=MonitoredAccount.Found.NOT_SEEN,
                required=False,  # an account that came into use since the page was opened was not looked at
            )
            self.fields[f"note-{one.uuid}"] = forms.CharField(
                label=_named("Note", one.name), max_length=500, required=False
            )
        self.slots = self._sent_rows() if self.is_bound else min(MOST_ACTIONS, rows + FREE_ROWS)
        choices = [("", "Nobody"), *((str(one.uuid), one.full_name) for one in people)]
        self.people = {str(one.uuid): one for one in people}
        for place in range(self.slots):
            self.fields[f"what-{place}"] = forms.CharField(
                label="What is to be done?", max_length=300, required=False
            )
            self.fields[f"owner-{place}"] = forms.ChoiceField(
                label="Who does it?", choices=choices, required=False
            )
            self.fields[f"due-{place}"] = DateInputsField(label="Until which day?", required=False)

    def _sent_rows(self) -> int:
        return sum(f"what-{place}" in self.data for place in range(MOST_ACTIONS))

    def clean(self) -> dict[str, Any]:
        """An action needs all three: what, who, until when."""
        data = super().clean()
        for place in range(self.slots):
            said = {name: data.get(f"{name}-{place}") for name in ("what", "owner", "due")}
            if not any(said.values()):
                continue
            words = {
                "what": "Say what is to be done",
                "owner": "Choose who does it",
                "due": "Enter the day until which it is to be done",
            }
            for name, value in said.items():
                if not value and f"{name}-{place}" not in self.errors:
                    self.add_error(f"{name}-{place}", words[name])
        return data

    @cached_property
    def groups(self) -> list[AccountGroup]:
        """The accounts by platform."""
        found: dict[str, AccountGroup] = {}
        for one in self.accounts:
            slug, name = one.platform.slug, one.platform.name
            group = found.setdefault(
                slug, AccountGroup(f"group-{slug}", name, self[f"rest-{slug}"], self[f"of-{slug}"])
            )
            row = AccountRow(
                one, self.noted.get(one.pk, Noted()), self[f"found-{one.uuid}"], self[f"note-{one.uuid}"]
            )
            stands_open = row.noted.warnings or row.found.errors or row.note.errors
            (group.first if stands_open else group.others).append(row)
        for group in found.values():
            those = " ".join(str(row.account.uuid) for row in group.left)
            self.initial[group.others_are.name] = those
            group.all_others.label = group.all_others.field.label = group.all_fine
        return list(found.values())

    @property
    def entered(self) -> int:
        """How many accounts have an entry."""
        return sum(group.entered for group in self.groups)

    @property
    def known(self) -> list[str]:
        """What the portal knows of all of them, in numbers."""
        calling = sum(bool(self.noted[one.pk].warnings) for one in self.accounts if one.pk in self.noted)
        never = sum(self.noted[one.pk].looked_on is None for one in self.accounts if one.pk in self.noted)
        return [
            f"Accounts in use: {len(self.accounts)}",
            f"Something calls for attention: {calling}",
            f"Never looked at in a report that was sent: {never}",
        ]

    @property
    def action_rows(self) -> list[tuple[int, BoundField, BoundField, BoundField]]:
        """Each action, by number, with its three boxes."""
        return [
            (place + 1, self[f"what-{place}"], self[f"owner-{place}"], self[f"due-{place}"])
            for place in range(self.slots)
        ]

    def _found(self, account: SocialAccount) -> str:
        """What was found on an account: its own entry, else what was said of all others on the platform."""
        data, slug = self.cleaned_data, account.platform.slug
        found = data[f"found-{account.uuid}"] or NOT_SEEN
        with_the_rest = data[f"rest-{slug}"] and str(account.uuid) in data[f"of-{slug}"].split()
        return MonitoredAccount.Found.FINE if found == NOT_SEEN and with_the_rest else found

    @property
    def written(self) -> Written:
        """The answers as the service takes them."""
        data = self.cleaned_data
        return Written(
            starts_on=data["starts_on"],
            ends_on=data["ends_on"],
            findings=data["findings"],
            mitigations=data["mitigations"],
            elsewhere=data["elsewhere"],
            resources=data["resources"],
            accounts={one: Looked(self._found(one), data[f"note-{one.uuid}"]) for one in self.accounts},
            actions=tuple(
                Act(data[f"what-{place}"], self.people[data[f"owner-{place}"]], data[f"due-{place}"])
                for place in range(self.slots)
                if data[f"what-{place}"]
            ),
        )


def initial_of(report: MonitoringReport) -> dict[str, Any]:
    """What a draft says, as the form shows it."""
    found: dict[str, Any] = {"seen": draft_state(report)}
    found |= {name: getattr(report, name) for name in ("once", *TEXTS)}
    for looked in report.accounts.select_related("account"):
        found[f"found-{looked.account.uuid}"] = looked.found
        found[f"note-{looked.account.uuid}"] = looked.note
    for place, action in enumerate(report.actions.select_related("owner")):
        found[f"what-{place}"] = action.what
        found[f"owner-{place}"] = str(action.owner.uuid)
        found[f"due-{place}"] = action.due_on
    return found


class ActionDoneForm(PortalForm):
    """What came of an action."""

    note = forms.CharField(label="What was done?", max_length=300)
    missing = {"note": "Say what was done"}


class MonitoringFilter(FilterForm):
    """Search and filters above the list of reports."""

    q = forms.CharField(label="Words in the report")
    state = forms.ChoiceField(label="Status", choices=[("", "Any"), *STATES.items()])
    school = forms.ChoiceField(label="School")

    def __init__(self, *args: Any, places: list[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _schools(self, places)


class StateFilter(FilterForm):
    """Search and filters above the accounts by when they were last looked at."""

    q = forms.CharField(label="Name of the account")
    found = forms.ChoiceField(
        label="Found last time",
        choices=[("", "Anything"), ("never", "Never looked at"), *MonitoredAccount.Found.choices[:-1]],
    )
    school = forms.ChoiceField(label="School")

    def __init__(self, *args: Any, places: list[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _schools(self, places)


def _schools(form: FilterForm, places: list[Place]) -> None:
    if len(places) > 1:
        form.fields["school"].choices = [("", "All"), *((str(one.uuid), one.name) for one in places)]
    else:
        del form.fields["school"]
