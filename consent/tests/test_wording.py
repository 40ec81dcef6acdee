"""What is said of a verdict: never more than the reader may know (subtle 17, RAV-9.08)."""

from datetime import date

import pytest

from consent import ledger
from consent.ledger import Verdict
from consent.wording import FLAGGED, REASONS, SHORT, words_for
from core.statuses import STATUSES

BLOCKED = sorted(REASONS)


@pytest.mark.parametrize("reason", BLOCKED)
def test_staff_cannot_tell_one_reason_from_another(reason: str) -> None:
    assert words_for(Verdict(False, reason), False) == SHORT[False]


def test_staff_are_not_told_until_when() -> None:
    assert words_for(Verdict(True, ledger.MAY, date(2027, 8, 31)), False).text == "May be shown"


def test_readers_of_the_record_are_told_the_reason_but_not_of_the_flag() -> None:
    assert words_for(Verdict(True, ledger.MAY, date(2027, 8, 31)), True).text.endswith("until 31 August 2027")
    assert words_for(Verdict(False, ledger.NEVER), True) == SHORT[False]
    told = {words_for(Verdict(False, reason), True) for reason in BLOCKED}
    assert len(told) == len(BLOCKED)


@pytest.mark.clause("RAV-9.08")
def test_the_safeguarding_lead_alone_is_told_of_the_flag() -> None:
    assert words_for(Verdict(False, ledger.NEVER), True, sees_flag=True) == FLAGGED
    assert words_for(Verdict(False, ledger.NEVER), False, sees_flag=True) == FLAGGED


def test_every_reason_of_the_ledger_has_words_and_every_word_a_colour() -> None:
    reasons = {
        ledger.NEVER,
        ledger.LEFT,
        ledger.NOT_YET,
        ledger.NOT_PUBLISHED,
        ledger.NO_PURPOSE,
        ledger.NO,
        ledger.SPLIT,
        ledger.HELD,
        ledger.EXPIRED,
        ledger.SILENT,
    }
    assert set(REASONS) == reasons
    every = [*SHORT.values(), *REASONS.values(), FLAGGED]
    assert {words.status for words in every} <= set(STATUSES)
