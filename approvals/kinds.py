"""Kinds of approval. A room registers its own in a module `approval_kinds`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists

from approvals.models import ApprovalRequest, ApprovalStep, Decision
from people.governance.who import StepSpec


@dataclass(frozen=True)
class Condition:
    """What must be so of a person or thing before the last yes: an empty `missing` means that it is.

    It is shown before anybody decides, to those who may know it (`approvals.conditions`); `on_approved` asks again
    and refuses. `person` is the id of the person whom it is about, None for a thing.
    """

    about: str
    missing: tuple[str, ...] = ()
    person: int | None = None


def nothing(*_: Any) -> None:
    """The default for what a kind need not do."""


def no_discussion(subject: Any) -> list[dict]:
    """The default: no exchange belongs to the subject."""
    return []


def no_conditions(subject: Any) -> list[Condition]:
    """The default: the signatures are enough."""
    return []


@dataclass(frozen=True)
class ApprovalKind:
    """How one kind of subject goes through the engine.

    `find` gives the subject of a request; `url` its own page; `declaration` the text that a signer
    of a step signs; `conditions` what must be so before the last yes, under the heading
    `conditions_title`; `read_first` the words of a link to the subject's page for whoever decides, where what they
    sign stands there in full; `reasons_for_yes` whether a yes needs reasons too; `returnable` whether the
    requester has a page on which to answer and send it again; `discussion` the exchange that signers
    should read, for the timeline component; `barred` who else may not decide, beside the requester and
    the person concerned: an EXISTS over the id of a request and the id of a person, each a value or a
    reference to an outer query, so that one rule serves a step and the queue; the hooks run in the transaction of the decision, and a
    hook that raises Refused refuses the decision.
    """

    name: str
    title: str
    find: Callable[[ApprovalRequest], Any]
    url: Callable[[Any], str]
    declaration: Callable[[Any, ApprovalStep], str]
    conditions: Callable[[Any], list[Condition]] = no_conditions
    conditions_title: str = ""
    read_first: str = ""
    discussion: Callable[[Any], list[dict]] = no_discussion
    reasons_for_yes: bool = False
    returnable: bool = True
    barred: Callable[[Any, Any], Exists] | None = None
    on_decided: Callable[[Any, Decision], None] = nothing
    on_approved: Callable[[Any, ApprovalRequest], None] = nothing
    on_closed: Callable[[Any, ApprovalRequest], None] = nothing


KINDS: dict[str, ApprovalKind] = {}


def register_kind(kind: ApprovalKind) -> None:
    """Register a kind under its name."""
    KINDS[kind.name] = kind


def kind_of(request: ApprovalRequest) -> ApprovalKind:
    """The kind of a request."""
    return KINDS[request.kind]


__all__ = ["KINDS", "ApprovalKind", "Condition", "StepSpec", "kind_of", "register_kind"]
