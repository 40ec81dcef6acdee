"""What a school calls its roles, and which posts narrow which role."""

from collections.abc import Iterable, Mapping

from core.roles import Post, Role
from people.governance.profile import Profile
from people.governance.who import title_of

POSTS_OF: dict[str, tuple[str, ...]] = {
    Role.OFFICE: (Post.OFFICE_MANAGER,),
    Role.HEADTEACHER: (Post.DEPUTY,),
    Role.DSL: (Post.DEPUTY,),
    Role.SENIOR_LEADER: (Post.BUSINESS_MANAGER, Post.ELT),
    Role.GOVERNANCE: (Post.CHAIR,),
    Role.HR: (Post.HR_DIRECTOR,),
    Role.IT: (Post.ONLINE_SAFETY,),
}
"""The posts that narrow each role; another pair would match no setting."""


def all_specs() -> list[tuple[str, str]]:
    """Every role and every narrowed role that can be given, in the order of the roles."""
    return [(role.value, post) for role in Role for post in ("", *POSTS_OF.get(role, ()))]


def spec_of(role: str, post: str) -> str:
    """Role and post as one word, as settings write them."""
    return f"{role}/{post}" if post else str(role)


def split(spec: str) -> tuple[str, str]:
    """Role and post of a spec."""
    role, _, post = spec.partition("/")
    return role, post


def choices(profile: Profile | None) -> list[tuple[str, str]]:
    """Spec and title of everything that can be given, in the school's own words where there is one."""
    return [(spec_of(role, post), title(profile, role, post)) for role, post in all_specs()]


def title(profile: Profile | None, role: str, post: str = "") -> str:
    """One role's title; a post whose own words do not say its role carries the role too."""
    words = profile.title_of(role, post) if profile else title_of({}, role, post)
    return words[:1].upper() + words[1:]


def by_words(profile: Profile | None) -> Mapping[str, tuple[str, str]]:
    """Role and post by every word that a file may use: title, plain name, code. In lower case."""
    found: dict[str, tuple[str, str]] = {}
    for role, post in all_specs():
        for words in _words_for(profile, role, post):
            found.setdefault(words.casefold(), (role, post))
    return found


def _words_for(profile: Profile | None, role: str, post: str) -> Iterable[str]:
    yield spec_of(role, post)
    if not post:
        yield role.replace("_", " ")
        yield str(Role(role).label)
    yield title(profile, role, post)
    yield title(None, role, post)
