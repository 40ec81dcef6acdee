"""Reading the form of a page as a browser would, so that a test can send it."""

import io
from typing import Any

import html5lib
from django.test import Client

HTML = "{http://www.w3.org/1999/xhtml}"


def fields_of(client: Client, path: str) -> dict[str, list[str]]:
    """Names and values that the last POST form in the page's main part would send, untouched.

    Radios and boxes that are not ticked send nothing; a list sends its selected option, else its first.
    """
    document = html5lib.parse(client.get(path).content.decode())
    main = document.find(f".//{HTML}main")
    forms = [
        form
        for form in (main if main is not None else document).iter(f"{HTML}form")
        if form.get("method") == "post"
    ]
    return read(forms[-1]) if forms else {}


def read(form: Any) -> dict[str, list[str]]:
    """The fields of one form element."""
    found: dict[str, list[str]] = {}
    for field in form.iter():
        name = field.get("name")
        if not name or name == "csrfmiddlewaretoken":
            continue
        if field.tag == f"{HTML}select":
            options = list(field.iter(f"{HTML}option"))
            chosen = [o for o in options if o.get("selected") is not None] or options[:1]
            found.setdefault(name, []).extend(o.get("value", "") for o in chosen)
        elif field.tag == f"{HTML}textarea":
            found.setdefault(name, []).append(field.text or "")
        elif field.tag == f"{HTML}input":
            if field.get("type") in ("checkbox", "radio") and field.get("checked") is None:
                found.setdefault(name, [])
            else:
                found.setdefault(name, []).append(field.get("value", ""))
    return found


def choices_of(client: Client, path: str) -> dict[str, list[str]]:
    """Every value that the page offers for each list, radio or box."""
    document = html5lib.parse(client.get(path).content.decode())
    offered: dict[str, list[str]] = {}
    for field in document.iter(f"{HTML}select"):
        offered[field.get("name", "")] = [o.get("value", "") for o in field.iter(f"{HTML}option")]
    for field in document.iter(f"{HTML}input"):
        if field.get("type") in ("checkbox", "radio"):
            offered.setdefault(field.get("name", ""), []).append(field.get("value", ""))
    return offered


def date_parts(name: str, day: Any) -> dict[str, str]:
    """A date as the three boxes send it."""
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


def csv_of(text: str) -> io.BytesIO:
    """An upload."""
    file = io.BytesIO(text.encode())
    file.name = "list.csv"
    return file
