"""Looking for earlier posts that show a pupil (CIT-7.13, STM-7.13)."""

from django.db.models import F, QuerySet
from django.utils import timezone

from consent.access import search_rules
from consent.models import PostSearch
from core.audit import audited, record
from core.errors import Refused
from people.models import User


def search_done(*, actor: User, search: PostSearch, outcome: str, words: str) -> PostSearch:
    """Record what came of it. The past stays lawful; this is about what is still online (CIT-7.11).

    Raises Refused when somebody has recorded it already, or when something stays without a reason.
    """
    search_rules.require(actor, "do", search)
    if outcome in (PostSearch.Outcome.PARTLY, PostSearch.Outcome.KEPT) and not words.strip():
        raise Refused("Say which posts stay and why.", field="words")
    with audited():
        row = PostSearch.objects.select_for_update(of=("self",)).select_related("school").get(pk=search.pk)
        if row.done_at:
            raise Refused("Somebody has recorded this already.")
        row.done_at, row.done_by, row.outcome, row.words = timezone.now(), actor, outcome, words
        row.save(update_fields=["done_at", "done_by", "outcome", "words"])
        record("consent.search_done", actor=actor, school=row.school, subject=row, data={"outcome": outcome})
    return row


def searches_export(*, actor: User) -> QuerySet[PostSearch]:
    """The searches that the actor may see, open ones first, for a file; the export is recorded."""
    with audited():
        record("consent.searches_exported", actor=actor)
    rows = search_rules.visible_to(actor).select_related("pupil", "school", "done_by")
    return rows.order_by(F("done_at").desc(nulls_first=True), "raised_at", "pk")
