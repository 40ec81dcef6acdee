"""Hostile text through every text field of the request pages: no server error, nothing changed on the page."""

import json

import pytest
from django.conf import settings

from accounts.models import AccountRequest
from accounts.tests.request.conftest import fresh, url
from core.tests.markup import HOSTILE, skeleton
from smgov.testing import a_draft, submitted

LIST = settings.BASE_DIR.parent / "shared" / "data" / "naughty-strings" / "blns.json"
NAUGHTY = json.loads(LIST.read_text(encoding="utf-8")) if LIST.exists() else []
MORE = [*HOSTILE, "\x00", "a\x00b", "\ud7ff\ufffd", "\r\n\r\nBcc: x@example.org", "%s%n%(x)s", "x" * 100_000]
QUICK = [*MORE, *NAUGHTY[::24]]
FIELDS = {
    "account": ("department", "name", "platform", "handle", "official_email", "host"),
    "purpose": ("aims", "content", "investment", "engagement"),
    "audience": ("audience", "audience_age_from", "audience_age_to", "audience_schools", "audience_other"),
    "contributor-care": ("vetter_name", "vetter_role", "advertise", "parents_consent"),
    "people": ("lead", "moderator", "administrators_1", "posters_1"),
    "safety": ("security",),
    "effort": ("effort", "evaluation", "go_live_on_day", "go_live_on_month", "go_live_on_year"),
}


def posts_everywhere(client, stm, words: list[str]) -> None:
    """Every text into every field of the longest form, saved and shown."""
    row = a_draft(
        stm.tess, stm.school, contributors=["public", "other_pupils"], contributors_schools="Ashdown"
    )
    client.force_login(stm.tess)
    for number, text in enumerate(words):
        for section, fields in FIELDS.items():
            data = dict.fromkeys(fields, text)
            if section == "audience":
                data["audience"] = ["pupils", "other_pupils", "other"]
            answer = client.post(
                url("section", row, section), {**data, "action": ("continue", "later")[number % 2]}
            )
            assert answer.status_code in (302, 422), (section, text)
        for page in ("check", "detail"):
            assert client.get(url(page, row)).status_code == 200, (page, text)


def test_naughty_strings_cause_no_server_error(client, stm):
    posts_everywhere(client, stm, QUICK)


@pytest.mark.gate
def test_all_naughty_strings_cause_no_server_error(client, stm):
    if not NAUGHTY:
        pytest.skip("needs the list of naughty strings beside the project")
    posts_everywhere(client, stm, NAUGHTY)


def test_a_naughty_name_is_sent_signed_and_listed(client, stm):
    client.force_login(stm.hetty)
    for text in QUICK[::2]:
        kept = text.replace("\x00", "").strip()[:120]
        if not kept:
            continue
        row = AccountRequest.objects.get(
            approval=submitted(stm.tess, stm.school, name=kept, aims=kept, handle="")
        )
        assert client.get(url("detail", row)).status_code == 200
    assert client.get("/requests/?show=others").status_code == 200


@pytest.mark.parametrize("text", HOSTILE)
def test_the_skeleton_of_the_pages_stays(client, stm, text):
    plain, hostile = (
        a_draft(stm.tess, stm.school, name=words, aims=words, host=words, department=words)
        for words in ("plain", text)
    )
    client.force_login(stm.tess)
    for page in ("check", "detail"):
        before, after = (skeleton(client.get(url(page, row)).content.decode()) for row in (plain, hostile))
        assert before == after
    sections = (client.get(url("section", row, "account")).content.decode() for row in (plain, hostile))
    before, after = (skeleton(page) for page in sections)
    assert before == after


@pytest.mark.parametrize("text", QUICK[::2])
def test_hostile_messages_and_searches(client, cast, text):
    row = a_draft(cast.alice, cast.hilltop)
    client.force_login(cast.alice)
    answer = client.post(url("advice", row), {"topic": "technical", "text": text, "once": fresh()})
    assert answer.status_code in (302, 422)
    assert client.get(url("detail", row)).status_code == 200
    assert (
        client.get("/requests/", {"q": text, "status": text, "school": text, "sort": text}).status_code == 200
    )
    assert client.post("/requests/new/", {"school": text, "once": text, "copy": text}).status_code in (
        404,
        422,
    )
