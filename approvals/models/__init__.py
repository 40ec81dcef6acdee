"""The tables of this room: the engine's own, and what is decided with it about the network."""

from approvals.models.engine import ApprovalRequest, ApprovalRound, ApprovalStep, Decision
from approvals.models.measure import MeasureReview, SecurityMeasure
from approvals.models.site import BlockedSite
from approvals.models.timed import ForWhom, Stage, TimedOpening
from approvals.models.unblock import OutsideLink, UnblockNote, UnblockRequest
from approvals.models.wifi import PupilWifi, WifiGate

__all__ = [
    "ApprovalRequest",
    "ApprovalRound",
    "ApprovalStep",
    "BlockedSite",
    "Decision",
    "ForWhom",
    "MeasureReview",
    "OutsideLink",
    "PupilWifi",
    "SecurityMeasure",
    "Stage",
    "TimedOpening",
    "UnblockNote",
    "UnblockRequest",
    "WifiGate",
]
