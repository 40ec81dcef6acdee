"""Documents of the trust and of each school, what they cite, and what parents were told. All invented."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from django.utils import timezone

from policies.documents.community import mark_of, notice_drop, notice_edit, notice_make, notice_sent
from policies.documents.guidance import citation_add, edition_record, suggestions
from policies.documents.library import Facts, First, document_add, document_retire, link_add
from policies.documents.services import document_dates_set, version_draft, version_drop
from policies.documents.suggested import Words
from policies.models import CommunityNotice, Document, DocumentKind, Policy
from smgov.demo.clock import Scene
from smgov.demo.people import Cast

KEEPERS = {
    "hub": "Saoirse O'Malley",
    "ashgrove": "Marguerite Osei-Bonsu",
    "millbrook": "Jonathan Adébáyò",
    "thistledown": "Delphine Abernathy",
    "fernhollow": "Harriet Balogun",
    "thornwick": "Adaeze Nwosu",
    "stcedds": "Judith Amankwah",
    "lanterns": "Oluwaseun Martins",
}
SOCIAL, TERMS, USE = DocumentKind.SOCIAL_MEDIA, DocumentKind.TERMS, DocumentKind.ACCEPTABLE_USE
PARENTS, PUPILS, STAFF = DocumentKind.PARENTS_CODE, DocumentKind.PUPILS_CODE, DocumentKind.STAFF_CODE
WORDS: dict[str, str] = {
    SOCIAL: (
        "# Why we have this policy\n\nWe want everybody here to be safe and kind online, and we want the school to "
        "speak with one voice.\n\n# School accounts\n\nNobody opens an account in the name of the school before it "
        "is approved. Two people look after each account.\n\n# Pictures\n\nWe show a child only where the "
        "family has agreed, and never with a full name.\n\n# Your own accounts\n\nStaff do not connect "
        "with pupils on their own accounts. Whoever sees something worrying tells the safeguarding lead on the same "
        "day."
    ),
    TERMS: (
        "# Using a school account\n\nSign in only on equipment of the school.\n\nKeep the password where the school "
        "keeps it.\n\nAnswer within a day, or say that an answer will come."
    ),
    USE: (
        "# Devices and the network\n\nWhat is done on the network is filtered and logged.\n\nDo not try to get round "
        "the filter. Ask for a blocked site with the form."
    ),
    PARENTS: (
        "# What we ask of families\n\nPlease do not post pictures of other people’s children.\n\nIf you are worried "
        "about something, come to us first: it is answered sooner than online."
    ),
    PUPILS: "# Our promise\n\nWe are kind online.\n\nWe tell a grown-up when something is not right.",
    STAFF: "# Conduct\n\nWhat we write online is read by our families. We write nothing that we would not say here.",
}


@dataclass(frozen=True)
class Paper:
    """A document as it is entered. `due` is a day or a month; `cites` are names of the file of suggestions."""

    place: str
    kind: str
    title: str
    since: date
    due: str = ""
    months: int | None = None
    policy: str = ""
    edition: str = ""
    readers: tuple[str, ...] = ("staff",)
    code: str = ""
    cites: tuple[tuple[str, str], ...] = ()


KCSIE = "Keeping children safe in education"
PAPERS = (
    Paper(
        "hub",
        SOCIAL,
        "Trust social media policy",
        date(2023, 11, 6),
        "2024-11",
        12,
        "CIT",
        "Ratified by the executive team, November 2023",
        ("staff", "governance"),
        "IT4b",
        ((KCSIE, "2023"), ("Data Protection Act 2018", "As first in force")),
    ),
    Paper("hub", USE, "Acceptable use of IT in the trust", date(2025, 9, 1), "2027-09", 24, code="IT2"),
    Paper("millbrook", PUPILS, "Millbrook pupils’ charter", date(2025, 1, 13), readers=()),
    Paper("fernhollow", SOCIAL, "Social networking policy", date(2023, 4, 17), policy="BEC"),
    Paper("thornwick", SOCIAL, "School accounts on social media", date(2024, 9, 2), policy="RAV"),
    Paper(
        "thornwick", TERMS, "Terms of use for school accounts", date(2024, 9, 2), readers=("contributors",)
    ),
    Paper(
        "stcedds",
        SOCIAL,
        "Social media policy",
        date(2025, 9, 23),
        "2026-09-23",
        12,
        "STM",
        "Adopted by the academy council, 23 September 2025",
        ("staff", "governance"),
        cites=((KCSIE, "2024"), ("Equality Act 2010", "As first in force")),
    ),
    Paper("stcedds", PARENTS, "Code of conduct for parents", date(2025, 9, 23), readers=()),
    Paper(
        "lanterns",
        SOCIAL,
        "Social media policy",
        date(2022, 11, 29),
        "2024-09",
        22,
        "CBC",
        "Adopted by the management committee, 29 November 2022",
        cites=((KCSIE, "2022"),),
    ),
    Paper("lanterns", STAFF, "Staff code of conduct", date(2024, 1, 8), "2027-01-08", 36),
)


def _enter(cast: Cast, paper: Paper) -> None:
    keeper, school = cast.who(KEEPERS[paper.place]), cast.schools[paper.place]
    by_month = len(paper.due) == 7
    due = date.fromisoformat(f"{paper.due}-01" if by_month else paper.due) if paper.due else None
    row = document_add(
        actor=keeper,
        school=school,
        once=uuid.uuid4(),
        facts=Facts(
            paper.kind,
            paper.title,
            paper.code,
            paper.readers,
            Policy.objects.filter(code__iexact=paper.policy).first() if paper.policy else None,
            paper.months,
        ),
        first=First(text=WORDS[paper.kind], edition=paper.edition, in_force_from=paper.since),
        for_trust=paper.place == "hub",
        review_on=due,
        by_month=by_month,
    )
    for name, edition in paper.cites:
        found = next(one for one in suggestions() if (one.name, one.edition) == (name, edition))
        citation_add(actor=keeper, document=row, edition=found)
    if paper.kind == SOCIAL:
        link_add(actor=keeper, document=row, title="Child Protection and Safeguarding Policy")


def _supplement(cast: Cast) -> None:
    """Ashgrove adds to what the trust says, and is writing a new version of it."""
    keeper, school = cast.who(KEEPERS["ashgrove"]), cast.schools["ashgrove"]
    above = Document.objects.get(school=cast.schools["hub"], kind=SOCIAL)
    words = "# At Ashgrove\n\nClass pages are looked after by the class teacher and the office."
    row = document_add(
        actor=keeper,
        school=school,
        once=uuid.uuid4(),
        facts=Facts(SOCIAL, "Ashgrove supplement on class pages", readers=("staff",), supplements=above),
        first=First(text=words, in_force_from=date(2024, 1, 15)),
        review_on=timezone.localdate() + timedelta(days=110),
    )
    link_add(actor=keeper, document=row, other=above)


def _drafts(cast: Cast) -> None:
    """One draft that is being written, and one that was put aside."""
    keeper = cast.who(KEEPERS["ashgrove"])
    row = Document.objects.get(school=cast.schools["ashgrove"])
    put_aside = version_draft(actor=keeper, document=row, text="Class pages are closed.", changes="Closed")
    version_drop(actor=keeper, version=put_aside)
    words = row.versions.get(state="in_force").text
    version_draft(
        actor=keeper,
        document=row,
        text=f"{words}\n\nA second colleague looks at each picture before it is shown.",
        changes="A second colleague looks at each picture.",
    )


def _moved(cast: Cast) -> None:
    """The Lanterns move a review by hand, and Thornwick ends a document."""
    head = cast.who(KEEPERS["lanterns"])
    row = Document.objects.get(school=cast.schools["lanterns"], kind=STAFF)
    soon = timezone.localdate() + timedelta(days=70)
    reason = "The committee meets on that day"
    document_dates_set(actor=head, document=row, review_on=soon, by_month=False, reason=reason)
    keeper, school = cast.who(KEEPERS["thornwick"]), cast.schools["thornwick"]
    old = document_add(
        actor=keeper,
        school=school,
        once=uuid.uuid4(),
        facts=Facts(DocumentKind.OTHER, "Guidance on blogs"),
        first=First(text="Blogs are read by a senior leader first.", in_force_from=date(2012, 9, 3)),
    )
    document_retire(actor=keeper, document=old, reason="Nobody writes a blog any more")


def _newer_edition(cast: Cast) -> None:
    """The trust and St Cedd's record the newest edition that they know."""
    newest = max((one for one in suggestions() if one.name == KCSIE), key=lambda one: one.from_day)
    for place in ("hub", "stcedds"):
        edition_record(actor=cast.who(KEEPERS[place]), school=cast.schools[place], edition=newest)


