"""Tables and the showing of one value: behind every list page and summary list (design, section 9).

    COLUMNS = [Column("name", "Account", sortable=True), Column("state", "Status")]
    page = paginate(accounts.order_by(*ordering(request, COLUMNS, "name")))
    rows = [{"name": Link(a.name, a.get_absolute_url()), "state": Status(a.state)} for a in page]
    table = Table(COLUMNS, rows, "Social media accounts", request)

and in the template `{% data_table table %}`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Choices
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify

from core.statuses import status_html

# This portal speaks English; a date format of Django's costs ten times as much in a long table.
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
SCHEMES = {"http", "https", "mailto", "tel"}
NOTHING = mark_safe(  # fixed text
    '<span class="app-none"><span aria-hidden="true">–</span>'
    '<span class="govuk-visually-hidden">Nothing entered</span></span>'
)


class Link(NamedTuple):
    """A cell that is a link. `hidden` is read out after the text, to tell like links apart."""

    text: object
    url: str
    hidden: str = ""


@dataclass(frozen=True)
class Status:
    """A cell that is a status: a value of `core.statuses.STATUSES`."""

    value: object


@dataclass(frozen=True)
class Column:
    """One column. `order_by` is the database field to sort by where it is not the key itself."""

    key: str
    label: str
    sortable: bool = False
    numeric: bool = False
    order_by: str = ""


@dataclass(frozen=True)
class Head:
    """One column heading: `sort_url` is empty where the column does not sort."""

    column: Column
    sort_url: str
    aria_sort: str


def safe_href(url: object) -> str:
    """The address if a browser may follow it (a page of ours, http, https, mail, telephone), else "".

    Browsers ignore blanks and control characters inside an address, so they are left out of the
    judgement.
    """
    text = str(url or "")
    bare = re.sub(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202f\ufeff]+", "", text)
    scheme = re.match(r"([^/?#:]*):", bare)
    if scheme and scheme.group(1).lower() not in SCHEMES:
        return ""
    return text.strip()


def link_html(text: object, url: object, hidden: str = "", css_class: str = "govuk-link") -> SafeString:
    """A link, or the bare text where the address is not one to follow."""
    href = safe_href(url)
    if not href:
        return format_html("{}", text)
    more = format_html('<span class="govuk-visually-hidden"> {}</span>', hidden) if hidden else ""
    outside = mark_safe(' rel="noopener noreferrer"') if "//" in href[:8] else ""  # fixed text
    return format_html('<a class="{}" href="{}"{}>{}{}</a>', css_class, href, outside, text, more)


def date_text(value: date) -> str:
    """A date, or a moment in London time, in words: "3 March 2026", "3 March 2026 at 4:05pm" (or 4pm)."""
    if not isinstance(value, datetime):
        return f"{value.day} {MONTHS[value.month - 1]} {value.year}"
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    minutes = f":{local.minute:02}" if local.minute else ""
    half = "am" if local.hour < 12 else "pm"
    return f"{local.day} {MONTHS[local.month - 1]} {local.year} at {local.hour % 12 or 12}{minutes}{half}"


def value_html(value: object) -> SafeString:
    """Any value as HTML, escaped: text, number, yes/no, date, Link or (text, address), Status, list."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, Choices):
        return format_html("{}", value.label)
    if isinstance(value, str):
        return conditional_escape(value)
    if isinstance(value, bool):
        return mark_safe("Yes" if value else "No")  # fixed text
    if isinstance(value, date):
        return format_html('<time datetime="{}">{}</time>', value.isoformat(), date_text(value))
    if isinstance(value, Status):
        return status_html(value.value)
    if isinstance(value, Link) or (isinstance(value, tuple) and len(value) == 2):
        return link_html(*value)
    if isinstance(value, (list, tuple, set, frozenset)):
        return _list_html(value)
    return conditional_escape(value)


