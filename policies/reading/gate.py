"""Who may run an account: has read the policy, agreed to the terms of use, and been trained.

RAV-3.09 to 3.11 (employed or not), STM-3.15 to 3.18, CIT-3.16; which of the three is asked for, the profile says
(`runner_reads`, `runner_terms`, `runner_training`). It is closed by default: where a school has no such document
in force, nobody has read it. A new version voids what was said of the one before (subtle 95).

What is asked for is one object of conditions (`Wanted`), which both the gate and the lists of other rooms use.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from core.models import Platform
from people.governance.profile import Profile
from people.models import Membership, School
from policies.models import Acknowledgement, DocumentKind, Refresh, Training, TrainingRecord, Version
from policies.reading.readers import in_force
from policies.training.duties import asked_by
from policies.training.law import Done, holds_until

READS, TERMS, TRAINING = "runner_reads", "runner_terms", "runner_training"
KINDS: dict[str, str] = {READS: DocumentKind.SOCIAL_MEDIA, TERMS: DocumentKind.TERMS}
"""The settings that ask for the reading of a document, and of which kind."""
NAMES: dict[str, str] = {
    DocumentKind.SOCIAL_MEDIA: "social media policy",
    DocumentKind.TERMS: "terms of use for school accounts",
}
FURTHEST_BACK = 800
"""Days: more than any interval of training lasts, a term and the next one, or a year."""


@dataclass(frozen=True)
class Wanted:
    """What a profile asks of whoever runs an account. `trained_since`: training before this day has run out."""

    kinds: tuple[str, ...] = ()
    training: bool = False
    trained_since: date | None = None

    @classmethod
    def by(cls, profile: Profile, today: date | None = None) -> "Wanted":
        """As a profile says it, on a day in London (today)."""
        kinds = tuple(kind for setting, kind in KINDS.items() if profile.value(setting))
        training = bool(profile.value(TRAINING))
        return cls(kinds, training, trained_since(profile, today) if training else None)

    @property
    def anything(self) -> bool:
        """Whether anything is asked for."""
        return bool(self.kinds) or self.training


def trained_since(profile: Profile, today: date | None = None) -> date | None:
    """The first day of training that has not run out by the school's interval; None where it does not run out."""
    today = today or timezone.localdate()
    asked = asked_by(profile)
    interval = asked.interval(Training.PLATFORM)

    def holds(day: date) -> bool:
        return holds_until(Done(0, Training.PLATFORM, day), interval, asked.term_months) >= today

    old, new = today - timedelta(days=FURTHEST_BACK), today
    if holds(old):
        return None
    while (new - old).days > 1:
        middle = old + (new - old) // 2
        old, new = (old, middle) if holds(middle) else (middle, new)
    return new


def missing_for(
    *, school: School, people: Iterable[Any], platform: Platform | None = None, profile: Profile
) -> dict[int, list[str]]:
    """What each person lacks to run an account of a school: sentences without a subject.

    Three queries at most, for any number of people. Everybody is in the answer, by id; an empty list means that
    nothing is missing. `platform` is that of the account: training for another one does not count.
    """
    ids = [person.pk for person in people]
    found: dict[int, list[str]] = {pk: [] for pk in ids}
    wanted = Wanted.by(profile)
    if not ids or not wanted.anything:
        return found
    if wanted.kinds:
        _add_reading(found, school, wanted.kinds)
    if wanted.training:
        records = TrainingRecord.objects.filter(user__in=ids).filter(
            trained(wanted, school.pk, school.trust_id, platform.pk if platform else None)
        )
        trained_ids = set(records.order_by().values_list("user", flat=True))
        name = f" on {platform.name}" if platform else ""
        for pk in ids:
            if pk not in trained_ids:
                found[pk].append(f"has no training in running an account{name} that counts today")
    return found


def _add_reading(found: Mapping[int, list[str]], school: School, kinds: Iterable[str]) -> None:
    versions = list(documents_at(school, kinds))
    said = Acknowledgement.objects.filter(version__in=versions, user__in=list(found)) if versions else None
    read = set(said.values_list("user", "version")) if said is not None else set()
    for kind in kinds:
        here = [version for version in versions if version.document.kind == kind]
        for pk, words in found.items():
            if not here:
                words.append(none_in_force(school, kind))
            for version in here:
                if (pk, version.pk) not in read:
                    words.append(
                        f"has not said that they have read and understood “{version.document.title}”, "
                        f"version {version.number}"
                    )


def none_in_force(school: School, kind: str) -> str:
    """What is missing for everybody where a school has not adopted a document of the kind."""
    return (
        f"cannot have read the {NAMES[kind]}: none is in force at {school.name}. "
        "Whoever keeps your policies adds it under Policies"
    )


