"""Emergency access, and who is on duty."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView, TemplateView

from core.paging import rows_in_order
from core.tables import Column, Link, Status, Table, date_text
from core.views import AccessMixin, InputMixin, ObjectMixin, redirect
from incidents.concerns.access import concern_rules, duty_rules, glass_rules
from incidents.concerns.forms.oversight import DutyForm, GlassForm
from incidents.concerns.services.duty import duty_end, duty_set
from incidents.concerns.services.glass import glass_take, open_for
from incidents.models import DutyCover, GlassBreak
from people.forms.roles import Nothing
from people.fresh import FreshPasswordMixin
from people.views.own_school import OwnSchoolMixin

PAGE = 25
PAST = [
    Column("who", "Who"),
    Column("school", "School"),
    Column("reason", "Why"),
    Column("at", "From"),
    Column("until", "Until"),
]
DUTIES = [
    Column("who", "Who"),
    Column("starts", "First day"),
    Column("ends", "Last day"),
    Column("set_by", "Set by"),
    Column("state", "Status"),
    Column("end", "End it"),
]


class GlassTake(OwnSchoolMixin, FreshPasswordMixin, InputMixin, AccessMixin, FormView):
    """Emergency access: what it gives, who hears of it, and why it is needed."""

    rules = concern_rules
    action = "glass"
    sensitive = True
    form_class = GlassForm
    template_name = "incidents/concerns/glass_take.html"
    password_reason = "Emergency access is told and recorded, so we ask once more."

    def get_context_data(self, **kwargs: Any) -> dict:
        """What the person has now, if anything."""
        if self.place is None:
            kwargs["form"] = None
        held = [row for row in open_for(self.request.user) if self.place and row.school_id == self.place.pk]
        return super().get_context_data(
            held=held[0] if held else None,
            sees_past=glass_rules.can_ever(self.request.user, "view"),
            **kwargs,
        )

    def perform(self, form: GlassForm) -> HttpResponse:
        """Take it."""
        taken = glass_take(actor=self.request.user, school=self.school, **_reason(form))
        messages.success(self.request, f"You have emergency access until {date_text(taken.until)}.")
        return redirect(f"{reverse('incidents:glass-take')}?school={self.place.uuid}")


def _reason(form: GlassForm) -> dict[str, str]:
    return {"reason": form.cleaned_data["reason"]}


class GlassList(AccessMixin, TemplateView):
    """Who took emergency access, when and why; which cases they read stands in those cases."""

    rules = glass_rules
    sensitive = True
    template_name = "incidents/concerns/glass_list.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """One page of the list."""
        keys = self.get_queryset().order_by("-at", "-pk").values_list("pk", flat=True)
        page = Paginator(keys, PAGE).get_page(self.request.GET.get("page"))
        rows = rows_in_order(GlassBreak.objects.select_related("user", "school"), page.object_list)
        cells = [
            [row.user.full_name, row.school.name, row.reason, date_text(row.at), date_text(row.until)]
            for row in rows
        ]
        table = Table(PAST, cells, "Emergency access", caption_hidden=True)
        may_take = concern_rules.can_ever(self.request.user, "glass")
        return super().get_context_data(page_obj=page, table=table, may_take=may_take, **kwargs)


class DutyList(OwnSchoolMixin, InputMixin, AccessMixin, FormView):
    """Who is on duty at a school, now and later; and somebody more."""

    rules = concern_rules
    action = "duty"
    sensitive = True
    form_class = DutyForm
    template_name = "incidents/concerns/duty_list.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Those who may be on duty there."""
        return {**super().get_form_kwargs(), "school": self.school}

    def get_context_data(self, **kwargs: Any) -> dict:
        """The list of the chosen school."""
        if self.place is None:
            return super().get_context_data(form=None, **kwargs)
        keys = duty_rules.visible_to(self.request.user, "view").filter(school=self.place.pk)
        page = Paginator(keys.order_by("-ends", "-pk").values_list("pk", flat=True), PAGE).get_page(
            self.request.GET.get("page")
        )
        rows = rows_in_order(DutyCover.objects.select_related("user", "set_by"), page.object_list)
        table = Table(DUTIES, [_duty(row) for row in rows], "Who is on duty", caption_hidden=True)
        return super().get_context_data(page_obj=page, table=table if rows else None, **kwargs)

    def perform(self, form: DutyForm) -> HttpResponse:
        """Set it."""
        duty_set(actor=self.request.user, school=self.school, **form.cleaned_data)
        messages.success(self.request, "The duty is set.")
        return redirect(f"{reverse('incidents:duty-list')}?school={self.place.uuid}")


def _duty(row: DutyCover) -> list[Any]:
    today = timezone.localdate()
    over = bool(row.ended_at) or row.ends < today
    state = "ended" if over else "future" if row.starts > today else "active"
    end = "" if over else Link("End", reverse("incidents:duty-end", args=[row.uuid]), row.user.full_name)
    return [row.user.full_name, row.starts, row.ends, row.set_by.full_name, Status(state), end]


class DutyEnd(ObjectMixin, InputMixin, FormView):
    """End a duty early."""

    rules = duty_rules
    action = "end"
    sensitive = True
    select_related = ("school", "user")
    form_class = Nothing
    template_name = "core/step.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """What happens then."""
        return super().get_context_data(
            title="End this duty",
            button="End it",
            points=[
                f"{self.object.user.full_name} no longer reads what this duty opened to them.",
                "What comes to them by their role, or was shared with them, stays.",
            ],
            back=self.back(),
            **kwargs,
        )

    def back(self) -> str:
        """To the list of the school."""
        return f"{reverse('incidents:duty-list')}?school={self.object.school.uuid}"

    def perform(self, form: Nothing) -> HttpResponse:
        """End it."""
        duty_end(actor=self.request.user, duty=self.object)
        messages.success(self.request, "The duty has ended.")
        return redirect(self.back())
