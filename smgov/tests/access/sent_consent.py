"""What is sent to each address about consent, for the test of events."""

from collections.abc import Callable
from datetime import date

from django.utils import timezone

from consent.models import ImportRow, PupilImport, Purpose, Round
from consent.services.mentions import mention_add
from smgov.tests.access.forms import csv_of, date_parts
from smgov.tests.access.world import World

USE = {"medium": "image", "channel": "school", "in_group": "group"}

CONSENT_SENT: dict[str, tuple[str, Callable[[World], dict]]] = {
    "consent:reply-settle": ("office", lambda w: {"holds": "yes"}),
    "consent:search-do": ("head_of_comms", lambda w: {"outcome": "none"}),
    "consent:check": ("staff", lambda w: {**USE, "classes": w.things["pupil"].class_name}),
    "consent:check-keep": (
        "staff",
        lambda w: {**USE, "classes": w.things["pupil"].class_name, "what": "Sports day"},
    ),
    "consent:photo-list": ("staff", lambda w: {**USE, "classes": w.things["pupil"].class_name}),
    "consent:other-add": (
        "office",
        lambda w: {
            "who": "visitor",
            "name": "Vera Vale",
            "route": "in_person",
            **date_parts("asked_on", timezone.localdate()),
        },
    ),
    "consent:other-self": ("staff", lambda w: {}),
    "consent:other-end": ("office", lambda w: {}),
    "consent:flag-set": ("dsl", lambda w: {"reason": "A court order"}),
    "consent:flag-lift": ("dsl", lambda w: {"reason": "The order has ended"}),
    "consent:review": ("dpo", lambda w: {"typed_name": w.people["dpo"].full_name}),
    "consent:pupil-erase": ("dpo", lambda w: {"sure": "on"} if files_put_aside(w) else {}),
    "consent:mention-change": ("headteacher", lambda w: {"name": w.things["pupil"].name}),
    "consent:mention-remove": ("headteacher", lambda w: {"pupil": linked(w)}),
    "consent:link-send": ("office", lambda w: {}),
    "consent:link-revoke": ("office", lambda w: {}),
    "consent:pupil-link-send": ("office", lambda w: {}),
    "consent:pupil-link-revoke": ("office", lambda w: {}),
    "consent:reply-record": (
        "office",
        lambda w: {
            "who": str(w.things["contact"].uuid),
            "route": "paper",
            **date_parts("received_on", timezone.localdate()),
            f"answer_{w.things['purpose'].uuid.hex}": "yes",
        },
    ),
    "consent:purpose-start": ("dpo", lambda w: {"school": str(w.school.uuid), **nothing_asked(w)}),
    "consent:purpose-add": (
        "dpo",
        lambda w: {"medium": "work", "channel": "newsletter", "basis": "public_task"},
    ),
    "consent:purpose-reword": ("dpo", lambda w: {"text": "Clearer words"}),
    "consent:purpose-retire": ("dpo", lambda w: {}),
    "consent:round-open": ("office", lambda w: round_over(w)),
    "consent:round-remind": ("office", lambda w: {}),
    "consent:round-close": ("office", lambda w: {}),
    "consent:assessment-record": ("dsl", lambda w: {"competent": "yes", "words": "Spoke with the pupil"}),
    "consent:import-add": ("office", lambda w: _a_file(w)),
    "consent:import-columns": ("office", lambda w: {}),
    "consent:import-accept": ("office", lambda w: _all_decided(w)),
    "consent:import-cancel": ("office", lambda w: {}),
    "consent:import-doubtful": ("office", lambda w: {f"row_{_doubtful(w).pk}": "new"}),
    "consent:import-missing": ("office", lambda w: {}),
    "consent:pupil-add": (
        "office",
        lambda w: {"first_name": "Nia", "last_name": "New", **date_parts("born", date(2015, 5, 5))},
    ),
    "consent:pupil-change": ("office", lambda w: {"class_name": "6B"}),
    "consent:contact-add": ("office", lambda w: {"name": "Nan New"}),
    "consent:contact-change": ("office", lambda w: {"relationship": "Stepmother"}),
}

CONSENT_WITHOUT_SIGN_IN: dict[str, Callable[[World], dict]] = {
    "consent:link-ask": lambda w: {"email": w.things["contact"].email},
    "consent:answer-child": lambda w: {f"q_{one.hex}": "yes" for one in asked(w)},
    "consent:answer-withdraw": lambda w: {},
}
"""What somebody without an account sends."""


def asked(world: World) -> list:
    """The public ids of what the school asks about."""
    rows = Purpose.objects.filter(school=world.school, retired_at=None)
    return list(rows.values_list("uuid", flat=True))


def linked(world: World) -> str:
    """A pupil who was linked to the request before."""
    mention_add(actor=world.owner, row=world.things["unblock_asked"], pupil=world.things["pupil"])
    return str(world.things["pupil"].uuid)


def _a_file(world: World) -> dict:
    """A file of pupils, once the one under review is put aside."""
    PupilImport.objects.filter(pk=world.things["import"].pk).update(status="cancelled")
    return {"whole": "some", "file": csv_of("UPN,Surname,Forename\nC000000000001,Cole,Ben\n")}


def _doubtful(world: World) -> ImportRow:
    return ImportRow.objects.get(load=world.things["import"], outcome="doubtful")


def _all_decided(world: World) -> dict:
    """What the review waits for."""
    ImportRow.objects.filter(pk=_doubtful(world).pk).update(decision="leave_out")
    return {"missing_pupils": "keep"}


def nothing_asked(world: World) -> dict:
    """As if the school asked about nothing yet."""
    Purpose.objects.filter(school=world.school).update(retired_at=timezone.now())
    return {}


def round_over(world: World) -> dict:
    """As if no round were open."""
    Round.objects.filter(school=world.school).update(closed_at=timezone.now())
    return {}


def files_put_aside(world: World) -> bool:
    """While a file waits to be taken over, nobody is erased."""
    open_files = PupilImport.objects.filter(school=world.school, settled_at=None)
    return bool(open_files.update(status="cancelled", settled_at=timezone.now()))
