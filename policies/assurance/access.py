"""Who confirms the DSL's remit, and who reads and adds to the report of a term."""

from core.access import Rules
from core.roles import Post, Role
from policies.models import RemitConfirmation, TermStatement

BOARD = (Role.GOVERNANCE, f"{Role.SENIOR_LEADER}/{Post.ELT}")
"""The board and the executive team (CIT-2.05, STM-2.03)."""
READERS = (Role.GOVERNANCE, Role.HEADTEACHER, Role.DSL, Role.SENIOR_LEADER, Role.HEAD_OF_COMMS, Role.DPO)

remit_rules = Rules(RemitConfirmation, {"view": READERS, "confirm": BOARD})
statement_rules = Rules(
    TermStatement,
    {
        "view": READERS,
        "export": READERS,
        "write": (
            Role.DSL,
            Role.HEADTEACHER,
            Role.HEAD_OF_COMMS,
            *BOARD[1:],
            f"{Role.GOVERNANCE}/{Post.CHAIR}",
        ),
        "approach": (Role.DSL,),
        "implementation": (Role.HEADTEACHER, Role.HEAD_OF_COMMS, f"{Role.SENIOR_LEADER}/{Post.ELT}"),
        "presented": (Role.HEADTEACHER, f"{Role.GOVERNANCE}/{Post.CHAIR}"),
    },
)
"""`write` is to write one of the three; which of them is asked for by its own name."""
