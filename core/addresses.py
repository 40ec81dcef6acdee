"""Web addresses that people type: read, judged, compared, and never fetched or turned into a link.

A list of addresses is one text, one address a line, kept as it was typed (STM-13.03, STM-14.04).
"""

import ipaddress
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

LONGEST = 2000
MOST = 25
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_HIDDEN = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}


@dataclass(frozen=True)
class WebAddress:
    """One address as it was typed, and the host that a browser would ask, in ASCII."""

    typed: str
    host: str

    @property
    def shown_host(self) -> str:
        """The host in ASCII where the address shows it in other letters, so that a disguise is seen."""
        shown = (urlsplit(self.typed).hostname or "").rstrip(".")
        return (
            ""
            if shown == self.host and not any(p.startswith("xn--") for p in shown.split("."))
            else self.host
        )


class BadAddress(ValueError):
    """Why an address cannot be taken, in plain English, with what to do."""


def parse_address(typed: str) -> WebAddress:
    """Read one address. Raises BadAddress."""
    text = typed.strip()
    if len(text) > LONGEST:
        raise BadAddress(f"is longer than {LONGEST:,} characters. Shorten it to the part that opens the page")
    if any(unicodedata.category(letter) in _HIDDEN for letter in text):
        raise BadAddress("holds a character that cannot be seen. Type the address again, or copy it afresh")
    if re.search(r"\s", text):
        raise BadAddress("has a space in it. Put each address on a line of its own, without spaces")
    if "\\" in text:
        raise BadAddress("has a backslash in it. Copy the address from the browser")
    scheme, colon, _ = text.partition("://")
    if not colon or scheme.lower() not in ("http", "https"):
        raise BadAddress("does not begin with http:// or https://. Copy the whole address from the browser")
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname or "", parts.port
    except ValueError as error:
        raise BadAddress("is not an address that a browser could open. Check it") from error
    if "@" in parts.netloc:
        raise BadAddress("holds a name or password before an @. Take that part out")
    return WebAddress(text, _ascii_host(host))


def _ascii_host(host: str) -> str:
    """The host as a browser asks for it: lower case, international names in ASCII."""
    bare = host.rstrip(".")
    try:
        return str(ipaddress.ip_address(bare))
    except ValueError:
        pass
    if any(
        letter in bare for letter in "ßς\u200c\u200d"
    ):  # browsers of today and of yesterday differ on these
        raise BadAddress(
            "has a letter in the name of its website that browsers read differently. Copy it afresh"
        )
    if is_number(bare):
        raise BadAddress("hides its website behind numbers. Give the name of the website")
    try:
        name = bare.encode("idna").decode().lower()
    except UnicodeError as error:
        raise BadAddress("has a name of a website that cannot exist. Check it") from error
    labels = name.split(".")
    if len(labels) < 2 or len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise BadAddress("has no name of a website, like www.example.org, after the //. Check it")
    return name


def is_number(host: str) -> bool:
    """Whether a browser reads the host as a number: its last part is digits, or begins with 0x."""
    last = host.rstrip(".").rpartition(".")[2].lower()
    return ":" in host or last.isdigit() or last.startswith("0x")


def parse_addresses(text: str) -> list[WebAddress]:
    """Read one address a line; empty lines do not count. Raises BadAddress, which names the line."""
    lines = [line.strip() for line in re.split(r"\r\n|\r|\n", text) if line.strip()]
    if len(lines) > MOST:
        raise BadAddress(f"Enter at most {MOST} addresses at once. There are {len(lines)}.")
    found = []
    for number, line in enumerate(lines, start=1):
        try:
            found.append(parse_address(line))
        except BadAddress as error:
            which = f"Address {number}" if len(lines) > 1 else "The address"
            raise BadAddress(f"{which} {error}.") from error
    return found


def under(host: str, sites: Iterable[str]) -> str:
    """The site among `sites` to which a host belongs (itself or one below it); "" where none."""
    return next((site for site in sites if host == site or host.endswith(f".{site}")), "")
