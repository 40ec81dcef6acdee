"""The page components: one tag per idea, each with its own small template (design, section 9).

`{% load components %}`. Every tag escapes what it is given; addresses that a browser should not follow
(`javascript:` and the like) lose their link.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from django import forms, template
from django.conf import settings
from django.core.paginator import Page
from django.forms.boundfield import BoundField
from django.forms.formsets import BaseFormSet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify

from core.formparts import FieldParts
from core.forms import errors_of, has_errors, top_fields
from core.panels import panels_for
from core.statuses import status_html
from core.tables import Table, date_text, link_html, query_with, safe_href, value_html

register = template.Library()

ACTIVE = "_summary_shown_for"  # on a form: the request on whose page its error summary stands


@register.simple_tag
def asset(path: str) -> str:
    """The address of a static file. An unbuilt file gives a plain address: a page is never lost over it."""
    try:
        return static(path)
    except ValueError:
        return f"{settings.STATIC_URL}{path}"


# Showing values ------------------------------------------------------------------------------


@register.simple_tag
def status_tag(status: object) -> SafeString:
    """A status as word and colour, from `core.statuses.STATUSES`."""
    return status_html(status)


@register.filter(name="show")
def show(value: object) -> SafeString:
    """Any value as a table would show it: dates in words, yes and no, a dash for nothing."""
    return value_html(value)


@register.filter
def moment(value: datetime | None) -> str:
    """A date or a moment in London time, in words."""
    return date_text(value) if value else ""


@register.inclusion_tag("components/summary_list.html")
def summary_list(rows: Iterable[Mapping[str, Any]], title: str = "") -> dict[str, Any]:
    """Facts about one thing. A row: key, value and, where it may be changed, action_url, action_text
    ("Change" if left out) and hidden_text (what is changed; the key if left out).
    """
    shown = [
        {
            "key": row["key"],
            "value": value_html(row.get("value")),
            "action": link_html(
                row.get("action_text") or "Change",
                row["action_url"],
                row.get("hidden_text") or str(row["key"]).lower(),
            )
            if safe_href(row.get("action_url"))
            else "",
        }
        for row in rows
    ]
    return {"rows": shown, "title": title, "has_actions": any(row["action"] for row in shown)}


@register.inclusion_tag("components/table.html")
def data_table(table: Table) -> dict[str, Any]:
    """A `core.tables.Table`, in a wrapper that scrolls and takes the keyboard's focus."""
    return {"table": table}


@register.inclusion_tag("components/empty_state.html")
def empty_state(title: str, text: str = "", action_url: str = "", action_text: str = "") -> dict[str, Any]:
    """Nothing to show, said kindly, with the one thing that can be done about it."""
    return {"title": title, "text": text, "action_url": safe_href(action_url), "action_text": action_text}


@register.inclusion_tag("components/timeline.html")
def timeline(events: Iterable[Any], title: str = "") -> dict[str, Any]:
    """What happened, in order. An event (mapping or object): title, when, and by, text, status if any."""
    return {"events": list(events), "title": title}


@register.inclusion_tag("components/task_list.html")
def task_list(items: Iterable[Any]) -> dict[str, Any]:
    """Things to do. An item (mapping or `core.todo.TodoItem`): title, and url, detail (or hint), school,
    due_at, status (a value of STATUSES) if any. What is past its time is shown as overdue: a moment when it is
    over, a day when it has ended in London.
    """
    rows = [_task(item) for item in items]
    named = any(row["school"] != rows[0]["school"] for row in rows)
    return {"items": rows, "name_schools": named}


def _task(item: Any) -> dict[str, Any]:
    def said(name: str) -> Any:
        return item.get(name, "") if isinstance(item, Mapping) else getattr(item, name, "")

    due, status = said("due_at"), said("status")
    if isinstance(due, datetime):
        late = timezone.is_aware(due) and due < timezone.now()
    else:
        late = isinstance(due, date) and due < timezone.localdate()
    return {
        "title": said("title"),
        "url": safe_href(said("url")),
        "detail": said("detail") or said("hint"),
        "school": said("school"),
        "due": date_text(due) if due else "",
        "status": status or ("overdue" if late else ""),
    }


