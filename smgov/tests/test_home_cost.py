"""The first page of every role takes at most 15 queries, with something to do from every room, at any size (P1)."""

import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccountRequest, ConsultationMessage, ConsultedRole, SocialAccount
from accounts.monitoring.tests.cases import a_sent_report, an_act
from approvals.models import PupilWifi, SecurityMeasure, Stage, UnblockRequest
from bench.data import World
from core.roles import Post, Role
from people.models import Membership, PendingChange, School, User

pytestmark = [pytest.mark.django_db, pytest.mark.once]
MOST = 15
ROLES = (
    Role.HEADTEACHER,
    Role.DSL,
    Role.OFFICE,
    Role.IT,
    Role.SENIOR_LEADER,
    Role.GOVERNANCE,
    Role.DPO,
    Role.HR,
    Role.STAFF,
)
"""In the order in which the bench gives them out at its schools."""


def holds(user: User, role: str, school: School, post: str = "") -> None:
    """One more role, since last month."""
    Membership.objects.create(
        user=user,
        role=role,
        post=post,
        school=school,
        starts=timezone.localdate() - timezone.timedelta(days=30),
    )


def something_of_every_kind(world: World, school: School, staff: list[User], many: int) -> None:
    """What the bench does not make: drafts, questions, changes, openings, measures and actions that are due."""
    head, clerk, today = staff[0], staff[-1], timezone.localdate()
    for number in range(many):
        change = {"requested_by": clerk, "about": staff[-2], "kind": "membership", "school": school}
        payload = {"role": "staff", "post": "", "starts": f"{today}", "ends": None}
        PendingChange.objects.create(payload=payload, fingerprint=f"{school.pk} {many} {number}", **change)
        a_sent_report(world.comms, school, actions=tuple(an_act(one) for one in staff[:5]))
        draft = AccountRequest.objects.create(
            once=uuid.uuid4(), school=school, requested_by=clerk, form="cit", name=f"Draft {number}"
        )
        ConsultationMessage.objects.create(
            request=draft, once=uuid.uuid4(), topic="consultation", author=clerk, text="Is it right?"
        )
        for role in (Role.HEAD_OF_COMMS, Role.IT, Role.HEADTEACHER):
            ConsultedRole.objects.create(request=draft, topic="consultation", role=role)
    UnblockRequest.objects.filter(school=school, stage=Stage.OPEN).update(stage=Stage.TO_OPEN)
    PupilWifi.objects.filter(school=school).update(stage=Stage.TO_SHUT)
    SecurityMeasure.objects.filter(school=school).update(review_on=today)
    SecurityMeasure.objects.create(
        once=uuid.uuid4(), school=school, kind="filtering", title="New", details="x", directed_by=head,
        review_on=today,
    )  # fmt: skip
    SocialAccount.objects.filter(school=school).first().rights.all().update(
        ended_at=timezone.now(), ended_because="x"
    )


def cost(user: User) -> tuple[int, int]:
    """How many queries the first page takes, and how many lines it has."""
    client = Client()
    client.force_login(user)
    client.get(reverse("core:notice-list"))
    with CaptureQueriesContext(connection) as queries:
        page = client.get(reverse("home"))
    return len(queries), len(page.context["waits_for_me"])


def test_the_first_page_takes_at_most_fifteen_queries_for_every_role() -> None:
    world, counts = World(), []
    for size in (2, 3):
        world.grow(size, 12, 5, 5, 10)
        school = world.schools[0]
        staff = list(User.objects.filter(memberships__school=school).distinct().order_by("pk")[:12])
        something_of_every_kind(world, school, staff, size)
        if size == 2:
            everything = staff[5]
            for role in (*ROLES, Role.HEAD_OF_COMMS):
                holds(everything, role, world.schools[1])
            holds(everything, Role.IT, school)
            holds(everything, Role.HEAD_OF_COMMS, school)
            holds(everything, Role.SENIOR_LEADER, school, Post.ELT)
            world.fill_network(school, staff, 5)
        people = dict(zip(ROLES, staff, strict=False))
        people |= {
            "comms of the trust": world.comms,
            "DSL of the trust": world.lead,
            "everything": everything,
        }
        counts.append({str(name): cost(user) for name, user in people.items()})
    queries = [{name: number for name, (number, _) in found.items()} for found in counts]
    assert max(queries[-1].values()) <= MOST, queries
    assert queries[0] == queries[1]
    assert counts[-1]["everything"][1] > 20, counts
