"""The pages of the log of abuse."""

from datetime import datetime, time
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views import View
from django.views.generic import FormView, TemplateView

from accounts.models import SocialAccount
from core import csvfiles
from core.clock import LONDON, end_of_day
from core.errors import Refused
from core.paging import rows_in_order
from core.tables import ordering
from core.views import AccessMixin, InputMixin, ObjectMixin, PostOnly, redirect, refused
from incidents.abuse import pages
from incidents.abuse.access import abuse_rules
from incidents.abuse.forms import ELSEWHERE, ON_ACCOUNT, ActForm, LogFilter, LogForm
from incidents.abuse.selectors import with_withheld
from incidents.abuse.services import (
    abuse_log,
    act_add,
    entry_close,
    entry_reopen,
    keeper_titles,
    log_exported,
    url_of,
)
from incidents.concerns.access import concern_rules, evidence_rules
from incidents.forms import IMAGE, FirstForm
from incidents.models import AbuseAct, AbuseEntry
from incidents.searching import found_by_words
from incidents.selectors import namesakes
from incidents.views.base import AtSchoolMixin
from people.models import School
from people.selectors import Place, places_of, profile_of

PAGE = 25
CARRIED = ("school", "account")
"""What a link may have chosen already, carried through the first question."""


def leads(name: str, query: dict[str, str]) -> HttpResponse:
    """On to another page."""
    return redirect(reverse(name) + (f"?{urlencode(query)}" if query else ""))


class LogMixin(AccessMixin):
    """The log as far as the person reads it, narrowed by the filters."""

    rules = abuse_rules
    sensitive = True

    @cached_property
    def places(self) -> list[Place]:
        """The schools of this list."""
        return places_of(self.rules.schools(self.request.user, self.action))

    @cached_property
    def accounts(self) -> list[tuple[str, str]]:
        """The accounts that stand in the log, to choose from."""
        wanted = self.get_queryset().order_by().values("account")
        rows = SocialAccount.objects.filter(pk__in=wanted).select_related("platform")
        return [(str(one.uuid), f"{one.name} ({one.platform.name})") for one in rows]

    @cached_property
    def form(self) -> LogFilter:
        """The filters in force."""
        return LogFilter(self.request.GET or None, places=self.places, accounts=self.accounts)

    def found(self) -> QuerySet[AbuseEntry]:
        """The entries that the filters leave."""
        chosen, rows = self.form.chosen, self.get_queryset()
        if words := chosen.get("q", "").split():
            rows = found_by_words(with_withheld(rows), words, ("words", "author"))
        if place := chosen.get("place"):
            own, elsewhere = Q(account__isnull=False), Q(account=None)
            rows = rows.filter({"own": own, ELSEWHERE: elsewhere}.get(place) or Q(account__uuid=place))
        for field in ("nature", "against"):
            if chosen.get(field):
                rows = rows.filter(**{field: chosen[field]})
        if chosen.get("state"):
            rows = rows.filter(done_at__isnull=chosen["state"] == "open")
        if chosen.get("school"):
            rows = rows.filter(school__uuid=chosen["school"])
        if chosen.get("since"):
            rows = rows.filter(seen_at__gte=datetime.combine(chosen["since"], time(), LONDON))
        if chosen.get("until"):
            rows = rows.filter(seen_at__lte=end_of_day(chosen["until"]))
        return rows


class AbuseList(LogMixin, TemplateView):
    """The log, newest first; whoever keeps none of it sees what they logged themselves."""

    template_name = "incidents/abuse/list.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """One page of it."""
        user = self.request.user
        columns = pages.log_columns(len(self.places) > 1)
        keys = self.found().order_by(*ordering(self.request, columns, "-seen")).values_list("pk", flat=True)
        page = Paginator(keys, PAGE).get_page(self.request.GET.get("page"))
        details = with_withheld(AbuseEntry.objects.select_related("school", "account"))
        rows = rows_in_order(details, page.object_list)
        return super().get_context_data(
            form=self.form,
            page_obj=page,
            table=pages.log_table(self.request, columns, rows),
            reads=bool(self.places),
            may_log=self.rules.can_ever(user, "log"),
            may_export=bool(self.rules.schools(user, "export")),
            may_count=bool(self.rules.schools(user, "figures")),
            export_query=self.request.GET.urlencode(),
            **kwargs,
        )


class AbuseExport(LogMixin, View):
    """What the filters leave, as a file. Recorded."""

    action = "export"
    http_method_names = ("get",)

    def get(self, request: HttpRequest) -> HttpResponse:
        """The file."""
        acts = Prefetch("acts", AbuseAct.objects.select_related("by"))
        rows = with_withheld(self.found()).select_related("school", "account", "by").prefetch_related(acts)
        lines = [pages.exported(row) for row in rows]
        school = School.objects.get(pk=self.places[0].pk) if len(self.places) == 1 else None
        log_exported(actor=request.user, school=school, count=len(lines))
        name = f"abuse-log-{timezone.localdate():%Y-%m-%d}.csv"
        return csvfiles.response(name, pages.EXPORTED, lines)


class AbuseStart(AccessMixin, TemplateView):
    """Could it show an indecent image of a child? Not being sure counts as yes (subtle 80, 82)."""

    rules = abuse_rules
    action = "log"
    sensitive = True
    template_name = "incidents/abuse/start.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask, or lead on."""
        form = FirstForm(request.GET if "could" in request.GET or "asked" in request.GET else None)
        carried = {name: request.GET[name] for name in CARRIED if request.GET.get(name)}
        if form.is_bound and form.is_valid():
            if form.cleaned_data["could"] == "no":
                return leads("incidents:abuse-log", {"could": "no", **carried})
            return leads("incidents:concern-image", carried)
        context = self.get_context_data(form=form, carried=carried)
        return self.render_to_response(context, status=422 if form.is_bound else 200)


