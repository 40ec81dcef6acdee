"""What this room, and the network below it, add to the report of a term."""

from collections.abc import Sequence

from django.db.models import Count, Q, QuerySet, Sum
from django.urls import reverse
from django.utils import timezone

from approvals.models import ApprovalRequest, BlockedSite, SecurityMeasure
from approvals.network.evidence_access import measure_rules, site_rules
from approvals.network.unblock_access import unblock_rules
from core.shares import percent
from core.statuses import status_words
from core.tables import date_text
from people.models import School, User
from policies.assurance.access import remit_rules
from policies.assurance.counting import Answer, Ask, ask
from policies.assurance.remits import state_of
from policies.assurance.sections import Counting, Series, TermFigure, TermSection, of, report_section
from policies.assurance.spans import ReportTerm, happened, within
from policies.documents.access import document_rules, notice_rules
from policies.education.access import education_rules
from policies.models import CommunityNotice, EducationEvent, Training, TrainingDuty, TrainingRecord, Version
from policies.reading.access import acknowledgement_rules
from policies.reading.readers import in_force, with_numbers
from policies.training.access import training_rules

MOST_DOCUMENTS = 40


def both(count: str, term: ReportTerm, when: str, *, day: bool = False, **more: object) -> dict[str, Count]:
    """Two counts under `count` and `count`_before: what happened in the term and in the one before it."""
    lies = within if day else happened
    extra = Q(**more)
    return {
        count: Count("pk", filter=lies(when, term.span) & extra, distinct=True),
        f"{count}_before": Count("pk", filter=lies(when, term.before) & extra, distinct=True),
    }


def here(school: School) -> Q:
    """Documents that hold at a school: its own, and those of its whole trust."""
    own = Q(school=school)
    return own | Q(for_trust=True, school__trust=school.trust_id) if school.trust_id else own


@report_section("remit", "The remit of the safeguarding lead", place=10)
def remit(user: User, school: School, term: ReportTerm) -> TermSection | None:
    """Whether it is confirmed that it covers online safety, as of today (CIT-2.05, STM-2.03)."""
    if not remit_rules.allows_at(user, "view", school):
        return None
    now = state_of(school)
    rows = [TermFigure("Does it cover online safety?", status_words(now.remit)[0], note="As of today")]
    if now.remit_at:
        rows.append(TermFigure("Last confirmed", f"{date_text(now.remit_at)} by {now.remit_by}"))
    return TermSection(
        rows, url=reverse("policies:remit-detail", args=[school.uuid]), link="The confirmations"
    )


@report_section("documents", "Policies and their reviews", place=20)
def documents(user: User, school: School, term: ReportTerm) -> Counting:
    """What is in force, what is overdue, and what came into force in the term (CIT-2.04, STM-2.01)."""
    seen = document_rules.visible_to(user, "view").filter(here(school), retired_at=None).order_by()
    valid = Q(state=Version.State.IN_FORCE)
    late = Q(document__review_on__lt=timezone.localdate())
    versions = ask(
        Version.objects.filter(document__in=seen.values("pk")),
        valid_now=Count("document", filter=valid, distinct=True),
        overdue=Count("document", filter=valid & late, distinct=True),
        undated=Count("document", filter=valid & Q(document__review_on=None), distinct=True),
        **both("came", term, "in_force_from", day=True),
    )
    notices = CommunityNotice.objects.filter(school=school, dropped_at=None)
    may_know = notice_rules.allows_at(user, "view", school)
    sent = [ask(notices, **both("sent", term, "sent_on", day=True))] if may_know else []
    found, *told = yield [versions, *sent]
    rows = [
        TermFigure("In force now", found["valid_now"]),
        TermFigure("Review overdue now", found["overdue"]),
        TermFigure("Without a day for the review", found["undated"]),
        TermFigure("New versions that came into force", found["came"], found["came_before"]),
        *(
            TermFigure("Notices sent to pupils, parents or staff", one["sent"], one["sent_before"])
            for one in told
        ),
    ]
    return TermSection(rows, url=reverse("policies:document-list"), link="The documents")


@report_section("reading", "Read and understood", place=25)
def reading(user: User, school: School, term: ReportTerm) -> Counting:
    """How many of those who are asked have read each document in force."""
    if not acknowledgement_rules.allows_at(user, "figures", school):
        return None
    seen = document_rules.visible_to(user, "view").filter(here(school)).order_by()
    versions = with_numbers(in_force().filter(document__in=seen.values("pk")), {school.pk})
    (found,) = yield [
        ask(versions.filter(asked__gt=0), text="document__title", read="have_read", whole="asked", pk="pk")
    ]
    lines = sorted(found.lines, key=lambda line: (line[0], line[1]["pk"]))
    read = [(title, numbers["read"], numbers["whole"]) for title, numbers in lines]
    if not read:
        return TermSection([TermFigure("Documents that people here are asked to read", 0)])
    have, asked = sum(row[1] for row in read), sum(row[2] for row in read)
    shown = read[:MOST_DOCUMENTS]
    return TermSection(
        [
            TermFigure("All of them together", f"{percent(have, asked)}%", note="As of today"),
            *(TermFigure(title, of(done, whole)) for title, done, whole in shown),
        ],
        chart=Series(
            "Share who have read each document",
            [(title, percent(done, whole)) for title, done, whole in shown],
            "%",
            100,
        ),
        note="A new version is to be read anew.",
    )


