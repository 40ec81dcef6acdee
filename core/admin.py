"""The admin page of platforms and their minimum ages."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Prefetch
from django.http import HttpRequest
from django.utils import timezone

from core.errors import Refused
from core.models import Platform, PlatformAge
from core.platforms import clean_hosts, platform_rules, platform_save
from core.rules_admin import RulesInline, RulesModelAdmin


class HostsField(forms.CharField):
    """Host names, one a line."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        """One a line."""
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:
        """The list of hosts. Raises ValidationError."""
        try:
            return clean_hosts((super().to_python(value) or "").splitlines())
        except Refused as refusal:
            raise forms.ValidationError(refusal.message) from refusal

    def has_changed(self, initial: Any, data: Any) -> bool:
        """True when other hosts were typed."""
        return self.prepare_value(initial or []) != "\n".join((data or "").split())


class PlatformForm(forms.ModelForm):
    """A platform; its hosts one a line."""

    hosts = HostsField(
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4, "cols": 40}),
        label="Host names",
        help_text="One a line, such as facebook.com. A page below one of them counts as this platform’s.",
    )

    class Meta:
        model = Platform
        fields = ["name", "slug", "hosts", "offered"]
        help_texts = {
            "name": "As people say it. Every school sees it.",
            "offered": "Without this tick nobody can ask for a new account here; accounts that exist stay.",
        }


class AgeInline(RulesInline):
    """Minimum ages, each from a day on: when a platform changes its terms, a line is added."""

    model = PlatformAge
    rules = platform_rules
    fields = ("years", "valid_from", "source")
    verbose_name = "minimum age"
    verbose_name_plural = "minimum ages, each from a day on"

    def get_queryset(self, request: HttpRequest) -> Any:
        """The ages of the platforms that the person may see."""
        return PlatformAge.objects.filter(platform__in=self.rules.visible_to(request.user, "view"))

    def has_add_permission(self, request: HttpRequest, obj: Platform | None = None) -> bool:
        """Whoever may change the platform."""
        return self.rules.can_ever(request.user, "edit")

    has_change_permission = has_add_permission

    def get_extra(self, request: HttpRequest, obj: Platform | None = None, **kwargs: Any) -> int:
        """One open line."""
        return 1


@admin.register(Platform)
class PlatformAdmin(RulesModelAdmin):
    """The list of platforms, which all schools share."""

    rules = platform_rules
    address_field = "slug"
    history_actions = ("people.platform_changed",)
    form = PlatformForm
    inlines = (AgeInline,)
    list_display = ("name", "age_today", "host_names", "offered")
    list_filter = ("offered",)
    search_fields = ("name", "slug")
    ordering = ("name",)
    sortable_by = ("name", "offered")

    def get_queryset(self, request: HttpRequest) -> Any:
        """With their ages in one query."""
        ages = PlatformAge.objects.order_by("-valid_from")
        return super().get_queryset(request).prefetch_related(Prefetch("ages", ages))

    @admin.display(description="Minimum age today", empty_value="None recorded")
    def age_today(self, platform: Platform) -> int | None:
        """In years, as of today in London."""
        return platform.minimum_age(timezone.localdate())

    @admin.display(description="Host names")
    def host_names(self, platform: Platform) -> str:
        """The hosts in one line."""
        return ", ".join(platform.hosts)

    def save_model(self, request: HttpRequest, obj: Platform, form: forms.ModelForm, change: bool) -> None:
        """The ages come with it: see `save_formset`."""

    def save_formset(self, request: HttpRequest, form: forms.ModelForm, formset: Any, change: bool) -> None:
        """Save platform and ages as one change."""
        before = Platform.objects.get(pk=form.instance.pk) if change else Platform(slug="", name="")
        ages = [
            (
                each.instance if each.instance.pk else None,
                *(each.cleaned_data[name] for name in AgeInline.fields),
            )
            for each in formset.forms
            if each.has_changed() and each.cleaned_data
        ]
        values = {name: form.cleaned_data[name] for name in form.Meta.fields}
        saved = platform_save(actor=request.user, platform=before, values=values, ages=ages)
        form.instance.pk = saved.pk
        form.instance.slug = saved.slug
        if form.has_changed() or ages:
            self.say(request, f"{saved.name} is saved.")
