"""Tables of the ground floor."""

from core.models.audit import AuditEvent, AuditHead
from core.models.feed import CalendarFeed
from core.models.kept_post import KeptPost
from core.models.notice import Notice
from core.models.platform import Platform, PlatformAge
from core.models.signature import Signature
from core.models.sweep_run import SweepRun

__all__ = [
    "AuditEvent",
    "AuditHead",
    "CalendarFeed",
    "KeptPost",
    "Notice",
    "Platform",
    "PlatformAge",
    "Signature",
    "SweepRun",
]
