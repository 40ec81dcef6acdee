"""Every setting of a governance profile, in the order of the settings page.

The five policies differ on 51 matters; each has at least one setting here, and so have the matters that no
policy states but a school must decide. No rule is built into the code as *the* rule.
"""

from __future__ import annotations

from itertools import chain

from people.governance.sections import (
    accounts,
    comments,
    concerns,
    conduct,
    consent,
    contact,
    images,
    network,
    passwords,
    policies,
    records,
    rights,
)
from people.governance.setting import PARTS, SECTIONS, Setting

__all__ = ["PARTS", "SECTIONS", "SETTINGS", "Setting", "setting", "settings_of"]


def _collected() -> dict[str, Setting]:
    rooms = (
        accounts,
        rights,
        comments,
        concerns,
        consent,
        images,
        passwords,
        network,
        policies,
        contact,
        conduct,
        records,
    )
    found: dict[str, Setting] = {}
    for one in chain.from_iterable(room.SETTINGS for room in rooms):
        if one.key in found:
            raise ValueError(f"two settings are called {one.key}")
        found[one.key] = one
    return found


SETTINGS: dict[str, Setting] = _collected()


def setting(key: str) -> Setting:
    """The setting of that name.

    Raises:
        ValueError: there is none.
    """
    try:
        return SETTINGS[key]
    except (KeyError, TypeError):
        raise ValueError(f"There is no setting called “{key}”.") from None


def settings_of(section: str) -> list[Setting]:
    """The settings under one heading, in order."""
    return [one for one in SETTINGS.values() if one.section == section]
