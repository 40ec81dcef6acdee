"""Pupils of the register whom a typed name may mean: only those whom the person may see anyway."""

import re
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

from consent.access import pupil_rules
from consent.models import Pupil
from core.signatures import plain_name
from people.models import School

MOST = 20
SMALL = frozenset(("of", "in", "year", "class", "the", "from", "a"))


def pupils_like(user: Any, school: School, typed: str) -> list[Pupil]:
    """Every word stands in a name or is the class; where nobody is found, any longer word may."""
    words = [word for word in re.findall(r"[\w'’-]+", typed) if word.casefold() not in SMALL]
    if not words:
        return []
    rows = pupil_rules.visible_to(user, "view").filter(school=school, erased_at=None)
    every = rows
    for word in words:
        every = every.filter(_is(word))
    found = list(every[:MOST])
    longer = [word for word in words if len(word) >= 3]
    if found or not longer:
        return found
    return list(rows.filter(reduce(or_, (_is(word) for word in longer)))[:MOST])


def _is(word: str) -> Q:
    return Q(search_name__contains=plain_name(word)) | Q(class_name__iexact=word)