@report_section("training", "Training", place=30)
def training(user: User, school: School, term: ReportTerm) -> Counting:
    """The share who have met what is asked of them, for each kind: as of today, without names."""
    if not training_rules.allows_at(user, "figures", school):
        return None
    today = timezone.localdate()
    met = Q(met_by__isnull=False, due_on__gte=today)
    records = TrainingRecord.objects.filter(school=school, withdrawn_at=None)
    held, owed = yield [
        ask(records, **both("done", term, "done_on", day=True)),
        ask(
            TrainingDuty.objects.filter(school=school),
            text="kind",
            met=Count("pk", filter=met),
            late=Count("pk", filter=Q(due_on__lt=today)),
            whole=Count("pk"),
        ),
    ]
    by_kind = {kind: (said["met"], said["late"], said["whole"]) for kind, said in owed.lines}
    kinds = [(kind.label, *by_kind[kind.value]) for kind in Training if kind.value in by_kind]
    return TermSection(
        [
            TermFigure("Trainings recorded", held["done"], held["done_before"]),
            *(
                TermFigure(label, of(good, whole), note=f"{late} overdue" if late else "")
                for label, good, late, whole in kinds
            ),
        ],
        chart=Series("Share who are trained", [(k, percent(good, n)) for k, good, _, n in kinds], "%", 100)
        if kinds
        else None,
        note="Who is trained is as of today.",
    )


@report_section("education", "What pupils and parents are taught", place=35)
def education(user: User, school: School, term: ReportTerm) -> Counting:
    """What was held for pupils and for parents (CIT-11.01, STM-11.04, STM-11.06)."""
    if not education_rules.allows_at(user, "view", school):
        return None
    seen = education_rules.visible_to(user, "view").filter(school=school).order_by()
    audience, state = EducationEvent.Audience, EducationEvent.State
    pupils = {"state": state.HELD, "audience__in": (audience.PUPILS, audience.EVERYBODY)}
    parents = {"state": state.HELD, "audience__in": (audience.PARENTS, audience.EVERYBODY)}
    now = within("on", term.span)
    (found,) = yield [
        ask(
            seen,
            **both("pupils", term, "on", day=True, **pupils),
            **both("parents", term, "on", day=True, **parents),
            **both("off", term, "on", day=True, state=state.OFF),
            planned=Count("pk", filter=now & Q(state=state.PLANNED)),
            came=Sum("attended", filter=now & Q(state=state.HELD)),
            came_before=Sum("attended", filter=within("on", term.before) & Q(state=state.HELD)),
        )
    ]
    return TermSection(
        [
            TermFigure("Held for pupils", found["pupils"], found["pupils_before"]),
            TermFigure("Held for parents and carers", found["parents"], found["parents_before"]),
            TermFigure(
                "People who came",
                found["came"],
                found["came_before"],
                "As far as they were counted",
            ),
            TermFigure("Planned in this term and not held yet", found["planned"]),
            TermFigure("Called off", found["off"], found["off_before"]),
        ],
        note="What was held for everybody counts in both lines.",
        url=reverse("policies:education-list"),
        link="The calendar",
    )


@report_section("network", "Filtering and security", place=70)
def network(user: User, school: School, term: ReportTerm) -> Counting:
    """Measures, blocked sites, and requests to open one, as far as the reader sees each."""
    parts = [
        (wanted, say)
        for wanted, say in (
            (_measures(user, school, term), _measures_said),
            (_sites(user, school, term), _sites_said),
            (_unblocks(user, school, term), _unblocks_said),
        )
        if wanted is not None
    ]
    if not parts:
        return None
    answers = yield [wanted for wanted, _ in parts]
    rows = [row for (_, say), answer in zip(parts, answers, strict=True) for row in say(answer)]
    return TermSection(rows, url=reverse("approvals:network-home"), link="The network")


def _measures(user: User, school: School, term: ReportTerm) -> Ask | None:
    if not measure_rules.allows_at(user, "view", school):
        return None
    status = SecurityMeasure.Status
    return ask(
        measure_rules.visible_to(user, "view").filter(school=school),
        placed=Count("pk", filter=Q(status=status.IN_PLACE)),
        late=Count("pk", filter=Q(status=status.IN_PLACE, review_on__lt=timezone.localdate())),
        waiting=Count("pk", filter=Q(status=status.DIRECTED)),
        **both("done", term, "done_at"),
    )


def _measures_said(found: Answer) -> Sequence[TermFigure]:
    return (
        TermFigure("Security measures in place now", found["placed"]),
        TermFigure("Their review overdue now", found["late"]),
        TermFigure("Still to be carried out", found["waiting"]),
        TermFigure("Carried out", found["done"], found["done_before"]),
    )


def _sites(user: User, school: School, term: ReportTerm) -> Ask | None:
    if not site_rules.allows_at(user, "view", school):
        return None
    rows: QuerySet[BlockedSite] = site_rules.visible_to(user, "view").filter(school=school)
    return ask(
        rows,
        blocked=Count("pk", filter=Q(lifted_at=None)),
        **both("new", term, "blocked_at"),
        **both("lifted", term, "lifted_at"),
    )


def _sites_said(found: Answer) -> Sequence[TermFigure]:
    return (
        TermFigure("Sites on the school’s own list of blocked sites now", found["blocked"]),
        TermFigure("Sites blocked", found["new"], found["new_before"]),
        TermFigure("Sites taken off the list", found["lifted"], found["lifted_before"]),
    )


def _unblocks(user: User, school: School, term: ReportTerm) -> Ask | None:
    if not unblock_rules.allows_at(user, "register", school):
        return None
    agreed = {"approval__status": ApprovalRequest.Status.APPROVED}
    return ask(
        unblock_rules.visible_to(user, "register").filter(school=school),
        **both("asked", term, "created_at"),
        **both("agreed", term, "approval__closed_at", **agreed),
    )


def _unblocks_said(found: Answer) -> Sequence[TermFigure]:
    return (
        TermFigure("Requests to open a blocked site", found["asked"], found["asked_before"]),
        TermFigure("Agreed to", found["agreed"], found["agreed_before"]),
    )
