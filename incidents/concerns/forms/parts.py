"""Input about the people of a case: a person added, a pupil found in the register, a mistake."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms

from consent.models import Pupil
from core.forms import PortalForm
from incidents.concerns.services.sending import Somebody
from incidents.models import PartIn, Sort
from people.models import School, User
from people.selectors import people_at

AS_TYPED = "typed"
Found = Callable[[str], Iterable[Pupil]]
"""From what was typed to the pupils whom it may mean."""


def _named(pupil: Pupil) -> str:
    return f"{pupil.name}, {pupil.class_name}" if pupil.class_name else pupil.name


class PersonForm(PortalForm):
    """Who it is and which part they have. A pupil's name is looked up; then the same page asks which one."""

    part = forms.ChoiceField(
        label="What is their part in it?", widget=forms.RadioSelect, choices=PartIn.choices
    )
    sort = forms.ChoiceField(label="Who is it?", widget=forms.RadioSelect, choices=Sort.choices)
    pupil_name = forms.CharField(label="Name of the pupil", max_length=150)
    which = forms.ChoiceField(label="Which pupil is it?", widget=forms.RadioSelect, required=False)
    person = forms.ModelChoiceField(
        label="Which member of staff?", queryset=User.objects.none(), to_field_name="uuid"
    )
    parent_name = forms.CharField(label="Name of the parent or carer", max_length=150)
    words = forms.CharField(label="Name or description of somebody else", max_length=150)
    unknown = forms.CharField(label="What is known of them", max_length=150)
    looked = forms.CharField(widget=forms.HiddenInput, required=False)

    missing = {
        "part": "Choose what their part in it is",
        "sort": "Choose who it is",
        "pupil_name": "Enter the name of the pupil",
        "person": "Choose the member of staff",
        "parent_name": "Enter the name of the parent or carer",
        "words": "Enter a name, or what is known of them",
        "unknown": "Say what is known of them",
    }
    reveals = {
        "sort": {
            Sort.PUPIL: ["pupil_name", "which"],
            Sort.STAFF: ["person"],
            Sort.PARENT: ["parent_name"],
            Sort.OTHER: ["words"],
            Sort.UNKNOWN: ["unknown"],
        }
    }
    option_hints = {
        "part": {
            PartIn.VICTIM: "A colleague with this part does not read the case from now on.",
            PartIn.SUBJECT: "A colleague with this part does not read the case from now on.",
        }
    }

    def __init__(self, *args: Any, school: School, actor: User, found: Found, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people_at(school).exclude(pk=actor.pk)
        self._offer(found)

    def _offer(self, found: Found) -> None:
        """The pupils whom the typed name may mean, on the second look at the page."""
        typed = self.data.get("pupil_name", "").strip() if self.is_bound else ""
        is_pupil = self.is_bound and self.data.get("sort") == Sort.PUPIL
        self.pupils = {str(one.uuid): one for one in found(typed)} if is_pupil and typed else {}
        self.was_asked = bool(typed) and self.data.get("looked") == typed
        if self.is_bound:
            self.data = self.data.copy()
            self.data["looked"] = typed
        if not self.pupils:
            del self.fields["which"]
            return
        self.fields["which"].choices = [
            *((key, _named(one)) for key, one in self.pupils.items()),
            (AS_TYPED, "None of these: keep the name as I typed it"),
        ]

    def clean(self) -> dict:
        """A pupil who may be in the register is chosen, or left as typed, once the page has asked."""
        cleaned = super().clean()
        if self.was_asked and self.must_ask and "which" not in self.errors:
            self.add_error("which", "Choose which pupil it is, or that it is none of these")
        return cleaned

    @property
    def must_ask(self) -> bool:
        """Whether the page has to ask which pupil of the register is meant."""
        return "which" in self.fields and not self.cleaned_data.get("which")

    @property
    def pupil(self) -> Pupil | None:
        """The pupil of the register, if one was chosen."""
        return self.pupils.get(self.cleaned_data.get("which") or "")

    @property
    def somebody(self) -> Somebody:
        """As the service takes it."""
        data = self.cleaned_data
        fields = {Sort.PUPIL: "pupil_name", Sort.PARENT: "parent_name", Sort.OTHER: "words"}
        name = fields.get(data["sort"], "unknown")
        words = "" if self.pupil else data.get(name) or ""
        return Somebody(PartIn(data["part"]), Sort(data["sort"]), words, data["person"])


class IdentifyForm(PortalForm):
    """Which pupil of the register a typed name is: search again, or choose."""

    search = forms.CharField(label="Look for", help_text="A name, or part of one", max_length=150)
    which = forms.ChoiceField(label="Which pupil is it?", widget=forms.RadioSelect, required=False)
    missing = {"search": "Enter a name to look for"}

    def __init__(self, *args: Any, found: Found, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        typed = (self.data.get("search") if self.is_bound else self.initial.get("search")) or ""
        self.pupils = {str(one.uuid): one for one in found(typed)} if typed.strip() else {}
        if self.pupils:
            self.fields["which"].choices = [(key, _named(one)) for key, one in self.pupils.items()]
        else:
            del self.fields["which"]

    def clean(self) -> dict:
        """Somebody is found, and chosen."""
        cleaned = super().clean()
        if not self.pupils and cleaned.get("search"):
            self.add_error("search", "No pupil of the register has this name. Look for another part of it")
        elif self.pupils and not cleaned.get("which") and "which" not in self.errors:
            self.add_error("which", "Choose which pupil it is")
        return cleaned

    @property
    def pupil(self) -> Pupil:
        """The pupil who was chosen."""
        return self.pupils[self.cleaned_data["which"]]
