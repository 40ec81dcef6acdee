"""Handing addresses over, the technician's part, closing."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from approvals.models import BlockedSite
from core.errors import Refused
from core.models import Notice
from incidents.access import matter_rules
from incidents.models import DealtWith, Handover, TechnicianPart
from incidents.services.acting import addresses_hand_over, matter_close, technician_done
from incidents.tests.cases import a_crew, a_report, an_image, page, recorded, whom

pytestmark = pytest.mark.django_db


@pytest.fixture
def crew():
    return a_crew()


def done(matter, actor, *, blocked: bool = True, name: str = "") -> TechnicianPart:
    return technician_done(
        actor=actor,
        matter=matter,
        action_taken="Blocked on the filter",
        blocked=blocked,
        typed_name=name or actor.full_name,
    )


def technician_page(matter) -> str:
    return reverse("incidents:report-technician", args=[matter.uuid])


@pytest.mark.clause("STM-14.06", "STM-14.07", "STM-14.08", "STM-14.09")
def test_the_technician_says_what_was_done_and_signs(crew) -> None:
    matter = a_report(crew)
    part = done(matter, crew.dan)
    assert (part.by, part.action_taken, part.signature.user) == (crew.dan, "Blocked on the filter", crew.dan)
    site = BlockedSite.objects.get()
    assert (site.host, site.private, site.school) == ("www.bad-pictures.example", False, crew.school)
    assert recorded("incidents.technician_done") == 1
    status, text = page(crew.dora, reverse("incidents:report-detail", args=[matter.uuid]))
    assert status == 200
    assert "Dealt with" in text
    assert "Blocked on the filter" in text


def test_a_technician_who_blocks_nothing_puts_nothing_on_the_list(crew) -> None:
    done(a_report(crew), crew.dan, blocked=False)
    assert not BlockedSite.objects.exists()


def test_a_wrong_name_signs_nothing(crew) -> None:
    with pytest.raises(Refused) as refusal:
        done(a_report(crew), crew.dan, name="Somebody Else")
    assert refusal.value.field == "typed_name"
    assert not TechnicianPart.objects.exists()
    assert not BlockedSite.objects.exists()


def test_the_technicians_part_is_filled_in_once(crew) -> None:
    matter = a_report(crew)
    done(matter, crew.dan)
    with pytest.raises(Refused):
        done(matter, crew.ivy)
    assert TechnicianPart.objects.count() == 1


def test_only_whoever_blocks_fills_it_in(crew) -> None:
    matter = a_report(crew)
    for user in (crew.dora, crew.alice, crew.bob, crew.gina):
        with pytest.raises(PermissionDenied):
            done(matter, user)


def test_a_report_about_a_person_reaches_no_technician_before_it_is_handed_over(crew) -> None:
    matter = a_report(crew, who=whom("pupil", "Kit of 9B"))
    for user in (crew.dan, crew.ivy):
        assert not matter_rules.allows(user, "view", matter)
        assert page(user, technician_page(matter))[0] == 404
        with pytest.raises(PermissionDenied):
            done(matter, user)


def test_handed_over_a_technician_sees_addresses_nature_and_date_and_nothing_else(crew) -> None:
    matter = a_report(crew, who=whom("pupil", "Kit of 9B"), words="Seen in room 4")
    addresses_hand_over(actor=crew.dora, matter=matter)
    status, text = page(crew.dan, technician_page(matter))
    assert status == 200
    assert "https://www.bad-pictures.example/room?id=7&page=2" in text
    assert "Violence" in text
    for hidden in ("Kit", "9B", "room 4", "Alice", "pupil", "Dora"):
        assert hidden not in text, hidden
    assert page(crew.dan, reverse("incidents:report-detail", args=[matter.uuid]))[0] == 404
    assert [n.recipient for n in Notice.objects.filter(kind="incidents.to_block").order_by("pk")] == [
        crew.dan,
        crew.ivy,
    ]


def test_a_site_that_is_blocked_after_a_report_about_a_person_is_listed_apart(crew) -> None:
    matter = a_report(crew, who=whom("pupil", "Kit of 9B"))
    addresses_hand_over(actor=crew.dora, matter=matter)
    done(matter, crew.dan)
    assert BlockedSite.objects.get().private
    assert not DealtWith.objects.exists(), "the recipients close it"


def test_a_technician_who_is_named_gets_no_addresses(crew) -> None:
    matter = a_report(crew, who=whom("staff", person=crew.dan))
    addresses_hand_over(actor=crew.bob, matter=matter)
    assert page(crew.dan, technician_page(matter))[0] == 404
    assert page(crew.ivy, technician_page(matter))[0] == 200
    assert not Notice.objects.filter(recipient=crew.dan).exists()


def test_where_every_technician_is_named_nobody_gets_the_addresses(crew) -> None:
    crew.ivy.memberships.all().delete()
    matter = a_report(crew, who=whom("staff", person=crew.dan))
    with pytest.raises(Refused) as refusal:
        addresses_hand_over(actor=crew.bob, matter=matter)
    assert "Nobody can block the site" in refusal.value.message
    assert not Handover.objects.exists()


def test_addresses_are_handed_over_once_and_by_a_recipient(crew) -> None:
    matter = a_report(crew, who=whom("pupil", "Kit"))
    for user in (crew.alice, crew.bob, crew.dan):
        with pytest.raises(PermissionDenied):
            addresses_hand_over(actor=user, matter=matter)
    first = addresses_hand_over(actor=crew.dora, matter=matter)
    assert addresses_hand_over(actor=crew.dora, matter=matter) == first
    assert recorded("incidents.addresses_handed_over") == 1


def test_nothing_is_handed_over_where_technicians_have_it_or_where_it_is_an_image(crew) -> None:
    for matter, actor in ((a_report(crew), crew.dora), (an_image(crew), crew.dora)):
        with pytest.raises(Refused):
            addresses_hand_over(actor=actor, matter=matter)


def test_a_recipient_closes_a_report_about_a_person_with_a_note_once(crew) -> None:
    matter = a_report(crew, who=whom("staff", person=crew.mark))
    with pytest.raises(Refused):
        matter_close(actor=crew.bob, matter=matter, note=" ")
    matter_close(actor=crew.bob, matter=matter, note="Spoken to")
    with pytest.raises(Refused):
        matter_close(actor=crew.bob, matter=matter, note="Again")
    assert DealtWith.objects.get().note == "Spoken to"
    for user in (crew.alice, crew.mark, crew.dora, crew.dan):
        with pytest.raises(PermissionDenied):
            matter_close(actor=user, matter=matter, note="Not mine")


def test_the_technicians_part_closes_a_report_in_which_nobody_is_known(crew) -> None:
    matter = a_report(crew)
    with pytest.raises(Refused):
        matter_close(actor=crew.dora, matter=matter, note="Done")
    done(matter, crew.dan)
    assert page(crew.dora, "/network/reports/?state=closed")[1].count("Report of") == 1


@pytest.mark.parametrize("state", ["sent", "handed over", "done", "closed"])
def test_the_reporter_sees_their_own_words_and_that_it_was_received_whatever_happened(crew, state) -> None:
    matter = a_report(crew, who=whom("pupil", "Kit of 9B"), words="My own words")
    steps = {
        "handed over": lambda: addresses_hand_over(actor=crew.dora, matter=matter),
        "done": lambda: done(matter, crew.dan),
        "closed": lambda: matter_close(actor=crew.dora, matter=matter, note="Parents were told"),
    }
    before = page(crew.alice, reverse("incidents:report-detail", args=[matter.uuid]))
    for name, step in steps.items():
        if state == "sent":
            break
        step()
        if name == state:
            break
    after = page(crew.alice, reverse("incidents:report-detail", args=[matter.uuid]))
    assert after == before
    assert "My own words" in after[1]
    assert "It was received" in after[1]
    assert page(crew.alice, technician_page(matter))[0] == 404
