"""What the yearly statement of filtering and monitoring says of one school and one school year."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from approvals.models import SecurityMeasure, Stage
from approvals.network import evidence
from approvals.network.evidence_access import DIRECTORS, measure_rules, site_rules
from approvals.network.measures import IN_USE, last_reviews, url_of
from approvals.network.policy_sites import WITH_PERMISSION
from approvals.network.receivers import provider_of, receiver_specs
from approvals.network.statement import PARTS, Rows, statement_part
from approvals.network.unblock_access import wifi_rules
from approvals.network.years import SchoolYear, beginning_of
from core.clock import local_day
from core.roles import Role, spec_matches
from core.statuses import status_html
from core.tables import Column, Link, Table, date_text, value_html
from people.governance.profile import Profile
from people.governance.who import RoleRef
from people.models import School, User
from people.selectors import memberships_at, profile_of

MONITORING = (
    "What staff and pupils open on the school's network, and on devices that the school owns, is filtered. "
    "The school has the right to monitor it, and says so to everybody who uses them."
)
NOBODY = "nobody holds this role now"
NOT_CHOSEN = "Not chosen yet"


class Statement:
    """The statement, read once: everything that the page shows. It counts only what `user` may see."""

    def __init__(self, user: User, school: School, year: SchoolYear) -> None:
        self.user, self.school, self.year = user, school, year
        self.profile: Profile = profile_of(school)
        self.made_on = timezone.localdate()
        self.measures = self._measures()
        self.counts = evidence.counts_of(self._requests())

    # Who ------------------------------------------------------------------------------------

    def responsible(self) -> list[dict[str, Any]]:
        """Who directs, installs, receives and decides: titles, and the people who hold the role now."""
        profile = self.profile
        installers = [str(spec) for spec in profile.firewall_installer or [Role.IT]]
        receiving = [*self._holders(receiver_specs(profile))]
        if provider_of(profile):
            receiving.append(f"The IT provider ({provider_of(profile)})")
        deciding = self._holders(map(str, profile.unblock_approver or []))
        rows = [
            ("Directs security measures", self._holders(DIRECTORS)),
            ("Installs firewalls and filters", self._holders(installers)),
            ("Keeps them up to date", self._holders([Role.IT])),
            ("Receives requests for blocked sites", receiving),
            ("Decides on them", deciding or NOT_CHOSEN),
        ]
        return _facts(rows)

    def _holders(self, specs: Iterable[str]) -> list[str]:
        return [self._one_role(RoleRef(str(spec))) for spec in dict.fromkeys(map(str, specs))]

    def _one_role(self, ref: RoleRef) -> str:
        names = sorted({name for role, post, name in self._held() if spec_matches(ref, role, post)})
        return f"{self.profile.title_of(ref.role, ref.post)}: {', '.join(names) or NOBODY}"

    def _held(self) -> list[tuple[str, str, str]]:
        """Role, post and name of everybody at the school; read once."""
        if not hasattr(self, "_people"):
            rows = memberships_at(self.school).filter(user__is_active=True)
            self._people = list(rows.values_list("role", "post", "user__full_name"))
        return self._people

    # What is blocked ------------------------------------------------------------------------

    def blocking(self) -> list[dict[str, Any]]:
        """What the policy and the technicians block, and what is opened in spite of it."""
        first, after = self.year.moments
        rows = site_rules.visible_to(self.user).filter(school=self.school, private=False)
        listed = list(rows.order_by("host").values_list("host", "blocked_at", "lifted_at"))
        own = [host for host, _, lifted in listed if lifted is None]
        blocked = sum(first <= at < after for _, at, _ in listed)
        taken_off = sum(lifted is not None and first <= lifted < after for _, _, lifted in listed)
        possible = self.profile.blocked_sites_exceptions == WITH_PERMISSION
        return _facts(
            [
                ("Blocked by the policy", self.profile.describe("blocked_sites")),
                ("Blocked by technicians as well", ", ".join(dict.fromkeys(own)) or "None"),
                ("Blocked by technicians in this year", blocked),
                ("Taken off their list in this year", taken_off),
                (
                    "May a site of the policy be opened?",
                    "Yes, for somebody, for a time, with specific permission"
                    if possible
                    else "No, for nobody",
                ),
                *self._opened(first, after),
            ]
        )

    def _opened(self, first: Any, after: Any) -> Rows:
        """How much was open in the year, and is now."""
        rows = evidence.decisions_for(self.user).filter(school=self.school)
        numbers = rows.aggregate(
            opened=Count("pk", filter=Q(opened_at__gte=first, opened_at__lt=after)),
            shut=Count("pk", filter=Q(shut_at__gte=first, shut_at__lt=after)),
            now=Count("pk", filter=Q(stage=Stage.OPEN)),
            late=Count("pk", filter=Q(stage=Stage.TO_SHUT)),
        )
        return [
            ("Requests opened in this year", numbers["opened"]),
            ("Blocked again in this year", numbers["shut"]),
            ("Open now", numbers["now"]),
            ("Over, and still to be blocked again", numbers["late"]),
        ]

    # Requests -------------------------------------------------------------------------------

    def _requests(self) -> Any:
        return evidence.in_year(evidence.decisions_for(self.user).filter(school=self.school), self.year)

    def requests_table(self) -> Table | None:
        """Requests of the year by kind of site and outcome."""
        return evidence.counts_table(self.counts, "Requests by kind of site and outcome")

    # Measures -------------------------------------------------------------------------------

    def _measures(self) -> list[SecurityMeasure]:
        """Measures directed by the end of the year and not given up before it began."""
        first, after = self.year.moments
        rows = measure_rules.visible_to(self.user, "statement").filter(
            Q(withdrawn_at=None) | Q(withdrawn_at__gte=first), school=self.school, directed_at__lt=after
        )
        within = Q(reviews__at__gte=first, reviews__at__lt=after)
        return list(rows.annotate(reviewed=Count("reviews", filter=within)).order_by("kind", "title", "pk"))

    def overdue(self) -> list[SecurityMeasure]:
        """Measures whose review is overdue today, by name."""
        return [row for row in self.measures if row.status in IN_USE and row.review_on < self.made_on]

    def reviews(self) -> int:
        """How many reviews were recorded in the year."""
        return sum(row.reviewed for row in self.measures)

    def measures_table(self) -> Table | None:
        """Each measure with its last and its next review."""
        if not self.measures:
            return None
        last = last_reviews(self.measures)
        columns = [
            Column("title", "Measure"),
            Column("kind", "Kind"),
            Column("since", "In place since"),
            Column("last", "Last review"),
            Column("next", "Next review"),
        ]
        rows = [
            {
                "title": Link(row.title, url_of(row)),
                "kind": row.get_kind_display(),
                "since": local_day(row.done_at) if row.done_at else "Not yet carried out",
                "last": local_day(last[row.pk].at) if row.pk in last else "Not yet",
                "next": self._next(row),
            }
            for row in self.measures
        ]
        caption = "Each measure and its reviews"
        return Table(columns, rows, caption, caption_hidden=True, table_id="measures")

    def _next(self, row: SecurityMeasure) -> SafeString | str:
        if row.status not in IN_USE:
            return f"No longer used since {date_text(local_day(row.withdrawn_at))}"
        day = value_html(row.review_on)
        return format_html("{}<br>{}", day, status_html("overdue")) if row.review_on < self.made_on else day

    # Further parts --------------------------------------------------------------------------

    def parts(self) -> list[dict[str, Any]]:
        """What other pages of the portal add; a part without rows is left out."""
        year = self.year
        found = [(one.title, one.rows(self.user, self.school, year.start, year.end)) for one in PARTS]
        return [{"title": title, "rows": _facts(rows)} for title, rows in found if rows]


def _facts(rows: Iterable[tuple[str, Any]]) -> list[dict[str, Any]]:
    return [{"key": key, "value": value} for key, value in rows]


@statement_part("Pupils on social media over the Wi-Fi", place=10)
def pupils_on_the_wifi(user: User, school: School, start: date, end: date) -> Rows:
    """How often it was asked for and opened (CIT-6.02, STM-6.02); nothing for who may not read it."""
    if school.pk not in wifi_rules.schools(user, "view"):
        return []
    first, after = beginning_of(start), beginning_of(end + timedelta(days=1))
    rows = wifi_rules.visible_to(user).filter(school=school)
    numbers = rows.aggregate(
        asked=Count("pk", filter=Q(created_at__gte=first, created_at__lt=after)),
        opened=Count("pk", filter=Q(opened_at__gte=first, opened_at__lt=after)),
        now=Count("pk", filter=Q(stage=Stage.OPEN)),
    )
    return [("Asked for", numbers["asked"]), ("Opened", numbers["opened"]), ("Open now", numbers["now"])]
