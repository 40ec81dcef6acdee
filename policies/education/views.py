"""The pages of the education calendar."""

import uuid
from datetime import date
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views import View
from django.views.generic import FormView, TemplateView

from core import csvfiles
from core.paging import rows_in_order
from core.tables import ordering
from core.views import AccessMixin, KeptInputMixin, ObjectMixin, redirect
from people.models import School
from people.selectors import Place, governed_by
from people.views.own_school import OwnSchoolMixin
from policies.education import pages
from policies.education.access import education_rules
from policies.education.forms import EventFilter, HoldForm, OffForm, PlanForm, ReopenForm
from policies.education.law import PARENTS, PUPILS
from policies.education.periods import months_of
from policies.education.services import (
    education_exported,
    education_hold,
    education_off,
    education_plan,
    education_reopen,
    list_url,
    url_of,
)
from policies.models import EducationEvent, EducationPeriod
from policies.terms import Span, next_term, term_of, terms_of, year_of

PAGE = 25
YEARS_BACK = 6


class CalendarMixin(AccessMixin):
    """One school's calendar of one school year, narrowed by the filters."""

    rules = education_rules

    @cached_property
    def places(self) -> list[Place]:
        """The schools of which the person may see the calendar."""
        schools = self.rules.schools(self.request.user, self.action)
        return [place for place in governed_by(self.request.user) if place.pk in schools]

    @cached_property
    def place(self) -> Place:
        """The chosen one, or the first by name. A school that is not theirs is not found."""
        asked = self.request.GET.get("school")
        if not asked:
            return self.places[0]
        found = next((one for one in self.places if str(one.uuid) == asked), None)
        if found is None:
            raise Http404("No such school")
        return found

    @cached_property
    def profile(self) -> Any:
        """How it governs."""
        return governed_by(self.request.user)[self.place]

    @cached_property
    def months(self) -> tuple[int, ...]:
        """In which months its terms begin."""
        return months_of(self.profile)

    @cached_property
    def years(self) -> list[Span]:
        """School years to choose from: the next one, this one and those before."""
        this = year_of(timezone.localdate(), self.months)
        years = [next_term(this, (this.first.month,)), this]
        while len(years) < YEARS_BACK + 2:
            years.append(year_of(date.fromordinal(years[-1].first.toordinal() - 1), self.months))
        return years

    @cached_property
    def year(self) -> Span:
        """The chosen year, or this one."""
        asked = parse_day(self.request.GET.get("year", ""))
        return next((one for one in self.years if one.first == asked), self.years[1])

    @cached_property
    def terms(self) -> list[Span]:
        """Its terms."""
        return terms_of(self.year, self.months)

    @cached_property
    def form(self) -> EventFilter:
        """The filters in force."""
        data = {
            **self.request.GET.dict(),
            "school": str(self.place.uuid),
            "year": self.year.first.isoformat(),
        }
        return EventFilter(
            data,
            places=self.places,
            years=[(one.first.isoformat(), pages.term_name(one)) for one in self.years],
            terms=[(one.first.isoformat(), pages.term_name(one)) for one in self.terms],
        )

    def whole_year(self) -> QuerySet[EducationEvent]:
        """Every event of the year."""
        return self.get_queryset().filter(school=self.place.pk, on__range=self.year)

    def found(self) -> QuerySet[EducationEvent]:
        """The events that the filters leave."""
        chosen, rows = self.form.chosen, self.whole_year()
        term = next((one for one in self.terms if one.first.isoformat() == chosen.get("term")), None)
        if term:
            rows = rows.filter(on__range=term)
        for field in ("audience", "state"):
            if chosen.get(field):
                rows = rows.filter(**{field: chosen[field]})
        for word in chosen.get("q", "").split():
            rows = rows.filter(
                Q(title__icontains=word) | Q(for_whom__icontains=word) | Q(led_by__icontains=word)
            )
        return rows

    @property
    def narrowed(self) -> bool:
        """Whether a filter besides school and year is in force."""
        return bool(set(self.form.chosen) - {"school", "year"})


def parse_day(text: str) -> date | None:
    """A date from an address; None for what is none."""
    try:
        return parse_date(text)
    except ValueError:
        return None


class EducationList(CalendarMixin, TemplateView):
    """The calendar by term, with what is met and what was missed (CIT-11.01, STM-11.04, STM-11.06)."""

    template_name = "policies/education/list.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """The terms, and one page of events."""
        user = self.request.user
        keys = (
            self.found().order_by(*ordering(self.request, pages.columns(), "on")).values_list("pk", flat=True)
        )
        page = Paginator(keys, PAGE).get_page(self.request.GET.get("page"))
        periods = list(
            EducationPeriod.objects.filter(school=self.place.pk, due_on__range=self.year).order_by(
                "due_on", "audience"
            )
        )
        return super().get_context_data(
            form=self.form,
            place=self.place,
            year=pages.term_name(self.year),
            narrowed=self.narrowed,
            page_obj=page,
            table=pages.event_table(
                self.request, rows_in_order(EducationEvent.objects.all(), page.object_list)
            ),
            terms=pages.terms_table(self.terms, self._numbers(), periods),
            others=pages.others(self.terms, periods),
            asks=self._asks(),
            may_plan=self.place.pk in self.rules.schools(user, "plan"),
            may_export=self.place.pk in self.rules.schools(user, "export"),
            export_query=self.form.data and self._query(),
            **kwargs,
        )

    def _numbers(self) -> dict[date, dict[str, int]]:
        """How many are planned and held in each term."""
        numbers: dict[date, dict[str, int]] = {}
        for state, on in self.whole_year().order_by().values_list("state", "on"):
            term = numbers.setdefault(term_of(on, self.months).first, {})
            term[state] = term.get(state, 0) + 1
        return numbers

    def _asks(self) -> list[str]:
        """What the school's settings ask for, in words."""
        table, words = (
            self.profile.training_intervals or {},
            {"termly": "every term", "yearly": "every school year"},
        )
        return [
            f"{label}: {words[table[who]]}"
            for who, label in ((PUPILS, "Pupils"), (PARENTS, "Parents and carers"))
            if table.get(who) in words
        ]

    def _query(self) -> str:
        query = self.request.GET.copy()
        query["school"], query["year"] = str(self.place.uuid), self.year.first.isoformat()
        query.pop("page", None)
        return query.urlencode()


