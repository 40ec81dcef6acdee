"""How a school governs: choosing a preset and changing settings, each change audited."""

from typing import Any

from core.audit import audited, record
from core.errors import Refused
from people.access import profile_rules
from people.governance.catalogue import SETTINGS
from people.governance.presets import PRESETS
from people.models import GovernanceProfile, PendingChange, ProfileSetting, School, Trust, User
from people.selectors import profile_of_place
from people.services import changes


def preset_choose(*, actor: User, profile: GovernanceProfile, preset: str) -> None:
    """Start from another policy. It decides who approves, so a second person confirms it."""
    profile_rules.require(actor, "edit", profile)
    if preset not in PRESETS and not (preset == "" and profile.school_id and profile.school.trust_id):
        raise Refused("Choose one of the policies in the list.", field="preset")
    if preset == profile.preset:
        raise Refused("The school starts from this policy already.", field="preset")
    _ask(actor, profile, {"preset": preset})


def setting_change(*, actor: User, profile: GovernanceProfile, key: str, raw: Any) -> PendingChange | ProfileSetting:
    """Change one setting; `raw` is what the setting's kind parses.

    A setting that decides who hears or decides waits for a second person. Raises Refused with the
    kind's own message for a value that it does not take.
    """
    profile_rules.require(actor, "edit", profile)
    if key not in SETTINGS:
        raise Refused("There is no such setting.")
    value = parse(key, raw)
    if profile_of_place(profile).value(key) == SETTINGS[key].kind.parse(value) if value is not None else False:
        raise Refused("This is the value already.", field=key)
    if SETTINGS[key].routing:
        return _ask(actor, profile, {"key": key, "value": value})
    with audited():
        return _set(profile, key, value, actor)


def parse(key: str, raw: Any) -> Any:
    """The JSON form of a value, or None for "not chosen". Raises Refused in plain English."""
    if raw in (None, "", []):
        return None
    try:
        kind = SETTINGS[key].kind
        return kind.to_json(kind.parse(raw))
    except ValueError as error:
        raise Refused(str(error), field=key) from error


def _ask(actor: User, profile: GovernanceProfile, payload: dict) -> PendingChange:
    return changes.change_ask(
        actor=actor,
        kind=PendingChange.Kind.SETTING,
        school=profile.school,
        trust=profile.trust,
        about=None,
        payload=payload,
    )


def _set(profile: GovernanceProfile, key: str, value: Any, actor: User | None) -> ProfileSetting:
    row, _ = ProfileSetting.objects.update_or_create(
        profile=profile, key=key, defaults={"value": value, "changed_by": actor}
    )
    record(
        "people.setting_changed", actor=actor, school=profile.school, subject=profile, data={"key": key, "value": value}
    )
    return row


def set_confirmed(change: PendingChange, confirmer: User) -> None:
    """Carry out a confirmed setting or preset."""
    profile = GovernanceProfile.objects.select_for_update().get(school=change.school, trust=change.trust)
    if "preset" in change.payload:
        profile.preset = change.payload["preset"]
        profile.save(update_fields=["preset"])
        record(
            "people.preset_chosen",
            actor=change.requested_by,
            school=change.school,
            subject=profile,
            data={"preset": profile.preset},
        )
        return
    _set(profile, change.payload["key"], change.payload["value"], change.requested_by)


def profile_for(place: School | Trust) -> GovernanceProfile:
    """The profile row of a school or trust, made empty when there is none."""
    key = {"school": place} if isinstance(place, School) else {"trust": place}
    return GovernanceProfile.objects.get_or_create(**key)[0]
