"""Who we are: trusts, schools, people, their roles, and how each school governs."""

from people.models.change import PendingChange
from people.models.deputy import Deputy
from people.models.invitation import Invitation
from people.models.membership import Membership
from people.models.profile import GovernanceProfile, ProfileSetting
from people.models.school import School, Trust
from people.models.user import User

__all__ = [
    "Deputy",
    "GovernanceProfile",
    "Invitation",
    "Membership",
    "PendingChange",
    "ProfileSetting",
    "School",
    "Trust",
    "User",
]
