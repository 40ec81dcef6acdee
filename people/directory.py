"""The list of people that a member of the school's staff may look up: who, what, where, since when."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils import timezone

from core.access import standing_of
from core.tables import Link, Status, date_text
from people.access import membership_rules, school_rules, trusts_of, user_rules
from people.models import Invitation, Membership, PendingChange, School, User
from people.selectors import Place, Titles, places_of

JOINED, INVITED, LEFT, INACTIVE = "joined", "invited", "left", "inactive"
STATES = {JOINED: "Joined", INVITED: "Invited, not joined yet", LEFT: "Left", INACTIVE: "Sign-in closed"}


def directory_places(viewer: User) -> list[Place]:
    """The schools whose people the viewer may look up, by name."""
    return places_of(school_rules.schools(viewer, "directory"), active=True)


def current_q() -> Q:
    """Memberships that are in force or begin later."""
    return Q(ended_at=None) & (Q(ends=None) | Q(ends__gte=timezone.localdate()))


def memberships_for(viewer: User, school: School | None = None) -> QuerySet[Membership]:
    """The memberships that the viewer may see; those of one school (its trust's included) if given."""
    rows = membership_rules.visible_to(viewer)
    return rows.at_school(school) if school else rows


def people_for(viewer: User, chosen: Mapping[str, Any]) -> QuerySet[User]:
    """The people whom the viewer may look up; `chosen` are the filters in force."""
    school, role, state = (chosen.get(name) for name in ("school", "role", "state"))
    people = user_rules.visible_to(viewer)
    here = memberships_for(viewer, school).filter(user=OuterRef("pk")).order_by()
    asked = _unused_invitations(viewer, school).filter(user=OuterRef("pk")).order_by()
    if school:
        people = people.filter(Exists(here) | Exists(asked))
    if role:
        people = people.filter(
            Exists((here if state == LEFT else here.filter(current_q())).filter(role=role))
        )
    if state:
        people = people.alias(state=_state(Exists(here.filter(current_q())), Exists(asked))).filter(
            state=state
        )
    for word in chosen.get("q", "").split():
        people = people.filter(Q(full_name__icontains=word) | Q(email__icontains=word))
    return people


def _state(current: Exists, asked: Exists) -> Case:
    """`Roles.state` for the database, where a list is narrowed by it."""
    joined = Q(joined_at__isnull=False) | Q(last_login__isnull=False)
    return Case(
        When(is_active=False, then=Value(INACTIVE)),
        When(current & joined, then=Value(JOINED)),
        When(current | asked, then=Value(INVITED)),
        default=Value(LEFT),
    )


def _unused_invitations(viewer: User, school: School | None = None) -> QuerySet[Invitation]:
    """Those at the places whose people the viewer may look up, and those that the viewer may send."""
    rows = Invitation.objects.filter(accepted_at=None, revoked_at=None)
    if standing_of(viewer).is_superuser and school is None:
        return rows
    schools = {school.pk} if school else school_rules.schools(viewer, "directory")
    trusts = trusts_of(viewer, schools)
    return rows.filter(Q(school__in=schools) | Q(trust__in=trusts))


class Roles:
    """The visible memberships of some people, with the titles of their schools, in four queries.

    `also` are changes whose places' titles are wanted too.
    """

    def __init__(
        self,
        viewer: User,
        people: Iterable[User],
        school: School | None = None,
        *,
        also: Iterable[PendingChange] = (),
    ) -> None:
        keys = [person.pk for person in people]
        rows = memberships_for(viewer, school).filter(user__in=keys)
        self.rows = list(rows.select_related("school", "trust").order_by("starts", "pk"))
        places = [*self.rows, *also]
        self.reader = Titles([row.school for row in places], [row.trust_id for row in places])
        self.titles = {r.pk: self.reader.title(r.role, r.post, r.school, r.trust_id) for r in self.rows}
        self.of: dict[int, list[Membership]] = defaultdict(list)
        for row in self.rows:
            self.of[row.user_id].append(row)
        today = timezone.localdate()
        self.current = {row.pk for row in self.rows if is_current(row, today)}
        self.asked = {
            row.user_id: row
            for row in _unused_invitations(viewer, school)
            .filter(user__in=keys)
            .select_related("school", "trust")
        }

    def state(self, person: User) -> str:
        """Whether somebody has joined, is invited, has left, or may not sign in any more."""
        if not person.is_active:
            return INACTIVE
        current = any(row.pk in self.current for row in self.of[person.pk])
        if current and (person.joined_at or person.last_login):
            return JOINED
        return INVITED if current or person.pk in self.asked else LEFT

    def shown(self, person: User) -> list[Membership]:
        """What they are; of a leaver, what they were."""
        rows = self.of[person.pk]
        return [row for row in rows if row.pk in self.current] or rows

    def words(self, person: User) -> list[str]:
        """One line a role."""
        return [self.titles[row.pk] for row in self.shown(person)]

    def places(self, person: User) -> list[str]:
        """Where, in the order of the roles; each place once."""
        return list(dict.fromkeys(row.place.name for row in self.shown(person)))

    def since(self, person: User) -> date | None:
        """The day of joining, of the invitation, or of leaving (London)."""
        state = self.state(person)
        if state == JOINED:
            moment = person.joined_at or person.last_login
        elif state == INVITED:
            moment = self.asked[person.pk].created_at if person.pk in self.asked else None
        else:
            return max((ended_on(row) for row in self.of[person.pk]), default=None) if state == LEFT else None
        return timezone.localtime(moment).date() if moment else None


def is_current(row: Membership, today: date) -> bool:
    """Whether a membership is in force or begins later."""
    return row.ended_at is None and (row.ends is None or row.ends >= today)


def ended_on(row: Membership) -> date:
    """The last day on which an ended membership held (London)."""
    return timezone.localtime(row.ended_at).date() if row.ended_at else row.ends or timezone.localdate()


def status_of(row: Membership, today: date) -> str:
    """The status of one membership: active, future or ended."""
    if not is_current(row, today):
        return "ended"
    return "future" if row.starts > today else "active"


def table_rows(roles: Roles, people: Iterable[User]) -> list[dict[str, Any]]:
    """The rows of the list page."""
    return [
        {
            "full_name": Link(person.full_name, reverse("people:person-detail", args=[person.uuid])),
            "email": person.email,
            "roles": roles.words(person),
            "school": roles.places(person),
            "state": Status(roles.state(person)),
            "since": _day_words(roles.since(person)),
        }
        for person in people
    ]


def _day_words(day: date | None) -> str:
    return date_text(day) if day else ""
