"""What the pages about a profile show: each setting in words, what is open, and what waits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from people.access import change_rules
from people.governance.catalogue import PARTS, SECTIONS, SETTINGS, settings_of
from people.governance.presets import PRESETS, load_preset
from people.governance.profile import DEFAULT, PRESET, SCHOOL, TRUST, Profile
from people.governance.setting import Setting
from people.governance.values import RoleTitles
from people.models import GovernanceProfile, PendingChange, User
from people.selectors import Layers
from people.services.changes import confirmers_of


@dataclass(frozen=True)
class Waiting:
    """A change that waits for a second person."""

    words: str
    change: PendingChange
    url: str


@dataclass
class Row:
    """One setting on the page."""

    setting: Setting
    words: str
    source: str
    clauses: str
    note: str
    policy_words: str
    is_open: bool
    own: bool
    departs: bool
    url: str
    waiting: list[Waiting] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        """The place of the setting on the page."""
        return f"setting-{self.setting.key}"


@dataclass(frozen=True)
class Section:
    """One heading with its settings."""

    title: str
    rows: list[Row]

    @property
    def anchor(self) -> str:
        """The place of the heading on the page."""
        return f"section-{SECTIONS.index(self.title) + 1}"

    @property
    def any_used(self) -> bool:
        """Whether the portal reads any of these settings today."""
        return any(row.setting.used for row in self.rows)


@dataclass(frozen=True)
class OpenPart:
    """A part of the portal that waits for answers."""

    title: str
    rows: list[Row]


def setting_url(row: GovernanceProfile, key: str) -> str:
    """The page on which one setting is changed."""
    return reverse("people:setting-change", args=[row.uuid, key])


def rows_of(
    profile_row: GovernanceProfile,
    layers: Layers,
    changes: Iterable[PendingChange],
    keys: Iterable[str] = SETTINGS,
) -> dict[str, Row]:
    """The settings in the order of the catalogue, with the changes that wait beside each."""
    profile = layers.resolve()
    pattern = setting_url(profile_row, "key")  # one look-up for all of them
    urls = {key: f"{pattern.removesuffix('key/')}{key}/" for key in keys}
    found = {key: _row(profile_row, profile, layers, SETTINGS[key], urls[key]) for key in keys}
    for change in changes:
        key = change.payload.get("key")
        if key in found:
            found[key].waiting.append(_waiting(change, profile, layers))
    return found


def _row(profile_row: GovernanceProfile, profile: Profile, layers: Layers, one: Setting, url: str) -> Row:
    # A title of one's own is a word, not another rule.
    departs = profile.departs(one.key) and not isinstance(one.kind, RoleTitles)
    titles = profile.value("role_titles")
    return Row(
        setting=one,
        words=profile.describe(one.key),
        source=source_words(profile, one.key, profile_row),
        clauses=" ".join(profile.clauses(one.key)),
        note=profile.note(one.key),
        policy_words=one.describe(profile.policy_value(one.key), titles) if departs else "",
        is_open=one.compulsory and profile.value(one.key) is None,
        own=one.key in layers.own,
        departs=departs,
        url=url,
    )


def source_words(profile: Profile, key: str, row: GovernanceProfile) -> str:
    """Who gave the answer, in words."""
    if SETTINGS[key].compulsory and profile.value(key) is None:
        return ""
    return {
        SCHOOL: "Chosen by the central team"
        if row.school_id and row.school.is_central
        else "Chosen by the school",
        TRUST: "Chosen by the trust",
        PRESET: f"The policy of {profile.preset.title}",
        DEFAULT: "The portal’s default, because the policy does not say",
    }[profile.source(key)]


def _waiting(change: PendingChange, profile: Profile, layers: Layers) -> Waiting:
    url = reverse("people:change-detail", args=[change.uuid])
    return Waiting(waiting_words(change, profile, layers), change, url)


def waiting_words(change: PendingChange, profile: Profile, layers: Layers) -> str:
    """The answer that a waiting change would give."""
    payload = change.payload
    if "preset" in payload:
        return policy_title(payload["preset"])
    key = payload["key"]
    if payload.get("follow"):
        own = {name: value for name, value in layers.own.items() if name != key}
        return layers.resolve(own=own).describe(key)
    try:
        return layers.resolve(own={**layers.own, key: payload["value"]}).describe(key)
    except ValueError:
        return "An answer that is not offered any more"


def policy_title(preset: str) -> str:
    """The name of a policy to start from; the empty one is the trust's."""
    return PRESETS[preset].title if preset in PRESETS else "The policy of the trust"