def _list_html(values: Iterable[object]) -> SafeString:
    """Several values, one under the other; a single one without bullets."""
    items = [value_html(each) for each in values]
    if len(items) <= 1:
        return items[0] if items else NOTHING
    inner = format_html_join("", "<li>{}</li>", ((item,) for item in items))
    return format_html('<ul class="govuk-list app-list-tight">{}</ul>', inner)


def sort_key(request: HttpRequest | None, columns: Sequence[Column], default: str = "") -> str:
    """The sort asked for in the address ("key" or "-key") if such a column sorts, else `default`."""
    asked = request.GET.get("sort", "") if request else ""
    known = {column.key for column in columns if column.sortable}
    return asked if asked.removeprefix("-") in known else default


def ordering(request: HttpRequest | None, columns: Sequence[Column], default: str = "") -> list[str]:
    """The arguments for `order_by`: the column asked for, then the key, so that pages never overlap."""
    asked = sort_key(request, columns, default)
    if not asked:
        return ["pk"]
    key = asked.removeprefix("-")
    by_key = {column.key: column.order_by or column.key for column in columns}
    down = "-" if asked.startswith("-") else ""
    return [down + by_key.get(key, key), "pk"]


def query_with(request: HttpRequest | None, **changes: object) -> str:
    """The query of this page with some values changed (None takes a value away): "?sort=name"."""
    query = request.GET.copy() if request else QueryDict(mutable=True)
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = str(value)
    return "?" + query.urlencode()


@dataclass
class Table:
    """A table of a list page: columns, rows and a caption.

    `rows` are mappings from column key to value, or sequences in column order; a value may be
    anything that `value_html` knows. The first column names the row. On a phone each row becomes a
    card; `stack=False` keeps the table and lets it scroll. `caption_hidden` keeps the caption for
    screen readers alone, where a heading above already says the same.
    """

    columns: Sequence[Column]
    rows: Iterable[Mapping[str, object] | Sequence[object]]
    caption: str
    request: HttpRequest | None = None
    default_sort: str = ""
    stack: bool = True
    caption_hidden: bool = False
    table_id: str = ""
    body: list[SafeString] = field(init=False)

    def __post_init__(self) -> None:
        self.table_id = self.table_id or f"table-{slugify(self.caption) or 'of-this-page'}"
        starts = [self._cell_start(column, place == 0) for place, column in enumerate(self.columns)]
        self.body = [self._row(row, starts) for row in self.rows]

    @property
    def heads(self) -> list[Head]:
        """The headings, with the link that sorts and the direction in force."""
        now = sort_key(self.request, self.columns, self.default_sort)
        return [self._head(column, now) for column in self.columns]

    def _head(self, column: Column, now: str) -> Head:
        if not column.sortable or self.request is None:
            return Head(column, "", "")
        direction = {column.key: "ascending", f"-{column.key}": "descending"}.get(now, "none")
        turned = f"-{column.key}" if direction == "ascending" else column.key
        return Head(column, query_with(self.request, sort=turned, page=None), direction)

    @staticmethod
    def _cell_start(column: Column, heads_row: bool) -> SafeString:
        """The opening tag of every cell of a column; built once, as cells are many."""
        if heads_row:
            kind = mark_safe('th scope="row" role="rowheader" class="govuk-table__header app-table__name')
        else:
            kind = mark_safe('td role="cell" class="govuk-table__cell')  # fixed text, as above
        numeric = " govuk-table__cell--numeric" if column.numeric else ""
        return format_html('<{}{}" data-label="{}">', kind, numeric, column.label)

    def _row(self, row: Mapping[str, object] | Sequence[object], starts: Sequence[SafeString]) -> SafeString:
        """The cells of one row: the first names the row."""
        if isinstance(row, Mapping):
            row = [row.get(column.key) for column in self.columns]
        cells = [start + value_html(value) for start, value in zip(starts, row, strict=True)]
        return mark_safe(cells[0] + "</th>" + "".join(f"{cell}</td>" for cell in cells[1:]))  # escaped above
