"""The list of people, its export, and one person's page."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views import View
from django.views.generic import TemplateView

from core import csvfiles
from core.tables import Column, Table, ordering
from core.views import AccessMixin, ObjectMixin
from people.access import school_rules, user_rules
from people.directory import Roles, directory_places, people_for, table_rows
from people.forms.directory import PeopleFilter
from people.managed import Managed
from people.person_page import PersonPage
from people.services.register import HEADINGS, people_export
from people.views.base import PAGE

COLUMNS = [
    Column("full_name", "Name", sortable=True),
    Column("email", "E-mail", sortable=True),
    Column("roles", "Roles"),
    Column("school", "School or trust"),
    Column("state", "State"),
    Column("since", "Since"),
]


class _Directory(AccessMixin):
    """What the list and its export share: the filters, over what the person may look up."""

    rules = school_rules
    action = "directory"

    def filters(self) -> PeopleFilter:
        """The filters of the address."""
        return PeopleFilter(self.request.GET or None, places=directory_places(self.request.user))


class PersonList(_Directory, TemplateView):
    """Who works here, who is invited, who left."""

    template_name = "people/person_list.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """One page of the list."""
        user, form = self.request.user, self.filters()
        people = people_for(user, form.chosen).order_by(*ordering(self.request, COLUMNS, "full_name"))
        page = Paginator(people, PAGE).get_page(self.request.GET.get("page"))
        roles = Roles(user, page.object_list, form.chosen.get("school"))
        rows = table_rows(roles, page.object_list)
        managed = Managed(user)
        return super().get_context_data(
            form=form,
            found=page.paginator.count,
            page_obj=page,
            table=Table(COLUMNS, rows, "People", self.request, default_sort="full_name", caption_hidden=True),
            invite_at=self._invite_links(form, managed),
            **kwargs,
        )

    def _invite_links(self, form: PeopleFilter, managed: Managed) -> list[dict]:
        """A button for one school, a link each for several (at most as many as a person can look over)."""
        chosen = form.chosen.get("school")
        mine = [
            place for place in form.places.values() if managed.everywhere or place.pk in managed.school_ids
        ]
        return [
            {
                "school": place.name,
                "invite": reverse("people:person-invite", args=[place.uuid]),
                "file": reverse("people:staff-import", args=[place.uuid]),
            }
            for place in mine
            if chosen is None or chosen.pk == place.pk
        ]


class PersonExport(_Directory, View):
    """The list as CSV, with the filters of the address. Taking it out is an event."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The file."""
        rows = people_export(actor=request.user, chosen=self.filters().chosen)
        return csvfiles.response(f"people-{timezone.localdate().isoformat()}.csv", HEADINGS, rows)


class PersonDetail(ObjectMixin, TemplateView):
    """One person: details, roles, what waits, deputies, history; with what the viewer may change."""

    template_name = "people/person_detail.html"
    rules = user_rules

    def get_context_data(self, **kwargs: Any) -> dict:
        """Read the page."""
        return super().get_context_data(
            page=PersonPage(self.request.user, self.object),
            may_look_up=school_rules.can_ever(self.request.user, "directory"),
            **kwargs,
        )
