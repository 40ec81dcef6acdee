"""What the people of the demo answer on the forms, by the kind of account."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.choices import Public
from accounts.questions import DETAILS, FORMS
from core.models import Platform

Answers = dict[str, Any]

CLASS: Answers = {
    "openness": "closed",
    "host": "The platform itself",
    "content": "Photographs of displays and finished work, reminders of trips and dates. About two posts a week.",
    "investment": "Two hours of set-up, then what we now spend on paper notes. Most families read it on their telephones.",
    "engagement": "Comments are open to families and answered by the end of the next school day.",
    "effort": "About forty minutes a week, shared by the class teacher and the office.",
    "evaluation": "A short question to families at the end of each term, and how many of them follow us.",
    "promotion": "A letter home, the newsletter, and a sign at the classroom door.",
    "audience": [Public.FAMILY, Public.STAFF],
    "contributors": [Public.STAFF],
    "security": "Each follower is checked against the class list before being let in.",
}
SUBJECT: Answers = {
    "openness": "open",
    "host": "The platform itself",
    "content": "Revision tips, good work without names, visits, and news from the subject. Three posts a week in term.",
    "investment": "No cost but time. Older pupils look there first, and homework questions have dropped where others tried it.",
    "engagement": "Announcements mostly. Comments are switched off; questions come by e-mail.",
    "effort": "An hour a week of the department's own time, taken in turns.",
    "evaluation": "We compare homework returns before and after, and ask the pupil council in July.",
    "promotion": "In lessons, at open evening, and on the subject's page of the website.",
    "audience": [Public.PUPILS, Public.FAMILY],
    "audience_age_from": 13,
    "audience_age_to": 18,
    "contributors": [Public.STAFF],
    "security": "Nobody else can post. Followers with offensive names are blocked each Monday.",
    "learners_reason": "The platform is open to their age, messages are switched off, and no pupil needs an account to read it.",
}
COMMUNITY: Answers = {
    "openness": "open",
    "host": "The platform itself, with a page on our website that links to it",
    "content": "Events, appeals for help, results and thanks. Pictures of buildings and groups, never of one pupil.",
    "investment": "Ten pounds a month for a scheduling tool. One well-filled event pays for the year.",
    "engagement": "Comments are open and looked at twice a day; rude ones are hidden and recorded.",
    "effort": "Two hours a week: half an hour on most days.",
    "evaluation": "Numbers at events, and how many local groups share what we post.",
    "promotion": "Posters, the parish newsletter, and partners who link to us.",
    "audience": [Public.FAMILY, Public.EXTERNAL, Public.PUBLIC],
    "contributors": [Public.STAFF, Public.FAMILY],
    "vetter_name": "The office manager",
    "vetter_role": "Office manager",
    "advertise": "At the friends' meeting each term; whoever offers is met in person first.",
    "security": "Contributors are known to the school. Everything from outside waits until somebody has looked at it.",
}
KINDS: dict[str, Answers] = {"class": CLASS, "subject": SUBJECT, "community": COMMUNITY}


def answers_for(form: str, kind: str, platform: str, **own: Any) -> Answers:
    """Every answer of a form that is not about people: the kind's own, overridden by `own`."""
    given = {
        **KINDS[kind],
        "platform": Platform.objects.get(slug=platform),
        "go_live_on": timezone.localdate() + timedelta(days=40),
        **own,
    }
    asked = {key for section in FORMS[form] for key in section.keys}
    asked |= {f"{key}_{detail}" for key in ("audience", "contributors") if key in asked for detail in DETAILS}
    return {key: value for key, value in given.items() if key in asked}


def first_page_only(form: str, answers: Answers) -> Answers:
    """What somebody has filled in who stopped on the second page: its first question, too."""
    first, second = FORMS[form][:2]
    return {key: value for key, value in answers.items() if key in (*first.keys, second.keys[0])}


def page_of(platform: str, handle: str) -> str:
    """The address of an account's page, on the platform's own site."""
    host = Platform.objects.get(slug=platform).hosts[0]
    return f"https://www.{host}/{handle.strip('@')}"
