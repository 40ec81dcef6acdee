"""What is done about a report: handing addresses over, blocking the site, closing it."""

from django.urls import reverse

from approvals.network.evidence_access import may_block
from approvals.network.sites import site_block
from core.addresses import parse_addresses
from core.audit import audited, record
from core.errors import Refused
from core.notices import notify
from core.roles import Role
from core.signatures import content_hash, sign
from incidents.access import matter_rules
from incidents.models import About, Ban, DealtWith, Handover, Matter, MatterKind, TechnicianPart
from incidents.roads import Step
from incidents.selectors import people_on, without
from incidents.services.reports import refuse_address
from incidents.services.sending import MOST_WORDS, add_steps, url_of
from people.models import User
from people.selectors import holders_of_any, profile_of

DECLARATION = "I have done what is written here, and what I was shown stays confidential."
BLOCKED_BECAUSE = "Inappropriate content was reported"


def _locked(matter: Matter) -> Matter:
    return (
        Matter.objects.select_for_update(of=("self",), no_key=True).select_related("school").get(pk=matter.pk)
    )


def may_hand_over(matter: Matter) -> bool:
    """Whether the addresses are still to hand over: nobody has them to block yet."""
    return (
        matter.kind == MatterKind.CONTENT
        and not any(step.blocks for step in matter.road.all())
        and not DealtWith.objects.filter(matter=matter).exists()
    )


def addresses_hand_over(*, actor: User, matter: Matter) -> Handover:
    """Let whoever blocks sites have addresses, nature and date of a report, and nothing else.

    Raises Refused where nobody is chosen for that, or all of them are named in it.
    """
    matter_rules.require(actor, "hand_over", matter)
    with audited():
        row = _locked(matter)
        known = Handover.objects.filter(matter=row).first()
        if known:
            return known
        if not may_hand_over(row):
            raise Refused("The technician has the addresses already, or the report is closed.")
        profile = profile_of(row.school)
        specs = [str(spec) for spec in profile.content_report_recipient or []]
        named = row.named.values("user")
        if not specs or not holders_of_any(row.school, specs).exclude(pk__in=named).exists():
            specs = [Role.IT.value]  # whoever looks after the network blocks sites anyway
        if not holders_of_any(row.school, specs).exclude(pk__in=named).exists():
            raise Refused(
                "Nobody can block the site: everyone who does that is named in this report. "
                "Ask somebody outside the school to block it."
            )
        add_steps(row, [Step(spec, reads=False, blocks=True) for spec in specs])
        handover = Handover.objects.create(matter=row, by=actor)
        record("incidents.addresses_handed_over", actor=actor, school=row.school, subject=row)
        notify(
            "incidents.to_block",
            recipients=without(people_on(row, "blocks"), actor),
            about=handover,
            key=str(row.pk),
            link=reverse("incidents:report-technician", args=[row.uuid]),
        )
    return handover


def technician_done(
    *, actor: User, matter: Matter, action_taken: str, blocked: bool, typed_name: str
) -> TechnicianPart:
    """Fill in and sign the technician's part (STM-14.06 to 14.09). Each site goes onto the school's list.

    Where a person is known the site is listed apart, so that the list gives nobody away.
    """
    matter_rules.require(actor, "block", matter)
    if not action_taken.strip():
        raise Refused("Say what you did.", field="action_taken")
    if blocked and not may_block(actor, matter.school):
        raise Refused("Your role no longer blocks sites at this school. Choose No.", field="blocked")
    with audited():
        row = _locked(matter)
        if TechnicianPart.objects.filter(matter=row).exists():
            raise Refused("The technician's part was filled in already. Open the page again to see it.")
        text = action_taken.strip()[:MOST_WORDS]
        signed = {"addresses": row.content.addresses, "action_taken": text, "blocked": blocked}
        signature = sign(
            actor=actor, typed_name=typed_name, declaration=DECLARATION, signed_hash=content_hash(signed)
        )
        part = TechnicianPart.objects.create(
            matter=row, action_taken=text, blocked=blocked, by=actor, signature=signature
        )
        if blocked:
            _list_sites(actor, row)
        record("incidents.technician_done", actor=actor, school=row.school, subject=row)
        notify(
            "incidents.technician_done",
            recipients=without(people_on(row), actor, row.reporter),
            about=row,
            key=str(row.pk),
            link=url_of(row),
        )
    return part


def _list_sites(actor: User, matter: Matter) -> None:
    """Put each site of a report onto the school's list (STM-9.05)."""
    private = matter.about != About.UNKNOWN
    for host in dict.fromkeys(one.host for one in parse_addresses(matter.content.addresses)):
        site_block(actor=actor, school=matter.school, host=host, because=BLOCKED_BECAUSE, private=private)


def matter_close(*, actor: User, matter: Matter, note: str) -> DealtWith:
    """A recipient closes what is about a person, or what has no technician.

    Whoever decides on a ban closes a record about the firewall, with the reason why there is none.
    """
    matter_rules.require(actor, "ban" if matter.kind == MatterKind.BYPASS else "deal", matter)
    if not note.strip():
        raise Refused("Say how it was dealt with.", field="note")
    if matter.kind == MatterKind.IMAGE:
        refuse_address(note, "note")
    with audited():
        row = _locked(matter)
        if not may_close(row):
            raise Refused("It is closed already. Open the page again to see by whom.")
        dealt = DealtWith.objects.create(matter=row, note=note.strip()[:MOST_WORDS], by=actor)
        record("incidents.dealt_with", actor=actor, school=row.school, subject=row)
    return dealt


def may_close(matter: Matter) -> bool:
    """Whether a recipient may close it: not closed yet, and the technician's part alone does not."""
    if DealtWith.objects.filter(matter=matter).exists():
        return False
    if matter.kind == MatterKind.BYPASS:
        return not Ban.objects.filter(matter=matter).exists()
    waits = matter.kind == MatterKind.CONTENT and matter.about == About.UNKNOWN
    return not (waits and people_on(matter, "blocks"))
