"""Who is asked to read a document, in SQL: for one person, for one document, and counted for many documents.

A document of a school is read by who belongs to that school itself; a document of a trust by everybody at its
schools; and who belongs to the whole trust reads the trust's documents and those of its central team, not the
supplements of all its schools.
"""

from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, StrIndex

from core.access import standing_of
from core.roles import EMPLOYED, Role
from people.models import Membership, School, User
from policies.documents.access import trusts_of
from policies.models import Acknowledgement, Document, Readers, Version

ROLES: dict[str, tuple[str, ...]] = {
    Readers.STAFF: EMPLOYED,
    Readers.GOVERNANCE: (Role.GOVERNANCE,),
    Readers.CONTRIBUTORS: (Role.CONTRIBUTOR,),
}
"""Which roles each value of `Readers` means, deputies included."""
_IN_JSON = Case(
    *(When(role__in=roles, then=Value(f'"{readers}"')) for readers, roles in ROLES.items()),
    default=Value("?"),
    output_field=CharField(),
)
"""The value of `Readers` to which a membership belongs, as it stands in the JSON of a document."""


def in_force() -> QuerySet[Version]:
    """Versions in force of documents that are in use."""
    return Version.objects.filter(state=Version.State.IN_FORCE, document__retired_at=None)


def at_schools(schools: set[int]) -> Q:
    """Versions of documents that hold at one of these schools, the trust's included."""
    of_trust = Q(document__for_trust=True, document__school__trust__in=trusts_of(schools))
    return Q(document__school__in=schools) | of_trust


def members_who_read(document: Document, within: set[int] | None = None) -> QuerySet[Membership]:
    """The memberships whose holders are asked to read a document.

    `within` leaves those at these schools; who belongs to the whole trust counts to the document's own.
    """
    roles = [role for one in document.readers for role in ROLES.get(one, ())]
    rows = Membership.objects.active().filter(role__in=roles).order_by()
    school = document.school
    trust_wide = Q(trust__isnull=False, trust=school.trust_id)
    if document.for_trust and school.trust_id:
        rows = rows.filter(trust_wide | Q(school__trust=school.trust_id))
    else:
        rows = rows.filter(Q(school=school) | trust_wide if school.is_central else Q(school=school))
    if within is None:
        return rows
    return rows.filter(Q(school__in=within) | trust_wide if school.pk in within else Q(school__in=within))


def readers_of(document: Document, within: set[int] | None = None) -> QuerySet[User]:
    """The people who are asked to read a document."""
    return User.objects.filter(pk__in=members_who_read(document, within).values("user"))


def with_read(people: QuerySet[User], version: Version) -> QuerySet[User]:
    """With `read_at`: when each said that they have read and understood the version; None where they have not."""
    said = Acknowledgement.objects.filter(version=version, user=OuterRef("pk")).order_by()
    return people.annotate(read_at=Subquery(said.values("at")[:1]))


def yet_to_read(version: Version, within: set[int] | None = None) -> QuerySet[User]:
    """The readers of a version's document who have not said that they have read and understood it."""
    said = Acknowledgement.objects.filter(version=version, user=OuterRef("pk"))
    return readers_of(version.document, within).filter(~Exists(said)).order_by("pk")


def asked_of(user: Any) -> QuerySet[Version]:
    """The versions in force that a person is asked to read. It asks no query by itself."""
    held = _matching(Membership.objects.active().filter(user=user))
    trust = OuterRef("document__school__trust")
    of_trust = held.filter(Q(trust=trust) | Q(school__trust=trust))
    return in_force().filter(
        at_schools(standing_of(user).all_schools()),
        Q(Exists(held.filter(school=OuterRef("document__school"))))
        | Q(document__for_trust=True) & Q(Exists(of_trust))
        | Q(document__school__kind=School.Kind.CENTRAL) & Q(Exists(held.filter(trust=trust))),
    )


def unread(rows: QuerySet[Version], user: Any) -> QuerySet[Version]:
    """Those which the person has not said to have read and understood."""
    return rows.filter(~Exists(Acknowledgement.objects.filter(version=OuterRef("pk"), user=user)))


def with_numbers(rows: QuerySet[Version], within: set[int]) -> QuerySet[Version]:
    """With `asked` and `have_read`: how many people at these schools read each version's document, and have."""
    return rows.annotate(asked=_count(within), have_read=_count(within, _said()))


def with_missing(rows: QuerySet[Version], within: set[int]) -> QuerySet[Version]:
    """Those that somebody at these schools has not read, with `missing`: how many."""
    return rows.annotate(missing=_count(within, ~_said())).filter(missing__gt=0)


def _said() -> Exists:
    """Whether the person of an inner membership has read the outer version."""
    return Exists(Acknowledgement.objects.filter(version=OuterRef(OuterRef("pk")), user=OuterRef("user")))


def _matching(rows: QuerySet[Membership]) -> QuerySet[Membership]:
    """The memberships that the readers of the outer version's document include."""
    readers = Cast(OuterRef("document__readers"), TextField())
    rows = rows.order_by().annotate(reads_as=_IN_JSON)
    return rows.annotate(among=StrIndex(readers, F("reads_as"))).filter(among__gt=0)


def _count(within: set[int], *conditions: Any) -> Case:
    """How many people read the outer version's document, by the three ways in which it may hold."""
    members = _matching(Membership.objects.active().filter(*conditions))
    trust, school = OuterRef("document__school__trust"), OuterRef("document__school")
    here = Q(school__in=within)
    owned = Q(document__school__in=within)
    of_trust, central = here & Q(school__trust=trust), here & Q(school=school)
    return Case(
        When(owned & Q(document__for_trust=True), then=_people(members.filter(of_trust | Q(trust=trust)))),
        When(document__for_trust=True, then=_people(members.filter(of_trust))),
        When(
            owned & Q(document__school__kind=School.Kind.CENTRAL),
            then=_people(members.filter(central | Q(trust=trust))),
        ),
        default=_people(members.filter(central)),
        output_field=IntegerField(),
    )


def _people(rows: QuerySet[Membership]) -> Coalesce:
    grouped = rows.annotate(all_of_them=Value(1)).values("all_of_them")
    return Coalesce(Subquery(grouped.annotate(n=Count("user", distinct=True)).values("n")), 0)