@register.simple_tag(takes_context=True)
def panels(context: template.Context, row: Any) -> SafeString:
    """What other rooms have to show on the page of this row (`core.panels`)."""
    request = context["request"]
    found = panels_for(request.user, row)
    # Without the request: what every page shows around its content would be read once more.
    return mark_safe("".join(render_to_string(one.template, one.context) for one in found))


# Saying something ----------------------------------------------------------------------------


@register.inclusion_tag("components/notification_banner.html")
def notification_banner(kind: str, title: str, text: str = "", banner_id: str = "") -> dict[str, Any]:
    """A message across the page. `kind`: "success" (it worked), "error" (it did not) or "important"."""
    heading = {"success": "Done", "error": "There is a problem"}.get(kind, "Important")
    own_id = banner_id or f"banner-{slugify(title)[:40] or 'message'}"
    return {"kind": kind, "heading": heading, "title": title, "text": text, "banner_id": own_id}


@register.inclusion_tag("components/panel.html")
def panel(title: str, text: str = "") -> dict[str, Any]:
    """The end of a journey: it is done, and this is its reference."""
    return {"title": title, "text": text}


@register.simple_tag
def warning_text(text: str) -> SafeString:
    """One sentence that must not be missed."""
    return format_html(
        '<div class="govuk-warning-text"><span class="govuk-warning-text__icon" aria-hidden="true">!</span>'
        '<strong class="govuk-warning-text__text"><span class="govuk-visually-hidden">Warning: </span>'
        "{}</strong></div>",
        text,
    )


@register.simple_block_tag
def details(content: str, summary: str, is_open: bool = False) -> SafeString:
    """`{% details "Why we ask" %}...{% enddetails %}`: text that opens on demand."""
    return format_html(
        '<details class="govuk-details"{}><summary class="govuk-details__summary">'
        '<span class="govuk-details__summary-text">{}</span></summary>'
        '<div class="govuk-details__text">{}</div></details>',
        mark_safe(" open") if is_open else "",  # fixed text
        summary,
        content,
    )


@register.simple_block_tag
def inset(content: str) -> SafeString:
    """`{% inset %}...{% endinset %}`: a passage set apart."""
    return format_html('<div class="govuk-inset-text">{}</div>', content)


# Finding the way -----------------------------------------------------------------------------


@register.simple_tag
def back_link(url: str, text: str = "Back") -> SafeString:
    """The way back, above the heading."""
    link = link_html(text, url, css_class="govuk-back-link")
    return format_html('<nav class="app-back" aria-label="Back">{}</nav>', link)


