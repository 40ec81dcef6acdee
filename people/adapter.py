"""How django-allauth behaves here: nobody signs up, people are invited."""

import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

logger = logging.getLogger(__name__)
POST_ROOM = ThreadPoolExecutor(max_workers=2, thread_name_prefix="sign-in-mail")
"""Mails of the sign-in pages go out beside the request: the answer to a known address takes no longer."""


class PortalAccountAdapter(DefaultAccountAdapter):
    """Closed sign-up, no way off the site after signing in, and our own words."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "The e-mail address or the password is not right. Try again",
        "too_many_login_attempts": (
            "Too many wrong tries for this address. Wait five minutes, or choose a new password"
        ),
        "enter_current_password": "This is not the password that you use now",
        "incorrect_password": "This is not your password",
        "incorrect_code": "This code is not right. Check the newest e-mail",
        "rate_limited": "That was very often in a short time. Wait a few minutes",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People are invited."""
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Only addresses on this very site."""
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={self.request.get_host()}, require_https=self.request.is_secure()
        )

    def is_ajax(self, request: HttpRequest) -> bool:
        """The sign-in pages speak HTML only."""
        return False

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """There are no user names."""

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Home, where the banner says that it worked."""
        return reverse("home")

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Write the mail now and send it beside the request."""
        message = self.render_mail(
            template_prefix, email, {"request": self.request, "email": email, **context}
        )
        POST_ROOM.submit(_send, message)

    def forget_wrong_guesses(self, request: HttpRequest, email: str) -> None:
        """Open an address again whose password was just chosen anew."""
        self._delete_login_attempts_cached_email(request, email=email)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """One count an address, by whichever name of this site it is guessed at."""
        return f"portal:{credentials.get('email', '').strip().lower()}"


def _send(message: EmailMessage) -> None:
    try:
        message.send()
    except Exception as error:  # a mail server may fail in any way; the person asks for another code
        logger.error("a mail of the sign-in pages could not be sent: %s", type(error).__name__)
