"""Erasing what identifies a former pupil; the ledger keeps ids and facts (quality E8)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from consent.access import pupil_rules
from consent.models import (
    AnswerLink,
    AssessmentWords,
    Contact,
    NeverShow,
    OtherPerson,
    PostSearch,
    Pupil,
    PupilImport,
    Reply,
    ReplyWords,
    Scan,
    Tie,
)
from consent.services.erasure_traces import leftovers_clear, traces_clear
from consent.services.imports import OPEN
from consent.services.imports_clear import files_delete
from core.audit import audited, record, subject_key
from core.errors import Refused
from core.models import AuditEvent
from core.sweeps import sweep, sweep_due
from people.models import School, User
from people.selectors import profiles_of

PUT_OFF = "consent.erasure_put_off"
REMIND = timedelta(days=30)
"""A refusal is recorded this often at most."""
OPEN_SEARCH = "open_search"
WHY_KEPT = {
    OPEN_SEARCH: "Somebody still looks for earlier posts that show this pupil. Finish that first.",
}
"""Nothing that its reader may not know of puts it off: a report keeps its own words, and would give itself away."""


@dataclass(frozen=True)
class Cut:
    """The first leaving day of a school that is not over long enough ago yet."""

    school: int
    before: date


def why_kept(pupil: Pupil) -> str:
    """Why the data of a former pupil must stay for now: a key of WHY_KEPT, or "" where they may go."""
    return OPEN_SEARCH if Pupil.objects.filter(searching(), pk=pupil.pk).exists() else ""


def pupil_erase(*, actor: User, pupil: Pupil) -> Pupil:
    """Erase one former pupil on request. Raises PermissionDenied; Refused for somebody who is at the school, or
    while another record needs the data (the refusal is recorded). Doing it twice changes nothing.
    """
    pupil_rules.require(actor, "erase", pupil)
    kept = ""
    with audited():
        School.objects.select_for_update(of=("self",)).get(pk=pupil.school_id)
        if PupilImport.objects.filter(school=pupil.school_id, status__in=OPEN).exists():
            raise Refused("A file of pupils waits to be taken over. Accept it or put it aside first.")
        row = _locked(pupil.pk)
        if row.erased_at:
            return row
        if not row.has_left(timezone.localdate()):
            raise Refused("This pupil is at the school. Record the last day at the school first.")
        kept = why_kept(row)
        if kept:
            record(
                "consent.erasure_put_off", actor=actor, school=row.school, subject=row, data={"reason": kept}
            )
        else:
            _erase(row, actor)
    if kept:
        raise Refused(WHY_KEPT[kept])
    scans_delete(row)
    files_delete(row.school)
    return row


def erase_due(limit: int = 500) -> int:
    """Erase every former pupil whose time is over by the school's setting; safe to run twice.

    Returns how many were erased. Other people who may be shown again, and old pasted names, go with them; a
    file that could not be deleted is tried again.
    """
    today = timezone.localdate()
    cuts = list(_cuts(today))
    if not cuts:
        return 0
    due = Q(pk__in=[])
    for cut in cuts:
        due |= Q(school=cut.school, leaves_on__lt=cut.before)
    rows = Pupil.objects.filter(due, erased_at=None).order_by("leaves_on", "pk")
    done = sweep_due("erasure", rows.exclude(searching()), _erase_one, by="leaves_on", limit=limit)
    sweep("put off", list(rows.filter(searching()).values_list("pk", flat=True)), _put_off)
    for cut in cuts:
        _others_clear(cut.school, cut.before)
        leftovers_clear(cut.school, cut.before)
    scans_delete()
    return done


def _cuts(today: date) -> Iterator[Cut]:
    """The schools that have chosen how long records of consent are kept, and where it cuts."""
    schools = list(School.objects.select_related("trust"))
    profiles = profiles_of(schools)
    for school in schools:
        years = profiles[school.pk].retention_image_consent
        if years:
            yield Cut(school.pk, years_before(today, years))


def years_before(day: date, years: int) -> date:
    """The same day some years ago; 29 February is 1 March in a year without it."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 3, 1)


def searching() -> Exists:
    """Whether somebody still looks for posts that show the pupil, and needs the name for it."""
    return Exists(PostSearch.objects.filter(pupil=OuterRef("pk"), done_at=None))


