"""A deputy headteacher is not the headteacher: standing in takes an appointment."""

import pytest
from django.core.exceptions import PermissionDenied

from core.access import standing_of
from core.roles import Post, Role
from people.access import membership_rules, school_rules
from smgov.testing import a_cit_trust, a_person, decide, submitted

pytestmark = pytest.mark.django_db


def test_a_deputy_head_does_not_sign_or_manage_as_head() -> None:
    cast = a_cit_trust()
    deputy = a_person("Dee Dunn", Role.HEADTEACHER, cast.hilltop, post=Post.DEPUTY)
    assert standing_of(deputy).schools(["headteacher"]) == set()
    assert standing_of(deputy).schools(["headteacher/deputy"]) == {cast.hilltop.pk}
    assert not membership_rules.allows_at(deputy, "manage", cast.hilltop)
    assert school_rules.allows(deputy, "view", cast.hilltop)
    request = submitted(cast.alice, cast.hilltop)
    with pytest.raises(PermissionDenied):
        decide(request, deputy)
    decide(request, cast.bob)
