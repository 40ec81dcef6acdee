"""Reporting a concern: two questions, then the safe path or the form; the receipt and one's own reports."""

from functools import cached_property
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView, TemplateView

from core.views import AccessMixin, redirect
from incidents.abuse.access import abuse_rules
from incidents.access import matter_rules
from incidents.concerns.access import concern_rules
from incidents.concerns.forms.reporting import (
    GROUPS,
    NO,
    UNSURE,
    YES,
    ConcernForm,
    ConcernImageForm,
    DangerForm,
    ImageQuestionForm,
)
from incidents.concerns.receipts import nobody_heard, own_concerns, receipts
from incidents.concerns.services.sending import concern_send
from incidents.concerns.told import Told
from incidents.models import About, AbuseEntry, Category, Channel, Concern, Matter, MatterKind, Sort, Source
from incidents.views.base import AtSchoolMixin, several_schools
from people.governance.who import joined
from people.selectors import Place, profile_of
from people.views.own_school import OwnSchoolMixin

CARRIED = ("danger", "could", "report", "abuse", "paper", "school")
"""What is handed on from page to page in the address; none of it says anything about anybody."""
SORTS = {
    About.PUPIL: (Sort.PUPIL, "pupil"),
    About.STAFF: (Sort.STAFF, ""),
    About.HEAD: (Sort.HEAD, ""),
    About.OTHER: (Sort.OTHER, "other"),
}


def carried(request: HttpRequest, *without: str, **more: str) -> dict[str, str]:
    """What the next page must know."""
    kept = {name: request.GET[name] for name in CARRIED if request.GET.get(name) and name not in without}
    return kept | more


def address(name: str, params: dict[str, str]) -> str:
    """A page of reporting, with what it must know."""
    return reverse(f"incidents:{name}") + (f"?{urlencode(params)}" if params else "")


class ConcernStart(AccessMixin, TemplateView):
    """One question a page: danger first, then whether an indecent image could be involved (subtle 80)."""

    rules = concern_rules
    action = "report"
    sensitive = True
    template_name = "incidents/concerns/report_question.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask, or lead on."""
        asked = request.GET.get("asked", "")
        if request.GET.get("danger") not in (YES, NO):
            return self._ask(
                DangerForm(request.GET if asked else None), carried(request, "danger", asked="1")
            )
        if asked == "1" and request.GET["danger"] == YES:
            return redirect(address("concern-danger", carried(request)))
        form = ImageQuestionForm(request.GET if asked == "2" or "could" in request.GET else None)
        if form.is_bound and form.is_valid():
            if form.cleaned_data["could"] == NO:
                return redirect(address("concern-write", carried(request)))
            return redirect(address("concern-image", carried(request, "could")))
        return self._ask(form, carried(request, "could", asked="2"))

    def _ask(self, form: DangerForm | ImageQuestionForm, params: dict[str, str]) -> HttpResponse:
        context = self.get_context_data(form=form, params=params)
        return self.render_to_response(context, status=422 if form.is_bound else 200)


class ReportPage(OwnSchoolMixin, AccessMixin):
    """A page of reporting in the words of one's own school, where it is known which."""

    rules = concern_rules
    action = "report"
    sensitive = True

    def get_context_data(self, **kwargs: Any) -> dict:
        """Titles, and what is handed on."""
        dsl = self.profile.title_of("dsl") if self.place else "Designated Safeguarding Lead"
        callers = self.profile.police_role if self.place else []
        titles = [self.profile.title_of(spec.role, spec.post) for spec in callers or []]
        return super().get_context_data(
            dsl=dsl, callers=joined(titles, "or"), params=carried(self.request), **kwargs
        )


