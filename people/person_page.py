"""Everything on one person's page, read for one viewer: what they may see, and what they may change."""

from functools import cached_property
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from core.access import standing_of
from core.audit import history_of
from core.models import AuditEvent
from core.statuses import status_html
from core.tables import Column, Link, Status, Table, date_text
from people.access import CONFIRMERS, MANAGERS, change_rules, deputy_rules, school_rules, trusts_where
from people.directory import INVITED, LEFT, Roles, ended_on, status_of
from people.managed import Managed
from people.models import Deputy, Invitation, Membership, PendingChange, School, User
from people.wording import AWAITING, READ_ALONG, ChangeWords

MOST_EVENTS = 50
SENTENCES = {
    "people.invited": "Invited",
    "people.invitation_sent_again": "Invitation sent again",
    "people.joined": "Joined",
    "people.membership_given": "Role given",
    "people.membership_ended": "Role ended",
    "people.left": "Left",
    "people.change_asked": "Change asked for",
    "people.change_confirmed": "Change confirmed",
    "people.change_refused": "Change refused",
    "people.change_withdrawn": "Change withdrawn",
}
"""What the history tells; signing in and out is nobody's business on this page."""
DETAILS = {"full_name": "Name corrected", "email": "Sign-in address changed"}
ROLE_COLUMNS = [
    Column("title", "Role"),
    Column("place", "School or trust"),
    Column("starts", "From"),
    Column("ends", "Until"),
    Column("status", "Status"),
]


