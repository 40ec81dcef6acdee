"""Keeping what a person typed when their session ended (design, section 9; nothing is lost).

The input is encrypted, belongs to one person, is used once and is never sent by itself. What is sent to a
sensitive page, such as a report about somebody, is not kept.
"""

import base64
import hashlib
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from core.access import is_sensitive
from core.models import KeptPost

PARAMETER = "kept"
LIFETIME = timedelta(hours=24)
LARGEST = 500_000


def keep(request: HttpRequest, user: Any = None) -> str | None:
    """Keep the posted form for its author. Returns the token, or None when there is nothing to keep."""
    user = user or request.user
    if not getattr(user, "is_authenticated", False) or request.method != "POST":
        return None
    if is_sensitive(request.path_info):
        return None
    posted = request.POST.copy()
    for name in list(posted):
        if name == "csrfmiddlewaretoken" or "password" in name.lower():
            del posted[name]
    text = posted.urlencode()
    if not text or len(text) > LARGEST:
        return None
    row = KeptPost.objects.create(
        user=user,
        path=request.path[:500],
        sealed=_fernet(user.pk).encrypt(text.encode()),
        created_at=timezone.now(),
    )
    return str(row.uuid)


def take(request: HttpRequest) -> QueryDict | None:
    """What the signed-in person had typed on this page, once; None when there is nothing."""
    token = request.GET.get(PARAMETER, "")
    if not token or not request.user.is_authenticated:
        return None
    try:
        row = KeptPost.objects.filter(uuid=token, user=request.user, path=request.path).first()
    except ValidationError:  # not the form of an id
        return None
    if row is None:
        return None
    sealed = bytes(row.sealed)
    row.delete()
    try:
        return QueryDict(_fernet(request.user.pk).decrypt(sealed, ttl=int(LIFETIME.total_seconds())))
    except InvalidToken:
        return None


def address(path: str, token: str | None) -> str:
    """The page's address (its query included) with the token, so that it shows the kept input."""
    return f"{path}{'&' if '?' in path else '?'}{PARAMETER}={token}" if token else path


def same_site(request: HttpRequest) -> bool:
    """Whether the browser says that the form came from the portal itself."""
    origin = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return urlsplit(origin).netloc == request.get_host()


def old() -> QuerySet[KeptPost]:
    """What nobody came back for."""
    return KeptPost.objects.filter(created_at__lt=timezone.now() - LIFETIME)


def clear_old() -> int:
    """Delete what nobody came back for."""
    return old().delete()[0]


def _fernet(user_id: int) -> Fernet:
    key = hashlib.sha256(f"kept-post:{user_id}:{settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
