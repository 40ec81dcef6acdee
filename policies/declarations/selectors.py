"""Reads of declarations for pages, the to-do list and the rooms above."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from people.models import School, User
from policies.declarations.access import declaration_rules, departure_rules
from policies.declarations.relationships import HEARD
from policies.models import Declaration, DeclarationStep, Departure


def lifted_for(user: User, school: School) -> QuerySet[Declaration]:
    """Noted links of a person that lift the ban on posting what could identify that pupil (CIT-4.09).

    Each carries the pupil's name in `text`. A link that has ended, or that nobody has noted yet, lifts nothing.
    """
    return Declaration.objects.filter(
        by=user, school=school, excepted=True, state__in=HEARD, shut_at=None
    ).select_related("text")


def unheard(user: Any) -> QuerySet[Declaration]:
    """What the person hears and nobody has noted yet, also where it has ended since. It asks no query by itself."""
    noted = Exists(DeclarationStep.objects.filter(declaration=OuterRef("pk"), did__in=HEARD))
    waits = Q(state=Declaration.State.SENT) | (Q(state=Declaration.State.ENDED) & ~Q(noted))
    return declaration_rules.visible_to(user, "hear").filter(waits)


def same_person(row: Declaration) -> list[Declaration]:
    """Other declarations of the same declarer that are in force and bear the same name, newest first."""
    if row.shut_at:
        return []
    name = row.text.person.casefold()
    others = (
        Declaration.objects.filter(by=row.by_id, school=row.school_id, shut_at=None)
        .exclude(pk=row.pk)
        .exclude(state=Declaration.State.ENDED)
        .select_related("text")
    )
    return [one for one in others[:500] if one.text.person.casefold() == name]


def to_answer(user: Any) -> QuerySet[Departure]:
    """Departures that wait for this person's answer. It asks no query by itself."""
    return departure_rules.visible_to(user, "answer").filter(state=Departure.State.SENT)


def to_advise(user: Any) -> QuerySet[Departure]:
    """Departures on which HR advice is asked of this person. It asks no query by itself."""
    return departure_rules.visible_to(user, "advise").filter(state=Departure.State.ADVICE)
