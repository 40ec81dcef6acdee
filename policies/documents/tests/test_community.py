"""Notices for pupils, parents and staff: suggested, finished by a person, recorded as sent, never rewritten."""

import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from core.errors import Refused, Stale
from core.roles import Role
from core.todo import for_user
from policies.documents.access import notice_rules
from policies.documents.community import (
    mark_of,
    notice_drop,
    notice_edit,
    notice_make,
    notice_sent,
)
from policies.documents.suggested import GAP, Words
from policies.documents.tests.cases import a_document, a_draft, days, ratified, recorded, today
from policies.models import CommunityNotice
from smgov.testing import Cast, a_cit_trust, a_person, a_school, choose

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    """The trust of the suite."""
    return a_cit_trust()


def made(actor: Any, school: Any, topic: str = "filtering", audience: str = "parents", **more: Any):
    """A notice made by hand."""
    more.setdefault("once", uuid.uuid4())
    return notice_make(actor=actor, school=school, topic=topic, audience=audience, **more)


def finished(actor: Any, notice: CommunityNotice, text: str = "We filter with a system called Wall."):
    """Its words without a gap."""
    words = Words(notice.subject or "A subject", text)
    return notice_edit(actor=actor, notice=notice, words=words, seen=mark_of(notice))


def sent(actor: Any, notice: CommunityNotice, **more: Any):
    """Recorded as sent today by letter."""
    values = {"sent_on": today(), "channel": "letter", "seen": mark_of(notice), **more}
    return notice_sent(actor=actor, notice=notice, **values)


@pytest.mark.clause("STM-8.11")
def test_parents_are_told_what_filters_and_what_is_blocked() -> None:
    school = a_school(preset="st-marys")
    notice = made(a_person("Hugh Head", Role.HEADTEACHER, school), school)
    assert "filter and monitor" in notice.text
    assert "facebook.com" in notice.text
    assert GAP in notice.text, "which systems are used is not known to the portal"


@pytest.mark.clause("STM-8.12", "STM-8.13")
@pytest.mark.parametrize("topic", ["platforms", "people"])
def test_parents_are_told_what_is_done_online_and_with_whom_as_far_as_it_is_public(topic: str) -> None:
    school = a_school(preset="st-marys", publish_register=True)
    head = a_person("Hugh Head", Role.HEADTEACHER, school)
    notice = made(head, school, topic)
    assert GAP in notice.text
    assert "Hugh Head" not in notice.text


@pytest.mark.clause("BEC-4.39", "BEC-6.07")
def test_parents_are_told_of_the_policy_and_what_follows_when_it_is_broken() -> None:
    school = a_school(preset="beckstone")
    head = a_person("Hugh Head", Role.HEADTEACHER, school)
    row = a_document(head, school)
    notice = made(head, school, "policy", version=row.versions.get())
    assert "suspen" in notice.text.lower()
    assert "blocked on the school’s network" in notice.text
    assert row.title in notice.text


@pytest.mark.clause("CIT-12.03", "STM-12.03")
def test_it_is_recorded_as_sent_once_and_never_rewritten(cast) -> None:
    notice = made(cast.bob, cast.hilltop)
    with pytest.raises(Refused, match="square brackets"):
        sent(cast.bob, notice)
    notice = finished(cast.bob, notice)
    sent(cast.bob, notice, note="To all families")
    sent(cast.bob, notice, note="To all  families")  # the same page sent twice
    notice.refresh_from_db()
    assert (notice.sent_on, notice.sent_by, notice.channel) == (today(), cast.bob, "letter")
    for act in (
        lambda: finished(cast.bob, notice, "Other words"),
        lambda: sent(cast.bob, notice),
        lambda: notice_drop(actor=cast.bob, notice=notice, reason="No"),
    ):
        with pytest.raises(Refused, match="does not change any more"):
            act()
    assert recorded("policies.notice_sent") == 1


def test_the_day_and_the_words_that_were_sent_must_be_the_right_ones(cast) -> None:
    notice = finished(cast.bob, made(cast.bob, cast.hilltop))
    seen = mark_of(notice)
    for wrong in ({"sent_on": days(1)}, {"sent_on": days(-400)}, {"channel": "dove"}, {"note": "x" * 301}):
        with pytest.raises(Refused):
            sent(cast.bob, notice, **wrong)
    notice = finished(cast.cora, notice, "Others have changed them.")
    with pytest.raises(Stale):
        sent(cast.bob, notice, seen=seen)
    with pytest.raises(Stale):
        notice_edit(actor=cast.bob, notice=notice, words=Words("A", "B"), seen=seen)


