"""The board of whoever has cases; for everybody else, the way to report and to their own reports."""

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.views.generic import TemplateView

from core.access import standing_of
from core.paging import rows_in_order
from core.tables import Column, ordering, sort_key
from core.views import AccessMixin
from incidents.abuse.access import abuse_rules
from incidents.concerns import board, pages
from incidents.concerns.access import concern_rules, sees_board
from incidents.concerns.forms.casework import BoardFilter
from incidents.concerns.views.reporting import receipts
from incidents.views.base import several_schools
from people.selectors import places_of

PAGE = 25
WAYS: tuple[tuple[str, str, Callable[[Any], bool]], ...] = (
    ("Your own reports", "incidents:concern-mine", lambda user: concern_rules.can_ever(user, "report")),
    ("Abuse log", "incidents:abuse-list", lambda user: abuse_rules.can_ever(user, "log")),
    ("Safeguarding lead on duty", "incidents:duty-list", lambda user: concern_rules.can_ever(user, "duty")),
    ("Figures", "incidents:concern-figures", lambda user: concern_rules.can_ever(user, "figures")),
    ("Closed cases to look at again", "incidents:concern-retention", sees_board),
    ("Emergency access", "incidents:glass-take", lambda user: concern_rules.can_ever(user, "glass")),
)
"""(words, page, who may see it): the other pages about concerns."""


class Board(AccessMixin, TemplateView):
    """Cases by urgency and age (CIT-10.03: dealt with quickly), with what is unread, mine, waiting and due."""

    rules = concern_rules
    action = "own"
    sensitive = True

    def get_template_names(self) -> list[str]:
        """The board, or the page of somebody who only reports."""
        name = "board" if self.has_board else "board_none"
        return [f"incidents/concerns/{name}.html"]

    def get_context_data(self, **kwargs: Any) -> dict:
        """One page of one tab."""
        user = self.request.user
        self.has_board = sees_board(user)
        ways = {
            "may_report": concern_rules.can_ever(user, "report"),
            "ways": [(words, name) for words, name, may_see in WAYS if may_see(user)],
        }
        if not self.has_board:
            own = receipts(self.request, with_school=several_schools(user))
            return super().get_context_data(**ways, **own, **kwargs)
        numbers = board.counts(user)
        asked = self.request.GET.get("show", "")
        tab = asked if asked in board.TABS else "unread" if numbers["unread"] else "open"
        places = places_of(standing_of(user).all_schools())
        form = BoardFilter(self.request.GET or None, places=places, initial={"show": tab})
        columns = pages.board_columns(tab, len(places) > 1)
        rows = board.found(user, tab, form.chosen).order_by(*self._order(tab, columns))
        pager = Paginator(rows.values_list("pk", flat=True), PAGE)
        if not form.chosen:
            pager.count = numbers[tab]
        page = pager.get_page(self.request.GET.get("page"))
        shown = rows_in_order(
            board.with_details(concern_rules.visible_to(user, "view").order_by()), page.object_list
        )
        title = board.TABS[tab]
        return super().get_context_data(
            form=form,
            page_obj=page,
            table=pages.board_table(
                self.request, tab, title, columns, shown, board.names_of(user, shown) if shown else {}
            ),
            tabs=[{"key": key, "title": words, "count": numbers[key]} for key, words in board.TABS.items()],
            show=tab,
            title=title,
            filtered=bool(form.chosen),
            **ways,
            **kwargs,
        )

    def _order(self, tab: str, columns: list[Column]) -> list[str]:
        """By urgency, then age; what is closed by the day of closing. A column that is asked for comes first."""
        usual = ["-closed_at", "-pk"] if tab == "closed" else ["urgency", "at", "pk"]
        asked = sort_key(self.request, columns)
        if not asked:
            return usual
        first = ordering(self.request, columns)[0]
        if asked.removeprefix("-") == "age":  # the oldest first is the earliest
            first = first.removeprefix("-") if first.startswith("-") else f"-{first}"
        return [first, *(one for one in usual if one.lstrip("-") != first.lstrip("-"))]
