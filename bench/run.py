"""`python -m bench.run`: queries and time of every list and detail page, as ratios (quality P1 to P4).

P1 queries: at most 15, and the same number at ten rows and at full size.
Times are the processor's, so that other work on the machine does not count.

P2 time at full size over a bare signed-in page with the same base template: at most 3.
P3 time over the change list of Django's admin of the same table and page size: at most 0.5.
P4 median at full size over the median at a hundredth: at most 1.3.
P5 the consent check of 300 pupils: at most 3 queries, at most 3 times the same SQL through the driver alone.
P6 a sweep with 100,000 open clocks of which 100 are due: at most 2 times the same SQL through the driver alone.
P7 importing 60,000 pupils: at most 3 times parsing the file and a bare bulk insert.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

ROUNDS = 25
MOST_QUERIES = 15


def _set_up() -> None:
    """A database of the bench's own in a temporary folder, plain static files, the bench's addresses."""
    os.environ["SMGOV_VAR"] = tempfile.mkdtemp(prefix="bench-")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smgov.settings")
    from django.conf import settings

    settings.ROOT_URLCONF = "bench.urls"
    settings.TEMPLATES[0]["DIRS"].append(Path(__file__).parent / "templates")
    settings.ALLOWED_HOSTS = ["*"]
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


@dataclass
class Page:
    """One page of the bench: whose, where, and which admin list is its yardstick."""

    title: str
    who: str
    url: Callable[[], str]
    admin: str = ""
    queries: list[int] = field(default_factory=list)
    medians: list[float] = field(default_factory=list)


def _pages(world) -> list[Page]:
    from django.urls import reverse

    from accounts.models import AccountRequest, SocialAccount
    from approvals.models import ApprovalRequest, PupilWifi, SecurityMeasure, UnblockRequest
    from consent.models import Pupil
    from incidents.models import AbuseEntry, Comment, Concern, Matter
    from people.models import GovernanceProfile
    from policies.models import Document

    def row(model, name, **where):
        return lambda: reverse(name, args=[model.objects.filter(**where).first().uuid])

    first = {"school": world.schools[0]}
    return [
        Page("home", "head", lambda: reverse("home")),
        Page("notices", "teacher", lambda: reverse("core:notice-list")),
        Page("to sign", "head", lambda: reverse("approvals:request-list"), "approvals_approvalrequest"),
        Page("decide", "head", row(ApprovalRequest, "approvals:request-detail", status="pending", **first)),
        Page("requests", "comms", lambda: reverse("accounts:request-list"), "accounts_accountrequest"),
        Page("request", "comms", row(AccountRequest, "accounts:request-detail", **first)),
        Page("register", "comms", lambda: reverse("accounts:account-list"), "accounts_socialaccount"),
        Page("account", "comms", row(SocialAccount, "accounts:account-detail", **first)),
        Page("public list", "", lambda: reverse("accounts:official-school", args=[world.schools[0].slug])),
        Page("people", "comms", lambda: reverse("people:person-list"), "people_membership"),
        Page("person", "head", lambda: reverse("people:person-detail", args=[world.teacher.uuid])),
        Page("changes", "head", lambda: reverse("people:change-list")),
        Page("deputies", "head", lambda: reverse("people:deputy-list")),
        Page(
            "settings",
            "head",
            lambda: reverse(
                "people:profile-detail", args=[GovernanceProfile.objects.get(school=world.schools[0]).uuid]
            ),
        ),
        Page("network", "head", lambda: reverse("approvals:network-home")),
        Page("blocked sites", "comms", lambda: reverse("approvals:unblock-list"), "approvals_unblockrequest"),
        Page("blocked site", "head", row(UnblockRequest, "approvals:unblock-detail", **first)),
        Page("decisions", "comms", lambda: reverse("approvals:decision-list"), "approvals_unblockrequest"),
        Page("Wi-Fi", "head", lambda: reverse("approvals:wifi-list"), "approvals_pupilwifi"),
        Page("Wi-Fi permission", "head", row(PupilWifi, "approvals:wifi-detail", **first)),
        Page("measures", "comms", lambda: reverse("approvals:measure-list"), "approvals_securitymeasure"),
        Page("measure", "head", row(SecurityMeasure, "approvals:measure-detail", **first)),
        Page("sites", "head", lambda: reverse("approvals:site-list")),
        Page("statement", "head", lambda: reverse("approvals:statement")),
        Page("reports", "head", lambda: reverse("incidents:report-list"), "incidents_matter"),
        Page("report", "head", row(Matter, "incidents:report-detail", kind="content", **first)),
        Page("firewall", "head", lambda: reverse("incidents:bypass-list"), "incidents_matter"),
        Page("attempt", "head", row(Matter, "incidents:bypass-detail", kind="bypass", **first)),
        Page("board, trust", "lead", lambda: reverse("incidents:board"), "incidents_concern"),
        Page("board, school", "dsl", lambda: reverse("incidents:board")),
        Page("case", "dsl", row(Concern, "incidents:case", status="open", road__role="dsl", **first)),
        Page("own concerns", "teacher", lambda: reverse("incidents:concern-mine")),
        Page("concern form", "teacher", lambda: reverse("incidents:concern-write")),
        Page("figures", "head", lambda: reverse("incidents:concern-figures")),
        Page("abuse log, trust", "comms", lambda: reverse("incidents:abuse-list"), "incidents_abuseentry"),
        Page("abuse entry", "comms", row(AbuseEntry, "incidents:abuse-detail", **first)),
        Page("comments, trust", "comms", lambda: reverse("incidents:comment-list"), "incidents_comment"),
        Page("comments, school", "head", lambda: reverse("incidents:comment-list")),
        Page("comment", "head", row(Comment, "incidents:comment-detail", **first)),
        Page("response times", "head", lambda: reverse("incidents:comment-figures")),
        Page("documents, trust", "comms", lambda: reverse("policies:document-list"), "policies_document"),
        Page("document", "head", row(Document, "policies:document-detail", **first)),
        Page("to read", "teacher", lambda: reverse("policies:reading-list")),
        Page("who has not read", "head", row(Document, "policies:reading-status", **first)),
        Page("reviews", "head", lambda: reverse("policies:review-list")),
        Page("training, trust", "lead", lambda: reverse("policies:training-list"), "policies_trainingduty"),
        Page("own training", "teacher", lambda: reverse("policies:training-mine")),
        Page("education", "head", lambda: reverse("policies:education-list")),
        Page("declarations", "dsl", lambda: reverse("policies:declaration-list")),
        Page("monitoring", "comms", lambda: reverse("accounts:monitoring-list")),
        Page("monitoring form", "head", lambda: reverse("accounts:monitoring-write")),
        Page("who runs what", "head", lambda: reverse("accounts:coverage")),
        Page("report of a term", "head", lambda: reverse("policies:term-report")),
        Page("consent", "office", lambda: reverse("consent:home")),
        Page("pupils, trust", "comms", lambda: reverse("consent:register"), "consent_pupil"),
        Page("pupils, school", "office", lambda: reverse("consent:register")),
        Page("pupils without answer", "office", lambda: reverse("consent:register") + "?answer=no_answer"),
        Page("pupil, for staff", "teacher", row(Pupil, "consent:pupil-detail", **first)),
        Page("pupil, whole record", "office", row(Pupil, "consent:pupil-detail", **first)),
        Page("coverage", "teacher", lambda: reverse("consent:coverage")),
        Page("check form", "teacher", lambda: reverse("consent:check")),
        Page("kept checks", "comms", lambda: reverse("consent:check-list")),
        Page("others", "comms", lambda: reverse("consent:other-list")),
        Page("earlier posts", "comms", lambda: reverse("consent:search-list"), "consent_postsearch"),
        Page("answers to check", "office", lambda: reverse("consent:reply-list")),
        Page("review", "dpo", lambda: reverse("consent:review")),
        Page("turning 18", "office", lambda: reverse("consent:assessment-list")),
        Page("policies", "teacher", lambda: reverse("policies:policy-list")),
        Page("policy", "teacher", lambda: reverse("policies:policy-detail", args=["STM"])),
    ]


def _clients(world) -> dict:
    from django.test import Client

    clients = {"": Client()}
    for name in ("head", "comms", "teacher", "root", "office", "dpo", "dsl", "lead"):
        clients[name] = Client()
        clients[name].force_login(getattr(world, name))
    return clients


def _measure(client, url: str) -> tuple[int, float]:
    """Queries of one request after a warm one, and the median seconds of several."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(url)
    queries = len(captured)  # the next request empties the log
    if answer.status_code != 200:
        sys.exit(f"{url} answered {answer.status_code}")
    times = []
    for _ in range(ROUNDS):
        begin = time.process_time()
        client.get(url)
        times.append(time.process_time() - begin)
    return queries, statistics.median(times)


