"""The public lists of official accounts: the only pages of the register that need no sign-in (BEC-1.02).

They show live accounts by platform, name, handle, page and day of the last confirmation. Nothing
else is public: no person, no account that is not confirmed or was closed. They are the same for
everybody, signed in or not, so that they may be kept in a cache for a few minutes.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.generic import TemplateView

from accounts.register_pages import official_table
from accounts.register_selectors import official_accounts, published_school, published_trust

KEPT_SECONDS = 300


class PublicPage(TemplateView):
    """A page for anybody. The URL conf declares it public."""

    http_method_names = ("get", "head")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Let caches keep it for a short while."""
        response = super().dispatch(request, *args, **kwargs)
        patch_cache_control(response, public=True, max_age=KEPT_SECONDS)
        return response


class OfficialSchool(PublicPage):
    """The official accounts of one school, or of a trust's central team."""

    template_name = "accounts/official_school.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """404 where there is no such school, or its profile keeps the list to itself."""
        school = published_school(kwargs["slug"])
        if school is None:
            raise Http404("No such page")
        accounts = official_accounts([school])[school.pk]
        return super().get_context_data(school=school, table=official_table(accounts, school), **kwargs)


class OfficialTrust(PublicPage):
    """The official accounts of a trust, school by school."""

    template_name = "accounts/official_trust.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """404 where there is no such trust, or none of its schools has a public list."""
        found = published_trust(kwargs["slug"])
        if found is None:
            raise Http404("No such page")
        trust, schools = found
        listed = official_accounts(schools)
        sections = [
            {
                "school": school,
                "title": "The whole trust" if school.is_central else school.name,
                "table": official_table(listed[school.pk], school),
            }
            for school in schools
        ]
        return super().get_context_data(trust=trust, sections=sections, **kwargs)
