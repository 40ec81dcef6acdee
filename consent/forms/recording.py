"""Input of keying an answer in."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils import timezone

from consent.models import Contact, Purpose, Responsibility, Route, Tie, Weight, Wording
from consent.terms import Terms
from core.forms import DateInputsField, LongTextField, PortalForm
from core.tables import date_text
from core.uploads import FilesField

PUPIL = "pupil"
HOLDS = {
    Responsibility.YES: "holds parental responsibility",
    Responsibility.NO: "does not hold parental responsibility: the answer has to be checked",
    Responsibility.UNKNOWN: "parental responsibility is not recorded: the answer has to be checked",
}
NOTED = "Noted only: it does not count until it comes in writing"
KEYED_ROUTES = [route for route in Route if route != Route.LINK]


class ReplyForm(PortalForm):
    """Who answered, how and when, and yes or no to each question. Nothing is ticked beforehand."""

    once = forms.UUIDField(widget=forms.HiddenInput)
    who = forms.ChoiceField(label="Who answered?", widget=forms.RadioSelect)
    capable = forms.ChoiceField(
        label="Does the pupil understand what it means?",
        help_text="Where and to whom they are shown, and that they may change their mind",
        widget=forms.RadioSelect,
        choices=[("yes", "Yes"), ("no", "No, or not sure")],
    )
    route = forms.ChoiceField(label="How did it reach the school?", widget=forms.RadioSelect)
    received_on = DateInputsField(
        label="When did it reach the school?", help_text="The day, like 27 3 2026", latest=timezone.localdate
    )
    words = LongTextField(
        label="What else was said, if anything",
        help_text="Only what matters for the consent",
        required=False,
        max_length=1000,
        rows=3,
    )
    scans = FilesField(
        label="Scan of the paper, if there is one",
        help_text="Up to 3 files: PDF, or a picture (JPEG, PNG, WebP, GIF, TIFF), 10 MB each. "
        "Choose all of them at once",
        required=False,
    )
    missing = {
        "who": "Choose who answered",
        "capable": "Choose whether the pupil understands what it means",
        "route": "Choose how it reached the school",
        "received_on": "Enter the day on which it reached the school",
    }
    inline = ("capable",)
    mark_optional = False

    def __init__(
        self,
        *args: Any,
        ties: Iterable[Tie],
        adult: bool,
        terms: Terms,
        purposes: Iterable[Purpose],
        wordings: Mapping[int, list[Wording]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.contacts = {str(tie.contact.uuid): tie.contact for tie in ties}
        self.purposes = list(purposes)
        self.wordings = wordings
        self.fields["who"].choices = [
            *((str(tie.contact.uuid), str(tie.contact)) for tie in ties),
            (PUPIL, "The pupil"),
        ]
        self.option_hints = {
            "who": {
                str(tie.contact.uuid): ", ".join(
                    part for part in (tie.relationship, HOLDS[Responsibility(tie.responsibility)]) if part
                )
                for tie in ties
            },
            "route": {route.value: NOTED for route in KEYED_ROUTES if terms.weight_of(route) == Weight.NOTED},
        }
        self.fields["route"].choices = [(route.value, route.label) for route in KEYED_ROUTES]
        if adult:
            del self.fields["capable"]
        else:
            self.reveals = {"who": {PUPIL: ["capable"]}}
            self.required_when_revealed = {"capable"}
            self.fields["capable"].required = False
        self._ask_questions()

    def _ask_questions(self) -> None:
        """Three options to each question, and which version of its words was answered if there are several."""
        asked: dict[str, forms.Field] = {}
        for purpose in self.purposes:
            asked[answer_field(purpose)] = forms.ChoiceField(
                label=purpose.title,
                widget=forms.RadioSelect,
                choices=[("yes", "Yes"), ("no", "No"), ("none", "No answer given")],
                required=False,
            )
            versions = self.wordings.get(purpose.pk, [])
            if len(versions) > 1:
                asked[version_field(purpose)] = forms.ChoiceField(
                    label=f"Version of the words: {purpose.title}",
                    choices=[
                        (str(one.number), f"Version {one.number}, in use since {date_text(one.at)}")
                        for one in versions
                    ],
                )
        after = list(self.fields.items())
        place = [name for name, _ in after].index("words")
        self.fields = dict([*after[:place], *asked.items(), *after[place:]])
        self.inline = (*self.inline, *(answer_field(one) for one in self.purposes))
        self.asked = tuple(asked)

    def clean(self) -> dict:
        """At least one question is answered."""
        data = super().clean()
        if not self.answers and self.purposes and not any(name in self.errors for name in self.asked):
            self.add_error(answer_field(self.purposes[0]), "Answer at least one question with yes or no")
        return data

    @property
    def contact(self) -> Contact | None:
        """Who answered; None for the pupil."""
        return self.contacts.get(self.cleaned_data["who"])

    @property
    def answers(self) -> dict[int, bool]:
        """Yes or no by id of the purpose, where one was given."""
        given = {one.pk: self.cleaned_data.get(answer_field(one)) for one in self.purposes}
        return {pk: value == "yes" for pk, value in given.items() if value in ("yes", "no")}

    @property
    def shown(self) -> dict[int, int]:
        """The id of the wording that each answer rests on, by purpose."""
        found: dict[int, int] = {}
        for purpose in self.purposes:
            versions = self.wordings.get(purpose.pk, [])
            number = self.cleaned_data.get(version_field(purpose)) or ""
            chosen = next((one for one in versions if str(one.number) == number), None) or next(
                iter(versions), None
            )
            if chosen is not None and purpose.pk in self.answers:
                found[purpose.pk] = chosen.pk
        return found


def answer_field(purpose: Purpose) -> str:
    """The name of the field of a question."""
    return f"answer_{purpose.uuid.hex}"


def version_field(purpose: Purpose) -> str:
    """The name of the field for the version of its words."""
    return f"version_{purpose.uuid.hex}"
