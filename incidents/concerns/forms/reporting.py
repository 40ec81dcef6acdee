"""Reporting a concern: the two questions first, then the safe path or the form."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone

from core.clock import LONDON
from core.forms import DateInputsField, LongTextField, PortalForm
from incidents.concerns.forms.people import NOT_LISTED, NOT_NAMED, WithPeople
from incidents.concerns.told import FURTHEST_BACK, MOST_WORDS, Somebody
from incidents.forms import FirstForm
from incidents.models import Category, PartIn, Sort, Source
from people.governance.profile import Profile

YES, NO, UNSURE, DSL_DECIDES = "yes", "no", "unsure", "dsl"
DANGER = [(YES, "Yes, or it could be"), (NO, "No")]
TIMES = ["%H:%M", "%H.%M", "%H %M", "%H%M"]
GROUPS: tuple[tuple[str, tuple[Category, ...]], ...] = (
    (
        "Somebody is harmed or at risk",
        (
            Category.CYBERBULLYING,
            Category.HARASSMENT,
            Category.EXPLOITATION,
            Category.IMAGERY,
            Category.HATE,
            Category.RADICALISATION,
            Category.UNDER_AGE,
        ),
    ),
    ("Pupils and staff in contact", (Category.CONTACT_ATTEMPT, Category.STAFF_CONTACT)),
    (
        "Wrong use of social media",
        (
            Category.MISUSE_PUPIL,
            Category.MISUSE_PARENT,
            Category.MISUSE_STAFF,
            Category.OWN_MISTAKE,
            Category.DEFAMATION,
            Category.REPUTATION,
        ),
    ),
    (
        "Data and complaints",
        (Category.DATA_BREACH, Category.DATA_COMPLAINT, Category.POLICY_COMPLAINT),
    ),
    ("None of these", (Category.OTHER,)),
)
HINTS = {
    Category.CYBERBULLYING: "Also where it began outside the school",
    Category.EXPLOITATION: "Somebody wins a child’s trust, asks for pictures, money or a meeting",
    Category.IMAGERY: "Do not describe it: this leads to what to do now",
    Category.CONTACT_ATTEMPT: "No blame falls on the member of staff",
    Category.OWN_MISTAKE: "For example a wrong post. Reporting it soon helps to put it right",
    Category.DATA_BREACH: "Personal data was lost, seen or sent where it should not be",
}


def _today() -> date:
    return timezone.localdate()


def _furthest() -> date:
    return timezone.localdate() - FURTHEST_BACK


def moment(day: date | None, hour: time | None) -> datetime | None:
    """A day and a time as a moment in London; without a time the day's beginning."""
    return datetime.combine(day, hour or time(0), LONDON) if day else None


def a_time(label: str, help_text: str = "For example 14:30", *, required: bool = True) -> forms.TimeField:
    """A time of the day, as people type it."""
    return forms.TimeField(
        label=label,
        help_text=help_text,
        required=required,
        input_formats=TIMES,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"invalid": "Enter a time with hours and minutes, like 14:30"},
    )


class DangerForm(PortalForm):
    """The first question of all."""

    danger = forms.ChoiceField(
        label="Is a child in danger now?",
        help_text="For example: about to meet somebody, hurting themselves, or being threatened.",
        widget=forms.RadioSelect,
        choices=DANGER,
    )
    missing = {"danger": "Choose whether a child is in danger now"}
    heading = "danger"


class ImageQuestionForm(PortalForm):
    """The second question; not being sure counts as yes (subtle 80)."""

    could = forms.ChoiceField(
        label="Could an indecent image of a child be involved?",
        help_text=FirstForm.base_fields["could"].help_text,
        widget=forms.RadioSelect,
        choices=[(YES, "Yes"), (NO, "No"), (UNSURE, "I am not sure")],
    )
    missing = {"could": "Choose whether an indecent image of a child could be involved"}
    heading = "could"


