"""The pages of blocked sites: what is blocked at a school, by whom, and what is open in spite of it."""

from functools import cached_property
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView, TemplateView

from approvals.models import BlockedSite
from approvals.network.evidence_access import site_rules
from approvals.network.evidence_pages import AtSchool, Done
from approvals.network.policy_sites import WITH_PERMISSION, blocked_hosts
from approvals.network.site_forms import BlockForm, LiftForm, SiteFilter
from approvals.network.sites import OpenSite, exceptions_at, own_sites, policy_sites, site_block, site_lift
from approvals.network.timed import url_of
from approvals.network.unblock_access import unblock_rules
from core.models import Platform
from core.tables import Column, Link, Table
from core.views import AccessMixin, KeptInputMixin, ObjectMixin
from people.governance.profile import Profile
from people.governance.values import SiteList
from people.models import School
from people.selectors import places_of, profile_of


def list_url(school: School) -> str:
    """The page of one school's blocked sites."""
    return f"{reverse('approvals:site-list')}?school={school.uuid}"


class SitePage(AccessMixin, TemplateView):
    """What is blocked at a school, for everybody who works there (CIT-9.02, STM-9.02, BEC-4.26)."""

    rules = site_rules
    template_name = "approvals/site_list.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """The page of the chosen school, else of the first."""
        user = self.request.user
        places = places_of(site_rules.schools(user, "view"), active=True)
        form = SiteFilter(self.request.GET or None, schools=places)
        place = form.place or next(iter(places), None)
        if place is None:
            return super().get_context_data(form=form, school=None, **kwargs)
        if form.place is None and "school" in form.fields:
            form.initial["school"] = str(place.uuid)
        school = School.objects.select_related("trust").get(pk=place.pk)
        return super().get_context_data(
            form=form,
            many=len(places) > 1,
            school=school,
            may_block=site_rules.allows_at(user, "block", school),
            **self._of(school, profile_of(school)),
            **kwargs,
        )

    def _of(self, school: School, profile: Profile) -> dict[str, Any]:
        """What the policy blocks, what technicians block, and what is open."""
        platforms = list(Platform.objects.all())
        by_policy = blocked_hosts(profile, platforms)
        own = list(own_sites(self.request.user, school))
        public = [row for row in own if not row.private]
        open_now = exceptions_at(school, [*by_policy, *(row.host for row in public)])
        liftable = set(site_rules.visible_to(self.request.user, "lift").values_list("pk", flat=True))
        return {
            "clauses": ", ".join(
                dict.fromkeys(
                    (*profile.clauses("blocked_sites"), *profile.clauses("blocked_sites_exceptions"))
                )
            ),
            "everything": profile.blocked_sites == [SiteList.EVERY_SITE],
            "exceptions_possible": profile.blocked_sites_exceptions == WITH_PERMISSION,
            "policy_table": _policy_table(profile, platforms),
            "open_table": self._open_table(open_now),
            "own_table": _own_table(public, liftable, "Sites that technicians blocked", "own-sites"),
            "private_table": _own_table(
                [row for row in own if row.private],
                liftable,
                "Sites that you blocked after a report",
                "private-sites",
            ),
        }

    def _open_table(self, found: list[OpenSite]) -> Table | None:
        if not found:
            return None
        rows = unblock_rules.visible_to(self.request.user).filter(pk__in=[one.row.pk for one in found])
        readable = set(rows.values_list("pk", flat=True))
        columns = [Column("site", "Site"), Column("who", "For whom"), Column("until", "Last day")]
        return Table(
            columns,
            [
                {
                    "site": Link(", ".join(one.hosts), url_of(one.row), ": open the request")
                    if one.row.pk in readable
                    else ", ".join(one.hosts),
                    "who": one.row.for_whom_in_words,
                    "until": one.row.until or "None: blocked by mistake",
                }
                for one in found
            ],
            "Blocked sites that are open now",
            caption_hidden=True,
            table_id="open-now",
        )


def _policy_table(profile: Profile, platforms: list[Platform]) -> Table | None:
    """The policy's sites by the names that people know, with their addresses."""
    rows = [
        {"name": one.name, "hosts": ", ".join(host for host in one.hosts if host != one.name)}
        for one in policy_sites(profile, platforms)
    ]
    columns = [Column("name", "Site"), Column("hosts", "Addresses")]
    caption = "Sites that the policy blocks"
    return Table(columns, rows, caption, caption_hidden=True, table_id="by-policy") if rows else None


def _own_table(rows: list[BlockedSite], liftable: set[int], caption: str, table_id: str) -> Table | None:
    """Sites that technicians blocked: since when, by whom and why; with the way to lift for those who may."""
    if not rows:
        return None
    columns = [
        Column("host", "Site"),
        Column("since", "Since"),
        Column("by", "Blocked by"),
        Column("because", "Why"),
    ]
    if any(row.pk in liftable for row in rows):
        columns.append(Column("lift", "Change"))
    cells = [
        {
            "host": row.host,
            "since": timezone.localtime(row.blocked_at).date(),
            "by": row.blocked_by.full_name,
            "because": row.because,
            "lift": Link("Lift", reverse("approvals:site-lift", args=[row.uuid]), row.host)
            if row.pk in liftable
            else "",
        }
        for row in rows
    ]
    return Table(columns, cells, caption, caption_hidden=True, table_id=table_id)


class SiteBlock(Done, AtSchool):
    """Block a site by hand."""

    rules = site_rules
    action = "block"
    form_class = BlockForm
    template_name = "approvals/site_block.html"

    @cached_property
    def profile(self) -> Profile:
        """How the school governs."""
        return profile_of(self.school)

    def get_form_kwargs(self) -> dict:
        """What the policy blocks already need not be blocked by hand."""
        return {**super().get_form_kwargs(), "profile": self.profile}

    def perform(self, form: BlockForm) -> HttpResponse:
        """Block it."""
        row = site_block(actor=self.request.user, school=self.school, **form.cleaned_data)
        return self.done(list_url(self.school), f"{row.host} stands on the list of blocked sites.")


class SiteLift(Done, ObjectMixin, KeptInputMixin, FormView):
    """Take a site off the list."""

    rules = site_rules
    action = "lift"
    select_related = ("school", "blocked_by")
    form_class = LiftForm
    template_name = "approvals/site_lift.html"

    def perform(self, form: LiftForm) -> HttpResponse:
        """Lift it."""
        site_lift(actor=self.request.user, site=self.object, **form.cleaned_data)
        return self.done(list_url(self.object.school), f"{self.object.host} is no longer on the list.")
