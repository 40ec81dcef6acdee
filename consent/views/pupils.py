"""One pupil."""

from django.views.generic import TemplateView

from consent.access import pupil_rules
from core.views import ObjectMixin


class PupilDetail(ObjectMixin, TemplateView):
    """For what a pupil may be shown."""

    rules = pupil_rules
    template_name = "consent/pupil_detail.html"
