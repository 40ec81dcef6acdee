"""Changes that wait for a second person: what waits for me, what I asked for, what was decided."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView, TemplateView

from core.errors import Refused
from core.tables import Column, Link, Status, Table, date_text
from core.views import ObjectMixin, SignedInMixin, redirect
from people.access import change_rules, school_rules
from people.forms.roles import Nothing
from people.models import PendingChange, User
from people.selectors import changes_to_confirm
from people.services.changes import change_decide, change_withdraw, confirmers_of
from people.views.base import PAGE, Question, RolePage
from people.wording import AWAITING, READ_ALONG, ChangeWords, outcome

COLUMNS = [
    Column("title", "Change"),
    Column("place", "School or trust"),
    Column("asked", "Asked"),
    Column("status", "Status"),
]
TABS = {"waiting": "To confirm", "mine": "Asked by you", "decided": "Decided"}
EMPTY = {
    "waiting": (
        "Nothing waits for you",
        "When a colleague asks for a change that you may confirm, it is listed here.",
    ),
    "mine": (
        "You have asked for nothing",
        "Changes that need a second person are listed here when you ask for them.",
    ),
    "decided": ("Nothing was decided yet", "Changes that you may see are kept here once they are decided."),
}


def change_url(change: PendingChange) -> str:
    """The page of one change."""
    return reverse("people:change-detail", args=[change.uuid])


class ChangeList(SignedInMixin, TemplateView):
    """Three lists, one at a time."""

    template_name = "people/change_list.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """One page of the list that was asked for."""
        user, show = self.request.user, self.request.GET.get("show", "")
        show = show if show in TABS else "waiting"
        rows = self._rows(user, show).select_related(*READ_ALONG)
        page = Paginator(rows, PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            show=show,
            tabs=TABS.items(),
            table=_table(page.object_list, TABS[show]),
            page_obj=page,
            empty=EMPTY[show],
            may_look_up=school_rules.can_ever(user, "directory"),
            **kwargs,
        )

    def _rows(self, user: User, show: str) -> QuerySet[PendingChange]:
        if show == "waiting":
            return changes_to_confirm(user)
        visible = change_rules.visible_to(user)
        if show == "mine":
            return visible.filter(requested_by=user)
        return visible.exclude(status=AWAITING).order_by("-decided_at", "-pk")


def _table(changes: list[PendingChange], caption: str) -> Table:
    words = ChangeWords(changes)
    rows = [
        {
            "title": Link(words.title(change), change_url(change)),
            "place": change.place.name,
            "asked": f"{change.requested_by.full_name}, {date_text(timezone.localtime(change.requested_at).date())}",
            "status": Status(change.status),
        }
        for change in changes
    ]
    return Table(COLUMNS, rows, caption, caption_hidden=True)


class ChangeDetail(RolePage, ObjectMixin, FormView):
    """What exactly changes; two buttons for the second person."""

    template_name = "people/change_detail.html"
    form_class = Nothing
    rules = change_rules
    select_related = READ_ALONG
    password_reason = "A confirmed change takes effect at once, so we ask once more."

    def get_context_data(self, **kwargs: Any) -> dict:
        """The change in words, and who may do what about it."""
        change, user = self.object, self.request.user
        words = ChangeWords([change])
        waits = change.status == AWAITING
        mine = change.requested_by_id == user.pk
        may = waits and change_rules.allows(user, "confirm", change)
        return super().get_context_data(
            title=words.title(change),
            facts=words.facts(change),
            outcome=outcome(change, user),
            may_decide=may and not mine and change.about_id != user.pk,
            may_withdraw=waits and mine,
            barred=self._barred(may, mine),
            seconds=self._seconds() if waits else None,
            **kwargs,
        )

    def _barred(self, may: bool, mine: bool) -> str:
        """Why somebody who could confirm such a change cannot confirm this one."""
        if not may:
            return ""
        if mine:
            return "You asked for this change, so a second person must decide it."
        if self.object.about_id == self.request.user.pk:
            return "This change is about you, so somebody else must decide it."
        return ""

    def _seconds(self) -> list[str]:
        return sorted(person.full_name for person in confirmers_of(self.object))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Whoever sees it and may not confirm such changes is refused."""
        concerned = request.user.pk in (self.object.requested_by_id, self.object.about_id)
        if not concerned and not change_rules.allows(request.user, "confirm", self.object):
            raise PermissionDenied
        return super().post(request, *args, **kwargs)

    def perform(self, form: Nothing) -> HttpResponse:
        """Confirm or refuse."""
        decision = self.request.POST.get("decision")
        if decision not in ("confirm", "refuse"):
            raise Refused("Choose whether you confirm or refuse the change.")
        confirm = decision == "confirm"
        change_decide(actor=self.request.user, change=self.object, confirm=confirm)
        title = ChangeWords([self.object]).title(self.object)
        done = "is confirmed and in force" if confirm else "is refused; nothing was changed"
        messages.success(self.request, f"“{title}” {done}.")
        return redirect(reverse("people:change-list"))


class ChangeWithdraw(ObjectMixin, Question):
    """Take back what one asked for."""

    rules = change_rules
    select_related = READ_ALONG

    def find(self, request: HttpRequest, uuid: Any) -> PendingChange:
        """Only whoever asked may withdraw."""
        change = super().find(request, uuid)
        if change.requested_by_id != request.user.pk:
            raise PermissionDenied
        return change

    def asks(self) -> dict[str, Any]:
        """What is taken back."""
        return {
            "title": "Withdraw this change?",
            "points": [f"{ChangeWords([self.object]).title(self.object)}.", "Nothing is changed then."],
            "button": "Withdraw it",
            "back": change_url(self.object),
        }

    def perform(self, form: Any) -> HttpResponse:
        """Withdraw it."""
        change_withdraw(actor=self.request.user, change=self.object)
        return self.finish(self.request, reverse("people:change-list"), "The change is withdrawn.")
