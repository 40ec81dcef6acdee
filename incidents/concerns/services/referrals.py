"""Referrals to bodies outside: recorded first, with the advice that comes back (BEC-4.32 to 4.36)."""

import re
from datetime import datetime, timedelta

from django.utils import timezone

from core.audit import audited, record
from core.errors import Refused
from incidents.concerns.access import concern_rules
from incidents.concerns.meant import meant_people
from incidents.concerns.selectors import excluded_from, on_the_road, without
from incidents.concerns.services.chronology import entry_write, locked
from incidents.concerns.services.deadlines import duty_done
from incidents.concerns.services.police import check_caller, needs_wish, refuse_twice, refused_wish
from incidents.concerns.services.sending import tell
from incidents.concerns.told import FURTHEST_BACK
from incidents.models import ActionKind, Body, Concern, Entry, EntryKind, Referral, Waiting
from incidents.services.reports import refuse_address
from people.governance.profile import Profile
from people.models import User
from people.selectors import profile_of

DUTIES = {
    Body.LADO: ActionKind.LADO,
    Body.HR: ActionKind.HR,
    Body.POLICE: ActionKind.POLICE,
}
"""The deadline that a referral to a body meets."""
WAITS = {Body.LADO: Waiting.LADO, Body.HR: Waiting.HR, Body.POLICE: Waiting.POLICE}
A_MOMENT = timedelta(minutes=2)
"""Clocks of two computers differ a little."""


_POLICE = re.compile(r"\bpolic|\bconstabular|\b999\b|\b101\b", re.I)


def forced_hold(profile: Profile, body: str) -> bool:
    """Whether the school's policy lets nothing be done before this body has advised (BEC-4.36, CBC-10.09)."""
    if body == Body.LADO:
        return bool(profile.lado_hold)
    return body == Body.HR and bool(profile.staff_concern_hr_advice)


def always_asked(profile: Profile, body: str, *, image: bool = False) -> bool:
    """Whether the school's rule is that this body is asked in every such case (BEC-4.32, CBC-10.06, CBC-10.08)."""
    if body == Body.LADO:
        return profile.lado_rule == "always"
    if body == Body.POLICE:
        return image and profile.indecent_image_pupil_route == "police_always"
    return body == Body.HR and bool(profile.staff_concern_hr_advice)


def referral_add(
    *,
    actor: User,
    concern: Concern,
    body: str,
    body_name: str = "",
    made_at: datetime | None = None,
    made_by: str = "",
    caller: User | None = None,
    reference: str = "",
    not_made_because: str = "",
    holds: bool = False,
    emergency: bool = False,
    override: str = "",
) -> Referral:
    """Record that a body outside was contacted, or why it was not (RAV-2.05, RAV-5.12).

    `caller` is the colleague who contacted it, else `made_by` says who. `override` says why the school departs
    from its own rule. The deadline for it is met. Raises PermissionDenied, or Refused.
    """
    concern_rules.require(actor, "handle", concern)
    if body not in Body.values:
        raise Refused("Choose to whom it is referred.", field="body")
    if body == Body.OTHER and not body_name.strip():
        raise Refused("Enter the name of the body.", field="body_name")
    if body == Body.OTHER and _POLICE.search(body_name):
        raise Refused("Choose the police from the list.", field="body")
    profile = profile_of(concern.school)
    not_made_because, override = not_made_because.strip()[:300], override.strip()
    if made_at is None:
        _check_not_made(concern, profile, body, not_made_because, override)
    else:
        _check_made(concern, profile, body, made_at, made_by, caller, emergency=emergency, override=override)
    with audited():
        row = locked(concern)
        _check_addresses(row, body_name, made_by, reference, not_made_because, override)
        values = {
            "body": body,
            "body_name": _plain(body_name, 150) if body == Body.OTHER else "",
            "made_at": made_at,
            "made_by": _name(caller, made_by) if made_at else "",
            "reference": _plain(reference, 80),
            "not_made_because": "" if made_at else not_made_because,
        }
        if row.referrals.filter(**values).exists():
            raise Refused("This referral is recorded already.")
        passed = made_at is None and bool(override)
        referral = Referral.objects.create(
            concern=row,
            by=actor,
            holds=made_at is not None and (bool(holds) or forced_hold(profile, body)),
            overridden_at=timezone.now() if passed else None,
            overridden_by=actor if passed else None,
            **values,
        )
        _written(row, referral, actor, not_made_because, override)
        record("incidents.concern_referred", actor=actor, school=row.school, subject=row)
    return referral


