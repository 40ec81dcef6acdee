"""Deputies: who signs for whom while somebody is away."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView, TemplateView

from core.access import standing_of
from core.tables import Column, Link, Status, Table, date_text
from core.views import KeptInputMixin, ObjectMixin, SignedInMixin, redirect
from people.access import deputy_rules, membership_rules, school_rules
from people.forms.details import AppointDeputy
from people.models import Deputy, School, User
from people.selectors import people_at, possible_deputies
from people.services.deputies import deputy_appoint, deputy_end
from people.views.base import PAGE, Question, visible_school

COLUMNS = [
    Column("deputy", "Deputy"),
    Column("person", "Signs for"),
    Column("school", "School"),
    Column("starts", "From"),
    Column("ends", "Until"),
    Column("reason", "Reason"),
    Column("status", "Status"),
    Column("end", "Change"),
]
MOST_OWN = 50


class DeputyList(SignedInMixin, TemplateView):
    """My deputies, those for whom I sign, and for headteacher and chair the school's."""

    template_name = "people/deputy_list.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """Three tables; the school's is paged."""
        user = self.request.user
        visible = deputy_rules.visible_to(user).select_related("person", "deputy", "school", "appointed_by")
        led = membership_rules.schools(user, "deputise")
        schools = visible.filter(school__in=led).exclude(Q(person=user) | Q(deputy=user))
        page = Paginator(schools, PAGE).get_page(self.request.GET.get("page"))
        theirs = visible.filter(deputy=user)[:MOST_OWN]
        ends = self._may_end(user, [*page.object_list, *theirs])
        return super().get_context_data(
            mine=_table(visible.filter(person=user)[:MOST_OWN], "Your deputies", None),
            theirs=_table(theirs, "You sign for", ends),
            schools=_table(page.object_list, "At your school", ends),
            page_obj=page,
            leads=membership_rules.can_ever(user, "deputise"),
            appoint=self._places(user),
            may_look_up=school_rules.can_ever(user, "directory"),
            **kwargs,
        )

    def _may_end(self, user: User, rows: list[Deputy]) -> set[int]:
        """Ids of those that this person may end, asked once."""
        return set(
            deputy_rules.visible_to(user, "manage")
            .filter(pk__in=[r.pk for r in rows])
            .values_list("pk", flat=True)
        )

    def _places(self, user: User) -> list[dict[str, str]]:
        rows = School.objects.filter(pk__in=standing_of(user).all_schools(), active=True)
        return [
            {"school": row.name, "url": reverse("people:deputy-appoint", args=[row.uuid])} for row in rows
        ]


def _table(rows: QuerySet[Deputy] | list[Deputy], caption: str, may_end: set[int] | None) -> Table | None:
    """`may_end` holds the ids that may be ended; None: all of them."""
    lines = [_line(row, may_end is None or row.pk in may_end) for row in rows]
    return Table(COLUMNS, lines, caption, caption_hidden=True) if lines else None


def _line(row: Deputy, may_end: bool) -> dict[str, Any]:
    status = _status(row)
    url = reverse("people:deputy-end", args=[row.uuid])
    return {
        "deputy": row.deputy.full_name,
        "person": row.person.full_name,
        "school": row.school.name,
        "starts": row.starts,
        "ends": timezone.localtime(row.ended_at).date() if row.ended_at else row.ends,
        "reason": row.reason,
        "status": Status(status),
        "end": Link("End", url, f"{row.deputy.full_name} as deputy") if may_end and status != "ended" else "",
    }


def _status(row: Deputy) -> str:
    today = timezone.localdate()
    if row.ended_at or row.ends < today:
        return "ended"
    return "future" if row.starts > today else "active"


class DeputyAppoint(KeptInputMixin, SignedInMixin, FormView):
    """Appoint a deputy: for oneself; as headteacher or chair also for a colleague, with a reason."""

    template_name = "people/deputy_appoint.html"
    form_class = AppointDeputy

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A school that one does not see is 404."""
        self.school = visible_school(request.user, kwargs["school"])
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict:
        """Oneself, or everybody at the school for those who lead it."""
        user = self.request.user
        leads = membership_rules.allows_at(user, "deputise", self.school)
        people = people_at(self.school) if leads else [user]
        deputies = possible_deputies(self.school).exclude(pk=user.pk)
        return {**super().get_form_kwargs(), "actor": user, "people": people, "deputies": deputies}

    def get_context_data(self, **kwargs: Any) -> dict:
        """Where."""
        return super().get_context_data(school=self.school, **kwargs)

    def perform(self, form: AppointDeputy) -> HttpResponse:
        """Appoint."""
        row = deputy_appoint(actor=self.request.user, school=self.school, **form.appointment)
        days = f"from {date_text(row.starts)} until {date_text(row.ends)}"
        messages.success(self.request, f"{row.deputy.full_name} signs for {row.person.full_name} {days}.")
        return redirect(reverse("people:deputy-list"))


class DeputyEnd(ObjectMixin, Question):
    """End an appointment at once."""

    rules = deputy_rules
    action = "manage"
    select_related = ("person", "deputy", "school")

    def asks(self) -> dict[str, Any]:
        """Which one."""
        row = self.object
        days = f"from {date_text(row.starts)} until {date_text(row.ends)}"
        return {
            "title": "End this appointment?",
            "points": [
                f"{row.deputy.full_name} signs for {row.person.full_name} at {row.school.name} {days}.",
                "It ends at once. What was signed stays signed.",
            ],
            "button": "End it",
            "back": reverse("people:deputy-list"),
        }

    def perform(self, form: Any) -> HttpResponse:
        """End it."""
        deputy_end(actor=self.request.user, appointment=self.object)
        return self.finish(self.request, reverse("people:deputy-list"), "The appointment has ended.")
