"""Input of the register's pages."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.utils import ErrorDict
from django.utils import timezone

from accounts.choices import Openness, Public, Right
from accounts.directory import Directory
from accounts.models import AccountRight, RightsRequest, SocialAccount
from accounts.services.account_details import LONGEST_PURPOSE
from core.forms import DateInputsField, FilterForm, LongTextField, PortalForm
from core.models import Platform
from people.governance.profile import Profile
from people.models import User
from people.selectors import Place

ROWS = 4
MOST_ROWS = 30
ADD = "add-person"
RIGHT_HINTS = {
    Right.LEAD: "Answers for the account. There is one.",
    Right.MODERATOR: "Watches comments and messages, and hides what does not belong.",
    Right.ADMINISTRATOR: "Holds the keys: settings, rights, and posting.",
    Right.POSTER: "Posts, and does not administer.",
}


class RegisterFilterForm(FilterForm):
    """Search and filters above the register. `rest` are the filters by the field that they ask about."""

    q = forms.CharField(label="Name, handle or person", max_length=100)
    school = forms.ChoiceField(label="School")
    platform = forms.ChoiceField(label="Platform")
    status = forms.ChoiceField(label="Status", choices=[("", "Any"), *SocialAccount.Status.choices])
    attention = forms.ChoiceField(label="Show", choices=[("", "All accounts"), ("yes", "Needs attention")])

    def __init__(
        self, *args: Any, schools: Iterable[Place], platforms: Iterable[Platform], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        schools = list(schools)
        self.fields["school"].choices = [("", "Any"), *((str(one.uuid), one.name) for one in schools)]
        self.fields["platform"].choices = [("", "Any"), *((one.slug, one.name) for one in platforms)]
        if len(schools) < 2:
            del self.fields["school"]

    @property
    def rest(self) -> dict[str, Any]:
        """School, platform and status, as the arguments of `filter`."""
        fields = {"school": "school__uuid", "platform": "platform__slug", "status": "status"}
        return {fields[name]: value for name, value in self.chosen.items() if name in fields}


def _handle(**more: Any) -> forms.CharField:
    return forms.CharField(label="Handle", help_text="For example @hilltop_year6", max_length=100, **more)


def _address(**more: Any) -> forms.CharField:
    return forms.CharField(
        label="Address of its page",
        help_text="The whole address, beginning with https://",
        max_length=500,
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
        **more,
    )


def _official_email(required: bool) -> forms.EmailField:
    return forms.EmailField(
        label="Official e-mail address",
        help_text="The address of the school or trust with which the account is held, never a personal one.",
        required=required,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class LiveForm(PortalForm):
    """Recording that an approved account is live."""

    handle = _handle(required=False)
    address = _address()
    live_since = DateInputsField(label="Live since", latest=timezone.localdate)
    missing = {
        "address": "Enter the address of the account's page",
        "live_since": "Enter the day on which it went live",
    }
    widths = {"handle": 20}


class ChangeForm(PortalForm):
    """Correcting what the register says of an account. What is there may be replaced, not emptied."""

    name = forms.CharField(label="Name of the account", max_length=120)
    handle = _handle(required=False)
    address = _address(required=False)
    official_email = _official_email(required=False)
    missing = {
        "name": "Enter the name of the account",
        "address": "Enter the address of the account's page",
        "official_email": "Enter the official e-mail address",
    }
    widths = {"handle": 20}

    def __init__(self, *args: Any, account: SocialAccount, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("address", "official_email"):
            self.fields[name].required = bool(getattr(account, name))


class CloseForm(PortalForm):
    """Closing an account."""

    because = LongTextField(label="Why is it closed?", max_length=500, rows=4)
    missing = {"because": "Say why the account is closed"}


class EndForm(PortalForm):
    """Ending a right at once."""

    because = LongTextField(label="Why does the right end?", max_length=300, rows=3)
    missing = {"because": "Say why the right ends"}


class RightsForm(PortalForm):
    """Asking that a right be given, given until a day, or ended."""

    move = forms.ChoiceField(
        label="What do you ask for?",
        widget=forms.RadioSelect,
        choices=[(RightsRequest.Move.GRANT, "Give a right"), (RightsRequest.Move.END, "End a right")],
    )
    until = DateInputsField(
        label="Last day",
        help_text="Leave it empty if the right has no end.",
        required=False,
        earliest=timezone.localdate,
    )
    user = forms.ChoiceField(label="Person")
    right = forms.ChoiceField(label="Right", widget=forms.RadioSelect, choices=Right.choices)
    reason = LongTextField(
        label="Reason", help_text="The people who sign will read it.", required=False, max_length=500, rows=3
    )
    missing = {
        "move": "Choose whether to give or to end a right",
        "user": "Choose the person",
        "right": "Choose the right",
    }
    reveals = {"move": {RightsRequest.Move.GRANT: ["until"]}}
    option_hints = {"right": RIGHT_HINTS}

    def __init__(
        self,
        *args: Any,
        directory: Directory,
        profile: Profile,
        held: Iterable[AccountRight],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.users = {str(user.uuid): user for user in directory.people}
        self.users.update({str(row.user.uuid): row.user for row in held})
        self.fields["user"].choices = people_choices(directory, profile, self.users.values())

    @property
    def person(self) -> User:
        """Whom it is about."""
        return self.users[self.cleaned_data["user"]]


def people_choices(directory: Directory, profile: Profile, people: Iterable[User]) -> list[tuple[str, str]]:
    """A list of people by name and role, which begins with no choice."""
    named = [(str(user.uuid), directory.named(user, profile)) for user in people]
    return [("", "Choose a person"), *sorted(named, key=lambda pair: pair[1].casefold())]


class EntryForm(PortalForm):
    """An account that is older than the portal: its facts, and rows of person and right."""

    once = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(label="Name of the account", max_length=120)
    platform = forms.ChoiceField(
        label="Platform", help_text="If yours is not in the list, ask your IT lead to add it."
    )
    handle = _handle(required=False)
    address = _address(required=False)
    official_email = _official_email(required=False)
    purpose = LongTextField(label="What is it for?", required=False, max_length=LONGEST_PURPOSE, rows=4)
    audience = forms.MultipleChoiceField(
        label="Who is it for?",
        required=False,
        choices=Public.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    openness = forms.ChoiceField(
        label="Is it open or closed?", required=False, choices=Openness.choices, widget=forms.RadioSelect
    )
    live_since = DateInputsField(
        label="Live since",
        help_text="If you do not know, leave it empty: the day of the confirmation will count.",
        required=False,
        latest=timezone.localdate,
    )
    missing = {"name": "Enter the name of the account", "platform": "Choose the platform"}
    mark_optional = False
    widths = {"handle": 20}
    FACTS = (
        "name", "platform", "handle", "address", "official_email", "purpose", "audience", "openness", "live_since",
    )  # fmt: skip

    def __init__(
        self, *args: Any, platforms: Iterable[Platform], directory: Directory, profile: Profile, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.platforms = {one.slug: one for one in platforms}
        self.fields["platform"].choices = [
            ("", "Choose a platform"),
            *((one.slug, one.name) for one in self.platforms.values()),
        ]
        self.users = {str(user.uuid): user for user in directory.people}
        choices = people_choices(directory, profile, self.users.values())
        self.count = self._row_count()
        for number in range(1, self.count + 1):
            self.fields[f"person_{number}"] = forms.ChoiceField(
                label=f"Person {number}", required=False, choices=choices
            )
            self.fields[f"right_{number}"] = forms.ChoiceField(
                label=f"Right of person {number}",
                required=False,
                choices=[("", "Choose a right"), *Right.choices],
            )

    def _row_count(self) -> int:
        """As many rows as the page had, and one more where it was asked for."""
        if not self.is_bound:
            return ROWS
        posted = 0
        while posted < MOST_ROWS and f"person_{posted + 1}" in self.data:
            posted += 1
        return min(max(ROWS, posted + (self.data.get("action") == ADD)), MOST_ROWS)

    @property
    def rows(self) -> list[tuple[int, BoundField, BoundField]]:
        """Number, person and right of each row, for the page."""
        return [(n, self[f"person_{n}"], self[f"right_{n}"]) for n in range(1, self.count + 1)]

    @property
    def facts(self) -> list[BoundField]:
        """The boxes above the people, for the page."""
        return [self[name] for name in self.FACTS]

    @property
    def may_add(self) -> bool:
        """Whether there may be one row more."""
        return self.count < MOST_ROWS

    def unchecked(self) -> "EntryForm":
        """The same input without a word on what is missing: only a row was asked for."""
        self._errors = ErrorDict()
        return self

    def clean(self) -> dict[str, Any]:
        """A row needs both its person and their right, and names nobody twice with the same right."""
        cleaned = super().clean()
        seen: set[tuple[str, str]] = set()
        for number in range(1, self.count + 1):
            person, right = cleaned.get(f"person_{number}"), cleaned.get(f"right_{number}")
            if person and not right and f"right_{number}" not in self.errors:
                self.add_error(f"right_{number}", f"Choose the right of person {number}")
            if right and not person and f"person_{number}" not in self.errors:
                self.add_error(f"person_{number}", f"Choose person {number}, or take the right away")
            if person and right and (person, right) in seen:
                self.add_error(f"person_{number}", "This person stands here already with the same right")
            seen.add((person or "", right or ""))
        return cleaned

    def values(self) -> dict[str, Any]:
        """The facts, as fields of the account."""
        values = {name: self.cleaned_data[name] for name in self.FACTS}
        return {**values, "platform": self.platforms[values["platform"]]}

    def people(self) -> list[tuple[int, User, str]]:
        """Number of the row, person and right of each row that is filled in."""
        chosen = (
            (n, self.cleaned_data[f"person_{n}"], self.cleaned_data[f"right_{n}"])
            for n in range(1, self.count + 1)
        )
        return [(n, self.users[person], right) for n, person, right in chosen if person and right]


class ImportForm(PortalForm):
    """A file of existing accounts."""

    once = forms.UUIDField(widget=forms.HiddenInput)
    file = forms.FileField(
        label="CSV file",
        help_text="From your spreadsheet: save as “CSV UTF-8”. Up to 200 accounts.",
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )
    missing = {"file": "Choose the file"}
