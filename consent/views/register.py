"""The register: every pupil, and for what they may be shown."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.db.models.functions import Length
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views import View
from django.views.generic import TemplateView

from consent.access import pupil_rules
from consent.forms.register import RegisterFilter
from consent.ledger import Verdict
from consent.models import Pupil, Purpose
from consent.register import filters
from consent.register.rows import (
    Sight,
    profile_at,
    questions_of,
    short_title,
    sights,
    terms_at,
    verdicts_of,
)
from consent.services.reading import register_exported
from consent.wording import MAY_BE_SHOWN, NOT_TO_BE_USED, words_for
from core import csvfiles
from core.errors import Refused
from core.paging import rows_in_order
from core.statuses import status_html
from core.tables import Column, Link, Status, Table, date_text, sort_key
from core.views import AccessMixin, refused
from people.models import School
from people.selectors import Place, governed_by

PAGE = 25
CHUNK = 500
NAME, CLASS, YEAR = "name", "class", "year"
ORDERS = {
    NAME: (("last_name",), ("first_name", "pk")),
    CLASS: (("class_length", "class_name"), ("last_name", "first_name", "pk")),
    YEAR: (("year_length", "year_group"), ("class_length", "class_name", "last_name", "first_name", "pk")),
}
"""What a heading sorts by, and what follows. Shorter names stand first, so that 5A comes before 10A."""
LENGTHS = {"class_length": Length("class_name"), "year_length": Length("year_group")}
YES_STATUS = "yes"
"""In a narrow column the word is "Yes"."""


class RegisterMixin(AccessMixin):
    """The pupils that the person may see, narrowed and ordered as the address says."""

    rules = pupil_rules

    def read_filters(self) -> QuerySet[Pupil]:
        """Read the search, the filters and the sort; answer the pupils found."""
        user = self.request.user
        self.day = timezone.localdate()
        self.sights = sights(user)
        self.places = [place for place in governed_by(user) if place.pk in self.sights]
        self.place = self._chosen_place()
        self.questions = questions_of([self.place.pk] if self.place else self.sights)
        self.purposes = {school: found.asked for school, found in self.questions.items()}
        self.whole_school: dict[int, dict[int, Verdict]] | None = None
        self.terms = terms_at(user)
        rows = self.get_queryset()
        classes, years = filters.school_lists(rows, self.place.pk) if self.place else ([], [])
        self.form = RegisterFilter(
            self.request.GET or None,
            places=self.places,
            classes=classes,
            years=years,
            purposes=self._asked(),
            answers=self._answers(),
        )
        return self._narrowed(rows).alias(**LENGTHS).order_by(*self._order())

    def _chosen_place(self) -> Place | None:
        if len(self.places) == 1:
            return self.places[0]
        asked = self.request.GET.get("school", "")
        return next((one for one in self.places if str(one.uuid) == asked), None)

    def _asked(self) -> list[Purpose]:
        """The questions of the chosen school, which are columns."""
        return self.purposes.get(self.place.pk, []) if self.place else []

    @property
    def sees_details(self) -> bool:
        """Whether the reader sees the whole record at the chosen school, or at one of theirs."""
        if self.place:
            return self.sights[self.place.pk].details
        return any(sight.details for sight in self.sights.values())

    def _answers(self) -> dict[str, str]:
        """Yes and no are of one school's questions; why is for whoever sees the whole record."""
        offered = dict(filters.FOR_ALL) if self.place and self._asked() else {}
        if self.sees_details:
            offered.update(filters.FOR_DETAILS)
        return offered

    def _narrowed(self, rows: QuerySet[Pupil]) -> QuerySet[Pupil]:
        chosen = self.form.chosen
        rows = filters.who(rows, chosen.get("who", filters.AT_SCHOOL), self.day)
        if self.place:
            rows = rows.filter(school=self.place.pk)
        if "class_name" in chosen:
            rows = rows.filter(class_name=chosen["class_name"])
        if "year" in chosen:
            rows = rows.filter(year_group=chosen["year"])
        if "answer" in chosen:
            rows = rows.filter(self._said(chosen["answer"], chosen.get("purpose", "")))
        return filters.named(rows, chosen.get("q", ""))

    def _said(self, answer: str, purpose: str) -> Q:
        """What was answered, to one question or to at least one."""
        if self.place is None:
            schools = [school for school, sight in self.sights.items() if sight.details]
            asked = [
                (filters.facts_of_purpose(one), self.terms[school])
                for school in schools
                for one in self.purposes.get(school, ())
            ]
            return Q(school__in=schools) & filters.said_anywhere(answer, asked, self.day)
        wanted = [one.pk for one in self._asked() if purpose in ("", str(one.uuid))]
        if answer == filters.TO_CHECK:
            return filters.waits(wanted)
        pupils = self.get_queryset().filter(school=self.place.pk).only("pk", "school_id").order_by()
        self.whole_school = self.verdicts(pupils)
        return Q(
            pk__in=[
                pk
                for pk, found in self.whole_school.items()
                if any(filters.verdict_matches(answer, found[one], self.day) for one in wanted)
            ]
        )

    def columns(self) -> list[Column]:
        """Name, class and year, the school where there are several, and each question of a chosen one."""
        head = [Column(NAME, "Name", sortable=True), Column(CLASS, "Class", sortable=True)]
        head.append(Column(YEAR, "Year", sortable=True))
        if self.place is None:
            return [*head, Column("school", "School"), Column("summary", "May be shown")]
        return [*head, *(Column(str(one.pk), short_title(one)) for one in self._asked())]

    @property
    def default_sort(self) -> str:
        """By class at one school, else by name."""
        return CLASS if self.place else NAME

    def _order(self) -> list[str]:
        asked = sort_key(self.request, self.columns(), self.default_sort)
        first, rest = ORDERS[asked.removeprefix("-")]
        return [*(f"-{one}" if asked.startswith("-") else one for one in first), *rest]

    def verdicts(self, pupils: Iterable[Pupil]) -> dict[int, dict[int, Verdict]]:
        """What the rows of a page say, from the ledger itself."""
        if self.whole_school is not None:
            return self.whole_school
        return verdicts_of(pupils, self.questions, self.terms, self.day)


