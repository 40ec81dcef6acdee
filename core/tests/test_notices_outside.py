"""Writing to somebody without an account: once, with the same guarantees, and never shown in the portal."""

from types import SimpleNamespace

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from core import notices
from core.models import Notice
from core.notices import NoticeKind, notify_outside, send_due
from people.models import School

pytestmark = pytest.mark.django_db
ADDRESS = "desk@provider.example"


@pytest.fixture
def school(monkeypatch) -> School:
    """A row to write about, and a kind whose link holds as long as `holds` says so."""
    monkeypatch.setitem(
        notices.KINDS,
        "test.outside",
        NoticeKind(
            "A subject",
            "A text.",
            own_link=lambda notice: "https://portal.example/secret",
            may_receive=lambda user, key: user is None and STATE.holds,
        ),
    )
    STATE.holds = True
    return School.objects.create(name="A school", slug="a-school")


STATE = SimpleNamespace(holds=True)


def test_it_is_mailed_once_to_the_address_with_its_own_link(school):
    for _ in range(3):
        notify_outside("test.outside", address=ADDRESS, about=school, key="1")
    assert send_due() == 1
    assert send_due() == 0
    (message,) = mail.outbox
    assert message.to == [ADDRESS]
    assert "https://portal.example/secret" in message.body
    assert "Sign in" not in message.body


def test_it_is_dropped_when_the_link_no_longer_holds(school):
    notify_outside("test.outside", address=ADDRESS, about=school, key="1")
    STATE.holds = False
    assert send_due() == 0
    assert Notice.objects.get().dropped_at


def test_a_kind_without_a_link_of_its_own_cannot_be_sent_outside(school):
    kind = next(name for name, one in notices.KINDS.items() if one.own_link is None)
    with pytest.raises(KeyError, match="no link"):
        notify_outside(kind, address=ADDRESS, about=school, key="1")


@pytest.mark.parametrize("address", ["", ADDRESS])
def test_a_notice_is_for_a_person_or_for_an_address(school, address, django_user_model):
    person = django_user_model.objects.create_user("a@b.example", "A B") if address else None
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.create(
            kind="test.outside",
            key="2",
            recipient=person,
            address=address,
            subject="x:1",
            link="",
            created_at=timezone.now(),
            message_id="<1@x>",
        )
