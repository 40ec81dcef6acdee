"""The log of the server holds no secret part of an address."""

import logging

from core.logs import NoSecrets

TOKEN = "aB3-_xyz" * 5 + "abc"
UUID = "0f8fad5b-d9cb-469f-a165-70867728950e"


def logged(message: str, *args: object) -> str:
    record = logging.LogRecord("django", logging.WARNING, "", 1, message, args, None)
    assert NoSecrets().filter(record)
    return record.getMessage()


def test_the_secret_of_a_link_is_left_out_and_the_rest_stays():
    assert logged("Forbidden (%s): %s", "no cookie", f"/consent/answer/{TOKEN}/{UUID}/") == (
        f"Forbidden (no cookie): /consent/answer/.../{UUID}/"
    )
    assert logged(f"Not Found: /join/{TOKEN}:1tXyZ:{TOKEN}/") == "Not Found: /join/.../"
    assert logged("GET /network/answer/%s?sent=1", TOKEN) == "GET /network/answer/...?sent=1"


def test_other_lines_are_as_they_were():
    assert logged("Not Found: %s", f"/consent/pupils/{UUID}/") == f"Not Found: /consent/pupils/{UUID}/"
    assert logged("100%% of %s", "it") == "100% of it"
