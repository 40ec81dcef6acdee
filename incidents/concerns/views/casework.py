"""Steps on one case: notes, triage, actions, the policy that governs it, decisions."""

from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from core.errors import Refused
from core.views import PostOnly, redirect, refused
from incidents.concerns.forms import casework as forms
from incidents.concerns.governing import likeliest, policies_for
from incidents.concerns.pages import hides_words, shown_words
from incidents.concerns.roads import Facts
from incidents.concerns.selectors import readers_of
from incidents.concerns.services import actions, casework
from incidents.concerns.services.links import case_by_reference, case_link, naming_the_same
from incidents.concerns.services.sending import facts_of
from incidents.concerns.views.base import CaseStep, OneCaseMixin
from incidents.models import Action, Concern, Entry
from people.models import User
from policies.models import Policy

MOST_NEAR = 15


class RowStep(CaseStep):
    """A step on one row of a case, which is looked up among the case's own."""

    related = argument = ""

    def find(self, user: Any, uuid: Any) -> Concern:
        """The case and the row, or 404."""
        concern = super().find(user, uuid)
        self.row = self.rows(concern).filter(uuid=self.kwargs[self.argument]).first()
        if self.row is None:
            raise Http404("No such page")
        return concern

    def rows(self, concern: Concern) -> QuerySet:
        """Among which rows."""
        return getattr(concern, self.related).all()


class OfReadersStep(CaseStep):
    """A step whose form offers the readers of the case."""

    def get_form_kwargs(self) -> dict:
        """Only who may read it."""
        readers = [user.pk for user in readers_of(self.object)]
        people = User.objects.filter(pk__in=readers).order_by("full_name", "pk")
        return super().get_form_kwargs() | {"people": people}


class NoteAdd(CaseStep):
    """A note, by whoever may read the case."""

    action = "add"
    form_class = forms.NoteForm
    title = button = "Add a note"
    done_message = "The note is in the chronology."
    anchor = "chronology"

    def get_context_data(self, **kwargs: Any) -> dict:
        """A picture that nobody may describe is not described here either."""
        image = "Do not describe the picture, and do not write where it is." if self.object.image else ""
        return super().get_context_data(warning=image, **kwargs)

    def perform(self, form: forms.NoteForm) -> HttpResponse:
        """Add it."""
        casework.note_write(
            actor=self.request.user,
            concern=self.object,
            text=form.cleaned_data["text"],
            happened_at=form.happened_at,
        )
        return self.done()


class NoteCorrect(RowStep, NoteAdd):
    """A further line that says what is right; the earlier one stays."""

    related, argument = "entries", "entry"
    form_class = forms.CorrectionForm
    title = button = "Add a correction"
    done_message = "The correction stands beside the earlier line."

    def rows(self, concern: Concern) -> QuerySet[Entry]:
        """Lines that carry words."""
        return concern.entries.filter(body__isnull=False).select_related("body", "by")

    def find(self, user: Any, uuid: Any) -> Concern:
        """The case and the line, or 404, also for words that the reader does not see."""
        concern = super().find(user, uuid)
        if hides_words(concern, self.row):
            raise Http404("No such page")
        return concern

    def get_context_data(self, **kwargs: Any) -> dict:
        """What it says now."""
        points = (f"It says now: {shown_words(self.object, self.row.body.text)}",)
        return super().get_context_data(**kwargs) | {"points": points}

    def perform(self, form: forms.NoteForm) -> HttpResponse:
        """Add it."""
        casework.note_write(
            actor=self.request.user,
            concern=self.object,
            text=form.cleaned_data["text"],
            happened_at=form.happened_at,
            corrects=self.row,
        )
        return self.done()


