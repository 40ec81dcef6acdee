"""What every page of Django's admin stands on: the same rules and services as the portal (design 3.6).

Rows, permissions and choices come from a model's `Rules`; saving goes through services, whose refusal
stands beside the form with nothing typed lost; nothing is deleted; Django's own log entries are not written,
because the audit log is the history.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar
from urllib.parse import parse_qs

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IS_POPUP_VAR, TO_FIELD_VAR
from django.contrib.admin.utils import quote, unquote
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.db.models import DateField, ForeignKey, Model, QuerySet
from django.forms import DateInput, Field, ModelForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from core.access import RULES, Rules
from core.audit import ACTIONS, audited, history_of
from core.errors import Refused


class RefusedMixin:
    """A form that was sound but whose service said no: it shows the refusal beside its field."""

    refusal: ClassVar[Refused]

    def _post_clean(self) -> None:
        super()._post_clean()
        field = self.refusal.field if self.refusal.field in self.fields else None
        self.add_error(field, self.refusal.message.replace("%", "%%"))


class PublicIdChangeList(ChangeList):
    """A list whose links carry public ids: nothing counts up in an address (design 3.7)."""

    def url_for_result(self, result: Model) -> str:
        """The page of one row."""
        return self.model_admin.address_of(result)


class OwnFilter(admin.SimpleListFilter):
    """A filter that offers only what the person may see, and finds nothing for any other value."""

    rules: Rules
    most = 200

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Public id and name of each."""
        rows = self.rules.visible_to(request.user, "view").order_by("name")[: self.most]
        return [(str(row.uuid), str(row)) for row in rows]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """The rows of the chosen one."""
        if not self.value():
            return queryset
        try:
            row = self.rules.visible_to(request.user, "view").filter(uuid=self.value()).first()
        except ValidationError:  # not the form of an id
            row = None
        return queryset.none() if row is None else self.narrow(request, queryset, row)

    def narrow(self, request: HttpRequest, queryset: QuerySet, row: Any) -> QuerySet:
        """The rows that belong to it."""
        return queryset.filter(**{self.parameter_name: row})


class FieldsFromRules:
    """Choices of a foreign key are what the person may see; no pop-ups to add or change them."""

    choice_actions: ClassVar[dict[str, str]] = {}
    # The browser's own way to pick a date: it needs no script and is named and reached like any other box.
    formfield_overrides: ClassVar[dict] = {
        DateField: {"widget": DateInput(format="%Y-%m-%d", attrs={"type": "date"})}
    }

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Field | None:
        """The field as Django makes it, without the links of its wrapper."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Field:
        """Only visible rows; a model without rules offers none."""
        kwargs["queryset"] = self.choices_for(db_field, request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def choices_for(self, db_field: ForeignKey, request: HttpRequest) -> QuerySet:
        """The rows that may be chosen."""
        related = db_field.remote_field.model
        rules = RULES.get(related._meta.label)
        if rules is None:
            return related._default_manager.none()
        return rules.visible_to(request.user, self.choice_actions.get(db_field.name, "view"))


class RulesInline(FieldsFromRules, admin.StackedInline):
    """Rows below a row: those that the rules show, and never a deletion."""

    rules: Rules
    extra = 0
    can_delete = False
    show_change_link = False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """What the person may see."""
        return self.rules.visible_to(request.user, "view")

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whether the rules let the person see any."""
        return self.rules.can_ever(request.user, "view")

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Not unless a class says so."""
        return False

    has_change_permission = has_add_permission

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Never."""
        return False


