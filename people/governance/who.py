"""Names of roles as a governance profile writes them: `headteacher`, `senior_leader/elt`.

A setting names roles, never people, and where it matters the post that narrows the role (RAV-2.07 means the
business manager and not every senior leader).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.roles import Post, Role

ANY = "any"
ALL = "all"
NEEDED = {ANY: "one of them is enough", ALL: "all of them"}


class RoleRef(str):
    """A role, or a role narrowed to a post, in one word: `office` or `office/office_manager`.

    It is a string, so it goes into JSON as it is and `Role.STAFF in profile.applicants` works.
    """

    __slots__ = ()

    @classmethod
    def parse(cls, raw: object) -> RoleRef:
        """Read `role` or `role/post`.

        Raises:
            ValueError: it is not text, or the role or the post does not exist.
        """
        if not isinstance(raw, str):
            raise ValueError("A role must be written as a word, such as “headteacher”.")
        role, slash, post = str(raw).partition("/")
        check_role(role)
        if slash:
            check_post(post)
            if not post:
                raise ValueError(f"“{shown(raw)}” has a slash but no post after it.")
        return cls(raw)

    @property
    def role(self) -> Role:
        """The role without its post."""
        return Role(self.partition("/")[0])

    @property
    def post(self) -> str:
        """The post, or "" when the role is not narrowed."""
        return self.partition("/")[2]


@dataclass(frozen=True)
class StepSpec:
    """One step of an approval chain: whose signature, and whether one holder of the role is enough."""

    role: str
    post: str = ""
    needed: str = ANY

    @property
    def ref(self) -> RoleRef:
        """Whose signature it is, as a role spec."""
        return RoleRef(f"{self.role}/{self.post}" if self.post else str(self.role))


def shown(raw: object) -> str:
    """What somebody typed, cut short enough to repeat in an error message."""
    text = str(raw)
    return text if len(text) <= 60 else f"{text[:57]}…"


def check_role(role: object) -> Role:
    """Return the role, or raise ValueError in words that a reader of the settings page understands."""
    if not isinstance(role, str) or role not in Role.values:
        raise ValueError(f"There is no role called “{shown(role)}”.")
    return Role(role)


def check_post(post: object) -> str:
    """Return the post ("" for none), or raise ValueError."""
    if post == "":
        return ""
    if not isinstance(post, str) or post not in Post.values:
        raise ValueError(f"There is no post called “{shown(post)}”.")
    return Post(post).value


def title_of(titles: Mapping[str, str], role: str, post: str = "") -> str:
    """The school's own title for a role: of the post if it has one, else built from the role's title."""
    role_title = titles.get(str(role)) or str(Role(role).label)
    if not post:
        return role_title
    own = titles.get(f"{role}/{post}")
    if own:
        return own
    return f"Deputy {role_title}" if post == Post.DEPUTY else str(Post(post).label)


def joined(words: Iterable[str], word: str = "and") -> str:
    """“A”, “A and B”, “A, B and C”."""
    items = list(words)
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {word} {items[-1]}"
