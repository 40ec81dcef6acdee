"""What the portal says about a verdict: yes or no for staff, the reason for whoever may know it."""

from typing import NamedTuple

from consent import ledger
from consent.ledger import Verdict
from core.tables import date_text

MAY_BE_SHOWN, NOT_TO_BE_USED = "may_be_shown", "not_to_be_used"


class Words(NamedTuple):
    """A value of `core.statuses`, and the whole sentence beside it or instead of it."""

    status: str
    text: str


SHORT = {
    True: Words(MAY_BE_SHOWN, "May be shown"),
    False: Words(NOT_TO_BE_USED, "Not to be used"),
}
"""All that staff are told."""

REASONS = {
    ledger.NEVER: SHORT[False],
    ledger.LEFT: Words("left", "Has left the school"),
    ledger.NOT_YET: Words("not_joined", "Has not joined the school yet"),
    ledger.NOT_PUBLISHED: Words("not_published", "The school shows no pictures of pupils there"),
    ledger.NO_PURPOSE: Words("not_asked", "The school does not ask about this"),
    ledger.NO: Words("said_no", "Refused, withdrawn or objected"),
    ledger.SPLIT: Words("disagreement", "No: those who answered disagree"),
    ledger.HELD: Words("to_check", "No: an answer has to be checked"),
    ledger.EXPIRED: Words("run_out", "No: the consent has run out"),
    ledger.SILENT: Words("no_answer", "No answer yet"),
}
"""What whoever sees the whole record is told. Even to them the flag shows as "Not to be used" alone."""

FLAGGED = Words("never_show", "Never to be shown, whatever anybody consents to")
"""What the DSL alone is told (RAV-9.08)."""


def words_for(verdict: Verdict, sees_details: bool, sees_flag: bool = False) -> Words:
    """The words for a verdict.

    `sees_details`: the reader sees the whole record at the pupil's school (`pupil_rules` "details").
    `sees_flag`: the reader may know of the flag "never show" there (`flag_rules` "view": the DSL).
    """
    if sees_flag and verdict.reason == ledger.NEVER:
        return FLAGGED
    if not sees_details:
        return SHORT[verdict.may]
    if verdict.may:
        until = f" until {date_text(verdict.until)}" if verdict.until else ""
        return Words(MAY_BE_SHOWN, f"May be shown{until}")
    return REASONS[verdict.reason]
