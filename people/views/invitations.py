"""Inviting people, one by one or from a file, and joining."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views import View
from django.views.generic import FormView

from core import csvfiles
from core.errors import Refused
from core.roles import Post, Role
from core.tables import Column, Table
from core.views import AccessMixin, KeptInputMixin, ObjectMixin, redirect
from people.access import invitation_rules, membership_rules
from people.forms.roles import FirstPassword, Invite, StaffFile
from people.managed import Managed
from people.models import User
from people.selectors import Titles
from people.services import invitations
from people.services.staff_import import EXAMPLE, ImportRefused, staff_import
from people.standing import read
from people.views.base import Question, RolePage, managed_school
from people.views.roles import after_giving, person_url

MOST_PROBLEMS = 500
PROBLEM_COLUMNS = [
    Column("row", "Row", numeric=True),
    Column("column", "Column"),
    Column("message", "What to mend"),
]


class _AtSchool(AccessMixin):
    """A page for those who give roles at the school in the address."""

    rules = membership_rules
    action = "manage"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A school that one does not see is 404; one where one gives no roles is 403."""
        self.school = managed_school(request.user, kwargs["school"])
        return super().dispatch(request, *args, **kwargs)


class PersonInvite(RolePage, _AtSchool, FormView):
    """Invite one person and give them their first role."""

    template_name = "people/person_invite.html"
    form_class = Invite

    def get_form_kwargs(self) -> dict:
        """Titles of the school; the choice of the whole trust for its managers."""
        trust = self.school.trust_id
        whole = trust is not None and Managed(self.request.user).trusts().filter(pk=trust).exists()
        choices = Titles([self.school]).choices(self.school)
        return {**super().get_form_kwargs(), "school": self.school, "whole_trust": whole, "choices": choices}

    def get_context_data(self, **kwargs: Any) -> dict:
        """Where."""
        return super().get_context_data(school=self.school, **kwargs)

    def perform(self, form: Invite) -> HttpResponse:
        """Invite, and say what comes next."""
        data = form.cleaned_data
        place = {"trust": self.school.trust} if form.in_whole_trust else {"school": self.school}
        is_new = not User.objects.filter(email=data["email"].lower()).exists()
        user, given = invitations.person_invite(
            actor=self.request.user, email=data["email"], full_name=data["full_name"], **place, **form.given
        )
        first = f"{user.email} is known here already, so no new invitation was sent."
        if is_new:
            first = f"{user.full_name} is invited; the e-mail is on its way to {user.email}."
        return after_giving(self.request, given, user, first)


class StaffImport(RolePage, _AtSchool, FormView):
    """Invite everybody in a CSV file, or nobody; every bad cell is named."""

    template_name = "people/staff_import.html"
    form_class = StaffFile
    problems: tuple = ()

    def get_context_data(self, **kwargs: Any) -> dict:
        """What the file must hold, and what is wrong with it."""
        shown = [(row.row, row.column, row.message) for row in self.problems[:MOST_PROBLEMS]]
        return super().get_context_data(
            school=self.school,
            roles=Role.labels,
            posts=Post.labels,
            problems=Table(PROBLEM_COLUMNS, shown, "Rows to mend", stack=False) if shown else None,
            more=max(0, len(self.problems) - MOST_PROBLEMS),
            **kwargs,
        )

    def perform(self, form: StaffFile) -> HttpResponse:
        """Read it; nothing is taken while one cell is wrong."""
        try:
            count = staff_import(actor=self.request.user, school=self.school, data=form.cleaned_data["file"])
        except ImportRefused as refusal:
            self.problems = tuple(refusal.problems)
            raise
        people = "one role was" if count == 1 else f"{count} roles were"
        messages.success(
            self.request, f"The file was read: {people} given or asked for. New people are invited."
        )
        return redirect(reverse("people:person-list"))


class StaffExample(_AtSchool, View):
    """A file to start from."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Headings and three made-up people."""
        return csvfiles.response("people-to-invite.csv", EXAMPLE[0], EXAMPLE[1:])


class InvitationAgain(ObjectMixin, Question):
    """Send an invitation again: the old link dies."""

    rules = invitation_rules
    action = "manage"
    select_related = ("user", "school", "trust")

    def asks(self) -> dict[str, Any]:
        """To whom."""
        user = self.object.user
        return {
            "title": "Send the invitation again?",
            "caption": user.full_name,
            "points": [
                f"A new link goes to {user.email} and works for two weeks. The old one stops working."
            ],
            "button": "Send it again",
            "back": person_url(user),
        }

    def perform(self, form: Any) -> HttpResponse:
        """Send it."""
        new = invitations.invitation_send_again(actor=self.request.user, invitation=self.object)
        return self.finish(
            self.request, person_url(new.user), f"A new invitation is on its way to {new.user.email}."
        )


class InvitationAccept(KeptInputMixin, FormView):
    """Join: choose a password and be signed in. Public: the signed link is the proof."""

    template_name = "people/invitation_accept.html"
    form_class = FirstPassword

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """One answer for a link that is wrong, used, revoked or late."""
        self.invitation = invitations.by_token(kwargs["token"])
        if self.invitation is None:
            return render(request, "people/invitation_gone.html", status=404)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict:
        """The rules look at the person's name and address."""
        return {**super().get_form_kwargs(), "user": self.invitation.user}

    def get_context_data(self, **kwargs: Any) -> dict:
        """Who, and where."""
        place = self.invitation.school or self.invitation.trust
        return super().get_context_data(person=self.invitation.user, place=place, **kwargs)

    def perform(self, form: FirstPassword) -> HttpResponse:
        """Join and sign in; without a role yet, say what is waited for."""
        try:
            user = invitations.invitation_accept(
                token=self.kwargs["token"], password=form.cleaned_data["password"]
            )
        except Refused as refusal:
            if refusal.field:
                raise
            return render(self.request, "people/invitation_gone.html", status=404)
        if not read(user).held:
            messages.success(
                self.request, "Your password is set. You can sign in as soon as your role is confirmed."
            )
            return redirect(reverse("account_login"))
        login(self.request, user)
        record_authentication(self.request, user, method="password")
        messages.success(self.request, f"Welcome, {user.full_name}.")
        return redirect(reverse("home"))
