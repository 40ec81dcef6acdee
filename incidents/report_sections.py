"""What this room adds to the report of a term: numbers alone, of what its reader may count."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import SocialAccount
from accounts.monitoring.facts import Facts, account_facts
from incidents.abuse.access import abuse_rules
from incidents.comments.access import comment_rules
from incidents.comments.selectors import IN_TIME, LEFT, WAITING, is_late
from incidents.concerns.access import concern_rules
from incidents.concerns.figures import ADULTS, TOTAL, figures_of, school_year
from incidents.concerns.views.figures import counted_by_year
from incidents.models import AbuseNature, Category
from people.models import School, User
from policies.assurance.counting import ask
from policies.assurance.report_sections import both
from policies.assurance.sections import Counting, Series, TermFigure, TermSection, report_section
from policies.assurance.spans import ReportTerm, happened

TOLD_APART = {
    Category.DATA_BREACH: "Breaches of data protection",
    Category.DATA_COMPLAINT: "Complaints about data protection",
    Category.POLICY_COMPLAINT: "Complaints about the policy",
}


@report_section("comments", "Comments and questions on the accounts", place=55)
def comments(user: User, school: School, term: ReportTerm) -> Counting:
    """How many came in, and how many were answered in time where a clock ran (RAV-4.02 to 4.04)."""
    if not comment_rules.allows_at(user, "figures", school):
        return None
    rows = comment_rules.visible_to(user, "figures").filter(school=school).order_by()
    timed = Q(due_at__isnull=False)
    spans = {"": happened("received_at", term.span), "_before": happened("received_at", term.before)}
    wanted = {
        "all": Q(),
        "timed": timed,
        "in_time": timed & IN_TIME,
        "late": timed & is_late(timezone.now()),
        "left": LEFT,
        "timed_left": timed & LEFT,
    }
    (found,) = yield [
        ask(
            rows,
            **{
                f"{name}{suffix}": Count("pk", filter=lies & condition)
                for name, condition in wanted.items()
                for suffix, lies in spans.items()
            },
        )
    ]
    waiting = found["timed"] - found["in_time"] - found["late"] - found["timed_left"]
    return TermSection(
        [
            TermFigure("Came in", found["all"], found["all_before"]),
            TermFigure("To be answered by a certain time", found["timed"], found["timed_before"]),
            TermFigure("Answered in time", found["in_time"], found["in_time_before"]),
            TermFigure("Not answered in time", found["late"], found["late_before"]),
            TermFigure("Left without an answer", found["left"], found["left_before"]),
        ],
        chart=Series(
            "Answers to what came in",
            [
                ("In time", found["in_time"]),
                ("Not in time", found["late"]),
                ("Left without an answer", found["timed_left"]),
                ("Still to be answered", waiting),
            ],
            most=found["timed"],
        )
        if found["timed"]
        else None,
    )


@report_section("abuse", "Abuse that was logged", place=60)
def abuse(user: User, school: School, term: ReportTerm) -> Counting:
    """Entries of the log by what they are, by the day on which they were seen (CIT-2.45, STM-2.17)."""
    if not abuse_rules.allows_at(user, "figures", school):
        return None
    rows = abuse_rules.visible_to(user, "figures").filter(school=school).order_by()
    (found,) = yield [
        ask(
            rows,
            text="nature",
            now=Count("pk", filter=happened("seen_at", term.span)),
            before=Count("pk", filter=happened("seen_at", term.before)),
            open=Count("pk", filter=Q(done_at=None)),
        )
    ]
    counts = {nature: (said["now"], said["before"], said["open"]) for nature, said in found.lines}
    natures = [(one.label, *counts[one.value]) for one in AbuseNature if one.value in counts]
    total, before, still = (sum(row[n] for row in natures) for n in (1, 2, 3))
    return TermSection(
        [
            TermFigure("All entries", total, before),
            *(TermFigure(label, now, earlier) for label, now, earlier, _ in natures if now or earlier),
            TermFigure("Not dealt with yet", still, note="Of all times"),
        ],
        chart=Series("Entries by what they are", [(label, now) for label, now, _, _ in natures if now])
        if total
        else None,
        url=f"{reverse('incidents:abuse-figures')}?school={school.uuid}",
        link="By month",
    )


@report_section("concerns", "Concerns", place=65)
def concerns(user: User, school: School, term: ReportTerm) -> TermSection | None:
    """The figures of the school year in which the term lies, with small numbers left out.

    Never of one term: beside those of the year they would give small numbers away.
    """
    if not concern_rules.allows_at(user, "figures", school):
        return None
    year = school_year(term.first)
    now, before = (figures_of(rows) for rows in counted_by_year(user, school.pk, (year, year - 1)))
    earlier = dict(before.groups)
    rows = [
        TermFigure(TOTAL, now.total, before.total),
        *(TermFigure(label, value, earlier[label]) for label, value in now.groups),
        TermFigure(ADULTS, now.adults, before.adults, "Counted apart, and nothing else is said of them"),
    ]
    return TermSection(
        rows,
        chart=Series("Concerns by what they were about", now.groups),
        note=f"Of the whole school year {year} to {year + 1}, beside the year before: a number of one term could "
        "give somebody away. A number below five is not given.",
        url=f"{reverse('incidents:concern-figures')}?school={school.uuid}&year={year}",
        link="The figures of the year",
    )


@report_section("breaches", "Breaches and complaints that you may read", place=67)
def breaches(user: User, school: School, term: ReportTerm) -> Counting:
    """Cases of their own kind, of which the reader is on the road; nothing where there is none, not even a zero.

    Others read them within the figures of concerns, where small numbers are left out.
    """
    rows = concern_rules.visible_to(user, "know").filter(school=school, category__in=TOLD_APART).order_by()
    (found,) = yield [ask(rows, text="category", **both("came", term, "at"))]
    came = {Category(category): (said["came"], said["came_before"]) for category, said in found.lines}
    counts = {category: numbers for category, numbers in came.items() if any(numbers)}
    if not counts:
        return None
    return TermSection(
        [TermFigure(words, *counts[one]) for one, words in TOLD_APART.items() if one in counts],
        note="Of the cases that you may read yourself. There may be others.",
        url=reverse("incidents:board"),
        link="The cases",
    )


@account_facts
def late_comments(user: Any, accounts: Sequence[SocialAccount]) -> Facts:
    """How many comments on each account are past their time without an answer."""
    rows = comment_rules.visible_to(user, "figures").filter(
        WAITING, account__in=[one.pk for one in accounts], due_at__lt=timezone.now()
    )
    many = rows.order_by().values_list("account").annotate(many=Count("pk"))
    return {pk: [_late(number)] for pk, number in many}


def _late(number: int) -> str:
    return "1 comment past its time" if number == 1 else f"{number} comments past their time"
