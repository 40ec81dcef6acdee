"""The admin pages of roles: giving and ending them, as in the portal."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import ForeignKey, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from core.access import standing_of
from core.errors import Refused
from people.access import membership_rules, user_rules
from people.admin.filters import InForce, MembershipSchool
from people.admin.fresh import FreshPasswordAdmin, password_problem
from people.fresh import is_fresh
from people.models import Membership, PendingChange, Trust, User
from people.services.memberships import membership_end, membership_give


class MembershipForm(forms.ModelForm):
    """A role to give. The person is named by their address, among those whose roles one manages."""

    person = forms.EmailField(
        label="Person’s e-mail address",
        widget=forms.EmailInput(attrs={"size": 40, "class": "vTextField"}),
        help_text="The address with which they sign in. Somebody new is invited in the portal, under People.",
    )
    people: QuerySet[User] = User.objects.none()

    class Meta:
        model = Membership
        fields = ["role", "post", "school", "trust", "starts", "ends"]
        help_texts = {
            "role": "DSL, headteacher, HR, DPO and governor wait until a second person confirms.",
            "post": "Only where a policy names it, such as the chair of the governors.",
            "school": "Choose a school, or below a whole trust.",
            "trust": "The role then holds at every school of the trust.",
            "ends": "Leave empty for a role without an end.",
        }

    def clean_person(self) -> User:
        """The person with this address. Nobody learns whether a stranger's address is known."""
        found = self.people.filter(email=self.cleaned_data["person"].strip().lower()).first()
        if found is None:
            raise forms.ValidationError("Nobody whose roles you manage signs in with this address.")
        return found


@admin.register(Membership)
class MembershipAdmin(FreshPasswordAdmin):
    """Who is what, where. A role is never edited: it is given and it ends."""

    rules = membership_rules
    add_action = "manage"
    form = MembershipForm
    list_display = ("person", "role_words", "at", "starts", "ends", "in_force")
    list_filter = (MembershipSchool, "role", InForce)
    list_select_related = ("user", "school", "trust")
    search_fields = ("user__full_name", "user__email")
    ordering = ("user__full_name", "role", "pk")
    sortable_by = ("person", "role_words", "starts", "ends")
    actions = ("end_roles",)
    history_actions = ("people.membership_given", "people.membership_ended")

    def has_change_permission(self, request: HttpRequest, obj: Membership | None = None) -> bool:
        """An existing role is read-only."""
        return False

    def has_end_permission(self, request: HttpRequest) -> bool:
        """Who may end roles at all; the service asks about each."""
        return self.rules.can_ever(request.user, "manage")

    @admin.display(description="Person", ordering="user__full_name")
    def person(self, row: Membership) -> str:
        """The name."""
        return row.user.full_name

    @admin.display(description="Role", ordering="role")
    def role_words(self, row: Membership) -> str:
        """The role, and the post that narrows it."""
        return f"{row.get_role_display()} ({row.get_post_display()})" if row.post else row.get_role_display()

    @admin.display(description="Where")
    def at(self, row: Membership) -> str:
        """The school, or the whole trust."""
        return f"Every school of {row.trust}" if row.trust_id else str(row.school)

    @admin.display(description="In force", boolean=True)
    def in_force(self, row: Membership) -> bool:
        """Whether it holds today."""
        return row.is_active() and row.user.is_active

    def asks_password(self, request: HttpRequest, obj: Membership | None) -> bool:
        """Only where a role is given: an existing one is read-only."""
        return obj is None and super().asks_password(request, obj)

    def get_fields(self, request: HttpRequest, obj: Membership | None = None) -> list[str]:
        """Who, what and where."""
        if obj is None:
            asked = ["person", "role", "post", "school", "trust", "starts", "ends"]
            return self.with_password(request, obj, asked)
        return ["person", "role_words", "at", "starts", "ends", "ended_at", "in_force"]

    def get_readonly_fields(self, request: HttpRequest, obj: Membership | None = None) -> list[str]:
        """All of an existing role."""
        return self.get_fields(request, obj) if obj else []

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type:
        """The form, which knows whom the person may give roles."""
        form = super().get_form(request, obj, change, **kwargs)
        people = user_rules.visible_to(request.user, "manage").filter(is_active=True)
        return type(form)(form.__name__, (form,), {"people": people})

    def choices_for(self, db_field: ForeignKey, request: HttpRequest) -> QuerySet:
        """Schools and trusts at which the person gives roles."""
        rows = super().choices_for(db_field, request)
        if standing_of(request.user).is_superuser:
            return rows
        if db_field.remote_field.model is Trust:
            wide = membership_rules.visible_to(request.user, "manage").filter(trust__isnull=False)
            return rows.filter(pk__in=wide.values("trust"))
        return rows.filter(pk__in=membership_rules.schools(request.user, "manage"))

    def save_model(self, request: HttpRequest, obj: Membership, form: forms.ModelForm, change: bool) -> None:
        """Give the role, or ask a second person."""
        person = form.cleaned_data["person"]
        data = {name: form.cleaned_data[name] for name in MembershipForm.Meta.fields}
        try:
            given = membership_give(actor=request.user, user=person, **data)
        except Refused as refusal:
            raise Refused(
                refusal.message, field="person" if refusal.field == "user" else refusal.field
            ) from refusal
        if isinstance(given, PendingChange):
            words = f"{person.full_name}’s role waits for a second person. Until then nothing changes."
            self.say(request, words, messages.WARNING)
            return
        obj.pk, obj.uuid = given.pk, given.uuid
        self.say(request, f"{person.full_name} has the role.")

    @admin.action(description="End the ticked roles", permissions=["end"])
    def end_roles(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """Ask once more, then end each role through its service."""
        rows = list(queryset.select_related("user", "school", "trust")[:200])
        confirmed = "confirmed" in request.POST
        problem = password_problem(request) if confirmed and not is_fresh(request) else ""
        if not confirmed or problem:
            context = {
                **self.admin_site.each_context(request),
                "title": "End these roles?",
                "opts": self.opts,
                "rows": rows,
                "action": "end_roles",
                "asks_password": not is_fresh(request),
                "problem": problem,
            }
            request.current_app = self.admin_site.name
            return TemplateResponse(request, "admin/people/membership/end_confirmation.html", context)
        for row in rows:
            self._end(request, row)
        return None

    def _end(self, request: HttpRequest, row: Membership) -> None:
        name = f"{row.user.full_name}: {row.title} at {row.place}"
        try:
            membership_end(actor=request.user, membership=row)
        except Refused as refusal:
            messages.error(request, f"{name}. {refusal.message}")
        except PermissionDenied:
            messages.error(request, f"{name}. You do not give or end roles there.")
        else:
            messages.success(request, f"{name} has ended.")
