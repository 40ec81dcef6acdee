"""Things to do on a case: by whom, until when, and that they were done."""

from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from core.audit import audited, record
from core.clock import end_of_day
from core.errors import Refused
from incidents.concerns.access import concern_rules
from incidents.concerns.selectors import readers_of, without
from incidents.concerns.services.chronology import entry_write, locked
from incidents.concerns.services.sending import tell
from incidents.models import Action, ActionKind, Concern, EntryKind
from incidents.services.reports import refuse_address
from people.models import User

FURTHEST = timedelta(days=366)


def action_add(*, actor: User, concern: Concern, text: str, owner: User, due_on: date) -> Action:
    """Something to do, by one of the case's readers, until a day. Raises PermissionDenied, or Refused."""
    concern_rules.require(actor, "handle", concern)
    text = " ".join(text.split())[:500]
    if not text:
        raise Refused("Say what is to be done.", field="text")
    _check_day(due_on)
    with audited():
        row = locked(concern)
        if row.image:
            refuse_address(text, "text")
        _check_owner(row, owner)
        due_at = end_of_day(due_on)
        if Action.objects.filter(concern=row, text=text, owner=owner, due_at=due_at, done_at=None).exists():
            raise Refused("This stands on the list of actions already.", field="text")
        action = Action.objects.create(concern=row, text=text, owner=owner, due_at=due_at, by=actor)
        entry_write(row, EntryKind.ACTION, by=actor, text=text, data=_data(action, owner))
        record("incidents.action_added", actor=actor, school=row.school, subject=row)
        tell(row, "incidents.concern_changed", without([owner], actor), key=f":action-new:{action.pk}")
    return action


def action_change(*, actor: User, action: Action, owner: User, due_on: date) -> Action:
    """Another owner or another day. A deadline of its own keeps its day. Raises Refused."""
    concern_rules.require(actor, "handle", action.concern)
    with audited():
        row = locked(action.concern)
        mine = _not_done(action)
        _check_owner(row, owner)
        due_at = mine.due_at
        if mine.kind == ActionKind.OTHER and timezone.localdate(mine.due_at) != due_on:
            _check_day(due_on)
            due_at = end_of_day(due_on)
        elif timezone.localdate(mine.due_at) != due_on:
            raise Refused("This day is a duty and cannot be moved.", field="due_on")
        if (mine.owner_id, mine.due_at) == (owner.pk, due_at):
            raise Refused("Choose another owner or another day. These are in force already.")
        moved = mine.due_at != due_at
        mine.owner, mine.due_at = owner, due_at
        if moved:
            mine.told_at = mine.late_told_at = None
        mine.save(update_fields=["owner", "due_at", "told_at", "late_told_at"])
        entry_write(row, EntryKind.ACTION, by=actor, data=_data(mine, owner))
        record("incidents.action_changed", actor=actor, school=row.school, subject=row)
        told = without([owner], actor)
        tell(row, "incidents.concern_changed", told, key=f":action-moved:{mine.pk}:{row.entries.count()}")
    return mine


def action_done(*, actor: User, action: Action, note: str = "") -> Action:
    """It is done: said by whoever handles the case, or by its owner. Raises PermissionDenied, or Refused.

    A deadline that the case brings with it is done by recording what it asks for.
    """
    concern_rules.require(actor, "add", action.concern)
    if action.owner_id != actor.pk and not concern_rules.allows(actor, "handle", action.concern):
        raise PermissionDenied("Only its owner or whoever handles the case says that an action is done")
    with audited():
        row = locked(action.concern)
        mine = _not_done(action)
        if mine.kind != ActionKind.OTHER:
            raise Refused("Record on the case what was done about it. That closes this line.")
        mine.done_at, mine.done_by = timezone.now(), actor
        mine.save(update_fields=["done_at", "done_by"])
        entry_write(row, EntryKind.ACTION_DONE, by=actor, text=note, data={"action": str(mine.uuid)})
        record("incidents.action_done", actor=actor, school=row.school, subject=row)
    return mine


def _not_done(action: Action) -> Action:
    mine = Action.objects.select_for_update(of=("self",), no_key=True).get(pk=action.pk)
    if mine.done_at:
        raise Refused("This is done already. Open the case again.")
    return mine


def _check_day(due_on: date) -> None:
    today = timezone.localdate()
    if not today <= due_on <= today + FURTHEST:
        raise Refused("Choose a day from today on, within a year.", field="due_on")


def _check_owner(concern: Concern, owner: User) -> None:
    if owner.pk not in {user.pk for user in readers_of(concern)}:
        raise Refused("Choose somebody who may read the case.", field="owner")


def _data(action: Action, owner: User) -> dict[str, str]:
    day = timezone.localdate(action.due_at)
    return {"action": str(action.uuid), "user": str(owner.uuid), "due": day.isoformat()}
