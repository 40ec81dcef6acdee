"""The board by time left, and the list as a file."""

from datetime import datetime
from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views import View
from django.views.generic import TemplateView

from core import csvfiles
from core.access import standing_of
from core.paging import rows_in_order
from core.statuses import status_words
from core.tables import ordering, sort_key
from core.views import AccessMixin
from incidents.comments import pages, selectors
from incidents.comments.access import comment_rules
from incidents.comments.forms import CommentFilter
from incidents.comments.services.importing import lines_of
from incidents.comments.services.steps import comments_exported
from incidents.comments.terms import has_clock, state_of
from incidents.models import Comment
from people.models import School
from people.selectors import Place, governed_by

PAGE = 25


class CommentsMixin(AccessMixin):
    """The comments that the person sees, one tab of them, narrowed by the filters."""

    rules = comment_rules

    @cached_property
    def now(self) -> datetime:
        """The moment by which the page judges."""
        return timezone.now()

    @cached_property
    def places(self) -> list[Place]:
        """The schools at which the person holds anything."""
        return list(governed_by(self.request.user))

    @cached_property
    def tab(self) -> str:
        """Which tab."""
        asked = self.request.GET.get("show", "")
        return asked if asked in selectors.TABS else "open"

    @cached_property
    def form(self) -> CommentFilter:
        """The filters in force."""
        accounts = selectors.accounts_of(comment_rules.visible_to(self.request.user, self.action))
        return CommentFilter(
            self.request.GET or None, places=self.places, accounts=accounts, initial={"show": self.tab}
        )

    def found(self) -> QuerySet[Comment]:
        """The comments of the tab that the filters leave."""
        rows = self.get_queryset().filter(selectors.tab_of(self.request.user, self.tab, self.now))
        return selectors.found(rows, self.form.chosen, self.request.user)


class CommentList(CommentsMixin, TemplateView):
    """What is to be answered, by the time that is left."""

    template_name = "incidents/comments/list.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """One page of one tab."""
        user = self.request.user
        numbers = selectors.counts_of(user, self.now)
        columns = pages.board_columns(len(self.places) > 1)
        order = selectors.usual_order(self.tab)
        if sort_key(self.request, columns):
            order = ordering(self.request, columns)
        pager = Paginator(self.found().order_by(*order).values_list("pk", flat=True), PAGE)
        if not self.form.chosen:
            pager.count = numbers[self.tab]
        page = pager.get_page(self.request.GET.get("page"))
        details = selectors.with_withheld(Comment.objects.select_related("school", "account", "owner"), user)
        title = selectors.TABS[self.tab]
        clocks = [has_clock(profile) for profile in governed_by(user).values()]
        held = standing_of(user).held
        return super().get_context_data(
            form=self.form,
            page_obj=page,
            table=pages.board_table(
                self.request, columns, rows_in_order(details, page.object_list), title, self.now
            ),
            tabs=[{"key": key, "title": one, "count": numbers[key]} for key, one in selectors.TABS.items()],
            show=self.tab,
            title=title,
            filtered=bool(self.form.chosen),
            no_clock=bool(held) and not any(clocks),
            may_log=bool(self.rules.schools(user, "log")),
            may_export=bool(self.rules.schools(user, "export")),
            may_count=bool(self.rules.schools(user, "figures")),
            export_query=self.request.GET.urlencode(),
            **kwargs,
        )


class CommentExport(CommentsMixin, View):
    """What the tab and the filters leave, as a file that an import reads back. Recorded."""

    action = "export"
    http_method_names = ("get",)

    def get(self, request: HttpRequest) -> HttpResponse:
        """The file."""
        rows = selectors.with_withheld(self.found(), request.user).order_by("received_at", "pk")
        lines = lines_of(rows, lambda row: status_words(state_of(row, self.now))[0])
        schools = self.rules.schools(request.user, "export")
        school = School.objects.get(pk=next(iter(schools))) if len(schools) == 1 else None
        comments_exported(actor=request.user, school=school, count=len(lines))
        name = f"comments-{timezone.localdate():%Y-%m-%d}.csv"
        return csvfiles.response(name, pages.EXPORTED, lines)
