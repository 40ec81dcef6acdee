"""The headteacher's own departure: the chair may ask the director of HR, and nobody who works for the headteacher."""

import pytest
from django.urls import reverse

from core.errors import Refused
from core.roles import Post, Role
from policies.declarations.access import departure_rules
from policies.declarations.departures import departure_advise, departure_ask_hr
from policies.declarations.tests.cases import a_crew, a_departure, client_of, hearers, told_of
from smgov.testing import a_person

pytestmark = pytest.mark.django_db


@pytest.mark.clause("CBC-6.06")
def test_hr_of_the_school_never_reads_the_headteachers_own_departure() -> None:
    crew = a_crew("cbc")
    row = a_departure(crew, actor=crew.bob)
    ask = reverse("policies:departure-advice", args=[row.uuid])
    url = reverse("policies:departure-detail", args=[row.uuid])
    with pytest.raises(Refused, match="Nobody in HR is free"):
        departure_ask_hr(actor=crew.gina, departure=row, question="May I agree?")
    assert ask not in client_of(crew.gina).get(url).content.decode()
    director = a_person("Dee Director", Role.HR, crew.school, post=Post.HR_DIRECTOR)
    assert ask in client_of(crew.gina).get(url).content.decode()
    departure_ask_hr(actor=crew.gina, departure=row, question="May I agree?")
    assert hearers(row) == ["governance/chair", "hr/hr_director"]
    assert told_of("policies.departure_advice_asked") == ["Dee Director"]
    assert departure_rules.allows(director, "view", row)
    assert not departure_rules.allows(crew.hugo, "view", row)
    departure_advise(actor=director, departure=row, advice="You may")
