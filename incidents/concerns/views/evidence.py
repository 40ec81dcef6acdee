"""Evidence: adding it, looking at it, and taking the original."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views import View
from django.views.generic import FormView, TemplateView

from core.errors import Refused
from core.tables import Column, Table, date_text
from core.uploads import JPEG, PDF, PNG
from core.views import InputMixin, ObjectMixin, redirect, refused
from incidents.abuse.services import url_of as url_of_entry
from incidents.concerns.access import evidence_rules
from incidents.concerns.forms.evidence import CouldForm, EvidenceForm
from incidents.concerns.services.evidence import (
    HELD,
    NO_FILE,
    evidence_add_file,
    evidence_add_link,
    evidence_add_text,
    evidence_seen,
    evidence_take,
    investigation_is_held,
)
from incidents.concerns.services.sending import url_of
from incidents.concerns.views.base import CaseStep
from incidents.models import Evidence, EvidenceKind
from people.forms.roles import Nothing
from people.fresh import FreshPasswordMixin
from people.governance.who import joined

MOST_CUSTODY = 50
SEALED = "default-src 'none'; sandbox; frame-ancestors 'none'"
ENDINGS = {
    PDF: ".pdf",
    JPEG: ".jpg",
    PNG: ".png",
    "image/webp": ".webp",
    "image/gif": ".gif",
    "image/tiff": ".tif",
}


class EvidenceAdd(CaseStep):
    """First the question, then what is added. Nothing is taken where an image of a child may be involved."""

    action = "add"
    anchor = "evidence"
    form_class = EvidenceForm
    template_name = "incidents/concerns/evidence_add.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The question; the form once it is answered with no; else what to do instead."""
        if problem := self.problem():
            return refused(request, Refused(problem), self.back())
        first = CouldForm(request.GET if "could" in request.GET else None)
        if not (first.is_bound and first.is_valid()):
            return self._page(first, "incidents/concerns/evidence_first.html", 422 if first.is_bound else 200)
        if first.cleaned_data["could"] != "no":
            return self._page(None, "incidents/concerns/evidence_stop.html", 200)
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A yes leads on before anything that was sent is looked at."""
        if problem := self.problem():
            return refused(request, Refused(problem), self.back())
        if request.POST.get("could") != "no":
            return redirect(f"{request.path}?could=yes")
        return super().post(request, *args, **kwargs)

    def problem(self) -> str:
        """Why nothing can be added now, or ""."""
        if self.object.image:
            return NO_FILE
        return HELD if investigation_is_held(self.object) else ""

    def _page(self, form: Any, template: str, status: int) -> HttpResponse:
        callers = [self.profile.title_of(spec.role, spec.post) for spec in self.profile.police_role or []]
        step = reverse("incidents:case-image", args=[self.object.uuid]) if self.may("handle") else ""
        context = self.get_context_data(form=form, callers=joined(callers, "or"), image_step=step)
        return self.response_class(self.request, [template], context, status=status)

    def get_initial(self) -> dict[str, Any]:
        """Usually it is one's own screenshot of today."""
        return {"captured_by": self.request.user.full_name, "could": "no"}

    def perform(self, form: EvidenceForm) -> HttpResponse:
        """Add it."""
        who: dict[str, Any] = {"actor": self.request.user, "concern": self.object, **form.facts}
        data = form.cleaned_data
        if data["kind"] == EvidenceKind.FILE:
            for upload in data["files"]:
                evidence_add_file(upload=upload, **who)
        elif data["kind"] == EvidenceKind.TEXT:
            evidence_add_text(text=data["text"], **who)
        else:
            evidence_add_link(address=data["address"], **who)
        return self.done("The evidence is kept, as it was added.")


class OneEvidenceMixin(ObjectMixin):
    """A page about one piece of evidence, of a case or of the abuse log."""

    rules = evidence_rules
    sensitive = True
    select_related = ("concern__school", "abuse__school", "abuse__account", "body", "by")
    object: Evidence

    @property
    def owner_url(self) -> str:
        """Where it belongs."""
        one = self.object
        return f"{url_of(one.concern)}#evidence" if one.concern else url_of_entry(one.abuse)


