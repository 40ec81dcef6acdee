"""Emergency access: told, ending, reading alone, and blind to what concerns whoever takes it."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.errors import Refused
from core.models import Notice
from core.notices import shown_to
from core.roles import Post, Role
from incidents.concerns.access import concern_rules
from incidents.concerns.services.chronology import note_add
from incidents.concerns.services.glass import glass_take, witnesses
from incidents.concerns.tests.cases import a_concern, a_concern_crew, by, more_people, read_by
from incidents.models import Category, Concern, Entry, EntryKind, GlassBreak, Status
from incidents.tests.cases import Crew, recorded, text_of
from people.models import Membership, User
from smgov.testing import a_person, give, sign_in_afresh

pytestmark = pytest.mark.django_db
WHY = "The DSL is in hospital"


@pytest.fixture
def crew() -> Crew:
    return a_concern_crew()


def again(user: User) -> User:
    """The same person, with nothing kept from before."""
    return User.objects.get(pk=user.pk)


def may(user: User, action: str, concern: Concern) -> bool:
    return concern_rules.allows(again(user), action, concern)


def told(kind: str = "incidents.glass") -> set[str]:
    """First names of those who were told."""
    return {one.recipient.full_name.split()[0] for one in Notice.objects.filter(kind=kind)}


def leave(user: User) -> None:
    """They hold no role any more."""
    Membership.objects.filter(user=user).update(ended_at=timezone.now())


def test_it_opens_reading_and_notes_and_nothing_else(crew: Crew) -> None:
    concern = a_concern(crew)
    assert not may(crew.bob, "view", concern)
    glass_take(actor=crew.bob, school=crew.school, reason=WHY)
    assert may(crew.bob, "view", concern)
    note_add(actor=again(crew.bob), concern=read_by(crew.dora, concern), text="I rang the parents")
    for action in ("handle", "road"):
        assert not may(crew.bob, action, concern)


def test_it_never_opens_what_concerns_whoever_takes_it(crew: Crew) -> None:
    concern = a_concern(crew, by(sort="head"), category=Category.HARASSMENT)
    glass_take(actor=crew.bob, school=crew.school, reason=WHY)
    assert not may(crew.bob, "view", concern)


def test_it_ends_by_itself(crew: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    concern = a_concern(crew)
    taken = glass_take(actor=crew.bob, school=crew.school, reason=WHY)
    assert taken.until - taken.at < timedelta(hours=4, minutes=1)
    assert may(crew.bob, "view", concern)
    monkeypatch.setattr(timezone, "now", lambda: taken.until + timedelta(seconds=1))
    assert not may(crew.bob, "view", concern)


def test_it_opens_one_school(crew: Crew) -> None:
    other = a_concern_crew()
    give(crew.bob, Role.HEADTEACHER, other.school)
    glass_take(actor=again(crew.bob), school=crew.school, reason=WHY)
    assert not may(crew.bob, "view", a_concern(other))


def test_it_is_gone_with_the_role(crew: Crew) -> None:
    concern = a_concern(crew)
    glass_take(actor=crew.bob, school=crew.school, reason=WHY)
    leave(crew.bob)
    assert not may(crew.bob, "view", concern)


@pytest.mark.parametrize("name", ["alice", "dan", "sue", "carl", "mark"])
def test_others_cannot_take_it(crew: Crew, name: str) -> None:
    user = getattr(crew, name)
    with pytest.raises(PermissionDenied):
        glass_take(actor=user, school=crew.school, reason=WHY)
    client = Client()
    client.force_login(user)
    assert client.get(reverse("incidents:glass-take")).status_code == 403


def test_nobody_takes_it_at_another_school_or_without_a_reason_or_twice(crew: Crew) -> None:
    other = a_concern_crew()
    with pytest.raises(PermissionDenied):
        glass_take(actor=crew.bob, school=other.school, reason=WHY)
    for reason in (" \n", "x" * 501):
        with pytest.raises(Refused):
            glass_take(actor=crew.bob, school=crew.school, reason=reason)
    glass_take(actor=crew.bob, school=crew.school, reason=WHY)
    with pytest.raises(Refused, match="already"):
        glass_take(actor=crew.bob, school=crew.school, reason=WHY)
    assert GlassBreak.objects.count() == 1
    assert recorded("incidents.glass_taken") == 1


def test_the_dsl_and_the_dpo_are_told_without_whoever_takes_it(crew: Crew) -> None:
    people = more_people(crew)
    glass_take(actor=crew.bob, school=crew.school, reason=WHY)
    assert told() == {"Dora", "Pia"}
    Notice.objects.all().delete()
    glass_take(actor=people["dpo"], school=crew.school, reason=WHY)
    assert told() == {"Dora"}


def test_where_neither_is_left_the_chair_is_told_then_the_executive_team(crew: Crew) -> None:
    assert [one.full_name for one in witnesses(crew.school, crew.dora)] == ["Gina Gold"]
    leave(crew.dora)
    assert [one.full_name for one in witnesses(crew.school, crew.bob)] == ["Gina Gold"]
    assert [one.full_name for one in witnesses(crew.school, crew.gina)] == ["Ella Tate"]


def test_whoever_is_told_may_open_what_they_are_told_of(crew: Crew) -> None:
    leave(crew.dora)
    leave(crew.gina)
    glass_take(actor=crew.bob, school=crew.school, reason=WHY)
    notices = Notice.objects.filter(recipient=crew.ella)
    assert shown_to(again(crew.ella), notices)
    client = Client()
    client.force_login(crew.ella)
    assert WHY in text_of(client.get(notices[0].link))


def test_the_first_reading_of_each_case_is_a_line_and_its_road_is_told(crew: Crew) -> None:
    concern = a_concern(crew)
    glass_take(actor=crew.bob, school=crew.school, reason=WHY)
    Notice.objects.all().delete()
    client = Client()
    client.force_login(crew.bob)
    url = reverse("incidents:case", args=[concern.uuid])
    for _ in range(2):
        assert client.get(url).status_code == 200
    assert list(Entry.objects.filter(kind=EntryKind.GLASS).values_list("by", flat=True)) == [crew.bob.pk]
    assert told() == {"Dora"}
    assert recorded("incidents.concern_read") == 2
    concern.refresh_from_db()
    assert concern.status == Status.UNREAD


def test_another_access_is_another_line(crew: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    concern = a_concern(crew)
    first = glass_take(actor=crew.bob, school=crew.school, reason=WHY)
    read_by(again(crew.bob), concern)
    later = first.until + timedelta(hours=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    glass_take(actor=again(crew.bob), school=crew.school, reason=WHY)
    read_by(again(crew.bob), concern)
    assert Entry.objects.filter(kind=EntryKind.GLASS).count() == 2


def test_whoever_reads_it_anyway_leaves_no_such_line(crew: Crew) -> None:
    concern = a_concern(crew)
    glass_take(actor=crew.dora, school=crew.school, reason=WHY)
    read_by(again(crew.dora), concern)
    assert not Entry.objects.filter(kind=EntryKind.GLASS).exists()


# The pages


def sent(client: Client, crew: Crew, **data: Any) -> Any:
    return client.post(
        reverse("incidents:glass-take"), {"school": str(crew.school.uuid), "reason": WHY, **data}
    )


def test_the_page_asks_for_the_password_and_keeps_the_reason(crew: Crew) -> None:
    client = Client()
    client.force_login(crew.bob)
    answer = sent(client, crew)
    assert answer.status_code == 422
    assert WHY in text_of(answer)
    assert "Enter your password" in text_of(answer)
    assert not GlassBreak.objects.exists()
    sign_in_afresh(client, crew.bob)
    assert sent(client, crew, reason="").status_code == 422
    assert sent(client, crew).status_code == 302
    page = text_of(client.get(reverse("incidents:glass-take")))
    assert "You have emergency access until" in page
    assert "Take emergency access" not in page


def test_the_list_is_for_those_who_keep_watch_and_of_their_school(crew: Crew) -> None:
    more_people(crew)
    other = a_concern_crew()
    glass_take(actor=crew.bob, school=crew.school, reason=WHY)
    client = Client()
    url = reverse("incidents:glass-list")
    for user, status in ((crew.dora, 200), (crew.gina, 200), (crew.bob, 403), (crew.alice, 403)):
        client.force_login(user)
        assert client.get(url).status_code == status
    client.force_login(crew.gina)
    assert WHY in text_of(client.get(url))
    client.force_login(other.dora)
    assert WHY not in text_of(client.get(url))


def test_the_pages_are_the_same_bytes_whether_something_is_hidden_or_not(crew: Crew) -> None:
    give(crew.bob, Role.GOVERNANCE, crew.school, post=Post.CHAIR)
    client = Client()

    def pages() -> list[bytes]:
        sign_in_afresh(client, crew.bob)
        found = []
        for name in ("glass-take", "glass-list", "concern-figures", "concern-figures-export", "duty-list"):
            answer = client.get(reverse(f"incidents:{name}"))
            found.append(
                b"\n".join(each for each in answer.content.splitlines() if b"csrfmiddlewaretoken" not in each)
            )
        return found

    glass_take(actor=again(crew.bob), school=crew.school, reason=WHY)
    before = pages()
    concern = a_concern(crew, by(sort="head"), category=Category.HARASSMENT)
    assert not may(crew.bob, "view", concern)
    assert pages() == before


def test_a_deputy_dsl_may_take_it_and_a_deputy_head_may_not(crew: Crew) -> None:
    deputy = more_people(crew)["deputy"]
    glass_take(actor=deputy, school=crew.school, reason=WHY)
    with pytest.raises(PermissionDenied):
        glass_take(
            actor=a_person("Dee Dove", Role.HEADTEACHER, crew.school, post=Post.DEPUTY),
            school=crew.school,
            reason=WHY,
        )
