"""What one governance setting is: the question, the kind of answer, and what hangs on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from people.governance.values import Choice, ChoiceList, Kind, Titles

ACCOUNTS = "Accounts"
RIGHTS = "Rights"
COMMENTS = "Comments and abuse"
CONCERNS = "Concerns"
CONSENT = "Consent"
IMAGES = "Images and devices"
PASSWORDS = "Passwords"
NETWORK = "Filtering and network"
POLICIES = "Policies and training"
CONTACT = "Contact with pupils"
CONDUCT = "Conduct"
RECORDS = "Records"
SECTIONS = (
    ACCOUNTS,
    RIGHTS,
    COMMENTS,
    CONCERNS,
    CONSENT,
    IMAGES,
    PASSWORDS,
    NETWORK,
    POLICIES,
    CONTACT,
    CONDUCT,
    RECORDS,
)

# The parts of the portal that stay shut while a compulsory setting of theirs is open. Credentials and the
# disposal of records are parts of their own, so that the account register does not wait for either.
PARTS = {
    "accounts": "Social media accounts",
    "concerns": "Concerns and incidents",
    "consent": "Image consent",
    "comments": "Comments and the abuse log",
    "network": "Filtering and network",
    "policies": "Policies and training",
    "credentials": "Passwords of accounts",
    "records": "Disposal of old records",
}


@dataclass(frozen=True)
class Setting:
    """One matter on which schools differ.

    Attributes:
        key: its name in presets, overrides and code.
        number: the row of the comparison of the five policies (1-51), or 0 for one that no policy states.
        section: the heading it stands under.
        title: a few words for lists and history.
        question: what a headteacher is asked.
        kind: how the answer is read, kept and said.
        default: the answer, as JSON, where a policy is silent. None: no rule, or nobody.
        unset: what is said when there is no answer and none is compulsory.
        offer: an answer, as JSON, that the form suggests. It is never taken by itself.
        part: set only on a compulsory setting: the part of the portal that stays shut until it is answered.
        routing: whether it says who hears or decides what, or opens or shuts the gate before an account is run or
            somebody else's matter is read, so that a change needs a second person.
        used: whether the portal reads it today. The others are recorded and take effect with their part.
    """

    key: str
    number: int
    section: str
    title: str
    question: str
    kind: Kind
    default: Any = None
    unset: str = "No rule"
    offer: Any = None
    part: str = ""
    routing: bool = False
    used: bool = False

    def __post_init__(self) -> None:
        if self.section not in SECTIONS or (self.part and self.part not in PARTS):
            raise ValueError(f"{self.key}: unknown section or part")
        if self.part and self.default is not None:
            raise ValueError(f"{self.key}: a compulsory setting has no default")

    @property
    def compulsory(self) -> bool:
        """Whether a person must choose where the preset leaves it open."""
        return bool(self.part)

    @property
    def choices(self) -> dict[str, str]:
        """Value and words of each option, for the kinds that have options."""
        return dict(self.kind.options) if isinstance(self.kind, Choice | ChoiceList) else {}

    def parse(self, raw: Any) -> Any:
        """The value of a JSON answer. None is no answer, which is the default.

        Raises:
            ValueError: in plain English.
        """
        answer = self.default if raw is None else raw
        return None if answer is None else self.kind.parse(answer)

    def to_json(self, value: Any) -> Any:
        """The value as it is stored; `parse` reads it back."""
        return None if value is None else self.kind.to_json(value)

    def describe(self, value: Any, titles: Titles) -> str:
        """The answer in words, with the school's own titles."""
        if value is not None:
            return self.kind.describe(value, titles)
        return "Not chosen yet" if self.compulsory else self.unset
