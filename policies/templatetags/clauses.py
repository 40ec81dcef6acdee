"""Template tags that cite clauses of the policies."""

import re
from functools import lru_cache

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from policies.models import clause_url
from policies.reference import clause_titles

register = template.Library()


@register.simple_tag
def clause_links(refs: str | None) -> SafeString:
    """Links to the clauses named in `refs`, apart by spaces or commas, each with its title.

    The title is read out and hidden from sight, so that a row of citations stays short. A reference
    that no policy has is shown as plain text. No query is made.
    """
    titles = clause_titles()
    names = [name for name in re.split(r"[\s,;]+", str(refs or "")) if name]
    return format_html_join(", ", "{}", ((_link(name, titles.get(name)),) for name in names))


@lru_cache(maxsize=2048)
def _link(ref: str, title: str | None) -> SafeString | str:
    if title is None:
        return ref
    return format_html(
        '<a class="govuk-link app-clause" href="{}">{}<span class="govuk-visually-hidden">: {}</span></a>',
        clause_url(ref),
        ref,
        title,
    )
