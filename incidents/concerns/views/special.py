"""Steps of cases of a kind of their own: data protection breaches and complaints."""

from typing import Any

from django.http import HttpResponse

from incidents.concerns.forms.outcomes import (
    AcknowledgeForm,
    AwareForm,
    BreachForm,
    HearingForm,
    ReportedForm,
)
from incidents.concerns.forms.referrals import moment_of
from incidents.concerns.services.special import (
    acknowledge,
    breach_aware,
    breach_decide,
    breach_reported,
    hearing_record,
)
from incidents.concerns.views.base import CaseStep
from incidents.models import Hearing


class SpecialStep(CaseStep):
    """A step of the part that is of this kind of case alone."""

    anchor = "special"


class BreachAware(SpecialStep):
    """Since when the school is aware of a breach."""

    form_class = AwareForm
    title, button = "When the school became aware", "Record it"
    done_message = "It is recorded. The 72 hours run from there."
    points = (
        (
            "Aware means that somebody at the school was reasonably sure that personal data was lost, changed, "
            "shown or given away. The 72 hours run through nights and weekends."
        ),
    )

    def perform(self, form: AwareForm) -> HttpResponse:
        """Record it."""
        at = moment_of(form.cleaned_data, "aware_on", "aware_time")
        breach_aware(actor=self.request.user, concern=self.object, aware_at=at)
        return self.done()


class BreachDecide(SpecialStep):
    """Report it to the ICO or not."""

    form_class = BreachForm
    title, button = "Report the breach to the ICO?", "Record the decision"
    done_message = "The decision is recorded."
    points = (
        "Ask your data protection officer. A decision not to report is kept with its reasons too.",
        "It may be changed until it was reported. Each decision stays in the chronology.",
    )

    def perform(self, form: BreachForm) -> HttpResponse:
        """Record it."""
        data = form.cleaned_data
        breach_decide(
            actor=self.request.user,
            concern=self.object,
            report_it=data["report_it"] == "yes",
            reasons=data["reasons"],
            people_told={"yes": True, "no": False}.get(data["people_told"]),
        )
        return self.done()


class BreachReported(SpecialStep):
    """It was reported."""

    form_class = ReportedForm
    title, button, done_message = "The breach was reported to the ICO", "Record it", "The report is recorded."
    points = ("Report it to the ICO first. The portal sends nothing.",)

    def perform(self, form: ReportedForm) -> HttpResponse:
        """Record it."""
        data = form.cleaned_data
        breach_reported(
            actor=self.request.user,
            concern=self.object,
            reported_at=moment_of(data, "reported_on", "reported_time"),
            ico_reference=data["ico_reference"],
        )
        return self.done()


class HearingAdd(SpecialStep):
    """One of the two parties has heard the complaint."""

    form_class = HearingForm
    title, button = "Record that you heard the complaint", "Record it"
    done_message = "It is recorded."
    points = (
        (
            "Two parties hear a complaint about the policy together: the headteacher (in the trust’s own team the "
            "executive team) and the governing board. Each records it, and they are two different people."
        ),
    )

    def get_initial(self) -> dict[str, Any]:
        """The party that is still missing, if only one is."""
        heard = set(self.object.hearings.values_list("party", flat=True))
        left = [party for party in Hearing.Party.values if party not in heard]
        return {"party": left[0]} if len(left) == 1 else {}

    def perform(self, form: HearingForm) -> HttpResponse:
        """Record it."""
        hearing_record(actor=self.request.user, concern=self.object, **form.cleaned_data)
        return self.done()


class Acknowledge(SpecialStep):
    """The complaint was acknowledged."""

    form_class = AcknowledgeForm
    title, button = "The complaint was acknowledged", "Record it"
    done_message = "It is recorded."
    points = ("Acknowledge it first, within 30 days. The portal sends nothing.",)

    def perform(self, form: AcknowledgeForm) -> HttpResponse:
        """Record it."""
        data = form.cleaned_data
        acknowledge(
            actor=self.request.user,
            concern=self.object,
            acknowledged_at=moment_of(data, "acknowledged_on", "acknowledged_time"),
            words=data["words"],
        )
        return self.done()
