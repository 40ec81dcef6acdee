"""What every page of the portal shows around its content."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from core.access import standing_of
from core.models import Notice
from core.notices import count_shown

NAVIGATION: list[tuple[int, str, str, Callable[[Any], bool]]] = []
"""(place in the bar, title, URL name, may_see(user)); rooms add to it when they start."""

QUEUES: list[tuple[str, str, Callable[[Any], bool]]] = []
"""What stands in the header beside the notices: (title, URL name, may_see(user))."""

BESIDE: dict[str, str] = {}
"""Beginnings of addresses that stand under a page of the bar with another address: the beginning, its URL name."""

MOST_IN_BAR = 7
"""So many stand in one row on a desk. Whatever else a room has, its first page leads to (core/first_pages.py)."""

MOST_NEW = 20


def add_to_navigation(title: str, url_name: str, may_see: Callable[[Any], bool], place: int = 50) -> None:
    """Put the first page of a room into the bar for those who may see it; a smaller `place` stands further left.

    Raises ValueError when the bar is full.
    """
    if len(NAVIGATION) >= MOST_IN_BAR:
        raise ValueError(f"the bar is full: {title!r} belongs on the first page of its room")
    NAVIGATION.append((place, title, url_name, may_see))
    NAVIGATION.sort(key=lambda item: item[0])


def add_to_header(title: str, url_name: str, may_see: Callable[[Any], bool]) -> None:
    """Put a queue of the person's own beside their notices, where it is one step away on a phone too."""
    QUEUES.append((title, url_name, may_see))


def stands_under(url_name: str, *beginnings: str) -> None:
    """Mark a page of the bar as the current one on every page whose address begins so."""
    BESIDE.update(dict.fromkeys(beginnings, url_name))


def portal(request: HttpRequest) -> dict:
    """The navigation bar, the person's queues, and the number of their new notices."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"navigation": []}
    standing = standing_of(user)
    if not (standing.held or standing.is_superuser):
        return {"navigation": []}
    urls = [(title, reverse(name)) for _, title, name, may_see in NAVIGATION if may_see(user)]
    queues = [(title, reverse(name)) for title, name, may_see in QUEUES if may_see(user)]
    own = [url for _, url in (*urls, *queues)]
    inside = [url for url in own if request.path == url or (url != "/" and request.path.startswith(url))]
    beside = [reverse(name) for start, name in BESIDE.items() if request.path.startswith(start)]
    here = max([*inside, *(url for url in own if url in beside)], key=len, default="")
    unseen = Notice.objects.filter(recipient=user, seen_at=None).order_by("-created_at")[:MOST_NEW]
    return {
        "navigation": [_item(title, url, here) for title, url in urls],
        "queues": [_item(title, url, here) for title, url in queues],
        "person_url": reverse("people:person-detail", args=[user.uuid]),
        "notices_url": reverse("core:notice-list"),
        "notices_count": count_shown(user, unseen),
    }


def _item(title: str, url: str, here: str) -> dict[str, Any]:
    """One link, and whether the person is on its page or below it."""
    return {"title": title, "url": url, "current": url == here}
