"""What follows from a change of the ledger: the present state, and earlier posts to look for."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone

from consent.ledger import EMPTY, State
from consent.models import Answer, Channel, PostSearch, Pupil, Purpose, Reply, Says
from consent.selectors import facts_of, states_of
from consent.services.positions import positions_work_out
from consent.terms import Terms
from core.notices import notify
from core.roles import Role
from people.governance.profile import Profile
from people.selectors import holders


def positions_change(pupil: Pupil, replies: list[Reply], terms: Terms) -> bool:
    """Work the positions out again after replies were added. Returns whether publishing has to stop somewhere."""
    day = timezone.localdate()
    lines = Answer.objects.filter(reply__in=replies)
    purposes = Purpose.objects.filter(pk__in=lines.values("purpose")).in_bulk()
    facts = facts_of(Pupil.objects.filter(pk=pupil.pk))
    new = set(lines.values_list("pk", flat=True))
    before = _states_without(new, facts, terms, day, purposes)
    after = positions_work_out([pupil.pk], terms, day, list(purposes)).get(pupil.pk, {})
    return any(
        _shown(before.get(pk, EMPTY), purpose, terms)
        and not _shown(after.get(pk, EMPTY), purpose, terms)
        and purpose.channel != Channel.INSIDE
        for pk, purpose in purposes.items()
    )


def _states_without(new: set[int], facts: Any, terms: Terms, day: date, purposes: Any) -> dict[int, State]:
    """The states as they were without the new lines."""
    from_ledger = states_of(facts, terms, day, list(purposes), without=new)
    return next(iter(from_ledger.values()), {})


def _shown(state: State, purpose: Purpose, terms: Terms) -> bool:
    if state.says == Says.YES:
        return True
    silent = state.says in (Says.NOTHING, Says.HELD)
    return silent and terms.silence_means_yes(purpose.basis, purpose.channel)


def search_raise(pupil: Pupil, profile: Profile, *, why: str, reply: Reply | None = None) -> PostSearch:
    """Ask whoever keeps the accounts to look for earlier posts (CIT-7.13, STM-7.13). Inside a transaction."""
    search = PostSearch.objects.create(school=pupil.school, pupil=pupil, reply=reply, why=why)
    keepers = holders(pupil.school, Role.HEAD_OF_COMMS)
    if not keepers:
        keepers = holders(pupil.school, Role.HEADTEACHER)
    notify(
        "consent.look_for_posts",
        recipients=keepers,
        about=search,
        key=f"search:{search.pk}",
        link=reverse("consent:search-do", args=[search.uuid]),
    )
    return search
