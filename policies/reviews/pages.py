"""How reviews are shown: columns, rows, facts and what happened. Who may see it is asked before."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest

from core.audit import history_of
from core.clock import local_day
from core.tables import Column, Link, Status, Table, date_text
from people.governance.profile import Profile
from people.governance.who import joined
from policies.models import Review, ReviewSignature, Version
from policies.reviews.access import ratifier_specs, reviewer_specs
from policies.reviews.content import day_words, looked_at, title_of
from policies.reviews.services import url_of

EXPORTED = (
    *("Document", "School", "Started", "Started by", "It was due", "Status", "Version"),
    *("Findings", "Signed by", "Next review", "Ended", "Why"),
)
TURNS = {
    "policies.review_written": "Findings, draft or next date written down",
    "policies.review_round": "The draft changed after a signature: all sign anew",
    "policies.review_taken_over": "Taken over",
    "policies.review_to_ratify": "All reviewers have signed, so it went to be ratified",
    "policies.review_same_person": "Who reviewed may ratify too, as nobody else holds the role",
    "policies.review_finished": "Finished",
    "policies.review_refused": "Not ratified",
    "policies.review_dropped": "Given up",
}


def state_of(review: Review) -> str:
    """A value of core.statuses."""
    return f"review_{review.state}"


def columns(with_school: bool) -> list[Column]:
    """The columns of the list."""
    return [
        Column("document", "Document", sortable=True, order_by="document__title"),
        *(
            [Column("school", "School", sortable=True, order_by="document__school__name")]
            if with_school
            else []
        ),
        Column("started", "Begun", sortable=True, order_by="started_at"),
        Column("by", "By", sortable=True, order_by="started_by__full_name"),
        Column("next", "Next review", sortable=True, order_by="next_review_on"),
        Column("ended", "Ended", sortable=True, order_by="ended_at"),
        Column("state", "Status", sortable=True, order_by="state"),
    ]


def table(request: HttpRequest, heads: list[Column], rows: Iterable[Review]) -> Table:
    """One page of the list."""
    return Table(
        heads,
        [
            {
                "document": Link(
                    row.document.title, url_of(row), f"review begun on {date_text(local_day(row.started_at))}"
                ),
                "school": row.document.school.name,
                "started": local_day(row.started_at),
                "by": row.started_by.full_name,
                "next": day_words(row.next_review_on, row.next_by_month) if row.findings else "",
                "ended": row.ended_at and local_day(row.ended_at),
                "state": Status(state_of(row)),
            }
            for row in rows
        ],
        "Reviews",
        request,
        "-started",
        caption_hidden=True,
    )


def exported(row: Review) -> list[str]:
    """One line of the file; its signatures were read before."""
    signed = [f"{one.user.full_name} ({one.spec})" for one in row.signatures.all() if one.round == row.round]
    return [
        row.document.title,
        row.document.school.name,
        date_text(row.started_at),
        row.started_by.full_name,
        date_text(row.was_due_on) if row.was_due_on else "",
        row.get_state_display(),
        str(row.proposed.number) if row.proposed_id else "",
        row.findings,
        "\n".join(signed),
        day_words(row.next_review_on, row.next_by_month) if row.findings else "",
        date_text(row.ended_at) if row.ended_at else "",
        row.ended_because,
    ]


def version_words(version: Version | None) -> str:
    """A version in a few words."""
    if version is None:
        return ""
    edition = f" ({version.edition})" if version.edition else ""
    return f"version {version.number}{edition}"


def facts_of(review: Review) -> list[dict[str, Any]]:
    """What the review says, as its readers and signers see it. At most one query."""
    if review.proposed_id:
        changes = f"{version_words(review.proposed).capitalize()} shall come into force"
    elif review.state == Review.State.DROPPED:
        changes = ""
    else:
        found = version_words(looked_at(review))
        changes = f"Nothing changes: {found} stays" if found else "No version is in force"
    written = bool(review.findings)
    return [
        {"key": "Document", "value": Link(review.document.title, review.document.get_absolute_url())},
        {"key": "It was due", "value": review.was_due_on or "No date was set"},
        {"key": "What was looked at and found", "value": review.findings or "Not written down yet"},
        {"key": "What changes", "value": changes if written else "Not decided yet"},
        *(
            [{"key": "What changed, in a few words", "value": review.proposed.changes}]
            if review.proposed_id
            else []
        ),
        {
            "key": "Next review",
            "value": day_words(review.next_review_on, review.next_by_month) if written else "Not decided yet",
        },
        {"key": "Looked after by", "value": review.started_by.full_name},
    ]


def events_of(
    review: Review, signatures: Iterable[ReviewSignature], profile: Profile
) -> list[dict[str, Any]]:
    """What happened, oldest first; a signature that does not count any more says so."""
    events: list[dict[str, Any]] = [{"title": "Begun", "when": review.started_at}]
    for one in signatures:
        void = one.round != review.round
        events.append(
            {
                "title": f"Signed as {title_of(profile, one.spec)}",
                "status": "voided" if void else "approved",
                "when": one.signature.at,
                "by": f"signed {one.signature.typed_name}",
                "text": "It changed afterwards, so this signature does not count." if void
                else one.signature.declaration,
            }
        )  # fmt: skip
    events += [
        {"title": TURNS[event.action], "when": event.at, "by": event.actor.full_name if event.actor else ""}
        for event in history_of(review).filter(action__in=TURNS)
    ]
    return sorted(events, key=lambda event: event["when"])


def who_reviews(profile: Profile) -> str:
    """The reviewers in the school's own words."""
    return joined(title_of(profile, spec) for spec in reviewer_specs(profile))


def who_ratifies(profile: Profile) -> str:
    """The ratifiers in the school's own words; empty where the school names nobody."""
    return joined(title_of(profile, spec) for spec in ratifier_specs(profile))


def what_follows(profile: Profile) -> str:
    """What happens when the last reviewer has signed, in a sentence: the page says it before they sign."""
    if names := who_ratifies(profile):
        return (
            f"When all reviewers have signed, it goes to the {names} to be ratified. "
            "Until then the version in force stays in force. Whoever signs the review, wrote or changed its draft, or "
            "looks after it, does not ratify it: if you are to ratify it, let somebody else sign."
        )
    return (
        "Your school names nobody who ratifies: the last reviewer's signature finishes the review, "
        "and what it says holds from that day."
    )
