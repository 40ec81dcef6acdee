"""The first page: what waits for a person, and what they wait for."""

from typing import Any

from django.utils import timezone
from django.views.generic import TemplateView

from accounts.access import request_rules
from core import todo
from core.views import SignedInMixin


class Home(SignedInMixin, TemplateView):
    """Each person's own to-do list."""

    template_name = "smgov/home.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """What waits for me; what I wait for."""
        user = self.request.user
        hour = timezone.localtime().hour
        part = "morning" if hour < 12 else "afternoon" if hour < 18 else "evening"
        return super().get_context_data(
            greeting=f"Good {part}, {user.full_name}",
            waits_for_me=todo.for_user(user),
            i_wait_for=todo.awaited_by(user),
            may_apply=request_rules.can_ever(user, "start"),
            **kwargs,
        )
