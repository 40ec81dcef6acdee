"""Attempts to get round the firewall: recording one, the list, one record, the ban (STM-9.04, BEC-4.27)."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.generic import FormView, TemplateView

from core.errors import Refused
from core.tables import ordering
from core.views import AccessMixin, InputMixin, redirect, refused
from incidents import pages
from incidents.access import keeps_records, matter_rules
from incidents.forms import BanEndForm, BanForm, BypassFilter, BypassForm, CloseForm
from incidents.models import About, Ban, DealtWith, Matter, MatterKind
from incidents.services.acting import matter_close
from incidents.services.bypasses import ban_end, ban_set, bypass_record
from incidents.services.reports import matter_read
from incidents.services.sending import url_of
from incidents.views.base import AtSchoolMixin, OneMatterMixin, several_schools
from incidents.views.report_new import last_resort
from people.selectors import profile_of

PAGE = 25


class BypassList(AccessMixin, TemplateView):
    """Records that the person may read, and those that they made."""

    rules = matter_rules
    sensitive = True
    template_name = "incidents/bypass_list.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """For whoever records, and whoever has something to read."""
        if not keeps_records(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict:
        """One page of the list."""
        user = self.request.user
        form = BypassFilter(self.request.GET or None)
        columns = pages.bypass_columns(several_schools(user))
        rows = self._found(form.chosen).order_by(*ordering(self.request, columns, "-what"))
        page = Paginator(rows, PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            form=form,
            page_obj=page,
            table=pages.bypass_table(self.request, columns, page),
            may_record=bool(matter_rules.schools(user, "record")),
            **kwargs,
        )

    def _found(self, chosen: dict[str, Any]) -> QuerySet[Matter]:
        """A ban is known to readers alone, so whoever filters by it finds what they may read."""
        read = matter_rules.visible_to(self.request.user, "read").order_by()
        rows = self.get_queryset().filter(kind=MatterKind.BYPASS)
        rows = rows.annotate(reads=Exists(read.filter(pk=OuterRef("pk"))))
        if chosen.get("about") == About.STAFF:
            rows = rows.filter(about__in=[About.STAFF, About.HEAD])
        elif chosen.get("about"):
            rows = rows.filter(about=chosen["about"])
        today = timezone.localdate()
        over = Q(ban__ended_at__isnull=False) | Q(ban__ends__lt=today)
        if chosen.get("ban") == "none":
            rows = rows.filter(reads=True, ban=None)
        elif chosen.get("ban") == "over":
            rows = rows.filter(over, reads=True)
        elif chosen.get("ban") == "now":
            rows = rows.filter(reads=True, ban__ended_at=None, ban__starts__lte=today, ban__ends__gte=today)
        return rows.select_related("school", "about_user", "bypass", "ban")


class BypassRecord(AtSchoolMixin, FormView):
    """Record an attempt."""

    action = "record"
    template_name = "incidents/bypass_record.html"
    form_class = BypassForm

    def get_context_data(self, **kwargs: Any) -> dict:
        """Whether the school's policy bans for it."""
        banned = bool(self.profile.circumvention_ban) if self.place else False
        return super().get_context_data(banned=banned, **kwargs)

    def perform(self, form: BypassForm) -> HttpResponse:
        """Record it."""
        data = form.cleaned_data
        matter = bypass_record(
            actor=self.request.user,
            school=self.school,
            once=data["once"],
            whom=form.whom,
            happened_on=data["happened_on"],
            what=data["what"],
        )
        messages.success(self.request, "Your record was made.")
        return redirect(url_of(matter))


class OneBypass(OneMatterMixin):
    """A page about one record."""

    kinds = (MatterKind.BYPASS,)


class BypassDetail(OneBypass, TemplateView):
    """What happened, and the ban; for a recorder who is not on its road, their own words."""

    template_name = "incidents/bypass_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """Reading it is recorded."""
        matter, reads = self.object, self.may("read")
        context = {"facts": pages.bypass_facts(matter, with_reporter=reads), "reads": reads}
        if not reads:
            return super().get_context_data(**context, **last_resort(matter), **kwargs)
        matter_read(actor=self.request.user, matter=matter)
        ban = getattr(matter, "ban", None)
        decides = self.may("ban")
        none = DealtWith.objects.filter(matter=matter).select_related("by").first()
        return super().get_context_data(
            **context,
            ban=ban,
            ban_rows=pages.ban_rows(ban) if ban else [],
            by_policy=bool(profile_of(matter.school).circumvention_ban),
            none=none,
            may_ban=decides and ban is None and none is None,
            may_end=decides and ban is not None and ban.status != "ended",
            decided_by=pages.deciders(matter, profile_of(matter.school)),
            **kwargs,
        )


class OneBan(OneBypass, InputMixin, FormView):
    """A step about the ban of one record."""

    action = "ban"
    template_name = "core/step.html"
    title = button = ""
    points: tuple[str, ...] = ()

    def get_context_data(self, **kwargs: Any) -> dict:
        """What the page says."""
        return super().get_context_data(
            title=self.title, button=self.button, points=self.points, back=url_of(self.object), **kwargs
        )

    def done(self, message: str) -> HttpResponse:
        """Back to the record."""
        messages.success(self.request, message)
        return redirect(url_of(self.object))


class BanSet(OneBan):
    """Set the ban: decided by a person, never by itself."""

    form_class = BanForm
    title, button = "Set a ban from school computers", "Set the ban"
    points = (
        (
            "The person may not use school computers from the first day to the last, other than with close "
            "supervision. The portal sends them nothing: tell them yourself."
        ),
    )

    def get_initial(self) -> dict[str, Any]:
        """From today."""
        return {"starts": timezone.localdate()}

    def perform(self, form: BanForm) -> HttpResponse:
        """Set it."""
        ban_set(actor=self.request.user, matter=self.object, **form.cleaned_data)
        return self.done("The ban is set.")


class BanNone(OneBan):
    """Decide that there is no ban, and say why."""

    form_class = CloseForm
    title, button = "No ban from school computers", "Record that there is no ban"
    points = ("What you write here stays with the record and cannot be changed. Only its readers see it.",)

    def perform(self, form: CloseForm) -> HttpResponse:
        """Record it."""
        matter_close(actor=self.request.user, matter=self.object, **form.cleaned_data)
        return self.done("It is recorded that there is no ban.")


class BanEnd(OneBan):
    """End the ban before its last day."""

    form_class = BanEndForm
    title, button = "End the ban early", "End the ban"
    points = ("The person may use school computers again from this moment on.",)

    def perform(self, form: BanEndForm) -> HttpResponse:
        """End it."""
        ban = Ban.objects.select_related("matter").filter(matter=self.object).first()
        if ban is None:
            return refused(self.request, Refused("No ban was set."), url_of(self.object))
        ban_end(actor=self.request.user, ban=ban, **form.cleaned_data)
        return self.done("The ban has ended.")