class CaseTake(OneCaseMixin, PostOnly):
    """One click: I have it."""

    action = "handle"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Assign it to whoever clicks."""
        back = reverse("incidents:case", args=[self.object.uuid])
        try:
            casework.case_assign(actor=request.user, concern=self.object, user=request.user)
        except Refused as refusal:
            return refused(request, refusal, back)
        return redirect(back)


class CaseAssign(OfReadersStep):
    """Somebody who may read the case handles it from now on."""

    form_class = forms.AssignForm
    title = button = "Assign the case"
    done_message = "The case is assigned, and they have been told that something has changed."

    def get_initial(self) -> dict:
        """Who has it now."""
        return {"user": self.object.owner.uuid if self.object.owner else None}

    def perform(self, form: forms.AssignForm) -> HttpResponse:
        """Assign it."""
        casework.case_assign(actor=self.request.user, concern=self.object, user=form.cleaned_data["user"])
        return self.done()


class CaseClassify(CaseStep):
    """Another category or urgency."""

    form_class = forms.ClassifyForm
    title, button = "Change category or urgency", "Change"
    points = (
        "Another category may bring further people into the case. Nobody who reads it now loses sight of it.",
    )
    done_message = "Category and urgency are changed."

    def get_initial(self) -> dict:
        """As it is now."""
        return {"category": self.object.category, "urgency": self.object.urgency}

    def perform(self, form: forms.ClassifyForm) -> HttpResponse:
        """Change it."""
        casework.case_classify(actor=self.request.user, concern=self.object, **form.cleaned_data)
        return self.done()


class CaseWait(CaseStep):
    """For whose answer the case waits."""

    form_class = forms.WaitForm
    title, button = "Waiting for somebody", "Save"
    done_message = "Saved."

    def get_initial(self) -> dict:
        """As it is now."""
        return {"waiting_for": self.object.waiting_for or "nobody"}

    def perform(self, form: forms.WaitForm) -> HttpResponse:
        """Save it."""
        casework.case_wait(actor=self.request.user, concern=self.object, waiting_for=form.waiting)
        return self.done()


class CasePolicy(CaseStep):
    """Under which policy the case is handled, and which clauses were breached."""

    template_name = "incidents/concerns/step_policy.html"
    form_class = forms.PolicyForm
    title, button = "Policy and clauses", "Save"
    done_message = "The policy is recorded."

    @cached_property
    def facts(self) -> Facts:
        """What is known now."""
        return facts_of(self.object)

    def get_form_kwargs(self) -> dict:
        """The policies that fit."""
        return super().get_form_kwargs() | {"policies": policies_for(self.profile, self.facts)}

    def get_initial(self) -> dict:
        """What is recorded; else what the profile says."""
        now, clauses = self.object.governed_by, ", ".join(self.object.clauses)
        if not now:
            return {"policy": likeliest(self.profile, self.facts), "clauses": clauses}
        if now in policies_for(self.profile, self.facts):
            return {"policy": now, "clauses": clauses}
        return {"policy": forms.SOMETHING_ELSE, "other": now, "clauses": clauses}

    def get_context_data(self, **kwargs: Any) -> dict:
        """Where its clauses can be read."""
        policy = Policy.objects.filter(preset=self.profile.preset.slug).first()
        return super().get_context_data(policy=policy, **kwargs)

    def perform(self, form: forms.PolicyForm) -> HttpResponse:
        """Record it."""
        casework.case_policy(actor=self.request.user, concern=self.object, **form.given)
        return self.done()


class CaseReference(CaseStep):
    """The reference of the school's child protection system: this is no second file."""

    form_class = forms.ReferenceForm
    title, button = "Reference of the child protection system", "Save"
    done_message = "The reference is recorded."

    def get_initial(self) -> dict:
        """As it is now."""
        return {"reference": self.object.external_reference}

    def perform(self, form: forms.ReferenceForm) -> HttpResponse:
        """Record it."""
        casework.case_reference(actor=self.request.user, concern=self.object, **form.cleaned_data)
        return self.done()


class CaseImage(CaseStep):
    """An indecent image of a child may be involved after all."""

    form_class = forms.ImageMarkForm
    title = "Could an indecent image of a child be involved?"
    button = "Mark the case"
    points = (
        "Do not look at the picture, do not copy it, do not pass it on, and do not ask anybody to describe it.",
        "From now on the case takes no file and no address, and shows none. This cannot be undone.",
    )
    done_message = "The case is marked. Record under Referrals who has called the police, and when."

    def perform(self, form: forms.ImageMarkForm) -> HttpResponse:
        """Mark it."""
        casework.case_image(actor=self.request.user, concern=self.object, **form.cleaned_data)
        return self.done()


