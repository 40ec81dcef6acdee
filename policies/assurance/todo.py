"""What assurance put on a person's to-do list."""

from typing import Any

from django.db.models import DateTimeField, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.urls import reverse

from core.roles import Role
from core.todo import line, lines_of, source
from people.models import Membership
from policies.assurance.access import remit_rules
from policies.assurance.remits import to_confirm

REMIT = line(
    "remit",
    "Confirm that the safeguarding lead's remit covers online safety",
    lambda key: reverse("policies:remit-confirm", args=[key]),
    "Confirm",
    rank=75,
)


@source
def _remits(user: Any) -> QuerySet | None:
    """Schools of the board and the executive team; never one where the person is DSL."""
    schools = remit_rules.schools(user, "confirm")
    if not schools:
        return None
    own = Membership.objects.active().filter(
        Q(school=OuterRef("pk")) | Q(trust__isnull=False, trust=OuterRef("trust")), user=user, role=Role.DSL
    )
    began = Cast(F("remit_due"), DateTimeField())
    rows = to_confirm(schools).filter(~Exists(own)).annotate(remit_began=began)
    return lines_of(rows, line=REMIT, key="uuid", place="name", since="remit_began", due_on=F("remit_due"))
