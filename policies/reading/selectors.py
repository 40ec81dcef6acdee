"""Reads for the pages: one's own list, who has read a document, and when a code was last told."""

from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When

from people.models import Membership, User
from policies.documents.access import ADOPTED, document_rules, notice_rules
from policies.models import Acknowledgement, CommunityNotice, Document, DocumentKind, Version
from policies.reading.readers import asked_of, at_schools, in_force, members_who_read, readers_of, with_read

CODES: dict[str, str] = {
    DocumentKind.PARENTS_CODE: CommunityNotice.Audience.PARENTS,
    DocumentKind.PUPILS_CODE: CommunityNotice.Audience.PUPILS,
}
"""Codes of those who have no account here: they are told, and by whom and when is kept (CIT-2.32, STM-2.27)."""
OTHERS = "others"
"""Filter: who has said it without being among the readers now, leavers included (subtle 46)."""


def my_versions(user: Any) -> QuerySet[Version]:
    """What a person is asked to read, and what they have read, with `read_at`; what is to be read comes first.

    What they read at a school where they have no role any more is not listed.
    """
    said = Acknowledgement.objects.filter(user=user)
    known = readable_versions(user).filter(pk__in=said.values("version"))
    rows = Version.objects.filter(Q(pk__in=asked_of(user).values("pk")) | Q(pk__in=known.values("pk")))
    when = said.filter(version=OuterRef("pk")).order_by().values("at")[:1]
    done = Case(When(read_at=None, then=Value(0)), default=Value(1))
    return rows.annotate(read_at=Subquery(when)).annotate(done=done)


def readable_versions(user: Any) -> QuerySet[Version]:
    """The versions that the person may read here: in force now or before."""
    documents = document_rules.visible_to(user, "view").order_by().values("pk")
    return Version.objects.filter(document__in=documents, state__in=ADOPTED)


def watched(schools: set[int]) -> QuerySet[Version]:
    """Versions in force at these schools that somebody is asked to read, or that parents or pupils are told."""
    return in_force().filter(at_schools(schools)).exclude(~Q(document__kind__in=CODES), document__readers=[])


def last_told(user: Any, documents: list[int]) -> dict[int, CommunityNotice]:
    """When each code was last told to its audience, as far as the person sees notices: two queries."""
    if not documents or not notice_rules.can_ever(user, "view"):
        return {}
    audience = Q(pk__in=[])
    for kind, who in CODES.items():
        audience |= Q(version__document__kind=kind, audience=who)
    sent = notice_rules.visible_to(user, "view").filter(audience, sent_on__isnull=False, dropped_at=None)
    newest = sent.filter(version__document=OuterRef("pk")).order_by("-sent_on", "-pk").values("pk")[:1]
    rows = Document.objects.filter(pk__in=documents, kind__in=CODES).annotate(told=Subquery(newest))
    found = {told: pk for pk, told in rows.values_list("pk", "told") if told}
    notices = CommunityNotice.objects.filter(pk__in=found).select_related("sent_by", "version", "school")
    return {found[notice.pk]: notice for notice in notices}


def people_of(version: Version, within: set[int], chosen: dict[str, Any]) -> QuerySet[User]:
    """Who has read a version and who has not, with `read_at`, `place` and `belongs`, as the filters say.

    Of a version that is no longer in force only who has read it is known. `within` are the schools whose people the
    reader of the page sees.
    """
    document, state = version.document, chosen.get("state")
    current = version.state == Version.State.IN_FORCE
    said = Acknowledgement.objects.filter(version=version, school__in=within).order_by()
    readers = readers_of(document, within)
    if not current:
        rows = User.objects.filter(pk__in=said.values("user"))
    elif state == OTHERS:
        rows = User.objects.filter(pk__in=said.values("user")).exclude(
            pk__in=readers_of(document).values("pk")
        )
    else:
        rows = readers
    held = members_who_read(document, within).filter(user=OuterRef("pk"))
    rows = with_read(rows, version).annotate(
        place=Subquery(held.order_by("school__name").values("school__name")[:1]),
        belongs=Exists(Membership.objects.active().filter(user=OuterRef("pk"))),
    )
    if current and state in ("read", "not"):
        rows = rows.filter(read_at__isnull=state == "not")
    if school := chosen.get("school"):
        at_school = members_who_read(document, within).filter(school__uuid=school)
        rows = rows.filter(pk__in=at_school.values("user"))
    for word in chosen.get("q", "").split():
        rows = rows.filter(full_name__icontains=word)
    return rows


def numbers_of(version: Version, within: set[int]) -> tuple[int, int, int]:
    """How many are asked to read a version, how many of them have, and how many others have: two counts."""
    said = Acknowledgement.objects.filter(version=version, school__in=within)
    others = said.exclude(user__in=readers_of(version.document).values("pk")).count()
    counted = with_read(readers_of(version.document, within), version).aggregate(
        asked=Count("pk"), have=Count("pk", filter=Q(read_at__isnull=False))
    )
    return counted["asked"], counted["have"], others


def by_school(version: Version, within: set[int]) -> QuerySet[Membership]:
    """For each school of a trust: how many are asked, and how many have. Without a school: the whole trust."""
    said = Exists(Acknowledgement.objects.filter(version=version, user=OuterRef("user")))
    rows = members_who_read(version.document, within).annotate(said=said, name=F("school__name"))
    return (
        rows.values("name", "school__uuid")
        .annotate(
            asked=Count("user", distinct=True), have_read=Count("user", distinct=True, filter=Q(said=True))
        )
        .order_by("name")
    )
