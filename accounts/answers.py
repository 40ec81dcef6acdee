"""Reading a request's answers, and saying what is wrong with them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts import questions
from accounts.choices import Form, Public, Right
from accounts.models import AccountRequest
from accounts.questions import QUESTIONS, Answers
from people.governance.hosts import FREE_MAIL_DOMAINS
from people.governance.profile import Profile
from people.models import School, User
from people.selectors import employees_at, people_at

PEOPLE = {
    "lead": Right.LEAD,
    "moderator": Right.MODERATOR,
    "administrators": Right.ADMINISTRATOR,
    "posters": Right.POSTER,
}
"""The questions that name people, and the right that each stands for."""
YOUNGEST, OLDEST = 2, 25


@dataclass(frozen=True)
class Problem:
    """What is wrong with one answer: the field beside which the message belongs."""

    field: str
    message: str


def of(request: AccountRequest, profile: Profile) -> Answers:
    """All answers of a request by question key, people as lists of users."""
    chosen: dict[str, list[User]] = {right: [] for right in Right.values}
    for person in request.proposed_people.select_related("user").order_by("pk"):
        chosen[person.right].append(person.user)
    answers: Answers = {
        key: getattr(request, key) for key in QUESTIONS if key not in PEOPLE
    }
    for key in ("audience", "contributors"):
        for detail in questions.DETAILS:
            answers[f"{key}_{detail}"] = getattr(request, f"{key}_{detail}")
    answers.update({key: chosen[right] for key, right in PEOPLE.items()})
    answers["lead_asked"] = bool(profile.lead_required) or request.form == Form.RAVENS_WOOD
    return answers


def problems(
    form: str, answers: Answers, *, profile: Profile, school: School, today: date, keys: Iterable[str] | None = None
) -> list[Problem]:
    """Everything that is wrong with the answers of a form, or of some of its questions."""
    found: list[Problem] = []
    for key in keys if keys is not None else questions.keys_of(form):
        question = QUESTIONS[key]
        if not question.asked(answers):
            continue
        empty = answers[key] in (None, "", [])
        if isinstance(answers[key], str):
            empty = not answers[key].strip()
        if empty:
            if question.required(answers):
                found.append(Problem(key, question.missing))
            continue
        check = _CHECKS.get(key)
        if check:
            found += check(key, answers, profile, school, today)
    return found


def _email(key: str, answers: Answers, profile: Profile, school: School, today: date) -> list[Problem]:
    """CIT-3.02, STM-3.02: an official address of the school or trust, never a free one."""
    domain = answers[key].rpartition("@")[2].lower()
    if domain in FREE_MAIL_DOMAINS:
        return [Problem(key, f"{domain} is a free mail service. Use an address of your school or trust.")]
    allowed = profile.allowed_email_domains or []
    if domain not in allowed:
        return [Problem(key, f"The address must end in {_or([f'@{one}' for one in allowed])}.")]
    return []


def _public(key: str, answers: Answers, profile: Profile, school: School, today: date) -> list[Problem]:
    """STM-15.07 to 15.20: ages of pupils, names of other schools, details of others."""
    chosen, found = set(answers[key]), []
    low, high = answers[f"{key}_age_from"], answers[f"{key}_age_to"]
    if Public.PUPILS in chosen:
        for end, value in (("age_from", low), ("age_to", high)):
            word = "youngest" if end == "age_from" else "oldest"
            if value is None:
                found.append(Problem(f"{key}_{end}", f"Enter the age of the {word} pupils."))
            elif not YOUNGEST <= value <= OLDEST:
                found.append(Problem(f"{key}_{end}", f"Enter an age from {YOUNGEST} to {OLDEST}."))
        if low is not None and high is not None and low > high:
            found.append(Problem(f"{key}_age_to", "The oldest age must not be below the youngest."))
    if Public.OTHER_PUPILS in chosen and not answers[f"{key}_schools"].strip():
        found.append(Problem(f"{key}_schools", "Enter the names of the other schools."))
    if Public.OTHER in chosen and not answers[f"{key}_other"].strip():
        found.append(Problem(f"{key}_other", "Say who the others are."))
    return found


def _go_live(key: str, answers: Answers, profile: Profile, school: School, today: date) -> list[Problem]:
    """STM-15.24: not before it is submitted."""
    if answers[key] < today:
        return [Problem(key, "The day must be today or later.")]
    return []


def _lead(key: str, answers: Answers, profile: Profile, school: School, today: date) -> list[Problem]:
    """RAV-3.06: a member of staff, even when others are not."""
    found = _known(key, answers, school)
    if not found and profile.lead_must_be_employed and not employees_at(school).filter(pk=answers[key][0].pk).exists():
        found.append(Problem(key, f"{answers[key][0]} is not employed here. The lead must be a member of staff."))
    return found


def _runners(key: str, answers: Answers, profile: Profile, school: School, today: date) -> list[Problem]:
    """CIT-3.09: members of staff, unless the profile lets others run an account (RAV-3.11, STM-3.09)."""
    found = _known(key, answers, school)
    if not profile.allow_non_staff_admin:
        employed = set(employees_at(school).filter(pk__in=[u.pk for u in answers[key]]).values_list("pk", flat=True))
        for user in answers[key]:
            if user.pk not in employed:
                found.append(Problem(key, f"{user} is not a member of staff. Your school's policy lets only staff do this."))
    return found


def _administrators(key: str, answers: Answers, profile: Profile, school: School, today: date) -> list[Problem]:
    """STM-15.21: at least as many distinct people as the profile asks for."""
    found = _runners(key, answers, profile, school, today)
    people = {user.pk for user in answers[key]}
    if len(people) != len(answers[key]):
        found.append(Problem(key, "The same person stands twice. Choose different people."))
    wanted = profile.min_admins or 1
    if len(people) < wanted:
        found.append(Problem(key, f"Your school's policy asks for at least {wanted} administrators. Choose {wanted - len(people)} more."))
    return found


def _known(key: str, answers: Answers, school: School) -> list[Problem]:
    ids = {user.pk for user in answers[key]}
    here = set(people_at(school).filter(pk__in=ids).values_list("pk", flat=True))
    return [
        Problem(key, f"{user} no longer has a role at {school}. Choose somebody else.")
        for user in answers[key]
        if user.pk not in here
    ]


def _moderator(key: str, answers: Answers, profile: Profile, school: School, today: date) -> list[Problem]:
    return _known(key, answers, school)


_CHECKS = {
    "official_email": _email,
    "audience": _public,
    "contributors": _public,
    "go_live_on": _go_live,
    "lead": _lead,
    "moderator": _moderator,
    "administrators": _administrators,
    "posters": _runners,
}


def warnings(answers: Answers, today: date) -> list[Problem]:
    """What the signers should know although it stops nothing: pupils below the platform's age (CIT-6.08, STM-6.08)."""
    platform = answers.get("platform")
    age = platform.minimum_age(today) if platform else None
    found = []
    for key in ("audience", "contributors"):
        low = answers.get(f"{key}_age_from")
        if age is not None and Public.PUPILS in answers[key] and low is not None and low < age:
            found.append(
                Problem(key, f"{platform} is for people of {age} and over, and the youngest pupils named here are {low}.")
            )
    return found


def snapshot(form: str, answers: Answers, today: date) -> dict[str, Any]:
    """What is frozen and signed: every section, question and answer in words."""
    flagged = {problem.field: problem.message for problem in warnings(answers, today)}
    sections = []
    for section in questions.FORMS[form]:
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
    if key in ("audience", "contributors"):
        return _public_in_words(key, answers)
    if key in PEOPLE:
        return [f"{user.full_name} ({user.email})" for user in value] or "Nobody"
    if value in (None, ""):
        return "Not given"
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    if key == "openness":
        return dict(AccountRequest._meta.get_field("openness").choices)[value]
    return str(value)


def _public_in_words(key: str, answers: Answers) -> list[str]:
    lines = []
    for choice in Public:
        if choice not in answers[key]:
            continue
        more = {
            Public.PUPILS: f"ages {answers[f'{key}_age_from']} to {answers[f'{key}_age_to']}",
            Public.OTHER_PUPILS: answers[f"{key}_schools"],
            Public.OTHER: answers[f"{key}_other"],
        }.get(choice, "")
        lines.append(f"{choice.label}: {more}" if more else choice.label)
    return lines


def _or(words: list[str]) -> str:
    return " or ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words) or "a domain of your school"
