"""Suggested words for what pupils, parents and staff are told. A person fills them in and makes them their own.

Facts come from the school's profile, and from rooms above by `facts_for` as far as they are public; what the
portal cannot know stands in square brackets and must be filled in before anything counts as sent.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import NamedTuple

from core.tables import date_text
from people.governance.profile import Profile
from people.models import School
from policies.models import CommunityNotice, Version

GAP = "[fill in:"
"""How a gap begins that somebody must fill in."""
Topic, Audience = CommunityNotice.Topic, CommunityNotice.Audience
FACTS: dict[str, list[Callable[[School], list[str]]]] = defaultdict(list)


class Words(NamedTuple):
    """What a notice says."""

    subject: str
    text: str


def facts_for(topic: str, provider: Callable[[School], list[str]]) -> None:
    """A room above adds public facts of a school to a topic: whole sentences, or nothing."""
    FACTS[topic].append(provider)


GREETINGS = {
    Audience.PARENTS: "Dear parents and carers",
    Audience.PUPILS: "Dear pupils",
    Audience.STAFF: "Dear colleagues",
}
CHILD = {Audience.PARENTS: "your child", Audience.PUPILS: "you", Audience.STAFF: "pupils"}


def suggested(
    school: School, profile: Profile, topic: str, audience: str, version: Version | None = None
) -> Words:
    """The suggested words for a topic and an audience; of a change, or of a document, with its version."""
    subject, lines = WRITERS[topic](school, profile, audience, version)
    facts = [line for provider in FACTS[topic] for line in provider(school)]
    greeting = GREETINGS.get(audience, "Dear all")
    parts = [f"{greeting},", *lines, *facts, f"With kind regards\n{school.name}"]
    return Words(subject[:200], "\n\n".join(parts))


def _change(
    school: School, profile: Profile, audience: str, version: Version | None
) -> tuple[str, list[str]]:
    if version is None:
        return "A policy has changed", [f"{GAP} which policy has changed, from which day, and how]"]
    document = version.document
    day = date_text(version.in_force_from) if version.in_force_from else f"{GAP} the day]"
    first = version.number == 1
    said = f"has a new document: “{document.title}”" if first else f"has changed “{document.title}”"
    lines = [f"{school.name} {said}. It is in force from {day}."]
    if not first:
        lines.append(f"What has changed: {version.changes or f'{GAP} what has changed, in a few words]'}")
    lines.append(_where_to_read(audience))
    return (f"New: {document.title}" if first else f"Changed: {document.title}"), lines


def _where_to_read(audience: str) -> str:
    if audience == Audience.STAFF:
        return "You can read it in the portal, where you are also asked to say that you have read it."
    return f"You can read it here: {GAP} where, or ask the office for a copy]"


def _policy(
    school: School, profile: Profile, audience: str, version: Version | None
) -> tuple[str, list[str]]:
    title = f"“{version.document.title}”" if version else "our social media policy"
    lines = [f"This is what {title} asks."]
    if sites := _blocked(profile):
        lines.append(sites)
    if audience in (Audience.PARENTS, Audience.PUPILS):
        if profile.pupil_phone_rule:
            lines.append(f"Pupils’ phones in the school day: {profile.describe('pupil_phone_rule')}.")
        lines.append(f"Age limits of social media: {profile.describe('age_rule').rstrip('.')}.")
    for key in ("pupils", "parents") if audience == Audience.PARENTS else (audience,):
        if words := (profile.consequence_texts or {}).get(key):
            lines.append(f"What follows when it is broken ({key}): {words}")
    return "What our policy on social media asks", [*lines, _where_to_read(audience)]


def _filtering(
    school: School, profile: Profile, audience: str, version: Version | None
) -> tuple[str, list[str]]:
    lines = [
        "Being safe online matters as much as being safe on the road. Please talk about it at home."
        if audience == Audience.PARENTS
        else "Being safe online matters. Ask a member of staff whenever something online worries you.",
        f"To filter and monitor what is used online at school we use: {GAP} the systems, and what they do]",
    ]
    if sites := _blocked(profile):
        lines.append(sites)
    return "How we filter and monitor what is used online", lines


def _platforms(
    school: School, profile: Profile, audience: str, version: Version | None
) -> tuple[str, list[str]]:
    who = CHILD.get(audience, "pupils")
    return "What is done online for school", [
        f"Online, for school, {who} may be asked to use: {GAP} each platform or site, and for what]",
    ]


def _people(
    school: School, profile: Profile, audience: str, version: Version | None
) -> tuple[str, list[str]]:
    who = CHILD.get(audience, "pupils")
    return "Who from the school meets children online", [
        f"From the school, {who} may meet online: {GAP} who, where and for what; or write that it is nobody]",
        "If anybody else says that they write for the school, please tell the school office.",
    ]


def _other(school: School, profile: Profile, audience: str, version: Version | None) -> tuple[str, list[str]]:
    return "", [f"{GAP} what you want to say]"]


def _blocked(profile: Profile) -> str:
    """What the profile says about sites that cannot be reached at school; empty where it says nothing."""
    if not profile.blocked_sites:
        return ""
    sites = profile.describe("blocked_sites").rstrip(".")
    may = profile.blocked_sites_exceptions == "with_permission"
    more = " They are opened only with specific permission." if may else ""
    return f"These sites are blocked on the school’s network: {sites}.{more}"


WRITERS: dict[str, Callable[..., tuple[str, list[str]]]] = {
    Topic.CHANGE: _change,
    Topic.POLICY: _policy,
    Topic.FILTERING: _filtering,
    Topic.PLATFORMS: _platforms,
    Topic.PEOPLE: _people,
    Topic.OTHER: _other,
}
