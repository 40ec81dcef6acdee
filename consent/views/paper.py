"""Consent forms on paper, printed from the same words that are asked by link (STM-7.01, STM-7.15)."""

import uuid
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.generic import TemplateView

from consent.access import pupil_rules
from consent.asking import MAY_ANSWER
from consent.forms.answering import PaperForm
from consent.models import Medium, Position, Pupil, Says, Tie
from consent.selectors import facts_of, here
from consent.services.links import speaks_alone
from consent.services.outside import holds_until, questions_of
from consent.views.answering import LinkMixin, first_name
from consent.views.base import ConsentSchoolMixin
from core.tables import query_with
from core.views import AccessMixin

MOST = 60
"""Pupils in one print: more is a printer that runs out of paper."""


def without_answer(school: Any, day: Any) -> QuerySet[Pupil]:
    """Pupils of whom nothing is known today, and whom nobody could write to."""
    known = Position.objects.filter(pupil=OuterRef("pk"), purpose__retired_at=None)
    known = known.exclude(says=Says.NOTHING).filter(Q(answered_for=None) | Q(answered_for__gte=day))
    reached = Tie.objects.filter(pupil=OuterRef("pk"), active=True, responsibility__in=MAY_ANSWER)
    reached = reached.filter(contact__erased_at=None).exclude(contact__email="")
    return Pupil.objects.filter(~Exists(known), ~Exists(reached), here(day), school=school, email="")


class PaperForms(ConsentSchoolMixin, AccessMixin, TemplateView):
    """A form for one pupil, for a class, or for whoever has no e-mail address and has not answered."""

    rules = pupil_rules
    action = "record"
    template_name = "consent/paper_form.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A pupil who is asked for by id must be one whom the person records answers for."""
        self.pupil = self.find_pupil(request)
        return super().dispatch(request, *args, **kwargs)

    def find_pupil(self, request: HttpRequest) -> Pupil | None:
        """The pupil of `?pupil=`; 404 where there is no such pupil within reach."""
        asked = request.GET.get("pupil", "")
        if not asked:
            return None
        rows = self.rules.visible_to(request.user, self.action).filter(erased_at=None)
        found = rows.select_related("school").filter(uuid=_uuid(asked)).first()
        if found is None and self.rules.can_ever(request.user, self.action):
            raise Http404("No such pupil")
        return found

    @cached_property
    def place(self) -> Any:
        """The school of the one pupil, else the chosen one."""
        if self.pupil is None:
            return super().place
        return next((one for one in self.places if one.pk == self.pupil.school_id), None)

    def chosen(self, form: PaperForm) -> QuerySet[Pupil]:
        """The pupils whom the page is for, those of the school who are there."""
        rows = self.rules.visible_to(self.request.user, self.action)
        if self.pupil is not None:
            return rows.filter(pk=self.pupil.pk)
        who = form.chosen.get("who", "")
        day = timezone.localdate()
        if who == "no_email":
            return rows.filter(pk__in=without_answer(self.school, day).values("pk"))
        if who.startswith("class:"):
            return rows.filter(here(day), school=self.school, class_name=who.removeprefix("class:"))
        return rows.none()

    def get_context_data(self, **kwargs: Any) -> dict:
        """The choice, and a sheet for each pupil."""
        if self.place is None:
            return super().get_context_data(**kwargs)
        here_now = Pupil.objects.filter(here(timezone.localdate()), school=self.school)
        classes = here_now.exclude(class_name="").order_by("class_name").distinct()
        form = PaperForm(self.request.GET, classes=list(classes.values_list("class_name", flat=True)))
        rows = self.chosen(form).order_by("class_name", "last_name", "first_name", "pk")
        start = (_page(self.request.GET.get("page", "")) - 1) * MOST
        found = list(rows[start : start + MOST + 1])
        pupils = found[:MOST]
        facts = facts_of(Pupil.objects.filter(pk__in=[one.pk for one in pupils]))
        day = timezone.localdate()
        sheets = [
            {
                "name": one.name,
                "class": one.class_name,
                "grown": speaks_alone(facts[one.pk], self.terms, day),
            }
            for one in pupils
        ]
        return super().get_context_data(
            form=form,
            one=self.pupil,
            asked=self.pupil is not None or bool(form.chosen.get("who")),
            sheets=sheets,
            first=start + 1,
            last=start + len(pupils),
            more=query_with(self.request, page=start // MOST + 2) if len(found) > MOST else "",
            before=query_with(self.request, page=start // MOST) if start else "",
            **paper_words(self.school, self.terms),
            **kwargs,
        )


def paper_words(school: Any, terms: Any) -> dict[str, Any]:
    """What every sheet of a school says."""
    questions = questions_of(school, terms)
    return {
        "school": school,
        "terms": terms,
        "questions": questions,
        "split": {Medium.IMAGE, Medium.VIDEO} <= {one.purpose.medium for one in questions},
        "until": holds_until(school, terms),
        "today": timezone.localdate(),
    }


class AnswerPaper(LinkMixin, TemplateView):
    """The same form for a parent who would rather answer on paper: their own children alone."""

    template_name = "consent/answer_paper.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """A sheet for each child; the last name is written by hand, so that a link tells no full name."""
        grown = self.link.contact_id is None
        sheets = [
            {"name": first_name(one), "class": one.class_name, "grown": grown, "first": True}
            for one in self.children
        ]
        context = super().get_context_data(sheets=sheets, **kwargs)
        return {**context, **paper_words(self.school, self.terms)}


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _page(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 6 and int(text) else 1
