"""Reads about people that cross models."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import FilteredRelation, Q, QuerySet

from core.access import standing_of
from core.roles import EMPLOYED, Post, Role
from people.access import change_rules
from people.governance.profile import Profile
from people.models import GovernanceProfile, Membership, PendingChange, School, User
from people.titles import choices, title

ROLE_TITLES = "role_titles"


MAY_DEPUTISE = Q(role__in=EMPLOYED) | Q(role=Role.GOVERNANCE, post=Post.CHAIR)
"""Memberships whose holder may sign for somebody else."""


class Place(NamedTuple):
    """A school, as light as a list of choices needs it: a person of a trust may have hundreds."""

    pk: int
    uuid: UUID
    name: str
    slug: str
    trust_id: int | None

    def __str__(self) -> str:
        """Its name."""
        return self.name


def places_of(schools: Iterable[int], *, active: bool = False) -> list[Place]:
    """The schools with these ids, by name; with `active` only those still in use."""
    rows = School.objects.filter(pk__in=schools, **({"active": True} if active else {}))
    return [Place(*row) for row in rows.order_by("name", "pk").values_list(*Place._fields)]


def memberships_at(school: School) -> QuerySet[Membership]:
    """Active memberships at a school, trust-wide ones included."""
    return Membership.objects.active().at_school(school)


def people_at(school: School) -> QuerySet[User]:
    """Active people with a role at a school, by name."""
    return User.objects.filter(is_active=True, pk__in=memberships_at(school).values("user")).order_by(
        "full_name", "pk"
    )


def keys_of_people_only_at(schools: Iterable[int]) -> QuerySet:
    """The keys of everybody who has a role at these schools now and none at another, as a subquery.

    A role in a whole trust counts as one at each of its schools.
    """
    places = list(schools)
    others = School.objects.exclude(pk__in=places)
    here = Q(school__in=places) | Q(trust__schools__in=places)
    elsewhere = Q(school__in=others) | Q(trust__in=others.exclude(trust=None).values("trust"))
    active = Membership.objects.active()
    return active.filter(here).exclude(user__in=active.filter(elsewhere).values("user")).values("user")


def employees_at(school: School) -> QuerySet[User]:
    """Active people whom the school or its trust employs."""
    return people_at(school).filter(pk__in=memberships_at(school).filter(role__in=EMPLOYED).values("user"))


def holders(school: School, spec: str) -> QuerySet[User]:
    """Active people at a school who meet a role spec, `role` or `role/post`."""
    return people_at(school).filter(pk__in=memberships_at(school).meeting(str(spec)).values("user"))


def holders_of_any(school: School, specs: Iterable[str]) -> QuerySet[User]:
    """Active people at a school who meet any of the specs."""
    query = Q(pk__in=[])
    for spec in specs:
        query |= Q(pk__in=memberships_at(school).meeting(str(spec)).values("user"))
    return people_at(school).filter(query)


def possible_deputies(school: School) -> QuerySet[User]:
    """Who may sign for somebody there: whoever is employed, and the chair."""
    return people_at(school).filter(pk__in=memberships_at(school).filter(MAY_DEPUTISE).values("user"))


def is_employed(user: User, school: School) -> bool:
    """Whether the school or its trust employs the person now."""
    return memberships_at(school).filter(user=user, role__in=EMPLOYED).exists()


def profile_of(school: School) -> Profile:
    """How a school governs now: its preset, its trust's changes, its own changes."""
    return profiles_of([school])[school.pk]


def profiles_of(schools: Iterable[School | Place]) -> dict[int, Profile]:
    """The profiles of several schools, in one query however many there are."""
    schools = list(schools)
    of_school, of_trust = _chosen_by(schools)
    found: dict[int, Profile] = {}
    alike: dict[tuple[str, int | None], Profile] = {}
    for school in schools:
        own, trust = of_school.get(school.pk, _NOTHING), of_trust.get(school.trust_id, _NOTHING)
        preset = own.preset or trust.preset
        if own.layer:
            found[school.pk] = Profile.resolve(preset, trust.layer, own.layer)
            continue
        # Schools of a trust that changed nothing of their own govern alike: resolved once.
        key = (preset, school.trust_id)
        found[school.pk] = alike.get(key) or alike.setdefault(key, Profile.resolve(preset, trust.layer, {}))
    return found


def governed_by(user: Any) -> dict[Place, Profile]:
    """How each school governs at which the user holds something. A page keeps it beside the standing."""
    kept = getattr(user, "_governed_by", None) if getattr(user, "_standing", None) else None
    if kept is None:
        places = places_of(standing_of(user).all_schools())
        profiles = profiles_of(places) if places else {}
        kept = {place: profiles[place.pk] for place in places}
        user._governed_by = kept
    return kept


def keeps_at(user: Any, settings: Iterable[str]) -> set[int]:
    """Ids of the schools whose profile names a role of the user in one of these settings."""
    settings = tuple(settings)
    if not settings or not standing_of(user).held:
        return set()
    found: set[int] = set()
    for place, profile in governed_by(user).items():
        named = [str(spec) for key in settings for spec in profile.value(key) or ()]
        if named and place.pk in standing_of(user).schools(named):
            found.add(place.pk)
    return found


@dataclass(frozen=True)
class _Chosen:
    """What one profile row says: where it starts from, and what was changed."""

    preset: str = ""
    layer: dict[str, Any] = field(default_factory=dict)


_NOTHING = _Chosen()


