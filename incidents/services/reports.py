"""Reports of inappropriate content (STM-14), and the record of a possible indecent image of a child."""

import re
import unicodedata
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils import timezone

from core.addresses import BadAddress, parse_addresses
from core.audit import audited, record
from core.errors import Refused
from core.signatures import content_hash
from incidents.access import matter_rules
from incidents.models import ContentReport, ImageRecord, Matter, MatterKind, Nature
from incidents.roads import content_road, image_road
from incidents.services.sending import MOST_WORDS, Whom, matter_send, meant_by
from people.models import School, User

FURTHEST_BACK = timedelta(days=366)


def report_send(
    *,
    actor: User,
    school: School,
    once: UUID,
    whom: Whom,
    seen_on: date,
    addresses: str,
    nature: str,
    words: str,
) -> Matter:
    """Send a report of inappropriate content (STM-14.01 to 14.05). It is frozen from now on.

    Raises PermissionDenied, or Refused with what to do.
    """
    matter_rules.require_at(actor, "report", school)
    meant = meant_by(school, whom)
    if nature not in Nature.values:
        raise Refused("Choose the nature of the content.", field="nature")
    check_day(seen_on, "seen_on")
    try:
        found = parse_addresses(addresses)
    except BadAddress as error:
        raise Refused(str(error), field="addresses") from error
    if not found:
        raise Refused("Enter the full address of each page.", field="addresses")
    if not words.strip():
        raise Refused("Say what was seen.", field="words")
    values = {
        "seen_on": seen_on,
        "addresses": addresses,
        "nature": nature,
        "words": words.strip()[:MOST_WORDS],
    }

    def then(matter: Matter) -> None:
        ContentReport.objects.create(matter=matter, **values)
        data = {"content": content_hash(values)}
        record("incidents.report_sent", actor=actor, school=school, subject=matter, data=data)

    return matter_send(
        actor=actor,
        school=school,
        once=once,
        kind=MatterKind.CONTENT,
        meant=meant,
        road=content_road,
        then=then,
        same=lambda known: all(getattr(known.content, field) == value for field, value in values.items()),
    )


def image_record(
    *,
    actor: User,
    school: School,
    once: UUID,
    whom: Whom,
    called_by: str = "",
    called_at: datetime | None = None,
    not_called_because: str = "",
    police_reference: str = "",
) -> Matter:
    """Record who called the police about a possible indecent image of a child (subtle 80-84).

    No address, no description and no file has a place here.
    """
    matter_rules.require_at(actor, "report", school)
    meant = meant_by(school, whom)
    called_by, why_not = called_by.strip()[:150], not_called_because.strip()[:300]
    for field, text in (
        ("called_by", called_by),
        ("not_called_because", why_not),
        ("police_reference", police_reference),
        (whom.about, whom.words),
    ):
        refuse_address(text, field)
    if called_at is None and not why_not:
        raise Refused("Say why the police were not called yet.", field="not_called_because")
    if called_at is not None and not called_by:
        raise Refused("Enter the name of whoever called the police.", field="called_by")
    if called_at is not None and called_at > timezone.now():
        raise Refused("The call cannot be in the future. Check the time.", field="called_time")

    def then(matter: Matter) -> None:
        ImageRecord.objects.create(
            matter=matter,
            called_by=called_by if called_at else "",
            called_at=called_at,
            not_called_because="" if called_at else why_not,
            police_reference=police_reference.strip()[:60] if called_at else "",
        )
        record("incidents.report_sent", actor=actor, school=school, subject=matter)

    return matter_send(
        actor=actor, school=school, once=once, kind=MatterKind.IMAGE, meant=meant, road=image_road, then=then
    )


