"""What consent is asked for: the questions of a school, their words and their history."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.views.generic import FormView, TemplateView

from consent.access import purpose_rules
from consent.forms.purposes import PurposeForm, RewordForm
from consent.models import Position, Purpose, Says, Wording
from consent.services.purposes import (
    SEPARATE,
    closed_channels,
    default_set,
    purpose_add,
    purpose_retire,
    purpose_reword,
    purposes_start,
)
from consent.views.base import ConsentSchoolMixin
from core.errors import Refused
from core.views import AccessMixin, KeptInputMixin, ObjectMixin, PostOnly, redirect, refused
from people.forms.roles import Nothing
from people.models import School


def list_url(school: School) -> str:
    """The questions of a school."""
    return f"{reverse('consent:purpose-list')}?school={school.uuid}"


class PurposeList(ConsentSchoolMixin, AccessMixin, TemplateView):
    """What a school asks about, with the words of each question (STM-7.14, STM-7.15, CIT-7.04)."""

    rules = purpose_rules
    template_name = "consent/purpose_list.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """The questions in use, those of earlier times, and what the profile offers where there is none."""
        context = super().get_context_data(**kwargs)
        if self.place is None:
            return context
        rows = self.get_queryset().filter(school=self.school).select_related("platform")
        every = list(rows.prefetch_related("wordings__by"))
        active = [_shown(one) for one in every if one.retired_at is None]
        may_change = purpose_rules.allows_at(self.request.user, "terms", self.school)
        several = self.profile.consent_separable and len({one["row"].medium for one in active}) > 1
        offered = [] if active else [Purpose(**vars(one)).title for one in default_set(self.profile)]
        return {
            **context,
            "school": self.school,
            "active": active,
            "retired": [_shown(one) for one in every if one.retired_at],
            "offered": offered,
            "may_change": may_change,
            "separate": SEPARATE if several else "",
            "closed_channels": closed_channels(self.terms),
            "by_year": self.terms.by_year,
        }


def _shown(row: Purpose) -> dict[str, Any]:
    """A question with its newest words and its earlier ones."""
    wordings = list(row.wordings.all())
    return {"row": row, "wording": wordings[0] if wordings else None, "earlier": wordings[1:]}


class PurposeStart(ConsentSchoolMixin, AccessMixin, PostOnly):
    """Ask about what the profile gives."""

    rules = purpose_rules
    action = "terms"

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Start with it."""
        if self.place is None:
            return super().post(request, *args, **kwargs)
        try:
            made = purposes_start(actor=request.user, school=self.school)
        except Refused as refusal:
            return refused(request, refusal, list_url(self.school))
        messages.success(request, f"Your school asks about {len(made)} things now. Read the words of each.")
        return redirect(list_url(self.school))


class PurposeAdd(ConsentSchoolMixin, KeptInputMixin, AccessMixin, FormView):
    """Ask about one more thing."""

    rules = purpose_rules
    action = "terms"
    form_class = PurposeForm
    template_name = "consent/purpose_add.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        """What the profile closes is not offered."""
        return {**super().get_form_kwargs(), "terms": self.terms}

    def get_form(self, form_class: Any = None) -> Any:
        """No form until a school is chosen."""
        return super().get_form(form_class) if self.place is not None else None

    def get_context_data(self, **kwargs: Any) -> dict:
        """What the profile closes."""
        context = super().get_context_data(**kwargs)
        if self.place is not None:
            context.update(
                school=self.school, closed_channels=closed_channels(self.terms), back=list_url(self.school)
            )
        return context

    def perform(self, form: PurposeForm) -> HttpResponse:
        """Add it."""
        purpose = purpose_add(
            actor=self.request.user, school=self.school, asked=form.asked, text=form.cleaned_data["text"]
        )
        messages.success(self.request, f"Your school asks about this now: {purpose}.")
        return redirect(list_url(self.school))


class PurposeReword(ObjectMixin, KeptInputMixin, FormView):
    """New words for a question."""

    rules = purpose_rules
    action = "terms"
    select_related = ("school", "platform")
    form_class = RewordForm
    template_name = "consent/purpose_reword.html"

    @cached_property
    def wording(self) -> Wording:
        """The words in use."""
        return self.object.wordings.first()

    def get_initial(self) -> dict[str, Any]:
        """The words in use."""
        return {"number": self.wording.number, "text": self.wording.text}

    def get_context_data(self, **kwargs: Any) -> dict:
        """How many answers rest on the words in use."""
        answered = Position.objects.filter(purpose=self.object).exclude(says=Says.NOTHING).count()
        return super().get_context_data(answered=answered, back=list_url(self.object.school), **kwargs)

    def perform(self, form: RewordForm) -> HttpResponse:
        """Put the new version into use."""
        new = purpose_reword(actor=self.request.user, purpose=self.object, **form.cleaned_data)
        messages.success(self.request, f"Version {new.number} of the words is in use now.")
        return redirect(list_url(self.object.school))


class PurposeRetire(ObjectMixin, KeptInputMixin, FormView):
    """Stop asking about something, on a page that says what follows."""

    rules = purpose_rules
    action = "terms"
    select_related = ("school", "platform")
    form_class = Nothing
    template_name = "core/step.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """What follows."""
        yes = Position.objects.filter(purpose=self.object, says=Says.YES).count()
        pupils = "1 pupil has a yes" if yes == 1 else f"{yes} pupils have a yes"
        return super().get_context_data(
            title="Stop asking about this?",
            button="Stop asking",
            points=(
                f"At the moment {pupils} for it.",
                "The answers stay in the record, with the words to which they were given.",
                "To ask in another way, stop here and add a new question: everybody is asked in the next round.",
            ),
            warning="From this moment on nobody may be shown on the strength of these answers.",
            back=list_url(self.object.school),
            **kwargs,
        )

    def perform(self, form: Any) -> HttpResponse:
        """Stop."""
        purpose_retire(actor=self.request.user, purpose=self.object)
        messages.success(self.request, f"Your school asks about this no more: {self.object}.")
        return redirect(list_url(self.object.school))
