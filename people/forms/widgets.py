"""A list of very many choices, drawn at once: Django renders a template for each option."""

from typing import Any

from django import forms
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe


class LongSelect(forms.Select):
    """Looks and behaves as Django's own; a hundred schools or colleagues cost next to nothing."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        """The element with its options, everything escaped."""
        widget = self.get_context(name, value, attrs)["widget"]
        chosen = mark_safe(" selected")  # fixed text
        options = (option for _group, choices, _index in widget["optgroups"] for option in choices)
        inner = format_html_join(
            "\n",
            '<option value="{}"{}>{}</option>',
            ((option["value"], chosen if option["selected"] else "", option["label"]) for option in options),
        )
        return format_html('<select name="{}"{}>{}</select>', widget["name"], flatatt(widget["attrs"]), inner)
