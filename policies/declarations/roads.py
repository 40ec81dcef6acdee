"""Who hears what is declared: the roles of the profile, and the next on the road where none of them is free."""

from collections.abc import Callable, Iterable

from core.errors import Refused
from core.roles import Post, Role
from people.governance.profile import Profile
from people.governance.who import joined
from people.models import School, User
from people.selectors import holders
from policies.models import DeclarationHearer, DepartureHearer

CHAIR = f"{Role.GOVERNANCE}/{Post.CHAIR}"
NEXT = (str(Role.HEADTEACHER), CHAIR)
NOBODY = (
    "Nobody could hear this: whoever tells it may not, and nobody else holds one of the roles. "
    "Ask your headteacher or whoever looks after the portal to give somebody the role of {role}."
)

Hears = Callable[[str], bool]


def hears(school: School, teller: User) -> Hears:
    """Whether somebody but the teller meets a role spec at the school."""
    return lambda spec: holders(school, spec).exclude(pk=teller.pk).exists()


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


def declaration_road(profile: Profile, school: School, teller: User, *, not_allowed: bool) -> list[str]:
    """Who hears of a link (CIT-4.04, CBC-9.05); the Safeguarding Lead always, where contact is not allowed.

    Each of the two roads is settled by itself, so that one which leads to nobody cannot hide behind the other.
    """
    heard_by = hears(school, teller)
    named = profile.contact_declaration_recipient or [Role.DSL]
    road = road_of(named, heard_by, titles_of(profile, named))
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
