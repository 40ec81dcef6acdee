"""Pages about the remit of the DSL."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.views.generic import FormView, TemplateView

from core.paging import rows_in_order
from core.tables import ordering
from core.views import AccessMixin, InputMixin, redirect
from people.models import School
from people.selectors import profile_of
from policies.assurance import pages
from policies.assurance.access import remit_rules
from policies.assurance.forms import RemitFilter, RemitForm
from policies.assurance.remits import TO_CONFIRM, in_question, is_dsl, leads_of, state_of, with_remit
from policies.assurance.services import declaration_of, remit_confirm, remit_url, seen_hash
from policies.models import RemitConfirmation

PAGE = 25


class RemitList(AccessMixin, TemplateView):
    """Each school: who is DSL, and whether the remit is confirmed (CIT-2.05, STM-2.03)."""

    rules = remit_rules
    template_name = "policies/assurance/remit_list.html"

    def found(self, form: RemitFilter) -> QuerySet[School]:
        """The schools that the filters leave."""
        schools = self.rules.schools(self.request.user, "view")
        rows = with_remit(in_question().filter(pk__in=schools))
        for word in form.chosen.get("q", "").split():
            rows = rows.filter(name__icontains=word)
        if state := form.chosen.get("state"):
            wanted = [one.value for one in TO_CONFIRM] if state == "to_confirm" else [state]
            rows = rows.filter(remit__in=wanted)
        return rows

    def get_context_data(self, **kwargs: Any) -> dict:
        """One page of them."""
        form = RemitFilter(self.request.GET or None)
        columns = pages.remit_columns()
        first, *others = ordering(self.request, columns, "school")
        field = F(first.removeprefix("-"))
        order = field.desc(nulls_last=True) if first.startswith("-") else field.asc(nulls_first=True)
        keys = self.found(form).order_by(order, *others).values_list("pk", flat=True)
        page = Paginator(keys, PAGE).get_page(self.request.GET.get("page"))
        rows = rows_in_order(with_remit(School.objects.all()), page.object_list)
        return super().get_context_data(
            form=form,
            page_obj=page,
            table=pages.remit_table(self.request, columns, rows, leads_of(rows)),
            **kwargs,
        )


class OneRemitMixin:
    """A page about the remit at one school: 404 where the person sees none, 403 where they may not do this."""

    rules = remit_rules
    action = "view"
    access_declared = "rules"
    object: School

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Find the school among those at which the person sees remits."""
        seen = self.rules.schools(request.user, "view") | self.rules.schools(request.user, "confirm")
        rows = School.objects.filter(pk__in=seen, active=True, uuid=kwargs["uuid"])
        self.object = rows.select_related("trust").first()
        if self.object is None:
            raise Http404("No such page")
        if not self.rules.allows_at(request.user, self.action, self.object):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def leads(self) -> list[Any]:
        """Who is DSL there now."""
        return leads_of([self.object])[self.object.pk]

    def get_context_data(self, **kwargs: Any) -> dict:
        """The school and where it stands."""
        state = state_of(self.object)
        return super().get_context_data(
            object=self.object,
            leads=self.leads,
            state=state.remit,
            due=state.remit_due,
            open=state.remit in [one.value for one in TO_CONFIRM],
            **kwargs,
        )


class RemitDetail(OneRemitMixin, TemplateView):
    """The confirmations of a school, with the words that were signed."""

    template_name = "policies/assurance/remit_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """All of them."""
        user = self.request.user
        rows = RemitConfirmation.objects.filter(school=self.object).select_related("by", "signature")
        may = self.rules.allows_at(user, "confirm", self.object) and not is_dsl(user, self.object)
        found = list(rows)
        return super().get_context_data(
            may_confirm=may, any=bool(found), table=pages.confirmation_table(found), **kwargs
        )


class RemitConfirm(OneRemitMixin, InputMixin, FormView):
    """Sign that the remit covers online safety."""

    action = "confirm"
    template_name = "policies/assurance/remit_confirm.html"
    form_class = RemitForm

    @cached_property
    def declaration(self) -> str:
        """What is signed."""
        return declaration_of(profile_of(self.object), self.object, self.leads)

    def get_initial(self) -> dict[str, Any]:
        """What the page shows."""
        return {"seen": seen_hash(self.declaration)}

    def get_context_data(self, **kwargs: Any) -> dict:
        """The declaration, and whether it concerns the reader."""
        return super().get_context_data(
            declaration=self.declaration,
            own=is_dsl(self.request.user, self.object),
            back=remit_url(self.object),
            **kwargs,
        )

    def perform(self, form: RemitForm) -> HttpResponse:
        """Keep it."""
        data = form.cleaned_data
        remit_confirm(
            actor=self.request.user, school=self.object, typed_name=data["typed_name"], seen=data["seen"]
        )
        messages.success(self.request, "It is confirmed, and holds for a year or until there is another DSL.")
        return redirect(remit_url(self.object))
