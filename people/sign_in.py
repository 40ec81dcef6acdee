"""Sign-ins in the audit log, through django-allauth's and Django's own signals."""

from typing import Any

from allauth.account import signals as account_signals
from django.contrib.auth import signals as auth_signals

from core.audit import audited, record
from people.models import User


def connect() -> None:
    """Listen to the sign-in library."""
    auth_signals.user_logged_in.connect(_signed_in, dispatch_uid="people.signed_in")
    auth_signals.user_logged_out.connect(_signed_out, dispatch_uid="people.signed_out")
    auth_signals.user_login_failed.connect(_failed, dispatch_uid="people.failed")
    account_signals.password_changed.connect(_password_changed, dispatch_uid="people.password_changed")
    account_signals.password_reset.connect(_password_changed, dispatch_uid="people.password_reset")


def _event(action: str, user: User | None) -> None:
    with audited():
        record(action, actor=user, subject=user)


def _signed_in(sender: Any, user: User, **_: Any) -> None:
    _event("people.signed_in", user)


def _signed_out(sender: Any, user: User | None, **_: Any) -> None:
    if user is not None:
        _event("people.signed_out", user)


def _failed(sender: Any, credentials: dict, **_: Any) -> None:
    user = User.objects.filter(email=str(credentials.get("email", "")).strip().lower()[:254]).first()
    _event("people.sign_in_failed", user)


def _password_changed(sender: Any, user: User, **_: Any) -> None:
    _event("people.password_changed", user)
