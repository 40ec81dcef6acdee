"""What this room adds to the report of a term: the official accounts, and how they are monitored."""

from datetime import date

from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils import timezone

from accounts.access import account_rules
from accounts.models import MonitoredAccount, MonitoringAction, SocialAccount
from accounts.monitoring.access import monitoring_rules
from accounts.monitoring.services import SEEN
from accounts.register_selectors import needing_attention
from core.tables import date_text
from people.models import School, User
from policies.assurance.counting import ask
from policies.assurance.report_sections import both
from policies.assurance.sections import Counting, TermFigure, TermSection, profile_for, report_section
from policies.assurance.spans import ReportTerm, happened


@report_section("accounts", "Official accounts", place=40)
def accounts(user: User, school: School, term: ReportTerm) -> Counting:
    """Live, opened and closed, and those that are short of people (STM-15.21, RAV-2.11)."""
    if not account_rules.allows_at(user, "view", school):
        return None
    status = SocialAccount.Status
    rows = account_rules.visible_to(user, "view").filter(school=school).order_by()
    short = needing_attention(rows, {school.pk: profile_for(user, school)})
    found, needing = yield [
        ask(
            rows,
            live=Count("pk", filter=Q(status=status.LIVE)),
            coming=Count("pk", filter=Q(status=status.APPROVED)),
            unsure=Count("pk", filter=Q(status=status.UNCONFIRMED)),
            **both("opened", term, "live_since", day=True),
            **both("closed", term, "closed_on", day=True, status=status.CLOSED),
        ),
        ask(SocialAccount.objects.filter(pk__in=short.values("pk")), short=Count("pk")),
    ]
    return TermSection(
        [
            TermFigure("Live now", found["live"]),
            TermFigure("Went live", found["opened"], found["opened_before"]),
            TermFigure("Closed", found["closed"], found["closed_before"]),
            TermFigure("Approved and not live yet", found["coming"]),
            TermFigure("Entered and not confirmed yet", found["unsure"]),
            TermFigure("Too few administrators, or no lead, now", needing["short"]),
        ],
        url=reverse("accounts:account-list"),
        link="The register",
    )


@report_section("monitoring", "How the accounts are monitored", place=42)
def monitoring(user: User, school: School, term: ReportTerm) -> Counting:
    """Reports that were sent, and what they ask for: of those that the reader may read (CIT-2.41, STM-2.20)."""
    if not monitoring_rules.allows_at(user, "export", school):
        return None
    seen = monitoring_rules.visible_to(user, "export").filter(school=school).order_by()
    ids = seen.values("pk")
    found = MonitoredAccount.Found
    in_term, in_earlier = happened("report__sent_at", term.span), happened("report__sent_at", term.before)
    sent, looked, acts = yield [
        ask(seen, text=Max("ends_on"), **both("sent", term, "sent_at")),
        ask(
            MonitoredAccount.objects.filter(report__in=ids),
            seen=Count("account", filter=in_term & Q(found__in=SEEN), distinct=True),
            seen_before=Count("account", filter=in_earlier & Q(found__in=SEEN), distinct=True),
            problem=Count("pk", filter=in_term & Q(found=found.PROBLEM)),
            problem_before=Count("pk", filter=in_earlier & Q(found=found.PROBLEM)),
            stale=Count("pk", filter=in_term & Q(found=found.STALE)),
            stale_before=Count("pk", filter=in_earlier & Q(found=found.STALE)),
        ),
        ask(
            MonitoringAction.objects.filter(report__in=ids, done_at=None),
            open=Count("pk"),
            late=Count("pk", filter=Q(due_on__lt=timezone.localdate())),
        ),
    ]
    last = date.fromisoformat(sent.text) if sent.text else None
    return TermSection(
        [
            TermFigure(
                "Reports sent",
                sent["sent"],
                sent["sent_before"],
                f"The newest goes up to {date_text(last)}" if last else "There is none yet",
            ),
            TermFigure("Accounts looked at", looked["seen"], looked["seen_before"]),
            TermFigure("Times that something had to change", looked["problem"], looked["problem_before"]),
            TermFigure("Times that one was not kept up to date", looked["stale"], looked["stale_before"]),
            TermFigure("Actions still open now", acts["open"]),
            TermFigure("Of them overdue", acts["late"]),
        ],
        note="Of the reports that you may read.",
        url=reverse("accounts:monitoring-list"),
        link="The reports",
    )
