"""Steps on whom a case concerns and who may read it."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse

from core.views import redirect
from incidents.concerns.forms.casework import ReasonForm, RecuseForm, ShareForm
from incidents.concerns.forms.parts import IdentifyForm, PersonForm
from incidents.concerns.register import pupils_like
from incidents.concerns.services import people
from incidents.concerns.services.sharing import case_share, case_unshare, may_be_let_in
from incidents.concerns.views.base import CaseStep
from incidents.concerns.views.casework import RowStep
from incidents.models import Concern, Excluded, Part, Share
from people.forms.roles import Nothing
from people.models import User


class PersonAdd(CaseStep):
    """Somebody else has a part in it. A name of a pupil is looked up in the register first."""

    form_class = PersonForm
    title = button = "Add a person"
    points = (
        (
            "Whoever is named as harmed, or as the one whose doing it is said to be, reads nothing of the case, "
            "not even as headteacher or safeguarding lead. They lose sight of it at once and are not told."
        ),
    )
    done_message = "The person is added."
    anchor = "people"

    def get_form_kwargs(self) -> dict:
        """With the search in the register."""
        school, actor = self.object.school, self.request.user
        return super().get_form_kwargs() | {
            "school": school,
            "actor": actor,
            "found": lambda typed: pupils_like(actor, school, typed),
        }

    def perform(self, form: PersonForm) -> HttpResponse:
        """Add them; or ask first which pupil of the register it is."""
        if form.must_ask:
            return self.render_to_response(self.get_context_data(form=form))
        people.part_add(
            actor=self.request.user, concern=self.object, somebody=form.somebody, pupil=form.pupil
        )
        return self.done()


class PersonIdentify(RowStep):
    """Which pupil of the register a typed name is."""

    related, argument = "parts", "part"
    form_class = IdentifyForm
    title, button = "Find the pupil in the register", "Search or save"
    points = (
        "Choose the pupil and save. To look for somebody else, change the name, choose nobody, and search again.",
    )
    done_message = "The pupil is linked to the case."
    anchor = "people"

    def rows(self, concern: Concern) -> QuerySet[Part]:
        """Typed names that may be a pupil's."""
        return concern.parts.filter(user=None, mistaken_at=None)

    def get_initial(self) -> dict:
        """What was typed."""
        return {"search": self.row.words}

    def get_form_kwargs(self) -> dict:
        """With the search in the register."""
        actor, school = self.request.user, self.object.school
        return super().get_form_kwargs() | {"found": lambda typed: pupils_like(actor, school, typed)}

    def perform(self, form: IdentifyForm) -> HttpResponse:
        """Link them."""
        people.part_identify(actor=self.request.user, part=self.row, pupil=form.pupil)
        return self.done()


class PersonMistaken(RowStep):
    """Somebody was added by mistake."""

    related, argument = "parts", "part"
    form_class = ReasonForm
    title, button = "This person has no part in it", "Mark as a mistake"
    done_message = "It is marked as a mistake. The line stays, with your reason."
    anchor = "people"

    def rows(self, concern: Concern) -> QuerySet[Part]:
        """Whoever is not marked so already."""
        return concern.parts.select_related("user", "pupil")

    def get_context_data(self, **kwargs: Any) -> dict:
        """Who it is, and what follows."""
        points = [f"{self.row.shown}: {self.row.get_part_display()}"]
        if self.row.user_id:
            points.append(
                "If they have no other part in it, they may read the case again where their role allows."
            )
        return super().get_context_data(**kwargs) | {"points": points}

    def perform(self, form: ReasonForm) -> HttpResponse:
        """Mark it."""
        people.part_mistaken(actor=self.request.user, part=self.row, because=form.cleaned_data["reason"])
        return self.done()


class NotMeant(CaseStep):
    """A colleague only shares a name with somebody in the report."""

    form_class = ReasonForm
    title, button = "They are not meant", "Let them read it"
    done_message = "They are not kept out any more."
    anchor = "readers"

    def find(self, user: Any, uuid: Any) -> Concern:
        """The case, and the colleague among those kept out of it by words."""
        concern = super().find(user, uuid)
        out = concern.excluded.filter(
            user__uuid=self.kwargs["person"], because=Excluded.Because.WORDS, lifted_at=None
        )
        row = out.select_related("user").first()
        if row is None:
            raise Http404("No such page")
        self.person = row.user
        return concern

    def get_context_data(self, **kwargs: Any) -> dict:
        """Who it is."""
        name = self.person.full_name
        points = (
            f"{name} is kept out because a name or words in the report may mean them.",
            "If somebody else is meant, say so here. Where their role leads to the case, they may read it then.",
        )
        return super().get_context_data(**kwargs) | {"points": points}

    def perform(self, form: ReasonForm) -> HttpResponse:
        """Lift it."""
        people.exclusion_lift(
            actor=self.request.user,
            concern=self.object,
            user=self.person,
            because=form.cleaned_data["reason"],
        )
        return self.done()


class CaseShareAdd(CaseStep):
    """A colleague is let in for this case alone."""

    action = "road"
    form_class = ShareForm
    title = button = "Share the case"
    points = (
        "Share it only with somebody who must know. They are told that something was shared, not what.",
        "Somebody whom the case concerns cannot be chosen.",
    )
    done_message = "The case is shared."
    anchor = "readers"

    def get_form_kwargs(self) -> dict:
        """Colleagues who are not on its road, without whom it concerns."""
        return super().get_form_kwargs() | {"people": may_be_let_in(self.object)}

    def perform(self, form: ShareForm) -> HttpResponse:
        """Share it."""
        case_share(actor=self.request.user, concern=self.object, **form.cleaned_data)
        return self.done()


class CaseShareEnd(RowStep):
    """What a colleague has of the case by name ends now."""

    action = "road"
    related, argument = "shares", "share"
    form_class = Nothing
    title, button = "End the sharing", "End it"
    done_message = "They may not read the case by name any more."
    anchor = "readers"

    def rows(self, concern: Concern) -> QuerySet[Share]:
        """With the colleague."""
        return concern.shares.select_related("user")

    def get_context_data(self, **kwargs: Any) -> dict:
        """Whose it is."""
        user: User = self.row.user
        points = (
            f"{user.full_name} loses sight of the case at once, and what was assigned to them has no owner.",
        )
        return super().get_context_data(**kwargs) | {"points": points}

    def perform(self, form: Nothing) -> HttpResponse:
        """End it."""
        case_unshare(actor=self.request.user, share=self.row)
        return self.done()


class CaseRecuse(CaseStep):
    """A recipient stands back. Somebody else takes it."""

    action = "view"
    form_class = RecuseForm
    title = button = "Stand back from the case"
    points = (
        "You cannot read the case any more after this, and only somebody else can take it on.",
        "If nobody else is left to read it, it goes to the chair or the executive team at once.",
    )

    def perform(self, form: RecuseForm) -> HttpResponse:
        """Stand back."""
        people.recuse(actor=self.request.user, concern=self.object, reason=form.cleaned_data["reason"])
        messages.success(self.request, "You have stood back. You cannot open the case any more.")
        return redirect(reverse("incidents:board"))
