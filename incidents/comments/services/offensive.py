"""An offensive comment goes to the log of abuse too, or to the moderators where the school keeps none (RAV-7.01)."""

from dataclasses import dataclass
from uuid import uuid4

from core.audit import audited, record
from core.errors import Refused
from incidents.abuse.services import Seen, abuse_log
from incidents.comments.access import comment_rules
from incidents.comments.hearers import moderators
from incidents.comments.services.writing import Did, locked, step_write, tell
from incidents.models import AbuseNature, Against, Comment
from people.governance.profile import Profile
from people.models import User
from people.selectors import profile_of


@dataclass(frozen=True)
class Offence:
    """What kind of abuse it is, and against whom."""

    nature: str
    against: str


def comment_offensive(*, actor: User, comment: Comment, offence: Offence) -> Comment:
    """Report a comment as offensive. Raises PermissionDenied, or Refused."""
    comment_rules.require(actor, "handle", comment)
    with audited():
        row = locked(comment)
        if row.steps.filter(did=Did.ABUSE).exists():
            raise Refused("Somebody has reported it as offensive already.")
        offence_report(row, actor=actor, offence=offence, profile=profile_of(row.school))
    return row


def offence_report(row: Comment, *, actor: User, offence: Offence, profile: Profile) -> None:
    """Make the entry, or tell the moderators. Call it inside `audited()`, with the row locked or new."""
    if offence.nature not in AbuseNature.values:
        raise Refused("Choose what kind of abuse it is.", field="nature")
    if offence.against not in Against.values:
        raise Refused("Choose against whom it is.", field="against")
    if profile.abuse_log:
        row.offensive = abuse_log(
            actor=actor,
            school=row.school,
            once=uuid4(),
            seen=Seen(
                seen_at=row.received_at,
                author=row.author,
                words=row.words,
                nature=offence.nature,
                against=offence.against,
                account=row.account,
            ),
        )
        row.save(update_fields=["offensive"])
        words = ""
    else:
        words = f"{AbuseNature(offence.nature).label}, against: {Against(offence.against).label.lower()}"
        people = moderators(row, profile)
        tell(row, "incidents.comment_offensive", people, key=f"{row.pk}:abuse", but=actor)
    step_write(row, Did.ABUSE, actor, words)
    record(
        "incidents.comment_step", actor=actor, school=row.school, subject=row, data={"did": str(Did.ABUSE)}
    )
