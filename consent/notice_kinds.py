"""What the portal writes about consent: a link, and no name of a pupil (subtle 110)."""

from consent.services.links import may_receive, own_link
from consent.services.rounds import asked_link, asked_may_receive
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
register_kind(
    "consent.link",
    NoticeKind(
        "Your link for photographs and videos at school",
        "Use this link to say whether the school may use photographs and videos, to see what you have said, "
        "and to change or withdraw it at any time.",
        own_link=own_link,
        may_receive=may_receive,
    ),
)
register_kind(
    "consent.confirmed",
    NoticeKind(
        "Your answer was recorded",
        "The school has recorded your answer about photographs and videos. Use this link at any time to see, "
        "change or withdraw it.",
        own_link=own_link,
        may_receive=may_receive,
    ),
)
register_kind(
    "consent.asked",
    NoticeKind(
        "Photographs and videos at school: we need your answer",
        "The school asks whether it may use photographs and videos. Use this link to answer each question, and "
        "later to see, change or withdraw what you said.",
        own_link=asked_link,
        may_receive=asked_may_receive,
    ),
)
register_kind(
    "consent.reminded",
    NoticeKind(
        "Photographs and videos at school: your answer is missing",
        "The school has no answer yet to its questions about photographs and videos. A no is an answer too. "
        "Use this link to give it.",
        own_link=asked_link,
        may_receive=asked_may_receive,
    ),
)
register_kind(
    "consent.asked_at_18",
    NoticeKind(
        "You are 18: your own answer about photographs and videos",
        "From your eighteenth birthday the school asks you, and not your parents, whether it may use "
        "photographs and videos of you. Use this link to answer, and later to change or withdraw what you said.",
        own_link=own_link,
        may_receive=may_receive,
    ),
)
register_kind(
    "consent.assess_soon",
    NoticeKind(
        "A pupil turns 18 soon: assess whether they understand",
        "A pupil turns 18 within 60 days. Record before the day whether they understand what they consent to.",
    ),
)
register_kind(
    "consent.assess_due",
    NoticeKind(
        "A pupil is 18 and was not assessed",
        "A pupil has turned 18, and nobody has recorded whether they understand what they consent to.",
    ),
)
register_kind(
    "consent.flag_set",
    NoticeKind(
        "Somebody must never be shown", "A pupil was put on the list of those never to be shown.", quiet=True
    ),
)
register_kind(
    "consent.flag_lifted",
    NoticeKind(
        "Somebody may be shown again",
        "A pupil was taken off the list of those never to be shown.",
        quiet=True,
    ),
)
