"""Which sites a school's policy blocks, and whether one of them may be opened for somebody (STM-9.02, BEC-4.26)."""

from collections.abc import Iterable

from core.addresses import under
from core.models import Platform
from people.governance.profile import Profile
from people.governance.values import SiteList

WITH_PERMISSION = "with_permission"


def blocked_hosts(profile: Profile, platforms: Iterable[Platform] | None = None) -> list[str]:
    """Every host that the policy blocks: its own list, and all hosts of a platform that the list names.

    "All social media" is every platform that the portal knows, games among them (BEC-1.05).
    """
    listed = list(profile.blocked_sites or [])
    known = list(Platform.objects.all() if platforms is None else platforms) if listed else []
    if listed == [SiteList.EVERY_SITE]:
        return [host for platform in known for host in platform.hosts]
    found = dict.fromkeys(listed)
    for platform in known:
        if any(
            under(site, platform.hosts) or under(host, [site]) for site in listed for host in platform.hosts
        ):
            found.update(dict.fromkeys(platform.hosts))
    return list(found)


def bars_all_social_media(profile: Profile) -> bool:
    """Whether the policy blocks all social media and opens none of them for anybody (BEC-4.26)."""
    return (
        profile.blocked_sites == [SiteList.EVERY_SITE] and profile.blocked_sites_exceptions != WITH_PERMISSION
    )


def blocked_by_policy(profile: Profile, host: str) -> str:
    """The site of the policy under which a host falls; "" where the policy does not block it."""
    return under(host, blocked_hosts(profile))


def never_opened(profile: Profile, hosts: Iterable[str]) -> list[str]:
    """Those of the hosts that the policy blocks and never opens for anybody (BEC-4.26, STM-9.02)."""
    if profile.blocked_sites_exceptions == WITH_PERMISSION:
        return []
    blocked = blocked_hosts(profile)
    return [host for host in dict.fromkeys(hosts) if under(host, blocked)]


def why_never(profile: Profile, hosts: Iterable[str]) -> str:
    """The refusal in words, with the clauses of the policy behind it; "" where nothing is refused."""
    refused = never_opened(profile, hosts)
    if not refused:
        return ""
    clauses = ", ".join(
        dict.fromkeys((*profile.clauses("blocked_sites"), *profile.clauses("blocked_sites_exceptions")))
    )
    everything = profile.blocked_sites == [SiteList.EVERY_SITE]
    what = "social media" if everything else "this site" if len(refused) == 1 else "these sites"
    names = ", ".join(refused)
    return (
        f"Your school's policy keeps {what} blocked for everybody, at any time, so nobody can open: {names}. "
        "Take it out of your request; other sites may be asked for."
        + (f" (Clauses: {clauses}.)" if clauses else "")
    )
