"""What is read in the demo, who has read it, and who may therefore run an account. All invented.

`make_ready` may be played any number of times: it makes what is missing and nothing twice. Whoever runs an account
is made ready; people who are only named in what still waits are not, so that the gate can be seen at work.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from django.utils import timezone

from core.audit import audited
from people.models import School, User
from people.selectors import people_at, profile_of
from policies.documents.library import Facts, First, document_add
from policies.documents.services import version_draft, version_into_force
from policies.models import Document, DocumentKind, Readers, Training, TrainingRecord, Version
from policies.reading.gate import KINDS, documents_at, missing_for
from policies.reading.readers import in_force, yet_to_read
from policies.reading.services import readers_remind, version_acknowledge
from policies.reading.sweeps import chase
from policies.training.services import What, training_record
from smgov.demo.books import BOOKS, LED_BY_LEAVERS
from smgov.demo.clock import Scene
from smgov.demo.people import Cast
from smgov.demo.script import plans

KEEPERS = {
    "hub": ("Imogen Vassallo", "Dominic Achebe"),
    "ashgrove": ("Marguerite Osei-Bonsu", "Dafydd Prosser"),
    "millbrook": ("Jonathan Adébáyò", "Catrin Morgan-Hayes"),
    "thistledown": ("Delphine Abernathy", "Kofi Agyeman-Duah"),
    "fernhollow": ("Harriet Balogun", "Nikolai Petrov"),
    "thornwick": ("Adaeze Nwosu", "Rajesh Pillai"),
    "stcedds": ("Judith Amankwah", "Hyacinth Moreau"),
    "lanterns": ("Oluwaseun Martins", "Greta Halvorsen"),
}
"""Who keeps the documents of each place; both record training, each that of the other."""
HELPERS = {"thornwick": ("Marisol Vega", "Tobias Greenhalgh")}
"""Who was given a right beside those who run accounts from the beginning."""
TITLES = {
    DocumentKind.SOCIAL_MEDIA: "Social media policy",
    DocumentKind.TERMS: "School social media accounts: terms of use",
}
WORDS = """1. We speak for the school, kindly and truthfully.
2. We show nobody who may not be shown.
3. What worries us we tell the Designated Safeguarding Lead the same day.
4. Whoever may post checks twice and posts once."""
LATE = ("Kazimierz Nowak", "Leilani Kahale")
"""They run accounts at Thornwick and have not read the newest version."""


def _runners() -> dict[str, set[str]]:
    """The names of those who run accounts, by place: from the books, and from requests that were approved."""
    found: dict[str, set[str]] = defaultdict(set)
    for book in (*BOOKS, *LED_BY_LEAVERS):
        found[book.school] |= set(book.runners)
    for plan in plans():
        words = [step.what for step in plan.steps]
        if words.count("yes") > 1 or "live" in words:
            named = {name for names in plan.people.values() for name in names}
            found[plan.school] |= {plan.asker, plan.second, *named}
    for place, names in HELPERS.items():
        found[place] |= set(names)
    return found


def make_ready(cast: Cast) -> None:
    """Bring into force what those who run accounts must have read, and let them read it and be trained.

    To be played before accounts are approved, and again after people came or versions changed.
    """
    _adopt(cast, "hub", DocumentKind.SOCIAL_MEDIA, for_trust=True)
    for place, names in _runners().items():
        school = cast.schools[place]
        profile = profile_of(school)
        for setting, kind in KINDS.items():
            if profile.value(setting) or kind == DocumentKind.SOCIAL_MEDIA:
                _adopt(cast, place, kind)
        people = list(people_at(school).filter(pk__in=[cast.who(name).pk for name in names]))
        _get_ready(cast, place, school, people)


def _adopt(cast: Cast, place: str, kind: str, *, for_trust: bool = False) -> None:
    """A document that was in force before the portal, unless one of its kind is in force there."""
    school = cast.schools[place]
    if documents_at(school, [kind]).exists() or Document.objects.filter(school=school, kind=kind).exists():
        return
    readers = (Readers.STAFF, Readers.CONTRIBUTORS) if kind == DocumentKind.SOCIAL_MEDIA else ()
    document_add(
        actor=cast.who(KEEPERS[place][0]),
        school=school,
        once=uuid.uuid4(),
        facts=Facts(kind, TITLES[DocumentKind(kind)], readers=tuple(map(str, readers)), interval_months=12),
        first=First(text=WORDS, in_force_from=timezone.localdate()),
        for_trust=for_trust,
        review_on=timezone.localdate() + timedelta(days=340),
    )


def _get_ready(cast: Cast, place: str, school: School, people: list[User]) -> None:
    profile = profile_of(school)
    missing = missing_for(school=school, people=people, profile=profile)
    kinds = [kind for setting, kind in KINDS.items() if profile.value(setting)]
    versions = list(documents_at(school, kinds))
    for user in people:
        if not missing[user.pk]:
            continue
        for version in versions:
            version_acknowledge(actor=user, version=version, seen=version.sha256)
        if not TrainingRecord.objects.filter(user=user, kind=Training.PLATFORM).exists():
            _train(cast, place, school, user)


def _train(cast: Cast, place: str, school: School, user: User) -> None:
    first, second = (cast.who(name) for name in KEEPERS[place])
    training_record(
        actor=second if user == first else first,
        school=school,
        user=user,
        once=uuid.uuid4(),
        what=What(
            kind=Training.PLATFORM,
            title="Our platforms, their rules, and what may be posted",
            on=timezone.localdate() - timedelta(days=3),
            trainer=cast.who(KEEPERS[place][0]).full_name,
        ),
    )


def _some_read(share: int) -> None:
    """Of those who have not read what is in force, all but every so many say that they have."""
    for version in in_force().select_related("document__school").order_by("pk"):
        for user in list(yet_to_read(version)):
            if user.pk % share and user.full_name not in LATE:
                version_acknowledge(actor=user, version=version, seen=version.sha256)


def _new_version(cast: Cast) -> None:
    """Thornwick has adopted a new version, unless one is being written: what was said of the old one is void."""
    rows = Document.objects.filter(school=cast.schools["thornwick"], kind=DocumentKind.SOCIAL_MEDIA)
    document = rows.get(retired_at=None)
    now = document.versions.get(state=Version.State.IN_FORCE)
    keeper = cast.who(KEEPERS["thornwick"][0])
    if document.versions.filter(state=Version.State.DRAFT).exists():
        return
    with audited():
        draft = version_draft(
            actor=keeper,
            document=document,
            text=f"{now.text}\n\nWe answer comments within a day, or say when we will.",
            changes="Comments are answered within a day.",
        )
        version_into_force(actor=keeper, version=draft, on=timezone.localdate())


def _remind(cast: Cast) -> None:
    document = Document.objects.filter(
        school=cast.schools["thornwick"], kind=DocumentKind.SOCIAL_MEDIA
    ).first()
    readers_remind(actor=cast.who(KEEPERS["thornwick"][0]), document=document)


def scenes(cast: Cast) -> Iterator[Scene]:
    """Ready before the first account is confirmed; then readers, reminders, and a new version at one school."""
    for days in range(117, 8, -6):
        yield Scene(days, 8.25, partial(make_ready, cast))
    for days, share in ((112, 2), (95, 3), (40, 5), (4, 4)):
        yield Scene(days, 15.25, partial(_some_read, share))
    for days in (109, 102, 88, 60, 32, 5):
        yield Scene(days, 7.5, chase)
    yield Scene(7, 16, partial(_new_version, cast))
    yield Scene(1, 9, partial(_remind, cast))
