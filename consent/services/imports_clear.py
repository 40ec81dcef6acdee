"""Deleting imported files when the school's settings say so."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from consent.models import ImportRow, PupilImport
from consent.services.imports import IN_HAND
from core.audit import audited, record
from people.models import School
from people.selectors import profiles_of

DAYS = 30
"""Where the school has not chosen (`retention_raw_imports`)."""


def imports_clear() -> int:
    """Delete the file and the rows of every import whose days are over; its line with its counts stays.

    An import that nobody finished by then is put aside. Returns how many were cleared. Safe to run twice:
    the file goes first, and an import counts as cleared only once it is gone.
    """
    waiting = PupilImport.objects.filter(cleared_at=None)
    schools = list(School.objects.filter(pk__in=waiting.values("school")))
    profiles: dict[int, Any] = profiles_of(schools) if schools else {}
    done = 0
    for school in schools:
        days = profiles[school.pk].value("retention_raw_imports") or DAYS
        late = waiting.filter(school=school, at__lte=timezone.now() - timedelta(days=days))
        for key in late.exclude(status=PupilImport.Status.ACCEPTING).values_list("pk", flat=True):
            done += _clear(key)
    return done


def files_delete(school: School) -> int:
    """Delete the files of a school's settled imports now: one that was erased stands in them. Returns how many."""
    rows = PupilImport.objects.filter(school=school, cleared_at=None, settled_at__isnull=False)
    return sum(_clear(key) for key in list(rows.values_list("pk", flat=True)))


def _clear(key: int) -> int:
    with audited():
        load = (
            PupilImport.objects.select_for_update(of=("self",))
            .select_related("school")
            .filter(pk=key, cleared_at=None)
            .exclude(status=PupilImport.Status.ACCEPTING)
            .first()
        )
        if load is None:
            return 0
        if load.file:
            load.file.storage.delete(load.file.name)
        ImportRow.objects.filter(load=load).delete()
        now = timezone.now()
        if load.status in IN_HAND:
            load.status, load.settled_at, load.leased_until = PupilImport.Status.CANCELLED, now, None
        load.file, load.file_name, load.cleared_at = "", "", now
        load.headings, load.mapping, load.problem = [], {}, ""
        load.save()
        record("consent.import_cleared", school=load.school, subject=load)
    return 1
