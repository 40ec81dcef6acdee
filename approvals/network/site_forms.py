"""Input of the pages about blocked sites."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from approvals.network.evidence_pages import SchoolFilter
from approvals.network.policy_sites import blocked_by_policy
from approvals.network.sites import LONGEST_REASON, host_of
from core.addresses import LONGEST, BadAddress
from core.forms import PortalForm
from people.governance.profile import Profile


class SiteFilter(SchoolFilter):
    """Whose blocked sites are shown: of one school."""

    any_school = ""


class BlockForm(PortalForm):
    """Blocking a site by hand. The clean value of `host` is the site, in ASCII."""

    host = forms.CharField(
        label="Site",
        help_text="Its name, like example.org, or the address of one of its pages. The whole site is blocked.",
        max_length=LONGEST,
        widget=forms.TextInput(
            attrs={"spellcheck": "false", "autocapitalize": "none", "autocomplete": "off"}
        ),
    )
    because = forms.CharField(
        label="Why is it blocked?",
        help_text="Everybody at the school reads this. Please name nobody.",
        max_length=LONGEST_REASON,
    )
    missing = {"host": "Enter the site", "because": "Say why the site is blocked"}

    def __init__(self, *args: Any, profile: Profile, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.profile = profile

    def clean_host(self) -> str:
        """The site. Raises ValidationError for what is none, and for what the policy blocks already."""
        try:
            host = host_of(self.cleaned_data["host"])
        except BadAddress as error:
            raise ValidationError(f"What you typed {error}.") from error
        policy = blocked_by_policy(self.profile, host)
        if policy:
            raise ValidationError(f"Your school's policy blocks {policy} already, so nothing need be done.")
        return host


class LiftForm(PortalForm):
    """Taking a site off the list."""

    because = forms.CharField(label="Why is it no longer blocked?", max_length=LONGEST_REASON)
    missing = {"because": "Say why the site is no longer blocked"}
