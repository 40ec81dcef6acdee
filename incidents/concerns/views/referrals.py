"""Referrals, the advice that comes back, the police, and how conduct is judged."""

from functools import cached_property
from typing import Any

from django.http import Http404, HttpResponse

from incidents.concerns.forms.referrals import (
    AdviceForm,
    ConductForm,
    ContactForm,
    OverrideForm,
    ReferralForm,
    SpareForm,
    WishForm,
)
from incidents.concerns.services.police import needs_wish, not_criminalise, police_callers, wish_record
from incidents.concerns.services.referrals import (
    advice_record,
    always_asked,
    conduct_classify,
    forced_hold,
    hold_override,
    referral_add,
    referral_made,
)
from incidents.concerns.views.base import CaseStep
from incidents.models import Body, Part, Referral

EMERGENCY = "In an emergency anybody calls 999, and records it here afterwards."
NO_ADDRESS = "Do not describe the picture, and do not write where it is."


class ReferStep(CaseStep):
    """A step of the part about referrals."""

    anchor = "referrals"

    def rules_of(self, *bodies: str) -> tuple[str, ...]:
        """What the school's policy says about these bodies, for this case."""
        lines: list[str] = []
        profile, concern = self.profile, self.object
        if Body.LADO in bodies and profile.lado_contact:
            lines.append(f"How to reach the LADO: {profile.lado_contact}")
        if Body.POLICE in bodies:
            who = police_callers(concern, profile).words
            lines.append(f"At your school the police are called by {who}. {EMERGENCY}")
            if needs_wish(concern, profile):
                lines.append(
                    "At your school an adult who is bullied decides whether the police are told. Record their "
                    "wish first, or say below which risk of harm makes it necessary all the same."
                )
        for body in bodies:
            name = Body(body).label
            if always_asked(profile, body, image=concern.image):
                lines.append(f"Your school’s rule: {name} is asked in every such case.")
            if forced_hold(profile, body):
                lines.append(
                    f"Your school’s rule: nothing is done against the person until {name} has advised."
                )
        return (*lines, *((NO_ADDRESS,) if concern.image else ()))

    def departs(self, *bodies: str) -> bool:
        """Whether the school has a rule here from which somebody may depart with a reason."""
        concern, profile = self.object, self.profile
        asked = any(always_asked(profile, body, image=concern.image) for body in bodies)
        return asked or (Body.POLICE in bodies and needs_wish(concern, profile))

    def get_form(self, form_class: Any = None) -> Any:
        """Without boxes that have no meaning here."""
        form = super().get_form(form_class)
        bodies = self.bodies()
        if "override" in form.fields and bodies and not self.departs(*bodies):
            del form.fields["override"]
        if "emergency" in form.fields and bodies and Body.POLICE not in bodies:
            del form.fields["emergency"]
        return form

    def bodies(self) -> tuple[str, ...]:
        """To which bodies the step may be about."""
        return ()


