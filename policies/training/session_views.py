"""The pages about training sessions, and about training that comes from a file."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views import View
from django.views.generic import FormView, TemplateView

from core import csvfiles
from core.paging import rows_in_order
from core.tables import Column, Table, ordering
from core.views import AccessMixin, InputMixin, KeptInputMixin, ObjectMixin, redirect
from people.models import School, User
from people.selectors import Place, people_at, places_of
from people.views.own_school import OwnSchoolMixin
from policies.models import TrainingSession
from policies.training import pages
from policies.training.access import duty_rules, session_rules, training_rules
from policies.training.forms import (
    SEARCH,
    JoinForm,
    PeopleForm,
    SessionFilter,
    SessionForm,
    TrainingFileForm,
    searching,
)
from policies.training.importing import EXAMPLE, MAY_BE_THERE, NEEDED, FileRefused, Problem, training_import
from policies.training.services import session_hold, session_join

PAGE = 25
MOST_PROBLEMS = 50
PROBLEM_COLUMNS = [
    Column("row", "Row", numeric=True),
    Column("column", "Column"),
    Column("message", "What to do"),
]
PEOPLE = Count("records__user", filter=Q(records__withdrawn_at=None), distinct=True)


def session_url(session: TrainingSession) -> str:
    """The page of a session."""
    return reverse("policies:session-detail", args=[session.uuid])


class SessionList(AccessMixin, TemplateView):
    """The sessions of the person's schools, newest first."""

    rules = session_rules
    template_name = "policies/training/session_list.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """One page of them."""
        places: list[Place] = places_of(self.rules.schools(self.request.user, self.action))
        form = SessionFilter(self.request.GET or None, places=places)
        chosen, rows = form.chosen, self.get_queryset()
        for word in chosen.get("q", "").split():
            rows = rows.filter(Q(title__icontains=word) | Q(trainer__icontains=word))
        if chosen.get("kind"):
            rows = rows.filter(kind=chosen["kind"])
        if chosen.get("school"):
            rows = rows.filter(school__uuid=chosen["school"])
        columns = pages.session_columns(len(places) > 1)
        keys = rows.order_by(*ordering(self.request, columns, "-on")).values_list("pk", flat=True)
        page = Paginator(keys, PAGE).get_page(self.request.GET.get("page"))
        details: QuerySet = TrainingSession.objects.select_related("school", "platform").annotate(
            people=PEOPLE
        )
        return super().get_context_data(
            form=form,
            page_obj=page,
            table=pages.session_table(self.request, columns, rows_in_order(details, page.object_list)),
            may_record=session_rules.can_ever(self.request.user, "record"),
            **kwargs,
        )


class TickingMixin:
    """A form with a list of people: its button “Search” narrows the list and keeps what was typed and ticked."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Search, or send."""
        if SEARCH in request.POST and getattr(self, "place", True):
            kwargs_of_form = {**self.get_form_kwargs(), "initial": searching(request.POST)}
            kwargs_of_form.pop("data", None)
            kwargs_of_form.pop("files", None)
            return self.render_to_response(
                self.get_context_data(form=self.get_form_class()(**kwargs_of_form))
            )
        return super().post(request, *args, **kwargs)


def _colleagues(school: School, user: User) -> list[User]:
    """Who may be ticked: everybody there but oneself."""
    return list(people_at(school).exclude(pk=user.pk).only("pk", "uuid", "full_name"))


class SessionNew(TickingMixin, OwnSchoolMixin, KeptInputMixin, AccessMixin, FormView):
    """Record a session; everybody who is ticked gets a record (CIT-2.28, STM-2.26, RAV-2.14)."""

    rules = session_rules
    action = "record"
    template_name = "policies/training/session_new.html"
    form_class = SessionForm

    def get_initial(self) -> dict[str, Any]:
        """One page makes one session; a person may come with the address."""
        return {
            "once": uuid.uuid4(),
            "on": timezone.localdate(),
            "people": self.request.GET.getlist("people"),
        }

    def get_form_kwargs(self) -> dict[str, Any]:
        """Who may be ticked."""
        return {**super().get_form_kwargs(), "people": _colleagues(self.school, self.request.user)}

    def get_form(self, form_class: type[PeopleForm] | None = None) -> PeopleForm | None:
        """No form before the school is known."""
        return super().get_form(form_class) if self.place else None

    def perform(self, form: SessionForm) -> HttpResponse:
        """Record it."""
        row = session_hold(
            actor=self.request.user,
            school=self.school,
            once=form.cleaned_data["once"],
            what=form.what,
            people=form.chosen_people,
        )
        messages.success(self.request, "The session is recorded, with everybody who was there.")
        return redirect(session_url(row))


