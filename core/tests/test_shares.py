"""Shares in per cent."""

import pytest

from core.shares import percent


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [(0, 0, 0), (0, 7, 0), (7, 7, 100), (2, 3, 67), (1, 3, 33), (1, 8, 13), (1, 900, 1), (899, 900, 99)],
)
def test_a_share_is_rounded_half_up_but_only_all_are_100_and_only_none_are_0(
    part: int, whole: int, shown: int
) -> None:
    assert percent(part, whole) == shown
