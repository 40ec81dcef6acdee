"""What is kept back from a reader stays so on every part of the page, and addresses of an image with it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from consent.services import mentions
from core.errors import Refused
from incidents.abuse.services import Done, Shot, act_add, shots_add
from incidents.abuse.tests.cases import a_log_crew, a_screenshot, an_entry
from incidents.concerns import board
from incidents.concerns.redaction import OWN
from incidents.concerns.services.casework import case_image, note_write
from incidents.concerns.services.links import case_link
from incidents.concerns.services.packs import PackChoices, pack_check
from incidents.concerns.services.sending import Somebody
from incidents.concerns.tests.cases import a_concern, a_concern_crew, a_pupil_harmed
from incidents.concerns.tests.casework import a_case, a_share, url
from incidents.models import Category, Concern, PartIn, Right, Sort
from incidents.tests.cases import page

pytestmark = pytest.mark.django_db
BAD = "https://bad-pics.example/kid"


def test_a_colleague_who_told_of_it_in_confidence_is_kept_back_too() -> None:
    """Neither on the page nor by a search of the board; the road learns it."""
    crew = a_concern_crew()
    told = Somebody(PartIn.DISCLOSER, Sort.STAFF, "", crew.carl)
    case = a_case(crew, a_pupil_harmed(), told, source="staff", confidential=True)
    a_share(crew, case, crew.ivy)
    text = page(crew.ivy, url("case", case))[1]
    assert "Carl Cole" not in text
    assert "A colleague, kept back" in text
    assert "Carl Cole" in page(crew.dora, url("case", case))[1]
    assert not board.found(crew.ivy, "open", {"q": "Carl Cole"}).exists()
    assert board.found(crew.dora, "open", {"q": "Carl Cole"}).exists()
    assert board.found(crew.ivy, "open", {"q": "Kale"}).exists()


def test_who_called_the_police_does_not_give_the_reporter_away() -> None:
    """The call was recorded in reporting."""
    crew = a_concern_crew()
    call = {"police_called_by": "Alice Archer", "police_called_at": timezone.now() - timedelta(hours=1)}
    case = a_case(crew, image=True, confidential=True, category=Category.IMAGERY, what="", **call)
    a_share(crew, case, crew.ivy)
    assert "Alice Archer" not in page(crew.ivy, url("case", case))[1]
    assert "Alice Archer" in page(crew.dora, url("case", case))[1]


def test_addresses_taken_before_a_case_is_marked_are_shown_nowhere() -> None:
    """Neither on its page, nor beside a correction, nor in a pack."""
    crew = a_concern_crew()
    case = a_case(crew, what=f"see {BAD} now", happened_where=BAD)
    note = note_write(actor=crew.dora, concern=case, text=f"It is at {BAD}")
    case_image(actor=crew.dora, concern=case, reason="It could be")
    case.refresh_from_db()
    text = page(crew.dora, url("case", case))[1]
    assert "bad-pics" not in text
    assert "see [address left out] now" in text
    assert "bad-pics" not in page(crew.dora, url("case-correct", case, note.uuid))[1]
    pack = pack_check(actor=crew.dora, concern=case, choices=PackChoices(whom=OWN))
    assert "bad-pics" not in str(pack.items)


def test_an_entry_of_the_log_behind_such_a_case_shows_no_address() -> None:
    """Nor does it take one, or a file; the page does not say why."""
    crew, _ = a_log_crew()
    entry = an_entry(crew, address=BAD, words=f"Look at {BAD}")
    assert "bad-pics" in page(crew.bob, reverse("incidents:abuse-detail", args=[entry.uuid]))[1]
    a_concern(crew, category="imagery", image=True, what="", abuse=entry, police_not_called="Not yet")
    text = page(crew.bob, reverse("incidents:abuse-detail", args=[entry.uuid]))[1]
    assert "bad-pics" not in text
    assert "No file is taken for this entry any more." in text
    for name in ("abuse-list", "abuse-export"):
        assert "bad-pics" not in page(crew.bob, reverse(f"incidents:{name}"))[1]
    with pytest.raises(Refused, match="No file is taken"):
        act_add(actor=crew.alice, entry=entry, done=Done("other", note=BAD))
    shot = Shot("Here", timezone.now(), "Alice Archer")
    with pytest.raises(Refused, match="No file is taken"):
        shots_add(actor=crew.alice, entry=entry, shot=shot, files=[a_screenshot()])


def test_a_page_sent_again_because_a_child_is_in_danger_is_a_concern_of_its_own() -> None:
    """Once, however often it is sent."""
    crew, once = a_concern_crew(), uuid4()
    a_concern(crew, once=once)
    for _ in range(2):
        a_concern(crew, once=once, in_danger=True)
    assert Concern.objects.count() == 2


def test_whoever_only_reads_a_case_links_no_pupil_to_it() -> None:
    """Changing it takes more than reading it."""
    crew = a_concern_crew()
    case = a_case(crew)
    a_share(crew, case, crew.ivy)
    assert mentions.kind_of(case).readable(crew.ivy).exists()
    assert not mentions.kind_of(case).changeable(crew.ivy).exists()
    assert mentions.kind_of(case).changeable(crew.dora).exists()


def test_only_cases_that_one_handles_are_linked() -> None:
    """Reading the other is not enough."""
    crew = a_concern_crew()
    mine, other = a_case(crew), a_case(crew)
    a_share(crew, mine, crew.ivy, Right.HANDLE)
    a_share(crew, other, crew.ivy)
    with pytest.raises(PermissionDenied):
        case_link(actor=crew.ivy, concern=mine, other=other, because="The same evening")
