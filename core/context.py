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

BESIDE: dict[str, str] = {}
"""Beginnings of addresses that stand under a page of the bar with another address: the beginning, its URL name."""

MOST_NEW = 20


def add_to_navigation(title: str, url_name: str, may_see: Callable[[Any], bool], place: int = 50) -> None:
    """Put a page into the bar for those who may see it; a smaller `place` stands further left."""
    NAVIGATION.append((place, title, url_name, may_see))
    NAVIGATION.sort(key=lambda item: item[0])


def stands_under(url_name: str, *beginnings: str) -> None:
    """Mark a page of the bar as the current one on every page whose address begins so."""
    BESIDE.update(dict.fromkeys(beginnings, url_name))


def portal(request: HttpRequest) -> dict:
    """The navigation bar and the number of new notices of the signed-in person."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"navigation": []}
    standing = standing_of(user)
    if not (standing.held or standing.is_superuser):
        return {"navigation": []}
    urls = [(title, reverse(name)) for _, title, name, may_see in NAVIGATION if may_see(user)]
    inside = [url for _, url in urls if request.path == url or (url != "/" and request.path.startswith(url))]
    beside = [reverse(name) for start, name in BESIDE.items() if request.path.startswith(start)]
    here = max([*inside, *(url for _, url in urls if url in beside)], key=len, default="")
    unseen = Notice.objects.filter(recipient=user, seen_at=None).order_by("-created_at")[:MOST_NEW]
    return {
        "navigation": [{"title": title, "url": url, "current": url == here} for title, url in urls],
        "place": standing.place,
        "person_url": reverse("people:person-detail", args=[user.uuid]),
        "notices_url": reverse("core:notice-list"),
        "notices_count": count_shown(user, unseen),
    }
