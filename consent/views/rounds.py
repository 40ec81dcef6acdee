"""Rounds of asking: opening, watching, reminding, closing (STM-7.01, CIT-7.01)."""

import uuid
from collections.abc import Iterable
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import CharField, Count, QuerySet, Value
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView, TemplateView

from consent.access import pupil_rules, round_rules
from consent.asking import (
    Period,
    asked_about,
    beyond_email,
    period_of,
    period_of_round,
    pupils_at,
    pupils_to_ask,
    reachable_ties,
    spoken_for,
    still_waits,
)
from consent.forms.rounds import NEXT, THIS, RoundForm
from consent.models import Ask, Pupil, Round
from consent.services.rounds import purposes_to_ask, round_close, round_open, round_remind
from consent.services.rounds_mails import failing, problems_of
from consent.terms import terms_of
from consent.views.base import ConsentSchoolMixin, several_schools
from core.errors import Refused
from core.paging import rows_in_order
from core.tables import Column, Link, Status, Table, date_text, ordering
from core.views import AccessMixin, KeptInputMixin, ObjectMixin, PostOnly, redirect, refused
from people.forms.roles import Nothing
from people.selectors import governed_by

PAGE = 25
THREE_WEEKS = timedelta(days=21)
SHOWN = {"waiting": "Not answered", "paper": "No e-mail address", "failed": "Mail not delivered"}


