"""Pages of the report of a term, and of the statements in it."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views import View
from django.views.generic import FormView, TemplateView

from core import csvfiles
from core.views import AccessMixin, KeptInputMixin, redirect
from people.governance.profile import Profile
from people.models import School
from people.selectors import Place, governed_by, profile_of
from people.views.own_school import OwnSchoolMixin
from policies.assurance import pages
from policies.assurance.access import statement_rules
from policies.assurance.forms import PresentedForm, StatementForm, TermFilter
from policies.assurance.sections import ShownSection, profile_for, sections_for
from policies.assurance.services import presented_text, report_exported, statement_of, statement_write
from policies.assurance.spans import ReportTerm, before, terms_to_choose, words_of
from policies.models import TermStatement
from policies.terms import Span

PRESENTED = TermStatement.Part.PRESENTED
HINTS = {
    TermStatement.Part.APPROACH: "How the school goes about online safety: what is done, what is planned, what is "
    "needed. Name no pupil and no case.",
    TermStatement.Part.IMPLEMENTATION: "How the policy is carried out: what works, what does not, what is done about "
    "it. Name no pupil and no case.",
    PRESENTED: "On which day the board had this report before it.",
}


def chosen_term(asked: str, terms: list[Span]) -> Span:
    """The term that was asked for, the present one where none was. Raises Http404 for another."""
    if not asked:
        return terms[0]
    found = next((one for one in terms if f"{one.first:%Y-%m-%d}" == asked), None)
    if found is None:
        raise Http404("No such term")
    return found


class TermReportMixin(OwnSchoolMixin, AccessMixin):
    """The report of one school and term, put together for its reader."""

    rules = statement_rules
    sensitive = True

    @cached_property
    def places(self) -> list[Place]:
        """Where the person reads it: of the places that are read with their profiles anyway."""
        schools = self.rules.schools(self.request.user, self.action)
        return [place for place in governed_by(self.request.user) if place.pk in schools]

    @cached_property
    def profile(self) -> Profile:
        """How it governs."""
        return profile_for(self.request.user, self.school)

    @cached_property
    def terms(self) -> list[Span]:
        """The terms to choose from, as they begin at the school."""
        return terms_to_choose(self.profile)

    @cached_property
    def term(self) -> ReportTerm:
        """The chosen one."""
        span = chosen_term(self.request.GET.get("term", ""), self.terms)
        return ReportTerm(span, before(span, self.profile))

    @cached_property
    def sections(self) -> list[ShownSection]:
        """What the reader may see of it."""
        return sections_for(self.request.user, self.school, self.term)

    @cached_property
    def statements(self) -> list[TermStatement]:
        """What was written for the term, the newest first."""
        rows = TermStatement.objects.filter(school=self.school, term=self.term.first)
        return list(rows.select_related("by").order_by("-at", "-pk"))


class TermReport(TermReportMixin, TemplateView):
    """The report, to read and to print (CIT-2.04, CIT-2.23, STM-2.01, STM-2.21)."""

    template_name = "policies/assurance/term_report.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """Of the chosen school and term."""
        if self.place is None:
            return super().get_context_data(**kwargs)
        user, term = self.request.user, self.term
        allowed = {part for part in TermStatement.Part if self.rules.allows_at(user, part.value, self.school)}
        key = f"{term.first:%Y-%m-%d}"
        chosen = {"term": key, "school": str(self.place.uuid)}
        return super().get_context_data(
            form=TermFilter(chosen, terms=self.terms, places=self.places),
            term=term,
            words=words_of(term.span),
            words_before=words_of(term.before),
            parts=pages.parts_of(self.sections),
            statements=pages.statement_parts(self.school, term.span, self.statements, allowed),
            made_at=timezone.now(),
            export_query=f"school={self.place.uuid}&term={key}",
            **kwargs,
        )


class TermReportExport(TermReportMixin, View):
    """Exactly what its reader is shown, as a file. Recorded."""

    action = "export"
    http_method_names = ("get",)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The file; of the first school where none was chosen."""
        if self.place is None:
            self.place = self.places[0]
        report_exported(actor=request.user, school=self.school, term=self.term.span)
        lines = pages.exported(self.school, self.term.span, self.sections, self.statements)
        name = f"report-{self.place.slug}-{self.term.first:%Y-%m-%d}.csv"
        answer = csvfiles.response(name, pages.EXPORTED, lines)
        answer["Cache-Control"] = "private, no-store"
        return answer


class StatementWrite(KeptInputMixin, FormView):
    """Write a statement for the report of a term; an older one is kept as replaced."""

    rules = statement_rules
    access_declared = "rules"
    template_name = "policies/assurance/statement.html"
    object: School

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """404 where the person reads no report of the school, 403 where this statement is another's."""
        self.part = kwargs["statement"]
        rows = School.objects.filter(
            pk__in=self.rules.schools(request.user, "view"), uuid=kwargs["uuid"], active=True
        )
        self.object = rows.select_related("trust").first()
        if self.object is None or self.part not in TermStatement.Part.values:
            raise Http404("No such page")
        if not self.rules.allows_at(request.user, self.part, self.object):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def term(self) -> Span:
        """The chosen term, or the present one."""
        asked = self.request.POST.get("term") or self.request.GET.get("term", "")
        return chosen_term(asked, terms_to_choose(profile_of(self.object)))

    @cached_property
    def now(self) -> TermStatement | None:
        """What stands there."""
        return statement_of(self.object, self.term, self.part)

    @property
    def back(self) -> str:
        """The report."""
        query = f"?school={self.object.uuid}&term={self.term.first:%Y-%m-%d}"
        return reverse("policies:term-report") + query

    def get_form_class(self) -> type:
        """A day for the board, a text for the others."""
        return PresentedForm if self.part == PRESENTED else StatementForm

    def get_initial(self) -> dict[str, Any]:
        """What stands there, to go on from."""
        found: dict[str, Any] = {"seen": self.now.uuid if self.now else None}
        return found if self.part == PRESENTED or not self.now else {**found, "text": self.now.text}

    def get_context_data(self, **kwargs: Any) -> dict:
        """What it is about."""
        part = TermStatement.Part(self.part)
        return super().get_context_data(
            object=self.object,
            title=part.label,
            hint=HINTS[part],
            words=words_of(self.term),
            term_key=f"{self.term.first:%Y-%m-%d}",
            now=self.now,
            back=self.back,
            **kwargs,
        )

    def perform(self, form: Any) -> HttpResponse:
        """Write it."""
        data = form.cleaned_data
        text = presented_text(data["on"], self.term, data["note"]) if self.part == PRESENTED else data["text"]
        statement_write(
            actor=self.request.user,
            school=self.object,
            term=self.term,
            part=self.part,
            text=text,
            seen=data["seen"],
        )
        messages.success(self.request, "It stands in the report. What stood there before is kept with it.")
        return redirect(self.back)
