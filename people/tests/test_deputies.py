"""Deputies: the lists, appointing, ending."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.errors import Refused
from core.models import Notice
from core.roles import Role
from people.models import Deputy, School, User
from people.services.deputies import deputy_appoint
from smgov.testing import Cast, a_person

LIST = "/deputies/"


def appoint_url(school: School) -> str:
    return reverse("people:deputy-appoint", args=[school.uuid])


def typed(deputy: User, *, first: int = 0, last: int = 7, **more) -> dict:
    today = timezone.localdate()
    days = {"starts": today + timedelta(days=first), "ends": today + timedelta(days=last)}
    parts = {f"{n}_{part}": getattr(d, part) for n, d in days.items() for part in ("day", "month", "year")}
    return {"deputy": deputy.uuid, **parts, **more}


def appoint(cast: Cast, person: User, deputy: User, actor: User | None = None, **more) -> Deputy:
    today = timezone.localdate()
    return deputy_appoint(
        actor=actor or person,
        person=person,
        deputy=deputy,
        school=cast.hilltop,
        **{"starts": today, "ends": today + timedelta(days=7), "reason": "Away", **more},
    )


# The lists -----------------------------------------------------------------------------------


def test_mine_those_i_sign_for_and_the_schools(client, cast):
    appoint(cast, cast.bob, cast.alice)
    appoint(cast, cast.alice, cast.dan)
    client.force_login(cast.bob)
    text = client.get(LIST).content.decode()
    mine, theirs, schools = (
        text.split(f'id="{part}"')[1].split("</section>")[0] for part in ("mine", "theirs", "schools")
    )
    assert "Alice Archer" in mine
    assert "nobody’s deputy" in theirs
    assert "Dan Dale" in schools
    client.force_login(cast.alice)
    text = client.get(LIST).content.decode()
    assert "Bob Barnes" in text.split('id="theirs"')[1]
    assert 'id="schools"' not in text


def test_others_appointments_are_not_shown(client, cast):
    appoint(cast, cast.bob, cast.alice)
    for person in (cast.dan, cast.eve, cast.cora):
        client.force_login(person)
        assert "Alice Archer" not in client.get(LIST).content.decode()


def test_the_list_has_a_flat_number_of_queries(client, cast):
    client.force_login(cast.bob)

    def queries() -> int:
        client.get(LIST)
        with CaptureQueriesContext(connection) as caught:
            client.get(LIST)
        return len(caught)

    appoint(cast, cast.alice, cast.dan)
    few = queries()
    for number in range(30):
        appoint(cast, a_person(f"Person {number}", Role.STAFF, cast.hilltop), cast.dan)
    assert queries() == few <= 15


# Appointing ----------------------------------------------------------------------------------


def test_anybody_appoints_their_own_deputy(client, cast, actions):
    client.force_login(cast.alice)
    page = client.get(appoint_url(cast.hilltop)).content.decode()
    assert "Who signs in your place?" in page
    assert 'name="person"' not in page
    assert client.post(appoint_url(cast.hilltop), typed(cast.dan)).url == LIST
    row = Deputy.objects.get()
    assert (row.person, row.deputy, row.appointed_by) == (cast.alice, cast.dan, cast.alice)
    assert actions()[-1] == "people.deputy_appointed"
    assert set(Notice.objects.values_list("recipient", "kind")) == {(cast.dan.pk, "people.deputy")}


def test_the_headteacher_appoints_for_a_colleague_with_a_reason(client, cast):
    client.force_login(cast.bob)
    url = appoint_url(cast.hilltop)
    without = client.post(url, typed(cast.dan, person=cast.alice.uuid))
    assert without.status_code == 422
    assert "Say why you appoint a deputy" in without.content.decode()
    assert client.post(url, typed(cast.dan, person=cast.alice.uuid, reason="Ill")).url == LIST
    row = Deputy.objects.get()
    assert (row.person, row.appointed_by, row.reason) == (cast.alice, cast.bob, "Ill")
    kinds = set(Notice.objects.values_list("recipient", "kind"))
    assert kinds == {(cast.dan.pk, "people.deputy"), (cast.alice.pk, "people.has_deputy")}


def test_the_chair_may_too_and_nobody_else(client, cast):
    appoint(cast, cast.bob, cast.alice, actor=cast.chair)
    for person in (cast.dan, cast.cora, cast.elt):
        with pytest.raises(PermissionDenied):
            appoint(cast, cast.alice, cast.bob, actor=person)
    client.force_login(cast.dan)
    client.post(
        appoint_url(cast.hilltop), typed(cast.bob, person=cast.alice.uuid)
    )  # a forged field is no field
    assert Deputy.objects.latest("pk").person == cast.dan


def test_nobody_makes_themselves_a_colleagues_deputy(cast):
    with pytest.raises(Refused, match="yourself a colleague"):
        appoint(cast, cast.alice, cast.bob, actor=cast.bob)


def test_somebody_of_another_school_or_not_employed_is_no_choice(client, cast):
    helper = a_person("Helen Helper", Role.CONTRIBUTOR, cast.hilltop)
    client.force_login(cast.alice)
    for stranger in (cast.eve, helper, cast.alice):
        assert client.post(appoint_url(cast.hilltop), typed(stranger)).status_code == 422
    assert not Deputy.objects.exists()
    with pytest.raises(Refused, match="not employed"):
        appoint(cast, cast.alice, helper)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [(5, 2, "must not be before the first"), (-9, -2, "or later"), (0, 400, "a year at most")],
)
def test_days_that_make_no_sense_are_refused_in_words(client, cast, first, last, words):
    client.force_login(cast.alice)
    response = client.post(appoint_url(cast.hilltop), typed(cast.dan, first=first, last=last))
    assert response.status_code == 422
    assert words in response.content.decode()


def test_the_same_form_five_times_makes_one_appointment(client, cast):
    client.force_login(cast.alice)
    codes = [client.post(appoint_url(cast.hilltop), typed(cast.dan)).status_code for _ in range(5)]
    assert codes == [302] + [422] * 4
    assert Deputy.objects.count() == 1


def test_other_days_and_another_deputy_are_other_appointments(cast):
    appoint(cast, cast.alice, cast.dan)
    appoint(cast, cast.alice, cast.bob)
    later = timezone.localdate() + timedelta(days=20)
    appoint(cast, cast.alice, cast.dan, starts=later, ends=later)
    assert Deputy.objects.count() == 3


def test_a_school_that_is_not_ones_own_is_404(client, cast):
    client.force_login(cast.alice)
    for uuid in (cast.otherplace.uuid, uuid4()):
        assert client.get(reverse("people:deputy-appoint", args=[uuid])).status_code == 404


# Ending --------------------------------------------------------------------------------------


def end_url(row: Deputy) -> str:
    return reverse("people:deputy-end", args=[row.uuid])


@pytest.mark.parametrize("who", ["alice", "bob", "chair"])
def test_the_person_the_headteacher_or_the_chair_ends_it(client, cast, who, actions):
    row = appoint(cast, cast.alice, cast.dan)
    client.force_login(getattr(cast, who))
    assert "End this appointment?" in client.get(end_url(row)).content.decode()
    assert client.post(end_url(row)).url == LIST
    row.refresh_from_db()
    assert row.ended_at is not None
    assert actions()[-1] == "people.deputy_ended"
    assert client.post(end_url(row)).status_code == 422


def test_the_deputy_sees_it_and_does_not_end_it_and_strangers_see_nothing(client, cast):
    row = appoint(cast, cast.alice, cast.dan)
    client.force_login(cast.dan)
    assert client.post(end_url(row)).status_code == 403
    client.force_login(cast.eve)
    assert client.post(end_url(row)).status_code == 404
    client.force_login(cast.bob)
    assert client.get(reverse("people:deputy-end", args=[uuid4()])).status_code == 404


def test_an_ended_one_is_shown_as_ended(client, cast):
    row = appoint(cast, cast.alice, cast.dan)
    Deputy.objects.filter(pk=row.pk).update(starts=date(2020, 1, 1), ends=date(2020, 1, 2))
    client.force_login(cast.alice)
    text = client.get(LIST).content.decode()
    assert "Ended" in text
    assert end_url(row) not in text
