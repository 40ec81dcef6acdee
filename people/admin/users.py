"""The admin pages of people: their names and the addresses with which they sign in."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db.models import Prefetch
from django.http import HttpRequest

from core.rules_admin import RulesInline
from people.access import membership_rules, user_rules
from people.admin.filters import UserSchool
from people.admin.fresh import FreshPasswordAdmin
from people.models import Membership, User
from people.services.details import email_change_ask, name_change


class UserForm(forms.ModelForm):
    """A person's name and address."""

    class Meta:
        model = User
        fields = ["full_name", "email"]
        help_texts = {
            "full_name": "As they sign. Signatures given so far keep the name under which they were given.",
            "email": "They sign in with it, so a change waits until a second person confirms.",
        }


class RolesInline(RulesInline):
    """The person's roles, as far as one may see them."""

    model = Membership
    rules = membership_rules
    fields = readonly_fields = ("role_words", "at", "starts", "ends", "ended_at")
    verbose_name_plural = "roles"

    def get_queryset(self, request: HttpRequest) -> Any:
        """With their places in the same query."""
        return super().get_queryset(request).select_related("user", "school", "trust")

    @admin.display(description="Role")
    def role_words(self, row: Membership) -> str:
        """The role, and the post that narrows it."""
        return f"{row.get_role_display()} ({row.get_post_display()})" if row.post else row.get_role_display()

    @admin.display(description="Where")
    def at(self, row: Membership) -> str:
        """The school, or the whole trust."""
        return f"Every school of {row.trust}" if row.trust_id else str(row.school)


@admin.register(User)
class UserAdmin(FreshPasswordAdmin):
    """People. They are invited in the portal and never deleted."""

    rules = user_rules
    change_action = "manage"
    form = UserForm
    inlines = (RolesInline,)
    list_display = ("full_name", "email", "roles_shown", "has_joined", "is_active")
    list_filter = (UserSchool, "is_active")
    search_fields = ("full_name", "email")
    ordering = ("full_name", "pk")
    sortable_by = ("full_name", "email")
    password_reason = "Only for a new address: who holds the address holds the sign-in."
    readonly_fields = ("is_active", "joined_at", "last_login")
    history_actions = ("people.details_changed",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """People are invited in the portal."""
        return False

    def is_sensitive(self, request: HttpRequest, object_id: str | None) -> bool:
        """A new address is; a corrected name is not."""
        user = self.get_object(request, unquote(object_id or ""))
        return user is not None and request.POST.get("email", "").strip().lower() != user.email

    def asks_password(self, request: HttpRequest, obj: User | None) -> bool:
        """Only where the address may be changed."""
        return (
            obj is not None
            and self.has_change_permission(request, obj)
            and super().asks_password(request, obj)
        )

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        """Name, address and what is known of the sign-in."""
        return self.with_password(
            request, obj, ["full_name", "email", "is_active", "joined_at", "last_login"]
        )

    def get_queryset(self, request: HttpRequest) -> Any:
        """With those of their roles that one may see, in one query."""
        roles = (
            membership_rules.visible_to(request.user, "view")
            .active()
            .select_related("user", "school", "trust")
        )
        return (
            super()
            .get_queryset(request)
            .prefetch_related(Prefetch("memberships", roles, to_attr="roles_now"))
        )

    @admin.display(description="Roles")
    def roles_shown(self, user: User) -> str:
        """Role and place of each."""
        return "; ".join(f"{row.title}, {row.place}" for row in user.roles_now)

    @admin.display(description="Joined", boolean=True)
    def has_joined(self, user: User) -> bool:
        """Whether the invitation was accepted."""
        return user.joined_at is not None

    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool) -> None:
        """The name at once; the address through a second person."""
        data = form.cleaned_data
        if "full_name" in form.changed_data:
            name_change(actor=request.user, user=User.objects.get(pk=obj.pk), full_name=data["full_name"])
            self.say(request, "The name is saved.")
        if "email" in form.changed_data:
            email_change_ask(actor=request.user, user=User.objects.get(pk=obj.pk), email=data["email"])
            words = "The new address waits for a second person. Until then they sign in with the old one."
            self.say(request, words, messages.WARNING)
