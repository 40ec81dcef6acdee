"""What the lists of this part share: filters by name, class and school, and one page of rows in order."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.views.generic import TemplateView

from core.forms import FilterForm
from core.paging import rows_in_order
from core.signatures import plain_name
from core.tables import Column, Table
from core.views import AccessMixin
from people.selectors import Place, places_of

PAGE = 25


class PupilRowsList(AccessMixin, TemplateView):
    """A list of rows about pupils. `order` is by model field; nothing sorts by hand."""

    filter_class: type[FilterForm]
    columns: tuple[Column, ...]
    caption = ""
    order: tuple[Any, ...] = ("pk",)
    pupil = "pupil"
    school = "school"

    def places(self) -> list[Place]:
        """The schools of this list."""
        return places_of(self.rules.schools(self.request.user, self.action))

    def get_context_data(self, **kwargs: Any) -> dict:
        """One page of the list."""
        places = self.places()
        form = self.filter_class(self.request.GET or None, places=places)
        rows = self.found(form.chosen, places)
        keys = rows.order_by(*self.order).values_list("pk", flat=True)
        page = Paginator(keys, PAGE).get_page(self.request.GET.get("page"))
        several = len(places) > 1
        columns = [one for one in self.columns if several or one.key != "school"]
        shown = rows_in_order(self.with_details(self.get_queryset()), page.object_list)
        table = Table(columns, [self.cells(row) for row in shown], self.caption, caption_hidden=True)
        return super().get_context_data(form=form, page_obj=page, table=table, **kwargs)

    def found(self, chosen: dict[str, Any], places: list[Place]) -> QuerySet:
        """Narrowed by the filters."""
        rows = self.get_queryset()
        if chosen.get("school"):
            wanted = [one.pk for one in places if str(one.uuid) == chosen["school"]]
            rows = rows.filter(**{f"{self.school}__in": wanted})
        for word in chosen.get("q", "").split():
            named = Q(**{f"{self.pupil}__search_name__contains": plain_name(word)})
            rows = rows.filter(named | Q(**{f"{self.pupil}__class_name__iexact": word}))
        return rows

    def with_details(self, rows: QuerySet) -> QuerySet:
        """With what a row of the table shows."""
        return rows.select_related(self.pupil, self.school)

    def cells(self, row: Any) -> dict[str, Any]:
        """One row of the table."""
        raise TypeError(f"{type(self).__name__} has no cells")