class AbuseLog(AtSchoolMixin, FormView):
    """The form. Who has not answered the first question is asked it first, and nothing sent is taken."""

    rules = abuse_rules
    action = "log"
    template_name = "incidents/abuse/log.html"
    form_class = LogForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Only after the first question."""
        if request.GET.get("could") != "no":
            return leads("incidents:abuse-start", {})
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """What could be an indecent image leads to the safe path before anything sent is looked at."""
        if request.POST.get("nature") == IMAGE or request.POST.get("could") in ("yes", "unsure"):
            query = {"from_form": "1"} | ({"school": str(self.place.uuid)} if self.place else {})
            return leads("incidents:concern-image", query)
        if request.POST.get("could") != "no":
            return redirect(reverse("incidents:abuse-start"))
        return super().post(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        """It was seen just now."""
        now = timezone.localtime()
        place = ON_ACCOUNT if self.request.GET.get("account") else None
        return {
            **super().get_initial(),
            "seen_on": now.date(),
            "seen_time": f"{now:%H:%M}",
            "place": place,
            "account": self.request.GET.get("account"),
        }

    def get_form_kwargs(self) -> dict[str, Any]:
        """What the school's profile says of abuse elsewhere."""
        return {**super().get_form_kwargs(), "profile": self.profile}

    def get_form(self, form_class: type[LogForm] | None = None) -> LogForm | None:
        """No form before the school is known."""
        return super().get_form(form_class) if self.place else None

    def get_context_data(self, **kwargs: Any) -> dict:
        """Who keeps the log, in the school's own words."""
        return super().get_context_data(
            keeper=keeper_titles(self.profile) if self.place else "",
            kept_log=bool(self.place and self.profile.abuse_log),
            **kwargs,
        )

    def perform(self, form: LogForm) -> HttpResponse:
        """Log it; what is also a concern is reported next."""
        entry = abuse_log(
            actor=self.request.user,
            school=self.school,
            once=form.cleaned_data["once"],
            seen=form.seen,
            done=form.done,
            files=form.cleaned_data["files"],
        )
        if form.cleaned_data["concern"] == "yes":
            messages.success(self.request, "It is in the log. Now report the concern.")
            return leads("incidents:concern-start", {"could": "no", "abuse": str(entry.uuid)})
        messages.success(self.request, "It is in the log, and whoever keeps it has been told.")
        return redirect(url_of(entry))


class OneEntryMixin(ObjectMixin):
    """A page about one entry."""

    rules = abuse_rules
    sensitive = True
    select_related = ("school", "account__platform", "by", "done_by")
    object: AbuseEntry


class AbuseDetail(OneEntryMixin, TemplateView):
    """What was logged and done. Of a concern made of it the page tells only who may read it, or sent it."""

    template_name = "incidents/abuse/detail.html"

    def find(self, request: HttpRequest, uuid: Any) -> AbuseEntry:
        """The visible entry, with whether its addresses are withheld, or 404."""
        rows = with_withheld(self.rules.visible_to(request.user, "view"))
        return get_object_or_404(rows.select_related(*self.select_related), uuid=uuid)

    def get_context_data(self, **kwargs: Any) -> dict:
        """Facts, acts, and what the person may do."""
        user, entry = self.request.user, self.object
        acts = list(entry.acts.select_related("by"))
        keeps = self.rules.allows_at(user, "close", entry.school)
        own = entry.by_id == user.pk
        return super().get_context_data(
            facts=pages.facts_of(entry),
            words=pages.shown_words(entry, entry.words),
            events=pages.events_of(entry, acts),
            status=pages.state_of(entry),
            keeper=keeper_titles(profile_of(entry.school)),
            keeps=keeps,
            acts_allowed=keeps or own,
            may_close=keeps and entry.done_at is None and bool(acts),
            like_staff=bool(namesakes(entry.school, entry.author)),
            may_report=concern_rules.allows_at(user, "report", entry.school),
            concerns=list(concern_rules.visible_to(user, "view").filter(abuse=entry)),
            evidence=list(evidence_rules.visible_to(user, "view").filter(abuse=entry).select_related("body")),
            own_concern=concern_rules.visible_to(user, "own").filter(abuse=entry).first(),
            **kwargs,
        )


class AbuseActAdd(OneEntryMixin, InputMixin, FormView):
    """Say what was done."""

    action = "act"
    template_name = "core/step.html"
    form_class = ActForm

    def get_context_data(self, **kwargs: Any) -> dict:
        """What the page says."""
        return super().get_context_data(
            title="Say what was done",
            button="Add it to the log",
            points=(
                "What you add cannot be changed. A comment that was hidden or deleted stays in the log.",
            ),
            back=url_of(self.object),
            **kwargs,
        )

    def perform(self, form: ActForm) -> HttpResponse:
        """Add it."""
        act_add(actor=self.request.user, entry=self.object, done=form.done)
        messages.success(self.request, "It is in the log.")
        return redirect(url_of(self.object))


class AbuseClose(OneEntryMixin, PostOnly):
    """No more is to be done about it."""

    action = "close"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Mark it."""
        try:
            entry_close(actor=request.user, entry=self.object)
        except Refused as refusal:
            return refused(request, refusal, url_of(self.object))
        messages.success(request, "The entry is marked as done. It stays in the log.")
        return redirect(url_of(self.object))


class AbuseReopen(OneEntryMixin, PostOnly):
    """There is more to do."""

    action = "close"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Open it again."""
        try:
            entry_reopen(actor=request.user, entry=self.object)
        except Refused as refusal:
            return refused(request, refusal, url_of(self.object))
        messages.success(request, "The entry is open again.")
        return redirect(url_of(self.object))
