"""What may be done with a comment, and what each step does to its clock: one pure table."""

from collections.abc import Iterable
from dataclasses import dataclass

from incidents.models import Comment, CommentStep
from people.governance.profile import Profile

Did = CommentStep.Did
MUST_ANSWER = frozenset((Comment.Kind.QUERY, Comment.Kind.COMPLAINT, Comment.Kind.POLICY))
"""Kinds that are not left without an answer while their time runs (RAV-4.02, RAV-4.04)."""
ENOUGH = frozenset((Did.ANSWERED, Did.HIDDEN, Did.NO_ANSWER, Did.PASSED))
"""One of these must stand there before a comment is resolved; an acknowledgement alone is not enough."""
RESERVED: dict[str, frozenset[str]] = {
    Comment.Kind.PRESS: frozenset((Did.ANSWERED, Did.ACKNOWLEDGED, Did.NO_ANSWER, Did.HIDDEN, Did.RESOLVED)),
    Comment.Kind.POLICY: frozenset((Did.RESOLVED,)),
}
"""What only those do with a comment of this kind who settle it (`access.settles`; RAV-5.07, CIT-2.19)."""


@dataclass(frozen=True)
class Move:
    """One thing that may be done.

    `stops`: it ends the clock as an answer does. `there`: it speaks in the school's name. `dated`: it was done on
    the platform, perhaps before it is recorded here.
    """

    did: CommentStep.Did
    title: str
    button: str
    label: str
    hint: str = ""
    needed: str = ""
    stops: bool = False
    there: bool = False
    dated: bool = False
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
        dated=True,
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
        dated=True,
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
        dated=True,
        points=("What is hidden there stays here. Report it as offensive too, where it is.",),
        done="It is on record that it was hidden.",
    ),
    "leave": Move(
        Did.NO_ANSWER,
        "Leave it without an answer",
        "Leave it without an answer",
        "Why it needs no answer",
        needed="Say why it needs no answer",
        there=True,
        points=(
            "This ends the time limit. It is not an answer: it is counted apart, as left without one.",
            "A question or a complaint is not left like this while its time runs: acknowledge it at least.",
        ),
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


def is_reserved(move: Move, kind: str) -> bool:
    """Whether the move is only for those who settle comments of this kind."""
    return move.did in RESERVED.get(kind, ())


def standing(kind: str, steps: Iterable[str]) -> set[str]:
    """What stands there, of the steps in order.

    A journalist's comment and a complaint about the policy are passed on by themselves as they get their kind:
    that settles nothing, neither under this kind nor under another later on.
    """
    steps = list(steps)
    last = max((n for n, did in enumerate(steps) if did == Did.RECLASSED), default=-1)
    found = set(steps)
    if kind in RESERVED or Did.PASSED not in steps[last + 1 :]:
        found.discard(Did.PASSED)
    return found


def ends_clock(move: Move, profile: Profile) -> bool:
    """Whether the step ends the clock; an acknowledgement only where the profile says so (RAV-4.04)."""
    if move.did == Did.ACKNOWLEDGED:
        return bool(profile.response_acknowledgement)
    return move.stops


def why_not(move: Move, comment: Comment, steps: set[str]) -> str:
    """Why this cannot be done with a comment in which these steps stand already (`standing`); empty if it can."""
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
    if move.did == Did.NO_ANSWER and must_be_answered(comment):
        if Did.ACKNOWLEDGED in steps:
            return "At your school an acknowledgement is not enough: say what was answered."
        return (
            "A question or a complaint needs an answer in time, if only that it has arrived. "
            "Acknowledge it at least; if it is neither, put it under another kind first."
        )
    if move.did == Did.HIDDEN and Did.HIDDEN in steps:
        return "Somebody has hidden it already."
    if move.did == Did.RESOLVED and not steps & ENOUGH:
        others = "hide it there" if comment.kind in RESERVED else "pass it on, hide it there"
        return f"First say what was answered, {others}, or say why it needs no answer."
    return ""


def must_be_answered(comment: Comment) -> bool:
    """Whether its clock runs, and its kind is one that is answered at least by an acknowledgement."""
    ended = comment.answered_at or comment.left_at or comment.resolved_at
    return comment.kind in MUST_ANSWER and comment.due_at is not None and ended is None


def open_moves(comment: Comment, steps: set[str]) -> list[str]:
    """Names of the moves that can be made now, in the order of the page."""
    return [name for name, move in MOVES.items() if not why_not(move, comment, steps)]