class Register(RegisterMixin, TemplateView):
    """Every pupil of the person's schools, with yes or no for each question (CIT-7.18, STM-7.24)."""

    template_name = "consent/register_list.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """One page of the register."""
        keys = self.read_filters().values_list("pk", flat=True)
        page = Paginator(keys, PAGE).get_page(self.request.GET.get("page"))
        pupils = rows_in_order(Pupil.objects.select_related("school"), page.object_list)
        verdicts = self.verdicts(pupils)
        query = self.request.GET.copy()
        query.pop("page", None)
        table = Table(
            self.columns(),
            [self._row(one, verdicts[one.pk]) for one in pupils],
            "Pupils and what they may be shown for",
            self.request,
            self.default_sort,
            caption_hidden=True,
        )
        return super().get_context_data(
            form=self.form,
            place=self.place,
            several=len(self.places) > 1,
            page_obj=page,
            table=table,
            purposes=self._asked(),
            missing=self._missing(),
            export_query=query.urlencode(),
            **kwargs,
        )

    def _missing(self) -> list[Any]:
        """The settings that the chosen school has still to complete."""
        return profile_at(self.request.user, self.place.pk).open_settings("consent") if self.place else []

    def _row(self, pupil: Pupil, verdicts: dict[int, Verdict]) -> dict[str, Any]:
        sight = self.sights[pupil.school_id]
        row: dict[str, Any] = {
            NAME: Link(pupil.name, reverse("consent:pupil-detail", args=[pupil.uuid])),
            CLASS: pupil.class_name,
            YEAR: pupil.year_group,
        }
        if self.place is None:
            return {**row, "school": pupil.school.name, "summary": _summary(verdicts)}
        return {**row, **{str(pk): _cell(one, sight) for pk, one in verdicts.items()}}


def _cell(verdict: Verdict, sight: Sight) -> Any:
    """Yes or no; for readers of the record with the reason, and until when."""
    status = words_for(verdict, sight.details, sight.flag).status
    if status != MAY_BE_SHOWN:
        return Status(status)
    if not (sight.details and verdict.until):
        return Status(YES_STATUS)
    until = f"{verdict.until:%d/%m/%Y}"
    return format_html('{} <span class="app-until">until {}</span>', status_html(YES_STATUS), until)


def _summary(verdicts: dict[int, Verdict]) -> Any:
    """How many of the school's questions are a yes."""
    may = sum(one.may for one in verdicts.values())
    if not may:
        return Status(NOT_TO_BE_USED)
    return Status(MAY_BE_SHOWN) if may == len(verdicts) else f"For {may} of {len(verdicts)} uses"


class RegisterExport(RegisterMixin, View):
    """The list of one school as a file, with the same filters. Recorded."""

    action = "classes"
    http_method_names = ("get",)

    def get(self, request: HttpRequest) -> HttpResponse:
        """The file, with what the reader may see."""
        rows = self.read_filters()
        if self.place is None:
            problem = Refused("Choose one school first: its list can be downloaded.")
            return refused(request, problem, reverse("consent:register"))
        pupils = list(rows)
        school = School.objects.get(pk=self.place.pk)
        register_exported(actor=request.user, school=school, pupils=len(pupils), filters=self.form.chosen)
        sight = self.sights[self.place.pk]
        headings = ["Last name", "First name", "Class", "Year"]
        headings += ["Date of birth", "UPN", "Last day at the school"] if sight.details else []
        headings += [one.title for one in self._asked()]
        name = f"image-consent-{self.place.slug}-{self.day:%Y-%m-%d}.csv"
        return csvfiles.response(name, headings, self._lines(pupils, sight))

    def _lines(self, pupils: list[Pupil], sight: Sight) -> Iterator[list[Any]]:
        for start in range(0, len(pupils), CHUNK):
            some = pupils[start : start + CHUNK]
            verdicts = self.verdicts(some)
            for one in some:
                line = [one.last_name, one.preferred_name or one.first_name, one.class_name, one.year_group]
                if sight.details:
                    line += [_day(one.born), one.upn, _day(one.leaves_on)]
                said = verdicts[one.pk]
                yield line + [
                    words_for(said[purpose.pk], sight.details, sight.flag).text for purpose in self._asked()
                ]


def _day(value: date | None) -> str:
    return date_text(value) if value else ""
