"""What a review says, frozen under every signature, and who has signed it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from core.access import standing_of
from core.roles import spec_matches
from core.signatures import content_hash
from people.governance.profile import Profile
from people.models import School, User
from policies.documents.services import makers_of
from policies.models import Document, Review, ReviewSignature, Version

EQUALITY = (
    "As written, this policy does not discriminate on any ground, including against any of the protected "
    "characteristics of the Equality Act 2010."
)
"""What every reviewer confirms (CIT-2.03, STM-2.06)."""
OPEN = (Review.State.OPEN, Review.State.RATIFYING)


def declaration(title: str) -> str:
    """The text that a reviewer signs, with the role for which they do it."""
    return f"As {title}, I have reviewed this policy and agree with what this review says. {EQUALITY}"


def title_of(profile: Profile, spec: str) -> str:
    """A role in the school's own words."""
    role, _, post = spec.partition("/")
    return profile.title_of(role, post)


def holds(user: User, school: School, spec: str) -> bool:
    """Whether the person holds the role themselves, now. A deputy does not sign a review."""
    return any(spec_matches(spec, role, post) for role, post in standing_of(user).roles_at(school.pk))


def looked_at(review: Review) -> Version | None:
    """The version that was reviewed: the proposed one, else the one in force."""
    if review.proposed_id:
        return review.proposed
    return review.document.versions.filter(state=Version.State.IN_FORCE).first()


def draft_of(document: Document) -> Version | None:
    """The one draft of a document."""
    return document.versions.filter(state=Version.State.DRAFT).first()


def seen_hash(review: Review) -> str:
    """The hash of all that a reader of a review sees of it: what is signed, bound to its round."""
    version = looked_at(review)
    return content_hash(
        {
            "review": str(review.uuid),
            "round": review.round,
            "document": [str(review.document.uuid), review.document.title],
            "findings": review.findings,
            "changes": review.proposed_id is not None,
            "version": [version.number, version.sha256, version.edition, version.changes]
            if version
            else None,
            "next_review_on": review.next_review_on,
            "next_by_month": review.next_by_month,
            "reviewers": review.reviewers,
        }
    )


@dataclass(frozen=True)
class SignLine:
    """One reviewer's line: the role, and the signature of this round where there is one."""

    spec: str
    title: str
    signature: ReviewSignature | None


def lines_of(review: Review, profile: Profile, signatures: list[ReviewSignature]) -> list[SignLine]:
    """Who has signed and who is still to sign, in the order of the profile; only this round counts."""
    given = {one.spec: one for one in signatures if one.round == review.round}
    return [SignLine(spec, title_of(profile, spec), given.get(spec)) for spec in review.reviewers]


def to_sign(user: User, review: Review, lines: list[SignLine]) -> list[SignLine]:
    """The lines that this person may sign now: nobody signs for two roles."""
    if review.state != Review.State.OPEN or not review.findings:
        return []
    if any(line.signature and line.signature.user_id == user.pk for line in lines):
        return []
    school = review.document.school
    return [line for line in lines if line.signature is None and holds(user, school, line.spec)]


def day_words(day: date | None, by_month: bool) -> str:
    """A day for a review in words: "3 March 2026", "March 2026", or that there is none."""
    if day is None:
        return "None planned"
    return f"{day:%B} {day.year}" if by_month else f"{day.day} {day:%B} {day.year}"


def snapshot_of(
    review: Review, signatures: list[ReviewSignature], profile: Profile, both: list[str]
) -> dict[str, Any]:
    """What the ratifiers sign: the document, the version with its hash, the findings, the dates, the reviewers.

    `both` names who signed or wrote and may ratify too, as nobody else holds their role.
    """
    version, document = looked_at(review), review.document
    rows = [
        _row("document", "Document", document.title),
        _row("changes", "What changes", _changes(review)),
        _row("version", "Version", _version(version)),
        _row("hash", "SHA-256 of its words or file", version.sha256 if version else "None"),
        _row("findings", "What was looked at and found", review.findings),
        _row("was_due", "It was due", day_words(review.was_due_on, document.review_by_month)),
        _row("next", "Next review", day_words(review.next_review_on, review.next_by_month)),
        _row("equality", "Every reviewer confirmed", EQUALITY),
        _row("reviewers", "Reviewed and signed by", [_signed(one, profile) for one in signatures]),
    ]
    if review.proposed_id:
        makers = [maker.full_name for maker in makers_of(review.proposed)]
        rows.append(_row("makers", "Draft written or changed by", makers))
    if both:
        rows.append(_row("both", "May ratify too, as nobody else holds their role", both))
    return {
        "review": str(review.uuid),
        "round": review.round,
        "proposed": review.proposed.sha256 if review.proposed_id else None,
        "reviewers": [one.user_id for one in signatures],
        "signatures": [one.signature_id for one in signatures],
        "sections": [{"slug": "review", "title": "The review", "rows": rows}],
    }


def _row(key: str, label: str, value: str | list[str]) -> dict[str, Any]:
    return {"key": key, "label": label, "value": value, "clauses": ""}


def _changes(review: Review) -> str:
    if not review.proposed_id:
        return "Nothing changes. Only the next review gets its date."
    return review.proposed.changes or "A new version, without words on what changed."


def _version(version: Version | None) -> str:
    if version is None:
        return "None"
    parts = [f"Version {version.number}", version.edition, version.file_name]
    return ", ".join(part for part in parts if part)


def _signed(one: ReviewSignature, profile: Profile) -> str:
    return f"{one.user.full_name}, {title_of(profile, one.spec)}"
