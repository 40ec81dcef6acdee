"""Shares in per cent, as every room shows them."""


def percent(part: int, whole: int) -> int:
    """A share in per cent, rounded half up, but 100 only where it is all of them and 0 only where it is none."""
    if not whole or not part:
        return 0
    return 100 if part == whole else min(max((200 * part + whole) // (2 * whole), 1), 99)
