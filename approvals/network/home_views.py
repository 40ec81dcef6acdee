"""The first page about the network: what is so here, and where to ask, report and look."""

from typing import Any

from django.urls import reverse
from django.views.generic import TemplateView

from approvals.network.pages import NETWORK_PAGES
from approvals.network.timed import why_barred
from approvals.network.unblock_access import unblock_rules
from core.views import SignedInMixin
from people.governance.profile import Profile
from people.governance.who import joined
from people.selectors import governed_by

FEW = 5
"""Schools of which the page says what holds there; who belongs to more finds it in the settings."""


class NetworkHome(SignedInMixin, TemplateView):
    """Monitoring is told to everybody who uses the network (CIT-9.03, STM-9.03; subtle 91)."""

    template_name = "approvals/network_home.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """The pages that this person may open, and the rules of their schools."""
        user = self.request.user
        governed = governed_by(user)
        pages = [
            {"title": page.title, "detail": page.text, "url": reverse(page.url_name)}
            for page in NETWORK_PAGES
            if page.may_see(user)
        ]
        return super().get_context_data(
            pages=pages,
            may_ask=unblock_rules.can_ever(user, "ask"),
            monitoring=" ".join(sorted({_monitoring(one) for one in governed.values()})).strip(),
            rules=[
                {"school": place, "rows": rules_of(profile)}
                for place, profile in (governed.items() if len(governed) <= FEW else ())
            ],
            **kwargs,
        )


def _monitoring(profile: Profile) -> str:
    """The clause with which the school's policy says that use is monitored."""
    return {"cit": "CIT-9.03", "st-marys": "STM-9.03"}.get(profile.preset.slug, "")


def rules_of(profile: Profile) -> list[dict[str, str]]:
    """What a school's profile says about its network, for everybody who uses it."""
    gates = [profile.title_of(step.role, step.post) for step in profile.pupil_wifi_gates or []]
    asked = f"Only after all of these have agreed: {joined(gates)}"
    banned = "They are barred from school computers, but for close supervision"
    return [
        {"key": "Blocked for everybody", "value": profile.describe("blocked_sites")},
        {
            "key": "May one of them be opened for somebody?",
            "value": profile.describe("blocked_sites_exceptions"),
        },
        {
            "key": "May pupils use social media over the Wi-Fi?",
            "value": "No" if why_barred(profile) else asked,
        },
        {
            "key": "If somebody gets round the firewall",
            "value": banned if profile.circumvention_ban else "It is recorded, and the headteacher decides",
        },
    ]
