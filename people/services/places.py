"""Adding and changing schools and trusts. Only the admin does it; the profile comes with the place."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError

from core.access import standing_of
from core.audit import audited, record
from core.errors import Refused
from people.access import school_rules, trust_rules
from people.governance.presets import PRESETS
from people.models import GovernanceProfile, School, Trust, User

SCHOOL_FIELDS = ("name", "slug", "trust", "active")
SERVER_ONLY = frozenset({"trust", "active"})
"""What moves a school under other people or closes it: whoever runs the server does that."""
TRUST_FIELDS = ("name", "slug")


def school_add(*, actor: User, name: str, slug: str, kind: str, trust: Trust | None, preset: str) -> School:
    """Add a school with its profile. An empty preset follows the trust. Raises Refused."""
    if not school_rules.can_ever(actor, "add"):
        raise PermissionDenied("only whoever runs the server adds schools")
    if preset not in PRESETS and not (preset == "" and trust is not None):
        raise Refused(
            "Choose a policy to start from. Only a school in a trust can follow its trust.", field="preset"
        )
    with audited():
        school = School(name=name, slug=slug, kind=kind, trust=trust)
        _save(school)
        GovernanceProfile.objects.create(school=school, preset=preset)
        data = {"preset": preset, "kind": kind, "trust": trust and trust.pk}
        record("people.school_started", actor=actor, school=school, subject=school, data=data)
    return school


def school_change(*, actor: User, school: School, values: Mapping[str, Any]) -> list[str]:
    """Change a school's details. Returns the names of the fields that changed.

    Raises PermissionDenied for somebody else's school, and for trust and closing unless the actor
    runs the server; Refused in words.
    """
    school_rules.require(actor, "edit", school)
    with audited():
        row = School.objects.select_for_update(of=("self",)).get(pk=school.pk)
        changed = [name for name in SCHOOL_FIELDS if name in values and getattr(row, name) != values[name]]
        if SERVER_ONLY & set(changed) and not standing_of(actor).is_superuser:
            raise PermissionDenied("only whoever runs the server moves or closes a school")
        if not changed:
            return []
        _follow_nobody(row, values, changed)
        for name in changed:
            setattr(row, name, values[name])
        _save(row)
        record("people.school_changed", actor=actor, school=row, subject=row, data={"fields": changed})
    return changed


def _follow_nobody(row: School, values: Mapping[str, Any], changed: list[str]) -> None:
    """A school that follows its trust's policy cannot leave the trust before it has chosen its own."""
    profile = GovernanceProfile.objects.filter(school=row).first()
    if "trust" in changed and values["trust"] is None and profile is not None and not profile.preset:
        raise Refused(
            "This school follows its trust’s policy. Choose a policy of its own first.", field="trust"
        )


def trust_add(*, actor: User, name: str, slug: str, preset: str) -> Trust:
    """Add a trust with its profile. Raises Refused."""
    if not trust_rules.can_ever(actor, "add"):
        raise PermissionDenied("only whoever runs the server adds trusts")
    if preset not in PRESETS:
        raise Refused("Choose a policy to start from.", field="preset")
    with audited():
        trust = Trust(name=name, slug=slug)
        _save(trust)
        GovernanceProfile.objects.create(trust=trust, preset=preset)
        data = {"fields": [*TRUST_FIELDS, "preset"], "added": True, "preset": preset}
        record("people.trust_changed", actor=actor, subject=trust, data=data)
    return trust


def trust_change(*, actor: User, trust: Trust, values: Mapping[str, Any]) -> list[str]:
    """Change a trust's details. Returns the names of the fields that changed. Raises Refused."""
    trust_rules.require(actor, "edit", trust)
    with audited():
        row = Trust.objects.select_for_update().get(pk=trust.pk)
        changed = [name for name in TRUST_FIELDS if name in values and getattr(row, name) != values[name]]
        if changed:
            for name in changed:
                setattr(row, name, values[name])
            _save(row)
            record("people.trust_changed", actor=actor, subject=row, data={"fields": changed})
    return changed


def _save(row: School | Trust) -> None:
    try:
        row.full_clean()
    except ValidationError as error:
        field = next(iter(error.message_dict), None)
        raise Refused(" ".join(error.messages), field=None if field == "__all__" else field) from error
    row.save()