class ConcernDanger(ReportPage, TemplateView):
    """A child is in danger: what to do at once. Then the second question."""

    template_name = "incidents/concerns/report_danger.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """The second question, so that nothing more than it lies between this page and the form."""
        params = carried(self.request, "could", danger=YES, asked="2")
        return super().get_context_data(question=ImageQuestionForm(), asked=params, **kwargs)


class ReportStep(ReportPage, AtSchoolMixin, FormView):
    """A form that makes a concern, perhaps out of a report or an entry of the abuse log."""

    rules = concern_rules

    @cached_property
    def report(self) -> Matter | None:
        """The report about a person that becomes a concern: one that the person may read."""
        rows = matter_rules.visible_to(self.request.user, "read")
        return self._source("report", rows.select_related("school", "about_user", "content", "bypass"))

    @cached_property
    def entry(self) -> AbuseEntry | None:
        """The entry of the abuse log that is also a concern: one that the person may see."""
        rows = abuse_rules.visible_to(self.request.user, "view")
        return self._source("abuse", rows.select_related("school", "account"))

    def _source(self, name: str, rows: Any) -> Any:
        asked = self.request.GET.get(name)
        if not asked:
            return None
        try:
            found = rows.filter(uuid=UUID(asked)).first()
        except ValueError:
            found = None
        if found is None:
            raise Http404("No such page")
        return found

    @cached_property
    def place(self) -> Place | None:
        """The school of what it is made from, else the chosen one."""
        source = self.report or self.entry
        if source is None:
            return super().place
        found = next((one for one in self.places if one.pk == source.school_id), None)
        if found is None:
            raise Http404("No such school")
        return found

    @property
    def paper(self) -> bool:
        """Whether a form on paper is keyed in."""
        return bool(self.request.GET.get("paper"))

    def get_form_kwargs(self) -> dict[str, Any]:
        """How the school governs, and whom the source names."""
        return {
            **super().get_form_kwargs(),
            "profile": self.profile,
            "paper": self.paper,
            "somebody": {1: subject_of(self.report)} if self.report else None,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """One more row of people, with everything as it was typed; or send it."""
        if "add" in request.POST and self.place is not None:
            return self.render_to_response(self.get_context_data(form=self.get_form()))
        return super().post(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict:
        """The rows stand beside the form, so that the summary of errors lists theirs too."""
        context = super().get_context_data(**kwargs)
        form = context["form"]
        return {
            **context,
            "rows": form.rows if form else [],
            "next_row": len(form.rows) + 1 if form else 0,
            "paper": self.paper,
            "source": self.report or self.entry,
        }

    def common(self, form: ConcernForm | ConcernImageForm) -> dict[str, Any]:
        """What both forms tell."""
        data = form.cleaned_data
        return {
            "people": form.people,
            "confidential": data["confidential"],
            "channel": Channel.PAPER if self.paper else Channel.PORTAL,
            "written_on": data.get("written_on"),
            "reporter_is": data.get("reporter_is", ""),
            "report": self.report,
            "abuse": self.entry,
        }

    def send(self, form: ConcernForm | ConcernImageForm, told: Told) -> Concern:
        """Through the service. Raises Refused."""
        return concern_send(
            actor=self.request.user, school=self.school, once=form.cleaned_data["once"], told=told
        )


def subject_of(matter: Matter) -> dict[str, str]:
    """Whose doing a report says it was, as a row of the form has it."""
    sort, field = SORTS.get(About(matter.about), (Sort.UNKNOWN, ""))
    if matter.about == About.UNKNOWN:
        return {}
    found = {"sort": str(sort)}
    if matter.about_user is not None and sort == Sort.STAFF:
        found["person"] = str(matter.about_user.uuid)
    return found | ({field: matter.about_words} if field else {})


class ConcernWrite(ReportStep):
    """The form."""

    template_name = "incidents/concerns/report_form.html"
    form_class = ConcernForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """What came from a record of a possible indecent image stays on the safe path."""
        if self.report is not None and self.report.kind == MatterKind.IMAGE:
            return redirect(address("concern-image", carried(request, "could")))
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """An indecent image leads to the safe path before anything that was typed is looked at."""
        image = request.POST.get("category") == Category.IMAGERY or request.POST.get("could") in (YES, UNSURE)
        if image or (self.report is not None and self.report.kind == MatterKind.IMAGE):
            more = {"school": str(self.place.uuid)} if self.place else {}
            return redirect(address("concern-image", carried(request, "could", from_form="1", **more)))
        return super().post(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        """What is known already."""
        initial = super().get_initial() | {"danger": self.request.GET.get("danger", "")}
        if self.report is not None:
            initial |= {"what": words_of(self.report), "happened_on": day_of(self.report)}
        if self.entry is not None:
            seen = timezone.localtime(self.entry.seen_at).date()
            shown = f"{self.entry.author}: {self.entry.words}"
            initial |= {"what": shown, "happened_on": seen, "happened_where": self.entry.where}
        return initial

    def get_form_kwargs(self) -> dict[str, Any]:
        """Which of the two questions were answered before."""
        both = (self.request.GET, self.request.POST)
        answered = {"danger"} if any(data.get("danger") in (YES, NO) for data in both) else set()
        answered |= {"could"} if any(data.get("could") == NO for data in both) else set()
        return {**super().get_form_kwargs(), "answered": answered}

    def perform(self, form: ConcernForm) -> HttpResponse:
        """Send it."""
        data = form.cleaned_data
        common = self.common(form)
        if form.teller is not None:
            common["people"] = (*common["people"], form.teller)
        common["confidential"] = common["confidential"] or data["source"] == Source.STAFF
        texts = ("what", "happened_on", "happened_when", "happened_where", "child_said", "done", "wishes")
        told = Told(
            category=Category(data["category"]),
            **{name: data[name] for name in texts},
            source=data["source"],
            in_hours=data.get("in_hours", False),
            in_danger=data["danger"] == YES,
            aware_at=form.aware_at,
            **common,
        )
        concern = self.send(form, told)
        late = data["danger"] == YES and self.request.GET.get("danger") != YES
        return redirect(
            reverse("incidents:concern-sent", args=[concern.uuid]) + ("?danger=yes" if late else "")
        )


def words_of(matter: Matter) -> str:
    """What was written in a report, to go on from."""
    if matter.kind == MatterKind.CONTENT:
        return matter.content.words
    return matter.bypass.what if matter.kind == MatterKind.BYPASS else ""


def day_of(matter: Matter) -> Any:
    """The day of which a report speaks."""
    if matter.kind == MatterKind.CONTENT:
        return matter.content.seen_on
    return matter.bypass.happened_on if matter.kind == MatterKind.BYPASS else None


class ConcernImage(ReportStep):
    """What to do now; then who is concerned, and who called the police. Nothing else is taken in."""

    template_name = "incidents/concerns/report_image.html"
    form_class = ConcernImageForm

    def get_context_data(self, **kwargs: Any) -> dict:
        """Whether something that was typed was left behind."""
        decides = self.place is not None and self.profile.indecent_image_pupil_route == "dsl_decides"
        return super().get_context_data(
            from_form="from_form" in self.request.GET, dsl_decides=decides, **kwargs
        )

    def perform(self, form: ConcernImageForm) -> HttpResponse:
        """Record it."""
        data = form.cleaned_data
        told = Told(
            category=form.category,
            image=True,
            in_danger=self.request.GET.get("danger") == YES,
            source="",
            police_called_by=data["police_called_by"],
            police_called_at=form.called_at,
            police_reference=data["police_reference"],
            police_not_called=form.why_not,
            **self.common(form),
        )
        return redirect(reverse("incidents:concern-sent", args=[self.send(form, told).uuid]))


class ConcernSent(TemplateView):
    """The receipt: reference, when, and what happens next. Nothing of what was written."""

    rules = concern_rules
    access_declared = "rules"
    sensitive = True
    template_name = "incidents/concerns/report_sent.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """Only what cannot change once it was sent: a page that changed would tell (subtle 57)."""
        rows = own_concerns(self.request.user).select_related("school")
        concern = rows.filter(uuid=self.kwargs["uuid"]).first()
        if concern is None:
            raise Http404("No such page")
        profile = profile_of(concern.school)
        nobody = nobody_heard(concern)
        return super().get_context_data(
            object=concern,
            facts=[
                {"key": "Reference", "value": concern.reference},
                {"key": "Sent", "value": concern.at},
                {"key": "School", "value": concern.school.name},
            ],
            nobody=nobody,
            contact=(profile.last_resort_contact or "") if nobody else "",
            dsl=profile.title_of("dsl"),
            danger=self.request.GET.get("danger") == YES,
            paper=concern.channel == Channel.PAPER,
            **kwargs,
        )


class ConcernMine(AccessMixin, TemplateView):
    """What the person reported, and whether it was received and closed."""

    rules = concern_rules
    action = "report"
    sensitive = True
    template_name = "incidents/concerns/report_mine.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """One page of the list."""
        found = receipts(self.request, with_school=several_schools(self.request.user))
        return super().get_context_data(**found, **kwargs)


class ConcernBlank(ReportPage, TemplateView):
    """The form on paper, for the day on which the network is down."""

    template_name = "incidents/concerns/report_blank.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        """The same questions."""
        groups = [(title, [one.label for one in group if one != Category.IMAGERY]) for title, group in GROUPS]
        decides = self.place is not None and self.profile.indecent_image_pupil_route == "dsl_decides"
        return super().get_context_data(
            groups=groups,
            sources=Source.labels,
            today=timezone.localdate(),
            dsl_decides=decides,
            in_hours=self.place is not None and bool(self.profile.misuse_in_hours_recipient),
            **kwargs,
        )