def documents_at(school: School, kinds: Iterable[str]) -> QuerySet[Version]:
    """The versions in force at a school of documents of these kinds: its own and its trust's, each to be read."""
    rows = in_force().filter(_holds_at(school.pk, school.trust_id), document__kind__in=list(kinds))
    return rows.select_related("document").order_by("document__kind", "document__title", "pk")


def unread_documents(user: Any, wanted: Mapping[School, Wanted]) -> QuerySet[Version]:
    """The versions in force that schools ask of whoever runs an account, and that a person has not confirmed.

    Whether the person is among a document's own readers does not matter: employed or not (RAV-3.09). One query.
    """
    asked = Q(pk__in=[])
    for school, one in wanted.items():
        asked |= _holds_at(school.pk, school.trust_id) & Q(document__kind__in=one.kinds)
    said = Acknowledgement.objects.filter(version=OuterRef("pk"), user=user)
    return (
        in_force().filter(asked, ~Exists(said)).select_related("document").order_by("document__title", "pk")
    )


def _holds_at(school: Any, trust: Any) -> Q:
    """Versions of documents that hold at a school. Either may be an OuterRef."""
    own = Q(document__school=school)
    return own if trust is None else own | Q(document__for_trust=True, document__school__trust=trust)


def trained(wanted: Wanted, school: Any, trust: Any, platform: Any) -> Q:
    """Training records that count for an account of a school and platform today. Each may be an OuterRef.

    Not taken back, not run out, given at the school or another one of its trust, for the platform or for all, and
    not before a refresher that was not called off and was asked for while the person belonged to the school
    (CIT-11.03, STM-11.08): the same rule as `was_there` of the law of training. Training on the very day of the
    refresher counts, and the pages about refreshers say so: a record holds a day and no hour.
    """
    today = timezone.localdate()
    kinds = Cast("kinds", TextField())
    where = OuterRef(school) if isinstance(school, OuterRef) else school
    belonged = Membership.objects.filter(
        Q(school=OuterRef("school")) | Q(trust__isnull=False, trust=OuterRef("school__trust")),
        Q(ends=None) | Q(ends__gte=OuterRef("since")),
        Q(ended_at=None) | Q(ended_at__date__gte=OuterRef("since")),
        user=OuterRef(OuterRef("user")),
        starts__lte=OuterRef("since"),
    )
    anew = Refresh.objects.annotate(of_kinds=kinds).filter(
        Exists(belonged),
        school=where,
        called_off_at=None,
        of_kinds__contains=f'"{Training.PLATFORM}"',
        since__gt=OuterRef("done_on"),
    )
    at = Q(school=school)
    if trust is not None:
        at |= Q(school__trust=trust)
    counts = Q(kind=Training.PLATFORM, withdrawn_at=None, done_on__lte=today)
    counts &= Q(until=None) | Q(until__gte=today)
    counts &= Q(platform=None) | Q(platform=platform) if platform is not None else Q()
    if wanted.trained_since:
        counts &= Q(done_on__gte=wanted.trained_since)
    return counts & at & ~Q(Exists(anew))


def unread_at(kind: str, *, user: Any, school: str, trust: str) -> Exists:
    """Rows at whose school a document of the kind is in force that the person has not read: for lists of other rooms.

    `school` and `trust` are fields of the row; `user` is the name of a field too, or a person. That no document is
    in force does not count here: it is one matter of the school (`without_document`), not one of each person.
    """
    reader = OuterRef(OuterRef(user)) if isinstance(user, str) else user
    said = Acknowledgement.objects.filter(version=OuterRef("pk"), user=reader)
    at = _holds_at(OuterRef(school), OuterRef(trust))
    return Exists(in_force().filter(at, ~Exists(said), document__kind=kind))


def untrained_at(wanted: Wanted, *, user: Any, school: str, trust: str, platform: str) -> Exists:
    """Rows whose person has no training that counts for the row's account. The fields as in `unread_at`."""
    who = OuterRef(user) if isinstance(user, str) else user
    counts = trained(wanted, OuterRef(school), OuterRef(trust), OuterRef(platform))
    return ~Exists(TrainingRecord.objects.filter(counts, user=who))


def without_document(wanted: Mapping[int, Wanted]) -> QuerySet[School]:
    """The schools, of those given with what they ask for, at which such a document is not in force."""
    lacks = Q(pk__in=[])
    for kind in KINDS.values():
        asking = [pk for pk, one in wanted.items() if kind in one.kinds]
        here = in_force().filter(_holds_at(OuterRef("pk"), OuterRef("trust")), document__kind=kind)
        lacks |= Q(pk__in=asking) & ~Q(Exists(here))
    return School.objects.filter(lacks)