class DecisionAdd(CaseStep):
    """A decision with its reasons."""

    form_class = forms.DecisionForm
    title = button = "Record a decision"
    points = ("A decision stays as it was written. A later one may change course.",)
    done_message = "The decision is in the chronology."
    anchor = "chronology"

    def perform(self, form: forms.DecisionForm) -> HttpResponse:
        """Record it."""
        casework.decision_add(actor=self.request.user, concern=self.object, **form.cleaned_data)
        return self.done()


class ActionAdd(OfReadersStep):
    """Something to do."""

    form_class = forms.ActionForm
    title = button = "Add an action"
    done_message = "The action is on the list."
    anchor = "actions"

    def get_initial(self) -> dict:
        """Mine, until somebody else is chosen."""
        return {"owner": self.request.user.uuid}

    def perform(self, form: forms.ActionForm) -> HttpResponse:
        """Add it."""
        actions.action_add(actor=self.request.user, concern=self.object, **form.cleaned_data)
        return self.done()


class ActionChange(RowStep, OfReadersStep):
    """Another owner or another day."""

    related, argument = "actions", "act"
    form_class = forms.ActionChangeForm
    title, button = "Change an action", "Change"
    done_message = "The action is changed."
    anchor = "actions"

    def get_form_kwargs(self) -> dict:
        """With the action."""
        return super().get_form_kwargs() | {"action": self.row}

    def get_initial(self) -> dict:
        """As it is now."""
        owner = self.row.owner
        return {"owner": owner.uuid if owner else None, "due_on": timezone.localdate(self.row.due_at)}

    def get_context_data(self, **kwargs: Any) -> dict:
        """Which action it is."""
        return super().get_context_data(**kwargs) | {"points": (self.row.title,)}

    def perform(self, form: forms.ActionChangeForm) -> HttpResponse:
        """Change it."""
        actions.action_change(actor=self.request.user, action=self.row, **form.cleaned_data)
        return self.done()


class ActionDone(RowStep):
    """It is done, says its owner or whoever handles the case."""

    related, argument = "actions", "act"
    action = "add"
    form_class = forms.DoneForm
    title, button = "Mark an action as done", "It is done"
    done_message = "The action is done."
    anchor = "actions"

    def may(self, action: str) -> bool:
        """Also its owner, who may only read the case otherwise."""
        row: Action = self.row
        return bool(self.object.handles) or row.owner_id == self.request.user.pk

    def get_context_data(self, **kwargs: Any) -> dict:
        """Which action it is."""
        return super().get_context_data(**kwargs) | {"points": (self.row.title,)}

    def perform(self, form: forms.DoneForm) -> HttpResponse:
        """Record it."""
        actions.action_done(actor=self.request.user, action=self.row, **form.cleaned_data)
        return self.done()


class CaseLinkAdd(CaseStep):
    """Another case that belongs to this one."""

    form_class = forms.LinkForm
    title = button = "Link another case"
    points = (
        (
            "Each case keeps its own readers, and each person their own part in each. "
            "Whoever may read only one of the two learns nothing of the other."
        ),
    )
    done_message = "The two cases are linked."
    anchor = "linked"

    def get_form_kwargs(self) -> dict:
        """Cases that name the same people are offered."""
        near = naming_the_same(self.request.user, self.object)[:MOST_NEAR]
        return super().get_form_kwargs() | {"near": near}

    def perform(self, form: forms.LinkForm) -> HttpResponse:
        """Link them; a case that the person may not read does not exist for them."""
        data = form.cleaned_data
        other = form.near.get(data.get("which", "")) or case_by_reference(
            self.request.user, data["reference"]
        )
        if other is None:
            raise Refused("You have no case with this reference. Check it.", field="reference")
        case_link(actor=self.request.user, concern=self.object, other=other, because=data["because"])
        return self.done()
