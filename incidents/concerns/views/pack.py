"""The chronology pack: choices, a check of what is left out, and the bundle to print."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from core.errors import Refused
from core.tables import Column, Table, date_text
from core.views import refused
from incidents.concerns.forms.evidence import PackForm, label_of
from incidents.concerns.moves import after
from incidents.concerns.redaction import FOR_WHOM
from incidents.concerns.services.packs import (
    Pack,
    PackChoices,
    entries_of,
    pack_check,
    pack_make,
    parts_of,
)
from incidents.concerns.views.base import CaseStep
from people.fresh import FreshPasswordMixin

CHOICES = ("whom", "name", "reporter", "people", "single_names", "entries", "pictures")
INDEX = [
    Column("number", "Item", numeric=True),
    Column("kind", "Kind"),
    Column("title", "What"),
    Column("when", "When"),
    Column("sha256", "SHA-256"),
]
ACTIONS = [Column(key, key) for key in ("To do", "Who", "Due", "Done")]
REFERRALS = [Column(key, key) for key in ("Body", "Contacted", "By", "Reference", "Advice received")]


class PackMake(FreshPasswordMixin, CaseStep):
    """Two steps on one address, so that no choice ever stands in one: look at what is replaced, then make it."""

    action = "road"
    anchor = "evidence"
    form_class = PackForm
    template_name = "incidents/concerns/pack_choose.html"
    password_reason = "The pack holds the whole case, so we ask once more."

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """What is made of a case is kept by no browser."""
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        return response

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A case is read before it is packed."""
        try:
            after(self.object.status, "print")
        except Refused as refusal:
            return refused(request, refusal, self.back())
        return super().get(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        """Whoever reported in confidence is left out unless somebody decides otherwise."""
        return {"reporter": self.object.confidential, "single_names": True}

    def get_form_kwargs(self) -> dict[str, Any]:
        """The people and the lines of this case."""
        lines = [
            (str(row.uuid), f"{date_text(row.at)}: {row.get_kind_display()}")
            for row in entries_of(self.request.user, self.object)
        ]
        parts = [(str(part.uuid), label_of(part)) for part in parts_of(self.object)]
        return {**super().get_form_kwargs(), "parts": parts, "lines": lines}

    def perform(self, form: PackForm) -> HttpResponse:
        """The check, or the pack."""
        data = form.cleaned_data
        choices = PackChoices(
            whom=data["whom"],
            name=data["name"],
            reporter=data["reporter"],
            people=frozenset(data.get("people", ())),
            entries=frozenset(data.get("entries", ())),
            pictures=data["pictures"],
            single_names=data["single_names"],
        )
        who: dict[str, Any] = {"actor": self.request.user, "concern": self.object, "choices": choices}
        if self.request.POST.get("do") != "make":
            pack = pack_check(**who)
            hidden = [form[name] for name in CHOICES if name in form.fields]
            return self._page("incidents/concerns/pack_check.html", pack, choices, hidden=hidden)
        return self._page("incidents/concerns/pack.html", pack_make(**who), choices)

    def _page(self, template: str, pack: Pack, choices: PackChoices, **more: Any) -> HttpResponse:
        index = [[one.number, one.kind, one.title, date_text(one.when), one.sha256] for one in pack.items]
        context = super().get_context_data(
            pack=pack,
            whom=dict(FOR_WHOM)[choices.whom],
            name=choices.name,
            outside=not choices.is_own,
            made=timezone.now(),
            index=Table(INDEX, index, "Index", caption_hidden=True, stack=False),
            actions=Table(ACTIONS, pack.actions, "Actions", caption_hidden=True) if pack.actions else None,
            referrals=Table(REFERRALS, pack.referrals, "Referrals", caption_hidden=True)
            if pack.referrals
            else None,
            form=None,
            **more,
        )
        return self.response_class(self.request, [template], context)
