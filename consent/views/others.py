"""The pages of the list of others than pupils who do not want to be shown."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView, TemplateView

from consent.access import other_rules
from consent.checking import name_key
from consent.forms.others import BEFORE, OtherFilter, OtherForm, SelfForm
from consent.models import OtherPerson
from consent.services.others import other_add, other_add_self, other_end
from consent.views.base import ConsentSchoolMixin, several_schools
from core.paging import rows_in_order
from core.tables import Column, Link, Table, date_text, ordering
from core.views import AccessMixin, KeptInputMixin, ObjectMixin, redirect
from people.forms.roles import Nothing
from people.selectors import governed_by

PAGE = 25


class OtherList(AccessMixin, TemplateView):
    """Who does not want to be shown, at every school of the person."""

    rules = other_rules
    template_name = "consent/other_list.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """One page of the list."""
        user = self.request.user
        form = OtherFilter(self.request.GET or None)
        before = form.chosen.get("when") == BEFORE
        several = several_schools(user)
        columns = [
            Column("name", "Who", sortable=True),
            Column("description", "How to recognise them"),
            Column("who", "Is"),
            *([Column("school", "School", sortable=True, order_by="school__name")] if several else []),
            Column("asked", "Asked", sortable=True, order_by="asked_on"),
            Column("recorded", "Recorded"),
            Column("end", "Taken off" if before else "Change"),
        ]
        rows = self._found(form.chosen, before)
        keys = rows.order_by(*ordering(self.request, columns, "name")).values_list("pk", flat=True)
        page = Paginator(keys, PAGE).get_page(self.request.GET.get("page"))
        related = ("school", "recorded_by", "ended_by")
        shown = rows_in_order(self.get_queryset().select_related(*related), page.object_list)
        keeps = other_rules.schools(user, "record")
        own = set(self.get_queryset().filter(user=user, ended_at=None).values_list("school_id", flat=True))
        schools = other_rules.schools(user, "view")
        policies = [
            profile.withdrawal_by for place, profile in governed_by(user).items() if place.pk in schools
        ]
        return super().get_context_data(
            form=form,
            page_obj=page,
            before=before,
            table=Table(
                columns,
                [self._cells(row, keeps, before) for row in shown],
                "Others who do not want to be shown",
                self.request,
                "name",
                caption_hidden=True,
            ),
            may_record=other_rules.can_ever(user, "record"),
            may_add_self=bool(schools - own),
            family="family" in policies,
            **kwargs,
        )

    def _found(self, chosen: dict[str, Any], before: bool) -> Any:
        rows = self.get_queryset().filter(ended_at__isnull=not before)
        if chosen.get("who"):
            rows = rows.filter(who=chosen["who"])
        for word in chosen.get("q", "").split():
            hit = Q(name__icontains=word) | Q(description__icontains=word)
            if key := name_key(word):
                hit |= Q(search_name__contains=key)
            rows = rows.filter(hit)
        return rows

    def _cells(self, row: OtherPerson, keeps: set[int], before: bool) -> dict[str, Any]:
        """One row of the table."""
        ends = row.user_id == self.request.user.pk or row.school_id in keeps
        if before:
            end: Any = f"{date_text(timezone.localdate(row.ended_at))}, {row.ended_by.full_name}"
        elif ends:
            end = Link("Take off the list", reverse("consent:other-end", args=[row.uuid]), hidden=row.name)
        else:
            end = "Ask the school office"
        how = "In the portal" if row.user_id else row.get_route_display()
        return {
            "name": row.name or "Name not known",
            "description": row.description,
            "who": row.get_who_display(),
            "school": row.school.name,
            "asked": row.asked_on,
            "recorded": f"{how}, {row.recorded_by.full_name}",
            "end": end,
        }


class AddPage(ConsentSchoolMixin, KeptInputMixin, AccessMixin, FormView):
    """Put somebody on the list of one school."""

    rules = other_rules

    def get_initial(self) -> dict[str, Any]:
        """One page adds one person."""
        return {"once": uuid.uuid4()}


class OtherAdd(AddPage):
    """The office, a leader or the DSL records that somebody does not want to be shown (RAV-9.03)."""

    action = "record"
    form_class = OtherForm
    template_name = "consent/other_add.html"

    def perform(self, form: OtherForm) -> HttpResponse:
        """Add them."""
        other_add(actor=self.request.user, school=self.school, **form.cleaned_data)
        messages.success(self.request, "The person is on the list. Every consent check shows it.")
        return redirect(reverse("consent:other-list"))


class OtherAddSelf(AddPage):
    """A member of staff puts themselves on the list."""

    action = "view"
    form_class = SelfForm
    template_name = "consent/other_self.html"

    def perform(self, form: SelfForm) -> HttpResponse:
        """Add oneself."""
        other_add_self(actor=self.request.user, school=self.school, once=form.cleaned_data["once"])
        messages.success(self.request, "You are on the list. Every consent check shows it.")
        return redirect(reverse("consent:other-list"))


class OtherEnd(KeptInputMixin, ObjectMixin, FormView):
    """Take somebody off the list: whoever keeps it, or the person themselves."""

    rules = other_rules
    select_related = ("school", "ended_by")
    form_class = Nothing
    template_name = "core/step.html"

    def find(self, request: Any, uuid: Any) -> OtherPerson:
        """The row; to read the list is not enough to take somebody else off it."""
        row = super().find(request, uuid)
        if row.user_id != request.user.pk and not other_rules.allows(request.user, "record", row):
            raise PermissionDenied
        return row

    def get_context_data(self, **kwargs: Any) -> dict:
        """What the page says."""
        own = self.object.user_id == self.request.user.pk
        return super().get_context_data(
            title="Take yourself off the list" if own else "Take this person off the list",
            button="Take me off the list" if own else "Take off the list",
            points=(
                "Do this only when the person has changed their mind."
                if not own
                else "From then on a consent check no longer names you.",
                "The history keeps that they were on the list, and who took them off.",
            ),
            back=reverse("consent:other-list"),
            **kwargs,
        )

    def perform(self, form: Any) -> HttpResponse:
        """End it."""
        other_end(actor=self.request.user, other=self.object)
        messages.success(self.request, "Taken off the list.")
        return redirect(reverse("consent:other-list"))
