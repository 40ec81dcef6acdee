"""Everybody at one school with their roles, read in one query: for choosing, naming and checking people."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

from accounts.services.right_holders import Present
from core.roles import EMPLOYED, spec_matches
from people.governance.profile import Profile
from people.models import School, User
from people.selectors import memberships_at


class Directory:
    """The people of a school today. Nothing is read before the first question."""

    def __init__(self, school: School) -> None:
        self.school = school

    @cached_property
    def _held(self) -> dict[User, list[tuple[str, str]]]:
        rows = memberships_at(self.school).select_related("user").order_by("user__full_name", "user", "pk")
        held: dict[User, list[tuple[str, str]]] = defaultdict(list)
        for row in rows:
            held[row.user].append((row.role, row.post))
        return held

    @property
    def people(self) -> list[User]:
        """Everybody with a role here, by name."""
        return list(self._held)

    @cached_property
    def present(self) -> Present:
        """Ids of everybody here, and of those whom the school or its trust employs."""
        employed = [user.pk for user, held in self._held.items() if any(role in EMPLOYED for role, _ in held)]
        return Present(frozenset(user.pk for user in self._held), frozenset(employed))

    def holders(self, specs: Iterable[str], *, but: User | None = None) -> list[User]:
        """Who meets any of the role specs, by name; `but` is left out."""
        wanted = [str(spec) for spec in specs]
        return [
            user
            for user, held in self._held.items()
            if user != but and any(spec_matches(spec, role, post) for spec in wanted for role, post in held)
        ]

    def named(self, user: User, profile: Profile) -> str:
        """A person as a list offers them: name, and the school's own titles of their roles."""
        titles = dict.fromkeys(profile.title_of(role, post) for role, post in self._held.get(user, ()))
        return ", ".join([user.full_name or user.email, *titles])
