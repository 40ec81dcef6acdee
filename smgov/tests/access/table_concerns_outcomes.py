"""Who may open and send the steps about referrals, outcomes and special cases: part of the one table.

A concern about a pupil is the DSL's alone; a breach and a complaint are the headteacher's with others.
"""

from smgov.tests.access.rows import MEMBERS, SAME, Row

OF_THE_DSL = Row(open="dsl", posts=True)

CONCERN_OUTCOMES: dict[str, Row] = {
    "incidents:concern-retention": Row(open=MEMBERS, refused="root", outside=SAME),
    "incidents:concern-refer": OF_THE_DSL,
    "incidents:concern-referral-made": OF_THE_DSL,
    "incidents:concern-advice": OF_THE_DSL,
    "incidents:concern-override": OF_THE_DSL,
    "incidents:concern-wish": OF_THE_DSL,
    "incidents:concern-spare": OF_THE_DSL,
    "incidents:concern-conduct": OF_THE_DSL,
    "incidents:concern-sanction": OF_THE_DSL,
    "incidents:concern-parents": OF_THE_DSL,
    "incidents:concern-close": OF_THE_DSL,
    "incidents:concern-reopen": OF_THE_DSL,
    "incidents:concern-keep": OF_THE_DSL,
    "incidents:concern-breach-aware": Row(open="headteacher dpo", posts=True),
    "incidents:concern-breach-decide": Row(open="headteacher dpo", posts=True),
    "incidents:concern-breach-reported": Row(open="headteacher dpo", posts=True),
    "incidents:concern-hearing": Row(open="headteacher chair", posts=True),
    "incidents:concern-acknowledge": Row(open="dpo", posts=True),
}

CONCERN_OUTCOME_UUIDS: dict[str, str] = {
    "incidents:concern-refer": "concern",
    "incidents:concern-referral-made": "concern",
    "incidents:concern-advice": "concern",
    "incidents:concern-override": "concern",
    "incidents:concern-wish": "concern",
    "incidents:concern-spare": "concern",
    "incidents:concern-conduct": "concern",
    "incidents:concern-sanction": "concern",
    "incidents:concern-parents": "concern",
    "incidents:concern-close": "concern",
    "incidents:concern-reopen": "concern_closed",
    "incidents:concern-keep": "concern_kept",
    "incidents:concern-breach-aware": "concern_breach_new",
    "incidents:concern-breach-decide": "concern_breach",
    "incidents:concern-breach-reported": "concern_breach_decided",
    "incidents:concern-hearing": "concern_complaint",
    "incidents:concern-acknowledge": "concern_data",
}
"""Of which thing of the world each address is; `referral` and `part` are said in `MORE_UUIDS`."""
MORE_UUIDS: dict[str, dict[str, str]] = {
    "incidents:concern-referral-made": {"referral": "referral_open"},
    "incidents:concern-advice": {"referral": "referral_made"},
    "incidents:concern-override": {"referral": "referral_made"},
    "incidents:concern-wish": {"part": "concern_adult"},
}
