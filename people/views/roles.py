"""Giving a role, ending one, and recording that a person left."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.generic import FormView

from core.views import ObjectMixin, redirect
from people.access import membership_rules, user_rules
from people.directory import current_q
from people.forms.roles import GiveRole
from people.managed import Managed
from people.models import Membership, PendingChange, User
from people.selectors import Titles, titles_of
from people.services.memberships import membership_end, membership_give, person_leaves
from people.views.base import Question, RolePage, managed_school


def person_url(person: User) -> str:
    """The person's page."""
    return reverse("people:person-detail", args=[person.uuid])


def after_giving(
    request: HttpRequest, given: Membership | PendingChange, person: User, first: str = ""
) -> HttpResponse:
    """To the person's page, or to the change that waits for a second person, saying which it is.

    `first` is what else was done, as a sentence before.
    """
    if isinstance(given, PendingChange):
        messages.info(
            request, f"A second person must confirm this role of {person.full_name} before it begins."
        )
        return redirect(reverse("people:change-detail", args=[given.uuid]))
    title = titles_of([given])[given.pk]
    messages.success(request, f"{first} {person.full_name} has the role “{title}”.".strip())
    return redirect(person_url(person))


class MembershipGive(RolePage, ObjectMixin, FormView):
    """Give a visible person a further role where one may."""

    template_name = "people/membership_give.html"
    form_class = GiveRole
    rules = user_rules

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Those who give roles nowhere are refused."""
        if not membership_rules.can_ever(request.user, "manage"):
            self.find(request, kwargs["uuid"])
            raise PermissionDenied
        self.managed = Managed(request.user)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict:
        """The places where the viewer gives roles, and their words where all of them share one profile."""
        schools, trusts = list(self.managed.schools()), list(self.managed.trusts())
        shared = {school.trust_id for school in schools} | {trust.pk for trust in trusts}
        choices = None
        if len(schools) == 1 and not trusts:
            choices = Titles(schools).choices(schools[0])
        elif len(shared) == 1 and None not in shared:
            choices = Titles([], shared).choices(None, *shared)
        return {**super().get_form_kwargs(), "schools": schools, "trusts": trusts, "choices": choices}

    def perform(self, form: GiveRole) -> HttpResponse:
        """Give it, or ask for it."""
        given = membership_give(actor=self.request.user, user=self.object, **form.place, **form.given)
        return after_giving(self.request, given, self.object)


class MembershipEnd(RolePage, ObjectMixin, Question):
    """End one role at once."""

    rules = membership_rules
    action = "manage"
    select_related = ("user", "school", "trust")

    def asks(self) -> dict[str, Any]:
        """Which role, and what goes with it."""
        row = self.object
        return {
            "title": "End this role?",
            "caption": row.user.full_name,
            "points": [
                f"{row.user.full_name} is “{titles_of([row])[row.pk]}” {_where(row)}.",
                "It ends at once: the next page that they open is without it. What hangs on it ends with it.",
                "What they signed and did stays on record.",
            ],
            "warning": "It is not undone with a click: the role would have to be given again.",
            "button": "End the role",
            "back": person_url(row.user),
        }

    def perform(self, form: Any) -> HttpResponse:
        """End it."""
        title = titles_of([self.object])[self.object.pk]
        membership_end(actor=self.request.user, membership=self.object)
        done = f"{self.object.user.full_name} is no longer “{title}” {_where(self.object)}."
        return self.finish(self.request, person_url(self.object.user), done)


def _where(row: Membership) -> str:
    return f"at {row.school.name}" if row.school_id else f"in the whole of {row.trust.name}"


class PersonLeave(RolePage, ObjectMixin, Question):
    """Record that a person left a school: every role there ends."""

    rules = user_rules

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The person and the school must both be the viewer's to manage."""
        person = self.find(request, kwargs["uuid"])
        self.school = managed_school(request.user, kwargs["school"])
        held = membership_rules.visible_to(request.user).filter(current_q(), user=person, school=self.school)
        self.rows = list(held.select_related("school", "trust"))
        if not self.rows and request.method != "POST":
            raise Http404("no role here")
        return super().dispatch(request, *args, **kwargs)

    def asks(self) -> dict[str, Any]:
        """What ends."""
        titles = titles_of(self.rows)
        roles = ", ".join(f"“{titles[row.pk]}”" for row in self.rows)
        return {
            "title": f"Has {self.object.full_name} left {self.school.name}?",
            "points": [
                f"At once these roles end: {roles}." if roles else "There is no role left to end.",
                "With them end their rights on the school’s social media accounts and their work as a deputy.",
                "What waited for their signature goes to whoever is next.",
                "Roles at other schools, and in a whole trust, stay. What they signed and did stays on record.",
            ],
            "warning": "Passwords of accounts that they knew must be changed too.",
            "button": "Yes, they have left",
            "back": person_url(self.object),
        }

    def perform(self, form: Any) -> HttpResponse:
        """Record it."""
        count = person_leaves(actor=self.request.user, user=self.object, school=self.school)
        ended = "One role has" if count == 1 else f"{count} roles have"
        done = f"{self.object.full_name} left {self.school.name}. {ended} ended."
        return self.finish(self.request, person_url(self.object), done)
