"""Where we speak: requests for social media accounts, the register, and the people on an account."""

from accounts.models.account import AccountRight, SocialAccount, SocialAccountGrant
from accounts.models.monitoring import (
    MonitoredAccount,
    MonitoringAction,
    MonitoringHearer,
    MonitoringRead,
    MonitoringReport,
)
from accounts.models.request import (
    AccountRequest,
    ConsultationMessage,
    ConsultedRole,
    ProposedPerson,
)
from accounts.models.rights import RightsRequest

__all__ = [
    "AccountRequest",
    "AccountRight",
    "ConsultationMessage",
    "ConsultedRole",
    "MonitoredAccount",
    "MonitoringAction",
    "MonitoringHearer",
    "MonitoringRead",
    "MonitoringReport",
    "ProposedPerson",
    "RightsRequest",
    "SocialAccount",
    "SocialAccountGrant",
]
