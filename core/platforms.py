"""Platforms: who may change the list that all schools share, and the one way to do it (RAV-1.02, BEC-1.05)."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q

from core.access import Rules
from core.audit import audited, record
from core.errors import Refused
from core.models import Platform, PlatformAge
from core.roles import Role

FIELDS = ("name", "slug", "hosts", "offered")
_HOST = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")

platform_rules = Rules(
    Platform,
    {"view": tuple(Role), "edit": (), "add": ()},
    at_schools=lambda schools: Q(pk__isnull=False),
    superuser=frozenset({"view", "edit", "add"}),
)
"""Everybody reads the list. It is the same for all schools, so whoever runs the server keeps it."""


def clean_hosts(lines: Sequence[str]) -> list[str]:
    """Host names in lower case, each once. Raises Refused for what cannot be one."""
    hosts = list(dict.fromkeys(line.strip().lower() for line in lines if line.strip()))
    for host in hosts:
        if len(host) > 253 or not _HOST.fullmatch(host):
            raise Refused(
                f"“{host[:60]}” is not a host name. It should look like “facebook.com”.", field="hosts"
            )
    return hosts


def platform_save(
    *,
    actor: Any,
    platform: Platform,
    values: Mapping[str, Any],
    ages: Sequence[tuple[PlatformAge | None, int, date, str]] = (),
) -> Platform:
    """Add or change a platform and its minimum ages.

    Args:
        platform: the row, or a new one without a key.
        values: new values by field name.
        ages: each an existing row of this platform (or None for a new one), years, first day, source.

    Raises PermissionDenied, or Refused in plain English.
    """
    if platform.pk is None and not platform_rules.can_ever(actor, "add"):
        raise PermissionDenied("only whoever runs the server adds platforms")
    if platform.pk is not None:
        platform_rules.require(actor, "edit", platform)
    with audited():
        fields = _write(platform, values)
        written = [_write_age(platform, *age) for age in ages]
        if fields or written:
            record(
                "people.platform_changed",
                actor=actor,
                subject=platform,
                data={"fields": fields, "ages": written},
            )
    return platform


def _write(platform: Platform, values: Mapping[str, Any]) -> list[str]:
    changed = [name for name in FIELDS if name in values and getattr(platform, name) != values[name]]
    for name in changed:
        setattr(platform, name, values[name])
    if changed or platform.pk is None:
        platform.hosts = clean_hosts(platform.hosts)
        _check(platform)
        platform.save()
    return changed


def _write_age(
    platform: Platform, row: PlatformAge | None, years: int, valid_from: date, source: str
) -> dict[str, Any]:
    """Write one minimum age; the event keeps what was and what is."""
    if row is not None and row.platform_id != platform.pk:
        raise PermissionDenied("this age belongs to another platform")
    before = None if row is None else PlatformAge.objects.get(pk=row.pk)
    row = row or PlatformAge(platform=platform)
    row.years, row.valid_from, row.source = years, valid_from, source
    _check(row)
    row.save()
    was = {} if before is None else {"was_years": before.years, "was_from": before.valid_from.isoformat()}
    return {"years": years, "from": valid_from.isoformat(), **was}


def _check(row: Platform | PlatformAge) -> None:
    try:
        row.full_clean()
    except ValidationError as error:
        field = next(iter(error.message_dict), None)
        raise Refused(" ".join(error.messages), field=None if field == "__all__" else field) from error
