"""What may be done with a comment, and what each step does to its clock: one pure table."""

from dataclasses import dataclass

from incidents.models import Comment, CommentStep
from people.governance.profile import Profile

Did = CommentStep.Did
ENOUGH = frozenset((Did.ANSWERED, Did.HIDDEN, Did.NO_ANSWER, Did.PASSED))
"""One of these must stand there before a comment is resolved; an acknowledgement alone is not enough."""


@dataclass(frozen=True)
class Move:
    """One thing that may be done. `stops`: it ends the clock. `there`: it is an answer in the school's name."""

    did: str
    title: str
    button: str
    label: str
    hint: str = ""
    needed: str = ""
    stops: bool = False
    there: bool = False
    points: tuple[str, ...] = ()
    done: str = ""


MOVES: dict[str, Move] = {
    "acknowledge": Move(
        Did.ACKNOWLEDGED,
        "Say that it was acknowledged",
        "It was acknowledged",
        "What was written",
        hint="For example: thank you, we are looking into it",
        stops=True,
        there=True,
        done="It is on record that it was acknowledged.",
    ),
    "answer": Move(
        Did.ANSWERED,
        "Say what was answered",
        "It was answered",
        "What was answered",
        hint="Copy the words as they stand there",
        needed="Enter what was answered",
        stops=True,
        there=True,
        points=("Think before you answer. When in doubt, ask a colleague first.",),
        done="The answer is on record.",
    ),
    "hide": Move(
        Did.HIDDEN,
        "Say that it was hidden or removed there",
        "It was hidden or removed",
        "Why",
        needed="Say why it was hidden",
        stops=True,
        points=("What is hidden there stays here. Report it as offensive too, where it is.",),
        done="It is on record that it was hidden.",
    ),
    "leave": Move(
        Did.NO_ANSWER,
        "Leave it without an answer",
        "Leave it without an answer",
        "Why it needs no answer",
        needed="Say why it needs no answer",
        stops=True,
        there=True,
        done="It is on record that it needs no answer.",
    ),
    "pass": Move(
        Did.PASSED,
        "Pass it to senior leaders",
        "Pass it on",
        "What they should know",
        points=("They are told at once. The time to answer runs on until somebody has answered.",),
        done="It was passed on, and they have been told.",
    ),
    "note": Move(
        Did.NOTE,
        "Add a note",
        "Add the note",
        "Note",
        needed="Enter a note",
        done="The note is added.",
    ),
    "resolve": Move(
        Did.RESOLVED,
        "Resolve it",
        "It is resolved",
        "Anything to add",
        points=("Nothing more is to be done about it. It can be opened again.",),
        done="It is resolved.",
    ),
    "reopen": Move(
        Did.REOPENED,
        "Open it again",
        "Open it again",
        "Why",
        needed="Say why it is opened again",
        done="It is open again.",
    ),
}
"""By the name that stands in the address."""


def ends_clock(move: Move, profile: Profile) -> bool:
    """Whether the step ends the clock; an acknowledgement only where the profile says so (RAV-4.04)."""
    if move.did == Did.ACKNOWLEDGED:
        return bool(profile.response_acknowledgement)
    return move.stops


def why_not(move: Move, comment: Comment, steps: set[str]) -> str:
    """Why this cannot be done with a comment in which these steps stand already; empty if it can."""
    if move.did == Did.REOPENED:
        return "" if comment.resolved_at else "It is open already."
    if move.did == Did.NOTE:
        return ""
    if comment.resolved_at:
        return "It is resolved. Open it again first."
    if move.did == Did.ACKNOWLEDGED and steps & {Did.ACKNOWLEDGED, Did.ANSWERED}:
        return "Somebody has acknowledged or answered it already."
    if move.did == Did.NO_ANSWER and Did.ANSWERED in steps:
        return "Somebody has answered it already. If nothing more is to be done, resolve it."
    if move.did == Did.NO_ANSWER and Did.NO_ANSWER in steps:
        return "It is marked already as left without an answer."
    if move.did == Did.HIDDEN and Did.HIDDEN in steps:
        return "Somebody has hidden it already."
    if move.did == Did.RESOLVED and not steps & ENOUGH:
        return "First say what was answered, pass it on, hide it there, or say why it needs no answer."
    return ""


def open_moves(comment: Comment, steps: set[str]) -> list[str]:
    """Names of the moves that can be made now, in the order of the page."""
    return [name for name, move in MOVES.items() if not why_not(move, comment, steps)]
