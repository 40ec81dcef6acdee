"""Setting up schools and trusts from the server's console."""

import pytest
from django.core.management import CommandError, call_command

from core import audit
from core.models import Notice
from people.models import Membership, School, Trust, User
from people.selectors import profile_of

pytestmark = pytest.mark.django_db


def test_a_school_starts_with_its_policy_and_an_invited_headteacher() -> None:
    call_command(
        "school_start",
        "Hilltop Primary",
        preset="st-marys",
        head_email="Head@hilltop.example.org",
        head_name="Hal Hill",
    )
    school = School.objects.get()
    assert profile_of(school).min_admins == 2
    membership = Membership.objects.get()
    assert (membership.user.email, membership.role, membership.school) == (
        "head@hilltop.example.org",
        "headteacher",
        school,
    )
    assert Notice.objects.filter(kind="people.invitation", recipient=membership.user).count() == 1
    assert audit.verify().intact


def test_a_trust_starts_with_a_central_team_and_a_trust_wide_leader() -> None:
    call_command(
        "trust_start", "Larkfield Trust", lead_email="ella@larkfield.example.org", lead_name="Ella Tate"
    )
    trust, membership = Trust.objects.get(), Membership.objects.get()
    assert membership.trust == trust
    assert membership.post == "elt"
    assert trust.schools.get().is_central
    call_command(
        "school_start",
        "Hilltop",
        trust=trust.slug,
        head_email="hal@larkfield.example.org",
        head_name="Hal Hill",
    )
    assert [str(step.role) for step in profile_of(School.objects.get(name="Hilltop")).account_chain] == [
        "headteacher",
        "head_of_comms",
    ]


def test_nonsense_is_refused_in_words_and_leaves_nothing() -> None:
    with pytest.raises(CommandError, match="Choose a preset"):
        call_command("school_start", "X", head_email="a@example.org", head_name="A B")
    with pytest.raises(CommandError, match="no trust"):
        call_command("school_start", "X", trust="none", head_email="a@example.org", head_name="A B")
    assert not School.objects.exists()
    assert not User.objects.exists()
