"""Linking pupils to a record of another room, and taking a wrong link away."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.views.generic import FormView

from consent.access import pupil_rules
from consent.forms.keeping import MentionForm
from consent.models import Pupil
from consent.services.mentions import (
    MENTION_KINDS,
    MentionKind,
    mention_add,
    mention_remove,
    mentioned_in,
    pupils_called,
)
from core.errors import Refused
from core.views import InputMixin, PostOnly, redirect, refused


class OneRecordMixin:
    """A page about one record of another room: who may not read it gets 404; who sees no pupils there, 403."""

    access_declared = "rules"
    sensitive = True
    kind: MentionKind
    row: Any

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Find the record through the rules of its own room."""
        found = next((one for one in MENTION_KINDS.values() if one.slug == kwargs["kind"]), None)
        row = found.readable(request.user).filter(uuid=kwargs["uuid"]).first() if found else None
        if found is None or row is None:
            raise Http404("No such page")
        self.kind, self.row = found, row
        if not found.changeable(request.user).filter(pk=row.pk).exists():
            raise PermissionDenied
        if not pupil_rules.allows_at(request.user, "view", row.school):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def pupil_of(self, key: str) -> Pupil:
        """A pupil of the record's school whom the person may see. Raises Refused for no such pupil."""
        try:
            uuid = UUID(key)
        except ValueError as error:
            raise Refused("Choose a pupil of the list.") from error
        rows = pupil_rules.visible_to(self.request.user).filter(school=self.row.school_id)
        pupil = rows.filter(uuid=uuid).first()
        if pupil is None:
            raise Refused("Choose a pupil of the list.")
        return pupil


class MentionChange(OneRecordMixin, InputMixin, FormView):
    """The pupils whom a record names: add one by name, take a wrong one away."""

    form_class = MentionForm
    template_name = "consent/mention_change.html"

    def get_form(self, form_class: Any = None) -> MentionForm:
        """Where several pupils have the typed name, which one is asked for too."""
        form = super().get_form(form_class)
        typed = form.data.get("name", "") if form.is_bound else ""
        self.called = pupils_called(self.request.user, self.row, typed) if typed else []
        if self.kind.former(self.row):
            form.say_former()
        if len(self.called) > 1:
            form.offer(self.called)
        return form

    def get_context_data(self, **kwargs: Any) -> dict:
        """Who is linked now."""
        return super().get_context_data(
            object=self.row,
            kind=self.kind,
            back=self.kind.url(self.row),
            pupils=list(mentioned_in(self.row)),
            **kwargs,
        )

    def perform(self, form: MentionForm) -> HttpResponse:
        """Link the one who is meant."""
        if not self.called:
            raise Refused(
                "No pupil of this school has this name. Type first name and last name as in the register.",
                field="name",
            )
        chosen = form.cleaned_data.get("pupil")
        pupil = self.pupil_of(chosen) if chosen else self.called[0]
        mention_add(actor=self.request.user, row=self.row, pupil=pupil)
        messages.success(self.request, f"{pupil} is linked.")
        return redirect(self.request.path)


class MentionRemove(OneRecordMixin, PostOnly):
    """Take one link away."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take it away and go back."""
        back = request.path.removesuffix("remove/")
        try:
            pupil = self.pupil_of(request.POST.get("pupil", ""))
            mention_remove(actor=request.user, row=self.row, pupil=pupil)
        except Refused as refusal:
            return refused(request, refusal, back)
        messages.success(request, f"{pupil} is not linked any more.")
        return redirect(back)