def referral_made(
    *,
    actor: User,
    referral: Referral,
    made_at: datetime | None,
    made_by: str = "",
    caller: User | None = None,
    reference: str = "",
    holds: bool = False,
    emergency: bool = False,
    override: str = "",
) -> Referral:
    """A body that had not been contacted was contacted now. Raises PermissionDenied, or Refused."""
    concern = referral.concern
    concern_rules.require(actor, "handle", concern)
    if made_at is None:
        raise Refused("Enter the day on which they were contacted.", field="made_on")
    profile, override = profile_of(concern.school), override.strip()
    _check_made(
        concern, profile, referral.body, made_at, made_by, caller, emergency=emergency, override=override
    )
    with audited():
        row = locked(concern)
        _check_addresses(row, made_by, reference, override)
        mine = Referral.objects.select_for_update(of=("self",), no_key=True).get(pk=referral.pk)
        if mine.made_at is not None:
            raise Refused("This referral is recorded already. Open the page again.")
        mine.made_at, mine.made_by = made_at, _name(caller, made_by)
        mine.reference = _plain(reference, 80)
        mine.holds = bool(holds) or forced_hold(profile, mine.body)
        mine.overridden_at = mine.overridden_by = None
        mine.save(
            update_fields=["made_at", "made_by", "reference", "holds", "overridden_at", "overridden_by"]
        )
        _written(row, mine, actor, "", override)
        record("incidents.concern_referred", actor=actor, school=row.school, subject=row)
    return mine


def advice_record(
    *,
    actor: User,
    referral: Referral,
    advice: str,
    advised_at: datetime | None,
    reference: str = "",
    suspend: bool | None = None,
) -> Entry:
    """The advice that came back; what was held by it is free (BEC-4.35). Raises PermissionDenied, or Refused.

    `suspend`: whether they advised to suspend somebody; None when they said nothing about it.
    """
    concern = referral.concern
    concern_rules.require(actor, "handle", concern)
    if not advice.strip():
        raise Refused("Write down what they advised.", field="advice")
    if advised_at is None or advised_at > timezone.now() + A_MOMENT:
        raise Refused("Check the day and time: advice cannot come in the future.", field="advised_on")
    with audited():
        row = locked(concern)
        mine = Referral.objects.select_for_update(of=("self",), no_key=True).get(pk=referral.pk)
        if mine.made_at is None:
            raise Refused("Record first when they were contacted.")
        if advised_at < mine.made_at:
            raise Refused("Check the day and time: it is before they were contacted.", field="advised_on")
        if mine.advised_at is not None:
            raise Refused("Their advice is recorded already. Add what came later as a note.")
        _check_addresses(row, reference)
        data = {"body": mine.body, "referral": str(mine.uuid), "suspend": suspend}
        if mine.reference and _plain(reference, 80) not in ("", mine.reference):
            data["reference_was"] = mine.reference
        mine.advised_at = advised_at
        mine.reference = _plain(reference, 80) or mine.reference
        mine.save(update_fields=["advised_at", "reference"])
        _waits_no_more(row, mine.body)
        entry = entry_write(
            row,
            EntryKind.ADVICE,
            by=actor,
            text=advice,
            happened_at=advised_at,
            data=data,
        )
        record("incidents.concern_advised", actor=actor, school=row.school, subject=row)
        tell_road(row, actor, entry)
    return entry


def hold_override(*, actor: User, referral: Referral, reason: str) -> Entry:
    """Go ahead before the advice has come, with a reason that its road reads. Raises Refused."""
    concern = referral.concern
    concern_rules.require(actor, "handle", concern)
    if not reason.strip():
        raise Refused("Say why you go ahead before the advice has come.", field="reason")
    with audited():
        row = locked(concern)
        mine = Referral.objects.select_for_update(of=("self",), no_key=True).get(pk=referral.pk)
        if not mine.is_holding:
            raise Refused("Nothing waits for this advice any more. Open the page again.")
        mine.overridden_at, mine.overridden_by = timezone.now(), actor
        mine.save(update_fields=["overridden_at", "overridden_by"])
        _waits_no_more(row, mine.body)
        entry = _overridden(row, mine, actor, reason)
        record("incidents.concern_overridden", actor=actor, school=row.school, subject=row)
    return entry


