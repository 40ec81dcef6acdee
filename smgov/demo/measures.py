"""Security measures and sites blocked by hand at the demo's schools: in every state, some reviews overdue."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from django.utils import timezone

from approvals.models import BlockedSite, SecurityMeasure
from approvals.network.measures import (
    measure_carry_out,
    measure_direct,
    measure_review,
    measure_withdraw,
    measures_due,
)
from approvals.network.sites import site_block, site_lift
from smgov.demo.clock import Scene
from smgov.demo.people import Cast


@dataclass(frozen=True)
class Directed:
    """One measure. `first` is in how many days its first review is; `steps` are (days ago, what, who, words)."""

    school: str
    leader: str
    days: int
    kind: str
    title: str
    details: str
    first: int
    steps: tuple[tuple[int, str, str, str], ...] = ()


@dataclass
class Kept:
    """A measure on its way."""

    row: SecurityMeasure | None = field(default=None)


MEASURES = (
    Directed(
        "millbrook", "Jonathan Adébáyò", 110, "firewall", "Firewall between classrooms and office",
        "Devices of pupils reach no server of the office. Rules are written down and kept with the plan of the network.",
        60,
        ((104, "done", "Graham Tuttle", "Rules set on both switches; tested from three classrooms."),
         (52, "review 200", "Graham Tuttle", "Two rules for the old printers were no longer needed and are gone. Firmware is up to date.")),
    ),
    Directed(
        "millbrook", "Catrin Morgan-Hayes", 100, "filtering", "Lists of the filter renewed each month",
        "The provider's lists are renewed by itself each night; once a month somebody looks whether it happened.",
        50,
        ((98, "done", "Yetunde Falade", "Switched on. A test page of the provider is blocked as it should be."),
         (49, "review 46", "Yetunde Falade", "Renewed every night. The test for self-harm words did not stop one page; reported and mended.")),
    ),
    Directed(
        "millbrook", "Jonathan Adébáyò", 6, "monitoring", "Alerts of the monitoring reach the DSL the same day",
        "Alerts of the two highest levels go to the DSL and to one deputy. Nobody else reads them.", 170,
    ),
    Directed(
        "stcedds", "Judith Amankwah", 95, "firewall", "Firewall at the line to the internet",
        "A firewall of the provider, with our own list on top.", 98,
        ((90, "done", "Bethan Cadwallader", "In place since the line was renewed. Own list loaded."),),
    ),
    Directed(
        "stcedds", "Simeon Ballantyne", 80, "accounts", "Second factor for every account that administers",
        "Everybody who can change the network or the filter signs in with a second factor.", 85,
        ((70, "done", "Ravindra Seneviratne", "Seven accounts, all with a second factor. Two old ones closed."),),
    ),
    Directed(
        "stcedds", "Florence Delacroix", 60, "devices", "Old tablets kept off the network",
        "Tablets that get no updates any more stay off the Wi-Fi.", 120,
        ((55, "done", "Ravindra Seneviratne", "Fourteen tablets barred by their addresses."),
         (15, "withdraw", "Judith Amankwah", "The tablets were replaced and recycled")),
    ),
    Directed(
        "stcedds", "Judith Amankwah", 2, "data", "Copies of the office server kept in another building",
        "A copy every night, and a test once a term that it can be read back.", 120,
    ),
    Directed(
        "ashgrove", "Marguerite Osei-Bonsu", 70, "filtering", "Safe search on every device of pupils",
        "Search engines show safe results only, on tablets too.", 77,
        ((66, "done", "Luca D'Amico", "Set for all groups of pupils; checked on ten tablets."),),
    ),
)  # fmt: skip

BLOCKED = (
    (88, "millbrook", "Graham Tuttle", "quick-odds.example", "Gambling, advertised beside a game"),
    (34, "millbrook", "Graham Tuttle", "proxy-for-free.example", "It gets round the filter"),
    (61, "stcedds", "Ravindra Seneviratne", "chat-with-anyone.example", "Chat with strangers, without any check"),
    (40, "stcedds", "Ravindra Seneviratne", "cdn.recipes.example", "Adverts that were taken for malware"),
)  # fmt: skip
LIFTED = (
    36,
    "stcedds",
    "Ravindra Seneviratne",
    "cdn.recipes.example",
    "The cookery club needs it; the adverts are gone",
)


def _direct(cast: Cast, plan: Directed, kept: Kept) -> None:
    kept.row = measure_direct(
        actor=cast.who(plan.leader),
        school=cast.schools[plan.school],
        once=uuid.uuid4(),
        kind=plan.kind,
        title=plan.title,
        details=plan.details,
        review_on=timezone.localdate() + timedelta(days=plan.first),
    )


def _step(cast: Cast, kept: Kept, what: str, who: str, words: str) -> None:
    measure, actor, today = SecurityMeasure.objects.get(pk=kept.row.pk), cast.who(who), timezone.localdate()
    name, _, days = what.partition(" ")
    if name == "done":
        measure_carry_out(actor=actor, measure=measure, done_on=today, note=words)
    elif name == "review":
        day = today + timedelta(days=int(days))
        measure_review(actor=actor, measure=measure, once=uuid.uuid4(), found=words, next_review_on=day)
    else:
        measure_withdraw(actor=actor, measure=measure, because=words)


def _block(cast: Cast, school: str, who: str, host: str, because: str) -> None:
    site_block(actor=cast.who(who), school=cast.schools[school], host=host, because=because)


def _lift(cast: Cast, school: str, who: str, host: str, because: str) -> None:
    row = BlockedSite.objects.get(school=cast.schools[school], host=host, lifted_at=None)
    site_lift(actor=cast.who(who), site=row, because=because)


def scenes(cast: Cast) -> Iterator[Scene]:
    """From the first firewall to the reviews that are overdue today."""
    for plan in MEASURES:
        kept = Kept()
        yield Scene(plan.days, 13, partial(_direct, cast, plan, kept))
        for days, what, who, words in plan.steps:
            yield Scene(days, 13.5, partial(_step, cast, kept, what, who, words))
    for days, *site in BLOCKED:
        yield Scene(days, 15.5, partial(_block, cast, *site))
    yield Scene(LIFTED[0], 15.5, partial(_lift, cast, *LIFTED[1:]))
    for days in range(28, 0, -7):
        yield Scene(days, 8.5, measures_due)