def _size(scale: str, world) -> None:
    from bench.data import FULL

    if scale == "ten":
        world.grow(2, 12, 5, 5, 10)  # two schools: with one, the register shows where its public list is
    elif scale == "hundredth":
        world.fill(
            world.schools[0], _staff(world), FULL["accounts"] - 5, FULL["requests"] - 5, FULL["pupils"] - 10
        )
    else:
        world.grow(**FULL)


def _staff(world) -> list:
    from people.models import User

    return list(User.objects.filter(memberships__school=world.schools[0]).order_by("pk"))


def main() -> int:
    """Measure, print a table, and answer 1 when a figure is not reached."""
    _set_up()
    from bench.data import World

    world = World()
    _size("ten", world)
    pages = _pages(world)
    clients = _clients(world)
    bare = admin = {}
    for scale in ("ten", "hundredth", "full"):
        if scale != "ten":
            _size(scale, world)
        for page in pages:
            queries, median = _measure(clients[page.who], page.url())
            page.queries.append(queries)
            page.medians.append(median)
        print(f"measured at {scale}", file=sys.stderr)
    from django.urls import reverse

    _, bare = _measure(clients["head"], reverse("bench-bare"))
    admin = {
        page.admin: _measure(clients["root"], reverse(f"plain:{page.admin}_changelist"))[1]
        for page in pages
        if page.admin
    }
    missed = _report(pages, bare, admin) + _consent(world) + _clocks()
    return 1 if missed else 0