def _locked(pk: int) -> Pupil:
    return Pupil.objects.select_for_update(of=("self",)).select_related("school").get(pk=pk)


def _erase_one(pk: int) -> bool:
    with audited():
        row = _locked(pk)
        waiting = PupilImport.objects.filter(school=row.school, status__in=OPEN)
        if row.erased_at or why_kept(row) or waiting.exists():
            return False
        _erase(row, None)
    return True


def _put_off(pk: int) -> bool:
    """Record that the data stay and why, once a month."""
    with audited():
        row = _locked(pk)
        kept = why_kept(row)
        last = last_refusal(row)
        if not kept or row.erased_at or (last and last > timezone.now() - REMIND):
            return False
        record("consent.erasure_put_off", school=row.school, subject=row, data={"reason": kept})
    return True


EMPTIED = (
    *("upn", "local_id", "first_name", "last_name", "preferred_name", "search_name"),
    *("year_group", "class_name", "email"),
)


def _erase(row: Pupil, actor: User | None) -> None:
    """Empty everything that identifies; the ledger stays. Inside an `audited()` block, with the row locked."""
    now = timezone.now()
    contacts = _contacts_left_alone(row)
    traces_clear(row, contacts)
    for field in EMPTIED:
        setattr(row, field, "")
    row.born, row.erased_at, row.changed_at = None, now, now
    row.save(update_fields=[*EMPTIED, "born", "erased_at", "changed_at"])
    Tie.objects.filter(pupil=row).update(relationship="", active=False)
    AnswerLink.objects.filter(Q(pupil=row) | Q(contact__in=contacts), revoked_at=None).update(revoked_at=now)
    Contact.objects.filter(pk__in=[one.pk for one in contacts]).update(
        name="", email="", local_id="", erased_at=now
    )
    ReplyWords.objects.filter(reply__pupil=row).update(text="")
    AssessmentWords.objects.filter(assessment__pupil=row).update(text="")
    NeverShow.objects.filter(pupil=row, lifted_at=None).update(lifted_at=now)
    NeverShow.objects.filter(pupil=row).update(reason="", lifted_because="")
    PostSearch.objects.filter(pupil=row).update(words="")
    record(
        "consent.pupil_erased",
        actor=actor,
        school=row.school,
        subject=row,
        data={"contacts": len(contacts), "scans": Scan.objects.filter(reply__pupil=row).count()},
    )


def _contacts_left_alone(row: Pupil) -> list[Contact]:
    """The pupil's contacts who answer for nobody else any more."""
    others = Tie.objects.filter(contact=OuterRef("pk"), pupil__erased_at=None).exclude(pupil=row)
    answered = Reply.objects.filter(pupil=row, contact=OuterRef("pk"))
    mine = Tie.objects.filter(contact=OuterRef("pk"), pupil=row)
    rows = Contact.objects.select_for_update(of=("self",)).filter(Exists(mine) | Exists(answered))
    return list(rows.filter(erased_at=None).exclude(Exists(others)).order_by("pk"))


def scans_delete(pupil: Pupil | None = None) -> int:
    """Delete the files of erased pupils' scans; the row keeps its hash. One that fails is met again.

    Returns how many went.
    """
    rows = Scan.objects.filter(reply__pupil__erased_at__isnull=False).exclude(file="")
    if pupil is not None:
        rows = rows.filter(reply__pupil=pupil)
    return sweep("scan", list(rows.values_list("pk", flat=True)), _scan_delete)


def _scan_delete(pk: int) -> bool:
    scan = Scan.objects.get(pk=pk)
    scan.file.delete(save=False)
    Scan.objects.filter(pk=pk).update(file="")
    return True


def _others_clear(school: int, before: date) -> None:
    """People besides pupils who had said no and took it back so long ago."""
    gone = OtherPerson.objects.filter(school=school, ended_at__date__lt=before)
    gone = gone.exclude(name="", description="").select_related("school")
    for row in gone:
        with audited():
            OtherPerson.objects.filter(pk=row.pk).update(name="", search_name="", description="", user=None)
            record("consent.other_person_erased", school=row.school, subject=row)


def last_refusal(pupil: Pupil) -> datetime | None:
    """When erasing was last put off, if it was."""
    found = AuditEvent.objects.filter(action=PUT_OFF, subject=subject_key(pupil)).order_by("-number").first()
    return found.at if found else None
