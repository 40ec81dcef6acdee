"""The eighteenth birthday: who turns 18, and whether they understand (CIT-7.05 to 7.07)."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView, TemplateView

from consent.access import pupil_rules
from consent.ages import eighteenth
from consent.asking import own_answers
from consent.forms.assessments import UNDERSTANDS, AssessmentFilter, AssessmentForm
from consent.models import Pupil
from consent.services.assessments import BEFORE, assessable, assessment_record
from consent.terms import terms_of
from consent.views.base import ConsentSchoolMixin
from core.paging import rows_in_order
from core.signatures import plain_name
from core.tables import Column, Link, Status, Table, date_text, ordering
from core.views import AccessMixin, InputMixin, ObjectMixin, redirect
from people.selectors import profile_of

PAGE = 25
COLUMNS = [
    Column("name", "Pupil", sortable=True, order_by="last_name"),
    Column("class_name", "Class", sortable=True),
    Column("born", "Turns 18", sortable=True),
    Column("state", "Understands"),
    Column("own", "The pupil's own answer"),
]


class AssessmentList(ConsentSchoolMixin, AccessMixin, TemplateView):
    """Pupils of one school who are 18 or will be within 90 days."""

    rules = pupil_rules
    action = "assess"
    template_name = "consent/assessment_list.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """One page of them; what waits can be filtered out."""
        context = super().get_context_data(**kwargs)
        if self.place is None:
            return context
        form = AssessmentFilter(self.request.GET or None)
        rows = assessable(self.school, timezone.localdate())
        state = form.chosen.get("state")
        if state:
            rows = rows.filter(competent__isnull=state == "missing")
        for word in plain_name(form.chosen.get("q", "")).split():
            rows = rows.filter(search_name__contains=word)
        keys = rows.order_by(*ordering(self.request, COLUMNS, "born")).values_list("pk", flat=True)
        page = Paginator(keys, PAGE).get_page(self.request.GET.get("page"))
        pupils = rows_in_order(assessable(self.school, timezone.localdate()), page.object_list)
        return {
            **context,
            "school": self.school,
            "applies": self.terms.at_18,
            "form": form,
            "page_obj": page,
            "table": Table(
                COLUMNS, self._cells(pupils), "Pupils who turn 18", self.request, "born", caption_hidden=True
            ),
        }

    @staticmethod
    def _cells(pupils: list[Pupil]) -> list[dict[str, Any]]:
        own = set(own_answers().filter(pupil__in=pupils).values_list("pupil_id", flat=True))
        return [
            {
                "name": Link(one.name, reverse("consent:assessment-record", args=[one.uuid])),
                "class_name": one.class_name,
                "born": eighteenth(one.born),
                "state": _state(one),
                "own": _own_answer(one, one.pk in own),
            }
            for one in pupils
        ]


def _state(pupil: Any) -> Status:
    """What was found, as a status; what is to be found once the birthday is past is overdue."""
    if pupil.competent is None:
        past = eighteenth(pupil.born) <= timezone.localdate()
        return Status("overdue" if past else "to_assess")
    return Status("understands" if pupil.competent else "does_not_understand")


def _own_answer(pupil: Any, answered: bool) -> str:
    if answered:
        return "Given"
    if pupil.competent is not True:
        return "Not asked for" if pupil.competent is False else "After the assessment"
    if not pupil.email:
        return "No e-mail address: record one, or print a paper form"
    if eighteenth(pupil.born) > timezone.localdate():
        return "Asked for on the birthday"
    return "Asked for, not given yet"


class AssessmentRecord(ObjectMixin, InputMixin, FormView):
    """Record an assessment of one pupil, and read the earlier ones."""

    rules = pupil_rules
    action = "assess"
    sensitive = True
    select_related = ("school",)
    form_class = AssessmentForm
    template_name = "consent/assessment_record.html"

    def get_initial(self) -> dict[str, Any]:
        """Today."""
        return {"assessed_on": timezone.localdate()}

    def get_context_data(self, **kwargs: Any) -> dict:
        """Earlier assessments with their words, and why nothing can be recorded, if so."""
        pupil: Pupil = self.object
        profile = profile_of(pupil.school)
        earlier = pupil.assessments.select_related("by", "words")
        return super().get_context_data(
            pupil=pupil,
            birthday=eighteenth(pupil.born) if pupil.born else None,
            closed=self._why_closed(terms_of(profile).at_18),
            capacity=profile.consent_record_capacity,
            events=[
                {
                    "title": "Understands" if one.competent else "Does not understand",
                    "when": one.at,
                    "by": one.by.full_name,
                    "text": f"Assessed on {date_text(one.assessed_on)}. {_words(one)}",
                }
                for one in earlier
            ],
            back=f"{reverse('consent:assessment-list')}?school={pupil.school.uuid}",
            **kwargs,
        )

    def _why_closed(self, at_18: bool) -> str:
        pupil, day = self.object, timezone.localdate()
        if not at_18:
            return "Your school's settings do not ask for consent afresh when a pupil turns 18."
        if pupil.erased_at or pupil.has_left(day):
            return "This pupil has left the school."
        if pupil.born is None:
            return "The date of birth of this pupil is not recorded. Ask the office to record it first."
        if day < eighteenth(pupil.born) - BEFORE:
            return f"This pupil can be assessed from {date_text(eighteenth(pupil.born) - BEFORE)} on."
        return ""

    def perform(self, form: AssessmentForm) -> HttpResponse:
        """Record it."""
        data = form.cleaned_data
        assessment_record(
            actor=self.request.user,
            pupil=self.object,
            competent=data["competent"] == UNDERSTANDS,
            assessed_on=data["assessed_on"],
            words=data["words"],
        )
        messages.success(self.request, "The assessment is recorded.")
        return redirect(f"{reverse('consent:assessment-list')}?school={self.object.school.uuid}")


def _words(assessment: Any) -> str:
    told = getattr(assessment, "words", None)
    return told.text if told else ""
