"""The first page of a room: what a person may do there, a line a page. Rooms above may add theirs at start."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.generic import TemplateView

from core.views import SignedInMixin

LINES: dict[str, list["Line"]] = {}
"""The lines of each first page, by its URL name."""


@dataclass(frozen=True)
class Line:
    """One page: `text` says in a sentence what a person does there; `may_see` whether they see it."""

    title: str
    text: str
    url_name: str
    may_see: Callable[[Any], bool]
    place: int


def first_page_line(
    home: str, title: str, text: str, url_name: str, may_see: Callable[[Any], bool], place: int
) -> None:
    """Add a page to the first page `home` (a URL name); a smaller `place` stands further up."""
    lines = LINES.setdefault(home, [])
    lines.append(Line(title, text, url_name, may_see, place))
    lines.sort(key=lambda line: line.place)


def lines_for(home: str, user: Any) -> list[dict[str, str]]:
    """The lines of a first page that this person may open, for a task list."""
    return [
        {"title": line.title, "detail": line.text, "url": reverse(line.url_name)}
        for line in LINES.get(home, [])
        if line.may_see(user)
    ]


class FirstPage(SignedInMixin, TemplateView):
    """The pages of a room that this person may open; for whoever may open none it is closed."""

    template_name = "core/first_page.html"
    home = ""
    heading = ""
    says = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Find the pages first."""
        self.lines = lines_for(self.home, request.user)
        if not self.lines:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict:
        """The heading, a sentence, and the pages."""
        return super().get_context_data(heading=self.heading, says=self.says, lines=self.lines, **kwargs)
