"""Erasing one former pupil, and what the school holds about one child."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView, TemplateView

from consent.access import pupil_rules
from consent.forms.keeping import EraseForm
from consent.models import Pupil
from consent.services.erasure import WHY_KEPT, pupil_erase, why_kept
from consent.services.exports import MORE, Section, as_json, pupil_export
from core import csvfiles
from core.tables import Column, Table
from core.views import InputMixin, ObjectMixin, redirect
from people.fresh import FreshPasswordMixin


class PupilErase(ObjectMixin, FreshPasswordMixin, InputMixin, FormView):
    """Erase what identifies one former pupil. What goes and what stays is said before."""

    rules = pupil_rules
    action = "erase"
    sensitive = True
    select_related = ("school",)
    form_class = EraseForm
    template_name = "consent/pupil_erase.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """Whether it can be done now."""
        pupil: Pupil = self.object
        left = pupil.has_left(timezone.localdate())
        waits = WHY_KEPT.get(why_kept(pupil), "") if left else ""
        return super().get_context_data(pupil=pupil, left=left, waits=waits, **kwargs)

    def perform(self, form: EraseForm) -> HttpResponse:
        """Erase it."""
        pupil_erase(actor=self.request.user, pupil=self.object)
        messages.success(self.request, "The data are erased. The record of consent keeps numbers and facts.")
        return redirect(reverse("consent:pupil-detail", args=[self.object.uuid]))


class PupilExport(ObjectMixin, TemplateView):
    """What the school holds about one child: to read, to print, or as a file. Each time is recorded."""

    rules = pupil_rules
    action = "export"
    sensitive = True
    select_related = ("school",)
    template_name = "consent/pupil_export.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, or the file that is asked for."""
        pupil: Pupil = self.object
        asked = request.GET.get("as", "")
        form = asked if asked in ("json", "csv") else "page"
        sections = pupil_export(actor=request.user, pupil=pupil, form=form)
        name = f"one-child-{timezone.localdate():%Y-%m-%d}"
        if form == "json":
            response = JsonResponse(as_json(pupil, sections), json_dumps_params={"indent": 2})
            response["Content-Disposition"] = f'attachment; filename="{name}.json"'
            return response
        if form == "csv":
            return csvfiles.response(f"{name}.csv", ["Part", "What", "Held"], _lines(sections))
        tables = [{"title": one.title, "table": _table(one) if one.rows else None} for one in sections]
        return self.render_to_response(
            self.get_context_data(pupil=pupil, tables=tables, more=MORE, made=timezone.now())
        )


def _table(section: Section) -> Table:
    columns = [Column(str(place), heading) for place, heading in enumerate(section.headings)]
    return Table(columns, section.rows, section.title, caption_hidden=True)


def _lines(sections: list[Section]) -> list[tuple[str, str, str]]:
    """One line for each thing that is held; a row of several things has as many lines."""
    lines = []
    for section in sections:
        for number, row in enumerate(section.rows, start=1):
            pairs = (
                [(row[0], row[1])]
                if section.headings == ("What", "Held")
                else zip(section.headings, row, strict=True)
            )
            part = section.title if section.headings == ("What", "Held") else f"{section.title} {number}"
            lines += [(part, str(what), str(held)) for what, held in pairs]
    return [*lines, ("Note", "", MORE)]