class EvidenceDetail(OneEvidenceMixin, TemplateView):
    """What it shows, where and when it was captured, and who had it in hand. Looking is recorded."""

    template_name = "incidents/concerns/evidence_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """The facts, after the looking was recorded."""
        one = self.object
        evidence_seen(actor=self.request.user, evidence=one)
        rows = one.custody.select_related("by").order_by("-pk")[:MOST_CUSTODY]
        columns = [Column("when", "When"), Column("what", "What"), Column("who", "Who")]
        custody = [[date_text(row.at), row.get_did_display(), row.by.full_name] for row in rows]
        return super().get_context_data(
            back=self.owner_url,
            facts=facts_of(one),
            body=one.body,
            custody=Table(columns, custody, "In whose hands it was", caption_hidden=True),
            may_take=one.kind == EvidenceKind.FILE and self.rules.allows(self.request.user, "take", one),
            **kwargs,
        )


def facts_of(one: Evidence) -> list[dict[str, Any]]:
    """The facts of a piece of evidence."""
    body = one.body
    rows = [
        {"key": "What it is", "value": one.get_kind_display()},
        {"key": "Where it was seen", "value": body.place},
        {"key": "Captured", "value": one.captured_at},
        {"key": "Captured by", "value": body.captured_by},
        {"key": "Added", "value": f"{date_text(timezone.localtime(one.at))}, by {one.by.full_name}"},
    ]
    if one.kind == EvidenceKind.FILE:
        rows.append({"key": "Name of the file", "value": body.original_name})
        rows.append({"key": "Kind and size", "value": f"{one.media_type}, {one.size:,} bytes"})
    rows.append({"key": "SHA-256", "value": one.sha256})
    return rows


class EvidenceShown(OneEvidenceMixin, View):
    """The picture, written anew from its pixels, in a box without rights. Looking is recorded."""

    http_method_names = ("get",)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> FileResponse:
        """The picture, or 404 where there is none to show."""
        field = self.object.body.shown
        if not field:
            raise Http404("There is nothing to show")
        try:
            file = field.open("rb")
        except OSError as error:
            raise Http404("The picture is not there") from error
        evidence_seen(actor=request.user, evidence=self.object)
        kind = PNG if field.name.endswith(".png") else JPEG
        name = f"evidence-{self.object.uuid.hex[:8]}{ENDINGS[kind]}"
        return _sealed(FileResponse(file, filename=name, content_type=kind))


class EvidenceOriginal(OneEvidenceMixin, FreshPasswordMixin, InputMixin, FormView):
    """The original, as a download, after the password was given again. Its custody says so."""

    action = "take"
    form_class = Nothing
    template_name = "incidents/concerns/evidence_original.html"
    password_reason = "The original leaves the portal, so we ask once more."

    def get_context_data(self, **kwargs: Any) -> dict:
        """What it means."""
        if self.object.kind != EvidenceKind.FILE:
            raise Http404("There is no file")
        return super().get_context_data(
            back=reverse("incidents:evidence-detail", args=[self.object.uuid]),
            body=self.object.body,
            **kwargs,
        )

    def perform(self, form: Nothing) -> HttpResponse:
        """Hand it out."""
        one = self.object
        file = evidence_take(actor=self.request.user, evidence=one).open("rb")
        name = f"evidence-{one.uuid.hex[:8]}{ENDINGS.get(one.media_type, '.bin')}"
        answer = FileResponse(
            file, as_attachment=True, filename=name, content_type="application/octet-stream"
        )
        return _sealed(answer)


def _sealed(response: FileResponse) -> FileResponse:
    """No browser may guess what it is, run anything in it, or keep it."""
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SEALED
    response["Cache-Control"] = "private, no-store"
    return response