def _consent(world) -> int:
    """P5 and P7, in a line each. Returns how many are missed."""
    from bench.consent import check_ratio, import_ratio

    queries, check = check_ratio(world)
    seconds, load = import_ratio(world)
    print(
        f"\nConsent check of 300 pupils: {queries} queries (at most 3), {check:.1f} times the driver (at most 3)."
    )
    print(
        f"60,000 pupils imported in {seconds:.0f} s, {load:.1f} times parsing and a bare insert (at most 3)."
    )
    return (queries > 3 or check > 3) + (load > 3)


def _clocks() -> int:
    """P6, in a line. Returns 1 when it is missed."""
    from bench.clocks import sweep_ratio

    over_driver, over_few = sweep_ratio()
    print(
        f"100 due of 100,000 open clocks: {over_driver:.1f} times the driver (at most 2), "
        f"{over_few:.2f} times the sweep where only the 100 are open."
    )
    return int(over_driver > 2)


def _report(pages: list[Page], bare: float, admin: dict[str, float]) -> int:
    missed = 0
    print(
        "| page | queries (10 rows / full) | × bare page (≤ 3) | × admin list (≤ 0.5) | full / hundredth (≤ 1.3) |"
    )
    print("|---|---|---|---|---|")
    for page in pages:
        over_bare = page.medians[2] / bare
        over_admin = page.medians[2] / admin[page.admin] if page.admin else None
        growth = page.medians[2] / page.medians[1]
        checks = [
            page.queries[2] <= MOST_QUERIES and page.queries[0] == page.queries[2],
            over_bare <= 3,
            over_admin is None or over_admin <= 0.5,
            growth <= 1.3,
        ]
        missed += checks.count(False)
        cells = [
            f"{page.queries[0]} / {page.queries[2]}",
            f"{over_bare:.2f}",
            f"{over_admin:.2f}" if over_admin is not None else "",
            f"{growth:.2f}",
        ]
        marked = [cell if good else f"**{cell}**" for cell, good in zip(cells, checks, strict=True)]
        print(f"| {page.title} | {' | '.join(marked)} |")
    print(f"\nBare page: {bare * 1000:.1f} ms here. {missed} figures missed (in bold).")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
