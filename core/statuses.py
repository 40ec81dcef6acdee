"""The words and the colour of every status: one table for the whole portal (design, section 9).

A page never writes a status by itself: it calls `{% status_tag value %}`, or puts a
`core.tables.Status` into a table. Status is always a word and a colour, never a colour alone.
"""

from enum import Enum
from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString

GREY = "govuk-tag--grey"
BLUE = "govuk-tag--blue"
GREEN = "govuk-tag--green"
YELLOW = "govuk-tag--yellow"
ORANGE = "govuk-tag--orange"
RED = "govuk-tag--red"
PURPLE = "govuk-tag--purple"

STATUSES: dict[str, tuple[str, str]] = {
    # approvals
    "draft": ("Draft", GREY),
    "pending": ("Waiting for a decision", YELLOW),
    "waiting": ("Not their turn yet", GREY),
    "returned": ("Sent back for changes", ORANGE),
    "approved": ("Approved", GREEN),
    "refused": ("Refused", RED),
    "withdrawn": ("Withdrawn", GREY),
    "expired": ("Expired", GREY),
    "skipped": ("Not needed", GREY),
    "voided": ("No longer counts", GREY),
    # a request before it is sent, and its sections
    "discarded": ("Put aside", GREY),
    "completed": ("Completed", GREEN),
    "attention": ("Needs attention", ORANGE),
    # openings of the network
    "asked": ("Waiting for a decision", YELLOW),
    "to_open": ("Allowed, to be opened", BLUE),
    "to_shut": ("Over, to be blocked again", ORANGE),
    "shut": ("Blocked again", GREY),
    # security measures
    "directed": ("To be carried out", YELLOW),
    "in_place": ("In place", GREEN),
    "not_used": ("No longer used", GREY),
    # accounts and the people on them
    "planned": ("Planned", BLUE),
    "live": ("Live", GREEN),
    "closing": ("Being closed", ORANGE),
    "closed": ("Closed", GREY),
    "unconfirmed": ("Not confirmed yet", ORANGE),
    "suspended": ("Suspended", RED),
    "too_few": ("Too few administrators", ORANGE),
    "active": ("Active", GREEN),
    "inactive": ("Not active", GREY),
    "future": ("Starts later", BLUE),
    "ended": ("Ended", GREY),
    "missing": ("Missing", RED),
    # people
    "joined": ("Joined", GREEN),
    "invited": ("Invited", BLUE),
    "left": ("Left", GREY),
    # a second person confirms
    "awaiting": ("Waiting for a second person", YELLOW),
    "confirmed": ("Confirmed", GREEN),
    # documents
    "current": ("In force", GREEN),
    "review": ("Under review", PURPLE),
    "ratified": ("Ratified", GREEN),
    "superseded": ("Replaced", GREY),
    "acknowledged": ("Read and agreed", GREEN),
    "review_open": ("Being reviewed", PURPLE),
    "review_ratifying": ("Waiting to be ratified", YELLOW),
    "review_done": ("Finished", GREEN),
    "review_refused": ("Not ratified", RED),
    "review_dropped": ("Given up", GREY),
    "review_to_sign": ("Still to sign", YELLOW),
    "review_unsigned": ("Not signed", GREY),
    "read_understood": ("Read and understood", GREEN),
    "to_read": ("To be read", ORANGE),
    "not_read": ("Not read yet", ORANGE),
    "not_told": ("Not told yet", ORANGE),
    # who may run an account
    "may_run": ("Ready", GREEN),
    "may_not_run": ("Not ready yet", ORANGE),
    "not_covered": ("No longer covered", RED),
    "nobody_runs_it": ("Nobody runs it", RED),
    "few_administrators": ("Too few administrators", RED),
    "no_lead": ("No lead", RED),
    "one_person_alone": ("One person alone", ORANGE),
    "only_draft": ("Draft only", GREY),
    "version_draft": ("Draft", GREY),
    "version_in_force": ("In force", GREEN),
    "version_past": ("No longer in force", GREY),
    "version_dropped": ("Not adopted", GREY),
    "retired": ("No longer used", GREY),
    "review_soon": ("Due within 60 days", YELLOW),
    "newer_edition": ("Newer edition known", ORANGE),
    "notice_to_send": ("To be told", YELLOW),
    "notice_sent": ("Told", GREEN),
    "notice_dropped": ("Put aside", GREY),
    # training and education
    "met": ("Up to date", GREEN),
    "missed": ("Missed", RED),
    "held": ("Held", GREEN),
    "off": ("Called off", GREY),
    "to_close": ("Say how it went", ORANGE),
    "in_force": ("Asked for", BLUE),
    # reports and bans
    "received": ("It was received", GREY),
    "to_block": ("To be blocked", ORANGE),
    "dealt_with": ("Dealt with", GREEN),
    "ban": ("Ban in force", RED),
    "no_ban": ("No ban set", GREY),
    # work and its clock
    "not_started": ("Not started", GREY),
    "in_progress": ("In progress", BLUE),
    "done": ("Done", GREEN),
    "due": ("Due", BLUE),
    "due_soon": ("Due soon", ORANGE),
    "overdue": ("Overdue", RED),
    "paused": ("Paused", GREY),
    "open": ("Open", BLUE),
    "unread": ("New", BLUE),
    "read": ("Seen", GREY),
    # whom the school may show
    "may_be_shown": ("May be shown", GREEN),
    "not_to_be_used": ("Not to be used", RED),
    "never_show": ("Never to be shown", RED),
    "said_no": ("No", RED),
    "disagreement": ("They disagree", ORANGE),
    "to_check": ("To be checked", YELLOW),
    "run_out": ("Run out", ORANGE),
    "no_answer": ("No answer yet", GREY),
    "to_assess": ("To be assessed", YELLOW),
    "understands": ("Understands", GREEN),
    "does_not_understand": ("Does not understand", GREY),
    "not_joined": ("Not here yet", GREY),
    "not_published": ("Not shown there", GREY),
    "not_asked": ("Not asked", GREY),
    "in_order": ("In order", GREEN),
    # files of pupils
    "import_mapping": ("Columns to be named", YELLOW),
    "import_comparing": ("Being compared", BLUE),
    "import_review": ("To be reviewed", YELLOW),
    "import_accepting": ("Being taken over", BLUE),
    "import_accepted": ("Taken over", GREEN),
    "import_refused": ("Could not be read", RED),
    "import_cancelled": ("Put aside", GREY),
    # what a reporter sees of a concern
    "sent": ("Sent", BLUE),
    # background work, and mails that are not delivered
    "sweep_in_time": ("In time", GREEN),
    "sweep_late": ("Late", ORANGE),
    "sweep_broken": ("Stopped by an error", RED),
    "sweep_expected": ("Not run yet", GREY),
    "mail_given_up": ("Given up", RED),
    "mail_failing": ("Without success so far", ORANGE),
    "mail_waiting": ("Not tried yet", YELLOW),
    # plain answers
    "yes": ("Yes", GREEN),
    "no": ("No", GREY),
    "not_known": ("Not known", GREY),
    # concerns
    "urgency_1": ("Now", RED),
    "urgency_2": ("Today", ORANGE),
    "urgency_3": ("This week", BLUE),
    "concern_unread": ("Unread", PURPLE),
    "concern_open": ("Open", BLUE),
    "concern_closed": ("Closed", GREY),
    "waits_lado": ("Waiting for the LADO", YELLOW),
    "waits_hr": ("Waiting for HR advice", YELLOW),
    "waits_police": ("Waiting for the police", YELLOW),
    "waits_agency": ("Waiting for another agency", YELLOW),
    "waits_parents": ("Waiting for the parents", YELLOW),
    # accounts that somebody looked at
    "monitored_fine": ("Nothing to note", GREEN),
    "monitored_stale": ("Not kept up to date", ORANGE),
    "monitored_problem": ("Something must change", RED),
    "monitored_not_seen": ("Not looked at", GREY),
    # comments on accounts
    "comment_open": ("To answer", BLUE),
    "comment_running": ("In time", BLUE),
    "comment_soon": ("Due soon", ORANGE),
    "comment_late": ("Late", RED),
    "comment_answered": ("Answered", GREEN),
    "comment_left": ("Left without an answer", GREY),
    "comment_resolved": ("Resolved", GREY),
    "opinion_awaited": ("Not answered yet", YELLOW),
    "opinion_good": ("Send it as it is", GREEN),
    "opinion_change": ("Change it first", ORANGE),
    "opinion_do_not": ("Do not answer", RED),
    # whether the remit of the safeguarding lead is confirmed
    "remit_no_dsl": ("Nobody is safeguarding lead", RED),
    "remit_never": ("To be confirmed", ORANGE),
    "remit_changed": ("New safeguarding lead, to be confirmed", ORANGE),
    # referrals to bodies outside
    "advice_awaited": ("Advice awaited", ORANGE),
    "advised": ("Advice received", GREEN),
    "contacted": ("Contacted", BLUE),
    # what staff declare
    "to_note": ("To be noted", YELLOW),
    "noted": ("Noted", GREEN),
    "noted_advice": ("Noted, with advice", GREEN),
    "to_answer": ("Waiting for an answer", YELLOW),
    "agreed": ("Agreed", GREEN),
    "not_agreed": ("Not agreed", RED),
    "permitted": ("Permitted", GREEN),
    "not_contacted": ("Not contacted", GREY),
}


def status_words(status: object) -> tuple[str, str]:
    """The words and the colour class of `status` (a value of STATUSES, or an Enum member of one).

    A value that is not in the table is shown in its own words, in grey, so that a page never fails
    over it; each room has a test that its states are all in the table.
    """
    value = str(status.value if isinstance(status, Enum) else status or "")
    if value in STATUSES:
        return STATUSES[value]
    words = value.replace("_", " ").strip()
    return words[:1].upper() + words[1:] or "Not known", GREY


def status_html(status: object) -> SafeString:
    """The coloured tag of a status, as HTML."""
    return _tag(*status_words(status))


@lru_cache(maxsize=256)
def _tag(words: str, colour: str) -> SafeString:
    return format_html('<strong class="govuk-tag {}">{}</strong>', colour, words)
