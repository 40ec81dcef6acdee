"""Accounts that are older than the portal: entered by hand, or many from a file (RAV-2.12)."""

import uuid
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.generic import FormView

from accounts.access import account_rules
from accounts.choices import Public
from accounts.directory import Directory
from accounts.register_forms import ADD, EntryForm, ImportForm
from accounts.services.register import account_enter
from accounts.services.register_file import COLUMNS
from accounts.services.register_import import FileRefused, Outcome, Problem, register_import
from accounts.services.requests import chain_of, why_closed
from accounts.services.right_holders import check_person
from core import csvfiles
from core.errors import Refused
from core.models import Platform
from core.tables import Column, Link, Table
from core.views import KeptInputMixin, redirect
from people.access import school_rules
from people.governance.profile import Profile
from people.models import School
from people.selectors import profile_of

PEOPLE_WORDS = "E-mail addresses of people of the school, with semicolons between"
COLUMN_WORDS = dict.fromkeys(COLUMNS, PEOPLE_WORDS) | {
    "name": "As people see it",
    "platform": "As it is called in the portal, for example Facebook",
    "handle": "For example @our_year6",
    "address": "The whole address of its page, beginning with https://",
    "official email": "The school's or trust's address with which the account is held",
    "purpose": "What it is for, up to 2,000 characters",
    "audience": "; ".join(choice.label for choice in Public),
    "open or closed": "Open or closed",
    "live since": "A day like 01/09/2023",
    "lead": "E-mail address of one member of staff",
}
"""What stands in each column, for the page."""


class AtSchool(KeptInputMixin, FormView):
    """A form about accounts of one school: an invisible school is 404, one not kept by the person 403."""

    rules = account_rules
    action = "enter"
    access_declared = "rules"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Find the school among the visible ones, then ask for the action there."""
        schools = school_rules.visible_to(request.user).select_related("trust")
        self.school = schools.filter(uuid=kwargs["school"]).first()
        if self.school is None:
            raise Http404("No such page")
        if not self.rules.allows_at(request.user, self.action, self.school):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def profile(self) -> Profile:
        """How the school governs."""
        return profile_of(self.school)

    def get_initial(self) -> dict:
        """One page makes its accounts once, however often it is sent."""
        return {"once": uuid.uuid4()}

    def get_context_data(self, **kwargs: Any) -> dict:
        """The school, who will confirm, and why nothing can be entered yet, if so."""
        return super().get_context_data(
            school=self.school, confirmer=self.confirmer(), closed=why_closed(self.profile), **kwargs
        )

    def confirmer(self) -> str:
        """The title of whoever confirms an account that exists already."""
        last: School | Any = chain_of(self.profile, self.school)[-1:]
        return self.profile.title_of(last[0].role, last[0].post) if last else ""


class AccountEnter(AtSchool):
    """One account by hand."""

    form_class = EntryForm
    template_name = "accounts/account_enter.html"

    def get_form_kwargs(self) -> dict:
        """What may be chosen."""
        return {
            **super().get_form_kwargs(),
            "platforms": Platform.objects.all(),
            "directory": Directory(self.school),
            "profile": self.profile,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send the form, or ask for one row more."""
        if request.POST.get("action") == ADD:
            return self.render_to_response(self.get_context_data(form=self.get_form().unchecked()))
        return super().post(request, *args, **kwargs)

    def perform(self, form: EntryForm) -> HttpResponse:
        """Enter it. Whoever may not hold their right is named beside their row."""
        people = form.people()
        for number, user, right in people:
            try:
                check_person(self.school, self.profile, user, right)
            except Refused as refusal:
                form.add_error(f"person_{number}", refusal.message)
        if form.errors:
            return self.form_invalid(form)
        account = account_enter(
            actor=self.request.user,
            school=self.school,
            once=form.cleaned_data["once"],
            values=form.values(),
            people=[(user, right) for _, user, right in people],
        )
        messages.success(self.request, f"{account.name} was entered. It waits for: {self.confirmer()}.")
        return redirect(reverse("accounts:account-detail", args=[account.uuid]))


class AccountImport(AtSchool):
    """Many accounts from a file: all of them or none."""

    form_class = ImportForm
    template_name = "accounts/account_import.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, or the example file."""
        if "example" in request.GET:
            return csvfiles.response("example-accounts.csv", COLUMNS, [self._example()])
        return super().get(request, *args, **kwargs)

    def _example(self) -> list[str]:
        """One made-up account, with the person's own address as lead."""
        mine = self.request.user.email
        domain = (self.profile.allowed_email_domains or ["school.example.org"])[0]
        return [
            f"Year 6 at {self.school.name}",
            "Facebook",
            "@our_year6",
            "https://www.facebook.com/our_year6",
            f"year6@{domain}",
            "Show families what the class learns",
            "School staff; Pupils' family members",
            "open",
            "01/09/2023",
            mine,
            "",
            mine,
            "",
        ]

    def get_context_data(self, **kwargs: Any) -> dict:
        """What each column holds."""
        return super().get_context_data(columns=COLUMN_WORDS.items(), **kwargs)

    def perform(self, form: ImportForm) -> HttpResponse:
        """Read and enter; show what became of each row, or what is wrong with which cell."""
        try:
            outcome = register_import(
                actor=self.request.user,
                school=self.school,
                once=form.cleaned_data["once"],
                data=_bytes_of(form.cleaned_data["file"]),
            )
        except FileRefused as refusal:
            self.extra_context = {"problems": _problem_table(refusal.problems) if refusal.problems else None}
            raise
        return render(
            self.request,
            "accounts/account_imported.html",
            {
                "school": self.school,
                "outcome": outcome,
                "table": _outcome_table(outcome),
                "confirmer": self.confirmer(),
            },
        )


def _bytes_of(upload: UploadedFile) -> bytes:
    """No more than what is needed to say that the file is too large."""
    return upload.read(csvfiles.MAX_BYTES + 1)


def _problem_table(problems: list[Problem]) -> Table:
    columns = [
        Column("row", "Row", numeric=True),
        Column("column", "Column"),
        Column("problem", "What to mend"),
    ]
    rows = [{"row": one.row, "column": one.column, "problem": one.message} for one in problems]
    return Table(columns, rows, "What to mend in the file", stack=False, table_id="problems")


def _outcome_table(outcome: Outcome) -> Table:
    columns = [
        Column("row", "Row", numeric=True),
        Column("account", "Account"),
        Column("what", "What was done"),
    ]
    found: list[tuple[int, Any, str]] = [
        (
            n,
            Link(one.name, reverse("accounts:account-detail", args=[one.uuid])),
            "Entered; waits for confirmation",
        )
        for n, one in outcome.entered
    ]
    found += [(n, name, "There already; not changed") for n, name in outcome.there]
    found += [(n, name, "Left out: it is closed or was not confirmed") for n, name in outcome.left_out]
    rows = [
        {"row": n, "account": name, "what": what} for n, name, what in sorted(found, key=lambda each: each[0])
    ]
    return Table(columns, rows, "What became of each row", stack=False, table_id="outcome")
