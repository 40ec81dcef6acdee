"""Input of the pages about declarations, departures, and the use of name and logo."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from core.forms import DateInputsField, FilterForm, LongTextField, PortalForm
from people.governance.profile import Profile
from people.models import User
from people.selectors import Place
from policies.declarations import departures, name_use, relationships
from policies.declarations.departures import Case, refs_in
from policies.declarations.relationships import Told, abouts, relations
from policies.models import Declaration, Departure, NameUse, Relation

YES_NO = (("yes", "Yes"), ("no", "No"))
ANY = [("", "Any")]
BY_DAY, FOR_GOOD = "day", "good"


def _tomorrow() -> date:
    return timezone.localdate() + timedelta(days=1)


def _at_most() -> date:
    return timezone.localdate() + relationships.CHILDHOOD


class DeclareForm(PortalForm):
    """A link with a pupil or a parent. What is asked depends on the school's profile."""

    once = forms.UUIDField(widget=forms.HiddenInput)
    about = forms.ChoiceField(label="About whom is it?", widget=forms.RadioSelect)
    eighteen_on = DateInputsField(
        label="When are they 18?",
        help_text="If you know it. The declaration ends by itself the day after.",
        required=False,
        earliest=_tomorrow,
        latest=_at_most,
    )
    person = forms.CharField(
        label="What is their name?",
        max_length=relationships.MOST_PERSON,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    relation = forms.ChoiceField(label="How are you linked?", widget=forms.RadioSelect)
    contact = forms.ChoiceField(
        label="Are you in touch with them on a personal account?",
        help_text="For example as a friend or follower there, by messages, or in a group.",
        choices=YES_NO,
        widget=forms.RadioSelect,
    )
    details = LongTextField(
        label="Anything to add",
        help_text="For example: on which platform, or since when",
        max_length=relationships.MOST_DETAILS,
        required=False,
        rows=4,
    )
    missing = {
        "about": "Choose about whom it is",
        "person": "Enter the name",
        "relation": "Choose how you are linked",
        "contact": "Choose whether you are in touch on a personal account",
    }
    reveals = {"about": {Declaration.About.FORMER: ["eighteen_on"]}}

    def __init__(self, *args: Any, profile: Profile, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["about"].choices = abouts(profile)
        self.fields["relation"].choices = relations(profile)
        if not profile.contact_former_pupils:
            del self.fields["eighteen_on"]

    @property
    def told(self) -> Told:
        """The answers as the service takes them."""
        data = self.cleaned_data
        return Told(
            about=data["about"],
            relation=data["relation"],
            person=data["person"],
            contact=data["contact"] == "yes",
            details=data["details"],
            eighteen_on=data.get("eighteen_on"),
        )


class NoteForm(PortalForm):
    """Whoever hears a declaration notes it, with advice or without."""

    advice = LongTextField(
        label="Advice for the person who declared it",
        help_text="Leave it empty if none is needed.",
        max_length=relationships.MOST_NOTE,
        required=False,
        rows=4,
    )


class MeantForm(PortalForm):
    """Whoever hears a declaration says which colleague is meant, or is not."""

    colleague = forms.ModelChoiceField(
        label="Which colleague?", queryset=User.objects.none(), to_field_name="uuid"
    )
    meant = forms.ChoiceField(
        label="Is this colleague meant by the name?",
        choices=[
            ("yes", "Yes: they must not hear it"),
            ("no", "No, another person has that name: they may hear it if their role does"),
        ],
        widget=forms.RadioSelect,
    )
    missing = {"colleague": "Choose a colleague", "meant": "Choose whether this colleague is meant"}

    def __init__(self, *args: Any, colleagues: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["colleague"].queryset = colleagues
        self.fields["colleague"].label_from_instance = lambda one: one.full_name


class HoldForm(PortalForm):
    """Whoever hears a declaration keeps it longer."""

    until = DateInputsField(label="Until which day?", earliest=_tomorrow)
    reason = LongTextField(
        label="Why is it kept longer?",
        help_text="For example: an investigation that is not over",
        max_length=relationships.MOST_NOTE,
        rows=3,
    )
    missing = {"until": "Enter the last day", "reason": "Say why it is kept longer"}


class NoLongerForm(PortalForm):
    """It is no longer so."""

    note = LongTextField(label="Anything to add", max_length=relationships.MOST_NOTE, required=False, rows=3)


class DeclarationFilter(FilterForm):
    """Search and filters above what one hears."""

    q = forms.CharField(label="Name")
    about = forms.ChoiceField(label="About", choices=[*ANY, *Declaration.About.choices])
    relation = forms.ChoiceField(label="Link", choices=[*ANY, *Relation.choices])
    contact = forms.ChoiceField(label="In touch on a personal account", choices=[*ANY, *YES_NO])
    state = forms.ChoiceField(
        label="Status",
        choices=[
            *ANY,
            ("sent", "To be noted"),
            ("noted", "Noted"),
            ("advised", "Noted, with advice"),
            ("ended", "Ended"),
        ],
    )
    school = forms.ChoiceField(label="School")

    def __init__(self, *args: Any, places: list[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask_school(self, places)


class DepartForm(PortalForm):
    """A departure from the policy, proposed or done."""

    once = forms.UUIDField(widget=forms.HiddenInput)
    when = forms.ChoiceField(
        label="Has it happened?",
        choices=[
            (Departure.When.PROPOSED, "No, I propose it"),
            (Departure.When.DONE, "Yes, it has happened"),
        ],
        widget=forms.RadioSelect,
    )
    on = DateInputsField(label="On which day?", help_text="The day on which it happened or is to happen")
    what = LongTextField(label="What is or was done?", max_length=departures.MOST_TEXT)
    why = LongTextField(
        label="Why is it right?",
        help_text="Your justification, for whoever answers",
        max_length=departures.MOST_TEXT,
    )
    clauses = forms.CharField(
        label="From which clauses of your policy does it depart?",
        help_text="Their references, apart by blanks, for example CBC-5.08. Leave it empty if the policy does "
        "not speak of it.",
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    missing = {
        "when": "Choose whether it has happened",
        "on": "Enter the day",
        "what": "Say what is or was done",
        "why": "Say why it is right",
    }

    @property
    def case(self) -> Case:
        """The answers as the service takes them."""
        data = self.cleaned_data
        return Case(data["when"], data["on"], data["what"], data["why"], refs_in(data["clauses"]))


class QuestionForm(PortalForm):
    """What HR is asked."""

    question = LongTextField(label="What do you ask HR?", max_length=departures.MOST_NOTE, rows=4)
    missing = {"question": "Say what you ask HR"}


class AdviceForm(PortalForm):
    """HR's words."""

    advice = LongTextField(label="Your advice", max_length=departures.MOST_NOTE, rows=6)
    missing = {"advice": "Write your advice"}


class AnswerForm(PortalForm):
    """The answer to a departure. What is only proposed cannot be noted."""

    outcome = forms.ChoiceField(label="What do you answer?", widget=forms.RadioSelect)
    note = LongTextField(
        label="Reasons or conditions",
        help_text="Needed if you do not agree. Whoever told you of it reads this.",
        max_length=departures.MOST_NOTE,
        required=False,
        rows=4,
    )
    missing = {"outcome": "Choose your answer"}

    def __init__(self, *args: Any, departure: Departure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("agreed", "I agree"), ("not_agreed", "I do not agree")]
        if departure.when == Departure.When.DONE:
            choices.append(("noted", "I note that it has happened"))
        self.fields["outcome"].choices = choices


class DepartureFilter(FilterForm):
    """Search and filters above departures."""

    q = forms.CharField(label="Words")
    when = forms.ChoiceField(
        label="Has it happened?", choices=[*ANY, ("proposed", "Proposed"), ("done", "It has happened")]
    )
    state = forms.ChoiceField(label="Status", choices=[*ANY, *Departure.State.choices])
    school = forms.ChoiceField(label="School")

    def __init__(self, *args: Any, places: list[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask_school(self, places)


class NameUseForm(PortalForm):
    """A use of the school's name, logo or published material."""

    once = forms.UUIDField(widget=forms.HiddenInput)
    what = forms.MultipleChoiceField(
        label="What is to be used?", choices=NameUse.What.choices, widget=forms.CheckboxSelectMultiple
    )
    where = forms.ChoiceField(label="Where?", choices=NameUse.Where.choices, widget=forms.RadioSelect)
    purpose = LongTextField(label="For what, and who uses it?", max_length=name_use.MOST_PURPOSE, rows=4)
    begun = forms.ChoiceField(
        label="Has the use begun already?",
        choices=YES_NO,
        widget=forms.RadioSelect,
    )
    how_long = forms.ChoiceField(
        label="For how long?",
        choices=[(BY_DAY, "Until a day"), (FOR_GOOD, "For good")],
        widget=forms.RadioSelect,
    )
    until = DateInputsField(label="Last day", earliest=timezone.localdate)
    missing = {
        "what": "Choose what is to be used",
        "where": "Choose where it is to be used",
        "purpose": "Say for what it is, and who uses it",
        "begun": "Choose whether the use has begun already",
        "how_long": "Choose for how long",
        "until": "Enter the last day",
    }
    reveals = {"how_long": {BY_DAY: ["until"]}}
    option_hints = {
        "begun": {"yes": "Permission comes before use: stop until there is a decision, and say so here."}
    }

    @property
    def answers(self) -> dict[str, Any]:
        """The answers as the service takes them."""
        data = self.cleaned_data
        return {
            "what": data["what"],
            "where": data["where"],
            "purpose": data["purpose"],
            "begun": data["begun"] == "yes",
            "until": data["until"] if data["how_long"] == BY_DAY else None,
        }


class NameUseEndForm(PortalForm):
    """Why a permission ends."""

    because = forms.CharField(label="Why does it end?", max_length=name_use.MOST_REASON)
    missing = {"because": "Say why it ends"}


class NameUseFilter(FilterForm):
    """Search and filters above uses."""

    q = forms.CharField(label="Purpose or person")
    where = forms.ChoiceField(label="Where", choices=[*ANY, *NameUse.Where.choices])
    state = forms.ChoiceField(
        label="Status",
        choices=[
            *ANY,
            ("pending", "Waiting for a decision"),
            ("permitted", "Permitted"),
            ("refused", "Refused"),
            ("run_out", "Run out"),
            ("ended", "Ended"),
        ],
    )
    school = forms.ChoiceField(label="School")

    def __init__(self, *args: Any, places: list[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask_school(self, places)


def ask_school(form: FilterForm, places: list[Place]) -> None:
    """Let the person choose among several schools; with one there is nothing to choose."""
    if len(places) > 1:
        form.fields["school"].choices = [("", "All"), *((str(one.uuid), one.name) for one in places)]
    else:
        del form.fields["school"]