_ADDRESS = re.compile(
    r"\w:[/\\]{2}|\b(?:https?|hxxps?|ftps?)\s*:|\bh(?:tt|xx)ps?\s*[/\\]{2}|\bmagnet:|\bdata:\w+/|\bwww\."
    r"|[\[({]\s*(?:\.|dot)\s*[\])}]"
    r"|\w\s+dot\s+(?:com|org|net|uk|co|io|me|tv|app|info|xyz|ru|de|fr|nl|eu|site|online|gg|ly|to|onion)\b"
    r"|\b\d{1,3}(?:\.\d{1,3}){3}\b|\b(?:[0-9a-f]{1,4}:){3,7}[0-9a-f]{1,4}\b"
    r"|\b[0-9a-f]{1,4}(?::[0-9a-f]{1,4})*::"
    r"|\b(?:snap|snapchat|insta|instagram|tiktok|telegram|discord|kik)\s*:\s*(?=\S*[\d_@])\S",
    re.I,
)
_DOTTED = re.compile(r"(\w+)\.([^\W\d_]{2,})")
_SHORT = re.compile(r"(?<![\w.])(?:e\.g|i\.e|a\.m|p\.m)\.?(?!\w)|(?<=\d)\.?[ap]\.?m\b", re.I)
"""Abbreviations with dots, and times of the day."""
_ENDINGS = frozenset(
    [
        "com",
        "org",
        "net",
        "uk",
        "io",
        "me",
        "tv",
        "app",
        "co",
        "info",
        "xyz",
        "ru",
        "de",
        "fr",
        "nl",
        "eu",
        "site",
        "online",
        "gg",
        "ly",
        "to",
        "onion",
    ]
)


_SCHEME_AT_END = re.compile(r"(?:https?|hxxps?|ftps?)\s*:?[/\\]*$", re.I)
_JOINS = re.compile(r"[\[({]*(?:[:/\\.]+|dot|slash)?[\])}]*$", re.I)
"""A word that only joins the parts of an address that is spelt with blanks: a colon, strokes, "(dot)", "slash"."""
_ENDING_APART = re.compile(r"\.?(?:com|org|net|uk|co\.uk|info|xyz|onion)(?:[/\\]\S*)?[.,;:!?)]*$", re.I)


def _plain(text: str) -> str:
    """The text in plain letters: wide ones narrow, invisible ones gone."""
    text = unicodedata.normalize("NFKC", text).replace("。", ".")
    return "".join(letter for letter in text if unicodedata.category(letter) != "Cf")


def _is_address(text: str) -> bool:
    """Whether words hold what could lead to a page: an address, or the name of a site, however it is spelt.

    A full stop without a blank before the next sentence is none: that begins with a capital letter.
    """
    plain = _plain(text)
    if _ADDRESS.search(plain):
        return True
    return any(
        (not ending.isupper() and not ending[0].isupper())
        or (ending.isupper() and ending.lower() in _ENDINGS)
        for _, ending in _DOTTED.findall(_SHORT.sub(" ", plain))
    )


def refuse_address(text: str, field: str) -> None:
    """Where an indecent image may be is told to the police by word of mouth, and written nowhere (subtle 81)."""
    if _is_address(text):
        raise Refused("Do not write where the picture is. Leave the address out.", field=field)


def without_addresses(text: str) -> str:
    """The text as it may be shown where an image of a child may be involved: each address is left out.

    Also one in wide letters, without a scheme, or spelt with blanks; a word too many rather than one too few.
    """
    words = list(re.finditer(r"\S+", text))
    out = _of_addresses([_plain(word.group()) for word in words])
    found, last = [], 0
    for place, word in enumerate(words):
        if place in out:
            if place - 1 not in out:
                found += [text[last : word.start()], "[address left out]"]
            last = word.end()
    return "".join([*found, text[last:]])


def _of_addresses(words: list[str]) -> set[int]:
    """The places of the words that belong to an address; those that join its parts take in their neighbours."""
    out = {place for place, word in enumerate(words) if _is_address(word)}
    owner = [place for place, word in enumerate(words) for _ in f"{word} "]
    for match in _ADDRESS.finditer(" ".join(words)):
        out.update(owner[match.start() : match.end()])
    for place in range(1, len(words)):
        if words[place - 1].endswith(".") != words[place].startswith(".") and _ENDING_APART.match(
            words[place]
        ):
            out |= {place - 1, place}
    for places in (range(1, len(words)), range(len(words) - 1, 0, -1)):
        for place in places:
            before, after = place - 1, place
            joined = _JOINS.match(words[before]) or _JOINS.match(words[after])
            if (joined and out & {before, after}) or (before in out and _SCHEME_AT_END.search(words[before])):
                out |= {before, after}
    return out


def check_day(day: date, field: str) -> None:
    """A day in the past year, today at the latest. Raises Refused."""
    today = timezone.localdate()
    if not today - FURTHEST_BACK <= day <= today:
        raise Refused("Enter a day in the past year, today at the latest.", field=field)


def matter_read(*, actor: User, matter: Matter) -> None:
    """Record that somebody read what is about a person: reading is an event too (subtle 79)."""
    if matter.is_about_somebody or matter.kind == MatterKind.IMAGE:
        with audited():
            record("incidents.report_read", actor=actor, school=matter.school, subject=matter)
