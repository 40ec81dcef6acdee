"""The admin pages of governance profiles and of the settings that a school or trust changed."""

import json
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms.fields import InvalidJSONInput
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.errors import Refused
from core.rules_admin import RulesInline, RulesModelAdmin
from core.tables import date_text
from people.access import profile_rules
from people.admin.filters import ProfileTrust
from people.governance.catalogue import SECTIONS, SETTINGS, settings_of
from people.governance.presets import PRESETS
from people.models import GovernanceProfile, PendingChange, ProfileSetting
from people.services.settings import preset_choose, setting_change

WAITS = "“{}” waits for a second person. Until then nothing changes."


class ProfileForm(forms.ModelForm):
    """The policy to start from."""

    preset = forms.ChoiceField(
        label="Starts from",
        required=False,
        choices=[("", "The policy of its trust"), *((slug, info.title) for slug, info in PRESETS.items())],
        help_text="It decides who approves what, so a change waits until a second person confirms.",
    )

    class Meta:
        model = GovernanceProfile
        fields = ["preset"]


class JsonField(forms.JSONField):
    """A short piece of JSON; what is too long or too deep is an error of the form."""

    MOST = 20_000

    def to_python(self, value: Any) -> Any:
        """The value. Raises ValidationError."""
        if isinstance(value, str) and not self._readable(value):
            raise forms.ValidationError(
                self.error_messages["invalid"], code="invalid", params={"value": value[:50]}
            )
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        """Nothing, rather than the word for it."""
        return "" if value is None else super().prepare_value(value)

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What was typed comes back as it was typed."""
        if isinstance(data, str) and not self._readable(data):
            return InvalidJSONInput(data)
        return super().bound_data(data, initial)

    def _readable(self, text: str) -> bool:
        if len(text) > self.MOST:
            return False
        try:
            json.loads(text or "null")
        except (ValueError, RecursionError):  # no JSON, a number without end, or too deep
            return False
        return True


class SettingForm(forms.ModelForm):
    """One changed setting. The value is JSON; the portal's own page asks for it in plain words."""

    key = forms.ChoiceField(
        label="Setting",
        choices=[
            ("", "Choose one"),
            *((section, [(one.key, one.title) for one in settings_of(section)]) for section in SECTIONS),
        ],
    )
    value = JsonField(
        required=False, widget=forms.Textarea(attrs={"rows": 2, "cols": 50}), label="Value (JSON)"
    )

    class Meta:
        model = ProfileSetting
        fields = ["key", "value"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["key"].disabled = True

    def validate_constraints(self) -> None:
        """A line for a setting that was changed before changes it again, so none is in the way."""


class SettingInline(RulesInline):
    """What the school or trust changed."""

    model = ProfileSetting
    rules = profile_rules
    form = SettingForm
    fields = ("key", "value", "in_words", "changed")
    readonly_fields = ("in_words", "changed")
    verbose_name = "changed setting"
    verbose_name_plural = "changed settings"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """The settings of the profiles that one may see."""
        visible = profile_rules.visible_to(request.user, "view")
        return ProfileSetting.objects.filter(profile__in=visible).select_related("changed_by", "profile")

    def has_add_permission(self, request: HttpRequest, obj: GovernanceProfile | None = None) -> bool:
        """Whoever may edit the profile."""
        return obj is not None and profile_rules.allows(request.user, "edit", obj)

    has_change_permission = has_add_permission

    def get_extra(self, request: HttpRequest, obj: GovernanceProfile | None = None, **kwargs: Any) -> int:
        """One open line."""
        return 1

    @admin.display(description="Changed")
    def changed(self, row: ProfileSetting) -> str:
        """When, and by whom, last."""
        if row.changed_at is None:
            return "Not yet"
        who = row.changed_by.full_name if row.changed_by else "the portal"
        return f"{date_text(row.changed_at)}, by {who}"

    @admin.display(description="In words")
    def in_words(self, row: ProfileSetting) -> SafeString | str:
        """The answer as the portal says it, with the page that asks for it."""
        if row.key not in SETTINGS:
            return "Choose a setting here, or change it on its page in the portal."
        one = SETTINGS[row.key]
        try:
            words = one.describe(one.parse(row.value), {})
        except ValueError:
            words = "An answer that is not offered any more."
        url = reverse("people:setting-change", args=[row.profile.uuid, row.key])
        return format_html('{} <a href="{}">Change in the portal</a>', words, url)


@admin.register(GovernanceProfile)
class GovernanceProfileAdmin(RulesModelAdmin):
    """How each school and trust governs."""

    rules = profile_rules
    form = ProfileForm
    inlines = (SettingInline,)
    list_display = ("place", "kind", "policy", "changed")
    list_filter = (ProfileTrust,)
    list_select_related = ("school", "trust")
    search_fields = ("school__name", "trust__name")
    ordering = ("school__name", "trust__name", "pk")
    fields = ("place", "preset")
    readonly_fields = ("place",)
    history_actions = ("people.setting_changed", "people.preset_chosen")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A profile comes with its school or trust."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """With the settings in one query."""
        return super().get_queryset(request).prefetch_related("settings")

    @admin.display(description="School or trust")
    def place(self, row: GovernanceProfile) -> str:
        """Whose profile it is."""
        return str(row.place)

    @admin.display(description="Kind")
    def kind(self, row: GovernanceProfile) -> str:
        """A school, a central team or a trust."""
        return "Trust" if row.trust_id else row.school.get_kind_display()

    @admin.display(description="Starts from")
    def policy(self, row: GovernanceProfile) -> str:
        """The policy's title."""
        return PRESETS[row.preset].title if row.preset in PRESETS else "The policy of its trust"

    @admin.display(description="Changed settings")
    def changed(self, row: GovernanceProfile) -> int:
        """How many settings differ by hand."""
        return len(row.settings.all())

    def save_model(
        self, request: HttpRequest, obj: GovernanceProfile, form: forms.ModelForm, change: bool
    ) -> None:
        """Ask for another policy."""
        if "preset" in form.changed_data:
            profile = GovernanceProfile.objects.get(pk=obj.pk)
            preset_choose(actor=request.user, profile=profile, preset=form.cleaned_data["preset"])
            self.say(request, WAITS.format("Starts from"), messages.WARNING)

    def save_formset(self, request: HttpRequest, form: forms.ModelForm, formset: Any, change: bool) -> None:
        """Each changed line is a change of that setting, with all that the portal asks for it."""
        profile = GovernanceProfile.objects.get(pk=form.instance.pk)
        for each in formset.forms:
            if each.has_changed() and each.cleaned_data.get("key"):
                self._change(request, profile, each.cleaned_data["key"], each.cleaned_data["value"])

    def _change(self, request: HttpRequest, profile: GovernanceProfile, key: str, raw: Any) -> None:
        title = SETTINGS[key].title
        try:
            done = setting_change(actor=request.user, profile=profile, key=key, raw=raw)
        except Refused as refusal:
            raise Refused(f"{title}: {refusal.message} (You gave {json.dumps(raw)[:200]}.)") from refusal
        if isinstance(done, PendingChange):
            self.say(request, WAITS.format(title), messages.WARNING)
        else:
            self.say(request, f"“{title}” is saved.")
