"""The parts of the page of a case. Importing this package registers them; each room adds its own line."""

from incidents.concerns.case_sections import (  # noqa: F401
    actions,
    chronology,
    evidence,
    facts,
    outcome,
    readers,
    referrals,
    special,
)
