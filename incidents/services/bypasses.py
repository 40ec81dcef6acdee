"""Attempts to get round the firewall, and bans from school computers (STM-9.04, BEC-4.27)."""

from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone

from core.audit import audited, record
from core.errors import Refused
from core.notices import notify
from core.roles import Role
from core.sweeps import sweep
from incidents.access import matter_rules
from incidents.models import About, Ban, Circumvention, DealtWith, Matter, MatterKind
from incidents.roads import bypass_road
from incidents.selectors import people_on, without
from incidents.services.reports import check_day
from incidents.services.sending import MOST_WORDS, Whom, matter_send, meant_by, url_of
from people.models import School, User
from people.selectors import holders

LONGEST_BAN = timedelta(days=366)


def bypass_record(
    *, actor: User, school: School, once: UUID, whom: Whom, happened_on: date, what: str
) -> Matter:
    """Record an attempt to get round the firewall. Raises PermissionDenied or Refused."""
    matter_rules.require_at(actor, "record", school)
    if whom.about not in (About.PUPIL, About.STAFF):
        raise Refused("Choose whether it was a pupil or a member of staff.", field="about")
    meant = meant_by(school, whom)
    if actor in meant.named:
        raise Refused("Somebody else records what is about you.", field="person")
    check_day(happened_on, "happened_on")
    if not what.strip():
        raise Refused("Say what happened.", field="what")

    def then(matter: Matter) -> None:
        text = what.strip()[:MOST_WORDS]
        Circumvention.objects.create(matter=matter, happened_on=happened_on, what=text)
        record("incidents.bypass_recorded", actor=actor, school=school, subject=matter)

    return matter_send(
        actor=actor,
        school=school,
        once=once,
        kind=MatterKind.BYPASS,
        meant=meant,
        road=bypass_road,
        then=then,
    )


def ban_set(*, actor: User, matter: Matter, starts: date, ends: date, supervision: str) -> Ban:
    """Ban the person from school computers, but under close supervision. A person decides, once."""
    matter_rules.require(actor, "ban", matter)
    today = timezone.localdate()
    if starts < today:
        raise Refused("A ban begins today or later.", field="starts")
    if not starts <= ends <= starts + LONGEST_BAN:
        raise Refused("The last day must be within a year of the first.", field="ends")
    if not supervision.strip():
        raise Refused("Say by whom and how the person is supervised closely.", field="supervision")
    with audited():
        row = (
            Matter.objects.select_for_update(of=("self",), no_key=True)
            .select_related("school")
            .get(pk=matter.pk)
        )
        if row.kind != MatterKind.BYPASS or Ban.objects.filter(matter=row).exists():
            raise Refused("A ban was set already. Open the page again to see it.")
        if DealtWith.objects.filter(matter=row).exists():
            raise Refused("It was decided already that there is no ban. Open the page again to see why.")
        ban = Ban.objects.create(
            matter=row, starts=starts, ends=ends, supervision=supervision.strip()[:MOST_WORDS], set_by=actor
        )
        record("incidents.ban_set", actor=actor, school=row.school, subject=row)
        _tell(row, "incidents.ban_set", without(people_on(row), actor))
    return ban


def ban_end(*, actor: User, ban: Ban, because: str) -> Ban:
    """End a ban before its last day, with a reason."""
    matter_rules.require(actor, "ban", ban.matter)
    if not because.strip():
        raise Refused("Say why it ends early.", field="because")
    with audited():
        row = (
            Ban.objects.select_for_update(of=("self",), no_key=True)
            .select_related("matter__school")
            .get(pk=ban.pk)
        )
        if row.status == "ended":
            raise Refused("The ban is over already.")
        row.ended_at, row.ended_by = timezone.now(), actor
        row.ended_because = because.strip()[:300]
        row.told_at = row.ended_at
        row.save(update_fields=["ended_at", "ended_by", "ended_because", "told_at"])
        record("incidents.ban_ended", actor=actor, school=row.matter.school, subject=row.matter)
        _tell_end(row, actor)
    return row


def bans_over() -> int:
    """Tell, once, whoever recorded it and IT of each ban whose last day has passed."""
    due = Ban.objects.filter(told_at=None, ended_at=None, ends__lt=timezone.localdate())
    return sweep("ban", due.values_list("pk", flat=True), _tell_if_over)


def _tell_if_over(key: int) -> bool:
    with audited():
        row = (
            Ban.objects.select_for_update(of=("self",), no_key=True)
            .select_related("matter__school")
            .get(pk=key)
        )
        if row.told_at or row.ended_at:
            return False
        row.told_at = timezone.now()
        row.save(update_fields=["told_at"])
        record("incidents.ban_over", school=row.matter.school, subject=row.matter)
        _tell_end(row)
    return True


def _tell_end(ban: Ban, *left_out: User) -> None:
    """Whoever recorded it, and IT as far as they may read it."""
    matter = ban.matter
    technicians = set(holders(matter.school, Role.IT).values_list("pk", flat=True))
    people = [user for user in people_on(matter) if user.pk in technicians or user.pk == matter.reporter_id]
    _tell(matter, "incidents.ban_over", without(people, *left_out))


def _tell(matter: Matter, kind: str, people: list[User]) -> None:
    notify(kind, recipients=people, about=matter, key=str(matter.pk), link=url_of(matter))
