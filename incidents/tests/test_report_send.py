"""Sending a report: who hears of it, who never does, what is refused."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from core.errors import Refused
from core.models import AuditEvent, Notice
from core.notices import shown_to
from core.roles import Post, Role
from incidents.access import matter_rules
from incidents.models import Matter
from incidents.services.sending import roads_mend
from incidents.tests.cases import a_crew, a_report, an_image, recorded, whom
from people.models import User
from smgov.testing import a_person, a_school, give

pytestmark = pytest.mark.django_db


@pytest.fixture
def crew():
    return a_crew()


def readers(crew, matter: Matter) -> set[User]:
    return {user for user in crew.everybody() if matter_rules.allows(user, "read", matter)}


def told() -> set[User]:
    return {notice.recipient for notice in Notice.objects.all()}


@pytest.mark.clause("STM-14.01", "STM-9.05", "CIT-9.04")
def test_a_member_of_staff_reports_and_technicians_and_the_dsl_hear_at_once(crew) -> None:
    matter = a_report(crew)
    assert matter.reporter == crew.alice
    assert readers(crew, matter) == told() == {crew.dan, crew.ivy, crew.dora}
    assert recorded("incidents.report_sent") == 1


@pytest.mark.clause("STM-6.09", "CIT-6.09")
def test_a_contributor_and_every_employed_person_may_report(crew) -> None:
    for user in crew.everybody():
        if user == crew.gina:
            continue
        assert a_report(crew, user).reporter == user


def test_a_governor_and_people_of_other_schools_may_not(crew) -> None:
    stranger = a_person("Eve Earl", Role.STAFF, a_school())
    for user in (crew.gina, stranger, User.objects.create_superuser("root@hilltop.example.org", "Root")):
        with pytest.raises(PermissionDenied):
            a_report(crew, user)
    assert not Matter.objects.exists()


@pytest.mark.clause("STM-14.02")
def test_a_report_about_a_pupil_goes_to_the_dsl_alone(crew) -> None:
    matter = a_report(crew, who=whom("pupil", "Kit, 9B"))
    assert readers(crew, matter) == told() == {crew.dora}


def test_a_report_about_a_colleague_goes_by_the_staff_road(crew) -> None:
    matter = a_report(crew, who=whom("staff", person=crew.mark))
    assert readers(crew, matter) == told() == {crew.bob}
    assert not matter_rules.allows(crew.mark, "view", matter)


@pytest.mark.parametrize(
    "who",
    [
        lambda crew: whom("head"),
        lambda crew: whom("staff", person=crew.bob),
        lambda crew: whom("other", "  BOB   barnes "),
    ],
    ids=["chosen", "by their person", "by their name"],
)
def test_however_the_headteacher_is_named_the_chair_hears_it_and_the_headteacher_never(crew, who) -> None:
    matter = a_report(crew, who=who(crew))
    assert readers(crew, matter) == told() == {crew.gina}
    for action in ("view", "read", "deal", "hand_over", "block", "own"):
        assert not matter_rules.allows(crew.bob, action, matter)


def test_a_pupil_with_the_name_of_a_colleague_reaches_the_dsl_too(crew) -> None:
    matter = a_report(crew, who=whom("pupil", "Bob Barnes"))
    assert readers(crew, matter) == {crew.dora, crew.gina}


def test_a_pupil_with_the_name_of_the_dsl_still_goes_by_a_road_without_them(crew) -> None:
    matter = a_report(crew, who=whom("pupil", "Dora Dean"))
    assert readers(crew, matter) == {crew.bob, crew.gina}, "the chair in the place of the DSL"


def test_every_head_of_a_school_is_named_where_the_headteacher_is(crew) -> None:
    second = a_person("Hal Hill", Role.HEADTEACHER, crew.school)
    matter = a_report(crew, who=whom("head"))
    assert {row.user for row in matter.named.all()} == {crew.bob, second}
    assert matter_rules.visible_to(second).count() == 0


def test_whoever_is_named_stays_out_whatever_role_they_get_later(crew) -> None:
    matter = a_report(crew, who=whom("staff", person=crew.mark))
    for role, post in ((Role.HEADTEACHER, ""), (Role.DSL, ""), (Role.GOVERNANCE, Post.CHAIR)):
        give(crew.mark, role, crew.school, post=post)
    assert not matter_rules.allows(crew.mark, "view", matter)


def test_a_named_recipient_leaves_the_others_on_the_road(crew) -> None:
    matter = a_report(crew, who=whom("other", "Dan Dale"))
    assert readers(crew, matter) == {crew.bob}, "a colleague's name means the colleague"


def test_when_everybody_on_the_road_is_named_the_chair_hears_then_the_executive_team(crew) -> None:
    school = a_crew(staff_concern_recipient=["dsl"])
    matter = a_report(school, who=whom("staff", person=school.dora))
    assert readers(school, matter) == {school.gina}
    school = a_crew(staff_concern_recipient=["governance/chair"])
    matter = a_report(school, who=whom("staff", person=school.gina))
    assert readers(school, matter) == {school.ella}


def test_when_nobody_is_left_it_is_stored_and_nobody_reads_it(crew) -> None:
    school = a_crew(staff_concern_recipient=["governance/chair"])
    User.objects.filter(pk=school.ella.pk).update(is_active=False)
    matter = a_report(school, who=whom("staff", person=school.gina))
    assert not matter.has_road
    assert readers(school, matter) == set()
    assert told() == set()
    assert matter_rules.allows(school.alice, "own", matter)


def test_a_deputy_by_post_or_by_appointment_never_inherits(crew) -> None:
    from people.models import Deputy

    under = a_person("Una Under", Role.HEADTEACHER, crew.school, post=Post.DEPUTY)
    today = timezone.localdate()
    Deputy.objects.create(
        school=crew.school,
        person=crew.bob,
        deputy=crew.sue,
        starts=today,
        ends=today,
        reason="Ill",
        appointed_by=crew.bob,
    )
    matter = a_report(crew, who=whom("staff", person=crew.mark))
    for user in (under, crew.sue):
        assert not matter_rules.allows(user, "view", matter)


def test_a_superuser_sees_nothing_of_it(crew) -> None:
    matter = a_report(crew, who=whom("staff", person=crew.mark))
    root = User.objects.create_superuser("root@hilltop.example.org", "Root")
    assert not matter_rules.allows(root, "view", matter)
    User.objects.filter(pk=crew.sue.pk).update(is_superuser=True)
    assert not matter_rules.allows(User.objects.get(pk=crew.sue.pk), "view", matter)


def test_a_recipient_who_leaves_the_role_reads_it_no_more_and_their_successor_does(crew) -> None:
    matter = a_report(crew, who=whom("pupil", "Kit"))
    crew.dora.memberships.update(ended_at=timezone.now())
    assert not matter_rules.allows(User.objects.get(pk=crew.dora.pk), "view", matter)
    give(crew.sue, Role.DSL, crew.school)
    assert matter_rules.allows(User.objects.get(pk=crew.sue.pk), "read", matter)


def test_a_recipient_who_reports_hears_nothing_of_their_own(crew) -> None:
    a_report(crew, crew.dora)
    assert told() == {crew.dan, crew.ivy}


@pytest.mark.parametrize(
    ("who", "title"),
    [
        ("unknown", "Reports of inappropriate content"),
        ("staff", "Concern about a member of staff"),
        ("head", "Concern about the headteacher"),
    ],
)
def test_a_road_that_is_not_chosen_says_what_to_do_and_stores_nothing(who, title) -> None:
    crew = a_crew(content_report_recipient=None, staff_concern_recipient=None, head_concern_recipient=None)
    with pytest.raises(Refused) as refusal:
        a_report(crew, who=whom(who, person=crew.mark))
    assert title in refusal.value.message
    assert "in person now" in refusal.value.message
    assert "headteacher or" not in refusal.value.message.lower().replace(title.lower(), "")
    assert not Matter.objects.exists()
    assert not AuditEvent.objects.filter(action__startswith="incidents").exists()


@pytest.mark.clause("STM-14.03", "STM-14.04", "STM-14.05")
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"nature": "image"}, "nature"),
        ({"nature": "nonsense"}, "nature"),
        ({"addresses": "www.no-scheme.example"}, "addresses"),
        ({"addresses": ""}, "addresses"),
        ({"words": "  "}, "words"),
        ({"seen_on": timezone.localdate() + timedelta(days=1)}, "seen_on"),
        ({"seen_on": timezone.localdate() - timedelta(days=400)}, "seen_on"),
        ({"who": whom("nonsense")}, "about"),
        ({"who": whom("pupil", " ")}, "pupil"),
        ({"who": whom("other", "")}, "other"),
        ({"who": whom("staff")}, "person"),
    ],
)
def test_what_is_wrong_is_refused_and_not_stored(crew, changes, field) -> None:
    with pytest.raises(Refused) as refusal:
        a_report(crew, **changes)
    assert refusal.value.field == field
    assert not Matter.objects.exists()


def test_somebody_of_another_school_cannot_be_named_by_choice(crew) -> None:
    stranger = a_person("Eve Earl", Role.STAFF, a_school())
    with pytest.raises(Refused):
        a_report(crew, who=whom("staff", person=stranger))


def test_the_same_page_sent_twice_is_one_report_with_one_notice_each(crew) -> None:
    once = uuid4()
    first, second = a_report(crew, once=once), a_report(crew, once=once)
    assert first == second
    assert Notice.objects.count() == 3
    assert recorded("incidents.report_sent") == 1


def test_the_page_of_somebody_else_cannot_be_sent(crew) -> None:
    once = uuid4()
    a_report(crew, once=once)
    with pytest.raises(Refused):
        a_report(crew, crew.mark, once=once)
    assert Matter.objects.count() == 1


def test_addresses_are_kept_as_typed_with_all_that_follows_the_site(crew) -> None:
    typed = "https://www.bad.example/a?b=c&d=%20e#f\nhttp://xn--bcher-kva.example/"
    assert a_report(crew, addresses=typed).content.addresses == typed


def test_neither_notice_nor_name_of_a_report_gives_anything_away(crew) -> None:
    matter = a_report(crew, who=whom("pupil", "Kit of 9B"), words="Secret words")
    assert str(matter) == f"Report of {timezone.localdate().day} {timezone.localdate():%B %Y}"
    notice = shown_to(crew.dora, Notice.objects.filter(recipient=crew.dora))[0]
    assert notice.about == ""
    events = str(list(AuditEvent.objects.values_list("data", flat=True)))
    assert "Kit" not in events
    assert "Secret" not in events


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ("other", "Mr Barnes"),
        ("other", "barnes, I think"),
        ("other", "Bob BARNES’s screen"),
        ("other", "Mr Barnes' laptop"),
        ("other", "the headteacher"),
        ("pupil", "Mr. Barnes"),
        ("pupil", "Kit and Mr Bob Barnes"),
        ("pupil", "Kit, with Mr B. Barnes"),
    ],
)
def test_a_last_name_is_enough_to_keep_a_report_from_the_person(about: str, words: str) -> None:
    crew = a_crew()
    matter = a_report(crew, who=whom(about, words))
    assert list(matter.named.values_list("user", flat=True)) == [crew.bob.pk]
    assert not matter_rules.visible_to(crew.bob, "view").exists()
    assert not Notice.objects.filter(recipient=crew.bob).exists()


def test_a_pupil_with_the_last_name_of_the_dsl_is_a_pupil() -> None:
    crew = a_crew()
    matter = a_report(crew, who=whom("pupil", "Lou Dean of 7C"))
    assert not matter.named.exists()
    assert matter_rules.visible_to(crew.dora, "read").filter(pk=matter.pk).exists()


@pytest.mark.parametrize(
    "words", ["9B, Mrs Dean's class", "Sam in Mrs Dean’s tutor group", "Mrs Dean", "Lou Dean"]
)
def test_what_is_about_a_pupil_reaches_the_dsl_whatever_name_stands_beside_it(words: str) -> None:
    crew = a_crew()
    for matter in (a_report(crew, who=whom("pupil", words)), an_image(crew, who=whom("pupil", words))):
        assert matter_rules.visible_to(crew.dora, "read").filter(pk=matter.pk).exists()
        assert Notice.objects.filter(recipient=crew.dora, key=str(matter.pk)).exists()


@pytest.mark.parametrize("words", ["the DSL", "Dora Dean", "Mrs Dean"])
def test_a_report_about_the_dsl_in_other_words_goes_past_them(words: str) -> None:
    crew = a_crew()
    assert not matter_rules.visible_to(crew.dora, "view").exists()
    an_image(crew, who=whom("other", words))
    assert not matter_rules.visible_to(crew.dora, "view").exists()
    assert not Notice.objects.filter(recipient=crew.dora).exists()


def test_a_suspended_headteacher_is_named_all_the_same() -> None:
    crew = a_crew()
    User.objects.filter(pk=crew.bob.pk).update(is_active=False)
    a_report(crew, who=whom("head"))
    a_report(crew, who=whom("other", "Bob Barnes"))
    User.objects.filter(pk=crew.bob.pk).update(is_active=True)
    assert not matter_rules.visible_to(User.objects.get(pk=crew.bob.pk), "view").exists()


def test_each_person_has_a_road_of_their_own_and_an_empty_one_goes_on() -> None:
    crew = a_crew()
    crew.gina.memberships.update(ended_at=timezone.now())
    matter = an_image(crew, who=whom("head"))
    assert matter_rules.visible_to(crew.dora, "read").filter(pk=matter.pk).exists()
    assert matter_rules.visible_to(crew.ella, "read").filter(pk=matter.pk).exists()


def test_a_report_that_nobody_is_left_to_read_goes_to_the_next_and_never_to_its_subject() -> None:
    crew = a_crew()
    matter = a_report(crew, who=whom("staff", person=crew.mark))
    assert roads_mend() == 0
    crew.bob.memberships.update(ended_at=timezone.now())
    give(crew.mark, Role.HEADTEACHER, crew.school)
    assert not matter_rules.visible_to(crew.mark, "view").exists()
    assert roads_mend() == 1
    assert roads_mend() == 0
    assert matter_rules.visible_to(crew.gina, "read").filter(pk=matter.pk).exists()
    assert Notice.objects.filter(recipient=crew.gina, kind="incidents.report").exists()
    assert not matter_rules.visible_to(crew.mark, "view").exists()


def test_what_was_changed_on_a_page_that_was_sent_is_a_report_of_its_own() -> None:
    crew, once = a_crew(), uuid4()
    first = a_report(crew, once=once)
    assert a_report(crew, once=once).pk == first.pk
    second = a_report(crew, once=once, words="Something else")
    third = an_image(crew, once=once)
    assert len({first.pk, second.pk, third.pk}) == 3


def test_a_school_that_has_not_chosen_sends_nobody_to_a_dsl_whom_it_is_about() -> None:
    crew = a_crew(head_concern_recipient=None)
    crew.dora.memberships.update(ended_at=timezone.now())
    give(crew.bob, Role.DSL, crew.school)
    with pytest.raises(Refused, match="chair of trustees"):
        a_report(crew, who=whom("head"))
