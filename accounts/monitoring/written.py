"""What a monitoring report says, as the services take it; and a hash of it, by which a stale page is found."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from accounts.models import MonitoringReport, SocialAccount
from people.models import User

TEXTS = ("starts_on", "ends_on", "findings", "mitigations", "elsewhere", "resources")


@dataclass(frozen=True)
class Looked:
    """What was found on one account, and a note."""

    found: str
    note: str = ""


@dataclass(frozen=True)
class Act:
    """Something that is to follow: what, who, until which day."""

    what: str
    owner: User
    due_on: date


@dataclass(frozen=True)
class Written:
    """Everything that a report says. `accounts` is by account; one without an entry was not looked at."""

    starts_on: date
    ends_on: date
    findings: str = ""
    mitigations: str = ""
    elsewhere: str = ""
    resources: str = ""
    accounts: Mapping[SocialAccount, Looked] = field(default_factory=dict)
    actions: tuple[Act, ...] = ()


def texts_of(written: Written) -> dict[str, Any]:
    """The report's own columns."""
    return {name: getattr(written, name) for name in TEXTS}


def draft_state(report: MonitoringReport) -> str:
    """What a draft says now, as a hash: a page that was opened before another one saved it is found by it."""
    looks = report.accounts.select_related("account")
    acts = report.actions.select_related("owner").order_by("pk")
    return state_of(
        Written(
            report.starts_on,
            report.ends_on,
            report.findings,
            report.mitigations,
            report.elsewhere,
            report.resources,
            {one.account: Looked(one.found, one.note) for one in looks},
            tuple(Act(one.what, one.owner, one.due_on) for one in acts),
        )
    )


def state_of(written: Written) -> str:
    """The same of what is about to be saved."""
    looks = sorted((one.pk, looked.found, looked.note.strip()) for one, looked in written.accounts.items())
    acts = sorted((one.what.strip(), one.owner.pk, f"{one.due_on}") for one in written.actions)
    texts = [f"{value}" for value in texts_of(written).values()]
    return hashlib.sha256(json.dumps([texts, looks, acts]).encode()).hexdigest()