def _chosen_by(schools: list[School | Place]) -> tuple[dict[int, _Chosen], dict[int, _Chosen]]:
    """The rows of these schools and of their trusts, by school and by trust."""
    places = Q(school__in=[s.pk for s in schools]) | Q(trust__in={s.trust_id for s in schools if s.trust_id})
    of_school: dict[int, _Chosen] = {}
    of_trust: dict[int, _Chosen] = {}
    rows = GovernanceProfile.objects.filter(places).values_list(
        "school_id", "trust_id", "preset", "settings__key", "settings__value"
    )
    for school, trust, preset, key, value in rows:
        place, name = (of_school, school) if school else (of_trust, trust)
        chosen = place.setdefault(name, _Chosen(preset))
        if key is not None:
            chosen.layer[key] = value
    return of_school, of_trust


def _resolve(own: GovernanceProfile | None, trust: GovernanceProfile | None) -> Profile:
    preset = (own and own.preset) or (trust and trust.preset) or ""
    return Profile.resolve(preset, _layer(trust), _layer(own))


class Titles:
    """What some schools and trusts call their roles, read in one query for any number of them."""

    def __init__(self, schools: Iterable[School | None], trusts: Iterable[int | None] = ()) -> None:
        self._of_school: dict[int, _Chosen] = {}
        self._of_trust: dict[int, _Chosen] = {}
        wanted = {school for school in schools if school is not None}
        if not wanted and not trusts:
            return
        trust_ids = {school.trust_id for school in wanted} | set(trusts)
        places = Q(school__in=wanted) | Q(trust__in=trust_ids - {None})
        chosen = FilteredRelation("settings", condition=Q(settings__key=ROLE_TITLES))
        rows = GovernanceProfile.objects.filter(places).annotate(chosen=chosen)
        for school, trust, preset, key, value in rows.values_list(
            "school_id", "trust_id", "preset", "chosen__key", "chosen__value"
        ):
            named = _Chosen(preset, {key: value} if key else {})
            (self._of_school if school else self._of_trust)[school or trust] = named

    def title(self, role: str, post: str, school: School | None, trust_id: int | None = None) -> str:
        """A role in the words of the school, or of the whole trust."""
        return title(self._names(school, trust_id), role, post)

    def choices(self, school: School | None, trust_id: int | None = None) -> list[tuple[str, str]]:
        """Spec and title of everything that can be given at a school, or in a whole trust."""
        return choices(self._names(school, trust_id))

    def _names(self, school: School | None, trust_id: int | None) -> Profile:
        """A profile that knows its role titles and nothing else that was changed."""
        own = self._of_school.get(school.pk, _NOTHING) if school is not None else _NOTHING
        trust = self._of_trust.get(school.trust_id if school is not None else trust_id, _NOTHING)
        return _with_titles(own.preset or trust.preset, json.dumps(trust.layer), json.dumps(own.layer))


@lru_cache(maxsize=512)
def _with_titles(preset: str, trust: str, own: str) -> Profile:
    """The same texts make the same profile, so it is laid together once for a list of many schools."""
    return Profile.resolve(preset, json.loads(trust), json.loads(own))


def titles_of(memberships: Iterable[Membership]) -> dict[int, str]:
    """Each membership's title in the words of its own school or trust, in one query for any number."""
    rows = list(memberships)
    titles = Titles([row.school for row in rows], [row.trust_id for row in rows])
    return {row.pk: titles.title(row.role, row.post, row.school, row.trust_id) for row in rows}


def _layer(row: GovernanceProfile | None) -> dict[str, Any]:
    return {setting.key: setting.value for setting in row.settings.all()} if row else {}


@dataclass(frozen=True)
class Layers:
    """What one profile is laid together from: a preset, the trust's changes, and the place's own.

    `preset` is the policy in force, which a school may take from its trust; `trust` is None where
    no trust stands below.
    """

    preset: str
    trust: dict[str, Any] | None
    own: dict[str, Any]
    is_trust: bool = False

    def resolve(self, *, preset: str | None = None, own: dict[str, Any] | None = None) -> Profile:
        """The profile that these layers make, or would make on another preset or with other changes."""
        changes = self.own if own is None else own
        layers = (changes,) if self.is_trust else (self.trust, changes)
        return Profile.resolve(self.preset if preset is None else preset, *layers)

    def below(self) -> Profile:
        """What would hold without the place's own changes."""
        return self.resolve(own={})


def layers_of(row: GovernanceProfile) -> Layers:
    """The layers behind a profile row, in two queries, or four for a school with a trust."""
    if row.trust_id:
        return Layers(row.preset, None, _layer(row), is_trust=True)
    trust = (
        GovernanceProfile.objects.filter(trust=row.school.trust_id).first() if row.school.trust_id else None
    )
    return Layers(
        row.preset or (trust.preset if trust else ""), _layer(trust) if trust else None, _layer(row)
    )


def profiles_of_rows(rows: Iterable[GovernanceProfile]) -> dict[int, Profile]:
    """The resolved profiles behind several rows by their keys, in a fixed number of queries.

    The rows carry their school and their settings already (`select_related`, `prefetch_related`).
    """
    rows = list(rows)
    of_schools = profiles_of([row.school for row in rows if row.school_id])
    return {row.pk: of_schools[row.school_id] if row.school_id else _resolve(None, row) for row in rows}


def changes_to_confirm(user: User) -> QuerySet[PendingChange]:
    """What waits for this person as the second one, the oldest first."""
    waiting = change_rules.visible_to(user, "confirm").filter(status=PendingChange.Status.AWAITING)
    mine = Q(requested_by=user) | Q(about=user)
    return waiting.exclude(pk__in=waiting.filter(mine).values("pk")).order_by("requested_at", "pk")