class RoundList(AccessMixin, TemplateView):
    """Every round of the person's schools, the newest first."""

    rules = round_rules
    template_name = "consent/round_list.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """One page of them."""
        columns = [
            Column("title", "Round"),
            Column("school", "School", sortable=True, order_by="school__name"),
            Column("opened_at", "Opened", sortable=True),
            Column("until", "Asks about", sortable=True),
            Column("answer_by", "Answers by", sortable=True),
            Column("status", "Status"),
        ]
        if not several_schools(self.request.user):
            columns = [one for one in columns if one.key != "school"]
        keys = self.get_queryset().order_by(*ordering(self.request, columns, "-opened_at"))
        page = Paginator(keys.values_list("pk", flat=True), PAGE).get_page(self.request.GET.get("page"))
        rows = [
            {
                "title": Link(row.title, reverse("consent:round-detail", args=[row.uuid])),
                "school": row.school.name,
                "opened_at": timezone.localtime(row.opened_at).date(),
                "until": about(row),
                "answer_by": row.answer_by,
                "status": Status(row.status),
            }
            for row in rows_in_order(self.get_queryset().select_related("school"), page.object_list)
        ]
        table = Table(columns, rows, "Rounds", self.request, "-opened_at", caption_hidden=True)
        return super().get_context_data(
            page_obj=page, table=table, may_ask=round_rules.can_ever(self.request.user, "ask"), **kwargs
        )


def about(row: Round) -> str:
    """The period of a round, in words."""
    return f"Until {date_text(row.until)}" if row.until else "The whole time at the school"


class RoundOpen(ConsentSchoolMixin, KeptInputMixin, AccessMixin, FormView):
    """Ask everybody who still has to answer."""

    rules = round_rules
    action = "ask"
    form_class = RoundForm
    template_name = "consent/round_open.html"

    @cached_property
    def periods(self) -> dict[str, Period]:
        """The periods to choose from; a single one where answers do not end with the year."""
        day = timezone.localdate()
        found = {THIS: period_of(self.terms, day)}
        if self.terms.by_year:
            found[NEXT] = period_of(self.terms, day, next_year=True)
        return found

    @cached_property
    def missing(self) -> dict[str, int]:
        """How many pupils have no answer, by period."""
        day, about = timezone.localdate(), asked_about(self.school, self.profile, self.terms)
        return {
            key: pupils_to_ask(self.school, about, period, day).count()
            for key, period in self.periods.items()
        }

    def get_form(self, form_class: Any = None) -> Any:
        """No form until a school is chosen."""
        return super().get_form(form_class) if self.place is not None else None

    def get_form_kwargs(self) -> dict[str, Any]:
        """The years to choose from, with how many pupils have no answer."""
        years = self.periods if self.terms.by_year else {}
        return {
            **super().get_form_kwargs(),
            "periods": {key: year_words(one) for key, one in years.items()},
            "hints": {key: _pupils(self.missing[key]) for key in years},
        }

    def get_initial(self) -> dict[str, Any]:
        """The year in which nobody was asked yet; a name; three weeks; every week."""
        day = timezone.localdate()
        asked = set(Round.objects.filter(school=self.school).values_list("until", flat=True))
        year = NEXT if NEXT in self.periods and self.periods[THIS].until in asked else THIS
        name = (
            year_words(self.periods[year]) if self.terms.by_year else f"{timezone.localdate():%B} {day.year}"
        )
        return {
            "once": uuid.uuid4(),
            "year": year,
            "title": f"Image consent, {name[:1].lower()}{name[1:]}"
            if self.terms.by_year
            else f"Image consent, {name}",
            "answer_by": day + THREE_WEEKS,
            "remind_every": 7,
        }

    def get_context_data(self, **kwargs: Any) -> dict:
        """Why no round can be opened, if so."""
        context = super().get_context_data(**kwargs)
        if self.place is None:
            return context
        running = Round.objects.filter(school=self.school, closed_at=None).first()
        closed = ""
        try:
            purposes_to_ask(self.school, self.profile, self.terms)
        except Refused as refusal:
            closed = refusal.message
        if not closed and not any(self.missing.values()):
            closed = "There is nobody to ask: every pupil has an answer."
        return {
            **context,
            "school": self.school,
            "running": running,
            "closed": closed,
            "waiting": "" if self.terms.by_year else _pupils(self.missing[THIS]),
        }

    def perform(self, form: RoundForm) -> HttpResponse:
        """Open it."""
        values = dict(form.cleaned_data)
        row = round_open(
            actor=self.request.user,
            school=self.school,
            for_next_year=values.pop("year", THIS) == NEXT,
            **values,
        )
        messages.success(self.request, "The round is open. The mails go out over the next minutes.")
        return redirect(reverse("consent:round-detail", args=[row.uuid]))


def year_words(period: Period) -> str:
    """An academic year in words."""
    first, last = period.first.year, period.until.year
    return f"Academic year {first} to {last}" if last > first else f"Academic year {first}"


def _pupils(count: int) -> str:
    if count == 1:
        return "1 pupil has no full answer for it yet."
    return f"{count} pupils have no full answer for it yet." if count else "Every pupil has an answer for it."


class RoundDetail(ObjectMixin, TemplateView):
    """How a round stands, and who has not answered."""

    rules = round_rules
    select_related = ("school", "opened_by", "closed_by")
    template_name = "consent/round_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """Figures for everybody who sees rounds; names for those who see contacts."""
        row: Round = self.object
        user, day = self.request.user, timezone.localdate()
        profile = next(one for place, one in governed_by(user).items() if place.pk == row.school_id)
        self.terms = terms_of(profile)
        period = period_of_round(row, self.terms)
        self.pupils = pupils_to_ask(row.school, asked_about(row.school, profile, self.terms), period, day)
        asks = Ask.objects.filter(round=row)
        self.waiting = still_waits(asks, self.pupils, self.terms, day)
        self.paper = beyond_email(self.pupils, self.terms, day)
        self.failed = failing(row.pk)
        show = self.request.GET.get("show", "waiting")
        show = show if show in SHOWN else "waiting"
        figures = self._figures(asks, pupils_at(row.school, period, day))
        may_ask = round_rules.allows_at(user, "ask", row.school)
        context = super().get_context_data(
            figures=figures,
            about=about(row),
            may_ask=may_ask and not row.closed_at,
            may_remind=may_ask and not row.closed_at and figures["waiting"],
            **kwargs,
        )
        if not pupil_rules.allows_at(user, "details", row.school):
            return context
        tabs = [
            {"key": key, "title": f"{title} ({figures[key]})", "current": key == show}
            for key, title in SHOWN.items()
        ]
        tables = {"paper": self._pupils_table, "waiting": self._people_table, "failed": self._people_table}
        page, table = tables[show](show, figures[show])
        prints = pupil_rules.allows_at(user, "record", row.school)
        return {
            **context,
            "tabs": tabs,
            "show": show,
            "page_obj": page,
            "table": table,
            "may_print": prints and show == "paper",
        }

    def _figures(self, asks: QuerySet, pupils: QuerySet) -> dict[str, int]:
        """Every number of the page, in two queries."""
        counted = {
            "asked": asks,
            "waiting": self.waiting,
            "pupils": pupils,
            "pupils_missing": self.pupils,
            "paper": self.paper,
        }
        numbers = [
            rows.order_by().values(figure=Value(name, output_field=CharField())).annotate(number=Count("pk"))
            for name, rows in counted.items()
        ]
        found = {one["figure"]: one["number"] for one in numbers[0].union(*numbers[1:], all=True)}
        figures = {name: found.get(name, 0) for name in counted}
        figures["answered"] = figures["asked"] - figures["waiting"]
        figures["pupils_answered"] = figures["pupils"] - figures["pupils_missing"]
        figures["failed"] = len(self.failed)
        return figures

    def _page(self, keys: QuerySet, count: int) -> Any:
        """One page of a list whose length is known."""
        paginator = Paginator(keys, PAGE)
        paginator.count = count
        return paginator.get_page(self.request.GET.get("page"))

    def _people_table(self, show: str, count: int) -> tuple[Any, Table]:
        rows = self.waiting if show == "waiting" else Ask.objects.filter(pk__in=self.failed)
        rows = rows.filter(round=self.object)
        page = self._page(rows.order_by("contact__name", "pk").values_list("pk", flat=True), count)
        asks = rows_in_order(Ask.objects.select_related("contact", "pupil"), page.object_list)
        pupils = self._pupils_of(asks)
        problems = problems_of(asks)
        columns = [
            Column("who", "Person"),
            Column("pupils", "No answer yet for"),
            Column("written_at", "Last written to"),
            Column("reminders", "Reminders", numeric=True),
            Column("mail", "Mail"),
        ]
        cells = [
            {
                "who": one.contact.name or "A contact" if one.contact else f"{one.pupil}, who is 18",
                "pupils": [
                    Link(pupil.name, reverse("consent:pupil-detail", args=[pupil.uuid]))
                    for pupil in pupils.get(one.pk, [])
                ],
                "written_at": timezone.localtime(one.written_at).date(),
                "reminders": one.reminders,
                "mail": problems.get(one.pk, "Sent"),
            }
            for one in asks
        ]
        return page, Table(columns, cells, SHOWN[show], self.request, caption_hidden=True)

    def _pupils_of(self, asks: Iterable[Ask]) -> dict[int, list[Pupil]]:
        """The pupils for whom each of these people has not answered, in one query."""
        asks = list(asks)
        by_contact = {one.contact_id: one.pk for one in asks if one.contact_id}
        found: dict[int, list[Pupil]] = {one.pk: [one.pupil] for one in asks if one.pupil_id}
        young = spoken_for(self.pupils, self.terms, timezone.localdate()).values("pk")
        ties = reachable_ties().filter(contact__in=by_contact, pupil__in=young)
        for tie in ties.select_related("pupil").order_by("pupil__last_name", "pupil__first_name", "pk"):
            found.setdefault(by_contact[tie.contact_id], []).append(tie.pupil)
        return found

    def _pupils_table(self, show: str, count: int) -> tuple[Any, Table]:
        keys = self.paper.order_by("class_name", "last_name", "first_name", "pk").values_list("pk", flat=True)
        page = self._page(keys, count)
        prints = pupil_rules.allows_at(self.request.user, "record", self.object.school)
        columns = [Column("name", "Pupil"), Column("class_name", "Class"), Column("form", "Paper form")]
        cells = [
            {
                "name": Link(one.name, reverse("consent:pupil-detail", args=[one.uuid])),
                "class_name": one.class_name,
                "form": Link("Print a paper form", paper_url(one), f"for {one.name}") if prints else "",
            }
            for one in rows_in_order(Pupil.objects.all(), page.object_list)
        ]
        columns = columns if prints else columns[:2]
        return page, Table(columns, cells, SHOWN[show], self.request, caption_hidden=True)


def paper_url(pupil: Pupil) -> str:
    """The paper form of one pupil."""
    return f"{reverse('consent:paper-form')}?pupil={pupil.uuid}"


class RoundRemind(ObjectMixin, PostOnly):
    """Remind those who have not answered."""

    rules = round_rules
    action = "ask"

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Write to them, and say who was left alone."""
        back = reverse("consent:round-detail", args=[self.object.uuid])
        try:
            done = round_remind(actor=request.user, round=self.object)
        except Refused as refusal:
            return refused(request, refusal, back)
        messages.success(request, reminded_words(done.written, done.skipped))
        return redirect(back)


def reminded_words(written: int, skipped: int) -> str:
    """What a press of the button did."""
    people = "1 person is" if written == 1 else f"{written} people are"
    words = f"{people} reminded now." if written else "Nobody was reminded."
    if skipped:
        others = "1 person was" if skipped == 1 else f"{skipped} people were"
        words += f" {others} written to within the last 3 days and left alone."
    return words


class RoundClose(ObjectMixin, KeptInputMixin, FormView):
    """Close a round, on a page that says what follows."""

    rules = round_rules
    action = "ask"
    select_related = ("school",)
    form_class = Nothing
    template_name = "core/step.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """What follows."""
        return super().get_context_data(
            title="Close this round?",
            button="Close the round",
            points=(
                "Nobody is reminded any more, and pupils who join later are not asked by themselves.",
                "The links that were sent keep working. Whoever has not answered may still do so.",
            ),
            back=reverse("consent:round-detail", args=[self.object.uuid]),
            **kwargs,
        )

    def perform(self, form: Any) -> HttpResponse:
        """Close it."""
        round_close(actor=self.request.user, round=self.object)
        messages.success(self.request, "The round is closed.")
        return redirect(reverse("consent:round-detail", args=[self.object.uuid]))
