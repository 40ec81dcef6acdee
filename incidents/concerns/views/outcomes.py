"""What follows, the end of a case, and cases whose time of keeping is over."""

from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.db.models import F, Q, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView

from core.paging import rows_in_order
from core.tables import Column, Link, Table
from core.views import AccessMixin
from incidents.concerns.access import concern_rules
from incidents.concerns.forms.outcomes import CloseForm, KeepForm, ParentsForm, SanctionForm, parts_for
from incidents.concerns.forms.referrals import ReasonsForm
from incidents.concerns.holds import act_holds, facts_for, holds_on
from incidents.concerns.sanctions import CONSEQUENCES, STAFF
from incidents.concerns.selectors import excluded_from
from incidents.concerns.services.outcomes import (
    case_close,
    case_reopen,
    parents_told,
    retention_extend,
    sanction_record,
)
from incidents.concerns.views.base import CaseStep
from incidents.models import Concern, Part, Status
from incidents.views.base import several_schools
from people.selectors import people_at

PAGE = 25
HEADINGS = {
    "staff": "What staff are told",
    "pupils": "What pupils are told",
    "parents": "What parents are told",
}


class OutcomeStep(CaseStep):
    """A step of the part about the outcome."""

    anchor = "outcome"


class SanctionAdd(OutcomeStep):
    """Record a measure."""

    form_class = SanctionForm
    title, button, done_message = "Record a measure", "Record it", "The measure is recorded."

    @cached_property
    def parts(self) -> list[Part]:
        """Whose doing it is said to be."""
        return parts_for(self.object)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Whose doing it is said to be, and who may have decided."""
        people = people_at(self.object.school).exclude(pk__in=excluded_from(self.object))
        return {**super().get_form_kwargs(), "parts": self.parts, "people": people}

    @property
    def points(self) -> tuple[str, ...]:  # type: ignore[override]
        """Nothing happens by itself; what the policy tells people follows."""
        lines = [
            (
                "Record what somebody has decided. The portal does nothing by itself: it suspends nobody, bans nobody "
                "and tells nobody."
            )
        ]
        texts = self.profile.consequence_texts or {}
        for key in dict.fromkeys(CONSEQUENCES.get(part.sort, "") for part in self.parts):
            if texts.get(key):
                lines.append(f"{HEADINGS[key]}: {texts[key]}")
        return tuple(lines)

    def get_context_data(self, **kwargs: Any) -> dict:
        """What stands in the way is said before anything is typed."""
        staff = any(part.sort in STAFF for part in self.parts)
        holds = act_holds(facts_for(self.object, self.profile), staff=staff)
        warning = " ".join(hold.words for hold in holds)
        return super().get_context_data(warning=warning, **kwargs)

    def perform(self, form: SanctionForm) -> HttpResponse:
        """Record it."""
        data = form.cleaned_data
        sanction_record(
            actor=self.request.user,
            concern=self.object,
            what=data["what"],
            words=data["words"],
            decided_by=data["decided_by"],
            part=form.whom,
            starts=data["starts"],
            ends=data["ends"],
        )
        return self.done()


class Parents(OutcomeStep):
    """Parents were told, or are not told."""

    form_class = ParentsForm
    title, button = "Tell the parents", "Record it"
    done_message = "It is recorded."
    points = (
        (
            "Tell them first; the portal sends them nothing. If it could put the child at risk, do not tell them "
            "before you have asked children’s social care."
        ),
    )

    def perform(self, form: ParentsForm) -> HttpResponse:
        """Record it."""
        data = form.cleaned_data
        parents_told(
            actor=self.request.user, concern=self.object, when=form.when, how=data["how"], words=data["words"]
        )
        return self.done()


class CaseClose(OutcomeStep):
    """Close the case."""

    form_class = CloseForm
    title, button, done_message = "Close the case", "Close the case", "The case is closed."
    points = (
        (
            "Nobody is named in public, and no outcome does anything by itself. The reporter sees that it was closed, "
            "and nothing else."
        ),
    )

    def get_context_data(self, **kwargs: Any) -> dict:
        """What stands in the way is said before anything is typed."""
        holds = holds_on(facts_for(self.object, self.profile))
        warning = " ".join(hold.words for hold in holds)
        return super().get_context_data(warning=warning, **kwargs)

    def perform(self, form: CloseForm) -> HttpResponse:
        """Close it."""
        data = form.cleaned_data
        case_close(
            actor=self.request.user,
            concern=self.object,
            outcome=data["outcome"],
            reasons=data["reasons"],
            refresh_training=data["refresh"] == "yes",
        )
        return self.done()


class CaseReopen(OutcomeStep):
    """Open the case again."""

    form_class = ReasonsForm
    title, button = "Open the case again", "Open it again"
    done_message = "The case is open again."
    points = ("How it ended stays in the chronology. You close it again later.",)

    def perform(self, form: ReasonsForm) -> HttpResponse:
        """Open it."""
        case_reopen(actor=self.request.user, concern=self.object, **form.cleaned_data)
        return self.done()


class CaseKeep(OutcomeStep):
    """Keep a record for longer."""

    form_class = KeepForm
    title, button = "Keep the record for longer", "Keep it"
    done_message = "The record is kept for longer."
    points = (
        (
            "You have looked at the case again and it is still needed. Say why and for how long. Nothing is deleted "
            "here."
        ),
    )

    def back(self) -> str:
        """To the list that it came from."""
        return reverse("incidents:concern-retention")

    def perform(self, form: KeepForm) -> HttpResponse:
        """Keep it."""
        retention_extend(actor=self.request.user, concern=self.object, **form.cleaned_data)
        return self.done()


class RetentionList(AccessMixin, TemplateView):
    """Closed cases that were to be kept until a day that has come; the reader handles each of them."""

    rules = concern_rules
    action = "handle"
    sensitive = True
    template_name = "incidents/concerns/retention.html"

    def found(self) -> QuerySet[Concern]:
        """Past their day, or waiting for a date of birth."""
        rows = self.get_queryset().filter(status=Status.CLOSED)
        return rows.filter(Q(keep_until__lte=timezone.localdate()) | Q(keep_until=None))

    def get_context_data(self, **kwargs: Any) -> dict:
        """One page of the list."""
        keys = self.found().order_by(F("keep_until").asc(nulls_last=True), "pk").values_list("pk", flat=True)
        page = Paginator(keys, PAGE).get_page(self.request.GET.get("page"))
        rows = rows_in_order(self.get_queryset().select_related("school"), page.object_list)
        columns = [
            Column("reference", "Case"),
            Column("kind", "Kind of record"),
            Column("closed", "Closed"),
            Column("until", "Was to be kept until"),
            *([Column("school", "School")] if several_schools(self.request.user) else []),
            Column("keep", "Looked at"),
        ]
        table = Table(
            columns, [self.cells(row) for row in rows], "Cases to look at again", caption_hidden=True
        )
        return super().get_context_data(table=table, page_obj=page, **kwargs)

    def cells(self, row: Concern) -> dict[str, Any]:
        """One row of the table."""
        return {
            "reference": Link(row.reference, reverse("incidents:case", args=[row.uuid])),
            "kind": row.get_retained_as_display(),
            "closed": timezone.localtime(row.closed_at).date(),
            "until": row.keep_until or "Until the date of birth is known",
            "school": row.school.name,
            "keep": Link(
                "Keep it for longer", reverse("incidents:concern-keep", args=[row.uuid]), row.reference
            ),
        }
