"""How a school governs: its settings, one page a setting, and the policy to start from."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.generic import FormView, ListView, TemplateView

from core.errors import Refused
from core.tables import Column, Table, ordering
from core.views import AccessMixin, KeptInputMixin, ObjectMixin, redirect
from people import profile_pages as pages
from people.access import profile_rules
from people.governance.catalogue import SETTINGS
from people.models import GovernanceProfile, PendingChange
from people.profile_forms import PresetForm, ProfileFilterForm, SettingFilterForm, setting_form
from people.selectors import layers_of, profiles_of_rows
from people.services import settings as service

PROFILE_COLUMNS = [
    Column("place", "School or trust", sortable=True, order_by="place_name"),
    Column("kind", "Kind"),
    Column("policy", "Starts from"),
    Column("open", "Still to choose", numeric=True),
    Column("own", "Changed here", numeric=True),
]


def detail_url(row: GovernanceProfile, key: str = "") -> str:
    """The page of a profile, at the place of one setting."""
    url = reverse("people:profile-detail", args=[row.uuid])
    return f"{url}?changed={key}#setting-{key}" if key else url


class ProfileList(AccessMixin, ListView):
    """The schools and trusts whose settings one sees; a single one is opened at once."""

    rules = profile_rules
    template_name = "people/profile_list.html"
    paginate_by = 25

    def get_queryset(self) -> Any:
        """By name, narrowed by the search."""
        self.form = ProfileFilterForm(self.request.GET)
        rows = (
            super()
            .get_queryset()
            .select_related("school", "school__trust", "trust")
            .prefetch_related("settings")
        )
        search = self.form.chosen.get("q", "")
        if search:
            rows = rows.filter(Q(school__name__icontains=search) | Q(trust__name__icontains=search))
        named = rows.annotate(place_name=Coalesce("school__name", "trust__name"))
        return named.order_by(*ordering(self.request, PROFILE_COLUMNS, "place"))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The list, or the only profile."""
        two = list(profile_rules.visible_to(request.user)[:2])
        if len(two) == 1:
            return redirect(detail_url(two[0]))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict:
        """The table."""
        context = super().get_context_data(form=self.form, **kwargs)
        rows = list(context["object_list"])
        profiles = profiles_of_rows(rows)
        shown = [pages.place_row(row, profiles[row.pk], detail_url(row)) for row in rows]
        context["table"] = Table(
            PROFILE_COLUMNS,
            shown,
            "Schools and trusts",
            self.request,
            default_sort="place",
            caption_hidden=True,
        )
        return context


class ProfileDetail(ObjectMixin, TemplateView):
    """One school's settings: what is still open, then every setting with where it comes from."""

    rules = profile_rules
    template_name = "people/profile_detail.html"
    select_related = ("school__trust", "trust")

    def get_context_data(self, **kwargs: Any) -> dict:
        """The open settings, and all of them by section."""
        row, user = self.object, self.request.user
        layers = layers_of(row)
        changes = pages.changes_waiting(user, row)
        rows = pages.rows_of(row, layers, changes)
        now, later = pages.still_to_choose(rows)
        form = SettingFilterForm(self.request.GET)
        changed = self.request.GET.get("changed", "")
        shown = pages.sections(rows, form.chosen.get("q", ""), form.chosen.get("show", ""), changed)
        return super().get_context_data(
            form=form,
            place=row.place,
            policy=layers.resolve().preset,
            from_trust=bool(row.school_id and not row.preset and row.school.trust_id),
            trust_profile=self._trust_profile(),
            may_edit=profile_rules.allows(user, "edit", row),
            open_now=now,
            open_later=later,
            sections=shown,
            found=sum(len(section.rows) for section in shown),
            changed=changed if changed in SETTINGS else "",
            preset_waiting=pages.preset_waiting(changes),
            several=profile_rules.visible_to(user).count() > 1,
            **kwargs,
        )

    def _trust_profile(self) -> GovernanceProfile | None:
        """The layer of the trust below this school's, if one may read it."""
        if not self.object.school_id or not self.object.school.trust_id:
            return None
        return profile_rules.visible_to(self.request.user).filter(trust=self.object.school.trust_id).first()


