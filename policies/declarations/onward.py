"""What nobody is left to hear is led on to the next in the road (CIT-4.04, CBC-6.05).

Roles are frozen when something is told. Later they may be empty, or held by nobody but whoever told it: then the
next role is added as a hearer, and nothing is taken away. Where nobody is left at all, the next day looks again.
"""

from django.db.models import Exists, OuterRef, Q

from core.audit import audited, record
from core.notices import notify
from core.roles import Role
from core.sweeps import sweep
from people.selectors import holders
from policies.declarations import departures, relationships
from policies.declarations.policy_words import not_allowed
from policies.declarations.roads import NEXT, hears, next_of, rows_of, specs_of
from policies.models import Declaration, DeclarationHearer, DeclarationStep, Departure, DepartureHearer


def lead_on() -> int:
    """Look once a day at all that waits to be heard or answered; safe to run twice. Returns how many moved."""
    noted = DeclarationStep.objects.filter(declaration=OuterRef("pk"), did__in=relationships.HEARD)
    waits = Q(state=Declaration.State.SENT) | Q(~Exists(noted), state=Declaration.State.ENDED)
    declared = Declaration.objects.filter(waits).order_by("pk").values_list("pk", flat=True)
    told = Departure.objects.filter(state__in=departures.WAITING).order_by("pk").values_list("pk", flat=True)
    moved = sweep("declaration led on", list(declared), declaration_lead_on)
    return moved + sweep("departure led on", list(told), _departure)


def declaration_lead_on(pk: int) -> bool:
    """Lead one declaration on, if nobody is left to hear it; whether it moved. Safe to run twice."""
    with audited():
        rows = Declaration.objects.select_for_update(of=("self",), no_key=True).select_related("school", "by")
        row = rows.get(pk=pk)
        if row.state in relationships.HEARD:
            return False
        frozen = specs_of(row.hearers.all())
        heard_by = hears(row.school, row.by, list(row.names.values_list("pk", flat=True)))
        more = next_of(frozen, heard_by)
        lead = str(Role.DSL)
        if not_allowed(row.about, row.contact, row.excepted) and lead in frozen and not more:
            # The safeguarding lead's road is settled by itself: it may not end behind another role.
            onward = [spec for spec in frozen if spec in (lead, *NEXT)]
            more = next_of(onward, heard_by)
        if not more:
            return False
        DeclarationHearer.objects.bulk_create(
            [DeclarationHearer(declaration=row, **one) for one in rows_of(more)]
        )
        record("policies.declaration_led_on", school=row.school, subject=row, data={"roles": more})
        notify(
            "policies.declaration_made",
            recipients=relationships.hearers_of(row),
            about=row,
            key=f"{row.pk}:{more[0]}",
            link=relationships.url_of(row),
        )
    return True


def _departure(pk: int) -> bool:
    with audited():
        rows = Departure.objects.select_for_update(of=("self",), no_key=True).select_related("school", "by")
        row = rows.get(pk=pk)
        of_head = holders(row.school, Role.HEADTEACHER).filter(pk=row.by_id).exists()
        frozen = specs_of(row.hearers.filter(advises=False))
        more = next_of(frozen, hears(row.school, row.by), of_head=of_head)
        if not more or row.state not in departures.WAITING:
            return False
        DepartureHearer.objects.bulk_create([DepartureHearer(departure=row, **one) for one in rows_of(more)])
        record("policies.departure_led_on", school=row.school, subject=row, data={"roles": more})
        notify(
            "policies.departure_made",
            recipients=departures.answerers_of(row),
            about=row,
            key=f"{row.pk}:{more[0]}",
            link=departures.url_of(row),
        )
    return True