class SessionDetail(ObjectMixin, TemplateView):
    """One session and who was there."""

    rules = session_rules
    select_related = ("school", "platform", "by")
    template_name = "policies/training/session_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """Facts and people."""
        row: TrainingSession = self.object
        records = list(row.records.select_related("user").order_by("user__full_name", "pk"))
        facts = [
            {"key": "Training", "value": pages.kind_words(row)},
            {"key": "Day", "value": row.on},
            {"key": "Given by", "value": row.trainer},
            {"key": "What it covered", "value": row.notes},
            {"key": "Recorded by", "value": row.by.full_name},
            {"key": "Recorded", "value": row.at},
        ]
        return super().get_context_data(
            facts=facts,
            there=[one for one in records if one.withdrawn_at is None],
            taken_back=[one for one in records if one.withdrawn_at is not None],
            may_record=session_rules.allows_at(self.request.user, "record", row.school),
            **kwargs,
        )


class SessionJoin(TickingMixin, ObjectMixin, InputMixin, FormView):
    """Add people who were there after all."""

    rules = session_rules
    action = "record"
    select_related = ("school", "platform")
    template_name = "policies/training/session_join.html"
    form_class = JoinForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """Who is not on the list yet."""
        there = set(self.object.records.filter(withdrawn_at=None).values_list("user", flat=True))
        people = [one for one in _colleagues(self.object.school, self.request.user) if one.pk not in there]
        return {**super().get_form_kwargs(), "people": people}

    def get_context_data(self, **kwargs: Any) -> dict:
        """The way back."""
        return super().get_context_data(back=session_url(self.object), **kwargs)

    def perform(self, form: JoinForm) -> HttpResponse:
        """Add them."""
        count = session_join(actor=self.request.user, session=self.object, people=form.chosen_people)
        messages.success(self.request, f"{count} {'person was' if count == 1 else 'people were'} added.")
        return redirect(session_url(self.object))


class TrainingImport(OwnSchoolMixin, InputMixin, AccessMixin, FormView):
    """Record the training of many people from a file, all of it or nothing."""

    rules = training_rules
    action = "record"
    template_name = "policies/training/import.html"
    form_class = TrainingFileForm
    problems: tuple[Problem, ...] = ()

    def get_initial(self) -> dict[str, Any]:
        """One page takes one file."""
        return {"once": uuid.uuid4()}

    def get_context_data(self, **kwargs: Any) -> dict:
        """What the file must hold, and what is wrong with it."""
        shown = [(one.row, one.column, one.message) for one in self.problems[:MOST_PROBLEMS]]
        return super().get_context_data(
            needed=NEEDED,
            may_be_there=MAY_BE_THERE,
            problems=Table(PROBLEM_COLUMNS, shown, "Rows to mend", stack=False) if shown else None,
            more=max(0, len(self.problems) - MOST_PROBLEMS),
            **kwargs,
        )

    def perform(self, form: TrainingFileForm) -> HttpResponse:
        """Read it; nothing is taken while one row is wrong."""
        data = form.cleaned_data
        try:
            found = training_import(
                actor=self.request.user, school=self.school, once=data["once"], data=data["file"]
            )
        except FileRefused as refusal:
            self.problems = tuple(refusal.problems)
            raise
        made = f"{found.made} {'record was' if found.made == 1 else 'records were'} made."
        known = f"{found.known} {'row of the file is' if found.known == 1 else 'rows of the file are'} recorded already."
        if found.made:
            messages.success(self.request, f"{made} {known}" if found.known else made)
        else:
            messages.info(self.request, f"Nothing was recorded anew: {known}")
        return redirect(reverse("policies:training-list"))


class TrainingImportExample(AccessMixin, View):
    """A file to start from."""

    rules = duty_rules
    action = "list"
    http_method_names = ("get",)

    def get(self, request: HttpRequest) -> HttpResponse:
        """Headings and one made-up row."""
        return csvfiles.response("training.csv", EXAMPLE[0], EXAMPLE[1:])
