"""What one row of the table of addresses says, and the actors that it speaks of."""

from dataclasses import dataclass

from core.roles import Role
from smgov.tests.access.world import CHAIR

HIDDEN, SAME = "hidden", "same"
ACTORS = ("root", "owner", *(role.value for role in Role), CHAIR)
EVERYBODY = " ".join(ACTORS)
MEMBERS = " ".join(ACTORS[1:])
WATCHERS = "headteacher dsl head_of_comms senior_leader governance dpo it chair"
"""Who reads the register of security measures and the yearly statement."""
NO_WATCHERS = "root owner staff contributor office hr"


@dataclass(frozen=True)
class Row:
    """One address. `posts`: it takes POST; `gets`: it takes GET; `public`: no sign-in."""

    open: str
    refused: str = ""
    outside: str = HIDDEN
    public: bool = False
    posts: bool = False
    gets: bool = True
    signs: str = ""

    def status(self, actor: str, *, outside: bool) -> int:
        """200 stands for any answer that lets the person go on."""
        if outside and self.outside == HIDDEN:
            return 404
        if actor in self.open.split():
            return 200
        return 403 if actor in self.refused.split() else 404

    def post_status(self, actor: str, *, outside: bool) -> int:
        """As `status`, for sending: who opens but may not send gets 403."""
        status = self.status(actor, outside=outside)
        return 403 if status == 200 and self.signs and actor not in self.signs.split() else status
