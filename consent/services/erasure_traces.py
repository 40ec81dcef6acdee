"""What else remembers the name of a pupil or the address of a contact: pasted names, rows of files, mails."""

import json
from collections.abc import Iterable
from datetime import date

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from consent.models import AnswerLink, Ask, CheckLeftover, CheckWords, Contact, ImportRow, Pupil, Reply
from core.audit import subject_key
from core.models import Notice
from core.signatures import plain_name


def traces_clear(pupil: Pupil, contacts: Iterable[Contact]) -> None:
    """Empty what is outside the register itself. Call it while the names still stand there, in the same step."""
    _pasted_names(pupil)
    _rows_of_files(pupil)
    _mails(pupil, list(contacts))


def _pasted_names(pupil: Pupil) -> None:
    """Checks in which somebody typed this pupil's name: among those that were not found, or as what it is for."""
    words = set(pupil.search_name.split())
    if not pupil.last_name:
        return
    others = Pupil.objects.filter(school=pupil.school_id, erased_at=None, last_name=pupil.last_name)
    shared = others.exclude(pk=pupil.pk).exists()
    alone = set() if shared else set(plain_name(pupil.last_name).split())
    for model, field in ((CheckLeftover, "typed"), (CheckWords, "what")):
        rows = model.objects.filter(check_row__school=pupil.school_id).exclude(**{field: ""})
        gone = []
        for pk, text in rows.values_list("pk", field):
            found = set(plain_name(text).split())
            if len(words & found) > 1 or (alone and alone <= found):
                gone.append(pk)
        model.objects.filter(pk__in=gone).update(**{field: ""})


def _rows_of_files(pupil: Pupil) -> None:
    """Rows of imported files that are about the pupil, whether they were told apart or not."""
    rows = ImportRow.objects.filter(load__school=pupil.school_id)
    mine = Q(pupil=pupil)
    if pupil.upn:
        mine |= Q(text__contains=_as_stored(pupil.upn)) | Q(text__contains=pupil.upn)
    if pupil.local_id:
        mine |= Q(text__contains=f'"local_id": {_as_stored(pupil.local_id)}')
    if pupil.first_name and pupil.last_name:
        named = Q()
        for name in (pupil.first_name, pupil.last_name):
            named &= Q(text__contains=_as_stored(name)) | Q(text__contains=f'"{name}"')
        mine |= named
    rows.annotate(text=Cast("values", TextField())).filter(mine).delete()


def _as_stored(text: str) -> str:
    """A text as it stands inside JSON: databases differ in how they write its accents."""
    return json.dumps(text)


def _mails(pupil: Pupil, contacts: list[Contact]) -> None:
    """Notices to people without an account keep their address: those of contacts who go, and of the pupil."""
    owned = Q(pupil=pupil) | Q(contact__in=contacts)
    rows = [
        pupil,
        *contacts,
        *AnswerLink.objects.filter(owned),
        *Ask.objects.filter(owned),
        *Reply.objects.filter(pupil=pupil),
    ]
    subjects = [subject_key(row) for row in rows]
    Notice.objects.filter(subject__in=subjects).exclude(address="").delete()


def leftovers_clear(school: int, before: date) -> int:
    """Empty what somebody typed for checks that were made before a day. Returns how many."""
    old = {"check_row__school": school, "check_row__at__date__lt": before}
    words = CheckWords.objects.filter(**old).exclude(what="").update(what="")
    return words + CheckLeftover.objects.filter(**old).exclude(typed="").update(typed="")
