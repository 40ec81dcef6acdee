"""What follows from a change of the ledger: the present state, and earlier posts to look for."""

from datetime import date

from django.urls import reverse
from django.utils import timezone

from consent.ledger import EMPTY, PupilFacts, State, Word, state_of
from consent.models import SOCIAL, Answer, Channel, PostSearch, Pupil, Purpose, Reply, Says
from consent.selectors import facts_of, states_of, words_of
from consent.services.positions import positions_store
from consent.terms import Terms
from core.notices import notify
from core.roles import Role
from people.governance.profile import Profile
from people.selectors import holders

POSTED = (*SOCIAL, Channel.WEBSITE)
"""Where earlier posts can be found and removed; what was printed or is with a newspaper cannot be called back."""


def positions_change(pupil: Pupil, replies: list[Reply], terms: Terms) -> bool:
    """Work the positions out again after replies were added. Returns whether publishing has to stop somewhere."""
    day = timezone.localdate()
    purposes = Purpose.objects.filter(pk__in=Answer.objects.filter(reply__in=replies).values("purpose"))
    facts = facts_of(Pupil.objects.filter(pk=pupil.pk))
    new = {reply.pk for reply in replies}
    words = words_of(facts, purposes.values("pk"))[pupil.pk]
    after = {pk: state_of(said, facts[pupil.pk], day, terms) for pk, said in words.items()}
    positions_store({pupil.pk: after})
    return any(
        purpose.channel in POSTED
        and not _shown(after[purpose.pk], purpose, terms)
        and _shown(_before(words[purpose.pk], new, facts[pupil.pk], day, terms), purpose, terms)
        for purpose in purposes
    )


def _before(said: list[Word], new: set[int], facts: PupilFacts, day: date, terms: Terms) -> State:
    """The state as it was without the new replies."""
    return state_of([word for word in said if word.reply not in new], facts, day, terms)


def _shown(state: State, purpose: Purpose, terms: Terms) -> bool:
    if state.says == Says.YES:
        return True
    silent = state.says in (Says.NOTHING, Says.HELD)
    return silent and terms.silence_means_yes(purpose.basis, purpose.channel)


def shown_anywhere(pupil: Pupil, terms: Terms) -> bool:
    """Whether the pupil may be shown now, by what was answered, in some place where posts can be found."""
    day = timezone.localdate()
    facts = facts_of(Pupil.objects.filter(pk=pupil.pk))
    states = states_of(facts, terms, day).get(pupil.pk, {})
    purposes = Purpose.objects.filter(school=pupil.school, retired_at=None, channel__in=POSTED)
    return any(
        terms.publishes(one.channel) and _shown(states.get(one.pk, EMPTY), one, terms) for one in purposes
    )


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
