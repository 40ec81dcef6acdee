"""What the pages about declarations, departures and uses share: a list, a form for one's school, a step."""

import uuid
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.views.generic import FormView

from core.access import standing_of
from core.forms import FilterForm, PortalForm
from core.paging import rows_in_order
from core.tables import Column, Table, ordering
from core.views import AccessMixin, InputMixin, redirect
from people.selectors import Place, places_of
from people.views.own_school import OwnSchoolMixin

PAGE = 25


class DeclaredListMixin(AccessMixin):
    """A list of what the person may see, narrowed by filters, sorted and paged."""

    filter_class: type[FilterForm]
    related: tuple[str, ...] = ("school", "by")

    @cached_property
    def places(self) -> list[Place]:
        """The schools at which the person holds something."""
        return places_of(standing_of(self.request.user).all_schools())

    @cached_property
    def filters(self) -> FilterForm:
        """The filters in force."""
        return self.filter_class(self.request.GET or None, places=self.places)

    def columns(self) -> list[Column]:
        """The columns of the list."""
        raise TypeError(f"{type(self).__name__} has no columns")

    def table_of(self, columns: list[Column], rows: list[Any]) -> Table:
        """The rows of one page."""
        raise TypeError(f"{type(self).__name__} has no table")

    def narrowed(self, rows: QuerySet, chosen: dict[str, Any]) -> QuerySet:
        """What the filters leave."""
        raise TypeError(f"{type(self).__name__} has no filters")

    def get_context_data(self, **kwargs: Any) -> dict:
        """One page of it. The keys are sorted and cut first."""
        chosen, columns, rows = self.filters.chosen, self.columns(), self.get_queryset()
        if chosen.get("school"):
            rows = rows.filter(school__uuid=chosen["school"])
        found = self.narrowed(rows, chosen).order_by(*ordering(self.request, columns, "-at"))
        page = Paginator(found.values_list("pk", flat=True), PAGE).get_page(self.request.GET.get("page"))
        details = self.rules.model._default_manager.select_related(*self.related)
        return super().get_context_data(
            form=self.filters,
            page_obj=page,
            table=self.table_of(columns, rows_in_order(details, page.object_list)),
            **kwargs,
        )


class DeclareHereMixin(OwnSchoolMixin, AccessMixin):
    """A form for one's own school. Put it before the form's own mixin."""

    def get_initial(self) -> dict[str, Any]:
        """One page makes one row."""
        return {"once": uuid.uuid4()}

    def get_form(self, form_class: type[PortalForm] | None = None) -> PortalForm | None:
        """No form before the school is known."""
        return super().get_form(form_class) if self.place else None


class DeclaredStep(InputMixin, FormView):
    """A step on one row, asked on a page of its own; it leads back to the row's page."""

    template_name = "core/step.html"
    title = button = done = warning = ""
    points: tuple[str, ...] = ()
    object: Model

    def back(self) -> str:
        """The row's own page."""
        raise TypeError(f"{type(self).__name__} leads nowhere")

    def get_context_data(self, **kwargs: Any) -> dict:
        """What the page says."""
        return super().get_context_data(
            title=self.title,
            button=self.button,
            points=self.points,
            warning=self.warning,
            back=self.back(),
            **kwargs,
        )

    def perform(self, form: PortalForm) -> HttpResponse:
        """Do it and go back."""
        self.do(form)
        messages.success(self.request, self.done)
        return redirect(self.back())

    def do(self, form: PortalForm) -> None:
        """Call the service. Raises Refused."""
        raise TypeError(f"{type(self).__name__} does nothing")
