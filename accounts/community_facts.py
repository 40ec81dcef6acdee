"""What a notice for parents may say of the register: what stands on the school's public list, and no more."""

from accounts.register_selectors import official_accounts, publishing
from people.models import School
from policies.documents.suggested import facts_for
from policies.models import CommunityNotice


def public_accounts(school: School) -> list[str]:
    """The school's official accounts, one a line, where its profile makes the list public (STM-8.12)."""
    if not publishing([school]):
        return []
    listed = official_accounts([school])[school.pk]
    if not listed:
        return []
    names = "\n".join(
        f"{one.platform}: {one.name}" + (f" ({one.handle})" if one.handle else "") for one in listed
    )
    return [f"These are the official accounts of {school.name}:\n{names}"]


for _topic in (CommunityNotice.Topic.PLATFORMS, CommunityNotice.Topic.PEOPLE):
    facts_for(_topic, public_accounts)
