"""Who closes a complaint about the policy that came as a comment (CIT-2.11, CIT-2.19, STM-2.10).

The panel that the profile names, and whoever leads: in a school the headteacher or the Head of Communications, in
a central team the executive leaders, who stand there where a headteacher would (CIT-2.11). Where nobody of them is
left, other senior leaders; then the board. Never somebody whom the complaint names.
"""

import re
from typing import Any

from django.db.models import Exists, OuterRef, Q

from core.access import Standing
from core.roles import Post, Role
from core.signatures import TITLES, plain_name
from incidents.models import Comment
from people.governance.profile import Profile
from people.models import Membership, School, User
from people.selectors import governed_by, holders_of_any, profile_of

LEADERS = (str(Role.HEADTEACHER), str(Role.HEAD_OF_COMMS))
EXECUTIVE = f"{Role.SENIOR_LEADER}/{Post.ELT}"
SENIOR = str(Role.SENIOR_LEADER)
BOARD = str(Role.GOVERNANCE)
_POLICY = Q(kind=Comment.Kind.POLICY)
_CENTRAL = Q(school__kind=School.Kind.CENTRAL)


def panel_of(profile: Profile, *, central: bool) -> list[str]:
    """The roles of the panel; in a central team those of a school where none are named for it."""
    own = profile.policy_complaint_panel_central if central else None
    return [str(spec) for spec in own or profile.policy_complaint_panel or ()]


def first_of(profile: Profile, *, central: bool) -> list[str]:
    """The roles that close such a complaint before all others."""
    leaders = (*LEADERS, EXECUTIVE) if central else LEADERS
    return list(dict.fromkeys((*panel_of(profile, central=central), *leaders)))


def settlers(comment: Comment) -> list[User]:
    """Who may close it now, without whom it names; empty where nobody is left. At most three queries and a profile."""
    profile = profile_of(comment.school)
    for specs in (first_of(profile, central=comment.school.is_central), [SENIOR], [BOARD]):
        people = [one for one in holders_of_any(comment.school, specs) if not names(comment.words, one)]
        if people:
            return people
    return []


def names(words: str, person: User) -> bool:
    """Whether words name a colleague: by the full name, or by the last name after a title such as "Mr"."""
    said = re.findall(r"\w+", plain_name(words).replace("'", ""))
    mine = re.findall(r"\w+", plain_name(person.full_name).replace("'", ""))
    if not mine:
        return False
    last = {mine[-1], f"{mine[-1]}s"}  # "Mr Barnes's rules" is said without the apostrophe by now
    titled = any(word in last and place and said[place - 1] in TITLES for place, word in enumerate(said))
    return titled or f" {' '.join(mine)}" in f" {' '.join(said)}"


def handled_as_complaint(user: Any, standing: Standing) -> Q:
    """Complaints about the policy that the person may handle because of their kind. It asks no query of comments.

    The panel's, and any senior leader's, who are the next to close them. The board's where nobody else is there.
    """
    here: set[int] = set()
    central: set[int] = set()
    alone: dict[tuple[str, ...], set[int]] = {}
    board = standing.schools([BOARD])
    for place, profile in governed_by(user).items():
        for found, of_central in ((here, False), (central, True)):
            specs = panel_of(profile, central=of_central)
            if specs and place.pk in standing.schools(specs):
                found.add(place.pk)
        if place.pk in board:
            alone.setdefault(_others(profile), set()).add(place.pk)
    rows = ~_CENTRAL & Q(school__in=here) | _CENTRAL & Q(school__in=central)
    rows |= Q(school__in=standing.schools([SENIOR]))
    for specs, schools in alone.items():
        rows |= Q(school__in=schools) & ~Exists(_held(specs))
    return _POLICY & rows


def to_settle(user: Any, standing: Standing) -> Q | None:
    """Complaints that the person may close, for a list; None where they can close none. It asks no query of comments.

    Cautious where a database cannot read words as `names` does: nothing that may name the person, and what others
    close before them only where those are not there. Who is next since a complaint names all of them is told by
    a notice. The page decides.
    """
    board, senior = standing.schools([BOARD]), standing.schools([SENIOR])
    first: dict[bool, set[int]] = {False: set(), True: set()}
    after: dict[tuple[bool, tuple[str, ...]], set[int]] = {}
    for place, profile in governed_by(user).items():
        for central, found in first.items():
            specs = tuple(first_of(profile, central=central))
            if place.pk in standing.schools(specs):
                found.add(place.pk)
            elif place.pk in senior:
                after.setdefault((central, specs), set()).add(place.pk)
            elif place.pk in board:
                after.setdefault((central, (*specs, SENIOR)), set()).add(place.pk)
    if not after and not any(first.values()):
        return None
    rows = ~_CENTRAL & Q(school__in=first[False]) | _CENTRAL & Q(school__in=first[True])
    for (central, specs), schools in after.items():
        of_kind = _CENTRAL if central else ~_CENTRAL
        rows |= of_kind & Q(school__in=schools) & ~Exists(_held(specs))
    return _POLICY & rows & ~_may_name(user)


def _may_name(person: User) -> Q:
    """Words in which the last name of a person may stand: whatever `names` finds, and more.

    Letters besides a to z may be written in another way, and so may an apostrophe.
    """
    words = re.findall(r"[\w'’]+", person.full_name)
    if not words:
        return Q(pk__in=[])
    last = words[-1]
    if not re.search("[A-Za-z]", last):
        return Q(words__icontains=last)
    pattern = "".join(one if re.match("[A-Za-z0-9]", one) else ".{0,2}" for one in last)
    return Q(words__iregex=f"(^|[^a-z]){pattern}")


def _others(profile: Profile) -> tuple[str, ...]:
    """The roles whose holders come before the board, whatever the kind of the school."""
    named = (*first_of(profile, central=False), *first_of(profile, central=True), SENIOR)
    return tuple(dict.fromkeys(spec for spec in named if spec.partition("/")[0] != BOARD))


def _held(specs: tuple[str, ...]) -> Any:
    """Memberships in force at a comment's school that meet one of the specs."""
    meets = Q()
    for spec in specs:
        meets |= Q(pk__in=Membership.objects.meeting(spec).values("pk"))
    there = Q(school=OuterRef("school")) | Q(trust=OuterRef("school__trust"))
    return Membership.objects.active().filter(there).filter(meets)


def who_settles(comment: Comment) -> str:
    """Who may close it, in words for its page."""
    people = [one.full_name for one in settlers(comment)]
    if not people:
        title = profile_of(comment.school).title_of(Role.GOVERNANCE)
        return (
            "Nobody may close it at present: nobody of your panel, of the leaders or of the board is there, or it "
            f"names them. Ask whoever looks after the portal to give somebody the role of {title}."
        )
    if len(people) == 1:
        return f"{people[0]} decides when nothing more is to be done."
    return f"{', '.join(people[:-1])} or {people[-1]} decides when nothing more is to be done."
