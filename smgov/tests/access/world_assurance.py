"""What the world holds about assurance: a remit that is confirmed, statements, and monitoring reports at every stage."""

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from accounts.models import MonitoringReport
from accounts.monitoring.services import (
    accounts_to_monitor,
    action_done,
    report_read,
    report_send,
    report_start,
)
from accounts.monitoring.written import Act, Looked, Written
from core.roles import Role
from people.selectors import profile_of
from policies.assurance.services import statement_write
from policies.assurance.spans import terms_to_choose

if TYPE_CHECKING:
    from smgov.tests.access.world import World


def assurance_things(world: "World") -> None:
    """The headteacher writes the reports; the remit waits to be confirmed, so that it can be."""
    people, things, say = world.people, world.things, world.say
    term = terms_to_choose(profile_of(world.school))[0]
    for part, role in (
        ("approach", Role.DSL),
        ("implementation", Role.HEADTEACHER),
        ("presented", "chair"),
    ):
        statement_write(
            actor=people[role], school=world.school, term=term, part=part, text=say(f"our {part}"), seen=None
        )
    things["remit_school"] = world.school
    head = people[Role.HEADTEACHER]
    things["monitoring_draft"] = _a_report(world, head)
    things["monitoring"] = report_send(actor=head, report=_a_report(world, head))
    things["monitoring_old"] = report_send(actor=head, report=_a_report(world, head))
    report_read(actor=people[Role.GOVERNANCE], report=things["monitoring_old"])
    things["monitoring_action"] = things["monitoring"].actions.get()
    done = things["monitoring_old"].actions.get()
    action_done(actor=things["owner"], action=done, note=say("renewed it")[:300])


def _a_report(world: "World", writer: Any) -> MonitoringReport:
    say, today = world.say, timezone.localdate()
    accounts = accounts_to_monitor(writer, world.school)
    return report_start(
        actor=writer,
        school=world.school,
        once=uuid.uuid4(),
        written=Written(
            today - timedelta(days=30),
            today,
            findings=say("what was found"),
            mitigations=say("two people read it"),
            elsewhere=say("a group of parents"),
            resources=say("too little time"),
            accounts={one: Looked("stale", say("nothing new")[:500]) for one in accounts},
            actions=(Act(say("renew it")[:300], world.things["owner"], today + timedelta(days=9)),),
        ),
    )
