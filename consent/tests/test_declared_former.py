"""Former pupils count until they are 18: whoever hears a declaration finds and links them, and nobody else does."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from consent.models import Mention
from consent.services.mentions import pupils_called
from consent.tests.clock import Clock
from core.roles import Role
from core.tables import date_text
from people.models import Membership
from policies.declarations.tests.cases import Crew, a_crew, a_declaration, client_of
from policies.models import Declaration
from smgov.testing import a_person, an_unblock
from smgov.testing_consent import a_pupil

pytestmark = [pytest.mark.django_db, pytest.mark.clause("BEC-4.08", "BEC-4.14")]


def a_former(crew: Crew, **facts: Any) -> Any:
    """Kit Quill, who left last week and is ten."""
    week = timezone.localdate() - timedelta(days=7)
    return a_pupil(crew.school, "Kit Quill", **{"leaves_on": week, **facts})


def about_former(crew: Crew) -> Declaration:
    """Alice is linked with a former pupil."""
    return a_declaration(crew, about="former", relation="former_pupil", person="Kit")


def called(crew: Crew, row: Any) -> int:
    return len(pupils_called(crew.dora, row, "Kit Quill"))


def test_who_hears_a_declaration_links_a_former_pupil_by_name() -> None:
    crew = a_crew("beckstone")
    kit, row = a_former(crew), about_former(crew)
    address, client = f"/consent/named/declared/{row.uuid}/", client_of(crew.dora)
    assert "Former pupils who are under 18 are found too" in client.get(address).content.decode()
    assert client.post(address, {"name": "Kit Quill"}).status_code == 302
    assert Mention.objects.get().pupil == kit
    assert str(kit.uuid) not in client_of(crew.alice).get(f"/declarations/{row.uuid}/").content.decode()


def test_of_two_of_one_name_the_page_says_who_left() -> None:
    last_day = timezone.localdate() - timedelta(days=1)
    crew = a_crew("beckstone")
    a_former(crew, leaves_on=last_day)
    a_pupil(crew.school, "Kit Quill", class_name="6B")
    address = f"/consent/named/declared/{about_former(crew).uuid}/"
    page = client_of(crew.dora).post(address, {"name": "Kit Quill"})
    assert page.status_code == 422
    assert f"left on {date_text(last_day)}" in page.content.decode()
    assert not Mention.objects.exists()


@pytest.mark.parametrize(
    ("born", "day", "found"),
    [
        (date(2008, 6, 10), date(2026, 6, 9), 1),
        (date(2008, 6, 10), date(2026, 6, 10), 0),  # the 18th birthday
        (date(2008, 2, 29), date(2026, 2, 28), 1),
        (date(2008, 2, 29), date(2026, 3, 1), 0),  # who was born on 29 February turns 18 on 1 March
        (date(2010, 2, 28), date(2028, 2, 28), 0),
        (date(2010, 3, 1), date(2028, 2, 29), 1),
        (date(2010, 3, 1), date(2028, 3, 1), 0),
        (None, date(2026, 6, 10), 1),
    ],
)
def test_until_the_eighteenth_birthday(
    monkeypatch: pytest.MonkeyPatch, born: date | None, day: date, found: int
) -> None:
    crew = a_crew("beckstone")
    Membership.objects.update(starts=date(2025, 1, 1))
    Clock(monkeypatch).at(day)
    a_former(crew, born=born)
    assert called(crew, about_former(crew)) == found


def test_who_is_there_is_found_whatever_their_age() -> None:
    crew = a_crew("beckstone")
    a_former(crew, leaves_on=None, born=date(2001, 1, 1))
    assert called(crew, about_former(crew)) == 1


def test_a_declared_pupil_may_have_left_where_the_policy_covers_former_pupils_but_no_parent_s_child() -> None:
    for preset, found in (("beckstone", 1), ("cit", 0)):
        crew = a_crew(preset)
        a_former(crew)
        assert called(crew, a_declaration(crew)) == found
        assert called(crew, a_declaration(crew, about="parent", relation="other")) == 0


def test_no_other_kind_of_record_finds_somebody_who_left_nor_another_school() -> None:
    crew, other = a_crew("beckstone", unblock_approver=["headteacher"]), a_crew("beckstone")
    a_person("Ivo Ives", Role.IT, crew.school)
    a_former(crew)
    assert called(crew, an_unblock(crew.alice, crew.school)) == 0
    assert called(other, about_former(other)) == 0
    assert pupils_called(other.dora, about_former(crew), "Kit Quill") == []


def test_who_was_erased_is_not_found() -> None:
    crew = a_crew("beckstone")
    a_former(crew, erased_at=timezone.now())
    assert called(crew, about_former(crew)) == 0
