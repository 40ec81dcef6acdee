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
from smgov.testing import Cast, a_cit_trust, a_person, a_school

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
    assert [one for one in for_user(office) if one.title == f"Tell people: {notice.subject}"]
    assert not [one for one in for_user(cast.alice) if one.title.startswith("Tell people")]


def test_a_notice_that_is_not_needed_is_put_aside_with_a_reason(cast) -> None:
    notice = made(cast.bob, cast.hilltop)
    with pytest.raises(Refused):
        notice_drop(actor=cast.bob, notice=notice, reason=" ")
    notice_drop(actor=cast.bob, notice=notice, reason="Only spelling was changed")
    assert not [one for one in for_user(cast.bob) if one.title.startswith("Tell people")]


def test_the_same_page_sent_twice_makes_one(cast) -> None:
    once = uuid.uuid4()
    assert made(cast.bob, cast.hilltop, once=once) == made(cast.bob, cast.hilltop, once=once)
    for wrong in ({"topic": "x"}, {"audience": "everybody"}):
        with pytest.raises(Refused):
            made(cast.bob, cast.hilltop, **wrong)


def test_a_change_of_the_trusts_policy_is_told_by_its_central_team_and_seen_at_its_schools(cast) -> None:
    row = a_document(cast.cora, cast.hub, "Trust policy", for_trust=True)
    ratified(cast.elt, a_draft(cast.cora, row))
    notice = CommunityNotice.objects.get(audience="parents")
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
