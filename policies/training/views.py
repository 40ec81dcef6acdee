"""The pages about who owes which training, and about one person's."""

import uuid
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views import View
from django.views.generic import FormView, TemplateView

from core import csvfiles
from core.access import standing_of
from core.paging import rows_in_order
from core.tables import ordering
from core.views import AccessMixin, KeptInputMixin, ObjectMixin, SignedInMixin, redirect
from people.models import Membership, School, User
from people.selectors import Place, places_of
from policies.downloads import download
from policies.models import TrainingDuty, TrainingRecord
from policies.training import pages
from policies.training.access import duty_rules, refresh_rules, session_rules, training_rules
from policies.training.forms import DutyFilter, RecordForm, TrainingWithdrawForm
from policies.training.selectors import STATES, counted
from policies.training.services import (
    evidence_opened,
    training_exported,
    training_record,
    training_withdraw,
)

PAGE = 25


class DutiesMixin(AccessMixin):
    """Who owes what at the schools where the person sees to it, narrowed by the filters."""

    rules = duty_rules
    action = "list"

    @cached_property
    def places(self) -> list[Place]:
        """The schools of this list."""
        return places_of(self.rules.schools(self.request.user, self.action))

    @cached_property
    def form(self) -> DutyFilter:
        """The filters in force."""
        return DutyFilter(self.request.GET or None, places=self.places)

    def found(self) -> QuerySet[TrainingDuty]:
        """What the filters leave."""
        chosen, rows = self.form.chosen, self.get_queryset()
        for word in chosen.get("q", "").split():
            rows = rows.filter(user__full_name__icontains=word)
        if chosen.get("kind"):
            rows = rows.filter(kind=chosen["kind"])
        if chosen.get("state"):
            rows = rows.filter(STATES[chosen["state"]]())
        if chosen.get("school"):
            rows = rows.filter(school__uuid=chosen["school"])
        return rows


class TrainingList(DutiesMixin, TemplateView):
    """Who owes which training, the most urgent first (CIT-2.07, STM-2.05, RAV-2.14)."""

    template_name = "policies/training/list.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """One page of it."""
        user = self.request.user
        columns = pages.duty_columns(len(self.places) > 1)
        keys = self.found().order_by(*ordering(self.request, columns, "due")).values_list("pk", flat=True)
        page = Paginator(keys, PAGE).get_page(self.request.GET.get("page"))
        rows = rows_in_order(
            TrainingDuty.objects.select_related("user", "school", "met_by"), page.object_list
        )
        return super().get_context_data(
            form=self.form,
            page_obj=page,
            table=pages.duty_table(self.request, columns, rows),
            may_record=session_rules.can_ever(user, "record"),
            may_ask=refresh_rules.can_ever(user, "view"),
            export_query=self.request.GET.urlencode(),
            **kwargs,
        )


class TrainingExport(DutiesMixin, View):
    """What the filters leave, as a file. Recorded."""

    action = "export"
    http_method_names = ("get",)

    def get(self, request: HttpRequest) -> HttpResponse:
        """The file."""
        rows = (
            self.found().select_related("user", "school", "met_by").order_by("user__full_name", "kind", "pk")
        )
        lines = [pages.exported(row) for row in rows]
        school = School.objects.get(pk=self.places[0].pk) if len(self.places) == 1 else None
        training_exported(actor=request.user, school=school, count=len(lines), filters=self.form.chosen)
        return csvfiles.response(f"training-{timezone.localdate():%Y-%m-%d}.csv", pages.EXPORTED, lines)


class TrainingFigures(AccessMixin, TemplateView):
    """How much is met, due and overdue: numbers without names, for governors too (RAV-1.05, CIT-2.06)."""

    rules = duty_rules
    action = "figures"
    template_name = "policies/training/figures.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """The numbers of one school, or of all."""
        user = self.request.user
        places = places_of(self.rules.schools(user, self.action))
        form = DutyFilter(self.request.GET or None, places=places)
        for name in ("q", "kind", "state"):
            del form.fields[name]
        rows = self.get_queryset()
        if chosen := form.chosen.get("school"):
            rows = rows.filter(school__uuid=chosen)
        counts = counted(rows)
        place = next((one.name for one in places if str(one.uuid) == chosen), "")
        return super().get_context_data(
            form=form if len(places) > 1 else None,
            where=place or (places[0].name if len(places) == 1 else "All your schools"),
            table=pages.figures_table(counts) if counts else None,
            overdue=sum(one["overdue"] for one in counts.values()),
            lists=duty_rules.can_ever(user, "list"),
            **kwargs,
        )


class TrainingMine(SignedInMixin, TemplateView):
    """What I am asked for, and what I have done."""

    template_name = "policies/training/person.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """Everything, as one person has little of it."""
        user = self.request.user
        schools = standing_of(user).all_schools()
        duties = list(user.training_duties.filter(school__in=schools).select_related("school", "met_by"))
        records = training_rules.visible_to(user, "view").filter(user=user)
        return super().get_context_data(
            person=user,
            mine=True,
            duties=pages.own_duties(duties, len({row.school_id for row in duties}) > 1) if duties else None,
            records=pages.record_rows(_read(records), withdraws=set(), reads_sessions=set()),
            lists=duty_rules.can_ever(user, "list"),
            **kwargs,
        )


def _read(records: QuerySet[TrainingRecord]) -> QuerySet[TrainingRecord]:
    return records.select_related("school", "platform", "by", "session").order_by("-done_on", "-pk")


class OnePersonMixin(AccessMixin):
    """A page about somebody at a school where the reader sees to training, or who has records from there."""

    rules = training_rules
    action = "record"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Find the person, or 404."""
        self.schools = training_rules.schools(request.user, self.action)
        members = Membership.objects.active().filter(
            Q(school__in=self.schools) | Q(trust__schools__in=self.schools)
        )
        there = Q(pk__in=members.values("user"))
        recorded = Q(pk__in=TrainingRecord.objects.filter(school__in=self.schools).values("user"))
        self.person = (
            User.objects.filter(there | recorded, uuid=kwargs["uuid"]).first() if self.schools else None
        )
        if self.person is None:
            raise Http404("No such page")
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def places(self) -> list[Place]:
        """The schools at which the reader may record the person's training now."""
        held = standing_of(self.person).all_schools()
        return places_of(self.schools & held, active=True)


