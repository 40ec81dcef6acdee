"""Reading rendered pages in tests: a parsed tree, its skeleton, and texts that try to break it."""

from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from django.template import engines

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "</td></tr></table><h1>x",
    "</title></style></textarea></select><b>",
    "{{ 7|add:7 }}{% now 'Y' %}",
    "javascript:alert(1)//http://x",
    "&lt;i&gt;&amp;amp;",
    "a\u202eb\u0007c\u2028d",
    "-->]]><!--",
)


def render(source: str, **context: Any) -> str:
    """A piece of template, with the component tags and crispy-forms loaded."""
    loaded = "{% load components crispy_forms_tags %}" + source
    request = context.pop("request", None)
    return engines["django"].from_string(loaded).render(context, request)


def parse(markup: str) -> Element:
    """The tree as a browser builds it."""
    return html5lib.parse(markup, namespaceHTMLElements=False)


def skeleton(markup: str) -> list[tuple[str, tuple[str, ...]]]:
    """Every element with the names of its attributes: what a text must never change."""
    found = []
    for element in parse(markup).iter():
        if isinstance(element.tag, str):
            found.append((element.tag, tuple(sorted(str(name) for name in element.attrib))))
    return found


def by_id(tree: Element) -> dict[str, Element]:
    """Elements by id; an id twice fails."""
    found: dict[str, Element] = {}
    for element in tree.iter():
        own = element.get("id")
        if own is not None:
            assert own not in found, f"the id {own} stands twice on the page"
            found[own] = element
    return found


def words(element: Element) -> str:
    """The text of an element, blanks squeezed."""
    return " ".join("".join(element.itertext()).split())
