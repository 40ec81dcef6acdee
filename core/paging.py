"""One page of a long list: the keys are sorted and cut, and only the rows of the page are read whole."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet


def rows_in_order(rows: QuerySet, keys: Iterable[Any]) -> list[Any]:
    """Those of `rows` with these keys, in the order of the keys.

        page = Paginator(found.values_list("pk", flat=True), 25).get_page(number)
        accounts = rows_in_order(SocialAccount.objects.select_related("school"), page.object_list)

    Sorting twenty thousand wide rows to show twenty-five costs more than the page itself.
    """
    keys = list(keys)
    found = rows.in_bulk(keys)
    return [found[key] for key in keys if key in found]