class TrainingPerson(OnePersonMixin, TemplateView):
    """One person's training: what is asked for, what was done, what was taken back. A leaver's stays."""

    template_name = "policies/training/person.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """Duties and records of the schools that the reader sees to."""
        user, own = self.request.user, self.request.user.pk == self.person.pk
        duties = list(
            duty_rules.visible_to(user, "list").filter(user=self.person).select_related("school", "met_by")
        )
        records = _read(training_rules.visible_to(user, "record").filter(user=self.person))
        withdraws = set() if own else training_rules.schools(user, "withdraw")
        reads = session_rules.schools(user, "view")
        return super().get_context_data(
            person=self.person,
            mine=False,
            duties=pages.own_duties(duties, len(self.schools) > 1) if duties else None,
            records=pages.record_rows(records, withdraws=withdraws, reads_sessions=reads),
            may_record=bool(self.places) and not own,
            has_left=not self.places,
            **kwargs,
        )


class TrainingRecordAdd(OnePersonMixin, KeptInputMixin, FormView):
    """Record what one person has done."""

    template_name = "policies/training/record.html"
    form_class = RecordForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Only for somebody who is there now."""
        self._there()
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """As `get`."""
        self._there()
        return super().post(request, *args, **kwargs)

    def _there(self) -> None:
        if not self.places:
            raise PermissionDenied("this person has no role at a school where you record training")

    def get_initial(self) -> dict[str, Any]:
        """One page makes one record."""
        return {"once": uuid.uuid4(), "on": timezone.localdate()}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Where it can be recorded."""
        return {**super().get_form_kwargs(), "places": self.places}

    def get_context_data(self, **kwargs: Any) -> dict:
        """Whose it is."""
        return super().get_context_data(person=self.person, back=pages.person_url(self.person), **kwargs)

    def perform(self, form: RecordForm) -> HttpResponse:
        """Record it."""
        data = form.cleaned_data
        upload = self.request.FILES.get("files")
        training_record(
            actor=self.request.user,
            school=School.objects.get(uuid=data["school"]),
            user=self.person,
            once=data["once"],
            what=form.what,
            evidence=data["files"][0] if data["files"] else None,
            evidence_name=_bare(upload.name or "") if upload else "",
        )
        messages.success(self.request, "The training is recorded.")
        return redirect(pages.person_url(self.person))


def _bare(name: str) -> str:
    return "".join(letter for letter in name.replace("\\", "/").rpartition("/")[2] if letter.isprintable())


class TrainingWithdraw(ObjectMixin, KeptInputMixin, FormView):
    """Take a mistaken record back."""

    rules = training_rules
    action = "withdraw"
    select_related = ("school", "user")
    template_name = "core/step.html"
    form_class = TrainingWithdrawForm

    def get_context_data(self, **kwargs: Any) -> dict:
        """What follows from it."""
        return super().get_context_data(
            title="Take the record back",
            points=("It stays to be read, with your reason, and counts no more.",),
            button="Take it back",
            back=pages.person_url(self.object.user),
            **kwargs,
        )

    def perform(self, form: TrainingWithdrawForm) -> HttpResponse:
        """Take it back."""
        training_withdraw(actor=self.request.user, row=self.object, reason=form.cleaned_data["reason"])
        messages.success(self.request, "The record is taken back.")
        return redirect(pages.person_url(self.object.user))


class TrainingEvidence(ObjectMixin, View):
    """The evidence of one's own training, or of somebody whose training one sees to; always a download."""

    rules = training_rules
    http_method_names = ("get",)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> FileResponse:
        """The file, in a box without rights."""
        row: TrainingRecord = self.object
        response = download(row.evidence, row.evidence_type, f"training-{row.uuid.hex[:8]}")
        evidence_opened(actor=request.user, row=row)
        return response
