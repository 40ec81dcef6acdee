"""Pupils in concerns: linked to the register by hand, shown to nobody but those who read the case."""

from consent.services.mentions import MentionKind, mention_kind
from incidents.concerns.access import concern_rules
from incidents.concerns.services.sending import url_of

mention_kind(
    MentionKind(
        "concern",
        "Concern",
        concern_rules,
        "know",
        words=lambda concern: "",
        by=lambda concern: concern.reporter,
        url=url_of,
        secret=True,
        change="handle",
    )
)