class _Paper(WithPeople):
    """What is asked in addition where a form on paper is keyed in."""

    once = forms.UUIDField(widget=forms.HiddenInput)
    written_on = DateInputsField(
        label="When was the paper filled in?", earliest=_furthest, latest=_today, required=False
    )
    reporter_is = forms.CharField(
        label="Who filled it in?", help_text="The name on the paper", max_length=150, required=False
    )
    confidential = forms.BooleanField(
        label="Keep my name from everybody but those to whom this goes",
        help_text="They may let others help with the case. Those others then do not learn who reported it.",
        required=False,
    )

    def __init__(self, *args: Any, profile: Profile, paper: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.profile = profile
        if paper:
            self.fields["written_on"].required = self.fields["reporter_is"].required = True
            self.fields["confidential"].label = self.fields["confidential"].label.replace(
                "my", "the reporter’s"
            )
        else:
            del self.fields["written_on"], self.fields["reporter_is"]


class ConcernForm(_Paper):
    """The form. Two answers are needed: what it is about, and what happened. All else helps."""

    danger = forms.ChoiceField(
        label=DangerForm.base_fields["danger"].label, widget=forms.RadioSelect, choices=DANGER
    )
    could = forms.ChoiceField(
        label=ImageQuestionForm.base_fields["could"].label,
        help_text=ImageQuestionForm.base_fields["could"].help_text,
        widget=forms.RadioSelect,
        choices=ImageQuestionForm.base_fields["could"].choices,
    )
    category = forms.ChoiceField(label="What is it about, in the first place?", widget=forms.RadioSelect)
    aware_on = DateInputsField(
        label="When did you become aware of it?",
        help_text="The time limit for telling the Information Commissioner counts from then. Empty means now.",
        earliest=_furthest,
        latest=_today,
        required=False,
    )
    aware_time = a_time("At what time?", required=False)
    what = LongTextField(
        label="What happened?",
        help_text="What you saw, heard or were told. Facts, not guesses",
        max_length=MOST_WORDS,
        rows=6,
    )
    happened_on = DateInputsField(label="On which day?", earliest=_furthest, latest=_today, required=False)
    happened_when = forms.CharField(
        label="Or when, in words",
        help_text="For example: for two weeks, mostly at night",
        max_length=150,
        required=False,
    )
    happened_where = forms.CharField(
        label="Where?", help_text="The platform, group, game or place", max_length=300, required=False
    )
    source = forms.ChoiceField(
        label="Who told you?", widget=forms.RadioSelect, choices=Source.choices, initial=Source.SEEN
    )
    teller_child = forms.CharField(
        label="If they told it on behalf of another child: who told you?",
        help_text="Name or class. Leave it empty where the child who told you is the one who was harmed.",
        max_length=150,
        required=False,
    )
    teller_parent = forms.CharField(label="Name, or whose parent", max_length=150, required=False)
    teller_staff = forms.ChoiceField(label="Which colleague?", required=False)
    teller_other = forms.CharField(label="Who?", max_length=150, required=False)
    child_said = LongTextField(
        label="What did the child say?",
        help_text="In the child’s own words, as exactly as you can",
        max_length=MOST_WORDS,
        required=False,
        rows=3,
    )
    done = LongTextField(
        label="What was done already, and who was told?", max_length=MOST_WORDS, required=False, rows=3
    )
    wishes = LongTextField(
        label="What does the person concerned want to happen?",
        help_text="If you know. It is weighed, and cannot always be followed.",
        max_length=MOST_WORDS,
        required=False,
        rows=2,
    )
    in_hours = forms.BooleanField(label="It happened in the working day", required=False)

    field_order = (
        "once",
        "danger",
        "could",
        "written_on",
        "reporter_is",
        "category",
        "aware_on",
        "aware_time",
    )
    missing = {
        **DangerForm.missing,
        **ImageQuestionForm.missing,
        "written_on": "Enter the day on which the paper was filled in",
        "reporter_is": "Enter the name on the paper",
        "category": "Choose what it is about",
        "what": "Say what happened",
        "source": "Choose who told you",
    }
    reveals = {
        "category": {Category.DATA_BREACH: ["aware_on", "aware_time"]},
        "source": {
            Source.CHILD: ["teller_child"],
            Source.PARENT: ["teller_parent"],
            Source.STAFF: ["teller_staff"],
            Source.OTHER: ["teller_other"],
        },
    }
    widths = {"aware_time": 5}
    counts = {"child_said": 0, "done": 0, "wishes": 0}

    def __init__(self, *args: Any, answered: set[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in answered:
            self.fields[name].widget = forms.HiddenInput()
            self.initial[name] = self.initial.get(name) or NO
        if not self.profile.misuse_in_hours_recipient:
            del self.fields["in_hours"]
        self.fields["category"].choices = [
            (title, [(one.value, one.label) for one in group]) for title, group in GROUPS
        ]
        self.fields["teller_staff"].choices = self.colleagues.choices
        dsl = self.profile.title_of("dsl")
        self.option_hints = {
            "category": HINTS,
            "source": {
                Source.CHILD: "Listen. Do not promise to keep it secret, and do not ask leading questions. "
                "Say whom you will tell. Write their own words below.",
                Source.PARENT: f"Stay calm, thank them, and explain what happens next: the {dsl} or whoever is "
                "responsible looks at it, and comes back to them.",
                Source.STAFF: "Keep it between you. Their name and yours are kept from everybody but those to "
                "whom this goes.",
            },
        }

    @property
    def teller(self) -> Somebody | None:
        """Whoever told of it, where they are not harmed themselves (CIT-8.02, STM-8.02)."""
        data = self.cleaned_data
        if data["source"] == Source.STAFF:
            user = self.colleagues.by_id.get(data["teller_staff"])
            known = user is not None or data["teller_staff"] == NOT_LISTED
            words = "" if user else NOT_NAMED
            return Somebody(PartIn.DISCLOSER, Sort.STAFF, words, user) if known else None
        sort = {Source.CHILD: Sort.PUPIL, Source.PARENT: Sort.PARENT, Source.OTHER: Sort.OTHER}.get(
            data["source"]
        )
        words = data.get(f"teller_{data['source']}", "")
        return Somebody(PartIn.DISCLOSER, sort, words) if sort and words else None

    @property
    def aware_at(self) -> datetime | None:
        """When a breach of data protection came to be known; now, where nothing else is said (72 hours)."""
        data = self.cleaned_data
        if data["category"] != Category.DATA_BREACH:
            return None
        return moment(data["aware_on"], data["aware_time"]) or timezone.now()


class ConcernImageForm(_Paper):
    """The safe path: who is concerned, and who called the police. No box for an address, a description, a file."""

    by_pupil = forms.ChoiceField(
        label="Did a pupil make the picture themselves, or of a friend?",
        widget=forms.RadioSelect,
        choices=[(YES, "Yes"), (NO, "No"), (UNSURE, "I do not know")],
    )
    called = forms.ChoiceField(label="Have the police been called?", widget=forms.RadioSelect)
    police_called_by = forms.CharField(
        label="Who called them?", help_text="The person’s name", max_length=150
    )
    police_called_on = DateInputsField(label="On which day?", earliest=_furthest, latest=_today)
    police_called_time = a_time("At what time?")
    police_reference = forms.CharField(
        label="Reference that the police gave",
        help_text="Only the reference, if you have it",
        max_length=60,
        required=False,
    )
    police_not_called = forms.CharField(
        label="Why have the police not been called yet?",
        help_text="Do not describe the picture, and do not write where it is.",
        max_length=300,
    )

    field_order = ("once", "written_on", "reporter_is", "by_pupil", "called")
    missing = {
        "written_on": "Enter the day on which the paper was filled in",
        "reporter_is": "Enter the name on the paper",
        "by_pupil": "Choose whether a pupil made the picture, or that you do not know",
        "called": "Choose whether the police have been called",
        "police_called_by": "Enter the name of whoever called the police",
        "police_called_on": "Enter the day of the call",
        "police_called_time": "Enter the time of the call",
        "police_not_called": "Say why the police have not been called yet",
    }
    reveals = {
        "called": {
            YES: ["police_called_by", "police_called_on", "police_called_time", "police_reference"],
            NO: ["police_not_called"],
        }
    }
    widths = {"police_called_time": 5, "police_reference": 20}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dsl = self.profile.title_of("dsl")
        self.dsl_decides = self.profile.indecent_image_pupil_route == "dsl_decides"
        decides = [(DSL_DECIDES, f"Not yet: the {dsl} decides")] if self.dsl_decides else []
        self.fields["called"].choices = [
            (YES, "Yes"),
            *decides,
            (NO, "Not yet" if not decides else "Not yet, for another reason"),
        ]
        told = (
            f"Tell the {dsl} now, in person. At your school the {dsl} decides about the police."
            if self.dsl_decides
            else "Call the police now all the same."
        )
        self.option_hints = {
            "by_pupil": {YES: told, NO: "Call the police now.", UNSURE: "Call the police now."}
        }
        self.decided = f"The {dsl} decides: a pupil made the picture."

    def clean(self) -> dict[str, Any]:
        """That the DSL decides is a reason only where a pupil made it (STM-8.09, 8.10; CBC-10.06)."""
        data = super().clean()
        if data.get("called") == DSL_DECIDES and data.get("by_pupil") not in (YES, None):
            self.add_error("called", "Call the police now, unless a pupil made the picture")
        return data

    @property
    def called_at(self) -> datetime | None:
        """The moment of the call."""
        data = self.cleaned_data
        day, hour = data["police_called_on"], data["police_called_time"]
        return moment(day, hour) if day and hour else None

    @property
    def why_not(self) -> str:
        """Why nobody has called yet."""
        data = self.cleaned_data
        return self.decided if data["called"] == DSL_DECIDES else data["police_not_called"]

    @property
    def category(self) -> Category:
        """What it is filed under: a pupil's own doing, or an adult's."""
        adults = {Sort.STAFF, Sort.HEAD, Sort.PARENT, Sort.OTHER}
        by_adult = any(one.part == PartIn.SUBJECT and one.sort in adults for one in self.people)
        if self.cleaned_data["by_pupil"] != YES and by_adult:
            return Category.EXPLOITATION
        return Category.IMAGERY
