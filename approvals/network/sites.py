"""Sites that are blocked: by the school's policy, and by its technicians (CIT-9.02, STM-9.02, BEC-4.26)."""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.db.models import QuerySet
from django.utils import timezone

from approvals.models import BlockedSite, Stage, UnblockRequest
from approvals.network.evidence_access import may_block, site_rules
from approvals.network.policy_sites import blocked_hosts
from core.addresses import BadAddress, parse_address, under
from core.audit import audited, record
from core.errors import Refused, Stale
from core.models import Platform
from people.governance.profile import Profile
from people.governance.values import SiteList
from people.models import School, User

LONGEST_REASON = 300


def host_of(typed: str) -> str:
    """The site that somebody typed, as a host ("example.org") or as a whole address. Raises BadAddress."""
    text = typed.strip()
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        pass
    return parse_address(text if "://" in text else f"https://{text}").host


def site_block(*, actor: User, school: School, host: str, because: str, private: bool = False) -> BlockedSite:
    """Put a site on the school's own list. A site that stands there already is not put there twice.

    `private`: after a report about somebody; only the actor sees the row, so that nobody reads a trace
    of the report. Raises PermissionDenied; Refused for what is no site, or without a reason.
    """
    if not may_block(actor, school):
        raise PermissionDenied("only technicians block sites")
    try:
        site = host_of(host)
    except BadAddress as error:
        raise Refused(f"What you typed {error}.", field="host") from error
    reason = because.strip()[:LONGEST_REASON]
    if not reason:
        raise Refused("Say why the site is blocked.", field="because")
    there = BlockedSite.objects.filter(school=school, host=site, private=private, lifted_at=None)
    known = there.first()
    if known:
        return known
    try:
        with audited():
            row = BlockedSite.objects.create(
                school=school, host=site, because=reason, private=private, blocked_by=actor
            )
            record("approvals.site_blocked", actor=actor, school=school, subject=row)
    except IntegrityError:
        return there.get()
    return row


def site_lift(*, actor: User, site: BlockedSite, because: str) -> None:
    """Take a site off the school's own list, with a reason. Raises PermissionDenied, Refused or Stale."""
    site_rules.require(actor, "lift", site)
    if not because.strip():
        raise Refused("Say why the site is no longer blocked.", field="because")
    with audited():
        row = BlockedSite.objects.select_for_update(of=("self",)).select_related("school").get(pk=site.pk)
        if row.lifted_at:
            raise Stale("This site was taken off the list already.")
        row.lifted_at, row.lifted_by = timezone.now(), actor
        row.lifted_because = because.strip()[:LONGEST_REASON]
        row.save(update_fields=["lifted_at", "lifted_by", "lifted_because"])
        record("approvals.site_lifted", actor=actor, school=row.school, subject=row)


# What the page shows -------------------------------------------------------------------------


@dataclass
class PolicySite:
    """One thing that the policy blocks: a platform with its hosts, or a site that is no platform."""

    name: str
    hosts: list[str] = field(default_factory=list)


def policy_sites(profile: Profile, platforms: Iterable[Platform]) -> list[PolicySite]:
    """What the policy blocks, in its order, each platform once and by name; every platform where it says so."""
    known = list(platforms)
    if profile.blocked_sites == [SiteList.EVERY_SITE]:
        return [PolicySite(one.name, list(one.hosts)) for one in known]
    found: dict[str, PolicySite] = {}
    for host in blocked_hosts(profile, known):
        platform = next((one for one in known if under(host, one.hosts)), None)
        name = platform.name if platform else host
        found.setdefault(name, PolicySite(name)).hosts.append(host)
    return list(found.values())


def own_sites(user: User, school: School) -> QuerySet[BlockedSite]:
    """What the technicians of a school block now, as far as this person may see it."""
    rows = site_rules.visible_to(user).filter(school=school, lifted_at=None)
    return rows.select_related("blocked_by").order_by("host", "pk")


@dataclass(frozen=True)
class OpenSite:
    """A blocked site that is open for some people now."""

    row: UnblockRequest
    hosts: list[str]


def exceptions_at(school: School, blocked: Iterable[str]) -> list[OpenSite]:
    """What is open now although it is blocked. `blocked` are hosts that everybody may know of."""
    sites = list(dict.fromkeys(blocked))
    rows = UnblockRequest.objects.filter(school=school, stage=Stage.OPEN).order_by("until", "pk")
    found = ((row, [host for host in row.hosts if under(host, sites)]) for row in rows)
    return [OpenSite(row, hosts) for row, hosts in found if hosts]
