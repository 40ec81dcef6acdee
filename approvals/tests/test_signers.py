"""The one query that finds what a person may sign says the same as the road written in Python."""

import random
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.access import request_rules
from accounts.models import AccountRight, RightsRequest, SocialAccount
from accounts.services.rights import rights_ask
from approvals.access import approval_rules
from approvals.models import ApprovalStep, Decision
from approvals.signers import signable_steps, signers_of
from core.roles import Post, Role
from people.models import Deputy, Membership, User
from smgov.testing import Cast, a_cit_trust, a_person, decide, give, submitted

pytestmark = pytest.mark.django_db


def agreed() -> list[tuple[int, set[int]]]:
    """For every current step: who may sign by Python; fails when the query disagrees for anybody."""
    by_query: dict[int, set[int]] = {}
    for user in User.objects.all():
        for step in signable_steps(user):
            by_query.setdefault(step.pk, set()).add(user.pk)
    rows = []
    for step in ApprovalStep.objects.filter(status="current", request__status="pending").select_related(
        "request__school"
    ):
        by_python = {signer.user.pk for signer in signers_of(step)}
        assert by_query.get(step.pk, set()) == by_python
        rows.append((step.pk, by_python))
    return rows


def test_query_and_road_agree_in_the_plain_case() -> None:
    cast = a_cit_trust()
    submitted(cast.alice, cast.hilltop)
    assert [people for _, people in agreed()] == [{cast.bob.pk}]


def test_query_and_road_agree_when_the_headteacher_applies() -> None:
    cast = a_cit_trust()
    submitted(cast.bob, cast.hilltop)
    assert [people for _, people in agreed()] == [{cast.chair.pk}]


def test_a_step_whose_holder_left_passes_to_the_chair() -> None:
    cast = a_cit_trust()
    submitted(cast.alice, cast.hilltop)
    Membership.objects.filter(user=cast.bob).update(ended_at=timezone.now())
    assert [people for _, people in agreed()] == [{cast.chair.pk}]


@pytest.mark.parametrize("seed", range(25))
def test_query_and_road_agree_in_schools_made_at_random(seed: int) -> None:
    chance = random.Random(seed)
    cast = a_cit_trust()
    crowd = [cast.alice, cast.bob, cast.cora, cast.dan, cast.chair, cast.elt]
    crowd += [a_person(f"Person {n}", Role.STAFF, cast.hilltop) for n in range(4)]
    for _ in range(chance.randrange(8)):
        user = chance.choice(crowd)
        role, post = chance.choice(
            [
                (Role.HEADTEACHER, ""),
                (Role.HEAD_OF_COMMS, ""),
                (Role.GOVERNANCE, Post.CHAIR),
                (Role.SENIOR_LEADER, Post.ELT),
            ]
        )
        place = chance.choice([cast.hilltop, cast.otherplace, cast.trust])
        key = "trust" if place == cast.trust else "school"
        if not Membership.objects.filter(
            user=user, role=role, post=post, ended_at=None, **{key: place}
        ).exists():
            give(user, role, place, post=post)
    today = timezone.localdate()
    for _ in range(chance.randrange(6)):
        person, deputy = chance.sample(crowd, 2)
        start = today + timedelta(days=chance.choice([-5, 0, 3]))
        Deputy.objects.create(
            school=chance.choice([cast.hilltop, cast.otherplace]),
            person=person,
            deputy=deputy,
            starts=start,
            ends=start + timedelta(days=4),
            appointed_by=person,
        )
    waiting = [
        submitted(chance.choice([cast.alice, cast.bob, cast.dan, cast.cora]), cast.hilltop) for _ in range(3)
    ]
    for person in chance.sample(crowd, chance.randrange(3)):
        row = Membership.objects.filter(user=person, ended_at=None).first()
        if row:
            row.ended_at = timezone.now()
            row.save()
    agreed()
    for request in waiting:
        step = request.steps.get(status="current")
        signers = signers_of(step)
        if signers:
            decide(
                request,
                chance.choice(signers).user,
                chance.choice([Decision.Outcome.APPROVED, Decision.Outcome.RETURNED]),
            )
    agreed()


def test_the_deputy_of_the_person_concerned_is_passed_over_for_the_chair() -> None:
    cast = a_cit_trust()
    account = live_account(cast)
    today = timezone.localdate()
    Deputy.objects.create(
        school=cast.hilltop, person=cast.bob, deputy=cast.dan, starts=today, ends=today, appointed_by=cast.bob
    )
    rights_ask(actor=cast.alice, account=account, user=cast.bob, right="poster")
    assert [people for _, people in agreed()] == [{cast.chair.pk}]


def test_a_right_is_not_given_on_the_signature_of_ones_own_deputy() -> None:
    cast = a_cit_trust()
    today = timezone.localdate()
    Deputy.objects.create(
        school=cast.hilltop, person=cast.bob, deputy=cast.dan, starts=today, ends=today, appointed_by=cast.bob
    )
    request = submitted(cast.alice, cast.hilltop, administrators=[cast.bob, cast.alice])
    decide(request, cast.dan)
    decide(request, cast.cora)
    held = set(AccountRight.objects.filter(right="administrator").values_list("user", flat=True))
    assert held == {cast.alice.pk}
    assert RightsRequest.objects.get().user == cast.bob


def test_who_left_reads_nothing_of_the_school_any_more() -> None:
    cast = a_cit_trust()
    request = submitted(cast.alice, cast.hilltop)
    give(cast.alice, Role.STAFF, cast.otherplace)
    Membership.objects.filter(user=cast.alice, school=cast.hilltop).update(ended_at=timezone.now())
    assert not approval_rules.visible_to(cast.alice).filter(pk=request.pk).exists()
    assert not request_rules.visible_to(cast.alice).filter(approval=request).exists()


def live_account(cast: Cast) -> SocialAccount:
    """An approved account of Alice's."""
    request = submitted(cast.alice, cast.hilltop)
    decide(request, cast.bob)
    decide(request, cast.cora)
    return SocialAccount.objects.get()


def test_a_deputy_who_stays_only_as_a_volunteer_signs_no_more() -> None:
    cast = a_cit_trust()
    submitted(cast.bob, cast.hilltop)
    deputy = a_person("Nell Noakes", Role.STAFF, cast.hilltop)
    today = timezone.localdate()
    Deputy.objects.create(
        school=cast.hilltop, person=cast.bob, deputy=deputy, starts=today, ends=today, appointed_by=cast.chair
    )
    assert [people for _, people in agreed()] == [{deputy.pk}]
    Membership.objects.filter(user=deputy).update(ended_at=timezone.now())
    give(deputy, Role.CONTRIBUTOR, cast.hilltop)
    assert [people for _, people in agreed()] == [{cast.chair.pk}]
