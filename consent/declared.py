"""Pupils whom a declaration of staff is about: linked by whoever hears it, shown to nobody else (CIT-4.04, BEC-4.08).

The name stands as it was typed; no link is made by itself, so that no declaration stands beside the wrong child. For
a parent the pupil is linked, whose page shows the contacts. Former pupils count until they are 18 where the school's
policy covers them (BEC-4.08, BEC-4.14): then they are found too, but not for a parent.
"""

from consent.models import Mention
from consent.services.mentions import MentionKind, mention_kind
from core.audit import record, subject_key
from people.selectors import profile_of
from policies.declarations.access import declaration_rules
from policies.declarations.keeping import ON_ERASED
from policies.declarations.relationships import url_of
from policies.models import Declaration


def _of_former(row: Declaration) -> bool:
    """Whether it may be about a pupil who left: as it says itself, or as the school's policy has it of all pupils."""
    if row.about == Declaration.About.PUPIL:
        return bool(profile_of(row.school).contact_former_pupils)
    return row.about == Declaration.About.FORMER


mention_kind(
    MentionKind(
        "declared",
        "Declaration of a colleague",
        declaration_rules,
        "hear",
        words=lambda row: "",
        by=lambda row: row.by,
        url=url_of,
        secret=True,
        former=_of_former,
    )
)


def links_erase(row: Declaration) -> None:
    """Take the links away when the words of a declaration are erased, in the same transaction."""
    for mention in Mention.objects.filter(subject=subject_key(row)):
        record("consent.pupil_unlinked", school=row.school, subject=mention)
        mention.delete()


if links_erase not in ON_ERASED:
    ON_ERASED.append(links_erase)
