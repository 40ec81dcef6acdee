"""What a school's profile says about consent, as the ledger needs it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from consent.ages import year_end
from consent.models.ledger import WRITTEN, Route, Weight
from consent.models.purpose import SOCIAL, Basis, Channel
from people.governance.profile import Profile

OPT_IN, OPT_OUT, NOT_PUBLISHED = "opt_in", "opt_out", "not_published"
COVERS = {
    "school_accounts": (Channel.SCHOOL, Channel.PLATFORM),
    "trust_accounts": (Channel.TRUST,),
    "setting_only": (Channel.INSIDE,),
}


@dataclass(frozen=True)
class Terms:
    """The rules of one school (differences 19 to 24).

    Attributes:
        model: opt_in, opt_out or not_published.
        by_year: whether a yes ends with the academic year (STM-7.03), else with leaving (CIT-7.03).
        start_month: the month in which the academic year begins.
        at_18: whether a parent's answer stops counting on the eighteenth birthday (CIT-7.05 to 7.07).
        pupils_say_yes: whether the yes of a pupil under 18 who understands it is enough (CIT-7.01).
        in_writing: whether only a written answer counts (CIT-7.10, STM-7.10).
        covers: the social media channels that consent covers (CIT-7.04, STM-7.04).
    """

    model: str
    by_year: bool
    start_month: int
    at_18: bool
    pupils_say_yes: bool
    in_writing: bool
    covers: frozenset[str]

    def publishes(self, channel: str) -> bool:
        """Whether pictures of pupils go there at all (CBC-5.07, CBC-8.03; CIT-7.04, STM-7.04)."""
        if channel == Channel.INSIDE:
            return True
        if self.model == NOT_PUBLISHED:
            return False
        return channel not in SOCIAL or channel in self.covers

    def silence_means_yes(self, basis: str, channel: str) -> bool:
        """Whether a pupil may be shown of whom nothing was said (subtle 2).

        Never on social media unless the school's policy assumes it (RAV-9.01), whatever a purpose says.
        """
        return basis == Basis.PUBLIC_TASK and (self.model == OPT_OUT or channel not in SOCIAL)

    def valid_until(self, received: date, round_until: date | None = None) -> date | None:
        """The last day of a yes that was received on a day; None: as long as the pupil is at the school.

        `round_until` is the end of the period that an open round asks about, which may be the next year.
        """
        if not self.by_year:
            return None
        end = year_end(received, self.start_month)
        return max(end, round_until) if round_until else end

    def weight_of(self, route: str) -> str:
        """A telephone call or a word in the corridor is noted, and counts only where the policy takes it."""
        return Weight.NOTED if self.in_writing and Route(route) not in WRITTEN else Weight.COUNTS


def terms_of(profile: Profile) -> Terms:
    """The terms of a profile. An unanswered model counts as opt-in: nobody is shown for want of an answer."""
    covers: Iterable[str] = profile.consent_covers or ()
    return Terms(
        model=profile.consent_model or OPT_IN,
        by_year=profile.consent_validity != "whole_time",
        start_month=profile.academic_year_start_month or 9,
        at_18=profile.consent_reassess_at_18 is not False,
        pupils_say_yes=profile.consent_giver == "pupils_and_parents",
        in_writing=profile.withdrawal_channel == "writing",
        covers=frozenset(str(channel) for cover in covers for channel in COVERS[cover]),
    )
