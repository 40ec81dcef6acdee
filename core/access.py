"""Access: closed unless a rule opens it (design, section 3).

One `Rules` object a model. `visible_to` is the only road to a row; `allows` asks about one row;
`require` is what services call, so that commands, tasks and the admin obey too.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.urls import Resolver404, resolve

from core.roles import Post, spec_matches


@dataclass(frozen=True)
class Standing:
    """What a person is now, at every school: (role, post, school id) for each active membership."""

    held: frozenset[tuple[str, str, int]] = frozenset()
    is_superuser: bool = False

    def schools(self, specs: Iterable[str]) -> set[int]:
        """Ids of the schools at which the person meets one of `specs` (`role` or `role/post`)."""
        wanted = tuple(specs)
        found: set[int] = set()
        for (role, post), schools in self.places.items():
            if any(spec_matches(spec, role, post) for spec in wanted):
                found |= schools
        return found

    @cached_property
    def places(self) -> dict[tuple[str, str], set[int]]:
        """The schools of each role and post: a person in a trust of a hundred schools holds few of them."""
        places: dict[tuple[str, str], set[int]] = {}
        for role, post, school in self.held:
            places.setdefault((role, post), set()).add(school)
        return places

    def all_schools(self) -> set[int]:
        """Ids of every school at which the person holds anything."""
        return {school for _, _, school in self.held}

    def roles_at(self, school_id: int) -> set[tuple[str, str]]:
        """The (role, post) pairs held at one school."""
        return {(role, post) for role, post, school in self.held if school == school_id}


NOBODY = Standing()
_provider: Callable[[Any], Standing] | None = None
_keeper: Callable[[Any], None] | None = None


def register_standing_provider(
    provider: Callable[[Any], Standing], keeper: Callable[[Any], None] | None = None
) -> None:
    """`people` tells the ground floor how to read a user's roles, and how to keep them beside the user."""
    global _provider, _keeper
    _provider, _keeper = provider, keeper


def keep_standing(user: Any) -> None:
    """Read what a person holds now and keep it on this very object: for one answer, never for longer.

    A request of a signed-in person does so by itself (people.middleware.Standing).
    """
    if _keeper is not None:
        _keeper(user)


def standing_of(user: Any) -> Standing:
    """The standing of `user` now. A signed-out or inactive person has none.

    A request keeps it on its own user object (people.middleware.Standing), so it is read once.
    """
    if user is None or not getattr(user, "is_authenticated", False) or not user.is_active:
        return NOBODY
    kept = getattr(user, "_standing", None)
    if kept is not None:
        return kept
    if _provider is None:
        return NOBODY
    return _provider(user)


def held_as(standing: Standing, school_field: str) -> Q:
    """Rows that name a `role` and a `post` which the person holds now at the school under `school_field`.

    A deputy's post meets no row but its own.
    """
    meets = Q(pk__in=[])
    for (role, post), schools in standing.places.items():
        posts = {post} if post == Post.DEPUTY else {"", post}
        meets |= Q(role=role, post__in=posts, **{f"{school_field}__in": schools})
    return meets


