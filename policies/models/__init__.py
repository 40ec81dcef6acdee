"""What we agreed: documents and their reviews, who read them, training, declarations, assurance."""

from policies.models.assurance import RemitConfirmation, TermStatement
from policies.models.declaration import (
    Declaration,
    DeclarationHearer,
    DeclarationHold,
    DeclarationNote,
    DeclarationStep,
    DeclarationText,
    Departure,
    DepartureHearer,
    DepartureStep,
    NameUse,
    Relation,
)
from policies.models.document import (
    Citation,
    CommunityNotice,
    DateChange,
    Document,
    DocumentKind,
    DocumentLink,
    DraftEdit,
    Guidance,
    GuidanceEdition,
    Readers,
    Version,
)
from policies.models.education import EducationEvent, EducationPeriod, Resource
from policies.models.reading import Acknowledgement
from policies.models.reference import CLAUSE_REF, Clause, Policy, clause_url
from policies.models.review import Review, ReviewSignature
from policies.models.training import Refresh, Training, TrainingDuty, TrainingRecord, TrainingSession

__all__ = [
    "CLAUSE_REF",
    "Acknowledgement",
    "Citation",
    "Clause",
    "CommunityNotice",
    "DateChange",
    "Declaration",
    "DeclarationHearer",
    "DeclarationHold",
    "DeclarationNote",
    "DeclarationStep",
    "DeclarationText",
    "Departure",
    "DepartureHearer",
    "DepartureStep",
    "Document",
    "DocumentKind",
    "DocumentLink",
    "DraftEdit",
    "EducationEvent",
    "EducationPeriod",
    "Guidance",
    "GuidanceEdition",
    "NameUse",
    "Policy",
    "Readers",
    "Refresh",
    "Relation",
    "RemitConfirmation",
    "Resource",
    "Review",
    "ReviewSignature",
    "TermStatement",
    "Training",
    "TrainingDuty",
    "TrainingRecord",
    "TrainingSession",
    "Version",
    "clause_url",
]
