"""Reading a request's answers, and saying what is wrong with them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from accounts import questions
from accounts.choices import Form, Openness, Public, Right
from accounts.directory import Directory
from accounts.models import AccountRequest
from accounts.questions import QUESTIONS, Answers
from accounts.services.right_holders import check_person
from core.errors import Refused
from people.governance.hosts import is_free_mail
from people.governance.profile import Profile
from people.governance.who import joined
from people.models import School, User

PEOPLE = {
    "lead": Right.LEAD,
    "moderator": Right.MODERATOR,
    "administrators": Right.ADMINISTRATOR,
    "posters": Right.POSTER,
}
"""The questions that name people, and the right that each stands for."""
PUBLICS = ("audience", "contributors")
"""The questions with the seven boxes, below which details may hang."""
YOUNGEST, OLDEST = 2, 25
THIRTEEN = 13


@dataclass(frozen=True)
class Problem:
    """What is wrong with one answer.

    `detail` is set where the message belongs to a detail below the question (ages, schools, other),
    `missing` where nothing was answered, `about` (a user's id) where it concerns one named person.
    """

    key: str
    message: str
    detail: str = ""
    missing: bool = False
    about: int | None = None

    @property
    def field(self) -> str:
        """The field beside which the message belongs."""
        return f"{self.key}_{self.detail}" if self.detail else self.key


@dataclass(frozen=True)
class Place:
    """What answers are judged by: the school's profile, its people, and the day."""

    profile: Profile
    directory: Directory
    today: date


def of(request: AccountRequest, profile: Profile) -> Answers:
    """All answers of a request by question key, people as lists of users."""
    chosen: dict[str, list[User]] = {right: [] for right in Right.values}
    for person in request.proposed_people.select_related("user").order_by("pk"):
        chosen[person.right].append(person.user)
    answers: Answers = {key: getattr(request, key) for key in QUESTIONS if key not in PEOPLE}
    for key in PUBLICS:
        for detail in questions.DETAILS:
            answers[f"{key}_{detail}"] = getattr(request, f"{key}_{detail}")
    answers.update({key: chosen[right] for key, right in PEOPLE.items()})
    answers["lead_asked"] = bool(profile.lead_required) or request.form == Form.RAVENS_WOOD
    return answers


def is_empty(value: Any) -> bool:
    """Whether nothing was answered."""
    return value in (None, "", []) or (isinstance(value, str) and not value.strip())


def problems(
    form: str,
    answers: Answers,
    *,
    profile: Profile,
    school: School,
    today: date,
    keys: Iterable[str] | None = None,
    directory: Directory | None = None,
) -> list[Problem]:
    """Everything that is wrong with the answers of a form, or of some of its questions.

    The pages and the submission both ask here, so that they never disagree.
    """
    place = Place(profile, directory or Directory(school), today)
    found: list[Problem] = []
    for key in keys if keys is not None else questions.keys_of(form):
        question = QUESTIONS[key]
        if not question.asked(answers):
            continue
        if is_empty(answers[key]):
            if question.required(answers):
                found.append(Problem(key, question.missing, missing=True))
            continue
        check = _CHECKS.get(key)
        if check:
            found += check(key, answers, place)
    return found


def _email(key: str, answers: Answers, place: Place) -> list[Problem]:
    """CIT-3.02, STM-3.02: an official address of the school or trust, never a free one."""
    try:
        validate_email(answers[key])
    except ValidationError:
        return [Problem(key, "Enter an e-mail address in the right form, like name@example.com")]
    domain = answers[key].rpartition("@")[2].lower()
    if is_free_mail(domain):
        return [Problem(key, f"{domain} is a free mail service. Use an address of your school or trust.")]
    allowed = place.profile.allowed_email_domains or []
    if domain not in allowed:
        endings = joined([f"@{one}" for one in allowed], "or") or "a domain of your school"
        return [Problem(key, f"The address must end in {endings}.")]
    return []


def _public(key: str, answers: Answers, place: Place) -> list[Problem]:
    """STM-15.07 to 15.20: ages of pupils, names of other schools, details of others."""
    chosen = set(answers[key])
    found = _ages(key, answers) if Public.PUPILS in chosen else []
    if Public.OTHER_PUPILS in chosen and is_empty(answers[f"{key}_schools"]):
        found.append(Problem(key, "Enter the names of the other schools.", "schools", missing=True))
    if Public.OTHER in chosen and is_empty(answers[f"{key}_other"]):
        found.append(Problem(key, "Say who the others are.", "other", missing=True))
    return found


def _ages(key: str, answers: Answers) -> list[Problem]:
    low, high = answers[f"{key}_age_from"], answers[f"{key}_age_to"]
    found = []
    for detail, word, value in (("age_from", "youngest", low), ("age_to", "oldest", high)):
        if value is None:
            found.append(Problem(key, f"Enter the age of the {word} pupils.", detail, missing=True))
        elif not YOUNGEST <= value <= OLDEST:
            found.append(Problem(key, f"Enter an age from {YOUNGEST} to {OLDEST}.", detail))
    if not found and low > high:
        found.append(Problem(key, "The oldest age must not be below the youngest.", "age_to"))
    return found


def _go_live(key: str, answers: Answers, place: Place) -> list[Problem]:
    """STM-15.24: not before it is submitted."""
    return [Problem(key, "The day must be today or later.")] if answers[key] < place.today else []


def _people(key: str, answers: Answers, place: Place) -> list[Problem]:
    """Each named person may hold the right: has a role here, is employed where the policy asks it."""
    found = []
    for user in answers[key]:
        try:
            check_person(place.directory.school, place.profile, user, PEOPLE[key], place.directory.present)
        except Refused as refusal:
            found.append(Problem(key, refusal.message, about=user.pk))
    return found


def _moderator(key: str, answers: Answers, place: Place) -> list[Problem]:
    """CIT-3.17, CIT-3.18, STM-3.16: the moderator is a member of staff."""
    found = _people(key, answers, place)
    outsiders = [user for user in answers[key] if user.pk not in place.directory.present.employed]
    if not found and outsiders:
        words = f"{outsiders[0]} is not a member of staff. The moderator must be one."
        found.append(Problem(key, words, about=outsiders[0].pk))
    return found


def _administrators(key: str, answers: Answers, place: Place) -> list[Problem]:
    """STM-15.21: at least as many different people as the profile asks for."""
    found = _people(key, answers, place)
    wanted, named = place.profile.min_admins or 1, len({user.pk for user in answers[key]})
    if named < wanted:
        asks = f"Your school's policy asks for at least {wanted} different administrators."
        found.append(Problem(key, f"{asks} Choose {wanted - named} more."))
    return found


_CHECKS = {
    "official_email": _email,
    "audience": _public,
    "contributors": _public,
    "go_live_on": _go_live,
    "lead": _people,
    "moderator": _moderator,
    "administrators": _administrators,
    "posters": _people,
}


def warnings(answers: Answers, profile: Profile, today: date) -> list[Problem]:
    """What the signers should know although it stops nothing: pupils below the age limit.

    The limit is the platform's (CIT-6.08, STM-6.08), and never below 13 where the school says so (BEC-4.20).
    """
    platform = answers.get("platform")
    age = (platform.minimum_age(today) if platform else None) or 0
    rule = f"{platform} is for people of {age} and over"
    if profile.age_rule == "thirteen" and age < THIRTEEN:
        age, rule = THIRTEEN, f"Your school's policy lets nobody under {THIRTEEN} use social media"
    found = []
    for key in PUBLICS:
        low = answers.get(f"{key}_age_from")
        if Public.PUPILS in answers[key] and low is not None and low < age:
            found.append(Problem(key, f"{rule}, and the youngest pupils named here are {low}."))
    return found


def snapshot(form: str, answers: Answers, profile: Profile, today: date) -> dict[str, Any]:
    """What is frozen and signed: every section, question and answer in words."""
    flagged = {problem.field: problem.message for problem in warnings(answers, profile, today)}
    sections = []
    for section in questions.sections_of(form, answers):
        rows = []
        for key in section.keys:
            question = QUESTIONS[key]
            if not question.asked(answers):
                continue
            row = {
                "key": key,
                "label": question.label,
                "value": in_words(key, answers),
                "clauses": question.clauses.get(form, ""),
            }
            if key in flagged:
                row["warning"] = flagged[key]
            rows.append(row)
        sections.append({"slug": section.slug, "title": section.title, "rows": rows})
    return {"form": form, "sections": sections}


def in_words(key: str, answers: Answers) -> str | list[str]:
    """An answer as a signer reads it: text, or a list of lines."""
    value = answers[key]
    if key in PUBLICS:
        return _public_in_words(key, answers)
    if key in PEOPLE:
        return [f"{user.full_name} ({user.email})" for user in value] or "Nobody"
    if value in (None, ""):
        return "Not given"
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    if key == "openness":
        return Openness(value).label
    return str(value)


def _public_in_words(key: str, answers: Answers) -> list[str]:
    low, high = answers[f"{key}_age_from"], answers[f"{key}_age_to"]
    details = {
        Public.PUPILS: f"ages {low} to {high}" if None not in (low, high) else "",
        Public.OTHER_PUPILS: answers[f"{key}_schools"],
        Public.OTHER: answers[f"{key}_other"],
    }
    chosen = [choice for choice in Public if choice in answers[key]]
    lines = [
        f"{choice.label}: {details[choice]}" if details.get(choice) else choice.label for choice in chosen
    ]
    return lines or ["Not given"]
