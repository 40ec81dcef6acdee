"""Access is closed unless a rule opens it (design, section 3)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver, path
from django.utils import timezone

from approvals.access import approval_rules
from approvals.models import ApprovalStep
from core import access
from core.access import NOBODY, RULES, Rules, Standing, public, standing_of
from core.middleware import declared_access
from core.roles import Post, Role
from people.models import Membership, School, User
from people.standing import read_all
from smgov.testing import Cast, a_cit_trust, a_person, give, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return a_cit_trust()


@pytest.fixture
def make(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Rules]:
    """Rules about people's roles, apart from the portal's own."""
    monkeypatch.setattr(access, "RULES", {})

    def made(table: dict[str, tuple[str, ...]] | None = None, **more: Any) -> Rules:
        table = table or {
            "view": (Role.HEADTEACHER,),
            "edit": (f"{Role.GOVERNANCE}/{Post.CHAIR}",),
            "nobody": (),
        }
        return Rules(Membership, table, **more)

    return made


def superuser() -> User:
    return User.objects.create_superuser("root@hilltop.example.org", "Rita Root")


def of(user: User) -> Membership:
    return user.memberships.get()


# Closed by default


def test_an_action_without_roles_is_closed_to_everybody(cast: Cast, make: Callable) -> None:
    rules = make()
    for user in (*User.objects.all(), superuser(), AnonymousUser(), None):
        assert not rules.can_ever(user, "nobody")
        assert not rules.visible_to(user, "nobody").exists()
        assert not rules.allows_at(user, "nobody", cast.hilltop)


@pytest.mark.parametrize("who", ["bob", "eve", "superuser", "nobody", "anonymous"])
def test_an_unknown_action_is_a_mistake_of_the_programmer_whoever_asks(
    cast: Cast, make: Callable, who: str
) -> None:
    rules = make()
    user = {
        "superuser": superuser,
        "nobody": lambda: a_person("Nora None"),
        "anonymous": AnonymousUser,
    }.get(who, lambda: getattr(cast, who))()
    for ask in (
        lambda: rules.can_ever(user, "veiw"),
        lambda: rules.visible_to(user, "veiw"),
        lambda: rules.allows(user, "veiw", of(cast.alice)),
        lambda: rules.allows_at(user, "veiw", cast.hilltop),
        lambda: rules.require(user, "veiw", of(cast.alice)),
        lambda: rules.schools(user, "veiw"),
    ):
        with pytest.raises(KeyError, match="veiw"):
            ask()


def test_a_superuser_has_only_what_is_named(cast: Cast, make: Callable) -> None:
    root = superuser()
    assert not make().visible_to(root, "view").exists()
    rules = make(superuser=frozenset({"view"}))
    assert rules.visible_to(root, "view").count() == Membership.objects.count()
    assert rules.can_ever(root, "view")
    assert rules.allows_at(root, "view", cast.hilltop)
    assert not rules.can_ever(root, "edit")
    assert not rules.allows(root, "edit", of(cast.alice))


def test_in_the_portal_a_superuser_has_reference_data_and_nothing_of_the_schools_work(cast: Cast) -> None:
    root = superuser()
    for label, rules in RULES.items():
        for action in rules.table:
            if label.partition(".")[0] in ("approvals", "accounts", "consent", "posts", "incidents"):
                assert not rules.superuser, label
                assert not rules.visible_to(root, action).exists()
        assert rules.superuser <= set(rules.table), label


def test_a_superuser_who_is_deactivated_has_nothing(cast: Cast, make: Callable) -> None:
    root = superuser()
    root.is_active = False
    assert not make(superuser=frozenset({"view"})).visible_to(root, "view").exists()


# Roles and schools


def test_a_role_opens_the_rows_of_its_own_school(cast: Cast, make: Callable) -> None:
    rules = make()
    assert set(rules.visible_to(cast.bob, "view")) == set(Membership.objects.filter(school=cast.hilltop))
    assert rules.allows(cast.bob, "view", of(cast.alice))
    assert not rules.allows(cast.bob, "view", of(cast.eve))
    assert not rules.allows(cast.eve, "view", of(cast.alice))
    assert rules.schools(cast.bob, "view") == {cast.hilltop.pk}
    assert rules.allows_at(cast.bob, "view", cast.hilltop)
    assert not rules.allows_at(cast.bob, "view", cast.otherplace)


def test_a_post_narrows_a_role(cast: Cast, make: Callable) -> None:
    governor = a_person("Gus Green", Role.GOVERNANCE, cast.hilltop)
    rules = make()
    assert rules.can_ever(cast.chair, "edit")
    assert not rules.can_ever(governor, "edit")


def test_a_trust_wide_role_reaches_every_active_school_of_the_trust_and_no_other(
    cast: Cast, make: Callable
) -> None:
    outside = a_cit_trust()
    cast.otherplace.active = False
    cast.otherplace.save()
    rules = make({"view": (Role.HEAD_OF_COMMS,)})
    assert rules.schools(cast.cora, "view") == {cast.hub.pk, cast.hilltop.pk}
    assert outside.hilltop.pk not in rules.schools(cast.cora, "view")


@pytest.mark.parametrize(
    ("starts", "ends", "counts"),
    [(-5, None, True), (0, 0, True), (1, None, False), (-5, -1, False), (-5, 3, True)],
)
def test_a_role_counts_from_its_first_to_its_last_day(
    cast: Cast, make: Callable, starts: int, ends: int | None, counts: bool
) -> None:
    today = timezone.localdate()
    Membership.objects.filter(user=cast.bob).update(
        starts=today + timedelta(days=starts), ends=None if ends is None else today + timedelta(days=ends)
    )
    assert make().can_ever(cast.bob, "view") is counts


def test_an_ended_role_an_inactive_person_and_a_closed_school_open_nothing(
    cast: Cast, make: Callable
) -> None:
    rules = make()
    dina = a_person("Dina Dell", Role.HEADTEACHER, cast.otherplace)
    School.objects.filter(pk=cast.otherplace.pk).update(active=False)
    assert not rules.can_ever(dina, "view")
    Membership.objects.filter(user=cast.bob).update(ended_at=timezone.now())
    assert not rules.can_ever(cast.bob, "view")
    cast.chair.is_active = False
    assert not rules.can_ever(cast.chair, "edit")


def test_require_raises_and_says_nothing_of_the_row(cast: Cast, make: Callable) -> None:
    rules = make()
    rules.require(cast.bob, "view", of(cast.alice))
    rules.require_at(cast.bob, "view", cast.hilltop)
    with pytest.raises(PermissionDenied) as caught:
        rules.require(cast.eve, "view", of(cast.alice))
    assert "Alice" not in str(caught.value)
    with pytest.raises(PermissionDenied):
        rules.require_at(cast.bob, "view", cast.otherplace)


# By name


def test_rows_granted_by_name_are_added_and_need_a_standing(cast: Cast, make: Callable) -> None:
    def mine(user: Any, standing: Standing, action: str) -> Q | None:
        return Q(user=user) if action == "view" else None

    rules = make(by_name=mine)
    assert list(rules.visible_to(cast.alice, "view")) == [of(cast.alice)]
    assert rules.can_ever(cast.alice, "view")
    assert not rules.can_ever(cast.alice, "edit")
    assert of(cast.bob) in rules.visible_to(cast.bob, "view")
    assert of(cast.alice) in rules.visible_to(cast.bob, "view")
    Membership.objects.filter(user=cast.alice).update(ended_at=timezone.now())
    assert not rules.visible_to(cast.alice, "view").exists()
    assert not rules.can_ever(cast.alice, "view")


def test_a_model_may_reach_its_schools_by_another_road(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "RULES", {})
    rules = Rules(
        User, {"view": (Role.HEADTEACHER,)}, at_schools=lambda schools: Q(memberships__school__in=schools)
    )
    assert cast.alice in rules.visible_to(cast.bob)
    assert cast.eve not in rules.visible_to(cast.bob)


# Standing


def test_strangers_have_no_standing(cast: Cast) -> None:
    assert standing_of(None) == NOBODY
    assert standing_of(AnonymousUser()) == NOBODY
    assert not standing_of(a_person("Nora None")).held


def test_without_a_provider_nobody_has_a_standing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "_provider", None)
    assert standing_of(cast.bob) == NOBODY


def test_a_standing_says_what_is_held_where(cast: Cast) -> None:
    give(cast.bob, Role.GOVERNANCE, cast.otherplace, post=Post.CHAIR)
    standing = standing_of(cast.bob)
    assert standing.all_schools() == {cast.hilltop.pk, cast.otherplace.pk}
    assert standing.roles_at(cast.hilltop.pk) == {(Role.HEADTEACHER, "")}
    assert standing.schools([Role.GOVERNANCE]) == {cast.otherplace.pk}
    assert standing.schools([f"{Role.GOVERNANCE}/{Post.ELT}"]) == set()
    assert standing.schools([]) == set()


# Pages


def undeclared(request: Any) -> HttpResponse:
    """A page that forgot to say who may open it."""
    return HttpResponse("secret")


urlpatterns = [path("undeclared", undeclared), path("declared", public(lambda request: HttpResponse("open")))]


def test_a_page_that_declares_nothing_is_closed() -> None:
    assert declared_access(undeclared) is None
    assert declared_access(public(lambda request: None)) == "public"
    assert declared_access(undeclared, "administration") is None
    patterns = [p for p in get_resolver().url_patterns if getattr(p, "callback", None)]
    assert all(declared_access(p.callback) for p in patterns)


def test_it_answers_403_even_to_a_superuser(settings: Any, client: Client) -> None:
    settings.ROOT_URLCONF = __name__
    client.force_login(superuser())
    client.raise_request_exception = False
    assert client.get("/declared").status_code == 200
    assert b"secret" not in client.get("/undeclared").content


def test_a_request_builds_a_rule_once_and_reads_its_rows_each_time(cast: Cast) -> None:
    """What is kept beside the standing are conditions: a row that comes later is seen, one that goes is not."""
    read_all(cast.bob).keep(cast.bob)
    before = approval_rules.visible_to(cast.bob).count()
    approval = submitted(cast.alice, cast.hilltop)
    assert approval_rules.visible_to(cast.bob).count() == before + 1
    assert list(approval_rules.visible_to(cast.bob)) == list(approval_rules.visible_to(cast.bob))
    ApprovalStep.objects.filter(request=approval).update(status="approved")
    assert not approval_rules.visible_to(cast.bob, "decide").exists()
