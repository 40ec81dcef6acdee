"""How a school governs: choosing a preset and changing settings, each change audited."""

from typing import Any

from core.audit import audited, record
from core.errors import Refused
from people.access import profile_rules
from people.governance.catalogue import SETTINGS, setting
from people.governance.presets import PRESETS
from people.models import GovernanceProfile, PendingChange, ProfileSetting, School, Trust, User
from people.selectors import layers_of
from people.services import changes


def preset_choose(*, actor: User, profile: GovernanceProfile, preset: str) -> PendingChange:
    """Start from another policy. It decides who approves, so a second person confirms it."""
    profile_rules.require(actor, "edit", profile)
    if preset not in PRESETS and not (preset == "" and profile.school_id and profile.school.trust_id):
        raise Refused("Choose one of the policies in the list.", field="preset")
    if preset == profile.preset:
        raise Refused("This policy is the starting point already. Choose another one.", field="preset")
    return _ask(actor, profile, {"preset": preset})


def setting_change(
    *, actor: User, profile: GovernanceProfile, key: str, raw: Any
) -> PendingChange | ProfileSetting:
    """Change one setting; `raw` is what the setting's kind parses, None for "not chosen".

    A setting that decides who hears or decides waits for a second person. Raises Refused with the
    kind's own message for a value that it does not take.
    """
    profile_rules.require(actor, "edit", profile)
    value = parse(key, raw)
    layers = layers_of(profile)
    if layers.resolve(own={**layers.own, key: value}).value(key) == layers.resolve().value(key):
        raise Refused("This is the answer already. Change it, or go back.", field=key)
    if SETTINGS[key].routing:
        return _ask(actor, profile, {"key": key, "value": value})
    with audited():
        return _set(profile, key, value, actor)


def setting_follow(*, actor: User, profile: GovernanceProfile, key: str) -> PendingChange | None:
    """Take a change back, so that the trust or the policy answers again.

    Returns the change that waits where the setting decides who hears or decides, and None where
    it is done. Raises Refused where the school or trust has changed nothing.
    """
    profile_rules.require(actor, "edit", profile)
    _known(key)
    if not profile.settings.filter(key=key).exists():
        raise Refused("Nothing was changed here, so there is nothing to take back.", field=key)
    if SETTINGS[key].routing:
        return _ask(actor, profile, {"key": key, "value": None, "follow": True})
    with audited():
        _follow(profile, key, actor)
    return None


def _known(key: str) -> None:
    try:
        setting(key)
    except ValueError as error:
        raise Refused("There is no such setting.") from error


def parse(key: str, raw: Any) -> Any:
    """The JSON form of a value, or None for "not chosen". Raises Refused in plain English.

    An empty list is an answer ("nobody"), which the kind takes or refuses.
    """
    _known(key)
    if raw is None:
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
    _record(profile, actor, {"key": key, "value": value})
    return row


def _follow(profile: GovernanceProfile, key: str, actor: User | None) -> None:
    ProfileSetting.objects.filter(profile=profile, key=key).delete()
    _record(profile, actor, {"key": key, "followed": True})


def _record(profile: GovernanceProfile, actor: User | None, data: dict) -> None:
    """The log keeps the answer, but no words that somebody typed: they may name a person."""
    if SETTINGS[data["key"]].kind.free_text:
        data = {name: value for name, value in data.items() if name != "value"}
    record("people.setting_changed", actor=actor, school=profile.school, subject=profile, data=data)


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
    elif change.payload.get("follow"):
        _follow(profile, change.payload["key"], change.requested_by)
    else:
        _set(profile, change.payload["key"], change.payload["value"], change.requested_by)


def profile_for(place: School | Trust) -> GovernanceProfile:
    """The profile row of a school or trust, made empty when there is none."""
    key = {"school": place} if isinstance(place, School) else {"trust": place}
    return GovernanceProfile.objects.get_or_create(**key)[0]
