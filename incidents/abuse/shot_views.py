"""Adding screenshots to an entry that stands in the log already."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.generic import FormView

from core.views import InputMixin, redirect
from incidents.abuse.forms import ShotForm
from incidents.abuse.services import shots_add, url_of
from incidents.abuse.views import OneEntryMixin, leads
from incidents.forms import FirstForm


class AbuseShot(OneEntryMixin, InputMixin, FormView):
    """The first question, then the files. A yes, or not being sure, leads away before a file is looked at."""

    action = "act"
    template_name = "incidents/abuse/shot.html"
    form_class = ShotForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask, or lead on."""
        if request.GET.get("could") == "no":
            return super().get(request, *args, **kwargs)
        question = FirstForm(request.GET if "asked" in request.GET else None)
        if question.is_bound and question.is_valid():
            return self.safe_path()
        context = self.get_context_data(form=question, asks=True)
        return self.render_to_response(context, status=422 if question.is_bound else 200)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Nothing is taken before the question is answered with no."""
        if request.POST.get("could") in ("yes", "unsure"):
            return self.safe_path()
        if request.POST.get("could") != "no":
            return redirect(request.path)
        return super().post(request, *args, **kwargs)

    def safe_path(self) -> HttpResponse:
        """To what must be done now."""
        return leads("incidents:concern-image", {"school": str(self.object.school.uuid)})

    def get_initial(self) -> dict[str, Any]:
        """As it was logged."""
        seen = timezone.localtime(self.object.seen_at)
        return {
            "captured_on": seen.date(),
            "captured_time": f"{seen:%H:%M}",
            "shown_at": self.object.where,
            "captured_by": self.request.user.full_name,
        }

    def get_context_data(self, **kwargs: Any) -> dict:
        """The way back."""
        return super().get_context_data(back=url_of(self.object), **kwargs)

    def perform(self, form: ShotForm) -> HttpResponse:
        """Keep them."""
        shots_add(
            actor=self.request.user, entry=self.object, shot=form.shot, files=form.cleaned_data["files"]
        )
        messages.success(self.request, "The screenshots are kept with the entry.")
        return redirect(url_of(self.object))
