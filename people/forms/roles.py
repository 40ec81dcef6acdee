"""Inviting people, giving roles, files of people, the first password."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone

from core import csvfiles
from core.forms import DateInputsField, PortalForm
from people import titles
from people.governance.who import joined
from people.models import School, Trust, User
from people.services.memberships import needs_second_person

ONE, WHOLE = "school", "trust"


def confirmed_words(choices: list[tuple[str, str]]) -> str:
    """The roles that wait for a second person; a post is named only where its role alone does not wait."""
    waiting = {spec: words for spec, words in choices if needs_second_person(*titles.split(spec))}
    return joined(
        words for spec, words in waiting.items() if "/" not in spec or titles.split(spec)[0] not in waiting
    )


class Nothing(PortalForm):
    """A page with one button: nothing is typed, but the password may be asked for."""


class RoleFields(PortalForm):
    """Role, first and last day; shared by giving a role and inviting."""

    role = forms.ChoiceField(label="Role")
    starts = DateInputsField(label="First day", help_text="For example, 1 9 2026")
    ends = DateInputsField(
        label="Last day",
        required=False,
        latest=None,
        help_text="Leave it empty for a role without an end. On the day after, the role ends by itself.",
    )
    missing = {"role": "Choose a role"}

    def __init__(self, *args: Any, choices: list[tuple[str, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = choices or titles.choices(None)
        self.fields["role"].choices = [("", "Choose one"), *choices]
        self.fields[
            "role"
        ].help_text = f"These begin when a second person confirms them: {confirmed_words(choices)}"
        self.fields["starts"].initial = timezone.localdate()

    def clean(self) -> dict:
        """The last day is not before the first."""
        cleaned = super().clean()
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if starts and ends and ends < starts:
            self.add_error("ends", "The last day must not be before the first")
        return cleaned

    @property
    def given(self) -> dict[str, Any]:
        """Role, post and days as the services take them."""
        role, post = titles.split(self.cleaned_data["role"])
        return {
            "role": role,
            "post": post,
            "starts": self.cleaned_data["starts"],
            "ends": self.cleaned_data["ends"],
        }


class GiveRole(RoleFields):
    """A further role, at one school or in a whole trust."""

    where = forms.ChoiceField(label="Where does the role hold?", widget=forms.RadioSelect)
    school = forms.ChoiceField(label="Which school?")
    trust = forms.ChoiceField(label="Which trust?")
    field_order = ("where", "school", "trust", "role", "starts", "ends")
    reveals = {"where": {ONE: ["school"], WHOLE: ["trust"]}}
    missing = {
        **RoleFields.missing,
        "where": "Choose whether the role holds at one school or in the whole trust",
    }
    option_hints = {"where": {WHOLE: "At every school of the trust, also at schools that join it later."}}

    def __init__(self, *args: Any, schools: Iterable[School], trusts: Iterable[Trust], **kwargs: Any) -> None:
        self.schools = {str(row.uuid): row for row in schools}
        self.trusts = {str(row.uuid): row for row in trusts}
        if not (self.schools and self.trusts):
            self.reveals = {}
        super().__init__(*args, **kwargs)
        for name, places in (("school", self.schools), ("trust", self.trusts)):
            self._offer(name, places)
        if self.reveals:
            self.fields["where"].choices = [(ONE, "At one school"), (WHOLE, "In the whole trust")]
        else:
            del self.fields["where"]

    def _offer(self, name: str, places: dict[str, Any]) -> None:
        field = self.fields[name]
        options = [(key, place.name) for key, place in places.items()]
        field.choices = options if len(options) == 1 else [("", "Choose one"), *options]
        if not options:
            del self.fields[name]
        elif len(options) == 1 and not self.reveals:
            field.widget = forms.HiddenInput()
            field.initial = options[0][0]

    @property
    def only_place(self) -> School | Trust | None:
        """The place, where there is no choice, for the heading of the page."""
        places = [*self.schools.values(), *self.trusts.values()]
        return places[0] if len(places) == 1 else None

    @property
    def place(self) -> dict[str, School | Trust | None]:
        """The school or the trust, as the services take them."""
        data = self.cleaned_data
        if data.get("where") == WHOLE or not self.schools:
            return {"school": None, "trust": self.trusts[data["trust"]]}
        return {"school": self.schools[data["school"]], "trust": None}


class Invite(RoleFields):
    """A new person and their first role; the role may hold in the whole trust."""

    full_name = forms.CharField(
        label="Full name", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        help_text="Their own school address. The invitation goes there, and they sign in with it.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    where = forms.ChoiceField(label="Where does the role hold?", widget=forms.RadioSelect)
    field_order = ("full_name", "email", "where", "role", "starts", "ends")
    missing = {
        **RoleFields.missing,
        "full_name": "Enter the person’s full name",
        "email": "Enter an e-mail address",
    }

    def __init__(self, *args: Any, school: School, whole_trust: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not whole_trust:
            del self.fields["where"]
            return
        self.fields["where"].choices = [
            (ONE, f"At {school.name}"),
            (WHOLE, f"In the whole of {school.trust.name}"),
        ]
        self.fields["where"].initial = ONE

    @property
    def in_whole_trust(self) -> bool:
        """Whether the role is to hold in the whole trust."""
        return self.cleaned_data.get("where") == WHOLE


class StaffFile(PortalForm):
    """A CSV file of people."""

    file = forms.FileField(label="CSV file", widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}))
    missing = {"file": "Choose a CSV file"}

    def clean_file(self) -> bytes:
        """The bytes of the file, if it is not too large to read."""
        upload = self.cleaned_data["file"]
        if upload.size > csvfiles.MAX_BYTES:
            raise ValidationError("The file is larger than 5 MB. Split it into smaller files")
        return upload.read()


class FirstPassword(PortalForm):
    """The password with which a person joins."""

    password = forms.CharField(
        label="Choose a password",
        help_text=(
            "At least 12 characters. Three words that only you would put together are good. "
            "It must not be like your name or address, a well-known password, or numbers only."
        ),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    missing = {"password": "Choose a password"}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        """The rules of the portal, with this person's name and address in mind."""
        password = self.cleaned_data["password"]
        validate_password(password, self.user)
        return password