@register.inclusion_tag("components/breadcrumbs.html")
def breadcrumbs(items: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Where this page is: (text, address) from the top; the last may have no address."""
    return {"items": [(text, safe_href(url)) for text, url in items]}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: template.Context, page_obj: Page) -> dict[str, Any]:
    """Links to the other pages of a list; search, filters and sort stay. Nothing for a single page."""
    request = context.get("request")
    numbers: Iterable[Any] = ()
    if page_obj.paginator.num_pages > 1:
        numbers = page_obj.paginator.get_elided_page_range(page_obj.number, on_each_side=1, on_ends=1)
    links = [{"number": n, "url": query_with(request, page=n) if isinstance(n, int) else ""} for n in numbers]
    before = query_with(request, page=page_obj.number - 1) if page_obj.has_previous() else ""
    after = query_with(request, page=page_obj.number + 1) if page_obj.has_next() else ""
    return {"page_obj": page_obj, "links": links, "previous_url": before, "next_url": after}


@register.inclusion_tag("components/filter_bar.html", takes_context=True)
def filter_bar(
    context: template.Context,
    form: forms.Form,
    count: int | None = None,
    noun: str = "result",
    plural: str = "",
) -> dict[str, Any]:
    """Search and filters above a list: any form, sent by GET; the sort stays, the page number goes.

    `count` with `noun` ("request"; `plural` where adding an s is wrong) says how many were found.
    """
    request = context.get("request")
    sort = request.GET.get("sort", "") if request else ""
    chosen = getattr(form, "chosen", None)
    if chosen is None:
        chosen = [name for name in form.fields if form.data.get(name)] if form.is_bound else []
    asked = _asked_for(request, chosen)
    return {
        "parts": [FieldParts(bound) for bound in form.visible_fields()],
        "hidden": form.hidden_fields(),
        "sort": sort,
        "count": count,
        "noun": noun if count == 1 else plural or f"{noun}s",
        "chosen": bool(asked),
        "number": sum(1 for bound in form.visible_fields() if bound.name in asked),
        "clear_url": request.path if request else "?",
    }


def _asked_for(request: HttpRequest | None, chosen: Iterable[str]) -> list[str]:
    """Those of the filters in force that the address asks for: a page may begin with one of its own."""
    if request is None:
        return list(chosen)
    given = [name for name, value in request.GET.items() if value]
    return [name for name in chosen if any(key == name or key.startswith(f"{name}_") for key in given)]


# Forms ---------------------------------------------------------------------------------------


@register.simple_tag
def form_field(
    field: BoundField, label: str = "", hint: str | None = None, prefix: str = "", suffix: str = ""
) -> SafeString:
    """One field with its label, hint and errors; `label` and `hint` replace the form's own words."""
    if field.is_hidden:
        return field.as_hidden()
    parts = FieldParts(field, label=label, hint=hint, prefix=prefix, suffix=suffix)
    return render_to_string(parts.template_name, {"parts": parts})


@register.filter(name="top_fields")
def form_top_fields(form: forms.BaseForm) -> Iterator[BoundField]:
    """The fields of a form without those that appear under an option of another."""
    return top_fields(form)


@register.filter
def button_class(field_classes: str) -> str:
    """The classes of a crispy-forms button, without those of another library."""
    return " ".join(name for name in field_classes.split() if not name.startswith("btn"))


@register.simple_tag(takes_context=True)
def error_prefix(context: template.Context) -> str:
    """ "Error: " before the title of a page whose form has errors."""
    return "Error: " if any(has_errors(form) for form in _forms_of_page(context)) else ""


@register.inclusion_tag("components/error_summary.html", takes_context=True)
def error_summary(context: template.Context, *given: Any) -> dict[str, Any]:
    """All errors of the page at its top, each with a link to its box.

    `templates/base.html` calls it without arguments, for every form that the view gave to the page;
    called again, with forms or without, it lists none a second time.
    """
    request = context.get("request")
    items: list[dict[str, str]] = []
    for form in given or _forms_of_page(context):
        if has_errors(form) and (request is None or getattr(form, ACTIVE, None) is not request):
            setattr(form, ACTIVE, request or True)
            items.extend(_errors_of(form))
    return {"errors": items}


@register.simple_tag
def loose_errors(form: Any) -> list[str]:
    """Errors of a form that belong to no field, unless the page's summary says them already."""
    if getattr(form, ACTIVE, None) is not None or not has_errors(form):
        return []
    formset = isinstance(form, BaseFormSet)
    return [str(error) for error in (form.non_form_errors() if formset else form.non_field_errors())]


def _forms_of_page(context: template.Context) -> list[Any]:
    """Every form and formset that the view gave to the page, each once, under whatever name."""
    found: dict[int, Any] = {}
    for value in context.flatten().values():
        for each in value if type(value) in (list, tuple) else (value,):
            # type(), not isinstance(): looking into request.user would load the person.
            if issubclass(type(each), (forms.BaseForm, BaseFormSet)):
                found.setdefault(id(each), each)
    members = {id(form) for formset in found.values() if isinstance(formset, BaseFormSet) for form in formset}
    return [form for key, form in found.items() if key not in members]


def _errors_of(form: forms.BaseForm | BaseFormSet) -> Iterator[dict[str, str]]:
    """Text and link target of each error, in the order of the page."""
    if isinstance(form, BaseFormSet):
        yield from ({"text": str(error), "href": ""} for error in form.non_form_errors())
        for each in form.forms:
            yield from _errors_of(each)
        return
    yield from ({"text": str(error), "href": ""} for error in form.non_field_errors())
    for bound in form:
        hidden = bound.is_hidden
        target = "" if hidden or not bound.errors else f"#{FieldParts(bound).first_id}"
        yield from ({"text": error, "href": target} for error in errors_of(bound))
