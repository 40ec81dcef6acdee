"""Who may do what with documents, and with the notices that are made for pupils and parents."""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q

from core.access import Rules, Standing, standing_of
from core.roles import EMPLOYED, Role, with_deputies
from people.models import School
from people.selectors import keeps_at
from policies.models import CommunityNotice, Document, Guidance, Version

KEEPERS = (Role.HEADTEACHER, Role.HEAD_OF_COMMS, Role.SENIOR_LEADER, Role.DPO)
"""Who keeps the documents of a school: writes drafts, sets dates, says what they cite."""
EVERYBODY = with_deputies((*EMPLOYED, Role.CONTRIBUTOR, Role.GOVERNANCE))
WATCHERS = (*KEEPERS, Role.DSL, Role.HR)
"""Who sees who has not read a document yet."""
FIGURES = (*WATCHERS, Role.GOVERNANCE)
"""Who sees how many have read a document: a board asks for numbers, and reads no names."""
TELLERS = (*KEEPERS, Role.OFFICE)
"""Who makes notices for pupils and parents and records them as sent."""
NOTICE_READERS = (*TELLERS, Role.DSL, Role.GOVERNANCE)
REVIEW = ("reviewer", "ratifier")
"""The settings that name who reviews and ratifies."""
WRITERS = ("reviewer",)
"""The setting that names who may write a draft beside the keepers."""

ADOPTED = (Version.State.IN_FORCE, Version.State.PAST)
"""States of a version that everybody may read: it is or was in force."""


def adopted() -> Q:
    """Documents of which a version is or was in force: the others are drafts, for their keepers alone."""
    return Q(Exists(Version.objects.filter(document=OuterRef("pk"), in_force_from__isnull=False)))


def trusts_of(schools: set[int]) -> Any:
    """The trusts to which schools belong, as a subquery."""
    return School.objects.filter(pk__in=schools, trust__isnull=False).values("trust")


def trust_documents(school: School) -> Any:
    """What holds for every school of a school's trust and is in use: a school may add a supplement to it."""
    rows = Document.objects.filter(for_trust=True, retired_at=None)
    return rows.filter(school__trust=school.trust_id) if school.trust_id else rows.none()


def _exported(user: Any, standing: Standing) -> Q | None:
    """What one may read on a page, at the schools where one may take it away."""
    schools = standing.schools(FIGURES)
    if not schools:
        return None
    here = Q(school__in=schools) | Q(for_trust=True, school__trust__in=trusts_of(schools))
    drafts = standing.schools(KEEPERS) | keeps_at(user, REVIEW) & schools
    return here & (adopted() | Q(school__in=drafts)) if drafts else here & adopted()


def _documents(user: Any, standing: Standing, action: str) -> Q | None:
    """What is in force at one's school, its trust's included; reviewers and ratifiers see theirs."""
    if action == "export":
        return _exported(user, standing)
    if action not in ("view", "review", "write"):
        return None
    named = keeps_at(user, WRITERS if action == "write" else REVIEW)
    found = Q(school__in=named) if named else None
    schools = standing.schools(EVERYBODY)
    if action == "view" and schools:
        here = Q(school__in=schools) | Q(for_trust=True, school__trust__in=trusts_of(schools))
        mine = here & adopted()
        found = mine if found is None else found | mine
    return found


class DocumentRules(Rules):
    """Rules that know the reviewers and ratifiers of each school's profile."""

    def schools(self, user: Any, action: str) -> set[int]:
        """The schools at which a role, or the school's own profile, grants the action."""
        found = super().schools(user, action)
        if action == "export":
            return standing_of(user).schools(FIGURES)
        named = {"review": REVIEW, "write": WRITERS}.get(action)
        return found | keeps_at(user, named) if named else found

    def allows_at(self, user: Any, action: str, school: Any) -> bool:
        """Whether the action is open at a school."""
        return school.pk in self.schools(user, action)


document_rules = DocumentRules(
    Document,
    {
        "view": KEEPERS,  # drafts too; everybody sees what is or was in force
        "keep": KEEPERS,
        "write": KEEPERS,  # the words of a draft; and the reviewers whom the profile names
        "review": KEEPERS,  # start one; who signs it is asked of the review itself
        "export": (),  # what one may view, to whoever sees how many have read it
    },
    by_name=_documents,
)


def _versions(user: Any, standing: Standing, action: str) -> Q | None:
    """What is or was in force, to everybody; reviewers and ratifiers see drafts of theirs."""
    if action != "view":
        return None
    named = keeps_at(user, REVIEW)
    found = Q(document__school__in=named) if named else None
    schools = standing.schools(EVERYBODY)
    if schools:
        here = Q(document__school__in=schools) | Q(
            document__for_trust=True, document__school__trust__in=trusts_of(schools)
        )
        mine = here & Q(state__in=ADOPTED)
        found = mine if found is None else found | mine
    return found


version_rules = Rules(
    Version,
    {"view": KEEPERS},  # drafts and what was not adopted; everybody sees what is or was in force
    school_field="document__school",
    by_name=_versions,
)


def _notices(user: Any, standing: Standing, action: str) -> Q | None:
    """What a trust's central team tells about a document of the whole trust, to those who tell at its schools."""
    schools = standing.schools(NOTICE_READERS)
    if action != "view" or not schools:
        return None
    hub = Q(version__document__for_trust=True, school=F("version__document__school"))
    return hub & Q(school__trust__in=trusts_of(schools))


notice_rules = Rules(
    CommunityNotice,
    {
        "view": NOTICE_READERS,
        "make": TELLERS,
        "send": TELLERS,
    },
    by_name=_notices,
)


def _guidance(user: Any, standing: Standing, action: str) -> Q | None:
    """What a trust's central team recorded is there for the keepers of all its schools."""
    schools = standing.schools(KEEPERS)
    if action != "view" or not schools:
        return None
    return Q(school__kind=School.Kind.CENTRAL, school__trust__in=trusts_of(schools))


guidance_rules = Rules(Guidance, {"view": KEEPERS, "keep": KEEPERS}, by_name=_guidance)
