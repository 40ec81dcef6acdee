"""Signing: the signed-in person, the server's time, their typed name, the frozen declaration."""

import hashlib
import json
import unicodedata
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from core.errors import Refused
from core.models import Signature


def content_hash(content: Any) -> str:
    """SHA-256 of what is signed, the same for equal content whatever the order of its keys."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), cls=DjangoJSONEncoder)
    return hashlib.sha256(text.encode()).hexdigest()


def same_name(typed: str, full_name: str) -> bool:
    """Whether a typed name is the person's, apart from capitals, spaces and typographic marks."""
    return plain_name(typed) == plain_name(full_name)


def sign(*, actor: Any, typed_name: str, declaration: str, signed_hash: str) -> Signature:
    """Store the actor's signature under a declaration (STM-15.32, STM-15.36).

    Raises Refused when the typed name is not theirs. Called inside the transaction of the decision.
    """
    if not same_name(typed_name, actor.full_name):
        raise Refused(f"Type your full name as it is on your account: {actor.full_name}", field="typed_name")
    return Signature.objects.create(
        user=actor,
        at=timezone.now(),
        typed_name=" ".join(typed_name.split())[:200],
        declaration=declaration,
        content_hash=signed_hash,
    )


_MARKS = str.maketrans(
    dict.fromkeys("\u2018\u2019\u02bc\u0060\u00b4", "'") | dict.fromkeys("\u2010\u2011\u2012\u2013", "-")
)

TITLES = frozenset(("mr", "mrs", "ms", "miss", "mx", "dr", "sir", "prof", "professor"))
"""Words before a name, as `plain_name` writes them."""


def plain_name(name: str) -> str:
    """A name without capitals, accents and typographic marks, to compare it with another."""
    folded = unicodedata.normalize("NFKD", name.translate(_MARKS)).casefold()
    return " ".join("".join(c for c in folded if not unicodedata.combining(c)).split())
