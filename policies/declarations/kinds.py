"""The kind of approval of this part: permission to use the school's name, logo or published material."""

from approvals.kinds import ApprovalKind, register_kind
from policies.declarations import name_use
from policies.models import NameUse

register_kind(
    ApprovalKind(
        name=name_use.KIND,
        title="Name and logo",
        find=lambda request: NameUse.objects.select_related("school", "by").get(approval=request),
        url=name_use.url_of,
        declaration=lambda subject, step: (
            "I permit this use of the school's name, logo or published material, for the purpose and the time named."
        ),
        returnable=False,
        on_approved=name_use.name_use_granted,
    )
)