class PersonPage:
    """One person as one viewer sees them."""

    def __init__(self, viewer: User, person: User) -> None:
        self.viewer = viewer
        self.person = person
        self.mine = viewer.pk == person.pk
        self.managed = Managed(viewer)
        self.roles = Roles(viewer, [person], also=self.changes)
        self.state = self.roles.state(person)
        self.rows = self.roles.of[person.pk]
        self.current = [row for row in self.rows if row.pk in self.roles.current]

    @property
    def invitation(self) -> Invitation | None:
        """The invitation that is not used yet."""
        return self.roles.asked.get(self.person.pk)

    @property
    def may_change(self) -> bool:
        """Whether the viewer looks after this person's details."""
        held = [*self.current, *([self.invitation] if self.invitation else [])]
        return any(self.managed.holds(row) for row in held)

    @property
    def may_give(self) -> bool:
        """Whether the viewer may give this person a role: never to oneself, nor to a closed sign-in."""
        places = self.managed.everywhere or self.managed.school_ids or self.managed.trust_ids
        return bool(places) and not self.mine and self.person.is_active

    @property
    def may_read_history(self) -> bool:
        """The person, and whoever gives or confirms roles where the person is or was."""
        specs = [str(spec) for spec in (*MANAGERS, *CONFIRMERS)]
        schools, trusts = standing_of(self.viewer).schools(specs), trusts_where(self.viewer, specs)
        held = [*self.rows, *([self.invitation] if self.invitation else [])]
        here = any(row.school_id in schools or row.trust_id in trusts for row in held)
        return self.mine or self.managed.everywhere or here

    def facts(self) -> list[dict[str, Any]]:
        """Name, address, state, invitation."""
        change = self.may_change
        return [
            self._fact("Name", self.person.full_name, "people:person-name" if change else ""),
            self._fact(
                "E-mail address", self.person.email, "people:person-email" if change and not self.mine else ""
            ),
            {"key": "State", "value": format_html("{} {}", status_html(self.state), self._since())},
            *self._invitation_fact(),
            *self._last_seen(),
        ]

    def _fact(self, key: str, value: str, url_name: str) -> dict[str, Any]:
        url = reverse(url_name, args=[self.person.uuid]) if url_name else ""
        return {"key": key, "value": value, "action_url": url}

    def _since(self) -> str:
        day = self.roles.since(self.person)
        return f"{'on' if self.state == LEFT else 'since'} {date_text(day)}" if day else ""

    def _invitation_fact(self) -> list[dict[str, Any]]:
        row = self.invitation
        if row is None or self.state != INVITED:
            return []
        words = f"Sent {date_text(row.created_at)}; the link works until {date_text(row.expires_at)}"
        if not row.is_open:
            words = f"The link ended {date_text(row.expires_at)}. Send the invitation again"
        url = reverse("people:invitation-again", args=[row.uuid]) if self.managed.holds(row) else ""
        return [{"key": "Invitation", "value": words, "action_url": url, "action_text": "Send again"}]

    def _last_seen(self) -> list[dict[str, Any]]:
        if not (self.may_change or self.mine):
            return []
        return [{"key": "Last signed in", "value": self.person.last_login or "Never"}]

    def role_table(self) -> Table | None:
        """Roles in force or to come, with what the viewer may end."""
        columns = [*ROLE_COLUMNS, Column("end", "Change")] if self._may_end_any() else ROLE_COLUMNS
        rows = [self._role(row) for row in self.current]
        return Table(columns, rows, "Roles", caption_hidden=True) if rows else None

    def past_table(self) -> Table | None:
        """Roles that have ended, the latest first."""
        past = [row for row in self.rows if row.pk not in self.roles.current]
        rows = [
            {**self._role(row), "ends": ended_on(row)} for row in sorted(past, key=ended_on, reverse=True)
        ]
        return Table(ROLE_COLUMNS, rows, "Earlier roles", caption_hidden=True) if rows else None

    def _may_end_any(self) -> bool:
        return not self.mine and any(self.managed.holds(row) for row in self.current)

    def _role(self, row: Membership) -> dict[str, Any]:
        may_end = not self.mine and self.managed.holds(row)
        url = reverse("people:membership-end", args=[row.uuid])
        return {
            "title": self.roles.titles[row.pk],
            "place": row.place.name,
            "starts": row.starts,
            "ends": row.ends or "No last day",
            "status": Status(status_of(row, timezone.localdate())),
            "end": Link("End", url, f"the role {self.roles.titles[row.pk]}") if may_end else "",
        }

    def leaving(self) -> list[dict[str, str]]:
        """The schools whose roles the viewer can end all at once."""
        schools: dict[int, School] = {
            row.school_id: row.school for row in self.current if row.school_id and self.managed.holds(row)
        }
        if self.mine:
            return []
        return [
            {"school": each.name, "url": reverse("people:person-leave", args=[self.person.uuid, each.uuid])}
            for each in schools.values()
        ]

    @cached_property
    def changes(self) -> list[PendingChange]:
        """Changes about this person that the viewer may see."""
        rows = change_rules.visible_to(self.viewer).filter(about=self.person)
        return list(rows.select_related(*READ_ALONG))

    @cached_property
    def words(self) -> ChangeWords:
        """The words for those changes."""
        return ChangeWords(self.changes, self.roles.reader)

    def waiting(self) -> list[dict[str, str]]:
        """Those that wait for a second person."""
        return [
            {
                "title": self.words.title(change),
                "url": reverse("people:change-detail", args=[change.uuid]),
                "detail": f"Asked by {change.requested_by.full_name}, {date_text(change.requested_at)}",
                "status": AWAITING.value,
            }
            for change in self.changes
            if change.status == AWAITING
        ]

    def deputies(self) -> list[str]:
        """Who signs for this person, and for whom they sign, now and later."""
        rows = deputy_rules.visible_to(self.viewer).filter(Q(person=self.person) | Q(deputy=self.person))
        rows = rows.filter(ended_at=None, ends__gte=timezone.localdate())
        return [
            self._deputy(row)
            for row in rows.select_related("person", "deputy", "school").order_by("starts", "pk")
        ]

    def _deputy(self, row: Deputy) -> str:
        return (
            f"{row.deputy.full_name} signs for {row.person.full_name} at {row.school.name} "
            f"from {date_text(row.starts)} until {date_text(row.ends)}"
        )

    def history(self) -> list[dict[str, Any]]:
        """What happened, the newest first, as sentences."""
        if not self.may_read_history:
            return []
        about = {f"people.membership:{row.pk}": row for row in self.rows}
        changes = {f"people.pendingchange:{row.pk}": row for row in self.changes}
        subjects = [self.person, *about.values(), *changes.values(), *self.person.invitations.all()]
        here = school_rules.schools(self.viewer, "directory")
        events = history_of(*subjects).filter(Q(action__in=SENTENCES) | Q(action="people.details_changed"))
        if not (self.mine or self.managed.everywhere):
            events = events.filter(Q(school=None) | Q(school__in=here))
        newest = events.order_by("-number")[:MOST_EVENTS]
        return [self._event(event, about, changes) for event in newest]

    def _event(
        self, event: AuditEvent, about: dict[str, Membership], changes: dict[str, PendingChange]
    ) -> dict:
        text = ""
        if row := about.get(event.subject):
            text = f"{self.roles.titles[row.pk]}, {row.place.name}"
        elif change := changes.get(event.subject):
            text = self.words.title(change)
        by = event.actor.full_name if event.actor else "the portal"
        return {"title": _title(event), "when": event.at, "by": by, "text": text}


def _title(event: AuditEvent) -> str:
    if event.action == "people.details_changed":
        return (
            ", ".join(DETAILS[name] for name in event.data.get("fields", []) if name in DETAILS) or "Changed"
        )
    return SENTENCES[event.action]
