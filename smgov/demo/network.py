"""Blocked sites and the Wi-Fi at the demo's schools: asked, decided, opened, over, blocked again."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from django.utils import timezone

from approvals.models import PupilWifi, Stage, UnblockRequest, WifiGate
from approvals.network.timed import opening_end, opening_opened, opening_shut, openings_due
from approvals.network.unblock import note_add, unblock_ask
from approvals.network.wifi import wifi_ask
from people.models import PendingChange
from people.services.changes import change_decide
from people.services.settings import profile_for, setting_change
from smgov.demo.clock import Scene
from smgov.demo.people import Cast
from smgov.demo.requests import decide

CHOSEN = {
    "unblock_approver": ["headteacher"],
    "it_provider_email": "servicedesk@brightwire.example",
}
"""What CIT's policy leaves open, and where the trust's IT provider is written to."""


@dataclass(frozen=True)
class Site:
    """One request for a blocked site. `steps` are (days ago, what): yes, no, return, note, open, end, shut."""

    school: str
    asker: str
    head: str
    technician: str
    days: int
    address: str
    category: str
    content: str
    reasons: str
    risks: str
    who: str
    lasts: int | None = 30
    steps: tuple[tuple[int, str, str], ...] = ()


@dataclass
class Asked:
    """A request on its way."""

    row: Any = None
    done: list[str] = field(default_factory=list)


HEAD = {"ashgrove": "Marguerite Osei-Bonsu", "millbrook": "Jonathan Adébáyò", "stcedds": "Judith Amankwah"}
IT = {"ashgrove": "Luca D'Amico", "millbrook": "Graham Tuttle", "stcedds": "Ravindra Seneviratne"}

SITES = (
    Site(
        "millbrook", "Ewa Zielińska", HEAD["millbrook"], IT["millbrook"], 110,
        "https://www.newsreel-archive.example/collections/1940-1945?view=films", "video",
        "Historic newsreels, with adverts beside the player",
        "Year 9 history: two lessons on the home front",
        "Adverts: I play the films full screen from the front, and pupils do not open the site",
        "9B and 9D", 30,
        ((109, "note", "The filter has it under video streaming. It can be opened for one group."),
         (108, "yes", "Good source, and the risk is small."), (107, "open", "Opened for the staff group only."),
         (60, "sweep", ""), (59, "shut", "")),
    ),
    Site(
        "millbrook", "Samir Haddad", HEAD["millbrook"], IT["millbrook"], 75,
        "https://play.blockbuilder.example/education\nhttps://cdn.blockbuilder.example/world/", "games",
        "A building game in its edition for schools", "Year 7 computing club, building bridges",
        "Chat between players: it is switched off in the edition for schools", "Computing club, Year 7", 45,
        ((74, "yes", "The edition for schools is fine."), (73, "open", "Both addresses opened for the club’s devices."),
         (20, "sweep", "")),
    ),
    Site(
        "millbrook", "Bo Ek", HEAD["millbrook"], IT["millbrook"], 40,
        "https://www.instagram.com/nationalmuseum_example/", "social",
        "Posts of a museum, with comments by anybody", "Art: a fortnight on curating",
        "Comments by strangers: I show single posts, pupils do not sign in", "Year 10 art", 60,
        ((39, "return", "Which lessons is it for, and who signs in?"),),
    ),
    Site(
        "ashgrove", "Callum McAllister", HEAD["ashgrove"], IT["ashgrove"], 30,
        "https://phonics-songs.example/", "learning",
        "Songs for phonics, no adverts", "It is a teaching site that the filter takes for music",
        "None that I can see; I looked at every page of it", "Year 1", None,
        ((29, "yes", "It should never have been blocked."), (28, "open", "")),
    ),
    Site(
        "ashgrove", "Priyanka Raghunathan", HEAD["ashgrove"], IT["ashgrove"], 12,
        "https://www.weather-station.example/live", "reference",
        "Live weather data of stations", "Year 5 geography",
        "The page links to a forum: I use the page with the data only", "Year 5", 40,
        ((11, "yes", "Useful, and for one year only."),),
    ),
    Site(
        "stcedds", "Kemi Adeleke", HEAD["stcedds"], IT["stcedds"], 52,
        "https://free-fonts-and-clipart.example/download", "other",
        "Fonts and pictures to download", "Posters for the summer fair",
        "Downloads may carry malware", "Staff office", 14,
        ((51, "note", "Two of its downloads are on our list of malware."), (50, "no", "The technician found malware.")),
    ),
    Site(
        "stcedds", "Anneliese Vogt", HEAD["stcedds"], IT["stcedds"], 20,
        "https://bibel.example/lieder?stimme=sopran&seite=12\nhttps://müller-noten.example/", "learning",
        "Sheet music for the choir", "The choir sings in German at the carol service",
        "One advert for concerts at the foot of the page", "Choir", 35,
        ((19, "yes", "For the choir, until the carol service."), (18, "open", "Opened in the music room.")),
    ),
    Site(
        "stcedds", "Rory MacGillivray", HEAD["stcedds"], IT["stcedds"], 3,
        "https://volcano-cam.example/stromboli/live?camera=north-east-crater&resolution=high&overlay=thermal", "video",
        "A live camera at a volcano", "Year 6 science week", "Comments below the picture: I cover them with full screen",
        "Year 6", 10,
        ((2, "note", "Streaming, nothing else. Safe to open for the hall."),),
    ),
)  # fmt: skip


def choose(cast: Cast) -> None:
    """Who decides on blocked sites in the trust, and where its IT provider is written to."""
    profile = profile_for(cast.trust)
    for key, value in CHOSEN.items():
        asked = setting_change(actor=cast.who("Babajide Olawale-Finch"), profile=profile, key=key, raw=value)
        if isinstance(asked, PendingChange):
            change_decide(actor=cast.who("Rhiannon Castellanos"), change=asked, confirm=True)


def _ask(cast: Cast, site: Site, asked: Asked) -> None:
    asked.row = unblock_ask(
        actor=cast.who(site.asker),
        school=cast.schools[site.school],
        once=uuid.uuid4(),
        values={
            "why": "permission" if site.lasts else "mistake",
            "category": site.category,
            "addresses": site.address,
            "site_content": site.content,
            "reasons": site.reasons,
            "risks": site.risks,
            "for_whom": "staff" if "Staff" in site.who else "class",
            "who_in_words": site.who,
            "until": timezone.localdate() + timedelta(days=site.lasts) if site.lasts else None,
        },
    )


def _step(cast: Cast, site: Site, asked: Asked, what: str, words: str) -> None:
    row = UnblockRequest.objects.get(pk=asked.row.pk)
    technician = cast.who(site.technician)
    if what == "note":
        note_add(actor=technician, request=row, once=uuid.uuid4(), text=words)
    elif what == "open":
        opening_opened(actor=technician, row=row, note=words)
    elif what == "end":
        opening_end(actor=cast.who(site.asker), row=row, because=words)
    elif what == "shut":
        opening_shut(actor=technician, row=row)
    elif what == "sweep":
        openings_due()
    else:
        outcome = {"yes": "approved", "no": "refused", "return": "returned"}[what]
        decide(row.approval, cast.who(site.head), outcome, words)


def _wifi(cast: Cast, asked: Asked) -> None:
    asked.row = wifi_ask(
        actor=cast.who("Nia Blackwood"),
        school=cast.schools["millbrook"],
        once=uuid.uuid4(),
        values={
            "platforms": "Instagram and YouTube",
            "reasons": "Media studies: how a campaign is planned",
            "supervision": "I walk round; phones lie on the tables",
            "for_whom": "class",
            "who_in_words": "11C media",
            "until": timezone.localdate() + timedelta(days=21),
        },
    )


def _gate(cast: Cast, asked: Asked, order: int, who: str, words: str) -> None:
    gate = WifiGate.objects.get(permission=asked.row, order=order)
    decide(gate.approval, cast.who(who), "approved", words)


def _wifi_open(cast: Cast, asked: Asked) -> None:
    row = PupilWifi.objects.get(pk=asked.row.pk)
    if row.stage == Stage.TO_OPEN:
        opening_opened(actor=cast.who(IT["millbrook"]), row=row, note="A group of its own, with logging.")


def scenes(cast: Cast) -> Iterator[Scene]:
    """From the first choice to what waits today."""
    yield Scene(123, 9, partial(choose, cast))
    for site in SITES:
        asked = Asked()
        yield Scene(site.days, 9, partial(_ask, cast, site, asked))
        for days, what, words in site.steps:
            yield Scene(days, 11, partial(_step, cast, site, asked, what, words))
    first, second = Asked(), Asked()
    yield Scene(9, 9, partial(_wifi, cast, first))
    yield Scene(
        8, 10, partial(_gate, cast, first, 2, IT["millbrook"], "Own group, filter level 3, logging on.")
    )
    yield Scene(7, 10, partial(_gate, cast, first, 1, HEAD["millbrook"], "For these lessons."))
    yield Scene(6, 10, partial(_wifi_open, cast, first))
    yield Scene(1, 10, partial(_wifi, cast, second))
