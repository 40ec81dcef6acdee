"""The plain facts of an account: tidied, checked, and never twice in the register."""

import re
from collections.abc import Mapping
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
ONE_LINE = ("name", "handle", "address", "official_email")
WHOLE_ADDRESS = "Enter the whole address of the account's page, beginning with https://"
_HOST = re.compile(r"[\w.-]+")
_UNSAFE = re.compile(r"[\s\\\x00-\x1f\x7f]")
"""Browsers drop or turn such characters, so that an address could lead elsewhere than it is read here."""


def tidied(values: Mapping[str, Any]) -> dict[str, Any]:
    """The same values, one-line texts without blanks at the ends or doubled inside."""
    return {
        key: " ".join(value.split()) if key in ONE_LINE and isinstance(value, str) else value
        for key, value in values.items()
    }


def check_details(profile: Profile, values: Mapping[str, Any]) -> None:
    """Raise Refused, with its field, for facts that the register does not take."""
    if not values["name"]:
        raise Refused("Enter the name of the account.", field="name")
    _check_lengths(values)
    if values.get("address"):
        check_address(values["address"], values["platform"])
    if values.get("official_email"):
        check_official_email(profile, values["official_email"])
    if values.get("live_since") and values["live_since"] > timezone.localdate():
        raise Refused("The day must not be in the future.", field="live_since")


def _check_lengths(values: Mapping[str, Any]) -> None:
    for field in (*ONE_LINE, "purpose"):
        longest = SocialAccount._meta.get_field(field).max_length or LONGEST_PURPOSE
        if len(values.get(field) or "") > longest:
            raise Refused(f"This is longer than {longest:,} characters.", field=field)


def check_official_email(profile: Profile, email: str) -> None:
    """Raise Refused for an address outside the school's domains (CIT-3.02, STM-3.02)."""
    domain = email.rpartition("@")[2].lower()
    if domain in FREE_MAIL_DOMAINS:
        raise Refused(
            f"{domain} is a free mail service. Use an address of your school or trust.", field="official_email"
        )
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
