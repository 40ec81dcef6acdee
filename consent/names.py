"""The words by which a pupil is found."""

from core.signatures import plain_name

LONGEST = 320


def search_words(first: str, last: str, preferred: str = "") -> str:
    """Every name of a pupil in plain letters: what lists are searched by and pasted names are compared with."""
    return plain_name(f"{preferred} {first} {last}")[:LONGEST]
