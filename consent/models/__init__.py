"""The tables of this room."""

from consent.models.asking import AnswerLink, Ask, LinkAsked, Round
from consent.models.check import CheckedPupil, CheckLeftover, CheckWords, ConsentCheck
from consent.models.importing import ColumnName, ImportRow, PupilImport
from consent.models.ledger import (
    WRITTEN,
    Answer,
    Effect,
    Position,
    Reply,
    ReplyWords,
    Route,
    Says,
    Scan,
    Standing,
    Weight,
)
from consent.models.mention import Mention
from consent.models.pupil import Contact, Pupil, Responsibility, Tie
from consent.models.purpose import SOCIAL, Basis, Channel, Medium, Purpose, Wording
from consent.models.standing import (
    Assessment,
    AssessmentWords,
    NeverShow,
    OtherPerson,
    PostSearch,
    RegisterReview,
)

__all__ = [
    "SOCIAL",
    "WRITTEN",
    "Answer",
    "AnswerLink",
    "Ask",
    "Assessment",
    "AssessmentWords",
    "Basis",
    "Channel",
    "CheckLeftover",
    "CheckWords",
    "CheckedPupil",
    "ColumnName",
    "ConsentCheck",
    "Contact",
    "Effect",
    "ImportRow",
    "LinkAsked",
    "Medium",
    "Mention",
    "NeverShow",
    "OtherPerson",
    "Position",
    "PostSearch",
    "Pupil",
    "PupilImport",
    "Purpose",
    "RegisterReview",
    "Reply",
    "ReplyWords",
    "Responsibility",
    "Round",
    "Route",
    "Says",
    "Scan",
    "Standing",
    "Tie",
    "Weight",
    "Wording",
]