def test_who_makes_and_sends(cast) -> None:
    office = a_person("Olga Oak", Role.OFFICE, cast.hilltop)
    notice = made(office, cast.hilltop)
    for user in (cast.alice, cast.dan, cast.eve, cast.chair):
        with pytest.raises(PermissionDenied):
            made(user, cast.hilltop)
        with pytest.raises(PermissionDenied):
            finished(user, notice)
    assert notice_rules.allows(cast.chair, "view", notice)
    assert not notice_rules.allows(cast.alice, "view", notice)
    assert not notice_rules.allows(cast.eve, "view", notice)
    assert [
        one
        for one in for_user(office)
        if one.title == f"Tell {notice.get_audience_display().lower()}: {notice.subject}"
    ]
    assert not [one for one in for_user(cast.alice) if one.title.startswith("Tell ")]


def test_many_notices_of_a_school_are_one_line(cast) -> None:
    for _ in range(4):
        made(cast.bob, cast.hilltop)
    found = [one for one in for_user(cast.bob) if one.name.startswith("tell")]
    assert [one.title for one in found] == ["Notices to send to parents, pupils or staff: 4"]
    assert found[0].url == f"/policies/notices/?state=open&school={cast.hilltop.uuid}"


def test_a_notice_that_is_not_needed_is_put_aside_with_a_reason(cast) -> None:
    notice = made(cast.bob, cast.hilltop)
    with pytest.raises(Refused):
        notice_drop(actor=cast.bob, notice=notice, reason=" ")
    notice_drop(actor=cast.bob, notice=notice, reason="Only spelling was changed")
    assert not [one for one in for_user(cast.bob) if one.title.startswith("Tell ")]


def test_the_same_page_sent_twice_makes_one(cast) -> None:
    once = uuid.uuid4()
    assert made(cast.bob, cast.hilltop, once=once) == made(cast.bob, cast.hilltop, once=once)
    for wrong in ({"topic": "x"}, {"audience": "everybody"}):
        with pytest.raises(Refused):
            made(cast.bob, cast.hilltop, **wrong)


def test_a_change_of_the_trusts_policy_is_told_by_its_central_team_and_seen_at_its_schools(cast) -> None:
    row = a_document(cast.cora, cast.hub, "Trust policy", for_trust=True)
    ratified(cast.elt, a_draft(cast.cora, row))
    notice = CommunityNotice.objects.get(audience="parents", school=cast.hub)
    assert notice.school == cast.hub
    assert notice_rules.allows(cast.bob, "view", notice)
    assert not notice_rules.allows(cast.bob, "send", notice)
    assert notice_rules.allows(cast.cora, "send", notice)


def test_a_notice_about_a_draft_or_a_foreign_document_is_refused(cast) -> None:
    draft = a_draft(cast.bob, a_document(cast.bob, cast.hilltop))
    with pytest.raises(Refused, match="in force"):
        made(cast.bob, cast.hilltop, "policy", version=draft)
    foreign = a_document(a_person("Hugh Head", Role.HEADTEACHER, cast.otherplace), cast.otherplace)
    with pytest.raises(Refused, match="in force"):
        made(cast.bob, cast.hilltop, "policy", version=foreign.versions.get())


@pytest.mark.clause("CIT-12.03")
def test_a_document_of_the_trust_is_told_at_each_active_school_by_its_own_settings(cast: Cast) -> None:
    hub = cast.hub
    head = a_person("Saoirse Sea", Role.HEADTEACHER, hub)
    closed = a_school("Closed", trust=cast.trust)
    closed.active = False
    closed.save()
    choose(cast.otherplace.profile, change_notice_audiences=["parents"])
    row = a_document(head, hub, for_trust=True)
    first = ratified(head, a_draft(head, row))
    made_at = CommunityNotice.objects.filter(version=first).values_list("school__name", "audience")
    at = {name: {audience for place, audience in made_at if place == name} for name, _ in made_at}
    assert at[cast.hilltop.name] == {"staff", "pupils", "parents"}
    assert at[cast.otherplace.name] == {"parents"}
    assert closed.name not in at
    mine = CommunityNotice.objects.get(school=cast.hilltop, audience="parents")
    assert cast.hilltop.name in mine.text
    assert notice_rules.allows(cast.bob, "send", mine)
    theirs = CommunityNotice.objects.get(school=cast.otherplace)
    assert not notice_rules.allows(cast.bob, "view", theirs)
    assert notice_rules.allows(cast.bob, "view", CommunityNotice.objects.filter(school=hub).first())


@pytest.mark.clause("CIT-12.03")
def test_what_was_not_sent_of_a_version_is_put_aside_when_the_next_comes_into_force(cast: Cast) -> None:
    row = a_document(cast.bob, cast.hilltop)
    first = ratified(cast.bob, a_draft(cast.bob, row))
    kept = CommunityNotice.objects.get(version=first, audience="parents")
    sent(cast.bob, finished(cast.bob, kept, "It is new."))
    second = ratified(cast.bob, a_draft(cast.bob, row, "Again other words."))
    gone = CommunityNotice.objects.filter(version=first, dropped_at__isnull=False)
    assert {one.audience for one in gone} == {"staff", "pupils"}
    assert {one.dropped_because for one in gone} == {"A newer version is in force"}
    assert CommunityNotice.objects.filter(version=second, dropped_at=None).count() == 3
