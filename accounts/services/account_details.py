"""The plain facts of an account: tidied, checked, and never twice in the register."""

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from django.utils import timezone

from accounts.models import SocialAccount
from core.errors import Refused
from core.models import Platform
from people.governance.hosts import FREE_MAIL_DOMAINS
from people.governance.profile import Profile
from people.models import School

LONGEST_PURPOSE = 2000
FIRST_YEAR = 1990
ONE_LINE = ("name", "handle", "address", "official_email")
WHOLE_ADDRESS = "Enter the whole address of the account's page, beginning with https://"
_HOST = re.compile(r"[\w.-]+")
_UNSAFE = re.compile(r"[\s\\\x00-\x1f\x7f]")
"""Browsers drop or turn such characters, so that an address could lead elsewhere than it is read here."""


def tidied(values: Mapping[str, Any]) -> dict[str, Any]:
    """The same values: one-line texts without blanks at the ends or doubled inside, line ends of one kind."""
    return {key: _tidy(key, value) if isinstance(value, str) else value for key, value in values.items()}


def _tidy(key: str, text: str) -> str:
    if key in ONE_LINE:
        return " ".join(text.split())
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def faults(profile: Profile, values: Mapping[str, Any]) -> list[Refused]:
    """Everything that the register does not take among these facts, each with its field."""
    found = [] if values["name"] else [Refused("Enter the name of the account.", field="name")]
    found += _too_long(values)
    address, email, since = (values.get(key) for key in ("address", "official_email", "live_since"))
    if address and values["platform"]:
        found += _fault(check_address, address, values["platform"])
    if email:
        found += _fault(check_official_email, profile, email)
    if since and since > timezone.localdate():
        found.append(Refused("The day must not be in the future.", field="live_since"))
    if since and since.year < FIRST_YEAR:
        found.append(Refused(f"The day must be in {FIRST_YEAR} or later.", field="live_since"))
    return found


def check_details(profile: Profile, values: Mapping[str, Any]) -> None:
    """Raise the first fault, if there is one."""
    for fault in faults(profile, values):
        raise fault


def _fault(check: Callable, *given: Any) -> list[Refused]:
    try:
        check(*given)
    except Refused as refusal:
        return [refusal]
    return []


def _too_long(values: Mapping[str, Any]) -> list[Refused]:
    longest = {key: SocialAccount._meta.get_field(key).max_length for key in ONE_LINE}
    longest["purpose"] = LONGEST_PURPOSE
    return [
        Refused(f"This must be {most:,} characters or fewer.", field=key)
        for key, most in longest.items()
        if len(values.get(key) or "") > most
    ]


def check_official_email(profile: Profile, email: str) -> None:
    """Raise Refused for an address outside the school's domains (CIT-3.02, STM-3.02)."""
    domain = email.rpartition("@")[2].lower()
    if domain in FREE_MAIL_DOMAINS:
        words = f"{domain} is a free mail service. Use an address of your school or trust."
        raise Refused(words, field="official_email")
    allowed = profile.allowed_email_domains or []
    if domain not in allowed:
        raise Refused(f"The address must end in @{' or @'.join(allowed)}.", field="official_email")


def check_address(address: str, platform: Platform) -> None:
    """Raise Refused for an address that is not http or https, or is not on the platform's own site."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").lower()
    except ValueError as error:
        raise Refused(WHOLE_ADDRESS, field="address") from error
    if parts.scheme not in ("http", "https") or "@" in parts.netloc or _UNSAFE.search(address):
        raise Refused(WHOLE_ADDRESS, field="address")
    if not _HOST.fullmatch(host):
        raise Refused(WHOLE_ADDRESS, field="address")
    if platform.hosts and not any(host == own or host.endswith("." + own) for own in platform.hosts):
        expected = ", ".join(platform.hosts)
        raise Refused(f"This is not an address on {platform}. Expected: {expected}.", field="address")


def same_account(row: SocialAccount, handle: str, name: str) -> bool:
    """Whether an account of the same school and platform is this one.

    By handle where both have one (capitals and a leading @ do not count), else by name.
    """
    if row.handle and handle:
        return _bare(row.handle) == _bare(handle)
    return row.name.casefold() == name.casefold()


def _bare(handle: str) -> str:
    return handle.strip().removeprefix("@").casefold()


def already_there(school: School, platform: Platform, handle: str, name: str) -> None:
    """Raise Refused when the register holds this account already: every account once (RAV-2.12)."""
    for row in SocialAccount.objects.filter(school=school, platform=platform, status__in=SocialAccount.OPEN):
        if same_account(row, handle, name):
            known_by = "handle" if row.handle and handle else "name"
            words = handle if known_by == "handle" else row.name
            raise Refused(f"The register holds {words} on {platform} already.", field=known_by)


def handle_taken(account: SocialAccount, handle: str) -> None:
    """Raise Refused when another open account of the school has this handle on the same platform."""
    others = SocialAccount.objects.filter(
        school=account.school_id, platform=account.platform_id, status__in=SocialAccount.OPEN
    )
    for row in others.exclude(pk=account.pk).exclude(handle=""):
        if handle and _bare(row.handle) == _bare(handle):
            raise Refused(f"The register holds {handle} on {account.platform} already.", field="handle")
