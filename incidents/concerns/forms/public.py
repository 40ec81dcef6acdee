"""The page on which pupils and parents report without an account: few questions, simple words."""

from django import forms

from core.forms import LongTextField, PortalForm
from incidents.concerns.forms.people import NOT_NAMED
from incidents.concerns.forms.reporting import DangerForm, ImageQuestionForm
from incidents.concerns.told import Somebody
from incidents.models import Category, PartIn, Sort

MOST_WORDS = 4000
PUPIL, PARENT, OTHER = "pupil", "parent", "other"
ABOUT = [
    (Category.CYBERBULLYING, "Bullying, or mean messages or posts"),
    (Category.HARASSMENT, "Threats, or somebody who does not leave me or others alone"),
    (Category.EXPLOITATION, "Somebody who asks for pictures, money, secrets or a meeting"),
    (Category.HATE, "Hate because of who somebody is"),
    (Category.OTHER, "Something else"),
]
DOERS = [
    (Sort.PUPIL, "A pupil"),
    (Sort.STAFF, "Somebody who works at the school"),
    (Sort.HEAD, "The headteacher"),
    (Sort.PARENT, "A parent or carer"),
    (Sort.OTHER, "Somebody else"),
    (Sort.UNKNOWN, "I do not know"),
]


class PublicDangerForm(DangerForm):
    """Whether somebody must call for help first."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["danger"].label = "Are you, or is another child, in danger now?"
        self.fields[
            "danger"
        ].help_text = "For example: somebody wants to hurt you, or you want to hurt yourself."


class PublicImageForm(ImageQuestionForm):
    """Whether a picture is involved that nobody may send on."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["could"].label = "Is it about a naked or sexual picture or video of somebody under 18?"
        self.fields["could"].help_text = "It does not matter who made it, or whether it is real."


class PublicForm(PortalForm):
    """What happened, and as much as somebody wants to say besides. Nothing can be attached."""

    once = forms.UUIDField(widget=forms.HiddenInput)
    danger = forms.CharField(widget=forms.HiddenInput, required=False)
    could = forms.CharField(widget=forms.HiddenInput, required=False)
    who = forms.ChoiceField(
        label="Who are you?",
        widget=forms.RadioSelect,
        choices=[(PUPIL, "A pupil"), (PARENT, "A parent or carer"), (OTHER, "Somebody else")],
    )
    name = forms.CharField(
        label="Your name",
        help_text="You need not give it. With it the school can help better.",
        max_length=100,
        required=False,
    )
    reach = forms.CharField(
        label="How can the school reach you?",
        help_text="For example your class, a telephone number or an e-mail address",
        max_length=200,
        required=False,
    )
    about = forms.ChoiceField(
        label="What is it about?", widget=forms.RadioSelect, choices=ABOUT, required=False
    )
    what = LongTextField(
        label="What happened?",
        help_text="In your own words: what, when, and on which app or where",
        max_length=MOST_WORDS,
        rows=6,
    )
    hurt = forms.CharField(
        label="Who is hurt, or could be?",
        help_text="Name or class, if you know",
        max_length=150,
        required=False,
    )
    doer = forms.ChoiceField(label="Who did it?", widget=forms.RadioSelect, choices=DOERS, required=False)
    doer_name = forms.CharField(
        label="Their name", help_text="As much as you know", max_length=150, required=False
    )
    wish = LongTextField(label="What do you want to happen?", max_length=MOST_WORDS, required=False, rows=3)

    missing = {"who": "Choose who you are", "what": "Say what happened"}
    counts = {"wish": 0}

    @property
    def people(self) -> tuple[Somebody, ...]:
        """Whom it concerns. A child is taken to be hurt where nothing else is said, so that the DSL hears."""
        data = self.cleaned_data
        found = [Somebody(PartIn.VICTIM, Sort.PUPIL, data["hurt"])]
        if data["doer"] or data["doer_name"]:
            sort = Sort(data["doer"] or Sort.UNKNOWN)
            words = data["doer_name"] or (NOT_NAMED if sort == Sort.STAFF else "")
            found.append(Somebody(PartIn.SUBJECT, sort, words))
        return tuple(found)

    @property
    def reporter(self) -> str:
        """Who reported, in words."""
        label = dict(self.fields["who"].choices)[self.cleaned_data["who"]]
        name = self.cleaned_data["name"]
        return f"{label}: {name}" if name else label