def _new_charter(cast: Cast) -> None:
    """A new code is adopted today: staff are told by the notices that its adoption makes."""
    document_add(
        actor=cast.who(KEEPERS["stcedds"]),
        school=cast.schools["stcedds"],
        once=uuid.uuid4(),
        facts=Facts(PUPILS, "Our online promise for pupils"),
        first=First(text=WORDS[PUPILS], in_force_from=timezone.localdate()),
        review_on=timezone.localdate() + timedelta(days=365),
    )


def _notice(cast: Cast, place: str, topic: str, words: str) -> CommunityNotice:
    """A notice for parents; with words it is finished, without it still has gaps."""
    keeper, school = cast.who(KEEPERS[place]), cast.schools[place]
    notice = notice_make(actor=keeper, school=school, once=uuid.uuid4(), topic=topic, audience="parents")
    if not words:
        return notice
    fresh = Words(notice.subject, f"Dear parents and carers,\n\n{words}\n\nWith kind regards\n{school.name}")
    return notice_edit(actor=keeper, notice=notice, words=fresh, seen=mark_of(notice))


def _told(cast: Cast, place: str, topic: str, words: str, channel: str) -> None:
    notice = _notice(cast, place, topic, words)
    notice_sent(
        actor=cast.who(KEEPERS[place]),
        notice=notice,
        sent_on=timezone.localdate(),
        channel=channel,
        note="To all families",
        seen=mark_of(notice),
    )


def _put_aside(cast: Cast) -> None:
    notice = _notice(cast, "fernhollow", "platforms", "")
    keeper = cast.who(KEEPERS["fernhollow"])
    notice_drop(actor=keeper, notice=notice, reason="No platform is used at school")


def scenes(cast: Cast) -> Iterator[Scene]:
    """What was in force is entered first; then drafts, dates, editions and notices."""
    for paper in PAPERS:
        yield Scene(119, 14, partial(_enter, cast, paper))
    yield Scene(118, 14, partial(_supplement, cast))
    yield Scene(70, 14, partial(_moved, cast))
    yield Scene(60, 14, partial(_newer_edition, cast))
    yield Scene(50, 14, partial(_new_charter, cast))
    filtering = "On our network a filter blocks social media, and the safeguarding lead sees its reports."
    yield Scene(45, 14, partial(_told, cast, "stcedds", "filtering", filtering, "letter"))
    people = "Nobody from the school writes to your child online."
    yield Scene(44, 14, partial(_told, cast, "fernhollow", "people", people, "website"))
    yield Scene(30, 14, partial(_put_aside, cast))
    yield Scene(12, 14, partial(_notice, cast, "stcedds", "platforms", ""))
    yield Scene(9, 14, partial(_drafts, cast))
