"""The queue and the decision page, through the browser's eyes."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AccountRequest
from accounts.services import requests
from approvals.models import ApprovalRequest, Decision
from smgov.testing import a_cit_trust, decide, submitted

pytestmark = pytest.mark.django_db


def page_of(request: ApprovalRequest) -> str:
    return reverse("approvals:request-detail", args=[request.uuid])


def signature(request: ApprovalRequest, user, **more) -> dict:
    """A filled-in decision form, as the page of this moment would send it."""
    step = request.steps.filter(status="current").first() or request.steps.last()
    return {
        "step": step.pk,
        "seen": request.rounds.last().hash,
        "outcome": "approved",
        "reasons": "",
        "typed_name": user.full_name,
        **more,
    }


def test_the_headteacher_signs_and_is_led_to_the_next_request(client: Client) -> None:
    cast = a_cit_trust()
    first, second = submitted(cast.alice, cast.hilltop), submitted(cast.alice, cast.hilltop, handle="@other")
    client.force_login(cast.bob)
    queue = client.get(reverse("approvals:request-list"))
    assert page_of(first) in queue.content.decode()
    answer = client.post(page_of(first), signature(first, cast.bob))
    assert (answer.status_code, answer["Location"]) == (302, page_of(second))
    answer = client.post(page_of(second), signature(second, cast.bob))
    assert answer["Location"] == reverse("approvals:request-list")


def test_one_page_holds_everything_that_a_signer_needs(client: Client) -> None:
    cast = a_cit_trust()
    request = submitted(cast.alice, cast.hilltop, aims="To show the allotment")
    decide(request, cast.bob, reasons="Fine with me")
    client.force_login(cast.cora)
    text = client.get(page_of(request)).content.decode()
    for wanted in (
        "To show the allotment",
        "Fine with me",
        "Bob Barnes",
        "Declaration",
        "Sign with your full name",
    ):
        assert wanted in text


def test_a_stranger_gets_404_and_a_colleague_who_is_no_signer_too(client: Client) -> None:
    cast = a_cit_trust()
    request = submitted(cast.alice, cast.hilltop)
    for user in (cast.eve, cast.dan):
        client.force_login(user)
        assert client.get(page_of(request)).status_code == 404
        assert client.post(page_of(request), signature(request, user)).status_code == 404
    assert not Decision.objects.exists()


def test_who_may_read_but_not_sign_is_refused_with_403(client: Client) -> None:
    cast = a_cit_trust()
    request = submitted(cast.alice, cast.hilltop)
    client.force_login(cast.cora)  # a leader reads it; the headteacher signs first
    assert client.get(page_of(request)).status_code == 200
    assert client.post(page_of(request), signature(request, cast.cora)).status_code == 403
    assert not Decision.objects.exists()


def test_the_requester_sees_their_request_and_is_told_why_they_cannot_sign(client: Client) -> None:
    cast = a_cit_trust()
    request = submitted(cast.bob, cast.hilltop)
    client.force_login(cast.bob)
    assert "You cannot sign this" in client.get(page_of(request)).content.decode()
    answer = client.post(page_of(request), signature(request, cast.bob))
    assert answer.status_code == 422
    assert not Decision.objects.exists()


def test_errors_keep_what_was_typed_and_stand_beside_their_fields(client: Client) -> None:
    cast = a_cit_trust()
    request = submitted(cast.alice, cast.hilltop)
    client.force_login(cast.bob)
    answer = client.post(page_of(request), signature(request, cast.bob, outcome="returned", typed_name="Bob"))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Say what you want to know" in text
    answer = client.post(
        page_of(request),
        signature(request, cast.bob, outcome="refused", reasons="My long reasons", typed_name="Bob"),
    )
    text = answer.content.decode()
    assert "Type your full name" in text
    assert "My long reasons" in text
    assert not Decision.objects.exists()


def test_a_double_click_signs_once(client: Client) -> None:
    cast = a_cit_trust()
    request = submitted(cast.alice, cast.hilltop)
    client.force_login(cast.bob)
    form = signature(request, cast.bob)
    assert client.post(page_of(request), form).status_code == 302
    assert client.post(page_of(request), form).status_code == 422
    assert Decision.objects.count() == 1


def test_forged_and_missing_hidden_fields_decide_nothing(client: Client) -> None:
    cast = a_cit_trust()
    request = submitted(cast.alice, cast.hilltop)
    client.force_login(cast.bob)
    for step in ("", "x", "٣", "9" * 40, "-1"):
        assert client.post(page_of(request), signature(request, cast.bob, step=step)).status_code == 422
    assert client.post(page_of(request), signature(request, cast.bob, seen="")).status_code == 422
    assert not Decision.objects.exists()


def test_what_changed_since_it_came_back_is_shown(client: Client) -> None:
    cast = a_cit_trust()
    request = submitted(cast.alice, cast.hilltop, engagement="Comments closed")
    decide(request, cast.bob, "returned", reasons="Why closed?")
    row = AccountRequest.objects.get(approval=request)
    requests.answers_save(actor=cast.alice, request=row, values={"engagement": "Comments open"}, people={})
    requests.request_send(actor=cast.alice, request=row)
    client.force_login(cast.bob)
    text = client.get(page_of(request)).content.decode()
    assert "What changed since it was sent back" in text
    assert "Comments closed" in text
    assert "Comments open" in text
    assert "Why closed?" in text


def test_what_i_signed_is_kept_in_its_own_list(client: Client) -> None:
    cast = a_cit_trust()
    request = submitted(cast.alice, cast.hilltop)
    decide(request, cast.bob)
    client.force_login(cast.bob)
    assert page_of(request) in client.get(reverse("approvals:request-list") + "?show=signed").content.decode()
    assert page_of(request) not in client.get(reverse("approvals:request-list")).content.decode()


def test_the_queue_needs_the_same_number_of_queries_for_two_and_for_twenty(
    client: Client, django_assert_max_num_queries
) -> None:
    cast = a_cit_trust()
    for number in range(20):
        submitted(cast.alice, cast.hilltop, handle=f"@h{number}")
    client.force_login(cast.bob)
    client.get(reverse("approvals:request-list"))
    with django_assert_max_num_queries(15):
        client.get(reverse("approvals:request-list"))
    with django_assert_max_num_queries(15):
        client.get(reverse("home"))
