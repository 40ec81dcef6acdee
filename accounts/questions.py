"""The questions of each form, which are required when, and what is wrong with an answer.

One catalogue serves the pages, "check your answers", the frozen snapshot and the check at
submission, so they never disagree. Sources: forms 3c and 3d of the specification.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from accounts.choices import CHILDREN, OUTSIDERS, Form

Answers = dict[str, Any]
"""Answers by question key: what `accounts.answers.of` reads from a request."""


def always(answers: Answers) -> bool:
    """Required in every request."""
    return True


def never(answers: Answers) -> bool:
    """Optional."""
    return False


def contributors_outside(answers: Answers) -> bool:
    """Somebody who is neither staff nor an own pupil contributes (STM-15.22, STM-15.25)."""
    return bool(set(answers["contributors"]) & set(OUTSIDERS))


def pupils_contribute(answers: Answers) -> bool:
    """Pupils of this or another school contribute (STM-15.26)."""
    return bool(set(answers["contributors"]) & set(CHILDREN))


def pupils_in_audience(answers: Answers) -> bool:
    """Learners are addressed (RAV-1.08)."""
    return bool(set(answers["audience"]) & set(CHILDREN))


def lead_asked(answers: Answers) -> bool:
    """The form or the profile wants a lead member of staff (RAV-3.06, `lead_required`)."""
    return bool(answers["lead_asked"])


@dataclass(frozen=True)
class Question:
    """One question. `clauses` says which clause of which form asks it; `missing` is the error."""

    key: str
    label: str
    missing: str
    hint: str = ""
    required: Callable[[Answers], bool] = always
    asked: Callable[[Answers], bool] = always
    clauses: dict[str, str] = field(default_factory=dict)


C, R, S = Form.CIT, Form.RAVENS_WOOD, Form.ST_MARYS

QUESTIONS: dict[str, Question] = {
    question.key: question
    for question in [
        Question(
            "name",
            "Name of the account",
            "Enter a name for the account",
            "As people will see it, for example “Year 6 at Hilltop”.",
        ),
        Question(
            "platform",
            "Platform",
            "Choose the platform",
            "If yours is not in the list, ask your IT lead to add it.",
            clauses={R: "RAV-1.02"},
        ),
        Question(
            "handle",
            "Handle that you would like",
            "",
            "For example @hilltop_year6. Leave it empty if you do not know yet.",
            never,
        ),
        Question(
            "official_email",
            "Official e-mail address for the account",
            "Enter the official e-mail address",
            "The account must be apart from anybody's personal accounts, so it needs an address of the school or trust.",
            clauses={C: "CIT-3.02", S: "STM-3.02"},
        ),
        Question(
            "department", "Department or team", "Enter your department or team", clauses={S: "STM-15.02"}
        ),
        Question(
            "openness",
            "Will the account be open or closed?",
            "Choose whether the account will be open or closed",
            clauses={R: "RAV-3.07"},
        ),
        Question(
            "host",
            "Who will host the site?",
            "Enter who will host the site",
            "For example the platform itself, or the company that runs your website.",
            clauses={S: "STM-15.23"},
        ),
        Question(
            "aims",
            "What is the account for, and what do you hope to achieve?",
            "Say what the account is for",
            clauses={C: "CIT-3.03", R: "RAV-3.03", S: "STM-3.03 STM-15.04 STM-15.05"},
        ),
        Question(
            "content",
            "What will it show?",
            "Describe what the account will show",
            "Kinds of posts, who is in them, how often.",
            clauses={S: "STM-15.04 STM-15.06"},
        ),
        Question(
            "investment",
            "Will what you put in achieve that aim?",
            "Say whether what you put in will achieve the aim",
            "Time, money and equipment against what you expect to gain.",
            clauses={C: "CIT-3.04", S: "STM-3.04"},
        ),
        Question(
            "engagement",
            "How much will people interact with it?",
            "Describe how much people will interact with the account",
            "For example: comments open and answered daily, or announcements only.",
            clauses={C: "CIT-3.05", S: "STM-3.05"},
        ),
        Question(
            "effort",
            "How much time will staff give to it?",
            "Say how much time staff will give to it",
            "Hours a week, and who.",
            clauses={C: "CIT-3.07", S: "STM-3.07"},
        ),
        Question(
            "evaluation",
            "How will you tell whether it works?",
            "Say how you will tell whether it works",
            clauses={C: "CIT-3.08", S: "STM-3.08"},
        ),
        Question(
            "promotion",
            "How will people hear of it?",
            "Say how you will promote the account",
            clauses={R: "RAV-3.05"},
        ),
        Question(
            "go_live_on",
            "When would you like to go live?",
            "Enter the day on which you would like to go live",
            "It can go live only after the final approval.",
            clauses={S: "STM-15.24"},
        ),
        Question(
            "audience",
            "Who is it for?",
            "Choose at least one audience",
            "Choose all that apply.",
            clauses={
                R: "RAV-3.04",
                S: "STM-15.07 STM-15.08 STM-15.09 STM-15.10 STM-15.11 STM-15.12 STM-15.13",
            },
        ),
        Question(
            "contributors",
            "Who will be able to add content to it?",
            "Choose at least one group of contributors",
            "Posts, comments, pictures: choose all that apply.",
            clauses={
                C: "CIT-3.06",
                S: "STM-3.06 STM-15.14 STM-15.15 STM-15.16 STM-15.17 STM-15.18 STM-15.19 STM-15.20",
            },
        ),
        Question(
            "lead",
            "Lead member of staff",
            "Choose the member of staff who leads the account",
            required=lead_asked,
            asked=lead_asked,
            clauses={R: "RAV-3.06 RAV-2.11"},
        ),
        Question(
            "moderator",
            "Moderator",
            "Choose who moderates the account",
            "Watches comments and messages, and hides what does not belong.",
            clauses={C: "CIT-3.17 CIT-3.18", S: "STM-3.16 STM-15.03"},
        ),
        Question(
            "administrators",
            "Administrators",
            "Choose who administers the account",
            "They hold the keys: settings, rights, and posting.",
            clauses={C: "CIT-3.09 CIT-2.42", R: "RAV-3.06", S: "STM-3.09 STM-15.21"},
        ),
        Question(
            "posters",
            "Who else will post",
            "",
            "People who post but do not administer. Leave it empty if there are none.",
            never,
            clauses={C: "CIT-3.10", S: "STM-3.10"},
        ),
        Question(
            "vetter_name",
            "Who checks outside contributors: name",
            "Enter the name of whoever checks outside contributors",
            required=contributors_outside,
            asked=contributors_outside,
            clauses={S: "STM-15.22"},
        ),
        Question(
            "vetter_role",
            "Who checks outside contributors: job role",
            "Enter the job role of whoever checks outside contributors",
            required=contributors_outside,
            asked=contributors_outside,
            clauses={S: "STM-15.22"},
        ),
        Question(
            "advertise",
            "How will you find contributors?",
            "Say how you will find contributors",
            required=contributors_outside,
            asked=contributors_outside,
            clauses={S: "STM-15.25"},
        ),
        Question(
            "parents_consent",
            "How will you tell parents, and ask for their consent?",
            "Say how you will inform parents and obtain their consent",
            "Pupils will contribute, so their parents or the adults responsible for them must be asked.",
            pupils_contribute,
            pupils_contribute,
            {S: "STM-15.26"},
        ),
        Question(
            "security",
            "How will you keep unwanted people out?",
            "Say how you will keep unwanted people from contributing or following",
            "Contributors, friends and followers.",
            clauses={S: "STM-15.27"},
        ),
        Question(
            "learners_reason",
            "Why is the account right for use with learners?",
            "Say why the account is right for use with learners",
            "Learners are in your audience: what did you consider?",
            pupils_in_audience,
            pupils_in_audience,
            {R: "RAV-1.08"},
        ),
    ]
}


@dataclass(frozen=True)
class Section:
    """One page of a form."""

    slug: str
    title: str
    keys: tuple[str, ...]

    def is_asked(self, answers: Answers) -> bool:
        """Whether any of its questions is asked: a section that hangs on earlier answers may drop out."""
        return any(QUESTIONS[key].asked(answers) for key in self.keys)


FORMS: dict[str, tuple[Section, ...]] = {
    C: (
        Section("account", "The account", ("name", "platform", "handle", "official_email")),
        Section("purpose", "What it is for", ("aims", "investment", "engagement")),
        Section("contributors", "Who may contribute", ("contributors",)),
        Section("people", "The people on it", ("lead", "moderator", "administrators", "posters")),
        Section("effort", "Time and success", ("effort", "evaluation")),
    ),
    R: (
        Section("account", "The account", ("name", "platform", "handle", "official_email", "openness")),
        Section("purpose", "What it is for", ("aims", "promotion")),
        Section("audience", "Who it is for", ("audience",)),
        Section("learners", "Use with learners", ("learners_reason",)),
        Section("people", "Who will run it", ("lead", "administrators", "posters")),
    ),
    S: (
        Section(
            "account", "The site", ("department", "name", "platform", "handle", "official_email", "host")
        ),
        Section("purpose", "What it is for", ("aims", "content", "investment", "engagement")),
        Section("audience", "Audience", ("audience",)),
        Section("contributors", "Contributors", ("contributors",)),
        Section(
            "contributor-care",
            "Looking after contributors",
            ("vetter_name", "vetter_role", "advertise", "parents_consent"),
        ),
        Section("people", "The people on it", ("lead", "moderator", "administrators", "posters")),
        Section("safety", "Safety", ("security",)),
        Section("effort", "Time and success", ("effort", "evaluation", "go_live_on")),
    ),
}

DETAILS = ("age_from", "age_to", "schools", "other")
"""What may hang below an audience or contributors question, as `<key>_<detail>`."""


def sections_of(form: str, answers: Answers) -> list[Section]:
    """The sections of a form that are asked, given the answers so far."""
    return [section for section in FORMS[form] if section.is_asked(answers)]


def keys_of(form: str) -> list[str]:
    """Every question of a form, in its order."""
    return [key for section in FORMS[form] for key in section.keys]