def conduct_classify(*, actor: User, concern: Concern, illegal: bool | None, reasons: str) -> Entry:
    """Say whether conduct may be illegal, or is unacceptable and dealt with inside (RAV-5.11, RAV-5.12).

    It refers nothing by itself: the page of the case says which referrals are still missing.
    """
    concern_rules.require(actor, "handle", concern)
    if illegal is None:
        raise Refused("Choose whether it may be illegal.", field="illegal")
    if not reasons.strip():
        raise Refused("Say why.", field="reasons")
    with audited():
        row = locked(concern)
        data = {"illegal": illegal}
        refuse_twice(row, EntryKind.DECISION, data, reasons)
        entry = entry_write(row, EntryKind.DECISION, by=actor, text=reasons, data=data)
        record("incidents.concern_decided", actor=actor, school=row.school, subject=row)
    return entry


def tell_road(concern: Concern, actor: User, entry: Entry) -> None:
    """Its road hears that something has changed, and nothing more. Inside the transaction."""
    people = without(on_the_road(concern), actor)
    tell(concern, "incidents.concern_changed", people, key=f":entry:{entry.pk}")


def _check_not_made(concern: Concern, profile: Profile, body: str, because: str, override: str) -> None:
    if not because:
        raise Refused("Say why they were not contacted.", field="not_made_because")
    if always_asked(profile, body, image=concern.image) and not override:
        name = Body(body).label
        raise Refused(
            f"Your school’s rule is that {name} is asked in every such case. Contact them, or say why you "
            "depart from the rule.",
            field="override",
        )


def _check_made(
    concern: Concern,
    profile: Profile,
    body: str,
    made_at: datetime,
    made_by: str,
    caller: User | None,
    *,
    emergency: bool,
    override: str,
) -> None:
    now = timezone.now()
    if not now - FURTHEST_BACK <= made_at <= now + A_MOMENT:
        raise Refused("Check the day and time: it cannot be in the future.", field="made_on")
    if caller is None and not made_by.strip():
        raise Refused("Enter the name of whoever contacted them.", field="made_by")
    _check_not_excluded(concern, body, caller, made_by)
    if body != Body.POLICE:
        return
    check_caller(concern, profile, caller=caller, typed=made_by, emergency=emergency)
    if needs_wish(concern, profile) and not override and (not emergency or refused_wish(concern)):
        raise Refused(
            "At your school an adult who is bullied decides whether the police are told. Record their wish "
            "first, or say which risk of harm makes it necessary all the same.",
            field="override",
        )


def _check_not_excluded(concern: Concern, body: str, caller: User | None, typed: str) -> None:
    """Nobody whom it concerns, or who stood back, contacts a body; about the police `check_caller` says more."""
    named = [caller] if caller is not None else meant_people(concern.school, "", typed)
    out = set(excluded_from(concern))
    if body != Body.POLICE and named and all(user.pk in out for user in named):
        field = "person" if caller is not None else "made_by"
        raise Refused("Choose somebody else: whom the case concerns contacts nobody about it.", field=field)


def _check_addresses(concern: Concern, *texts: str) -> None:
    """Where an image is involved no address is taken, in no field."""
    if concern.image:
        for text in texts:
            refuse_address(text, "")


def _written(concern: Concern, referral: Referral, actor: User, text: str, override: str) -> None:
    """The lines in the chronology, the deadline, and whom the case waits for now."""
    made = referral.made_at is not None
    data = {"body": referral.body, "referral": str(referral.uuid), "made": made}
    entry_write(concern, EntryKind.REFERRAL, by=actor, text=text, happened_at=referral.made_at, data=data)
    if override:
        _overridden(concern, referral, actor, override)
    if referral.body in DUTIES:
        duty_done(concern, DUTIES[Body(referral.body)], actor)
    if referral.is_holding and made:
        concern.waiting_for = WAITS.get(Body(referral.body), Waiting.AGENCY)
        concern.save(update_fields=["waiting_for"])


def _overridden(concern: Concern, referral: Referral, actor: User, reason: str) -> Entry:
    data = {"body": referral.body, "referral": str(referral.uuid)}
    entry = entry_write(concern, EntryKind.OVERRIDE, by=actor, text=reason, data=data)
    tell_road(concern, actor, entry)
    return entry


def _waits_no_more(concern: Concern, body: str) -> None:
    """The case waits for the next body whose advice holds it, or for nobody."""
    if concern.waiting_for == WAITS.get(Body(body), Waiting.AGENCY):
        rows = Referral.objects.filter(concern=concern).exclude(made_at=None)
        left = next((row.body for row in rows if row.is_holding), None)
        concern.waiting_for = WAITS.get(Body(left), Waiting.AGENCY) if left else Waiting.NOBODY
        concern.save(update_fields=["waiting_for"])


def _name(caller: User | None, typed: str) -> str:
    return caller.full_name[:150] if caller is not None else _plain(typed, 150)


def _plain(words: str, most: int) -> str:
    return " ".join(words.split())[:most]
