"""The rules of accounts: `until`, inactive people, roles that ended, and who may post."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.access import account_rules
from accounts.tests.register.cases import an_account
from core.roles import Post, Role
from smgov.testing import a_cit_trust, a_person, a_school, give

pytestmark = pytest.mark.django_db


@pytest.fixture
def school():
    return a_school(preset="ravens-wood")


@pytest.fixture
def vera(school):
    return a_person("Vera Vole", Role.CONTRIBUTOR, school)


def seen(user, action: str = "view") -> set[str]:
    return set(account_rules.visible_to(user, action).values_list("name", flat=True))


@pytest.mark.clause("RAV-3.11", "STM-3.09")
def test_a_contributor_sees_what_they_hold_a_right_on_until_its_last_day(school, vera) -> None:
    today = timezone.localdate()
    for name, until in {"no end": None, "today": today, "yesterday": today - timedelta(days=1)}.items():
        an_account(school, vera, name, posters=[vera], until=until)
    an_account(school, vera, "none")
    assert seen(vera) == seen(vera, "post") == {"no end", "today"}


def test_an_inactive_person_sees_nothing(school, vera) -> None:
    an_account(school, vera, posters=[vera])
    vera.is_active = False
    vera.save()
    assert seen(vera) == set()
    assert not account_rules.can_ever(vera, "view")


def test_a_right_counts_only_where_a_role_is_left(school, vera) -> None:
    """Access ends at midnight of the last day, before the sweep has ended the right."""
    an_account(school, vera, "here", administrators=[vera], posters=[vera])
    elsewhere = a_school(preset="ravens-wood")
    give(vera, Role.CONTRIBUTOR, elsewhere)
    an_account(elsewhere, vera, "there", posters=[vera])
    vera.memberships.filter(school=school).update(ends=timezone.localdate() - timedelta(days=1))
    for action in ("view", "post"):
        assert seen(vera, action) == {"there"}
    assert seen(vera, "ask_rights") == set()


@pytest.mark.clause("CIT-3.10", "STM-3.10", "CIT-3.19")
def test_only_people_with_the_right_may_post_whatever_their_role(school) -> None:
    cast = a_cit_trust()
    an_account(
        cast.hilltop, cast.bob, "Choir", lead=cast.dan, administrators=[cast.alice], moderators=[cast.bob]
    )
    assert seen(cast.alice, "post") == {"Choir"}
    for user in (cast.bob, cast.cora, cast.dan, cast.elt, cast.chair):
        assert seen(user, "post") == set()


@pytest.mark.clause("STM-3.09", "STM-3.17")
def test_an_administrator_from_outside_does_not_post_unless_that_right_was_given_too(school, vera) -> None:
    an_account(school, vera, "administers", administrators=[vera])
    an_account(school, vera, "both", administrators=[vera], posters=[vera])
    assert seen(vera, "post") == {"both"}
    assert seen(vera, "ask_rights") == {"administers", "both"}


def test_a_deputy_headteacher_is_staff_who_reads_the_register_and_posts_as_administrator(school) -> None:
    dee = a_person("Dee Deputy", Role.HEADTEACHER, school, post=Post.DEPUTY)
    an_account(school, dee, "hers", administrators=[dee])
    an_account(school, dee, "other")
    assert seen(dee) == {"hers", "other"}
    assert seen(dee, "post") == {"hers"}
    assert seen(dee, "close") == set()


def test_a_superuser_without_a_role_sees_no_account(school, vera) -> None:
    an_account(school, vera, posters=[vera])
    vera.is_superuser = True
    vera.save()
    vera.memberships.update(ended_at=timezone.now())
    assert seen(vera) == set()
