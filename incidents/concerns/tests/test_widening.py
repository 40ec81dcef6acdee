"""What nobody reads goes further; what runs out ends; what is due is told once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.models import Notice
from core.roles import Role
from incidents.concerns.access import concern_rules
from incidents.concerns.selectors import on_the_road
from incidents.concerns.services.sending import let_in
from incidents.concerns.services.widening import actions_due, roads_mend, shares_over, unread_widen
from incidents.concerns.tests.cases import a_concern, a_concern_crew, by, more_people, read_by
from incidents.models import Action, Category, Concern, ConcernGrant, Excluded, Right, Share
from people.models import Membership, User

pytestmark = pytest.mark.django_db


def hours_later(hours: float) -> None:
    """As if this had been filed earlier."""
    for concern in Concern.objects.all():
        concern.read_due_at -= timedelta(hours=hours)
        concern.save(update_fields=["read_due_at"])


def test_a_concern_that_nobody_reads_goes_to_the_deputy_after_the_schools_time() -> None:
    crew = a_concern_crew(concern_unread_hours=6)
    deputy = more_people(crew)["deputy"]
    concern = a_concern(crew)
    hours_later(5)
    assert unread_widen() == 0
    hours_later(1.01)
    assert unread_widen() == 1
    assert unread_widen() == 0
    assert set(on_the_road(concern)) == {crew.dora, deputy}
    assert Notice.objects.filter(recipient=deputy, kind="incidents.concern_unread").count() == 1


def test_unread_still_it_goes_on_to_the_chair_and_then_to_the_executive_team_and_stops() -> None:
    crew = a_concern_crew()
    more_people(crew)
    concern = a_concern(crew)
    for _ in range(6):
        if Concern.objects.filter(read_due_at__isnull=False).exists():
            hours_later(300)
        unread_widen()
    assert {user.full_name for user in on_the_road(concern)} == {
        "Dora Dean",
        "Debbie Dunn",
        "Gina Gold",
        "Ella Tate",
    }
    assert Notice.objects.filter(recipient=crew.dora, kind="incidents.concern_unread").count() == 4


def test_a_concern_that_was_read_goes_nowhere() -> None:
    crew = a_concern_crew()
    concern = read_by(crew.dora, a_concern(crew))
    hours_later(500)
    assert unread_widen() == 0
    assert on_the_road(concern) == [crew.dora]


def test_whom_it_concerns_is_passed_over_on_the_way() -> None:
    crew = a_concern_crew()
    deputy = more_people(crew)["deputy"]
    concern = a_concern(crew, by(deputy), by(sort="pupil", words="Kit Kale"))
    hours_later(500)
    assert unread_widen() == 1
    assert deputy not in on_the_road(concern)
    assert not Notice.objects.filter(recipient=deputy).exists()


def test_about_the_headteacher_it_never_goes_back_to_them() -> None:
    crew = a_concern_crew()
    concern = a_concern(crew, by(sort="head"), category=Category.HARASSMENT)
    for _ in range(4):
        hours_later(500)
        unread_widen()
        if Concern.objects.filter(read_due_at=None).exists():
            break
    assert crew.bob not in on_the_road(concern)
    assert crew.ella in on_the_road(concern)


def test_when_the_last_recipient_leaves_the_chair_hears() -> None:
    crew = a_concern_crew()
    concern = a_concern(crew)
    assert roads_mend() == 0
    Membership.objects.filter(user=crew.dora).update(ends=timezone.localdate() - timedelta(days=1))
    assert roads_mend() == 1
    assert roads_mend() == 0
    assert on_the_road(concern) == [crew.gina]


def test_when_nobody_at_all_is_left_it_says_so_and_loses_nothing() -> None:
    crew = a_concern_crew()
    concern = a_concern(crew)
    Membership.objects.exclude(role=Role.STAFF).update(ends=timezone.localdate() - timedelta(days=1))
    roads_mend()
    concern.refresh_from_db()
    assert not concern.has_road
    Membership.objects.filter(user=crew.gina).update(ends=None)
    assert roads_mend() == 1
    concern.refresh_from_db()
    assert concern.has_road


def test_access_that_has_run_out_is_ended_on_record_and_the_case_is_unassigned() -> None:
    crew = a_concern_crew()
    concern = read_by(crew.dora, a_concern(crew))
    let_in(
        concern,
        crew.sue,
        Right.HANDLE,
        Share.Why.ASSIGNED,
        by=crew.dora,
        until=timezone.now() + timedelta(days=1),
    )
    Concern.objects.update(owner=crew.sue)
    assert shares_over() == 0
    past = timezone.now() - timedelta(minutes=1)
    ConcernGrant.objects.update(until=past)
    Share.objects.update(until=past)
    assert shares_over() == 1
    assert shares_over() == 0
    concern.refresh_from_db()
    assert concern.owner is None
    assert Share.objects.get().ended_at is not None


def test_what_is_due_is_told_once_to_its_owner_and_late_once_to_all_readers() -> None:
    crew = a_concern_crew()
    concern = read_by(crew.dora, a_concern(crew))
    let_in(concern, crew.sue, Right.READ, Share.Why.SHARED, by=crew.dora)
    action = Action.objects.create(
        concern=concern, text="Call home", owner=crew.sue, due_at=timezone.now() + timedelta(hours=3)
    )
    assert actions_due() == 1
    assert actions_due() == 0
    assert set(Notice.objects.filter(kind="incidents.action_due").values_list("recipient", flat=True)) == {
        crew.sue.pk
    }
    Action.objects.filter(pk=action.pk).update(due_at=timezone.now() - timedelta(minutes=1))
    assert actions_due() == 1
    assert actions_due() == 0
    assert Notice.objects.filter(kind="incidents.action_late").count() == 2


def test_what_is_done_is_not_told() -> None:
    crew = a_concern_crew()
    concern = read_by(crew.dora, a_concern(crew))
    Action.objects.create(concern=concern, text="x", due_at=timezone.now(), done_at=timezone.now())
    assert actions_due() == 0


def test_a_sweep_that_runs_on_the_row_of_an_excluded_owner_tells_them_nothing() -> None:
    crew = a_concern_crew()
    concern = read_by(crew.dora, a_concern(crew))
    Action.objects.create(concern=concern, text="x", owner=crew.sue, due_at=timezone.now())
    Excluded.objects.create(concern=concern, user=crew.sue, because=Excluded.Because.PART)
    actions_due()
    assert not Notice.objects.filter(recipient=crew.sue).exists()
    assert not concern_rules.visible_to(User.objects.get(pk=crew.sue.pk), "view").exists()