@dataclass
class Rules:
    """The role × action table of one model.

    `table` maps an action to role specs; `superuser` lists the few actions that a superuser has
    everywhere (reference data only); `by_name` gives a Q for rows granted to the person by name;
    `at_schools` replaces `school_field` for models that reach their schools by another road.
    """

    model: type[Model]
    table: dict[str, tuple[str, ...]]
    school_field: str = "school"
    superuser: frozenset[str] = frozenset()
    by_name: Callable[[Any, Standing, str], Q | None] = field(default=lambda user, standing, action: None)
    at_schools: Callable[[set[int]], Q] | None = None

    def __post_init__(self) -> None:
        RULES[self.model._meta.label] = self

    def schools(self, user: Any, action: str) -> set[int]:
        """Ids of the schools at which a role of the user grants `action`."""
        return standing_of(user).schools(self._specs(action))

    def can_ever(self, user: Any, action: str) -> bool:
        """Whether the user may do `action` to anything at all, so that the page is worth opening."""
        standing = standing_of(user)
        if standing.is_superuser and action in self.superuser:
            return True
        return bool(standing.schools(self._specs(action))) or self._reach(user, action) is not None

    def visible_to(self, user: Any, action: str = "view") -> QuerySet:
        """The rows to which the user may do `action`: the only road to a row."""
        rows = self._reach(user, action)
        return self.model._default_manager.none() if rows is None else rows.all()

    def _reach(self, user: Any, action: str) -> QuerySet | None:
        """The rows within reach, None where no role and no name opens any.

        A request keeps the answer beside the standing that it was made from (never its rows): a page
        asks the same rule several times, and building nested conditions costs more than running them.
        """
        standing = standing_of(user)
        kept = getattr(user, "_reach", {})
        key = (self.model._meta.label, action)
        if key not in kept:
            kept[key] = self._build(user, standing, action)
        return kept[key]

    def _build(self, user: Any, standing: Standing, action: str) -> QuerySet | None:
        specs = self._specs(action)
        manager = self.model._default_manager
        if standing.is_superuser and action in self.superuser:
            return manager.all()
        if not standing.held:
            return None
        schools = standing.schools(specs)
        query = self._at(schools) if schools else None
        named = self.by_name(user, standing, action)
        if named is not None:
            query = named if query is None else query | named
        return None if query is None else manager.filter(query)

    def allows(self, user: Any, action: str, obj: Model) -> bool:
        """Whether the user may do `action` to this row."""
        return self.visible_to(user, action).filter(pk=obj.pk).exists()

    def allows_at(self, user: Any, action: str, school: Any) -> bool:
        """Whether a role of the user grants `action` at a school: for rows that do not exist yet."""
        standing = standing_of(user)
        if standing.is_superuser and action in self.superuser:
            return True
        return school.pk in standing.schools(self._specs(action))

    def require(self, actor: Any, action: str, obj: Model) -> None:
        """Raise PermissionDenied unless the actor may do `action` to this row."""
        if not self.allows(actor, action, obj):
            raise PermissionDenied(f"{self.model._meta.label}: {action} is not allowed")

    def require_at(self, actor: Any, action: str, school: Any) -> None:
        """Raise PermissionDenied unless a role of the actor grants `action` at the school."""
        if not self.allows_at(actor, action, school):
            raise PermissionDenied(f"{self.model._meta.label}: {action} is not allowed here")

    def _at(self, schools: set[int]) -> Q:
        return self.at_schools(schools) if self.at_schools else Q(**{f"{self.school_field}__in": schools})

    def _specs(self, action: str) -> tuple[str, ...]:
        if action not in self.table:
            raise KeyError(f"{self.model._meta.label} has no action {action!r} in its access table")
        return tuple(str(spec) for spec in self.table[action])


RULES: dict[str, Rules] = {}
"""Every rules object by model label: notices and the audit pages ask them whether a row may be seen."""

DECLARED_NAMESPACES: set[str] = {"admin"}
"""URL namespaces whose own gate asks the rules (the admin: core.admin_site)."""


def public(view: Callable) -> Callable:
    """Declare that anybody may open this page, signed in or not."""
    view.login_required = False
    view.access_declared = "public"
    return view


def is_sensitive(path: str) -> bool:
    """Whether the page at `path` is about somebody's wrongdoing or a secret (`sensitive = True` on its view).

    Such a page ends an idle session sooner, and nothing that is sent to it is kept aside.
    """
    try:
        view = resolve(path).func
    except Resolver404:
        return not path.endswith("/") and is_sensitive(f"{path}/")
    return bool(getattr(getattr(view, "view_class", view), "sensitive", False))


def declare(view: Callable, meaning: str) -> Callable:
    """Declare the access of a view that is not ours (django-allauth's)."""
    view.access_declared = meaning
    return view
