"""Reports of inappropriate content and attempts to get round the firewall, in every state. All of it invented."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from django.utils import timezone

from incidents.models import Matter
from incidents.services.acting import addresses_hand_over, matter_close, technician_done
from incidents.services.bypasses import ban_end, ban_set, bypass_record
from incidents.services.reports import image_record, report_send
from incidents.services.sending import Whom
from smgov.demo.clock import Scene
from smgov.demo.people import Cast


@dataclass
class Told:
    """One incident from its first day: who tells of it, where, whose doing it was, and what follows."""

    school: str
    teller: str
    days: int
    begin: Callable[["Told", Cast], Matter]
    about: str = "unknown"
    whose: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    then: tuple[tuple[int, Callable[["Told", Cast], Any]], ...] = ()
    matter: Matter | None = None

    def whom(self, cast: Cast) -> Whom:
        """Whose doing it was."""
        person = cast.who(self.whose) if self.about == "staff" else None
        return Whom(self.about, "" if person else self.whose, person)

    def start(self, cast: Cast) -> None:
        """The first day."""
        self.matter = self.begin(self, cast)


def _report(told: Told, cast: Cast) -> Matter:
    return report_send(
        actor=cast.who(told.teller),
        school=cast.schools[told.school],
        once=uuid.uuid4(),
        whom=told.whom(cast),
        seen_on=timezone.localdate(),
        **told.values,
    )


def _image(told: Told, cast: Cast) -> Matter:
    return image_record(
        actor=cast.who(told.teller),
        school=cast.schools[told.school],
        once=uuid.uuid4(),
        whom=told.whom(cast),
        called_by=told.teller,
        called_at=timezone.now() - timedelta(minutes=20),
        police_reference="CAD 0417",
    )


def _bypass(told: Told, cast: Cast) -> Matter:
    return bypass_record(
        actor=cast.who(told.teller),
        school=cast.schools[told.school],
        once=uuid.uuid4(),
        whom=told.whom(cast),
        happened_on=timezone.localdate(),
        **told.values,
    )


def _blocks(name: str, action: str) -> Callable[[Told, Cast], Any]:
    def act(told: Told, cast: Cast) -> None:
        technician_done(
            actor=cast.who(name), matter=told.matter, action_taken=action, blocked=True, typed_name=name
        )

    return act


def _hands_over(name: str) -> Callable[[Told, Cast], Any]:
    return lambda told, cast: addresses_hand_over(actor=cast.who(name), matter=told.matter)


def _closes(name: str, note: str) -> Callable[[Told, Cast], Any]:
    return lambda told, cast: matter_close(actor=cast.who(name), matter=told.matter, note=note)


def _bans(name: str, days: int, supervision: str) -> Callable[[Told, Cast], Any]:
    def act(told: Told, cast: Cast) -> None:
        today = timezone.localdate()
        ban_set(
            actor=cast.who(name),
            matter=told.matter,
            starts=today,
            ends=today + timedelta(days=days),
            supervision=supervision,
        )

    return act


def _ends(name: str, because: str) -> Callable[[Told, Cast], Any]:
    return lambda told, cast: ban_end(actor=cast.who(name), ban=told.matter.ban, because=because)


LIBRARY = "In the library at lunchtime, at the computer beside the librarian's desk"
TELLINGS = (
    Told(
        "stcedds",
        "Kemi Adeleke",
        40,
        _report,
        values={
            "addresses": "https://www.free-spins.example/welcome?ref=banner-17",
            "nature": "gambling",
            "words": "A pop-up on the computer in the Year 5 room opened a page with slot machines.",
        },
        then=((39, _blocks("Ravindra Seneviratne", "Blocked the site on the filter for everybody.")),),
    ),
    Told(
        "stcedds",
        "Éloïse Béranger",
        3,
        _report,
        values={
            "addresses": "https://clips.rough-videos.example/watch?v=88213\nhttps://rough-videos.example/",
            "nature": "violence",
            "words": "The page stood open on a laptop of the trolley when I gave the laptops out.",
        },
    ),
    Told(
        "stcedds",
        "Tariq Mahmoudi",
        12,
        _report,
        about="pupil",
        whose="A pupil of 6H",
        values={
            "addresses": "https://forum.hate-board.example/thread/5521",
            "nature": "hate",
            "words": "The pupil showed the page to two others during computing. They told me after the lesson.",
        },
        then=(
            (11, _hands_over("Hyacinth Moreau")),
            (10, _blocks("Ravindra Seneviratne", "Blocked the forum and its mirror.")),
            (6, _closes("Hyacinth Moreau", "Spoken to with both parents. Followed up with the class.")),
        ),
    ),
    Told(
        "stcedds",
        "Anneliese Vogt",
        2,
        _report,
        about="staff",
        whose="Rory MacGillivray",
        values={
            "addresses": "https://www.late-bets.example/live",
            "nature": "gambling",
            "words": "The page was open on the staff-room computer, signed in under his name.",
        },
    ),
    Told("stcedds", "Kit Sørensen", 20, _image, about="pupil", whose="A pupil of 6S"),
    Told(
        "stcedds",
        "Ravindra Seneviratne",
        9,
        _bypass,
        about="pupil",
        whose="A pupil of 6S",
        values={"what": "A proxy program on a memory stick, found in the log of the computer room."},
        then=((8, _bans("Judith Amankwah", 21, LIBRARY)),),
    ),
    Told(
        "stcedds",
        "Simeon Ballantyne",
        1,
        _bypass,
        about="pupil",
        whose="A pupil of 6H",
        values={"what": "Shared a phone's hotspot with a school laptop to reach a video site."},
    ),
    Told(
        "fernhollow",
        "Leopold Weiss",
        30,
        _bypass,
        about="pupil",
        whose="A pupil of Year 6",
        values={"what": "Changed the network settings of a tablet so that the filter was left out."},
        then=(
            (29, _bans("Harriet Balogun", 28, "With the teaching assistant of the class beside them")),
            (15, _ends("Harriet Balogun", "Helped the technician to find the gap, and apologised")),
        ),
    ),
    Told(
        "millbrook",
        "François Lefèvre",
        4,
        _report,
        values={
            "addresses": "http://quick-prizes.example/claim",
            "nature": "fraud",
            "words": "A message in the browser said that the computer was locked and asked for money.",
        },
    ),
)


def scenes(cast: Cast) -> Iterator[Scene]:
    """Each incident from its first day on."""
    for told in TELLINGS:
        yield Scene(told.days, 10, partial(told.start, cast))
        for days, act in told.then:
            yield Scene(days, 14, partial(act, told, cast))
