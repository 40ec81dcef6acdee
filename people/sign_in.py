"""Sign-ins in the audit log, through django-allauth's and Django's own signals.

An event names the person where there is one; what a stranger typed is never kept.
"""

from typing import Any

from allauth.account import signals as account_signals
from allauth.account.adapter import get_adapter
from django.contrib.auth import signals as auth_signals
from django.http import HttpRequest

from core.audit import audited, record
from core.feeds import feed_ended
from people.models import User
from people.services.invitations import joined_by_reset

PASSWORD = "new password"
"""Why a calendar address ended: whoever knew the old password may have made or copied it."""
RECORDED = "_sign_in_recorded"
"""On a request: an event of this step is written already."""


def connect() -> None:
    """Listen to the sign-in library."""
    auth_signals.user_logged_in.connect(_signed_in, dispatch_uid="people.signed_in")
    auth_signals.user_logged_out.connect(_signed_out, dispatch_uid="people.signed_out")
    auth_signals.user_login_failed.connect(_failed, dispatch_uid="people.failed")
    account_signals.password_changed.connect(_password_changed, dispatch_uid="people.password_changed")
    account_signals.password_set.connect(_password_set, dispatch_uid="people.password_set")
    account_signals.password_reset.connect(_password_reset, dispatch_uid="people.password_reset")
    account_signals.authentication_step_completed.connect(_step, dispatch_uid="people.reauthenticated")


def step_recorded(
    request: HttpRequest | None, action: str, user: User | None = None, actor: User | None = None
) -> None:
    """Write an event of a sign-in step. `user` is whom it concerns, `actor` who certainly did it."""
    with audited():
        record(action, actor=actor, subject=user)
    if request is not None:
        setattr(request, RECORDED, True)


def known(email: str) -> User | None:
    """The active person with this address, whatever its capitals."""
    return User.objects.filter(email=email.strip().lower()[:254], is_active=True).first()


def _signed_in(sender: Any, user: User, request: HttpRequest | None = None, **_: Any) -> None:
    step_recorded(request, "people.signed_in", user, user)


def _signed_out(sender: Any, user: User | None, request: HttpRequest | None = None, **_: Any) -> None:
    if user is not None:
        step_recorded(request, "people.signed_out", user, user)


def _failed(sender: Any, credentials: dict, request: HttpRequest | None = None, **_: Any) -> None:
    user = User.objects.filter(email=str(credentials.get("email", "")).strip().lower()[:254]).first()
    step_recorded(request, "people.sign_in_failed", user)


def _password_changed(sender: Any, user: User, request: HttpRequest | None = None, **_: Any) -> None:
    step_recorded(request, "people.password_changed", user, user)
    feed_ended(user, actor=user, because=PASSWORD)


def _password_set(sender: Any, user: User, request: HttpRequest | None = None, **_: Any) -> None:
    step_recorded(request, "people.password_changed", user, user)
    feed_ended(user, actor=user, because=PASSWORD)


def _password_reset(sender: Any, user: User, request: HttpRequest, **_: Any) -> None:
    step_recorded(request, "people.password_changed", user, user)
    feed_ended(user, actor=user, because=PASSWORD)
    joined_by_reset(user)
    get_adapter(request).forget_wrong_guesses(request, user.email)


def _step(sender: Any, user: User, request: HttpRequest, **more: Any) -> None:
    if more.get("reauthenticated"):
        step_recorded(request, "people.reauthenticated", user, user)