class SettingChange(ObjectMixin, KeptInputMixin, FormView):
    """One setting, asked as a question."""

    rules = profile_rules
    action = "edit"
    template_name = "people/profile_setting.html"
    select_related = ("school__trust", "trust")

    def find(self, request: HttpRequest, uuid: Any) -> GovernanceProfile:
        """The profile, and the setting of that name or 404."""
        row = super().find(request, uuid)
        if self.kwargs["key"] not in SETTINGS:
            raise Http404("No such setting")
        self.setting = SETTINGS[self.kwargs["key"]]
        self.layers = layers_of(row)
        self.profile = self.layers.resolve()
        return row

    def get_form_class(self) -> type:
        """The form of this setting."""
        return setting_form(self.setting, self.profile, self.layers.below())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Change the setting, or take the change back."""
        if "follow" not in request.POST:
            return super().post(request, *args, **kwargs)
        try:
            waits = service.setting_follow(actor=request.user, profile=self.object, key=self.setting.key)
        except Refused as refusal:
            messages.error(request, refusal.message)
            return redirect(request.path)
        return self._done(waits)

    def perform(self, form: Any) -> HttpResponse:
        """Through the service; its own refusal goes beside the answer."""
        try:
            done = service.setting_change(
                actor=self.request.user, profile=self.object, key=self.setting.key, raw=form.value
            )
        except Refused as refusal:
            raise Refused(refusal.message, field=form.editor.main) from refusal
        return self._done(done)

    def _done(self, done: Any) -> HttpResponse:
        if isinstance(done, PendingChange):
            words = f"“{self.setting.title}” waits for a second person. Until then nothing changes."
        else:
            words = f"“{self.setting.title}” is saved."
        messages.success(self.request, words)
        return redirect(detail_url(self.object, self.setting.key))

    def get_context_data(self, **kwargs: Any) -> dict:
        """The policy and what stands below, as context of the question."""
        key, below = self.setting.key, self.layers.below()
        changes = pages.changes_waiting(self.request.user, self.object)
        rows = pages.rows_of(self.object, self.layers, changes, [key])
        return super().get_context_data(
            place=self.object.place,
            setting=self.setting,
            row=rows[key],
            policy=self.profile.preset,
            policy_says=self._policy_says(),
            below_words=below.describe(key),
            below_source=pages.source_words(below, key, self.object),
            second_persons=pages.second_persons(self.request.user, self.object)
            if self.setting.routing
            else [],
            back=f"{detail_url(self.object)}#setting-{key}",
            **kwargs,
        )

    def _policy_says(self) -> str:
        stated = self.profile.policy_value(self.setting.key)
        return "" if stated is None else self.setting.describe(stated, self.profile.value("role_titles"))


class PresetChoose(ObjectMixin, KeptInputMixin, FormView):
    """The policy to start from, with what would change."""

    rules = profile_rules
    action = "edit"
    template_name = "people/profile_preset.html"
    form_class = PresetForm
    select_related = ("school__trust", "trust")

    def find(self, request: HttpRequest, uuid: Any) -> GovernanceProfile:
        """The profile, and the policies that it could start from."""
        row = super().find(request, uuid)
        trust_preset = None
        if row.school_id and row.school.trust_id:
            trust = GovernanceProfile.objects.filter(trust=row.school.trust_id).first()
            trust_preset = trust.preset if trust else ""
        self.options = pages.preset_options(row, layers_of(row), trust_preset)
        return row

    def get_form_kwargs(self) -> dict:
        """One radio button a policy, the present one chosen."""
        kwargs = super().get_form_kwargs()
        kwargs["options"] = [(o.slug, o.title, f"{o.description} {o.count_words}") for o in self.options]
        kwargs["now"] = self.object.preset
        return kwargs

    def perform(self, form: Any) -> HttpResponse:
        """Ask for the change."""
        service.preset_choose(actor=self.request.user, profile=self.object, preset=form.chosen_preset)
        messages.success(
            self.request, "The change of policy waits for a second person. Until then nothing changes."
        )
        return redirect(detail_url(self.object))

    def get_context_data(self, **kwargs: Any) -> dict:
        """The options with what would change."""
        changes = pages.changes_waiting(self.request.user, self.object)
        return super().get_context_data(
            place=self.object.place,
            options=self.options,
            waiting=pages.preset_waiting(changes),
            second_persons=pages.second_persons(self.request.user, self.object),
            back=detail_url(self.object),
            **kwargs,
        )
