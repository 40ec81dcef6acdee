"""How django-allauth behaves here: nobody signs up, people are invited."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


class PortalAccountAdapter(DefaultAccountAdapter):
    """Closed sign-up, and no way off the site after signing in."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People are invited."""
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Only addresses on this very site."""
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={self.request.get_host()}, require_https=self.request.is_secure()
        )

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """There are no user names."""
