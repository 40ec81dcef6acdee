"""Input of the pages about monitoring."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms.boundfield import BoundField
from django.utils import timezone

from accounts.models import MonitoredAccount, MonitoringReport, SocialAccount
from accounts.monitoring.services import MOST_ACTIONS, MOST_WORDS, Act, Looked, Written
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


class MonitoringForm(PortalForm):
    """One report: its time, what was found, each account, and what follows."""

    mark_optional = False
    once = forms.UUIDField(widget=forms.HiddenInput)
    starts_on = DateInputsField(label="From which day?", earliest=_long_ago, latest=_today)
    ends_on = DateInputsField(label="Until which day?", earliest=_long_ago, latest=_today)
    findings = LongTextField(
        label="What was looked at, and what was found?", max_length=MOST_WORDS, required=False
    )
    mitigations = LongTextField(
        label="What is done to lower the risks?", max_length=MOST_WORDS, rows=4, required=False
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
        facts: Mapping[int, list[str]],
        people: QuerySet[User],
        rows: int = 0,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.accounts, self.facts = list(accounts), facts
        for one in self.accounts:
            self.fields[f"found-{one.uuid}"] = forms.ChoiceField(
                label=f"What did you find on {one.name}?",
                choices=MonitoredAccount.Found.choices,
                initial=MonitoredAccount.Found.NOT_SEEN,
                required=False,  # an account that came into use since the page was opened was not looked at
            )
            self.fields[f"note-{one.uuid}"] = forms.CharField(
                label=f"Note on {one.name}", max_length=500, required=False
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

    @property
    def account_rows(self) -> list[tuple[SocialAccount, list[str], BoundField, BoundField]]:
        """Each account with what the portal knows, and its two boxes."""
        return [
            (one, self.facts.get(one.pk, []), self[f"found-{one.uuid}"], self[f"note-{one.uuid}"])
            for one in self.accounts
        ]

    @property
    def action_rows(self) -> list[tuple[int, BoundField, BoundField, BoundField]]:
        """Each action, by number, with its three boxes."""
        return [
            (place + 1, self[f"what-{place}"], self[f"owner-{place}"], self[f"due-{place}"])
            for place in range(self.slots)
        ]

    @property
    def written(self) -> Written:
        """The answers as the service takes them."""
        data = self.cleaned_data
        return Written(
            starts_on=data["starts_on"],
            ends_on=data["ends_on"],
            findings=data["findings"],
            mitigations=data["mitigations"],
            resources=data["resources"],
            accounts={
                one: Looked(data[f"found-{one.uuid}"] or NOT_SEEN, data[f"note-{one.uuid}"])
                for one in self.accounts
            },
            actions=tuple(
                Act(data[f"what-{place}"], self.people[data[f"owner-{place}"]], data[f"due-{place}"])
                for place in range(self.slots)
                if data[f"what-{place}"]
            ),
        )


def initial_of(report: MonitoringReport) -> dict[str, Any]:
    """What a draft says, as the form shows it."""
    found: dict[str, Any] = {
        name: getattr(report, name)
        for name in ("once", "starts_on", "ends_on", "findings", "mitigations", "resources")
    }
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
