"""The first page: what waits for a person, and what they wait for."""

from typing import Any

from django.views.generic import TemplateView

from core import todo
from core.views import SignedInMixin


class Home(SignedInMixin, TemplateView):
    """Each person's own to-do list."""

    template_name = "smgov/home.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """What waits for me; what I wait for."""
        return super().get_context_data(
            waits_for_me=todo.for_user(self.request.user),
            i_wait_for=todo.awaited_by(self.request.user),
            **kwargs,
        )
