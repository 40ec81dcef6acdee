"""The flag "never show": pages of the DSL alone, with nothing kept aside (RAV-9.08)."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView, TemplateView

from consent.access import flag_rules, pupil_rules
from consent.forms.keeping import FlagFilter, FlagForm, LiftForm
from consent.models import NeverShow, Pupil
from consent.services.flags import flag_lift, flag_read, flag_set
from consent.views.lists import PupilRowsList
from core.tables import Column, Link, Status, date_text
from core.views import InputMixin, ObjectMixin, redirect


class FlagList(PupilRowsList):
    """The pupils who must never be shown."""

    rules = flag_rules
    sensitive = True
    template_name = "consent/flag_list.html"
    filter_class = FlagFilter
    caption = "Pupils who must never be shown"
    order = ("pupil__last_name", "pupil__first_name", "-set_at", "pk")
    school = "pupil__school"
    columns = (
        Column("pupil", "Pupil"),
        Column("class_name", "Class"),
        Column("school", "School"),
        Column("set_at", "Since"),
        Column("status", "Status"),
    )

    def found(self, chosen: dict[str, Any], places: Any) -> QuerySet:
        """Those in force, unless others are asked for."""
        rows = super().found(chosen, places)
        show = chosen.get("show")
        return rows if show == "all" else rows.filter(lifted_at__isnull=show != "lifted")

    def cells(self, row: NeverShow) -> dict[str, Any]:
        """A flag; a former pupil's keeps their record, so that it is said."""
        left = row.pupil.has_left(timezone.localdate())
        words = (
            f"{row.pupil.class_name} (left {date_text(row.pupil.leaves_on)})"
            if left
            else row.pupil.class_name
        )
        return {
            "pupil": Link(row.pupil.name, reverse("consent:flag-detail", args=[row.uuid])),
            "class_name": words.strip(),
            "school": row.pupil.school.name,
            "set_at": timezone.localdate(row.set_at),
            "status": Status("ended" if row.lifted_at else "never_show"),
        }


class FlagSet(ObjectMixin, InputMixin, FormView):
    """Say that a pupil must never be shown."""

    rules = pupil_rules
    action = "never_show"
    sensitive = True
    select_related = ("school",)
    form_class = FlagForm
    template_name = "core/step.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """What follows from it, and that nobody else reads why."""
        pupil: Pupil = self.object
        return super().get_context_data(
            title=f"Never show {pupil}",
            button="Never show this pupil",
            warning="From this moment on the pupil may not be shown anywhere, whatever anybody consents to.",
            points=(
                "Staff see “Not to be used”, as they do for a pupil without consent.",
                "Whoever reads the whole record of consent can tell that it is overridden, and nothing of you or why.",
                "If the pupil could be shown until now, whoever keeps the school’s accounts is asked to look for earlier posts.",
            ),
            back=reverse("consent:pupil-detail", args=[pupil.uuid]),
            **kwargs,
        )

    def perform(self, form: FlagForm) -> HttpResponse:
        """Set it."""
        flag = flag_set(actor=self.request.user, pupil=self.object, reason=form.cleaned_data["reason"])
        messages.success(self.request, f"{self.object} is not to be used from now on.")
        return redirect(reverse("consent:flag-detail", args=[flag.uuid]))


class OneFlag(ObjectMixin):
    """A page about one flag."""

    rules = flag_rules
    sensitive = True
    select_related = ("pupil", "pupil__school", "set_by", "lifted_by")


class FlagDetail(OneFlag, TemplateView):
    """Why, since when, and by whom. That it was read is recorded."""

    template_name = "consent/flag_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """What happened."""
        flag: NeverShow = self.object
        flag_read(actor=self.request.user, flag=flag)
        events = [
            {
                "title": "Never to be shown",
                "when": flag.set_at,
                "by": flag.set_by.full_name,
                "text": flag.reason,
            }
        ]
        if flag.lifted_at:
            events.append(
                {
                    "title": "Lifted",
                    "when": flag.lifted_at,
                    "by": flag.lifted_by.full_name,
                    "text": flag.lifted_because,
                }
            )
        return super().get_context_data(
            pupil=flag.pupil,
            events=events,
            status="ended" if flag.lifted_at else "never_show",
            left=flag.pupil.has_left(timezone.localdate()) and not flag.lifted_at,
            **kwargs,
        )


class FlagLift(OneFlag, InputMixin, FormView):
    """Let the pupil's consent decide again."""

    form_class = LiftForm
    template_name = "consent/flag_lift.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """Whose it is."""
        return super().get_context_data(pupil=self.object.pupil, **kwargs)

    def perform(self, form: LiftForm) -> HttpResponse:
        """Lift it."""
        flag_lift(actor=self.request.user, flag=self.object, reason=form.cleaned_data["reason"])
        messages.success(self.request, f"The flag of {self.object.pupil} is lifted.")
        return redirect(reverse("consent:flag-detail", args=[self.object.uuid]))
