"""What every page of the portal shows around its content."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from core.access import standing_of

NAVIGATION: list[tuple[str, str, Any]] = []
"""(title, URL name, may_see(user)) in the order of the bar; rooms add to it when they start."""


def add_to_navigation(title: str, url_name: str, may_see: Any) -> None:
    """Put a page into the bar for those who may see it."""
    NAVIGATION.append((title, url_name, may_see))


def portal(request: HttpRequest) -> dict:
    """The navigation bar and the number of unseen notices of the signed-in person."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or not (standing_of(user).held or user.is_superuser):
        return {"navigation": []}
    items = []
    for title, name, may_see in NAVIGATION:
        if may_see(user):
            url = reverse(name)
            current = request.path == url if url == "/" else request.path.startswith(url)
            items.append({"title": title, "url": url, "current": current})
    return {"navigation": items}
