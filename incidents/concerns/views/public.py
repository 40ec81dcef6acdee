"""The page on which pupils and parents report without an account. It shows nothing of what was reported."""

from typing import Any
from uuid import uuid4

from allauth.account.adapter import get_adapter
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import FormView, TemplateView

from consent.views.answering import unseen
from core.errors import Refused
from core.throttle import within
from core.views import InputMixin, redirect
from incidents.concerns.forms.public import PublicDangerForm, PublicForm, PublicImageForm
from incidents.concerns.forms.reporting import NO, UNSURE, YES
from incidents.concerns.services.sending import concern_send
from incidents.concerns.told import Told
from incidents.models import Category, Channel
from people.models import School
from people.selectors import profile_of

HOUR = 60 * 60
FROM_ONE_PLACE, FOR_ONE_SCHOOL = 20, 60
"""How many reports are taken in an hour from one network address, behind which a whole school may be, and for
one school."""
TOO_MANY = (
    "Too many reports came in during the last hour. What you typed is still here. Try again later, or tell "
    "an adult whom you trust, or call the school. If somebody is in danger, call 999."
)
RECEIPT = "concern_reference"


class OpenSchoolMixin:
    """A page of a school that has opened it; any other answers as a page that does not exist."""

    sensitive = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Find the school."""
        school = School.objects.select_related("trust").filter(slug=kwargs["slug"], active=True).first()
        if school is None or not profile_of(school).public_reports:
            raise Http404("No such page")
        self.school = school
        return unseen(super().dispatch(request, *args, **kwargs), has_form=True)

    def get_context_data(self, **kwargs: Any) -> dict:
        """Whose page it is."""
        start = reverse("incidents:concern-public", args=[self.school.slug])
        return super().get_context_data(school=self.school, start=start, **kwargs)


class PublicReport(OpenSchoolMixin, InputMixin, FormView):
    """Two questions with what to do at once, then a short form."""

    form_class = PublicForm
    template_name = "incidents/concerns/public_form.html"

    @cached_property
    def given(self) -> dict[str, str]:
        """The answers to the two questions, wherever they stand."""
        data = self.request.POST if self.request.method == "POST" else self.request.GET
        return {name: data.get(name, "") for name in ("danger", "could", "asked")}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask first."""
        return self._first() or super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Without a no to the second question nothing that was typed is looked at."""
        return self._first() or super().post(request, *args, **kwargs)

    def _first(self) -> HttpResponse | None:
        """The page that comes before the form, if one still does."""
        danger, could, asked = (self.given[name] for name in ("danger", "could", "asked"))
        if danger not in (YES, NO):
            return self._page("question", form=PublicDangerForm(self.given if asked else None), asked="1")
        if could in (YES, UNSURE):
            return self._page("image")
        if could != NO:
            form = PublicImageForm(self.given if asked == "2" else None)
            return self._page("question", form=form, asked="2", danger=danger, stop=danger == YES)
        return None

    def _page(self, name: str, **context: Any) -> HttpResponse:
        self.template_name = f"incidents/concerns/public_{name}.html"
        form = context.setdefault("form", None)
        return self.render_to_response(
            self.get_context_data(**context), status=422 if form is not None and form.is_bound else 200
        )

    def get_initial(self) -> dict[str, Any]:
        """One page makes one report."""
        return {"once": uuid4(), "danger": self.given["danger"], "could": self.given["could"]}

    def get_context_data(self, **kwargs: Any) -> dict:
        """Danger stays on top of the form."""
        kwargs.setdefault("stop", self.given["danger"] == YES)
        return super().get_context_data(**kwargs)

    def perform(self, form: PublicForm) -> HttpResponse:
        """Send it, if there were not too many. Raises Refused."""
        place = get_adapter(self.request).get_client_ip(self.request) or ""
        few = [
            within("concern-public", place, FROM_ONE_PLACE, HOUR),
            within("concern-public-school", str(self.school.pk), FOR_ONE_SCHOOL, HOUR),
        ]
        if not all(few):
            raise Refused(TOO_MANY)
        data = form.cleaned_data
        told = Told(
            category=Category(data["about"] or Category.OTHER),
            what=data["what"],
            wishes=data["wish"],
            people=form.people,
            source="",
            in_danger=data["danger"] == YES,
            channel=Channel.PUBLIC,
            reached_by=data["reach"],
            reporter_is=form.reporter,
        )
        concern = concern_send(actor=None, school=self.school, once=data["once"], told=told)
        self.request.session[RECEIPT] = concern.reference
        return redirect(reverse("incidents:concern-public-sent", args=[self.school.slug]))


class PublicSent(OpenSchoolMixin, TemplateView):
    """It was received. The reference is shown once; no page shows anything of a report later."""

    template_name = "incidents/concerns/public_sent.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """The reference, straight after sending."""
        return super().get_context_data(reference=self.request.session.pop(RECEIPT, ""), **kwargs)
