"""Changes that wait for a second person, and what became of them, in words."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from core.roles import Post, Role
from core.tables import date_text
from people.governance.catalogue import SETTINGS
from people.models import GovernanceProfile, PendingChange, User
from people.profile_pages import policy_title, waiting_words
from people.selectors import Titles, layers_of

AWAITING = PendingChange.Status.AWAITING
FINE = "Nothing was changed."
READ_ALONG = ("school", "trust", "about", "requested_by", "decided_by")
"""What a list of changes reads along, so that no row needs a query of its own."""


def plain_title(role: str, post: str) -> str:
    """A role in the portal's own words, whatever a school calls it."""
    words = Role(role).label
    return f"{words}, {Post(post).label.lower()}" if post else words


class ChangeWords:
    """The words for some changes, with the schools' own titles in one query for any number."""

    def __init__(self, changes: Iterable[PendingChange], titles: Titles | None = None) -> None:
        rows = list(changes)
        self.titles = titles or Titles([row.school for row in rows], [row.trust_id for row in rows])

    def title(self, change: PendingChange) -> str:
        """One line, such as: Give Alex Reed the role “Headteacher” at Hilltop Primary."""
        if change.kind == PendingChange.Kind.MEMBERSHIP:
            return f"Give {change.about.full_name} the role “{self.role(change)}” {_at(change)}"
        if change.kind == PendingChange.Kind.EMAIL:
            return f"Change the sign-in address of {change.about.full_name}"
        if "preset" in change.payload:
            return f"Start from another policy: {policy_title(change.payload['preset'])}"
        return f"Change a setting: {_setting(change)}"

    def role(self, change: PendingChange) -> str:
        """The role that a change gives, in the words of the place."""
        data = change.payload
        return self.titles.title(data["role"], data["post"], change.school, change.trust_id)

    def facts(self, change: PendingChange) -> list[dict[str, Any]]:
        """What exactly changes, for a summary list."""
        rows = {
            PendingChange.Kind.MEMBERSHIP: self._role_facts,
            PendingChange.Kind.EMAIL: _address_facts,
            PendingChange.Kind.SETTING: _setting_facts,
        }[change.kind](change)
        asked = f"{change.requested_by.full_name}, {date_text(change.requested_at)}"
        return [*rows, {"key": "Where", "value": change.place.name}, {"key": "Asked by", "value": asked}]

    def _role_facts(self, change: PendingChange) -> list[dict[str, Any]]:
        data = change.payload
        return [
            {"key": "Person", "value": f"{change.about.full_name} ({change.about.email})"},
            {"key": "New role", "value": self.role(change)},
            {"key": "What the portal calls it", "value": plain_title(data["role"], data["post"])},
            {"key": "From", "value": date.fromisoformat(data["starts"])},
            {"key": "Until", "value": date.fromisoformat(data["ends"]) if data["ends"] else "No last day"},
        ]


def _address_facts(change: PendingChange) -> list[dict[str, Any]]:
    old = change.payload.get("from") or change.about.email
    return [
        {"key": "Person", "value": change.about.full_name},
        {"key": "Signs in now with", "value": old},
        {"key": "Is to sign in with", "value": change.payload["email"]},
    ]


def _setting_facts(change: PendingChange) -> list[dict[str, Any]]:
    """The answer in force and the new one; once decided, only what was asked for."""
    row = GovernanceProfile.objects.filter(school=change.school_id, trust=change.trust_id).first()
    if row is None:
        return [{"key": "Setting", "value": _setting(change)}]
    layers = layers_of(row)
    profile = layers.resolve()
    preset = "preset" in change.payload
    facts = [] if preset else [{"key": "Question", "value": SETTINGS[change.payload["key"]].question}]
    if change.status == AWAITING:
        now = profile.preset.title if preset else profile.describe(change.payload["key"])
        facts.append({"key": "Policy now" if preset else "Answer now", "value": now})
    words = waiting_words(change, profile, layers)
    facts.append({"key": "New policy" if preset else "New answer", "value": words})
    return facts


def _setting(change: PendingChange) -> str:
    key = change.payload.get("key", "")
    return SETTINGS[key].title if key in SETTINGS else "The policy to start from"


def _at(change: PendingChange) -> str:
    return f"at {change.school.name}" if change.school_id else f"in the whole of {change.trust.name}"


def outcome(change: PendingChange, reader: User) -> str:
    """What became of a change, as its reader should hear it."""
    if change.status == AWAITING:
        return "It takes effect when a second person confirms it. Until then nothing is changed."
    when = date_text(change.decided_at)
    if change.status == PendingChange.Status.WITHDRAWN:
        return f"It was withdrawn on {when}. {FINE}"
    who = "You" if change.decided_by_id == reader.pk else change.decided_by.full_name
    if change.status == PendingChange.Status.CONFIRMED:
        return f"{who} confirmed it on {when}. It is in force."
    words = f"{who} refused it on {when}. {FINE}"
    if reader.pk == change.requested_by_id:
        return f"{words} Talk to them, and ask again if you agree on something else."
    if reader.pk == change.about_id:
        return f"{words} What you could do before, you can still do."
    return words
