"""Who hears what is declared: the roles of the profile, and the next on the road where none of them is free."""

import re
from collections.abc import Callable, Collection, Iterable

from core.errors import Refused
from core.roles import Post, Role
from core.signatures import TITLES, plain_name, same_name
from people.governance.profile import Profile
from people.governance.who import joined
from people.models import School, User
from people.selectors import holders, people_at
from policies.models import DeclarationHearer, DepartureHearer

CHAIR = f"{Role.GOVERNANCE}/{Post.CHAIR}"
NEXT = (str(Role.HEADTEACHER), CHAIR)
NOBODY = (
    "Nobody could hear this: whoever tells it, or is named in it, may not, and nobody else holds one of the roles. "
    "Ask your headteacher or whoever looks after the portal to give somebody the role of {role}."
)

Hears = Callable[[str], bool]


def hears(school: School, teller: User, named: Collection[int] = ()) -> Hears:
    """Whether somebody meets a role spec at the school but the teller and whom it names, by their ids."""
    return lambda spec: holders(school, spec).exclude(pk__in={teller.pk, *named}).exists()


def named_at(school: School, teller: User, name: str) -> list[int]:
    """Ids of the people at a school whom a parent's name may mean: nobody hears what concerns themselves.

    "Mr Barnes", "B. Barnes" and "Barnes" mean Bob Barnes, and so does "Bill Barnes"; "Jane Barnes" does not. It
    rather keeps out one too many: whoever hears it can say that somebody is not meant (`meant.py`).
    """
    rows = people_at(school).exclude(pk=teller.pk).values_list("pk", "full_name")
    return [pk for pk, full_name in rows if same_name(name, full_name) or may_mean(name, full_name)]


def may_mean(typed: str, full_name: str) -> bool:
    """Whether typed words may mean a person of this name, by the last name and what stands before it."""
    said, mine = _name_words(typed), _name_words(full_name)
    if not said or not mine:
        return False
    if f" {' '.join(mine)} " in f" {' '.join(said)} ":
        return True
    *before, last = said
    return last == mine[-1] and (not before or len(mine) == 1 or before[0][0] == mine[0][0])


def _name_words(text: str) -> list[str]:
    words = re.findall(r"\w+", plain_name(text).replace("'", ""))
    return [word for word in words if word not in TITLES]


def road_of(specs: Iterable[str], heard_by: Hears, title: str) -> list[str]:
    """The roles, and the headteacher or then the chair where nobody in them is free to hear.

    Raises Refused, with `title` as the role to be given, where the chair's place is empty too.
    """
    road = list(dict.fromkeys(str(spec) for spec in specs))
    if any(heard_by(spec) for spec in road):
        return road
    for spec in NEXT:
        if heard_by(spec):
            return [*road, spec]
    raise Refused(NOBODY.format(role=title))


def declaration_road(
    profile: Profile, school: School, teller: User, *, not_allowed: bool, named: Collection[int] = ()
) -> list[str]:
    """Who hears of a link (CIT-4.04, CBC-9.05); the Safeguarding Lead always, where contact is not allowed.

    Each of the two roads is settled by itself, so that one which leads to nobody cannot hide behind the other.
    `named` are the ids of colleagues whom it names: they do not hear it.
    """
    heard_by = hears(school, teller, named)
    recipients = profile.contact_declaration_recipient or [Role.DSL]
    road = road_of(recipients, heard_by, titles_of(profile, recipients))
    if not_allowed:
        road += road_of([Role.DSL], heard_by, profile.title_of(Role.DSL))
    return list(dict.fromkeys(road))


def departure_road(profile: Profile, school: School, teller: User) -> list[str]:
    """Who answers a departure (CBC-6.05): for the headteacher's own, the chair and nobody who works for them."""
    heard_by = hears(school, teller)
    if holders(school, Role.HEADTEACHER).filter(pk=teller.pk).exists():
        if heard_by(CHAIR):
            return [CHAIR]
        raise Refused(NOBODY.format(role=profile.title_of(Role.GOVERNANCE, Post.CHAIR)))
    named = profile.departure_recipient or [Role.HEADTEACHER]
    return road_of(named, heard_by, titles_of(profile, named))


def next_of(frozen: Iterable[str], heard_by: Hears, *, of_head: bool = False) -> list[str]:
    """Who is added to a frozen road on which nobody is left: the next of it, or nobody where nobody is.

    `of_head`: whoever told it heads the school, so nobody who works for them takes it. Pure but for `heard_by`.
    """
    road = list(frozen)
    if any(heard_by(spec) for spec in road):
        return []
    further = (spec for spec in NEXT if spec not in road and (spec == CHAIR or not of_head))
    return [spec for spec in further if heard_by(spec)][:1]


def titles_of(profile: Profile, specs: Iterable[str], word: str = "and") -> str:
    """Roles in the school's own words."""
    parts = (str(spec).partition("/") for spec in specs)
    return joined((profile.title_of(role, post) for role, _, post in parts), word)


def rows_of(specs: Iterable[str]) -> list[dict[str, str]]:
    """Role and post of each spec, as a hearer's row keeps them."""
    parts = (str(spec).partition("/") for spec in specs)
    return [{"role": role, "post": post} for role, _, post in parts]


def specs_of(hearers: Iterable[DeclarationHearer | DepartureHearer]) -> list[str]:
    """The role specs of frozen rows."""
    return [str(one) for one in hearers]
