"""What is sent to each address about comments, for the test of events."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from smgov.tests.access.forms import csv_of
from smgov.tests.access.world import World

WORDS = {"words": "As was said"}


def _logged(world: World) -> dict[str, Any]:
    return {
        "school": str(world.school.uuid),
        "once": str(uuid.uuid4()),
        "account": str(world.live.uuid),
        "author": "parent_of_two",
        "words": "When does the fair begin?",
        "when": "now",
        "kind": "query",
        "offensive": "no",
    }


def _earlier() -> dict[str, Any]:
    moment = timezone.localtime() - timedelta(hours=1)
    return {
        "received_day": str(moment.day),
        "received_month": str(moment.month),
        "received_year": str(moment.year),
        "received_time": f"{moment:%H:%M}",
    }


def _file(world: World) -> dict[str, Any]:
    line = f"{world.live.uuid},parent_of_two,When?,27/03/2026 14:30,Question"
    text = f"account,author,text,received,kind\n{line}\n"
    return {"school": str(world.school.uuid), "once": str(uuid.uuid4()), "file": csv_of(text)}


def _asked(world: World) -> dict[str, Any]:
    of = world.people["head_of_comms"]
    return {"once": str(uuid.uuid4()), "of": str(of.uuid), "draft": "At ten, I think"}


COMMENTS_SENT: dict[str, tuple[str, Callable[[World], dict]]] = {
    "incidents:comment-log": ("staff", _logged),
    "incidents:comment-import": ("owner", _file),
    "incidents:comment-take": ("headteacher", lambda w: {}),
    "incidents:comment-kind": ("owner", lambda w: {"kind": "press"}),
    "incidents:comment-time": ("owner", lambda w: _earlier()),
    "incidents:comment-offensive": ("owner", lambda w: {"nature": "offensive", "against": "school"}),
    "incidents:opinion-ask": ("owner", _asked),
    "incidents:opinion-give": ("senior_leader", lambda w: {"verdict": "good", "advice": ""}),
    **{
        f"incidents:comment-{move}": ("owner", lambda w: WORDS)
        for move in ("acknowledge", "answer", "hide", "leave", "pass", "note", "resolve", "reopen")
    },
}
