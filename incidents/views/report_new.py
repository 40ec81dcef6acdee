"""Reporting: the one question first, then the stop page or the form (STM-14, subtle 80-84)."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.generic import FormView, TemplateView

from core.views import AccessMixin, redirect
from incidents.access import matter_rules
from incidents.forms import IMAGE, FirstForm, ImageForm, ReportForm
from incidents.models import Matter, MatterKind
from incidents.services.reports import image_record, report_send
from incidents.views.base import AtSchoolMixin, OneMatterMixin
from people.governance.who import joined
from people.selectors import profile_of


class ReportStart(AccessMixin, TemplateView):
    """Could it be an indecent image of a child? Not being sure counts as yes (subtle 80)."""

    rules = matter_rules
    action = "report"
    sensitive = True
    template_name = "incidents/report_start.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask, or lead on."""
        form = FirstForm(request.GET if request.GET else None)
        if form.is_bound and form.is_valid():
            if form.cleaned_data["could"] == "no":
                return redirect(f"{reverse('incidents:report-write')}?could=no")
            return redirect(reverse("incidents:report-stop"))
        context = self.get_context_data(form=form)
        return self.render_to_response(context, status=422 if form.is_bound else 200)


class ReportStop(AtSchoolMixin, FormView):
    """What to do now; then who called the police, and when. Nothing else is taken in (CBC-10.06, 10.07)."""

    action = "report"
    template_name = "incidents/report_stop.html"
    form_class = ImageForm

    def get_context_data(self, **kwargs: Any) -> dict:
        """In the school's own words, where the school is known."""
        dsl = self.profile.title_of("dsl") if self.place else "Designated Safeguarding Lead"
        callers = self.profile.police_role if self.place else []
        titles = [self.profile.title_of(spec.role, spec.post) for spec in callers or []]
        return super().get_context_data(
            dsl=dsl,
            callers=joined(titles, "or"),
            from_form="from_form" in self.request.GET,
            **kwargs,
        )

    def perform(self, form: ImageForm) -> HttpResponse:
        """Record it."""
        data = form.cleaned_data
        matter = image_record(
            actor=self.request.user,
            school=self.school,
            once=data["once"],
            whom=form.whom,
            called_by=data["called_by"],
            called_at=form.called_at,
            not_called_because=data["not_called_because"],
            police_reference=data["police_reference"],
        )
        return redirect(reverse("incidents:report-sent", args=[matter.uuid]))


class ReportWrite(AtSchoolMixin, FormView):
    """The form (STM-14.01 to 14.05)."""

    action = "report"
    template_name = "incidents/report_write.html"
    form_class = ReportForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """An indecent image leads to the stop page before anything that was typed is looked at."""
        if request.POST.get("nature") == IMAGE or request.POST.get("could") in ("yes", "unsure"):
            query = {"from_form": "1"} | ({"school": str(self.place.uuid)} if self.place else {})
            return redirect(f"{reverse('incidents:report-stop')}?{urlencode(query)}")
        return super().post(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Whether the first question was answered before."""
        answered = "no" in (self.request.GET.get("could"), self.request.POST.get("could"))
        return {**super().get_form_kwargs(), "answered": answered}

    def perform(self, form: ReportForm) -> HttpResponse:
        """Send it."""
        data = form.cleaned_data
        matter = report_send(
            actor=self.request.user,
            school=self.school,
            once=data["once"],
            whom=form.whom,
            seen_on=data["seen_on"],
            addresses=data["addresses"],
            nature=data["nature"],
            words=data["words"],
        )
        return redirect(reverse("incidents:report-sent", args=[matter.uuid]))


class ReportSent(OneMatterMixin, TemplateView):
    """It was sent; and whom the reporter must tell themselves where nobody in the portal may hear of it."""

    action = "own"
    kinds = (MatterKind.CONTENT, MatterKind.IMAGE)
    template_name = "incidents/report_sent.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """The last contact outside the portal, where it is needed (design 2)."""
        return super().get_context_data(**last_resort(self.object), **kwargs)


def last_resort(matter: Matter) -> dict[str, Any]:
    """Whom to tell outside the portal, where nobody on it may hear of the matter."""
    if matter.has_road:
        return {"nobody": False}
    return {"nobody": True, "contact": profile_of(matter.school).last_resort_contact or ""}
