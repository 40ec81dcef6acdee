"""The admin pages of trusts and schools."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from core.access import standing_of
from core.rules_admin import RulesModelAdmin
from people.access import school_rules, trust_rules
from people.admin.filters import OwnTrust
from people.governance.presets import PRESETS
from people.models import School, Trust
from people.services import places

POLICIES = [(slug, info.title) for slug, info in PRESETS.items()]
SLUG_HELP = "The last part of the address of the public list of accounts: small letters, figures and hyphens."


class TrustForm(forms.ModelForm):
    """A trust."""

    class Meta:
        model = Trust
        fields = ["name", "slug"]
        help_texts = {"slug": SLUG_HELP}


class NewTrustForm(TrustForm):
    """A new trust says which policy it starts from."""

    preset = forms.ChoiceField(
        label="Starts from",
        choices=[("", "Choose one"), *POLICIES],
        help_text="The policy whose answers hold for every school of the trust until somebody changes them.",
    )


class SchoolForm(forms.ModelForm):
    """A school."""

    class Meta:
        model = School
        fields = ["name", "slug", "kind", "trust", "active"]
        help_texts = {
            "name": "As the school writes it. It stands on every page of the school.",
            "slug": SLUG_HELP,
            "kind": "The central team holds the accounts of the trust itself. This cannot be changed later.",
            "trust": "Whoever has a role in the whole trust then has it at this school too.",
            "active": "Without this tick nobody has a role at the school any more, and its people cannot enter.",
        }


class NewSchoolForm(SchoolForm):
    """A new school says which policy it starts from."""

    preset = forms.ChoiceField(
        label="Starts from",
        required=False,
        choices=[("", "The policy of its trust"), *POLICIES],
        help_text="A school in a trust may follow its trust; any other needs a policy of its own.",
    )


class PlaceAdmin(RulesModelAdmin):
    """What trusts and schools share."""

    add_form: type[forms.ModelForm]
    search_fields = ("name", "slug")
    ordering = ("name",)

    def get_form(
        self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any
    ) -> type:
        """A new place is asked for its policy; later that is changed in its profile."""
        kwargs.setdefault("form", self.form if obj else self.add_form)
        return super().get_form(request, obj, change, **kwargs)

    def get_prepopulated_fields(self, request: HttpRequest, obj: Model | None = None) -> dict:
        """A new place takes its address from its name."""
        return {"slug": ["name"]} if obj is None else {}


@admin.register(Trust)
class TrustAdmin(PlaceAdmin):
    """Trusts: whoever runs the server adds and changes them."""

    rules = trust_rules
    form = TrustForm
    add_form = NewTrustForm
    list_display = ("name", "slug", "schools_shown")
    history_actions = ("people.trust_changed",)

    def get_queryset(self, request: HttpRequest) -> Any:
        """With their schools in one query."""
        return super().get_queryset(request).prefetch_related("schools")

    @admin.display(description="Schools")
    def schools_shown(self, trust: Trust) -> int:
        """How many schools belong to it."""
        return len(trust.schools.all())

    def get_fields(self, request: HttpRequest, obj: Trust | None = None) -> list[str]:
        """The policy is asked only when a trust is added."""
        return ["name", "slug"] if obj else ["name", "slug", "preset"]

    def save_model(self, request: HttpRequest, obj: Trust, form: forms.ModelForm, change: bool) -> None:
        """Through the services."""
        data = form.cleaned_data
        if not change:
            obj.pk = places.trust_add(actor=request.user, **data).pk
            self.say(request, f"{data['name']} is added.")
        elif places.trust_change(actor=request.user, trust=obj, values=data):
            self.say(request, f"{data['name']} is saved.")


@admin.register(School)
class SchoolAdmin(PlaceAdmin):
    """Schools and central teams. An IT lead sees and edits their own."""

    rules = school_rules
    form = SchoolForm
    add_form = NewSchoolForm
    list_display = ("name", "kind", "trust", "active")
    list_filter = ("kind", "active", OwnTrust)
    list_select_related = ("trust",)
    history_actions = ("people.school_started", "people.school_changed")

    def get_fields(self, request: HttpRequest, obj: School | None = None) -> list[str]:
        """A new school is active and asks for its policy."""
        if obj is None:
            return ["name", "slug", "kind", "trust", "preset"]
        return ["name", "slug", "kind", "trust" if _runs_the_server(request) else "trust_name", "active"]

    def get_readonly_fields(self, request: HttpRequest, obj: School | None = None) -> tuple[str, ...]:
        """The kind stays; trust and closing are for whoever runs the server."""
        if obj is None:
            return ()
        return ("kind",) if _runs_the_server(request) else ("kind", "trust_name", "active")

    @admin.display(description="Trust")
    def trust_name(self, school: School) -> str:
        """The trust's name."""
        return str(school.trust or "None")

    def save_model(self, request: HttpRequest, obj: School, form: forms.ModelForm, change: bool) -> None:
        """Through the services."""
        data = form.cleaned_data
        if not change:
            school = places.school_add(actor=request.user, **data)
            obj.pk, obj.uuid = school.pk, school.uuid
            self.say(
                request, f"{school.name} is added, with its settings. Next, invite its people in the portal."
            )
        elif places.school_change(actor=request.user, school=obj, values=data):
            self.say(request, f"{data['name']} is saved.")


def _runs_the_server(request: HttpRequest) -> bool:
    return standing_of(request.user).is_superuser
