"""Whom typed words may mean among the colleagues: "Mr Barns", "the head", "Smith Jones".

It rather keeps out one too many: a reader of the case can say that somebody is not meant.
"""

import re
from datetime import timedelta
from itertools import pairwise

from django.db.models import Q, QuerySet
from django.utils import timezone

from core.roles import Post, Role
from core.signatures import TITLES, plain_name
from incidents.models import Sort
from incidents.roads import CHAIR
from incidents.selectors import in_role
from people.models import Membership, School, User
from people.selectors import profile_of

LONG_AGO = timedelta(days=366)
"""Whoever left longer ago than this, or never worked there, is not looked for."""
PARTICLES = frozenset(
    ("van", "der", "den", "de", "la", "le", "del", "di", "da", "dos", "el", "al", "bin")
) | {"ibn", "von", "mac", "mc", "jr", "sr", "ii", "iii"}
EVERYDAY = frozenset(
    ("mother", "father", "brother", "sister", "parent", "pupil", "teacher", "friend", "school", "person")
)
"""Words that are no misspelt name."""
NO_DEPUTY = r"(?<!deputy )(?<!assistant )(?<!vice )"
HEAD_ALWAYS = r"head ?(?:teacher|master|mistress)s?|the head|^head"
HEAD_WORDS = HEAD_ALWAYS + r"|head|principal|executive head|head of (?:the )?school"
ROLE_WORDS: tuple[tuple[str, str], ...] = (
    (HEAD_WORDS, str(Role.HEADTEACHER)),
    (r"dsl|safeguarding (?:lead|officer)|child protection (?:lead|officer)", str(Role.DSL)),
    (r"chair(?:man|woman|person)?", CHAIR),
)
ELSEWHERE = r"(?! of (?!(?:the )?(?:school|board|govern\w+|trust\w*)\b))(?! (?:boy|girl|pupil|student|prefect|cook|chef|lice)\b)"
"""The head "of maths", the head boy and the chair "of the parents' association" are others."""


def meant_people(school: School, sort: str, words: str) -> list[User]:
    """Colleagues whom typed words may mean, by name, title or role.

    A pupil may share a colleague's last name, or be "in Mrs Dean's class", and what is about a pupil must
    reach the DSL: there a last name counts only after a title, not as an owner's, and never for the DSL.
    """
    if not words.strip():
        return []
    of_pupil = sort == Sort.PUPIL
    every, names = _tokens(words), _named(words, of_pupil=of_pupil)
    found = [
        user for user in people_around(school) if _in_full(user, every) or _by_name(user, names, of_pupil)
    ]
    for spec in _roles(school, words, of_pupil=of_pupil):
        found += in_role(school, spec)
    leads = {user.pk for user in in_role(school, Role.DSL)} if of_pupil and found else set()
    return [user for user in dict.fromkeys(found) if user.pk not in leads]


def people_around(school: School) -> QuerySet[User]:
    """Everybody who works at a school now, will begin there, or left within a year."""
    now = timezone.now()
    held = Membership.objects.at_school(school).filter(
        Q(ended_at=None) | Q(ended_at__gte=now - LONG_AGO),
        Q(ends=None) | Q(ends__gte=timezone.localdate() - LONG_AGO),
    )
    return User.objects.filter(pk__in=held.values("user")).order_by("pk")


def _tokens(text: str) -> list[str]:
    """The words of a text without capitals, accents, apostrophes and hyphens."""
    return re.findall(r"\w+", plain_name(text).replace("'", ""))


def _in_full(user: User, every: list[str]) -> bool:
    full = " ".join(_tokens(user.full_name))
    return bool(full) and f" {full} " in f" {' '.join(every)} "


def _named(words: str, *, of_pupil: bool) -> list[tuple[str, bool]]:
    """What may be somebody's name, and whether a title stands before it."""
    spoken = re.findall(r"[\w'-]+", plain_name(words))
    found = []
    for place, word in enumerate(spoken):
        bare = re.sub("'s?$", "", word)
        titled = bool(TITLES.intersection(spoken[max(0, place - 2) : place]))
        if not of_pupil or (titled and bare == word):
            found += [(part, titled) for part in _tokens(bare)]
    joined = [(one + two, title) for (one, title), (two, _) in pairwise(found)]
    return [(name, title) for name, title in (*found, *joined) if len(name) > 1]


def _by_name(user: User, names: list[tuple[str, bool]], of_pupil: bool) -> bool:
    first, *rest = _tokens(user.full_name) or [""]
    last = [one for one in rest if one not in PARTICLES] or rest or [first]
    mine = {*last, *(one + two for one, two in pairwise(rest))}
    for name, titled in names:
        if name in mine or (titled and not of_pupil and name == first):
            return True
        if not of_pupil and name not in EVERYDAY and any(_near(name, one) for one in mine):
            return True
    return False


def _near(typed: str, name: str) -> bool:
    """Whether one letter is wrong, missing or too many, in a name of six letters or more."""
    if len(name) < 6:
        return False
    pairs = enumerate(zip(typed, name, strict=False))
    at = next((place for place, (one, two) in pairs if one != two), min(len(typed), len(name)))
    return typed[at + 1 :] in (name[at + 1 :], name[at:]) or typed[at:] == name[at + 1 :]


def _roles(school: School, words: str, *, of_pupil: bool) -> list[str]:
    """Role specs of which the words speak, in the portal's words or in the school's own."""
    text = " ".join(re.findall(r"\w+", re.sub("'s?\\b", "", plain_name(words))))
    if of_pupil:
        return (
            [str(Role.HEADTEACHER)]
            if re.search(rf"\b{NO_DEPUTY}(?:{HEAD_ALWAYS})\b{ELSEWHERE}", text)
            else []
        )
    profile = profile_of(school)
    own = {
        str(Role.HEADTEACHER): profile.title_of(Role.HEADTEACHER),
        str(Role.DSL): profile.title_of(Role.DSL),
        CHAIR: profile.title_of(Role.GOVERNANCE, Post.CHAIR),
    }
    found = []
    for pattern, spec in ROLE_WORDS:
        title = re.escape(" ".join(_tokens(own[spec])).removeprefix("the ")) or pattern
        if re.search(rf"\b{NO_DEPUTY}(?:(?:{title})\b|(?:{pattern})\b{ELSEWHERE})", text):
            found.append(spec)
    return found
