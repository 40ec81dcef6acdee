"""The page of one case."""

from typing import Any

from django.views.generic import TemplateView

from incidents.concerns.sections import Case, sections_of
from incidents.concerns.services.chronology import concern_read
from incidents.concerns.views.base import OneCaseMixin


class CaseDetail(OneCaseMixin, TemplateView):
    """Everything that its reader may know and do. Opening it is recorded, and acknowledges it."""

    template_name = "incidents/concerns/case.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """The sections, after the reading was recorded."""
        concern_read(actor=self.request.user, concern=self.object)
        case = Case(self.request.user, self.object, self.profile)
        return super().get_context_data(sections=sections_of(case), case=case, **kwargs)
