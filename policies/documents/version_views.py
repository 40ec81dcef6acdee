"""One version: to be read, taken as a file, compared with another, written, and put aside."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views import View
from django.views.generic import FormView, TemplateView

from core.errors import Refused
from core.tables import Status
from core.uploads import BadUpload
from core.views import ObjectMixin, PostOnly, redirect, refused
from policies.documents import pages
from policies.documents.access import document_rules, version_rules
from policies.documents.compare import MOST_PARAGRAPHS, Difference, TooLong, comparable, difference, words_of
from policies.documents.forms import FILE, TEXT, DraftForm
from policies.documents.selectors import in_force
from policies.documents.services import MOST_TEXT, version_draft, version_drop
from policies.documents.views import OfDocumentMixin, StepMixin
from policies.downloads import boxed, download
from policies.models import Version


class OneVersionMixin(ObjectMixin):
    """A page about one version that the person may read."""

    rules = version_rules
    select_related = ("document__school", "made_by")
    object: Version


class VersionDetail(OneVersionMixin, TemplateView):
    """The words of a version, or its file."""

    template_name = "policies/documents/version.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """Words and facts."""
        row, user = self.object, self.request.user
        draft = row.state == Version.State.DRAFT and row.document.retired_at is None
        others = self.rules.visible_to(user, "view").filter(document=row.document).exclude(pk=row.pk)
        return super().get_context_data(
            parts=pages.parts_of(row.text),
            facts=pages.version_facts(row),
            status=Status(pages.version_status(row)),
            writes=draft and document_rules.allows(user, "write", row.document),
            compares=others.exists(),
            **kwargs,
        )


class VersionFile(OneVersionMixin, View):
    """The file of a version, or its words as a file: always a download."""

    http_method_names = ("get",)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The file, in a box without rights."""
        row = self.object
        name = pages.file_stem(row)
        if row.file:
            return download(row.file, row.media_type, name)
        response = HttpResponse(row.text, content_type="text/plain; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{name}.txt"'
        return boxed(response)


class VersionCompare(OneVersionMixin, TemplateView):
    """What changed from another version to this one, by paragraph and word."""

    template_name = "policies/documents/compare.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """The difference, or why there is none to show."""
        row = self.object
        others = self.rules.visible_to(self.request.user, "view").filter(document=row.document)
        others = others.exclude(pk=row.pk)
        older = self._other(others)
        found, problem = None, ""
        if older is None:
            problem = "There is no other version to compare with."
        elif not (comparable(older) and comparable(row)):
            problem = (
                "Words and Word files are compared, and a PDF or a scan is not. Download both and look at them side "
                "by side."
            )
        else:
            found, problem = self._difference(older, row)
        return super().get_context_data(
            older=older,
            others=list(others.defer("text").order_by("-number")),
            difference=found,
            problem=problem,
            of_files=bool(found and (row.file or older.file)),
            counts=[(found.count(how), how) for how in ("changed", "added", "removed")] if found else [],
            **kwargs,
        )

    @staticmethod
    def _difference(older: Version, newer: Version) -> tuple[Difference | None, str]:
        """What changed, or why it cannot be told."""
        try:
            return difference(words_of(older), words_of(newer)), ""
        except TooLong:
            most = f"{MOST_PARAGRAPHS:,} paragraphs or {MOST_TEXT:,} characters"
            return None, f"A text of more than {most} cannot be compared here. Download both."
        except (BadUpload, OSError):
            return None, "The words of a file could not be read. Download both and look at them side by side."

    def _other(self, others: Any) -> Version | None:
        """The one that was chosen, else the newest adopted one before it, else any before it."""
        wanted = self.request.GET.get("with", "")
        if wanted:
            chosen = next((one for one in others.defer("text") if str(one.uuid) == wanted), None)
            if chosen is None:
                raise Http404("No such version")
            return get_object_or_404(others, pk=chosen.pk)
        before = others.filter(number__lt=self.object.number).order_by("-number")
        return before.exclude(state=Version.State.DROPPED).first() or before.first() or others.first()


class VersionDraft(StepMixin, FormView):
    """Write the one draft, or change it. It comes into force through a review, and in no other way."""

    action = "write"
    form_class = DraftForm
    button = "Save the draft"
    points = (
        "The version in force stays as it is. A draft comes into force when a review of it is ratified.",
        "Whoever writes or changes a draft has made it, and does not ratify it.",
    )

    def get_initial(self) -> dict[str, Any]:
        """The draft as it is, or the words that are in force."""
        draft = self.object.versions.filter(state=Version.State.DRAFT).first()
        start = draft or in_force(self.object)
        if start is None:
            return {"how": TEXT, "seen": ""}
        return {
            "how": FILE if start.file else TEXT,
            "text": start.text,
            "edition": draft.edition if draft else "",
            "changes": draft.changes if draft else "",
            "seen": draft.sha256 if draft else "",
        }

    def get_context_data(self, **kwargs: Any) -> dict:
        """The title says whether there is a draft."""
        there = self.object.versions.filter(state=Version.State.DRAFT).exists()
        title = "Change the draft" if there else "Write a new version"
        return super().get_context_data(title=title, uploads=True, **kwargs)

    def perform(self, form: DraftForm) -> HttpResponse:
        """Save it."""
        data = form.cleaned_data
        version = version_draft(
            actor=self.request.user,
            document=self.object,
            text=data["text"] or "",
            file=data["file"],
            edition=data["edition"],
            changes=data["changes"],
            seen=data["seen"],
        )
        messages.success(self.request, "The draft is saved. The version in force stays as it is.")
        return redirect(pages.version_url(version))


class VersionDrop(OfDocumentMixin, PostOnly):
    """Put the draft aside."""

    action = "write"
    model = Version

    def find(self, request: HttpRequest, uuid: Any) -> Version:
        """A version that the person may read, else 404."""
        if not version_rules.visible_to(request.user, "view").filter(uuid=uuid).exists():
            raise Http404("No such page")
        return super().find(request, uuid)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Put it aside."""
        back = self.object.document.get_absolute_url()
        try:
            version_drop(actor=request.user, version=self.object)
        except Refused as refusal:
            return refused(request, refusal, back)
        messages.success(request, "The draft is put aside.")
        return redirect(back)
