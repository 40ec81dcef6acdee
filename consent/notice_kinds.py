"""What the portal writes about consent: a link, and no name of a pupil (subtle 110)."""

from core.notices import NoticeKind, register_kind

register_kind(
    "consent.withdrawn",
    NoticeKind("Consent was withdrawn or changed", "Somebody has withdrawn or changed consent for a pupil."),
)
register_kind(
    "consent.look_for_posts",
    NoticeKind("Earlier posts to look for", "Look for earlier posts that show a pupil."),
)
register_kind(
    "consent.to_check",
    NoticeKind("An answer to check", "Somebody answered whose parental responsibility is not recorded."),
)