class Refer(ReferStep):
    """Record a referral, or why none is made."""

    form_class = ReferralForm
    title, button, done_message = "Record a referral", "Record it", "The referral is recorded."

    def bodies(self) -> tuple[str, ...]:
        """Any of those on whom the school has rules."""
        return (Body.LADO, Body.HR, Body.POLICE)

    @property
    def points(self) -> tuple[str, ...]:  # type: ignore[override]
        """What the school's policy says."""
        return ("Contact them first. The portal sends nothing.", *self.rules_of(*self.bodies()))

    def get_initial(self) -> dict[str, Any]:
        """A link may say to whom."""
        body = self.request.GET.get("body", "")
        return {"body": body} if body in Body.values else {}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Colleagues may be chosen."""
        return {**super().get_form_kwargs(), "concern": self.object, "actor": self.request.user}

    def perform(self, form: ReferralForm) -> HttpResponse:
        """Record it."""
        data = form.cleaned_data
        referral_add(
            actor=self.request.user,
            concern=self.object,
            body=data["body"],
            body_name=data["body_name"],
            not_made_because=data["not_made_because"],
            **form.contact,
        )
        return self.done()


class OneReferral(ReferStep):
    """A step about one referral of the case."""

    @cached_property
    def referral(self) -> Referral:
        """It, or 404."""
        found = self.object.referrals.filter(uuid=self.kwargs["referral"]).first()
        if found is None:
            raise Http404("No such page")
        return found

    def get_form_kwargs(self) -> dict[str, Any]:
        """A referral of another case is none."""
        self.referral  # noqa: B018 - 404 before the form is looked at
        return super().get_form_kwargs()

    @property
    def name(self) -> str:
        """To whom it was."""
        return self.referral.body_name or self.referral.get_body_display()


class ReferralMade(OneReferral):
    """A body that had not been contacted was contacted."""

    form_class = ContactForm
    button, done_message = "Record it", "The referral is recorded."

    @property
    def title(self) -> str:  # type: ignore[override]
        """Which body."""
        return f"{self.name}: they were contacted"

    @property
    def points(self) -> tuple[str, ...]:  # type: ignore[override]
        """What the school's policy says."""
        return self.rules_of(self.referral.body)

    def bodies(self) -> tuple[str, ...]:
        """This one."""
        return (self.referral.body,)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Colleagues may be chosen."""
        return {**super().get_form_kwargs(), "concern": self.object, "actor": self.request.user}

    def perform(self, form: ContactForm) -> HttpResponse:
        """Record it."""
        referral_made(actor=self.request.user, referral=self.referral, **form.contact)
        return self.done()


class Advice(OneReferral):
    """The advice that came back."""

    form_class = AdviceForm
    button, done_message = "Record the advice", "The advice is recorded."

    @property
    def title(self) -> str:  # type: ignore[override]
        """Whose advice."""
        return f"{self.name}: record their advice"

    @property
    def points(self) -> tuple[str, ...]:  # type: ignore[override]
        """What it does."""
        lines = ("What you write here stays in the chronology and cannot be changed.",)
        return (*lines, NO_ADDRESS) if self.object.image else lines

    def get_form_kwargs(self) -> dict[str, Any]:
        """Only some bodies advise on a suspension."""
        return {**super().get_form_kwargs(), "referral": self.referral}

    def perform(self, form: AdviceForm) -> HttpResponse:
        """Record it."""
        advice_record(
            actor=self.request.user,
            referral=self.referral,
            advice=form.cleaned_data["advice"],
            advised_at=form.advised_at,
            reference=form.cleaned_data["reference"],
            suspend=form.suspends,
        )
        return self.done()


class Override(OneReferral):
    """Go ahead without the advice."""

    form_class = OverrideForm
    button, done_message = "Go ahead without it", "Your reason is recorded."
    points = (
        (
            "Nothing may be done against the person before the advice has come. If you go ahead all the same, your "
            "reason stays in the chronology, and everybody on the road of the case is told that something changed."
        ),
    )

    @property
    def title(self) -> str:  # type: ignore[override]
        """Whose advice."""
        return f"{self.name}: go ahead before they have advised"

    def perform(self, form: OverrideForm) -> HttpResponse:
        """Record it."""
        hold_override(actor=self.request.user, referral=self.referral, **form.cleaned_data)
        return self.done()


class Wish(CaseStep):
    """Whether an adult who is harmed wishes the police to be told."""

    form_class = WishForm
    anchor = "referrals"
    button, done_message = "Record the wish", "The wish is recorded."
    points = (
        "It is their decision. Ask them, do not press them, and tell them that they may change their mind.",
    )

    @cached_property
    def part(self) -> Part:
        """Whose wish, or 404."""
        parts = self.object.parts.filter(mistaken_at=None).select_related("user", "pupil")
        found = parts.filter(uuid=self.kwargs["part"]).first()
        if found is None:
            raise Http404("No such page")
        return found

    @property
    def title(self) -> str:  # type: ignore[override]
        """Whose."""
        return f"What {self.part.shown} wishes"

    def get_form_kwargs(self) -> dict[str, Any]:
        """A person of another case is none."""
        self.part  # noqa: B018 - 404 before the form is looked at
        return super().get_form_kwargs()

    def perform(self, form: WishForm) -> HttpResponse:
        """Record it."""
        words = form.cleaned_data["words"]
        wish_record(actor=self.request.user, part=self.part, wants_police=form.wants_police, words=words)
        return self.done()


class Spare(CaseStep):
    """Decide not to make a criminal of a pupil."""

    form_class = SpareForm
    anchor = "referrals"
    title, button = "A pupil is not reported as a criminal", "Record the decision"
    done_message = "The decision is recorded."
    points = (
        (
            "For a pupil who acted by mistake, out of ignorance or normal curiosity as they grow up. The case is then "
            "handled under the child protection and safeguarding policy."
        ),
        "Your reasons are shown to the road of this case alone. Packs for others leave them out.",
    )

    def perform(self, form: SpareForm) -> HttpResponse:
        """Record it."""
        not_criminalise(actor=self.request.user, concern=self.object, **form.cleaned_data)
        return self.done()


class Conduct(CaseStep):
    """Illegal, or unacceptable and dealt with inside."""

    form_class = ConductForm
    anchor = "referrals"
    title, button = "How the conduct is judged", "Record it"
    done_message = "It is recorded."
    points = ("Nothing is referred by itself. The case then shows which referrals are still missing.",)

    def perform(self, form: ConductForm) -> HttpResponse:
        """Record it."""
        data = form.cleaned_data
        conduct_classify(
            actor=self.request.user,
            concern=self.object,
            illegal=data["illegal"] == "yes",
            reasons=data["reasons"],
        )
        return self.done()
