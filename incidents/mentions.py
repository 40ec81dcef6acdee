"""Pupils whom a report or a record names: linked to the register, for nobody but those who read it."""

from consent.services.mentions import MentionKind, mention_kind
from incidents.access import matter_rules
from incidents.models import About, Matter
from incidents.services.sending import url_of


def _words(matter: Matter) -> str:
    """Names of pupils stand in what was said of a pupil, and nowhere else."""
    return matter.about_words if matter.about == About.PUPIL else ""


mention_kind(
    MentionKind(
        "report",
        "Report or record",
        matter_rules,
        "read",
        words=_words,
        by=lambda matter: matter.reporter,
        url=url_of,
        secret=True,
    )
)