def changes_waiting(user: User, row: GovernanceProfile) -> list[PendingChange]:
    """The changes of this profile that wait, among those that the person may see."""
    place = Q(school=row.school_id) if row.school_id else Q(trust=row.trust_id)
    waiting: QuerySet[PendingChange] = change_rules.visible_to(user).filter(
        place, kind=PendingChange.Kind.SETTING, status=PendingChange.Status.AWAITING
    )
    return list(waiting.select_related("requested_by").order_by("requested_at", "pk"))


def preset_waiting(changes: Iterable[PendingChange]) -> list[Waiting]:
    """The waiting changes of the policy to start from."""
    return [
        Waiting(
            policy_title(change.payload["preset"]),
            change,
            reverse("people:change-detail", args=[change.uuid]),
        )
        for change in changes
        if "preset" in change.payload
    ]


def still_to_choose(rows: dict[str, Row]) -> tuple[list[OpenPart], list[OpenPart]]:
    """Open settings by part: those that the portal reads today, and those of parts to come."""
    now, later = [], []
    for part, title in PARTS.items():
        open_rows = [row for row in rows.values() if row.setting.part == part and row.is_open]
        for found, used in ((now, True), (later, False)):
            chosen = [row for row in open_rows if row.setting.used is used]
            if chosen:
                found.append(OpenPart(title, chosen))
    return now, later


def sections(rows: dict[str, Row], search: str = "", show: str = "", always: str = "") -> list[Section]:
    """The settings under their headings, narrowed; `always` names one that is shown in any case."""
    wanted = {
        "own": lambda row: row.own,
        "departs": lambda row: row.departs,
        "open": lambda row: row.is_open,
        "waiting": lambda row: bool(row.waiting),
        "used": lambda row: row.setting.used,
    }.get(show, lambda row: True)
    words = search.casefold().split()
    found = []
    for title in SECTIONS:
        shown = [
            rows[one.key]
            for one in settings_of(title)
            if one.key == always or (wanted(rows[one.key]) and _has_words(rows[one.key], words))
        ]
        if shown:
            found.append(Section(title, shown))
    return found


def _has_words(row: Row, words: list[str]) -> bool:
    text = " ".join((row.setting.title, row.setting.question, row.words, row.clauses)).casefold()
    return all(word in text for word in words)


def second_persons(user: User, row: GovernanceProfile, most: int = 6) -> list[str]:
    """Names of those who could confirm a change that this person asks for."""
    asked = PendingChange(
        kind=PendingChange.Kind.SETTING, school_id=row.school_id, trust_id=row.trust_id, requested_by=user
    )
    return sorted(person.full_name for person in confirmers_of(asked))[:most]


@dataclass(frozen=True)
class PresetOption:
    """A policy to start from, and what would change."""

    slug: str
    title: str
    description: str
    differs: list[tuple[str, str, str]]
    current: bool

    @property
    def count_words(self) -> str:
        """How many answers would be others."""
        if self.current:
            return "The starting point now."
        many = len(self.differs)
        return (
            f"{many} {'answer' if many == 1 else 'answers'} would change."
            if many
            else "No answer would change."
        )


def preset_options(row: GovernanceProfile, layers: Layers, trust_preset: str | None) -> list[PresetOption]:
    """The policies, and for a school in a trust its trust's; `trust_preset` is None without a trust."""
    now = layers.resolve()
    found = []
    if trust_preset is not None:
        title = policy_title("")
        if trust_preset:
            title = f"The policy that the trust follows: {load_preset(trust_preset).title}"
        found.append(
            _option(row, layers, now, "", trust_preset, title, "The school follows its trust from now on.")
        )
    for slug, info in PRESETS.items():
        found.append(_option(row, layers, now, slug, slug, info.title, info.description))
    return found


def _option(
    row: GovernanceProfile, layers: Layers, now: Profile, slug: str, preset: str, title: str, description: str
) -> PresetOption:
    then = layers.resolve(preset=preset)
    differs = [
        (one.title, now.describe(key), then.describe(key))
        for key, one in SETTINGS.items()
        if now.value(key) != then.value(key)
    ]
    return PresetOption(slug, title, description, differs, current=slug == row.preset)


def place_row(row: GovernanceProfile, profile: Profile, url: str) -> dict[str, Any]:
    """One line of the list of schools and trusts."""
    now = [one for one in profile.open_settings() if one.used]
    policy = profile.preset.title
    if row.school_id and not row.preset and row.school.trust_id:
        policy = f"{policy}, by the trust"
    return {
        "place": (str(row.place), url),
        "kind": "Trust" if row.trust_id else row.school.get_kind_display(),
        "policy": policy,
        "open": len(now),
        "own": len(row.settings.all()),
    }
