"""Searching by words only in what a reader may read: what is withheld on a page is not found by it either."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from incidents.services.reports import without_addresses


def found_by_words(rows: QuerySet[Any], words: Iterable[str], fields: Iterable[str]) -> QuerySet[Any]:
    """The rows that hold every word in one of the fields, as their reader is shown them (CBC-10.03).

    The rows are annotated with `withheld`. In those every address is left out (`without_addresses`), so a word
    that stands in an address alone finds none of them. Costs one query more where there are words, of the few rows
    that are withheld and hold all of them.
    """
    words, fields = list(words), list(fields)
    if not words:
        return rows
    for word in words:
        rows = rows.filter(_any_of(fields, word))
    withheld = rows.filter(withheld=True).order_by().values_list("pk", *fields)
    hidden = [pk for pk, *texts in withheld if not _stand_in(texts, words)]
    return rows.exclude(pk__in=hidden) if hidden else rows


def _any_of(fields: list[str], word: str) -> Q:
    hit = Q()
    for field in fields:
        hit |= Q(**{f"{field}__icontains": word})
    return hit


def _stand_in(texts: list[str], words: list[str]) -> bool:
    said = [without_addresses(text).casefold() for text in texts]
    return all(any(word.casefold() in text for text in said) for word in words)
