"""The one page that leads to everything about consent."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.generic import TemplateView

from consent.pages import CONSENT_PAGES
from consent.todo import waits
from core.views import SignedInMixin


class ConsentHome(SignedInMixin, TemplateView):
    """The pages that this person may open; for whoever may open none it is closed."""

    template_name = "consent/home.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Find the pages first."""
        self.pages = [page for page in CONSENT_PAGES if page.may_see(request.user)]
        if not self.pages:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict:
        """What waits for this person here, and the pages, as lists of links."""
        pages = [
            {
                "title": page.title,
                "detail": page.text,
                "url": reverse(page.url_name) + (f"?{page.query}" if page.query else ""),
            }
            for page in self.pages
        ]
        return super().get_context_data(pages=pages, waiting=waits(self.request.user), **kwargs)
