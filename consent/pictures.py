"""What a school's policy says about a use of pictures, beside who may be shown: pure functions."""

from dataclasses import dataclass
from typing import NamedTuple

from consent.checking import PERSONAL
from consent.ledger import Use
from consent.terms import Terms
from people.governance.profile import Profile


class Rule(NamedTuple):
    """One sentence of policy, and the clauses behind it, apart by spaces."""

    text: str
    refs: str


NAMES = {
    "no_name": "No name of a pupil stands beside a picture, not the first name either.",
    "no_full_name": "Never the full name of a pupil beside a picture of them, and no personal details.",
    "no_reference": "No mention of any pupil, with or without a picture.",
}
PERSONAL_NEVER = (
    "Pictures of pupils never go on anybody’s own account: not yours, not a colleague’s, "
    "whatever a parent has agreed to."
)
BLUR = "Blur them for good before the picture leaves your hands: into the picture itself, with no copy as it was."
REFUSE = "A picture that shows any of them is not to be used. Blurring does not stand in for consent."


def _rule(profile: Profile, key: str, text: str) -> Rule:
    """A rule with its clauses, which are left out where the school departs from its policy."""
    return Rule(text, "" if profile.departs(key) else " ".join(profile.clauses(key)))


def may_name(profile: Profile) -> bool:
    """Whether a first name may ever stand beside a picture (CIT-7.17, STM-7.23, RAV-9.09)."""
    return profile.name_rule == "no_full_name"


def may_blur(profile: Profile, terms: Terms, use: Use) -> bool:
    """Whether a group picture may be used when those who may not be shown are blurred (CIT-7.15)."""
    return use.in_group and profile.nonconsent_image == "blur" and goes_there(terms, use)


def goes_there(terms: Terms, use: Use) -> bool:
    """Whether pictures of pupils go to this channel at all."""
    return use.channel != PERSONAL and terms.publishes(use.channel)


def rules_for(profile: Profile, terms: Terms, use: Use) -> list[Rule]:
    """What holds for the pictures themselves, whoever is in them."""
    if use.channel == PERSONAL:
        return [_rule(profile, "consent_covers", PERSONAL_NEVER)]
    if not goes_there(terms, use):
        key = "consent_model" if terms.model == "not_published" else "consent_covers"
        return [_rule(profile, key, "Your school shows no pictures of pupils there, whoever agrees.")]
    rules = [_rule(profile, "name_rule", NAMES[profile.name_rule])]
    if profile.general_labels_only:
        rules.append(
            _rule(
                profile,
                "general_labels_only",
                "Label pictures of a group or class only in general, such as “sports day”.",
            )
        )
    if profile.minimise_every_image:
        rules.append(
            _rule(
                profile,
                "minimise_every_image",
                "Look in every picture for ways to make pupils harder to recognise, such as blurring. "
                "It does not stand in for consent.",
            )
        )
    return rules


@dataclass(frozen=True)
class Headline:
    """The answer in one line. `tone` is yes, part or no; `text` says what follows from it."""

    tone: str
    title: str
    text: str = ""
    refs: str = ""


def headline(profile: Profile, terms: Terms, use: Use, may: int, total: int, unclear: int = 0) -> Headline:
    """The answer for so many pupils. `unclear` counts pasted names without an answer: they are never a yes."""
    if not goes_there(terms, use):
        where = "on anybody’s own account" if use.channel == PERSONAL else "there"
        return Headline("no", f"Nobody may be shown {where}")
    if not total:
        return Headline(
            "no", "None of these names has an answer", "Nobody is to be shown on the strength of it."
        )
    noes = total - may
    if not may:
        title = "Not to be used" if total == 1 else f"None of these {total} may be shown"
        return Headline("no", title, _unclear(unclear) if unclear else "")
    if not noes:
        title = "May be shown" if total == 1 else f"All {total} may be shown"
        if unclear:
            return Headline("part", f"{title}, but not everybody was found", _unclear(unclear))
        return Headline("yes", title)
    count = f"{may} of {total} may be shown"
    more = f" {_unclear(unclear)}" if unclear else ""
    if not use.in_group:
        return Headline("part", count, more.strip())
    them = f"these {noes}" if noes > 1 else "this pupil"
    refs = "" if profile.departs("nonconsent_image") else " ".join(profile.clauses("nonconsent_image"))
    if may_blur(profile, terms, use):
        verb = "are" if noes > 1 else "is"
        return Headline("part", f"Only if {them} {verb} blurred for good", f"{count}. {BLUR}{more}", refs)
    return Headline("part", f"Not with {them} in it", f"{count}. {REFUSE}{more}", refs)


def _unclear(count: int) -> str:
    if count == 1:
        return "1 pasted name has no answer. It is not to be used until you know who it is."
    return f"{count} pasted names have no answer. They are not to be used until you know who they are."


def headline_then(may: int, total: int, unclear: int = 0) -> Headline:
    """The figures of a check that was kept, in the past: what the policy says of blurring may have changed."""
    title = f"{may} of {total} could be shown" if may < total else f"All {total} could be shown"
    if total == 1:
        title = "The pupil could be shown" if may else "The pupil could not be shown"
    tone = "part" if may and (may < total or unclear) else "yes" if may else "no"
    return Headline(tone, title)