class RulesModelAdmin(FieldsFromRules, admin.ModelAdmin):
    """The admin of one model, as its rules allow.

    Attributes:
        rules: who may do what.
        change_action, add_action: the actions of the rules that open the form.
        address_field: the public id in addresses.
        history_actions: the audit actions that the history page shows, so that it shows no other.
    """

    rules: Rules
    change_action = "edit"
    add_action = "add"
    address_field = "uuid"
    history_actions: Iterable[str] = ()
    actions_on_bottom = False
    list_per_page = 25
    list_max_show_all = 100
    show_full_result_count = False
    view_on_site = False
    save_as = False

    # Who may do what --------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """The only road to a row."""
        rows = self.rules.visible_to(request.user, "view")
        ordering = self.get_ordering(request)
        return rows.order_by(*ordering) if ordering else rows

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether the model stands on the index."""
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """As the rules say, of this row or of any."""
        return self._may(request, "view", obj)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """As the rules say, of this row or of any."""
        return self._may(request, self.change_action, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whether the person may do this anywhere; the service asks about the place."""
        return self.rules.can_ever(request.user, self.add_action)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing is deleted here."""
        return False

    def _may(self, request: HttpRequest, action: str, obj: Model | None) -> bool:
        if obj is None:
            return self.rules.can_ever(request.user, action)
        return self.rules.allows(request.user, action, obj)

    # No other ways in -------------------------------------------------------------------------

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Only the filters that the list offers: any other would be a way to guess at fields."""
        allowed = set()
        for each in self.list_filter:
            if isinstance(each, str):
                allowed |= {f"{each}__exact", f"{each}__isnull"}
            elif isinstance(each, type) and issubclass(each, admin.SimpleListFilter):
                allowed.add(each.parameter_name)
        return lookup in allowed

    def to_field_allowed(self, request: HttpRequest, to_field: str) -> bool:
        """Rows are found by their public id and by nothing else."""
        return False

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Model | None:
        """The visible row with this public id."""
        if "\x00" in object_id:  # no database takes it
            return None
        try:
            return self.get_queryset(request).filter(**{self.address_field: object_id}).first()
        except (ValidationError, ValueError):
            return None

    def address_of(self, row: Model, page: str = "change") -> str:
        """A page about one row, by its public id."""
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}"
        return reverse(name, args=[quote(getattr(row, self.address_field))])

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """A list that links by public ids."""
        return PublicIdChangeList

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        raise Http404("No such page")

    # Saving -----------------------------------------------------------------------------------

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """The list; no pop-up."""
        _no_popups(request)
        if not all(_is_number(picked) for picked in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            raise BadRequest("a row that was ticked has no number")
        return super().changelist_view(request, extra_context)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict | None = None,
    ) -> HttpResponse:
        """The form. What a service refuses is undone as a whole and shown with everything that was typed."""
        _no_popups(request)
        request.outcome = []
        request.refusal = self.refused_beforehand(request, object_id) if request.method == "POST" else None
        if request.method != "POST" or request.refusal is not None:
            return super().changeform_view(request, object_id, form_url, extra_context)
        try:
            with audited():
                return super().changeform_view(request, object_id, form_url, extra_context)
        except Refused as refusal:
            request.refusal, request.outcome = refusal, []
            return super().changeform_view(request, object_id, form_url, extra_context)

    def refused_beforehand(self, request: HttpRequest, object_id: str | None) -> Refused | None:
        """What is wrong before anything is looked at, such as a password that must be given again."""
        return None

    def get_form(
        self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any
    ) -> type:
        """The form; after a refusal, one that shows it."""
        form: type[ModelForm] = super().get_form(request, obj, change, **kwargs)
        refusal = getattr(request, "refusal", None)
        if refusal is None:
            return form
        return type(form)(form.__name__, (RefusedMixin, form), {"refusal": refusal})

    def save_model(self, request: HttpRequest, obj: Model, form: ModelForm, change: bool) -> None:
        """Call the services of the model. Never `obj.save()`."""
        raise PermissionDenied(f"{type(self).__name__} does not say how it saves")

    def save_formset(self, request: HttpRequest, form: ModelForm, formset: Any, change: bool) -> None:
        """Rows below a row are saved by the services of `save_model`."""

    def say(self, request: HttpRequest, words: str, level: int = messages.SUCCESS) -> None:
        """Tell the person after the form is saved."""
        request.outcome.append((level, words))

    def response_add(
        self, request: HttpRequest, obj: Model, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Say what happened; what waits for a second person has no page of its own yet."""
        return self._after(request, obj)

    def response_change(self, request: HttpRequest, obj: Model) -> HttpResponse:
        """Say what happened."""
        return self._after(request, obj)

    def _after(self, request: HttpRequest, obj: Model) -> HttpResponse:
        for level, words in request.outcome or [(messages.INFO, "Nothing was changed.")]:
            messages.add_message(request, level, words)
        start = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        if "_addanother" in request.POST and self.has_add_permission(request):
            return HttpResponseRedirect(reverse(f"{start}_add"))
        if "_continue" in request.POST and obj.pk:
            return HttpResponseRedirect(self.address_of(obj))
        kept = parse_qs(self.get_preserved_filters(request)).get("_changelist_filters", [""])[0]
        return HttpResponseRedirect(reverse(f"{start}_changelist") + (f"?{kept}" if kept else ""))

    # History ----------------------------------------------------------------------------------

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> None:
        """The audit log is the history."""

    log_change = log_addition

    def construct_change_message(
        self, request: HttpRequest, form: ModelForm, formsets: Any, add: bool = False
    ) -> list:
        """No message for a log that is not written."""
        return []

    def render_change_form(self, request: HttpRequest, context: dict, **kwargs: Any) -> HttpResponse:
        """Add the address of the history page."""
        obj = kwargs.get("obj")
        context["history_url"] = self.address_of(obj, "history") if obj is not None and obj.pk else ""
        return super().render_change_form(request, context, **kwargs)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict | None = None
    ) -> HttpResponse:
        """What the audit log says about this row, of the actions that belong to this page."""
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            raise Http404("No such page")
        if not self.has_view_permission(request, obj):
            raise PermissionDenied
        events = history_of(obj).filter(action__in=list(self.history_actions)).order_by("-number")[:200]
        context = {
            **self.admin_site.each_context(request),
            "title": f"History of {obj}",
            "opts": self.opts,
            "object": obj,
            "change_url": self.address_of(obj),
            "module_name": str(self.opts.verbose_name_plural).capitalize(),
            "events": [
                {
                    "at": event.at,
                    "who": event.actor or "The portal",
                    "what": ACTIONS.get(event.action, event.action),
                    "fields": ", ".join(str(name) for name in event.data.get("fields", ()))
                    or event.data.get("key", ""),
                }
                for event in events
            ],
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/object_history.html", context)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18


def _no_popups(request: HttpRequest) -> None:
    """The pages of the admin are never pop-ups of one another, and never pick rows by a field of choice."""
    for name in (IS_POPUP_VAR, TO_FIELD_VAR):
        if name in request.GET or name in request.POST:
            raise PermissionDenied("no pop-ups here")