class EducationExport(CalendarMixin, View):
    """What the filters leave, as a file. Recorded."""

    action = "export"
    http_method_names = ("get",)

    def get(self, request: HttpRequest) -> HttpResponse:
        """The file."""
        rows = self.found().select_related("school").prefetch_related("resources").order_by("on", "pk")
        lines = [pages.exported(row, term_of(row.on, self.months)) for row in rows]
        school = School.objects.get(pk=self.place.pk)
        education_exported(actor=request.user, school=school, count=len(lines), filters=self.form.chosen)
        return csvfiles.response(f"education-{self.year.first:%Y}.csv", pages.EXPORTED, lines)


class EducationPlan(OwnSchoolMixin, KeptInputMixin, AccessMixin, FormView):
    """Plan an event, or enter one that was held."""

    rules = education_rules
    action = "plan"
    template_name = "policies/education/plan.html"
    form_class = PlanForm

    def get_initial(self) -> dict[str, Any]:
        """One page plans one event."""
        return {"once": uuid.uuid4()}

    def perform(self, form: PlanForm) -> HttpResponse:
        """Plan it."""
        event = education_plan(
            actor=self.request.user,
            school=self.school,
            once=form.cleaned_data["once"],
            plan=form.plan,
            tell_staff=form.cleaned_data["tell_staff"],
        )
        messages.success(self.request, "It is in the calendar. Say how it went once it was held.")
        return redirect(url_of(event))


class OneEventMixin(ObjectMixin):
    """A page about one event."""

    rules = education_rules
    select_related = ("school", "by", "closed_by", "reopened_by")
    object: EducationEvent


class EducationDetail(OneEventMixin, TemplateView):
    """One event and its material."""

    template_name = "policies/education/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """Facts, material, and what the person may do."""
        row = self.object
        may = self.rules.allows_at(self.request.user, "close", row.school)
        return super().get_context_data(
            facts=pages.facts_of(row),
            status=pages.event_state(row),
            resources=list(row.resources.filter(removed_at=None)),
            back=list_url(row.school),
            may_close=may and row.state == EducationEvent.State.PLANNED,
            may_reopen=may and row.state != EducationEvent.State.PLANNED,
            may_add=may and row.state != EducationEvent.State.OFF,
            **kwargs,
        )


class EventStep(OneEventMixin, KeptInputMixin, FormView):
    """A question about one event."""

    action = "close"
    template_name = "policies/education/step.html"
    title = button = done_message = ""
    points: tuple[str, ...] = ()
    files = False

    def get_context_data(self, **kwargs: Any) -> dict:
        """What the page says."""
        return super().get_context_data(
            title=self.title,
            button=self.button,
            points=self.points,
            files=self.files,
            back=url_of(self.object),
            **kwargs,
        )

    def done(self) -> HttpResponse:
        """Back to the event."""
        messages.success(self.request, self.done_message)
        return redirect(url_of(self.object))


class EducationHold(EventStep):
    """Say that it was held."""

    form_class = HoldForm
    title, button, done_message = "Say how it went", "It was held", "It is recorded as held."

    def get_initial(self) -> dict[str, Any]:
        """As it was planned, unless that day is still to come; as it was entered before, if it was opened again."""
        row = self.object
        return {
            "on": min(row.on, timezone.localdate()),
            "invited": row.invited,
            "attended": row.attended,
            "notes": row.notes,
        }

    def perform(self, form: HoldForm) -> HttpResponse:
        """Record it."""
        education_hold(actor=self.request.user, event=self.object, **form.cleaned_data)
        return self.done()


class EducationOff(EventStep):
    """Call it off."""

    form_class = OffForm
    title, button, done_message = "Call it off", "Call it off", "It is called off."
    points = ("It stays in the calendar. What the term asks for is still to be held.",)

    def perform(self, form: OffForm) -> HttpResponse:
        """Call it off."""
        education_off(actor=self.request.user, event=self.object, because=form.cleaned_data["because"])
        return self.done()


class EducationReopen(EventStep):
    """Take back that it was held or called off."""

    form_class = ReopenForm
    title, button, done_message = "Open it again", "Open it again", "It is open again. Say how it went."
    points = ("What was recorded by mistake is taken back. The term counts it again when it is closed.",)

    def perform(self, form: ReopenForm) -> HttpResponse:
        """Open it again."""
        education_reopen(actor=self.request.user, event=self.object, because=form.cleaned_data["because"])
        return self.done()
