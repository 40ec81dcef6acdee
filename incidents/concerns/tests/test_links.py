"""A link between two cases tells nobody of a case that they may not read."""

import pytest

from incidents.concerns.redaction import OWN
from incidents.concerns.services.links import case_link
from incidents.concerns.services.packs import PackChoices, pack_check
from incidents.concerns.services.sending import let_in
from incidents.concerns.tests.cases import a_concern, a_concern_crew, by, read_by
from incidents.concerns.tests.casework import url
from incidents.models import Category, Right, Share
from incidents.tests.cases import page

pytestmark = pytest.mark.django_db


def test_a_link_to_a_case_that_one_may_not_read_leaves_no_line() -> None:
    """The headteacher reads one case; the case linked to it is about them."""
    crew = a_concern_crew()
    mine = read_by(crew.bob, a_concern(crew, by(crew.mark), category=Category.HARASSMENT))
    secret = read_by(crew.gina, a_concern(crew, by(sort="head"), category=Category.HARASSMENT))
    let_in(mine, crew.gina, Right.HANDLE, Share.Why.SHARED, by=crew.bob)
    choices = PackChoices(whom=OWN)
    before = page(crew.bob, url("case", mine))
    items = len(pack_check(actor=crew.bob, concern=mine, choices=choices).items)
    case_link(actor=crew.gina, concern=secret, other=mine, because="The same evening")
    assert page(crew.bob, url("case", mine)) == before
    assert len(pack_check(actor=crew.bob, concern=mine, choices=choices).items) == items
    assert secret.reference in page(crew.gina, url("case", mine))[1]
