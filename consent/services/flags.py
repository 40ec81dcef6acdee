"""The flag "never show": set and lifted by the DSL, who alone reads why (RAV-9.08)."""

from django.urls import reverse
from django.utils import timezone

from consent.access import flag_rules, pupil_rules
from consent.models import NeverShow, PostSearch, Pupil
from consent.services.effects import posts_may_exist, search_raise
from consent.terms import terms_of
from core.audit import audited, record
from core.errors import Refused, Stale
from core.notices import notify
from core.roles import Role
from people.models import User
from people.selectors import holders, profile_of


def flag_set(*, actor: User, pupil: Pupil, reason: str) -> NeverShow:
    """Say that a pupil must never be shown, whatever anybody consents to (RAV-9.08).

    Where the pupil could be shown until now, whoever keeps the accounts looks for earlier posts; they are not
    told why. (A search for somebody who never could would tell it.) The events are about the flag,
    not about the pupil, so that no history of a pupil gives it away. Raises PermissionDenied; Refused without a
    reason, for a pupil who has it already, or whose data were erased.
    """
    pupil_rules.require(actor, "never_show", pupil)
    if not reason.strip():
        raise Refused("Say why this pupil must never be shown.", field="reason")
    with audited():
        row = Pupil.objects.select_for_update(of=("self",)).select_related("school").get(pk=pupil.pk)
        if row.erased_at:
            raise Refused("The data of this pupil were erased.")
        if NeverShow.objects.filter(pupil=row, lifted_at=None).exists():
            raise Refused("This pupil is not to be used already. Look at the list before you change it.")
        flag = NeverShow.objects.create(pupil=row, reason=reason.strip(), set_by=actor)
        profile = profile_of(row.school)
        if posts_may_exist(row, terms_of(profile)):
            search_raise(row, profile, why=PostSearch.Why.NEVER_SHOW)
        record("consent.flag_set", actor=actor, school=row.school, subject=flag)
        _tell("consent.flag_set", flag, row, actor)
    return flag


def flag_lift(*, actor: User, flag: NeverShow, reason: str) -> NeverShow:
    """Lift it: from now on the pupil's consent decides again. Raises PermissionDenied, Refused or Stale."""
    pupil_rules.require(actor, "never_show", flag.pupil)
    if not reason.strip():
        raise Refused("Say why the pupil may be shown again.", field="reason")
    with audited():
        pupil = Pupil.objects.select_for_update(of=("self",)).select_related("school").get(pk=flag.pupil_id)
        row = NeverShow.objects.select_for_update(of=("self",)).get(pk=flag.pk)
        if row.lifted_at:
            raise Stale("Somebody has lifted this already.")
        row.lifted_at, row.lifted_by, row.lifted_because = timezone.now(), actor, reason.strip()
        row.save(update_fields=["lifted_at", "lifted_by", "lifted_because"])
        record("consent.flag_lifted", actor=actor, school=pupil.school, subject=row)
        _tell("consent.flag_lifted", row, pupil, actor)
    return row


def flag_read(*, actor: User, flag: NeverShow) -> None:
    """Record that somebody read the reason."""
    flag_rules.require(actor, "view", flag)
    with audited():
        record("consent.flag_read", actor=actor, school=flag.pupil.school, subject=flag)


def _tell(kind: str, flag: NeverShow, pupil: Pupil, actor: User) -> None:
    """Tell the other DSLs of the school."""
    notify(
        kind,
        recipients=holders(pupil.school, Role.DSL).exclude(pk=actor.pk),
        about=flag,
        key=str(flag.pk),
        link=reverse("consent:flag-detail", args=[flag.uuid]),
    )
