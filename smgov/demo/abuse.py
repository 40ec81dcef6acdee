"""The log of abuse over a term, at a school whose headteacher keeps it and at one of the trust. All invented."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from django.utils import timezone

from accounts.models import SocialAccount
from incidents.abuse.services import Done, Seen, abuse_log, act_add, entry_close
from smgov.demo.clock import Scene
from smgov.demo.people import Cast

KEEPERS = {"stcedds": "Judith Amankwah", "ashgrove": "Saoirse O'Malley"}
LOGGERS = {"stcedds": "Florence Delacroix", "ashgrove": "Callum McAllister"}
ENTRIES = (
    ("stcedds", 96, "marsh_mutterer", "You lot could not run a bath.", "offensive", "school", "hidden"),
    ("stcedds", 82, "user77120", "Free followers, click my page", "spam", "other", "deleted"),
    (
        "stcedds",
        61,
        "J. of the Marsh",
        "The new teacher was sacked from the last place.",
        "false",
        "staff",
        "reported",
    ),
    ("stcedds", 55, "marsh_mutterer", "Still useless, I see.", "offensive", "school", "blocked"),
    ("stcedds", 24, "angry_uncle", "Wait till I see that referee at the gate.", "threat", "staff", "police"),
    ("stcedds", 5, "user9931", "What a joke of a school.", "offensive", "school", ""),
    ("ashgrove", 88, "grove_watch", "Nobody there can spell.", "offensive", "school", "answered"),
    ("ashgrove", 40, "quietlyangry", "They only take the rich ones.", "false", "school", "answered"),
    ("ashgrove", 19, "grove_watch", "Her again with her silly hats.", "harassment", "staff", "hidden"),
    (
        "ashgrove",
        2,
        "newneighbour",
        "Your buses should be banned, and you with them.",
        "offensive",
        "school",
        "",
    ),
)
"""Where, days ago, author as shown, words, nature, against whom, and what was done (empty: nothing yet)."""


def _log(cast: Cast, place: str, author: str, words: str, nature: str, against: str, did: str) -> None:
    school = cast.schools[place]
    account = SocialAccount.objects.filter(school=school, status="live").order_by("pk").first()
    elsewhere = "" if account and nature != "false" else "A group for the neighbourhood, not ours"
    entry = abuse_log(
        actor=cast.who(LOGGERS[place]),
        school=school,
        once=uuid.uuid4(),
        seen=Seen(
            timezone.now() - timedelta(minutes=40),
            author,
            words,
            nature,
            against,
            account=None if elsewhere else account,
            elsewhere=elsewhere,
        ),
    )
    if did:
        keeper = cast.who(KEEPERS[place])
        act_add(actor=keeper, entry=entry, done=Done(did))
        entry_close(actor=keeper, entry=entry)


def scenes(cast: Cast) -> Iterator[Scene]:
    """Each entry on its day."""
    for place, days, *rest in ENTRIES:
        yield Scene(days, 13.5, partial(_log, cast, place, *rest))
