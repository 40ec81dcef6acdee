"""The pages about links with pupils and parents. Nothing that is sent to them is kept aside."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.views.generic import FormView, TemplateView

from core.roles import Role
from core.tables import Column, Table
from core.views import InputMixin, ObjectMixin, redirect
from people.selectors import profile_of
from policies.declarations import pages
from policies.declarations.access import declaration_rules
from policies.declarations.base_views import DeclaredListMixin, DeclaredStep, DeclareHereMixin
from policies.declarations.forms import DeclarationFilter, DeclareForm, NoLongerForm, NoteForm
from policies.declarations.policy_words import before_sending, of_declaration, of_lifted_ban
from policies.declarations.relationships import (
    HEARD,
    declaration_end,
    declaration_make,
    declaration_note,
    url_of,
)
from policies.declarations.roads import titles_of
from policies.declarations.selectors import same_person, unheard
from policies.models import Declaration

MINE, HEARS = "mine", "heard"
State = Declaration.State


class DeclarationList(DeclaredListMixin, TemplateView):
    """What one declared, and apart from it what one hears."""

    rules = declaration_rules
    sensitive = True
    template_name = "policies/declarations/declaration_list.html"
    filter_class = DeclarationFilter
    related = ("school", "by", "text")

    @cached_property
    def hears(self) -> bool:
        """Whether there is anything that the person hears."""
        return self.rules.visible_to(self.request.user, "hear").exists()

    @cached_property
    def show(self) -> str:
        """Which of the two lists; whoever hears of others begins there."""
        if not self.hears:
            return MINE
        return MINE if self.request.GET.get("show") == MINE else HEARS

    def get_queryset(self) -> QuerySet[Declaration]:
        """One of the two, never both."""
        if self.show == HEARS:
            return self.rules.visible_to(self.request.user, "hear")
        return self.rules.visible_to(self.request.user, "view").filter(by=self.request.user)

    def narrowed(self, rows: QuerySet[Declaration], chosen: dict[str, Any]) -> QuerySet[Declaration]:
        """By name, kind and state. One's own are few and have no filters."""
        if self.show == MINE:
            return rows
        for word in chosen.get("q", "").split():
            rows = rows.filter(text__person__icontains=word)
        for field in ("about", "relation", "state"):
            if chosen.get(field):
                rows = rows.filter(**{field: chosen[field]})
        if chosen.get("contact"):
            rows = rows.filter(contact=chosen["contact"] == "yes")
        return rows

    def columns(self) -> list[Column]:
        """The columns of the list that is shown."""
        return pages.declaration_columns(heard=self.show == HEARS, with_school=len(self.places) > 1)

    def table_of(self, columns: list[Column], rows: list[Declaration]) -> Table:
        """One page of it."""
        caption = "Declarations that you hear" if self.show == HEARS else "Your declarations"
        return pages.declaration_table(self.request, columns, rows, caption, own=self.show == MINE)

    def get_context_data(self, **kwargs: Any) -> dict:
        """With the two tabs for whoever hears of others."""
        tabs = []
        if self.hears:
            count = unheard(self.request.user).count()
            tabs = [
                {"key": HEARS, "title": f"To you ({count} to be noted)"},
                {"key": MINE, "title": "Your own"},
            ]
        return super().get_context_data(
            tabs=tabs,
            show=self.show,
            heard=self.show == HEARS,
            may_make=self.rules.can_ever(self.request.user, "make"),
            **kwargs,
        )


class DeclarationMake(DeclareHereMixin, InputMixin, FormView):
    """Declare a link. What the policy asks stands above the form (CIT-4.04, BEC-4.08, CBC-9.05)."""

    rules = declaration_rules
    action = "make"
    sensitive = True
    template_name = "policies/declarations/declaration_make.html"
    form_class = DeclareForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """What the school's profile asks."""
        return {**super().get_form_kwargs(), "profile": self.profile}

    def get_context_data(self, **kwargs: Any) -> dict:
        """Who hears of it, and what the policy says, before anything is sent."""
        context = super().get_context_data(**kwargs)
        if self.place is not None:
            named = self.profile.contact_declaration_recipient or [Role.DSL]
            context.update(says=before_sending(self.profile), hearers=titles_of(self.profile, named, "and"))
        return context

    def perform(self, form: DeclareForm) -> HttpResponse:
        """Send it, and say where the same person was declared before."""
        row = declaration_make(
            actor=self.request.user, school=self.school, once=form.cleaned_data["once"], told=form.told
        )
        messages.success(self.request, "It is declared, and whoever hears of it has been told.")
        return redirect(url_of(row))


class OneDeclaration(ObjectMixin):
    """A page about one declaration: its declarer and those who hear it."""

    rules = declaration_rules
    sensitive = True
    select_related = ("school", "by", "text")
    object: Declaration

    def back(self) -> str:
        """Its own page."""
        return url_of(self.object)


class DeclarationDetail(OneDeclaration, TemplateView):
    """What was declared, what the policy asks, and what was said."""

    template_name = "policies/declarations/declaration_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """The whole page. What lifts the ban on posting is told to the declarer alone (CIT-4.09)."""
        row, user = self.object, self.request.user
        profile = profile_of(row.school)
        steps = list(row.steps.select_related("by", "words"))
        own = row.by_id == user.pk
        hears = not own  # nobody else sees it
        gone = pages.words_gone(row, own=own)
        hold = row.holds.filter(lifted_at=None).select_related("by").first() if hears else None
        noted = any(step.did in HEARD for step in steps)
        return super().get_context_data(
            facts=pages.declaration_facts(row, profile, own=own),
            events=pages.declaration_events(row, steps, own=own),
            status=pages.declaration_state(row),
            says=[] if gone else of_declaration(profile, row),
            lifted=of_lifted_ban(profile, row) if own and not gone else [],
            kept_out=[one.full_name for one in row.names.order_by("full_name")] if hears else [],
            hold=pages.hold_facts(hold) if hold else [],
            may_hold=hears,
            again=[{"at": one.at, "url": url_of(one)} for one in same_person(row)] if own else [],
            own=own,
            noted=noted,
            may_note=hears and (row.state != State.ENDED or not noted),
            may_end=own and row.state != State.ENDED,
            **kwargs,
        )


class DeclarationNote(OneDeclaration, DeclaredStep):
    """Whoever hears it notes it."""

    action = "hear"
    form_class = NoteForm
    title, button, done = "Note this declaration", "Note it", "It is noted, and the declarer has been told."
    points = ("The person who declared it reads your advice. What you write cannot be changed.",)

    def do(self, form: NoteForm) -> None:
        """Note it."""
        declaration_note(actor=self.request.user, declaration=self.object, advice=form.cleaned_data["advice"])


class DeclarationEnd(OneDeclaration, DeclaredStep):
    """The declarer says that it is no longer so."""

    action = "end"
    form_class = NoLongerForm
    title, button = "This is no longer so", "Say that it has ended"
    done = "It is marked as ended, and those who heard of it have been told."
    points = ("The declaration stays on record. Whoever heard of it is told that it has ended.",)

    def do(self, form: NoLongerForm) -> None:
        """End it."""
        declaration_end(actor=self.request.user, declaration=self.object, note=form.cleaned_data["note"])
