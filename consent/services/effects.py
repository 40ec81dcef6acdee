"""What follows from a change of the ledger: the present state, and earlier posts to look for."""

from collections.abc import Iterable, Mapping

from django.urls import reverse
from django.utils import timezone

from consent.ledger import PurposeFacts, Word, state_of
from consent.models import SOCIAL, Channel, Effect, PostSearch, Pupil, Reply, Weight
from consent.selectors import facts_of, purposes_then, words_of
from consent.services.positions import positions_store
from consent.terms import Terms
from core.notices import notify
from core.roles import Role
from people.governance.profile import Profile
from people.selectors import holders

POSTED = (*SOCIAL, Channel.WEBSITE)
"""Where earlier posts can be found and removed; what was printed or is with a newspaper cannot be called back."""


def positions_change(pupil: Pupil, replies: list[Reply], terms: Terms) -> bool:
    """Work the positions out again after replies were added. Returns whether to look for earlier posts."""
    day = timezone.localdate()
    facts = facts_of(Pupil.objects.filter(pk=pupil.pk))[pupil.pk]
    words = words_of([pupil.pk])[pupil.pk]
    positions_store({pupil.pk: {pk: state_of(said, facts, day, terms) for pk, said in words.items()}})
    new = {reply.pk for reply in replies}
    purposes = purposes_then(pupil.school)
    before = {pk: [one for one in said if one.reply not in new] for pk, said in words.items()}
    stops = any(
        one.reply in new and _takes_back(one, before[purpose.pk])
        for purpose in purposes
        if purpose.channel in POSTED
        for one in words.get(purpose.pk, ())
    )
    return stops and _posts_may_exist(pupil, before, purposes, terms)


def _takes_back(word: Word, before: list[Word]) -> bool:
    """Whether a new word is a no, or sets a yes of the same person aside."""
    if word.weight == Weight.NOTED or word.allows:
        return False
    if word.kind != Effect.SET_ASIDE:
        return True
    last = [one for one in before if one.giver == word.giver and one.weight == Weight.COUNTS]
    return bool(last) and last[-1].allows


def _posts_may_exist(
    pupil: Pupil, words: Mapping[int, list[Word]], purposes: Iterable[PurposeFacts], terms: Terms
) -> bool:
    """Whether the pupil could ever be shown where posts can be found, and nobody has looked since.

    Anybody's yes that counted is enough, even one that is over by now (CIT-7.13, STM-7.13).
    """
    posted = [one for one in purposes if one.channel in POSTED and terms.publishes(one.channel)]
    yeses = [
        word.received_at
        for one in posted
        for word in words.get(one.pk, ())
        if word.allows and word.weight == Weight.COUNTS
    ]
    silent = any(terms.silence_means_yes(one.basis, one.channel) for one in posted if not one.retired)
    if not yeses and not silent:
        return False
    looked = PostSearch.objects.filter(pupil=pupil)
    return not (looked.filter(raised_at__gte=max(yeses)) if yeses else looked).exists()


def posts_may_exist(pupil: Pupil, terms: Terms) -> bool:
    """Whether to look for earlier posts of a pupil who is not to be shown from now on."""
    return _posts_may_exist(pupil, words_of([pupil.pk])[pupil.pk], purposes_then(pupil.school), terms)


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
