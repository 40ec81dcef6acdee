"""The first page of this room: what is agreed, and what there is to do."""

from typing import Any

from django.urls import reverse
from django.views.generic import TemplateView

from core.views import SignedInMixin
from policies.pages import GROUPS, pages_for


class PoliciesHome(SignedInMixin, TemplateView):
    """The pages that this person may open."""

    template_name = "policies/home.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """One line a page, under the headings that have one."""
        groups: dict[str, list[dict[str, str]]] = {group: [] for group in GROUPS}
        for page in pages_for(self.request.user):
            line = {"title": page.title, "detail": page.text, "url": reverse(page.url_name)}
            groups[page.group].append(line)
        shown = [(group, pages) for group, pages in groups.items() if pages]
        return super().get_context_data(groups=shown, **kwargs)
