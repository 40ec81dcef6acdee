"""Keying an answer in, and opening the scan behind one."""

import uuid
from datetime import date, datetime, time
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views import View
from django.views.generic import FormView

from consent.access import pupil_rules, reply_rules
from consent.ages import is_adult
from consent.forms.recording import ReplyForm
from consent.ledger import Verdict
from consent.models import Pupil, Purpose, Scan, Weight, Wording
from consent.register.rows import profile_at, purposes_of, questions_of, verdicts_of
from consent.services.reading import scan_opened
from consent.services.replies import Said
from consent.services.scans import reply_key_with_scans
from consent.terms import Terms, terms_of
from consent.wording import words_for
from core.clock import LONDON, end_of_day
from core.errors import Refused
from core.uploads import EXTENSIONS, PDF
from core.views import KeptInputMixin, ObjectMixin, redirect
from people.governance.profile import Profile

BY_WEIGHT = {
    Weight.COUNTS: "The answer is recorded.",
    Weight.TO_CHECK: "The answer is recorded and has to be checked: a no is respected now, a yes waits.",
    Weight.NOTED: "It is noted. It does not count until it comes in writing.",
}


def received(day: date, says_no: bool) -> datetime:
    """When an answer counts as received: now if it is today, else noon in London, a no at the end of the day.

    So a no is never older than a yes that the same person gave on that day through their link.
    """
    if day == timezone.localdate():
        return timezone.now()
    return end_of_day(day) if says_no else datetime.combine(day, time(12), tzinfo=LONDON)


class OpenMixin:
    """A page about a pupil, closed while a compulsory setting of the school is open. After `ObjectMixin`."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """See whether the part is open at the school."""
        missing = self.profile.open_settings("consent")
        if missing:
            context = {"school": self.object.school, "missing": missing}
            status = 409 if request.method == "POST" else 200
            return render(request, "consent/closed.html", context, status=status)
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def profile(self) -> Profile:
        """How the pupil's school governs."""
        return profile_at(self.request.user, self.object.school_id)


class ReplyRecord(ObjectMixin, OpenMixin, KeptInputMixin, FormView):
    """Key an answer in that came on paper, by e-mail, by letter or by word (CIT-7.10, STM-7.10)."""

    rules = pupil_rules
    action = "record"
    select_related = ("school",)
    form_class = ReplyForm
    template_name = "consent/reply_record.html"

    def find(self, request: HttpRequest, uuid: Any) -> Pupil:
        """The pupil, unless they were erased."""
        pupil = super().find(request, uuid)
        if pupil.erased_at:
            raise Http404("This pupil was erased")
        return pupil

    @cached_property
    def terms(self) -> Terms:
        """What the school's profile says about consent."""
        return terms_of(self.profile)

    @cached_property
    def purposes(self) -> list[Purpose]:
        """What the school asks about now."""
        return purposes_of([self.object.school_id]).get(self.object.school_id, [])

    def get_initial(self) -> dict[str, Any]:
        """One page makes one answer."""
        return {"once": uuid.uuid4()}

    def get_form_kwargs(self) -> dict:
        """Who may answer, and what is asked."""
        wordings: dict[int, list[Wording]] = {}
        for one in Wording.objects.filter(purpose__in=self.purposes).order_by("-number"):
            wordings.setdefault(one.purpose_id, []).append(one)
        return {
            **super().get_form_kwargs(),
            "ties": list(self.object.ties.filter(active=True).select_related("contact")),
            "adult": self.terms.at_18 and is_adult(self.object.born, timezone.localdate()),
            "terms": self.terms,
            "purposes": self.purposes,
            "wordings": wordings,
        }

    def get_context_data(self, **kwargs: Any) -> dict:
        """Whether the spoken word counts here, and the words of the questions."""
        context = super().get_context_data(pupil=self.object, purposes=self.purposes, **kwargs)
        wordings = context["form"].wordings
        return {
            **context,
            "in_writing": self.terms.in_writing,
            "questions": [(one, wordings[one.pk][0]) for one in self.purposes if wordings.get(one.pk)],
        }

    def perform(self, form: ReplyForm) -> HttpResponse:
        """Record it, and say what it changed."""
        data = form.cleaned_data
        said = Said(
            self.object,
            form.answers,
            form.contact,
            capable=data.get("capable") == "yes",
            wordings=form.shown,
            words=data["words"],
        )
        before = self._verdicts()
        try:
            reply = reply_key_with_scans(
                actor=self.request.user,
                said=said,
                once=data["once"],
                route=data["route"],
                received_at=received(data["received_on"], says_no=not all(form.answers.values())),
                scans=data["scans"],
            )
        except Refused as refusal:
            field = "who" if refusal.field == "contact" else refusal.field
            raise Refused(refusal.message, field=field) from refusal
        messages.success(self.request, " ".join([BY_WEIGHT[Weight(reply.weight)], *self._changes(before)]))
        return redirect(reverse("consent:pupil-detail", args=[self.object.uuid]))

    def _verdicts(self) -> dict[int, Verdict]:
        school = self.object.school_id
        return verdicts_of([self.object], questions_of([school]), {school: self.terms}, timezone.localdate())[
            self.object.pk
        ]

    def _changes(self, before: dict[int, Verdict]) -> list[str]:
        """What is different now, in a sentence for each question."""
        after = self._verdicts()
        changed = [one for one in self.purposes if before[one.pk] != after[one.pk]]
        if not changed:
            return ["What the pupil may be shown for stays as it was."]
        return [f"{one.title}: {_low(words_for(after[one.pk], True).text)}." for one in changed]


def _low(text: str) -> str:
    return text[:1].lower() + text[1:]


class ScanOpen(ObjectMixin, View):
    """The paper behind an answer. A PDF is only ever downloaded; opening it is recorded."""

    rules = reply_rules
    http_method_names = ("get",)

    def find(self, request: HttpRequest, uuid: Any) -> Scan:
        """The scan of a reply that the person may see, while its file is kept; else 404."""
        replies = reply_rules.visible_to(request.user, "view")
        rows = Scan.objects.filter(reply__in=replies.values("pk")).select_related(
            "reply__school", "reply__pupil"
        )
        scan = rows.filter(uuid=uuid).exclude(file="").first()
        if scan is None:
            raise Http404("No such scan")
        return scan

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> FileResponse:
        """The file, in a box without rights."""
        scan: Scan = self.object
        try:
            file = scan.file.open("rb")
        except OSError as error:
            raise Http404("The file of this scan is not there") from error
        scan_opened(actor=request.user, scan=scan)
        response = FileResponse(
            file,
            as_attachment=scan.media_type == PDF,
            filename=f"scan-{scan.uuid.hex[:8]}{EXTENSIONS.get(scan.media_type, '')}",
            content_type=scan.media_type,
        )
        response["X-Content-Type-Options"] = "nosniff"
        response["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
        response["Cache-Control"] = "private, no-store"
        return response
